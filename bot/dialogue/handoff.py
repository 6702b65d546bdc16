"""Who speaks: the bot, nobody while somebody waits, or a human. And what the bot may still say.

`owner` is one of bot, waiting, human. While it is not the bot's turn the bot is silent but for:
words of danger, taking a message back, another language, one acknowledgement, the next opening
(once for each), the last answer again, an appointment, my data, and the way back. The person can
always take the bot back or end the request. Only the machine below changes the owner.
"""

from dataclasses import replace

from transitions import Machine

from bot.dialogue import answering, hours, menu, safety, taps, telling
from bot.dialogue.answering import Turn
from bot.dialogue.conversation import BOT, HUMAN, WAITING, Conversation
from bot.dialogue.events import Event, Followed, HandoffStep, Said, SentFile, Tapped
from bot.dialogue.replies import Button, Duties, Paragraphs, Result, Say
from bot.dialogue.requests import CloseCase, KeepFile, OwnerChanged
from bot.dialogue.world import World
from bot.flow.model import Spoken

ASK, TAKE, RELEASE, TAKE_BACK, CLOSE, TIME_OUT, UNANSWERED = (
    "ask", "take", "release", "take_back", "close", "time_out", "unanswered",
)  # fmt: skip
RATINGS = ("well", "so", "badly")
_COMMAND = 40
"""Whoever writes more to a human does not mean the bot by it."""
_KEPT = ("image", "file")
_REQUESTS = ("bot-again", "end-request", "last-result")
_OWN_DATA = ("my-data", "export-data", "delete-data", "delete-yes", "delete-no")


class _Nobody:
    """The machine keeps no model: each conversation brings its own state."""

    state = BOT


_MACHINE = Machine(model=None, states=[BOT, WAITING, HUMAN], initial=BOT, auto_transitions=False)
_MACHINE.add_transition(ASK, BOT, WAITING)
_MACHINE.add_transition(ASK, [WAITING, HUMAN], "=")
_MACHINE.add_transition(TAKE, "*", HUMAN)
for _back in (RELEASE, TAKE_BACK, CLOSE, TIME_OUT, UNANSWERED):
    _MACHINE.add_transition(_back, "*", BOT)


def owner_after(owner: str, step: str) -> str:
    """Who speaks after this step; an unknown step or owner is a ValueError."""
    if step not in _MACHINE.events or owner not in _MACHINE.states:
        raise ValueError(f"{step!r} from {owner!r}")
    model = _Nobody()
    model.state = owner
    _MACHINE.events[step].trigger(model)
    return model.state


def move(conversation: Conversation, step: str) -> Conversation:
    """The conversation after this step; a new handoff has acknowledged nothing yet."""
    owner = owner_after(conversation.owner, step)
    moved = replace(conversation, owner=owner, failures=0)
    if owner == BOT:
        moved = replace(moved, acknowledged=False, opening_told=None)
    if step in (CLOSE, TIME_OUT):
        moved = replace(moved, intake={})
    return moved


# ---------------------------------------------------------------- steps of the desk


def step(conversation: Conversation, event: HandoffStep, world: World) -> Turn:
    """An operator took over, let the bot speak again, or closed; or nobody wrote for long."""
    was = conversation.owner
    moved = move(conversation, event.step)
    changed = (OwnerChanged(moved.owner),) if moved.owner != was else ()
    if event.step == UNANSWERED and event.tells and was != BOT:
        return Turn(moved, (_nobody_answered(world),), changed)
    if event.step != CLOSE or not event.tells:
        return Turn(moved, (), changed)
    return Turn(moved, (_how_it_went(world, world.say("handoff_over")),), changed)


# ---------------------------------------------------------------- while the bot is silent


def during(conversation: Conversation, event: Event, world: World) -> Turn:
    """What the bot may do while somebody waits for a human or talks with one."""
    match event:
        case Followed():
            return Turn(conversation)
        case Tapped(data=data):
            return _tapped(conversation, world, data)
        case Said(text=text):
            return _said(conversation, world, text)
        case SentFile(kind=kind) if kind in _KEPT:
            heard = _heard(conversation, world)
            file = KeepFile(event.message_id, event.name, event.size)
            return Turn(heard.conversation, heard.replies, (file,))
        case _:
            return _heard(conversation, world)


