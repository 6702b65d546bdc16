"""What the office reads before it answers: the case in coded answers, in no language yet.

Everything comes out of the replay of the answers, so it is what the person would be told today;
what they were told then stands in the thread. The person's own sentences are quoted as written.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.dialogue.asking import NO_OPTION, question_of, value_text
from bot.dialogue.conversation import Conversation, Walk
from bot.dialogue.intake import CHOICES
from bot.dialogue.world import World
from bot.flow.model import (
    UNSURE,
    Answer,
    Flow,
    ListedDocument,
    Money,
    Param,
    Question,
    Sentence,
    SolvedDeadline,
    Spoken,
    Value,
)
from bot.flow.own_office import services

STATUS = "status"


@dataclass(frozen=True, slots=True)
class Told:
    """A question and the person's answer to it; `value` None: not sure."""

    question: Sentence
    value: Param | None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of the person's, untranslated."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Brief:
    """The case on one page.

    `language`: the tag that the person reads. `name`, `way`, `contact`, `times`, `inquiry`,
    `services`, `wish`: what they agreed to pass on. `statuses` are what they told of their status
    of residence. `flow` and `outcome`: the procedure and its result today; `told` and `told_on`:
    the result they were last told. `is_changed`: those differ, or the flow was changed since.
    `open_points`: questions that are unanswered, not sure, or would make the answer more exact.
    """

    today: date
    language: str | None
    name: str | None = None
    inquiry: Sentence | None = None
    services: tuple[Sentence, ...] = ()
    way: Sentence | None = None
    contact: str | None = None
    times: Param | None = None
    wish: str | None = None
    statuses: tuple[Told, ...] = ()
    flow: Flow | None = None
    fingerprint: str | None = None
    outcome: str | None = None
    told: str | None = None
    told_on: date | None = None
    is_changed: bool = False
    is_urgent: bool = False
    deadlines: tuple[SolvedDeadline, ...] = ()
    papers: tuple[ListedDocument, ...] = ()
    fee: Money | None = None
    answers: tuple[Told, ...] = ()
    known: tuple[Told, ...] = ()
    open_points: tuple[Sentence, ...] = ()
    confirm: tuple[Spoken, ...] = ()
    earlier: tuple[tuple[Sentence, date | None], ...] = ()
    quotes: tuple[Quote, ...] = ()


def brief_of(
    conversation: Conversation,
    world: World,
    intake: Mapping[str, Value],
    quotes: Iterable[Quote] = (),
) -> Brief:
    """The brief as of the world's day. `intake`: what was passed on (the case keeps it)."""
    given: dict[str, object] = {
        "today": world.today,
        "language": conversation.language or conversation.guess,
        "known": tuple(_known(conversation, world)),
        "statuses": tuple(_statuses(conversation, world)),
        "earlier": tuple(_earlier(conversation, world)),
        "quotes": tuple(quotes),
        **_passed_on(intake, world),
    }
    walk = conversation.walk
    flow = world.flow(walk.flow) if walk else None
    if walk is not None and flow is not None:
        given |= _subject(walk, flow, world)
    return Brief(**given)  # type: ignore[arg-type]


def _subject(walk: Walk, flow: Flow, world: World) -> dict[str, object]:
    subject: dict[str, object] = {
        "flow": flow,
        "fingerprint": walk.fingerprint,
        "told": walk.told,
        "told_on": walk.told_on,
        "answers": tuple(_answers(flow, walk.answers, world)),
    }
    if flow.kind == "event":
        solved = world.engine.solve_event(flow.id, walk.answers, world.today)
        days = tuple(duty.deadline for duty in solved.duties if duty.deadline is not None)
        return subject | {"deadlines": days, "is_changed": walk.fingerprint != flow.fingerprint}
    solution = world.engine.solve(flow.id, walk.answers, world.today)
    steps = [step for step in solution.steps if step.deadline is not None]
    days = (*solution.deadlines, *(step.deadline for step in steps if step.deadline))
    papers = (*solution.documents, *(paper for step in solution.steps for paper in step.documents))
    is_other = walk.told is not None and walk.told != solution.outcome
    return subject | {
        "outcome": solution.outcome,
        "is_changed": is_other or walk.fingerprint != flow.fingerprint,
        "is_urgent": solution.handoff == "urgent",
        "deadlines": tuple(one for one in days if one.tell or one.law_last_day),
        "papers": papers,
        "fee": solution.amounts.get("fee"),
        "open_points": tuple(_open_points(flow, walk, solution.question, solution.refine)),
        "confirm": solution.confirm,
    }


def _answers(flow: Flow, answers: Iterable[Answer], world: World) -> Iterator[Told]:
    for answer in answers:
        question = question_of(flow, answer.name)
        if question is not None:
            yield Told(question.ask, _value(world, question, answer.value), answer.day)


def _known(conversation: Conversation, world: World) -> Iterator[Told]:
    """What the person told in other procedures, which is not among the answers of this one."""
    here = {answer.name for answer in conversation.walk.answers} if conversation.walk else set()
    for name, value in conversation.known.items():
        question = world.library.shared_questions.get(name)
        if question is not None and name not in here and question.table != "statuses":
            yield Told(question.ask, _value(world, question, value))


def _statuses(conversation: Conversation, world: World) -> Iterator[Told]:
    for name, value in conversation.known.items():
        question = world.library.shared_questions.get(name)
        if question is not None and question.table == "statuses":
            yield Told(question.ask, _value(world, question, value))


def _open_points(
    flow: Flow, walk: Walk, asked: str | None, refine: Iterable[str]
) -> Iterator[Sentence]:
    unsure = [answer.name for answer in walk.answers if answer.value == UNSURE]
    for name in dict.fromkeys((*((asked,) if asked else ()), *unsure, *refine)):
        question = question_of(flow, name)
        if question is not None:
            yield question.ask


def _earlier(conversation: Conversation, world: World) -> Iterator[tuple[Sentence, date | None]]:
    for walk in conversation.past:
        flow = world.flow(walk.flow)
        if flow is not None:
            yield flow.title, walk.told_on


def _value(world: World, question: Question, value: Value) -> Param | None:
    if value == UNSURE:
        return None
    if isinstance(value, tuple) and value != (NO_OPTION,):
        labels = tuple(option.label for option in question.options if option.id in value)
        return labels or ", ".join(value)
    return value_text(world, question, value)


def _passed_on(intake: Mapping[str, Value], world: World) -> dict[str, object]:
    offered = services(world.library.office)
    chosen = intake.get("services")
    numbers = [str(one) for one in chosen] if isinstance(chosen, (tuple, list)) else []
    wanted = tuple(offered[int(n)] for n in numbers if n.isdecimal() and int(n) < len(offered))
    times = _choice("times", intake, world)
    return {
        "name": _words(intake, "name"),
        "inquiry": _choice("kind", intake, world),
        "services": wanted,
        "way": _choice("way", intake, world),
        "contact": _words(intake, "contact"),
        "times": times or _words(intake, "times"),
        "wish": _words(intake, "sentence"),
    }


def _choice(step: str, intake: Mapping[str, Value], world: World) -> Sentence | None:
    value = intake.get(step)
    return world.library.talk[f"button_{step}_{value}"] if value in CHOICES[step] else None


def _words(intake: Mapping[str, Value], step: str) -> str | None:
    value = intake.get(step)
    return value if isinstance(value, str) and value else None
