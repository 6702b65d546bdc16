"""The days for the calendar: of the last results and events, still to come, as they stand today."""

from datetime import date, timedelta

from bot.dialogue.days import days_told
from bot.dialogue.requests import CalendarLink
from bot.dialogue.understood import Understood
from tests.dialogue.talks import Person, a_person, engine, lost_in_japan


def told(person: Person) -> list[tuple[str, str, date]]:
    found = days_told(engine(), person.conversation, person.today)
    return [(one.flow, one.name, one.day) for one in found]


def test_the_last_day_of_a_result_is_told() -> None:
    person = lost_in_japan(a_person())
    assert told(person) == [("lost-card", "apply_by", date(2026, 12, 4))]


def test_the_days_of_all_that_was_told_are_there_the_nearest_first() -> None:
    person = lost_in_japan(a_person())
    person.taps("o:moved").picks(person.today).answers("same")
    days = told(person)
    assert {flow for flow, _, _ in days} == {"lost-card", "move"}
    assert [day for _, _, day in days] == sorted(day for _, _, day in days)


def test_a_day_that_is_over_is_not_told() -> None:
    assert told(lost_in_japan(a_person()).days_later(60)) == []


def test_a_walk_without_a_result_tells_nothing() -> None:
    assert told(a_person().taps("o:lost-card").answers("lost")) == []


def test_a_changed_answer_moves_the_day() -> None:
    person = lost_in_japan(a_person()).days_later(3)
    person.taps("c:lost-card:noticed_on").picks(date(2026, 11, 24))
    assert told(person)[0][2] == date(2026, 12, 8)


def test_the_request_is_honest_and_offers_the_file() -> None:
    person = lost_in_japan(a_person()).says("remind me", Understood(decision="reminder"))
    assert person.said == ["no_reminders_but", "calendar_ready"]
    assert person.requests == (CalendarLink(),)
    assert person.buttons[0].tap == "@calendar" and person.buttons[0].kind == "link"
    assert person.taps("r:continue").outcome == "apply_in_time"


def test_without_days_the_request_is_honest_and_offers_nothing() -> None:
    person = a_person().taps("o:lost-card").says("remind me", Understood(decision="reminder"))
    assert person.said[0] == "no_reminders" and person.requests == ()
    assert person.question == "what_happened"


def test_a_request_without_a_subject_in_front_shows_the_menu() -> None:
    person = a_person().says("remind me", Understood(decision="reminder"))
    assert person.said[-2:] == ["no_reminders", "menu"]


def test_help_comes_back_to_the_open_question() -> None:
    person = a_person().taps("o:lost-card").says("help", Understood(decision="help"))
    assert person.said[0] == "help" and person.question == "what_happened"


def test_a_result_with_a_day_to_come_offers_the_calendar() -> None:
    person = lost_in_japan(a_person())
    assert "r:reminder" in [button.tap for button in person.buttons]
    person.days_later(60).taps("r:continue")
    assert "r:reminder" not in [button.tap for button in person.buttons]


def test_the_day_itself_is_still_told() -> None:
    person = lost_in_japan(a_person())
    person.today = date(2026, 12, 4)
    assert told(person) and told(person)[0][2] - person.today == timedelta(0)
