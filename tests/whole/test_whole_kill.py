"""kill -9 at random points under load: nothing lost, nothing doubled, order kept.

Web and worker are real processes; a supervisor starts them again at once. People write days
that can be read in two ways (3/4), so that every answer tells by its two buttons which message
it answers. What counts is what stands in the chats at the end.
"""

import base64
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from houses import KEY, SECRET, settings_for
from sqlalchemy import func, select, update
from wholes import ROOT, TOKEN, Talker, actions_of, locked, until

from bot.settings import Settings
from bot.simulator.people import Bubble
from bot.simulator.server import Simulator
from bot.store import outbox, tables
from bot.store.database import Database

DAYS = [(month, day) for month in range(1, 13) for day in range(month + 1, 13)]
"""Month and day that may as well be day and month: 66 of them."""

Key = tuple[int, int]


class Process:
    """`python -m bot <command>`, started again whenever it ends, until `stop`."""

    def __init__(self, command: str, environment: dict[str, str], folder: Path) -> None:
        self._command = [sys.executable, "-m", "bot", command]
        self._environment, self._folder = environment, folder
        self._log: IO[bytes] = (folder / f"{command}.log").open("ab")
        self.lives = 0
        self._may_live = threading.Event()
        self._may_live.set()
        self._is_over = False
        self._process: subprocess.Popen[bytes] | None = None
        self._supervisor = threading.Thread(target=self._supervise, daemon=True)
        self._supervisor.start()

    def _supervise(self) -> None:
        while not self._is_over:
            self._may_live.wait()
            if self._is_over:
                return
            self._process = subprocess.Popen(
                self._command, env=self._environment, cwd=self._folder,
                stdout=self._log, stderr=self._log, start_new_session=True,
            )  # fmt: skip
            self.lives += 1
            self._process.wait()

    def kill(self) -> None:
        """kill -9 the process and all that it started."""
        process = self._process
        if process is not None and process.poll() is None:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def keep_down(self) -> None:
        self._may_live.clear()
        self.kill()
        until(lambda: self._process is None or self._process.poll() is not None)

    def let_live(self) -> None:
        self._may_live.set()

    def stop(self) -> None:
        self._is_over = True
        self._may_live.set()
        self.kill()
        self._supervisor.join(10)
        self._log.close()


