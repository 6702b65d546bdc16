"""Every page of the office and of its links, in two languages and two widths: axe, and no scroll.

One office and one browser for all. With SCREENSHOTS=<folder> a picture of each page is kept.
"""

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from houses import settings_for
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from bot import answering
from bot.opening import Content, open_content
from bot.settings import Settings
from bot.store import cases, operators, outbox, unanswered
from bot.store import links as store_links
from bot.store.cases import Case
from bot.store.database import Database
from bot.store.outbox import Ended
from tests.console.desks import Desk, root

pytestmark = pytest.mark.browser
PLAIN = str.maketrans("/?=&", "----")
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 800}
LANGUAGES = ("ja", "en")
READS = {"ja": 1, "en": 2}
"""The number of the person who reads that language."""
THURSDAY = "202612031000"
FILES = {"name": "card (front).pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 a card"}
REFUSED = {"name": "a-very-long-name-of-a-file-that-no-phone-would-give.exe",
           "mimeType": "application/octet-stream", "buffer": b"MZ and more"}  # fmt: skip
AXE = "axe.run({exclude: [['tbody > tr:nth-child(n+6)']]}, {resultTypes: ['violations']})"
"""The rows of a long table are alike: five of them are looked at."""
UNFOLD = "document.querySelectorAll('details:not(tr:nth-child(n+6) *)').forEach(d => d.open = true)"
TITLES = {"ja": "事務所に送る書類", "en": "Papers for the office"}


