"""What the desk does about appointments: offering, booking, moving, cancelling.

Each is one transaction that locks the person, changes the appointment and puts what the person is
told into the outbox, in their language and as the house: it arrives whoever speaks at the moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.dialogue import booking
from bot.dialogue.conversation import Conversation
from bot.dialogue.events import HandoffStep
from bot.dialogue.replies import Paragraphs
from bot.dialogue.world import World
from bot.flow.consultations import Consultations, of_office
from bot.house import Circumstances, House, write_messages, writing
from bot.line.incoming import TOKYO
from bot.store import bookings, case_log, cases, conversations, links, outbox
from bot.store.bookings import Booking
from bot.store.cases import Case
from bot.store.conversations import Stored
from bot.store.database import Session

# Why something was not done.
GONE, BLOCKED, UNREADABLE, TAKEN, NOT_OFFERED = (
    "gone", "blocked", "unreadable", "taken", "not_offered",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Done:
    """It is done. `told`: a message is on its way to the person."""

    booking: Booking | None
    told: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """It was not done, and why (one of the words above)."""

    why: str


def offer(house: House, case_id: str, operator: str) -> Done | Problem:
    """Send the person the buttons with which a time is chosen."""
    now = house.clock()
    with writing(house) as session:
        case = cases.load(session, case_id)
        stored = _listening(session, case.person) if case else GONE
        if case is None or isinstance(stored, str):
            return Problem(str(stored))
        world, offered = _world(house, session, stored, now)
        if offered is None:
            return Problem(NOT_OFFERED)
        reply = booking.way_asked(world, offered, world.say("booking_offer", office=_name(world)))
        _tell(house, session, stored, reply, now)
        case_log.add(session, case.id, now, "booking_offered", operator)
        cases.note_operator_wrote(session, case.id, now)
        return Done(None, told=True)


def book(house: House, case_id: str, operator: str, way: str, start: datetime) -> Done | Problem:
    """Book that time for the person of the case, or move their appointment there; they are told.

    The office may book at short notice, and in hours that it does not offer; a time that is taken
    or blocked is refused."""
    now = house.clock()
    with writing(house) as session:
        case = cases.load(session, case_id)
        if case is None:
            return Problem(GONE)
        stored = conversations.load_locked(session, case.person)
        world, offered = _world(house, session, stored, now)
        if offered is None or way not in offered.ways or start.timestamp() <= now:
            return Problem(NOT_OFFERED)
        end = start + timedelta(minutes=offered.ways[way])
        wish = bookings.Wish(
            case.person, way, start.timestamp(), end.timestamp(), offered.at_once, operator
        )
        before = bookings.coming(session, case.person, now)
        booked = bookings.book(session, wish, now)
        if booked is None:
            return Problem(TAKEN)
        bookings.set_case(session, booked.id, case.id)
        kind = "booking_moved" if before else "booked"
        case_log.add(session, case.id, now, kind, operator, start=booked.start_at, way=way)
        said = "booking_office_moved" if before else "booking_office_booked"
        told = _tell_shown(house, session, stored, world, booked, said, now)
        return Done(booked, told)


def cancel(house: House, booking_id: str, operator: str) -> Done | Problem:
    """Cancel it; the person is told, with the way to another time."""
    now = house.clock()
    with writing(house) as session:
        found = bookings.load(session, booking_id)
        if found is None:
            return Problem(GONE)
        stored = conversations.load_locked(session, found.person)
        gone = bookings.cancel(session, booking_id, now)
        if gone is None:
            return Problem(GONE)
        if (case := _case_of(session, gone)) is not None:
            case_log.add(
                session, case.id, now, "booking_cancelled", operator,
                start=gone.start_at, way=gone.way,
            )  # fmt: skip
        told = False
        if gone.end_at > now and _can_hear(stored):
            assert stored is not None
            world, _ = _world(house, session, stored, now)
            _tell(house, session, stored, booking.cancelled_by_office(world, gone.booked), now)
            told = True
        return Done(gone, told)


def free_times(
    house: House, session: Session, person: str | None, way: str, day: datetime
) -> Sequence[datetime]:
    """The free beginnings of a day as the office sees them: at short notice, too."""
    from bot.dialogue.slots import times_of

    now = house.clock()
    world = _seen(house, session, person, Conversation(), now)
    offered = of_office(world.library.office)
    if offered is None:
        return ()
    times = times_of(world.library, offered, world.agenda, way, day.date(), world.now, notice=False)
    return tuple(times)


# ---------------------------------------------------------------- inside


def _listening(session: Session, person: str) -> Stored | str:
    """The person's conversation if something can be said to them, else why not."""
    stored = conversations.load_locked(session, person)
    if stored is None or stored.conversation is None:
        return UNREADABLE if stored else GONE
    return BLOCKED if stored.blocked_at is not None else stored


def _can_hear(stored: Stored | None) -> bool:
    return stored is not None and stored.conversation is not None and stored.blocked_at is None


def _world(
    house: House, session: Session, stored: Stored | None, now: float
) -> tuple[World, Consultations | None]:
    talk = (stored.conversation if stored else None) or Conversation()
    world = _seen(house, session, stored.person if stored else None, talk, now)
    return world, of_office(world.library.office)


def _seen(
    house: House, session: Session, person: str | None, talk: Conversation, now: float
) -> World:
    at = datetime.fromtimestamp(now, TOKYO)
    around = Circumstances(at, open_case=True, agenda=bookings.agenda(session, person, now))
    world: World = house.world(HandoffStep("", at, "", tells=False), talk, around)
    return world


def _tell_shown(
    house: House,
    session: Session,
    stored: Stored | None,
    world: World,
    booked: Booking,
    said: str,
    now: float,
) -> bool:
    if not _can_hear(stored):
        return False
    assert stored is not None
    assert stored.conversation is not None
    before = world.say(said, office=_name(world))
    (reply,), _ = booking.shown(world, booked.booked, stored.conversation, before)
    token = house.new_token()
    links.make(session, token, stored.person, links.BOOKING, now, links.LASTS)
    address = links.address_of(house.public_url, links.BOOKING, token)
    _tell(house, session, stored, reply, now, {links.BOOKING: address})
    return True


def _tell(
    house: House,
    session: Session,
    stored: Stored,
    reply: Paragraphs,
    now: float,
    found: dict[str, str] | None = None,
) -> None:
    """Put it behind all other messages of the person; numbers typed now mean its buttons."""
    talk = stored.conversation
    assert talk is not None
    body = write_messages(house, (reply,), talk.language or talk.guess, found or {})
    assert body is not None
    choices = tuple(button.tap for button in reply.buttons if button.kind == "tap")
    position = conversations.next_position(stored.position, now)
    saved = replace(stored, conversation=replace(talk, choices=choices), position=position)
    conversations.save(session, [saved], {stored.person: stored}, now)
    row = outbox.Row(
        house.new_id(), stored.person, position, None, stored.user_id, None, now, body,
        must_arrive=True, speaker=outbox.HOUSE,
    )  # fmt: skip
    outbox.put(session, [row], now, {})


def _case_of(session: Session, booked: Booking) -> Case | None:
    return cases.load(session, booked.case_id) if booked.case_id else None


def _name(world: World) -> str:
    return str(world.library.office["name"])
