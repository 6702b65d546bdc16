"""Appointments: who takes which time, and that nobody takes it twice.

Whoever books, moves or blocks holds one lock until the transaction ends, looks what is taken, and
writes the quarters of an hour; their primary key (quarter, place) forbids a second booking
whatever the code above it does. A person has one coming appointment: booking again moves it.
"""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import delete, insert, select, text, update

from bot.dialogue.slots import SECONDS, Agenda, Booked, place_for, quarters
from bot.store.database import Session
from bot.store.tables import blocked_hours, booked_quarters, bookings

BOOKED, CANCELLED = "booked", "cancelled"
_TOKYO = timezone(timedelta(hours=9), "Asia/Tokyo")
_LOCK = text("SELECT pg_advisory_xact_lock(7332)")


@dataclass(frozen=True, slots=True)
class Booking:
    """An appointment. `operator`: whose it is at the office, None for anybody's."""

    id: str
    person: str
    case_id: str | None
    way: str
    start_at: float
    end_at: float
    state: str
    operator: str | None
    made_at: float
    changed_at: float

    @property
    def booked(self) -> Booked:
        """The same for the conversation."""
        return Booked(self.id, self.way, _moment(self.start_at), _moment(self.end_at))


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to book: a way and a time, among so many places. `operator`: the one
    of the office whose appointment it is to be."""

    person: str
    way: str
    start_at: float
    end_at: float
    places: int
    operator: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Hours in which nobody can book."""

    id: str
    start_at: float
    end_at: float
    operator: str | None


# ---------------------------------------------------------------- reading


