"""A thread that looks, works, and looks again."""

import logging
import threading
import time

import pytest

from bot.rounds import Rounds

log = logging.getLogger("rounds of a test")


class Counting(Rounds):
    """Tells of each round; the first one fails, the second has work."""

    def __init__(self, look: float) -> None:
        super().__init__("counting", log, "counting", look=look, patience=5.0)
        self.rounds = 0
        self.looked = threading.Semaphore(0)

    def step(self) -> int:
        self.rounds += 1
        self.looked.release()
        if self.rounds == 1:
            raise OSError("away")
        return 1 if self.rounds == 2 else 0


def test_a_round_that_fails_is_told_by_its_kind_and_another_follows(
    caplog: pytest.LogCaptureFixture,
):
    counting = Counting(look=0.01)
    counting.start()
    assert all(counting.looked.acquire(timeout=5) for _ in range(4))
    counting.close()
    assert [record.getMessage() for record in caplog.records] == ["counting: OSError"]


def test_it_looks_at_once_when_woken_and_while_there_is_work():
    counting = Counting(look=600.0)
    counting.start()
    assert counting.looked.acquire(timeout=5)
    counting.wake()
    assert counting.looked.acquire(timeout=5) and counting.looked.acquire(timeout=5)
    counting.close()
    assert counting.rounds == 3


def test_closing_does_not_wait_for_the_next_look():
    counting = Counting(look=600.0)
    counting.start()
    began = time.monotonic()
    counting.close()
    assert time.monotonic() - began < 4
    counting.close()  # twice, and one that never began
    Counting(look=600.0).close()
