"""What statuses.yaml says of a status, as a sentence may tell it.

`%(status.ja)s` is its Japanese name, `%(status.periods)s` the periods of stay that may be given,
`%(status.longest)s` the longest one where the period is set for each person. What a status does
not have (the stay of a permanent resident has no end) is not said.
"""

import re
from collections.abc import Iterable

from bot.flow.faults import one_of
from bot.flow.model import Param, Span, Status
from bot.flow.section import Section

STATUS = "status"
TOLD = ("status.ja", "status.periods", "status.longest")
"""The placeholders, for flows that ask `status`."""

UNLIMITED, MISSION, UP_TO = "indefinite", "mission", "up to "
_WORDS = {
    "kind": frozenset({"work", "no_work", "by_designation", "free"}),
    "notice": frozenset({"activity", "contract", "activity_or_contract", "spouse", "none"}),
    "permission_28h": frozenset({"yes", "some", "no"}),
    "extendable": frozenset({"yes", "by_plan", "by_designation", "rarely", "no"}),
}
_KEYS = frozenset({*_WORDS, "label", "name", "ja", "group", "periods", "source"})
_PERIOD = re.compile(r"(?:(\d+)y)?(?:(\d+)m)?(?:(\d+)d)?\Z")


def is_period(written: str) -> bool:
    """Whether statuses.yaml may say this of a period: "5y", "4y3m", "90d", "up to 3y" ..."""
    bare = written.removeprefix(UP_TO)
    return written in (UNLIMITED, MISSION) or bool(bare and _PERIOD.match(bare))


def check_row(part: Section) -> None:
    """Report what a row of statuses.yaml says that it cannot say."""
    for key, allowed in _WORDS.items():
        part.word(key, allowed)
    for key in part.written:
        if key not in _KEYS:
            part.wrong(f"{part.what} knows no '{key}'", one_of(key, _KEYS), key)
    for period in part.words("periods"):
        if not is_period(period):
            right = "write 5y, 4y3m, 90d, up to 3y, indefinite or mission"
            part.wrong(f"'{period}' of {part.what} is no period", right, "periods")


def told(status: Status | None, param: str) -> Param | None:
    """What fills such a placeholder for this status, or None."""
    if status is None:
        return None
    if param == "status.ja":
        return status.ja
    written = status.facts.get("periods")
    periods = [str(one) for one in written] if isinstance(written, list | tuple) else []
    if param == "status.longest":
        longest = _spans(one.removeprefix(UP_TO) for one in periods if one.startswith(UP_TO))
        return longest[0] if longest else None
    return _spans(periods) or None


def _spans(periods: Iterable[str]) -> tuple[Span, ...]:
    found = []
    for one in periods:
        match = _PERIOD.match(one)
        if one and match:
            years, months, days = (int(part or 0) for part in match.groups())
            found.append(Span(years, months, days))
    return tuple(found)
