"""What the names of a flow mean: which words each can have, and what it rests on.

A name is a question, a deadline, an amount, a dated rule (it has a dot) or a fact; it means one
thing in one flow.
"""

from collections.abc import Iterator, Mapping
from typing import get_args

from bot.flow.facts import FACTS
from bot.flow.model import (
    AmountKind,
    Condition,
    Deadline,
    DeadlineState,
    Flow,
    Library,
    Offset,
    Question,
)
from bot.flow.own_office import is_told
from bot.flow.sentences import sentences_of_outcome
from bot.flow.statuses import STATUS
from bot.flow.statuses import TOLD as STATUS_TOLD

UNKNOWN_ONLY = frozenset({"unknown"})
RULE_WORDS = frozenset({"on", "off", "unknown"})
FACT_WORDS = frozenset({"yes", "no", "unknown"})
AMOUNT_WORDS: frozenset[str] = frozenset(get_args(AmountKind))
DEADLINE_WORDS: frozenset[str] = frozenset(get_args(DeadlineState))
DEADLINE_PARTS = frozenset({"law", "opens", "days_left"})


class Names:
    """All names that a condition of one flow may read."""

    def __init__(self, flow: Flow, library: Library) -> None:
        self.flow = flow
        self.library = library
        self.questions: Mapping[str, Question] = {**flow.questions, **flow.refine}

    def known(self) -> Iterator[str]:
        """Every name, for the nearest one to be found."""
        yield from self.questions
        yield from self.flow.deadlines
        yield from self.flow.amounts
        yield from self.library.rules
        yield from FACTS

    def words_of(self, name: str) -> frozenset[str] | None:
        """The words that `name` can have in this flow; None if nothing is called so."""
        if name in self.questions:
            return words_of_question(self.questions[name])
        if name in self.flow.deadlines:
            return DEADLINE_WORDS
        if name in self.flow.amounts:
            return AMOUNT_WORDS
        if name in self.library.rules:
            return RULE_WORDS
        if name in FACTS:
            return FACT_WORDS
        return None

    def rests_on(self, name: str) -> frozenset[str]:
        """The questions of which one must be answered before `name` can have a known word.

        Empty for what needs no answer: a rule, an amount, a day fixed by law.
        """
        if name in self.flow.questions:
            return frozenset({name})
        return self._days_of(name, frozenset())

    def _days_of(self, name: str, inside: frozenset[str]) -> frozenset[str]:
        deadline = self.flow.deadlines.get(name)
        if deadline is None or name in inside:
            return frozenset({name}) if name in self.flow.questions else frozenset()
        found: set[str] = set()
        for one in (*deadline.counts_from, *deadline.earliest_of):
            needs = self._days_of(one, inside | {name})
            if not needs:  # this one needs no answer, or a refine question gives it
                return frozenset()
            found |= needs
        if deadline.seen_from is not None and deadline.seen_from in self.flow.questions:
            found.add(deadline.seen_from)
        return frozenset(found)

    def fills(self, param: str) -> bool:
        """Whether something in this flow can fill the placeholder."""
        if param in ("office", "filing_on") or param in self.library.rules:
            return True
        if is_told(param):
            return True
        if param in STATUS_TOLD:
            return STATUS in self.questions
        name, _, part = param.partition(".")
        if name in self.flow.deadlines:
            return not part or part in DEADLINE_PARTS
        if param in self.flow.amounts:
            return True
        question = self.questions.get(param)
        return question is not None and question.kind in ("choice", "date", "number", "text")


def words_of_question(question: Question) -> frozenset[str]:
    """Its options or bands; `unknown` stands for no answer and for "I don't know"."""
    words = {option.id for option in question.options} - {"unsure"}
    words |= {name for name, _ in question.bands}
    if question.kind == "several":
        words.add("none")
    return frozenset(words) | UNKNOWN_ONLY


