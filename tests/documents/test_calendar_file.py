"""The calendar file: whole days, alarms, and one entry per day of one person for ever."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar

from bot.documents.calendar import Entry, calendar_file

TOKYO = ZoneInfo("Asia/Tokyo")
AT = datetime(2026, 11, 22, 12, 0, tzinfo=TOKYO)


def an_entry(**more: object) -> Entry:
    fields = {"uid": "a@host", "day": date(2026, 12, 4), "title": "Hạn chót, nộp đơn; 届出"}
    return Entry(**(fields | more))  # type: ignore[arg-type]


def events_of(raw: bytes) -> list:
    return list(Calendar.from_ical(raw).walk("VEVENT"))


def test_a_day_is_a_whole_day_that_takes_no_time() -> None:
    (event,) = events_of(calendar_file([an_entry(note="Ask again.")], AT, "Dates", "bot"))
    assert event.decoded("dtstart") == date(2026, 12, 4)
    assert event.decoded("dtend") == date(2026, 12, 5)
    assert str(event["summary"]) == "Hạn chót, nộp đơn; 届出"
    assert str(event["description"]) == "Ask again."
    assert event["transp"] == "TRANSPARENT" and event["class"] == "PRIVATE"


def test_it_rings_at_nine_a_week_and_a_day_before() -> None:
    (event,) = events_of(calendar_file([an_entry()], AT, "Dates", "bot"))
    rings = [alarm.decoded("trigger") for alarm in event.walk("VALARM")]
    midnight = datetime(2026, 12, 4, tzinfo=TOKYO)
    assert [midnight + ring for ring in rings] == [
        datetime(2026, 11, 27, 9, tzinfo=TOKYO), datetime(2026, 12, 3, 9, tzinfo=TOKYO),
    ]  # fmt: skip
    assert all(alarm["action"] == "DISPLAY" for alarm in event.walk("VALARM"))


def test_a_day_that_moved_is_the_same_entry_in_a_later_version() -> None:
    (before,) = events_of(calendar_file([an_entry()], AT, "Dates", "bot"))
    moved = an_entry(day=date(2026, 12, 7))
    (after,) = events_of(calendar_file([moved], AT + timedelta(days=1), "Dates", "bot"))
    assert before["uid"] == after["uid"]
    assert int(before["sequence"]) < int(after["sequence"])


def test_lines_are_as_the_standard_wants_them() -> None:
    long = an_entry(title="とても長い題名" * 20)
    raw = calendar_file([an_entry(), long], AT, "Dates", "bot")
    assert raw.startswith(b"BEGIN:VCALENDAR\r\n") and raw.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert len(events_of(raw)) == 2
    assert b"DTSTART;VALUE=DATE:20261204" in raw and b"\n\n" not in raw


def test_a_title_cannot_break_out_of_its_line() -> None:
    raw = calendar_file([an_entry(title="x\r\nATTENDEE:mailto:a@b")], AT, "Dates", "bot")
    (event,) = events_of(raw)
    assert "attendee" not in event
