"""What the desk does to a conversation: taking over, answering, giving back, closing.

Each is one transaction that locks the person, reads who speaks, and writes case, conversation
and outbox together, so that an operator's message goes the same way as the bot's. Taking over
holds back what the bot has not sent yet; what is being sent at that moment arrives before the
operator's words, because a person's messages go out in order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson

from bot.dialogue.conversation import BOT, HUMAN, Conversation
from bot.dialogue.events import HandoffStep, Tapped
from bot.dialogue.handoff import CLOSE, RELEASE, TAKE, TIME_OUT, UNANSWERED
from bot.dialogue.importance import Turn
from bot.dialogue.replies import Ask, Duties, Reply, Say
from bot.dialogue.taps import start
from bot.house import Circumstances, House, write_messages, writing
from bot.line import limits
from bot.line.incoming import TOKYO
from bot.line.incoming import read as read_event
from bot.store import case_log, cases, conversations, inbox, links, outbox, privacy, waiting
from bot.store.cases import Case
from bot.store.conversations import Stored
from bot.store.database import Session
from bot.store.outbox import Row

MOST_BUBBLES = limits.MOST_MESSAGES
UPLOAD_LINK = "{upload_link}"
"""Stands in an operator's words for the address of an upload page, which is made on sending."""
FRESH = 45.0
"""A reply token that is younger still reaches LINE in time (it lives for 50 s)."""

