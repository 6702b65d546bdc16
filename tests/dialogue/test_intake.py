"""Before a person is asked: each question can be skipped, and nothing goes without a yes."""

from datetime import date, time, timedelta

from talks import Person, a_person, at, lost_in_japan

from bot.dialogue.conversation import BOT, WAITING
from bot.dialogue.events import Unsent
from bot.dialogue.requests import ForgetMessage, ForgetPassedOn, OpenCase
from bot.dialogue.understood import Understood

MONDAY = date(2026, 11, 30)


def asked() -> Person:
    return a_person(today=MONDAY).taps("r:human")


def test_all_questions_are_asked_shown_and_passed_on_after_a_yes() -> None:
    person = asked()
    assert person.said == ["handoff_open", "intake_begin", "intake_kind"]
    person.answers("application")
    assert person.said == ["intake_services"]
    person.answers("1", "0", "done")
    assert person.said == ["intake_name"]
    person.says("  Mai  Tanaka ")
    assert person.said == ["intake_way"]
    person.answers("phone")
    assert person.said == ["intake_contact"]
    person.says("090-1234-5678")
    assert person.said == ["intake_times"]
    person.answers("evening")
    assert person.said == ["intake_sentence"]
    person.says("I want to bring my wife", Understood(decision="certificate-of-eligibility"))
    assert person.said[0] == "intake_shown" and person.said[-1] == "intake_consent"
    assert person.said.count("intake_item") == 6 and "your_answer" in person.said
    assert person.requests == () and person.conversation.owner == BOT
    person.answers("yes")
    assert person.conversation.owner == WAITING
    case = person.requests[0]
    assert isinstance(case, OpenCase) and case.kind == "human" and case.intake
    consent = dict(case.intake).pop("consent")
    assert str(consent).startswith("2026-11-30T12:00")
    assert {k: v for k, v in case.intake.items() if k != "consent"} == {
        "kind": "application", "services": ("1", "0"), "name": "Mai Tanaka", "way": "phone",
        "contact": "090-1234-5678", "times": "evening", "sentence": "I want to bring my wife",
    }  # fmt: skip


def test_every_question_can_be_skipped_and_who_stays_on_line_is_not_asked_for_a_phone() -> None:
    person = asked()
    seen = []
    while person.said[0] != "intake_shown":
        seen.append(person.said[-1])
        person.taps(next(b.tap for b in person.buttons if b.tap.endswith(":skip")))
    assert seen == [
        "intake_kind", "intake_services", "intake_name", "intake_way", "intake_sentence"
    ]  # fmt: skip
    person.answers("yes")
    case = person.requests[0]
    assert isinstance(case, OpenCase) and list(case.intake or {}) == ["consent"]


def test_all_questions_are_skipped_at_once_and_a_no_passes_nothing_on() -> None:
    person = asked()
    person.taps(next(b.tap for b in person.buttons if b.tap.endswith(":skip-all")))
    assert person.said == ["intake_shown", "intake_shown_talk", "intake_consent"]
    person.answers("no")
    assert person.said == ["intake_not_passed_on", "person", "menu"]
    assert person.requests == () and person.conversation.intake == {}


def test_words_where_a_button_was_asked_for_are_kept_for_the_office() -> None:
    person = asked().says("my visa ends soon", Understood(decision="extension"))
    assert person.said == ["intake_services"]
    assert person.conversation.intake == {"sentence": "my visa ends soon", "kind": ""}
    person.says("3")  # a number is a button
    assert person.conversation.intake["services"] == ("2",)


def test_the_menu_leads_out_of_the_questions_at_any_time() -> None:
    person = asked().says("menu", Understood(decision="menu"))
    assert person.said == ["menu"] and person.conversation.pending is None
    assert person.says("7 o'clock").conversation.intake == {}
    old = "y:intake-kind:question"
    assert person.taps(old).said[-1] == "intake_kind"


def test_danger_comes_before_the_questions() -> None:
    person = asked().says("he hits me", Understood(safety="violence"))
    assert person.requests == (OpenCase("urgent"),)


def test_who_must_act_by_tomorrow_is_given_the_phone_and_the_official_line_first() -> None:
    person = lost_in_japan(a_person(today=MONDAY, hour=time(23)))
    deadline = person.last.solution.deadlines[0].tell  # type: ignore[union-attr]
    assert deadline is not None
    person.taps("r:human")
    assert person.requests == ()
    person.today = deadline - timedelta(days=1)
    person.taps("r:human")
    assert person.said == [
        "handoff_urgent", "person", "person_when_closed", "official_line", "intake_begin",
        "intake_kind",
    ]  # fmt: skip
    [case] = person.requests
    assert isinstance(case, OpenCase)
    assert (case.kind, case.flow, case.deadline) == ("urgent", "lost-card", deadline)


def test_what_is_taken_back_is_forgotten_before_and_after_it_was_passed_on() -> None:
    person = asked().says("my name is not for this")  # words where a button was asked for
    message = f"m{person.number}"
    person.taps(next(b.tap for b in person.buttons if b.tap.endswith(":skip")))
    person.says("Mai")
    name = f"m{person.number}"
    person.meets(Unsent("e", at(MONDAY), message))
    assert "sentence" not in person.conversation.intake
    assert person.requests == (ForgetMessage(message), ForgetPassedOn("sentence"))
    person.meets(Unsent("e", at(MONDAY), name))
    assert "name" not in person.conversation.intake


def test_what_stands_on_a_button_may_be_typed() -> None:
    person = asked()
    person.says("a question", Understood(options=("question",)))
    assert person.said == ["intake_services"]
    person.says("skip", Understood(options=("skip",)))
    assert person.said == ["intake_name"], "the word is no name"
    person.says("skip all questions", Understood(options=("skip-all",)))
    assert person.said[-1] == "intake_consent"
    person.says("yes, pass it on", Understood(options=("yes",)))
    assert person.conversation.owner == WAITING
