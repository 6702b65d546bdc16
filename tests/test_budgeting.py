"""The month's messages: asked for rarely, kept, and the last ones left to the office."""

import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from houses import SECRET, Clock, a_house, settings_for
from sqlalchemy import insert, select

from bot.budgeting import EVERY, Budgeting
from bot.line.api import Answer, LineApi, NoAnswer, NotSent
from bot.line.incoming import TOKYO
from bot.line.quota import Quota, ask_quota
from bot.line.send import KEPT_FOR_STAFF
from bot.simulator.server import Simulator
from bot.store import budget, outbox, tables
from bot.store.database import Database
from bot.store.outbox import Row
from bot.worker import Worker

NOON = datetime(2026, 11, 30, 12, tzinfo=TOKYO).timestamp()


@dataclass
class Line:
    """LINE's two answers, or what breaks instead."""

    limit: Any = field(default_factory=lambda: {"type": "limited", "value": 200})
    used: Any = field(default_factory=lambda: {"totalUsage": 120})
    status: int = 200
    asked: int = 0

    def call(self, _method: str, path: str) -> Answer:
        self.asked += 1
        found = self.used if path.endswith("consumption") else self.limit
        if isinstance(found, Exception):
            raise found
        return Answer(self.status, orjson.dumps(found))


@dataclass
class Office:
    database: Database
    line: Line = field(default_factory=Line)
    clock: Clock = field(default_factory=lambda: Clock(NOON))

    def __post_init__(self) -> None:
        self.budgeting = self.another()

    def another(self, reserve: int = 50) -> Budgeting:
        return Budgeting(self.database, self.line, self.clock, reserve)  # type: ignore[arg-type]

    @property
    def known(self) -> budget.Budget | None:
        with self.database.read() as session:
            return budget.read(session, self.clock.at)


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    database = Database.of(settings_for(database_url, tmp_path))
    yield Office(database)
    database.close()


def test_line_is_asked_once_in_ten_minutes_whatever_it_answers(office: Office):
    assert office.budgeting.step() and not office.budgeting.step()
    assert office.known == budget.Budget(200, 120, NOON) and office.line.asked == 2
    office.clock.at += EVERY
    office.line.status = 500
    assert office.budgeting.step() and not office.budgeting.step()
    assert office.known == budget.Budget(200, 120, NOON)  # what was known last


def test_two_workers_ask_once(office: Office):
    office.budgeting.step()
    assert not office.another().step() and office.line.asked == 2


@pytest.mark.parametrize(
    "limit, used",
    [
        ({"type": "limited"}, {"totalUsage": 1}),
        ({"type": "limited", "value": True}, {"totalUsage": 1}),
        ({"type": "limited", "value": -1}, {"totalUsage": 1}),
        ({"type": "limited", "value": 2**63}, {"totalUsage": 1}),
        ({"type": "some new kind", "value": 5}, {"totalUsage": 1}),
        ({"type": "none"}, {"totalUsage": "many"}),
        ({"type": "none"}, {}),
        ([], {"totalUsage": 1}),
        (NotSent("refused"), {"totalUsage": 1}),
        ({"type": "none"}, NoAnswer("silence")),
    ],
)
def test_an_answer_that_makes_no_sense_is_no_number(office: Office, limit: Any, used: Any):
    office.line.limit, office.line.used = limit, used
    assert ask_quota(office.line) is None  # type: ignore[arg-type]
    office.budgeting.step()
    assert office.known is None and office.budgeting.leaves_reserve()


def test_without_a_limit_nothing_is_kept_back(office: Office):
    office.line.limit = {"type": "none"}
    assert ask_quota(office.line) == Quota(None, 120)  # type: ignore[arg-type]
    office.budgeting.step()
    assert office.known is not None
    assert office.known.left is None and office.budgeting.leaves_reserve()


def test_what_was_pushed_since_counts_until_line_is_asked_again(office: Office):
    office.line.used = {"totalUsage": 148}
    office.budgeting.step()
    assert office.budgeting.leaves_reserve()  # 52 are left
    office.budgeting.note_push()
    office.budgeting.note_push()
    assert not office.budgeting.leaves_reserve()
    office.clock.at += EVERY
    office.budgeting.step()  # LINE has not counted them, so they were not counted
    assert office.budgeting.leaves_reserve()


