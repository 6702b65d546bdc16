"""What goes wrong between LINE, the bot and its database: everybody is answered all the same."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from houses import SECRET, an_event, user
from sqlalchemy import create_engine, select, text
from wholes import Talker, Whole, a_whole, actions_of, locked, said, until

from bot.line.send import KEPT_FOR_STAFF
from bot.line.webhook import sign
from bot.simulator.people import Bubble
from bot.store import tables

Days = list[tuple[int, int]]
AMBIGUOUS: Days = [(3, 4), (5, 6), (7, 8), (2, 9), (1, 10), (4, 6), (2, 3), (5, 9), (6, 8), (3, 7)]
"""Days that may be read in two ways: the answer shows by its buttons what it answers."""


def at_the_day(whole: Whole, name: str = "Mai") -> Talker:
    """Somebody who is asked on which day the loss was noticed."""
    mai = whole.person("en", name)
    for tap in ("o:lost-card", "lost", "residence", "in_japan"):
        mai.tap(tap)
    assert mai.question == "noticed_on"
    return mai


def days_answered(person: Talker) -> Days:
    """Which of the ambiguous days were answered, in order."""
    return [day for bubble in person.answers() if (day := day_of(bubble)) is not None]


def day_of(bubble: Bubble) -> tuple[int, int] | None:
    days = [
        action["data"].rpartition(":")[2]
        for action in actions_of(bubble.message)
        if ":noticed_on:2" in action.get("data", "")
    ]
    found = {(min(pair), max(pair)) for d in days for pair in [(int(d[5:7]), int(d[8:10]))]}
    return found.pop() if len(days) == 2 and len(found) == 1 else None


def says_days(person: Talker, days: Days) -> None:
    for month, day in days:
        person.says(f"{month}/{day}")
        time.sleep(0.003)  # LINE's clock counts in milliseconds


def all_sent(whole: Whole) -> bool:
    return {row.state for row in whole.rows()} == {"sent"}


# ---------------------------------------------------------------- on the way in


def test_duplicates_in_another_order_and_redelivered_are_answered_once_and_in_order(
    database_url: str, tmp_path: Path
):
    with a_whole(database_url, tmp_path) as whole:
        mai, ken = at_the_day(whole), at_the_day(whole, "Ken")
        whole.stop_workers()
        faults = whole.line.faults
        faults.copies = 2
        faults.webhook("duplicate", 30)
        faults.webhook("redeliver", 30)
        for start in (0, 5):
            faults.webhook("shuffle", 10)
            says_days(mai, AMBIGUOUS[start : start + 5])
            says_days(ken, AMBIGUOUS[start : start + 5])
            assert whole.line.delivery.wait_idle(10)
        whole.start_worker()
        until(lambda: len(days_answered(mai)) == len(days_answered(ken)) == 10)
        assert days_answered(mai) == days_answered(ken) == AMBIGUOUS
        until(lambda: all_sent(whole))
        assert mai.hears_nothing() or len(days_answered(mai)) == 10


def test_while_the_worker_runs_each_of_shuffled_duplicates_is_answered_once(
    database_url: str, tmp_path: Path
):
    with a_whole(database_url, tmp_path) as whole:
        mai = at_the_day(whole)
        whole.line.faults.webhook("duplicate", 30)
        whole.line.faults.webhook("redeliver", 30)
        whole.line.faults.webhook("shuffle", 10)
        says_days(mai, AMBIGUOUS)
        until(lambda: len(days_answered(mai)) >= 10)
        assert whole.line.delivery.wait_idle(10)
        time.sleep(0.3)
        assert sorted(days_answered(mai)) == sorted(AMBIGUOUS)


def test_two_quick_taps_on_one_button_change_nothing(database_url: str, tmp_path: Path):
    with a_whole(database_url, tmp_path) as whole:
        mai = whole.person("en")
        mai.tap("o:lost-card")
        button = mai.button("lost")
        for _ in range(2):
            mai.does({"type": "postback", "data": button["data"]})
        mai.hears(2)
        assert [question_of(bubble) for bubble in mai.newest()] == ["card", "card"]
        mai.tap("residence")
        assert mai.question == "where_noticed"


def test_two_quick_different_taps_lead_to_the_later_one(database_url: str, tmp_path: Path):
    with a_whole(database_url, tmp_path) as whole:
        mai = whole.person("en")
        mai.tap("o:lost-card")
        lost, damaged = mai.button("lost"), mai.button("damaged")
        mai.does(lost)
        time.sleep(0.003)
        mai.does(damaged)
        mai.hears(2)
        mai.tap("residence")
        assert mai.question == "damage_kind"


def question_of(bubble: Bubble) -> str | None:
    for action in actions_of(bubble.message):
        kind, *parts = action.get("data", "").split(":")
        if kind in ("a", "g", "d"):
            return str(parts[2])
    return None


def test_a_button_of_three_days_ago_reopens_its_answer(database_url: str, tmp_path: Path):
    with a_whole(database_url, tmp_path) as whole:
        mai = whole.person("en")
        mai.tap("o:lost-card")
        stolen = mai.button("stolen")
        mai.tap("lost")
        mai.tap("residence")
        mai.tap("in_japan")
        yesterday = next(a for a in mai.buttons() if a.get("data", "").endswith("2026-11-18"))
        mai.does(yesterday)
        mai.hears()
        assert mai.question == "age_group"
        whole.clock.move(timedelta(days=3))
        mai.does(stolen)  # still in the chat
        mai.hears()
        assert mai.question == "age_group", "answers that still fit are kept"
        mai.does(yesterday)
        mai.hears()
        assert mai.question == "age_group"
        mai.type("my answers")
        assert "stolen" in said(mai.newest()).lower()
        whole.assert_line_refused_nothing()


def test_buttons_that_never_were_are_met_kindly(database_url: str, tmp_path: Path):
    with a_whole(database_url, tmp_path) as whole:
        mai = at_the_day(whole)
        for data in ("", "x", "a:lost-card", "a:lost-card:0:nothing:1", "o:nothing", "l:xx",
                     "a:nothing:0:x:y", "d:lost-card:0:card", "g:lost-card:0:card:x", "c:move:x",
                     "y:delete:yes", "w:lost-card:zz", "á:é", "r:" + "x" * 290):  # fmt: skip
            mai.does({"type": "postback", "data": data})
            mai.hears()
        mai.type("menu")
        mai.tap("r:continue")
        assert mai.question == "noticed_on"
        whole.assert_line_refused_nothing()


def test_a_batch_of_several_people_reaches_each_of_them(database_url: str, tmp_path: Path):
    with a_whole(database_url, tmp_path) as whole:
        people = [at_the_day(whole, f"P{number}") for number in range(4)]
        whole.line.faults.webhook("merge", 12)
        for month, day in AMBIGUOUS[:3]:
            for person in people:
                person.says(f"{month}/{day}")
            time.sleep(0.003)
        until(lambda: all(len(days_answered(p)) == 3 for p in people))
        assert all(days_answered(p) == AMBIGUOUS[:3] for p in people)
        assert len([sent for sent in whole.line.delivery.log if len(sent.event_ids) == 12]) == 1


@pytest.mark.parametrize(
    "fault, is_answered",
    [
        ("unknown event", False),
        ("unknown message", True),
        ("unknown mode", False),
        ("standby", False),
        ("no user id", False),
    ],
)
def test_kinds_that_nobody_knows_disturb_nobody(
    fault: str, is_answered: bool, database_url: str, tmp_path: Path
):
    with a_whole(database_url, tmp_path) as whole:
        mai = at_the_day(whole)
        whole.line.faults.webhook(fault)
        mai.says("yesterday")
        if is_answered:
            mai.hears()
            assert mai.question == "noticed_on"
        else:
            assert mai.hears_nothing(0.5)
        mai.type("yesterday")
        assert mai.question == "age_group"
        assert {sent.status for sent in whole.line.delivery.log} == {200}
        whole.assert_line_refused_nothing()


def test_an_unknown_sticker_is_a_sticker(database_url: str, tmp_path: Path):
    with a_whole(database_url, tmp_path) as whole:
        mai = at_the_day(whole)
        whole.line.faults.webhook("unknown sticker")
        mai.sends_sticker()
        mai.hears()
        assert mai.question == "noticed_on"


@pytest.mark.parametrize("fault", ["bad signature", "no signature"])
def test_a_wrong_signature_is_400_and_changes_nothing(
    fault: str, database_url: str, tmp_path: Path
):
    with a_whole(database_url, tmp_path) as whole:
        mai = at_the_day(whole)
        kept = whole.count(tables.inbox)
        whole.line.faults.webhook(fault)
        mai.says("yesterday")
        assert mai.hears_nothing(0.4)
        assert whole.line.delivery.log[-1].status == 400
        assert whole.count(tables.inbox) == kept
        mai.type("yesterday")
        assert mai.question == "age_group"


def test_one_bad_event_of_a_batch_does_not_lose_the_others(database_url: str, tmp_path: Path):
    with a_whole(database_url, tmp_path) as whole:
        mai = at_the_day(whole)
        good = an_event("yesterday", at=whole.clock())
        good["source"]["userId"] = mai.id
        good["replyToken"] = whole.line.platform.tokens.issue(mai.id, whole.clock())
        whole.line.platform.tokens.start(good["replyToken"], whole.clock(), False)
        events = [None, 7, {}, {"type": "message"}, an_event(timestamp="soon"), good, {"mode": []}]
        body = json.dumps({"destination": "U0", "events": events}).encode()
        assert whole.line.delivery.send_raw(body, sign(SECRET, body)).status == 200
        mai.hears()
        assert mai.question == "age_group"


def test_somebody_unknown_to_line_costs_nothing(database_url: str, tmp_path: Path):
    """A user id of nowhere: rightly signed, never answered by LINE, and nobody else waits."""
    with a_whole(database_url, tmp_path) as whole:
        mai = at_the_day(whole)
        body = json.dumps({"events": [an_event("hello", 77, at=whole.clock())]}).encode()
        assert user(77).encode() in body
        assert whole.line.delivery.send_raw(body, sign(SECRET, body)).status == 200
        mai.type("yesterday")
        assert mai.question == "age_group"
        until(lambda: all_sent(whole))


# ---------------------------------------------------------------- the database


def break_connections(whole: Whole) -> None:
    """PostgreSQL ends all connections of the bot, as a restart of the server does."""
    engine = create_engine(whole.settings.database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    engine.dispose()


def test_a_database_that_is_locked_for_ten_seconds_loses_nothing(database_url: str, tmp_path: Path):
    with a_whole(database_url, tmp_path) as whole:
        mai = at_the_day(whole)
        with locked(database_url):
            end = time.monotonic() + 10
            for month, day in AMBIGUOUS[:6]:
                mai.says(f"{month}/{day}")
                time.sleep(0.8)
            assert whole.line.delivery.wait_idle(8)
            assert days_answered(mai) == []
            time.sleep(max(0.0, end - time.monotonic()))
        says_days(mai, AMBIGUOUS[6:])
        until(lambda: len(days_answered(mai)) >= 10, 20, "not all were answered")
        assert {sent.status for sent in whole.line.delivery.log} == {200}
        assert max(sent.seconds for sent in whole.line.delivery.log) < 2
        time.sleep(0.3)
        assert days_answered(mai) == AMBIGUOUS
        until(lambda: all_sent(whole))
        assert {row.via for row in whole.rows()} == {"reply"}


@pytest.mark.postgres
def test_connections_that_break_lose_nothing(postgres_url: str, tmp_path: Path):
    with a_whole(postgres_url, tmp_path) as whole:
        mai = at_the_day(whole)
        for month, day in AMBIGUOUS:
            mai.says(f"{month}/{day}")
            break_connections(whole)
            time.sleep(0.1)
        until(lambda: len(days_answered(mai)) >= 10, 20, "not all were answered")
        assert {sent.status for sent in whole.line.delivery.log} == {200}
        time.sleep(0.3)
        assert sorted(days_answered(mai)) == sorted(AMBIGUOUS)


@pytest.mark.postgres
def test_a_server_that_is_away_for_ten_seconds_loses_nothing(postgres_url: str, tmp_path: Path):
    """No connection is let in, and those there are end: a restart of PostgreSQL."""
    with a_whole(postgres_url, tmp_path) as whole:
        mai = at_the_day(whole)
        name = postgres_url.rpartition("/")[2]
        server = create_engine(
            postgres_url.rpartition("/")[0] + "/postgres", isolation_level="AUTOCOMMIT"
        )
        with server.connect() as connection:
            connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
            connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :n"),
                {"n": name},
            )
            end = time.monotonic() + 10
            for month, day in AMBIGUOUS[:6]:
                mai.says(f"{month}/{day}")
                time.sleep(0.5)
            assert whole.line.delivery.wait_idle(8)
            time.sleep(max(0.0, end - time.monotonic()))
            connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))
        server.dispose()
        says_days(mai, AMBIGUOUS[6:])
        until(lambda: len(days_answered(mai)) >= 10, 20, "not all were answered")
        assert {sent.status for sent in whole.line.delivery.log} == {200}
        time.sleep(0.3)
        assert days_answered(mai) == AMBIGUOUS


# ---------------------------------------------------------------- on the way out

REPLY, PUSH = "/message/reply", "/message/push"


def set_up_500(whole: Whole) -> None:
    whole.line.faults.api("status", REPLY, status=500, times=3)


def set_up_rate(whole: Whole) -> None:
    whole.line.faults.api("status", REPLY, status=429, times=3)


def set_up_nothing(whole: Whole) -> None:
    # The bot of these tests waits one second for an answer.
    whole.line.faults.api("delay", REPLY, milliseconds=1_600, times=1)


def set_up_cut_before(whole: Whole) -> None:
    whole.line.faults.api("cut before", REPLY, times=3)


def set_up_cut_after(whole: Whole) -> None:
    whole.line.faults.api("cut after", REPLY, times=3)


@pytest.mark.parametrize(
    "set_up", [set_up_500, set_up_rate, set_up_nothing, set_up_cut_before, set_up_cut_after]
)
def test_whatever_line_answers_each_message_arrives_once_and_in_order(
    set_up: Callable[[Whole], None], database_url: str, tmp_path: Path
):
    with a_whole(database_url, tmp_path) as whole:
        mai = at_the_day(whole)
        set_up(whole)
        says_days(mai, AMBIGUOUS[:5])
        until(lambda: len(days_answered(mai)) >= 5, 15)
        until(lambda: all_sent(whole), 15)
        time.sleep(0.2)
        assert days_answered(mai) == AMBIGUOUS[:5]
        assert whole.counted().get("outbox_unclear", 0) == 0
        assert whole.alarms == []


def test_nobody_waits_for_somebody_whom_line_does_not_answer(database_url: str, tmp_path: Path):
    with a_whole(database_url, tmp_path) as whole:
        mai, ken = at_the_day(whole), at_the_day(whole, "Ken")
        whole.line.faults.api("delay", REPLY, milliseconds=900, times=1)
        mai.says("3/4")
        until(lambda: not whole.line.faults.shown()["api"])
        start = time.monotonic()
        ken.type("5/6")
        assert time.monotonic() - start < 0.7
        mai.hears()


def test_after_the_token_died_an_answer_is_pushed_once(database_url: str, tmp_path: Path):
    """The worker was away for two minutes."""
    with a_whole(database_url, tmp_path) as whole:
        mai = at_the_day(whole)
        whole.stop_workers()
        says_days(mai, AMBIGUOUS[:3])
        assert whole.line.delivery.wait_idle(5)
        whole.clock.move(timedelta(minutes=2))
        whole.line.faults.api("cut after", PUSH, times=2)
        whole.line.faults.api("status", PUSH, status=500, times=2)
        whole.start_worker()
        until(lambda: len(days_answered(mai)) >= 3, 15)
        until(lambda: all_sent(whole), 15)
        time.sleep(0.2)
        assert days_answered(mai) == AMBIGUOUS[:3]
        assert [row.via for row in whole.rows()][-3:] == ["push"] * 3
        assert whole.line.platform.consumption() == 3


def test_over_the_monthly_limit_replies_still_go_out_and_the_office_hears_of_the_rest(
    database_url: str, tmp_path: Path
):
    with a_whole(database_url, tmp_path, monthly_limit=0) as whole:
        mai = at_the_day(whole)
        whole.stop_workers()
        says_days(mai, AMBIGUOUS[:2])
        assert whole.line.delivery.wait_idle(5)
        whole.clock.move(timedelta(minutes=2))
        whole.start_worker()
        until(lambda: whole.counted().get("outbox_given_up", 0) == 2, 15)
        # LINE refused them, or the worker knew the month's number before it tried.
        kept = _not_tried(whole)
        told = [("monthly_reserve", [])] * min(kept, 1) + [("monthly_limit", [])] * (2 - kept)
        assert sorted(whole.alarms) == sorted(told)
        assert days_answered(mai) == []
        mai.type("5/6")  # a reply is free
        assert days_answered(mai) == [(5, 6)]


def _not_tried(whole: Whole) -> int:
    """Messages that the worker did not even try, because the month's number is reached."""
    with whole.database.read() as session:
        rows = session.connection.execute(select(tables.outbox.c.error)).scalars()
        return sum(error == KEPT_FOR_STAFF for error in rows)


