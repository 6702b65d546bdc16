"""From a kept event to a kept answer: the whole story in one transaction.

`handle_batch` gathers (events, conversations), lets each event be thought about by itself, and
carries everything out: conversations, messages, cases, and the mark that the event is handled.
A crash before the commit changes nothing; after it all is done. An event that fails is left
out, counted, and after the third time parked, with one honest sentence to the person.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot import operator_codes
from bot.carrying_out import Sending, booked, carry_out
from bot.dialogue import booking
from bot.dialogue.events import Followed, Said, Unsent
from bot.dialogue.requests import KeepFile, OpenCase
from bot.house import House
from bot.line.incoming import read as read_event
from bot.store import bookings, cases, conversations, inbox, outbox, talk
from bot.store.database import Session
from bot.store.inbox import Kept
from bot.store.outbox import Row
from bot.thinking import Known, Thought, is_silent, think_all


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
        thoughts = think_all(house, known, events, profiles, newcomers, now)
        if not thoughts:
            return Handled(newcomers=newcomers)
        batch.begin_writing()
        thoughts = [booked(house, session, known, thought, now) for thought in thoughts]
        owned, left = carry_out(house, session, known, thoughts, sending, now)
    return Handled(
        events=len(thoughts),
        to_send=owned,
        left=left,
        newcomers=newcomers,
        languages=_chosen(known, thoughts),
        failed=sum(thought.error is not None for thought in thoughts),
        parked=sum(thought.is_parked for thought in thoughts),
        files=sum(thought.asks_for(KeepFile) for thought in thoughts),
        cases=sum(thought.is_parked or thought.asks_for(OpenCase) for thought in thoughts),
    )


# ---------------------------------------------------------------- gather


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
        if is_new and coming.user_id and not is_silent(coming.event):
            found[event.person] = coming.user_id
    return found


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
