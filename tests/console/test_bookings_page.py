"""The pages of appointments at the desk: the list, blocked hours, a case's own."""

from datetime import datetime

from test_appointments import THURSDAY_TEN, booked_by, books, knows_the_guide, words

from bot.line.incoming import TOKYO
from bot.store import bookings

TEN = datetime(2026, 12, 3, 10, tzinfo=TOKYO)


def test_the_list_shows_who_comes_when_and_leads_to_the_case(desk):
    knows_the_guide(desk)
    books(desk)
    ito = desk.logged_in()
    page = ito.get("/operators/bookings?day=2026-12-01").text
    assert "10:00 – 10:30" in page
    assert f"/operators/cases/{desk.case().number}" in page
    assert "10:00 – 10:30" not in ito.get("/operators/bookings?day=2026-12-02&span=day").text
    assert "10:00 – 10:30" not in ito.get("/operators/bookings?operator=somebody").text
    for odd in ("day=x", "day=9999-12-31", "day=0001-01-01", "span=year", "operator=%27"):
        assert ito.get(f"/operators/bookings?{odd}").status_code == 200


def test_the_office_cancels_at_the_list_and_the_person_is_told(desk):
    knows_the_guide(desk)
    books(desk)
    booked, ito = booked_by(desk), desk.logged_in()
    desk.sent()
    there = f"/operators/bookings/{booked.id}/cancel"
    assert desk.browser().post(there).status_code == 403  # no form of ours
    assert ito.post(there).status_code == 302
    assert "has cancelled your appointment" in words(desk.sent())
    assert ito.post(there).status_code == 409
    assert desk.sent() == []
    assert "cancelled" in ito.get("/operators/bookings?day=2026-12-03").text


def test_blocked_hours_are_offered_to_nobody_until_they_are_freed(desk):
    knows_the_guide(desk)
    ito = desk.logged_in()
    hours = {"day": "2026-12-03", "from": "10:00", "to": "12:00"}
    assert ito.post("/operators/bookings/block", hours).status_code == 302
    books(desk)
    assert booked_by(desk) is None
    assert "not free any more" in words(desk.sent())
    for wrong in ({"to": "09:00"}, {"day": "x"}, {"day": "2020-01-01"}, {"from": "x"}):
        assert ito.post("/operators/bookings/block", {**hours, **wrong}).status_code == 422
    with desk.database.read() as session:
        (block,) = bookings.blocks(session, desk.clock.at)
    assert ito.post(f"/operators/bookings/unblock/{block.id}").status_code == 302
    books(desk)
    assert booked_by(desk) is not None


def test_the_office_books_for_a_person_from_the_free_times(desk):
    case = desk.asks_for_a_person(language="ja")
    knows_the_guide(desk, 2)
    books(desk, THURSDAY_TEN, 2)
    ito = desk.logged_in()
    there = f"/operators/cases/{case.number}/booking"
    page = ito.get(f"{there}?way=phone&day=2026-12-03").text
    assert "2026-12-03T10:30" in page
    assert "2026-12-03T10:00" not in page
    desk.sent()
    taken = {"way": "phone", "start": "2026-12-03T10:00"}
    assert ito.post(there, taken).status_code == 409
    for odd in ("x", "", "9999-99-99T10:00", "2026-12-03T10:00'"):
        assert ito.post(there, {"way": "phone", "start": odd}).status_code == 409
    assert ito.post(there, {"way": "fax", "start": "2026-12-03T10:30"}).status_code == 409
    assert booked_by(desk) is None
    assert ito.post(there, taken | {"start": "2026-12-03T10:30"}).status_code == 302
    assert booked_by(desk).start_at == TEN.timestamp() + 1800
    assert "予約" in words(desk.sent())
    assert "2026-12-03" in page
    shown = ito.get(f"/operators/cases/{case.number}").text
    assert "10:30" in shown
    assert f"/operators/bookings/{booked_by(desk).id}.ics" in shown
    file = ito.get(f"/operators/bookings/{booked_by(desk).id}.ics")
    assert b"DTSTART:20261203T013000Z" in file.data
    assert ito.post(f"{there}/offer").status_code == 302
    assert ito.get("/operators/cases/999999/booking").status_code == 404
    assert ito.get("/operators/bookings/none.ics").status_code == 404


def test_an_appointment_can_be_given_to_a_colleague_of_the_office_only(desk):
    knows_the_guide(desk)
    books(desk)
    ito, mori = desk.logged_in(), desk.operator("mori")
    there = f"/operators/bookings/{booked_by(desk).id}/assign"
    assert ito.post(there, {"to": "nobody"}).status_code == 409
    assert ito.post(there, {"to": mori}).status_code == 302
    assert booked_by(desk).operator == mori
    assert "Mori" in ito.get(f"/operators/bookings?day=2026-12-03&operator={mori}").text


def test_no_page_of_appointments_opens_without_a_login(desk):
    knows_the_guide(desk)
    books(desk)
    browser, number = desk.browser(), desk.case().number
    for path in ("bookings", f"bookings/{booked_by(desk).id}.ics", f"cases/{number}/booking"):
        assert browser.get(f"/operators/{path}").status_code == 302
