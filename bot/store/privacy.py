"""What a person may ask of us, and what goes by itself: export, deletion, retention.

Deletion leaves event ids (so that a late duplicate is not answered again) with the texts and
the person taken out, and counters. Nothing here is kept "just in case".
"""

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import orjson
from sqlalchemy import and_, delete, func, or_, select, update

from bot.store import bookings, case_log, case_tags
from bot.store import cases as cases_of
from bot.store import files as files_of
from bot.store import notice_wishes as wishes_of
from bot.store import notices as notices_of
from bot.store.database import Session
from bot.store.sealing import CannotOpen
from bot.store.tables import (
    bodies,
    cases,
    conversations,
    files,
    inbox,
    links,
    notice_wishes,
    outbox,
    talk,
)
from bot.store.tables import bookings as booked

_TOKYO = timezone(timedelta(hours=9))
_DAY = 86_400.0
_AT_ONCE = 2_000


def delete_person(session: Session, person: str, but_rows: tuple[str, ...] = ()) -> None:
    """Delete everything about a person, now. `but_rows`: outbox rows that still say goodbye
    (they carry `forget` and go when they are sent)."""
    run = session.connection.execute
    bookings.delete_of(session, (person,))
    run(
        update(inbox)
        .where(inbox.c.person == person, inbox.c.state != "new")
        .values(person="", raw=b"", message_id=None)
    )
    run(delete(outbox).where(outbox.c.person == person, outbox.c.id.not_in(but_rows)))
    for table in (conversations, talk, cases, files, links):
        run(delete(table).where(table.c.person == person))
    wishes_of.forget_person(session, person)


def export_person(session: Session, person: str) -> dict[str, Any]:
    """Everything kept about a person, as plain JSON data in the order in which it happened."""
    run = session.connection.execute
    about: dict[str, Any] = {}
    row = run(select(conversations).where(conversations.c.person == person)).mappings().first()
    if row is not None:
        about = {
            "line_user_id": _open(session, "conversations.user_id", person, row["user_id"]),
            "language": row["language"],
            "notice_version": row["notice_version"],
            **{
                name: _time(row[name])
                for name in ("notice_at", "created_at", "updated_at", "blocked_at", "profile_at")
            },
            "answers": _json(_open(session, "conversations.state", person, row["state"])),
        }
    written = run(select(talk).where(talk.c.person == person).order_by(talk.c.at)).mappings()
    sent = run(
        select(outbox, bodies.c.messages)
        .join(bodies, bodies.c.id == outbox.c.id)
        .where(outbox.c.person == person)
        .order_by(outbox.c.position)
    ).mappings()
    events = run(
        select(inbox).where(inbox.c.person == person).order_by(inbox.c.event_time)
    ).mappings()
    opened = run(select(cases).where(cases.c.person == person).order_by(cases.c.number))
    return {
        "conversation": about,
        "is_of_the_office": wishes_of.is_operator(session, person),
        "you_wrote": [
            {
                "at": _time(row["at"]),
                "kind": row["kind"],
                "text": _open(session, "talk.text", row["id"], row["text"]),
                "taken_back": row["unsent"],
            }
            for row in written
        ],
        "we_wrote": [
            {
                "at": _time(row["created_at"]),
                "state": row["state"],
                "by": row["speaker"],
                "messages": _json(_open(session, "bodies.messages", row["id"], row["messages"])),
            }
            for row in sent
        ],
        "events": [
            {
                "at": _time(row["received_at"]),
                "event": _json(_open(session, "inbox.raw", row["event_id"], row["raw"])),
            }
            for row in events
        ],
        "files": [
            {
                "at": _time(one.at),
                "name": one.name,
                "kind": one.kind,
                "state": one.state,
                "content": _base64(files_of.content_of(session, one.id)),
            }
            for one in files_of.of_person(session, person)
        ],
        "appointments": bookings.copy_of(session, person),
        "cases": [
            {
                "number": row["number"],
                "kind": row["kind"],
                "opened": _time(row["opened_at"]),
                "closed": _time(row["closed_at"]),
                "reason": row["reason"],
                "procedure": row["flow"],
                "outcome": row["outcome"],
                "deadline": row["deadline"],
                "passed_on": cases_of.intake_of(session, row["id"]),
                "tags": case_tags.of_cases(session, (row["id"],)).get(row["id"], ()),
                "log": [
                    {"at": _time(one.at), "what": one.kind, **one.details}
                    for one in case_log.of_case(session, row["id"])
                ],
                "office_was_told": [
                    {"at": _time(told["made_at"]), "how": told["way"], "state": told["state"]}
                    for told in notices_of.of_case(session, row["id"])
                ],
                "notes": [
                    {"at": _time(note.at), "text": note.text}
                    for note in case_log.notes_of(session, row["id"])
                ],
            }
            for row in opened.mappings()
        ],
    }  # fmt: skip