class Town:
    """The processes, LINE, and a dozen people with an open question about a day."""

    def __init__(self, url: str, folder: Path, people: int, seed: int) -> None:
        self.chance = random.Random(seed)
        self.settings: Settings = settings_for(url, folder)
        self.database = Database.of(self.settings)
        self.port = a_free_port()
        self.line = Simulator(f"http://127.0.0.1:{self.port}/callback", SECRET, TOKEN)
        self.line.delivery.log = deque()  # all of it counts
        self.line.faults.redelivery = True
        self.line.faults.redelivery_after = 3.0
        self.line.start()
        environment = self._environment(folder)
        self.web = Process("web", environment, folder)
        self.worker = Process("worker", environment, folder)
        self.people = [
            Talker(self.line, self.line.user(f"P{number}").id) for number in range(people)
        ]
        self.written: dict[str, list[tuple[str, Key]]] = {p.id: [] for p in self.people}
        self.left = {person.id: self.chance.sample(DAYS, len(DAYS)) for person in self.people}

    def _environment(self, folder: Path) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {
            **kept,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "ENVIRONMENT": "test",
            "DATABASE_URL": self.settings.database_url,
            "DATA_KEYS": base64.b64encode(KEY).decode(),
            "LINE_CHANNEL_SECRETS": SECRET,
            "LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
            "LINE_API_BASE": self.line.url,
            "LINE_DATA_API_BASE": self.line.url,
            "PORT": str(self.port),
            "SPOOL_DIR": str(folder / "spool"),
            "LOG_LEVEL": "WARNING",
        }

    def settle_down(self) -> None:
        """Everybody stands before the question when the loss was noticed."""
        until(lambda: answers_on(self.port), 20, "the web process does not come up")
        for person in self.people:
            person.says("hello")
        for person in self.people:
            person.hears(1, timeout=30)
            person.tap("l:en")
        for tap in ("o:lost-card", "lost", "residence", "in_japan"):
            for person in self.people:
                person.tap(tap)
        assert {person.question for person in self.people} == {"noticed_on"}

    def somebody_writes(self) -> None:
        person = self.chance.choice([p for p in self.people if self.left[p.id]])
        key = self.left[person.id].pop()
        bubble = person.says(f"{key[0]}/{key[1]}")
        self.written[person.id].append((bubble.id, key))

    def load(self, seconds: float, kills: int) -> None:
        """People write all the time; web and worker die at random moments."""
        end = time.monotonic() + seconds
        pause = seconds / sum(len(left) for left in self.left.values())
        dies_at = sorted(
            time.monotonic() + self.chance.uniform(0.5, seconds - 0.5) for _ in range(kills)
        )
        while time.monotonic() < end and any(self.left.values()):
            self.somebody_writes()
            if dies_at and time.monotonic() >= dies_at[0]:
                dies_at.pop(0)
                self.chance.choice((self.web, self.worker, self.worker)).kill()
            time.sleep(pause * self.chance.uniform(0.3, 1.5))

    def has_settled(self) -> bool:
        delivery = self.line.delivery
        if not delivery.wait_idle(0.1) or delivery._again:
            return False
        with self.database.read() as session:
            run = session.connection.execute
            new = run(select(func.count()).where(tables.inbox.c.state == "new")).scalar_one()
            due = run(select(func.count()).where(tables.outbox.c.state == "due")).scalar_one()
        spooled = list(self.settings.spool.glob("*.jsonl"))
        return not new and not due and not spooled

    def inbox(self) -> dict[str, Any]:
        """The kept events by LINE's message id."""
        with self.database.read() as session:
            rows = session.connection.execute(select(tables.inbox)).all()
        return {row.message_id: row for row in rows if row.message_id}

    def accepted(self, attempts: int = 99) -> set[str]:
        """Ids of the events that were answered with 200, by so many attempts."""
        return {
            event_id
            for sent in self.line.delivery.log
            if sent.is_fine and sent.attempt < attempts
            for event_id in sent.event_ids
        }

    def counted(self, name: str) -> int:
        with self.database.read() as session:
            return outbox.read_counters(session).get(name, 0)

    def close(self) -> None:
        self.web.stop()
        self.worker.stop()
        self.line.stop()
        self.database.close()


@contextmanager
def a_town(url: str, folder: Path, people: int = 12, seed: int = 7) -> Iterator[Town]:
    town = Town(url, folder, people, seed)
    try:
        town.settle_down()
        yield town
    finally:
        town.close()


