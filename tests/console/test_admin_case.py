"""A copy of a case holds everything as it was told; deletion leaves nothing of its person."""

import json

import pytest
from desks import Browser, Desk
from sqlalchemy import select

from bot.store import audit, cases, files, inbox, operators, privacy
from bot.store.database import Session
from bot.store.tables import SEALED, metadata

OUTBOX = metadata.tables["outbox"]
HOSTILE = (
    '<script>alert(1)</script>\n=HYPERLINK("http://x")\n\u202eevil\x1b[2J\r'
    "Fri, 1 Jan 2027 09:00 · Office"
)


@pytest.fixture
def admin(desk: Desk) -> Browser:
    return desk.logged_in("chief", operators.ADMIN)


def a_talk(desk: Desk, admin: Browser) -> int:
    """A case with words of the person, an answer, a note, a tag and a file."""
    desk.asks_for_a_person(1, name="Hoa <b>")
    number = desk.case(1).number
    admin.post(f"/operators/cases/{number}/take")
    desk.says(HOSTILE, 1)
    desk.clock.at += 1
    admin.post(f"/operators/cases/{number}/say", {"text": "Xin chào Hoa!\n---\n=1+1"})
    admin.post(f"/operators/cases/{number}/note", {"text": "=cmd|'/c calc'!A1 <img src=x>"})
    admin.post(f"/operators/cases/{number}/tag", {"tag": "visa"})
    with desk.database.write() as session:
        files.put_upload(session, desk.person(1), "../a<b>.pdf", "application/pdf", b"%PDF", 1.0)
    return number


