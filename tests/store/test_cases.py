"""Cases: opened once, taken by one, listed in the order of need, with all that happened."""

import threading
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from houses import KEY, NOW, settings_for
from sqlalchemy import select, text

from bot.store import case_list, case_log, case_tags, cases, outbox, privacy, tables, talk
from bot.store.case_list import Wanted
from bot.store.cases import Case
from bot.store.database import Database, Session, open_engine
from bot.store.migrate import _MIGRATIONS
from bot.store.outbox import Row
from bot.store.sealing import Sealer
from bot.store.thread import since, thread


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[Database]:
    database = Database.of(settings_for(database_url, tmp_path))
    yield database
    database.close()


def a_case(person: str = "mai", kind: str = "human", at: float = NOW, **more: Any) -> Case:
    return Case(str(uuid.uuid4()), person, kind, at, **more)


def opened(session: Session, *some: Case) -> list[str]:
    return [cases.open_case(session, case) for case in some]


def numbers(found: list[Case]) -> list[int]:
    return [case.number for case in found]


# ---------------------------------------------------------------- opening


def test_cases_are_numbered_from_one_and_keep_what_is_passed_on_sealed(database: Database):
    with database.write() as session:
        first, second = opened(session, a_case("mai"), a_case("jun"))
        cases.set_intake(session, first, {"name": "Mai Tanaka"})
    with database.read() as session:
        assert numbers(case_list.find(session, sort="number")) == [1, 2]
        assert cases.intake_of(session, first) == {"name": "Mai Tanaka"}
        assert cases.intake_of(session, second) == {}
        kept = session.connection.execute(select(tables.cases.c.intake)).scalars().all()
    assert b"Mai" not in b"".join(bytes(one) for one in kept if one)


def test_danger_and_the_wish_for_a_person_are_one_case_and_the_urgent_wins(database: Database):
    with database.write() as session:
        [one] = opened(session, a_case("mai", flow="lost-card"))
        [two] = opened(session, a_case("mai", "urgent", NOW + 1))
        [third] = opened(session, a_case("mai", at=NOW + 2))
        opened(session, a_case("mai", "delete", NOW + 3, due_at=NOW + 99))
        case = cases.load(session, one)
        assert cases.count_open(session) == {"urgent": 1, "delete": 1}
    assert one == two == third
    assert case is not None
    assert (case.kind, case.priority, case.flow) == ("urgent", cases.MOST_URGENT, "lost-card")
    assert case.is_unread and case.waiting_since == NOW


# ---------------------------------------------------------------- who works on it


def test_of_two_operators_who_take_a_case_at_once_one_wins(database: Database):
    with database.write() as session:
        [case_id] = opened(session, a_case())
    won: list[str] = []
    ready = threading.Barrier(6)

    def take(operator: str) -> None:
        ready.wait()
        with database.write() as session:
            if cases.take(session, case_id, operator, NOW + 1):
                won.append(operator)

    threads = [threading.Thread(target=take, args=(f"op{n}",)) for n in range(6)]
    for thread_ in threads:
        thread_.start()
    for thread_ in threads:
        thread_.join()
    with database.read() as session:
        case = cases.load(session, case_id)
        taken = [e.actor for e in case_log.of_case(session, case_id) if e.kind == "taken"]
    assert case is not None
    assert [case.operator] == won == taken


def test_a_case_is_handed_over_snoozed_closed_and_opened_again(database: Database):
    with database.write() as session:
        [case_id] = opened(session, a_case())
        assert not cases.hand_over(session, case_id, "ito", "abe", "ito", NOW)
        assert cases.take(session, case_id, "ito", NOW)
        assert not cases.take(session, case_id, "abe", NOW)
        assert cases.hand_over(session, case_id, "ito", "abe", "ito", NOW + 1)
        assert not cases.hand_over(session, case_id, "ito", "abe", "ito", NOW + 1)
        assert cases.snooze(session, case_id, "abe", NOW + 60, NOW + 2)
        assert cases.wake(session, NOW + 59) == 0
        assert cases.wake(session, NOW + 60) == 1
        case = cases.load(session, case_id)
        assert case is not None and (case.state, case.operator) == ("taken", "abe")
        assert cases.close_case(session, case_id, NOW + 70, "abe", "answered")
        assert not cases.close_case(session, case_id, NOW + 71, "abe", "answered")
        assert not cases.take(session, case_id, "ito", NOW + 72)
        assert not cases.snooze(session, case_id, "ito", NOW + 99, NOW + 72)
        assert cases.with_open_case(session, ["mai"]) == set()
        assert cases.reopen(session, case_id, "ito", NOW + 80)
        log = [(e.kind, e.actor) for e in case_log.of_case(session, case_id)]
    assert log == [
        ("opened", None), ("taken", "ito"), ("handed_over", "ito"), ("snoozed", "abe"),
        ("woken", None), ("closed", "abe"), ("reopened", "ito"),
    ]  # fmt: skip


