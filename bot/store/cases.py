"""Cases: what stands before the office because the bot cannot or may not settle it.

A case is `open` until an operator takes it, then `taken`, perhaps `snoozed`, and in the end
`closed` with a reason. Every change is one UPDATE whose WHERE says from which state it may be
made, so that of two operators at once one wins; each leaves an event in the case's log
(`case_log`). Nothing here changes who speaks: `bot/answering.py` does both in one transaction.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from sqlalchemy import bindparam, func, insert, or_, select, text, update

from bot.store import case_log, case_tags, notices
from bot.store.database import Session
from bot.store.quick import Quick
from bot.store.sealing import CannotOpen
from bot.store.tables import cases, counters

HUMAN, URGENT, DELETE, PARKED = "human", "urgent", "delete", "parked"
TALKS = (HUMAN, URGENT)
"""The kinds in which a person waits for a person; one open case of them is enough."""
OPEN, TAKEN, SNOOZED, CLOSED = "open", "taken", "snoozed", "closed"
LOW, NORMAL, HIGH, MOST_URGENT = -1, 0, 1, notices.MOST_URGENT
PRIORITIES = (LOW, NORMAL, HIGH, MOST_URGENT)
REASONS = (
    "answered", "mandate", "referred", "no_reply", "bot_again", "by_person", "duplicate", "other",
)  # fmt: skip
"""Why a case is closed. `bot_again`: the person took the bot back; `by_person`: closed it."""


@dataclass(frozen=True, slots=True)
class Case:
    """`kind`: urgent (somebody in danger), human (wants a person), delete (wants deletion), parked
    (an event failed). `due_at`: by when the office must act (deletion); `deadline`: the person's
    own next last day. `waiting_since`: the person wrote and nobody has answered since."""

    id: str
    person: str
    kind: str
    opened_at: float
    due_at: float | None = None
    flow: str | None = None
    language: str | None = None
    event_id: str | None = None
    number: int = 0
    state: str = OPEN
    reason: str | None = None
    operator: str | None = None
    priority: int = NORMAL
    tags: tuple[str, ...] = ()
    deadline: date | None = None
    waiting_since: float | None = None
    snoozed_until: float | None = None
    outcome: str | None = None
    fingerprint: str | None = None
    last_message_at: float | None = None
    last_seen_at: float | None = None
    closed_at: float | None = None
    changed_at: float = 0.0

    @property
    def is_unread(self) -> bool:
        """True when the person wrote after an operator last looked."""
        if self.last_message_at is None:
            return self.last_seen_at is None
        return self.last_seen_at is None or self.last_seen_at < self.last_message_at


_OPEN = Quick(
    select(cases.c.person)
    .where(
        cases.c.person.in_(bindparam("persons", expanding=True)),
        cases.c.state != text("'closed'"),
        cases.c.kind.in_(TALKS),
    )
    .distinct()
)


# ---------------------------------------------------------------- opening


def open_case(session: Session, case: Case, intake: Mapping[str, Any] | None = None) -> str:
    """Put a case before the office; returns its id.

    One open case of a kind and person is enough, and `human` and `urgent` are one: what is new
    is added to the one that is there. `intake` is what the person wants passed on (sealed).
    """
    kinds = TALKS if case.kind in TALKS else (case.kind,)
    there = session.connection.execute(
        select(cases.c.id, cases.c.kind, cases.c.priority).where(
            cases.c.person == case.person, cases.c.kind.in_(kinds), not_closed()
        )
    ).first()
    if there is not None:
        _add_to(session, there, case)
        if intake is not None:
            set_intake(session, there.id, intake)
        return str(there.id)
    priority = MOST_URGENT if case.kind == URGENT else case.priority
    session.connection.execute(
        insert(cases).values(
            id=case.id, person=case.person, kind=case.kind, opened_at=case.opened_at,
            due_at=case.due_at, flow=case.flow, language=case.language, event_id=case.event_id,
            number=_next_number(session), state=OPEN, priority=priority,
            deadline=_day(case.deadline), outcome=case.outcome, fingerprint=case.fingerprint,
            waiting_since=case.opened_at, last_message_at=case.opened_at,
            changed_at=case.opened_at,
        )
    )  # fmt: skip
    case_log.add(session, case.id, case.opened_at, "opened", None, case_kind=case.kind)
    if intake is not None:
        set_intake(session, case.id, intake)
    occasion = notices.URGENT if priority == MOST_URGENT else notices.NEW
    notices.put(session, case.id, occasion, case.opened_at)
    return case.id


def set_intake(session: Session, case_id: str, intake: Mapping[str, Any]) -> None:
    """Keep what the person wants passed on, sealed."""
    sealed = session.sealer.seal(orjson.dumps(intake), f"cases.intake:{case_id}")
    session.connection.execute(update(cases).where(cases.c.id == case_id).values(intake=sealed))


def intake_of(session: Session, case_id: str) -> dict[str, Any]:
    """What the person wants passed on; empty when there is nothing, or no key opens it."""
    sealed = session.connection.execute(
        select(cases.c.intake).where(cases.c.id == case_id)
    ).scalar()
    return _intake(session, case_id, sealed)


# ---------------------------------------------------------------- reading


def with_open_case(session: Session, persons: Collection[str]) -> set[str]:
    """Those of `persons` for whom the office has an open case with a person."""
    if not persons:
        return set()
    return {row.person for row in _OPEN.rows(session, {"persons": list(persons)})}


def count_open(session: Session) -> dict[str, int]:
    """How many cases are open, by kind."""
    rows = session.connection.execute(
        select(cases.c.kind, func.count()).where(not_closed()).group_by(cases.c.kind)
    )
    return {row[0]: row[1] for row in rows}


def list_open(session: Session) -> list[Case]:
    """All open cases: urgent ones first, then those with a day by which the office must act."""
    rows = session.connection.execute(
        select(cases)
        .where(not_closed())
        .order_by(
            cases.c.priority.desc(), cases.c.due_at.is_(None), cases.c.due_at, cases.c.opened_at
        )
    )
    return read_rows(session, rows.mappings().all())


def find_open(session: Session, case_id: str) -> Case | None:
    """The open case of that id or number, or of the one id that begins so."""
    found = [
        case
        for case in list_open(session)
        if case.id.startswith(case_id) or str(case.number) == case_id
    ]
    return found[0] if len(found) == 1 else None


def load(session: Session, case_id: str) -> Case | None:
    """The case of that id."""
    rows = session.connection.execute(select(cases).where(cases.c.id == case_id)).mappings()
    return next(iter(read_rows(session, rows.all())), None)


def of_number(session: Session, number: int) -> Case | None:
    """The case of that number."""
    rows = session.connection.execute(select(cases).where(cases.c.number == number)).mappings()
    return next(iter(read_rows(session, rows.all())), None)


def numbers(session: Session, case_ids: Collection[str]) -> dict[str, int]:
    """The numbers of these cases, by id; those that are gone have none."""
    asked = select(cases.c.id, cases.c.number).where(cases.c.id.in_(list(case_ids)))
    return {row.id: row.number for row in session.connection.execute(asked)} if case_ids else {}


def of_person(session: Session, person: str) -> list[Case]:
    """All cases of a person, newest first."""
    rows = session.connection.execute(
        select(cases).where(cases.c.person == person).order_by(cases.c.number.desc())
    )
    return read_rows(session, rows.mappings().all())


def open_talk(session: Session, person: str) -> Case | None:
    """The open case in which this person waits for, or talks with, a person."""
    return next((c for c in of_person(session, person) if c.state != CLOSED and c.kind in TALKS),
                None)  # fmt: skip


def last_change(session: Session) -> tuple[float, float]:
    """When anything about an open case last changed, and when one was last closed: what an open
    inbox asks for. Both are the ends of small indexes."""
    opened = select(func.max(cases.c.changed_at)).where(not_closed())
    closed = select(func.max(cases.c.closed_at)).where(text("cases.state = 'closed'"))
    run = session.connection.execute
    return float(run(opened).scalar() or 0.0), float(run(closed).scalar() or 0.0)


def names_given(session: Session, ids: Collection[str]) -> dict[str, str]:
    """Case id -> the name by which its person wants to be called, where one was given."""
    rows = session.connection.execute(
        select(cases.c.id, cases.c.intake).where(cases.c.id.in_(list(ids)))
    )
    found = {row.id: _intake(session, row.id, row.intake).get("name") for row in rows}
    return {case_id: str(name) for case_id, name in found.items() if name}


# ---------------------------------------------------------------- changing


def take(session: Session, case_id: str, operator: str, now: float) -> bool:
    """The case is this operator's from now on; False when somebody else was first."""
    took = _change(
        session, case_id, now, cases.c.state.in_((OPEN, SNOOZED)),
        or_(cases.c.operator.is_(None), cases.c.operator == operator),
        state=TAKEN, operator=operator, snoozed_until=None,
    )  # fmt: skip
    if took:
        case_log.add(session, case_id, now, "taken", operator)
    return took


