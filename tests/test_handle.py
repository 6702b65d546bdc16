"""From kept events to kept answers, without LINE: order, poison, deletion, what is taken back."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from houses import (
    NOW,
    Clock,
    a_house,
    an_event,
    an_unsend,
    keep,
    settings_for,
    spoken,
    texts,
    user,
)
from sqlalchemy import select

from bot.carrying_out import Sending
from bot.dialogue.conversation import Conversation
from bot.dialogue.events import Event
from bot.dialogue.importance import must_arrive
from bot.dialogue.replies import Ask, Say
from bot.flow.model import Question, Sentence
from bot.handle import Handled, handle_batch
from bot.house import House
from bot.store import cases, inbox, links, outbox, privacy, tables
from bot.store.database import Database
from bot.store.outbox import Ended


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[Database]:
    database = Database.of(settings_for(database_url, tmp_path))
    yield database
    database.close()


def person(database: Database, number: int = 1) -> str:
    with database.read() as session:
        return session.persons.name(user(number))


def handle(database: Database, house: House | None = None, **more: Any) -> Handled:
    """One batch in which everybody's language is known."""
    known = {person(database, number): "en" for number in range(10)}
    return handle_batch(house or a_house(database, Clock()), Sending("me"), 50, known, **more)


def rows(database: Database, table: Any) -> list[Any]:
    with database.read() as session:
        return list(session.connection.execute(select(table)))


def test_the_answer_carries_token_person_and_place_in_the_order(database: Database):
    [event] = keep(database, an_event("hello"))
    handled = handle(database)
    assert texts(handled.to_send) == ["1: hello"]
    [row] = handled.to_send
    assert row.user_id == user(1)
    assert row.reply_token == json.loads(event.raw)["replyToken"]
    assert row.received_at == NOW
    assert handle(database) == Handled(), "nothing is left"


def test_shuffled_and_repeated_events_count_once_and_in_order(database: Database):
    events = [an_event(f"n{n}", person=n % 2, at=NOW + n) for n in range(8)]
    keep(database, *reversed(events))
    keep(database, *events[::3])
    said = texts(handle(database).to_send)
    assert said == [f"{n // 2 + 1}: n{n}" for n in range(8)]


def test_the_language_of_the_profile_is_asked_for_once(database: Database):
    keep(database, an_event("hello", person=1), an_event("hi", person=2))
    house = a_house(database, Clock())
    first = handle_batch(house, Sending("me"), 50, {})
    assert first.events == 0
    assert first.newcomers == {person(database, 1): user(1), person(database, 2): user(2)}
    again = handle_batch(
        house, Sending("me"), 50, {person(database, 1): "vi"}, [person(database, 2)]
    )
    assert texts(again.to_send) == ["1: hello"]
    [stored] = rows(database, tables.conversations)
    assert stored.person == person(database, 1)


def test_a_poisonous_event_is_parked_after_three_times_and_holds_up_nobody_else(
    database: Database, caplog: pytest.LogCaptureFixture
):
    keep(
        database, an_event("poison 4711", person=1, at=NOW), an_event("after", person=1, at=NOW + 1)
    )
    keep(database, an_event("hello", person=2, at=NOW + 2))
    first = handle(database)
    assert texts(first.to_send) == ["1: hello"]
    assert (first.failed, first.parked) == (1, 0)
    second = handle(database)
    assert (second.failed, second.parked, second.to_send) == (1, 0, ())
    third = handle(database)
    assert texts(third.to_send) == ["sorry (None)"]
    assert (third.failed, third.parked) == (1, 1)
    assert texts(handle(database).to_send) == ["1: after"]
    [case] = rows(database, tables.cases)
    assert (case.kind, case.person, case.closed_at) == ("parked", person(database, 1), None)
    [parked] = [row for row in rows(database, tables.inbox) if row.state == "parked"]
    assert (parked.attempts, parked.last_error) == (3, "Boom")
    assert "4711" not in caplog.text
    assert "Boom" in caplog.text
    assert user(1) not in caplog.text


def test_parking_succeeds_even_without_an_apology(database: Database):
    def speechless(_tag: str | None) -> list[dict[str, Any]]:
        raise KeyError

    keep(database, an_event("poison"))
    house = a_house(database, Clock(), apology=speechless)
    assert [handle(database, house).parked for _ in range(3)] == [0, 0, 1]
    with database.read() as session:
        assert inbox.count(session) == {"new": 0, "parked": 1}


