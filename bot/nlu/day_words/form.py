"""The form in which a language tells how it speaks of days.

Phrases are patterns with slots: `{n}` a number,
`{unit}` day, week, month or year, `{weekday}`, `{week}` and `{month_of}` a week or month as
seen from now, `{d}` a day of the month, `{month}` its name, `{y}` a year. They are matched
against plain text (lower case, ASCII digits), folded as well where `folded` is true.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Order = Literal["day", "month", "either"]

DAYS, MONTHS = "days", "months"
UNSETTLED_YEAR = -10_000
"""Of a word for a year that may not be the calendar's: no day is read beside it."""


@dataclass(frozen=True, slots=True)
class DateWords:
    """How one language speaks of days.

    `order` is what stands first in 3/4. `spaced` is false where words are not set apart.
    `folded`: accents are often left out, so both forms count. `either_week`: it is not
    settled whether a week begins on Sunday or Monday, so that "last week's Sunday" is two days.
    `last_year`: later numbers are years of another calendar. `units` map to (kind, how many).
    `years` are words for a year as seen from now ("last year": -1).
    `short` are weekdays that are read only beside a word such
    as "last": alone they are other words ("sat").
    """

    cldr: str
    order: Order
    spaced: bool = True
    folded: bool = False
    either_week: bool = False
    last_year: int = 2100
    days: Mapping[str, int] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    years: Mapping[str, int] = field(default_factory=dict)
    units: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    weekdays: Mapping[str, int] = field(default_factory=dict)
    months: Mapping[str, int] = field(default_factory=dict)
    weeks: Mapping[str, int] = field(default_factory=dict)
    month_of: Mapping[str, int] = field(default_factory=dict)
    ago: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    of_week: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    day_month: tuple[str, ...] = ()
    day_of: tuple[str, ...] = ()
    end_of: tuple[str, ...] = ()
    end: tuple[str, ...] = ()
    only_day: tuple[str, ...] = ()
    month_only: tuple[str, ...] = ()
    short: Mapping[str, int] = field(default_factory=dict)