def delete_old(
    session: Session, now: float, raw_days: int, talk_days: int, most: int = _AT_ONCE
) -> Mapping[str, int]:
    """Delete what is older than the settings say, at most `most` rows of each kind at once.

    The talk of a person stays `talk_days` after the last message; while a case is open it
    stays. Returns how many rows went, by table; call again while any number equals `most`.
    """
    run = session.connection.execute
    raw_until, talk_until = now - raw_days * _DAY, now - talk_days * _DAY
    gone: dict[str, int] = {}

    old_events = select(inbox.c.event_id).where(
        inbox.c.received_at < raw_until, inbox.c.state != "new"
    )
    gone["inbox"] = len(
        run(delete(inbox).where(inbox.c.event_id.in_(old_events.limit(most)))
            .returning(inbox.c.event_id)).all()
    )  # fmt: skip
    open_cases = select(cases.c.id).where(
        cases.c.person == conversations.c.person, cases.c.closed_at.is_(None)
    )
    quiet = run(
        select(conversations.c.person)
        .where(conversations.c.updated_at < talk_until, ~open_cases.exists())
        .limit(most)
    )
    persons = list(quiet.scalars())
    for start in range(0, len(persons), 500):
        some = persons[start : start + 500]
        bookings.delete_of(session, some)
        for table in (talk, outbox, links, cases, files, conversations):
            run(delete(table).where(table.c.person.in_(some)))
    gone["conversations"] = len(persons)
    # What belongs to nobody any more (a person without a conversation) goes by its own age.
    orphan = ~select(conversations.c.person).where(conversations.c.person == talk.c.person).exists()
    run(delete(talk).where(talk.c.at < talk_until, orphan))
    orphan = (
        ~select(conversations.c.person).where(conversations.c.person == outbox.c.person).exists()
    )
    run(delete(outbox).where(outbox.c.created_at < talk_until, outbox.c.state != "due", orphan))
    bookings.delete_old_blocks(session, now - raw_days * _DAY)
    gone["links"] = len(
        run(
            delete(links)
            .where(or_(links.c.expires_at < now - _DAY, and_(links.c.used_at.is_not(None),
                                                      links.c.used_at < now - _DAY)))
            .returning(links.c.token_hash)
        ).all()
    )  # fmt: skip
    return gone


def count_kept(session: Session, person: str) -> int:
    """How many rows of any table name this person; 0 after `delete_person`."""
    return sum(
        session.connection.execute(
            select(func.count()).select_from(table).where(table.c.person == person)
        ).scalar_one()
        for table in (
            inbox,
            conversations,
            outbox,
            talk,
            cases,
            files,
            links,
            notice_wishes,
            booked,
        )
    )


def _open(session: Session, column: str, key: str, sealed: bytes | None) -> str | None:
    if sealed is None:
        return None
    try:
        return session.sealer.open(sealed, f"{column}:{key}").decode("utf-8", "replace")
    except CannotOpen:
        return None


def _json(text: str | None) -> Any:
    if not text:
        return None
    try:
        return orjson.loads(text)
    except ValueError:
        return text


def _base64(content: bytes | None) -> str | None:
    return base64.b64encode(content).decode("ascii") if content is not None else None


def _time(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, _TOKYO).isoformat(timespec="seconds")
