"""What a free text told beside its subject: offered as an answer, never taken as one.

"I lost my card yesterday" opens the procedure and holds a day; when the question for the day
comes, the person confirms it with one tap instead of giving it again.
"""

from collections.abc import Mapping
from datetime import date

from bot.dialogue.understood import Understood
from bot.dialogue.world import World
from bot.flow.model import Answer, Flow, NotAnAnswer, Question, Value

DATE, STATUS, PLACE = "date", "status", "place"


def in_text(understood: Understood) -> dict[str, Value]:
    """The day, the status and the place that a text names without doubt."""
    told: dict[str, Value] = {}
    days = [reading.days[0] for reading in understood.dates if len(reading.days) == 1]
    if len(days) == 1 and len(understood.dates) == 1:
        told[DATE] = days[0].isoformat()
    if understood.status is not None:
        told[STATUS] = understood.status
    if understood.place is not None:
        told[PLACE] = dict(understood.place)
    return told


def for_question(
    told: Mapping[str, Value],
    world: World,
    flow: Flow,
    question: Question,
    answers: tuple[Answer, ...],
) -> Value | None:
    """What was told and may answer this question, or None."""
    value = told.get(kind_of(question) or "")
    if value is None:
        return None
    if question.kind == "date" and not _fits(date.fromisoformat(str(value)), question, world.today):
        return None
    read = world.engine.read(flow.id, question.name, value, world.today, answers)
    return None if isinstance(read, NotAnAnswer) else read


def without(told: Mapping[str, Value], question: Question) -> dict[str, Value]:
    """What is left to be offered once such a question was answered."""
    return {name: value for name, value in told.items() if name != kind_of(question)}


def kind_of(question: Question) -> str | None:
    """Which of the things told this question asks for."""
    if question.kind == "date":
        return DATE
    if question.kind == "place":
        return PLACE
    return STATUS if question.table == "statuses" else None


def _fits(day: date, question: Question, today: date) -> bool:
    """A day that has passed answers only what asks for such a day, and one to come the other."""
    asks_for_the_past = question.not_after == "today"
    return asks_for_the_past if day <= today else not asks_for_the_past
