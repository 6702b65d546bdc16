"""The operators' page: who may come in is settled by admins, and one of them always stays."""

import re

import pytest
from desks import PASSWORD, Browser, Desk, csrf_in, secret_of

from bot.console import passwords
from bot.store import audit, cases, operators

PEOPLE = "/operators/admin/operators"


@pytest.fixture
def admin(desk: Desk) -> Browser:
    return desk.logged_in("chief", operators.ADMIN)


def change(browser: Browser, operator: str, action: str, **data: str):
    return browser.post(f"{PEOPLE}/{operator}/{action}", data)


def of(desk: Desk, operator: str) -> operators.Operator:
    with desk.database.read() as session:
        found = operators.load(session, operator)
    assert found is not None
    return found


def link_in(text: str) -> str:
    found = re.search(r'value="http[^"]*(/operators/join/[^"]+)"', text)
    assert found, "no link is shown"
    return found[1]


def test_an_invited_colleague_joins_by_a_link_that_is_shown_once(desk: Desk, admin: Browser):
    made = admin.post(PEOPLE, {"login": "Sato", "name": "Sato Hanako", "role": "operator"})
    assert made.status_code == 201 and "Sato Hanako" in made.text
    path = link_in(made.text)
    assert "/operators/join/" not in admin.get(PEOPLE).text
    browser = desk.browser()
    browser.csrf = csrf_in(browser.get(path))
    secret = secret_of("sato")
    code = passwords.code_at(secret, desk.clock.at)
    form = {"secret": secret, "password": PASSWORD, "again": PASSWORD, "code": code}
    assert browser.post(path, form).status_code == 302
    assert browser.get("/operators/").status_code == 200
    assert browser.get(PEOPLE).status_code == 403


@pytest.mark.parametrize("login", ["", "chief", " CHIEF ", "two words", "<script>", "x" * 61])
def test_a_login_that_is_taken_or_none_is_refused_and_the_words_kept(
    desk: Desk, admin: Browser, login: str
):
    refused = admin.post(PEOPLE, {"login": login, "name": "Kept <b>", "role": "admin"})
    assert refused.status_code in (400, 409)
    assert "Kept &lt;b&gt;" in refused.text and "<script>" not in refused.text.split("<main")[1]
    with desk.database.read() as session:
        assert len(operators.all_of(session)) == 1


def test_a_role_that_does_not_exist_is_refused(desk: Desk, admin: Browser):
    assert admin.post(PEOPLE, {"login": "sato", "role": "owner"}).status_code == 409
    sato = desk.operator("sato")
    assert change(admin, sato, "role", role="owner").status_code == 409
    assert of(desk, sato).role == operators.OPERATOR


def test_after_a_lost_phone_the_old_login_works_until_the_new_link_is_used(
    desk: Desk, admin: Browser
):
    browser = desk.logged_in("sato")
    path = link_in(change(admin, browser.operator, "invite").text)
    assert browser.get("/operators/").status_code == 200
    browser.csrf = csrf_in(desk.browser().get(path))
    fresh = desk.browser()
    fresh.csrf = csrf_in(fresh.get(path))
    secret = secret_of("new")
    code = passwords.code_at(secret, desk.clock.at)
    new = "quite another password"
    form = {"secret": secret, "password": new, "again": new, "code": code}
    assert fresh.post(path, form).status_code == 302
    assert browser.get("/operators/").status_code == 302, "the old session has ended"
    desk.clock.at += 60
    assert desk.log_in(desk.browser(), "sato").status_code == 403


def test_a_changed_role_holds_at_once(desk: Desk, admin: Browser):
    sato = desk.logged_in("sato")
    assert change(admin, sato.operator, "role", role="admin").status_code == 302
    assert sato.get("/operators/").status_code == 302, "a changed role ends the sessions"
    assert desk.logged_in("sato").get(PEOPLE).status_code == 200


