"""The outbox: every message that was decided, in the transaction that decided it.

A row is `due` until LINE took it (`sent`), until it may or may not have arrived and is not
repeated (`unclear`), or until it is `given_up`. `owner` and `tried_at` are the lease: set
before the call to LINE, in the same commit as the row itself when this worker sends it at once.
`forget` rows go as soon as they are over. `held`: it was not sent because another speaks by now.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, func, insert, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.database import Session
from bot.store.quick import Quick
from bot.store.sealing import CannotOpen
from bot.store.tables import bodies, counters, outbox

LEASE = 10.0
BOT, HOUSE, OPERATOR = "bot", "house", "operator"
"""Who speaks in a row: the bot, the house (also during a handoff), an operator."""
DUE, SENT, UNCLEAR, GIVEN_UP, HELD = "due", "sent", "unclear", "given_up", "held"


@dataclass(frozen=True, slots=True)
class Row:
    """A message on its way. `tried_before`: an earlier life may have sent it already."""

    id: str
    person: str
    position: int
    event_id: str | None
    user_id: str
    reply_token: str | None
    received_at: float
    messages: bytes
    must_arrive: bool
    about: str | None = None
    forget: bool = False
    attempts: int = 0
    tried_before: bool = False
    speaker: str = BOT
    operator: str | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a row: `state` is sent, unclear or given_up."""

    row: Row
    state: str
    at: float
    via: str | None = None
    error: str | None = None
    message_ids: tuple[str, ...] = ()
    unclear: bool = False  # sent, but perhaps twice: counted


_COLUMNS = (
    "id", "person", "position", "event_id", "address", "received_at", "about",
    "must_arrive", "forget", "owner", "tried_at", "attempts", "state", "created_at", "speaker",
    "operator",
)  # fmt: skip
_MARK = Quick(
    update(outbox)
    .where(outbox.c.id == bindparam("row_id"))
    .values(
        state=bindparam("new_state"), sent_at=bindparam("at"), via=bindparam("how"),
        error=bindparam("why"), message_ids=bindparam("ids"), address=None, owner=None,
    )
)  # fmt: skip
_PUT = Quick(insert(outbox), columns=_COLUMNS)
_PUT_BODY = Quick(insert(bodies), columns=("id", "messages"))
_IN_OTHER_HANDS = Quick(
    select(outbox.c.person)
    .where(
        outbox.c.state == text("'due'"),
        outbox.c.person.in_(bindparam("persons", expanding=True)),
        or_(outbox.c.owner.is_(None), outbox.c.owner != bindparam("me")),
    )
    .distinct()
)


def put(session: Session, rows: Sequence[Row], now: float, owners: Mapping[str, str]) -> None:
    """Add rows. `owners`: row id -> the worker that sends it at once (its lease starts now)."""
    if rows:
        _PUT.each(session, [_values(session, row, now, owners.get(row.id)) for row in rows])
        _PUT_BODY.each(session, [_body(session, row) for row in rows])


def waiting_elsewhere(session: Session, persons: Collection[str], me: str) -> set[str]:
    """Those of `persons` who have due rows that are not in hand at `me`: theirs go first."""
    found = _IN_OTHER_HANDS.rows(session, {"persons": list(persons), "me": me})
    return {row.person for row in found}


