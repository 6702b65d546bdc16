"""The inbox: every event exactly once, in the order in which it happened.

`webhook_event_id` is the key, so a duplicate changes nothing. An event is `new` until the
transaction that answers it also marks it `handled`; what fails three times is `parked`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import bindparam, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.database import Session
from bot.store.quick import Quick
from bot.store.sealing import CannotOpen
from bot.store.tables import inbox

CANDIDATES = 4
"""How many times more persons than wanted are looked at: other workers hold some of them."""


class Received(Protocol):
    """An event as the porter hands it over (`line.webhook.Received`)."""

    @property
    def event_id(self) -> str: ...
    @property
    def user_id(self) -> str | None: ...
    @property
    def event_time(self) -> int: ...
    @property
    def received_at(self) -> float: ...
    @property
    def message_id(self) -> str | None: ...
    @property
    def raw(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Kept:
    """An unhandled event. `raw` is None when it cannot be opened any more."""

    event_id: str
    person: str
    event_time: int
    received_at: float
    message_id: str | None
    attempts: int
    raw: bytes | None


_VALUES: dict[str, Any] = {
    "event_id": bindparam("event_id"),
    "person": bindparam("person"),
    "event_time": bindparam("event_time"),
    "received_at": bindparam("received_at"),
    "message_id": bindparam("message_id"),
    "raw": bindparam("raw"),
}
_PUT = Quick(
    sqlite.insert(inbox).values(_VALUES).on_conflict_do_nothing(),
    postgresql.insert(inbox).values(_VALUES).on_conflict_do_nothing(),
)
_OLDEST_FIRST = (inbox.c.event_time, inbox.c.received_at, inbox.c.event_id)
_NEW = (
    select(
        inbox.c.event_id, inbox.c.person, inbox.c.event_time, inbox.c.received_at,
        inbox.c.message_id, inbox.c.attempts, inbox.c.raw,
    )
    .where(inbox.c.state == text("'new'"))
    .order_by(*_OLDEST_FIRST)
    .limit(bindparam("most"))
)  # fmt: skip
_TAKE = Quick(_NEW)
_NEW_OF = _NEW.where(inbox.c.person.in_(bindparam("persons", expanding=True)))
_NEW_BUT = _NEW.where(inbox.c.person.not_in(bindparam("waiting", expanding=True)))
# Try-locks only, oldest first, and no row locks: two workers can never wait for each other.
_CLAIM = text(
    """
    SELECT person FROM (
        SELECT person, min(n) AS n FROM (
            SELECT person, row_number() OVER () AS n FROM (
                SELECT person FROM inbox WHERE state = 'new' AND person <> ALL(:waiting)
                ORDER BY event_time, received_at, event_id LIMIT :window
            ) AS oldest
        ) AS numbered GROUP BY person ORDER BY min(n) OFFSET 0
    ) AS waiting
    WHERE pg_try_advisory_xact_lock(hashtextextended(person, 7331))
    LIMIT :most
    """
)
_HANDLED = Quick(
    update(inbox)
    .where(inbox.c.event_id == bindparam("id"))
    .values(state="handled", handled_at=bindparam("now"))
)
_FAILED = (
    update(inbox)
    .where(inbox.c.event_id == bindparam("id"))
    .values(attempts=inbox.c.attempts + 1, last_error=bindparam("error"))
)


def put(session: Session, events: Iterable[Received]) -> None:
    """Keep events; those already there are left as they are."""
    rows: list[dict[str, Any]] = []
    for event in events:
        # An event without a user is nobody's: a person of its own, so that it holds up no one.
        person = session.persons.name(event.user_id or f"nobody:{event.event_id}")
        rows.append(
            {
                "event_id": event.event_id,
                "person": person,
                "event_time": event.event_time,
                "received_at": event.received_at,
                "message_id": event.message_id,
                "raw": session.sealer.seal(event.raw, _place(event.event_id)),
            }
        )
    # Two processes that keep the same events in another order would wait for each other.
    rows.sort(key=lambda row: row["event_id"])
    if rows:
        _PUT.each(session, rows)


def take(session: Session, most: int, waiting: Collection[str] = ()) -> list[Kept]:
    """Up to `most` unhandled events, oldest first, of persons whom no other worker serves.

    `waiting` are persons to leave out this time. A person's event is never taken without
    all earlier unhandled ones of the same person.
    """
    if session.is_sqlite:
        if waiting:
            found = session.connection.execute(
                _NEW_BUT, {"most": most, "waiting": list(waiting)}
            ).all()
        else:
            found = _TAKE.rows(session, {"most": most})
    else:
        claimed = session.connection.execute(
            _CLAIM, {"most": most, "window": most * CANDIDATES, "waiting": list(waiting)}
        )
        persons = [row.person for row in claimed]
        if not persons:
            return []
        # Read again, now that they are locked: another worker may just have served them.
        found = session.connection.execute(_NEW_OF, {"most": most, "persons": persons}).all()
    return [_kept(session, row) for row in found]


def waiting_long(session: Session, since: float, skip: int, most: int) -> list[Kept]:
    """Events received before `since` that are not among the next `skip` ones."""
    found = session.connection.execute(
        _NEW.where(inbox.c.received_at < since).offset(skip), {"most": most}
    )
    return [_kept(session, row) for row in found]


def newest(session: Session, person: str, since: float, most: int = 5) -> list[Kept]:
    """The person's newest handled events since then, newest first."""
    rows = session.connection.execute(
        select(inbox)
        .where(inbox.c.person == person, inbox.c.received_at > since, inbox.c.state == "handled")
        .order_by(inbox.c.received_at.desc(), inbox.c.event_time.desc())
        .limit(most)
    )
    return [_kept(session, row) for row in rows]


