"""Who comes in: password and code, invitations, sessions, the rate limit, forged forms."""

import pytest
from desks import PASSWORD, Desk, csrf_in, secret_of

from bot.console import passwords
from bot.console.guard import no_open_redirect
from bot.store import audit, operators


def test_password_and_code_let_an_operator_in(desk: Desk):
    browser = desk.logged_in("ito")
    page = browser.get("/operators/")
    assert page.status_code == 200 and "Inbox" in page.text
    cookie = browser.client.get_cookie("desk", path="/operators")
    assert cookie is not None and cookie.http_only and cookie.same_site == "Lax"


@pytest.mark.parametrize("password, code", [("wrong password", None), (PASSWORD, "000000"),
                                            (PASSWORD, ""), ("", None)])  # fmt: skip
def test_nobody_learns_which_of_them_was_wrong(desk: Desk, password: str, code: str | None):
    desk.operator("ito")
    browser = desk.browser()
    known = desk.log_in(browser, "ito", password, code)
    unknown = desk.log_in(browser, "nobody", password, code)
    assert known.status_code == unknown.status_code == 403
    assert known.text.replace("ito", "nobody") == unknown.text
    assert browser.get("/operators/").status_code == 302


def test_a_code_works_once(desk: Desk):
    desk.operator("ito")
    desk.clock.at += 60
    code = passwords.code_at(secret_of("ito"), desk.clock.at)
    assert desk.log_in(desk.browser(), "ito", code=code).status_code == 302
    assert desk.log_in(desk.browser(), "ito", code=code).status_code == 403


def test_after_five_failures_even_the_right_password_waits(desk: Desk):
    desk.operator("ito")
    browser = desk.browser()
    for _ in range(operators.MOST_OF_LOGIN):
        assert desk.log_in(browser, "ito", "guess").status_code == 403
    assert desk.log_in(browser, "ito").status_code == 429
    assert desk.log_in(browser, " ITO ").status_code == 429
    desk.clock.at += operators.WINDOW + 1
    assert desk.log_in(browser, "ito").status_code == 302


def test_one_address_cannot_try_many_logins(desk: Desk):
    browser = desk.browser()
    with desk.database.write() as session:
        for number in range(operators.MOST_OF_ADDRESS):
            operators.note_failure(session, f"login{number}", "nowhere", desk.clock.at)
    desk.operator("ito")
    assert desk.log_in(browser, "ito").status_code == 429


def test_a_session_from_before_the_login_is_worth_nothing(desk: Desk):
    desk.operator("ito")
    browser = desk.browser()
    browser.client.set_cookie("desk", "chosen-by-somebody-else", path="/operators")
    desk.clock.at += 60
    assert desk.log_in(browser, "ito").status_code == 302
    cookie = browser.client.get_cookie("desk", path="/operators")
    assert cookie is not None and cookie.value != "chosen-by-somebody-else"


def test_sessions_end_when_idle_at_the_end_of_the_day_and_by_logging_out(desk: Desk):
    browser = desk.logged_in("ito")
    desk.clock.at += operators.IDLE - 60
    assert browser.get("/operators/").status_code == 200
    desk.clock.at += operators.IDLE + 1
    assert browser.get("/operators/").status_code == 302
    other = desk.logged_in("ito")
    assert other.post("/operators/logout").status_code == 302
    assert other.get("/operators/").status_code == 302


def test_a_disabled_operator_is_out_at_once(desk: Desk):
    browser = desk.logged_in("ito")
    with desk.database.write() as session:
        operators.set_state(session, browser.operator, operators.DISABLED)
    assert browser.get("/operators/").status_code == 302
    assert desk.log_in(desk.browser(), "ito").status_code == 403


def test_a_forged_form_is_refused(desk: Desk):
    browser = desk.logged_in("ito")
    for forged in ("", "x", "0" * 32):
        browser.csrf, real = forged, browser.csrf
        assert browser.post("/operators/logout").status_code == 403
        browser.csrf = real
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert browser.post("/operators/logout", headers=elsewhere).status_code == 403
    assert browser.get("/operators/").status_code == 200
    bare = desk.browser()
    data = {"login": "ito", "password": PASSWORD, "code": "000000"}
    assert bare.client.post("/operators/login", data=data).status_code == 403


