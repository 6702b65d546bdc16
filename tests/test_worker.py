"""The whole walk against a LINE of one machine: webhook, inbox, worker, outbox, sent."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from houses import SECRET, Clock, a_house, an_event, keep, received, settings_for, user
from sqlalchemy import select, update

from bot.carrying_out import Sending
from bot.handle import handle_batch
from bot.line.api import Answer, LineApi
from bot.simulator.server import Simulator
from bot.store import cases, outbox, tables
from bot.store.alone import AnotherWorker
from bot.store.database import Database
from bot.store.spool import Spool
from bot.upkeep import delete_old
from bot.web import Application, create_app
from bot.worker import Worker


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


class Bot:
    """Web and worker in this process, talking to a simulator."""

    def __init__(self, url: str, tmp_path: Path) -> None:
        self.settings = settings_for(url, tmp_path)
        self.database = Database.of(self.settings)
        self.wake = threading.Event()
        self.app: Application = create_app(self.settings, self.database, self.wake.set)
        self.server = make_server("127.0.0.1", 0, self.app, handler_class=_Quiet)
        self.web = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.web.start()
        self.line = Simulator(
            f"http://127.0.0.1:{self.server.server_port}/callback", SECRET, "test-token"
        ).start()
        self.workers: list[tuple[Worker, threading.Thread]] = []

    def start_worker(self, api: LineApi | None = None, **more: Any) -> Worker:
        api = api or LineApi(self.line.url, "test-token", connect=1.0, read=1.0)
        worker = Worker(a_house(self.database, **more), api, self.settings, self.wake)
        thread = threading.Thread(target=worker.run, daemon=True)
        thread.start()
        self.workers.append((worker, thread))
        return worker

    def stop_workers(self) -> None:
        for worker, thread in self.workers:
            worker.stop()
            thread.join(timeout=10)
            assert not thread.is_alive()
        self.workers.clear()

    def rows(self) -> list[Any]:
        with self.database.read() as session:
            found = session.connection.execute(
                select(tables.outbox).order_by(tables.outbox.c.position)
            )
            return list(found)

    def close(self) -> None:
        self.stop_workers()
        self.line.stop()
        self.server.shutdown()
        self.web.join()
        self.server.server_close()
        self.app.close()
        self.database.close()


@contextmanager
def a_bot(url: str, tmp_path: Path) -> Iterator[Bot]:
    bot = Bot(url, tmp_path)
    try:
        yield bot
    finally:
        bot.close()


def until(is_so: Any, patience: float = 5.0) -> None:
    end = time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def test_a_message_is_answered(database_url: str, tmp_path: Path):
    with a_bot(database_url, tmp_path) as bot:
        bot.start_worker()
        mai = bot.line.user("Mai", language="vi")
        mai.says("hello")
        assert [b.message["text"] for b in mai.wait_for(1)] == ["1: hello"]
        mai.says("again")
        assert [b.message["text"] for b in mai.wait_for(1)] == ["2: again"]
        until(lambda: [row.state for row in bot.rows()] == ["sent", "sent"])
        assert {row.via for row in bot.rows()} == {"reply"}
        assert all(row.address is None and row.message_ids for row in bot.rows())


def test_a_worker_sends_nothing_of_the_bots_to_somebody_who_talks_with_a_human(
    database_url: str, tmp_path: Path
):
    with a_bot(database_url, tmp_path) as bot:
        mai, jun = bot.line.user("Mai", language="vi"), bot.line.user("Jun", language="vi")
        mai.says("hello")
        jun.says("hello")
        until(lambda: waiting(bot) == 2)
        with bot.database.read() as session:
            persons = [session.persons.name(one.id) for one in (mai, jun)]
        house = a_house(bot.database)
        handle_batch(house, Sending("nobody", has_room=False), 9, dict.fromkeys(persons))
        with bot.database.write() as session:
            session.connection.execute(
                update(tables.conversations)
                .where(tables.conversations.c.person == persons[0])
                .values(owner="human")
            )
        bot.start_worker()
        jun.wait_for(1)
        until(lambda: {row.state for row in bot.rows()} == {"held", "sent"})
        assert (said(mai), said(jun)) == ([], ["1: hello"])
        bot.stop_workers()
        assert counters(bot)["held_back"] == 1


def test_talks_in_which_nobody_writes_any_more_end_by_themselves(database_url: str, tmp_path: Path):
    with a_bot(database_url, tmp_path) as bot:
        now = time.time()
        with bot.database.write() as session:
            for name, days in (("old", 15), ("new", 13)):
                at = now - days * 86_400
                cases.open_case(session, cases.Case(name, name, "human", at))
                cases.take(session, name, "ito", at)
                cases.note_operator_wrote(session, name, at)
            cases.open_case(session, cases.Case("snoozed", "x", "human", now - 99))
            cases.snooze(session, "snoozed", "ito", now - 5, now - 9)
        bot.start_worker()

        def states() -> dict[str, str]:
            with bot.database.read() as session:
                names = ("old", "new", "snoozed")
                return {name: case.state for name in names if (case := cases.load(session, name))}

        until(lambda: states() == {"old": "closed", "new": "taken", "snoozed": "open"})


def said(user: Any) -> list[str]:
    """What the office has told this person, in order."""
    return [bubble.message["text"] for bubble in user.answers()]


def test_everybody_is_answered_once_and_in_order_through_duplicates_and_shuffling(
    database_url: str, tmp_path: Path
):
    with a_bot(database_url, tmp_path) as bot:
        people = [bot.line.user(f"P{n}") for n in range(4)]
        bot.line.faults.copies = 2
        bot.line.faults.webhook("duplicate", 20)
        bot.line.faults.webhook("merge", 5)
        for number in range(5):
            for person in people:
                person.says(f"{number}")
            time.sleep(0.003)  # LINE's clock has milliseconds
        until(lambda: waiting(bot) == 20)
        bot.start_worker()
        for person in people:
            until(lambda person=person: len(said(person)) >= 5)
        bot.stop_workers()
        for person in people:
            assert said(person) == [f"{n + 1}: {n}" for n in range(5)]


def waiting(bot: Bot) -> int:
    with bot.database.read() as session:
        return session.connection.exec_driver_sql(
            "SELECT count(*) FROM inbox WHERE state = 'new'"
        ).scalar_one()


def test_poison_is_answered_honestly_and_others_do_not_wait(database_url: str, tmp_path: Path):
    with a_bot(database_url, tmp_path) as bot:
        bot.start_worker()
        unlucky, other = bot.line.user("A"), bot.line.user("B", language="vi")
        unlucky.says("poison")
        other.says("hello")
        other.wait_for(1)
        unlucky.wait_for(1)
        unlucky.says("and now?")
        unlucky.wait_for(1)
        assert said(unlucky) == ["sorry (None)", "1: and now?"]
        until(lambda: counters(bot).get("parked") == 1)


def counters(bot: Bot) -> dict[str, int]:
    with bot.database.read() as session:
        return outbox.read_counters(session)


def test_a_line_cut_after_accepting_doubles_nothing(database_url: str, tmp_path: Path):
    with a_bot(database_url, tmp_path) as bot:
        bot.line.faults.api("cut after", "reply", times=2)
        bot.start_worker()
        people = [bot.line.user(f"P{n}") for n in range(4)]
        for person in people:
            person.says("hello")
        for person in people:
            person.wait_for(1)
        until(lambda: {row.state for row in bot.rows()} == {"sent"})
        assert [said(person) for person in people] == [["1: hello"]] * 4
        assert counters(bot).get("unclear", 0) == 0


def test_line_answering_500_twenty_times_loses_nothing(database_url: str, tmp_path: Path):
    with a_bot(database_url, tmp_path) as bot:
        bot.line.faults.api("status", "reply", times=20, status=500)
        bot.start_worker()
        people = [bot.line.user(f"P{n}") for n in range(10)]
        for person in people:
            person.says("hello")
        for person in people:
            until(lambda person=person: said(person) == ["1: hello"], patience=15)


def test_what_was_committed_and_not_sent_is_sent_by_the_next_worker(
    database_url: str, tmp_path: Path
):
    with a_bot(database_url, tmp_path) as bot:
        mai = bot.line.user("Mai")
        event = mai.says("hello")
        until(lambda: waiting(bot) == 1)
        # The first life ends between the commit and the call to LINE.
        handled = handle_batch(
            a_house(bot.database), Sending("first life"), 10, dict.fromkeys([person_of(bot, mai)])
        )
        assert [row.person for row in handled.to_send] == [person_of(bot, mai)]
        assert said(mai) == []
        with bot.database.write() as session:
            session.connection.exec_driver_sql("UPDATE outbox SET tried_at = tried_at - 11")
        bot.start_worker()
        until(lambda: said(mai) == ["1: hello"])
        assert event


def person_of(bot: Bot, phone: Any) -> str:
    with bot.database.read() as session:
        return session.persons.name(phone.id)


def test_what_was_sent_and_not_marked_is_not_sent_twice(database_url: str, tmp_path: Path):
    with a_bot(database_url, tmp_path) as bot:
        mai = bot.line.user("Mai")
        bot.start_worker()
        mai.says("hello")
        mai.wait_for(1)
        until(lambda: [row.state for row in bot.rows()] == ["sent"])
        bot.stop_workers()
        row = bot.rows()[0]
        # As if the mark had not been committed: the row is due again, tried, with its token.
        token = reply_token(bot)
        with bot.database.write() as session:
            address = session.sealer.seal(
                json.dumps([token, mai.id]).encode(), f"outbox.address:{row.id}"
            )
            session.connection.execute(
                update(tables.outbox).values(
                    state="due", address=address, owner="first life", tried_at=time.time() - 11
                )
            )
        bot.start_worker()
        until(lambda: [row.state for row in bot.rows()] == ["sent"])
        assert said(mai) == ["1: hello"]


def reply_token(bot: Bot) -> str:
    with bot.database.read() as session:
        row = session.connection.execute(select(tables.inbox)).one()
        raw = session.sealer.open(row.raw, f"inbox.raw:{row.event_id}")
    return str(json.loads(raw)["replyToken"])


@pytest.mark.parametrize(("must_arrive", "expected"), [(True, ["1: hello"]), (False, [])])
def test_after_a_long_outage_only_what_must_arrive_is_pushed_and_all_is_counted(
    sqlite_url: str, tmp_path: Path, must_arrive: bool, expected: list[str]
):
    with a_bot(sqlite_url, tmp_path) as bot:
        mai = bot.line.user("Mai")
        mai.says("hello")
        until(lambda: waiting(bot) == 1)
        people = dict.fromkeys([person_of(bot, mai)])
        handle_batch(a_house(bot.database), Sending("first life"), 10, people)
        with bot.database.write() as session:
            session.connection.execute(
                update(tables.outbox).values(
                    received_at=time.time() - 120, tried_at=time.time() - 119,
                    must_arrive=must_arrive,
                )
            )  # fmt: skip
        bot.start_worker()
        until(lambda: [row.state for row in bot.rows()] != ["due"])
        until(lambda: counters(bot).get("outbox_unclear") == 1)
        assert said(mai) == expected


def test_a_worker_that_stops_gives_back_what_it_never_tried(sqlite_url: str, tmp_path: Path):
    with a_bot(sqlite_url, tmp_path) as bot:
        bot.line.faults.api("delay", "reply", milliseconds=400)
        people = [bot.line.user(f"P{n}") for n in range(20)]
        for person in people:
            person.says("hello")
        until(lambda: waiting(bot) == 20)
        bot.start_worker()
        until(lambda: len(bot.rows()) == 20)
        bot.stop_workers()
        bot.line.faults.clear()
        left = [row for row in bot.rows() if row.state == "due"]
        assert left, "some were never tried"
        assert all(row.owner is None and row.tried_at is None for row in left)
        bot.start_worker()
        for person in people:
            until(lambda person=person: said(person) == ["1: hello"])


def test_a_second_worker_on_sqlite_is_refused_in_plain_words(sqlite_url: str, tmp_path: Path):
    with a_bot(sqlite_url, tmp_path) as bot:
        bot.start_worker()
        until(lambda: bot.workers[0][0]._lock is not None)
        second = Worker(a_house(bot.database), LineApi(bot.line.url, "t"), bot.settings)
        with pytest.raises(AnotherWorker, match="PostgreSQL"):
            second.start()
        second.close()


@pytest.mark.postgres
def test_three_workers_on_postgres_keep_each_persons_order(postgres_url: str, tmp_path: Path):
    with a_bot(postgres_url, tmp_path) as bot:
        for _ in range(3):
            bot.start_worker()
        people = [bot.line.user(f"P{n}") for n in range(6)]
        for number in range(8):
            for person in people:
                person.says(f"{number}")
            time.sleep(0.003)
        for person in people:
            until(lambda person=person: len(said(person)) >= 8, patience=20)
            assert said(person) == [f"{n + 1}: {n}" for n in range(8)]


def test_the_profile_is_asked_once_and_its_absence_holds_up_nobody(sqlite_url: str, tmp_path: Path):
    with a_bot(sqlite_url, tmp_path) as bot:
        bot.start_worker()
        bot.line.faults.api("delay", "profile", milliseconds=4000, times=1)
        slow, quick = bot.line.user("Slow"), bot.line.user("Quick")
        slow.says("hello")
        time.sleep(0.1)
        quick.says("hello")
        quick.wait_for(1, timeout=1.2)
        slow.wait_for(1, timeout=4.0)
        quick.says("again")
        quick.wait_for(1)
        assert len([call for call in bot.line.platform.calls if quick.id in call.path]) == 1


def test_a_database_that_is_locked_for_seconds_loses_no_event(sqlite_url: str, tmp_path: Path):
    with a_bot(sqlite_url, tmp_path) as bot:
        bot.start_worker()
        people = [bot.line.user(f"P{n}") for n in range(4)]
        people[0].says("before")
        people[0].wait_for(1)
        other = Database(sqlite_url, bot.database.sealer)
        with other.write():
            for person in people:
                person.says("meanwhile")
            until(lambda: bot.app.writer.spooled > 0, patience=4)
        other.close()
        for person in people:
            until(
                lambda person=person: said(person)[-1:] == [f"{len(said(person))}: meanwhile"], 15
            )
        assert set(map(len, map(said, people))) == {1, 2}


class Noting(LineApi):
    """Remembers what LINE answered to the loading animation."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.loading: list[int] = []

    def show_loading(self, user_id: str, seconds: int = 10) -> Answer:
        answer = super().show_loading(user_id, seconds)
        self.loading.append(answer.status)
        return answer