def test_a_refusal_stands_for_the_month_until_line_tells_of_another_limit(office: Office):
    office.budgeting.step()
    office.budgeting.note_refused()
    office.budgeting.step()
    assert office.known is not None and office.known.left == 0
    assert not office.budgeting.leaves_reserve()
    office.clock.at += EVERY
    office.budgeting.step()
    assert not office.budgeting.leaves_reserve()
    office.clock.at += EVERY
    office.line.limit = {"type": "limited", "value": 5000}
    office.budgeting.step()
    assert office.budgeting.leaves_reserve()


def test_two_workers_may_keep_the_first_numbers_of_a_month(office: Office):
    both = threading.Barrier(2)

    def keep(used: int) -> None:
        with office.database.write() as session:
            if not office.database.is_sqlite:  # there one writes at a time
                both.wait(10)
            budget.keep(session, office.clock.at, 200, used)

    workers = [threading.Thread(target=keep, args=(used,)) for used in (120, 121)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    known = office.known
    assert known is not None and known.most == 200 and known.used in (120, 121)


def test_a_new_month_begins_at_midnight_in_japan(office: Office):
    office.budgeting.step()
    office.clock.at = datetime(2026, 12, 1, 0, 0, 1, tzinfo=TOKYO).timestamp()
    assert office.known is None
    office.line.used = {"totalUsage": 0}
    office.budgeting.step()
    assert office.known is not None and office.known.left == 200


def test_the_office_is_told_once_a_month_that_messages_are_kept_back(office: Office):
    told = [office.budgeting.is_first_kept_back() for _ in range(3)]
    office.clock.at = datetime(2026, 12, 1, 0, 0, 1, tzinfo=TOKYO).timestamp()
    told += [office.budgeting.is_first_kept_back() for _ in range(3)]
    assert told == [True, False, False, True, False, False]


# ---------------------------------------------------------------- with a worker


def test_below_the_reserve_only_the_office_and_what_must_arrive_is_pushed(
    database_url: str, tmp_path: Path
):
    settings = settings_for(database_url, tmp_path, staff_message_reserve=50)
    database = Database.of(settings)
    with Simulator("http://127.0.0.1:9/callback", SECRET, "test-token", monthly_limit=51) as line:
        people = {number: line.platform.add_person(f"P{number}") for number in range(1, 6)}
        alarms: list[str] = []
        api = LineApi(line.url, "test-token", connect=1.0, read=1.0)
        house = a_house(database, alarm=lambda name, _properties: alarms.append(name))
        worker = Worker(house, api, settings, threading.Event())
        worker._budget.step()
        now = time.time()
        rows = [
            a_row("free", people[1].id, now, speaker=outbox.BOT),
            a_row("chatter", people[2].id, now, speaker=outbox.BOT),
            a_row("must", people[3].id, now, speaker=outbox.BOT, must_arrive=True),
            a_row("office", people[4].id, now, speaker=outbox.OPERATOR, operator="ito"),
            a_row("more", people[5].id, now, speaker=outbox.BOT),
        ]
        with database.write() as session:
            outbox.put(session, rows[:1], now, {})
        run_until(worker, lambda: states(database, rows[:1]) == ["sent"])
        with database.write() as session:
            outbox.put(session, rows[1:], now, {})
            session.connection.execute(
                insert(tables.conversations).values(
                    person=rows[3].person, user_id=b"", state=b"", position=1, owner="human",
                    created_at=now, updated_at=now,
                )
            )  # fmt: skip
        run_until(worker, lambda: "due" not in states(database, rows))
        assert states(database, rows) == ["sent", "given_up", "sent", "sent", "given_up"]
        with database.read() as session:
            asked = select(tables.outbox.c.error).where(tables.outbox.c.id == rows[1].id)
            assert session.connection.execute(asked).scalar() == KEPT_FOR_STAFF
            assert outbox.read_counters(session)["kept_for_staff"] == 2
        assert alarms == ["monthly_reserve"]
        worker.close()
    database.close()


def a_row(name: str, user_id: str, now: float, **more: Any) -> Row:
    return Row(
        str(uuid.uuid4()), f"person-{name}", 1, None, user_id, None, now,
        orjson.dumps([{"type": "text", "text": name}]), **{"must_arrive": False, **more},
    )  # fmt: skip


def states(database: Database, rows: list[Row]) -> list[str]:
    with database.read() as session:
        found = session.connection.execute(select(tables.outbox.c.id, tables.outbox.c.state))
        by_id = {row.id: row.state for row in found}
    return [by_id[row.id] for row in rows]


def run_until(worker: Worker, is_so: Any, patience: float = 8.0) -> None:
    until = time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < until, "it did not happen"
        worker.step()
        time.sleep(0.02)
    worker.tally.keep(worker.house.database)
