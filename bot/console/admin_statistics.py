"""Statistics: what people came for, how it ended, and how long they waited; counts, no texts.

Each chart is drawn here as an SVG of plain rectangles beside a table of the same numbers.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from bot.console import labels
from bot.console.admin_pages import page, today, words_of
from bot.console.guard import only_admins
from bot.console.inbox import language_name
from bot.console.words import Words, datetime_of
from bot.dialogue.hours import open_seconds
from bot.flow.model import Library
from bot.line.incoming import TOKYO
from bot.store import statistics
from bot.store.statistics import Count, Wait

if TYPE_CHECKING:
    from bot.console.app import Console

SPANS = (4, 12, 26, 52)
"""So many weeks may be looked at, the present one included."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A number with its name; `share` in percent of the largest beside it."""

    name: str
    number: int
    share: float
    parts: tuple["Bar", ...] = ()


@dataclass(frozen=True, slots=True)
class Times:
    """How long people waited: median and the time within which nine of ten had an answer, in
    words; of the whole time, and of the opening hours in it alone."""

    number: int
    middle: str
    most: str
    open_middle: str
    open_most: str


def register(desk: Blueprint, console: "Console") -> None:
    """The page of the statistics."""

    @desk.get("/admin/statistics")
    @only_admins
    def admin_statistics() -> Response:
        asked = request.args.get("weeks", "")
        weeks = next((span for span in SPANS if str(span) == asked), 12)
        return page(console, "statistics", weeks=weeks, spans=SPANS, **found(console, weeks))


def found(console: "Console", weeks: int) -> dict[str, Any]:
    """What the page shows of the last so many weeks."""
    words = words_of(console)
    own = console.office_words(words.tag)
    first = first_day(today(console), weeks)
    since = datetime.combine(first, time(0), TOKYO).timestamp()
    until = since + weeks * statistics.WEEK
    with console.database.read() as session:
        counts = statistics.opened(session, since, weeks)
        reasons = statistics.closing_reasons(session, since, until)
        ratings = statistics.ratings(session, since, until)
        waits = statistics.waits(session, since, until)
    library = console.content.library
    return {
        "total": sum(one.number for one in counts),
        "by_week": by_week(counts, first, weeks, words),
        "by_kind": _bars(_sums(counts, lambda one: one.kind), _called(words, labels.KINDS)),
        "by_language": _bars(_sums(counts, lambda one: one.language), language_name),
        "by_flow": by_flow(counts, words, own.title),
        "reasons": _bars(reasons, _called(words, labels.REASONS)),
        "ratings": _bars(ratings, _called(words, labels.RATINGS)),
        "waits": waits,
        "first": times(waits.first, library, words),
        "later": times(waits.later, library, words),
    }


def first_day(day: date, weeks: int) -> date:
    """The Monday with which the last so many weeks begin."""
    return day - timedelta(days=day.weekday() + 7 * (weeks - 1))


def by_week(counts: Iterable[Count], first: date, weeks: int, words: Words) -> tuple[Bar, ...]:
    """A bar for each week, also for those without a case, in their order."""
    sums = _sums(counts, lambda one: str(one.week))
    most = max(sums.values(), default=1)
    return tuple(
        Bar(
            words.short_day(first + timedelta(days=7 * week)),
            number := sums.get(str(week), 0),
            _share(number, most),
        )
        for week in range(weeks)
    )


def by_flow(counts: Sequence[Count], words: Words, title: Callable[..., str]) -> tuple[Bar, ...]:
    """A bar for each procedure, the most wanted first, with the results in it as its parts."""
    nothing = words.gettext("no procedure yet")
    unknown = words.gettext("no result yet")

    def parts(flow: str | None) -> tuple[Bar, ...]:
        mine = [one for one in counts if one.flow == flow]
        sums = _sums(mine, lambda one: one.outcome)
        return _bars(sums, lambda code: f"{title(flow, code)} ({code})" if code else unknown)

    sums = _sums(counts, lambda one: one.flow)
    bars = _bars(sums, lambda name: (title(name) or name) if name else nothing)
    flows = _ordered(sums)
    return tuple(
        Bar(bar.name, bar.number, bar.share, parts(flow) if flow else ())
        for bar, (flow, _number) in zip(bars, flows, strict=True)
    )


def times(waits: Sequence[Wait], library: Library, words: Words) -> Times | None:
    """The waits in words; None when nobody has waited."""
    if not waits:
        return None
    whole = [one.ended - one.began for one in waits]
    inside = [
        open_seconds(library, datetime_of(one.began), datetime_of(one.ended)) for one in waits
    ]
    return Times(
        len(waits), length(median(whole), words), length(nine_of_ten(whole), words),
        length(median(inside), words), length(nine_of_ten(inside), words),
    )  # fmt: skip


def nine_of_ten(lengths: Sequence[float]) -> float:
    """The shortest of these lengths that nine of ten do not exceed."""
    return sorted(lengths)[math.ceil(0.9 * len(lengths)) - 1]


def length(seconds: float, words: Words) -> str:
    """A length of time in words, in minutes up to a day."""
    minutes = round(seconds / 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return words.say("%(days)s d %(hours)s h", days=days, hours=hours)
    if hours:
        return words.say("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
    return words.say("%(minutes)s min", minutes=minutes)


# ---------------------------------------------------------------- inside


def _sums(counts: Iterable[Count], key: Callable[[Count], str | None]) -> dict[str | None, int]:
    sums: dict[str | None, int] = {}
    for one in counts:
        sums[key(one)] = sums.get(key(one), 0) + one.number
    return sums


def _ordered(sums: Mapping[Any, int]) -> list[tuple[Any, int]]:
    return sorted(sums.items(), key=lambda item: (-item[1], str(item[0])))


def _bars(sums: Mapping[Any, int], name: Callable[[Any], str]) -> tuple[Bar, ...]:
    """The largest first."""
    most = max(sums.values(), default=1)
    return tuple(Bar(name(key), number, _share(number, most)) for key, number in _ordered(sums))


def _share(number: int, most: int) -> float:
    return round(100 * number / most, 1) if most else 0.0


def _called(words: Words, names: Mapping[str, str]) -> Callable[[str], str]:
    return lambda code: words.gettext(names[code]) if code in names else code