# Why something was not done; a page says it in its reader's language.
GONE, CLOSED, NOT_YOURS, BOT_SPEAKS, BLOCKED, UNREADABLE, TOO_LONG, EMPTY, ELSEWHERE = (
    "gone", "closed", "not_yours", "bot_speaks", "blocked", "unreadable", "too_long", "empty",
    "elsewhere",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Done:
    """It is done. `row_id`: what was put into the outbox; `is_free`: it goes as a reply."""

    case: Case
    row_id: str | None = None
    is_free: bool = False


@dataclass(frozen=True, slots=True)
class NotDone:
    """It was not done, and why (one of the words above). `operator`: whose the case is."""

    why: str
    operator: str | None = None


def take_over(house: House, case_id: str, operator: str) -> Done | NotDone:
    """The case is this operator's and the human speaks; of two at once one wins."""
    now = house.clock()
    with writing(house) as session:
        case = cases.load(session, case_id)
        if case is None:
            return NotDone(GONE)
        # The person first, then the case, as the worker does: nobody waits in a circle.
        conversations.lock(session, case.person)
        if case.operator != operator or case.state != cases.TAKEN:
            if not cases.take(session, case_id, operator, now):
                case = cases.load(session, case_id) or case
                return NotDone(CLOSED if case.state == cases.CLOSED else NOT_YOURS, case.operator)
        if case.kind in cases.TALKS:
            _step(house, session, case, TAKE, operator, now)
        return _done(session, case_id)


def hand_over(
    house: House, case_id: str, operator: str, to: str | None, by: str | None = None
) -> Done | NotDone:
    """From `operator` to a colleague, or back to all (`to` None); the person goes on talking with
    the office. `by`: who does it, if that is somebody else (an admin)."""
    now = house.clock()
    with writing(house) as session:
        case = _of(session, case_id, operator)
        if isinstance(case, NotDone):
            return case
        cases.hand_over(session, case_id, operator, to, by or operator, now)
        return _done(session, case_id)


def let_bot_speak(house: House, case_id: str, operator: str) -> Done | NotDone:
    """The bot answers again while the case stays this operator's; unsent words are held back."""
    now = house.clock()
    with writing(house) as session:
        case = _of(session, case_id, operator)
        if isinstance(case, NotDone):
            return case
        _step(house, session, case, RELEASE, operator, now)
        return _done(session, case_id)


def close(
    house: House, case_id: str, operator: str | None, reason: str, *, tells: bool = True
) -> Done | NotDone:
    """Close the case: the bot speaks again. `tells`: the person is told, and asked how it went."""
    now = house.clock()
    with writing(house) as session:
        case = cases.load(session, case_id)
        if case is None:
            return NotDone(GONE)
        conversations.lock(session, case.person)
        if not cases.close_case(session, case_id, now, operator, reason):
            return NotDone(CLOSED, case.operator)
        row = None
        if case.kind in cases.TALKS:
            step = TIME_OUT if operator is None else CLOSE
            row = _step(house, session, case, step, operator, now, tells=tells)
        return _done(session, case_id, row)


def end_wait(house: House, case_id: str, since: float) -> Done | NotDone:
    """Nobody has answered since then: the person is told so, with phone and hours, and the bot
    speaks again; the case stays with the office."""
    now = house.clock()
    with writing(house) as session:
        case = cases.load(session, case_id)
        if case is None:
            return NotDone(GONE)
        conversations.lock(session, case.person)
        # Again, now that nobody else can answer meanwhile.
        if not waiting.overdue(session, since, answers_here=house.answers_here, only=case_id):
            return NotDone(CLOSED, case.operator)
        case_log.add(session, case_id, now, "unanswered", None)
        return _done(session, case_id, _step(house, session, case, UNANSWERED, None, now))


def say_as_operator(
    house: House,
    case_id: str,
    operator: str,
    texts: Sequence[str | dict[str, Any]],
    *,
    quote: str | None = None,
    name: str | None = None,
) -> Done | NotDone:
    """Send up to five bubbles as one message to the case's person.

    A text is words, or a finished LINE message (a card, a macro's). It goes as a free reply when
    the person wrote less than FRESH seconds ago and that was not answered yet, else as a push.
    `quote`: LINE's id of a message of the person's that the first bubble quotes. `name`: who
    stands above the bubbles (at most 20 characters). UPLOAD_LINK in a text becomes the address of a
    new upload page.
    """
    now = house.clock()
    with writing(house) as session:
        stored = _who_listens(house, session, case_id, operator)
        if isinstance(stored, NotDone):
            return stored
        token = house.new_token() if _wants_upload(texts) else None
        spelled = [_with_address(house, one, token) for one in texts]
        messages = _bubbles(spelled, name, _quote_token(session, stored.person, quote))
        if not messages:
            return NotDone(EMPTY, operator)
        if len(messages) > MOST_BUBBLES or limits.faults(messages):
            return NotDone(TOO_LONG, operator)
        if token is not None:
            links.make(session, token, stored.person, links.UPLOAD, now, links.UPLOAD_LASTS)
        return _said(house, session, case_id, stored, orjson.dumps(messages), operator, now)


def repeat(house: House, case_id: str, operator: str, row_id: str) -> Done | NotDone:
    """Send again, as this operator's words, what was given up, held back or is unclear."""
    now = house.clock()
    with writing(house) as session:
        stored = _who_listens(house, session, case_id, operator)
        if isinstance(stored, NotDone):
            return stored
        messages = outbox.not_delivered(session, stored.person, row_id)
        if messages is None:
            return NotDone(GONE, operator)
        return _said(house, session, case_id, stored, messages, operator, now)


def let_bot_ask(house: House, case_id: str, operator: str, flow_id: str) -> Done | NotDone:
    """The bot speaks again and begins this procedure, topic or life event with the person."""
    now = house.clock()
    with writing(house) as session:
        case = _of(session, case_id, operator)
        if isinstance(case, NotDone):
            return case
        stored = conversations.load_locked(session, case.person)
        if stored is None or stored.conversation is None:
            return NotDone(UNREADABLE if stored else GONE, operator)
        if stored.blocked_at is not None:
            return NotDone(BLOCKED, operator)
        _step(house, session, case, RELEASE, operator, now)
        stored = conversations.load_locked(session, case.person)
        assert stored is not None
        assert stored.conversation is not None
        turn = _turn_of_tap(house, stored.conversation, start(flow_id), now)
        messages = _messages(house, turn)
        if messages is None:
            return NotDone(EMPTY, operator)
        changed = replace(stored, conversation=turn.conversation)
        row = _put(house, session, changed, messages, None, now)
        case_log.add(session, case_id, now, "asked", operator, flow=flow_id)
        return _done(session, case_id, row)


def goes_free(session: Session, person: str, now: float) -> bool:
    """Whether words to this person would go as a free reply now, not as a push."""
    return _fresh_token(session, person, now)[1] is not None


def shown_by(
    house: House, session: Session, case_id: str, tap: str, at: float, language: str | None = None
) -> list[dict[str, Any]]:
    """What a tap of the person's would show, in their language, for `say_as_operator` to send: a
    topic or a life event ("o:fees"), the last answer ("r:last-result", as text "r:text"). Nothing
    is changed. What the bot would do with a further tap is silent now, so its buttons are left
    out. `language`: as somebody else would read it, for a preview."""
    case = cases.load(session, case_id)
    stored = conversations.load(session, (case.person,)).get(case.person) if case else None
    if stored is None or stored.conversation is None:
        return []
    before = replace(stored.conversation, owner=BOT, pending=None)
    if tap == start(tap.partition(":")[2]):
        before = replace(before, walk=None)  # a topic alone, without the way back to a question
    turn = _turn_of_tap(house, before, tap, at)
    replies = tuple(_without_buttons(reply) for reply in turn.replies)
    tag = language or before.language or before.guess
    return house.to_messages(replies, house.voice(tag), {})


def delete_person(house: House, case_id: str, *, tells: bool = True) -> Done | NotDone:
    """Delete everything of the case's person, all their cases too. `tells`: one last message says
    so, and is forgotten as soon as it is sent."""
    now = house.clock()
    with writing(house) as session:
        case = cases.load(session, case_id)
        if case is None:
            return NotDone(GONE)
        stored = conversations.load_locked(session, case.person)
        row = _goodbye(house, session, stored, now) if tells and stored else None
        privacy.delete_person(session, case.person, (row.id,) if row else ())
        return Done(case, row.id if row else None)


# ---------------------------------------------------------------- inside


def _of(session: Session, case_id: str, operator: str) -> Case | NotDone:
    """The case, if it is in this operator's hands."""
    case = cases.load(session, case_id)
    if case is None:
        return NotDone(GONE)
    conversations.lock(session, case.person)
    if case.state == cases.CLOSED:
        return NotDone(CLOSED, case.operator)
    if case.operator != operator:
        return NotDone(NOT_YOURS, case.operator)
    return case


def _who_listens(house: House, session: Session, case_id: str, operator: str) -> Stored | NotDone:
    """The person of the case, if this operator may speak to them now."""
    if not house.answers_here:
        return NotDone(ELSEWHERE, operator)
    case = _of(session, case_id, operator)
    if isinstance(case, NotDone):
        return case
    stored = conversations.load_locked(session, case.person)
    if stored is None or stored.conversation is None:
        return NotDone(UNREADABLE if stored else GONE, operator)
    if stored.conversation.owner != HUMAN:
        return NotDone(BOT_SPEAKS, operator)
    return NotDone(BLOCKED, operator) if stored.blocked_at is not None else stored


def _said(
    house: House,
    session: Session,
    case_id: str,
    stored: Stored,
    messages: bytes,
    operator: str,
    now: float,
) -> Done:
    row = _put(house, session, stored, messages, operator, now)
    cases.note_operator_wrote(session, case_id, now)
    return _done(session, case_id, row)


def _turn_of_tap(house: House, before: Conversation, tap: str, now: float) -> Turn:
    at = datetime.fromtimestamp(now, TOKYO)
    event = Tapped(house.new_id(), at, tap)
    return house.take_turn(
        before, event, house.world(event, before, Circumstances(at, open_case=True))
    )


def _done(session: Session, case_id: str, row: Row | None = None) -> Done:
    case = cases.load(session, case_id)
    assert case is not None
    return Done(case, row.id if row else None, bool(row and row.reply_token))


def _step(
    house: House,
    session: Session,
    case: Case,
    step: str,
    operator: str | None,
    now: float,
    *,
    tells: bool = True,
) -> Row | None:
    """Let the conversation take this step, and carry out what follows from it."""
    stored = conversations.load_locked(session, case.person)
    if stored is None or stored.conversation is None:
        return None
    before = stored.conversation
    at = datetime.fromtimestamp(now, TOKYO)
    event = HandoffStep(house.new_id(), at, step, tells and stored.blocked_at is None)
    world = house.world(event, before, Circumstances(at, open_case=step != CLOSE))
    turn = house.take_turn(before, event, world)
    after = turn.conversation
    for speaker in (outbox.BOT, outbox.OPERATOR):
        if not may_speak(speaker, after.owner):
            outbox.hold(session, case.person, speaker, now)
    if after.owner != before.owner:
        case_log.add(session, case.id, now, "owner", operator, to=after.owner)
    changed = replace(stored, conversation=after)
    messages = _messages(house, turn)
    if messages is not None:
        # In LINE's own chat they may have been answered long ago.
        must_arrive = step != UNANSWERED or house.answers_here
        return _put(house, session, changed, messages, None, now, must_arrive=must_arrive)
    _save(session, changed, now)
    return None


def _goodbye(house: House, session: Session, stored: Stored, now: float) -> Row | None:
    """That everything is deleted, on its way; None when it cannot arrive."""
    before = stored.conversation
    if before is None or stored.blocked_at is not None:
        return None
    at = datetime.fromtimestamp(now, TOKYO)
    event = HandoffStep(house.new_id(), at, CLOSE)  # only the world is wanted
    told = Say(house.world(event, before, Circumstances(at)).say("deleted"))
    messages = write_messages(house, (told,), before.language or before.guess, {})
    if messages is None:
        return None
    row = Row(
        house.new_id(), stored.person, conversations.next_position(stored.position, now), None,
        stored.user_id, None, now, messages, must_arrive=True, forget=True, speaker=outbox.HOUSE,
    )  # fmt: skip
    outbox.put(session, [row], now, {})
    return row


def may_speak(speaker: str, owner: str | None) -> bool:
    """Whether a row of this speaker may go out while `owner` speaks; None: nobody is known.

    What the bot decided before the person began to wait still arrives, in its order; from then
    on it decides nothing but what the house allows.
    """
    if speaker == outbox.OPERATOR:
        return owner == HUMAN
    return speaker == outbox.HOUSE or owner != HUMAN


def _messages(house: House, turn: Turn) -> bytes | None:
    spoken = turn.conversation
    return write_messages(house, turn.replies, spoken.language or spoken.guess, {})


def _put(
    house: House,
    session: Session,
    stored: Stored,
    messages: bytes,
    operator: str | None,
    now: float,
    *,
    must_arrive: bool = True,
) -> Row:
    """Put a message behind all others of this person, and save the conversation with it."""
    saved = _save(session, stored, now)
    event_id, token, received_at = _fresh_token(session, stored.person, now)
    row = Row(
        house.new_id(), stored.person, saved.position, event_id, stored.user_id, token, received_at,
        messages, must_arrive, speaker=outbox.OPERATOR if operator else outbox.BOT,
        operator=operator,
    )  # fmt: skip
    outbox.put(session, [row], now, {})
    return row


def _save(session: Session, stored: Stored, now: float) -> Stored:
    """Save; numbers typed from now on mean no old button."""
    conversation = stored.conversation
    assert conversation is not None
    if conversation.owner == HUMAN:
        conversation = replace(conversation, choices=())
    position = conversations.next_position(stored.position, now)
    saved = replace(stored, conversation=conversation, position=position)
    conversations.save(session, [saved], {stored.person: stored}, now)
    return saved


def _fresh_token(session: Session, person: str, now: float) -> tuple[str | None, str | None, float]:
    """The reply token of the person's newest event, if it is fresh and nothing used it; else
    none, with the time from which a push counts."""
    for event in inbox.newest(session, person, now - FRESH):
        coming = read_event(event.raw or b"", event.event_id, event.event_time)
        if coming.reply_token and not outbox.answers(session, person, event.event_id):
            return event.event_id, coming.reply_token, event.received_at
    return None, None, now


def _quote_token(session: Session, person: str, message_id: str | None) -> str | None:
    """What LINE needs to quote that message; None when it is gone or has none."""
    raw = inbox.raw_of_message(session, person, message_id) if message_id else None
    try:
        message = orjson.loads(raw or b"{}").get("message") or {}
    except (ValueError, AttributeError):
        return None
    token = message.get("quoteToken") if isinstance(message, dict) else None
    return token if isinstance(token, str) else None


def _without_buttons(reply: Reply) -> Reply:
    match reply:
        case Ask():
            return reply
        case Duties(numbers=numbers):
            return replace(reply, buttons=(), numbers=(None,) * len(numbers))
        case _:
            return replace(reply, buttons=())


def _wants_upload(texts: Sequence[str | dict[str, Any]]) -> bool:
    return any(isinstance(one, str) and UPLOAD_LINK in one for one in texts)


def _with_address(
    house: House, one: str | dict[str, Any], token: str | None
) -> str | dict[str, Any]:
    if token is None or not isinstance(one, str):
        return one
    return one.replace(UPLOAD_LINK, f"{house.public_url}/{links.UPLOAD}/{token}")


def _bubbles(
    texts: Sequence[str | dict[str, Any]], name: str | None, quote: str | None
) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    for one in texts:
        if isinstance(one, dict):
            messages.append(dict(one))
        elif words := one.replace("\x00", "").strip():
            messages.append({"type": "text", "text": words.encode("utf-8", "replace").decode()})
    if quote and messages and messages[0]["type"] == "text":
        messages[0]["quoteToken"] = quote
    if name:
        messages = [{**message, "sender": {"name": name[:20]}} for message in messages]
    return messages