def test_an_unreadable_conversation_is_parked_and_begun_again(database: Database):
    keep(database, an_event("hello"))
    handle(database)
    with database.write() as session:
        session.connection.exec_driver_sql("UPDATE conversations SET state = user_id")
    keep(database, an_event("what now"))
    assert [handle(database).parked for _ in range(3)] == [0, 0, 1]
    keep(database, an_event("and now"))
    assert texts(handle(database).to_send) == ["1: and now"]


def test_a_crash_before_the_commit_changes_nothing(database: Database):
    keep(database, an_event("hello"))

    def crash() -> str:
        raise SystemExit

    with pytest.raises(SystemExit):
        handle(database, a_house(database, Clock(), new_id=crash))
    assert rows(database, tables.outbox) == []
    assert texts(handle(database).to_send) == ["1: hello"]


def test_messages_that_line_would_refuse_go_out_as_plain_text(database: Database):
    alarms = []
    house = a_house(
        database,
        Clock(),
        faults=lambda messages, _size: ["messages[0].text"],
        alarm=lambda name, where: alarms.append((name, where)),
    )
    keep(database, an_event("hello"))
    assert texts(handle(database, house).to_send) == ["plain"]
    assert alarms == [("would_be_refused", ["messages[0].text"])]


def test_a_row_waits_behind_a_row_in_other_hands(database: Database):
    keep(database, an_event("one"))
    handle_batch(a_house(database, Clock()), Sending("other"), 50, {person(database): "en"})
    keep(database, an_event("two"))
    handled = handle(database)
    assert handled.to_send == ()
    assert handled.left == 1


def test_without_room_rows_stay_in_the_outbox(database: Database):
    keep(database, an_event("one"))
    known = {person(database): "en"}
    handled = handle_batch(a_house(database, Clock()), Sending("me", has_room=False), 50, known)
    assert (handled.to_send, handled.left) == ((), 1)
    [row] = rows(database, tables.outbox)
    assert (row.owner, row.tried_at, row.state) == (None, None, "due")


# ---------------------------------------------------------------- requests


def test_deleting_leaves_nothing_but_the_farewell(database: Database):
    keep(database, an_event("hello", at=NOW), an_event("human", at=NOW + 1))
    keep(database, an_event("delete", at=NOW + 2), an_event("hi", person=2, at=NOW + 3))
    handled = handle(database)
    assert texts(handled.to_send) == ["1: hello", "2: human", "deleted", "1: hi"]
    with database.read() as session:
        assert privacy.count_kept(session, person(database)) == 3, "only what is on its way"
        assert privacy.count_kept(session, person(database, 2)) > 0
    with database.write() as session:
        outbox.mark(session, [Ended(row, outbox.SENT, NOW) for row in handled.to_send])
    with database.read() as session:
        assert privacy.count_kept(session, person(database)) == 0
    erased = [row for row in rows(database, tables.inbox) if row.person == ""]
    assert len(erased) == 3
    assert all(row.raw == b"" and row.message_id is None for row in erased)


def test_a_duplicate_after_deletion_is_not_answered(database: Database):
    event = an_event("delete")
    keep(database, event)
    handle(database)
    keep(database, event)
    assert handle(database) == Handled()


def test_who_writes_after_deletion_is_new(database: Database):
    keep(database, an_event("hello", at=NOW), an_event("delete", at=NOW + 1))
    keep(database, an_event("hello again", at=NOW + 2))
    handle(database)
    assert texts(handle(database).to_send) == ["1: hello again"]


def test_an_export_link_works_for_a_day(database: Database):
    keep(database, an_event("export"))
    [said] = texts(handle(database).to_send)
    token = said.rpartition("/")[2]
    assert said.startswith("1: export https://bot.example/export/")
    with database.write() as session:
        assert links.look(session, token, links.EXPORT, NOW + 86_399) == links.Link(
            person(database), links.OPEN
        )
        late = links.look(session, token, links.EXPORT, NOW + 86_401)
        assert late is not None and late.state == links.EXPIRED
        assert links.use(session, token, links.EXPORT, NOW) == person(database)
        assert links.use(session, token, links.EXPORT, NOW) is None
    assert token not in repr(rows(database, tables.links))


def test_a_case_is_opened_once_and_known_afterwards(database: Database):
    keep(database, an_event("human", at=NOW), an_event("human", at=NOW + 1))
    handle(database)
    with database.read() as session:
        assert cases.count_open(session) == {"human": 1}
    keep(database, an_event("hello"))
    assert texts(handle(database).to_send) == ["3: hello [case]"]


def test_the_notice_that_was_shown_is_on_record(database: Database):
    keep(database, an_event("notice"))
    handle(database)
    [stored] = rows(database, tables.conversations)
    assert (stored.notice_version, stored.notice_at) == ("2026-11", NOW)


