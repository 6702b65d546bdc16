"""Every page of the desk without a login, with a forged form, with hostile words."""

import pytest
from desks import Desk
from werkzeug.routing import AnyConverter, Rule

from bot.console.guard import PUBLIC
from bot.store import cases

HOSTILE = (
    "<script>alert(1)</script>", "' OR '1'='1", "{{ 7777*7 }}", "\x00\x01", "%(name)s", "💥" * 30,
    '=HYPERLINK("x")', "<img src=x onerror=alert(1)>", "\u202eabc",
)  # fmt: skip


def pages(desk: Desk) -> list[tuple[str, str]]:
    """Every method and address of the desk that is not public."""
    adapter = desk.app.desk.url_map.bind("localhost")
    samples = {"number": 1, "file_id": "x", "token": "x", "filename": "desk.css"}
    found = []
    for rule in desk.app.desk.url_map.iter_rules():
        if rule.endpoint in PUBLIC:
            continue
        for values in _values(rule, samples):
            path = adapter.build(rule.endpoint, values)
            methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            found += [(method, path) for method in sorted(methods)]
    return found


def _values(rule: Rule, samples: dict[str, object]) -> list[dict[str, object]]:
    """One address for each word that a rule lists, else one with sample values."""
    values = {name: samples.get(name, "x") for name in rule.arguments}
    listed = [
        (name, sorted(one.items))
        for name, one in rule._converters.items()
        if isinstance(one, AnyConverter)
    ]
    for name, words in listed:
        return [{**values, name: word} for word in words]
    return [values]


def test_nobody_sees_a_page_without_a_login(desk: Desk):
    desk.asks_for_a_person()
    browser = desk.browser()
    seen = pages(desk)
    assert len(seen) > 15
    for method, path in seen:
        answer = browser.client.open(path, method=method)
        if method == "GET":
            assert answer.status_code == 302, path
            assert "/operators/login" in answer.headers["Location"]
        else:
            assert answer.status_code == 403, path
        assert "Hoa" not in answer.text
    assert desk.case().state == cases.OPEN


def test_no_form_is_taken_without_its_token(desk: Desk):
    desk.asks_for_a_person()
    browser = desk.logged_in(role="admin")
    for method, path in pages(desk):
        if method == "POST":
            assert browser.client.post(path, data={"csrf": "forged"}).status_code == 403, path
    assert desk.case().state == cases.OPEN


def test_every_page_has_strict_headers(desk: Desk):
    desk.asks_for_a_person()
    browser = desk.logged_in(role="admin")
    for path in ("/operators/", "/operators/cases/1", "/operators/account"):
        headers = browser.get(path).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY" and headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_no_page_has_script_or_style_of_its_own(desk: Desk):
    desk.asks_for_a_person()
    browser = desk.logged_in(role="admin")
    for method, path in pages(desk):
        if method == "GET":
            text = browser.get(path).text
            assert " style=" not in text and "onclick" not in text and "<style" not in text, path


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_shown_as_words(desk: Desk, words: str):
    desk.asks_for_a_person(1, "vi", words.replace("\x00", "") or "x")
    desk.says(words)
    browser = desk.logged_in(role="admin")
    case = "/operators/cases/1"
    browser.post(f"{case}/take")
    taken = 400 if "\x00" in words else 302
    for action, name in (("note", "text"), ("tag", "tag"), ("say", "text")):
        assert browser.post(f"{case}/{action}", {name: words}).status_code == taken, action
    for path in (case, "/operators/", "/operators/?view=mine"):
        page = browser.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text and "<img src=x" not in page.text
        assert "54439" not in page.text


def test_senseless_addresses_are_not_found(desk: Desk):
    browser = desk.logged_in()
    for path in (
        "cases/0",
        "cases/99999999999999999999",
        "nothing",
        "cases/-1",
        "cases/abc",
        "join/x",
    ):
        assert browser.get(f"/operators/{path}").status_code == 404, path
    assert browser.get("/operators/cases/1/take").status_code in (404, 405)
