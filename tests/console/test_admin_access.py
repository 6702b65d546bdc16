"""Every page and form of the administration, as nobody, as an operator, as an admin."""

import pytest
from desks import Desk

from bot.store import audit, operators

VALUES = {"operator_id": "nobody", "action": "disable", "number": 1, "form": "txt"}


def addresses(desk: Desk, method: str) -> list[str]:
    """The addresses of all pages (GET) or forms (POST) of the administration."""
    adapter = desk.app.desk.url_map.bind("localhost")
    found = []
    for rule in desk.app.desk.url_map.iter_rules():
        if rule.endpoint.startswith("desk.admin") and method in (rule.methods or ()):
            values = {name: VALUES[name] for name in rule.arguments}
            found.append(adapter.build(rule.endpoint, values, method=method))
    return found


def test_there_are_pages_and_forms_to_guard(desk: Desk):
    assert len(addresses(desk, "GET")) >= 3 and len(addresses(desk, "POST")) >= 2


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_is_led_to_the_login(desk: Desk, method: str):
    browser = desk.browser()
    browser.csrf = "x"
    for address in addresses(desk, method):
        answer = browser.get(address) if method == "GET" else browser.post(address)
        # A form without a session has no token that could fit.
        assert answer.status_code == (302 if method == "GET" else 403), address
        assert "/admin" not in answer.headers.get("Location", "").partition("?")[0]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_operator_is_refused(desk: Desk, method: str):
    desk.asks_for_a_person(1)
    browser = desk.logged_in("sato")
    assert "/operators/admin" not in browser.get("/operators/").text
    for address in addresses(desk, method):
        answer = browser.get(address) if method == "GET" else browser.post(address)
        assert answer.status_code == 403, address
    with desk.database.read() as session:
        done = [one.action for one in audit.latest(session)]
    assert done == ["login"], "nothing was shown or done"


def test_an_admin_sees_each_page_and_the_look_is_on_record(desk: Desk):
    desk.asks_for_a_person(1)
    for language in ("en", "ja"):
        admin = desk.logged_in(f"chief-{language}", operators.ADMIN, language)
        assert "/operators/admin" in admin.get("/operators/").text
        for address in addresses(desk, "GET"):
            answer = admin.get(address)
            assert answer.status_code == 200, address
            assert " style=" not in answer.text and "onclick" not in answer.text
        with desk.database.read() as session:
            looks = audit.latest(session, operator=admin.operator)
        assert len(looks) >= len(addresses(desk, "GET"))


def test_forged_forms_of_admins_are_refused(desk: Desk):
    desk.asks_for_a_person(1)
    admin = desk.logged_in("chief", operators.ADMIN)
    admin.csrf = "forged"
    for address in addresses(desk, "POST"):
        assert admin.post(address).status_code == 403, address
