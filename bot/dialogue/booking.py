"""Booking an appointment: the way, the day, the time, one tap to confirm; then show, move, cancel.

Nothing is kept between the steps: each button carries all that was chosen before it, and what it
means is looked up again when it is tapped, because times are taken and old buttons live for ever.
Whether a time is still free is decided in the database (`Book`): if it was taken in that moment,
the same tap is thought about again with what is free now. Nothing reaches the office before the
person has said yes; a name and, for a call, a number can be given, or skipped.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.dialogue import intake, menu, slots, taps
from bot.dialogue.answering import Turn, remember_message
from bot.dialogue.conversation import BOT, Conversation
from bot.dialogue.events import Event, Said, Tapped
from bot.dialogue.replies import Button, Paragraphs, Say
from bot.dialogue.requests import Book, BookingLink, CancelBooking, OpenCase
from bot.dialogue.slots import Booked
from bot.dialogue.world import World, verbatim
from bot.flow.consultations import Consultations, of_office
from bot.flow.model import Param, Spoken

BOOKING = "booking"
MOST_DAYS, MOST_TIMES = 9, 9
_ASKED = {"name": "intake_name", "contact": "intake_contact"}
_WAY_OF_INTAKE = {"online": "line", "phone": "phone", "visit": "visit"}
_MINUTE = "%Y%m%d%H%M"


def button(world: World) -> tuple[Button, ...]:
    """The button that leads here, where the office can be booked."""
    if of_office(world.library.office) is None:
        return ()
    return (world.button("button_book", taps.request("book")),)


def is_about(event: Event, conversation: Conversation) -> bool:
    """True when this event may lead here, so that what is taken must be read before."""
    match event:
        case Tapped(data=data):
            return _leads_here(data)
        case Said():
            pending = conversation.pending
            asks = pending is not None and pending[0] == BOOKING
            return asks or any(_leads_here(one) for one in conversation.choices)
        case _:
            return False


def who_asks(
    events: Sequence[tuple[str, Event]], talks: Mapping[str, Conversation | None]
) -> set[str]:
    """The persons of these (person, event) who may be about to book; of several events of one
    person the first may lead there."""
    found: set[str] = set()
    seen: set[str] = set()
    for person, event in events:
        conversation = talks.get(person) or Conversation()
        if is_about(event, conversation) or (person in seen and isinstance(event, Said)):
            found.add(person)
        seen.add(person)
    return found


def _leads_here(data: str) -> bool:
    return data.startswith("b:") or data == taps.request("book")


# ---------------------------------------------------------------- the steps


def begin(conversation: Conversation, world: World) -> Turn:
    """The coming appointment, or how one would like to meet."""
    offered = of_office(world.library.office)
    if offered is None:
        return Turn(conversation, (menu.top(world, conversation),))
    if world.agenda.mine is not None:
        return Turn(_free(conversation), *shown(world, world.agenda.mine, conversation))
    return _ask_way(_free(conversation), world, offered)


def tapped(conversation: Conversation, world: World, step: str, value: str) -> Turn:
    """A button of these steps, also one of long ago."""
    offered = of_office(world.library.office)
    if offered is None:
        return begin(conversation, world)
    before = conversation if step in ("skip", "yes") else _free(conversation)
    mine = world.agenda.mine
    match step:
        case "move":
            return _ask_way(before, world, offered)
        case "cancel" if mine is not None:
            return _ask_cancel(before, world, mine)
        case "gone" if mine is not None and mine.id == value:
            return _cancelled(before, world, mine)
        case "no":
            return _left(before, world)
        case "skip":
            name, _, rest = value.partition("=")
            return _skipped(before, world, offered, name, rest)
    way, _, when = value.partition(".")
    if way not in offered.ways:
        return begin(before, world)
    match step:
        case "way" | "days":
            return _ask_day(before, world, offered, way, _day(when))
        case "day":
            return _ask_time(before, world, offered, way, _moment(when, world))
        case "at" | "yes" if (at := _moment(when, world)) is not None:
            if step == "yes":
                return _confirmed(before, world, offered, way, at)
            return _chosen(before, world, offered, way, at)
        case _:
            return begin(before, world)


def typed(conversation: Conversation, world: World, text: str, message_id: str) -> Turn | None:
    """Words as the name or the number that was asked for; None when they are something else."""
    pending = conversation.pending
    offered = of_office(world.library.office)
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if pending is None or pending[0] != BOOKING or offered is None or not plain:
        return None
    if plain.rstrip(".").isdecimal() and len(plain) <= 2:
        return None
    if intake.leaves(world, plain):
        return None
    name, _, rest = pending[1].partition("=")
    if name not in _ASKED:
        return None
    heard = remember_message(conversation, message_id, intake.HEARD + name)
    given = {**heard.intake, name: plain[: intake.LONGEST[name]]}
    return _again(replace(heard, intake=given), world, offered, rest)


def _ask_way(
    conversation: Conversation, world: World, offered: Consultations, *before: Spoken
) -> Turn:
    if len(offered.ways) == 1:
        return _ask_day(conversation, world, offered, next(iter(offered.ways)), None, *before)
    reply = way_asked(world, offered, *before)
    buttons = (*reply.buttons, *_exits(conversation, world))
    return Turn(conversation, (replace(reply, buttons=buttons),))


def way_asked(world: World, offered: Consultations, *before: Spoken) -> Paragraphs:
    """How would you like to meet? Also what the office sends when it offers an appointment."""
    buttons = tuple(world.button(f"button_way_{way}", f"b:way:{way}") for way in offered.ways)
    return Paragraphs((*before, world.say("intake_way")), buttons)


def _ask_day(
    conversation: Conversation,
    world: World,
    offered: Consultations,
    way: str,
    first: date | None,
    *before: Spoken,
) -> Turn:
    days = slots.days_of(world.library, offered, world.agenda, way, world.now)
    found = [day for day in days if first is None or day >= first]
    if not found:
        return _nothing_free(conversation, world, before)
    some = found[:MOST_DAYS]
    buttons = [world.button("button_day", f"b:day:{way}.{day:%Y%m%d}0000", day=day) for day in some]
    if len(found) > len(some):
        tap = f"b:days:{way}.{found[len(some)]:%Y%m%d}0000"
        buttons.append(world.button("button_later", tap))
    if len(offered.ways) > 1:
        buttons.append(world.button("button_other", "b:move:"))
    texts = (*before, world.say("booking_day"))
    return Turn(conversation, (_asked(conversation, world, texts, buttons),))


def _ask_time(
    conversation: Conversation,
    world: World,
    offered: Consultations,
    way: str,
    since: datetime | None,
    *before: Spoken,
) -> Turn:
    if since is None:
        return _ask_day(conversation, world, offered, way, None, *before)
    day = since.date()
    times = slots.times_of(world.library, offered, world.agenda, way, day, world.now)
    found = [at for at in times if at >= since]
    if not found:
        return _ask_day(conversation, world, offered, way, None, *before)
    some = found[:MOST_TIMES]
    buttons = [Button(verbatim(_clock(at)), f"b:at:{way}.{at:{_MINUTE}}") for at in some]
    if len(found) > len(some):
        tap = f"b:day:{way}.{found[len(some)]:{_MINUTE}}"
        buttons.append(world.button("button_later", tap))
    buttons.append(world.button("button_another_day", f"b:way:{way}"))
    texts = (*before, world.say("booking_time", day=day))
    return Turn(conversation, (_asked(conversation, world, texts, buttons),))


def _chosen(
    conversation: Conversation, world: World, offered: Consultations, way: str, at: datetime
) -> Turn:
    """Ask what is still missing, then for the yes."""
    if not _is_free(world, offered, way, at):
        return _taken(conversation, world, offered, way, at)
    missing = _missing(conversation, world, way)
    if missing is None:
        return _ask_yes(conversation, world, way, at)
    rest = f"{missing}={way}.{at:{_MINUTE}}"
    asked = replace(conversation, pending=(BOOKING, rest))
    buttons = [world.button("button_skip", f"b:skip:{rest}")]
    return Turn(asked, (_asked(asked, world, (world.say(_ASKED[missing]),), buttons),))


def _missing(conversation: Conversation, world: World, way: str) -> str | None:
    """What to ask before: not while words are for the office, which can ask by itself."""
    if conversation.owner != BOT or world.agenda.mine is not None:
        return None
    given = conversation.intake
    if not world.open_case and "name" not in given:
        return "name"
    return "contact" if way == "phone" and "contact" not in given else None


def _skipped(
    conversation: Conversation, world: World, offered: Consultations, name: str, rest: str
) -> Turn:
    given = dict(conversation.intake)
    if name in _ASKED:
        given.setdefault(name, "")
    return _again(replace(conversation, intake=given), world, offered, rest)


def _again(conversation: Conversation, world: World, offered: Consultations, rest: str) -> Turn:
    way, _, when = rest.partition(".")
    at = _moment(when, world)
    free = _free(conversation)
    if at is None or way not in offered.ways:
        return begin(free, world)
    return _chosen(free, world, offered, way, at)


def _ask_yes(conversation: Conversation, world: World, way: str, at: datetime) -> Turn:
    texts = [world.say("booking_confirm", **_of(world, way, at), office=_office(world))]
    if (mine := world.agenda.mine) is not None:
        texts.append(world.say("booking_instead", day=mine.start.date(), time=_clock(mine.start)))
    buttons = (
        world.button("button_booking_yes", f"b:yes:{way}.{at:{_MINUTE}}"),
        world.button("button_another_time", f"b:day:{way}.{at:%Y%m%d}0000"),
        world.button("button_do_not_pass_on", "b:no:"),
    )
    return Turn(conversation, (Paragraphs(tuple(texts), buttons),))


def _confirmed(
    conversation: Conversation, world: World, offered: Consultations, way: str, at: datetime
) -> Turn:
    free = _free(conversation)
    end = at + timedelta(minutes=offered.ways[way])
    mine = world.agenda.mine
    if mine is not None and (mine.way, mine.start) == (way, at):
        return Turn(free, *shown(world, mine, free))  # the same tap again
    if not _is_free(world, offered, way, at):
        return _taken(free, world, offered, way, at)
    booked = Booked("", way, at, end)
    replies, links = shown(world, booked, free, world.say("booking_done"))
    case = () if world.open_case else (_case(free, world, way),)
    return Turn(free, replies, (*case, Book(way, at, end, offered.at_once), *links))


def _case(conversation: Conversation, world: World, way: str) -> OpenCase:
    """What is passed on with the yes: what the case is about, the name, the number, the wish."""
    subject = intake.subject_of(conversation, world)
    given = {name: value for name in _ASKED if (value := conversation.intake.get(name))}
    given |= {
        "kind": "appointment", "way": _WAY_OF_INTAKE[way],
        intake.CONSENT: world.now.isoformat(timespec="seconds"),
    }  # fmt: skip
    return OpenCase(
        "human", subject.flow, None, subject.outcome, subject.deadline, subject.fingerprint, given
    )


def _taken(
    conversation: Conversation, world: World, offered: Consultations, way: str, at: datetime
) -> Turn:
    """Others of the same day, else other days."""
    day = at.replace(hour=0, minute=0)
    return _ask_time(conversation, world, offered, way, day, world.say("booking_taken"))


def _nothing_free(conversation: Conversation, world: World, before: tuple[Spoken, ...]) -> Turn:
    texts = (*before, world.say("booking_none"))
    person = world.button("button_person", taps.request("human"))
    buttons = [person] if conversation.owner == BOT else []
    return Turn(conversation, (_asked(conversation, world, texts, buttons),))


def _ask_cancel(conversation: Conversation, world: World, mine: Booked) -> Turn:
    buttons = (
        world.button("button_cancel_yes", f"b:gone:{mine.id}"),
        world.button("button_do_not_pass_on", taps.request("book")),
    )
    texts = (_mine(world, mine), world.say("booking_cancel_ask"))
    return Turn(conversation, (Paragraphs(texts, buttons),))


def _cancelled(conversation: Conversation, world: World, mine: Booked) -> Turn:
    said = world.say("booking_cancelled", day=mine.start.date(), time=_clock(mine.start))
    buttons = (*button(world), *_exits(conversation, world))
    return Turn(conversation, (Say(said, buttons),), (CancelBooking(mine.id),))


def _left(conversation: Conversation, world: World) -> Turn:
    left = conversation
    if not world.open_case:
        kept = {k: v for k, v in conversation.intake.items() if k not in _ASKED}
        left = replace(conversation, intake=kept)
    return Turn(left, (Say(world.say("intake_not_passed_on"), _exits(left, world)),))


# ---------------------------------------------------------------- what is told


def shown(
    world: World, booked: Booked, conversation: Conversation, *before: Spoken
) -> tuple[tuple[Paragraphs, ...], tuple[BookingLink, ...]]:
    """The appointment, how it is held, and what can be done with it. Also told by the office."""
    buttons = (
        Button(world.say("button_calendar"), "@booking", kind="link"),
        world.button("button_booking_move", "b:move:"),
        world.button("button_booking_cancel", "b:cancel:"),
        *_exits(conversation, world),
    )
    texts = (*before, _mine(world, booked), how(world, booked.way))
    return (Paragraphs(texts, buttons),), (BookingLink(),)


def cancelled_by_office(world: World, booked: Booked) -> Paragraphs:
    """The office has cancelled: which appointment, and the way to another."""
    said = world.say(
        "booking_office_cancelled",
        office=_office(world), day=booked.start.date(), time=_clock(booked.start),
    )  # fmt: skip
    return Paragraphs((said,), button(world))


def how(world: World, way: str) -> Spoken:
    """How the appointment is held: a call, or the address of the office."""
    if way == "visit":
        return verbatim(f"{_office(world)}\n{world.library.office.get('address') or ''}".strip())
    return world.say(f"booking_how_{way}", office=_office(world))


def _mine(world: World, booked: Booked) -> Spoken:
    return world.say("booking_mine", **_of(world, booked.way, booked.start))


def _of(world: World, way: str, at: datetime) -> dict[str, Param]:
    name = world.library.talk[f"button_way_{way}"]
    return {"day": at.date(), "time": _clock(at), "way": name}


def _asked(
    conversation: Conversation, world: World, texts: tuple[Spoken, ...], buttons: Iterable[Button]
) -> Paragraphs:
    return Paragraphs(texts, (*buttons, *_exits(conversation, world)))


def _exits(conversation: Conversation, world: World) -> tuple[Button, ...]:
    """The way on from here: the walk or the menu; while the bot is silent, what it always has."""
    if conversation.owner != BOT:
        return (world.button("button_bot_again", taps.request("bot-again")),)
    name = "continue" if conversation.walk else "menu"
    return (world.button(f"button_{name}", taps.request(name)),)


# ---------------------------------------------------------------- inside


def _is_free(world: World, offered: Consultations, way: str, at: datetime) -> bool:
    times = slots.times_of(world.library, offered, world.agenda, way, at.date(), world.now)
    return at in times


def _free(conversation: Conversation) -> Conversation:
    """The conversation with no question of ours open."""
    pending = conversation.pending
    is_ours = pending is not None and pending[0] in (BOOKING, intake.INTAKE)
    return replace(conversation, pending=None if is_ours else pending, failures=0)


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text[:8], "%Y%m%d").date() if text else None
    except ValueError:
        return None


def _moment(text: str, world: World) -> datetime | None:
    if len(text) != 12 or not (text.isascii() and text.isdecimal()):
        return None
    try:
        return datetime.strptime(text, _MINUTE).replace(tzinfo=world.now.tzinfo)
    except ValueError:
        return None


def _clock(at: datetime) -> str:
    return f"{at.hour}:{at.minute:02}"


def _office(world: World) -> str:
    return str(world.library.office["name"])
