"""Notices to the office's people: that a case is there, or waits, and nothing else.

A notice is put here in the transaction that opens the case, one for each operator and way that
wishes it, so that a crash loses none. Its id is made of case, occasion, operator and way: the
same occasion is told once. It is `due` until it was `sent` or `given_up`.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Text,
    and_,
    cast,
    delete,
    insert,
    literal,
    or_,
    select,
    text,
    true,
    update,
)

from bot.store.database import Session
from bot.store.notice_wishes import opened
from bot.store.tables import cases, notice_wishes, notices, operators

MAIL, LINE = "mail", "line"
NONE, ONLY_URGENT, ALL = "none", "urgent", "all"
WISHES = (NONE, ONLY_URGENT, ALL)
NEW, URGENT, WAITS = "new", "urgent", "waits"
"""The occasions: a case was opened; it is urgent; its person has waited for long."""
DUE, SENT, GIVEN_UP = "due", "sent", "given_up"
LEASE = 300.0
MOST_URGENT = 2
"""The priority of an urgent case."""
_COLUMNS = ("id", "case_id", "operator", "way", "occasion", "made_at", "next_try_at", "attempts",
            "state")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice to one operator. `address`: where it goes, None when that is not known (any
    more). `language`: of the operator's pages."""

    id: str
    number: int
    kind: str
    is_urgent: bool
    occasion: str
    way: str
    attempts: int
    address: str | None
    language: str

    @property
    def retry_key(self) -> str:
        """The same for every try, as LINE wants it."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, self.id))


def put(session: Session, case_id: str, occasion: str, now: float) -> None:
    """Tell all who wish it of this case; called in the transaction that changes the case."""
    _put(session, occasion, literal(""), now, cases.c.id == case_id)


def put_waiting(session: Session, since: float, now: float) -> None:
    """Tell of each open case whose person has waited since then; once for each wait."""
    mark = cast(cast(cases.c.waiting_since, BigInteger), Text)
    _put(
        session, WAITS, mark, now, text("cases.state <> 'closed'"), cases.c.state != "snoozed",
        cases.c.kind.in_(("human", "urgent")), cases.c.waiting_since < since,
    )  # fmt: skip


def take_due(session: Session, now: float, most: int) -> list[Notice]:
    """Notices to send now, urgent ones first and those by LINE before mail; they are this
    worker's for LEASE seconds."""
    due = (
        select(notices, cases.c.number, cases.c.kind, cases.c.priority, operators.c.language,
               operators.c.state.label("is_active"), notice_wishes.c.address,
               notice_wishes.c.line_user)
        .join(cases, cases.c.id == notices.c.case_id)
        .join(operators, operators.c.id == notices.c.operator)
        .outerjoin(notice_wishes, notice_wishes.c.operator == notices.c.operator)
        .where(_is_due(now))
        .order_by(cases.c.priority.desc(), notices.c.way, notices.c.made_at)
        .limit(most)
    )  # fmt: skip
    if not session.is_sqlite:
        due = due.with_for_update(skip_locked=True, of=notices)
    rows = session.connection.execute(due).mappings().all()
    if rows:
        session.connection.execute(
            update(notices)
            .where(notices.c.id.in_([row["id"] for row in rows]))
            .values(next_try_at=now + LEASE, attempts=notices.c.attempts + 1)
        )
    return [_notice(session, row) for row in rows]


def some_due(session: Session, now: float) -> bool:
    """True when something is to be sent now."""
    found = session.connection.execute(select(notices.c.id).where(_is_due(now)).limit(1))
    return found.first() is not None


def end(session: Session, notice_id: str, state: str, now: float, error: str | None = None) -> None:
    """It was sent or given up."""
    session.connection.execute(
        update(notices)
        .where(notices.c.id == notice_id)
        .values(state=state, ended_at=now, error=error, next_try_at=None)
    )


def later(session: Session, notice_id: str, at: float, *, tried: bool = True) -> None:
    """Again at that time. `tried` False: it was not its fault, and does not count."""
    values: dict[str, Any] = {"next_try_at": at}
    if not tried:
        values["attempts"] = notices.c.attempts - 1
    session.connection.execute(
        update(notices).where(notices.c.id == notice_id, notices.c.state == DUE).values(**values)
    )


def of_case(session: Session, case_id: str) -> list[Mapping[str, Any]]:
    """What was told of a case, in order: occasion, way, made_at, state; not to whom."""
    rows = session.connection.execute(
        select(notices.c.occasion, notices.c.way, notices.c.made_at, notices.c.state)
        .where(notices.c.case_id == case_id)
        .order_by(notices.c.made_at, notices.c.id)
    )
    return [{str(name): value for name, value in row.items()} for row in rows.mappings()]


def delete_old(session: Session, until: float) -> None:
    """What is over and older than this goes."""
    session.connection.execute(
        delete(notices).where(notices.c.state != DUE, notices.c.made_at < until)
    )


# ---------------------------------------------------------------- inside


def _put(session: Session, occasion: str, mark: Any, now: float, *which: Any) -> None:
    is_urgent = cases.c.priority >= MOST_URGENT
    for way, wish, there in (
        (MAIL, notice_wishes.c.mail_wish, notice_wishes.c.address),
        (LINE, notice_wishes.c.line_wish, notice_wishes.c.line_user),
    ):
        name = cases.c.id + literal(f"/{occasion}/") + mark + literal(f"/{way}/") + operators.c.id
        wanted = (
            select(
                name, cases.c.id, operators.c.id, literal(way), literal(occasion), literal(now),
                literal(now), literal(0), literal(DUE),
            )
            .select_from(
                cases.join(notice_wishes, true()).join(
                    operators, operators.c.id == notice_wishes.c.operator
                )
            )
            .where(
                *which,
                operators.c.state == "active",
                there.is_not(None),
                or_(wish == ALL, and_(wish == ONLY_URGENT, is_urgent)),
                # What somebody has in hand is theirs alone.
                or_(cases.c.operator.is_(None), cases.c.operator == operators.c.id),
                ~select(notices.c.id).where(notices.c.id == name).exists(),
            )
        )  # fmt: skip
        session.connection.execute(insert(notices).from_select(_COLUMNS, wanted))


def _is_due(now: float) -> Any:
    return and_(
        # Written out, so that the partial index is used.
        text("notices.state = 'due'"), notices.c.next_try_at <= now
    )  # fmt: skip


def _notice(session: Session, row: Mapping[Any, Any]) -> Notice:
    name = "address" if row["way"] == MAIL else "line_user"
    is_active = row["is_active"] == "active"
    address = opened(session, name, row["operator"], row[name]) if is_active else None
    return Notice(
        row["id"], row["number"], row["kind"], row["priority"] >= MOST_URGENT, row["occasion"],
        row["way"], row["attempts"] + 1, address, row["language"],
    )  # fmt: skip
