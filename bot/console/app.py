"""What the pages of the desk need, and the application they hang on.

Content and languages are loaded when the first page needs them: a web process takes webhooks in
without. Nothing is kept in the process between two requests but these.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, request

from bot.console import labels
from bot.console.guard import Guard, csrf_token, current
from bot.console.words import Dictionary, Words
from bot.house import House
from bot.opening import Content, house_of, open_content
from bot.settings import Settings
from bot.store.database import Database

ROOT = Path(__file__).resolve().parent.parent.parent
PREFIX = "/operators"


class Console:
    """The desk of one process. `wake` wakes a worker of the same process; `given` is content and
    house where a worker has them open already."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        clock: Callable[[], float] = time.time,
        wake: Callable[[], None] = lambda: None,
        given: tuple[Content, House] | None = None,
        root: Path = ROOT,
    ) -> None:
        self.settings = settings
        self.database = database
        self.clock = clock
        self.dictionary = Dictionary(root / "locales")
        self._root = root
        self._wake = wake
        self._given = given
        self._opened: tuple[Content, House] | None = None
        self._lock = threading.Lock()

    @property
    def content(self) -> Content:
        """The flows and the languages."""
        return self._open()[0]

    @property
    def house(self) -> House:
        """What `bot.answering` works with; its clock is the desk's."""
        return self._open()[1]

    def office_words(self, tag: str) -> Any:
        """The content's own words in the language of an operator (bot.i18n.words.Words)."""
        return self.content.catalogue.voice(tag).words()[0]

    def _open(self) -> tuple[Content, House]:
        with self._lock:
            if self._opened is None:
                if self._given is not None:
                    content, house = self._given
                else:
                    content = open_content(
                        self.settings, self._root / "flows", self._root / "locales"
                    )
                    house = house_of(content, self.settings, self.database, listens=False)
                self._opened = content, replace(house, clock=self.clock, wake=self._wake)
            return self._opened


def create_desk(console: Console) -> Flask:
    """The application that serves /operators."""
    from bot.console import admin, answer, bookings, budget, case, inbox, login, notices

    flask = Flask(__name__, static_folder=None)
    flask.config["MAX_CONTENT_LENGTH"] = 1_000_000
    flask.url_map.strict_slashes = False
    desk = Blueprint(
        "desk", __name__, url_prefix=PREFIX, template_folder="templates", static_folder="static"
    )
    guard = Guard(console)
    desk.before_request(guard.check)
    desk.after_request(guard.protect)
    for views in (login, inbox, case, answer, admin, budget, notices, bookings):
        views.register(desk, console)
    flask.register_blueprint(desk)

    @flask.context_processor
    def around() -> dict[str, Any]:
        words = words_here(console)
        return {
            "_": words.say, "words": words, "labels": labels, "csrf": csrf_token(),
            "me": (found.operator if (found := current()) else None), "now": console.clock(),
        }  # fmt: skip

    return flask


def words_here(console: Console) -> Words:
    """The words of whoever looks: the operator's language, else that of the browser."""
    found = current()
    if found is not None:
        return console.dictionary.words(found.operator.language)
    asked = request.accept_languages.best_match(["ja", "en"]) or "en"
    return console.dictionary.words(asked)