def take_due(session: Session, me: str, now: float, most: int, alone: bool) -> list[Row]:
    """Rows to be sent now: each person's first due row, if nobody has it in hand.

    The lease is committed by the caller before LINE is called. `alone`: no other worker can
    be alive (SQLite), so that a row of an earlier life need not wait for its lease to end.
    """
    earlier = outbox.alias("earlier")
    free = or_(outbox.c.owner.is_(None), outbox.c.tried_at < now - LEASE)
    if alone:
        free = or_(free, outbox.c.owner != me)
    wanted = (
        select(outbox, bodies.c.messages)
        .join(bodies, bodies.c.id == outbox.c.id)
        .where(
            outbox.c.state == text("'due'"),
            free,
            or_(outbox.c.next_try_at.is_(None), outbox.c.next_try_at <= now),
            ~select(earlier.c.id)
            .where(
                earlier.c.state == text("'due'"),
                earlier.c.person == outbox.c.person,
                earlier.c.position < outbox.c.position,
            )
            .exists(),
        )
        .order_by(outbox.c.position)
        .limit(most)
    )
    if not session.is_sqlite:
        wanted = wanted.with_for_update(skip_locked=True, of=outbox)
    found = session.connection.execute(wanted).all()
    if found:
        session.connection.execute(
            update(outbox)
            .where(outbox.c.id.in_([row.id for row in found]))
            .values(owner=me, tried_at=now, attempts=outbox.c.attempts + 1)
        )
    return [_row(session, row) for row in found]


def not_delivered(session: Session, person: str, row_id: str) -> bytes | None:
    """The messages of a row of this person's that was given up, held back or is unclear; None for
    every other row, and when no key opens it."""
    row = session.connection.execute(
        select(bodies.c.messages)
        .join(outbox, outbox.c.id == bodies.c.id)
        .where(
            outbox.c.id == row_id, outbox.c.person == person,
            outbox.c.state.in_((GIVEN_UP, HELD, UNCLEAR)),
        )
    ).first()  # fmt: skip
    try:
        return session.sealer.open(row.messages, f"bodies.messages:{row_id}") if row else None
    except CannotOpen:
        return None


def answers(session: Session, person: str, event_id: str) -> bool:
    """True when something was put here in answer to that event: its reply token is taken."""
    found = session.connection.execute(
        select(outbox.c.id)
        .where(outbox.c.person == person, outbox.c.event_id == event_id, outbox.c.state != HELD)
        .limit(1)
    )
    return found.first() is not None


def hold(session: Session, person: str, speaker: str, now: float) -> int:
    """Hold back this person's unsent rows of that speaker; returns how many.

    A row that a worker has in hand is left: the worker looks who speaks right before it sends.
    """
    held = session.connection.execute(
        update(outbox)
        .where(
            outbox.c.person == person, outbox.c.state == text("'due'"),
            outbox.c.speaker == speaker,
            or_(outbox.c.owner.is_(None), outbox.c.tried_at < now - LEASE),
        )
        .values(state=HELD, address=None, owner=None, error="HeldBack")
        .returning(outbox.c.id)
    )  # fmt: skip
    return len(held.all())


def some_wait(session: Session, me: str, now: float) -> bool:
    """True while rows are due that are not in hand at `me`, or whose lease has ended."""
    found = session.connection.execute(
        select(outbox.c.id)
        .where(
            outbox.c.state == text("'due'"),
            or_(outbox.c.owner.is_(None), outbox.c.owner != me, outbox.c.tried_at < now - LEASE),
        )
        .limit(1)
    )
    return found.first() is not None


def keep_in_hand(session: Session, ids: Collection[str], me: str, now: float) -> None:
    """Renew the lease of rows that are still being sent."""
    session.connection.execute(
        update(outbox).where(outbox.c.id.in_(list(ids)), outbox.c.owner == me).values(tried_at=now)
    )


def put_back(session: Session, ids: Collection[str], me: str) -> None:
    """Give up the lease of rows that were never tried: a worker stops."""
    session.connection.execute(
        update(outbox)
        .where(outbox.c.id.in_(list(ids)), outbox.c.owner == me)
        .values(owner=None, tried_at=None)
    )


