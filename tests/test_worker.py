"""The whole walk against a LINE of one machine: webhook, inbox, worker, outbox, sent."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from houses import SECRET, a_house, an_event, keep, settings_for, user
from sqlalchemy import select

from bot.line.api import LineApi
from bot.simulator.server import Simulator
from bot.store import outbox, tables
from bot.store.database import Database
from bot.web import Application, create_app
from bot.worker import AnotherWorker, Worker


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

    def start_worker(self, **more: Any) -> Worker:
        api = LineApi(self.line.url, "test-token", connect=1.0, read=1.0)
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
