"""From a person's message to the inbox and the phone of the office's people, over real sockets."""

import asyncio
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from houses import SECRET, a_house, an_event, keep, settings_for

from bot.line.api import LineApi
from bot.simulator.server import Simulator
from bot.store import notice_wishes, operators, outbox
from bot.store.database import Database
from bot.worker import Worker


class Inbox:
    """A mail server's one inbox; while it `hangs`, it takes a message and says nothing."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.hangs = False

    async def handle_DATA(  # noqa: N802 - its name is the library's
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        while self.hangs:  # noqa: ASYNC110 - the thread of the test lets it go on
            await asyncio.sleep(0.05)
        self.texts.append(envelope.content.decode())
        return "250 OK"


@pytest.fixture
def mail() -> Any:
    inbox = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield inbox, port
    inbox.hangs = False
    controller.stop()


def test_a_case_reaches_the_office_by_mail_and_by_line(
    database_url: str, tmp_path: Path, mail: tuple[Inbox, int]
):
    inbox, port = mail
    with Simulator("http://127.0.0.1:9/callback", SECRET, "test-token") as line:
        settings = settings_for(
            database_url, tmp_path, notice_from="desk@office.example",
            smtp_url=f"smtp+plain://127.0.0.1:{port}", public_url="https://bot.example",
        )  # fmt: skip
        database = Database.of(settings)
        staff = line.platform.add_person("Ito")
        person = line.platform.add_person("Mai Nguyen")
        operator_of(database, staff.id)
        api = LineApi(line.url, "test-token", connect=1.0, read=1.0)
        worker = Worker(a_house(database), api, settings, threading.Event())
        thread = threading.Thread(target=worker.run, daemon=True)
        thread.start()
        try:
            inbox.hangs = True
            arrives(database, worker, person.id, "human")
            until(lambda: told(staff) == 1)  # by LINE, whatever the mail server does
            began = time.monotonic()
            arrives(database, worker, person.id, "hello")
            until(lambda: len([b for b in person.bubbles if b.side == "bot"]) == 2)
            assert time.monotonic() - began < 3 and inbox.texts == []
            inbox.hangs = False
            until(lambda: len(inbox.texts) == 1)
            until(lambda: counted(database).get("notices_sent") == 2)
        finally:
            worker.stop()
            thread.join(timeout=15)
            database.close()
        [words] = [b.message["text"] for b in staff.bubbles if b.side == "bot"]
        for text in (words, inbox.texts[0]):
            assert "#1" in text and "https://bot.example/operators/cases/1" in text
            assert "Mai" not in text and "Nguyen" not in text and person.id not in text


def operator_of(database: Database, user_id: str) -> None:
    now = time.time()
    with database.write() as session:
        ito = operators.add(session, "ito", "Ito", "operator", now)
        operators.set_state(session, ito, operators.ACTIVE)
        operators.set_language(session, ito, "en")
        notice_wishes.set_mail(session, ito, "ito@office.example", "all")
        code = notice_wishes.make_code(session, ito, now)
        assert notice_wishes.link(session, code, session.persons.name(user_id), user_id, now)
        notice_wishes.set_line(session, ito, "all")


def arrives(database: Database, worker: Worker, user_id: str, text: str) -> None:
    event = an_event(text, at=time.time())
    event["source"]["userId"] = user_id
    del event["replyToken"]
    keep(database, event, now=time.time())
    worker.wake.set()


def told(staff: Any) -> int:
    return len([bubble for bubble in staff.bubbles if bubble.side == "bot"])


def counted(database: Database) -> dict[str, int]:
    with database.read() as session:
        return outbox.read_counters(session)


def until(is_so: Any, patience: float = 12.0) -> None:
    end = time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
