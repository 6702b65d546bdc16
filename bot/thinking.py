"""What an event leads to: the conversation, the answer, what is asked of the database.

Thinking changes nothing: it takes what was read for the batch and gives thoughts, so that a
batch can be thought about before anything is locked for writing, and one event again.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import orjson

from bot import operator_codes
from bot.dialogue.conversation import BOT, Conversation
from bot.dialogue.events import Blocked, Event, Unknown, Unsent, words_of
from bot.dialogue.handoff import CLOSE, move
from bot.dialogue.importance import Turn, must_arrive
from bot.dialogue.replies import Ask
from bot.dialogue.requests import Book, DeleteEverything, KeepNotice, OpenCase, Request
from bot.dialogue.slots import EMPTY, Agenda
from bot.house import Circumstances, House, write_messages
from bot.line.incoming import TOKYO, Incoming
from bot.store import cases, conversations, links, outbox, talk
from bot.store.conversations import Stored
from bot.store.inbox import Kept
from bot.store.outbox import Row

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 3


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

    def asks_for(self, kind: type) -> bool:
        """Whether a request of this kind follows from it."""
        return any(isinstance(request, kind) for request in self.requests)


class Unreadable(Exception):
    """An event or a conversation that no key opens."""


def is_silent(event: Event) -> bool:
    """Whether nobody waits for an answer to it."""
    return isinstance(event, Blocked | Unsent) or (isinstance(event, Unknown) and event.silent)


def think_all(
    house: House,
    known: Known,
    events: Sequence[Kept],
    profiles: Mapping[str, str | None],
    newcomers: Collection[str],
    now: float,
) -> list[Thought]:
    """What each event leads to, in their order; one that fails is its own failure.

    `newcomers` and who must see an earlier event carried out first wait for the next batch.
    """
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
        if thought.error or thought.asks_for(DeleteEverything) or thought.asks_for(Book):
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
        if is_silent(coming.event) and not isinstance(coming.event, Unsent):
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
