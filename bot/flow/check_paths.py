"""The ways through a flow: what can be reached, what was certainly asked, what can still be.

Questions are places, branches are ways between them; outcomes are where ways end.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property

from bot.flow.check_names import Names, must_be, only_names
from bot.flow.model import Condition, Deadline, Flow, Question

MOST_WAYS = 3000
"""More ways that differ are not followed; no flow that a person can answer has so many."""

Words = frozenset[str]
Ruled = dict[str, Words]
"""What is known on one way: the words that a name can still have."""


class Paths:
    """All ways through one flow whose branches lead to something that exists."""

    def __init__(self, flow: Flow, names: Names) -> None:
        self.flow = flow
        self.names = names
        self.certain: dict[tuple[str, frozenset[str]], bool] = {}

    def _goals(self, name: str) -> Iterator[str]:
        question = self.flow.questions.get(name)
        for branch in question.next if question else ():
            yield branch.go

    @cached_property
    def reached(self) -> frozenset[str]:
        """Every question and outcome that some answers lead to."""
        return self._reach(self.flow.start, frozenset())

    def _reach(self, start: str, without: frozenset[str]) -> frozenset[str]:
        """What can be reached from `start` when no way may pass through `without`."""
        seen: set[str] = set()
        waiting = [] if start in without else [start]
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting += [goal for goal in self._goals(name) if goal not in without]
        return frozenset(seen)

    def certainly_asked(self, place: str, questions: frozenset[str]) -> bool:
        """Whether every way to `place` asks one of `questions` (at the place itself, too)."""
        if not questions or place in questions:
            return True
        key = place, questions
        if key not in self.certain:
            self.certain[key] = place not in self._reach(self.flow.start, questions)
        return self.certain[key]

    def circle(self) -> tuple[str, ...]:
        """A circle of questions, or nothing."""
        done: set[str] = set()
        way: list[str] = []

        def walk(name: str) -> tuple[str, ...]:
            if name in way:
                return (*way[way.index(name) :], name)
            if name in done:
                return ()
            way.append(name)
            for goal in self._goals(name):
                if found := walk(goal):
                    return found
            way.pop()
            done.add(name)
            return ()

        return walk(self.flow.start)

    @cached_property
    def endings(self) -> Mapping[str, tuple[Ruled, ...]]:
        """Per outcome, what the branches on each way to it say about names.

        Of a name that is not in such a mapping nothing is known. Ways that say the same are
        one; only for flows without a circle. A flow with too many ways has no endings at all.
        """
        seen: set[tuple[str, frozenset[tuple[str, Words]]]] = set()
        found: dict[str, list[Ruled]] = {}
        waiting: list[tuple[str, Ruled]] = [(self.flow.start, {})]
        while waiting:
            place, ruled = waiting.pop()
            question = self.flow.questions.get(place)
            # What rests on this question was not known before it and may be anything now.
            ruled = {
                name: words for name, words in ruled.items()
                if place not in self.names.rests_on(name)
            }  # fmt: skip
            key = place, frozenset(ruled.items())
            if key in seen:
                continue
            seen.add(key)
            if len(seen) > MOST_WAYS:
                return {}
            if question is None:
                found.setdefault(place, []).append(ruled)
            else:
                waiting += self._onward(question, ruled)
        return {place: tuple(ways) for place, ways in found.items()}

    def _onward(self, question: Question, ruled: Ruled) -> Iterator[tuple[str, Ruled]]:
        """Where the branches of a question lead, and what is known on each."""
        left = dict(ruled)
        for branch in question.next:
            taken = dict(left)
            for name, words in must_be(branch.when).items():
                taken[name] = self._of(taken, name) & words
            if all(taken.values()):
                yield branch.go, taken
            self._not_taken(branch.when, left)
            if not all(left.values()):
                return

    def _not_taken(self, when: Condition | None, left: Ruled) -> None:
        """Learn from a branch that was not taken: one of its words did not hold."""
        atoms = only_names(when)
        open_atoms = [(n, words) for n, words in atoms if not self._of(left, n) <= words]
        if len(open_atoms) == 1 or len(atoms) == 1:
            name, words = (open_atoms or atoms)[0]
            left[name] = self._of(left, name) - words

    def _of(self, ruled: Ruled, name: str) -> Words:
        return ruled.get(name, self.names.words_of(name) or frozenset())

    def possible(self, name: str, outcome: str) -> frozenset[str]:
        """The words that `name` can have at an outcome."""
        whole = self.names.words_of(name) or frozenset()
        ways = self.endings.get(outcome)
        if ways is None:
            return whole if not self.endings else frozenset()
        found: set[str] = set()
        for ruled in ways:
            found |= self._of(ruled, name) - self._too_early_for(name, ruled)
        return frozenset(found)

    def _too_early_for(self, name: str, ruled: Ruled) -> frozenset[str]:
        """Words that a deadline cannot have, because an earlier one is still ahead."""
        later = self.flow.deadlines.get(name)
        excluded: set[str] = set()
        for other, words in ruled.items():
            sooner = self.flow.deadlines.get(other)
            if later is None or sooner is None or not words <= {"ahead", "unknown"}:
                continue
            if later.counts_from == sooner.counts_from and _sign(sooner) < _sign(later):
                excluded |= {"passed", "grace"}
                offset = sooner.offset or later.offset
                if offset is not None and (offset.months or offset.years):
                    excluded.add("no_open_day")
        return frozenset(excluded)


def _sign(deadline: Deadline) -> int:
    """-1, 0 or 1: before, on or after the day that the deadline counts from."""
    return deadline.offset.sign if deadline.offset is not None else 0
