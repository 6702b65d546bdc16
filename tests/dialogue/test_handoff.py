"""Who speaks: nothing of the bot's while a human does, but for what the house allows."""

from datetime import date, time

import pytest
from talks import Person, a_person, lost_in_japan

from bot.dialogue.conversation import BOT, HUMAN, WAITING
from bot.dialogue.events import HandoffStep, SentFile, Unsent
from bot.dialogue.handoff import owner_after
from bot.dialogue.replies import Result
from bot.dialogue.requests import (
    CloseCase,
    DeleteEverything,
    ForgetMessage,
    KeepFile,
    OpenCase,
    OwnerChanged,
    RateCase,
)
from bot.dialogue.understood import Understood

MONDAY = date(2026, 11, 30)
WAYS = ["r:bot-again", "r:last-result", "r:end-request", "r:language", "r:book"]


def waiting(hour: time = time(12), today: date = MONDAY) -> Person:
    person = lost_in_japan(a_person(today=today, hour=hour))
    person.taps("r:human").taps(person.buttons[-2].tap)
    assert person.buttons[0].tap == "y:intake-consent:yes"
    person.taps(person.buttons[0].tap)
    person.open_case = True
    return person


def steps(person: Person, step: str, *, tells: bool = True) -> Person:
    from talks import at

    return person.meets(HandoffStep("e", at(person.today), step, tells))


def talking(hour: time = time(12), today: date = MONDAY) -> Person:
    return steps(waiting(hour, today), "take")


# ---------------------------------------------------------------- the machine


@pytest.mark.parametrize(
    "step, ends",
    [
        ("ask", {BOT: WAITING, WAITING: WAITING, HUMAN: HUMAN}),
        ("take", {BOT: HUMAN, WAITING: HUMAN, HUMAN: HUMAN}),
        ("release", dict.fromkeys((BOT, WAITING, HUMAN), BOT)),
        ("take_back", dict.fromkeys((BOT, WAITING, HUMAN), BOT)),
        ("close", dict.fromkeys((BOT, WAITING, HUMAN), BOT)),
        ("time_out", dict.fromkeys((BOT, WAITING, HUMAN), BOT)),
    ],
)
def test_each_step_leads_to_one_speaker(step: str, ends: dict[str, str]) -> None:
    assert {owner: owner_after(owner, step) for owner in ends} == ends


@pytest.mark.parametrize("owner, step", [("bot", "sing"), ("nobody", "take")])
def test_unknown_steps_and_speakers_are_refused(owner: str, step: str) -> None:
    with pytest.raises(ValueError, match="from"):
        owner_after(owner, step)


# ---------------------------------------------------------------- waiting


def test_passing_on_says_when_somebody_answers() -> None:
    person = waiting()
    assert person.conversation.owner == WAITING
    assert person.said == ["handoff_passed_on", "handoff_open", "handoff_silent"]
    assert [button.tap for button in person.buttons] == WAYS
    [case, owner] = person.requests
    assert isinstance(case, OpenCase) and case.flow == "lost-card" and case.deadline
    assert owner == OwnerChanged(WAITING)
    assert waiting(time(23)).said == ["handoff_passed_on", "handoff_closed", "handoff_silent"]


def test_one_acknowledgement_and_then_silence() -> None:
    person = waiting().says("are you there?")
    assert person.said == ["handoff_heard"]
    for words in ("hello?", "my card is lost", "menu"):
        assert person.says(words, Understood(decision="lost-card")).replies == ()
    assert person.taps("o:move").replies == ()
    assert person.meets(SentFile("e", person_at(person), "m", "image")).replies == ()
    assert person.conversation.owner == WAITING


def person_at(person: Person):
    from talks import at

    return at(person.today)


