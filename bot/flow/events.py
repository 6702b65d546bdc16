"""Life events: one thing that happened, all the duties that follow, in their order.

An event asks at most three shared questions. It is walked like a flow: `as_flow` makes one of
it, so that back, "I don't know" and a changed answer work as everywhere. Each duty is a flow
or one step of a flow, solved with the same answers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from bot.flow.model import (
    Answer,
    Branch,
    Duty,
    Event,
    Flow,
    Library,
    Outcome,
    Question,
    Solution,
    SolvedDeadline,
    SolvedStep,
    Source,
    Spoken,
)

DUTIES = "duties"


@dataclass(frozen=True, slots=True)
class SolvedDuty:
    """A duty of an event. `is_certain` is False when an answer that decides is not known.

    `sentences` are the event's own words. `deadline` is there as soon as the answers make it
    known. `solution` is the flow with the same answers (None for a pointer elsewhere, and for a
    flow that is not written): `step` is the duty itself when they already lead there, else
    `solution.question` is what the flow still has to ask.
    """

    flow: str | None
    is_certain: bool
    solution: Solution | None
    step: SolvedStep | None = None
    sentences: tuple[Spoken, ...] = ()
    authority: tuple[str, ...] = ()
    deadline: SolvedDeadline | None = None

    @property
    def words(self) -> tuple[Spoken, ...]:
        """What is told of it: the event's own words, else those of the step."""
        return self.sentences or (self.step.sentences if self.step is not None else ())


@dataclass(frozen=True, slots=True)
class SolvedEvent:
    """An event on one day: the question still open, or the duties and what is not due."""

    event: str
    question: str | None
    duties: tuple[SolvedDuty, ...] = ()
    not_due: tuple[Spoken, ...] = ()
    sources: tuple[Source, ...] = ()
    confirm: tuple[Spoken, ...] = ()
    answers: tuple[Answer, ...] = ()

    @property
    def oldest_check(self) -> date | None:
        """The day on which the source that was read longest ago was read."""
        return min((source.checked for source in self.sources), default=None)


def as_flow(event: Event) -> Flow:
    """The event as a flow: its questions one after the other, then its duties.

    Its one outcome says everything that the event can say, so that what holds for sentences of
    flows (conditions, placeholders, sources) holds here, too.
    """
    names = [question.name for question in event.ask]
    after = dict(zip(names, [*names, DUTIES][1:], strict=True))
    questions: Mapping[str, Question] = {
        one.name: _followed_by(one, after[one.name]) for one in event.ask
    }
    shape = repr([(q.name, q.kind, [o.id for o in q.options]) for q in event.ask])
    said = (*(one for duty in event.duties for one in duty.say), *event.not_due)
    authority = dict.fromkeys(name for duty in event.duties for name in duty.authority)
    return Flow(
        id=event.id,
        title=event.title,
        start=names[0] if names else DUTIES,
        as_of="today",
        questions=questions,
        refine={},
        deadlines={},
        amounts={},
        documents=(),
        outcomes={
            DUTIES: Outcome(
                name=DUTIES,
                say=said,
                sources=event.sources,
                authority=tuple(authority),
                at=event.title.at,
            )
        },
        fingerprint=sha256(shape.encode()).hexdigest()[:8],
        kind="event",
        title_ja=event.title_ja,
        file=event.file,
    )


def known_for(duty: Duty, answers: Sequence[Answer], today: date) -> tuple[Answer, ...]:
    """What the flow of a duty need not ask: what the event says, and its answers."""
    own = tuple(Answer(name, value, today) for name, value in duty.answers.items())
    return (*own, *(answer for answer in answers if answer.name not in duty.answers))


def step_of(solution: Solution | None, name: str | None) -> SolvedStep | None:
    """The step of that name, if the answers already lead to it."""
    if solution is None:
        return None
    return next((step for step in solution.steps if step.name == name), None)


def authority_of(duty: Duty, solution: Solution | None) -> tuple[str, ...]:
    """Who the duty is done with: what the event says, else what the flow says."""
    if duty.authority or solution is None:
        return duty.authority
    step = step_of(solution, duty.step)
    return solution.authority if step is None else step.authority


def sources_of(
    told: Solution, duties: Iterable[SolvedDuty], library: Library
) -> tuple[Source, ...]:
    """The sources of what the event says and of the days that its duties tell, each once."""
    found = [source.id for source in told.sources]
    found += [one.deadline.source for one in duties if one.deadline and one.deadline.source]
    return tuple(library.sources[name] for name in dict.fromkeys(found) if name in library.sources)


def confirm_of(
    told: Solution, duties: Iterable[SolvedDuty], library: Library
) -> tuple[Spoken, ...]:
    """How to make sure of what is not certain: for the event's words and its duties' days."""
    marks = dict.fromkeys(line.sentence.address for line in told.confirm)
    for duty in duties:
        flow = library.flow_or_topic(duty.flow) if duty.flow else None
        if flow is not None and duty.deadline is not None:
            mark = flow.deadlines[duty.deadline.name].confirm
            if mark is not None:
                marks[library.talk[f"confirm_{mark}"].address] = None
    by_address = {one.address: one for one in library.talk.values()}
    return tuple(Spoken(by_address[address]) for address in marks)


def _followed_by(question: Question, go: str) -> Question:
    return replace(question, next=(Branch(None, go),), refine=False)
