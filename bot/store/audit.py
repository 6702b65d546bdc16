"""Who of the office looked at what and changed what.

Rows are only ever added, and deleted after a time; details are codes and ids, never a text of
anybody's. What was done to a case stands in its own log (`case_log`) as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import and_, delete, insert, or_, select

from bot.store.case_log import new_id
from bot.store.database import Session
from bot.store.tables import audit


@dataclass(frozen=True, slots=True)
class Record:
    """One look or change. `operator` None: nobody was logged in (a failed login), or the bot."""

    id: str
    at: float
    operator: str | None
    action: str
    case_id: str | None
    details: Mapping[str, Any]


def add(
    session: Session,
    at: float,
    operator: str | None,
    action: str,
    case_id: str | None = None,
    **details: Any,
) -> None:
    """Note it. `details` are codes, ids, days, numbers."""
    session.connection.execute(
        insert(audit).values(
            id=new_id(), at=at, operator=operator, action=action, case_id=case_id,
            details=orjson.dumps(details).decode(),
        )
    )  # fmt: skip


def latest(
    session: Session,
    *,
    operator: str | None = None,
    case_id: str | None = None,
    action: str | None = None,
    before: tuple[float, str] | None = None,
    most: int = 100,
) -> list[Record]:
    """The newest records, newest first; everything that is given must be so. `before`: time and
    id of the record behind which to go on."""
    asked = select(audit).order_by(audit.c.at.desc(), audit.c.id.desc()).limit(most)
    for column, value in (
        (audit.c.operator, operator), (audit.c.case_id, case_id), (audit.c.action, action),
    ):  # fmt: skip
        if value is not None:
            asked = asked.where(column == value)
    if before is not None:
        at, record_id = before
        same = and_(audit.c.at == at, audit.c.id < record_id)
        asked = asked.where(or_(audit.c.at < at, same), audit.c.at <= at)
    return [
        Record(row.id, row.at, row.operator, row.action, row.case_id, orjson.loads(row.details))
        for row in session.connection.execute(asked)
    ]


def actions(session: Session, most: int = 5_000) -> list[str]:
    """What was done of late: the actions of the newest records, by name."""
    newest = select(audit.c.action).order_by(audit.c.at.desc()).limit(most).subquery()
    return sorted(session.connection.execute(select(newest.c.action).distinct()).scalars())


def delete_old(session: Session, until: float) -> None:
    """Forget what is older than `until`."""
    session.connection.execute(delete(audit).where(audit.c.at < until))
