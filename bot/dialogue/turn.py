"""One event in, one turn out: who is answered what, in a fixed order.

Unsent messages come first, then words of danger, then quoted questions, requests, the answer to
the open question, words that name another procedure, choices, a person. Every digression comes
back to the open question, because the question is derived from the answers and not lost.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.dialogue import (
    answering,
    asking,
    booking,
    duties,
    handoff,
    intake,
    menu,
    safety,
    taps,
    telling,
)
from bot.dialogue.answering import Turn, open_question
from bot.dialogue.conversation import BOT, Conversation
from bot.dialogue.events import (
    Blocked,
    Event,
    Followed,
    HandoffStep,
    PickedDate,
    Said,
    SentFile,
    SentLocation,
    SentSticker,
    Tapped,
    TypedCode,
    Unknown,
    Unsent,
)
from bot.dialogue.freetext import free_text
from bot.dialogue.replies import Ask, Paragraphs, Reply, Say
from bot.dialogue.requested import carry_out
from bot.dialogue.requests import ForgetMessage, KeepNotice
from bot.dialogue.world import World
from bot.flow.model import Spoken, Value

NOTICE_VERSION = "2026-11"
"""Changes with the words of talk/notice; the version that a person saw is stored."""


def take_turn(conversation: Conversation, event: Event, world: World) -> Turn:
    """What this event leads to: the new conversation, the replies, the requests."""
    if isinstance(event, Blocked) or (isinstance(event, Unknown) and event.silent):
        return Turn(conversation)
    if isinstance(event, Unsent):
        return _unsent(conversation, event)
    if isinstance(event, TypedCode):
        said = world.say("desk_linked" if event.works else "desk_not_linked")
        return Turn(conversation, (Say(said),))
    if isinstance(event, HandoffStep):
        turn = handoff.step(conversation, event, world)
    elif conversation.owner != BOT:
        turn = handoff.during(conversation, event, world)
    elif conversation.notice == NOTICE_VERSION:
        turn = _answer_to(conversation, event, world)
    else:
        turn = _first_contact(conversation, event, world)
    kept = replace(turn.conversation, last_day=world.today, choices=_numbers(turn.replies))
    return Turn(kept, turn.replies, turn.requests)


def _answer_to(conversation: Conversation, event: Event, world: World) -> Turn:
    if not _may_change_language(conversation, event, world):
        conversation = safety.forgotten(conversation)
    match event:
        case Followed():
            return Turn(conversation, (telling.language_menu(world),))
        case Tapped(data=data):
            return _tapped(conversation, world, data)
        case PickedDate(data=data, day=day):
            return _picked(conversation, world, data, day.isoformat())
        case Said():
            return _said(conversation, world, event)
        case SentLocation():
            return _location(conversation, world)
        case SentFile():
            return _beside(conversation, world, world.say("file_not_read"))
        case SentSticker():
            return _beside(conversation, world, world.say("sticker"))
        case _:
            return _beside(conversation, world, world.say("unknown_kind"))


def _may_change_language(conversation: Conversation, event: Event, world: World) -> bool:
    """True for a button, a number or a word that can lead to another language."""
    match event:
        case Tapped(data=data):
            return data.startswith("l:") or data == taps.request("language")
        case Said(text=text):
            is_named = telling.language_named(world, text) is not None
            is_asked = world.understood.decision == "language"
            return is_named or is_asked or text.strip().rstrip(".").isdecimal()
        case _:
            return False


# ---------------------------------------------------------------- first contact, taking back


def _first_contact(conversation: Conversation, event: Event, world: World) -> Turn:
    """Say first what is kept and why; then answer, or ask for a language after a mere hello."""
    turn = _answer_to(conversation, event, world)
    if isinstance(event, Said) and not _is_about_something(turn, conversation):
        turn = Turn(conversation, (telling.language_menu(world),))
    chooses = any(_offers_languages(reply) for reply in turn.replies)
    hello = telling.welcome(world, with_languages=not chooses)
    kept = replace(turn.conversation, notice=NOTICE_VERSION)
    requests = (*turn.requests, KeepNotice(NOTICE_VERSION))
    if world.understood.safety is not None:
        return Turn(kept, (*turn.replies, hello), requests)  # what to do now comes first
    return Turn(kept, (hello, *turn.replies)[:5], requests)


def _is_about_something(turn: Turn, before: Conversation) -> bool:
    after = turn.conversation
    return after.walk != before.walk or after.language != before.language or bool(turn.requests)


def _offers_languages(reply: Reply) -> bool:
    return isinstance(reply, Say) and any(button.tap.startswith("l:") for button in reply.buttons)


def _unsent(conversation: Conversation, event: Unsent) -> Turn:
    """Forget the message; if it was the answer to a question, that question is open again."""
    heard = dict(conversation.heard)
    where = heard.pop(event.message_id, None)
    kept = replace(conversation, heard=tuple(heard.items()))
    if where and where.startswith(intake.HEARD):
        return intake.taken_back(kept, event.message_id, where.removeprefix(intake.HEARD))
    if where and kept.walk:
        flow_id, _, name = where.partition("/")
        if kept.walk.flow == flow_id:
            left = tuple(a for a in kept.walk.answers if a.name != name)
            kept = replace(kept, walk=replace(kept.walk, answers=left))
    return Turn(kept, (), (ForgetMessage(event.message_id),))


# ---------------------------------------------------------------- buttons


def _tapped(conversation: Conversation, world: World, data: str) -> Turn:
    tap = taps.read(data)
    if tap is None:
        return _beside(conversation, world, world.say("old_button"))
    if tap.kind == "l":
        return _speak(conversation, world, tap.value)
    if tap.kind == "r":
        return carry_out(conversation, world, tap.value)
    if tap.kind == "e":
        return _duty(conversation, world, tap)
    if tap.kind == "m":
        return _menu_group(conversation, world, tap.value)
    if tap.kind == "b":
        return booking.tapped(conversation, world, tap.question, tap.value)
    if tap.kind == "y" and tap.question.startswith(intake.TAP):
        return intake.tapped(conversation, world, tap.question, tap.value)
    if tap.kind == "y":
        return carry_out(conversation, world, f"{tap.question}-{tap.value}")
    flow = world.flow(tap.value if tap.kind == "o" else tap.flow)
    if flow is None:
        return _beside(conversation, world, world.say("old_button"))
    if tap.kind != "o" and asking.question_of(flow, tap.question) is None:
        # A question that is gone must not cost the walk that the person is on.
        return _beside(conversation, world, world.say("old_button"))
    match tap.kind:
        case "o" if flow.kind == "safety":
            turn = safety.answer(conversation, world, flow.id)
            return turn or _beside(conversation, world, world.say("old_button"))
        case "o":
            return answering.start(conversation, world, flow)
        case "a":
            raw = _untap(world, flow.id, tap.question, tap.value)
            return answering.take_answer(conversation, world, flow, tap.question, raw)
        case "c":
            return answering.ask_again(conversation, world, flow, tap.question)
        case "g":
            return _group(conversation, world, tap)
        case "w":
            return _why(conversation, world, tap)
        case _:
            return answering.ask_again(conversation, world, flow, tap.question)


def _duty(conversation: Conversation, world: World, tap: taps.Tap) -> Turn:
    flow = world.flow(tap.value)
    opened = duties.open_duty(conversation, world, tap.flow, tap.value)
    if flow is None or opened is None:
        return _beside(conversation, world, world.say("old_button"))
    return answering.go_on(opened, world, flow)


def _menu_group(conversation: Conversation, world: World, group_id: str) -> Turn:
    found = menu.group(world, group_id)
    if found is None:
        # Not the open question: who taps here is looking for another subject.
        return Turn(conversation, (menu.top(world, conversation),))
    return Turn(replace(conversation, failures=0), (found,))


def _untap(world: World, flow_id: str, name: str, value: str) -> Value:
    """A place travels as "13-13121" in a button; everything else as it stands."""
    flow = world.flow(flow_id)
    question = asking.question_of(flow, name) if flow else None
    if question is None or question.kind != "place" or value == "unsure":
        return value
    prefecture, _, municipality = value.partition("-")
    known = municipality if municipality in world.library.places else None
    return {"prefecture": prefecture, "municipality": known}


def _picked(conversation: Conversation, world: World, data: str, day: str) -> Turn:
    tap = taps.read(data)
    flow = world.flow(tap.flow) if tap and tap.kind == "d" else None
    if tap is None or flow is None or asking.question_of(flow, tap.question) is None:
        return _beside(conversation, world, world.say("old_button"))
    return answering.take_answer(conversation, world, flow, tap.question, day)


def _group(conversation: Conversation, world: World, tap: taps.Tap) -> Turn:
    flow = world.flow(tap.flow)
    question = asking.question_of(flow, tap.question) if flow else None
    if flow is None or question is None:
        return _beside(conversation, world, world.say("old_button"))
    if tap.value not in asking.groups_of(world, question):
        return _beside(conversation, world, world.say("old_button"))
    asked = asking.ask(world, flow, question.name, step=1, group=tap.value)
    return Turn(conversation, (asked,))


def _why(conversation: Conversation, world: World, tap: taps.Tap) -> Turn:
    flow = world.flow(tap.flow)
    question = asking.question_of(flow, tap.question) if flow else None
    if flow is None or question is None:
        return _beside(conversation, world, world.say("old_button"))
    reasons = tuple(Spoken(text) for text in (question.why, question.on_card) if text)
    again = answering.put(conversation, world, flow, question.name)
    explained = (Paragraphs(reasons),) if reasons else ()
    return Turn(conversation, (*explained, again))


def _speak(conversation: Conversation, world: World, tag: str) -> Turn:
    """Change the language without losing the place."""
    if tag not in dict(world.languages):
        return Turn(conversation, (telling.language_menu(world),))
    spoken = replace(conversation, language=tag)
    if (turn := safety.again(spoken, world)) is not None:
        return turn
    if spoken.walk is None:
        return Turn(spoken, (menu.top(world, spoken),))
    return answering.return_to_place(spoken, world)


# ---------------------------------------------------------------- words, places, other things


LONG_ENOUGH = 12
"""A shorter message does not tell in which language somebody wants to read."""


def _in_their_language(conversation: Conversation, world: World, text: str) -> Conversation:
    """Until somebody chooses, the bot answers in the language in which they write.

    English from somebody whose phone speaks another language is only a bridge, and easy
    Japanese is Japanese.
    """
    written = world.understood.language
    guess = conversation.guess
    if conversation.language is not None or written in (None, "en", guess):
        return conversation
    is_register = guess is not None and guess.startswith(f"{written}-")
    if is_register or len(text) < LONG_ENOUGH or written not in dict(world.languages):
        return conversation
    return replace(conversation, guess=written)


def _said(conversation: Conversation, world: World, event: Said) -> Turn:
    conversation = _in_their_language(conversation, world, event.text)
    if (named := world.understood.safety) and (turn := safety.answer(conversation, world, named)):
        return turn
    if world.quoted:
        flow_id, _, name = world.quoted.partition("/")
        flow = world.flow(flow_id)
        if flow and asking.question_of(flow, name):
            conversation = answering.ask_again(conversation, world, flow, name).conversation
    if (tag := telling.language_named(world, event.text)) is not None:
        return _speak(conversation, world, tag)
    if (turn := booking.typed(conversation, world, event.text, event.message_id)) is not None:
        return turn
    if (told := intake.typed(conversation, world, event.text, event.message_id)) is not None:
        return told
    before = open_question(conversation, world)
    turn = free_text(conversation, world, event.text, _tapped, event.message_id)
    if before and turn.conversation.walk != conversation.walk:
        where = f"{before[0].id}/{before[1].name}"
        noted = answering.remember_message(turn.conversation, event.message_id, where)
        return replace(turn, conversation=noted)
    return turn


def _location(conversation: Conversation, world: World) -> Turn:
    """A location answers an open question about the place, or asks for the office."""
    place: Mapping[str, str | None] | None = world.understood.place
    if place is None:
        return _beside(conversation, world, world.say("place_not_found"))
    opened = open_question(conversation, world)
    if opened and opened[1].kind == "place":
        return answering.take_answer(conversation, world, opened[0], opened[1].name, place)
    office = world.flow("office")
    if office is None:
        return _beside(conversation, world, world.say("place_not_found"))
    begun = answering.begin(conversation, world, office).conversation
    return answering.take_answer(begun, world, office, office.start, place)


def _beside(conversation: Conversation, world: World, text: Spoken) -> Turn:
    """Say something beside the walk, then come back to the open question or the menu."""
    opened = open_question(conversation, world)
    if opened is None:
        return Turn(conversation, (Say(text), menu.top(world, conversation)))
    again = answering.put(conversation, world, opened[0], opened[1].name, (text,))
    return Turn(conversation, (again,))


def _numbers(replies: tuple[Reply, ...]) -> tuple[str, ...]:
    """The taps behind the numbers of the last reply that has buttons."""
    for reply in reversed(replies):
        buttons = (*reply.options, *reply.extras) if isinstance(reply, Ask) else reply.buttons
        if buttons:
            return tuple(b.tap for b in buttons if b.kind == "tap")
    return ()
