"""Appointments from both sides: the person books in LINE, the office at its desk."""

import json
from datetime import datetime

from houses import an_event, keep

from bot import appointments
from bot.carrying_out import Sending
from bot.dialogue.conversation import BOT, HUMAN, WAITING
from bot.handle import handle_batch
from bot.line.incoming import TOKYO
from bot.store import bookings, case_log, cases, conversations

THURSDAY_TEN = "phone.202612031000"
THURSDAY_ELEVEN = "phone.202612031100"


def words(sent):
    return json.dumps(sent, ensure_ascii=False)


def taps_in(sent):
    """The data of the buttons under the last message."""
    items = sent[-1][-1].get("quickReply", {}).get("items", [])
    return [one["action"].get("data") for one in items if one["action"]["type"] == "postback"]


def knows_the_guide(desk, number=1):
    desk.says("hello", number)
    desk.taps("l:en", number)
    desk.sent(number)


def booked_by(desk, number=1):
    with desk.database.read() as session:
        return bookings.coming(session, desk.person(number), desk.clock.at)


def owner_of(desk, number=1):
    with desk.database.read() as session:
        return conversations.load(session, [desk.person(number)])[
            desk.person(number)
        ].conversation.owner


def log_of(desk, number=1):
    with desk.database.read() as session:
        return [one.kind for one in case_log.of_case(session, desk.case(number).id)]


def books(desk, when=THURSDAY_TEN, number=1):
    desk.taps(f"b:yes:{when}", number)


def test_a_person_books_in_four_taps_with_a_name_and_a_number(desk):
    knows_the_guide(desk)
    desk.taps("r:book")
    assert "b:way:phone" in taps_in(desk.sent())
    desk.taps("b:way:phone")
    days = taps_in(desk.sent())
    # Noon on Tuesday with a day's notice: from Wednesday on, no weekend.
    assert days[:4] == [
        "b:day:phone.202612020000", "b:day:phone.202612030000", "b:day:phone.202612040000",
        "b:day:phone.202612070000",
    ]  # fmt: skip
    assert len(days) <= 13
    desk.says("2")  # a number typed means the button
    times = taps_in(desk.sent())
    assert times[0] == f"b:at:{THURSDAY_TEN}"
    assert len(times) <= 13
    desk.taps(times[0])
    assert "How may the office call you?" in words(desk.sent())
    desk.says("Hoa")
    desk.sent()
    desk.says("090-1234-5678")
    assert "this conversation" in words(desk.sent())
    with desk.database.read() as session:
        assert cases.of_person(session, desk.person()) == []  # nothing before the yes
    books(desk)
    said = words(desk.sent())
    assert "The appointment is booked." in said
    assert "10:00, By phone" in said
    assert "/booking/" in said
    case = desk.case()
    with desk.database.read() as session:
        intake = cases.intake_of(session, case.id)
        assert (intake["name"], intake["contact"], intake["kind"]) == (
            "Hoa", "090-1234-5678", "appointment",
        )  # fmt: skip
        assert booked_by(desk).case_id == case.id
    assert log_of(desk) == ["opened", "booked"]
    assert owner_of(desk) == BOT


def test_name_and_number_can_be_skipped_and_no_means_nothing_is_passed_on(desk):
    knows_the_guide(desk)
    desk.taps(f"b:at:{THURSDAY_TEN}")
    desk.taps(f"b:skip:name={THURSDAY_TEN}")
    desk.taps(f"b:skip:contact={THURSDAY_TEN}")
    desk.sent()
    desk.taps("b:no:")
    assert "Nothing was passed on." in words(desk.sent())
    assert booked_by(desk) is None
    with desk.database.read() as session:
        assert cases.of_person(session, desk.person()) == []


def test_two_who_confirm_in_the_same_moment_get_one_time_and_one_honest_word(desk):
    knows_the_guide(desk, 1)
    knows_the_guide(desk, 2)
    for number in (1, 2):
        event = an_event("", at=desk.clock.at + number, person=number)
        del event["message"]
        tapped = event | {"type": "postback", "postback": {"data": f"b:yes:{THURSDAY_TEN}"}}
        keep(desk.database, tapped, now=desk.clock.at + number)
    desk.clock.at += 5
    known = {desk.person(number): "en" for number in (1, 2)}
    done = handle_batch(desk.house, Sending("me", has_room=False), 50, known)
    assert (done.events, done.failed) == (2, 0)
    assert [booked_by(desk, number) is not None for number in (1, 2)] == [True, False]
    with desk.database.write() as session:
        from bot.store import outbox

        rows = outbox.take_due(session, "me", desk.clock.at, 500, alone=True)
    told = {row.person: row.messages.decode() for row in rows}
    assert "The appointment is booked." in told[desk.person(1)]
    assert "not free any more" in told[desk.person(2)]
    assert "b:at:phone.202612031030" in told[desk.person(2)]  # others of the day are offered
    with desk.database.read() as session:
        assert cases.of_person(session, desk.person(2)) == []