@pytest.mark.parametrize("action, data", [("disable", {}), ("role", {"role": "operator"})])
def test_the_last_admin_stays(desk: Desk, admin: Browser, action: str, data: dict[str, str]):
    # Neither somebody who never joined, nor one who is disabled, nor a demonstration counts.
    with desk.database.write() as session:
        operators.add(session, "invited", "", operators.ADMIN, desk.clock.at)
        demo = operators.add(session, "demo", "", operators.ADMIN, desk.clock.at, is_demo=True)
        operators.make_demo_usable(session, demo, passwords.hashed(PASSWORD))
    gone = desk.operator("gone", operators.ADMIN)
    with desk.database.write() as session:
        operators.set_state(session, gone, operators.DISABLED)
    refused = change(admin, admin.operator, action, **data)
    assert refused.status_code == 409 and "last admin" in refused.text
    assert of(desk, admin.operator).is_admin
    second = desk.operator("second", operators.ADMIN)
    assert change(admin, second, action, **data).status_code == 302
    assert change(admin, admin.operator, action, **data).status_code == 409


def test_two_admins_who_remove_each_other_at_once_leave_one(desk: Desk):
    import threading

    one = desk.logged_in("one", operators.ADMIN)
    two = desk.logged_in("two", operators.ADMIN)
    answers: list[int] = []

    def remove(browser: Browser, other: str) -> None:
        answers.append(change(browser, other, "disable").status_code)

    threads = [
        threading.Thread(target=remove, args=(one, two.operator)),
        threading.Thread(target=remove, args=(two, one.operator)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with desk.database.read() as session:
        left = [o for o in operators.all_of(session) if o.state == operators.ACTIVE]
    assert len(left) == 1, answers


def test_whoever_is_disabled_is_out_and_their_cases_go_back_to_all(desk: Desk, admin: Browser):
    case = desk.asks_for_a_person(1)
    sato = desk.logged_in("sato")
    assert sato.post(f"/operators/cases/{case.number}/take").status_code == 302
    assert change(admin, sato.operator, "disable").status_code == 302
    assert sato.get("/operators/").status_code == 302
    found = desk.case(1)
    assert found.operator is None and found.state == cases.OPEN
    assert change(admin, sato.operator, "invite").status_code == 409, "enable first"
    assert change(admin, sato.operator, "enable").status_code == 302
    assert desk.logged_in("sato").get("/operators/").status_code == 200


def test_the_cases_of_a_disabled_operator_may_go_to_a_colleague(desk: Desk, admin: Browser):
    case = desk.asks_for_a_person(1)
    sato = desk.logged_in("sato")
    mori = desk.operator("mori")
    sato.post(f"/operators/cases/{case.number}/take")
    assert change(admin, sato.operator, "disable", to=mori).status_code == 302
    assert desk.case(1).operator == mori
    # Nobody gets a case who cannot come in.
    assert change(admin, mori, "disable", to=sato.operator).status_code == 302
    assert desk.case(1).operator is None


def test_sessions_are_ended_without_disabling(desk: Desk, admin: Browser):
    sato = desk.logged_in("sato")
    assert change(admin, sato.operator, "end").status_code == 302
    assert sato.get("/operators/").status_code == 302
    assert desk.logged_in("sato").get("/operators/").status_code == 200


def test_the_demonstration_is_marked_and_has_no_invitation(desk: Desk, admin: Browser):
    with desk.database.write() as session:
        demo = operators.add(session, "demo", "Demo", operators.ADMIN, desk.clock.at, is_demo=True)
        operators.make_demo_usable(session, demo, passwords.hashed(PASSWORD))
    assert "demonstration" in admin.get(PEOPLE).text
    assert change(admin, demo, "invite").status_code == 409
    assert change(admin, demo, "role", role="operator").status_code == 409
    assert change(admin, demo, "disable").status_code == 302
    assert of(desk, demo).state == operators.DISABLED


def test_an_operator_who_is_not_there_is_not_found(admin: Browser):
    for operator in ("nobody", "' OR 1=1 --", "../chief"):
        assert change(admin, operator, "disable").status_code == 404


def test_what_admins_do_to_operators_is_on_record_without_tokens(desk: Desk, admin: Browser):
    made = admin.post(PEOPLE, {"login": "sato", "role": "operator"})
    token = link_in(made.text).rsplit("/", 1)[1]
    with desk.database.read() as session:
        found = audit.latest(session, operator=admin.operator, action="operator_added")
        everything = repr(audit.latest(session))
    assert len(found) == 1 and found[0].details["role"] == "operator"
    assert token not in everything
