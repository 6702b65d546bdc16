"""What one flow or topic must keep: names, ways, words, placeholders, sources.

The checks stand in the order in which an author would look: does it lead somewhere, does
every name exist, can what is said be true, and is something always said.
"""

from collections.abc import Iterator

from bot.flow.check_names import (
    DEADLINE_PARTS,
    DEADLINE_WORDS,
    Names,
    atoms,
    parts_of_offset,
    possible_states,
    rules_read,
)
from bot.flow.check_paths import Paths
from bot.flow.check_single import (
    TODAY,
    check_question,
    confirms,
    confirms_sentence,
    fault,
    leads_to,
    no_params,
    rule_of,
    source_of,
)
from bot.flow.facts import FACTS
from bot.flow.faults import Fault, one_of
from bot.flow.model import (
    At,
    Condition,
    Deadline,
    Flow,
    Library,
    Outcome,
    Question,
    Sentence,
    Step,
)
from bot.flow.sentences import sentences_of_outcome

DAYS_OF_DECISION = frozenset({TODAY, "filing_on"})
HAS_OWN_SENTENCE = ("no_open_day", "grace", "passed")


class FlowCheck:
    """The checks of one flow; `faults()` gives all that is wrong."""

    def __init__(self, flow: Flow, library: Library) -> None:
        self.flow = flow
        self.library = library
        self.names = Names(flow, library)
        self.paths = Paths(flow, self.names)

    def faults(self) -> Iterator[Fault]:
        yield from self._one_meaning()
        broken = [*self._ways_exist()] or [*self._no_circle()]
        yield from broken
        if not broken:
            yield from self._all_is_reached()
        for question in self.names.questions.values():
            yield from self._question(question)
        for deadline in self.flow.deadlines.values():
            yield from self._deadline(deadline)
        yield from self._amounts()
        yield from self._documents()
        for outcome in self.flow.outcomes.values():
            yield from self._outcome(outcome)
            if not broken:
                yield from self._always_says(outcome)
        yield from self._day_that_decides()

    # ------------------------------------------------------------ ways

    def _one_meaning(self) -> Iterator[Fault]:
        """A name is one thing: a question, a deadline, an amount or an outcome."""
        flow = self.flow
        kinds = {
            "a question": flow.questions, "a refine question": flow.refine,
            "a deadline": flow.deadlines, "an amount": flow.amounts, "an outcome": flow.outcomes,
            "a fact": FACTS,
        }  # fmt: skip
        seen: dict[str, str] = {}
        for kind, names in kinds.items():
            for name in names:
                if name in seen:
                    what = f"'{name}' is {seen[name]} and {kind}"
                    yield fault((flow.file, 1), what, "give one of them another name")
                seen.setdefault(name, kind)
        for name in sorted(flow.optional - set(self.names.known())):
            what = f"'optional' lists '{name}', which is nothing here"
            yield fault((flow.file, 1), what, one_of(name, self.names.known()))

    def _ways_exist(self) -> Iterator[Fault]:
        flow = self.flow
        goals = {*flow.questions, *flow.outcomes}
        if flow.start not in goals:
            what = f"the flow starts at '{flow.start}', which is no question"
            yield fault((flow.file, 1), what, one_of(flow.start, flow.questions))
        for question in flow.questions.values():
            if not question.next:
                what = f"nothing follows the question '{question.name}'"
                yield fault(question.at, what, "add `next: [{go: ...}]`")
            for index, branch in enumerate(question.next, 1):
                if branch.go not in goals:
                    what = f"no question and no outcome is called '{branch.go}'"
                    yield fault(branch.at, what, one_of(branch.go, goals))
                last = index == len(question.next)
                if last and branch.when is not None:
                    what = f"the last branch of '{question.name}' has a condition"
                    yield fault(branch.at, what, "add `- go: ...` for all other answers")
                if not last and branch.when is None:
                    what = f"what stands below this open branch of '{question.name}' is never used"
                    yield fault(branch.at, what, "put it last")

    def _no_circle(self) -> Iterator[Fault]:
        if circle := self.paths.circle():
            what = f"the questions go in a circle: {' -> '.join(circle)}"
            at = self.flow.questions[circle[0]].at
            yield fault(at, what, "let one of them go on to another place")

    def _all_is_reached(self) -> Iterator[Fault]:
        places: dict[str, Question | Outcome] = {**self.flow.questions, **self.flow.outcomes}
        for name, place in places.items():
            if name not in self.paths.reached:
                right = "let a branch go there, or remove it"
                yield fault(place.at, f"'{name}' can never be reached", right)

    # ------------------------------------------------------------ conditions

    def condition(self, when: Condition | None, place: str | None) -> Iterator[Fault]:
        """Names and words of a condition; at `place`, its questions were certainly asked."""
        if when is None:
            return
        for name, words in atoms(when.raw):
            known = self.names.words_of(name)
            if known is None:
                what = f"nothing here is called '{name}'"
                yield fault(when.at, what, one_of(name, self.names.known()))
                continue
            for word in sorted(words - known):
                what = f"'{name}' is never '{word}'"
                right = "write unknown" if word == "unsure" else one_of(word, known, at_most=40)
                yield fault(when.at, what, right)
            yield from self._fact(name, when.at)
        if place is not None and place in self.paths.reached:
            yield from self._answered_before(when, place)

    def _fact(self, name: str, at: At) -> Iterator[Fault]:
        if name not in FACTS or name in self.names.questions:
            return
        for need in FACTS[name].needs:
            if need not in self.names.questions and need not in self.flow.deadlines:
                what = f"the fact '{name}' needs '{need}', which this flow does not ask"
                yield fault(at, what, f"add the question '{need}'")
        for rule in FACTS[name].rules:
            if rule not in self.library.rules:
                what = f"the fact '{name}' needs the rule '{rule}'"
                yield fault(at, what, "add it to shared/rules.yaml")

    def _answered_before(self, when: Condition, place: str) -> Iterator[Fault]:
        for name in sorted(when.names - self.flow.optional):
            rests_on = self.names.rests_on(name)
            if rests_on & self.flow.optional or self.paths.certainly_asked(place, rests_on):
                continue
            asked = " or ".join(f"'{one}'" for one in sorted(rests_on))
            what = f"'{name}' is not known on every way to '{place}': {asked} is not always asked"
            right = f"ask it before, or list it in `optional: [{min(rests_on)}]`"
            yield fault(when.at, what, right)

    # ------------------------------------------------------------ questions

    def _question(self, question: Question) -> Iterator[Fault]:
        place = question.name if question.name in self.flow.questions else None
        for branch in question.next:
            yield from self.condition(branch.when, place)
        yield from check_question(question, self.library, self.names)

    # ------------------------------------------------------------ deadlines, amounts, papers

    def _deadline(self, deadline: Deadline) -> Iterator[Fault]:
        names, at = self.names, deadline.at
        yield from self._source(deadline.source, at)
        yield from confirms(deadline.grade, deadline.confirm, at, f"deadline '{deadline.name}'")
        for start in deadline.counts_from:
            question = names.questions.get(start)
            if start not in self.flow.deadlines and (question is None or question.kind != "date"):
                days = [one.name for one in names.questions.values() if one.kind == "date"]
                what = f"'{deadline.name}' counts from '{start}', which is no question of a day"
                yield fault(at, what, one_of(start, [*days, *self.flow.deadlines]))
        if deadline.seen_from is not None:
            yield from self._seen_from(deadline.seen_from, deadline)
        others = [*deadline.earliest_of]
        if isinstance(deadline.opens, str):
            others.append(deadline.opens)
        for other in others:
            if other not in self.flow.deadlines or other == deadline.name:
                what = f"'{deadline.name}' names the deadline '{other}'"
                right = one_of(other, set(self.flow.deadlines) - {deadline.name})
                yield fault(at, what, right)
        if deadline.on is not None:
            yield from rule_of(deadline.on, frozenset({"day"}), self.library, at)
        for offset in (deadline.offset, deadline.opens):
            for unit, part in parts_of_offset(offset):
                if isinstance(part, str):
                    yield from rule_of(part, frozenset({unit}), self.library, at)
        if self._counts_in_a_circle(deadline):
            yield fault(at, f"'{deadline.name}' counts from itself", "count from a question")
        if deadline.label is not None:
            yield from no_params(deadline.label)

    def _seen_from(self, day: str, deadline: Deadline) -> Iterator[Fault]:
        days = {one.name for one in self.names.questions.values() if one.kind == "date"}
        if day not in days | {"filing_on"}:
            what = f"'{deadline.name}' is seen from '{day}', which is no question of a day"
            yield fault(deadline.at, what, one_of(day, days | {"filing_on"}))

    def _counts_in_a_circle(self, deadline: Deadline) -> bool:
        seen: set[str] = set()
        waiting = [deadline.name]
        while waiting:
            one = self.flow.deadlines.get(waiting.pop())
            for start in (*one.counts_from, *one.earliest_of) if one else ():
                if start == deadline.name:
                    return True
                if start not in seen:
                    seen.add(start)
                    waiting.append(start)
        return False

    def _amounts(self) -> Iterator[Fault]:
        for name, lines in self.flow.amounts.items():
            for line in lines:
                yield from self.condition(line.when, None)
                yield from rule_of(line.rule, frozenset({"JPY"}), self.library, line.at)
                rule = self.library.rules.get(line.rule)
                bands = {band for one in rule.values for band in one.bands or ()} if rule else set()
                if line.band is not None and line.band not in bands | set(self.names.questions):
                    what = f"'{line.rule}' has no band '{line.band}' (amount '{name}')"
                    yield fault(line.at, what, one_of(line.band, bands))

    def _documents(self) -> Iterator[Fault]:
        for document in self.flow.documents:
            yield from self.condition(document.when, None)
            if document.source is None:
                what = f"paper '{document.id}' has no source"
                yield fault(document.at, what, "add `source: ...` to it or to its group")
            else:
                yield from self._source(document.source, document.at)
            if document.max_age is not None:
                units = frozenset({"days", "months", "years"})
                yield from rule_of(document.max_age, units, self.library, document.at)
            for sentence in (document.text, document.note):
                if sentence is not None:
                    yield from no_params(sentence)
                    yield from confirms_sentence(sentence)

    # ------------------------------------------------------------ outcomes

    def _outcome(self, outcome: Outcome) -> Iterator[Fault]:
        for source in outcome.sources:
            yield from self._source(source, outcome.at)
        for step in outcome.steps:
            yield from self._step(step, outcome)
        for sentence in sentences_of_outcome(outcome):
            yield from self._sentence(sentence, outcome)
        own = [*([outcome.headline] if outcome.headline else []), *outcome.say]
        yield from self._have_source(own, bool(outcome.sources))
        for line in outcome.handoff:
            yield from self.condition(line.when, outcome.name)
        for follow in outcome.follow_ups:
            yield from self.condition(follow.when, outcome.name)
            yield from leads_to(follow.flow, self.library, follow.at, self.flow.id)
        if outcome.start_flow is not None:
            yield from leads_to(outcome.start_flow, self.library, outcome.at, self.flow.id)

    def _step(self, step: Step, outcome: Outcome) -> Iterator[Fault]:
        yield from self.condition(step.when, outcome.name)
        if step.deadline is not None and step.deadline not in self.flow.deadlines:
            what = f"step '{step.name}' names the deadline '{step.deadline}'"
            yield fault(step.at, what, one_of(step.deadline, self.flow.deadlines))
        if step.source is not None:
            yield from self._source(step.source, step.at)
        yield from self._have_source(step.say, bool(step.source or outcome.sources))

    def _sentence(self, sentence: Sentence, outcome: Outcome) -> Iterator[Fault]:
        yield from self.condition(sentence.when, outcome.name)
        yield from confirms_sentence(sentence)
        if sentence.source is not None:
            yield from self._source(sentence.source, sentence.at)
        for param in sentence.params:
            if not self.names.fills(param):
                name, _, part = param.partition(".")
                known = [*self.names.known(), "office"]
                right = one_of(param, known)
                if name in self.flow.deadlines:
                    right = one_of(part, DEADLINE_PARTS)
                yield fault(sentence.at, f"nothing here fills the placeholder '{param}'", right)
        if sentence.count is not None and not self.names.fills(sentence.count):
            what = f"'{sentence.address}' counts '{sentence.count}', which is nothing here"
            yield fault(sentence.at, what, one_of(sentence.count, self.names.known()))

    def _have_source(self, said: "list[Sentence] | tuple[Sentence, ...]", inherited: bool
                     ) -> Iterator[Fault]:  # fmt: skip
        for sentence in said:
            if sentence.source is None and not inherited:
                right = "add `sources: [...]` to the outcome or `source: ...` to the sentence"
                yield fault(sentence.at, f"'{sentence.address}' has no source", right)

    def _source(self, name: str, at: At) -> Iterator[Fault]:
        yield from source_of(name, self.library, at)

    # ------------------------------------------------------------ what is always said

    def _always_says(self, outcome: Outcome) -> Iterator[Fault]:
        """Whatever is known or not, an outcome says something; and each state has its words."""
        if outcome.name not in self.paths.reached:
            return
        if not (self._has_sure_sentence(outcome) or self._covers_some_name(outcome)):
            what = f"outcome '{outcome.name}' may say nothing when an answer is not known"
            right = "add one sentence without condition and without a day or amount"
            yield fault(outcome.at, what, right)
        told = {param.partition(".")[0] for one in sentences_of_outcome(outcome)
                for param in one.params}  # fmt: skip
        for name in sorted(told & set(self.flow.deadlines)):
            yield from self._each_state_has_words(outcome, name)

    def _has_sure_sentence(self, outcome: Outcome) -> bool:
        said = [*([outcome.headline] if outcome.headline else []), *outcome.say]
        said += [one for step in outcome.steps if step.when is None for one in step.say]
        return any(one.when is None and self._sure(one, None) for one in said)

    def _sure(self, sentence: Sentence, known: str | None) -> bool:
        """Whether all placeholders have a value, given that the deadline `known` is known."""
        return all(
            param in self.library.rules or param == "filing_on" or param.partition(".")[0] == known
            for param in sentence.params
        )

    def _covers_some_name(self, outcome: Outcome) -> bool:
        """Whether for one name every word that it can have here has its sentence."""
        covered: dict[str, set[str]] = {}
        for sentence in outcome.say:
            when = sentence.when
            if when is None or when.raw[0] != "is":
                continue
            name, words = next(iter(atoms(when.raw)))
            if self._sure(sentence, None if "unknown" in words else name):
                covered.setdefault(name, set()).update(words)
        return any(self._can_be(name, outcome) <= words for name, words in covered.items())

    def _can_be(self, name: str, outcome: Outcome) -> frozenset[str]:
        """The words that `name` can have when one arrives at an outcome."""
        words = self.paths.possible(name, outcome.name)
        deadline = self.flow.deadlines.get(name)
        return words if deadline is None else words & possible_states(deadline)

    def _each_state_has_words(self, outcome: Outcome, name: str) -> Iterator[Fault]:
        """A last day to act that is told has words for the states in which it is no such day."""
        deadline = self.flow.deadlines[name]
        if name in self.flow.optional or deadline.tell != "open_day_before":
            return
        named: set[str] = set()
        for one in sentences_of_outcome(outcome):
            reads = [words for key, words in atoms(one.when.raw) if key == name] if one.when else []
            for words in reads:
                named |= words
            if one.when is None and any(p.partition(".")[0] == name for p in one.params):
                # Said in every state in which there is a day: it must be true in each of them.
                named |= DEADLINE_WORDS - {"no_open_day", "grace", "unknown"}
        possible = self._can_be(name, outcome)
        for state in HAS_OWN_SENTENCE:
            if state in possible and state not in named:
                what = f"outcome '{outcome.name}' tells '{name}' and has no words for '{state}'"
                right = f"add a sentence with `when: {{{name}: {state}}}`"
                yield fault(outcome.at, what, right)

    # ------------------------------------------------------------ which day decides

    def _day_that_decides(self) -> Iterator[Fault]:
        flow = self.flow
        at = (flow.file, 1)
        if flow.as_of is not None:
            days = {one.name for one in self.names.questions.values() if one.kind == "date"}
            days |= set(flow.deadlines)
            if flow.as_of not in days | DAYS_OF_DECISION:
                what = f"as_of names '{flow.as_of}', which is no day"
                yield fault(at, what, one_of(flow.as_of, days | DAYS_OF_DECISION))
            asked = flow.as_of in self.names.questions
            if flow.as_of == "filing_on" and flow.kind == "flow" and not asked:
                right = "add `filing_on: {use: filing_on}` under refine"
                yield fault(at, "as_of is filing_on, which nobody can change", right)
            return
        for name in sorted(rules_read(self.flow, self.library)):
            rule = self.library.rules.get(name)
            if rule is not None and len(rule.values) > 1:
                what = f"'{name}' changes over time and no day decides which value counts"
                yield fault(at, what, "add `as_of: filing_on`, `as_of: today` or another day")
                return
