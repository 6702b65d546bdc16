"""The web process: health, numbers, exports, and how little it needs to start."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from houses import NOW, SECRET, Clock, a_house, an_event, settings_for, user
from werkzeug.test import Client

from bot.carrying_out import Sending
from bot.handle import handle_batch
from bot.line.webhook import sign
from bot.link_pages import NAMES
from bot.settings import Settings
from bot.store import links
from bot.store.database import Database
from bot.store.sealing import Sealer
from bot.web import Application, create_app

WORDS = {name: name for name in NAMES}
ROOT = Path(__file__).resolve().parent.parent


class Web:
    """An application with a client, and a worker's step by hand."""

    def __init__(self, settings: Settings) -> None:
        self.database = Database.of(settings)
        self.clock = Clock()
        self.woken = threading.Event()
        self.asked: list[str | None] = []
        self.app: Application = create_app(
            settings, self.database, self.woken.set, self.words, self.clock
        )
        self.client = Client(self.app)

    def words(self, language: str | None) -> dict[str, str]:
        self.asked.append(language)
        return WORDS

    def post(self, *events: dict[str, Any]) -> int:
        body = json.dumps({"destination": "U0", "events": list(events)}).encode()
        headers = {"X-Line-Signature": sign(SECRET, body)}
        return self.client.post("/callback", data=body, headers=headers).status_code

    def work(self) -> None:
        with self.database.read() as session:
            known = {session.persons.name(user(n)): "en" for n in range(5)}
        handle_batch(a_house(self.database, self.clock), Sending("me"), 50, known)

    def link(self, number: int = 1) -> str:
        with self.database.write() as session:
            person = session.persons.name(user(number))
            links.make(session, "the-token", person, links.EXPORT, NOW, links.LASTS)
        return "/export/the-token"


@pytest.fixture
def web(database_url: str, tmp_path: Path) -> Iterator[Web]:
    web = Web(settings_for(database_url, tmp_path))
    yield web
    web.app.close()
    web.database.close()


@pytest.fixture
def with_token(sqlite_url: str, tmp_path: Path) -> Iterator[Web]:
    web = Web(settings_for(sqlite_url, tmp_path, metrics_token="let me in"))
    yield web
    web.app.close()
    web.database.close()


def test_a_webhook_is_kept_and_wakes_the_worker(web: Web):
    assert web.post(an_event("hello"), an_event("hi", person=2)) == 200
    assert web.woken.wait(2)
    web.work()
    with web.database.read() as session:
        assert session.connection.exec_driver_sql("SELECT count(*) FROM outbox").scalar() == 2


def test_a_webhook_with_a_wrong_signature_is_400(web: Web):
    answer = web.client.post("/callback", data=b"{}", headers={"X-Line-Signature": "x"})
    assert answer.status_code == 400
    assert web.client.post("/callback", data=b"{}").status_code == 400
    assert web.client.get("/callback").status_code == 405


def test_alive_and_ready(web: Web):
    assert web.client.get("/healthz").status_code == 200
    ready = web.client.get("/readyz")
    assert (ready.status_code, ready.json) == (200, {"database": "ok"})


def test_not_ready_before_the_migration_and_without_a_database(tmp_path: Path):
    settings = settings_for(f"sqlite:///{tmp_path / 'a.db'}", tmp_path)
    for url in (f"sqlite:///{tmp_path / 'empty.db'}", "postgresql+psycopg://x@127.0.0.1:1/x"):
        database = Database(url, Sealer(settings.data_keys))
        app = create_app(settings, database)
        client = Client(app)
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
        app.close()
        database.close()


def test_numbers_for_this_machine_only(web: Web):
    web.post(an_event("human"))
    web.work()
    seen = web.client.get("/metrics", environ_overrides={"REMOTE_ADDR": "127.0.0.1"})
    assert seen.status_code == 200
    assert 'bot_webhooks_total{outcome="accepted"} 1.0' in seen.text
    assert "bot_open_cases 1.0" in seen.text
    assert user(1) not in seen.text
    for path in ("/metrics",):
        far = {"REMOTE_ADDR": "203.0.113.7"}
        assert web.client.get(path, environ_overrides=far).status_code == 404
        proxied = web.client.get(
            path,
            environ_overrides={"REMOTE_ADDR": "127.0.0.1"},
            headers={"X-Forwarded-For": "203.0.113.7"},
        )
        assert proxied.status_code == 404, "a proxy on this machine makes nobody a local"


def test_numbers_with_a_token(with_token: Web):
    here = {"REMOTE_ADDR": "127.0.0.1"}
    get = with_token.client.get
    assert get("/metrics", environ_overrides=here).status_code == 404
    wrong = {"Authorization": "Bearer let me out"}
    assert get("/metrics", headers=wrong).status_code == 404
    right = {"Authorization": "Bearer let me in"}
    assert get("/metrics", headers=right).status_code == 200


def test_the_export_is_downloaded_once_and_a_preview_does_not_use_it_up(web: Web):
    web.post(an_event("my words"))
    web.work()
    link = web.link()
    for _ in range(2):
        page = web.client.get(link)
        assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
        assert "my words" not in page.text
        assert '<form method="post">' in page.text
    file = web.client.post(link)
    assert file.status_code == 200
    assert "attachment" in file.headers["Content-Disposition"]
    kept = file.json
    assert [one["text"] for one in kept["you_wrote"]] == ["my words"]
    assert kept["we_wrote"][0]["messages"][0]["text"] == "1: my words"
    assert kept["events"][0]["event"]["message"]["text"] == "my words"
    assert kept["conversation"]["line_user_id"] == user(1)
    assert web.client.post(link).status_code == 404
    assert web.client.get(link).status_code == 404


def test_the_export_link_ends_after_a_day(web: Web):
    link = web.link()
    web.clock.at += 86_401
    assert web.client.get(link).status_code == 404
    assert web.client.post(link).status_code == 404


def test_an_unknown_page_says_little_and_is_protected(web: Web):
    answer = web.client.get("/<script>")
    assert (answer.status_code, answer.text) == (404, "404 Not Found\n")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_the_web_process_starts_without_flows_languages_or_the_sdk():
    wanted = "import bot.web, gunicorn.app.base, sys; print(' '.join(sys.modules))"
    out = subprocess.run(
        [sys.executable, "-c", wanted], capture_output=True, text=True, cwd=ROOT, check=True
    ).stdout.split()
    heavy = re.compile(
        r"linebot|transitions|babel|holidays|yaml|alembic|pydantic"
        r"|bot\.(nlu|i18n|flow\.(load|engine))"
    )
    assert [name for name in out if heavy.match(name)] == []
