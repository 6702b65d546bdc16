"""From a kept event to a kept answer: the whole story in one transaction.

`handle_batch` gathers (events, conversations), lets each event be thought about by itself, and
carries everything out: conversations, messages, cases, and the mark that the event is handled.
A crash before the commit changes nothing; after it all is done. An event that fails is left
out, counted, and after the third time parked, with one honest sentence to the person.
"""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import orjson

from bot import operator_codes
from bot.dialogue import booking
from bot.dialogue.conversation import BOT, Conversation
from bot.dialogue.events import (
    Blocked,
    Event,
    Followed,
    Said,
    Unknown,
    Unsent,
    words_of,
)
from bot.dialogue.handoff import CLOSE, move
from bot.dialogue.importance import Turn, must_arrive
from bot.dialogue.replies import Ask
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
    KeepNotice,
    KeepUnanswered,
    OpenCase,
    OwnerChanged,
    RateCase,
    Request,
)
from bot.dialogue.slots import EMPTY, Agenda
from bot.house import Circumstances, House, write_messages
from bot.line.incoming import TOKYO, Incoming
from bot.line.incoming import read as read_event
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
from bot.store.conversations import Stored
from bot.store.database import Session
from bot.store.inbox import Kept
from bot.store.outbox import Row

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Sending:
    """Who sends the answers of a batch: the worker `me`, at once while it `has_room`."""

    me: str
    has_room: bool = True


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of a batch. `to_send` are committed and leased to us; `newcomers` (person
    -> user id) were left alone until their language is known; `left` rows wait in the outbox."""

    events: int = 0
    to_send: tuple[Row, ...] = ()
    left: int = 0
    newcomers: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)
    failed: int = 0
    parked: int = 0
    files: int = 0
    cases: int = 0


@dataclass(slots=True)
class Thought:
    """What one event leads to; nothing of it has happened yet."""

    event: Kept
    stored: Stored | None = None
    row: Row | None = None
    message: talk.Message | None = None
    requests: tuple[Request, ...] = ()
    tokens: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None
    is_parked: bool = False
    before: Stored | None = None  # what it was thought from, to think again
    guess: str | None = None


class Unreadable(Exception):
    """An event or a conversation that no key opens."""


# ---------------------------------------------------------------- the story


def handle_batch(
    house: House,
    sending: Sending,
    most: int,
    profiles: Mapping[str, str | None],
    waiting: Collection[str] = (),
) -> Handled:
    """Handle up to `most` events, oldest first, in one transaction.

    `profiles`: person -> the language of the profile, for newcomers that were asked about.
    `waiting`: persons to leave out because LINE is still being asked about them.
    """
    now = house.clock()
    with house.database.batch() as batch:
        session = batch.session
        events = inbox.take(session, most, waiting)
        if not events:
            return Handled()
        known = _gather(session, events, now)
        newcomers = _newcomers(known, events, profiles)
        thoughts = _think_all(house, known, events, profiles, newcomers, now)
        if not thoughts:
            return Handled(newcomers=newcomers)
        batch.begin_writing()
        thoughts = [_booked(house, session, known, thought, now) for thought in thoughts]
        owned, left = _carry_out(house, session, known, thoughts, sending, now)
    return Handled(
        events=len(thoughts),
        to_send=owned,
        left=left,
        newcomers=newcomers,
        languages=_chosen(known, thoughts),
        failed=sum(thought.error is not None for thought in thoughts),
        parked=sum(thought.is_parked for thought in thoughts),
        files=sum(_has(thought.requests, KeepFile) for thought in thoughts),
        cases=sum(thought.is_parked or _has(thought.requests, OpenCase) for thought in thoughts),
    )


# ---------------------------------------------------------------- gather


@dataclass(frozen=True, slots=True)
class Known:
    """All that was read for a batch, so that thinking needs no database."""

    incoming: Mapping[str, Incoming]
    conversations: Mapping[str, Stored]
    taken_back: Collection[str]
    with_case: Collection[str]
    quoted: Mapping[str, str]
    codes: Mapping[str, operator_codes.Typed]
    agendas: Mapping[str, Agenda] = field(default_factory=dict)


def _gather(session: Session, events: Sequence[Kept], now: float) -> Known:
    incoming = {e.event_id: read_event(e.raw or b"", e.event_id, e.event_time) for e in events}
    codes = operator_codes.recognise(session, events, incoming, now)
    persons = {event.person for event in events}
    stored = conversations.load(session, persons)
    taken_back = {i.event.message_id for i in incoming.values() if isinstance(i.event, Unsent)}
    messages = [event.message_id for event in events if event.message_id]
    taken_back |= talk.taken_back(session, messages)
    quoted = {}
    for event in events:
        said = incoming[event.event_id].event
        if isinstance(said, Said) and said.quoted_message_id:
            about = outbox.about_of(session, event.person, said.quoted_message_id)
            if about:
                quoted[event.event_id] = about
    with_case = cases.with_open_case(session, list(stored))
    talks = {person: one.conversation for person, one in stored.items()}
    asking = booking.who_asks([(e.person, incoming[e.event_id].event) for e in events], talks)
    agendas = {person: bookings.agenda(session, person, now) for person in asking}
    return Known(incoming, stored, taken_back, with_case, quoted, codes, agendas)


def _newcomers(
    known: Known, events: Iterable[Kept], profiles: Mapping[str, str | None]
) -> dict[str, str]:
    """Persons seen for the first time, whose language LINE has not been asked for yet."""
    found = {}
    for event in events:
        coming = known.incoming[event.event_id]
        is_new = event.person not in known.conversations and event.person not in profiles
        if is_new and coming.user_id and not _is_silent(coming.event):
            found[event.person] = coming.user_id
    return found


def _is_silent(event: Event) -> bool:
    return isinstance(event, Blocked | Unsent) or (isinstance(event, Unknown) and event.silent)


# ---------------------------------------------------------------- think


def _think_all(
    house: House,
    known: Known,
    events: Sequence[Kept],
    profiles: Mapping[str, str | None],
    newcomers: Collection[str],
    now: float,
) -> list[Thought]:
    current = dict(known.conversations)
    closed = set(newcomers)  # persons whose later events must wait for the next batch
    thoughts = []
    for event in events:
        if event.person in closed:
            continue
        stored, guess = current.get(event.person), None
        try:
            guess = house.guess(profiles.get(event.person))
            thought = handle_event(house, known, event, stored, guess, now)
        except Exception as error:  # noqa: BLE001 - whatever it is, it stays this event's
            thought = _failed(house, known, event, stored, error, now)
        thought.before, thought.guess = stored, guess
        if thought.stored is not None:
            current[event.person] = thought.stored
        # What comes after a booking may only be thought about when it is known to be one.
        if (
            thought.error
            or _has(thought.requests, DeleteEverything)
            or _has(thought.requests, Book)
        ):
            closed.add(event.person)
        thoughts.append(thought)
    return thoughts


def handle_event(
    house: House, known: Known, event: Kept, stored: Stored | None, guess: str | None, now: float
) -> Thought:
    """What one event leads to. Pure but for ids; raises whatever the conversation raises."""
    if event.raw is None or (stored is not None and stored.conversation is None):
        raise Unreadable
    coming = known.incoming[event.event_id]
    if coming.user_id is None or event.message_id in known.taken_back:
        return Thought(event)
    if stored is None:
        if _is_silent(coming.event) and not isinstance(coming.event, Unsent):
            return Thought(event)
        stored = _first_seen(event.person, coming.user_id, guess, now)
    before = _with_a_speaker(stored.conversation or Conversation(), known, event.person)
    circumstances = Circumstances(
        now=datetime.fromtimestamp(now, TOKYO),
        quoted=known.quoted.get(event.event_id),
        open_case=event.person in known.with_case,
        agenda=known.agendas.get(event.person, EMPTY),
    )
    world = house.world(coming.event, before, circumstances)
    turn = house.take_turn(before, coming.event, world)
    after = turn.conversation
    asked = (links.KINDS.get(type(request)) for request in turn.requests)
    tokens = {kind: house.new_token() for kind in asked if kind}
    stored = replace(
        stored,
        user_id=coming.user_id,
        conversation=after,
        position=conversations.next_position(stored.position, now),
        blocked_at=now if isinstance(coming.event, Blocked) else None,
    )
    stored = _with_notice(stored, turn.requests, now)
    tag = after.language or after.guess or before.language or before.guess
    return Thought(
        event,
        stored,
        _row(house, event, coming, stored, turn, tag, tokens),
        _message(house, event, coming.event),
        turn.requests,
        tokens,
    )


def _with_a_speaker(before: Conversation, known: Known, person: str) -> Conversation:
    """The conversation; nobody is left with silence when no case is open any more.

    Only what was read at the beginning counts: a case that this batch opens is not known yet.
    """
    read = known.conversations.get(person)
    was = read.conversation.owner if read and read.conversation else BOT
    if BOT in (was, before.owner) or person in known.with_case:
        return before
    return move(before, CLOSE)


def _chosen(known: Known, thoughts: Iterable[Thought]) -> dict[str, str]:
    """Who chose a language, or came back and has one: their menu should speak it too."""
    found = {}
    for thought in thoughts:
        stored = thought.stored
        if stored is None or stored.conversation is None or not stored.conversation.language:
            continue
        before = known.conversations.get(stored.person)
        spoke = before.conversation.language if before and before.conversation else None
        came_back = isinstance(known.incoming[thought.event.event_id].event, Followed)
        if came_back or spoke != stored.conversation.language:
            found[stored.user_id] = stored.conversation.language
    return found


def _first_seen(person: str, user_id: str, guess: str | None, now: float) -> Stored:
    return Stored(
        person, user_id, Conversation(guess=guess), position=0, created_at=now, profile_at=now
    )


def _with_notice(stored: Stored, requests: Sequence[Request], now: float) -> Stored:
    for request in requests:
        if isinstance(request, KeepNotice):
            return replace(stored, notice_version=request.version, notice_at=now)
    return stored


def _row(
    house: House,
    event: Kept,
    coming: Incoming,
    stored: Stored,
    turn: Turn,
    tag: str | None,
    tokens: Mapping[str, str],
) -> Row | None:
    if not turn.replies:
        return None
    found = {
        kind: links.address_of(house.public_url, kind, token) for kind, token in tokens.items()
    }
    body = write_messages(house, turn.replies, tag, found)
    if body is None:
        return None
    asked = [reply for reply in turn.replies if isinstance(reply, Ask)]
    return Row(
        id=house.new_id(),
        person=event.person,
        position=stored.position,
        event_id=event.event_id,
        user_id=stored.user_id,
        reply_token=coming.reply_token,
        received_at=event.received_at,
        messages=body,
        must_arrive=must_arrive(turn.replies, turn.requests),
        about=f"{asked[-1].flow}/{asked[-1].question.name}" if asked else None,
        speaker=outbox.HOUSE if _always_goes_out(turn) else outbox.BOT,
    )


def _always_goes_out(turn: Turn) -> bool:
    """True for what is said although, or because, it is not the bot's turn to speak any more; and
    for what is told to people in danger."""
    if turn.conversation.owner != BOT:
        return True
    return any(isinstance(r, OpenCase) and r.kind == cases.URGENT for r in turn.requests)


def _message(house: House, event: Kept, happened: Event) -> talk.Message | None:
    """What the person wrote, tapped or sent, for the record."""
    kind, text = words_of(happened)
    if kind is None:
        return None
    message_id = getattr(happened, "message_id", None)
    return talk.Message(
        house.new_id(), event.person, event.received_at, kind, text, message_id or None
    )


def _failed(
    house: House, known: Known, event: Kept, stored: Stored | None, error: Exception, now: float
) -> Thought:
    log.error(
        "event %s of person %s failed: %s (attempt %d)",
        event.event_id, event.person[:8], type(error).__name__, event.attempts + 1,
        exc_info=_where(error),
    )  # fmt: skip
    thought = Thought(event, error=type(error).__name__)
    if event.attempts + 1 < MOST_ATTEMPTS:
        return thought
    thought.is_parked = True
    coming = known.incoming[event.event_id]
    if coming.user_id is None:
        return thought
    stored = stored or _first_seen(event.person, coming.user_id, None, now)
    conversation = stored.conversation or Conversation()  # unreadable: begin again
    tag = conversation.language or conversation.guess
    position = conversations.next_position(stored.position, now)
    thought.stored = replace(
        stored, user_id=coming.user_id, conversation=conversation, position=position
    )
    try:
        messages = house.apology(tag)
    except Exception as second:  # noqa: BLE001 - parking must succeed, even speechless
        log.error("no apology for event %s: %s", event.event_id, type(second).__name__)
        return thought
    thought.row = Row(
        house.new_id(), event.person, position, event.event_id, coming.user_id,
        coming.reply_token, event.received_at, orjson.dumps(messages), must_arrive=True,
    )  # fmt: skip
    return thought


def _where(error: Exception) -> Exception | None:
    """The traceback for the log, without the message, which could hold a person's words."""
    try:
        return type(error)().with_traceback(error.__traceback__)
    except Exception:  # noqa: BLE001 - an exception that needs arguments: the name must do
        return None


def _has(requests: Iterable[Request], kind: type) -> bool:
    return any(isinstance(request, kind) for request in requests)


# ---------------------------------------------------------------- carry out


def _booked(house: House, session: Session, known: Known, thought: Thought, now: float) -> Thought:
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


def _carry_out(
    house: House,
    session: Session,
    known: Known,
    thoughts: Sequence[Thought],
    sending: Sending,
    now: float,
) -> tuple[tuple[Row, ...], int]:
    """Write it all; returns the rows leased to us and how many rows were left for later."""
    leaving = {t.event.person for t in thoughts if _has(t.requests, DeleteEverything)}
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
