"""One-time links: whoever holds the token may use it once, for a while.

Only a hash of the token is kept: the table alone opens nothing.
"""

import hashlib

from sqlalchemy import insert, select, update

from bot.store.database import Session
from bot.store.tables import links

EXPORT = "export"
EXPORT_LASTS = 24 * 3600.0


def make(session: Session, token: str, person: str, kind: str, now: float, lasts: float) -> None:
    """Keep a new link; `token` is random and known to nobody else."""
    session.connection.execute(
        insert(links).values(
            token_hash=_hash(token), person=person, kind=kind, made_at=now, expires_at=now + lasts
        )
    )


def person_of(session: Session, token: str, kind: str, now: float) -> str | None:
    """The person of a link that could still be used; does not use it."""
    return session.connection.execute(
        select(links.c.person).where(
            links.c.token_hash == _hash(token), links.c.kind == kind,
            links.c.used_at.is_(None), links.c.expires_at > now,
        )
    ).scalar()  # fmt: skip


def use(session: Session, token: str, kind: str, now: float) -> str | None:
    """The person of the link, once; None when it is unknown, used or too old."""
    return session.connection.execute(
        update(links)
        .where(
            links.c.token_hash == _hash(token), links.c.kind == kind,
            links.c.used_at.is_(None), links.c.expires_at > now,
        )
        .values(used_at=now)
        .returning(links.c.person)
    ).scalar()  # fmt: skip


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
