"""Free text, in the order of repair: request, answer, another procedure, choices, a person."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace

from bot.dialogue import answering, menu, taps, told
from bot.dialogue.answering import MANY_FAILURES, Turn, open_question
from bot.dialogue.conversation import Conversation
from bot.dialogue.replies import Button, Say
from bot.dialogue.requested import NAMES, carry_out
from bot.dialogue.requests import KeepUnanswered
from bot.dialogue.understood import CLARIFY, MOST_CHOICES, NONE
from bot.dialogue.world import World
from bot.flow.model import Flow, NotAnAnswer, Question, Value

LONGEST_TEXT = 200


def free_text(
    conversation: Conversation,
    world: World,
    text: str,
    tapped: Callable[[Conversation, World, str], Turn],
    message_id: str = "",
) -> Turn:
    """What a typed message leads to. `tapped` reads a number as the button it stands for."""
    opened = open_question(conversation, world)
    if (choice := _number(text)) is not None and not _wants_number(opened):
        if 1 <= choice <= len(conversation.choices):
            return tapped(conversation, world, conversation.choices[choice - 1])
    decision = world.understood.decision
    if decision in NAMES:
        return carry_out(conversation, world, decision)
    if opened and (turn := _as_answer(conversation, world, text, *opened)):
        return turn
    if world.flow(decision) is not None:
        return _go_there(conversation, world, decision, opened)
    if decision == CLARIFY and world.understood.candidates:
        return _clarify(conversation, world)
    return _not_understood(conversation, world, opened, message_id)


def _number(text: str) -> int | None:
    """The number that is all of the message ("2", "２", "2."), or None."""
    plain = unicodedata.normalize("NFKC", text).strip().rstrip(".)。")
    return int(plain) if plain.isdecimal() and len(plain) <= 2 else None


def _wants_number(opened: tuple[Flow, Question] | None) -> bool:
    return opened is not None and opened[1].kind == "number"


def _as_answer(
    conversation: Conversation, world: World, text: str, flow: Flow, question: Question
) -> Turn | None:
    """The text as an answer to the open question, or None when it is something else."""
    understood = world.understood
    is_named = understood.decision not in (NONE, CLARIFY)
    match question.kind:
        case "date":
            return _as_date(conversation, world, flow, question)
        case "place":
            if understood.place is None:
                return None
            raw: Value = understood.place
        case "number":
            number = unicodedata.normalize("NFKC", text).strip()
            if is_named and not number.isdecimal():
                return None
            raw = number
        case "several":
            picked = _picked_numbers(conversation, question, text) or understood.options
            if not picked:
                return None
            raw = ",".join(picked) + ","
        case "choice":
            if len(understood.options) != 1:
                return None
            raw = understood.options[0]
        case _:
            if is_named or len(text) > LONGEST_TEXT:
                return None
            raw = text
    return answering.take_answer(conversation, world, flow, question.name, raw)


def _as_date(
    conversation: Conversation, world: World, flow: Flow, question: Question
) -> Turn | None:
    if "unsure" in world.understood.options:
        return answering.take_answer(conversation, world, flow, question.name, "unsure")
    if not world.understood.dates or _is_about_another(world, flow):
        return None
    reading = world.understood.dates[0]
    if len(reading.days) == 1:
        day = reading.days[0].isoformat()
        return answering.take_answer(conversation, world, flow, question.name, day)
    if not reading.days:
        problem = NotAnAnswer("date_month_only" if reading.month else "date_not_a_day")
        return answering.not_an_answer(conversation, world, flow, question, problem)
    buttons = tuple(
        world.button("button_day", taps.answer(flow, question.name, day.isoformat()), day=day)
        for day in reading.days
    )
    person = world.button("button_person", taps.request("human"))
    return Turn(conversation, (Say(world.say("which_day"), (*buttons, person)),))


def _is_about_another(world: World, flow: Flow) -> bool:
    """True for "my baby was born yesterday" while the day of a loss is asked for."""
    decision = world.understood.decision
    other = world.flow(decision)
    return other is not None and decision != flow.id and other.kind != "event"


def _picked_numbers(
    conversation: Conversation, question: Question, text: str
) -> tuple[str, ...] | None:
    """Option ids of "1,3" or "1 3": the numbers of the buttons shown last."""
    plain = unicodedata.normalize("NFKC", text).replace("、", ",").replace(" ", ",")
    parts = [part for part in plain.split(",") if part]
    if len(parts) < 2 or not all(part.isdecimal() for part in parts):
        return None
    ids = {option.id for option in question.options}
    found = []
    for part in parts:
        place = int(part) - 1
        tap = taps.read(conversation.choices[place]) if place < len(conversation.choices) else None
        if tap is None or tap.value not in ids:
            return None
        found.append(tap.value)
    return tuple(dict.fromkeys(found))


def _go_there(
    conversation: Conversation, world: World, flow_id: str, opened: tuple[Flow, Question] | None
) -> Turn:
    """Another procedure or topic, saying in one line what was understood."""
    flow = world.flow(flow_id)
    if flow is None:
        return _not_understood(conversation, world, opened)
    if opened and opened[0].id == flow_id:
        again = answering.put(conversation, world, flow, opened[1].name)
        return Turn(conversation, (again,))
    heard = replace(conversation, told=told.in_text(world.understood))
    return answering.start(heard, world, flow, world.say("understood", about=flow.title))


def _clarify(conversation: Conversation, world: World) -> Turn:
    subjects = menu.subjects(world, (name for name, _ in world.understood.candidates))
    by_label: dict[str, Button] = {}  # a life event and its chief duty may be called alike
    for one in subjects:
        by_label.setdefault(one.label.sentence.text, one)
    buttons = list(by_label.values())[:MOST_CHOICES]
    buttons.append(world.button("button_other", taps.request("menu")))
    buttons.append(world.button("button_person", taps.request("human")))
    if conversation.walk:
        buttons.append(world.button("button_continue", taps.request("continue")))
    heard = replace(conversation, told=told.in_text(world.understood))
    return Turn(heard, (Say(world.say("did_you_mean"), tuple(buttons)),))


def _not_understood(
    conversation: Conversation,
    world: World,
    opened: tuple[Flow, Question] | None,
    message_id: str = "",
) -> Turn:
    """Kindly say so; after days ask "continue or start over?"; after three times a person."""
    if opened and conversation.last_day and conversation.last_day < world.today:
        return Turn(conversation, (answering.continue_or_restart(world, opened[0]),))
    failed = replace(conversation, failures=conversation.failures + 1)
    unanswered = _unanswered(conversation, world, message_id)
    before = [world.say("not_understood")]
    if failed.failures >= MANY_FAILURES:
        before.append(world.say("offer_person"))
    if opened:
        again = answering.put(failed, world, opened[0], opened[1].name, tuple(before))
        return Turn(failed, (again,), unanswered)
    replies = (*(Say(text) for text in before), menu.top(world, failed))
    return Turn(failed, replies, unanswered)


def _unanswered(
    conversation: Conversation, world: World, message_id: str
) -> tuple[KeepUnanswered, ...]:
    understood = world.understood
    if not understood.unanswered:
        return ()
    language = understood.language or conversation.language or conversation.guess or "en"
    return (KeepUnanswered(message_id, understood.unanswered, language),)