@dataclass
class Office:
    """A desk with something on every page, and the address where it is served."""

    desk: Desk
    address: str
    chief: str

    def link(self, language: str, kind: str, name: str) -> str:
        """The address of a new link of that kind, for the person who reads that language."""
        token, at = f"{kind}-{name}-{language}", self.desk.clock.at
        person = self.desk.person(READS[language])
        with self.desk.database.write() as session:
            store_links.make(session, token, person, kind, at, store_links.UPLOAD_LASTS)
        return f"{self.address}/{kind}/{token}"

    def page(self, browser: Browser, language: str, *, is_chief: bool = False) -> Page:
        """A page of a new visitor, or of the chief at the desk, in that language."""
        context = browser.new_context(locale=language, viewport=WIDE)
        if is_chief:
            with self.desk.database.write() as session:
                operators.set_language(session, self.chief, language)
                token, _ = operators.begin_session(
                    session, self.chief, "Firefox on Linux", self.desk.clock.at
                )
            context.add_cookies([{"name": "desk", "value": token, "url": self.address}])
        page = context.new_page()
        page.set_default_timeout(8_000)
        page.on("pageerror", lambda error: pytest.fail(f"script: {error}"))
        return page


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    settings = settings_for(f"sqlite:///{folder / 'bot.db'}", folder)
    content: Content = open_content(
        Settings(environment="test"), root() / "flows", root() / "locales"
    )
    database = Database.of(settings)
    desk = Desk(settings, database, content)
    chief = desk.operator("chief", operators.ADMIN)
    _much_has_happened(desk, chief)
    server = make_server("127.0.0.1", 0, desk.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield Office(desk, f"http://127.0.0.1:{server.server_port}", chief)
    server.shutdown()
    thread.join()
    server.server_close()
    desk.app.close()
    database.close()


def _much_has_happened(desk: Desk, chief: str) -> None:
    """Something to see on every page."""
    for language, number in READS.items():
        desk.asks_for_a_person(number, language, {"ja": "佐藤ハナ", "en": "Hana Sato"}[language])
        desk.taps(f"b:yes:phone.{THURSDAY[:-4]}{9 + number:02}00", number)
        answering.take_over(desk.house, desk.case(number).id, chief)
        words = ["Please bring your card on Thursday."]
        answering.say_as_operator(desk.house, desk.case(number).id, chief, words)
    desk.asks_for_a_person(3, "vi", "Nguyễn Thị Minh Khai")
    desk.taps("r:delete-data", 3)
    desk.taps("y:delete:yes", 3)
    with desk.database.write() as session:
        for state in (outbox.GIVEN_UP, outbox.UNCLEAR, outbox.HELD):
            rows = outbox.take_due(session, "me", desk.clock.at, 1, alone=True)
            ended = [Ended(row, state, desk.clock.at, error="Blocked") for row in rows]
            outbox.mark(session, ended)
        cases.open_case(session, Case("p", desk.person(3), cases.PARKED, desk.clock.at))
        for number, words in enumerate(
            ("how do I convert my driving licence", "how do i convert the driving licence?",
             "a-word-without-any-space-" * 8, "駐車場の契約はどうすればいいですか")
        ):  # fmt: skip
            one = unanswered.Unanswered(words, "ja" if number == 3 else "en", desk.clock.at)
            unanswered.put(session, f"m{number}", one)
        invited = operators.add(session, "mori", "森 みどり", operators.OPERATOR, desk.clock.at)
        operators.invite(session, invited, desk.clock.at)
    gone = desk.operator("former")
    with desk.database.write() as session:
        operators.set_state(session, gone, operators.DISABLED)


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


def is_good(page: Page, name: str) -> None:
    """At both widths nothing serious, and nothing that must be scrolled to the side."""
    page.evaluate(Axe().axe_script)
    for width, size in (("wide", WIDE), ("phone", PHONE)):
        page.set_viewport_size(size)
        found = page.evaluate(AXE)["violations"]
        bad = [
            (one["id"], [node["html"][:160] for node in one["nodes"]][:3])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert bad == [], f"{name}, {width}"
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"{name}.{width}.png", full_page=True)
    page.set_viewport_size(WIDE)


def opens(page: Page, address: str, status: int = 200) -> None:
    answer = page.goto(address)
    assert answer is not None and answer.status == status, address


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_a_person(office: Office, browser: Browser, language: str):
    page = office.page(browser, language)
    upload = office.link(language, store_links.UPLOAD, "one")
    opens(page, upload)
    assert page.title() == TITLES[language]
    is_good(page, f"upload.{language}")
    page.locator("button").click()
    is_good(page, f"upload-without-a-file.{language}")
    page.locator("input[type=file]").first.set_input_files([REFUSED])
    page.locator("button").click()
    assert REFUSED["name"] in page.locator(".fault").inner_text()
    is_good(page, f"upload-refused.{language}")
    page.locator("input[type=file]").first.set_input_files([FILES])
    is_good(page, f"upload-with-a-file.{language}")
    page.locator("button").click()
    is_good(page, f"upload-done.{language}")
    opens(page, upload, 404)
    is_good(page, f"upload-used.{language}")
    opens(page, f"{office.address}/upload/nothing", 404)
    is_good(page, f"upload-unknown.{language}")
    for kind in (store_links.BOOKING, store_links.EXPORT, store_links.CALENDAR):
        opens(page, office.link(language, kind, "one"))
        is_good(page, f"{kind}.{language}")
    page.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_in(office: Office, browser: Browser, language: str):
    page = office.page(browser, language)
    opens(page, f"{office.address}/operators/login")
    is_good(page, f"login.{language}")
    opens(page, f"{office.address}/operators/join/nothing", 404)
    is_good(page, f"join-unknown.{language}")
    with office.desk.database.write() as session:
        added = operators.add(session, f"new-{language}", "Aoi Mori", "operator", 0.0)
        token = operators.invite(session, added, office.desk.clock.at)
    opens(page, f"{office.address}/operators/join/{token}")
    is_good(page, f"join.{language}")
    page.locator("#password").fill("a password of the office")
    page.locator("#again").fill("a password of the office")
    page.locator("#code").fill("000000")
    page.locator("main form button").click()
    assert page.locator(".fault").is_visible()
    is_good(page, f"join-refused.{language}")
    page.context.close()


ADMIN = (
    "", "/operators", "/log", "/log?number=99999", "/deletions", "/deliveries",
    "/deliveries?state=unclear", "/deliveries?state=held", "/parked", "/unanswered", "/sources",
    "/settings", "/statistics",
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_the_administration(office: Office, browser: Browser, language: str):
    page = office.page(browser, language, is_chief=True)
    for path in ADMIN:
        opens(page, f"{office.address}/operators/admin{path}")
        page.evaluate(UNFOLD)
        is_good(page, f"admin{path.translate(PLAIN)}.{language}")
    page.goto(f"{office.address}/operators/admin/operators")
    page.locator("#login").fill(f"aoi-{language}")
    page.locator("#name").fill("Aoi")
    page.locator("form[action$='/admin/operators'] button").click()
    is_good(page, f"admin-invited.{language}")
    number = office.desk.case(READS[language]).number
    opens(page, f"{office.address}/operators/admin/cases/{number}/delete")
    is_good(page, f"admin-delete.{language}")
    page.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_the_desk(office: Office, browser: Browser, language: str):
    page = office.page(browser, language, is_chief=True)
    number = office.desk.case(READS[language]).number
    for path in (
        "", f"cases/{number}", f"cases/{number}/booking?way=phone&day=2026-12-03",
        f"cases/{number}/booking?way=phone&day=2026-12-05", "bookings?day=2026-11-30",
        "bookings?day=2026-12-03&span=day", "account", "account/notices",
    ):  # fmt: skip
        opens(page, f"{office.address}/operators/{path}")
        page.evaluate(UNFOLD)
        is_good(page, f"desk-{path.translate(PLAIN)}.{language}")
    page.context.close()
