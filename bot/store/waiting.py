"""Whose wait must have an end: the bot is silent for them, and nobody has answered for long."""

from sqlalchemy import and_, or_, select

from bot.store.cases import TALKS, not_closed
from bot.store.database import Session
from bot.store.tables import case_events, cases, conversations


def overdue(
    session: Session, since: float, *, answers_here: bool, only: str | None = None
) -> list[str]:
    """The ids of open talks in which the bot is silent and the person has waited since then.

    `answers_here`: what the office answers is seen, so that who was answered does not wait; else
    it is the person's last message that counts. Who was told lately that nobody has answered, or
    asked for a person again, has their time from then. `only`: look at this case alone.
    """
    waits = cases.c.waiting_since if answers_here else cases.c.last_message_at
    lately = (
        select(case_events.c.id)
        .where(
            case_events.c.case_id == cases.c.id,
            case_events.c.at >= since,
            or_(
                case_events.c.kind == "unanswered",
                and_(case_events.c.kind == "owner", case_events.c.details.contains('"waiting"')),
            ),
        )
        .exists()
    )
    asked = (
        select(cases.c.id)
        .join(conversations, conversations.c.person == cases.c.person)
        .where(
            not_closed(), cases.c.kind.in_(TALKS), waits < since,
            conversations.c.owner != "bot", ~lately,
        )
        .order_by(cases.c.number)
        .limit(100)
    )  # fmt: skip
    if only is not None:
        asked = asked.where(cases.c.id == only)
    return list(session.connection.execute(asked).scalars())
