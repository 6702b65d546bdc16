"""From a finished walk to what people are told: sentences, days, papers, offices.

A `Plan` is everything about one outcome that does not depend on the person, worked out once.
Solving only asks its closures. A sentence is said only if its condition is a clear yes and all
its placeholders are known; a paper whose condition is unknown is listed as conditional.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.flow import amounts, own_office, statuses
from bot.flow.conditions import FILING_ON, Case, Conditions, Test
from bot.flow.model import (
    UNKNOWN,
    DatedValue,
    Document,
    Flow,
    Library,
    ListedDocument,
    Office,
    Outcome,
    Param,
    Progress,
    Question,
    Sentence,
    Solution,
    SolvedDeadline,
    SolvedStep,
    Source,
    Spoken,
    Step,
)
from bot.flow.papers import Paper, checklist, is_listed, papers_of
from bot.flow.places import offices_for
from bot.flow.refine import OpenQuestions

IMMIGRATION = "immigration"
KEPT_SOURCES = 256
"""Lists of sources that are kept for one outcome."""

Getter = Callable[[Case], Param | None]


# ---------------------------------------------------------------- sentences


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence with its test and the getters of its placeholders. `bare`: the sentence as it
    is said where it has no placeholders."""

    sentence: Sentence
    test: Test | None
    getters: tuple[tuple[str, Getter], ...]
    bare: Spoken | None

    def said_of(self, case: Case) -> Spoken | None:
        """The sentence with its values, or None if it is not certain that it is true."""
        if self.test is not None and self.test(case) is not True:
            return None
        if self.bare is not None:
            return self.bare
        params: dict[str, Param] = {}
        for name, getter in self.getters:
            value = getter(case)
            if value is None:
                return None
            params[name] = value
        return Spoken(self.sentence, params)


def saying(sentence: Sentence, tests: Conditions, library: Library) -> Saying:
    """A sentence of this flow, compiled."""
    names = dict.fromkeys(sentence.params)
    if sentence.count is not None:
        names[sentence.count] = None
    getters = tuple((name, _getter(name, tests.flow, library)) for name in names)
    bare = None if getters else Spoken(sentence)
    return Saying(sentence, tests.maybe(sentence.when), getters, bare)


def _getter(name: str, flow: Flow, library: Library) -> Getter:
    deadline, _, part = name.partition(".")
    if deadline in flow.deadlines:
        read = _DEADLINE_PARTS[part]
        return lambda case: read(case.deadline(deadline))
    if name in flow.amounts:
        return lambda case: _money(case, name)
    if name in library.rules:
        rule = library.rules[name]
        return lambda case: amounts.param_on(rule, case.as_of)
    if name == "office":
        return _nearest_office
    if name == FILING_ON:
        return lambda case: case.filing_on
    if name in statuses.TOLD:
        return lambda case: statuses.told(case.status(), name)
    if own_office.is_told(name):
        return lambda case: own_office.told(case.library.office, name)
    question = flow.questions.get(name) or flow.refine.get(name)
    if question is None:
        raise ValueError(f"{flow.id}: nothing fills the placeholder {name!r}")
    return _answer_getter(question)


_DEADLINE_PARTS: dict[str, Callable[[SolvedDeadline], Param | None]] = {
    "": lambda day: day.tell,
    "law": lambda day: day.law_last_day,
    "opens": lambda day: day.opens_on,
    "days_left": lambda day: day.days_left,
}


def _money(case: Case, name: str) -> Param | None:
    money = case.amount(name)
    return None if money.kind == UNKNOWN else money


def _nearest_office(case: Case) -> Param | None:
    place = case.place()
    found = offices_for(place, case.library) if place is not None else ()
    return found[0].name if found else None


def _answer_getter(question: Question) -> Getter:
    name = question.name
    if question.kind == "date":
        return lambda case: case.day(name)
    if question.kind == "number":
        return lambda case: case.number(name)
    labels = {option.id: option.label for option in question.options}

    def label(case: Case) -> Param | None:
        value = case.known(name)
        if not isinstance(value, str):
            return None
        if question.kind == "text":
            return value
        status = case.library.statuses.get(value) if question.table else None
        return labels.get(value) or (status.label if status else None)

    return label


