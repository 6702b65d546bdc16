"""Sealed values: bound to their place, rotated without a stop."""

from dataclasses import replace
from pathlib import Path

import pytest
from houses import KEY, OLD_KEY, a_house, an_event, keep, settings_for
from sqlalchemy import select

from bot.carrying_out import Sending
from bot.handle import handle_batch
from bot.store import tables
from bot.store.database import Database
from bot.store.migrate import reseal_all
from bot.store.privacy import export_person
from bot.store.sealing import CannotOpen, Sealer, reseal

HERE = "talk.text:1"


def test_what_was_sealed_opens_at_its_place_only():
    sealer = Sealer([KEY])
    sealed = sealer.seal(b"my words", HERE)
    assert sealer.open(sealed, HERE) == b"my words"
    assert b"my words" not in sealed
    with pytest.raises(CannotOpen):
        sealer.open(sealed, "talk.text:2")


def test_the_same_words_are_never_sealed_alike():
    sealer = Sealer([KEY])
    assert sealer.seal(b"yes", HERE) != sealer.seal(b"yes", HERE)


def test_a_changed_value_does_not_open():
    sealer = Sealer([KEY])
    sealed = bytearray(sealer.seal(b"my words", HERE))
    sealed[-1] ^= 1
    with pytest.raises(CannotOpen):
        sealer.open(bytes(sealed), HERE)
    with pytest.raises(CannotOpen):
        sealer.open(b"short", HERE)


def test_all_keys_read_and_the_first_one_writes():
    old = Sealer([OLD_KEY]).seal(b"my words", HERE)
    both = Sealer([KEY, OLD_KEY])
    assert both.open(old, HERE) == b"my words"
    assert Sealer([KEY]).open(both.seal(b"new", HERE), HERE) == b"new"
    with pytest.raises(CannotOpen):
        Sealer([KEY]).open(old, HERE)


def test_without_a_key_nothing_starts():
    with pytest.raises(ValueError, match="DATA_KEYS"):
        Sealer([])


def test_after_resealing_the_old_key_can_go(empty_url: str, tmp_path: Path):
    settings = settings_for(empty_url, tmp_path, data_keys=(OLD_KEY,))
    before = Database.of(settings)
    keep(before, an_event("first words"), an_event("delete me not", person=2))
    handle_batch(a_house(before), Sending("w"), 10, dict.fromkeys(_persons(before)))
    keep(before, an_event("not handled yet", person=3))
    persons = _persons(before)
    before.close()

    both = Database(empty_url, Sealer([KEY, OLD_KEY]))
    with both.write() as session:
        assert reseal(session.connection, both.sealer, limit=1) == 6, "one of each table"
    both.close()
    assert reseal_all(replace(settings, data_keys=(KEY, OLD_KEY))) > 0

    assert reseal_all(replace(settings, data_keys=(KEY, OLD_KEY))) == 0

    after = Database(empty_url, Sealer([KEY]))
    with after.read() as session:
        found = {person: export_person(session, person) for person in persons}
        assert session.persons.name("U1") == session.persons.name("U1")
    said = [one["text"] for kept in found.values() for one in kept["you_wrote"]]
    assert sorted(said) == ["delete me not", "first words"]
    assert all(one["messages"] for kept in found.values() for one in kept["we_wrote"])
    assert all(one["event"] for kept in found.values() for one in kept["events"])
    assert {p.partition(":")[0] for p in persons} == set(_persons(after))
    after.close()


def _persons(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.connection.execute(select(tables.inbox.c.person).distinct()).scalars())
