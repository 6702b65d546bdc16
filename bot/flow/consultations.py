"""When and how the office can be met: `consultations` of shared/office.yaml.

A consultation begins on the grid of `every` minutes and lasts as long as its way says. The
office's days off (holidays, the turn of the year, its own closed days) have none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a web process knows slots, and reads no YAML
    from bot.flow.section import Section

WAYS = ("online", "phone", "visit")
QUARTER = 15
"""Minutes: all lengths are whole quarters of an hour, which is how time is taken in the store."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KEYS = frozenset({"ways", "days", "from", "to", "every", "notice_hours", "days_ahead", "at_once"})
_CLOCK = re.compile(r"([01]?\d|2[0-3]):(00|15|30|45)\Z")
# What may be written: least, most, what stands for nothing written.
_NUMBERS = {"every": (QUARTER, 240, 30), "notice_hours": (0, 720, 24), "days_ahead": (1, 120, 21),
            "at_once": (1, 20, 1)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Consultations:
    """`ways`: way -> minutes, in their order. A day begins at `opens` and the last consultation
    ends by `closes`. `notice_hours`: the shortest notice; `at_once`: how many at the same time."""

    ways: Mapping[str, int]
    days: frozenset[str]
    opens: time
    closes: time
    every: int = 30
    notice_hours: int = 24
    days_ahead: int = 21
    at_once: int = 1


def consultations(part: "Section") -> Consultations | None:
    """What `consultations` of this office.yaml says; None when it is not there or is wrong."""
    if "consultations" not in part:
        return None
    before = len(part.page.faults)
    own = part.section("consultations", "'consultations' of office.yaml", _KEYS)
    ways = _ways(own)
    hours = part.section("hours", "'hours' of office.yaml")
    days = frozenset(own.words("days", frozenset(DAYS)) or hours.words("days"))
    opens, closes = _clock(own, hours, "from"), _clock(own, hours, "to")
    numbers = {key: _number(own, key) for key in _NUMBERS}
    if opens is not None and closes is not None and opens >= closes:
        own.wrong("'to' of consultations is not after 'from'", 'write from: "10:00", to: "18:00"')
    if numbers["every"] % QUARTER:
        right = f"write a multiple of {QUARTER}"
        own.wrong(f"'every' of consultations is {numbers['every']} minutes", right, "every")
    if len(own.page.faults) > before or opens is None or closes is None:
        return None
    return Consultations(MappingProxyType(ways), days, opens, closes, **numbers)


def of_office(office: Mapping[str, object]) -> Consultations | None:
    """The consultations of an office that offers any."""
    found = office.get("consultations")
    return found if isinstance(found, Consultations) else None


def _ways(own: "Section") -> dict[str, int]:
    found = {}
    part = own.section("ways", "'ways' of consultations", frozenset(WAYS))
    if not part.written:
        own.wrong("'consultations' names no way", "write ways: {online: 30, phone: 30, visit: 60}")
    for way in part.written:
        minutes = part.number(way)
        if minutes is None or minutes % QUARTER or not QUARTER <= minutes <= 480:
            right = f"write minutes, a multiple of {QUARTER} up to 480"
            part.wrong(f"the length of '{way}' is {part.get(way)!r}", right, way)
        elif way in WAYS:
            found[way] = int(minutes)
    return found


def _clock(own: "Section", hours: "Section", key: str) -> time | None:
    """The hour there, else that of the office; the office's own need not be a quarter."""
    text = own.text(key)
    if text is None:
        default = hours.text(key) or ("9:00" if key == "from" else "17:00")
        hour, _, minute = default.partition(":")
        return time(int(hour) % 24, int(minute or 0) // QUARTER * QUARTER)
    found = _CLOCK.match(text)
    if found is None:
        own.wrong(f"'{key}' of consultations is no quarter of an hour: {text!r}", 'write "9:30"',
                  key)  # fmt: skip
        return None
    return time(int(found[1]), int(found[2]))


def _number(own: "Section", key: str) -> int:
    least, most, default = _NUMBERS[key]
    if key not in own:
        return default
    value = own.number(key)
    if value is None:
        return default
    if value != int(value) or not least <= value <= most:
        right = f"write a whole number from {least} to {most}"
        own.wrong(f"'{key}' of consultations is {own.get(key)!r}", right, key)
        return default
    return int(value)
