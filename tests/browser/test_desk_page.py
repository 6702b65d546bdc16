"""The whole story in two browsers: a person on the phone page, an operator at the desk."""

import re
import struct
import zlib
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.whole.serving import Served

pytestmark = pytest.mark.browser
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 800}


def says(page: Page, text: str) -> None:
    before = page.locator(".row:not(.loading)").count()
    box = page.get_by_placeholder("Aa")
    box.fill(text)
    box.press("Enter")
    page.wait_for_function(
        "count => document.querySelectorAll('.row:not(.loading)').length > count", arg=before
    )


def sees(page: Page, text: str) -> None:
    expect(page.get_by_text(re.compile(re.escape(text))).last).to_be_visible(timeout=15_000)


def a_person_asks(browser: Browser, house: Served) -> Page:
    """Somebody who reads Vietnamese, lost the card, and wants to talk with a person."""
    page = browser.new_page(viewport=WIDE)
    made = page.request.post(f"{house.phone}/sim/people", data={"name": "Hoa"}).json()
    page.goto(f"{house.phone}/#{made['id']}")
    sees(page, "Say hello")
    says(page, "hello")
    sees(page, "Please choose your language")
    says(page, "Tiếng Việt")
    sees(page, "Cần hỏi về việc gì")
    says(page, "Tôi bị mất thẻ lưu trú")
    sees(page, "Chuyện gì đã xảy ra với thẻ lưu trú?")
    says(page, "Gặp tư vấn viên")
    page.get_by_role("button", name="Bỏ qua mọi câu hỏi").last.click()
    page.get_by_role("button", name="Đồng ý, hãy chuyển").last.click()
    sees(page, "Đã chuyển")
    return page


def an_operator(browser: Browser, house: Served) -> Page:
    """Somebody at the desk who reads Japanese, and who sees every script fault."""
    page = browser.new_context(locale="ja-JP", viewport=WIDE).new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script: {error}"))
    page.goto(f"{house.web}/operators")
    page.get_by_label("ログイン名").fill("demo")
    page.get_by_label("パスワード").fill(house.password)
    page.get_by_role("button", name="ログイン").click()
    expect(page).to_have_url(re.compile("/operators/?$"))
    return page


def a_picture(path: Path) -> Path:
    """A small PNG, as a phone would send one."""
    rows = b"".join(b"\0" + b"\x30\x90\xe0" * 40 for _ in range(30))

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", 40, 30, 8, 2, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )  # fmt: skip
    return path


def no_serious_fault(page: Page) -> None:
    """axe finds nothing serious on the page as it stands."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    bad = [
        (one["id"], [node["html"][:120] for node in one["nodes"]][:3])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert bad == [], page.url


def a_sentence_in_the_persons_language(desk: Page, person: Page) -> None:
    """The operator chooses it in Japanese, sees both, and the person reads Vietnamese."""
    desk.get_by_label("返信").fill("")
    desk.locator("details:has(#macro) > summary").click()
    desk.locator("#macro").select_option("meet")
    desk.locator("details:has(#macro) button[value=fill]").click()
    day = datetime.now(ZoneInfo("Asia/Tokyo")).date() + timedelta(days=30)
    desk.locator("#slot_date").fill(day.isoformat())
    desk.locator("#slot_time").fill("14:00")
    desk.locator("button[value=preview]").click()
    both = desk.locator(".both .bubble")
    expect(both.first).to_contain_text(f"tháng {day.month}")
    expect(both.last).to_contain_text(f"{day.month}月{day.day}日")
    no_serious_fault(desk)
    desk.locator("button[value=send]").click()
    sees(person, "14:00")


def an_appointment(desk: Page, person: Page) -> None:
    """Offered at the desk, chosen in LINE with numbers, shown at the desk."""
    desk.locator("details:has(form[action$=offer]) > summary").click()
    desk.locator("form[action$=offer] button").click()
    sees(person, "1.")
    for _ in range(6):
        if person.get_by_text("Đã đặt lịch hẹn").count():
            break
        says(person, "1")
    desk.reload()
    expect(desk.locator("form[action$=cancel]")).to_have_count(1, timeout=10_000)


def test_ask_wait_take_answer_send_a_file_close_and_back_to_the_bot(
    house: Served, browser: Browser, tmp_path: Path
):
    person, desk = a_person_asks(browser, house), an_operator(browser, house)
    first = desk.locator(".cases a").first
    expect(first).to_contain_text("在留カードの紛失・盗難", timeout=10_000)
    no_serious_fault(desk)
    first.click()
    expect(desk.locator(".panel")).to_contain_text("相談概要")
    desk.get_by_role("button", name="引き継いで返信").click()
    desk.get_by_label("返信").fill("Chào bạn, tôi là người của văn phòng.")
    desk.keyboard.press("Control+Enter")
    sees(person, "Chào bạn, tôi là người của văn phòng.")
    # What the person writes appears at the desk without a reload; the bot is silent.
    desk.get_by_label("返信").fill("a draft that must stay")
    says(person, "Cảm ơn! Tôi gửi giấy báo mất")
    expect(desk.locator("#thread")).to_contain_text("Tôi gửi giấy báo mất", timeout=10_000)
    assert desk.get_by_label("返信").input_value() == "a draft that must stay"
    person.get_by_role("button", name="More").click()
    with person.expect_file_chooser() as chooser:
        person.get_by_text("Photo", exact=True).first.click()
    chooser.value.set_files(a_picture(tmp_path / "report.png"))
    expect(desk.locator("#thread img.pic")).to_be_visible(timeout=15_000)
    no_serious_fault(desk)
    a_sentence_in_the_persons_language(desk, person)
    an_appointment(desk, person)
    desk.set_viewport_size(PHONE)
    no_serious_fault(desk)
    assert desk.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    desk.set_viewport_size(WIDE)
    desk.get_by_text("保留・担当変更・終了").click()
    desk.get_by_label("終了の理由").select_option("answered")
    desk.get_by_role("button", name="相談を終了").click()
    expect(desk.locator(".status")).to_contain_text("終了")
    rows = person.locator(".row:not(.loading)")
    person.wait_for_function("document.querySelectorAll('.row').length > 3")
    before = rows.count()
    says(person, "Tôi vừa chuyển nhà")
    expect(rows).not_to_have_count(before + 1, timeout=10_000)


def test_the_pages_around_a_case_have_no_serious_fault(house: Served, browser: Browser):
    login = browser.new_page()
    login.goto(f"{house.web}/operators/login")
    no_serious_fault(login)
    desk = an_operator(browser, house)
    for path in (
        "account", "account/notices", "?view=all", "?view=closed", "bookings", "admin",
        "admin/statistics", "admin/log",
    ):  # fmt: skip
        desk.goto(f"{house.web}/operators/{path}")
        no_serious_fault(desk)
        desk.set_viewport_size(PHONE)
        assert desk.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
        desk.set_viewport_size(WIDE)


def test_the_desk_works_by_keyboard_alone(house: Served, browser: Browser):
    a_person_asks(browser, house)
    desk = an_operator(browser, house)
    expect(desk.locator(".cases a").first).to_be_visible()
    desk.keyboard.press("j")
    assert desk.evaluate("document.activeElement.closest('.case') !== null")
    desk.keyboard.press("Enter")
    expect(desk).to_have_url(re.compile(r"/cases/\d+"))
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.className") == "skip"