def _said(conversation: Conversation, world: World, text: str) -> Turn:
    understood = world.understood
    if understood.safety and (turn := safety.answer(conversation, world, understood.safety)):
        return _with_ways(turn, conversation, world)
    number = text.strip().rstrip(".")
    if number.isdecimal() and len(number) <= 2 and 1 <= int(number) <= len(conversation.choices):
        return _tapped(conversation, world, conversation.choices[int(number) - 1])
    if (tag := telling.language_named(world, text)) is not None:
        return _speak(conversation, world, tag)
    if understood.decision == "language":
        return Turn(conversation, (telling.language_menu(world),))
    if understood.decision in _REQUESTS and len(text.strip()) <= _COMMAND:
        return carry_out(conversation, world, understood.decision)
    return _heard(conversation, world)


def _tapped(conversation: Conversation, world: World, data: str) -> Turn:
    tap = taps.read(data)
    if tap is None:
        return _heard(conversation, world)
    if tap.kind == "l":
        return _speak(conversation, world, tap.value)
    if tap.kind == "o" and tap.value in world.library.safety:
        if turn := safety.answer(conversation, world, tap.value):
            return _with_ways(turn, conversation, world)
    if tap.kind == "b" or (tap.kind == "r" and tap.value == "book"):
        from bot.dialogue import booking  # it leads here

        if tap.kind == "r":
            return booking.begin(conversation, world)
        return booking.tapped(conversation, world, tap.question, tap.value)
    name = f"{tap.question}-{tap.value}" if tap.kind == "y" else tap.value
    if tap.kind in ("r", "y") and name in (*_REQUESTS, "language"):
        return carry_out(conversation, world, name)
    if tap.kind in ("r", "y") and name in _OWN_DATA:
        from bot.dialogue import requested  # it leads here

        return requested.carry_out(conversation, world, name)
    if tap.kind == "r" and name == "human":
        return Turn(conversation, (_where_it_stands(world, conversation.owner),))
    return _heard(conversation, world)


def carry_out(conversation: Conversation, world: World, name: str) -> Turn:
    """Bring the bot back, end the request, say the last answer again, choose a language."""
    match name:
        case "bot-again":
            moved = move(conversation, TAKE_BACK)
            back = answering.return_to_place(moved, world)
            if conversation.owner == BOT:
                return back
            said = Say(world.say("handoff_bot_again"))
            replies = (said, *back.replies)
            return Turn(back.conversation, replies, (OwnerChanged(moved.owner),))
        case "end-request":
            over = _how_it_went(world, world.say("handoff_ended"))
            return Turn(move(conversation, CLOSE), (over,), (CloseCase("by_person"),))
        case "last-result":
            return _last_result(conversation, world)
        case _:
            return Turn(conversation, (telling.language_menu(world),))


def rated(conversation: Conversation, world: World) -> Turn:
    """Thanks for the word on how it went; then the bot greets again."""
    done = replace(conversation, pending=None)
    return Turn(done, (Say(world.say("handoff_rated")), menu.top(world, done)))


def passed_on(conversation: Conversation, world: World) -> tuple[Conversation, Paragraphs]:
    """The request stands before the office: when somebody answers, and that the bot is silent."""
    moved = move(conversation, ASK)
    told, when = _opening(moved, world)
    texts = (world.say("handoff_passed_on", office=_office(world)), *when)
    return told, Paragraphs((*texts, _silent(world)), ways(world))


def ways(world: World) -> tuple[Button, ...]:
    """What the person can always do while the bot is silent."""
    from bot.dialogue import booking  # it leads here

    return (
        world.button("button_bot_again", taps.request("bot-again")),
        world.button("button_last_result", taps.request("last-result")),
        world.button("button_end_request", taps.request("end-request")),
        world.button("button_language", taps.request("language")),
        *booking.button(world),
    )


def when_open(world: World) -> tuple[Spoken, ...]:
    """The phone while the office is open; else the day and hour of the next opening."""
    now = hours.opening(world.library, world.now)
    phone = str(world.library.office.get("phone") or "")
    if now.is_open and phone:
        closes = str(world.library.office["hours"]["to"])
        return (world.say("handoff_open", phone=phone, closes=closes),)
    if now.is_open or now.next is None:
        return ()
    opens = f"{now.next.hour}:{now.next.minute:02}"
    return (world.say("handoff_closed", day=now.next.date(), opens=opens),)


# ---------------------------------------------------------------- inside


