"""One case, and conditions compiled to closures over it.

A condition is yes, no or unknown (True, False, None). What was not answered, not asked or
answered with "I don't know" is unknown, and so is everything that rests on it; naming the word
`unknown` makes that a yes. Nothing is guessed.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import cast

from bot.flow import amounts
from bot.flow.dates import (
    OFFICES_WITH_CLOSED_DAYS,
    ONE_DAY,
    judge,
    next_open_day,
    shift,
)
from bot.flow.facts import FACTS
from bot.flow.model import (
    UNKNOWN,
    UNSURE,
    AmountLine,
    Condition,
    DatedValue,
    Deadline,
    Flow,
    Library,
    Money,
    Offset,
    Question,
    SolvedDeadline,
    Status,
    Truth,
    Value,
)

FILING_ON = "filing_on"
TODAY = "today"

Limit = int | float | date | str


class Case:
    """One person's answers on one day, with everything that follows from them.

    Deadlines and amounts are worked out when first asked for and kept until another answer is
    added. `filing_on`, when given, wins over the answer: it asks "what if".
    """

    __slots__ = (
        "_amounts", "_deadlines", "_facts", "answers", "as_of", "filing_on", "fixed_filing_on",
        "flow", "library", "tests", "today",
    )  # fmt: skip

    def __init__(
        self, tests: "Conditions", library: Library, today: date, filing_on: date | None = None
    ) -> None:
        self.tests = tests
        self.flow = tests.flow
        self.library = library
        self.today = today
        self.fixed_filing_on = filing_on
        self.filing_on = filing_on or next_open_day(today, library.closed)
        self.answers: dict[str, Value] = {}
        self._deadlines: dict[str, SolvedDeadline] = {}
        self._amounts: dict[str, Money] = {}
        self._facts: dict[str, Truth] = {}
        self.as_of = self._day_that_decides()

    def add(self, name: str, value: Value) -> None:
        """Take one canonical answer; what was worked out before it may no longer be true."""
        self.answers[name] = value
        if self._deadlines:
            self._deadlines.clear()
        if self._amounts:
            self._amounts.clear()
        if self._facts:
            self._facts.clear()
        if name == FILING_ON and self.fixed_filing_on is None:
            self.filing_on = self.day(FILING_ON) or next_open_day(self.today, self.library.closed)
        self.as_of = self._day_that_decides()

    def _day_that_decides(self) -> date:
        as_of = self.flow.as_of
        if as_of is None or as_of == TODAY:
            return self.today
        if as_of == FILING_ON:
            return self.filing_on
        return self.day(as_of) or self.today

    # ------------------------------------------------------------ answers

    def known(self, name: str) -> Value | None:
        """The answer to a question, or None if there is none or it is "I don't know"."""
        value = self.answers.get(name)
        return None if value == UNSURE else value

    def word(self, name: str) -> str:
        """The word of a choice, number or date, else `unknown`."""
        question = self.question(name)
        if question is not None and question.bands:
            return self.band(question)
        value = self.known(name)
        return value if isinstance(value, str) else UNKNOWN

    def day(self, name: str) -> date | None:
        """The day that was answered, if it is known."""
        value = self.known(name)
        return date.fromisoformat(value) if isinstance(value, str) else None

    def number(self, name: str) -> float | None:
        """The number that was answered, if it is known."""
        value = self.known(name)
        return value if isinstance(value, int | float) else None

    def status(self, name: str = "status") -> Status | None:
        """The row of the status that was answered, if it is known."""
        value = self.known(name)
        return self.library.statuses.get(value) if isinstance(value, str) else None

    def place(self) -> Mapping[str, str | None] | None:
        """Where the person lives: the first answered question of kind place."""
        for value in self.answers.values():
            if isinstance(value, Mapping):
                return value
        return None

    def question(self, name: str) -> Question | None:
        """The question of that name, asked on the way or on the result."""
        return self.flow.questions.get(name) or self.flow.refine.get(name)

    def band(self, question: Question) -> str:
        """The band into which a number or date falls."""
        value = self.known(question.name)
        if value is None:
            return UNKNOWN
        found: Limit = self._day_or_number(question, value)
        for word, limits in question.bands:
            if not limits:
                return word
            kind, limit = next(iter(limits.items()))
            bound = self._limit(limit)
            if bound is None:
                return UNKNOWN
            inside = found <= bound if kind in ("upto", "until") else found < bound  # type: ignore[operator]
            if inside:
                return word
        return UNKNOWN

    @staticmethod
    def _day_or_number(question: Question, value: Value) -> Limit:
        if question.kind == "date":
            return date.fromisoformat(cast(str, value))
        return cast(int | float, value)

    def _limit(self, limit: object) -> Limit | None:
        if isinstance(limit, str):
            return self.rule_day(limit) or self.rule_number(limit)
        return cast(Limit, limit)

    # ------------------------------------------------------------ rules

    def rule_number(self, name: str) -> int | None:
        """The number of a dated rule on the day that decides."""
        rule = self.library.rules.get(name)
        return None if rule is None else amounts.number_on(rule, self.as_of)

    def rule_day(self, name: str) -> date | None:
        """The day of a dated rule on the day that decides."""
        rule = self.library.rules.get(name)
        return None if rule is None else amounts.day_on(rule, self.as_of)

    def rule_word(self, name: str) -> str:
        """on, off or unknown, on the day that decides."""
        return amounts.word_on(self.library.rules[name], self.as_of)

    def fact(self, name: str) -> Truth:
        """A named fact about this case."""
        if name not in self._facts:
            self._facts[name] = FACTS[name].test(self)
        return self._facts[name]

    # ------------------------------------------------------------ amounts

    def amount(self, name: str) -> Money:
        """The first line of the amount whose condition holds, on the day that decides."""
        found = self._amounts.get(name)
        if found is None:
            found = self._amounts[name] = self._amount(name)
        return found

    def _amount(self, name: str) -> Money:
        line = self._line_of(name)
        if line is None:
            return amounts.UNKNOWN_MONEY
        rule = self.library.rules[line.rule]
        return amounts.money_on(rule, self.as_of, self._band_named(line.band))

    def value_behind(self, name: str) -> DatedValue | None:
        """The dated value of law behind an amount or a rule that is told."""
        line = self._line_of(name) if name in self.flow.amounts else None
        rule = self.library.rules.get(name if line is None else line.rule)
        return None if rule is None else amounts.value_on(rule, self.as_of)

    def _line_of(self, name: str) -> AmountLine | None:
        for line in self.flow.amounts[name]:
            if line.when is None or self.tests.of(line.when)(self) is True:
                return line
        return None

    def _band_named(self, band: str | None) -> str | None:
        """A band is named outright, or by the answer to the question of that name."""
        if band is None or self.question(band) is None:
            return band
        return self.word(band)

    # ------------------------------------------------------------ deadlines

    def deadline(self, name: str) -> SolvedDeadline:
        """A deadline with its days and its state, as this case stands."""
        found = self._deadlines.get(name)
        if found is None:
            found = self._deadlines[name] = self._deadline(self.flow.deadlines[name])
        return found

    def _deadline(self, deadline: Deadline) -> SolvedDeadline:
        printed = self._printed_day(deadline)
        seen_on = self._seen_on(deadline)
        if printed is None or seen_on is None:
            return SolvedDeadline(
                deadline.name, "unknown",
                label=deadline.label, source=deadline.source, office=deadline.office,
            )  # fmt: skip
        opens_on = self._opens_on(deadline, printed)
        closed = self.library.closed if deadline.office in OFFICES_WITH_CLOSED_DAYS else None
        last = judge(
            printed,
            seen_on,
            closed=closed,
            if_closed=deadline.if_closed,
            tell=deadline.tell,
            opens_on=opens_on,
        )
        return SolvedDeadline(
            deadline.name,
            last.state,
            law_last_day=last.law,
            tell=last.tell,
            printed=printed,
            opens_on=opens_on,
            days_left=None if last.tell is None else (last.tell - self.today).days,
            label=deadline.label,
            source=deadline.source,
            office=deadline.office,
        )

    def _seen_on(self, deadline: Deadline) -> date | None:
        """The day on which a deadline is judged; None if it is asked for and not known."""
        if deadline.seen_from is None or deadline.seen_from == TODAY:
            return self.today
        if deadline.seen_from == FILING_ON:
            return self.filing_on
        return self.day(deadline.seen_from)

    def _printed_day(self, deadline: Deadline) -> date | None:
        """The last day before any shift past closed days."""
        if deadline.earliest_of:
            days = [self.deadline(name).law_last_day for name in deadline.earliest_of]
            known = [day for day in days if day is not None]
            # An unknown one might be the earliest: then nobody knows which day it is.
            return min(known) if len(known) == len(days) else None
        if deadline.on is not None:
            return self._moved(self.rule_day(deadline.on), deadline)
        return self._moved(self._day_counted_from(deadline.counts_from), deadline)

    def _day_counted_from(self, names: tuple[str, ...]) -> date | None:
        """The day of the first of these that is known."""
        for name in names:
            if name in self.flow.deadlines:
                day = self.deadline(name).printed
            else:
                day = self.filing_on if name == FILING_ON else self.day(name)
            if day is not None:
                return day
        return None

    def _moved(self, day: date | None, deadline: Deadline) -> date | None:
        if day is None or deadline.offset is None:
            return day
        moved = self._shifted(day, deadline.offset)
        if moved is not None and deadline.first_day == "included":
            moved -= ONE_DAY
        return moved

    def _opens_on(self, deadline: Deadline, printed: date) -> date | None:
        if deadline.opens is None:
            return None
        if isinstance(deadline.opens, Offset):
            return self._shifted(printed, deadline.opens)
        return self.deadline(deadline.opens).printed

    def _shifted(self, day: date, offset: Offset) -> date | None:
        days, months, years = (
            self.rule_number(part) if isinstance(part, str) else part or 0
            for part in (offset.days, offset.months, offset.years)
        )
        if days is None or months is None or years is None:
            return None
        sign = offset.sign
        return shift(day, days=sign * days, months=sign * months, years=sign * years)


# ---------------------------------------------------------------- compiling

Test = Callable[[Case], Truth]
WordOf = Callable[[Case], str]


class Conditions:
    """The compiled conditions of one flow.

    They are found again by identity, because hashing one deeply would cost more than its test;
    the condition is kept beside its closure, so that no other one can get its identity.
    """

    __slots__ = ("_by_id", "flow")

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self._by_id: dict[int, tuple[Condition, Test]] = {}

    def of(self, condition: Condition) -> Test:
        """The closure of one condition of the flow."""
        found = self._by_id.get(id(condition))
        if found is None:
            found = self._by_id[id(condition)] = (condition, compile_raw(condition.raw, self.flow))
        return found[1]

    def maybe(self, condition: Condition | None) -> Test | None:
        """The closure, or None where there is no condition."""
        return None if condition is None else self.of(condition)


def atoms_of(raw: tuple[object, ...]) -> Iterator[tuple[str, frozenset[str], bool]]:
    """Each name of a condition with its words, in the order written, and whether under `not`."""
    kind = raw[0]
    if kind == "is":
        yield cast(str, raw[1]), cast(frozenset[str], raw[2]), False
    elif kind == "not":
        for name, words, negated in atoms_of(cast(tuple[object, ...], raw[1])):
            yield name, words, not negated
    else:
        for item in cast(tuple[tuple[object, ...], ...], raw[1]):
            yield from atoms_of(item)


def compile_raw(raw: tuple[object, ...], flow: Flow) -> Test:
    """The closure of a condition in its normal form (see `model.Condition`)."""
    kind = raw[0]
    if kind == "is":
        return _is(cast(str, raw[1]), cast(frozenset[str], raw[2]), flow)
    if kind == "not":
        return _not(compile_raw(cast(tuple[object, ...], raw[1]), flow))
    items = tuple(compile_raw(item, flow) for item in cast(tuple[tuple[object, ...], ...], raw[1]))
    if kind == "all":
        return items[0] if len(items) == 1 else _all(items)
    if kind == "any":
        return _any(items)
    raise ValueError(f"a condition is all, any, not or is; this one is {kind!r}")


def _all(items: tuple[Test, ...]) -> Test:
    def test(case: Case) -> Truth:
        found: Truth = True
        for item in items:
            truth = item(case)
            if truth is False:
                return False
            if truth is None:
                found = None
        return found

    return test


def _any(items: tuple[Test, ...]) -> Test:
    def test(case: Case) -> Truth:
        found: Truth = False
        for item in items:
            truth = item(case)
            if truth is True:
                return True
            if truth is None:
                found = None
        return found

    return test


def _not(item: Test) -> Test:
    def test(case: Case) -> Truth:
        truth = item(case)
        return None if truth is None else not truth

    return test


def _is(name: str, words: frozenset[str], flow: Flow) -> Test:
    when_unknown: Truth = True if UNKNOWN in words else None
    question = flow.questions.get(name) or flow.refine.get(name)
    if question is not None and not question.bands:
        return _answer_is(question, words, when_unknown)
    word_of = _word_of(name, flow, question)

    def test(case: Case) -> Truth:
        word = word_of(case)
        return when_unknown if word == UNKNOWN else word in words

    return test


def _answer_is(question: Question, words: frozenset[str], when_unknown: Truth) -> Test:
    name = question.name
    if question.kind not in ("several", "place"):
        truths: dict[object, Truth] = dict.fromkeys(words, True)
        truths[None] = truths[UNSURE] = when_unknown
        return lambda case: truths.get(case.answers.get(name), False)

    def test(case: Case) -> Truth:
        value = case.answers.get(name)
        if value is None or value == UNSURE:
            return when_unknown
        if isinstance(value, tuple):
            return not words.isdisjoint(value)
        if isinstance(value, Mapping):
            return value["prefecture"] in words or value["municipality"] in words
        return False

    return test


def _word_of(name: str, flow: Flow, question: Question | None) -> WordOf:
    if question is not None:
        return lambda case: case.band(question)
    if name in flow.deadlines:
        return lambda case: case.deadline(name).state
    if name in flow.amounts:
        return lambda case: case.amount(name).kind
    if name in FACTS:
        return lambda case: _YES_NO[case.fact(name)]
    if "." in name:
        return lambda case: case.rule_word(name)
    raise ValueError(f"{flow.id}: nothing here is called {name!r}")


_YES_NO: Mapping[Truth, str] = {True: "yes", False: "no", None: UNKNOWN}