def test_a_closed_case_stays_closed_while_the_person_has_another(database: Database):
    with database.write() as session:
        [old] = opened(session, a_case())
        cases.close_case(session, old, NOW + 1, "ito", "answered")
        [new] = opened(session, a_case(at=NOW + 2))
        assert new != old
        assert not cases.reopen(session, old, "ito", NOW + 3)
        talked = cases.open_talk(session, "mai")
    assert talked is not None and talked.id == new


def test_who_writes_wakes_the_case_and_makes_it_unread(database: Database):
    with database.write() as session:
        [case_id, other] = opened(session, a_case("mai"), a_case("jun"))
        cases.take(session, case_id, "ito", NOW)
        cases.note_operator_wrote(session, case_id, NOW + 10)
        answered = cases.load(session, case_id)
        cases.snooze(session, case_id, "ito", NOW + 999, NOW + 11)
        cases.note_person_wrote(session, {"mai": NOW + 20, "nobody": NOW + 20})
        cases.note_person_wrote(session, {"mai": NOW + 30})
        case = cases.load(session, case_id)
        unread = case_list.find(session, Wanted(operator="ito", unread=True))
        cases.see(session, case_id, NOW + 31)
        assert case_list.count(session, Wanted(operator="ito", unread=True)) == 0
        assert [c.id for c in case_list.find(session, Wanted(operator=""))] == [other]
    assert answered is not None and case is not None
    assert (answered.waiting_since, answered.is_unread) == (None, False)
    assert (case.state, case.waiting_since, case.last_message_at) == ("taken", NOW + 20, NOW + 30)
    assert [one.id for one in unread] == [case_id]


# ---------------------------------------------------------------- the list


def test_the_list_goes_by_urgency_then_deadline_then_waiting_time(database: Database):
    with database.write() as session:
        opened(
            session,
            a_case("late", at=NOW + 5),
            a_case("early", at=NOW),
            a_case("soon", at=NOW + 6, deadline=date(2026, 12, 1)),
            a_case("danger", "urgent", NOW + 9),
            a_case("later", at=NOW + 1, deadline=date(2027, 1, 1)),
        )
        found = {
            sort: [case.person for case in case_list.find(session, sort=sort)]
            for sort in case_list.SORTS
        }
        first = case_list.find(session, sort="number", most=2, skip=1)
    assert found["urgency"] == ["danger", "soon", "later", "early", "late"]
    assert found["deadline"] == ["soon", "later", "early", "late", "danger"]
    assert found["waiting"] == ["early", "later", "late", "soon", "danger"]
    assert found["newest"] == found["number"][::-1]
    assert numbers(first) == [2, 3]


def test_the_list_is_searched_by_codes_numbers_tags_and_days(database: Database):
    with database.write() as session:
        [one, two, three] = opened(
            session,
            a_case("a", flow="move", language="vi", deadline=date(2026, 12, 1)),
            a_case("b", flow="extension", language="ne", at=NOW + 100),
            a_case("c", flow="move", language="ne", outcome="late"),
        )
        assert case_tags.add(session, one, "ito", " first  visit ", NOW)
        assert not case_tags.add(session, one, "ito", "first visit", NOW)
        assert not case_tags.add(session, one, "ito", "  ", NOW)
        assert case_tags.add(session, two, "ito", "x'; DROP TABLE cases; --", NOW)
        assert cases.set_priority(session, two, "ito", cases.HIGH, NOW)
        assert not cases.set_priority(session, two, "ito", cases.HIGH, NOW)
        cases.close_case(session, three, NOW + 200, None, "by_person")

        def ids(**wanted: Any) -> list[str]:
            return [c.id for c in case_list.find(session, Wanted(**wanted), sort="number")]

        assert ids() == [one, two]
        assert ids(tag="first visit") == [one]
        assert ids(flow="move") == [one]
        assert ids(flow="move", states=("open", "taken", "snoozed", "closed")) == [one, three]
        assert ids(states=("closed",)) == [three]
        assert ids(language="ne") == [two]
        assert ids(number=2) == [two]
        assert ids(deadline_until=date(2026, 12, 1)) == [one]
        assert ids(opened_from=NOW + 50) == [two]
        assert ids(least_priority=cases.HIGH) == [two]
        assert ids(waiting=True) == [one, two]
        assert case_tags.in_use(session)["first visit"] == 1
        assert case_tags.remove(session, one, "ito", "first visit", NOW)
        assert not case_tags.remove(session, one, "ito", "first visit", NOW)
        loaded = cases.load(session, two)
    assert loaded is not None and loaded.tags == ("x'; DROP TABLE cases; --",)


