"""One thread of a case: what the person, the bot and the operators said, notes and events.

The messages are those of the person, also from before the case: an operator must be able to see
exactly what was told. They are read in pages, newest first, and handed out oldest first.
"""

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Integer, cast, func, select

from bot.store import case_log, files
from bot.store.cases import Case
from bot.store.database import Session
from bot.store.sealing import CannotOpen
from bot.store.tables import bodies, case_events, conversations, notes, outbox, talk
from bot.store.tables import files as files_table

PERSON, BOT, OPERATOR, NOTE, EVENT = "person", "bot", "operator", "note", "event"
_RANK = {EVENT: 0, PERSON: 1, BOT: 2, OPERATOR: 3, NOTE: 4}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the thread.

    `who`: person, bot, operator, note or event. `kind`: of a person's message text, button, date,
    image ...; of an event what happened. `text`: the person's words (a button's data), or a note;
    None when it was taken back or cannot be opened. `messages`: LINE's message objects as they
    were sent. `state`: of what the office sent due, sent, unclear, given_up, held; of what the
    person wrote unsent when it was taken back. `actor`: the operator. `details` of a
    picture or file: the id under which it is kept (`file`), its state, kind, size, and why it was
    refused.
    """

    id: str
    at: float
    who: str
    kind: str
    text: str | None = None
    messages: tuple[dict[str, Any], ...] = ()
    state: str | None = None
    actor: str | None = None
    error: str | None = None
    message_id: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Thread:
    """A page of a thread, oldest first. `earlier`: pass it as `before` for the page before this
    one; None when this is the beginning."""

    entries: tuple[Entry, ...]
    earlier: float | None


def thread(session: Session, case: Case, before: float | None = None, most: int = 200) -> Thread:
    """The newest `most` entries of the case's person before that time, in order."""
    found = [
        *_written(session, case.person, before, most),
        *_sent(session, case.person, before, most),
        *(e for e in _beside(session, case.id) if before is None or e.at < before),
    ]
    found.sort(key=lambda entry: (entry.at, _RANK[entry.who], entry.id))
    if len(found) <= most:
        return Thread(tuple(found), None)
    # What happened at the same instant stays on one page: `earlier` is an instant.
    start = found[-most].at
    return Thread(tuple(entry for entry in found if entry.at >= start), start)


def find(session: Session, case: Case, words: str, pages: int = 20) -> tuple[Entry, ...]:
    """The entries of a case in which these words stand, newest first, among its newest `pages`
    pages. Texts are sealed, so they are opened one after the other: this is for one case only."""
    wanted, before, found = plain(words), None, []
    for _ in range(pages):
        page = thread(session, case, before)
        found += [one for one in reversed(page.entries) if wanted in plain(words_in(one))]
        before = page.earlier
        if before is None:
            break
    return tuple(found)


def words_in(entry: Entry) -> str:
    """All words of an entry: what was written, or what stood in its messages."""
    return "\n".join([entry.text or "", *(text for m in entry.messages for text in _texts(m))])


def plain(text: str) -> str:
    """Text as it is compared: without regard to case, width and blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _texts(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        for name, value in found.items():
            if name == "text" and isinstance(value, str):
                yield value
            elif isinstance(value, dict | list):
                yield from _texts(value)
    elif isinstance(found, list):
        for value in found:
            yield from _texts(value)


def since(session: Session, case: Case, after: float, most: int = 200) -> tuple[Entry, ...]:
    """What came after that time: what a page that is open adds."""
    page = thread(session, case, None, most)
    return tuple(entry for entry in page.entries if entry.at > after)


def _written(session: Session, person: str, before: float | None, most: int) -> list[Entry]:
    asked = select(talk).where(talk.c.person == person)
    if before is not None:
        asked = asked.where(talk.c.at < before)
    rows = session.connection.execute(asked.order_by(talk.c.at.desc()).limit(most + 1)).all()
    sent = [row.message_id for row in rows if row.message_id and row.kind in ("image", "file")]
    kept = files.of_messages(session, person, sent)
    return [
        Entry(
            row.id, row.at, PERSON, row.kind,
            _open(session, f"talk.text:{row.id}", row.text),
            state="unsent" if row.unsent else None, message_id=row.message_id,
            details=_about(kept.get(row.message_id)),
        )
        for row in rows
    ]  # fmt: skip


def _sent(session: Session, person: str, before: float | None, most: int) -> list[Entry]:
    asked = (
        select(outbox, bodies.c.messages)
        .join(bodies, bodies.c.id == outbox.c.id)
        .where(outbox.c.person == person)
    )
    if before is not None:
        asked = asked.where(outbox.c.created_at < before)
    rows = session.connection.execute(asked.order_by(outbox.c.position.desc()).limit(most + 1))
    return [
        Entry(
            row.id, row.created_at, OPERATOR if row.speaker == "operator" else BOT, "message",
            messages=_messages(_open(session, f"bodies.messages:{row.id}", row.messages)),
            state=row.state, actor=row.operator, error=row.error,
            message_id=_first(row.message_ids),
        )
        for row in rows
    ]  # fmt: skip


def _about(file: files.File | None) -> dict[str, Any]:
    if file is None:
        return {}
    return {
        "file": file.id, "state": file.state, "kind": file.kind, "size": file.size,
        "error": file.error,
    }  # fmt: skip


def _beside(session: Session, case_id: str) -> list[Entry]:
    events = [
        Entry(e.id, e.at, EVENT, e.kind, actor=e.actor, details=e.details)
        for e in case_log.of_case(session, case_id)
    ]
    noted = [
        Entry(n.id, n.at, NOTE, "note", n.text, actor=n.operator)
        for n in case_log.notes_of(session, case_id)
    ]
    return events + noted


def _open(session: Session, place: str, sealed: bytes | None) -> str | None:
    if sealed is None:
        return None
    try:
        return session.sealer.open(sealed, place).decode("utf-8", "replace")
    except CannotOpen:
        return None


def _messages(text: str | None) -> tuple[dict[str, Any], ...]:
    try:
        found = orjson.loads(text or "[]")
    except ValueError:
        return ()
    return tuple(found) if isinstance(found, list) else ()


def _first(message_ids: str | None) -> str | None:
    found = orjson.loads(message_ids) if message_ids else []
    return str(found[0]) if found else None


def stamp(session: Session, case: Case) -> str:
    """Changes whenever anything that a page of this case shows has changed; cheap to ask for."""
    person = case.person
    said = select(func.max(talk.c.at), func.count(), func.sum(cast(talk.c.unsent, Integer))).where(
        talk.c.person == person
    )
    sent = (
        select(outbox.c.state, func.count(), func.max(outbox.c.position))
        .where(outbox.c.person == person)
        .group_by(outbox.c.state)
        .order_by(outbox.c.state)
    )
    kept = (
        select(files_table.c.state, func.count())
        .where(files_table.c.person == person)
        .group_by(files_table.c.state)
        .order_by(files_table.c.state)
    )
    noted = select(func.count()).where(notes.c.case_id == case.id)
    done = select(func.count()).where(case_events.c.case_id == case.id)
    run = session.connection.execute
    found = [tuple(row) for asked in (said, sent, kept, noted, done) for row in run(asked)]
    blocked = run(select(conversations.c.owner, conversations.c.blocked_at)
                  .where(conversations.c.person == person)).all()  # fmt: skip
    whole = repr((found, [tuple(row) for row in blocked], case.changed_at, case.state))
    return hashlib.sha256(whole.encode()).hexdigest()[:24]
