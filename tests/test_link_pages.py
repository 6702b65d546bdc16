"""The pages behind one-time links, with the real words: dates as a file, and dead links."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from houses import NOW, Clock, settings_for, user
from icalendar import Calendar
from werkzeug.test import Client

from bot.dialogue.conversation import Conversation, Walk
from bot.flow.model import Answer
from bot.i18n.locales import BY_TAG
from bot.link_pages import TOKYO, Content
from bot.store import conversations, links
from bot.store.conversations import Stored
from bot.store.database import Database
from bot.web import create_app

CONTENT = Content("https://bot.example")


class Pages:
    """An application with the real content, and one person who was told the event `moved`."""

    def __init__(self, url: str, tmp_path: Path) -> None:
        settings = settings_for(url, tmp_path)
        self.database = Database.of(settings)
        self.clock = Clock()
        self.today = datetime.fromtimestamp(NOW, TOKYO).date()
        self.app = create_app(
            settings, self.database, words=CONTENT.words, clock=self.clock, days=CONTENT
        )
        self.client = Client(self.app)
        self.made = 0

    def tell(self, language: str | None, *, days_ago: int = 2) -> None:
        moved = (self.today - timedelta(days=days_ago)).isoformat()
        answers = (
            Answer("moved_on", moved, self.today), Answer("where_to", "same", self.today),
        )  # fmt: skip
        walk = Walk("moved", "0", answers, "duties", self.today)
        conversation = Conversation(language=language, walk=walk)
        with self.database.write() as session:
            person = session.persons.name(user(1))
            there = conversations.load(session, [person])
            stored = there.get(person) or Stored(
                person, user(1), None, position=0, created_at=NOW, profile_at=NOW
            )
            kept = replace(stored, conversation=conversation, position=stored.position + 1)
            conversations.save(session, [kept], there, NOW)

    def link(self, kind: str = links.CALENDAR) -> str:
        self.made += 1
        token = f"token-{self.made}"
        with self.database.write() as session:
            person = session.persons.name(user(1))
            links.make(session, token, person, kind, self.clock.at, links.LASTS)
        return f"/{kind}/{token}"

    def events(self, link: str, **form: str) -> list:
        answer = self.client.post(link, data=form)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"].startswith("text/calendar; charset=utf-8")
        assert 'filename="dates.ics"' in answer.headers["Content-Disposition"]
        return list(Calendar.from_ical(answer.data).walk("VEVENT"))


@pytest.fixture
def pages(sqlite_url: str, tmp_path: Path) -> Iterator[Pages]:
    pages = Pages(sqlite_url, tmp_path)
    yield pages
    pages.app.close()
    pages.database.close()


@pytest.mark.parametrize("tag", ["en", "ja", "ja-simple", "vi"])
def test_the_page_and_the_file_speak_the_readers_language(pages: Pages, tag: str) -> None:
    pages.tell(tag)
    link = pages.link()
    page = pages.client.get(link)
    words = CONTENT.words(tag)
    assert page.status_code == 200 and f'<html lang="{tag}">' in page.text
    assert words["calendar_title"] in page.text and words["calendar_neutral"] in page.text
    assert "<script" not in page.text and "default-src 'none'" in str(page.headers)
    (event,) = pages.events(link)
    label = (
        CONTENT._all()[1]
        .voice(tag)
        .words("move")[0]
        .label(CONTENT._all()[0].flows["move"].deadlines["report_by"].label)
    )
    assert label in str(event["summary"]) and str(event["summary"]) in page.text


def test_looking_does_not_use_the_link_and_the_button_does_once(pages: Pages) -> None:
    pages.tell("en")
    link = pages.link()
    for _ in range(3):
        assert pages.client.get(link + "?openExternalBrowser=1").status_code == 200
    assert pages.events(link)
    for answer in (pages.client.get(link), pages.client.post(link)):
        assert answer.status_code == 404 and CONTENT.words("en")["link_used"] in unescaped(answer)


def test_a_neutral_title_tells_nothing(pages: Pages) -> None:
    pages.tell("en")
    (event,) = pages.events(pages.link(), neutral="yes")
    assert str(event["summary"]) == "Important day" and "description" not in event
    assert all(str(a["description"]) == "Important day" for a in event.walk("VALARM"))


def test_the_same_day_keeps_its_uid_when_it_moves_and_names_nobody(pages: Pages) -> None:
    pages.tell("en", days_ago=8)
    (first,) = pages.events(pages.link())
    pages.tell("vi", days_ago=2)
    (second,) = pages.events(pages.link(), neutral="yes")
    assert first["uid"] == second["uid"]
    assert first.decoded("dtstart") < second.decoded("dtstart")
    assert str(first["uid"]).endswith("@bot.example") and user(1) not in str(first["uid"])


def test_without_days_to_come_the_page_says_so_and_the_link_stays(pages: Pages) -> None:
    pages.tell("en", days_ago=200)
    link = pages.link()
    for answer in (pages.client.get(link), pages.client.post(link)):
        assert CONTENT.words("en")["calendar_none"] in unescaped(answer)
        assert "<form" not in answer.text
    pages.tell("en")
    assert pages.events(link)


@pytest.mark.parametrize("kind", [links.EXPORT, links.CALENDAR])
@pytest.mark.parametrize("tag", list(BY_TAG))
def test_an_old_link_says_so_in_the_readers_language(pages: Pages, kind: str, tag: str) -> None:
    pages.tell(tag)
    link = pages.link(kind)
    pages.clock.at += 86_401
    for answer in (pages.client.get(link), pages.client.post(link)):
        assert answer.status_code == 404
        assert CONTENT.words(tag)["link_expired"] in unescaped(answer)
        assert f'lang="{tag}"' in answer.text


@pytest.mark.parametrize("kind", [links.EXPORT, links.CALENDAR])
def test_an_unknown_link_speaks_the_language_of_the_browser(pages: Pages, kind: str) -> None:
    for asked, tag in (("vi-VN,vi;q=0.9,en;q=0.5", "vi"), ("ja", "ja"), ("xx", "en"), ("", "en")):
        answer = pages.client.get(f"/{kind}/nothing", headers={"Accept-Language": asked})
        assert answer.status_code == 404
        assert CONTENT.words(tag)["link_unknown"] in unescaped(answer), asked


def test_a_link_of_one_kind_opens_nothing_of_another(pages: Pages) -> None:
    pages.tell("en")
    link = pages.link(links.CALENDAR).replace("/calendar/", "/export/")
    assert pages.client.post(link).status_code == 404


def unescaped(answer: object) -> str:
    import html

    return html.unescape(answer.text)  # type: ignore[attr-defined]
