"""What was done to a case, and what the office's people noted beside it.

The log is only ever added to; its details are coded and hold no text of anybody's. Notes are
sealed: they are for the office's own people and are never sent.
"""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import insert, select, update

from bot.store.database import Session
from bot.store.sealing import CannotOpen
from bot.store.tables import case_events, cases, notes

LONGEST_NOTE = 10_000


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """Something that happened to a case: opened, taken, handed_over, snoozed, woken, urgent,
    priority, tagged, untagged, closed, reopened, owner (who speaks), or what a page adds.
    `actor` is an operator's id, None when it was the person or the bot."""

    id: str
    case_id: str
    at: float
    kind: str
    actor: str | None
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Note:
    """A private note; `text` is None when no key opens it."""

    id: str
    case_id: str
    at: float
    operator: str
    text: str | None


def add(
    session: Session, case_id: str, at: float, kind: str, actor: str | None, **details: Any
) -> None:
    """Add to the log. `details` are codes, ids, days: never words of the person's or operator's."""
    session.connection.execute(
        insert(case_events).values(
            id=new_id(), case_id=case_id, at=at, kind=kind, actor=actor,
            details=orjson.dumps(details).decode(),
        )
    )  # fmt: skip


def of_case(session: Session, case_id: str) -> list[CaseEvent]:
    """The whole log of a case, in order."""
    rows = session.connection.execute(
        select(case_events)
        .where(case_events.c.case_id == case_id)
        .order_by(case_events.c.at, case_events.c.id)
    )
    return [
        CaseEvent(row.id, row.case_id, row.at, row.kind, row.actor, orjson.loads(row.details))
        for row in rows
    ]


def add_note(session: Session, case_id: str, operator: str, words: str, now: float) -> str | None:
    """Keep a private note, sealed; returns its id, or None when there is nothing to keep."""
    words = words.strip()[:LONGEST_NOTE]
    if not words:
        return None
    note_id = new_id()
    sealed = session.sealer.seal(words.encode("utf-8", "replace"), f"notes.text:{note_id}")
    session.connection.execute(
        insert(notes).values(id=note_id, case_id=case_id, at=now, operator=operator, text=sealed)
    )
    session.connection.execute(update(cases).where(cases.c.id == case_id).values(changed_at=now))
    return note_id


def notes_of(session: Session, case_id: str) -> list[Note]:
    """The notes of a case, in order."""
    rows = session.connection.execute(
        select(notes).where(notes.c.case_id == case_id).order_by(notes.c.at, notes.c.id)
    )
    return [Note(row.id, row.case_id, row.at, row.operator, _open(session, row)) for row in rows]


def _open(session: Session, row: Any) -> str | None:
    try:
        return session.sealer.open(row.text, f"notes.text:{row.id}").decode("utf-8", "replace")
    except CannotOpen:
        return None


def new_id() -> str:
    """Ids in the order in which they were made: what happens in one transaction has one time."""
    return f"{time.monotonic_ns():019d}-{uuid.uuid4().hex[:12]}"
