"""The one way the simulated API says no, so that every refusal has LINE's own form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.simulator.shapes import Problem

INVALID_REPLY_TOKEN = "Invalid reply token"
MONTHLY_LIMIT = "You have reached your monthly limit."
RATE_LIMIT = "The API rate limit has been exceeded. Try again later."
KEY_ACCEPTED = "The retry key is already accepted"
NO_AUTH = (
    "Authentication failed. Confirm that the access token in the authorization header is valid."
)


@dataclass(eq=False)
class ApiError(Exception):
    """An answer that is not 2xx; `extra` are further keys of the body."""

    status: int
    message: str
    details: tuple[Problem, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, object] = field(default_factory=dict)

    def body(self) -> dict[str, object]:
        """The JSON body as LINE writes it."""
        answer: dict[str, object] = {"message": self.message}
        if self.details:
            answer["details"] = [
                {"message": p.message, "property": p.property} for p in self.details
            ]
        return {**answer, **self.extra}


def refuse(problems: Iterable[Problem]) -> None:
    """Raise the 400 that LINE would give for these problems; nothing when there are none.

    Faults inside Flex contents come in another form than all others: the message is named in
    the headline and the property is a JSON pointer from the Flex container.
    """
    found = tuple(problems)
    if not found:
        return
    outside = tuple(p for p in found if ".contents." not in p.property)
    if outside:
        raise ApiError(400, f"The request body has {len(outside)} error(s)", outside)
    place = found[0].property.split(".contents.")[0]
    inside = tuple(
        Problem(p.message, _pointer(p.property.removeprefix(f"{place}.contents.")))
        for p in found
        if p.property.startswith(f"{place}.contents.")
    )
    raise ApiError(400, f"A message ({place}) in the request body is invalid", inside)


def _pointer(path: str) -> str:
    return "/" + path.replace("[", "/").replace("]", "").replace(".", "/").rstrip("/")