def raw_of_message(session: Session, person: str, message_id: str) -> bytes | None:
    """LINE's event of that message, while it is kept."""
    row = session.connection.execute(
        select(inbox).where(inbox.c.person == person, inbox.c.message_id == message_id).limit(1)
    ).first()
    return _kept(session, row).raw if row else None


def mark_handled(session: Session, event_ids: Sequence[str], now: float) -> None:
    """These events are done."""
    if event_ids:
        _HANDLED.each(session, [{"id": one, "now": now} for one in event_ids])


def mark_failed(session: Session, errors: Mapping[str, str]) -> None:
    """Count a failed attempt per event id; the value is the error's class name."""
    rows = [{"id": one, "error": error[:80]} for one, error in errors.items()]
    if rows:
        session.connection.execute(_FAILED, rows)


def park(session: Session, event_id: str, now: float, error: str) -> None:
    """Give an event up, visibly: it holds up nobody and is shown to the operators."""
    session.connection.execute(
        update(inbox)
        .where(inbox.c.event_id == event_id)
        .values(state="parked", handled_at=now, attempts=inbox.c.attempts + 1,
                last_error=error[:80])
    )  # fmt: skip


def forget_message(session: Session, person: str, message_id: str) -> None:
    """Erase the raw event of a message that was taken back."""
    session.connection.execute(
        update(inbox)
        .where(inbox.c.person == person, inbox.c.message_id == message_id)
        .values(raw=b"")
    )


def count(session: Session) -> dict[str, int]:
    """How many events are new and parked."""
    return {state: _count_in(session, state) for state in ("new", "parked")}


def _count_in(session: Session, state: str) -> int:
    # The state stands in the statement itself, so that the small partial index can be used.
    found = select(func.count()).select_from(inbox).where(inbox.c.state == text(f"'{state}'"))
    return session.connection.execute(found).scalar_one()


def _kept(session: Session, row: Any) -> Kept:
    try:
        raw = session.sealer.open(row.raw, _place(row.event_id))
    except CannotOpen:  # one unreadable event must not hold up the others
        raw = None
    return Kept(
        row.event_id, row.person, row.event_time, row.received_at, row.message_id, row.attempts, raw
    )


def _place(event_id: str) -> str:
    return f"inbox.raw:{event_id}"