def possible_states(deadline: Deadline) -> frozenset[str]:
    """The states that this deadline, as it is written, can be in."""
    words = {"ahead", "today", "passed", "unknown"}
    if deadline.opens is not None:
        words.add("not_open")
    if deadline.tell == "open_day_before" and deadline.if_closed != "next_open_day":
        words.add("no_open_day")
    if deadline.if_closed == "practice_next_open_day":
        words |= {"grace", "no_open_day"}
    return frozenset(words)


def parts_of_offset(offset: object) -> Iterator[tuple[str, int | str]]:
    """Each part of an offset with its unit."""
    if isinstance(offset, Offset):
        for unit, part in (
            ("days", offset.days), ("months", offset.months), ("years", offset.years)
        ):  # fmt: skip
            if part is not None:
                yield unit, part


def atoms(raw: object) -> Iterator[tuple[str, frozenset[str]]]:
    """Each name of a condition in its normal form, with the words it is compared to."""
    if not isinstance(raw, tuple) or not raw:
        return
    kind, rest = raw[0], raw[1:]
    if kind == "is":
        yield rest[0], rest[1]
    elif kind == "not":
        yield from atoms(rest[0])
    else:
        for item in rest[0]:
            yield from atoms(item)


def must_be(when: Condition | None) -> dict[str, frozenset[str]]:
    """Per name, the words it certainly has where the condition holds."""
    found: dict[str, frozenset[str]] = {}
    if when is not None:
        for name, words in _certain(when.raw):
            found[name] = found[name] & words if name in found else words
    return found


def _certain(raw: object) -> Iterator[tuple[str, frozenset[str]]]:
    if isinstance(raw, tuple) and raw[0] == "is":
        yield raw[1], raw[2]
    elif isinstance(raw, tuple) and raw[0] == "all":
        for item in raw[1]:
            yield from _certain(item)


def only_names(when: Condition | None) -> list[tuple[str, frozenset[str]]]:
    """The names and words of a condition that is nothing but names which all must hold."""
    if when is None:
        return []
    if when.raw[0] == "is":
        return list(_certain(when.raw))
    items = when.raw[1] if when.raw[0] == "all" else ()
    assert isinstance(items, tuple)
    plain = all(item[0] == "is" for item in items)
    return list(_certain(when.raw)) if plain else []


def rules_read(flow: Flow, library: Library) -> set[str]:
    """Every dated rule that something in this flow rests on."""
    read: set[str] = set()
    for when in _conditions(flow):
        read |= when.names if when is not None else frozenset()
    for outcome in flow.outcomes.values():
        for sentence in sentences_of_outcome(outcome):
            read |= set(sentence.params)
    read |= {one.rule for lines in flow.amounts.values() for one in lines}
    read |= {one.max_age for one in flow.documents if one.max_age is not None}
    for deadline in flow.deadlines.values():
        read |= {deadline.on} if deadline.on is not None else set()
        for offset in (deadline.offset, deadline.opens):
            read |= {part for _, part in parts_of_offset(offset) if isinstance(part, str)}
    for question in (*flow.questions.values(), *flow.refine.values()):
        for _, limit in question.bands:
            read |= {end for end in limit.values() if isinstance(end, str)}
    for fact in read & set(FACTS):
        read |= set(FACTS[fact].rules)
    return {name for name in read if "." in name and name in library.rules}


def _conditions(flow: Flow) -> Iterator[Condition | None]:
    """Every condition of a flow."""
    for question in flow.questions.values():
        yield from (branch.when for branch in question.next)
    for lines in flow.amounts.values():
        yield from (line.when for line in lines)
    yield from (document.when for document in flow.documents)
    for outcome in flow.outcomes.values():
        yield from (line.when for line in outcome.handoff)
        yield from (follow.when for follow in outcome.follow_ups)
        yield from (step.when for step in outcome.steps)
        yield from (sentence.when for sentence in sentences_of_outcome(outcome))
