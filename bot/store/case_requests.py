"""What a person's turn does to their cases: the requests of the dialogue, carried out."""

from bot.dialogue.requests import Book, CancelBooking, CloseCase, OpenCase, OwnerChanged, RateCase
from bot.store import bookings, case_log, cases
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
    session: Session,
    person: str,
    request: CloseCase | OwnerChanged | RateCase | Book | CancelBooking,
    now: float,
) -> None:
    """What the person did to the case in which they talk with the office."""
    case = cases.open_talk(session, person)
    match request:
        case CloseCase(reason=reason) if case is not None:
            cases.close_case(session, case.id, now, None, reason)
        case OwnerChanged(owner=owner) if case is not None:
            case_log.add(session, case.id, now, "owner", None, to=owner)
        case Book():
            _note_booking(session, person, case, now)
        case CancelBooking(booking=booking_id):
            _cancel_booking(session, booking_id, now)
        case RateCase(rating=rating):
            talks = [c for c in cases.of_person(session, person) if c.kind in cases.TALKS]
            if talks:
                case_log.add(session, talks[0].id, now, "rated", None, rating=rating)


def book(session: Session, person: str, wish: Book, now: float) -> bool:
    """Book that time for the person; False when it is taken."""
    wanted = bookings.Wish(
        person, wish.way, wish.start.timestamp(), wish.end.timestamp(), wish.places
    )
    return bookings.book(session, wanted, now) is not None


def _note_booking(session: Session, person: str, case: cases.Case | None, now: float) -> None:
    """The appointment that was just booked or moved belongs to the open case, and stands there."""
    booked = bookings.coming(session, person, now)
    if booked is None or case is None:
        return
    bookings.set_case(session, booked.id, case.id)
    kind = "booked" if booked.made_at == now else "booking_moved"
    case_log.add(session, case.id, now, kind, None, start=booked.start_at, way=booked.way)
    cases.note_person_wrote(session, {person: now})


def _cancel_booking(session: Session, booking_id: str, now: float) -> None:
    """The person cancelled it: it stands in the case, and the case is unread."""
    gone = bookings.cancel(session, booking_id, now)
    if gone is not None and gone.case_id is not None and cases.load(session, gone.case_id):
        case_log.add(
            session, gone.case_id, now, "booking_cancelled", None, start=gone.start_at, way=gone.way
        )
        cases.note_person_wrote(session, {gone.person: now})


def forget_passed_on(session: Session, person: str, step: str) -> None:
    """The message in which this was told was taken back: no case keeps it."""
    for case in cases.of_person(session, person):
        kept = cases.intake_of(session, case.id)
        if step in kept:
            left = {name: value for name, value in kept.items() if name != step}
            cases.set_intake(session, case.id, left)
