"""The whole product in one process, and people who use it: real content, words, understanding.

Only LINE is not LINE but the simulator. The clock runs, from a day that the tests choose, so
that what people are told does not depend on the day on which the tests run.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from houses import KEY, SECRET, settings_for
from sqlalchemy import create_engine, select, text

from bot.flow.model import Library
from bot.house import House
from bot.i18n.catalogue import Catalogue
from bot.i18n.locales import BY_TAG, TAG_OF_FOLDER
from bot.line.api import LineApi
from bot.line.incoming import TOKYO
from bot.nlu.understand import Nlu
from bot.opening import open_house
from bot.settings import Settings
from bot.simulator.people import Bubble
from bot.simulator.server import Simulator, User
from bot.store import outbox, tables
from bot.store.database import Database
from bot.store.sealing import Sealer
from bot.web import Application
from bot.worker import Worker

ROOT = Path(__file__).resolve().parents[2]
FLOWS, LOCALES = ROOT / "flows", ROOT / "locales"
TOKEN = "test-token"
NOON = datetime(2026, 11, 19, 12, tzinfo=TOKYO)
"""A Thursday before a long weekend (23 November is a holiday)."""

Action = dict[str, Any]


class RunningClock:
    """Seconds since 1970 from `start` on; `move` lets time pass at once."""

    def __init__(self, start: datetime = NOON) -> None:
        self._offset = start.timestamp() - time.monotonic()

    def __call__(self) -> float:
        return time.monotonic() + self._offset

    def move(self, by: timedelta) -> None:
        self._offset += by.total_seconds()

    @property
    def today(self) -> date:
        return datetime.fromtimestamp(self(), TOKYO).date()


@cache
def real_house() -> House:
    """The house of `python -m bot worker`, over a database that is replaced in each test."""
    nowhere = Database("sqlite://", Sealer((KEY,)))
    return open_house(Settings(environment="test"), nowhere, FLOWS, LOCALES)


@cache
def library() -> Library:
    from bot.flow.load import load_library

    return load_library(FLOWS)


@cache
def catalogue() -> Catalogue:
    return Catalogue(LOCALES, library())


@cache
def understanding() -> Nlu:
    from bot.nlu.understand import load_nlu

    return load_nlu(LOCALES, library(), TAG_OF_FOLDER)


def must_be_offered(tag: str) -> str:
    """`tag`, or a visible skip while its translation of the bot's own sentences has gaps."""
    if tag not in catalogue().offered:
        pytest.skip(f"{tag} is not offered: its translation of the bot's own sentences has gaps")
    return tag


LANGUAGES = tuple(BY_TAG)


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


class Whole:
    """Web, worker and LINE. `alarms` are what an operator would be told of."""

    def __init__(self, url: str, tmp_path: Path, **line: Any) -> None:
        self.clock = RunningClock()
        self.settings = settings_for(url, tmp_path, channel_token=TOKEN)
        self.database = Database.of(self.settings)
        self.alarms: list[tuple[str, list[str]]] = []
        self.wake = threading.Event()
        self.app = Application(self.settings, self.database, self.wake.set, clock=self.clock)
        self._server = make_server("127.0.0.1", 0, self.app, handler_class=_Quiet)
        self._web = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._web.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.line = Simulator(f"{self.url}/callback", SECRET, TOKEN, clock=self.clock, **line)
        self.line.start()
        self.house = replace(
            real_house(),
            database=self.database,
            clock=self.clock,
            public_url=self.url,
            alarm=lambda name, properties: self.alarms.append((name, properties)),
        )
        self._workers: list[tuple[Worker, threading.Thread]] = []

    def start_worker(self) -> Worker:
        api = LineApi(self.line.url, TOKEN, connect=1.0, read=1.0)
        worker = Worker(self.house, api, self.settings, self.wake)
        thread = threading.Thread(target=worker.run, daemon=True)
        thread.start()
        self._workers.append((worker, thread))
        return worker

    def stop_workers(self) -> None:
        for worker, thread in self._workers:
            worker.stop()
            thread.join(timeout=10)
            assert not thread.is_alive()
        self._workers.clear()

    def person(self, tag: str = "en", name: str = "Mai") -> "Talker":
        """Somebody who speaks `tag`: a friend, past the first contact, before the menu."""
        talker = Talker(self.line, self.line.user(name, BY_TAG[tag].cldr).id)
        talker.says("hello")
        talker.hears()
        talker.tap(f"l:{tag}")
        return talker

    def rows(self, person: User | None = None) -> list[Any]:
        """The outbox, in order."""
        with self.database.read() as session:
            wanted = select(tables.outbox).order_by(tables.outbox.c.position)
            if person is not None:
                name = session.persons.name(person.id)
                wanted = wanted.where(tables.outbox.c.person == name)
            return list(session.connection.execute(wanted))

    def counted(self) -> dict[str, int]:
        with self.database.read() as session:
            return outbox.read_counters(session)

    def count(self, table: Any) -> int:
        with self.database.read() as session:
            return len(session.connection.execute(select(table)).all())

    def close(self) -> None:
        self.stop_workers()
        self.line.stop()
        self._server.shutdown()
        self._web.join()
        self._server.server_close()
        self.app.close()
        self.database.close()

    def assert_line_refused_nothing(self) -> None:
        """No message had a shape that LINE refuses, and none had to be made plain."""
        refused = [call for call in self.line.platform.calls if call.status == 400]
        assert refused == []
        assert self.alarms == []