def hand_over(
    session: Session, case_id: str, operator: str, to: str | None, by: str, now: float
) -> bool:
    """From `operator` to a colleague, or back to all (`to` None); `by` is who does it. False when
    the case is not (any more) in the hands of `operator`."""
    state = TAKEN if to else OPEN
    gave = _change(
        session, case_id, now, cases.c.state.in_((TAKEN, SNOOZED)), cases.c.operator == operator,
        state=state, operator=to, snoozed_until=None, last_seen_at=None,
    )  # fmt: skip
    if gave:
        case_log.add(session, case_id, now, "handed_over", by, **{"from": operator, "to": to})
    return gave


def snooze(session: Session, case_id: str, operator: str, until: float, now: float) -> bool:
    """Out of sight until then, or until the person writes; False when it cannot be."""
    slept = _change(
        session, case_id, now, cases.c.state.in_((OPEN, TAKEN, SNOOZED)),
        state=SNOOZED, snoozed_until=until,
    )  # fmt: skip
    if slept:
        case_log.add(session, case_id, now, "snoozed", operator, until=until)
    return slept


def wake(session: Session, now: float) -> int:
    """Bring back what was snoozed until now; returns how many."""
    due = session.connection.execute(
        select(cases.c.id).where(
            not_closed(), cases.c.state == SNOOZED, cases.c.snoozed_until <= now
        )
    ).scalars()
    return sum(_wake(session, case_id, now) for case_id in due.all())


