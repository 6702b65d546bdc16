"""Which times of the office are free: worked out from its hours and from what is taken."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.dialogue.hours import is_closed_on
from bot.flow.consultations import DAYS, QUARTER, Consultations
from bot.flow.model import Library

SECONDS = QUARTER * 60


@dataclass(frozen=True, slots=True)
class Booked:
    """An appointment; times are aware, in Asia/Tokyo."""

    id: str
    way: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Agenda:
    """What is taken from now on: (quarter of an hour since 1970, place), and (from, to) in seconds
    of the blocked hours. `mine`: the coming appointment of the person, whose time counts as free
    for that person."""

    taken: frozenset[tuple[int, int]] = frozenset()
    blocked: tuple[tuple[float, float], ...] = ()
    mine: Booked | None = None
    own: frozenset[tuple[int, int]] = field(default=frozenset())


EMPTY = Agenda()


def quarters(start: float, end: float) -> range:
    """The quarters of an hour from `start` to `end` (seconds since 1970)."""
    return range(int(start // SECONDS), -int(-end // SECONDS))


def place_for(agenda: Agenda, start: float, end: float, places: int) -> int | None:
    """A place that is free for all of that time; None when there is none."""
    if any(start < to and end > since for since, to in agenda.blocked):
        return None
    wanted = quarters(start, end)
    for place in range(places):
        if not any((one, place) in agenda.taken - agenda.own for one in wanted):
            return place
    return None


def days_of(
    library: Library, offered: Consultations, agenda: Agenda, way: str, now: datetime
) -> Iterator[date]:
    """The days to come on which this way has a free time."""
    for more in range(offered.days_ahead + 1):
        day = now.date() + timedelta(days=more)
        if next(times_of(library, offered, agenda, way, day, now), None) is not None:
            yield day


def times_of(
    library: Library,
    offered: Consultations,
    agenda: Agenda,
    way: str,
    day: date,
    now: datetime,
    *,
    notice: bool = True,
) -> Iterator[datetime]:
    """The free beginnings of a day. `notice`: only those far enough ahead for a person to take;
    without, all that are still to come (the office may book at short notice)."""
    minutes = offered.ways.get(way)
    if minutes is None or not is_offered_on(library, offered, day):
        return
    hours = offered.notice_hours if notice else 0
    earliest = now + timedelta(hours=hours)
    last_day = now.date() + timedelta(days=offered.days_ahead)
    if notice and day > last_day:
        return
    length = timedelta(minutes=minutes)
    start = datetime.combine(day, offered.opens, now.tzinfo)
    closes = datetime.combine(day, offered.closes, now.tzinfo)
    while start + length <= closes:
        end = start + length
        free = place_for(agenda, start.timestamp(), end.timestamp(), offered.at_once)
        if start >= earliest and free is not None:
            yield start
        start += timedelta(minutes=offered.every)


def is_offered_on(library: Library, offered: Consultations, day: date) -> bool:
    """True when the office gives consultations on that day."""
    return DAYS[day.weekday()] in offered.days and not is_closed_on(library, day)
