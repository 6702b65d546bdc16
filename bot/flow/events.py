"""Life events: one thing that happened, all the duties that follow, in their order.

An event asks at most three shared questions. It is walked like a flow: `as_flow` makes one of
it, so that back, "I don't know" and a changed answer work as everywhere. Each duty is a flow
or one step of a flow, solved with the same answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from bot.flow.model import Branch, Event, Flow, Outcome, Question, Sentence, Solution, SolvedStep

DUTIES = "duties"


@dataclass(frozen=True, slots=True)
class SolvedDuty:
    """A duty of an event. `is_certain` is False when an answer that decides is not known.

    `step` is the duty itself when the event names a step of the flow and the answers already
    lead there; else `solution.question` is what the flow still has to ask.
    """

    flow: str
    is_certain: bool
    solution: Solution
    step: SolvedStep | None = None


@dataclass(frozen=True, slots=True)
class SolvedEvent:
    """An event on one day: the question still open, or the duties and what is not due."""

    event: str
    question: str | None
    duties: tuple[SolvedDuty, ...]
    not_due: tuple[Sentence, ...]


def as_flow(event: Event) -> Flow:
    """The event as a flow: its questions one after the other, then its duties."""
    names = [question.name for question in event.ask]
    after = dict(zip(names, [*names[1:], DUTIES], strict=True))
    questions: Mapping[str, Question] = {
        one.name: _followed_by(one, after[one.name]) for one in event.ask
    }
    shape = repr([(q.name, q.kind, [o.id for o in q.options]) for q in event.ask])
    return Flow(
        id=event.id,
        title=event.title,
        start=names[0] if names else DUTIES,
        as_of=None,
        questions=questions,
        refine={},
        deadlines={},
        amounts={},
        documents=(),
        outcomes={DUTIES: Outcome(name=DUTIES, say=event.not_due, sources=())},
        fingerprint=sha256(shape.encode()).hexdigest()[:8],
        kind="event",
    )


def step_of(solution: Solution, name: str | None) -> SolvedStep | None:
    """The step of that name, if the answers already lead to it."""
    return next((step for step in solution.steps if step.name == name), None)


def _followed_by(question: Question, go: str) -> Question:
    return replace(question, next=(Branch(None, go),), refine=False)
