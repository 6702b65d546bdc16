"""Life events in the conversation: asked, shown as one card, and each duty opened from it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.dialogue.replies import Duties, Result
from bot.dialogue.understood import Understood
from bot.flow.engine import Engine
from bot.flow.model import Duty, Event
from tests.dialogue import talks
from tests.dialogue.talks import Person, a_person, library
from tests.flow.flow_builders import a_sentence, when

ADDED = Event(
    id="house-burnt",
    title=a_sentence("The house burnt down", "event/house-burnt/title"),
    ask=(library().shared_questions["moved_on"], library().shared_questions["place"]),
    duties=(
        Duty("move", None, None, deadline="report_by", answers={"what": "moved"}),
        Duty("lost-card", None, None, answers={"what_happened": "destroyed"}),
        Duty("extension", None, when({"moved_on": "unknown"})),
        Duty(None, None, None, say=(a_sentence("Tell the insurance.", "event/house-burnt/x"),)),
    ),
)
ENGINES: list[Engine] = []


@pytest.fixture(autouse=True)
def content_with_one_more_event(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real content, and an event that no author may change under these tests."""
    if not ENGINES:
        events = {**library().events, ADDED.id: ADDED}
        ENGINES.append(Engine(replace(library(), events=events)))
    monkeypatch.setattr(talks, "engine", lambda: ENGINES[0])
    monkeypatch.setattr(talks, "library", lambda: ENGINES[0].library)


def at_the_card(person: Person | None = None) -> Person:
    person = person or a_person()
    person.taps("o:house-burnt").picks(person.today - timedelta(days=3))
    return person.answers("unsure")


def duties_of(person: Person) -> Duties:
    assert isinstance(person.last, Duties), person.last
    return person.last


def test_an_event_asks_its_questions_and_shows_its_duties_in_order() -> None:
    shown = duties_of(at_the_card())
    assert [duty.flow for duty in shown.solved.duties] == ["move", "lost-card", None]
    assert shown.solved.duties[0].deadline is not None
    assert shown.solved.duties[0].deadline.tell == date(2026, 12, 3)


def test_the_numbers_of_the_duties_are_those_of_their_buttons() -> None:
    shown = duties_of(at_the_card())
    for duty, number in zip(shown.solved.duties, shown.numbers, strict=True):
        if number is not None:
            assert shown.buttons[number - 1].tap == f"e:house-burnt:{duty.flow}"
    assert shown.numbers[-1] is None


def test_several_duties_of_one_flow_share_one_button() -> None:
    person = a_person().taps("o:baby-born").picks(date(2026, 11, 21)).answers("other")
    shown = duties_of(person)
    flows = [duty.flow for duty in shown.solved.duties if duty.flow]
    assert flows.count("birth") > 1
    taps = [button.tap for button in shown.buttons]
    assert taps.count("e:baby-born:birth") == 1 and len(taps) == len(set(taps))


def test_a_duty_is_opened_with_what_is_known() -> None:
    person = at_the_card().taps("e:house-burnt:move")
    assert person.conversation.walk is not None
    values = {answer.name: answer.value for answer in person.conversation.walk.answers}
    assert values == {"what": "moved", "moved_on": "2026-11-19"}
    assert person.question == "where_to" and "answers_dropped" not in person.said


def test_a_number_opens_a_duty_too() -> None:
    person = at_the_card()
    number = duties_of(person).numbers[1]
    assert person.says(str(number)).question == "card"


def test_old_sources_put_the_person_first_on_the_card_too() -> None:
    person = a_person(today=date(2027, 6, 1))
    person.taps("o:moved").answers("unsure", "unsure")
    shown = duties_of(person)
    assert shown.is_old and shown.buttons[0].tap == "r:human"
    assert shown.numbers[0] == 2 and shown.buttons[1].tap == "e:moved:move"


def test_i_do_not_know_is_an_answer_and_leaves_a_duty_uncertain() -> None:
    person = a_person().taps("o:house-burnt").answers("unsure", "unsure")
    solved = duties_of(person).solved
    assert [duty.flow for duty in solved.duties] == ["move", "lost-card", "extension", None]
    assert solved.duties[0].deadline is None


