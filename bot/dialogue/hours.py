"""When the office answers: its hours, Japanese holidays and the turn of the year.

Holidays and 29 December to 3 January come from shared/closed_days.yaml; days on which this office
alone is closed stand under `closed` in office.yaml. The closing hour itself is closed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.flow.model import Library

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FAR = 60
"""Nobody is closed for longer than this many days in a row."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether the office is open, and when it next opens (the coming opening, also while it is
    open). `next` is None for an office that names no days."""

    is_open: bool
    next: datetime | None


def opening(library: Library, now: datetime) -> Opening:
    """The opening as of `now`, an aware time in Asia/Tokyo."""
    hours = library.office.get("hours") or {}
    opens, closes = clock(hours.get("from", "9:00")), clock(hours.get("to", "17:00"))
    today = now.date()
    at = now.time().replace(tzinfo=None)
    is_open = _works_on(library, hours, today) and opens <= at < closes
    first = today if at < opens else today + timedelta(days=1)
    for more in range(_FAR):
        day = first + timedelta(days=more)
        if _works_on(library, hours, day):
            return Opening(is_open, datetime.combine(day, opens, now.tzinfo))
    return Opening(is_open, None)


def open_seconds(library: Library, begin: datetime, end: datetime) -> float:
    """How long the office was open between two moments in Asia/Tokyo; 0 when `end` is not later."""
    hours = library.office.get("hours") or {}
    opens, closes = clock(hours.get("from", "9:00")), clock(hours.get("to", "17:00"))
    total, day = timedelta(), begin.date()
    while day <= end.date():
        if _works_on(library, hours, day):
            first = max(begin, datetime.combine(day, opens, begin.tzinfo))
            last = min(end, datetime.combine(day, closes, begin.tzinfo))
            total += max(last - first, timedelta())
        day += timedelta(days=1)
    return total.total_seconds()


def clock(text: Any) -> time:
    """The time of day in "9:00"."""
    hour, _, minute = str(text).partition(":")
    return time(int(hour) % 24, int(minute or 0))


def _works_on(library: Library, hours: Mapping[str, Any], day: date) -> bool:
    if _DAYS[day.weekday()] not in (hours.get("days") or ()):
        return False
    return not is_closed_on(library, day)


def is_closed_on(library: Library, day: date) -> bool:
    """True for holidays, the turn of the year, and the days on which this office is closed."""
    own = {str(one) for one in library.office.get("closed") or ()}
    return day in library.closed or day.isoformat() in own
