"""Notices to the office's people: put with the case, sent once, of nobody's person."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from houses import SECRET, Clock, a_house, an_event, keep, settings_for, user
from sqlalchemy import select

from bot.carrying_out import Sending
from bot.console.words import Dictionary
from bot.handle import handle_batch
from bot.line.api import Answer, LineApi, NoAnswer, NotSent
from bot.line.incoming import TOKYO
from bot.mail import NotNow, Refused
from bot.notices import MOST_ATTEMPTS, Notifier
from bot.simulator.server import Simulator
from bot.store import cases, notice_wishes, notices, operators, outbox, privacy, tables
from bot.store.cases import Case
from bot.store.database import Database
from bot.worker import LOCALES, Worker

NOON = datetime(2026, 11, 30, 12, tzinfo=TOKYO).timestamp()
DAY = 86_400.0


@dataclass
class Post:
    """A mail server: what it took; `trouble` is what it says first, in turn."""

    taken: list[tuple[str, str, str]] = field(default_factory=list)
    tried: int = 0
    trouble: list[Exception] = field(default_factory=list)

    def send(self, to: str, subject: str, text: str, _message_id: str) -> None:
        self.tried += 1
        if self.trouble:
            raise self.trouble.pop(0)
        self.taken.append((to, subject, text))


@dataclass
class Line:
    """LINE: what was pushed, and what it answers."""

    pushed: list[tuple[str, str, str]] = field(default_factory=list)
    answers: list[Answer | Exception] = field(default_factory=list)

    def push(self, user_id: str, messages: bytes, key: str) -> Answer:
        answer = self.answers.pop(0) if self.answers else Answer(200, b"{}")
        if isinstance(answer, Exception):
            raise answer
        if answer.status == 200:
            self.pushed.append((user_id, orjson.loads(messages)[0]["text"], key))
        return answer


class Office:
    def __init__(self, database: Database) -> None:
        self.database, self.clock = database, Clock(NOON)
        self.post, self.line = Post(), Line()
        self.has_reserve = True
        self.notifier = self.another()
        self.numbers = 0

    def another(self, mailer: Any = "post") -> Notifier:
        return Notifier(
            self.database, self.line, self.post if mailer == "post" else mailer,  # type: ignore[arg-type]
            Dictionary(LOCALES), "https://bot.example/", self.clock, lambda: self.has_reserve,
        )  # fmt: skip

    def operator(
        self, login: str, mail: str = "none", line: str = "none", language: str = "en"
    ) -> str:
        with self.database.write() as session:
            added = operators.add(session, login, login.title(), "operator", self.clock.at)
            operators.set_state(session, added, operators.ACTIVE)
            operators.set_language(session, added, language)
            if mail != "none":
                notice_wishes.set_mail(session, added, f"{login}@office.example", mail)
            if line != "none":
                code = notice_wishes.make_code(session, added, self.clock.at)
                who = session.persons.name(f"U-{login}")
                assert notice_wishes.link(session, code, who, f"U-{login}", self.clock.at)
                notice_wishes.set_line(session, added, line)
        return added

    def opens(self, person: str = "mai", kind: str = "human") -> str:
        self.numbers += 1
        with self.database.write() as session:
            return cases.open_case(
                session, Case(f"case-{self.numbers}", person, kind, self.clock.at), {"name": "Mai"}
            )

    def waits(self, minutes: int = 60) -> None:
        with self.database.write() as session:
            notices.put_waiting(session, self.clock.at - 60 * minutes, self.clock.at)

    def states(self) -> list[tuple[str, str, str | None]]:
        asked = select(tables.notices.c.way, tables.notices.c.state, tables.notices.c.error)
        with self.database.read() as session:
            return sorted(tuple(row) for row in session.connection.execute(asked))  # type: ignore[misc]

    def counted(self) -> dict[str, int]:
        with self.database.read() as session:
            return outbox.read_counters(session)


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    database = Database.of(settings_for(database_url, tmp_path))
    yield Office(database)
    database.close()


def test_who_wishes_all_is_told_of_a_new_case_and_who_wishes_none_is_not(office: Office):
    office.operator("ito", mail="all", line="all")
    office.operator("abe", mail="urgent", line="urgent")
    office.operator("ueda")
    office.opens()
    assert office.notifier.step() == 2 and office.notifier.step() == 0
    [(to, subject, text)] = office.post.taken
    assert (to, subject) == ("ito@office.example", "#1 A new case")
    assert text.startswith(
        "A new case: #1 (wants a person)\nhttps://bot.example/operators/cases/1\n"
    )
    [(who, said, key)] = office.line.pushed
    assert who == "U-ito" and len(key) == 36
    assert said == "A new case: #1 (wants a person)\nhttps://bot.example/operators/cases/1"
    assert "Mai" not in subject + text + said and "mai" not in subject + text + said
    assert office.counted()["notices_sent"] == 2


def test_an_urgent_case_is_told_to_all_but_those_who_wish_nothing(office: Office):
    office.operator("ito", mail="all")
    office.operator("abe", line="urgent")
    office.opens(kind="urgent")
    office.notifier.step()
    assert office.post.taken[0][1] == "#1 An urgent case (urgent)"
    assert office.line.pushed[0][1].startswith("An urgent case: #1 (urgent)\n")


def test_a_case_that_becomes_urgent_is_told_once_more_and_only_once(office: Office):
    office.operator("abe", mail="urgent")
    office.opens()
    office.notifier.step()
    assert office.post.taken == []
    office.opens(kind="urgent")
    office.opens(kind="urgent")
    while office.notifier.step():
        pass
    assert [subject for _, subject, _ in office.post.taken] == ["#1 An urgent case (urgent)"]


def test_a_long_wait_is_told_once_for_each_wait(office: Office):
    office.operator("ito", mail="all")
    case = office.opens()
    office.waits()
    office.notifier.step()
    assert len(office.post.taken) == 1  # that it is new
    office.clock.at += 3601
    for _ in range(3):
        office.waits()
        office.notifier.step()
    assert [subject for _, subject, _ in office.post.taken[1:]] == ["#1 A case waits for an answer"]
    with office.database.write() as session:
        cases.note_operator_wrote(session, case, office.clock.at)
    office.clock.at += 10 * DAY
    office.waits()
    assert office.notifier.step() == 0
    with office.database.write() as session:
        cases.note_person_wrote(session, {"mai": office.clock.at})
    office.clock.at += 3601
    office.waits()
    assert office.notifier.step() == 1


def test_what_a_colleague_has_in_hand_or_put_off_is_not_told_to_all(office: Office):
    office.operator("ito", mail="all")
    abe = office.operator("abe", mail="all")
    case = office.opens()
    while office.notifier.step():
        pass
    office.post.taken.clear()
    with office.database.write() as session:
        cases.take(session, case, abe, office.clock.at)
    office.clock.at += 3601
    office.waits()
    while office.notifier.step():
        pass
    assert [to for to, _, _ in office.post.taken] == ["abe@office.example"]
    office.opens("tam")
    with office.database.write() as session:
        cases.snooze(session, "case-2", abe, office.clock.at + DAY, office.clock.at)
    while office.notifier.step():
        pass
    office.post.taken.clear()
    office.clock.at += 3601
    office.waits()
    assert office.notifier.step() == 0


@pytest.mark.parametrize("language, said", [("en", "A new case"), ("ja", "#1")])
def test_it_speaks_the_language_of_the_pages(office: Office, language: str, said: str):
    office.operator("ito", mail="all", language=language)
    office.opens()
    office.notifier.step()
    assert said in office.post.taken[0][1]


# ---------------------------------------------------------------- what goes wrong


def test_a_dead_mail_server_is_tried_again_and_given_up_after_two_hours(office: Office):
    office.operator("ito", mail="all")
    office.opens()
    office.post.trouble = [NotNow("TimeoutError")] * 50
    began = office.clock.at
    while office.states()[0][1] == "due":
        office.notifier.step()
        office.clock.at += 60
        assert office.clock.at < began + DAY
    assert office.states() == [("mail", "given_up", "TimeoutError")]
    assert office.post.tried == MOST_ATTEMPTS and 3600 < office.clock.at - began < 3 * 3600
    assert office.counted()["notices_given_up"] == 1


def test_one_dead_server_is_found_out_once_and_delays_no_notice_by_line(office: Office):
    for name in ("ito", "abe", "ueda"):
        office.operator(name, mail="all")
    office.operator("endo", line="all")
    office.opens()
    office.post.trouble = [NotNow("ConnectionRefusedError")]
    assert office.notifier.step() == 4
    assert office.post.tried == 1 and len(office.line.pushed) == 1
    office.clock.at += 60
    while office.notifier.step():
        pass
    assert len(office.post.taken) == 3


def test_what_the_mail_server_refuses_is_given_up_at_once(office: Office):
    office.operator("ito", mail="all")
    office.opens()
    office.post.trouble = [Refused("status 550")]
    office.notifier.step()
    assert office.states() == [("mail", "given_up", "status 550")]


def test_a_notice_that_cannot_be_written_holds_up_no_other(office: Office):
    office.operator("ito", mail="all")
    office.operator("abe", mail="all")
    office.opens()
    office.post.trouble = [ValueError("a header")]
    office.notifier.step()
    assert [state for _, state, _ in office.states()] == ["given_up", "sent"]


def test_without_a_mail_server_nothing_is_kept_forever(office: Office):
    office.operator("ito", mail="all")
    office.opens()
    office.another(mailer=None).step()
    assert office.states() == [("mail", "given_up", "no mail server")]


@pytest.mark.parametrize(
    "answer, state",
    [
        (Answer(409, b"{}"), "sent"),
        (Answer(429, b'{"message":"You have reached your monthly limit."}'), "given_up"),
        (Answer(429, b"{}"), "due"),
        (Answer(500, b"{}"), "due"),
        (Answer(400, b"{}"), "given_up"),
        (NotSent("refused"), "due"),
        (NoAnswer("silence"), "due"),
    ],
)
def test_what_line_says_decides_whether_it_is_tried_again(
    office: Office, answer: Answer | Exception, state: str
):
    office.operator("ito", line="all")
    office.opens()
    office.line.answers = [answer]
    office.notifier.step()
    assert office.states()[0][1] == state
    if state == "due":
        office.clock.at += 60
        office.notifier.step()
        assert office.states()[0][1] == "sent" and len(office.line.pushed) == 1


def test_when_few_messages_are_left_only_urgent_notices_cost_one(office: Office):
    office.operator("ito", line="all")
    office.has_reserve = False
    office.opens()
    office.opens("tam", kind="urgent")
    while office.notifier.step():
        pass
    assert [text.split("\n")[0] for _, text, _ in office.line.pushed] == [
        "An urgent case: #2 (urgent)"
    ]
    assert ("line", "given_up", "kept for staff") in office.states()


def test_who_left_or_changed_their_mind_gets_nothing(office: Office):
    ito, abe = office.operator("ito", mail="all"), office.operator("abe", line="all")
    office.opens()
    with office.database.write() as session:
        operators.set_state(session, ito, operators.DISABLED)
        notice_wishes.unlink(session, abe)
    while office.notifier.step():
        pass
    assert office.post.taken == [] and office.line.pushed == []
    assert {error for _, _, error in office.states()} == {"no address"}


# ---------------------------------------------------------------- crashes


def test_the_notice_stands_with_the_case_or_not_at_all(office: Office):
    office.operator("ito", mail="all")

    def breaks() -> None:
        with office.database.write() as session:
            cases.open_case(session, Case("x", "mai", "human", office.clock.at))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        breaks()
    assert office.states() == []
    office.opens()
    assert office.states() == [("mail", "due", None)]


def test_who_died_while_sending_leaves_it_to_the_next_one(office: Office):
    office.operator("ito", mail="all")
    office.opens()
    with office.database.write() as session:
        assert len(notices.take_due(session, office.clock.at, 8)) == 1
    assert office.another().step() == 0  # it is in somebody's hands
    office.clock.at += notices.LEASE + 1
    assert office.another().step() == 1 and len(office.post.taken) == 1


def test_two_workers_do_not_send_the_same_notice(office: Office):
    for number in range(12):
        office.operator(f"op{number}", mail="all", line="all")
    office.opens()
    workers = [threading.Thread(target=office.another().step) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    while office.notifier.step():
        pass
    assert len(office.post.taken) == 12 and len({to for to, _, _ in office.post.taken}) == 12
    assert len({who for who, _, _ in office.line.pushed}) == len(office.line.pushed) == 12


# ---------------------------------------------------------------- what is kept


def test_addresses_are_sealed_and_go_with_the_person_and_the_case(office: Office):
    ito = office.operator("ito", mail="all", line="all")
    office.opens()
    with office.database.read() as session:
        row = session.connection.execute(select(tables.notice_wishes)).one()
        assert b"ito" not in bytes(row.address) and b"U-ito" not in bytes(row.line_user)
        who = session.persons.name("U-ito")
        assert privacy.export_person(session, who)["is_of_the_office"] is True
        told = privacy.export_person(session, "mai")["cases"][0]["office_was_told"]
        assert [one["how"] for one in told] == ["line", "mail"] and "ito" not in str(told)
    with office.database.write() as session:
        privacy.delete_person(session, who)
        assert privacy.count_kept(session, who) == 0
        assert notice_wishes.read(session, ito).is_linked is False
        privacy.delete_person(session, "mai")
    assert office.states() == []


def test_what_is_over_goes_by_its_age(office: Office):
    office.operator("ito", mail="all")
    office.opens()
    with office.database.write() as session:
        notices.delete_old(session, office.clock.at + 1)
    assert len(office.states()) == 1  # still to be sent
    office.notifier.step()
    with office.database.write() as session:
        notices.delete_old(session, office.clock.at + 1)
    assert office.states() == []


# ---------------------------------------------------------------- the code


def code_of(office: Office, operator: str) -> str:
    with office.database.write() as session:
        return notice_wishes.make_code(session, operator, office.clock.at)


def types(office: Office, text: str, person: int = 1) -> list[str]:
    """Somebody types this to the bot; what the bot says."""
    office.clock.at += 1
    keep(office.database, an_event(text, person, at=office.clock.at), now=office.clock.at)
    with office.database.read() as session:
        who = session.persons.name(user(person))
    house = a_house(office.database, office.clock, take_turn=coded)
    handled = handle_batch(house, Sending("me"), 64, {who: "en"})
    return [orjson.loads(row.messages)[0]["text"] for row in handled.to_send]


def coded(conversation: Any, event: Any, world: Any) -> Any:
    from houses import Turned, echo_turn, spoken

    from bot.dialogue.events import TypedCode
    from bot.dialogue.replies import Say

    if isinstance(event, TypedCode):
        return Turned(conversation, (Say(spoken("linked" if event.works else "wrong")),))
    return echo_turn(conversation, event, world)


def linked(office: Office, operator: str) -> bool:
    with office.database.read() as session:
        return notice_wishes.read(session, operator).is_linked


@pytest.mark.parametrize("change", [str, str.lower, lambda c: c.replace("-", " "), "　{}\n".format])
def test_a_code_links_once_however_it_is_typed(office: Office, change: Any):
    ito = office.operator("ito")
    code = code_of(office, ito)
    assert types(office, change(code)) == ["linked"] and linked(office, ito)
    with office.database.read() as session:
        assert session.connection.execute(select(tables.talk)).all() == []  # nothing of it
    assert types(office, code, person=2) == ["wrong"]
    office.opens(kind="urgent")
    office.notifier.step()
    assert [who for who, _, _ in office.line.pushed] == [user(1)]


def test_a_code_lives_ten_minutes_and_a_new_one_ends_the_one_before(office: Office):
    ito = office.operator("ito")
    old, new = code_of(office, ito), code_of(office, ito)
    assert types(office, old) == ["wrong"]
    office.clock.at += 601
    assert types(office, new) == ["wrong"] and not linked(office, ito)


def test_after_five_wrong_codes_even_the_right_one_waits(office: Office):
    ito = office.operator("ito")
    for number in range(5):
        assert types(office, f"DESK-2222-222{number + 2}") == ["wrong"]
    code = code_of(office, ito)
    assert types(office, code) == ["wrong"] and not linked(office, ito)
    assert types(office, code, person=2) == ["linked"]  # somebody else is not locked out
    office.clock.at += 901
    assert types(office, code_of(office, ito)) == ["linked"]


def test_many_codes_in_one_batch_are_one_try(office: Office):
    ito = office.operator("ito")
    code = code_of(office, ito)
    wrong = [f"DESK-2222-22{a}{b}" for a in "23456789" for b in "2345"]
    for text in (*wrong, code):
        office.clock.at += 0.01
        keep(office.database, an_event(text, at=office.clock.at), now=office.clock.at)
    types(office, code)
    assert not linked(office, ito)


@pytest.mark.parametrize(
    "text", ["desk", "DESK-2222", "my code is DESK-2222-2222", "DESK-2222-2222-2222", "ＤＥＳＫ"]
)
def test_what_is_no_code_is_a_message_like_any_other(office: Office, text: str):
    assert types(office, text) == [f"1: {text}"]


def test_one_account_belongs_to_one_operator(office: Office):
    ito, abe = office.operator("ito"), office.operator("abe")
    types(office, code_of(office, ito))
    assert types(office, code_of(office, abe)) == ["linked"]
    assert linked(office, abe) and not linked(office, ito)


# ---------------------------------------------------------------- with a worker


def test_a_mail_server_that_hangs_does_not_delay_the_bot(sqlite_url: str, tmp_path: Path):
    import socket

    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        Simulator("http://127.0.0.1:9/callback", SECRET, "test-token") as line,
    ):
        settings = settings_for(
            sqlite_url, tmp_path, notice_from="desk@office.example",
            smtp_url=f"smtp+plain://127.0.0.1:{silent.getsockname()[1]}",
        )  # fmt: skip
        database = Database.of(settings)
        with database.write() as session:
            ito = operators.add(session, "ito", "Ito", "operator", time.time())
            operators.set_state(session, ito, operators.ACTIVE)
            notice_wishes.set_mail(session, ito, "ito@office.example", "all")
        api = LineApi(line.url, "test-token", connect=1.0, read=1.0)
        worker = Worker(a_house(database), api, settings, threading.Event())
        thread = threading.Thread(target=worker.run, daemon=True)
        thread.start()
        try:
            keep(database, an_event("human", at=time.time()), now=time.time())
            worker.wake.set()
            until(lambda: attempts(database) == 1)  # the mail is under way, and hangs
            began = time.monotonic()
            keep(database, an_event("hello", at=time.time()), now=time.time())
            worker.wake.set()
            until(lambda: handled(database) == 2)
            assert time.monotonic() - began < 2.0
        finally:
            began = time.monotonic()
            worker.stop()
            thread.join(timeout=15)
            assert not thread.is_alive() and time.monotonic() - began < 8
            database.close()


def attempts(database: Database) -> int:
    with database.read() as session:
        return sum(session.connection.execute(select(tables.notices.c.attempts)).scalars())


def handled(database: Database) -> int:
    asked = select(tables.inbox.c.event_id).where(tables.inbox.c.state == "handled")
    with database.read() as session:
        return len(session.connection.execute(asked).all())


def until(is_so: Any, patience: float = 10.0) -> None:
    end = time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