def mark(session: Session, ended: Sequence[Ended]) -> None:
    """Note what became of these rows; counts the unclear and the given up."""
    rows = [
        {
            "row_id": end.row.id,
            "new_state": end.state,
            "at": end.at,
            "how": end.via,
            "why": end.error,
            "ids": orjson.dumps(end.message_ids).decode() if end.message_ids else None,
        }
        for end in ended
        if not end.row.forget
    ]
    if rows:
        _MARK.each(session, rows)
    forgotten = [end.row.id for end in ended if end.row.forget]
    if forgotten:
        session.connection.execute(delete(outbox).where(outbox.c.id.in_(forgotten)))
    # In alphabetical order, like all who count: two who wait for one another would both lose.
    for name in (GIVEN_UP, UNCLEAR):
        more = sum(end.state == name or (name == UNCLEAR and end.unclear) for end in ended)
        add_to_counter(session, f"outbox_{name}", more)


def about_of(session: Session, person: str, message_id: str) -> str | None:
    """ "flow/question" that our message of this id asked, when the person quotes it."""
    if not message_id.isascii() or not message_id.isalnum():
        return None
    return session.connection.execute(
        select(outbox.c.about)
        .where(outbox.c.person == person, outbox.c.message_ids.contains(f'"{message_id}"'))
        .limit(1)
    ).scalar()


def count(session: Session) -> dict[str, int]:
    """How many rows are due, unclear and given up."""
    # The states stand in the statements themselves, so that the small partial indexes are used.
    due = select(func.count()).select_from(outbox).where(outbox.c.state == text("'due'"))
    troubled = (
        select(outbox.c.state, func.count())
        .where(text("state IN ('unclear', 'given_up')"))
        .group_by(outbox.c.state)
    )
    found = {row[0]: row[1] for row in session.connection.execute(troubled)}
    waiting = session.connection.execute(due).scalar_one()
    return {DUE: waiting, UNCLEAR: 0, GIVEN_UP: 0, **found}


def add_to_counter(session: Session, name: str, more: int) -> None:
    """Counters outlive the rows that they count."""
    if not more:
        return
    # One statement: two processes that count the first of a kind must not refuse one another.
    insert = sqlite.insert if session.is_sqlite else postgresql.insert
    put = insert(counters).values(name=name, value=more)
    value = counters.c.value + put.excluded.value
    session.connection.execute(
        put.on_conflict_do_update(index_elements=["name"], set_={"value": value})
    )


def read_counters(session: Session) -> dict[str, int]:
    """All counters by name, but for the one that numbers the cases."""
    counted = select(counters).where(counters.c.name != "case_number")
    return {row.name: row.value for row in session.connection.execute(counted)}


def _values(session: Session, row: Row, now: float, owner: str | None) -> dict[str, Any]:
    address = orjson.dumps([row.reply_token, row.user_id])
    return {
        "id": row.id,
        "person": row.person,
        "position": row.position,
        "event_id": row.event_id,
        "address": session.sealer.seal(address, f"outbox.address:{row.id}"),
        "received_at": row.received_at,
        "about": row.about,
        "must_arrive": row.must_arrive,
        "forget": row.forget,
        "owner": owner,
        "tried_at": now if owner else None,
        "attempts": 1 if owner else 0,
        "state": DUE,
        "created_at": now,
        "speaker": row.speaker,
        "operator": row.operator,
    }


def _body(session: Session, row: Row) -> dict[str, Any]:
    sealed = session.sealer.seal(row.messages, f"bodies.messages:{row.id}")
    return {"id": row.id, "messages": sealed}


def _row(session: Session, row: Any) -> Row:
    try:
        token, user_id = orjson.loads(session.sealer.open(row.address, f"outbox.address:{row.id}"))
        messages = session.sealer.open(row.messages, f"bodies.messages:{row.id}")
    except (CannotOpen, ValueError, TypeError):
        token, user_id, messages = None, "", b""
    return Row(
        row.id, row.person, row.position, row.event_id, user_id, token, row.received_at, messages,
        row.must_arrive, row.about, row.forget, row.attempts, row.tried_at is not None,
        row.speaker, row.operator,
    )  # fmt: skip
