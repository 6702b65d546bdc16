"""Rules of law that change, as far as one flow rests on them: which times each of them has.

A time is a stretch of days in which one value holds; before the first start there is a time
without the rule.
"""

from collections.abc import Iterable, Iterator, Mapping

from bot.flow.amounts import value_on
from bot.flow.check_names import Names, parts_of_offset, rules_read
from bot.flow.conditions import Case
from bot.flow.facts import FACTS
from bot.flow.model import At, Flow, Library, Rule


class DatedRules:
    """The rules of a flow that change: each value must be proved on a day on which it holds."""

    def __init__(self, flow: Flow, library: Library) -> None:
        self.flow = flow
        self.library = library
        self.names = Names(flow, library)
        self.dated: Mapping[str, Rule] = {
            name: library.rules[name]
            for name in sorted(rules_read(flow, library))
            if len(library.rules[name].values) + (_starts(library.rules[name]) is not None) > 1
        }

    def sides(self) -> Iterator[tuple[str, str, At]]:
        """Each time of each rule: its name, the time in words, and where it is written."""
        for name, rule in self.dated.items():
            if (start := _starts(rule)) is not None:
                yield name, f"before {start}", rule.at
            for value in rule.values:
                yield name, _since(value.since), value.at

    def read_by(self, names: Iterable[str], case: Case) -> Iterator[tuple[str, str]]:
        """The rules behind these names, each with the time in which the day that decides falls."""
        behind = {rule for name in names for rule in self._behind(name, frozenset())}
        for name in behind & self.dated.keys():
            rule = self.dated[name]
            value = value_on(rule, case.as_of)
            side = f"before {_starts(rule)}" if value is None else _since(value.since)
            yield name, side

    def _behind(self, name: str, inside: frozenset[str]) -> Iterator[str]:
        """The rules on which a name rests."""
        if name in inside:
            return
        inside |= {name}
        if name in self.library.rules:
            yield name
            return
        for one in self._rests_on(name):
            yield from self._behind(one, inside)

    def _rests_on(self, name: str) -> Iterator[str]:
        flow = self.flow
        if name in FACTS and name not in self.names.questions:
            yield from (*FACTS[name].rules, *FACTS[name].needs)
        if name in flow.amounts:
            for line in flow.amounts[name]:
                yield line.rule
                yield from line.when.names if line.when is not None else ()
        deadline = flow.deadlines.get(name.partition(".")[0])
        if deadline is not None:
            yield from (*deadline.counts_from, *deadline.earliest_of)
            yield from (deadline.on,) if deadline.on else ()
            yield from (deadline.opens,) if isinstance(deadline.opens, str) else ()
            for offset in (deadline.offset, deadline.opens):
                yield from (part for _, part in parts_of_offset(offset) if isinstance(part, str))
        question = self.names.questions.get(name)
        for _, limits in question.bands if question else ():
            yield from (end for end in limits.values() if isinstance(end, str))


def _starts(rule: Rule) -> object:
    """The day on which a rule begins, or None when it always was."""
    return rule.values[0].since if rule.values else None


def _since(day: object) -> str:
    return "at first" if day is None else f"since {day}"