def test_those_at_the_end_of_a_long_queue_see_the_loading_animation(
    sqlite_url: str, tmp_path: Path
):
    with a_bot(sqlite_url, tmp_path) as bot:
        people = [bot.line.user(f"P{n}") for n in range(200)]
        early = time.time() - 20
        keep(
            bot.database,
            *[
                an_event("hello", at=early + n, source={"type": "user", "userId": person.id})
                for n, person in enumerate(people)
            ],
            now=early,
        )
        api = Noting(bot.line.url, "test-token")
        bot.start_worker(api)
        until(lambda: all(said(person) for person in people), patience=20)
        assert 0 < len(api.loading) <= 60
        assert set(api.loading) == {202}


def test_what_waited_in_the_spool_is_answered(sqlite_url: str, tmp_path: Path):
    with a_bot(sqlite_url, tmp_path) as bot:
        mai = bot.line.user("Mai")
        Spool(bot.settings.spool, bot.database.sealer).append(
            received(an_event("from the spool", source={"type": "user", "userId": mai.id}),
                     now=time.time())
        )  # fmt: skip
        bot.start_worker()
        # Its token is not one of the simulator's, so it has to be pushed.
        until(lambda: said(mai) == ["1: from the spool"])
        until(lambda: bot.rows()[0].via == "push")


