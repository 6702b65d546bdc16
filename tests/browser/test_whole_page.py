"""A person on the phone page, in Vietnamese, with the real bot behind it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.whole.serving import Served, free_ports, served

pytestmark = pytest.mark.browser


def says(page: Page, text: str) -> None:
    box = page.get_by_placeholder("Aa")
    box.fill(text)
    box.press("Enter")


def sees(page: Page, text: str) -> None:
    expect(page.get_by_text(re.compile(re.escape(text))).last).to_be_visible(timeout=8_000)


def test_a_person_gets_a_result_in_vietnamese_by_typing(house: Served, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1180, "height": 900})
    page.goto(house.phone)
    sees(page, "Say hello")
    says(page, "hello")
    sees(page, "Please choose your language")
    says(page, "Tiếng Việt")
    sees(page, "Cần hỏi về việc gì")
    says(page, "Tôi bị mất thẻ lưu trú")
    for number in ("1", "1", "1", "hôm qua", "3", "2", "3"):
        before = page.locator(".row").count()
        says(page, number)
        page.wait_for_function(
            "count => document.querySelectorAll('.row:not(.loading)').length >= count + 2",
            arg=before,
            timeout=8_000,
        )
    sees(page, "在留カード再交付申請書")
    sees(page, "thẻ mới")


def test_a_stopped_house_starts_again_with_everything(tmp_path: Path, browser: Browser) -> None:
    ports = free_ports(2)
    with served(tmp_path, ports) as first:
        page = browser.new_page()
        page.goto(first.phone)
        sees(page, "Say hello")
        says(page, "I lost my card")
        sees(page, "What happened to the residence card?")
        code, output = first.stop()
        assert code == 0 and "Traceback" not in output
    with served(tmp_path, ports) as second:
        page = browser.new_page()
        page.goto(second.phone)
        sees(page, "What happened to the residence card?")
        says(page, "1")
        sees(page, "Which kind of card is it?")
        assert second.stop()[0] == 0
