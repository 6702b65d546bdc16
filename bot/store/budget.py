"""The message budget of the month: what LINE said last, for the desk and for who sends.

A month is one of Japan, as LINE counts. Of a month that LINE was not asked about yet nothing is
known.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sqlalchemy import case, null, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.database import Session
from bot.store.tables import message_budget

_TOKYO = timezone(timedelta(hours=9))


@dataclass(frozen=True, slots=True)
class Budget:
    """`most` messages may be sent this month (None: no limit), `used` were when LINE was asked.
    `refused_at`: when LINE last refused a message because the month's number is reached."""

    most: int | None
    used: int
    asked_at: float
    refused_at: float | None = None

    @property
    def left(self) -> int | None:
        """How many are left; None without a limit."""
        if self.is_used_up:
            return 0
        return None if self.most is None else max(0, self.most - self.used)

    @property
    def is_used_up(self) -> bool:
        """True when LINE refused a message and has not told of more since."""
        return self.refused_at is not None


def read(session: Session, now: float) -> Budget | None:
    """The budget of this month; None when it is not known."""
    row = session.connection.execute(
        select(message_budget).where(message_budget.c.month == month_of(now))
    ).first()
    return Budget(row.most, row.used, row.asked_at, row.refused_at) if row else None


def keep(session: Session, now: float, most: int | None, used: int) -> None:
    """What LINE said now. A refusal stands until LINE tells of another limit: LINE may refuse
    while its own numbers still leave some."""
    insert = sqlite.insert if session.is_sqlite else postgresql.insert
    put = insert(message_budget).values(month=month_of(now), most=most, used=used, asked_at=now)
    is_same = message_budget.c.most.is_not_distinct_from(put.excluded.most)
    new = {
        "most": put.excluded.most,
        "used": put.excluded.used,
        "asked_at": put.excluded.asked_at,
        "refused_at": case((is_same, message_budget.c.refused_at), else_=null()),
    }
    session.connection.execute(put.on_conflict_do_update(index_elements=["month"], set_=new))


def note_refused(session: Session, now: float) -> None:
    """LINE refused a message: the month's number is reached, whatever it said before."""
    session.connection.execute(
        update(message_budget).where(message_budget.c.month == month_of(now)).values(refused_at=now)
    )


def month_of(now: float) -> str:
    """The month in Japan, as "2026-11"."""
    return datetime.fromtimestamp(now, _TOKYO).strftime("%Y-%m")
