"""Many different ways through a flow, always the same ones: to find an example of something.

The answers are drawn from a hash of the number of the walk and the name of the question, so that
there is no chance in it: what was found once is found again, on every machine. Days lie where the
law has its edges: around the starts of the flow's rules, closed days, and time limits.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from typing import TypeVar

from bot.flow.answers import option_ids, read_answer
from bot.flow.check_names import rules_read
from bot.flow.conditions import FILING_ON, Case, Conditions
from bot.flow.model import (
    UNSURE,
    Answer,
    Flow,
    Library,
    NotAnAnswer,
    Progress,
    Question,
    Value,
)

FIRST, LAST = date(2025, 1, 1), date(2028, 12, 31)
TRIES = 4
OFFSETS = (
    0, 1, 2, 3, 6, 13, 14, 15, 20, 29, 30, 31, 45, 59, 60, 61, 89, 90, 91, 92, 100, 181, 200,
    300, 364, 365, 366, 370, 400, 730, 800, 1100, 1500, 2000, 4000, 6500, 9000,
)  # fmt: skip
"""Days between today and a day that is asked for; half of them lie before today."""
NEAR_OFFSETS = (0, 1, 2, 3, 4, 5, 7, 12, 13, 14, 15, 16, 17, 18)
"""Every second day lies among these: there closed days and last days meet."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Way:
    """One walk: on which day, where it led, and the case as it then stood."""

    today: date
    progress: Progress
    case: Case

    def __str__(self) -> str:
        answers = ", ".join(f"{one.name}: {_plain(one.value)}" for one in self.progress.answers)
        given_on = min((one.day for one in self.progress.answers), default=self.today)
        back = f" (answered on {given_on})" if given_on != self.today else ""
        return f"on {self.today}{back}: {{{answers}}}"


def ways_through(flow: Flow, tests: Conditions, library: Library, count: int) -> Iterator[Way]:
    """`count` different walks to the end of a flow."""
    days = days_of_interest(flow, library)
    for number in range(count):
        today = _pick(number, "today", days)
        yield way_on(today, flow, tests, library, number)


def days_of_interest(flow: Flow, library: Library) -> Sequence[date]:
    """The days within three of a start of the flow's rules or of a holiday, and some others."""
    starts = starts_of_rules(flow, library)
    holidays = sorted(day for day in library.closed if FIRST <= day <= LAST)[::7]
    near = {day + timedelta(days=n) for day in (*starts, *holidays) for n in (-1, 0, 1)}
    others = {FIRST + timedelta(days=97 * n) for n in range(15)}
    return sorted(near | others)


def starts_of_rules(flow: Flow, library: Library) -> set[date]:
    """The days in these years on which a rule of the flow changes."""
    return {
        value.since
        for name in rules_read(flow, library)
        for value in library.rules[name].values
        if value.since is not None and FIRST <= value.since <= LAST
    }


def way_on(today: date, flow: Flow, tests: Conditions, library: Library, number: int) -> Way:
    """The walk of that number on that day."""
    case = Case(tests, library, today)
    # One person in four comes back: what was ahead when the answers were given may be past now.
    given_on = today - timedelta(days=_pick(number, "given", (0,) * 12 + (5, 20, 45, 100)))
    answers = [
        _answer(question, case, number, given_on)
        for question in flow.refine.values()
        if _pick(number, f"{question.name}?", (True, False))
    ]
    refined = len(answers)
    place = flow.start
    while (asked := flow.questions.get(place)) is not None:
        answers.append(_answer(asked, case, number, given_on))
        place = next(
            branch.go for branch in asked.next
            if branch.when is None or tests.of(branch.when)(case) is True
        )  # fmt: skip
    kept = (*answers[refined:], *answers[:refined])
    return Way(today, Progress(flow.id, kept, None, place, walked=len(answers) - refined), case)


def _answer(question: Question, case: Case, number: int, given_on: date) -> Answer:
    """An answer that the question takes, added to the case."""
    # As in the engine: a day of filing that has passed is no plan any more.
    today = case.today if question.name == FILING_ON else given_on
    value: Value = UNSURE
    for attempt in range(TRIES):
        raw = _raw(question, case, f"{number}/{attempt}", today)
        read = read_answer(question, raw, case.library, today, case.answers)
        if not isinstance(read, NotAnAnswer):
            value = read
            break
    case.add(question.name, value)
    return Answer(question.name, value, today)


def _raw(question: Question, case: Case, seed: str, today: date) -> object:
    name = question.name
    if _number(seed, f"{name} unsure") % 8 == 0:
        return UNSURE
    match question.kind:
        case "choice":
            return _pick(seed, name, option_ids(question, case.library))
        case "several":
            options = (*option_ids(question, case.library), "none")
            first, second = _pick(seed, name, options), _pick(seed, f"{name} 2", options)
            return first if "none" in (first, second) else tuple(dict.fromkeys((first, second)))
        case "date":
            days = _pick(seed, name, _pick(seed, f"{name} near", (OFFSETS, NEAR_OFFSETS)))
            before = name != FILING_ON and _pick(seed, f"{name} before", (True, False))
            return today + timedelta(days=-days if before else days)
        case "number":
            ends = {0, 1, 100}
            for _, limits in question.bands:
                for end in limits.values():
                    limit = case.rule_number(end) if isinstance(end, str) else end
                    ends |= {int(limit), int(limit) + 1} if isinstance(limit, int) else set()
            return _pick(seed, name, sorted(ends))
        case "text":
            return "text"
        case _:
            code = f"{_number(seed, name) % 47 + 1:02}"
            return {"prefecture": code, "municipality": None}


def _pick(seed: object, name: str, options: Sequence[T]) -> T:
    return options[_number(seed, name) % len(options)]


def _number(seed: object, name: str) -> int:
    return int.from_bytes(blake2b(f"{seed}/{name}".encode(), digest_size=6).digest())


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
