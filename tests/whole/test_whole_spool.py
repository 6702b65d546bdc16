"""The way around a database that is away: it must stay open, and it must keep the order."""

import threading
import time
from pathlib import Path

from houses import KEY, an_event, received, settings_for
from sqlalchemy import select

from bot.store import tables
from bot.store.database import Database
from bot.store.inbox_writer import InboxWriter
from bot.store.sealing import Sealer
from bot.store.spool import Spool


def test_events_can_be_spooled_while_the_database_hangs_on_the_ones_before(tmp_path: Path):
    spool = Spool(tmp_path, Sealer((KEY,)))
    first, second = received(an_event("1")), received(an_event("2"))
    spool.append(first)
    hangs, goes_on = threading.Event(), threading.Event()
    brought: list[str] = []

    def keep(events: object) -> None:
        hangs.set()
        assert goes_on.wait(10)
        brought.extend(event.event_id for event in events)  # type: ignore[attr-defined]

    draining = threading.Thread(target=spool.drain, args=(keep,))
    draining.start()
    assert hangs.wait(5)
    start = time.monotonic()
    spool.append(second)  # LINE waits two seconds
    assert time.monotonic() - start < 1
    goes_on.set()
    draining.join(5)
    spool.drain(keep)
    assert brought == [first[0].event_id, second[0].event_id]


def test_what_waits_in_the_spool_goes_in_before_what_comes_now(database_url: str, tmp_path: Path):
    """Else a worker could answer somebody's later message first."""
    settings = settings_for(database_url, tmp_path)
    database = Database.of(settings)
    spool = Spool(settings.spool, database.sealer)
    writer = InboxWriter(database, spool)
    early, late = received(an_event("early")), received(an_event("late"))
    spool.append(early)
    writer.keep(late)
    assert not spool.has_any()
    with database.read() as session:
        kept = set(session.connection.execute(select(tables.inbox.c.event_id)).scalars())
    assert kept == {early[0].event_id, late[0].event_id}
    writer.close()
    database.close()
