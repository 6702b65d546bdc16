"""One flow taken apart into what stories must prove, and what holds of it in one walk."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.flow.check_truths import possible_truths
from bot.flow.conditions import Case, Conditions
from bot.flow.coverage_rules import DatedRules
from bot.flow.engine import Engine
from bot.flow.events import DUTIES
from bot.flow.model import (
    AmountLine,
    At,
    Branch,
    Condition,
    Flow,
    HandoffLine,
    Outcome,
    Progress,
    Sentence,
)
from bot.flow.own_office import is_told, told
from bot.flow.papers import Paper
from bot.flow.report import condition_text
from bot.flow.solve import Plan
from bot.flow.stories import Story, short_name, walk
from bot.flow.ways import Way, ways_through

CERTAIN, MAYBE, NOT = "certain", "maybe", "not listed"
FEE = "fee"
PROVED_BY = {CERTAIN: "documents", MAYBE: "maybe", NOT: "not_documents"}

Key = tuple[str, ...]
"""The identity of an item inside its flow; the first part is its kind."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a story must prove. `side` is what must be shown of it, `when` its own
    condition in words."""

    key: Key
    side: str
    when: str
    at: At

    @property
    def kind(self) -> str:
        return self.key[0]

    @property
    def can_be_idle(self) -> bool:
        """Whether it is no fault if it never happens: a paper that is never left open or left
        out, a line that is never the first to head a paper."""
        return self.kind == "only_if" or self.side in (MAYBE, NOT)

    @property
    def name(self) -> str:
        return " ".join(part for part in self.key[1:3] if part)

    def __str__(self) -> str:
        side = f", as {self.side}" if self.side else ""
        when = f" ({self.when})" if self.when != "always" else ""
        return f"{self.at[0]}:{self.at[1]}: {self.kind} {self.name}{side}{when}"


class Parts:
    """One flow taken apart: its items, and which of them hold in a walk."""

    def __init__(self, engine: Engine, flow_id: str) -> None:
        flow = engine.flow(flow_id)
        assert flow is not None, f"nothing is called {flow_id!r}"
        self.engine = engine
        self.flow: Flow = flow
        self.rules = DatedRules(flow, engine.library)
        self.plans: Mapping[str, Plan] = engine.plans(flow_id)

    # ------------------------------------------------------------ all items

    def items(self) -> Iterator[Item]:
        """Everything of the flow that a story must prove, in its order."""
        flow = self.flow
        for question in flow.questions.values():
            for index, branch in enumerate(question.next):
                key = ("branch", question.name, f"-> {branch.go}", str(index))
                yield Item(key, "", condition_text(branch.when), branch.at)
        for name, lines in flow.amounts.items():
            for index, line in enumerate(lines):
                key = ("amount", name, line.rule, str(index))
                yield Item(key, "", condition_text(line.when), line.at)
        yield from self._papers()
        yield from self._only_if()
        for outcome in flow.outcomes.values():
            yield from self._outcome(outcome)
        for name, side, at in self.rules.sides():
            yield Item(("rule", name, side), "", "always", at)

    def _papers(self) -> Iterator[Item]:
        """Each entry of a paper once, wherever it is listed."""
        seen: set[Key] = set()
        for plan in self.plans.values():
            for paper in papers_of(plan):
                for way in paper.ways:
                    for side in self._sides_of(way.condition):
                        key = _paper_key(paper, way.condition, side)
                        if key not in seen:
                            seen.add(key)
                            at = way.condition.at if way.condition else paper.document.at
                            yield Item(key, side, condition_text(way.condition), at)

    def _only_if(self) -> Iterator[Item]:
        """Each "Only if" line that can head a paper of the flow."""
        seen: dict[Key, Sentence] = {}
        for plan in self.plans.values():
            for paper in papers_of(plan):
                for way in paper.ways:
                    if None in possible_truths(way.condition, self.rules.names):
                        seen |= {_only_if_key(line.sentence): line.sentence for line in way.over}
        for key, sentence in seen.items():
            yield Item(key, "", "always", sentence.at)

    def _sides_of(self, when: Condition | None) -> Iterator[str]:
        """Always as certain; as conditional and as not listed if that can be at all."""
        truths = possible_truths(when, self.rules.names)
        yield CERTAIN
        yield from (MAYBE,) if None in truths else ()
        yield from (NOT,) if False in truths else ()

    def _outcome(self, outcome: Outcome) -> Iterator[Item]:
        yield Item(("outcome", outcome.name), "", "always", outcome.at)
        for sentence in outcome.say:
            if not self._is_of_another_office(sentence):
                yield self._sentence(sentence, outcome)
        for step in outcome.steps:
            key: Key = ("step", outcome.name, step.name)
            yield Item(key, "", condition_text(step.when), step.at)
            for sentence in step.say:
                yield self._sentence(sentence, outcome)
        for index, follow in enumerate(outcome.follow_ups):
            key = ("follow_up", outcome.name, follow.flow, str(index))
            yield Item(key, "", condition_text(follow.when), follow.at)
        for index, line in enumerate(outcome.handoff):
            key = ("handoff", outcome.name, line.level, str(index))
            yield Item(key, "", condition_text(line.when), line.at)

    def _is_of_another_office(self, sentence: Sentence) -> bool:
        """Whether it tells something of the office that the office of this copy does not have."""
        office = self.engine.library.office
        return any(is_told(param) and told(office, param) is None for param in sentence.params)

    def _short(self, sentence: Sentence, outcome: Outcome) -> str:
        """The name of a sentence as stories write it."""
        if self.flow.kind == "event":
            return sentence.address.rpartition(".")[2]
        return short_name(sentence.address, outcome.name)

    def _sentence(self, sentence: Sentence, outcome: Outcome) -> Item:
        key = ("sentence", outcome.name, self._short(sentence, outcome))
        return Item(key, "", condition_text(sentence.when), sentence.at)

    # ------------------------------------------------------------ what holds in a walk

    def holding(self, progress: Progress, case: Case) -> set[Key]:
        """The items that hold for these answers on this day."""
        found: set[Key] = {
            ("branch", name, f"-> {go}", str(index))
            for name, go, index in self._taken(progress, case)
        }
        if progress.outcome is None:
            return found
        plan, tests = self.plans[progress.outcome], case.tests
        outcome = plan.outcome
        found.add(("outcome", outcome.name))
        for saying in (*plan.say, *(one for step in plan.steps for one in step.say)):
            if saying.said_of(case) is not None:
                name = self._short(saying.sentence, outcome)
                found.add(("sentence", outcome.name, name))
        for planned in plan.steps:
            if planned.test is None or planned.test(case) is True:
                found.add(("step", outcome.name, planned.step.name))
        for index, follow in enumerate(outcome.follow_ups):
            if _holds(follow.when, tests, case):
                found.add(("follow_up", outcome.name, follow.flow, str(index)))
        if (line := _first(outcome.handoff, tests, case)) is not None:
            level = outcome.handoff[line].level
            found.add(("handoff", outcome.name, level, str(line)))
        for name, lines in self.flow.amounts.items():
            if (line := _first(lines, tests, case)) is not None:
                found.add(("amount", name, lines[line].rule, str(line)))
        for paper in papers_of(plan, case):
            found |= _sides(paper, case)
            listed = paper.listed_for(case)
            if listed is not None and listed.condition is not None:
                found.add(_only_if_key(listed.condition))
        return found

    def _taken(self, progress: Progress, now: Case) -> Iterator[tuple[str, str, int]]:
        """Each branch that was taken, judged as it was when its question was answered."""
        refined = [one for one in progress.answers if one.name in self.flow.refine]
        walked = progress.answers[: progress.walked]
        case = Case(now.tests, now.library, now.today)
        for answer in (*refined, *walked):
            case.add(answer.name, answer.value)
            if answer.name in self.flow.questions:
                branches = self.flow.questions[answer.name].next
                index = _first(branches, case.tests, case)
                if index is not None:
                    yield answer.name, branches[index].go, index

    def examples_of(self, wanted: Iterable[Item], walks: int) -> dict[Item, Way]:
        """For each of these items a walk in which it holds, if one is found."""
        open_items = {item.key: item for item in wanted if item.kind != "rule"}
        found: dict[Item, Way] = {}
        if not open_items:
            return found
        tests = Conditions(self.flow)
        for way in ways_through(self.flow, tests, self.engine.library, walks):
            held = self.holding(way.progress, way.case)
            for key in held & open_items.keys():
                found[open_items.pop(key)] = way
            if not open_items:
                break
        return found

    # ------------------------------------------------------------ what a story proves

    def proved_by(self, story: Story) -> tuple[set[Key], set[Key]]:
        """The items that a story asserts, and all that hold in it; raises DoesNotFit."""
        progress = walk(self.engine, story)
        case = self.engine.case(story.flow, progress.answers, story.today)
        held = self.holding(progress, case)
        if story.is_event:
            said = {("sentence", DUTIES, name) for name in story.names("says")}
            asserted = {key for key in held if key[0] != "sentence" or key in said}
        else:
            asserted = {key for key in held if self._asserts(story, key)}
            asserted |= set(self._headed(story, progress, case))
        names = set(self._names_asserted(story, progress))
        return asserted | {("rule", *side) for side in self.rules.read_by(names, case)}, held

    def _asserts(self, story: Story, key: Key) -> bool:
        kind, name = key[0], key[-1]
        match kind:
            case "branch":
                return True
            case "only_if":
                return False  # by the paper that it heads, see `_headed`
            case "outcome":
                return story.written.get("ends_at") == name
            case "sentence":
                return name in story.names("says")
            case "step":
                said = any(one.startswith(f"{name}.") for one in story.names("says"))
                return said or name in story.names("steps")
            case "follow_up":
                line = self.flow.outcomes[key[1]].follow_ups[int(name)]
                return line.when is None or line.flow in story.names("follow_ups")
            case "handoff":
                lines = self.flow.outcomes[key[1]].handoff
                return len(lines) == 1 or "handoff" in story.written
            case "amount":
                return key[1] != FEE or FEE in story.written or self._tells(story, FEE)
            case _:
                return key[1] in story.names(PROVED_BY[key[-1]])

    def _headed(self, story: Story, progress: Progress, case: Case) -> Iterator[Key]:
        """The "Only if" lines over papers that the story asserts as conditional."""
        if progress.outcome is not None:
            for paper in papers_of(self.plans[progress.outcome], case):
                listed = paper.listed_for(case)
                if listed is not None and listed.condition is not None:
                    if paper.document.id in story.names("maybe"):
                        yield _only_if_key(listed.condition)

    def _tells(self, story: Story, name: str) -> bool:
        """Whether the story asserts a sentence that tells this amount."""
        said = set(story.names("says"))
        return any(
            name in one.params and self._short(one, outcome) in said
            for outcome in self.flow.outcomes.values()
            for one in _sentences(outcome)
        )

    def _names_asserted(self, story: Story, progress: Progress) -> Iterator[str]:
        """The names on which rests what the story asserts."""
        for answer in progress.answers[: progress.walked]:
            for branch in self.flow.questions[answer.name].next:
                yield from _names(branch.when)
        yield from dict(story.written.get("tells") or {})
        yield from dict(story.written.get("state") or {})
        if FEE in story.written:
            yield FEE
        if progress.outcome is None:
            return
        plan = self.plans[progress.outcome]
        outcome = plan.outcome
        spoken = {*story.names("says"), *story.names("not_says")}
        for sentence in _sentences(outcome):
            if self._short(sentence, outcome) in spoken:
                yield from _names(sentence.when)
                yield from sentence.params
                yield from (sentence.count,) if sentence.count else ()
        listed = {name for key in PROVED_BY.values() for name in story.names(key)}
        for paper in papers_of(plan):
            if paper.document.id in listed:
                yield from _names(paper.condition)
                yield from (paper.document.max_age,) if paper.document.max_age else ()
        followed = {*story.names("follow_ups"), *story.names("not_follow_ups")}
        for follow in outcome.follow_ups:
            yield from _names(follow.when) if follow.flow in followed else ()
        due = {*story.names("steps"), *story.names("not_steps")}
        for step in outcome.steps:
            yield from _names(step.when) if step.name in due else ()
        for line in outcome.handoff if "handoff" in story.written else ():
            yield from _names(line.when)


# ---------------------------------------------------------------- small parts


def papers_of(plan: Plan, case: Case | None = None) -> Iterator[Paper]:
    """The papers of an outcome and of its steps; with `case`, only of steps that are due."""
    yield from plan.papers
    for planned in plan.steps:
        if case is None or planned.test is None or planned.test(case) is True:
            yield from planned.papers


def _sides(paper: Paper, case: Case) -> set[Key]:
    found: set[Key] = set()
    listed = paper.listed_for(case)
    for way in paper.ways:
        truth = True if way.test is None else way.test(case)
        if truth is True:
            found.add(_paper_key(paper, way.condition, CERTAIN))
        elif truth is None and listed is not None and listed.condition is not None:
            found.add(_paper_key(paper, way.condition, MAYBE))
        elif truth is False and listed is None:
            found.add(_paper_key(paper, way.condition, NOT))
    return found


def _paper_key(paper: Paper, when: Condition | None, side: str) -> Key:
    return "document", paper.document.id, "", condition_text(when), side


def _only_if_key(sentence: Sentence) -> Key:
    """Several words of one question may share a line: the text counts."""
    return "only_if", sentence.address.partition(".only_if.")[0], sentence.text


def _sentences(outcome: Outcome) -> Iterator[Sentence]:
    yield from outcome.say
    for step in outcome.steps:
        yield from step.say


def _names(when: Condition | None) -> frozenset[str]:
    return when.names if when is not None else frozenset()


def _holds(when: Condition | None, tests: Conditions, case: Case) -> bool:
    return when is None or tests.of(when)(case) is True


def _first(lines: Sequence[Branch | AmountLine | HandoffLine], tests: Conditions, case: Case
           ) -> int | None:  # fmt: skip
    """The number of the first line whose condition is a clear yes."""
    holding = (index for index, line in enumerate(lines) if _holds(line.when, tests, case))
    return next(holding, None)
