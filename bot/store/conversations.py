"""Conversations: what is known of a person, sealed, with the few columns that must be asked for.

On PostgreSQL the person is locked from `inbox.take` to the commit. On SQLite there is one
worker, but an operator may write to the person meanwhile: `save` compares `position`, which
grows with every save, and raises ChangedMeanwhile.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import bindparam, func, select, text
from sqlalchemy.dialects import postgresql, sqlite

from bot.dialogue.conversation import Conversation, from_json, to_json
from bot.store.database import Session
from bot.store.quick import Quick
from bot.store.sealing import CannotOpen
from bot.store.tables import conversations


class ChangedMeanwhile(Exception):
    """Somebody else saved one of these conversations since it was read: read again."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A conversation with what is kept beside it. `conversation` is None when it cannot be
    opened any more (a lost key, a damaged row)."""

    person: str
    user_id: str
    conversation: Conversation | None
    position: int
    created_at: float
    notice_version: str | None = None
    notice_at: float | None = None
    blocked_at: float | None = None
    profile_at: float | None = None


_COLUMNS = (
    "person", "user_id", "state", "position", "language", "owner", "notice_version", "notice_at",
    "blocked_at", "created_at", "updated_at", "profile_at",
)  # fmt: skip
_LOAD = Quick(
    select(conversations).where(conversations.c.person.in_(bindparam("persons", expanding=True)))
)
_POSITIONS = Quick(
    select(conversations.c.person, conversations.c.position).where(
        conversations.c.person.in_(bindparam("persons", expanding=True))
    )
)
_OWNERS = Quick(
    select(conversations.c.person, conversations.c.owner).where(
        conversations.c.person.in_(bindparam("persons", expanding=True))
    )
)

# The lock under which `inbox.take` claims a person.
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:person, 7331))")


def _upsert(insert):  # the two dialects share no type
    put = insert(conversations).values({name: bindparam(name) for name in _COLUMNS})
    fresh = {name: put.excluded[name] for name in _COLUMNS if name not in ("person", "created_at")}
    return put.on_conflict_do_update(index_elements=["person"], set_=fresh)


_SAVE = Quick(_upsert(sqlite.insert), _upsert(postgresql.insert))


def load(session: Session, persons: Collection[str]) -> dict[str, Stored]:
    """The conversations of these persons; a person seen for the first time has none."""
    if not persons:
        return {}
    found = {}
    for row in _LOAD.rows(session, {"persons": list(persons)}):
        conversation: Conversation | None
        try:
            user_id = session.sealer.open(row.user_id, _place("user_id", row.person)).decode()
            state = session.sealer.open(row.state, _place("state", row.person))
            conversation = from_json(orjson.loads(state))
        except (CannotOpen, ValueError, KeyError, TypeError, AttributeError):
            user_id, conversation = "", None
        found[row.person] = Stored(
            row.person, user_id, conversation, row.position, row.created_at,
            row.notice_version, row.notice_at, row.blocked_at, row.profile_at,
        )  # fmt: skip
    return found


def save(
    session: Session, changed: Sequence[Stored], read: Mapping[str, Stored], now: float
) -> None:
    """Save these conversations, which were `read` in this transaction."""
    if not changed:
        return
    if session.is_sqlite:
        _compare(session, [stored.person for stored in changed], read)
    _SAVE.each(session, [_row(session, stored, now) for stored in changed])


def lock(session: Session, person: str) -> None:
    """Keep workers from this person until the transaction ends. On SQLite whoever writes is
    alone, and `save` compares."""
    if not session.is_sqlite:
        session.connection.execute(_LOCK, {"person": person})


def load_locked(session: Session, person: str) -> Stored | None:
    """The person's conversation, which nobody else changes until this commits."""
    lock(session, person)
    return load(session, (person,)).get(person)


def owners(session: Session, persons: Collection[str]) -> dict[str, str]:
    """Who speaks to each of these persons now: bot, waiting or human."""
    return {row.person: row.owner for row in _OWNERS.rows(session, {"persons": list(persons)})}


def next_position(last: int, now: float) -> int:
    """A position after `last`; grows with time too, so that a deleted person starts later."""
    return max(last + 1, int(now * 1000))


def count(session: Session) -> int:
    """How many conversations are kept."""
    return session.connection.execute(select(func.count()).select_from(conversations)).scalar_one()


def language_of(session: Session, person: str) -> str | None:
    """The language that the person chose."""
    return session.connection.execute(
        select(conversations.c.language).where(conversations.c.person == person)
    ).scalar()


def people_by_language(session: Session) -> dict[str, list[str]]:
    """The user ids of those who can be reached, by the language they chose."""
    found: dict[str, list[str]] = {}
    rows = session.connection.execute(
        select(conversations.c.person, conversations.c.user_id, conversations.c.language).where(
            conversations.c.language.is_not(None), conversations.c.blocked_at.is_(None)
        )
    )
    for row in rows:
        try:
            user_id = session.sealer.open(row.user_id, _place("user_id", row.person)).decode()
        except CannotOpen:
            continue
        found.setdefault(row.language, []).append(user_id)
    return found


def _compare(session: Session, persons: Sequence[str], read: Mapping[str, Stored]) -> None:
    rows = _POSITIONS.rows(session, {"persons": persons})
    there = {row.person: row.position for row in rows}
    if there != {p: read[p].position for p in persons if p in read}:
        raise ChangedMeanwhile


def _row(session: Session, stored: Stored, now: float) -> dict[str, object]:
    conversation = stored.conversation or Conversation()
    state = orjson.dumps(to_json(conversation))
    seal = session.sealer.seal
    return {
        "person": stored.person,
        "user_id": seal(stored.user_id.encode(), _place("user_id", stored.person)),
        "state": seal(state, _place("state", stored.person)),
        "position": stored.position,
        "language": conversation.language,
        "owner": conversation.owner,
        "notice_version": stored.notice_version,
        "notice_at": stored.notice_at,
        "blocked_at": stored.blocked_at,
        "created_at": stored.created_at,
        "updated_at": now,
        "profile_at": stored.profile_at,
    }


def _place(column: str, person: str) -> str:
    return f"conversations.{column}:{person}"
