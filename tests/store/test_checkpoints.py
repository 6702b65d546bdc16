"""SQLite's log is brought into its file beside the work."""

import sqlite3
import time
from pathlib import Path

from bot.store.checkpoints import LONGEST, Checkpoints
from bot.store.database import Database
from bot.store.sealing import Sealer


def test_what_was_committed_comes_into_the_file_by_itself(tmp_path: Path):
    path = tmp_path / "bot.db"
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("PRAGMA wal_autocheckpoint=0")
    checkpoints = Checkpoints(str(path))
    writer.execute("CREATE TABLE words (word)")
    writer.executemany("INSERT INTO words VALUES (?)", [("x" * 5_000,) for _ in range(40)])
    until = time.monotonic() + 5
    while path.stat().st_size < 40 * 4096 and time.monotonic() < until:
        time.sleep(0.05)
    assert path.stat().st_size >= 40 * 4096
    checkpoints.close()
    writer.close()


def test_a_commit_does_it_only_when_nobody_else_did(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'bot.db'}", Sealer([b"k" * 32]))
    with database.engine.connect() as connection:
        found = connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar()
    assert found == LONGEST
    assert database.file == str(tmp_path / "bot.db")
    database.close()
