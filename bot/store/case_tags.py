"""Tags on cases: words of the office's own that are searched.

They are not sealed, so they must name no person.
"""

from collections.abc import Collection

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.store import case_log
from bot.store.database import Session
from bot.store.tables import case_tags, cases

MOST_TAGS, LONGEST_TAG = 20, 40


def in_use(session: Session) -> dict[str, int]:
    """The tags of cases that are not closed, with how many have them."""
    rows = session.connection.execute(
        select(case_tags.c.tag, func.count())
        .join(cases, cases.c.id == case_tags.c.case_id)
        .where(text("cases.state <> 'closed'"))
        .group_by(case_tags.c.tag)
        .order_by(case_tags.c.tag)
    )
    return {row[0]: row[1] for row in rows}


def add(session: Session, case_id: str, operator: str, tag: str, now: float) -> bool:
    """Put a tag on; False when it is there already, or is no tag, or there are too many."""
    tag = " ".join("".join(c for c in tag if c.isprintable()).split())[:LONGEST_TAG]
    there = of_cases(session, (case_id,)).get(case_id, ())
    if not tag or tag in there or len(there) >= MOST_TAGS:
        return False
    put = postgresql.insert if not session.is_sqlite else sqlite.insert
    session.connection.execute(
        put(case_tags).values(case_id=case_id, tag=tag).on_conflict_do_nothing()
    )
    _touch(session, case_id, now)
    case_log.add(session, case_id, now, "tagged", operator, tag=tag)
    return True


def remove(session: Session, case_id: str, operator: str, tag: str, now: float) -> bool:
    """Take a tag off; False when it is not there."""
    gone = session.connection.execute(
        delete(case_tags)
        .where(case_tags.c.case_id == case_id, case_tags.c.tag == tag)
        .returning(case_tags.c.tag)
    ).first()
    if gone is None:
        return False
    _touch(session, case_id, now)
    case_log.add(session, case_id, now, "untagged", operator, tag=tag)
    return True


def of_cases(session: Session, ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The tags of these cases, in alphabetical order."""
    found: dict[str, tuple[str, ...]] = {}
    if not ids:
        return found
    rows = session.connection.execute(
        select(case_tags.c.case_id, case_tags.c.tag)
        .where(case_tags.c.case_id.in_(list(ids)))
        .order_by(case_tags.c.tag)
    )
    for row in rows:
        found[row.case_id] = (*found.get(row.case_id, ()), row.tag)
    return found


def _touch(session: Session, case_id: str, now: float) -> None:
    session.connection.execute(update(cases).where(cases.c.id == case_id).values(changed_at=now))
