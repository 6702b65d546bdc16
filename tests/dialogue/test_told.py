"""What a free text told beside its subject is offered as the answer, and never taken as one."""

from datetime import date

import pytest

from bot.dialogue.conversation import Conversation
from bot.dialogue.replies import Ask, Say
from bot.dialogue.requests import KeepUnanswered
from bot.dialogue.turn import NOTICE_VERSION
from bot.dialogue.understood import CLARIFY, DateReading, Understood
from tests.dialogue.talks import a_person

TODAY = date(2026, 11, 22)
YESTERDAY = date(2026, 11, 21)


def wrote(decision: str, *days: date, **more) -> Understood:
    readings = tuple(DateReading((day,)) for day in days)
    return Understood(((decision, 0.9),), decision, readings, **more)


def asked(person) -> Ask:
    found = [reply for reply in person.replies if isinstance(reply, Ask)]
    assert found
    return found[-1]


def sentences(person) -> list[str]:
    return [spoken.sentence.address for spoken in asked(person).before]


def until_the_day(person):
    """Answers the first choices until the question for a day comes."""
    for _ in range(6):
        if asked(person).question.kind == "date":
            return person
        person.taps(asked(person).options[0].tap)
    raise AssertionError("no question for a day came")


def test_the_day_of_a_story_is_offered_when_the_day_is_asked_for():
    person = a_person().says("I lost my card yesterday", wrote("lost-card", YESTERDAY))
    until_the_day(person)
    assert "talk/you_wrote" in sentences(person)
    first = asked(person).options[0]
    assert first.label.sentence.address == "talk/button_that_is_right"
    assert first.tap.endswith(YESTERDAY.isoformat())


def test_one_tap_confirms_it_and_it_is_not_offered_again():
    person = a_person().says("I lost my card yesterday", wrote("lost-card", YESTERDAY))
    name = asked(until_the_day(person)).question.name
    person.taps(asked(person).options[0].tap)
    answers = {answer.name: answer.value for answer in person.conversation.walk.answers}
    assert answers[name] == YESTERDAY.isoformat()
    assert dict(person.conversation.told) == {}


def test_a_day_to_come_is_not_offered_for_what_has_happened():
    person = a_person().says("card, 1 December", wrote("lost-card", date(2026, 12, 1)))
    assert "talk/you_wrote" not in sentences(until_the_day(person))


def test_two_days_in_a_story_are_not_guessed_between():
    story = wrote("lost-card", YESTERDAY, date(2026, 11, 20))
    person = a_person().says("lost it yesterday or on Friday", story)
    assert "talk/you_wrote" not in sentences(until_the_day(person))


def test_a_status_in_a_story_is_offered_when_the_status_is_asked_for():
    person = a_person().says("extend my student visa", wrote("extension", status="student"))
    for _ in range(6):
        if asked(person).question.table == "statuses":
            break
        person.taps(asked(person).options[0].tap)
    assert "talk/you_wrote" in sentences(person)
    assert asked(person).options[0].tap.endswith("student")


def test_what_was_told_is_kept_when_the_subject_must_be_chosen_first():
    unsure = Understood(
        (("lost-card", 0.4), ("move", 0.3)), CLARIFY, (DateReading((YESTERDAY,)),)
    )  # fmt: skip
    person = a_person().says("card, moved, yesterday", unsure)
    assert dict(person.conversation.told) == {"date": YESTERDAY.isoformat()}


def test_a_month_alone_asks_for_the_day():
    person = a_person().says("lost my card", wrote("lost-card"))
    until_the_day(person)
    month = Understood(dates=(DateReading((), date(2026, 11, 1)),))
    person.says("in November", month)
    assert sentences(person)[0] == "talk/date_month_only"


def test_another_matter_with_a_day_in_it_is_no_answer_to_the_open_question():
    person = a_person().says("lost my card", wrote("lost-card"))
    until_the_day(person)
    person.says("my baby was born yesterday", wrote("birth", YESTERDAY))
    assert person.conversation.walk.flow == "birth"
    before = person.conversation.walk_of("lost-card")
    assert YESTERDAY.isoformat() not in [answer.value for answer in before.answers]


def test_the_same_matter_with_a_day_in_it_is_the_answer():
    person = a_person().says("lost my card", wrote("lost-card"))
    name = asked(until_the_day(person)).question.name
    person.says("I lost it yesterday", wrote("lost-card", YESTERDAY))
    answers = {answer.name: answer.value for answer in person.conversation.walk.answers}
    assert answers[name] == YESTERDAY.isoformat()


# ---------------------------------------------------------------- in their language


@pytest.mark.parametrize(
    ("guess", "written", "text", "wanted"),
    [
        ("en", "vi", "em bị mất thẻ cư trú rồi", "vi"),
        (None, "vi", "em bị mất thẻ cư trú rồi", "vi"),
        ("ja", "vi", "em bị mất thẻ cư trú rồi", "vi"),
        ("vi", "en", "I lost my residence card", "vi"),
        ("en", "vi", "mất thẻ", "en"),
        ("en", "ne", "mero card harayo sathi haru", "en"),
        ("ja-simple", "ja", "カードをなくしてしまいました。", "ja-simple"),
    ],
)
def test_the_bot_answers_in_the_language_in_which_they_write(guess, written, text, wanted):
    talk = Conversation(guess=guess, notice=NOTICE_VERSION)
    person = a_person(conversation=talk).says(text, wrote("lost-card", language=written))
    assert person.conversation.guess == wanted
    assert person.conversation.language is None


def test_a_language_that_was_chosen_stays():
    person = a_person().says("em bị mất thẻ cư trú rồi", wrote("lost-card", language="vi"))
    assert (person.conversation.language, person.conversation.guess) == ("en", None)


# ---------------------------------------------------------------- what was not understood


def test_what_was_not_understood_is_handed_on_without_the_person():
    nothing = Understood(language="vi", unanswered="where can ▢ swim")
    person = a_person().says("where can Mai swim", nothing)
    assert person.requests == (KeepUnanswered("m1", "where can ▢ swim", "vi"),)
    assert isinstance(person.replies[0], Say)


def test_what_was_understood_is_not():
    person = a_person().says("lost my card", wrote("lost-card"))
    assert person.requests == ()
