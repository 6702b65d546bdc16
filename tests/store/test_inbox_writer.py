"""Keeping events: many requests in a commit, the spool when the database is away."""

import base64
import json
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from houses import KEY, OLD_KEY, an_event, received, settings_for
from sqlalchemy import func, select

from bot.store import tables
from bot.store.database import Database
from bot.store.inbox_writer import InboxWriter
from bot.store.sealing import Sealer
from bot.store.spool import Spool, SpoolAway, Spooled


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[Database]:
    database = Database.of(settings_for(database_url, tmp_path))
    yield database
    database.close()


def kept(database: Database) -> int:
    with database.read() as session:
        found = session.connection.execute(select(func.count()).select_from(tables.inbox))
        return found.scalar_one()


def a_spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool", Sealer([KEY]))


def test_many_requests_at_once_are_all_kept(database: Database, tmp_path: Path):
    woken = threading.Event()
    writer = InboxWriter(database, a_spool(tmp_path), woken.set)
    threads = [
        threading.Thread(target=writer.keep, args=(received(an_event(person=n)),))
        for n in range(24)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept(database) == 24
    assert woken.is_set()
    assert writer.spooled == 0
    writer.close()


def test_while_the_database_is_locked_events_are_spooled_and_come_in_later(
    sqlite_url: str, tmp_path: Path
):
    database = Database.of(settings_for(sqlite_url, tmp_path))
    other = Database(sqlite_url, database.sealer)
    spool = a_spool(tmp_path)
    writer = InboxWriter(database, spool, patience=0.15)
    with database.read():
        pass
    with other.write():
        began = time.monotonic()
        for _ in range(3):
            writer.keep(received(an_event()))
        assert time.monotonic() - began < 1.0, "later requests do not wait as long"
        assert writer.spooled == 3
        assert spool.has_any()
    until = time.monotonic() + 6
    while kept(database) < 3 or spool.has_any():
        assert time.monotonic() < until
        time.sleep(0.05)
    assert kept(database) == 3
    writer.close()
    other.close()
    database.close()


def test_while_the_database_does_not_answer_events_are_spooled(tmp_path: Path):
    away = Database("postgresql+psycopg://nobody@127.0.0.1:1/none", Sealer([KEY]))
    writer = InboxWriter(away, a_spool(tmp_path), patience=1.0)
    writer.keep(received(an_event()))
    assert writer.spooled == 1
    writer.close()
    away.close()


def test_when_the_spool_is_away_too_the_porter_hears_of_it(tmp_path: Path):
    away = Database("postgresql+psycopg://nobody@127.0.0.1:1/none", Sealer([KEY]))
    (tmp_path / "spool").write_text("a file where the folder should be")
    writer = InboxWriter(away, a_spool(tmp_path), patience=1.0)
    with pytest.raises(SpoolAway):
        writer.keep(received(an_event()))
    writer.close()
    away.close()


# ---------------------------------------------------------------- the spool by itself


def drained(spool: Spool) -> list[Spooled]:
    found: list[Spooled] = []
    spool.drain(found.extend)
    return found


def test_what_went_in_comes_out(tmp_path: Path):
    spool = a_spool(tmp_path)
    events = received(an_event("secret words"), an_event(person=2))
    spool.append(events)
    spool.append(received(an_event(event_id="01LATER")))
    on_disk = (tmp_path / "spool" / "waiting.jsonl").read_bytes()
    assert b"secret" not in on_disk
    assert b"secret" not in base64.b64decode(json.loads(on_disk.splitlines()[1])["sealed"])
    found = drained(spool)
    assert [one.event_id for one in found] == [*(e.event_id for e in events), "01LATER"]
    assert [one.raw for one in found[:2]] == [e.raw for e in events]
    assert not spool.has_any()
    assert drained(spool) == []


def test_a_crash_while_bringing_in_loses_nothing(tmp_path: Path):
    spool = a_spool(tmp_path)
    spool.append(received(an_event(event_id="01ONE")))

    def crash(_events: Sequence[Spooled]) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        spool.drain(crash)
    spool.append(received(an_event(event_id="01TWO")))
    assert sorted(one.event_id for one in drained(spool)) == ["01ONE", "01TWO"]


def test_half_a_line_spoils_no_other_line(tmp_path: Path):
    spool = a_spool(tmp_path)
    spool.append(received(an_event(event_id="01ONE")))
    path = tmp_path / "spool" / "waiting.jsonl"
    path.write_bytes(path.read_bytes() + b'\n{"sealed": "AAAA')
    spool.append(received(an_event(event_id="01TWO")))
    assert [one.event_id for one in drained(spool)] == ["01ONE", "01TWO"]
    assert (tmp_path / "spool" / "unreadable.txt").read_bytes() == b'{"sealed": "AAAA\n'


def test_lines_of_a_lost_key_are_set_aside(tmp_path: Path):
    Spool(tmp_path / "spool", Sealer([OLD_KEY])).append(received(an_event()))
    spool = a_spool(tmp_path)
    assert drained(spool) == []
    assert (tmp_path / "spool" / "unreadable.txt").exists()
    assert not spool.has_any()
