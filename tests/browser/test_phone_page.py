"""The phone page in a real browser, against a tiny bot that lives in this test."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import urllib3
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.simulator.server import Simulator, User

pytestmark = pytest.mark.browser
TOKEN = "channel-token"


def say(text: str, **style: Any) -> dict[str, Any]:
    return {"type": "text", "text": text, "wrap": True, **style}


def a_card() -> dict[str, Any]:
    """A result as an office would send it: deadline, checklist, buttons, in three scripts."""
    rows = [
        {
            "type": "box",
            "layout": "baseline",
            "spacing": "sm",
            "contents": [
                {"type": "text", "text": mark, "flex": 0, "color": "#1d7a3c"},
                say(words, size="sm", flex=1),
            ],
        }
        for mark, words in (
            ("☐", "Residence card application 在留カード再交付申請書"),
            ("☐", "One photo 写真 4 cm × 3 cm"),
            ("☐", "राहदानी · Hộ chiếu · パスポート"),
        )
    ]
    deadline = {
        "type": "box",
        "layout": "vertical",
        "backgroundColor": "#FFF4E0",
        "cornerRadius": "md",
        "paddingAll": "md",
        "margin": "lg",
        "contents": [
            {"type": "text", "text": "Last day", "size": "xs", "color": "#7a4b00"},
            say("Thursday 3 December 2026", weight="bold", size="lg"),
            {
                "type": "text",
                "size": "sm",
                "wrap": True,
                "contents": [
                    {"type": "span", "text": "11 days left", "color": "#b00020", "weight": "bold"},
                    {"type": "span", "text": " · counted from the day you noticed"},
                ],
            },
        ],
    }
    body = [
        say("What to do first", weight="bold", size="xl"),
        say("Report the loss to the police, then apply at the immigration office.", margin="sm"),
        deadline,
        {"type": "separator", "margin": "lg"},
        {
            "type": "box",
            "layout": "vertical",
            "margin": "lg",
            "spacing": "sm",
            "contents": rows,
        },
    ]
    buttons = [
        {
            "type": "button",
            "style": "primary",
            "action": {"type": "postback", "label": "Ask a person", "data": "human"},
        },
        {
            "type": "button",
            "style": "secondary",
            "height": "sm",
            "action": {"type": "postback", "label": "Change an answer", "data": "edit"},
        },
        {
            "type": "button",
            "height": "sm",
            "action": {"type": "uri", "label": "Source", "uri": "https://www.moj.go.jp/isa/"},
        },
    ]
    return {
        "type": "flex",
        "altText": "You have a new answer",
        "contents": {
            "type": "bubble",
            "body": {"type": "box", "layout": "vertical", "contents": body},
            "footer": {
                "type": "box",
                "layout": "vertical",
                "spacing": "sm",
                "contents": buttons,
            },
        },
    }


def chips(*actions: dict[str, Any]) -> dict[str, Any]:
    return {"items": [{"type": "action", "action": action} for action in actions]}


def postback(label: str, data: str, display: str) -> dict[str, Any]:
    return {"type": "postback", "label": label, "data": data, "displayText": display}


def answers_to(event: dict[str, Any]) -> list[dict[str, Any]]:
    """What the tiny bot says."""
    if event["type"] == "postback" and "params" in event["postback"]:
        return [{"type": "text", "text": f"You picked {event['postback']['params']['date']}."}]
    if event["type"] == "postback":
        picker = {"type": "datetimepicker", "label": "Pick a day", "data": "day", "mode": "date"}
        where = {"type": "location", "label": "Send location"}
        question = {"type": "text", "text": "When did you notice?"}
        return [{**question, "quickReply": chips(picker, where)}]
    if event["type"] == "message":
        text = event["message"].get("text") or event["message"].get("address", "")
        if text == "<b>bold</b>":
            return [{"type": "text", "text": "<img src=x onerror=document.title='bad'>"}]
        found = {"type": "text", "text": f"About “{text}”: did you lose the card yourself?"}
        yes = postback("Yes, I lost it", "yes", "Yes, I lost it")
        no = postback("No, it was stolen", "no", "No, it was stolen")
        return [a_card(), {**found, "quickReply": chips(yes, no)}]
    return []


class TinyBot:
    """Answers inside the request, as no real bot should."""

    def __init__(self) -> None:
        self.api = ""
        self.events: list[dict[str, Any]] = []
        bot = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()
                for event in json.loads(body)["events"]:
                    bot.answer(event)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def answer(self, event: dict[str, Any]) -> None:
        self.events.append(event)
        messages = answers_to(event)
        if not messages:
            return
        with urllib3.PoolManager() as http:
            answer = http.request(
                "POST",
                f"{self.api}/v2/bot/message/reply",
                json={"replyToken": event["replyToken"], "messages": messages},
                headers={"authorization": f"Bearer {TOKEN}"},
            )
        assert answer.status == 200, answer.data

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def bot() -> Iterator[TinyBot]:
    bot = TinyBot()
    yield bot
    bot.close()


@pytest.fixture
def sim(bot: TinyBot) -> Iterator[Simulator]:
    url = f"http://127.0.0.1:{bot.server.server_port}/callback"
    with Simulator(url, "secret", TOKEN, office_name="Sakura Office") as sim:
        bot.api = sim.url
        yield sim


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


def open_phone(
    browser: Browser, sim: Simulator, width: int = 1180, height: int = 900
) -> tuple[Page, User]:
    user = sim.user("Mai", "vi")
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(8000)
    page.goto(f"{sim.url}/#{user.id}")
    expect(page.locator("#text")).to_be_enabled()
    return page, user


def type_text(page: Page, text: str) -> None:
    page.fill("#text", text)
    page.press("#text", "Enter")


def settle(page: Page) -> None:
    """Wait until every picture is there and nothing that ends by itself is still moving."""
    page.evaluate(
        """async () => {
            const ends = (a) => a.effect.getTiming().iterations !== Infinity;
            await Promise.all(document.getAnimations().filter(ends).map((a) => a.finished));
            await Promise.all([...document.images].map((image) => image.decode()));
        }"""
    )


def test_a_whole_talk_text_card_chip_date_and_pc(
    browser: Browser, sim: Simulator, bot: TinyBot, tmp_path: Path
) -> None:
    page, _ = open_phone(browser, sim)
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda line: broken.append(line.text) if line.type == "error" else None)
    type_text(page, "I lost my residence card")
    expect(page.locator(".row.user .bubble")).to_have_text("I lost my residence card")
    expect(page.locator(".flex-bubble")).to_contain_text("Thursday 3 December 2026")
    expect(page.locator(".chip")).to_have_text(["Yes, I lost it", "No, it was stolen"])
    expect(page.locator("#notice")).to_contain_text("did you lose the card yourself?")
    settle(page)
    page.screenshot(path=tmp_path / "wide-card.png")

    page.locator(".chip", has_text="Yes, I lost it").click()
    expect(page.locator(".row.user .bubble").last).to_have_text("Yes, I lost it")
    expect(page.locator(".chip")).to_have_text(["Pick a day", "Send location"])

    page.check("#pc")
    expect(page.locator(".chip")).to_have_count(0)
    page.uncheck("#pc")
    page.locator(".chip", has_text="Pick a day").click()
    page.fill("#picked", "2026-12-03")
    page.screenshot(path=tmp_path / "wide-date.png")
    page.locator("#sheet .strong").click()
    expect(page.locator(".row.bot .bubble").last).to_have_text("You picked 2026-12-03.")
    expect(page.locator(".chip")).to_have_count(0)
    assert bot.events[-1]["postback"] == {"data": "day", "params": {"date": "2026-12-03"}}

    page.locator(".flex-button", has_text="Ask a person").click()
    expect(page.locator(".row.bot .bubble").last).to_have_text("When did you notice?")
    assert bot.events[-1]["postback"] == {"data": "human"}
    assert broken == []
    page.close()


def test_a_phone_s_width_location_unsend_quote_and_block(
    browser: Browser, sim: Simulator, bot: TinyBot, tmp_path: Path
) -> None:
    page, user = open_phone(browser, sim, 390, 844)
    page.click("#plus")
    page.get_by_role("button", name="Location").click()
    page.select_option("#example", "2")
    page.screenshot(path=tmp_path / "narrow-location.png")
    page.locator("#sheet .strong").click()
    expect(page.locator(".row.user .location")).to_contain_text("大阪府大阪市北区")
    expect(page.locator(".row.bot .bubble").last).to_contain_text("大阪府")
    assert bot.events[-1]["message"]["latitude"] == pytest.approx(34.6937)
    settle(page)
    page.screenshot(path=tmp_path / "narrow-talk.png")

    page.locator(".row.bot .bubble").last.click(button="right")
    page.get_by_role("menuitem", name="Reply").click()
    type_text(page, "Yes")
    quote = page.locator(".row.user .quote").last
    expect(quote).to_contain_text("did you lose the card yourself?")
    user.wait_for(4)
    assert bot.events[-1]["message"]["quotedMessageId"] == user.answers()[1].id

    page.locator(".row.user .bubble").last.click(button="right")
    page.get_by_role("menuitem", name="Unsend").click()
    expect(page.locator(".row.user .bubble")).to_have_count(0)
    assert sim.delivery.wait_idle()
    assert bot.events[-1]["type"] == "unsend"

    page.click("#open-panel")
    page.click("#block")
    expect(page.locator("#text")).to_be_disabled()
    settle(page)
    page.screenshot(path=tmp_path / "narrow-panel.png")
    page.click("#block")
    expect(page.locator("#text")).to_be_enabled()
    assert sim.delivery.wait_idle()
    assert [event["type"] for event in bot.events[-2:]] == ["unfollow", "follow"]
    page.close()


def test_words_of_others_are_never_read_as_html(
    browser: Browser, sim: Simulator, bot: TinyBot
) -> None:
    page, _ = open_phone(browser, sim)
    type_text(page, "<b>bold</b>")
    expect(page.locator(".row.user .bubble")).to_have_text("<b>bold</b>")
    expect(page.locator(".row.bot .bubble")).to_contain_text("<img src=x")
    assert page.title() == "Sakura Office"
    page.close()


def test_a_menu_at_the_bottom_the_dots_and_a_late_switch_of_language(
    browser: Browser, sim: Simulator, bot: TinyBot, tmp_path: Path
) -> None:
    page, user = open_phone(browser, sim, 390, 844)
    menus = sim.platform.menus
    areas = [
        {
            "bounds": {"x": 400 * n, "y": 0, "width": 400, "height": 270},
            "action": postback(label, label, label),
        }
        for n, label in enumerate(("Visa", "Office", "Person"))
    ]
    menu = {
        "size": {"width": 1200, "height": 270},
        "selected": True,
        "name": "test",
        "chatBarText": "Menu",
        "areas": areas,
    }
    menu_id = menus.create(menu)["richMenuId"]
    menus.upload(menu_id, a_menu_picture(), "image/png")
    with sim.platform.changed:
        menus.set_default(menu_id)
    sim.platform.start_loading({"chatId": user.id, "loadingSeconds": 60})
    expect(page.locator(".dots")).to_be_visible()
    expect(page.locator("#rich-menu img")).to_be_visible()
    settle(page)
    page.screenshot(path=tmp_path / "narrow-menu.png")
    page.get_by_role("button", name="Office").click()
    expect(page.locator(".row.user .bubble")).to_have_text("Office")
    expect(page.locator(".dots")).to_have_count(0)
    page.click("#menu-toggle")
    expect(page.locator("#rich-menu")).to_be_hidden()
    page.click("#open-panel")
    page.select_option("#language", "ne")
    expect(page.locator("#chat")).to_have_attribute("lang", "ne")
    assert user.person.language == "ne"
    page.close()


def test_a_photo_a_sticker_a_link_and_what_the_api_refused(
    browser: Browser, sim: Simulator, bot: TinyBot
) -> None:
    page, user = open_phone(browser, sim)
    page.click("#plus")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Photo").click()
    chooser.value.set_files({"name": "a.png", "mimeType": "image/png", "buffer": a_menu_picture()})
    expect(page.locator(".row.user img.photo")).to_be_visible()
    settle(page)
    page.click("#stickers")
    page.locator(".tray-sticker").first.click()
    expect(page.locator(".row.user .sticker")).to_be_visible()
    user.wait_for(4)
    assert [event["message"]["type"] for event in bot.events] == ["image", "sticker"]
    content = sim.platform.content(bot.events[0]["message"]["id"])
    assert (content.kind, content.body) == ("image/png", a_menu_picture())

    with page.expect_popup() as popup:
        page.locator(".flex-button", has_text="Source").last.click()
    popup.value.close()
    assert len(bot.events) == 2, "a link sends nothing"

    with urllib3.PoolManager() as http:
        http.request(
            "POST",
            f"{sim.url}/v2/bot/message/push",
            json={"to": user.id, "messages": [{"type": "text", "text": ""}]},
            headers={"authorization": f"Bearer {TOKEN}"},
        )
    expect(page.locator("#last-error")).to_contain_text("May not be empty")
    page.close()


def test_a_new_person_has_a_chat_of_their_own(
    browser: Browser, sim: Simulator, bot: TinyBot
) -> None:
    page, user = open_phone(browser, sim)
    type_text(page, "mine")
    expect(page.locator(".row")).to_have_count(3)
    page.get_by_role("button", name="New person").click()
    expect(page.locator(".row")).to_have_count(0)
    page.click("#friend")
    expect(page.locator("#friend")).to_be_hidden()
    assert sim.delivery.wait_idle()
    assert bot.events[-1]["type"] == "follow"
    assert bot.events[-1]["source"]["userId"] != user.id
    page.select_option("#person", user.id)
    expect(page.locator(".row.user .bubble")).to_have_text("mine")
    page.close()


def a_menu_picture() -> bytes:
    import io

    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (1200, 270), "#e8f0fa")
    pen = ImageDraw.Draw(picture)
    for n, word in enumerate(("Visa", "Office", "Person")):
        pen.rounded_rectangle((400 * n + 12, 12, 400 * n + 388, 258), 24, fill="#3f7cc0")
        pen.text((400 * n + 150, 110), word, fill="white", font_size=48)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
