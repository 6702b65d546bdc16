"""The pages behind one-time links: a copy of one's data, and one's dates for a calendar.

They must work in the browser inside LINE: plain HTML, no script. Opening a page does nothing,
because programs that preview links must not use them up; the button does. A link that was used,
is too old or never was gets a page in the reader's language as well.
"""

import hashlib
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Flask, Response, render_template_string, request

from bot.store import conversations, links, privacy
from bot.store.database import Database, Session

if TYPE_CHECKING:
    from bot.dialogue.conversation import Conversation
    from bot.documents.calendar import Entry
    from bot.opening import Content as Opened

ROOT = Path(__file__).resolve().parent.parent
TOKYO = ZoneInfo("Asia/Tokyo")
PRODUCT = "consultation assistant"

STYLE = """
body { font: 1.1rem/1.6 system-ui, sans-serif; margin: 3rem auto; max-width: 34rem;
  padding: 0 1.2rem; color: #1c2733; background: #fff }
h1 { font-size: 1.5rem; line-height: 1.35; text-wrap: balance }
@media (max-width: 40rem) { body { margin: 1.5rem auto } }
button { font: inherit; padding: .8rem 1.6rem; border: 0; border-radius: .5rem; color: #fff;
  background: #0b6b3a; min-height: 48px }
dt { color: #55606b } dd { margin: 0 0 .6rem; font-size: 1.4rem }
label { display: block; margin: 1rem 0; min-height: 48px }
input[type=checkbox] { width: 1.3rem; height: 1.3rem }
input[type=file] { font: inherit; width: 100%; padding: .7rem .5rem; border: 1px solid #8794a0;
  border-radius: .5rem; box-sizing: border-box }
.fault { border-left: 4px solid #a3201d; padding: .3rem .8rem; background: #fdecea }
.fault p { margin: .4rem 0 }
.fault span { overflow-wrap: anywhere }
"""
PAGE = """<!doctype html>
<html lang="{{ language }}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
<style>{{ style }}</style>
<main><h1>{{ title }}</h1>
{% if text %}<p>{{ text }}</p>{% endif %}
{% if numbers %}<dl>{% for name, number in numbers %}
<dt>{{ name }}</dt><dd>{{ number }}</dd>{% endfor %}</dl>{% endif %}
{% if button %}<form method="post">
{% if choice %}<label><input type="checkbox" name="neutral" value="yes"> {{ choice }}</label>
{% endif %}<button>{{ button }}</button></form>{% endif %}
{% if after %}<p>{{ after }}</p>{% endif %}</main>
</html>
"""

NAMES = (
    "export_title", "export_about", "export_download", "link_title", "link_used", "link_expired",
    "link_unknown", "calendar_title", "calendar_about", "calendar_neutral", "calendar_after",
    "calendar_none", "booking_title", "booking_about", "booking_over",
    "booking_entry", "upload_title", "upload_about", "upload_once", "upload_file", "upload_send",
    "upload_done_title", "upload_done", "upload_not_sent", "upload_none", "upload_wrong_kind",
    "upload_too_large", "upload_too_many", "upload_too_much", "upload_used", "upload_expired",
)  # fmt: skip
Words = Callable[[str | None], Mapping[str, str]]
"""A person's language -> the texts of these pages (talk/<name>), by name."""


class Days(Protocol):
    """Makes the entries of a person's calendar."""

    def entries(
        self, person: str, conversation: "Conversation", now: datetime, *, neutral: bool
    ) -> "Sequence[Entry]":
        """What is still before them, the nearest first, in their language."""

    def day(self, entry: "Entry", language: str | None) -> str:
        """The day as it is read in that language."""


class Desk(Protocol):
    """What these pages need of the application."""

    @property
    def database(self) -> Database: ...
    @property
    def clock(self) -> Callable[[], float]: ...
    @property
    def words(self) -> Words: ...
    @property
    def days(self) -> Days: ...


# ---------------------------------------------------------------- pages


def register(flask: Flask, desk: Desk) -> None:
    """Put the pages into the application."""

    @flask.get("/export/<token>")
    def export(token: str) -> Response:
        with desk.database.read() as session:
            link, language = look(session, token, links.EXPORT, desk.clock())
        if link is None or link.state != links.OPEN:
            return dead(desk, link, language)
        words = desk.words(language)
        return page(
            language, words["export_title"], words["export_about"], button=words["export_download"]
        )

    @flask.post("/export/<token>")
    def download(token: str) -> Response:
        with desk.database.write() as session:
            link, language = look(session, token, links.EXPORT, desk.clock())
            person = links.use(session, token, links.EXPORT, desk.clock())
            kept = privacy.export_person(session, person) if person else None
        if kept is None:
            return dead(desk, link, language)
        body = json.dumps(kept, ensure_ascii=False, indent=2)
        return file(body.encode(), "application/json", "my-data.json")

    @flask.get("/calendar/<token>")
    def calendar(token: str) -> Response:
        link, language, conversation = _behind(desk, token)
        if link is None or link.state != links.OPEN or conversation is None:
            return dead(desk, link, language)
        found = desk.days.entries(link.person, conversation, _now(desk), neutral=False)
        words = desk.words(language)
        if not found:
            return page(language, words["calendar_title"], words["calendar_none"])
        return page(
            language, words["calendar_title"], words["calendar_about"],
            numbers=[(entry.title, desk.days.day(entry, language)) for entry in found],
            button=words["export_download"], choice=words["calendar_neutral"],
            after=words["calendar_after"],
        )  # fmt: skip

    @flask.post("/calendar/<token>")
    def download_calendar(token: str) -> Response:
        from bot.documents.calendar import CONTENT_TYPE, calendar_file

        link, language, conversation = _behind(desk, token)
        if link is None or link.state != links.OPEN or conversation is None:
            return dead(desk, link, language)
        neutral = request.form.get("neutral") == "yes"
        now = _now(desk)
        found = desk.days.entries(link.person, conversation, now, neutral=neutral)
        if not found:
            words = desk.words(language)
            return page(language, words["calendar_title"], words["calendar_none"])
        with desk.database.write() as session:
            person = links.use(session, token, links.CALENDAR, desk.clock())
        if person is None:  # somebody else pressed the button in this moment
            return dead(desk, links.Link(link.person, links.USED), language)
        name = desk.words(language)["calendar_title"]
        return file(calendar_file(found, now, name, PRODUCT), CONTENT_TYPE, "dates.ics")


