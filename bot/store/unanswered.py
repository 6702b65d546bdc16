"""What was not understood, for the office to learn from: without a person, for a while.

The text comes here masked (`nlu.masking`) and is sealed. The row names no person; it can be
found again only with the id of the message, to be erased when that is taken back.
"""

from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from bot.store.database import Session
from bot.store.sealing import CannotOpen
from bot.store.tables import unanswered

_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A masked text, the language it is written in, and the day (seconds since 1970)."""

    text: str
    language: str
    day: float


def put(session: Session, message_id: str, one: Unanswered) -> None:
    """Keep one; the same message twice is one."""
    key = _key(session, message_id)
    forget(session, message_id)
    session.connection.execute(
        insert(unanswered).values(
            id=key,
            day=one.day - one.day % _DAY,
            language=one.language,
            text=session.sealer.seal(one.text.encode("utf-8", "replace"), f"unanswered.text:{key}"),
        )
    )


def forget(session: Session, message_id: str) -> None:
    """The message was taken back."""
    session.connection.execute(
        delete(unanswered).where(unanswered.c.id == _key(session, message_id))
    )


def kept(session: Session) -> list[Unanswered]:
    """All that is kept and that a key opens, newest day first."""
    rows = session.connection.execute(select(unanswered).order_by(unanswered.c.day.desc()))
    found = []
    for row in rows:
        try:
            text = session.sealer.open(row.text, f"unanswered.text:{row.id}")
        except CannotOpen:
            continue
        found.append(Unanswered(text.decode("utf-8", "replace"), row.language, row.day))
    return found


def delete_old(session: Session, until: float) -> int:
    """Delete what is older; returns how many."""
    gone = session.connection.execute(
        delete(unanswered).where(unanswered.c.day < until).returning(unanswered.c.id)
    )
    return len(gone.all())


def _key(session: Session, message_id: str) -> str:
    return session.persons.name(f"unanswered:{message_id}")
