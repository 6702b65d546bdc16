"""Which questions on the result can still change something.

Refine questions are never asked on the way. They are offered on the result only while their
answer would make it more exact: when a condition of this outcome is still unknown because of
them, or was taken as true because they are open.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import cast

from bot.flow.conditions import FILING_ON, Case, Conditions, atoms_of, compile_raw
from bot.flow.facts import FACTS
from bot.flow.model import UNKNOWN, Condition, Flow, Outcome, Truth

Names = frozenset[str]
NO_NAMES: Names = frozenset()
Weigh = Callable[[Case], tuple[Truth, Names]]
"""What a condition is, and the open questions whose answers could still change that."""


class OpenQuestions:
    """The refine questions of one outcome."""

    def __init__(self, outcome: Outcome, documents: Iterable[Condition | None], tests: Conditions):
        self._flow = flow = tests.flow
        sentences = [*outcome.say, *(line for step in outcome.steps for line in step.say)]
        conditions = [
            *(sentence.when for sentence in sentences),
            *(step.when for step in outcome.steps),
            *(line.when for line in outcome.follow_ups),
            *(line.when for line in outcome.handoff),
            *documents,
        ]
        read = {name for condition in conditions if condition for name in condition.names}
        told = {part for sentence in sentences for part in sentence.params}
        read |= {name.partition(".")[0] for name in told}
        if "fee" in outcome.show:
            read |= set(flow.amounts)
        if "deadlines" in outcome.show:
            read |= set(flow.deadlines)
        amounts = [flow.amounts[name] for name in flow.amounts if name in read]
        conditions += [line.when for lines in amounts for line in lines]
        self._always = self._behind_values(outcome, read, told)
        bands = {line.band for lines in amounts for line in lines if line.band is not None}
        self._always |= bands & flow.refine.keys()
        self._lines = tuple(
            (behind, None if _names_unknown(condition) else tests.of(condition), weigh)
            for condition in conditions
            if condition is not None and (behind := _refine_behind(condition, flow))
            for weigh in [_weigh(condition.raw, flow)]
        )

    def still_open(self, case: Case) -> tuple[str, ...]:
        """The names of the questions worth offering, in the order of the flow."""
        candidates = {name for name in self._flow.refine if name not in case.answers}
        found = self._always & candidates
        for behind, decided, weigh in self._lines:
            if (behind & candidates) <= found:
                continue
            # Where the word `unknown` is not named, no answer changes a yes or a no.
            if decided is None or decided(case) is None:
                found |= weigh(case)[1] & candidates
        return tuple(name for name in self._flow.refine if name in found)

    def _behind_values(self, outcome: Outcome, read: set[str], told: set[str]) -> set[str]:
        """Those that decide a day, an office or the day that counts, not a condition."""
        flow = self._flow
        found = {
            question
            for name in read & flow.deadlines.keys()
            for question in questions_behind(name, flow)
        }
        wants_place = "offices" in outcome.show or "office" in told
        for question in flow.refine.values():
            if question.kind == "place" and wants_place:
                found.add(question.name)
        if flow.as_of == FILING_ON and {"documents", "fee", "changes"} & set(outcome.show):
            found.add(FILING_ON)
        return found & flow.refine.keys()


def _refine_behind(condition: Condition, flow: Flow) -> Names:
    behind = {question for name in condition.names for question in questions_behind(name, flow)}
    return frozenset(behind & flow.refine.keys())


def _names_unknown(condition: Condition) -> bool:
    return any(UNKNOWN in words for _, words, _ in atoms_of(condition.raw))


def _weigh(raw: tuple[object, ...], flow: Flow) -> Weigh:
    """A condition as a closure that also tells which open questions matter to it.

    A no that is certain is not changed by any of them; of the parts of a condition only those
    count that have not been decided.
    """
    kind = raw[0]
    if kind == "is":
        return _weigh_atom(raw, flow)
    if kind == "not":
        part = _weigh(cast(tuple[object, ...], raw[1]), flow)

        def turned(case: Case) -> tuple[Truth, Names]:
            truth, names = part(case)
            return (None if truth is None else not truth), names

        return turned
    parts = tuple(_weigh(item, flow) for item in cast(tuple[tuple[object, ...], ...], raw[1]))
    # `all` is decided by one no, `any` by one yes.
    decides = kind == "any"

    def together(case: Case) -> tuple[Truth, Names]:
        truth: Truth = not decides
        names = deciding = NO_NAMES
        for part in parts:
            found, behind = part(case)
            if found is not decides:
                truth = None if found is None else truth
                names |= behind
            elif not behind:
                return decides, NO_NAMES
            else:
                deciding |= behind
        return (decides, deciding) if deciding else (truth, names)

    return together


def _weigh_atom(raw: tuple[object, ...], flow: Flow) -> Weigh:
    name, words = cast(str, raw[1]), cast(frozenset[str], raw[2])
    test = compile_raw(raw, flow)
    behind = frozenset(questions_behind(name, flow)) & flow.refine.keys()
    names_unknown = UNKNOWN in words

    def weigh(case: Case) -> tuple[Truth, Names]:
        truth = test(case)
        return truth, behind if truth is None or (truth and names_unknown) else NO_NAMES

    return weigh


def questions_behind(name: str, flow: Flow) -> Iterator[str]:
    """The questions on which a name rests; a question rests on itself."""
    if name in flow.questions or name in flow.refine:
        yield name
    elif name in flow.deadlines:
        deadline = flow.deadlines[name]
        if deadline.seen_from is not None:
            yield deadline.seen_from
        for part in (*deadline.counts_from, *deadline.earliest_of):
            yield from questions_behind(part, flow)
    elif name in flow.amounts:
        for line in flow.amounts[name]:
            if line.band is not None:
                yield from questions_behind(line.band, flow)
            for part in line.when.names if line.when is not None else ():
                yield from questions_behind(part, flow)
    elif name in FACTS:
        yield from FACTS[name].needs


def rules_read(flow: Flow) -> frozenset[str]:
    """The dated rules that decide something in a flow; their starts are the days of change."""
    found: set[str] = set()
    for condition in conditions_of(flow):
        found |= {name for name in condition.names if "." in name}
        found |= {r for name in condition.names if name in FACTS for r in FACTS[name].rules}
    for deadline in flow.deadlines.values():
        found.add(deadline.on or "")
        for offset in (deadline.offset, deadline.opens):
            if offset is not None and not isinstance(offset, str):
                found |= {str(part) for part in (offset.days, offset.months, offset.years)}
    found |= {line.rule for lines in flow.amounts.values() for line in lines}
    for question in (*flow.questions.values(), *flow.refine.values()):
        found |= {str(limit) for _, limits in question.bands for limit in limits.values()}
    for outcome in flow.outcomes.values():
        found |= {name for sentence in outcome.say for name in sentence.params}
    return frozenset(name for name in found if "." in name)


def conditions_of(flow: Flow) -> Iterator[Condition]:
    """Every condition of a flow."""
    lines: list[Condition | None] = [
        branch.when for question in flow.questions.values() for branch in question.next
    ]
    lines += [line.when for amount in flow.amounts.values() for line in amount]
    lines += [document.when for document in flow.documents]
    for outcome in flow.outcomes.values():
        lines += [sentence.when for sentence in outcome.say]
        lines += [line.when for line in outcome.follow_ups]
        lines += [line.when for line in outcome.handoff]
        for step in outcome.steps:
            lines += [step.when, *(sentence.when for sentence in step.say)]
    yield from (line for line in lines if line is not None)