def test_a_message_that_line_would_refuse_is_an_alarm_that_is_counted(
    sqlite_url: str, tmp_path: Path
):
    with a_bot(sqlite_url, tmp_path) as bot:
        bot.start_worker(faults=lambda messages, _size: ["messages[0].text is too long"])
        mai = bot.line.user("Mai")
        mai.says("hello")
        until(lambda: said(mai) == ["plain"])
        until(lambda: counters(bot).get("alarm_would_be_refused") == 1)


def test_old_data_goes_by_itself(database_url: str, tmp_path: Path):
    settings = settings_for(database_url, tmp_path)
    database = Database.of(settings)
    keep(database, an_event("hello", person=1), an_event("human", person=2))
    persons = {}
    for number in (1, 2):
        with database.read() as session:
            persons[session.persons.name(user(number))] = "en"
    clock = Clock()
    handle_batch(a_house(database, clock), Sending("me"), 10, persons)
    worker = Worker(a_house(database, clock), LineApi("http://127.0.0.1:1", "t"), settings)

    def sizes() -> dict[str, int]:
        with database.read() as session:
            run = session.connection.exec_driver_sql
            names = ("inbox", "conversations", "talk", "outbox", "cases")
            return {name: run(f"SELECT count(*) FROM {name}").scalar_one() for name in names}

    assert sizes() == {"inbox": 2, "conversations": 2, "talk": 2, "outbox": 2, "cases": 1}
    clock.at += 7.5 * 86_400
    delete_old(worker.house, settings)
    assert sizes() == {"inbox": 0, "conversations": 2, "talk": 2, "outbox": 2, "cases": 1}
    clock.at += 174 * 86_400
    delete_old(worker.house, settings)
    kept = {"inbox": 0, "conversations": 1, "talk": 1, "outbox": 1, "cases": 1}
    assert sizes() == kept, "the one with an open case stays"
    worker.close()
    database.close()
