"""Pictures and files for the office: fetched, looked at, sealed, and gone when they must be."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from houses import NOW, Clock, settings_for
from sqlalchemy import select

from bot.documents.kinds import MOST_BYTES
from bot.fetching import Fetcher
from bot.line.api import Answer, NoAnswer, NotSent
from bot.store import cases, files, privacy, tables, talk
from bot.store.database import Database
from bot.store.files import File
from bot.store.thread import thread

PICTURE = b"\xff\xd8\xff\xe0 a picture of a card"


@dataclass
class Line:
    """LINE's content interface: answers in turn."""

    answers: list[Answer | Exception] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def content(self, message_id: str) -> Answer:
        self.asked.append(message_id)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


class Office:
    def __init__(self, database: Database) -> None:
        self.database, self.clock, self.line = database, Clock(), Line()
        self.fetcher = Fetcher(database, self.line, self.clock)  # type: ignore[arg-type]

    def wants(self, *answers: Answer | Exception, message: str = "m1", size: int = 9) -> None:
        self.line.answers = list(answers)
        with self.database.write() as session:
            files.want(session, "mai", message, "my card.jpg", size, self.clock.at)

    @property
    def file(self) -> File:
        with self.database.read() as session:
            [one] = files.of_person(session, "mai")
            return one

    @property
    def content(self) -> bytes | None:
        with self.database.read() as session:
            return files.content_of(session, self.file.id)


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    database = Database.of(settings_for(database_url, tmp_path))
    yield Office(database)
    database.close()


def test_a_picture_is_fetched_looked_at_and_sealed(office: Office):
    office.wants(Answer(200, PICTURE))
    assert office.fetcher.step() == 1 and office.fetcher.step() == 0
    assert (office.file.state, office.file.kind, office.file.size) == (
        "kept", "image/jpeg", len(PICTURE)
    )  # fmt: skip
    assert office.content == PICTURE and office.file.name == "my card.jpg"
    with office.database.read() as session:
        [row] = session.connection.execute(select(tables.files)).all()
    assert b"picture" not in bytes(row.content) and b"card" not in bytes(row.name)


@pytest.mark.parametrize(
    "answer, state, why",
    [
        (Answer(200, b"<html>"), "refused", "type"),
        (Answer(200, PICTURE + b"x" * MOST_BYTES), "refused", "size"),
        (NoAnswer("BadAnswer"), "refused", "size"),
        (Answer(404, b""), "gone", "away"),
        (Answer(410, b""), "gone", "away"),
    ],
)
def test_what_must_not_be_kept_is_not(
    office: Office, answer: Answer | Exception, state: str, why: str
):
    office.wants(answer)
    office.fetcher.step()
    assert (office.file.state, office.file.error, office.content) == (state, why, None)
    assert office.fetcher.step() == 0


def test_what_line_says_is_too_large_is_not_even_asked_for(office: Office):
    office.wants(Answer(200, PICTURE), size=MOST_BYTES + 1)
    office.fetcher.step()
    assert office.file.error == "size" and office.line.asked == []


@pytest.mark.parametrize("trouble", [NotSent("x"), NoAnswer("x"), Answer(202, b""),
                                     Answer(500, b""), Answer(429, b"")])  # fmt: skip
def test_what_is_not_there_yet_is_asked_for_again(office: Office, trouble: Answer | Exception):
    office.wants(trouble, Answer(200, PICTURE))
    office.fetcher.step()
    assert office.file.state == "wanted" and office.fetcher.step() == 0
    office.clock.at += 2
    assert office.fetcher.step() == 1 and office.file.state == "kept"


def test_nobody_asks_for_ever(office: Office):
    office.wants(Answer(500, b""))
    for _ in range(12):
        office.fetcher.step()
        office.clock.at += 700
    assert (office.file.state, office.file.error) == ("refused", "away")
    assert len(office.line.asked) == files.MOST_ATTEMPTS


def test_a_file_that_is_taken_back_goes_also_while_it_is_fetched(office: Office):
    office.wants(Answer(200, PICTURE))
    with office.database.write() as session:
        [taken] = files.take_wanted(session, NOW, 9)
        assert files.take_wanted(session, NOW + 1, 9) == []
        files.forget(session, "mai", "m1")
        assert not files.keep(session, taken.id, "image/jpeg", PICTURE)
    assert (office.file.state, office.file.name, office.content) == ("gone", None, None)
    office.wants(Answer(200, PICTURE), message="m1")  # a duplicate event
    assert office.fetcher.step() == 0


def test_a_kept_file_that_is_taken_back_loses_its_content(office: Office):
    office.wants(Answer(200, PICTURE))
    office.fetcher.step()
    with office.database.write() as session:
        files.forget(session, "mai", "m1")
        left = session.connection.execute(select(tables.files.c.content)).scalar_one()
    assert left is None and office.content is None


def test_the_thread_names_the_file_and_the_copy_holds_it(office: Office):
    office.wants(Answer(200, PICTURE))
    office.fetcher.step()
    with office.database.write() as session:
        talk.put(session, [talk.Message("t1", "mai", NOW, "image", None, "m1")])
        cases.open_case(session, cases.Case("c1", "mai", "human", NOW))
        case = cases.load(session, "c1")
        assert case is not None
        shown = thread(session, case).entries[-1]
        [copied] = privacy.export_person(session, "mai")["files"]
    assert shown.kind == "image" and shown.details["state"] == "kept"
    assert shown.details["file"] == office.file.id
    assert copied["name"] == "my card.jpg" and copied["content"]


def test_files_go_with_the_person_or_a_while_after_the_case(office: Office):
    office.wants(Answer(200, PICTURE))
    with office.database.write() as session:
        files.put_upload(session, "jun", "a.pdf", "application/pdf", b"%PDF-1", NOW)
        for person in ("mai", "jun"):
            session.connection.execute(
                tables.conversations.insert().values(
                    person=person, user_id=b"", state=b"", position=1, created_at=NOW,
                    updated_at=NOW,
                )
            )  # fmt: skip
            cases.open_case(session, cases.Case(person, person, "human", NOW))
        cases.close_case(session, "jun", NOW + 10)
        assert files.delete_old(session, NOW + 5) == 0
        assert files.delete_old(session, NOW + 11) == 1
        assert [f.person for f in files.of_person(session, "mai")] == ["mai"]
        assert files.of_person(session, "jun") == []
        privacy.delete_person(session, "mai")
        assert files.of_person(session, "mai") == []