# ---------------------------------------------------------------- plans


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One duty of an outcome, compiled."""

    step: Step
    test: Test | None
    say: tuple[Saying, ...]
    papers: tuple[Paper, ...]

    def solved_for(self, case: Case) -> SolvedStep | None:
        """The duty as it stands, or None if it is not certain that it is due."""
        if self.test is not None and self.test(case) is not True:
            return None
        deadline = case.deadline(self.step.deadline) if self.step.deadline else None
        return SolvedStep(
            self.step.name,
            self.step.authority,
            _said(self.say, case),
            None if deadline is None or deadline.state == UNKNOWN else deadline,
            checklist(self.papers, case),
        )


class Plan:
    """One outcome of one flow, ready to be solved for anybody."""

    def __init__(self, outcome: Outcome, tests: Conditions, library: Library) -> None:
        flow = tests.flow
        self.outcome = outcome
        self.flow = flow
        self.library = library
        self.show = frozenset(outcome.show)
        self.say = tuple(saying(sentence, tests, library) for sentence in outcome.say)
        self.steps = tuple(self._step(step, tests) for step in outcome.steps)
        self.papers = papers_of(self._documents(), tests) if "documents" in self.show else ()
        self.follow_ups = tuple(
            (line.flow, tests.maybe(line.when))
            for line in outcome.follow_ups
            if _is_there(line.flow, library)
        )
        self.handoff = tuple((line.level, tests.maybe(line.when)) for line in outcome.handoff)
        self.shows_offices = "offices" in self.show and (
            not outcome.authority
            or IMMIGRATION in outcome.authority
            or any(IMMIGRATION in step.authority for step in outcome.steps)
        )
        ways = [*self.papers, *(paper for step in self.steps for paper in step.papers)]
        needed = [paper.condition for paper in ways]
        self.open_questions = OpenQuestions(outcome, needed, tests)
        self._sources_of: dict[tuple[str | None, ...], tuple[Source, ...]] = {}

    def _step(self, step: Step, tests: Conditions) -> PlannedStep:
        own = [document for document in self.flow.documents if is_listed(document, step)]
        there = {document.id for document in own}
        own += [
            self.library.documents[name]
            for name in step.documents
            if name not in there and name in self.library.documents
        ]
        return PlannedStep(
            step,
            tests.maybe(step.when),
            tuple(saying(sentence, tests, self.library) for sentence in step.say),
            papers_of(own, tests),
        )

    def _documents(self) -> list[Document]:
        """The papers of the outcome; those that only a step names stand with the step."""
        papers, outcome = self.flow.documents, self.outcome
        if outcome.documents is not None:
            return [document for document in papers if is_listed(document, outcome)]
        return [
            document for document in papers
            if not any(is_listed(document, step) for step in outcome.steps)
        ]  # fmt: skip

    def solve(self, case: Case, progress: Progress, *, what_if: bool = False) -> Solution:
        """Everything that this outcome means for one case; without `changes`.

        With `what_if` only what can be compared: nobody is asked further questions there.
        """
        outcome = self.outcome
        sentences = _said(self.say, case)
        deadlines = self._deadlines(case, sentences)
        steps = tuple(step for plan in self.steps if (step := plan.solved_for(case)) is not None)
        documents = checklist(self.papers, case)
        spoken = [*sentences, *(line for step in steps for line in step.sentences)]
        values = self._values_told(case, spoken)
        sources = self._sources(spoken, values, deadlines, steps, documents)
        return Solution(
            flow=self.flow.id,
            today=case.today,
            filing_on=filing_day(case),
            question=None,
            outcome=outcome.name,
            answers=progress.answers,
            sentences=sentences,
            deadlines=deadlines,
            amounts={name: case.amount(name) for name in self.flow.amounts},
            documents=documents,
            steps=steps,
            follow_ups=_holding(self.follow_ups, case),
            offices=self._offices(case),
            authority=outcome.authority,
            channel=outcome.channel,
            handoff=next(iter(_holding(self.handoff, case)), "none"),
            sources=sources,
            refine=() if what_if else self.open_questions.still_open(case),
            start_flow=outcome.start_flow,
            confirm=self._confirm(spoken, values, (*deadlines, *_deadlines_of(steps))),
            oldest_check=min((source.checked for source in sources), default=None),
            read_through=self.flow.read_through,
        )

    def _deadlines(self, case: Case, sentences: Sequence[Spoken]) -> tuple[SolvedDeadline, ...]:
        """Those that are shown, and those that a sentence speaks of, as far as known."""
        told = {name.partition(".")[0] for line in sentences for name in line.params}
        everything = "deadlines" in self.show
        solved = [case.deadline(name) for name in self.flow.deadlines if everything or name in told]
        return tuple(deadline for deadline in solved if deadline.state != UNKNOWN)

    def _values_told(self, case: Case, spoken: Iterable[Spoken]) -> list[DatedValue]:
        """The values of law whose number a sentence or the card tells."""
        names = {name: None for line in spoken for name in line.params}
        if "fee" in self.show:
            names.update(dict.fromkeys(self.flow.amounts))
        values = [case.value_behind(name) for name in names]
        return [value for value in values if value is not None]

    def _offices(self, case: Case) -> tuple[Office, ...]:
        place = case.place() if self.shows_offices else None
        return () if place is None else offices_for(place, self.library)

    def _sources(
        self,
        spoken: Iterable[Spoken],
        values: Iterable[DatedValue],
        deadlines: Iterable[SolvedDeadline],
        steps: Iterable[SolvedStep],
        documents: Iterable[ListedDocument],
    ) -> tuple[Source, ...]:
        ids: dict[str | None, None] = dict.fromkeys(self.outcome.sources)
        ids.update((line.sentence.source, None) for line in spoken)
        ids.update((value.source, None) for value in values)
        ids.update((deadline.source, None) for deadline in deadlines)
        for step in steps:
            if step.deadline is not None:
                ids[step.deadline.source] = None
            ids.update((paper.document.source, None) for paper in step.documents)
        ids.update((paper.document.source, None) for paper in documents)
        # The same tuple for the same sources: who shows them finds by identity what it drew.
        key = tuple(ids)
        found = self._sources_of.get(key)
        if found is None:
            known = self.library.sources
            found = tuple(known[name] for name in ids if name is not None and name in known)
            if len(self._sources_of) >= KEPT_SOURCES:
                self._sources_of.clear()
            self._sources_of[key] = found
        return found

    def _confirm(
        self,
        spoken: Iterable[Spoken],
        values: Iterable[DatedValue],
        deadlines: Iterable[SolvedDeadline],
    ) -> tuple[Spoken, ...]:
        """One shared sentence for each way in which something told must be confirmed."""
        marks = dict.fromkeys(line.sentence.confirm for line in spoken)
        marks.update((value.confirm, None) for value in values)
        marks.update((self.flow.deadlines[deadline.name].confirm, None) for deadline in deadlines)
        return tuple(
            Spoken(self.library.talk[f"confirm_{mark}"]) for mark in marks if mark is not None
        )


def unfinished(progress: Progress, case: Case) -> Solution:
    """What can be said while a question is open: the days that are already known."""
    deadlines = [case.deadline(name) for name in case.flow.deadlines]
    return Solution(
        flow=progress.flow,
        today=case.today,
        filing_on=filing_day(case),
        question=progress.question,
        outcome=None,
        answers=progress.answers,
        deadlines=tuple(deadline for deadline in deadlines if deadline.state != UNKNOWN),
        amounts={name: case.amount(name) for name in case.flow.amounts},
        read_through=case.flow.read_through,
    )


def filing_day(case: Case) -> date | None:
    """The day of filing if it decides anything in this flow or was named, else None."""
    if case.flow.as_of == FILING_ON or FILING_ON in case.answers:
        return case.filing_on
    return None


def _deadlines_of(steps: Iterable[SolvedStep]) -> Iterable[SolvedDeadline]:
    return (step.deadline for step in steps if step.deadline is not None)


def _said(sayings: Iterable[Saying], case: Case) -> tuple[Spoken, ...]:
    found = [line.said_of(case) for line in sayings]
    return tuple(line for line in found if line is not None)


def _holding(lines: Iterable[tuple[str, Test | None]], case: Case) -> tuple[str, ...]:
    """The ids whose condition is a clear yes, each once, in order."""
    held = [name for name, test in lines if test is None or test(case) is True]
    return tuple(dict.fromkeys(held))


def _is_there(name: str, library: Library) -> bool:
    return name in library.flows or name in library.topics or name in library.events