def test_an_invitation_works_once_and_sets_password_and_second_factor(desk: Desk):
    with desk.database.write() as session:
        added = operators.add(session, "sato", "Sato", operators.OPERATOR, desk.clock.at)
        token = operators.invite(session, added, desk.clock.at)
    browser, path = desk.browser(), f"/operators/join/{token}"
    page = browser.get(path)
    assert page.status_code == 200 and "data:image/svg+xml" in page.text
    browser.csrf = csrf_in(page)
    secret = secret_of("sato")
    form = {"secret": secret, "password": "a long new password", "again": "a long new password"}
    for wrong in ({"password": "short", "again": "short"}, {"again": "another password!"},
                  {"code": "000000"}):  # fmt: skip
        code = passwords.code_at(secret, desk.clock.at)
        assert browser.post(path, {"code": code, **form, **wrong}).status_code == 400
    code = passwords.code_at(secret, desk.clock.at)
    assert browser.post(path, {"code": code, **form}).status_code == 302
    assert browser.get("/operators/").status_code == 200
    assert desk.browser().get(path).status_code == 404
    with desk.database.read() as session:
        assert operators.of_login(session, "SATO").state == operators.ACTIVE  # type: ignore[union-attr]


def test_an_invitation_is_too_old_after_three_days(desk: Desk):
    with desk.database.write() as session:
        added = operators.add(session, "sato", "Sato", operators.OPERATOR, desk.clock.at)
        token = operators.invite(session, added, desk.clock.at)
    desk.clock.at += operators.INVITATION_LASTS + 1
    assert desk.browser().get(f"/operators/join/{token}").status_code == 404


def test_ones_own_account(desk: Desk):
    browser, other = desk.logged_in("ito"), desk.logged_in("ito")
    account = "/operators/account"
    wrong = {"what": "password", "old": "no", "password": "a long new password",
             "again": "a long new password"}  # fmt: skip
    assert browser.post(account, wrong).status_code == 400
    assert browser.post(account, {**wrong, "old": PASSWORD}).status_code == 200
    assert browser.get(account).status_code == 200
    assert other.get(account).status_code == 302, "the other sessions have ended"
    assert browser.post(account, {"what": "language", "language": "ja"}).status_code == 302
    assert 'lang="ja"' in browser.get(account).text


def test_logins_and_failures_stand_in_the_audit_log(desk: Desk):
    desk.operator("ito")
    desk.log_in(desk.browser(), "ito", "guess")
    desk.logged_in("ito")
    with desk.database.read() as session:
        actions = [one.action for one in audit.latest(session)]
    assert actions == ["login", "login_failed"]


@pytest.mark.parametrize("target", [
    "https://evil.example/operators/", "//evil.example", "/operators//evil.example", "/export/x",
    "/operators/../export", "/operators/\nx", "javascript:alert(1)", None, "",
])  # fmt: skip
def test_after_the_login_nobody_is_led_elsewhere(target: str | None):
    assert no_open_redirect(target) is None


def test_after_the_login_the_wanted_page_comes():
    assert no_open_redirect("/operators/cases/17") == "/operators/cases/17"


def test_the_demonstration_login_is_none_in_production(desk: Desk):
    from dataclasses import replace

    from bot.demo import demo_operator
    from bot.web import create_app

    told = demo_operator(desk.database, desk.clock())
    password = told.split("password: ")[1].split()[0]
    browser = desk.browser()
    assert desk.log_in(browser, "demo", password, "").status_code == 302
    assert "shown once" in demo_operator(desk.database, desk.clock())
    real = create_app(replace(desk.settings, environment="production"), desk.database,
                      clock=desk.clock)  # fmt: skip
    from werkzeug.test import Client

    outside = desk.browser()
    outside.client = Client(real)
    assert desk.log_in(outside, "demo", password, "").status_code == 403


def test_production_does_not_start_while_the_demonstration_login_works(desk: Desk):
    from bot.demo import demo_operator

    operators.must_have_no_demo(desk.database)
    demo_operator(desk.database, desk.clock())
    with pytest.raises(operators.DemoInProduction, match="operator disable demo"):
        operators.must_have_no_demo(desk.database)
    with desk.database.write() as session:
        found = operators.of_login(session, "demo")
        assert found is not None
        operators.set_state(session, found.id, operators.DISABLED)
    operators.must_have_no_demo(desk.database)
