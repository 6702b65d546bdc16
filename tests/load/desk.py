"""The desk with 5,000 open cases and a million messages: how long inbox and case take to open.

The web application runs in this process on SQLite, and twenty operators ask as their open pages
do (the inbox every 4 s, a case every 3 s), also from this process: they share its time with what
is measured, so a desk of its own is faster. A copy has closed cases more: they must cost nothing.
"""

import hashlib
import os
import shutil
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import urllib3
from sqlalchemy import insert
from werkzeug.serving import make_server

from bot.settings import Settings
from bot.store import cases, operators
from bot.store.cases import Case
from bot.store.database import Database, Session
from bot.store.migrate import migrate
from bot.store.tables import bodies, outbox, talk
from bot.store.tables import cases as cases_table
from bot.web import create_app
from tests.load.bench import say

OPEN, OPERATORS, LOOKS = 5_000, 20, 40
FLOWS = ("lost-card", "extension", "move", "permanent-residence")
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Desk:
    """Milliseconds (median, slowest of LOOKS) of a look at the inbox and at a case, and what an
    open page's question costs when nothing changed; the medians of a copy with closed cases."""

    messages: int
    closed: int
    inbox: tuple[float, float]
    case: tuple[float, float]
    news: tuple[float, float]
    inbox_with_closed: float
    case_with_closed: float


def measure(messages: int, closed: int) -> Desk:
    """Fill a new database and look at it, and in turns at a copy of it with closed cases."""
    with tempfile.TemporaryDirectory(prefix="bench-desk-") as folder:
        say(f"the desk: {OPEN:,} open cases, {messages:,} messages")
        first = _settings(Path(folder), "open.db")
        migrate(first)
        database = Database.of(first)
        now = time.time()
        _fill(database, now, messages)
        with database.write() as session:
            cookies = [_operator(session, number, now) for number in range(OPERATORS + 1)]
        database.close()
        say(f"the desk: a copy with {closed:,} closed cases more")
        second = _settings(Path(folder), "closed.db")
        shutil.copy(Path(folder) / "open.db", Path(folder) / "closed.db")
        _close(second, now, closed)
        with _desk(first) as port, _desk(second) as other, _open_pages(port, cookies[1:]):
            looks = _Looker(port, cookies[0]), _Looker(other, cookies[0])
            in_turns(looks, "/operators/")  # content and pages are loaded by the first look
            inbox, inbox_with_closed = in_turns(looks, "/operators/")
            case, case_with_closed = in_turns(looks, "/operators/cases/1")
            [news] = in_turns(looks[:1], "/operators/news?stamp=" + looks[0].stamp("/operators/"))
    return Desk(messages, closed, inbox, case, news, inbox_with_closed[0], case_with_closed[0])


def _settings(folder: Path, file: str) -> Settings:
    return Settings(
        environment="test", database_url=f"sqlite:///{folder / file}",
        data_keys=(hashlib.sha256(b"bench").digest(),), spool=folder / "spool",
    )  # fmt: skip


@contextmanager
def _desk(settings: Settings) -> Iterator[int]:
    database = Database.of(settings)
    app = create_app(settings, database)
    try:
        with _serving(app) as port:
            yield port
    finally:
        app.close()
        database.close()


class _Looker:
    """Somebody who opens pages and takes the time."""

    def __init__(self, port: int, cookie: str) -> None:
        self._port, self._cookie = port, cookie
        self._pool = urllib3.PoolManager()

    def get(self, path: str) -> tuple[int, str]:
        address = f"http://127.0.0.1:{self._port}{path}"
        headers = {"Cookie": f"desk={self._cookie}"}
        answer = self._pool.request("GET", address, headers=headers, timeout=30, redirect=False)
        return answer.status, answer.data.decode()

    def takes(self, path: str) -> float:
        """How long a look takes, in milliseconds."""
        began = time.perf_counter()
        status, _text = self.get(path)
        took = 1000 * (time.perf_counter() - began)
        if status not in (200, 204):
            raise RuntimeError(f"{path}: {status}")
        return took

    def stamp(self, path: str) -> str:
        """The stamp that a page would ask with."""
        return self.get(path)[1].split("stamp=", 1)[1].split('"', 1)[0].split("&", 1)[0]


