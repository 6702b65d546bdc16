"""The inbox of the desk: which cases, in which order, how many.

Only coded columns are searched, for texts are sealed. The closed do not slow down the open: both
have their own small index.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, select, text

from bot.store.cases import (
    CLOSED,
    OPEN,
    SNOOZED,
    TAKEN,
    TALKS,
    Case,
    is_later,
    not_closed,
    read_rows,
)
from bot.store.database import Session
from bot.store.tables import case_tags, cases

SORTS = ("urgency", "deadline", "waiting", "newest", "number")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases to list: everything that is given must be so. Days are seconds since 1970 for
    `opened_*`, dates for `deadline_until`. `operator` "" means nobody's."""

    states: tuple[str, ...] = (OPEN, TAKEN, SNOOZED)
    operator: str | None = None
    kinds: tuple[str, ...] = ()
    language: str | None = None
    flow: str | None = None
    outcome: str | None = None
    tag: str | None = None
    number: int | None = None
    least_priority: int | None = None
    opened_from: float | None = None
    opened_until: float | None = None
    deadline_until: date | None = None
    unread: bool = False
    waiting: bool = False


def find(
    session: Session,
    wanted: Wanted | None = None,
    sort: str = "urgency",
    most: int = 50,
    skip: int = 0,
) -> list[Case]:
    """The wanted cases, sorted: `urgency` (priority, deadline, waiting time), `deadline`,
    `waiting` (longest first), `newest` (last opened or closed first) or `number`."""
    wanted = wanted or Wanted()
    asked = _where(select(cases), wanted).order_by(*_order(sort, wanted)).limit(most).offset(skip)
    return read_rows(session, session.connection.execute(asked).mappings().all())


def count(session: Session, wanted: Wanted | None = None) -> int:
    """How many cases are wanted."""
    asked = _where(select(func.count()).select_from(cases), wanted or Wanted())
    return int(session.connection.execute(asked).scalar_one())


def quiet(session: Session, since: float, most: int = 100) -> list[str]:
    """The ids of talks in somebody's hands in which nobody waits and nothing changed since."""
    rows = session.connection.execute(
        select(cases.c.id)
        .where(
            not_closed(), cases.c.state == TAKEN, cases.c.kind.in_(TALKS),
            cases.c.waiting_since.is_(None), cases.c.changed_at < since,
        )
        .limit(most)
    )  # fmt: skip
    return list(rows.scalars())


def _where(asked: Select[Any], wanted: Wanted) -> Select[Any]:
    if CLOSED not in wanted.states:
        asked = asked.where(not_closed())
    elif wanted.states == (CLOSED,):
        asked = asked.where(text("cases.state = 'closed'"))
    if set(wanted.states) not in ({CLOSED}, {OPEN, TAKEN, SNOOZED}, {OPEN, TAKEN, SNOOZED, CLOSED}):
        asked = asked.where(cases.c.state.in_(wanted.states))
    if wanted.operator is not None:
        mine = cases.c.operator == wanted.operator
        asked = asked.where(mine if wanted.operator else cases.c.operator.is_(None))
    if wanted.kinds:
        asked = asked.where(cases.c.kind.in_(wanted.kinds))
    for column, value in (
        (cases.c.language, wanted.language), (cases.c.flow, wanted.flow),
        (cases.c.outcome, wanted.outcome), (cases.c.number, wanted.number),
    ):  # fmt: skip
        if value is not None:
            asked = asked.where(column == value)
    if wanted.tag is not None:
        has_tag = and_(case_tags.c.case_id == cases.c.id, case_tags.c.tag == wanted.tag)
        asked = asked.where(select(case_tags.c.tag).where(has_tag).exists())
    if wanted.least_priority is not None:
        asked = asked.where(cases.c.priority >= wanted.least_priority)
    if wanted.opened_from is not None:
        asked = asked.where(cases.c.opened_at >= wanted.opened_from)
    if wanted.opened_until is not None:
        asked = asked.where(cases.c.opened_at < wanted.opened_until)
    if wanted.deadline_until is not None:
        asked = asked.where(cases.c.deadline <= wanted.deadline_until.isoformat())
    if wanted.unread:
        asked = asked.where(is_later(cases.c.last_seen_at, cases.c.last_message_at))
    if wanted.waiting:
        asked = asked.where(cases.c.waiting_since.is_not(None))
    return asked


def _order(sort: str, wanted: Wanted) -> tuple[Any, ...]:
    by_deadline = (cases.c.deadline.is_(None), cases.c.deadline)
    by_waiting = (cases.c.waiting_since.is_(None), cases.c.waiting_since)
    match sort:
        case "deadline":
            return (*by_deadline, *by_waiting, cases.c.number)
        case "waiting":
            return (*by_waiting, cases.c.number)
        case "newest":
            column = cases.c.closed_at if wanted.states == (CLOSED,) else cases.c.number
            return (column.desc(),)
        case "number":
            return (cases.c.number,)
        case _:
            return (cases.c.priority.desc(), *by_deadline, *by_waiting, cases.c.number)
