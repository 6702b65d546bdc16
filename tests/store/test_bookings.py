"""Appointments in the database: nobody's time is given twice, however many ask at once."""

import itertools
import threading

import pytest
from houses import settings_for
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from bot.store import bookings, privacy
from bot.store.bookings import Wish
from bot.store.database import Database
from bot.store.tables import booked_quarters

TEN = 1_796_086_800.0  # 10:00 in Tokyo, on a whole quarter of an hour
HALF = 1800.0
NOW = TEN - 86_400.0


@pytest.fixture
def database(database_url, tmp_path):
    found = Database.of(settings_for(database_url, tmp_path))
    yield found
    found.close()


def a_wish(person, start=TEN, minutes=30, places=1):
    return Wish(person, "phone", start, start + minutes * 60, places)


def book(database, wish, now=NOW):
    with database.write() as session:
        return bookings.book(session, wish, now)


def all_booked(database):
    with database.read() as session:
        return [
            one for one in bookings.between(session, TEN - HALF, TEN + 20 * HALF)
            if one.state == bookings.BOOKED
        ]  # fmt: skip


def at_once(wishes, database):
    """All of them at the same moment, each in a thread; what each got."""
    barrier, got, errors = threading.Barrier(len(wishes)), {}, []

    def ask(wish):
        barrier.wait()
        try:
            got[wish.person] = book(database, wish)
        except Exception as error:  # noqa: BLE001 - told below
            errors.append(error)

    threads = [threading.Thread(target=ask, args=(wish,)) for wish in wishes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    return got


def test_of_many_who_want_the_same_time_at_once_one_gets_it(database):
    got = at_once([a_wish(f"p{number}") for number in range(24)], database)
    assert sum(one is not None for one in got.values()) == 1
    assert len(all_booked(database)) == 1


def test_three_places_are_given_to_three_of_many(database):
    got = at_once([a_wish(f"p{number}", places=3) for number in range(20)], database)
    assert sum(one is not None for one in got.values()) == 3


def test_times_that_overlap_in_part_are_never_both_given(database):
    wishes = [
        a_wish(f"p{number}", TEN + (number % 5) * 900, minutes=15 + 15 * (number % 4))
        for number in range(24)
    ]
    at_once(wishes, database)
    booked = all_booked(database)
    assert booked
    for earlier, later in itertools.pairwise(booked):
        assert earlier.end_at <= later.start_at


def test_many_who_move_to_the_same_time_leave_one_there_and_lose_nothing(database):
    for number in range(8):
        assert book(database, a_wish(f"p{number}", TEN + (number + 1) * HALF))
    at_once([a_wish(f"p{number}") for number in range(8)], database)
    starts = [one.start_at for one in all_booked(database)]
    assert len(starts) == len(set(starts)) == 8
    assert starts.count(TEN) == 1


def take_that_quarter(database, booking_id):
    row = {"at": int(TEN // 900), "place": 0, "booking": booking_id}
    with database.write() as session:
        session.connection.execute(insert(booked_quarters).values(row))


def test_the_table_itself_refuses_a_second_booking(database):
    booked = book(database, a_wish("p1"))
    with pytest.raises(IntegrityError):
        take_that_quarter(database, booked.id)


def test_booking_again_moves_the_appointment_and_frees_its_time(database):
    first = book(database, a_wish("p1"))
    moved = book(database, a_wish("p1", TEN + 900))  # overlaps with what it leaves
    assert (moved.id, moved.start_at) == (first.id, TEN + 900)
    assert book(database, a_wish("p2", TEN, minutes=15)) is not None
    assert book(database, a_wish("p3", TEN + 900, minutes=15)) is None


def test_a_cancelled_time_is_free_again_and_is_cancelled_once(database):
    booked = book(database, a_wish("p1"))
    with database.write() as session:
        assert bookings.cancel(session, booked.id, NOW).state == bookings.CANCELLED
        assert bookings.cancel(session, booked.id, NOW) is None
        assert bookings.coming(session, "p1", NOW) is None
    assert book(database, a_wish("p2")) is not None


def test_blocked_hours_are_not_booked_and_can_be_freed(database):
    with database.write() as session:
        block = bookings.block(session, TEN - HALF, TEN + 60, "ito")
    assert book(database, a_wish("p1")) is None
    assert book(database, a_wish("p1", TEN + HALF)) is not None
    with database.write() as session:
        assert bookings.unblock(session, block)
        assert not bookings.unblock(session, block)
    assert book(database, a_wish("p2")) is not None


def test_who_is_deleted_leaves_no_appointment_and_the_copy_has_it_before(database):
    book(database, a_wish("p1"))
    with database.write() as session:
        (copied,) = privacy.export_person(session, "p1")["appointments"]
        assert (copied["way"], copied["state"]) == ("phone", "booked")
        assert copied["start"].endswith("10:00+09:00")
        assert privacy.count_kept(session, "p1") > 0
        privacy.delete_person(session, "p1")
        assert privacy.count_kept(session, "p1") == 0
        assert bookings.of_person(session, "p1") == []
    assert book(database, a_wish("p2")) is not None
