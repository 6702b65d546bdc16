"""What did not arrive: rows of the outbox that were given up, are unclear or were held back.

Whose words they are is told by the newest case of their person; what stands in them is not read
here. Whoever opens the case sees it, and can send it again there.
"""

from dataclasses import dataclass

from sqlalchemy import TextClause, func, select, text

from bot.store.database import Session
from bot.store.outbox import GIVEN_UP, HELD, UNCLEAR
from bot.store.tables import cases, outbox

STATES = (GIVEN_UP, UNCLEAR, HELD)


@dataclass(frozen=True, slots=True)
class Failure:
    """A row that did not arrive. `why`: a class name or code, never a text. `case`: the number of
    the person's newest case, None when there is none. `is_operators`: the office wrote it."""

    id: str
    at: float
    state: str
    why: str | None
    attempts: int
    is_operators: bool
    case: int | None


def failures(session: Session, state: str, most: int) -> list[Failure]:
    """The newest rows in that state (one of STATES), newest first."""
    if state not in STATES:
        raise ValueError(f"a state is one of {STATES}")
    newest = (
        select(func.max(cases.c.number)).where(cases.c.person == outbox.c.person).scalar_subquery()
    )
    asked = (
        select(
            outbox.c.id, outbox.c.created_at, outbox.c.state, outbox.c.error, outbox.c.attempts,
            outbox.c.speaker, newest.label("number"),
        )
        .where(_in(state))
        .order_by(outbox.c.created_at.desc())
        .limit(most)
    )  # fmt: skip
    return [
        Failure(
            row.id, row.created_at, row.state, row.error, row.attempts,
            row.speaker == "operator", row.number,
        )
        for row in session.connection.execute(asked)
    ]  # fmt: skip


def count(session: Session) -> dict[str, int]:
    """How many rows are in each of STATES."""
    return {
        state: session.connection.execute(
            select(func.count()).select_from(outbox).where(_in(state))
        ).scalar_one()
        for state in STATES
    }


def _in(state: str) -> TextClause:
    # Written out as in the partial indexes, so that they are used; a state is one of STATES.
    if state == HELD:
        return text("outbox.state = 'held'")
    return text(f"outbox.state IN ('unclear', 'given_up') AND outbox.state = '{state}'")
