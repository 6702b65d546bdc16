"""The inbox: who stands in which view and order, what a search finds, what an open one asks."""

import re

import pytest
from desks import Browser, Desk

from bot.store import case_tags, cases


def numbers(page: str) -> list[int]:
    return [int(n) for n in re.findall(r'href="/operators/cases/(\d+)"', page)]


def inbox(browser: Browser, query: str = "") -> list[int]:
    answer = browser.get(f"/operators/?{query}")
    assert answer.status_code == 200
    return numbers(answer.text)


@pytest.fixture
def three(desk: Desk) -> Desk:
    """Three persons wait: in Vietnamese, in Nepali, in danger."""
    desk.asks_for_a_person(1, "vi", "Hoa")
    desk.asks_for_a_person(2, "ne", "Maya")
    desk.asks_for_a_person(3, "en", "Ana")
    with desk.database.write() as session:
        cases.set_priority(session, desk.case(3).id, None, cases.MOST_URGENT, desk.clock.at)
    return desk


def test_the_urgent_first_then_who_waits_longest(three: Desk):
    browser = three.logged_in()
    assert inbox(browser) == [3, 1, 2]
    assert inbox(browser, "sort=newest") == [3, 2, 1]
    page = browser.get("/operators/").text
    assert "Hoa" in page and "Vietnamese" in page and "urgent" in page


def test_the_views_are_waiting_mine_all_and_closed(three: Desk):
    ito, sato = three.logged_in("ito"), three.logged_in("sato")
    assert ito.post("/operators/cases/1/take").status_code == 302
    assert ito.post("/operators/cases/2/take").status_code == 302
    assert ito.post("/operators/cases/2/close", {"reason": "answered"}).status_code == 302
    assert inbox(ito) == [3] and inbox(sato) == [3]
    assert inbox(ito, "view=mine") == [1] and inbox(sato, "view=mine") == []
    assert sorted(inbox(sato, "view=all")) == [1, 3]
    assert inbox(sato, "view=closed") == [2]
    assert sorted(inbox(sato, f"view=all&operator={ito.operator}")) == [1]


def test_a_search_looks_at_coded_fields(three: Desk):
    browser = three.logged_in()
    with three.database.write() as session:
        case_tags.add(session, three.case(2).id, browser.operator, "family", three.clock.at)
    assert inbox(browser, "language=ne") == [2]
    assert inbox(browser, "flow=lost-card") == [3, 1, 2]
    assert inbox(browser, "flow=move") == []
    assert inbox(browser, "view=all&tag=family") == [2]
    assert inbox(browser, "due=2000-01-01") == []
    assert (
        inbox(browser, "from=2026-12-01") == [3, 1, 2] and inbox(browser, "until=2026-11-01") == []
    )
    found = browser.get("/operators/?number=%232")
    assert found.status_code == 302 and found.headers["Location"].endswith("/operators/cases/2")


@pytest.mark.parametrize("query", [
    "number=zwei", "due=gestern", "from=2026-13-40", "skip=-1", "skip=999999999999999999999",
    "view=nothing", "sort=;DROP TABLE cases", "language=%27%20OR%201=1--", "tag=%00", "number=1e9",
    "operator=%F0%9F%98%80", "skip=%D9%A1",
])  # fmt: skip
def test_a_senseless_search_is_no_error_and_finds_nothing_wrong(three: Desk, query: str):
    browser = three.logged_in()
    expected = 400 if "%00" in query else 200
    assert browser.get(f"/operators/?{query}").status_code == expected
    assert browser.get(f"/operators/news?{query}&stamp=x").status_code == expected


def test_an_open_inbox_hears_only_of_changes(three: Desk):
    browser = three.logged_in()
    page = browser.get("/operators/").text
    stamp = re.search(r"stamp=([^\"&]+)", page)
    assert stamp is not None
    assert browser.get(f"/operators/news?stamp={stamp[1]}").status_code == 204
    three.says("Con chờ được không?", 1)
    news = browser.get(f"/operators/news?stamp={stamp[1]}")
    assert news.status_code == 200 and "<html" not in news.text
    stamp = re.search(r"stamp=([^\"&]+)", news.text)
    assert stamp is not None
    three.taps("r:end-request", 1)
    assert browser.get(f"/operators/news?stamp={stamp[1]}").status_code == 200, "one case less"


def test_a_case_is_unread_until_its_operator_looks_and_again_when_the_person_writes(three: Desk):
    ito, sato = three.logged_in("ito"), three.logged_in("sato")
    ito.post("/operators/cases/1/take")
    three.says("Alo?", 1)
    assert inbox(ito, "view=mine&unread=yes") == [1]
    sato.get("/operators/cases/1")
    assert inbox(ito, "view=mine&unread=yes") == [1], "a colleague's look is not mine"
    ito.get("/operators/cases/1")
    assert inbox(ito, "view=mine&unread=yes") == []


def test_many_cases_come_in_pages(desk: Desk):
    with desk.database.write() as session:
        for number in range(120):
            desk.clock.at += 1
            case = cases.Case(f"case-{number}", f"person-{number}", "human", desk.clock.at)
            cases.open_case(session, case)
    browser = desk.logged_in()
    first, second = inbox(browser, "sort=number"), inbox(browser, "sort=number&skip=50")
    assert first == list(range(1, 51)) and second == list(range(51, 101))
    assert inbox(browser, "sort=number&skip=100") == list(range(101, 121))