def agenda(session: Session, person: str | None, now: float) -> Agenda:
    """What is taken from now on, as this person sees it."""
    run = session.connection.execute
    rows = run(select(booked_quarters).where(booked_quarters.c.at >= int(now // SECONDS))).all()
    mine = coming(session, person, now) if person else None
    return Agenda(
        taken=frozenset((row.at, row.place) for row in rows),
        blocked=tuple((one.start_at, one.end_at) for one in blocks(session, now)),
        mine=mine.booked if mine else None,
        own=frozenset((r.at, r.place) for r in rows if mine and r.booking == mine.id),
    )


def coming(session: Session, person: str, now: float) -> Booking | None:
    """The person's appointment that is not over yet."""
    return next((b for b in of_person(session, person) if b.state == BOOKED and b.end_at > now),
                None)  # fmt: skip


def of_person(session: Session, person: str) -> list[Booking]:
    """All appointments of a person, in order."""
    return _read(session, bookings.c.person == person)


def load(session: Session, booking_id: str) -> Booking | None:
    """The appointment of that id."""
    return next(iter(_read(session, bookings.c.id == booking_id)), None)


def between(session: Session, start: float, end: float) -> list[Booking]:
    """The appointments that begin in this time, the cancelled ones too, in order."""
    return _read(session, bookings.c.start_at >= start, bookings.c.start_at < end)


def blocks(session: Session, start: float, end: float | None = None) -> list[Block]:
    """The blocked hours that reach into this time."""
    asked = select(blocked_hours).where(blocked_hours.c.end_at > start)
    if end is not None:
        asked = asked.where(blocked_hours.c.start_at < end)
    rows = session.connection.execute(asked.order_by(blocked_hours.c.start_at))
    return [Block(row.id, row.start_at, row.end_at, row.operator) for row in rows]


# ---------------------------------------------------------------- changing


def lock(session: Session) -> None:
    """Nobody else books until this transaction ends. On SQLite whoever writes is alone."""
    if not session.is_sqlite:
        session.connection.execute(_LOCK)


def book(session: Session, wish: Wish, now: float) -> Booking | None:
    """The person's appointment at that time, new or moved there; None when the time is taken."""
    lock(session)
    seen = agenda(session, wish.person, now)
    place = place_for(seen, wish.start_at, wish.end_at, wish.places)
    if place is None:
        return None
    if seen.mine is None:
        booking_id = _add(session, wish, now)
    else:
        booking_id = seen.mine.id
        _free(session, booking_id)
        changed: dict[str, Any] = {"way": wish.way, "start_at": wish.start_at,
                                   "end_at": wish.end_at, "changed_at": now}  # fmt: skip
        if wish.operator:
            changed["operator"] = wish.operator
        session.connection.execute(
            update(bookings).where(bookings.c.id == booking_id).values(**changed)
        )
    session.connection.execute(
        insert(booked_quarters),
        [{"at": one, "place": place, "booking": booking_id}
         for one in quarters(wish.start_at, wish.end_at)],
    )  # fmt: skip
    return load(session, booking_id)


def cancel(session: Session, booking_id: str, now: float) -> Booking | None:
    """The appointment, cancelled; None when it was not booked any more."""
    lock(session)
    changed = session.connection.execute(
        update(bookings)
        .where(bookings.c.id == booking_id, bookings.c.state == BOOKED)
        .values(state=CANCELLED, changed_at=now)
        .returning(bookings.c.id)
    ).first()
    if changed is None:
        return None
    _free(session, booking_id)
    return load(session, booking_id)


def set_case(session: Session, booking_id: str, case_id: str) -> None:
    """The appointment belongs to that case."""
    session.connection.execute(
        update(bookings).where(bookings.c.id == booking_id).values(case_id=case_id)
    )


def assign(session: Session, booking_id: str, operator: str | None, now: float) -> None:
    """The appointment is that operator's, or anybody's."""
    session.connection.execute(
        update(bookings)
        .where(bookings.c.id == booking_id)
        .values(operator=operator, changed_at=now)
    )


def block(session: Session, start: float, end: float, operator: str) -> str:
    """Nobody can book in these hours; what is booked there stays. Returns the block's id."""
    lock(session)
    block_id = str(uuid.uuid4())
    session.connection.execute(
        insert(blocked_hours).values(id=block_id, start_at=start, end_at=end, operator=operator)
    )
    return block_id


def unblock(session: Session, block_id: str) -> bool:
    """These hours are free again; False when they were not blocked."""
    gone = session.connection.execute(
        delete(blocked_hours).where(blocked_hours.c.id == block_id).returning(blocked_hours.c.id)
    )
    return gone.first() is not None


# ---------------------------------------------------------------- forgetting, copying


def delete_of(session: Session, persons: Collection[str]) -> None:
    """Forget the appointments of these persons; their time is free again."""
    wanted = bookings.c.person.in_(list(persons))
    if session.connection.execute(select(bookings.c.id).where(wanted).limit(1)).first() is None:
        return
    lock(session)
    session.connection.execute(delete(bookings).where(wanted))


def delete_old_blocks(session: Session, until: float) -> None:
    """Blocked hours that ended before then."""
    session.connection.execute(delete(blocked_hours).where(blocked_hours.c.end_at < until))


def copy_of(session: Session, person: str) -> list[Mapping[str, Any]]:
    """The appointments of a person for the copy of their data."""
    return [
        {
            "way": one.way, "state": one.state, "start": _said(one.start_at),
            "end": _said(one.end_at), "made": _said(one.made_at),
        }
        for one in of_person(session, person)
    ]  # fmt: skip


# ---------------------------------------------------------------- inside


def _add(session: Session, wish: Wish, now: float) -> str:
    booking_id = str(uuid.uuid4())
    session.connection.execute(
        insert(bookings).values(
            id=booking_id, person=wish.person, way=wish.way, start_at=wish.start_at,
            end_at=wish.end_at, state=BOOKED, operator=wish.operator, made_at=now, changed_at=now,
        )
    )  # fmt: skip
    return booking_id


def _free(session: Session, booking_id: str) -> None:
    session.connection.execute(
        delete(booked_quarters).where(booked_quarters.c.booking == booking_id)
    )


def _read(session: Session, *only_if: Any) -> list[Booking]:
    rows = session.connection.execute(
        select(bookings).where(*only_if).order_by(bookings.c.start_at, bookings.c.id)
    )
    return [Booking(**row) for row in rows.mappings()]


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, _TOKYO)


def _said(at: float) -> str:
    return _moment(at).isoformat(timespec="minutes")
