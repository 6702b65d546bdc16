"""Pictures and files that people send to the office: sealed, for as long as the case needs them.

A file is `wanted` until LINE gave it (LINE keeps it for an unknown time), then `kept`, or `refused`
with a reason (type, size), or `gone` (taken back, or LINE has it no more). Content and name are
sealed. What is taken back loses both at once, also while it is being fetched.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, exists, insert, or_, select, text, update

from bot.store.database import Session
from bot.store.sealing import CannotOpen
from bot.store.tables import cases, conversations, files

WANTED, KEPT, REFUSED, GONE = "wanted", "kept", "refused", "gone"
LEASE = 90.0
MOST_ATTEMPTS = 8
LINE, UPLOAD = "line", "upload"


@dataclass(frozen=True, slots=True)
class File:
    """What is known of a file. `kind`: its media type, by content; `error`: why it was refused:
    type, size, away (LINE did not give it)."""

    id: str
    person: str
    message_id: str | None
    at: float
    origin: str
    name: str | None
    kind: str | None
    size: int
    state: str
    error: str | None
    attempts: int


def want(
    session: Session, person: str, message_id: str, name: str | None, size: int | None, now: float
) -> None:
    """Note that a file is to be fetched from LINE; the same message twice is one."""
    there = session.connection.execute(
        select(files.c.id).where(files.c.person == person, files.c.message_id == message_id)
    ).first()
    if there is None:
        _put(session, person, LINE, name, now, message_id=message_id, size=size or 0, state=WANTED)


def put_upload(
    session: Session, person: str, name: str | None, kind: str, content: bytes, now: float
) -> str:
    """Keep a file that came over a page of ours; its type was checked. Returns its id."""
    file_id = _put(session, person, UPLOAD, name, now, size=len(content), state=KEPT, kind=kind)
    _seal_content(session, file_id, content)
    return file_id


def take_wanted(session: Session, now: float, most: int) -> list[File]:
    """Files to fetch now; they are this worker's for LEASE seconds."""
    wanted = (
        select(files)
        .where(files.c.state == text("'wanted'"),
               or_(files.c.next_try_at.is_(None), files.c.next_try_at <= now))
        .order_by(files.c.at)
        .limit(most)
    )  # fmt: skip
    if not session.is_sqlite:
        wanted = wanted.with_for_update(skip_locked=True)
    rows = session.connection.execute(wanted).all()
    if rows:
        session.connection.execute(
            update(files)
            .where(files.c.id.in_([row.id for row in rows]))
            .values(next_try_at=now + LEASE, attempts=files.c.attempts + 1)
        )
    return [_file(session, row) for row in rows]


def some_wanted(session: Session, now: float) -> bool:
    """True when something is to be fetched now."""
    found = session.connection.execute(
        select(files.c.id)
        .where(files.c.state == text("'wanted'"),
               or_(files.c.next_try_at.is_(None), files.c.next_try_at <= now))
        .limit(1)
    )  # fmt: skip
    return found.first() is not None


def keep(session: Session, file_id: str, kind: str, content: bytes) -> bool:
    """LINE gave it; False when it was taken back meanwhile, and nothing is kept."""
    kept = session.connection.execute(
        update(files)
        .where(files.c.id == file_id, files.c.state == WANTED)
        .values(state=KEPT, kind=kind, size=len(content), next_try_at=None)
        .returning(files.c.id)
    ).first()
    if kept is None:
        return False
    _seal_content(session, file_id, content)
    return True


def later(session: Session, file_id: str, at: float) -> None:
    """Not now; again at that time."""
    session.connection.execute(
        update(files).where(files.c.id == file_id, files.c.state == WANTED).values(next_try_at=at)
    )


def refuse(session: Session, file_id: str, state: str, why: str) -> None:
    """It is not kept: `state` is refused or gone."""
    session.connection.execute(
        update(files)
        .where(files.c.id == file_id, files.c.state == WANTED)
        .values(state=state, error=why, next_try_at=None)
    )


def forget(session: Session, person: str, message_id: str) -> None:
    """The message was taken back: its file goes, name and content."""
    session.connection.execute(
        update(files)
        .where(files.c.person == person, files.c.message_id == message_id)
        .values(state=GONE, error="taken_back", content=None, name=None, size=0)
    )


def load(session: Session, file_id: str) -> File | None:
    """What is known of a file."""
    row = session.connection.execute(_KNOWN.where(files.c.id == file_id)).first()
    return _file(session, row) if row else None


def content_of(session: Session, file_id: str) -> bytes | None:
    """The file itself; None when it is not kept, or no key opens it."""
    sealed = session.connection.execute(
        select(files.c.content).where(files.c.id == file_id, files.c.state == KEPT)
    ).scalar()
    try:
        return session.sealer.open(sealed, f"files.content:{file_id}") if sealed else None
    except CannotOpen:
        return None


def of_person(session: Session, person: str) -> list[File]:
    """All files of a person, oldest first."""
    rows = session.connection.execute(_KNOWN.where(files.c.person == person).order_by(files.c.at))
    return [_file(session, row) for row in rows]


def of_messages(session: Session, person: str, message_ids: Collection[str]) -> dict[str, File]:
    """The files of these messages, by message id."""
    if not message_ids:
        return {}
    rows = session.connection.execute(
        _KNOWN.where(files.c.person == person, files.c.message_id.in_(list(message_ids)))
    )
    return {row.message_id: _file(session, row) for row in rows}


def delete_old(session: Session, until: float, most: int = 500) -> int:
    """Delete files of persons whose last case was closed before `until`; returns how many."""
    still_needed = exists().where(
        cases.c.person == files.c.person,
        or_(cases.c.closed_at.is_(None), cases.c.closed_at >= until),
    )
    old = select(files.c.id).where(files.c.at < until, ~still_needed).limit(most)
    gone = session.connection.execute(
        delete(files).where(files.c.id.in_(old)).returning(files.c.id)
    )
    orphan = ~exists().where(conversations.c.person == files.c.person)
    lost = select(files.c.id).where(files.c.at < until, orphan).limit(most)
    session.connection.execute(delete(files).where(files.c.id.in_(lost)))
    return len(gone.all())


# Not the content: it is large, and only ever wanted alone.
_KNOWN = select(*(column for column in files.c if column.name != "content"))


def _put(
    session: Session, person: str, origin: str, name: str | None, now: float, **values: Any
) -> str:
    file_id = str(uuid.uuid4())
    sealed = None
    if name:
        sealed = session.sealer.seal(name.encode("utf-8", "replace"), f"files.name:{file_id}")
    session.connection.execute(
        insert(files).values(
            id=file_id, person=person, origin=origin, name=sealed, at=now, attempts=0, **values
        )
    )
    return file_id


def _seal_content(session: Session, file_id: str, content: bytes) -> None:
    sealed = session.sealer.seal(content, f"files.content:{file_id}")
    session.connection.execute(update(files).where(files.c.id == file_id).values(content=sealed))


def _file(session: Session, row: Any) -> File:
    name = None
    if row.name:
        try:
            name = session.sealer.open(row.name, f"files.name:{row.id}").decode("utf-8", "replace")
        except CannotOpen:
            pass  # a lost key: the file stands there without its name
    return File(
        row.id, row.person, row.message_id, row.at, row.origin, name, row.kind, row.size,
        row.state, row.error, row.attempts,
    )  # fmt: skip