def wake_case(session: Session, case_id: str, operator: str, now: float) -> bool:
    """An operator brings it back before its time; False when it is not snoozed."""
    return _wake(session, case_id, now, operator)


def close_case(
    session: Session, case_id: str, now: float, operator: str | None = None, reason: str = "other"
) -> bool:
    """It is settled; False when it was closed already. `operator` None: not by an operator."""
    closed = _change(
        session, case_id, now, cases.c.state != CLOSED,
        state=CLOSED, closed_at=now, reason=reason, snoozed_until=None, waiting_since=None,
    )  # fmt: skip
    if closed:
        case_log.add(session, case_id, now, "closed", operator, reason=reason)
    return closed


def reopen(session: Session, case_id: str, operator: str, now: float) -> bool:
    """A closed case is this operator's again; False when it is not closed, or when the person
    has another open case by now."""
    case = load(session, case_id)
    if case is None or (case.kind in TALKS and open_talk(session, case.person)):
        return False
    opened = _change(
        session, case_id, now, cases.c.state == CLOSED,
        state=TAKEN, operator=operator, closed_at=None, reason=None,
    )  # fmt: skip
    if opened:
        case_log.add(session, case_id, now, "reopened", operator)
    return opened


def set_priority(
    session: Session, case_id: str, operator: str | None, priority: int, now: float
) -> bool:
    """How urgent it is (PRIORITIES); False when that changes nothing."""
    if priority not in PRIORITIES:
        raise ValueError(f"a priority is one of {PRIORITIES}")
    changed = _change(
        session, case_id, now, not_closed(), cases.c.priority != priority, priority=priority
    )
    if changed:
        case_log.add(session, case_id, now, "priority", operator, priority=priority)
    return changed


def see(session: Session, case_id: str, now: float) -> None:
    """An operator has seen all that the person wrote until now."""
    session.connection.execute(
        update(cases)
        .where(cases.c.id == case_id, is_later(cases.c.last_seen_at, now))
        .values(last_seen_at=now)
    )


