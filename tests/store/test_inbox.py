"""The inbox: each event once, oldest first, one server per person."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from houses import NOW, an_event, keep, received, settings_for
from sqlalchemy import func, select

from bot.store import inbox, tables
from bot.store.database import Database


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[Database]:
    database = Database.of(settings_for(database_url, tmp_path))
    yield database
    database.close()


def taken(database: Database, most: int = 50, waiting: tuple[str, ...] = ()) -> list[str]:
    with database.batch() as batch:
        return [event.event_id for event in inbox.take(batch.session, most, waiting)]


def test_an_event_that_comes_three_times_is_kept_once(database: Database):
    event = an_event("hello")
    keep(database, event, event)
    keep(database, event)
    with database.read() as session:
        rows = session.connection.execute(select(func.count()).select_from(tables.inbox)).scalar()
    assert rows == 1


def test_events_are_taken_in_the_order_in_which_they_happened(database: Database):
    second = an_event("second", at=NOW + 1)
    first = an_event("first", at=NOW)
    other = an_event("other", person=2, at=NOW + 0.5)
    keep(database, second, first, other)
    assert taken(database) == [e["webhookEventId"] for e in (first, other, second)]


def test_handled_and_parked_events_are_not_taken_again(database: Database):
    one, two, three = an_event(), an_event(), an_event()
    keep(database, one, two, three)
    with database.write() as session:
        inbox.mark_handled(session, [one["webhookEventId"]], NOW)
        inbox.park(session, two["webhookEventId"], NOW, "Boom")
    assert taken(database) == [three["webhookEventId"]]
    with database.read() as session:
        assert inbox.count(session) == {"new": 1, "parked": 1}


def test_persons_who_wait_are_left_out(database: Database):
    one, two = an_event(person=1), an_event(person=2)
    kept = keep(database, one, two)
    with database.read() as session:
        waiting = session.persons.name(kept[0].user_id or "")
    assert taken(database, waiting=(waiting,)) == [two["webhookEventId"]]


def test_the_database_holds_neither_words_nor_user_ids(database: Database):
    [event] = received(an_event("my secret words"))
    with database.write() as session:
        inbox.put(session, [event])
    with database.read() as session:
        row = session.connection.execute(select(tables.inbox)).one()
    assert b"my secret" not in bytes(row.raw)
    assert event.user_id
    assert event.user_id not in repr(tuple(row))


def test_an_event_without_a_user_holds_up_nobody(database: Database):
    nobody = an_event()
    del nobody["source"]
    keep(database, nobody, an_event(person=2))
    with database.batch() as batch:
        events = inbox.take(batch.session, 10)
    assert len({event.person for event in events}) == 2


@pytest.mark.postgres
def test_two_workers_never_serve_one_person(postgres_url: str, tmp_path: Path):
    database = Database.of(settings_for(postgres_url, tmp_path))
    mine = [an_event(f"{n}", person=1, at=NOW + n) for n in range(3)]
    theirs = [an_event(f"{n}", person=2, at=NOW + n) for n in range(3)]
    keep(database, *mine, *theirs)
    with database.batch() as first:
        one = inbox.take(first.session, 3)
        with database.batch() as second:
            two = inbox.take(second.session, 50)
    assert {e.person for e in one} & {e.person for e in two} == set()
    assert len({e.person for e in (*one, *two)}) <= 2
    with database.batch() as third:
        assert len(inbox.take(third.session, 50)) == 6, "the locks end with the transaction"
    database.close()


@pytest.mark.postgres
def test_a_second_worker_finds_persons_beyond_those_that_are_served(
    postgres_url: str, tmp_path: Path
):
    database = Database.of(settings_for(postgres_url, tmp_path))
    keep(database, *[an_event(person=n, at=NOW + n) for n in range(8)])
    with database.batch() as first:
        one = inbox.take(first.session, 4)
        with database.batch() as second:
            two = inbox.take(second.session, 4)
    assert len(one) == len(two) == 4
    assert {e.person for e in one} & {e.person for e in two} == set()
    database.close()
