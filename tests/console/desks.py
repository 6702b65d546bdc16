"""A whole desk for tests: real content, a database, persons who write, operators who log in."""

import re
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from argon2 import PasswordHasher
from houses import Clock, an_event, an_unsend, keep, user
from werkzeug.test import Client, TestResponse

from bot.carrying_out import Sending
from bot.console import passwords
from bot.handle import handle_batch
from bot.opening import Content, house_of
from bot.settings import Settings
from bot.store import cases, operators, outbox
from bot.store.cases import Case
from bot.store.database import Database
from bot.store.outbox import Ended
from bot.web import create_app

# A Tuesday at noon in Tokyo: the office is open.
NOON = 1_796_094_000.0
PASSWORD = "correct horse battery"
# A hash names its own cost. The usual one takes 64 MiB and a tenth of a second each time.
_HASHED = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@dataclass
class Browser:
    """One operator's browser: cookies, and forms that carry their token."""

    client: Client
    operator: str = ""
    csrf: str = ""

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        return self.client.post(path, data={"csrf": self.csrf, **(data or {})}, **more)


@dataclass
class Desk:
    """The desk and the people on both sides of it."""

    settings: Settings
    database: Database
    content: Content
    clock: Clock = field(default_factory=lambda: Clock(NOON))
    woken: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        house = house_of(self.content, self.settings, self.database, listens=False)
        self.app = create_app(
            self.settings, self.database, self.woken.set, clock=self.clock,
            given=(self.content, house),
        )  # fmt: skip
        from dataclasses import replace

        self.house = replace(house, clock=self.clock)

    # -- the persons

    def person(self, number: int = 1) -> str:
        with self.database.read() as session:
            return session.persons.name(user(number))

    def says(self, text: str, number: int = 1, **more: Any) -> None:
        self.clock.at += 1
        event = an_event(text, at=self.clock.at, person=number)
        event["message"].update(more)
        keep(self.database, event, now=self.clock.at)
        self._think(number)

    def taps(self, data: str, number: int = 1) -> None:
        self.clock.at += 1
        event = an_event("", at=self.clock.at, person=number)
        del event["message"]
        tapped = event | {"type": "postback", "postback": {"data": data}}
        keep(self.database, tapped, now=self.clock.at)
        self._think(number)

    def unsends(self, message_id: str, number: int = 1) -> None:
        self.clock.at += 1
        keep(self.database, an_unsend(message_id, number, at=self.clock.at), now=self.clock.at)
        self._think(number)

    def _think(self, number: int) -> None:
        known = {self.person(number): "en"}
        handle_batch(self.house, Sending("me", has_room=False), 50, known)

    def asks_for_a_person(self, number: int = 1, language: str = "vi", name: str = "Hoa") -> Case:
        """Somebody who has waited since a moment ago; their case."""
        self.says("hello", number)
        self.taps(f"l:{language}", number)
        self.taps("o:lost-card", number)
        self.taps("r:human", number)
        self.taps("y:intake-kind:question", number)
        self.taps("y:intake-services:skip", number)
        self.says(name, number)
        self.taps("y:intake-way:skip-all", number)
        self.taps("y:intake-consent:yes", number)
        return self.case(number)

    def case(self, number: int = 1) -> Case:
        with self.database.read() as session:
            return cases.of_person(session, self.person(number))[0]

    def sent(self, number: int = 1) -> list[list[dict[str, Any]]]:
        """All that waits to be sent to a person, marked as sent."""
        person, sent = self.person(number), []
        while True:
            with self.database.write() as session:
                rows = outbox.take_due(session, "me", self.clock.at, 500, alone=True)
                ended = [Ended(row, outbox.SENT, self.clock.at, "push") for row in rows]
                outbox.mark(session, ended)
            if not rows:
                return sent
            sent += [orjson.loads(row.messages) for row in rows if row.person == person]

    # -- the operators

    def operator(
        self, login: str = "ito", role: str = operators.OPERATOR, language: str = "en"
    ) -> str:
        """Somebody who may log in, with the second factor SECRET of that login."""
        with self.database.write() as session:
            added = operators.add(session, login, login.title(), role, self.clock.at)
            token = operators.invite(session, added, self.clock.at)
            operators.join(session, token, _HASHED, secret_of(login), 0, self.clock.at)
            operators.set_language(session, added, language)
        return added

    def browser(self) -> Browser:
        return Browser(Client(self.app))

    def logged_in(
        self, login: str = "ito", role: str = operators.OPERATOR, language: str = "en"
    ) -> Browser:
        """The browser of somebody who has just logged in."""
        with self.database.read() as session:
            found = operators.of_login(session, login)
        operator = found.id if found else self.operator(login, role, language)
        browser = self.browser()
        self.clock.at += 30  # a code works once
        answer = self.log_in(browser, login)
        assert answer.status_code == 302, answer.text
        browser.operator = operator
        with self.database.read() as session:
            there = operators.sessions_of(session, operator, self.clock.at)
        browser.csrf = there[0].csrf
        return browser

    def log_in(
        self, browser: Browser, login: str, password: str = PASSWORD, code: str | None = None
    ) -> TestResponse:
        browser.csrf = csrf_in(browser.get("/operators/login"))
        given = passwords.code_at(secret_of(login), self.clock.at) if code is None else code
        return browser.post(
            "/operators/login", {"login": login, "password": password, "code": given}
        )


def csrf_in(answer: TestResponse) -> str:
    """The token of the forms of a page."""
    found = re.search(r'name="csrf" value="([^"]+)"', answer.text)
    return found[1] if found else ""


def secret_of(login: str) -> str:
    """The shared secret of a login of these tests."""
    letters = (login * 32)[:32].upper()
    return re.sub(r"[^A-Z2-7]", "A", letters)


def root() -> Path:
    return Path(__file__).resolve().parent.parent.parent
