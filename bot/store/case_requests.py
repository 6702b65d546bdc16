"""What a person's turn does to their cases: the requests of the dialogue, carried out."""

from bot.dialogue.requests import CloseCase, OpenCase, OwnerChanged, RateCase
from bot.store import case_log, cases
from bot.store.database import Session

_DAY = 86_400.0

Asked = tuple[str, str, str | None, str | None]
"""The new case's id, the person, the event that led to it, the person's language."""


def open_case(session: Session, asked: Asked, request: OpenCase, now: float) -> str:
    """Put it before the office; the id of the case, which may have been there already."""
    new_id, person, event_id, language = asked
    due = now + request.due_days * _DAY if request.due_days else None
    case = cases.Case(
        new_id, person, request.kind, now, due, request.flow, language, event_id,
        outcome=request.outcome, deadline=request.deadline, fingerprint=request.fingerprint,
    )  # fmt: skip
    return cases.open_case(session, case, request.intake)


def change_case(
    session: Session, person: str, request: CloseCase | OwnerChanged | RateCase, now: float
) -> None:
    """What the person did to the case in which they talk with the office."""
    case = cases.open_talk(session, person)
    match request:
        case CloseCase(reason=reason) if case is not None:
            cases.close_case(session, case.id, now, None, reason)
        case OwnerChanged(owner=owner) if case is not None:
            case_log.add(session, case.id, now, "owner", None, to=owner)
        case RateCase(rating=rating):
            talks = [c for c in cases.of_person(session, person) if c.kind in cases.TALKS]
            if talks:
                case_log.add(session, talks[0].id, now, "rated", None, rating=rating)


def forget_passed_on(session: Session, person: str, step: str) -> None:
    """The message in which this was told was taken back: no case keeps it."""
    for case in cases.of_person(session, person):
        kept = cases.intake_of(session, case.id)
        if step in kept:
            left = {name: value for name, value in kept.items() if name != step}
            cases.set_intake(session, case.id, left)
