"""The outbox: leases, order, what became of each row."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from houses import NOW, settings_for

from bot.store import outbox
from bot.store.database import Database
from bot.store.outbox import Ended, Row


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[Database]:
    database = Database.of(settings_for(database_url, tmp_path))
    yield database
    database.close()


def a_row(number: int, person: str = "p", **more: Any) -> Row:
    given: dict[str, Any] = {
        "id": f"row-{number}", "person": person, "position": number, "event_id": None,
        "user_id": "U1", "reply_token": "token", "received_at": NOW, "messages": b"[]",
        "must_arrive": True,
    }  # fmt: skip
    return Row(**{**given, **more})


def put(database: Database, *rows: Row, owner: str | None = None, now: float = NOW) -> None:
    owners = {row.id: owner for row in rows} if owner else {}
    with database.write() as session:
        outbox.put(session, rows, now, owners)  # type: ignore[arg-type]


def due(database: Database, me: str = "me", now: float = NOW, alone: bool = False) -> list[Row]:
    with database.write() as session:
        return outbox.take_due(session, me, now, 10, alone)


def ended(database: Database, row: Row, state: str = outbox.SENT, **more: Any) -> None:
    with database.write() as session:
        outbox.mark(session, [Ended(row, state, NOW, **more)])


def test_one_person_has_one_row_on_its_way(database: Database):
    one, two, other = a_row(1), a_row(2), a_row(3, "q")
    put(database, one, two, other)
    assert [row.id for row in due(database)] == ["row-1", "row-3"]
    assert due(database) == [], "all are leased"
    ended(database, one, via="reply")
    assert [row.id for row in due(database)] == ["row-2"]


def test_a_lease_ends_after_ten_seconds(database: Database):
    put(database, a_row(1), owner="dead")
    assert due(database, now=NOW + 9) == []
    [row] = due(database, now=NOW + 10.5)
    assert row.tried_before, "the dead worker may have sent it"
    assert row.reply_token == "token"
    assert row.user_id == "U1"


def test_the_only_worker_need_not_wait_for_a_lease_of_an_earlier_life(database: Database):
    put(database, a_row(1), owner="dead")
    assert [row.id for row in due(database, alone=True)] == ["row-1"]
    assert due(database, alone=True) == [], "now it is ours"


def test_a_lease_is_renewed_while_the_row_is_in_hand(database: Database):
    put(database, a_row(1), owner="slow")
    with database.write() as session:
        outbox.keep_in_hand(session, ["row-1"], "slow", NOW + 8)
    assert due(database, now=NOW + 12) == []


def test_rows_that_are_put_back_were_never_tried(database: Database):
    put(database, a_row(1), owner="stopping")
    with database.write() as session:
        outbox.put_back(session, ["row-1"], "stopping")
    [row] = due(database)
    assert not row.tried_before


def test_persons_with_rows_in_other_hands_are_known(database: Database):
    put(database, a_row(1, "p"), owner="other")
    put(database, a_row(2, "q"), owner="me")
    put(database, a_row(3, "r"))
    with database.read() as session:
        assert outbox.waiting_elsewhere(session, ["p", "q", "r", "s"], "me") == {"p", "r"}
        assert outbox.some_wait(session, "me", NOW)


def test_a_row_whose_lease_ended_waits_even_if_it_was_ours(database: Database):
    put(database, a_row(1), owner="me")
    with database.read() as session:
        assert not outbox.some_wait(session, "me", NOW + 9)
        assert outbox.some_wait(session, "me", NOW + 11)
    assert [row.id for row in due(database, now=NOW + 11, alone=True)] == ["row-1"]


def test_an_ended_row_keeps_no_address(database: Database):
    row = a_row(1)
    put(database, row)
    ended(database, row, via="reply", message_ids=("461", "462"))
    with database.read() as session:
        found = session.connection.exec_driver_sql("SELECT address, owner, via FROM outbox").one()
    assert tuple(found) == (None, None, "reply")


def test_a_quoted_message_is_found_again(database: Database):
    row = a_row(1, about="lost-card/when")
    put(database, row)
    ended(database, row, via="reply", message_ids=("461", "462"))
    with database.read() as session:
        assert outbox.about_of(session, "p", "462") == "lost-card/when"
        assert outbox.about_of(session, "p", "46") is None
        assert outbox.about_of(session, "q", "462") is None
        assert outbox.about_of(session, "p", '"') is None


def test_unclear_and_given_up_rows_are_counted(database: Database):
    rows = [a_row(n, f"p{n}") for n in range(4)]
    put(database, *rows)
    ended(database, rows[0], outbox.UNCLEAR)
    ended(database, rows[1], outbox.SENT, via="push", unclear=True)
    ended(database, rows[2], outbox.GIVEN_UP, error="monthly limit")
    with database.read() as session:
        assert outbox.count(session) == {"due": 1, "unclear": 1, "given_up": 1}
        assert outbox.read_counters(session) == {"outbox_unclear": 2, "outbox_given_up": 1}


def test_workers_that_count_the_first_of_a_kind_lose_nothing(database: Database):
    for turn in range(5):
        in_all_at_once = threading.Barrier(6)

        def count(name: str, together: threading.Barrier) -> None:
            with database.write() as session:
                if not database.is_sqlite:  # there one writes at a time
                    together.wait(10)
                outbox.add_to_counter(session, name, 2)

        workers = [
            threading.Thread(target=count, args=(f"turn_{turn}", in_all_at_once)) for _ in range(6)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    with database.read() as session:
        counted = outbox.read_counters(session)
    assert {name: counted[name] for name in counted if name.startswith("turn_")} == {
        f"turn_{turn}": 12 for turn in range(5)
    }


def test_a_row_to_be_forgotten_goes_when_it_is_over(database: Database):
    row = a_row(1, forget=True)
    put(database, row)
    ended(database, row, via="reply")
    with database.read() as session:
        found = session.connection.exec_driver_sql("SELECT count(*) FROM outbox").scalar()
    assert found == 0
