"""The page behind the one-time link to an appointment: a file for the person's own calendar."""

from datetime import datetime
from urllib.parse import urlsplit

from flask import Flask, Response

from bot.link_pages import PRODUCT, TOKYO, Desk, dead, file, page
from bot.store import bookings, conversations, links
from bot.store.bookings import Booking


def register(flask: Flask, desk: Desk, public_url: str) -> None:
    """Put the page into the application."""
    host = urlsplit(public_url).hostname or "localhost"

    @flask.get("/booking/<token>")
    def booking(token: str) -> Response:
        link, language, booked = _behind(desk, token)
        if link is None or link.state != links.OPEN:
            return dead(desk, link, language)
        words = desk.words(language)
        if booked is None:
            return page(language, words["booking_title"], words["booking_over"])
        return page(
            language, words["booking_title"], words["booking_about"],
            numbers=[(words["booking_entry"], _when(desk, booked, language))],
            button=words["export_download"], after=words["calendar_after"],
        )  # fmt: skip

    @flask.post("/booking/<token>")
    def download_booking(token: str) -> Response:
        from bot.documents.calendar import CONTENT_TYPE, Appointment, appointment_file

        link, language, booked = _behind(desk, token)
        if link is None or link.state != links.OPEN:
            return dead(desk, link, language)
        words = desk.words(language)
        if booked is None:
            return page(language, words["booking_title"], words["booking_over"])
        with desk.database.write() as session:
            person = links.use(session, token, links.BOOKING, desk.clock())
        if person is None:  # somebody else pressed the button in this moment
            return dead(desk, links.Link(link.person, links.USED), language)
        when = booked.booked
        one = Appointment(f"{booked.id}@{host}", when.start, when.end, words["booking_entry"])
        now = datetime.fromtimestamp(desk.clock(), TOKYO)
        return file(appointment_file(one, now, PRODUCT), CONTENT_TYPE, "appointment.ics")


def _behind(desk: Desk, token: str) -> tuple[links.Link | None, str | None, Booking | None]:
    """The link, the language of its person, and their coming appointment."""
    now = desk.clock()
    with desk.database.read() as session:
        link = links.look(session, token, links.BOOKING, now)
        if link is None:
            return None, None, None
        language = conversations.language_of(session, link.person)
        return link, language, bookings.coming(session, link.person, now)


def _when(desk: Desk, booked: Booking, language: str | None) -> str:
    from bot.documents.calendar import Entry

    start = booked.booked.start
    day = desk.days.day(Entry("", start.date(), ""), language)
    return f"{day} {start.hour}:{start.minute:02}"