def test_the_appointment_is_shown_moved_and_cancelled(desk):
    knows_the_guide(desk)
    books(desk)
    first = booked_by(desk)
    desk.sent()
    desk.taps("r:book")
    shown = desk.sent()
    assert "Your appointment" in words(shown)
    assert {"b:move:", "b:cancel:"} <= set(taps_in(shown))
    desk.taps(f"b:at:{THURSDAY_ELEVEN}")
    assert "It replaces your appointment" in words(desk.sent())
    books(desk, THURSDAY_ELEVEN)
    moved = booked_by(desk)
    assert (moved.id, moved.start_at) == (first.id, first.start_at + 3600)
    desk.taps("b:cancel:")
    assert f"b:gone:{moved.id}" in taps_in(desk.sent())
    desk.taps("b:gone:somebody-elses")
    assert booked_by(desk) is not None
    desk.taps(f"b:gone:{moved.id}")
    assert "is cancelled" in words(desk.sent())
    assert booked_by(desk) is None
    assert log_of(desk) == ["opened", "booked", "booking_moved", "booking_cancelled"]


def test_the_same_tap_twice_books_once(desk):
    knows_the_guide(desk)
    books(desk)
    books(desk)
    assert log_of(desk) == ["opened", "booked"]


def test_while_the_office_answers_booking_works_and_the_bot_says_nothing_else(desk):
    desk.asks_for_a_person()
    assert owner_of(desk) == WAITING
    case = desk.case()
    operator = desk.operator()
    from bot import answering

    answering.take_over(desk.house, case.id, operator)
    desk.sent()
    for data in ("r:book", "b:way:visit", "b:day:visit.202612030000", "b:at:visit.202612031000"):
        desk.taps(data)
        assert len(desk.sent()) == 1
    books(desk, "visit.202612031000")
    assert "Neo Heights" in words(desk.sent())
    assert owner_of(desk) == HUMAN
    assert booked_by(desk).case_id == case.id
    desk.says("thank you")
    assert desk.sent() == []


NO_FREE_TIME = (
    "b:yes:phone.202612051000", "b:yes:phone.202612011300", "b:yes:phone.202712011000",
    "b:yes:phone.202612031010", "b:yes:phone.202612030300", "b:yes:phone.202611231000",
    "b:yes:phone.999912311000", "b:yes:phone.", "b:yes:", "b:yes:fax.202612031000",
    "b:yes:phone.20261203١٠٠٠", "b:at:phone.202613991000", "b:day:phone.x", "b:days:phone.9",
    "b:skip:name=fax.1", "b:skip:=", "b:gone:", "b:cancel:", "b:nothing:at-all",
    "b:yes:phone.202612031830'; DROP TABLE bookings;--",
)  # fmt: skip


def test_a_tap_that_names_no_free_time_books_nothing_and_is_answered(desk):
    knows_the_guide(desk)
    for data in NO_FREE_TIME:
        desk.taps(data)
        assert booked_by(desk) is None, data
        assert len(desk.sent()) == 1, data


def test_the_link_gives_the_file_once_and_moving_keeps_its_uid(desk):
    from icalendar import Calendar
    from werkzeug.test import Client

    knows_the_guide(desk)
    books(desk)
    said = words(desk.sent())
    path = "/booking/" + said.split("/booking/")[1].split('"')[0]
    client = Client(desk.app)
    assert client.get(path).status_code == 200  # looking does not use it up
    answer = client.post(path)
    assert answer.headers["Content-Type"].startswith("text/calendar")
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert event["dtstart"].dt == datetime(2026, 12, 3, 10, tzinfo=TOKYO)
    assert client.post(path).status_code == 404
    assert client.get("/booking/" + "x" * 43).status_code == 404
    assert booked_by(desk).id in str(event["uid"])


def test_the_office_books_moves_and_cancels_and_the_person_is_told_in_their_language(desk):
    case = desk.asks_for_a_person(language="vi")
    operator = desk.operator()
    desk.sent()
    start = datetime(2026, 12, 1, 18, 30, tzinfo=TOKYO)  # today: the office may
    done = appointments.book(desk.house, case.id, operator, "phone", start)
    assert done.told
    assert "đã đặt một lịch hẹn" in words(desk.sent())
    later = start.replace(day=2, hour=11)
    appointments.book(desk.house, case.id, operator, "visit", later)
    assert "đã dời lịch hẹn" in words(desk.sent())
    booked = booked_by(desk)
    assert (booked.way, booked.operator) == ("visit", operator)
    appointments.cancel(desk.house, booked.id, operator)
    assert "đã hủy lịch hẹn" in words(desk.sent())
    assert log_of(desk)[-3:] == ["booked", "booking_moved", "booking_cancelled"]
    assert appointments.cancel(desk.house, booked.id, operator) == appointments.Problem("gone")


def test_the_office_offers_and_the_buttons_and_their_numbers_work(desk):
    case = desk.asks_for_a_person(language="en")
    operator = desk.operator()
    desk.sent()
    assert appointments.offer(desk.house, case.id, operator).told
    assert taps_in(desk.sent())[:3] == ["b:way:online", "b:way:phone", "b:way:visit"]
    desk.says("3")
    assert any(one.startswith("b:day:visit") for one in taps_in(desk.sent()))


def test_the_office_cannot_book_what_is_taken_or_past(desk):
    case = desk.asks_for_a_person(1)
    knows_the_guide(desk, 2)
    books(desk, THURSDAY_TEN, 2)
    operator = desk.operator()
    ten = datetime(2026, 12, 3, 10, tzinfo=TOKYO)
    book = appointments.book
    assert book(desk.house, case.id, operator, "phone", ten) == appointments.Problem("taken")
    past = ten.replace(day=1, hour=9)
    assert book(desk.house, case.id, operator, "phone", past).why == "not_offered"
    assert book(desk.house, "no-such-case", operator, "phone", ten).why == "gone"
