"""What an admin keeps an eye on: it is there when something is, and shows no secret and no text."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from desks import Browser, Desk

from bot.console import labels
from bot.console.admin_watch import SHOWN, by_reason, settings_shown
from bot.flow.sources import sources_to_read
from bot.line import send
from bot.opening import Content
from bot.settings import Settings
from bot.store import cases, operators, outbox, unanswered
from bot.store.cases import Case
from bot.store.outbox import Ended

ADMIN = "/operators/admin"
DAY = 86_400.0


@pytest.fixture
def admin(desk: Desk) -> Browser:
    return desk.logged_in("chief", operators.ADMIN)


def text(browser: Browser, path: str) -> str:
    page = browser.get(f"{ADMIN}{path}")
    assert page.status_code == 200, path
    return page.text.partition("<main")[2]


def test_a_wish_to_be_deleted_stands_there_with_its_day_until_it_is_done(
    desk: Desk, admin: Browser
):
    assert "Nobody waits for a deletion" in text(admin, "/deletions")
    desk.asks_for_a_person(1)
    desk.taps("r:delete-data", 1)
    desk.taps("y:delete:yes", 1)
    case = desk.case(1)
    assert case.kind == cases.DELETE, "the talk with the office is still open"
    page = text(admin, "/deletions")
    assert f"#{case.number}" in page and "30 days left" in page
    assert f"/admin/cases/{case.number}/delete" in page
    desk.clock.at += 31 * DAY
    later = desk.logged_in("chief", operators.ADMIN)
    assert 'class="near"' in text(later, "/deletions") and "1 day over" in text(later, "/deletions")
    later.post(f"{ADMIN}/cases/{case.number}/delete", {"typed": str(case.number)})
    assert "Nobody waits for a deletion" in text(later, "/deletions")


@pytest.mark.parametrize("state", [outbox.GIVEN_UP, outbox.UNCLEAR, outbox.HELD])
def test_what_did_not_arrive_leads_to_its_case_without_a_word_of_it(
    desk: Desk, admin: Browser, state: str
):
    desk.asks_for_a_person(1)
    number = desk.case(1).number
    desk.sent(1)
    admin.post(f"/operators/cases/{number}/take")
    desk.sent(1)
    admin.post(f"/operators/cases/{number}/say", {"text": "a word for nobody else"})
    with desk.database.write() as session:
        rows = outbox.take_due(session, "me", desk.clock.at, 10, alone=True)
        outbox.mark(session, [Ended(one, state, desk.clock.at, error="Blocked") for one in rows])
    page = text(admin, f"/deliveries?state={state}")
    assert f"/operators/cases/{number}" in page and "Blocked" in page
    assert "a word for nobody else" not in page
    counts = re.findall(r'class="count">(\d+)<', page)
    assert sorted(counts) == ["0", "0", "1"]
    for other in {outbox.GIVEN_UP, outbox.UNCLEAR, outbox.HELD} - {state}:
        assert f"/operators/cases/{number}" not in text(admin, f"/deliveries?state={other}")


def test_every_reason_of_the_sender_is_told_in_words():
    said = Path(send.__file__).read_text(encoding="utf-8")
    reasons = {*re.findall(r'GiveUp\("([^"]+)"', said), send.KEPT_FOR_STAFF}
    assert len(reasons) >= 6
    assert set(labels.NOT_SENT) == reasons
    assert labels.why_not_sent(f"{send.REFUSED}403") == ("LINE refused it (%(code)s)", "403")


@pytest.mark.parametrize(
    ("why", "shown"),
    [
        ("HeldBack", "somebody else speaks by now"),
        ("refused with status 400", "LINE refused it (400)"),
        ("OSError", "OSError"),
        ("100 %(number)s %", "100 %(number)s %"),
        (None, "–"),
    ],
)
def test_the_reason_of_a_delivery_is_told_in_words(
    desk: Desk, admin: Browser, why: str | None, shown: str
):
    desk.asks_for_a_person(1)
    with desk.database.write() as session:
        rows = outbox.take_due(session, "me", desk.clock.at, 10, alone=True)
        outbox.mark(session, [Ended(r, outbox.GIVEN_UP, desk.clock.at, error=why) for r in rows])
    assert f"<td>{shown}</td>" in text(admin, "/deliveries")


def test_a_delivery_state_that_does_not_exist_shows_the_first(admin: Browser):
    for state in ("sent", "due", "' OR 1=1", "<script>"):
        page = admin.get(f"{ADMIN}/deliveries", query_string={"state": state})
        assert page.status_code == 200 and "Nothing here." in page.text


def test_a_message_that_could_not_be_handled_leads_to_its_case(desk: Desk, admin: Browser):
    assert "All messages were handled" in text(admin, "/parked")
    with desk.database.write() as session:
        cases.open_case(session, Case("p", desk.person(3), cases.PARKED, desk.clock.at))
    number = desk.case(3).number
    assert f"/operators/cases/{number}" in text(admin, "/parked")
    overview = text(admin, "")
    assert re.search(r'admin/parked"><b class="some">1</b>', overview)


def test_what_was_not_understood_stands_in_groups_by_language(desk: Desk, admin: Browser):
    said = ["how do I convert my driving licence", "how do i convert the driving licence?",
            "<script>alert(1)</script>"]  # fmt: skip
    with desk.database.write() as session:
        for number, words in enumerate(said):
            one = unanswered.Unanswered(words, "en", desk.clock.at)
            unanswered.put(session, f"m{number}", one)
        one = unanswered.Unanswered("làm bằng lái xe", "vi", desk.clock.at)
        unanswered.put(session, "m9", one)
    page = text(admin, "/unanswered")
    assert re.findall(r'class="count">(\d+)×', page) == ["2", "1", "1"]
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
    assert page.index("<h2>English") < page.index("<h2>Vietnamese")


def test_a_message_that_no_key_opens_does_not_take_the_page(desk: Desk, admin: Browser):
    from sqlalchemy import update

    from bot.store.tables import unanswered as table

    with desk.database.write() as session:
        for name in ("lost", "kept"):
            unanswered.put(session, name, unanswered.Unanswered(name, "en", desk.clock.at))
        lost = session.persons.name("unanswered:lost")
        session.connection.execute(update(table).where(table.c.id == lost).values(text=b"x"))
    assert "kept" in text(admin, "/unanswered")


def test_sources_stand_under_their_reason_with_links(content: Content, desk: Desk, admin: Browser):
    today = date(2026, 12, 1)
    found = by_reason(sources_to_read(content.library, today))
    page = text(admin, "/sources")
    for ones in found.values():
        for one in ones:
            assert page.count(f'href="{one.source.url}"'.replace("&", "&amp;")) >= 1
    far = by_reason(sources_to_read(content.library, date(2030, 1, 1)))
    assert sum(map(len, far.values())) == len(
        {one.source.id for ones in far.values() for one in ones}
    )
    assert all(one.is_old for one in far["old"]) and not far.get("unsure")


def test_no_secret_stands_on_the_page_of_the_settings(desk: Desk, admin: Browser):
    page = text(admin, "/settings")
    settings = desk.settings
    import base64

    for secret in (
        *settings.channel_secrets, settings.channel_token, settings.database_url,
        *(base64.b64encode(key).decode() for key in settings.data_keys),
        *(key.hex() for key in settings.data_keys), str(settings.spool),
    ):  # fmt: skip
        assert secret not in page
    assert "RETENTION_AUDIT_DAYS" in page and "730" in page
    assert "Vietnamese" in page and "LINE_CHANNEL_ACCESS_TOKEN" in page


def test_a_new_setting_is_not_shown_until_somebody_says_that_it_may_be():
    telling = replace(Settings(), metrics_token="a token", retention_raw_days=3)
    shown = {one.env: one for one in settings_shown(telling)}
    assert shown["METRICS_TOKEN"].value is None and shown["METRICS_TOKEN"].is_set
    assert shown["RETENTION_RAW_DAYS"].value == "3" and shown["RETENTION_RAW_DAYS"].is_set
    assert {one.env for one in shown.values() if one.value is not None} <= {
        name.upper() for name in SHOWN
    }


def test_the_numbers_are_those_of_the_metrics(desk: Desk, admin: Browser):
    desk.asks_for_a_person(1)
    page = text(admin, "")
    numbers = dict(re.findall(r'<th scope="row">([^<]+)</th><td class="number">(\d+)</td>', page))
    assert numbers["open cases"] == "1" and numbers["conversations that are kept"] == "1"
    due = numbers["messages on their way to LINE"]
    assert int(due) == len(desk.sent(1)) > 0
