"""No wait without an end; and a desk whose office answers in LINE's own chat."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desks import Desk
from houses import settings_for

from bot import answering
from bot.answering import NotDone
from bot.opening import Content
from bot.store import case_log, cases, conversations, outbox
from bot.store.database import Database
from bot.upkeep import end_waits

DAY = 86_400.0


@pytest.fixture
def manager(database_url: str, tmp_path: Path, content: Content) -> Iterator[Desk]:
    settings = settings_for(database_url, tmp_path, staff_channel="manager")
    database = Database.of(settings)
    found = Desk(settings, database, content)
    yield found
    found.app.close()
    database.close()


def ends(desk: Desk) -> None:
    """The worker looks whose wait must end."""
    end_waits(desk.house, desk.settings)


def owner(desk: Desk, number: int = 1) -> str:
    person = desk.person(number)
    with desk.database.read() as session:
        stored = conversations.load(session, (person,))[person]
    assert stored.conversation is not None
    return stored.conversation.owner


def said(desk: Desk, number: int = 1) -> str:
    return json.dumps(desk.sent(number), ensure_ascii=False)


def told(desk: Desk, case_id: str) -> int:
    with desk.database.read() as session:
        return sum(one.kind == "unanswered" for one in case_log.of_case(session, case_id))


def test_who_waits_for_five_days_is_told_once_and_the_case_stays(desk: Desk):
    case = desk.asks_for_a_person(language="en")
    desk.sent()
    desk.clock.at += 4.9 * DAY
    desk.says("still there?")
    desk.sent()
    ends(desk)
    assert owner(desk) == "waiting" and told(desk, case.id) == 0
    desk.clock.at += 0.2 * DAY
    for _ in range(3):
        ends(desk)
    words = said(desk)
    phone = str(desk.content.library.office["phone"])
    assert words.count("has answered you yet") == 1 and phone in words
    assert owner(desk) == "bot" and told(desk, case.id) == 1
    assert desk.case().state == cases.OPEN and desk.case().waiting_since is not None
    ito = desk.logged_in()
    assert "the wait was ended" in ito.get(f"/operators/cases/{case.number}").text


def test_who_asks_again_has_five_days_again(desk: Desk):
    case = desk.asks_for_a_person(language="en")
    desk.clock.at += 5.1 * DAY
    ends(desk)
    desk.clock.at += 4 * DAY
    desk.taps("r:human")
    assert owner(desk) == "waiting"
    desk.clock.at += 4.9 * DAY
    ends(desk)
    assert owner(desk) == "waiting"
    desk.clock.at += 0.2 * DAY
    ends(desk)
    assert owner(desk) == "bot" and told(desk, case.id) == 2


def test_who_was_answered_does_not_wait_and_who_was_only_taken_over_does(desk: Desk):
    answered, taken = desk.asks_for_a_person(1, "en"), desk.asks_for_a_person(2, "en")
    ito = desk.operator("ito")
    for case in (answered, taken):
        answering.take_over(desk.house, case.id, ito)
    answering.say_as_operator(desk.house, answered.id, ito, ["Good morning"])
    desk.clock.at += 5.1 * DAY
    ends(desk)
    assert (owner(desk, 1), owner(desk, 2)) == ("human", "bot")
    assert desk.case(2).operator == ito  # it is still in hand
    taken_again = answering.take_over(desk.house, taken.id, ito)
    assert not isinstance(taken_again, NotDone) and owner(desk, 2) == "human"


def test_an_answer_at_the_last_moment_is_not_contradicted(desk: Desk):
    case = desk.asks_for_a_person(language="en")
    ito = desk.operator("ito")
    desk.clock.at += 5.1 * DAY
    answering.take_over(desk.house, case.id, ito)
    answering.say_as_operator(desk.house, case.id, ito, ["Here I am"])
    result = answering.end_wait(desk.house, case.id, desk.clock.at - 5 * DAY)
    assert isinstance(result, NotDone) and owner(desk) == "human" and told(desk, case.id) == 0


# ---------------------------------------------------------------- LINE's own chat


def test_the_page_says_where_to_answer_and_offers_nothing_else(manager: Desk):
    case = manager.asks_for_a_person(language="en")
    ito = manager.logged_in()
    page = f"/operators/cases/{case.number}"
    text = ito.get(page).text
    assert "answers in LINE&#39;s own chat" in text and "72 hours" in text
    assert "Take over and answer" not in text
    assert ito.post(f"{page}/take").status_code == 302
    text = ito.get(page).text
    assert '<textarea id="text"' not in text and "Let the bot speak" in text
    answer = ito.post(f"{page}/say", {"text": "hello from here"})
    assert answer.status_code == 409 and "LINE&#39;s own chat, not here" in answer.text
    assert "hello from here" not in said(manager)
    assert ito.post(f"{page}/release").status_code == 302 and owner(manager) == "bot"
    assert "Take the case, and it is silent" in ito.get(page).text


def test_every_way_to_speak_from_the_desk_is_closed(manager: Desk):
    case = manager.asks_for_a_person(language="en")
    ito = manager.operator("ito")
    answering.take_over(manager.house, case.id, ito)
    for result in (
        answering.say_as_operator(manager.house, case.id, ito, ["hello"]),
        answering.repeat(manager.house, case.id, ito, "any"),
    ):
        assert isinstance(result, NotDone) and result.why == answering.ELSEWHERE


def test_the_bot_comes_back_after_three_silent_days(manager: Desk):
    case = manager.asks_for_a_person(language="en")
    manager.sent()
    for _ in range(3):
        manager.clock.at += 2 * DAY
        manager.says("thank you, I will send it")
        ends(manager)
    assert owner(manager) == "waiting" and said(manager) == "[]"
    manager.clock.at += 3.1 * DAY
    ends(manager)
    ends(manager)
    with manager.database.write() as session:
        [row] = outbox.take_due(session, "me", manager.clock.at, 9, alone=True)
    assert b"The guide answers again" in row.messages and not row.must_arrive
    assert owner(manager) == "bot" and manager.case().state == cases.OPEN
    assert told(manager, case.id) == 1


def test_the_person_brings_the_bot_back(manager: Desk):
    manager.asks_for_a_person(language="en")
    manager.taps("r:bot-again")
    assert owner(manager) == "bot" and "The guide answers again" in said(manager)


def test_settings_want_a_known_channel_and_an_end():
    from bot.settings import Settings, WrongSettings

    for given in ({"STAFF_CHANNEL": "phone"}, {"WAITING_DAYS": "0"}, {"MANAGER_SILENT_HOURS": "0"}):
        with pytest.raises(WrongSettings, match=next(iter(given))):
            Settings.from_environment(given)
    found: Any = Settings.from_environment({"STAFF_CHANNEL": "manager"})
    assert found.staff_channel == "manager"
