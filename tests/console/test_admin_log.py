"""The audit log: who looked at and changed what, found again and forgotten in time."""

import re

from desks import Browser, Desk

from bot.console.admin_log import PAGE
from bot.store import audit, operators

LOG = "/operators/admin/log"


def rows(browser: Browser, query: str = "") -> list[str]:
    page = browser.get(LOG + query)
    assert page.status_code == 200
    body = page.text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [re.sub(r"<[^>]+>", " ", row) for row in body.split("<tr>")[1:]]


def test_looks_and_changes_stand_in_the_log_with_who_and_which_case(desk: Desk):
    case = desk.asks_for_a_person(1)
    sato = desk.logged_in("sato")
    sato.get(f"/operators/cases/{case.number}")
    sato.post(f"/operators/cases/{case.number}/take")
    admin = desk.logged_in("chief", operators.ADMIN)
    found = rows(admin, f"?operator={sato.operator}")
    assert "took the case" in found[0] and "Sato" in found[0] and f"#{case.number}" in found[0]
    assert "looked at a case" in found[1]
    assert len(rows(admin, f"?number={case.number}")) == 2
    assert len(rows(admin, f"?number=%23{case.number}&action=take")) == 1
    assert len(rows(admin, f"?operator={admin.operator}&action=take")) == 0


def test_a_look_at_the_log_stands_in_the_log(desk: Desk):
    admin = desk.logged_in("chief", operators.ADMIN)
    rows(admin)
    assert "looked at a page of the administration" in rows(admin)[0]


def test_all_records_are_found_page_by_page_even_of_one_instant(desk: Desk):
    admin = desk.logged_in("chief", operators.ADMIN)
    with desk.database.write() as session:
        for number in range(2 * PAGE + 5):
            audit.add(session, desk.clock.at, admin.operator, "counted", None, row=number)
    seen, query = [], "?action=counted"
    for _ in range(3):
        page = admin.get(LOG + query)
        seen += re.findall(r"row: (\d+)", page.text)
        query = next(
            (q.replace("&amp;", "&") for q in re.findall(r'href="[^"]*log(\?[^"]*behind=[^"]*)"',
             page.text)), "",
        )  # fmt: skip
    assert [int(one) for one in seen] == list(reversed(range(2 * PAGE + 5)))
    assert query == "", "the last page leads no further"


def test_a_search_that_makes_no_sense_finds_nothing_and_says_so(desk: Desk):
    admin = desk.logged_in("chief", operators.ADMIN)
    for number in ("99999", "abc", "'; DROP TABLE audit; --", "１", "9" * 40):
        page = admin.get(LOG, query_string={"number": number, "behind": "x/y"})
        assert page.status_code == 200 and "There is no case of that number" in page.text
    for behind in ("nan/x", "x", "1e999/z", "/"):
        assert admin.get(LOG, query_string={"behind": behind}).status_code == 200


def test_what_stands_in_the_details_is_shown_as_text(desk: Desk):
    admin = desk.logged_in("chief", operators.ADMIN)
    with desk.database.write() as session:
        audit.add(session, desk.clock.at, "<i>", "<b>act", "no-such-case", tag="<script>1</script>")
    page = admin.get(LOG).text
    assert "<script>1" not in page and "<b>act" not in page and "<i>" not in page
    assert "&lt;script&gt;1" in page


def test_old_records_are_forgotten_by_retention(desk: Desk):
    day = 86_400
    kept = desk.settings.retention_audit_days
    with desk.database.write() as session:
        audit.add(session, desk.clock.at - (kept + 1) * day, None, "old")
        audit.add(session, desk.clock.at - (kept - 1) * day, None, "young")
    from dataclasses import replace

    from bot.upkeep import delete_old

    delete_old(replace(desk.house, clock=desk.clock), desk.settings)
    with desk.database.read() as session:
        assert [one.action for one in audit.latest(session)] == ["young"]