def a_free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def answers_on(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def answered(bubble: Bubble) -> Key | None:
    """Which message this answers: the day and month on its two buttons."""
    days = [
        action["data"].rpartition(":")[2]
        for action in actions_of(bubble.message)
        if ":noticed_on:2" in action.get("data", "")
    ]
    keys = {tuple(sorted((int(day[5:7]), int(day[8:10])))) for day in days}
    if len(days) != 2 or len(keys) != 1:
        return None
    first, second = keys.pop()
    return first, second


def assert_each_was_answered_once_and_in_order(town: Town) -> None:
    inbox, accepted = town.inbox(), town.accepted()
    assert accepted <= {row.event_id for row in all_events(town)}, "an accepted event is lost"
    assert {row.state for row in inbox.values()} == {"handled"}
    at_first = town.accepted(attempts=1)
    for person in town.people:
        answers = [key for b in person.answers() if (key := answered(b)) is not None]
        kept = [(message, key) for message, key in town.written[person.id] if message in inbox]
        counts = Counter(answers)
        wrong = {key: counts[key] for _, key in kept if counts[key] != 1}
        assert not wrong, f"answered other than once: {wrong}"
        assert set(counts) == {key for _, key in kept}
        in_order = [key for message, key in kept if inbox[message].event_id in at_first]
        assert [key for key in answers if key in in_order] == in_order


def all_events(town: Town) -> list[Any]:
    with town.database.read() as session:
        return list(session.connection.execute(select(tables.inbox)))


def kill_under_load(url: str, folder: Path, seconds: float, kills: int, people: int) -> None:
    with a_town(url, folder, people) as town:
        faults = town.line.faults
        faults.api("cut after", "/message/reply", probability=0.08)
        faults.api("cut before", "/message/reply", probability=0.04)
        faults.api("status", "/message/reply", probability=0.04, status=500)
        faults.api("delay", "/message/reply", probability=0.3, milliseconds=40)
        town.load(seconds, kills)
        until(town.has_settled, 45, "not everything was answered")
        assert town.web.lives + town.worker.lives > 2 + kills // 2
        assert_each_was_answered_once_and_in_order(town)
        written = sum(len(messages) for messages in town.written.values())
        assert sum(row.message_id is not None for row in all_events(town)) > 0.8 * written
        assert town.counted("outbox_unclear") == 0


def test_kill_9_loses_and_doubles_nothing_and_keeps_the_order(database_url: str, tmp_path: Path):
    kill_under_load(database_url, tmp_path, seconds=18, kills=7, people=12)


@pytest.mark.slow
def test_kill_9_for_minutes(database_url: str, tmp_path: Path):
    kill_under_load(database_url, tmp_path, seconds=240, kills=90, people=80)


def test_what_waits_in_the_spool_survives_kill_9(database_url: str, tmp_path: Path):
    """The database is locked, the events are on disk, and both processes die."""
    with a_town(database_url, tmp_path, people=4, seed=3) as town:
        with locked(database_url):
            for _ in range(6):
                town.somebody_writes()
            until(lambda: town.line.delivery.wait_idle(0.1), 20)
            assert list(town.settings.spool.glob("*.jsonl")), "nothing was spooled"
            town.web.kill()
            town.worker.kill()
        for _ in range(10):
            town.somebody_writes()
        until(town.has_settled, 45, "not everything was answered")
        assert_each_was_answered_once_and_in_order(town)


def test_after_a_long_outage_only_counted_rows_are_unclear(database_url: str, tmp_path: Path):
    """The worker dies while LINE is slow, and comes back when all reply tokens have died."""
    with a_town(database_url, tmp_path, people=12, seed=11) as town:
        town.line.faults.api("delay", "/message/reply", milliseconds=700)
        # Half of them ask for a copy of their data: what was done for somebody must arrive.
        must_arrive, others = town.people[:6], town.people[6:]
        for person in must_arrive:
            person.does({"type": "postback", "data": "r:export-data"})
        for _ in range(40):
            town.somebody_writes()
        until(lambda: town.line.delivery.wait_idle(0.1), 20)
        time.sleep(town.chance.uniform(0.3, 0.9))
        town.worker.keep_down()
        a_minute_passes(town)
        town.line.faults.clear()
        town.worker.let_live()
        until(town.has_settled, 45, "not everything was answered")
        unclear = town.counted("outbox_unclear")
        assert unclear > 0, "the outage hit no call that was under way"
        missing = doubled = 0
        for person in town.people:
            counts = Counter(key for b in person.answers() if (key := answered(b)) is not None)
            missing += sum(counts[key] == 0 for _, key in town.written[person.id])
            doubled += sum(number == 2 for number in counts.values())
            assert all(number <= 2 for number in counts.values())
        links = [sum(has_link(b) for b in person.answers()) for person in must_arrive]
        assert set(links) <= {1, 2}, "what must arrive did not, or more than twice"
        doubled += links.count(2)
        assert missing + doubled <= unclear
        assert not any(has_link(b) for person in others for b in person.answers())


def has_link(bubble: Bubble) -> bool:
    """The answer with the link to a copy of one's data."""
    return any("/export/" in action.get("uri", "") for action in actions_of(bubble.message))


def a_minute_passes(town: Town) -> None:
    """For the rows and for LINE's tokens; nobody has to wait for it."""
    with town.database.write() as session:
        for table, column in (
            (tables.inbox, tables.inbox.c.received_at),
            (tables.outbox, tables.outbox.c.received_at),
            (tables.outbox, tables.outbox.c.tried_at),
        ):
            session.connection.execute(update(table).values({column.name: column - 61}))
    with town.line.platform.changed:
        for token in town.line.platform.tokens._tokens.values():
            if token.delivered_at is not None:
                token.delivered_at -= 61
