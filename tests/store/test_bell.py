"""The bell: a worker of another process is woken at once, and nobody waits for a deaf one."""

import os
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from bot.store import database
from bot.store.bell import Bell, Doorbell
from bot.store.database import AWAY, open_engine


def test_whoever_listens_is_woken(tmp_path: Path) -> None:
    doorbell = Doorbell(Bell(tmp_path / "bell"))
    other = Bell(tmp_path / "bell")
    try:
        assert not doorbell.wait(0)
        other.ring()
        assert doorbell.wait(2)
        assert doorbell.wait(0), "until it is cleared"
        doorbell.clear()
        assert not doorbell.wait(0.01)
        doorbell.set()
        assert doorbell.wait(0)
        for _ in range(70_000):  # more than a pipe holds
            doorbell.set()
        doorbell.clear()
        assert not doorbell.wait(0)
    finally:
        other.close()
        doorbell.close()
    doorbell.set()  # a thread that has not heard yet


def test_whoever_waits_is_woken_by_another_thread(tmp_path: Path) -> None:
    doorbell = Doorbell(Bell(tmp_path / "bell"))
    threading.Timer(0.05, doorbell.set).start()
    began = time.monotonic()
    assert doorbell.wait(5)
    assert time.monotonic() - began < 2
    doorbell.close()


def test_ringing_never_fails_and_never_waits(tmp_path: Path) -> None:
    bell = Bell(tmp_path / "bell")
    bell.ring()  # there is no pipe
    os.mkfifo(bell.path)
    bell.ring()  # there is no listener
    deaf = os.open(bell.path, os.O_RDWR)
    for _ in range(70_000):  # more than a pipe holds
        bell.ring()
    os.close(deaf)
    bell.ring()  # the listener has gone
    bell.close()


def test_a_listener_that_comes_back_is_heard_again(tmp_path: Path) -> None:
    bell = Bell(tmp_path / "bell")
    Doorbell(bell).close()
    bell.ring()
    doorbell = Doorbell(Bell(bell.path))
    try:
        bell.ring()
        bell.ring()
        assert doorbell.wait(2)
    finally:
        bell.close()
        doorbell.close()


def test_a_database_in_memory_has_no_bell() -> None:
    assert Bell.of(":memory:") is None
    assert Bell.of(None) is None


def test_the_write_lock_is_taken_as_soon_as_the_other_process_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    engine = open_engine(f"sqlite:///{path}")
    with engine.begin():
        pass
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    let_go = threading.Timer(0.1, lambda: other.execute("COMMIT"))
    let_go.start()
    began = time.monotonic()
    with engine.begin() as connection:
        waited = time.monotonic() - began
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 5000
    let_go.join()
    assert 0.09 < waited < 1.0
    other.close()
    engine.dispose()


def test_a_write_lock_that_never_comes_counts_as_a_database_that_is_away(
    tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(database, "WAIT_FOR_LOCK", 0.05)
    path = tmp_path / "bot.db"
    engine = open_engine(f"sqlite:///{path}")
    with engine.begin():
        pass
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(AWAY, match="locked"), engine.begin():
        pass
    other.execute("ROLLBACK")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE free (x)")
    other.close()
    engine.dispose()
