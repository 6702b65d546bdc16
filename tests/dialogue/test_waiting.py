"""The end of a long wait, and offices that answer in LINE's own chat."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from talks import Person, a_person, at, lost_in_japan

from bot.dialogue.conversation import BOT, HUMAN, WAITING
from bot.dialogue.events import HandoffStep, SentFile, SentSticker
from bot.dialogue.replies import Paragraphs
from bot.dialogue.requests import KeepFile, OpenCase, OwnerChanged
from bot.dialogue.understood import Understood

MONDAY = date(2026, 11, 30)


def waiting(*, in_manager: bool = False, hour: time = time(12)) -> Person:
    person = lost_in_japan(a_person(today=MONDAY, hour=hour))
    person.in_manager = in_manager
    person.taps("r:human").taps(person.buttons[-2].tap).taps(person.buttons[0].tap)
    person.open_case = True
    assert person.conversation.owner == WAITING
    return person


def told(person: Person) -> list[str]:
    found = []
    for reply in person.replies:
        assert isinstance(reply, Paragraphs)
        found += [text.sentence.address.removeprefix("talk/") for text in reply.texts]
    return found


def ends(person: Person, *, tells: bool = True) -> Person:
    return person.meets(HandoffStep("e", at(person.today), "unanswered", tells))


@pytest.mark.parametrize("owner", [WAITING, HUMAN])
@pytest.mark.parametrize(
    "in_manager, said", [(False, "handoff_unanswered"), (True, "handoff_manager_over")]
)
def test_a_long_wait_ends_with_phone_and_hours_and_the_bot_speaks(
    owner: str, in_manager: bool, said: str
):
    person = waiting(in_manager=in_manager)
    person.conversation = replace(person.conversation, owner=owner)
    ends(person)
    assert told(person) == [said, "person"]
    assert person.replies[0].texts[1].params["phone"]  # type: ignore[union-attr]
    assert [button.tap for button in person.buttons] == ["r:human", "r:menu"]
    assert person.conversation.owner == BOT and person.requests == (OwnerChanged(BOT),)


def test_who_asks_again_after_it_is_not_questioned_again():
    person = ends(waiting())
    person.taps("r:human")
    assert person.conversation.owner == WAITING
    assert any(isinstance(request, OpenCase) and request.intake for request in person.requests)


def test_who_blocked_us_or_has_the_bot_already_is_told_nothing():
    assert ends(waiting(), tells=False).replies == ()
    person = waiting()
    person.taps("r:bot-again")
    assert ends(person).replies == () and person.conversation.owner == BOT


# ---------------------------------------------------------------- LINE's own chat


def test_in_lines_own_chat_nothing_is_promised_that_the_bot_cannot_see():
    assert told(waiting(in_manager=True)) == [
        "handoff_passed_on",
        "handoff_open",
        "handoff_manager",
    ]
    assert told(waiting()) == ["handoff_passed_on", "handoff_open", "handoff_silent"]


@pytest.mark.parametrize("hour", [time(12), time(23)])
@pytest.mark.parametrize("owner", [WAITING, HUMAN])
def test_in_lines_own_chat_the_bot_says_nothing_at_all(owner: str, hour: time):
    person = waiting(in_manager=True, hour=hour)
    person.conversation = replace(person.conversation, owner=owner)
    for day in range(12):  # over weekends, too
        person.today = MONDAY + timedelta(days=day)
        person.says("hello?")
        assert person.replies == ()
        person.says("what does a renewal cost", Understood(decision="menu"))
        assert person.replies == ()
        person.meets(SentSticker("s", at(person.today), "m"))
        assert person.replies == ()
    person.meets(SentFile("f", at(person.today), "m9", "image"))
    assert person.replies == () and person.requests == (KeepFile("m9"),)


def test_danger_and_the_way_back_work_in_lines_own_chat_as_everywhere():
    person = waiting(in_manager=True)
    person.says("he hits me", Understood(safety="violence"))
    assert person.replies and person.conversation.owner == WAITING
    person.taps("r:human")
    assert told(person)[0] == "handoff_heard"
    person.conversation = replace(person.conversation, owner=HUMAN)
    person.taps("r:human")
    assert told(person)[0] == "handoff_manager"
    person.says("back to the guide", Understood(decision="bot-again"))
    assert person.conversation.owner == BOT and person.replies
