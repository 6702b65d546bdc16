"""kill -9 at random points: no event lost, no answer lost or doubled, each person's order kept."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from test_worker import Bot, a_bot, counters, said

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


def unclear(bot: Any) -> int:
    return counters(bot).get("outbox_unclear", 0)