def export(admin: Browser, number: int, form: str):
    answer = admin.get(f"/operators/admin/cases/{number}/export.{form}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="case-{number}.{form}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    return answer


def test_the_json_copy_holds_everything_as_it_was_told(desk: Desk, admin: Browser):
    number = a_talk(desk, admin)
    answer = export(admin, number, "json")
    assert answer.mimetype == "application/json"
    copy = json.loads(answer.data)
    assert copy["case"]["number"] == number and copy["case"]["tags"] == ["visa"]
    assert copy["passed_on"]["name"] == "Hoa <b>"
    assert any("Hoa <b>" in line for part in copy["brief"] for line in part["lines"])
    thread = copy["thread"]
    assert [e["text"] for e in thread if e["kind"] == "text"][-1] == HOSTILE
    mine = [e for e in thread if e["who"] == "operator"]
    assert [m["text"] for m in mine[0]["messages"]] == ["Xin chào Hoa!", "=1+1"]
    assert mine[0]["by"] == "Chief" and mine[0]["state"] == "due"
    assert any(e["who"] == "note" and e["text"].startswith("=cmd|") for e in thread)
    assert next(e["kind"] for e in thread if e["who"] == "event") == "opened"
    assert [e["at"] for e in thread] == sorted(e["at"] for e in thread)
    with desk.database.read() as session:
        said = session.connection.execute(
            select(OUTBOX.c.id).where(OUTBOX.c.person == desk.person(1))
        ).all()
    assert len([e for e in thread if e["messages"]]) == len(said), "all that was told"
    assert copy["files"][0]["name"] == "../a<b>.pdf"


def test_the_text_copy_lets_nobody_write_a_line_of_the_office(desk: Desk, admin: Browser):
    number = a_talk(desk, admin)
    answer = export(admin, number, "txt")
    assert answer.mimetype == "text/plain"
    lines = answer.text.splitlines()
    assert "    | <script>alert(1)</script>" in lines
    assert '    | =HYPERLINK("http://x")' in lines
    assert "    | Fri, 1 Jan 2027 09:00 · Office" in lines, "only behind the bar"
    assert "    | Xin chào Hoa!" in lines and "    | =1+1" in lines
    assert not any(line.startswith(("=HYPER", "=cmd", "=1", "<script>")) for line in lines)
    assert "\u202e" not in answer.text and "\x1b" not in answer.text
    assert "    | evil\ufffd[2J" in lines


def test_a_long_thread_is_copied_from_its_beginning(desk: Desk, admin: Browser):
    number = a_talk(desk, admin)
    with desk.database.write() as session:
        case = cases.of_number(session, number)
        assert case is not None
        from bot.store import case_log

        for count in range(450):
            at = desk.clock.at + count
            case_log.add_note(session, case.id, admin.operator, f"note {count}", at)
    thread = json.loads(export(admin, number, "json").data)["thread"]
    notes = [e["text"] for e in thread if e["who"] == "note"]
    assert notes[1:] == [f"note {count}" for count in range(450)]
    assert thread[0]["text"] == "hello"


def test_the_copy_is_in_the_operators_language(desk: Desk):
    desk.asks_for_a_person(1)
    admin = desk.logged_in("chief", operators.ADMIN, "ja")
    brief = json.loads(export(admin, desk.case(1).number, "json").data)["brief"]
    assert any(ord(char) > 0x3040 for char in brief[0]["heading"])


def test_a_copy_and_a_deletion_are_on_record_without_content(desk: Desk, admin: Browser):
    number = a_talk(desk, admin)
    export(admin, number, "txt")
    delete(admin, number, str(number))
    with desk.database.read() as session:
        found = audit.latest(session)
    done = [one for one in found if one.action in ("exported", "person_deleted")]
    assert [one.action for one in done] == ["person_deleted", "exported"]
    assert done[0].details == {"case": number} and done[0].operator == admin.operator
    assert "Hoa" not in repr(found) and "script" not in repr(found)


def delete(admin: Browser, number: int, typed: str, **more: str):
    return admin.post(f"/operators/admin/cases/{number}/delete", {"typed": typed, **more})


def rows_of(session: Session, person: str, case_ids: set[str]) -> dict[str, int]:
    """In how many rows of each table something of this person stands."""
    found = {}
    for table in metadata.sorted_tables:
        of_whom = [c for c in table.c if c.name in ("person", "case_id")]
        if table.name == "cases":
            of_whom.append(table.c.id)
        number = sum(
            any(row[c.name] == person or row[c.name] in case_ids for c in of_whom)
            for row in session.connection.execute(select(table)).mappings()
        )
        if number:
            found[table.name] = number
    return found


@pytest.mark.parametrize("typed", ["", "0", "yes", "１", "'; DROP TABLE cases; --"])
def test_nothing_is_deleted_until_the_number_is_typed(desk: Desk, admin: Browser, typed: str):
    number = a_talk(desk, admin)
    refused = delete(admin, number, typed, tells="yes")
    assert refused.status_code == 400 and "Nothing was deleted" in refused.text
    assert desk.case(1).number == number
    assert admin.get(f"/operators/admin/cases/{number}/delete").status_code == 200
    assert desk.case(1).number == number, "looking deletes nothing"


def test_deleting_leaves_nothing_of_the_person_in_any_table(desk: Desk, admin: Browser):
    number = a_talk(desk, admin)
    desk.asks_for_a_person(2)
    with desk.database.write() as session:
        parked = cases.Case("parked-1", desk.person(1), cases.PARKED, desk.clock.at)
        cases.open_case(session, parked)
        mine = {case.id for case in cases.of_person(session, desk.person(1))}
        before = rows_of(session, desk.person(1), mine)
        other = rows_of(session, desk.person(2), {desk.case(2).id})
    for table in ("inbox", "conversations", "outbox", "talk", "cases", "case_tags", "case_events",
                  "notes", "files"):  # fmt: skip
        assert before.get(table), f"the test has no row in {table}"
    assert delete(admin, number, f"#{number}").status_code == 302
    with desk.database.read() as session:
        assert privacy.count_kept(session, desk.person(1)) == 0
        left = rows_of(session, desk.person(1), mine)
        assert set(left) <= {"audit"}, "only who looked, by a name that leads nowhere"
        assert rows_of(session, desk.person(2), {desk.case(2).id}) == other
        raw = [
            bytes(value) for table, (_, columns) in SEALED.items() if table.name != "secrets"
            for row in session.connection.execute(select(table)).mappings()
            for value in (row[c] for c in columns) if value
        ]  # fmt: skip
    assert raw, "the other person is still there"
    assert admin.get(f"/operators/cases/{number}").status_code == 404
    assert delete(admin, number, str(number)).status_code == 404


def test_who_asked_for_deletion_hears_of_it_and_then_nothing_is_left(desk: Desk, admin: Browser):
    number = a_talk(desk, admin)
    desk.sent(1)
    assert delete(admin, number, str(number), tells="yes").status_code == 302
    said = desk.sent(1)
    expected = desk.content.catalogue.voice("vi").words()[0].talk("deleted")
    assert [m["text"] for messages in said for m in messages] == [expected]
    with desk.database.read() as session:
        assert privacy.count_kept(session, desk.person(1)) == 0


def test_somebody_who_blocked_the_account_is_deleted_without_a_word(desk: Desk, admin: Browser):
    number = a_talk(desk, admin)
    with desk.database.write() as session:
        from sqlalchemy import update

        from bot.store.tables import conversations

        session.connection.execute(update(conversations).values(blocked_at=desk.clock.at))
    assert delete(admin, number, str(number), tells="yes").status_code == 302
    assert desk.sent(1) == []
    with desk.database.read() as session:
        assert privacy.count_kept(session, desk.person(1)) == 0


def test_after_the_deletion_the_person_begins_anew(desk: Desk, admin: Browser):
    number = a_talk(desk, admin)
    delete(admin, number, str(number))
    desk.says("hello again", 1)
    with desk.database.read() as session:
        assert inbox.count(session)["new"] == 0
        assert cases.of_person(session, desk.person(1)) == []
    assert desk.sent(1), "the bot answers"


@pytest.mark.parametrize("number", [99, 99_999_999_999_999_999_999])
def test_a_case_that_is_not_there_is_not_found(admin: Browser, number: int):
    for page in ("export.txt", "export.json", "delete"):
        assert admin.get(f"/operators/admin/cases/{number}/{page}").status_code == 404, page