def is_cut_off(whole: Whole, mai: Talker, act: Callable[[], object]) -> None:
    """LINE accepts the reply to `act`, the line is cut, and the worker is away too long."""
    whole.line.faults.api("cut after", REPLY)
    act()
    mai.hears()
    whole.stop_workers()
    whole.clock.move(timedelta(minutes=2))
    whole.line.faults.clear()
    whole.start_worker()
    until(lambda: "due" not in states(whole), 20)


def test_a_reply_whose_fate_is_unknown_is_counted_and_not_repeated(
    database_url: str, tmp_path: Path
):
    with a_whole(database_url, tmp_path) as whole:
        mai = at_the_day(whole)
        is_cut_off(whole, mai, lambda: mai.says("3/4"))
        assert states(whole)[-1] == "unclear"
        until(lambda: whole.counted().get("outbox_unclear") == 1)
        assert mai.type("5/6")
        assert days_answered(mai) == [(3, 4), (5, 6)]


def test_what_must_arrive_is_pushed_once_more_and_counted(database_url: str, tmp_path: Path):
    with a_whole(database_url, tmp_path) as whole:
        mai = at_the_day(whole)
        is_cut_off(whole, mai, lambda: mai.says("export my data"))
        last = whole.rows()[-1]
        assert (last.state, last.via) == ("sent", "push")
        until(lambda: whole.counted().get("outbox_unclear") == 1)
        links = [b for b in mai.answers() for a in actions_of(b.message) if a["type"] == "uri"]
        assert len(links) == 2
        assert whole.line.platform.consumption() == 1


def states(whole: Whole) -> list[Any]:
    return [row.state for row in whole.rows()]


def test_a_blocked_account_costs_no_push_and_no_alarm(database_url: str, tmp_path: Path):
    with a_whole(database_url, tmp_path) as whole:
        mai = at_the_day(whole)
        whole.stop_workers()
        mai.says("3/4")
        mai.blocks()
        assert whole.line.delivery.wait_idle(5)
        whole.start_worker()
        until(lambda: "due" not in states(whole), 10)
        assert whole.line.platform.consumption() == 0
        assert whole.alarms == []
