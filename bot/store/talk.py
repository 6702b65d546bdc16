"""What people wrote, sealed: for quotes, for the export, and to be taken back.

A message that is taken back before it was handled leaves a mark without text (`unsent`), so
that the message, when it comes, is passed over.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from bot.store.database import Session
from bot.store.quick import Quick
from bot.store.sealing import CannotOpen
from bot.store.tables import talk


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a person. `kind` is text, button, date, location, file ..."""

    id: str
    person: str
    at: float
    kind: str
    text: str | None
    message_id: str | None
    unsent: bool = False


_UNSENT = Quick(
    select(talk.c.message_id).where(
        talk.c.message_id.in_(bindparam("ids", expanding=True)), talk.c.unsent
    )
)
_PUT = Quick(
    insert(talk),
    columns=("id", "person", "at", "direction", "kind", "text", "message_id", "unsent"),
)


def put(session: Session, messages: Sequence[Message]) -> None:
    """Keep what people wrote."""
    rows = [
        {
            "id": message.id,
            "person": message.person,
            "at": message.at,
            "direction": "in",
            "kind": message.kind,
            "text": None if message.text is None else _seal(session, message),
            "message_id": message.message_id,
            "unsent": message.unsent,
        }
        for message in messages
    ]
    if rows:
        _PUT.each(session, rows)


def latest(session: Session, person: str, kind: str, most: int) -> list[Message]:
    """The person's newest messages of that kind, oldest first; those taken back are left out."""
    rows = session.connection.execute(
        select(talk)
        .where(talk.c.person == person, talk.c.kind == kind, talk.c.unsent.is_(False))
        .order_by(talk.c.at.desc())
        .limit(most)
    ).all()
    return [
        Message(row.id, person, row.at, row.kind, _open(session, row), row.message_id)
        for row in reversed(rows)
    ]


def taken_back(session: Session, message_ids: Collection[str]) -> set[str]:
    """Those of these messages that were taken back before."""
    if not message_ids:
        return set()
    return {row.message_id for row in _UNSENT.rows(session, {"ids": list(message_ids)})}


def forget_message(session: Session, person: str, message_id: str, row_id: str, at: float) -> None:
    """Erase the text of a message; leaves a mark, also when the message is still to come."""
    erased = session.connection.execute(
        update(talk)
        .where(talk.c.person == person, talk.c.message_id == message_id)
        .values(text=None, unsent=True)
        .returning(talk.c.id)
    )
    if erased.first() is None:
        put(session, [Message(row_id, person, at, "unsent", None, message_id, unsent=True)])


def _seal(session: Session, message: Message) -> bytes:
    text = (message.text or "").encode("utf-8", "replace")
    return session.sealer.seal(text, f"talk.text:{message.id}")


def _open(session: Session, row: Any) -> str | None:
    if row.text is None:
        return None
    try:
        return session.sealer.open(row.text, f"talk.text:{row.id}").decode("utf-8", "replace")
    except CannotOpen:
        return None
