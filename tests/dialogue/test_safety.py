"""People in danger: what to do now, a person at once, and the place in the walk is kept."""

import pytest

from bot.dialogue.conversation import Conversation, to_json
from bot.dialogue.replies import Ask, Paragraphs, Result
from bot.dialogue.requests import KeepNotice, OpenCase
from bot.dialogue.understood import DateReading, Understood
from tests.dialogue.talks import Person, a_person, library, lost_in_japan

SAFETY = list(library().safety)


def in_danger(name: str, **more: object) -> Understood:
    return Understood(safety=name, **more)  # type: ignore[arg-type]


def says_danger(person: Person, name: str = "violence") -> Person:
    return person.says("my husband beats me", in_danger(name))


def shown(person: Person) -> Result:
    found = person.replies[0]
    assert isinstance(found, Result)
    return found


@pytest.mark.parametrize("name", SAFETY)
def test_the_first_sentence_is_what_to_do_now(name: str) -> None:
    person = says_danger(a_person(), name)
    solution = shown(person).solution
    assert solution.flow == name and solution.handoff == "urgent"
    assert solution.sentences[0].sentence.address == f"safety/{name}/answer.now"
    assert solution.sentences[0].sentence.when is None


@pytest.mark.parametrize("name", SAFETY)
def test_an_urgent_case_is_opened_without_what_it_is_about(name: str) -> None:
    person = says_danger(a_person(), name)
    assert person.requests == (OpenCase("urgent", None, None),)


@pytest.mark.parametrize("name", ["violence", "detained", "overstayed"])
def test_a_lawyer_is_named_and_can_be_called(name: str) -> None:
    person = says_danger(a_person(), name)
    assert "tel:0570-078377" in [button.tap for button in person.buttons]


def test_the_police_can_be_called_by_one_tap() -> None:
    for name in ("danger", "violence", "passport-taken"):
        taps = [button.tap for button in says_danger(a_person(), name).buttons]
        assert taps[0] == "tel:110", name


def test_a_person_is_the_first_thing_to_tap_beside_the_calls() -> None:
    taps = [button.tap for button in says_danger(a_person()).buttons if button.kind == "tap"]
    assert taps[0] == "r:human"


def test_overstaying_leads_on_to_the_procedure() -> None:
    solution = shown(says_danger(a_person(), "overstayed")).solution
    wanted = {"expired"} & set(library().flows)
    assert set(solution.follow_ups) == wanted


def test_danger_comes_before_the_answer_to_the_open_question() -> None:
    person = a_person().taps("o:lost-card").answers("lost", "residence", "in_japan")
    day = DateReading((person.today,))
    person.says("he hit me yesterday", in_danger("violence", dates=(day,), options=("lost",)))
    assert shown(person).solution.flow == "violence"
    assert "r:continue" in [button.tap for button in person.buttons]
    assert person.taps("r:continue").question == "noticed_on"
    assert person.conversation.walk is not None
    assert "noticed_on" not in {answer.name for answer in person.conversation.walk.answers}


def test_danger_comes_before_requests_and_languages() -> None:
    person = a_person().says("English", in_danger("danger", decision="menu"))
    assert shown(person).solution.flow == "danger"


def test_a_result_is_still_there_afterwards() -> None:
    person = says_danger(lost_in_japan(a_person()))
    assert person.conversation.walk is not None and person.conversation.walk.flow == "lost-card"
    assert person.taps("r:continue").outcome == "apply_in_time"


def test_the_language_can_be_changed_and_it_is_said_again() -> None:
    person = says_danger(a_person().taps("o:lost-card")).taps("l:vi")
    assert person.conversation.language == "vi" and shown(person).solution.flow == "violence"
    assert person.taps("r:continue").question == "what_happened"
    assert person.taps("l:ja").question == "what_happened"


def test_what_kind_of_danger_is_forgotten_with_the_next_answer() -> None:
    person = says_danger(a_person().taps("o:lost-card"))
    person.taps("r:continue").answers("lost")
    assert "violence" not in str(to_json(person.conversation))


def test_a_number_leads_to_another_language_and_it_is_said_again() -> None:
    person = says_danger(a_person())
    taps = list(person.conversation.choices)
    person.says(str(taps.index("r:language") + 1)).says("3")
    assert person.conversation.language == "vi" and shown(person).solution.flow == "violence"


def test_what_kind_of_danger_is_forgotten_with_whatever_comes_next() -> None:
    for data in ("m:card", "r:human", "r:menu", "o:photo", "nonsense"):
        person = says_danger(a_person()).taps(data)
        assert "violence" not in str(to_json(person.conversation)), data
        person.taps("l:vi")
        assert person.said == ["menu"] or person.outcome == "answer" or person.question
    person = says_danger(a_person()).says("thank you")
    assert "violence" not in str(to_json(person.conversation))


def test_a_question_that_was_asked_again_stays_open() -> None:
    person = lost_in_japan(a_person()).taps("c:lost-card:what_happened")
    says_danger(person)
    assert person.taps("l:vi").question == "what_happened"


def test_at_first_contact_what_to_do_comes_before_the_notice() -> None:
    person = a_person(conversation=Conversation(guess="vi"))
    says_danger(person)
    assert isinstance(person.replies[0], Result) and isinstance(person.replies[1], Paragraphs)
    assert {type(request) for request in person.requests} == {OpenCase, KeepNotice}
    number = [button.tap for button in shown(person).buttons if button.kind == "tap"]
    assert person.conversation.choices == tuple(number)


def test_it_can_be_opened_by_a_button_without_becoming_a_walk() -> None:
    person = a_person().taps("o:lost-card").taps("o:danger")
    assert shown(person).solution.flow == "danger"
    assert person.conversation.walk is not None and person.conversation.walk.flow == "lost-card"


def test_a_danger_without_an_answer_is_no_error() -> None:
    person = a_person().taps("o:lost-card").says("x", in_danger("nothing"))
    assert isinstance(person.last, Ask) and person.question == "what_happened"
