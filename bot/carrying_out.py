"""Carrying out what was thought: conversations, messages, cases, and the mark "handled".

All of it within the transaction of the batch. An appointment is the one thing that can turn out
otherwise than it was thought: then its event is thought about again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import operator_codes
from bot.dialogue.requests import (
    Book,
    BookingLink,
    CalendarLink,
    CancelBooking,
    CloseCase,
    DeleteEverything,
    ExportLink,
    ForgetMessage,
    ForgetPassedOn,
    KeepFile,
    KeepUnanswered,
    OpenCase,
    OwnerChanged,
    RateCase,
)
from bot.house import House
from bot.store import (
    bookings,
    case_requests,
    cases,
    conversations,
    files,
    inbox,
    links,
    outbox,
    privacy,
    talk,
    unanswered,
)
from bot.store.database import Session
from bot.store.outbox import Row
from bot.thinking import Known, Thought, handle_event


@dataclass(frozen=True, slots=True)
class Sending:
    """Who sends the answers of a batch: the worker `me`, at once while it `has_room`."""

    me: str
    has_room: bool = True


def booked(house: House, session: Session, known: Known, thought: Thought, now: float) -> Thought:
    """The thought, with its appointment booked; if the time was taken meanwhile, what is said
    now that this is known."""
    wish = next((request for request in thought.requests if isinstance(request, Book)), None)
    if wish is None:
        return thought
    person = thought.event.person
    if case_requests.book(session, person, wish, now):
        return thought
    known = replace(known, agendas={person: bookings.agenda(session, person, now)})
    return handle_event(house, known, thought.event, thought.before, thought.guess, now)


def carry_out(
    house: House,
    session: Session,
    known: Known,
    thoughts: Sequence[Thought],
    sending: Sending,
    now: float,
) -> tuple[tuple[Row, ...], int]:
    """Write it all; returns the rows leased to us and how many rows were left for later."""
    leaving = {t.event.person for t in thoughts if t.asks_for(DeleteEverything)}
    last = {t.event.person: t.stored for t in thoughts if t.stored is not None}
    staying = [stored for person, stored in last.items() if person not in leaving]
    conversations.save(session, staying, known.conversations, now)
    written = [t.message for t in thoughts if t.message and t.event.person not in leaving]
    talk.put(session, written)
    wrote = {message.person: message.at for message in written if message.person in known.with_case}
    cases.note_person_wrote(session, wrote)
    rows = [
        replace(thought.row, forget=thought.event.person in leaving)
        for thought in thoughts
        if thought.row is not None
    ]
    owned = _lease(session, rows, sending)
    outbox.put(session, rows, now, {row.id: sending.me for row in owned})
    inbox.mark_handled(session, [t.event.event_id for t in thoughts if t.error is None], now)
    inbox.mark_failed(
        session, {t.event.event_id: t.error for t in thoughts if t.error and not t.is_parked}
    )
    for thought in thoughts:
        if (typed := known.codes.get(thought.event.event_id)) and thought.stored is not None:
            operator_codes.use(session, typed, thought.stored.user_id, now)
        _carry_out_requests(house, session, thought, now)
    for person in leaving:
        privacy.delete_person(session, person, tuple(r.id for r in rows if r.person == person))
    return tuple(owned), len(rows) - len(owned)


def _lease(session: Session, rows: Sequence[Row], sending: Sending) -> list[Row]:
    """The rows that we send at once: not those behind a row that is in nobody's or other hands."""
    if not rows or not sending.has_room:
        return []
    behind = outbox.waiting_elsewhere(session, {row.person for row in rows}, sending.me)
    return [row for row in rows if row.person not in behind]


def _carry_out_requests(house: House, session: Session, thought: Thought, now: float) -> None:
    event, stored = thought.event, thought.stored
    language = stored.conversation.language if stored and stored.conversation else None
    if event.message_id and thought.stored is None and thought.error is None:
        # Taken back before it was read: what LINE sent goes as well.
        inbox.forget_message(session, event.person, event.message_id)
    if thought.is_parked:
        inbox.park(session, event.event_id, now, thought.error or "")
        parked = cases.Case(
            house.new_id(), event.person, "parked", now, None, None, language, event.event_id
        )
        cases.open_case(session, parked)
    for request in thought.requests:
        match request:
            case OpenCase():
                asked = (house.new_id(), event.person, event.event_id, language)
                case_requests.open_case(session, asked, request, now)
            case CloseCase() | OwnerChanged() | RateCase() | Book() | CancelBooking():
                case_requests.change_case(session, event.person, request, now)
            case ForgetMessage(message_id=message_id):
                talk.forget_message(session, event.person, message_id, house.new_id(), now)
                inbox.forget_message(session, event.person, message_id)
                unanswered.forget(session, message_id)
                files.forget(session, event.person, message_id)
            case ForgetPassedOn(step=step):
                case_requests.forget_passed_on(session, event.person, step)
            case KeepFile(message_id=message_id, name=name, size=size):
                files.want(session, event.person, message_id, name, size, now)
            case KeepUnanswered(message_id=message_id, text=text, language=written):
                kept = unanswered.Unanswered(text, written, now)
                unanswered.put(session, message_id, kept)
            case ExportLink() | CalendarLink() | BookingLink():
                kind = links.KINDS[type(request)]
                token = thought.tokens[kind]
                links.make(session, token, event.person, kind, now, links.LASTS)
