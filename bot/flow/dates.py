"""Days, months and closed offices: the arithmetic of time limits, apart from any flow.

A day told wrong harms somebody, so everything here is a pure function of its arguments.
`closed` are the single closed days of an office (holidays, turn of the year); Saturdays and
Sundays are closed besides. Which rule of counting applies where: Civil Code articles 140 to
143, Family Register Act article 43, and for closed days the Act on Holidays of Administrative
Organs article 2.
"""

from calendar import monthrange
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

from bot.flow.model import DeadlineState

ONE_DAY = timedelta(days=1)
SATURDAY = 5
NEVER_CLOSED: frozenset[date] = frozenset()
OFFICES_WITH_CLOSED_DAYS = frozenset({"immigration", "municipality"})


def is_open(day: date, closed: AbstractSet[date]) -> bool:
    """Whether an office with these closed days is open on that day."""
    return day.weekday() < SATURDAY and day not in closed


def next_open_day(day: date, closed: AbstractSet[date]) -> date:
    """That day if the office is open, else the first open day after it."""
    while day.weekday() >= SATURDAY or day in closed:
        day += ONE_DAY
    return day


def open_day_before(
    day: date, closed: AbstractSet[date], not_before: date | None = None
) -> date | None:
    """That day if the office is open, else the last open day before it.

    None if there is none left on or after `not_before`.
    """
    while not_before is None or day >= not_before:
        if is_open(day, closed):
            return day
        day -= ONE_DAY
    return None


def add_months(day: date, months: int) -> date:
    """The same day number so many months later (or earlier), else the last day of that month.

    It never gains a day: 12-31 + 2 = 02-28, 02-28 + 2 = 04-28, 05-31 - 3 = 02-28.
    """
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(day.day, last))


def shift(day: date, *, days: int = 0, months: int = 0, years: int = 0) -> date:
    """A day moved by years and months first, then by days; each may be negative."""
    if months or years:
        day = add_months(day, months + 12 * years)
    return day + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class LastDay:
    """A last day judged on one day: see `SolvedDeadline` for what the days mean."""

    state: DeadlineState
    law: date
    tell: date | None


def judge(
    printed: date,
    seen_on: date,
    *,
    closed: AbstractSet[date] | None,
    if_closed: str,
    tell: str,
    opens_on: date | None = None,
) -> LastDay:
    """What the last day `printed` means for somebody who looks at it on `seen_on`.

    `closed` is None for an office that never closes. `if_closed` and `tell` are the words of
    the grammar. A day that is told while there is still time is never before `seen_on`, and
    with `open_day_before` it is an open day.
    """
    law = printed
    if closed is not None and if_closed == "next_open_day":
        law = next_open_day(printed, closed)
    if seen_on > law:
        return LastDay(_after_the_law(printed, seen_on, closed, if_closed), law, law)
    told: date | None = law
    if tell == "open_day_before" and closed is not None:
        told = open_day_before(printed, closed, seen_on)
        if told is None and law != printed:
            told = law
    state: DeadlineState
    if opens_on is not None and seen_on < opens_on:
        state = "not_open"
    elif told is None:
        state = "no_open_day"
    else:
        state = "today" if told == seen_on else "ahead"
    return LastDay(state, law, told)


def _after_the_law(
    printed: date, seen_on: date, closed: AbstractSet[date] | None, if_closed: str
) -> DeadlineState:
    """`grace` while practice still accepts what the law no longer does, else `passed`."""
    if if_closed == "practice_next_open_day" and closed is not None:
        return "grace" if seen_on <= next_open_day(printed, closed) else "passed"
    return "passed"