def test_the_text_form_the_language_and_an_answer_change_on_the_card() -> None:
    person = at_the_card()
    assert duties_of(person.taps("r:text")).as_text
    assert duties_of(person.taps("l:vi")) and person.conversation.language == "vi"
    person.taps("r:answers").says("1")
    assert person.question == "moved_on"
    person.picks(person.today)
    deadline = duties_of(person).solved.duties[0].deadline
    assert deadline is not None and deadline.tell == date(2026, 12, 4)


def test_back_in_an_event_is_one_question_back() -> None:
    person = a_person().taps("o:house-burnt").picks(date(2026, 11, 20))
    assert person.question == "place"
    assert person.taps("r:back").question == "moved_on"


def test_a_known_answer_is_confirmed_by_one_tap() -> None:
    person = at_the_card().taps("r:restart")
    assert person.question == "moved_on" and "same_as_before" in person.said
    assert person.buttons[0].tap.endswith(":2026-11-19")


def test_an_unfinished_event_can_be_continued_days_later() -> None:
    person = a_person().taps("o:house-burnt").picks(date(2026, 11, 20)).days_later(4)
    person.taps("o:house-burnt")
    assert person.said == ["continue_or_restart"]
    assert person.answers("continue").question == "place"


def test_the_card_is_shown_again_the_same_day_and_asked_anew_later() -> None:
    person = at_the_card().taps("e:house-burnt:move").taps("o:house-burnt")
    assert duties_of(person)
    assert person.days_later(1).taps("o:house-burnt").question == "moved_on"


def test_the_result_of_a_duty_leads_back_to_the_event() -> None:
    person = at_the_card().taps("e:house-burnt:move").answers("same", "nobody")
    assert isinstance(person.last, Result) and person.outcome == "moved"
    assert "o:house-burnt" in [button.tap for button in person.buttons]


def test_an_event_is_offered_where_the_author_names_it_and_nowhere_else() -> None:
    person = a_person().taps("o:move").answers("moved", "same").picks(a_person().today)
    person.answers("nobody")
    assert isinstance(person.last, Result) and person.outcome == "moved"
    follow_ups = person.last.solution.follow_ups
    offered = [b.tap.removeprefix("o:") for b in person.buttons if b.tap.startswith("o:")]
    assert [one for one in offered if one in library().events] == [
        one for one in follow_ups if one in library().events
    ]
    assert "moved" in offered and len(offered) == len(set(offered))


def test_what_was_answered_in_a_duty_before_stays_unless_it_was_about_something_else() -> None:
    person = at_the_card().taps("e:house-burnt:move").answers("same")
    person.taps("o:house-burnt").taps("e:house-burnt:move")
    assert person.question == "others_live"
    person.taps("o:house-burnt").taps("r:answers").says("1").picks(person.today)
    assert person.taps("e:house-burnt:move").question == "where_to"


@pytest.mark.parametrize("data", ["e:house-burnt:nothing", "e:nothing:move", "e:x", "e:a:b:c"])
def test_a_made_up_duty_is_no_error(data: str) -> None:
    person = a_person().taps("o:lost-card").taps(data)
    assert person.question == "what_happened" and person.said == ["old_button"]


def test_a_flow_that_is_no_duty_of_the_event_begins_without_its_answers() -> None:
    person = at_the_card().taps("e:house-burnt:extension")
    assert person.question == "status"


def test_free_text_goes_to_the_procedure_not_to_the_event() -> None:
    person = at_the_card()
    person.says("I moved", Understood(candidates=(("move", 0.9),), decision="move"))
    assert person.conversation.walk is not None and person.conversation.walk.flow == "move"


def test_back_from_a_duty_of_which_all_is_known_does_not_lose_the_event() -> None:
    person = at_the_card().taps("e:house-burnt:move").taps("r:back")
    assert person.conversation.walk_of("house-burnt") is not None