def test_out_of_hours_the_next_opening_is_named_once_for_each() -> None:
    person = talking()
    assert person.says("thank you").replies == ()
    person.hour = time(23)
    assert person.says("and tomorrow?").said == ["handoff_closed"]
    assert person.says("hello?").replies == ()
    person.days_later(1).hour = time(8, 59)
    assert person.says("good morning").said == []
    person.hour = time(9)
    assert person.says("good morning").replies == ()
    person.hour = time(23, 30)
    assert person.says("one more thing").said == ["handoff_closed"]


@pytest.mark.parametrize("kind, is_kept", [("image", True), ("file", True), ("video", False)])
def test_pictures_and_files_are_kept_for_the_office_while_a_human_answers(
    kind: str, is_kept: bool
) -> None:
    person = talking()
    sent = SentFile("e", person_at(person), "m9", kind, "card.pdf", 77)
    person.meets(sent)
    assert person.requests == ((KeepFile("m9", "card.pdf", 77),) if is_kept else ())
    assert a_person().meets(sent).said == ["file_not_read", "menu"]


# ---------------------------------------------------------------- what is allowed


def test_danger_is_answered_also_while_a_human_speaks() -> None:
    person = talking().says("he hits me", Understood(safety="violence"))
    assert isinstance(person.last, Result)
    assert person.requests == (OpenCase("urgent"),)
    assert {b.kind for b in person.buttons} == {"link", "tap"}
    assert [b.tap for b in person.buttons if b.kind == "tap"] == WAYS
    assert person.conversation.owner == HUMAN


def test_a_message_can_be_taken_back_at_any_time() -> None:
    person = talking().meets(Unsent("e", person_at(talking()), "m7"))
    assert person.replies == () and person.requests == (ForgetMessage("m7"),)


def test_another_language_is_spoken_without_the_walk_speaking_up() -> None:
    person = talking().says("日本語")
    assert person.said == ["language_changed"] and person.conversation.language == "ja"
    person.says("language please", Understood(decision="language"))
    assert person.said == ["choose_language"]
    assert person.says("3").conversation.language == "vi"
    assert person.conversation.owner == HUMAN


def test_the_last_answer_can_be_shown_again() -> None:
    person = talking().taps("r:last-result")
    assert person.outcome and [b.tap for b in person.buttons] == WAYS
    person = a_person(today=MONDAY).taps("r:last-result")
    assert person.said == ["no_last_result"]


def test_the_person_takes_the_bot_back_and_the_case_stays() -> None:
    person = talking().says("back to the guide", Understood(decision="bot-again"))
    assert person.conversation.owner == BOT
    assert person.said[0] == "handoff_bot_again" and person.outcome
    assert person.requests == (OwnerChanged(BOT),)
    person.taps("r:human")  # all was told before: nothing is asked again
    assert person.conversation.owner == WAITING and person.said[0] == "handoff_passed_on"


def test_the_person_ends_the_request_and_may_say_how_it_went() -> None:
    person = talking().taps("r:end-request")
    assert person.conversation.owner == BOT and person.conversation.intake == {}
    assert person.said == ["handoff_ended", "handoff_how_it_went"]
    assert person.requests == (CloseCase("by_person"),)
    person.answers("well")
    assert person.said == ["handoff_rated", "menu"] and person.requests == (RateCase("well"),)


def test_closing_at_the_desk_asks_how_it_went_once_and_then_the_bot_greets() -> None:
    person = steps(talking(), "close")
    assert person.said == ["handoff_over", "handoff_how_it_went"]
    assert person.requests == (OwnerChanged(BOT),)
    assert steps(talking(), "close", tells=False).replies == ()
    assert steps(talking(), "time_out").replies == ()
    assert person.says("menu", Understood(decision="menu")).said == ["menu"]


def test_my_data_can_be_asked_for_by_button_during_a_handoff() -> None:
    person = talking().taps("r:delete-data")
    assert person.said == ["delete_confirm"]
    person.answers("yes")
    assert [type(r).__name__ for r in person.requests] == ["OpenCase"]
    assert DeleteEverything() not in person.requests
