"""What was understood of a free text, as a value.

`bot/nlu` makes it, the conversation only reads it. Ids are the public ids of procedures,
topics and requests.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

CLARIFY, NONE = "clarify", "none"
MOST_CHOICES = 3
"""So many subjects are offered where it is not clear which was meant."""


@dataclass(frozen=True, slots=True)
class DateReading:
    """A day found in a text. One day: exact. Two: ambiguous (3/4), to be asked back.

    None: it looks like a date but is no day of the calendar (31 February, an era year that
    never was). `month` is the first day of a month that was named without a day of it.
    """

    days: tuple[date, ...]
    month: date | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """`candidates` are (id, score) best first; `decision` is an id, "clarify" or "none".

    `options` are option ids of the open question that the text names; `place` is a place
    value when the text holds an address. `safety` is the id of a safety answer when the text
    speaks of danger: it comes before everything else. `status` is the id of a status of
    residence that the text names. `unanswered` is the text without what tells who wrote it,
    where nothing was understood.
    """

    candidates: tuple[tuple[str, float], ...] = ()
    decision: str = NONE
    dates: tuple[DateReading, ...] = ()
    options: tuple[str, ...] = ()
    place: Mapping[str, str | None] | None = None
    language: str | None = None
    safety: str | None = None
    status: str | None = None
    unanswered: str | None = None


NOTHING = Understood()
