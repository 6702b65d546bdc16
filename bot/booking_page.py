"""The page behind the one-time link to an appointment: a file for the person's own calendar."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask import Flask, Response

from bot.link_pages import PRODUCT, TOKYO, Desk, dead, file, look, page
from bot.store import bookings, links
from bot.store.bookings import Booking


@dataclass(frozen=True, slots=True)
class Found:
    """A person's coming appointment, and the language they read."""

    person: str
    language: str | None
    booking: Booking


def register(flask: Flask, desk: Desk, public_url: str) -> None:
    """Put the page into the application."""
    host = urlsplit(public_url).hostname or "localhost"

    @flask.get("/booking/<token>")
    def booking(token: str) -> Response:
        found = _behind(desk, token)
        if isinstance(found, Response):
            return found
        language, words = found.language, desk.words(found.language)
        return page(
            language, words["booking_title"], words["booking_about"],
            numbers=[(words["booking_entry"], _when(desk, found.booking, language))],
            button=words["export_download"], after=words["calendar_after"],
        )  # fmt: skip

    @flask.post("/booking/<token>")
    def download_booking(token: str) -> Response:
        from bot.documents.calendar import CONTENT_TYPE, Appointment, appointment_file

        found = _behind(desk, token)
        if isinstance(found, Response):
            return found
        with desk.database.write() as session:
            person = links.use(session, token, links.BOOKING, desk.clock())
        if person is None:  # somebody else pressed the button in this moment
            return dead(desk, links.Link(found.person, links.USED), found.language)
        when, title = found.booking.booked, desk.words(found.language)["booking_entry"]
        one = Appointment(f"{found.booking.id}@{host}", when.start, when.end, title)
        now = datetime.fromtimestamp(desk.clock(), TOKYO)
        return file(appointment_file(one, now, PRODUCT), CONTENT_TYPE, "appointment.ics")


def _behind(desk: Desk, token: str) -> Found | Response:
    """What the link leads to, or the page that says why it leads nowhere."""
    now = desk.clock()
    with desk.database.read() as session:
        link, language = look(session, token, links.BOOKING, now)
        booking = bookings.coming(session, link.person, now) if link else None
    if link is None or link.state != links.OPEN:
        return dead(desk, link, language)
    if booking is None:
        words = desk.words(language)
        return page(language, words["booking_title"], words["booking_over"])
    return Found(link.person, language, booking)


def _when(desk: Desk, booked: Booking, language: str | None) -> str:
    from bot.documents.calendar import Entry

    start = booked.booked.start
    day = desk.days.day(Entry("", start.date(), ""), language)
    return f"{day} {start.hour}:{start.minute:02}"
