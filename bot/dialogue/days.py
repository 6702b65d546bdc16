"""The days that somebody was told and still has before them: of the last results and events.

They are worked out anew from the answers, so that a day that has moved since is told as it
stands today.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from bot.dialogue.conversation import Conversation, Walk
from bot.flow.engine import Engine
from bot.flow.model import Sentence, SolvedDeadline

NOBODY_GOES = "none"
"""The office of a day on which nobody has to go anywhere."""


@dataclass(frozen=True, slots=True)
class DayTold:
    """A last day to act. `flow` and `name` identify it, whatever day it falls on."""

    flow: str
    name: str
    label: Sentence
    day: date


def days_told(engine: Engine, conversation: Conversation, today: date) -> tuple[DayTold, ...]:
    """The days still to come of what the person was told last, the nearest first."""
    found: dict[tuple[str, str], DayTold] = {}
    for walk in (conversation.walk, *conversation.past):
        if walk is None or walk.told is None or engine.flow(walk.flow) is None:
            continue
        for flow_id, deadline in _deadlines(engine, walk, today):
            if (told := _to_come(flow_id, deadline, today)) is not None:
                found.setdefault((flow_id, deadline.name), told)
    return tuple(sorted(found.values(), key=lambda told: (told.day, told.flow, told.name)))


def days_of(flow_id: str, deadlines: Iterable[SolvedDeadline], today: date) -> tuple[DayTold, ...]:
    """Those of the deadlines that are still to come."""
    found = (_to_come(flow_id, deadline, today) for deadline in deadlines)
    return tuple(told for told in found if told is not None)


def _deadlines(engine: Engine, walk: Walk, today: date) -> Iterator[tuple[str, SolvedDeadline]]:
    flow = engine.flow(walk.flow)
    if flow is not None and flow.kind == "event":
        for duty in engine.solve_event(flow.id, walk.answers, today).duties:
            if duty.deadline is not None:
                yield duty.flow or flow.id, duty.deadline
        return
    solution = engine.solve(walk.flow, walk.answers, today)
    if solution.outcome is None:
        return
    for deadline in solution.deadlines:
        yield walk.flow, deadline
    for step in solution.steps:
        if step.deadline is not None:
            yield walk.flow, step.deadline


def _to_come(flow_id: str, deadline: SolvedDeadline, today: date) -> DayTold | None:
    day = deadline.tell or deadline.law_last_day
    if deadline.label is None or deadline.office == NOBODY_GOES or day is None or day < today:
        return None
    return DayTold(flow_id, deadline.name, deadline.label, day)