# ---------------------------------------------------------------- taken back, quoted, blocked


def test_a_message_that_is_taken_back_loses_its_text(database: Database):
    event = an_event("my passport number")
    keep(database, event)
    handle(database)
    keep(database, an_unsend(event["message"]["id"], at=NOW + 5))
    assert handle(database).to_send == ()
    [kept] = rows(database, tables.talk)
    assert (kept.text, kept.unsent) == (None, True)
    raws = {row.message_id: row.raw for row in rows(database, tables.inbox)}
    assert raws[event["message"]["id"]] == b""


def test_a_message_that_is_taken_back_before_it_came_is_never_read(database: Database):
    keep(database, an_event("hello", at=NOW - 9))
    handle(database)
    event = an_event("my passport number", at=NOW)
    keep(database, an_unsend(event["message"]["id"], at=NOW + 5))
    handle(database)
    keep(database, event)
    handled = handle(database)
    assert (handled.events, handled.to_send) == (1, ())
    assert [row.text for row in rows(database, tables.talk) if row.unsent] == [None]
    raws = {row.message_id: row.raw for row in rows(database, tables.inbox)}
    assert raws[event["message"]["id"]] == b""


def test_a_message_and_its_taking_back_in_one_batch_are_not_answered(database: Database):
    event = an_event("my passport number")
    keep(database, event, an_unsend(event["message"]["id"], at=NOW + 1))
    assert handle(database).to_send == ()


def test_a_quoted_question_is_known(database: Database):
    def asking(conversation: Conversation, event: Event, world: Any) -> Any:
        from houses import Turned

        if world.quoted:
            return Turned(conversation, (Say(spoken(f"about {world.quoted}")),))
        question = Question("when", "date", Sentence("lost-card/when.ask", "When?"))
        return Turned(conversation, (Ask("lost-card", question),))

    house = a_house(
        database,
        Clock(),
        take_turn=asking,
        to_messages=lambda replies, voice, links: [
            {
                "type": "text",
                "text": getattr(getattr(r, "text", None), "sentence", Sentence("", "?")).text,
            }
            for r in replies
        ],
    )
    keep(database, an_event("lost"))
    [row] = handle(database, house).to_send
    assert row.about == "lost-card/when"
    with database.write() as session:
        outbox.mark(session, [Ended(row, outbox.SENT, NOW, "reply", message_ids=("777",))])
    quoting = an_event("this one")
    quoting["message"]["quotedMessageId"] = "777"
    keep(database, quoting)
    assert texts(handle(database, house).to_send) == ["about lost-card/when"]


def test_blocking_is_noted_and_coming_back_too(database: Database):
    keep(database, an_event("hello"))
    handle(database)
    keep(database, an_event(type="unfollow"))
    handle(database)
    assert rows(database, tables.conversations)[0].blocked_at == NOW
    keep(database, an_event(type="follow", follow={"isUnblocked": True}))
    handle(database)
    assert rows(database, tables.conversations)[0].blocked_at is None


def test_unknown_kinds_and_groups_leave_no_conversation(database: Database):
    group = an_event("hello", person=3)
    group["source"] = {"type": "group", "groupId": "C1", "userId": user(3)}
    standby = an_event("hello", person=4, mode="standby")
    keep(database, group, standby, an_event(person=5, type="membership"))
    handled = handle(database)
    assert (handled.events, handled.to_send) == (3, ())
    assert rows(database, tables.conversations) == []


def test_only_results_dates_and_deeds_must_arrive():
    from bot.dialogue.requests import KeepNotice, OpenCase

    assert not must_arrive((Say(spoken("Menu")),), ())
    assert not must_arrive((Say(spoken("Hi")),), (KeepNotice("1"),))
    assert must_arrive((Say(spoken("Told")),), (OpenCase("human"),))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_conversation_that_an_operator_changed_meanwhile_is_read_again(database: Database):
    from bot.store.conversations import ChangedMeanwhile

    keep(database, an_event("hello"))
    handle(database)
    keep(database, an_event("again"))
    other = Database(database.url, database.sealer)

    def interfering(conversation: Conversation, event: Event, world: Any) -> Any:
        from houses import echo_turn

        with other.write() as session:
            session.connection.exec_driver_sql("UPDATE conversations SET position = position + 1")
        return echo_turn(conversation, event, world)

    with pytest.raises(ChangedMeanwhile):
        handle(database, a_house(database, Clock(), take_turn=interfering))
    assert texts(handle(database).to_send) == ["2: again"]
    other.close()