# ---------------------------------------------------------------- the thread


def said(session: Session, words: str, at: float, person: str = "mai") -> None:
    talk.put(session, [talk.Message(str(uuid.uuid4()), person, at, "text", words, None)])


def sent(session: Session, words: str, at: float, **more: Any) -> None:
    row = Row(
        str(uuid.uuid4()), "mai", int(at), None, "U1", None, at,
        b'[{"type":"text","text":"%s"}]' % words.encode(), True, **more,
    )  # fmt: skip
    outbox.put(session, [row], at, {})


def test_the_thread_holds_everything_in_order_and_comes_in_pages(database: Database):
    with database.write() as session:
        said(session, "before", NOW - 10)
        sent(session, "a result", NOW - 9)
        [case_id] = opened(session, a_case(at=NOW))
        said(session, "of another", NOW, person="jun")
        cases.take(session, case_id, "ito", NOW + 1)
        note = case_log.add_note(session, case_id, "ito", " looks like a renewal ", NOW + 2)
        assert case_log.add_note(session, case_id, "ito", "  ", NOW + 2) is None
        sent(session, "hello", NOW + 3, speaker="operator", operator="ito")
        said(session, "thank you", NOW + 4)
        case = cases.load(session, case_id)
        assert case is not None
        whole = thread(session, case)
        newest = thread(session, case, most=3)
        older = thread(session, case, before=newest.earlier, most=99)
        new = since(session, case, NOW + 2)
        raw = session.connection.execute(select(tables.notes.c.text)).scalar_one()
    assert [(entry.who, entry.kind) for entry in whole.entries] == [
        ("person", "text"), ("bot", "message"), ("event", "opened"), ("event", "taken"),
        ("note", "note"), ("operator", "message"), ("person", "text"),
    ]  # fmt: skip
    assert whole.earlier is None
    assert (*older.entries, *newest.entries) == whole.entries
    assert [entry.who for entry in new] == ["operator", "person"]
    assert whole.entries[4].text == "looks like a renewal" and whole.entries[4].id == note
    assert whole.entries[5].messages == ({"type": "text", "text": "hello"},)
    assert whole.entries[5].actor == "ito"
    assert b"renewal" not in bytes(raw)


def test_what_the_office_noted_is_in_the_copy_and_goes_with_the_person(database: Database):
    with database.write() as session:
        [case_id] = opened(session, a_case())
        cases.set_intake(session, case_id, {"name": "Mai"})
        case_log.add_note(session, case_id, "ito", "a note", NOW)
        case_tags.add(session, case_id, "ito", "visit", NOW)
    with database.read() as session:
        [copied] = privacy.export_person(session, "mai")["cases"]
    assert copied["passed_on"] == {"name": "Mai"}
    assert copied["notes"][0]["text"] == "a note"
    with database.write() as session:
        privacy.delete_person(session, "mai")
        left = [
            session.connection.execute(select(table)).all()
            for table in (tables.cases, tables.case_events, tables.case_tags, tables.notes)
        ]
    assert left == [[], [], [], []]


# ---------------------------------------------------------------- held rows, the migration


def test_rows_in_hand_are_not_held_back_and_other_speakers_neither(database: Database):
    with database.write() as session:
        sent(session, "bot", NOW)
        sent(session, "safety", NOW + 1, speaker="house")
        assert outbox.hold(session, "mai", "bot", NOW + 2) == 1
        assert [row.speaker for row in outbox.take_due(session, "me", NOW + 2, 9, True)] == [
            "house"
        ]
        assert outbox.hold(session, "mai", "house", NOW + 3) == 0


def test_old_cases_get_numbers_and_states(empty_url: str):
    engine = open_engine(empty_url)
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        for name, at, closed in (("b", 2, "NULL"), ("a", 1, "5"), ("c", 3, "NULL")):
            connection.execute(
                text(
                    "INSERT INTO cases (id, person, kind, opened_at, closed_at)"
                    f" VALUES ('{name}', '{name}', 'human', {at}, {closed})"
                )
            )
        command.upgrade(config, "0003")
    engine.dispose()
    database = Database(empty_url, Sealer([KEY]))
    with database.engine.begin() as connection:
        found = connection.execute(
            select(tables.cases.c.id, tables.cases.c.number, tables.cases.c.state).order_by(
                tables.cases.c.number
            )
        ).all()
        next_one = connection.execute(select(tables.counters.c.value)).scalar_one()
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")
        command.upgrade(config, "0003")
    database.close()
    assert [tuple(row) for row in found] == [
        ("a", 1, "closed"), ("b", 2, "open"), ("c", 3, "open")
    ]  # fmt: skip
    assert next_one == 3
