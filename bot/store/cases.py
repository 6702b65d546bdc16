"""Cases: what stands before the office because the bot cannot or may not settle it."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import bindparam, func, insert, select, update

from bot.store.database import Session
from bot.store.quick import Quick
from bot.store.tables import cases

URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Case:
    """`kind`: urgent (somebody in danger), human (wants a person), delete (wants deletion), parked
    (an event failed)."""

    id: str
    person: str
    kind: str
    opened_at: float
    due_at: float | None = None
    flow: str | None = None
    language: str | None = None
    event_id: str | None = None


_OPEN = Quick(
    select(cases.c.person)
    .where(
        cases.c.person.in_(bindparam("persons", expanding=True)),
        cases.c.closed_at.is_(None),
        cases.c.kind.in_(("human", URGENT)),
    )
    .distinct()
)


def open_case(session: Session, case: Case) -> None:
    """Put a case before the office; one open case of a kind and person is enough."""
    there = session.connection.execute(
        select(cases.c.id).where(
            cases.c.person == case.person, cases.c.kind == case.kind, cases.c.closed_at.is_(None)
        )
    ).first()
    if there is None:
        session.connection.execute(
            insert(cases).values(
                id=case.id, person=case.person, kind=case.kind, opened_at=case.opened_at,
                due_at=case.due_at, flow=case.flow, language=case.language,
                event_id=case.event_id,
            )
        )  # fmt: skip


def with_open_case(session: Session, persons: Collection[str]) -> set[str]:
    """Those of `persons` for whom the office has an open case with a person."""
    if not persons:
        return set()
    return {row.person for row in _OPEN.rows(session, {"persons": list(persons)})}


def count_open(session: Session) -> dict[str, int]:
    """How many cases are open, by kind."""
    rows = session.connection.execute(
        select(cases.c.kind, func.count()).where(cases.c.closed_at.is_(None)).group_by(cases.c.kind)
    )
    return {row[0]: row[1] for row in rows}


def list_open(session: Session) -> list[Case]:
    """All open cases: urgent ones first, then those with a day by which the office must act."""
    rows = session.connection.execute(
        select(cases)
        .where(cases.c.closed_at.is_(None))
        .order_by(
            cases.c.kind != URGENT, cases.c.due_at.is_(None), cases.c.due_at, cases.c.opened_at
        )
    ).mappings()
    return [Case(**{name: row[name] for name in Case.__slots__}) for row in rows]


def find_open(session: Session, case_id: str) -> Case | None:
    """The open case of that id, or of the one id that begins so."""
    found = [case for case in list_open(session) if case.id.startswith(case_id)]
    return found[0] if len(found) == 1 else None


def close_case(session: Session, case_id: str, now: float) -> None:
    """The office has settled it."""
    session.connection.execute(update(cases).where(cases.c.id == case_id).values(closed_at=now))