@contextmanager
def a_whole(url: str, tmp_path: Path, *, working: bool = True, **line: Any) -> Iterator[Whole]:
    whole = Whole(url, tmp_path, **line)
    try:
        if working:
            whole.start_worker()
        yield whole
    finally:
        whole.close()


class Talker(User):
    """A person who taps by what a button means, whatever the language of its label."""

    def __init__(self, simulator: Simulator, user_id: str) -> None:
        super().__init__(simulator, user_id)
        self._heard: list[Bubble] = []

    def hears(self, n_more: int = 1, timeout: float = 8.0) -> list[Bubble]:
        self._heard = self.wait_for(n_more, timeout)
        return self._heard

    def newest(self) -> list[Bubble]:
        """The messages of the office's last turn."""
        return self._heard

    def buttons(self) -> list[Action]:
        """What the newest answer lets one tap, in its order."""
        return [action for bubble in self.newest() for action in actions_of(bubble.message)]

    def button(self, wanted: str) -> Action:
        """The newest button with this data, or whose data ends in ":wanted"."""
        for action in (*self.buttons(), *self.actions()):
            data = action.get("data", "")
            if data == wanted or data.rpartition(":")[2] == wanted:
                return action
        labels = [action.get("data") or action["type"] for action in self.buttons()]
        raise AssertionError(f"there is no {wanted!r} to tap, there are {labels}")

    def tap(self, wanted: str) -> list[Bubble]:
        if wanted.startswith("o:") and (group := self.group_of(wanted)) is not None:
            self.tap(group)
        self.does(self.button(wanted))
        return self.hears()

    def group_of(self, wanted: str) -> str | None:
        """The group of the menu shown behind which this subject stands, or None."""
        offered = {action.get("data") for action in self.buttons()}
        groups = library().menu.values()
        behind = {f"o:{one}": f"m:{group.id}" for group in groups for one in group.subjects}
        return behind.get(wanted) if behind.get(wanted) in offered else None

    def pick(self, day: date) -> list[Bubble]:
        picker = next(a for a in self.buttons() if a["type"] == "datetimepicker")
        assert picker.get("min", "0") <= day.isoformat() <= picker.get("max", "9")
        self.does(picker, {"date": day.isoformat()})
        return self.hears()

    def type(self, text: str) -> list[Bubble]:
        self.says(text)
        return self.hears()

    def number_of(self, wanted: str) -> int:
        """The number that stands before the button that means this."""
        numbered = [a for a in self.buttons() if a["type"] == "postback"]
        return numbered.index(self.button(wanted)) + 1

    @property
    def question(self) -> str | None:
        """The question that is open, by its buttons."""
        for action in self.buttons():
            kind, *parts = action.get("data", "").split(":")
            if kind in ("a", "g", "d"):
                return str(parts[2])
        return None

    @property
    def has_result(self) -> bool:
        return any(bubble.message["type"] == "flex" for bubble in self.newest())

    def goes_through(self, flow: str, answers: dict[str, Any]) -> None:
        """From the menu through a flow to its result, each answer by tapping."""
        self.tap(f"o:{flow}")
        self.answers_until_result(answers)

    def answers_until_result(self, answers: dict[str, Any]) -> None:
        for _ in range(30):
            if self.has_result:
                return
            question = self.question
            assert question in answers, f"{question} is asked, answers are for {list(answers)}"
            answer = answers[question]
            if isinstance(answer, date):
                self.pick(answer)
                continue
            for tap in [answer] if isinstance(answer, str) else answer:
                self.tap(tap)
        raise AssertionError("no result after 30 answers")


def actions_of(part: Any) -> list[Action]:
    """All actions of a message: those of its card, then the quick replies."""
    if isinstance(part, list):
        return [action for entry in part for action in actions_of(entry)]
    if not isinstance(part, dict):
        return []
    found = [part["action"]] if isinstance(part.get("action"), dict) else []
    for key, inner in part.items():
        if key != "action":
            found += actions_of(inner)
    return found


def texts_of(part: Any) -> list[str]:
    """Every text that a reader sees in messages, labels of buttons included."""
    if isinstance(part, list):
        return [text for entry in part for text in texts_of(entry)]
    if not isinstance(part, dict):
        return []
    shown = ("text", "label", "altText", "displayText")
    found = [part[key] for key in shown if isinstance(part.get(key), str)]
    return found + [text for inner in part.values() for text in texts_of(inner)]


def said(bubbles: Sequence[Bubble]) -> str:
    """All words of these messages."""
    return "\n".join(text for bubble in bubbles for text in texts_of(bubble.message))


def until(is_so: Any, patience: float = 10.0, why: str = "waited in vain") -> None:
    end = time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < end, why
        time.sleep(0.02)


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Nobody else can write: SQLite's file is locked, or PostgreSQL's tables are."""
    if url.startswith("sqlite"):
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("BEGIN EXCLUSIVE"))
            yield
            connection.execute(text("ROLLBACK"))
    else:
        engine = create_engine(url)
        names = "inbox, outbox, conversations, talk"
        with engine.begin() as connection:
            connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))
            yield
    engine.dispose()
