"""The office that runs the assistant: shared/office.yaml, read and told.

Anybody can put their own office there. What it says may stand in sentences of outcomes as
`%(our.name)s`, `%(our.phone)s` and so on; where the office has no such thing (no phone, no
privacy policy), the sentence is not said.
"""

from collections.abc import Mapping
from types import MappingProxyType

from bot.flow.consultations import consultations
from bot.flow.load_parts import sentence
from bot.flow.model import Param, Sentence
from bot.flow.section import Page, Section, plain
from bot.flow.yaml_reader import Written

OUR = "our."
OUR_SERVICES = "our.services"
TOLD = ("name", "scrivener", "address", "phone", "registration", "association",
        "association_number", "immigration_agent", "privacy_policy", "opens", "closes",
        "services")  # fmt: skip
"""What a sentence may tell of the office, after `our.`."""

_KEYS = frozenset(
    {*TOLD, "phone_note", "email", "hours", "closed", "first_consultation", "consultations"}
) - {
    "opens",
    "closes",
}
_HOURS = frozenset({"days", "from", "to"})


def own_office(page: Page, data: object) -> Mapping[str, object]:
    """shared/office.yaml as plain values; `services` are sentences that can be translated."""
    needed = () if data is None else ("name", "hours")
    part = Section(page, data, "office.yaml", _KEYS, required=needed)
    found = {key: plain(value) for key, value in part.written.items() if key != "services"}
    part.section("hours", "'hours' of office.yaml", _HOURS)
    found["consultations"] = consultations(part)
    services = part.get("services")
    if services is not None and not isinstance(services, Written):
        right = "write `name: What is done`, one line for each"
        part.wrong("'services' of office.yaml is no mapping", right, "services")
        services = None
    found["services"] = tuple(
        one
        for name, value, line in Section(page, services, "'services' of office.yaml").items()
        if (one := sentence(page, value, f"our-office/{name}", line)) is not None
    )
    return MappingProxyType(found)


def services(office: Mapping[str, object]) -> tuple[Sentence, ...]:
    """What the office does, each as a sentence."""
    found = office.get("services") or ()
    assert isinstance(found, tuple)
    return found


def is_told(param: str) -> bool:
    """Whether a placeholder is one of the office's."""
    return param.startswith(OUR) and param.removeprefix(OUR) in TOLD


def told(office: Mapping[str, object], param: str) -> Param | None:
    """What fills such a placeholder, or None if the office does not have it."""
    name = param.removeprefix(OUR)
    if name == "services":
        return services(office) or None
    if name in ("opens", "closes"):
        hours = office.get("hours")
        found = hours.get("from" if name == "opens" else "to") if isinstance(hours, dict) else None
    else:
        found = office.get(name)
    return None if found is None else str(found)
