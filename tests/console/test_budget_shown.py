"""The month's messages at the desk, where they are spent."""

import pytest
from desks import Desk

from bot import answering
from bot.store import budget, outbox
from bot.store.outbox import Ended


def keep(desk: Desk, most: int | None, used: int) -> None:
    with desk.database.write() as session:
        budget.keep(session, desk.clock.at, most, used)


def end_all(desk: Desk, state: str, error: str | None) -> None:
    """What LINE made of all that waits to be sent."""
    with desk.database.write() as session:
        while rows := outbox.take_due(session, "me", desk.clock.at, 50, alone=True):
            ends = [Ended(row, state, desk.clock.at, None, error) for row in rows]
            outbox.mark(session, ends)


@pytest.mark.parametrize(
    "most, used, said, is_low",
    [
        (200, 80, "80 of 200 used, 120 left", False),
        (200, 150, "150 of 200 used, 50 left. The bot leaves them to you.", True),
        (200, 230, "230 of 200 used, 0 left", True),
        (None, 7, "Messages sent this month: 7, without a limit", False),
    ],
)
def test_inbox_and_composer_say_what_is_left(
    desk: Desk, most: int | None, used: int, said: str, is_low: bool
):
    ito = desk.logged_in()
    assert "not known" in ito.get("/operators/").text
    case = desk.asks_for_a_person()
    keep(desk, most, used)
    answering.take_over(desk.house, case.id, ito.operator)
    for page in ("/operators/", f"/operators/cases/{case.number}"):
        text = ito.get(page).text
        assert said in " ".join(text.split()) and ('class="budget low"' in text) == is_low


def test_an_operator_is_told_in_words_that_the_month_is_used_up(desk: Desk):
    ito = desk.logged_in()
    case = desk.asks_for_a_person()
    keep(desk, 200, 199)
    answering.take_over(desk.house, case.id, ito.operator)
    end_all(desk, outbox.SENT, None)
    desk.clock.at += 300  # the reply token is too old: it would be a push
    page = f"/operators/cases/{case.number}"
    assert ito.post(f"{page}/say", {"text": "Xin chào"}).status_code == 302
    end_all(desk, outbox.GIVEN_UP, "monthly limit")
    with desk.database.write() as session:
        budget.note_refused(session, desk.clock.at)
    text = ito.get(page).text
    assert "not delivered: the number of messages that LINE sends in a month is reached" in text
    assert "LINE sends no more messages this month" in text and "Send again" in text