def in_turns(looks: Sequence[_Looker], path: str) -> list[tuple[float, float]]:
    """Median and slowest of LOOKS looks of each, in milliseconds; a machine whose speed changes
    changes them for all."""
    times = [[look.takes(path) for look in looks] for _ in range(LOOKS)]
    return [(median(own), max(own)) for own in zip(*times, strict=True)]


@contextmanager
def _serving(app: Any) -> Iterator[int]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.RequestHandlerClass.log = lambda *_: None  # type: ignore[method-assign, attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join(10)


@contextmanager
def _open_pages(port: int, cookies: list[str]) -> Iterator[None]:
    """Operators who leave an inbox and a case open."""
    over = threading.Event()

    def ask(cookie: str, number: int, path: str, every: float) -> None:
        look, stamp = _Looker(port, cookie), ""
        over.wait(every * (number + 1) / (len(cookies) + 1))
        while not over.is_set():
            status, text = look.get(f"{path}?stamp={stamp}")
            if status == 200:
                stamp = text.split("stamp=", 1)[1].split('"', 1)[0].split("&", 1)[0]
            over.wait(every)

    pages: list[tuple[Callable[[int], str], float]] = [
        (lambda _n: "/operators/news", 4.0),
        (lambda n: f"/operators/cases/{n + 2}/news", 3.0),
    ]
    threads = [
        threading.Thread(target=ask, args=(cookie, number, path(number), every), daemon=True)
        for number, cookie in enumerate(cookies)
        for path, every in pages
    ]
    for one in threads:
        one.start()
    try:
        yield
    finally:
        over.set()
        for one in threads:
            one.join(35)


# ---------------------------------------------------------------- what is looked at


def _fill(database: Database, now: float, messages: int) -> None:
    with database.write() as session:
        for number in range(OPEN):
            at = now - _DAY * 30 + number
            cases.open_case(
                session,
                Case(
                    f"case-{number}", f"person-{number}", cases.HUMAN, at, language="vi",
                    flow=FLOWS[number % len(FLOWS)], priority=number % 3,
                ),
                {"name": f"Person {number}", "consent": "yes"},
            )  # fmt: skip
    for start in range(0, messages, 20_000):
        with database.write() as session:
            _say(session, now, start, min(20_000, messages - start))


def _say(session: Session, now: float, start: int, count: int) -> None:
    """Half of the person's, half of the bot's; the first case has a thousand of each."""
    half = count // 2
    text = session.sealer.seal(b"how do you do", "talk.text:x")
    said = session.sealer.seal(b'[{"type":"text","text":"an answer"}]', "bodies.messages:x")
    at = [now - _DAY * 29 + (start + n) for n in range(half)]
    who = [f"person-{0 if start + n < 1_000 else (start + n) % OPEN}" for n in range(half)]
    ids = [str(uuid.uuid4()) for _ in range(half)]
    session.connection.execute(insert(talk), [
        {"id": str(uuid.uuid4()), "person": who[n], "at": at[n], "direction": "in",
         "kind": "text", "text": text, "unsent": False, "message_id": None} for n in range(half)
    ])  # fmt: skip
    session.connection.execute(insert(outbox), [
        {"id": ids[n], "person": who[n], "position": start + n, "received_at": at[n],
         "must_arrive": True, "forget": False, "attempts": 1, "state": "sent",
         "created_at": at[n], "speaker": "bot"} for n in range(half)
    ])  # fmt: skip
    session.connection.execute(insert(bodies), [
        {"id": ids[n], "messages": said} for n in range(half)
    ])  # fmt: skip


def _close(settings: Settings, now: float, count: int) -> None:
    database = Database.of(settings)
    with database.write() as session:
        session.connection.execute(insert(cases_table), [
            {"id": f"closed-{n}", "person": f"person-{n % OPEN}", "kind": "human",
             "opened_at": now - _DAY * 90, "closed_at": now - _DAY * 60, "number": 1_000_000 + n,
             "state": "closed", "reason": "answered", "priority": 0, "changed_at": now - _DAY * 60}
            for n in range(count)
        ])  # fmt: skip
    database.close()


def _operator(session: Session, number: int, now: float) -> str:
    """Somebody who is logged in; the token of the session."""
    login = f"operator{number}"
    added = operators.add(session, login, login, operators.OPERATOR, now)
    token = operators.invite(session, added, now)
    operators.join(session, token, "no password", None, 0, now)
    return operators.begin_session(session, added, f"bench {os.getpid()}", now)[0]
