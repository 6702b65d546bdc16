"""kill -9 at random points: no event lost, no answer lost or doubled, each person's order kept."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from houses import SECRET, an_event, settings_for
from sqlalchemy import select
from test_worker import Bot, a_bot, counters, said

from bot.line.webhook import sign
from bot.store import tables
from bot.store.database import Database

HERE = Path(__file__).resolve().parent


class Mortal:
    """A worker process that is killed and started again."""

    def __init__(self, bot: Bot) -> None:
        self._command = [
            sys.executable, str(HERE / "mortal_worker.py"), bot.settings.database_url,
            bot.line.url, str(bot.settings.spool),
        ]  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        # PYTHONPATH instead of an installed package: the project runs from its checkout.
        path = {"PYTHONPATH": f"{HERE.parent}:{HERE}"}
        self._process = subprocess.Popen(self._command, env=path, stdout=subprocess.PIPE)
        assert self._process.stdout
        assert self._process.stdout.readline() == b"ready\n"

    def kill(self) -> None:
        assert self._process
        self._process.kill()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()


@contextmanager
def a_mortal(bot: Bot) -> Iterator[Mortal]:
    mortal = Mortal(bot)
    mortal.start()
    try:
        yield mortal
    finally:
        mortal.kill()


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow),
                                  pytest.param(3, marks=pytest.mark.slow)])  # fmt: skip
def test_a_worker_killed_again_and_again_answers_everybody_once(
    database_url: str, tmp_path: Path, seed: int
):
    chance = random.Random(seed)
    with a_bot(database_url, tmp_path) as bot, a_mortal(bot) as mortal:
        # An API that takes a moment, so that death finds calls under way.
        bot.line.faults.api("delay", "reply", milliseconds=30)
        bot.line.faults.api("cut after", "reply", probability=0.05)
        people = [bot.line.user(f"P{n}") for n in range(12)]
        for number in range(6):
            for person in people:
                person.says(f"{number}")
                time.sleep(0.002)
            if number in (1, 3, 4):
                time.sleep(chance.random() * 0.4)
                mortal.kill()
                mortal.start()
        expected = [f"{n + 1}: {n}" for n in range(6)]
        end = time.monotonic() + 40
        while any(len(said(person)) < 6 for person in people) and time.monotonic() < end:
            time.sleep(0.1)
        time.sleep(0.5)
        assert [said(person) for person in people] == [expected] * 12
        assert unclear(bot) == 0


def test_a_web_process_killed_under_load_has_kept_all_that_it_acknowledged(
    database_url: str, tmp_path: Path
):
    settings = settings_for(database_url, tmp_path)
    port = a_free_port()
    command = [
        sys.executable, str(HERE / "mortal_web.py"), database_url, str(port), str(settings.spool)
    ]  # fmt: skip
    acknowledged: set[str] = set()
    stop = threading.Event()

    def post() -> None:
        while not stop.is_set():
            event = an_event(person=len(acknowledged) % 9)
            body = json.dumps({"destination": "U0", "events": [event]}).encode()
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            try:
                line.request("POST", "/callback", body, {"X-Line-Signature": sign(SECRET, body)})
                if line.getresponse().status == 200:
                    acknowledged.add(event["webhookEventId"])
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)
            finally:
                line.close()

    posting = [threading.Thread(target=post) for _ in range(6)]
    for thread in posting:
        thread.start()
    for _ in range(2):
        before = len(acknowledged)
        web = subprocess.Popen(
            command, env={"PYTHONPATH": f"{HERE.parent}:{HERE}"}, start_new_session=True
        )
        end = time.monotonic() + 15
        while len(acknowledged) < before + 150 and time.monotonic() < end:
            time.sleep(0.01)
        os.killpg(web.pid, signal.SIGKILL)
        web.wait()
    stop.set()
    for thread in posting:
        thread.join()
    database = Database.of(settings)
    with database.read() as session:
        kept = set(session.connection.execute(select(tables.inbox.c.event_id)).scalars())
    database.close()
    assert len(acknowledged) >= 300
    assert acknowledged <= kept


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def unclear(bot: Any) -> int:
    return counters(bot).get("outbox_unclear", 0)