def _heard(conversation: Conversation, world: World) -> Turn:
    """It is for the human. One acknowledgement while nobody has come yet; out of hours the next
    opening, once; else silence."""
    if world.in_manager:
        # What the office answers is not seen: whatever is said now may stand between its words.
        return Turn(conversation)
    told, when = _opening(conversation, world)
    if conversation.owner == WAITING and not conversation.acknowledged:
        told = replace(told, acknowledged=True)
        texts = (world.say("handoff_heard", office=_office(world)), *when)
        return Turn(told, (Paragraphs(texts, ways(world)),))
    if when:
        return Turn(told, (Paragraphs(when, ways(world)),))
    return Turn(told)


def _opening(conversation: Conversation, world: World) -> tuple[Conversation, tuple[Spoken, ...]]:
    """The next opening, if the office is closed and it was not named yet."""
    now = hours.opening(world.library, world.now)
    if now.is_open:
        # The phone is told when the request is passed on, and not again.
        fresh = conversation.opening_told is None and not conversation.acknowledged
        told = replace(conversation, opening_told=conversation.opening_told or "open")
        return told, when_open(world) if fresh and conversation.owner == WAITING else ()
    named = now.next.isoformat() if now.next else "never"
    if conversation.opening_told == named:
        return conversation, ()
    return replace(conversation, opening_told=named), when_open(world)


def _where_it_stands(world: World, owner: str) -> Paragraphs:
    heard = world.say("handoff_heard", office=_office(world))
    first = heard if owner == WAITING else _silent(world)
    return Paragraphs((first, *when_open(world)), ways(world))


def _silent(world: World) -> Spoken:
    return world.say("handoff_manager" if world.in_manager else "handoff_silent")


def _nobody_answered(world: World) -> Paragraphs:
    """The honest end of a long wait: phone and hours, and that the bot speaks again."""
    name = "handoff_manager_over" if world.in_manager else "handoff_unanswered"
    buttons = (
        world.button("button_person", taps.request("human")),
        world.button("button_menu", taps.request("menu")),
    )
    said = world.say(name, office=_office(world))
    return Paragraphs((said, *telling.person(world).texts[:1]), buttons)


def _speak(conversation: Conversation, world: World, tag: str) -> Turn:
    if tag not in dict(world.languages):
        return Turn(conversation, (telling.language_menu(world),))
    spoken = replace(conversation, language=tag)
    if (turn := safety.again(spoken, world)) is not None:
        return _with_ways(turn, spoken, world)
    return Turn(spoken, (Say(world.say("language_changed"), ways(world)),))


def _last_result(conversation: Conversation, world: World) -> Turn:
    """The last answer again, as it stands today; nothing else of the walk is touched."""
    for walk in (conversation.walk, *conversation.past):
        flow = world.flow(walk.flow) if walk and walk.told else None
        if walk is None or flow is None:
            continue
        turn = answering.go_on(conversation.open_walk(walk), world, flow)
        if turn.replies and turn.conversation.walk and turn.conversation.walk.told:
            if conversation.owner == BOT:
                return turn
            shown = turn.replies[0]
            if isinstance(shown, Result):
                return Turn(conversation, (replace(shown, buttons=ways(world)),))
            if isinstance(shown, Duties):
                closed = (None,) * len(shown.numbers)
                return Turn(conversation, (replace(shown, buttons=ways(world), numbers=closed),))
    return Turn(conversation, (Say(world.say("no_last_result"), _ways_of(conversation, world)),))


def _ways_of(conversation: Conversation, world: World) -> tuple[Button, ...]:
    if conversation.owner == BOT:
        return (world.button("button_menu", taps.request("menu")),)
    return ways(world)


def _with_ways(turn: Turn, before: Conversation, world: World) -> Turn:
    """Only calls stay of an answer's buttons: what else they lead to is silent now."""
    if before.owner == BOT:
        return turn
    replies = []
    for reply in turn.replies:
        if isinstance(reply, Result):
            calls = tuple(b for b in reply.buttons if b.kind == "link")
            reply = replace(reply, buttons=(*calls, *ways(world)))
        replies.append(reply)
    return Turn(turn.conversation, tuple(replies), turn.requests)


def _how_it_went(world: World, first: Spoken) -> Paragraphs:
    buttons = (
        *(world.button(f"button_went_{one}", taps.reply_to("rating", one)) for one in RATINGS),
        world.button("button_menu", taps.request("menu")),
    )
    return Paragraphs((first, world.say("handoff_how_it_went")), buttons)


def _office(world: World) -> str:
    return str(world.library.office["name"])