def note_person_wrote(session: Session, persons: Mapping[str, float]) -> None:
    """These persons wrote then: their open talks wait, are unread, and wake up."""
    for case_id, person, state in _talks_of(session, persons):
        at = persons[person]
        values = {"last_message_at": at, "changed_at": at}
        session.connection.execute(
            update(cases)
            .where(cases.c.id == case_id)
            .values(waiting_since=func.coalesce(cases.c.waiting_since, at), **values)
        )
        if state == SNOOZED:
            _wake(session, case_id, at)


def note_operator_wrote(session: Session, case_id: str, now: float) -> None:
    """The person has an answer: nobody waits any more."""
    session.connection.execute(
        update(cases)
        .where(cases.c.id == case_id)
        .values(waiting_since=None, last_seen_at=now, changed_at=now)
    )


# ---------------------------------------------------------------- inside


def not_closed() -> Any:
    """The condition on a case that it is not closed."""
    # Written out, so that the partial index is used.
    return text("cases.state <> 'closed'")


def is_later(column: Any, at: Any) -> Any:
    """The condition that this time is after the column's, or that the column has none."""
    return or_(column.is_(None), column < at)


def _intake(session: Session, case_id: str, sealed: bytes | None) -> dict[str, Any]:
    if not sealed:
        return {}
    try:
        found = orjson.loads(session.sealer.open(sealed, f"cases.intake:{case_id}"))
    except (CannotOpen, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _change(session: Session, case_id: str, now: float, *only_if: Any, **values: Any) -> bool:
    changed = session.connection.execute(
        update(cases)
        .where(cases.c.id == case_id, *only_if)
        .values(changed_at=now, **values)
        .returning(cases.c.id)
    )
    return changed.first() is not None


def _wake(session: Session, case_id: str, now: float, operator: str | None = None) -> bool:
    woken = session.connection.execute(
        update(cases)
        .where(cases.c.id == case_id, cases.c.state == SNOOZED)
        .values(
            state=text("CASE WHEN operator IS NULL THEN 'open' ELSE 'taken' END"),
            snoozed_until=None,
            changed_at=now,
        )
        .returning(cases.c.id)
    ).first()
    if woken is not None:
        case_log.add(session, case_id, now, "woken", operator)
    return woken is not None


def _add_to(session: Session, there: Any, case: Case) -> None:
    values: dict[str, Any] = {
        "changed_at": case.opened_at,
        "last_message_at": case.opened_at,
        "waiting_since": func.coalesce(cases.c.waiting_since, case.opened_at),
    }
    priority = MOST_URGENT if case.kind == URGENT else case.priority
    if priority > there.priority:
        values["priority"] = priority
    if case.kind == URGENT and there.kind != URGENT:
        values["kind"] = URGENT
        case_log.add(session, there.id, case.opened_at, "urgent", None)
    if case.flow:
        values |= {
            "flow": case.flow, "outcome": case.outcome, "fingerprint": case.fingerprint,
            "deadline": _day(case.deadline),
        }  # fmt: skip
    if case.language:
        values["language"] = case.language
    session.connection.execute(update(cases).where(cases.c.id == there.id).values(**values))
    if values.get("kind") == URGENT:
        notices.put(session, there.id, notices.URGENT, case.opened_at)


def _next_number(session: Session) -> int:
    """The next case number; the counter's row lock keeps two workers apart."""
    number = session.connection.execute(
        update(counters)
        .where(counters.c.name == "case_number")
        .values(value=counters.c.value + 1)
        .returning(counters.c.value)
    ).scalar_one()
    return int(number)


def _talks_of(session: Session, persons: Collection[str]) -> Sequence[Any]:
    if not persons:
        return ()
    return session.connection.execute(
        select(cases.c.id, cases.c.person, cases.c.state).where(
            cases.c.person.in_(list(persons)), cases.c.kind.in_(TALKS), not_closed()
        )
    ).all()


def read_rows(session: Session, rows: Iterable[Mapping[Any, Any]]) -> list[Case]:
    """The cases in these rows, with their tags."""
    found = list(rows)
    tags = case_tags.of_cases(session, [row["id"] for row in found])
    plain = [name for name in Case.__slots__ if name not in ("tags", "deadline")]
    return [
        Case(
            **{name: row[name] for name in plain},
            tags=tags.get(row["id"], ()),
            deadline=date.fromisoformat(row["deadline"]) if row["deadline"] else None,
        )
        for row in found
    ]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