def _behind(desk: Desk, token: str) -> "tuple[links.Link | None, str | None, Conversation | None]":
    """The link, the language of its person, and their conversation."""
    with desk.database.read() as session:
        link, language = look(session, token, links.CALENDAR, desk.clock())
        if link is None:
            return None, None, None
        stored = conversations.load(session, [link.person]).get(link.person)
    return link, language, stored.conversation if stored is not None else None


def look(
    session: Session, token: str, kind: str, now: float
) -> tuple[links.Link | None, str | None]:
    """The link, and the language of its person."""
    link = links.look(session, token, kind, now)
    return link, conversations.language_of(session, link.person) if link else None


def dead(
    desk: Desk, link: links.Link | None, language: str | None, about: str = "link"
) -> Response:
    """A link that opens nothing (any more): why, in the reader's language. `about`: whose words
    say that it was used or is too old (`<about>_used`)."""
    if link is None:
        from bot.i18n.locales import from_profile

        asked = (from_profile(tag) for tag in request.accept_languages.values())
        language = next((tag for tag in asked if tag), None)
    words = desk.words(language)
    state = link.state if link is not None and link.state != links.OPEN else None
    why = words[f"{about}_{state}" if state else "link_unknown"]
    return page(language, words["link_title"], why, status=404)


def page(
    language: str | None, title: str, text: str, *, status: int = 200, **more: object
) -> Response:
    html = render_template_string(
        PAGE, language=language or "en", style=STYLE, title=title, text=text, **more
    )
    return Response(html, status, mimetype="text/html")


def file(body: bytes, kind: str, name: str) -> Response:
    """A file for the reader to keep."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, content_type=kind, headers=headers)


def _now(desk: Desk) -> datetime:
    return datetime.fromtimestamp(desk.clock(), TOKYO)


# ---------------------------------------------------------------- the content, loaded late


class Content:
    """Flows and languages, loaded when the first page needs them: a web process starts without.

    It is the `words` and the `days` of the pages. `given`: where a worker of the same process has
    them open already.
    """

    def __init__(self, public_url: str, root: Path = ROOT, given: "Opened | None" = None) -> None:
        self._root = root
        self._host = urlsplit(public_url).hostname or "localhost"
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any, Any] | None = None  # library, catalogue, engine
        if given is not None:
            self._loaded = given.library, given.catalogue, given.engine

    def _all(self) -> tuple[Any, Any, Any]:
        with self._lock:
            if self._loaded is None:
                from bot.flow.engine import Engine
                from bot.flow.load import load_library
                from bot.i18n.catalogue import Catalogue

                library = load_library(self._root / "flows")
                catalogue = Catalogue(self._root / "locales", library)
                self._loaded = library, catalogue, Engine(library)
            return self._loaded

    def words(self, language: str | None) -> Mapping[str, str]:
        """The texts of the pages in a language."""
        own = self._all()[1].voice(language).words()[0]
        office = str(self._all()[0].office.get("name", ""))
        return {name: own.talk(name, office=office) for name in NAMES}

    def day(self, entry: "Entry", language: str | None) -> str:
        """The day as it is read in that language."""
        text: str = self._all()[1].voice(language).words()[0].day(entry.day)
        return text

    def entries(
        self, person: str, conversation: "Conversation", now: datetime, *, neutral: bool
    ) -> "Sequence[Entry]":
        """The days told to a person, each under a UID that stays its own."""
        from bot.dialogue.days import days_told
        from bot.documents.calendar import Entry

        _, catalogue, engine = self._all()
        voice = catalogue.voice(conversation.language or conversation.guess)
        own = voice.words()[0]
        found = []
        for told in days_told(engine, conversation, now.date()):
            mark = hashlib.sha256(f"{person}/{told.flow}/{told.name}".encode()).hexdigest()[:32]
            what = voice.words(told.flow)[0].label(told.label)
            name = f"menu_{told.flow}"
            about = own.talk(name) if own.has_talk(name) else own.title(told.flow)
            title = own.talk("calendar_entry", what=what, about=about)
            note = own.talk("calendar_note", day=now.date())
            if neutral:
                title, note = own.talk("calendar_neutral_entry"), ""
            found.append(Entry(f"{mark}@{self._host}", told.day, title, note))
        return found
