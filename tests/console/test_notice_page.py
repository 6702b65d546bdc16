"""Notices: what an operator wishes, and linking their own LINE account."""

import re

from desks import Desk
from sqlalchemy import select

from bot.store import notice_wishes, tables

PAGE = "/operators/account/notices"


def wishes(desk: Desk, operator: str) -> notice_wishes.Wishes:
    with desk.database.read() as session:
        return notice_wishes.read(session, operator)


def test_the_account_page_leads_to_the_notices(desk: Desk):
    ito = desk.logged_in()
    assert PAGE in ito.get("/operators/account").text
    text = ito.get(PAGE).text
    assert "No mail server is set up here" in text and "Get a code" in text


def test_address_and_wish_are_kept_sealed(desk: Desk):
    ito = desk.logged_in()
    answer = ito.post(f"{PAGE}/mail", {"address": " ito@office.example ", "wish": "urgent"})
    assert answer.status_code == 302 and "Saved" in ito.get(answer.location).text
    assert wishes(desk, ito.operator).address == "ito@office.example"
    assert wishes(desk, ito.operator).mail_wish == "urgent"
    text = ito.get(PAGE).text
    assert 'value="ito@office.example"' in text and 'value="urgent" checked' in text
    with desk.database.read() as session:
        asked = select(tables.audit.c.details).where(tables.audit.c.action == "notices_changed")
        assert "office.example" not in "".join(session.connection.execute(asked).scalars())
    ito.post(f"{PAGE}/mail", {"address": "", "wish": "none"})
    assert wishes(desk, ito.operator).address == ""


NO_ADDRESS = (
    "ito", "ito@", "@office.example", "ito@localhost", "a@b.example, c@d.example",
    "ito@office.example\nBcc: spy@evil.example", "ito@office.example\r\nX: y",
    '"<script>"@office.example', "Ito <ito@office.example>", "ito@オフィス.example",
    "a" * 250 + "@office.example", "ito@office..example", "ito @office.example",
)  # fmt: skip


def test_what_is_no_single_address_is_refused_and_the_words_are_kept(desk: Desk):
    ito = desk.logged_in()
    for address in NO_ADDRESS:
        answer = ito.post(f"{PAGE}/mail", {"address": address, "wish": "all"})
        assert answer.status_code == 400 and "not one e-mail address" in answer.text, address
        assert '<script>"@' not in answer.text
    assert wishes(desk, ito.operator) == notice_wishes.Wishes()


def test_a_wish_without_an_address_is_asked_for_it(desk: Desk):
    ito = desk.logged_in()
    answer = ito.post(f"{PAGE}/mail", {"address": "", "wish": "all"})
    assert answer.status_code == 400 and "address is missing" in answer.text
    ito.post(f"{PAGE}/line", {"wish": "all"})  # nothing is linked
    ito.post(f"{PAGE}/mail", {"address": "a@b.example", "wish": "everything"})
    assert wishes(desk, ito.operator).mail_wish == "none" == wishes(desk, ito.operator).line_wish


def test_a_code_is_shown_once_and_typed_to_the_bot_in_any_state(desk: Desk):
    ito = desk.logged_in()
    shown = ito.post(f"{PAGE}/code").text
    [code] = re.findall(r'id="code">(DESK-[0-9A-Z]{4}-[0-9A-Z]{4})<', shown)
    assert code not in ito.get(PAGE).text and "A code works until" in ito.get(PAGE).text
    desk.asks_for_a_person(7)  # somebody who waits for the office
    desk.says(code.lower(), 7)
    assert wishes(desk, ito.operator).is_linked
    with desk.database.read() as session:
        texts = [row.text for row in session.connection.execute(select(tables.talk))]
        opened = [session.connection.execute(select(tables.case_events)).all()]
    assert opened and len(texts) == len(
        [one for one in texts if one is None or code not in str(one)]
    )
    text = ito.get(PAGE).text
    assert "Your LINE account is linked" in text and 'value="urgent" checked' in text
    ito.post(f"{PAGE}/line", {"wish": "all"})
    assert wishes(desk, ito.operator).line_wish == "all"
    ito.post(f"{PAGE}/unlink")
    assert not wishes(desk, ito.operator).is_linked


def test_a_code_works_before_anything_else_was_said(desk: Desk):
    ito = desk.logged_in()
    [code] = re.findall(r'id="code">([^<]+)<', ito.post(f"{PAGE}/code").text)
    desk.says(code, 9)
    assert wishes(desk, ito.operator).is_linked
    desk.says("DESK-2222-2222", 9)
    said = [message["text"] for row in desk.sent(9) for message in row]
    assert said[0].startswith("This LINE account is linked to the desk now.")
    assert said[1:] == [
        "This code does not work. Get a new one on your account page.",
    ]


def test_every_form_wants_its_token_and_a_login(desk: Desk):
    ito = desk.logged_in()
    ito.csrf = "forged"
    stranger = desk.browser()
    assert stranger.get(PAGE).status_code == 302
    for action in ("mail", "line", "code", "unlink"):
        assert ito.post(f"{PAGE}/{action}", {"address": "a@b.example"}).status_code == 403
        assert stranger.post(f"{PAGE}/{action}").status_code in (302, 403)
    assert wishes(desk, ito.operator) == notice_wishes.Wishes()
