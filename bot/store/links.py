"""One-time links: whoever holds the token may use it once, for a while.

Only a hash of the token is kept: the table alone opens nothing. A link that was used or is too
old is known for another day, so that its page can say so in the reader's language.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from bot.dialogue.requests import BookingLink, CalendarLink, ExportLink
from bot.store.database import Session
from bot.store.tables import links

EXPORT, CALENDAR, UPLOAD, BOOKING = "export", "calendar", "upload", "booking"
KINDS: Mapping[type, str] = {ExportLink: EXPORT, CalendarLink: CALENDAR, BookingLink: BOOKING}
"""What a turn asks for -> the kind of link."""
LASTS = 24 * 3600.0
UPLOAD_LASTS = 3 * 24 * 3600.0
"""As long as the sentences with an upload link say (flows/shared/macros.yaml)."""
# LINE then opens the phone's own browser, which can hand a file to the calendar.
_OUTSIDE = "?openExternalBrowser=1"
OPEN, USED, EXPIRED = "open", "used", "expired"


@dataclass(frozen=True, slots=True)
class Link:
    """Whose link it is, and whether it is open, used or expired."""

    person: str
    state: str


def address_of(public_url: str, kind: str, token: str) -> str:
    """The address of a link of that kind."""
    outside = _OUTSIDE if kind in (CALENDAR, BOOKING) else ""
    return f"{public_url}/{kind}/{token}{outside}"


def make(session: Session, token: str, person: str, kind: str, now: float, lasts: float) -> None:
    """Keep a new link; `token` is random and known to nobody else."""
    session.connection.execute(
        insert(links).values(
            token_hash=_hash(token), person=person, kind=kind, made_at=now, expires_at=now + lasts
        )
    )


def look(session: Session, token: str, kind: str, now: float) -> Link | None:
    """The link of that token, without using it; None when it is not known (any more)."""
    row = session.connection.execute(
        select(links.c.person, links.c.used_at, links.c.expires_at).where(
            links.c.token_hash == _hash(token), links.c.kind == kind
        )
    ).first()
    if row is None:
        return None
    if row.used_at is not None:
        return Link(row.person, USED)
    return Link(row.person, OPEN if row.expires_at > now else EXPIRED)


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
