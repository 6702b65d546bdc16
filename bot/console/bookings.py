"""Appointments at the desk: the day and the week, blocked hours, and what a case needs of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from flask import url_for as address
from werkzeug.wrappers import Response as AnyResponse

from bot import appointments
from bot.appointments import Done, Problem
from bot.console.asked import case_of
from bot.console.guard import me
from bot.console.inbox import called
from bot.console.words import datetime_of
from bot.dialogue.hours import clock
from bot.dialogue.slots import is_offered_on
from bot.documents.calendar import CONTENT_TYPE, Appointment, appointment_file
from bot.flow.consultations import Consultations, of_office
from bot.line.incoming import TOKYO
from bot.store import audit, bookings, cases, operators
from bot.store.bookings import Block, Booking
from bot.store.cases import Case

if TYPE_CHECKING:
    from bot.console.app import Console

PRODUCT = "consultation assistant"
_ONE = timedelta(days=1)


def _(message: str) -> str:
    """Marks a message for the catalogue of the desk."""
    return message


WAYS = {"online": _("LINE call"), "phone": _("phone"), "visit": _("visit")}
PROBLEMS = {
    "gone": _("It is not there any more."),
    "blocked": _("The person has blocked the account; nothing can be sent."),
    "unreadable": _("The conversation cannot be opened with the keys of this installation."),
    "taken": _("This time is taken or blocked. Please choose another one."),
    "not_offered": _("This is no time of the office's that is still to come."),
    "hours": _("The end must be after the beginning, on a day of the next year."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An appointment as the pages show it."""

    booking: Booking
    number: int | None
    name: str | None
    operator: str | None
    is_past: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the list. `is_open`: the office gives consultations on it."""

    day: date
    lines: Sequence[Line]
    blocks: Sequence[Block]
    is_open: bool


def register(desk: Blueprint, console: "Console") -> None:
    """The pages of appointments and their forms."""

    @desk.get("/bookings")
    def bookings_list() -> AnyResponse:
        with console.database.write() as session:
            audit.add(session, console.clock(), me().id, "looked_bookings")
        return _list(console)

    @desk.post("/bookings/<booking_id>/<any(cancel, assign):action>")
    def booking_change(booking_id: str, action: str) -> AnyResponse:
        if action == "cancel":
            done = appointments.cancel(console.house, booking_id, me().id)
        else:
            done = _assign(console, booking_id)
        _note(console, f"booking_{action}", done)
        if isinstance(done, Problem):
            return _list(console, done.why, 409)
        return redirect(_back())

    @desk.post("/bookings/block")
    def booking_block() -> AnyResponse:
        span = _span(console)
        if span is None:
            return _list(console, "hours", 422)
        with console.database.write() as session:
            bookings.block(session, *span, me().id)
            audit.add(session, console.clock(), me().id, "booking_block")
        return redirect(_back())

    @desk.post("/bookings/unblock/<block_id>")
    def booking_unblock(block_id: str) -> AnyResponse:
        with console.database.write() as session:
            bookings.unblock(session, block_id)
            audit.add(session, console.clock(), me().id, "booking_unblock")
        return redirect(_back())

    @desk.get("/bookings/<booking_id>.ics")
    def booking_file(booking_id: str) -> AnyResponse:
        with console.database.write() as session:
            found = bookings.load(session, booking_id)
            if found is None or found.state != bookings.BOOKED:
                abort(404)
            audit.add(session, console.clock(), me().id, "booking_file", found.case_id)
            line = _lines(console, [found])[0]
        return _calendar(console, line)

    @desk.get("/cases/<int:number>/booking")
    def case_booking(number: int) -> AnyResponse:
        return _choose(console, case_of(console, number))

    @desk.post("/cases/<int:number>/booking")
    def case_book(number: int) -> AnyResponse:
        case = case_of(console, number)
        start = _moment(request.form.get("start", ""))
        way = request.form.get("way", "")
        done: Done | Problem = Problem("not_offered")
        if start is not None:
            done = appointments.book(console.house, case.id, me().id, way, start)
        _note(console, "booking_book", done, case.id)
        if isinstance(done, Problem):
            return _choose(console, case, done.why, 409)
        return redirect(address("desk.case", number=number))

    @desk.post("/cases/<int:number>/booking/offer")
    def case_offer(number: int) -> AnyResponse:
        case = case_of(console, number)
        done = appointments.offer(console.house, case.id, me().id)
        _note(console, "booking_offer", done, case.id)
        if isinstance(done, Problem):
            return _choose(console, case, done.why, 409)
        return redirect(address("desk.case", number=number))

    @desk.app_template_global()
    def appointment_of(case: Case) -> Line | None:
        with console.database.read() as session:
            found = bookings.coming(session, case.person, console.clock())
        return _lines(console, [found])[0] if found else None

    @desk.app_template_global()
    def offers_appointments() -> bool:
        return _offered(console) is not None

    @desk.app_template_global()
    def booking_ways() -> dict[str, str]:
        return WAYS


# ---------------------------------------------------------------- the list


def _list(console: "Console", problem: str | None = None, status: int = 200) -> AnyResponse:
    today = datetime_of(console.clock()).date()
    first = _day(request.args.get("day", "")) or today
    days = 1 if request.args.get("span") == "day" else 7
    whose = request.args.get("operator") or None
    start, end = _at(first), _at(first + timedelta(days=days))
    with console.database.read() as session:
        found = bookings.between(session, start, end)
        blocks = bookings.blocks(session, start, end)
        people = [one for one in operators.all_of(session) if one.state == operators.ACTIVE]
    lines = _lines(console, [b for b in found if whose in (None, b.operator)])
    offered, library = _offered(console), console.content.library
    shown = [
        Day(
            day,
            [one for one in lines if datetime_of(one.booking.start_at).date() == day],
            [
                b
                for b in blocks
                if b.start_at < _at(day + timedelta(days=1)) and b.end_at > _at(day)
            ],
            offered is not None and is_offered_on(library, offered, day),
        )
        for day in (first + timedelta(days=more) for more in range(days))
    ]
    page = render_template(
        "desk/bookings.html", days=shown, first=first, span="day" if days == 1 else "week",
        before=first - timedelta(days=days), after=first + timedelta(days=days), today=today,
        people=people, whose=whose, offered=offered, ways=WAYS,
        problem=PROBLEMS.get(problem) if problem else None, form=request.form,
    )  # fmt: skip
    return make_response(page, status)


def _lines(console: "Console", found: Sequence[Booking]) -> list[Line]:
    now = console.clock()
    with console.database.read() as session:
        names = operators.names(session)
        lines = []
        for one in found:
            case = cases.load(session, one.case_id) if one.case_id else None
            lines.append(
                Line(
                    one, case.number if case else None, called(session, case) if case else None,
                    names.get(one.operator) if one.operator else None, one.end_at <= now,
                )
            )  # fmt: skip
    return lines


def _assign(console: "Console", booking_id: str) -> Done | Problem:
    to = request.form.get("to") or None
    with console.database.write() as session:
        found = bookings.load(session, booking_id)
        target = operators.load(session, to) if to else None
        if found is None or (to and (target is None or target.state != operators.ACTIVE)):
            return Problem("gone")
        bookings.assign(session, booking_id, to, console.clock())
    return Done(found, told=False)


def _span(console: "Console") -> tuple[float, float] | None:
    """The hours of the form that blocks; a day alone is blocked as a whole."""
    day = _day(request.form.get("day", ""))
    today = datetime_of(console.clock()).date()
    if day is None or not today <= day <= today + timedelta(days=366):
        return None
    try:
        since, until = (request.form.get(name, "").strip() for name in ("from", "to"))
        start = datetime.combine(day, clock(since) if since else time(), TOKYO)
        end = datetime.combine(day, clock(until), TOKYO) if until else None
    except ValueError:
        return None
    to = end.timestamp() if end else _at(day + timedelta(days=1))
    return (start.timestamp(), to) if start.timestamp() < to else None


def _calendar(console: "Console", line: Line) -> Response:
    booked = line.booking.booked
    words = console.dictionary.words(me().language)
    title = " ".join(
        part for part in (f"#{line.number}" if line.number else "", line.name or "",
                          words.gettext(WAYS[booked.way])) if part
    )  # fmt: skip
    host = urlsplit(console.settings.public_url).hostname or "localhost"
    one = Appointment(f"{booked.id}@{host}", booked.start, booked.end, title)
    body = appointment_file(one, datetime_of(console.clock()), PRODUCT)
    headers = {"Content-Disposition": 'attachment; filename="appointment.ics"'}
    return Response(body, content_type=CONTENT_TYPE, headers=headers)


# ---------------------------------------------------------------- for a case


def _choose(
    console: "Console", case: Case, problem: str | None = None, status: int = 200
) -> AnyResponse:
    """Way, day, and the free times of that day."""
    offered = _offered(console)
    now = datetime_of(console.clock())
    given = request.form if request.method == "POST" else request.args
    start = _moment(given.get("start", ""))
    day = _day(given.get("day", "")) or (start.date() if start else now.date())
    ways = tuple(offered.ways) if offered else ()
    way = given.get("way", "")
    way = way if way in ways else next(iter(ways), "")
    with console.database.read() as session:
        at = datetime.combine(day, time(), TOKYO)
        times = appointments.free_times(console.house, session, case.person, way, at)
        name = called(session, case)
    page = render_template(
        "desk/booking_choose.html", case=case, name=name, ways=WAYS, offered=ways, way=way,
        day=day, times=times, problem=PROBLEMS.get(problem) if problem else None,
    )  # fmt: skip
    return make_response(page, status)


# ---------------------------------------------------------------- inside


def _offered(console: "Console") -> Consultations | None:
    return of_office(console.content.library.office)


def _note(
    console: "Console", action: str, done: Done | Problem, case_id: str | None = None
) -> None:
    booked = done.booking if isinstance(done, Done) else None
    about = case_id or (booked.case_id if booked else None)
    with console.database.write() as session:
        details: dict[str, Any] = {"done": isinstance(done, Done)}
        audit.add(session, console.clock(), me().id, action, about, **details)


def _back() -> str:
    """The list as it was looked at."""
    day = _day(request.args.get("day", "")) or _day(request.form.get("day", ""))
    span = "day" if request.args.get("span") == "day" else None
    return address("desk.bookings_list", day=day.isoformat() if day else None, span=span)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=TOKYO) if 2000 <= found.year <= 2200 else None


def _at(day: date) -> float:
    return datetime.combine(day, time(), TOKYO).timestamp()
