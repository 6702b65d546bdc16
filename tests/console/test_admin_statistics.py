"""The statistics of a known little world, computed by hand; and that closed cases cost nothing."""

import re
import time
from datetime import datetime, timedelta

import pytest
from desks import Browser, Desk
from sqlalchemy import insert, update

from bot.console.admin_statistics import first_day, length, nine_of_ten
from bot.dialogue.hours import open_seconds
from bot.line.incoming import TOKYO
from bot.opening import Content
from bot.store import case_log, cases, operators, outbox, talk
from bot.store.cases import Case
from bot.store.database import Session
from bot.store.outbox import Row
from bot.store.statistics import WEEK, Wait, opened, waits
from bot.store.tables import cases as cases_table
from bot.store.tables import outbox as outbox_table
from bot.store.talk import Message

PAGE = "/operators/admin/statistics?weeks=4"
# The desk's clock stands at Tuesday 1 December 2026, noon: four weeks begin on Monday 9 November.
SINCE = datetime(2026, 11, 9, tzinfo=TOKYO).timestamp()


def at(day: str, hour: str) -> float:
    return datetime.fromisoformat(f"2026-{day}T{hour}+09:00").timestamp()


def opens(session: Session, name: str, when: float, **more: str) -> None:
    cases.open_case(session, Case(name, f"person-{name}", more.pop("kind", "human"), when, **more))  # type: ignore[arg-type]


def says(session: Session, name: str, when: float) -> None:
    said = Message(f"{name}-{when}", f"person-{name}", when, "text", "words", None)
    talk.put(session, [said])


def answers(session: Session, name: str, when: float, state: str = outbox.SENT) -> None:
    row_id = f"{name}-{when}"
    row = Row(row_id, f"person-{name}", int(when * 1000), None, "U1", None, when, b"[]", True,
              speaker=outbox.OPERATOR, operator="ito")  # fmt: skip
    outbox.put(session, [row], when, {})
    session.connection.execute(
        update(outbox_table).where(outbox_table.c.id == row_id).values(state=state)
    )


def a_little_world(session: Session) -> None:
    # Before the span: it counts nowhere.
    opens(session, "z", at("11-06", "10:00"), language="ko", flow="lost-card")
    answers(session, "z", at("11-09", "10:00"))
    # First answer after 30 minutes; two messages wait for the next one, the older for an hour.
    opens(session, "a", at("11-09", "10:00"), language="vi", flow="lost-card", outcome="one")
    says(session, "a", at("11-09", "10:10"))
    answers(session, "a", at("11-09", "10:30"))
    says(session, "a", at("11-09", "10:40"))
    says(session, "a", at("11-09", "10:50"))
    answers(session, "a", at("11-09", "11:40"))
    says(session, "a", at("11-09", "11:50"))
    cases.close_case(session, "a", at("11-09", "12:00"), "ito", "answered")
    case_log.add(session, "a", at("11-09", "12:05"), "rated", None, rating="well")
    says(session, "a", at("11-09", "13:00"))
    answers(session, "a", at("11-09", "13:30"))
    # Opened on Friday at 22:00, answered on Tuesday at 10:00; Monday is a holiday.
    opens(session, "b", at("11-20", "22:00"), language="vi", flow="lost-card", outcome="two")
    answers(session, "b", at("11-24", "10:00"))
    case_log.add(session, "b", at("11-24", "10:05"), "owner", "ito", to="bot")
    says(session, "b", at("11-24", "10:10"))
    case_log.add(session, "b", at("11-24", "11:00"), "owner", "ito", to="human")
    says(session, "b", at("11-24", "11:10"))
    answers(session, "b", at("11-24", "11:20"), outbox.GIVEN_UP)
    answers(session, "b", at("11-24", "11:40"))
    cases.close_case(session, "b", at("11-24", "12:00"), "ito", "mandate")
    case_log.add(session, "b", at("11-24", "12:05"), "rated", None, rating="badly")
    # Nobody has answered; what was given up is no answer.
    opens(session, "c", at("12-01", "11:00"), language="ne")
    answers(session, "c", at("12-01", "11:05"), outbox.GIVEN_UP)
    # Closed without an answer.
    opens(session, "d", at("12-01", "09:00"), kind="urgent", language="vi", flow="new-card")
    cases.close_case(session, "d", at("12-01", "10:00"), "ito", "answered")
    # No talk: it is counted, and nobody waits.
    opens(session, "f", at("11-10", "09:00"), kind="delete", language="en")


@pytest.fixture
def admin(desk: Desk) -> Browser:
    with desk.database.write() as session:
        a_little_world(session)
    return desk.logged_in("chief", operators.ADMIN)


def rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without those of tables inside."""
    section = page.partition(f"<h2>{heading}")[2].partition("</section>")[0]
    section = re.sub(r"<details>.*?</details>", "", section, flags=re.DOTALL)
    body = section.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in body.split("<tr>")[1:]
    ]


def test_the_waits_of_the_little_world(desk: Desk, admin: Browser):
    with desk.database.read() as session:
        found = waits(session, SINCE, SINCE + 4 * WEEK)
    assert sorted(w.ended - w.began for w in found.first) == [1800, 84 * 3600]
    assert sorted(w.ended - w.began for w in found.later) == [1800, 3600]
    assert (found.waiting, found.never, found.is_cut) == (1, 1, False)
    page = admin.get(PAGE).text
    assert rows(page, "How long people waited") == [
        ["for the first answer", "2", "1 d 18 h", "3 d 12 h", "1 h 15 min", "2 h 0 min"],
        ["for each later answer", "2", "45 min", "1 h 0 min", "45 min", "1 h 0 min"],
    ]
    assert "Without an answer so far: 1." in page and "Closed without an answer: 1." in page


def test_the_counts_of_the_little_world(desk: Desk, admin: Browser):
    page = admin.get(PAGE).text
    assert "together: 5" in page
    weeks = page.partition("Week from")[2].partition("</table>")[0]
    assert re.findall(r'class="number">(\d+)<', weeks) == ["2", "1", "0", "2"]
    names = {row[0]: row[1] for row in rows(page, "Languages")}
    assert names == {"Vietnamese": "3", "English": "1", "Nepali": "1"}
    lost = desk.content.catalogue.voice("en").words()[0].title("lost-card")
    flows = rows(page, "Procedures and results")
    assert [row[1] for row in flows] == ["2", "2", "1"] and lost in [row[0] for row in flows]
    assert [row[:2] for row in rows(page, "How it went")] == [["badly", "1"], ["well", "1"]]
    assert [row[:2] for row in rows(page, "Why cases were closed")] == [
        ["answered", "2"], ["became a client", "1"],
    ]  # fmt: skip
    kinds = {row[0]: row[1] for row in rows(page, "What cases are about")}
    assert kinds == {"wants a person": "3", "urgent": "1", "wants their data deleted": "1"}


def test_an_empty_desk_has_a_page_too_and_a_senseless_span_is_the_usual_one(desk: Desk):
    admin = desk.logged_in("chief", operators.ADMIN)
    for weeks in ("4", "52", "0", "-1", "1e9", "<script>"):
        page = admin.get("/operators/admin/statistics", query_string={"weeks": weeks})
        assert page.status_code == 200 and "<script>alert" not in page.text
    assert 'viewBox="0 0 120 62"' in page.text, "twelve weeks"


def test_only_the_newest_talks_are_looked_at_when_there_are_many(desk: Desk, admin: Browser):
    with desk.database.read() as session:
        found = waits(session, SINCE, SINCE + 4 * WEEK, most=2)
    assert found.is_cut and (found.waiting, found.never) == (1, 1) and found.first == ()


def test_codes_that_nobody_knows_are_shown_as_text(desk: Desk):
    with desk.database.write() as session:
        opens(session, "x", desk.clock.at - 60, language="<b>", flow="<script>1</script>",
              outcome="<i>")  # fmt: skip
        case_log.add(session, "x", desk.clock.at - 30, "rated", None, rating="<u>")
    page = desk.logged_in("chief", operators.ADMIN).get(PAGE)
    assert page.status_code == 200
    for hostile in ("<b>", "<script>1", "<i>", "<u>"):
        assert hostile not in page.text.partition("Procedures and results")[2]


def test_a_hundred_thousand_closed_cases_slow_nothing_down(desk: Desk, admin: Browser):
    old = [
        {
            "id": f"old-{n}", "person": f"p{n}", "kind": "human", "opened_at": SINCE - 1e6 - n,
            "closed_at": SINCE - 1e6, "state": "closed", "number": 1_000_000 + n, "reason": "other",
        }
        for n in range(100_000)
    ]  # fmt: skip
    with desk.database.write() as session:
        for start in range(0, len(old), 10_000):
            session.connection.execute(insert(cases_table), old[start : start + 10_000])
    with desk.database.read() as session:
        session.connection.exec_driver_sql("ANALYZE")
        began = time.perf_counter()
        opened(session, SINCE, 4)
        waits(session, SINCE, SINCE + 4 * WEEK)
        assert time.perf_counter() - began < 0.2


@pytest.mark.parametrize(
    "begin, end, hours",
    [
        ("11-09 10:00", "11-09 10:30", 0.5),
        ("11-20 22:00", "11-24 10:00", 2),  # a weekend and a holiday between
        ("11-21 10:00", "11-22 10:00", 0),
        ("11-10 23:30", "11-11 08:00", 0),
        ("11-10 08:00", "11-10 23:59", 14),
        ("11-10 12:00", "11-10 12:00", 0),
        ("11-10 12:00", "11-10 11:00", 0),
    ],
)
def test_opening_hours_between_two_moments(content: Content, begin: str, end: str, hours: float):
    first, last = (datetime.fromisoformat(f"2026-{one}+09:00") for one in (begin, end))
    found = open_seconds(content.library, first.astimezone(TOKYO), last.astimezone(TOKYO))
    assert found == hours * 3600


def test_nine_of_ten_and_lengths_in_words(desk: Desk):
    words = desk.app.desk  # the words need no request
    assert words is not None
    from bot.console.words import Dictionary

    english = Dictionary(desk.content.locales).words("en")
    assert nine_of_ten([5]) == 5
    assert nine_of_ten(list(range(1, 11))) == 9
    assert nine_of_ten(list(range(1, 12))) == 10
    lengths = (0, 29, 3599, 3600, 86_400 + 7200)
    assert [length(one, english) for one in lengths] == [
        "0 min", "0 min", "1 h 0 min", "1 h 0 min", "1 d 2 h",
    ]  # fmt: skip


def test_the_weeks_begin_on_mondays():
    tuesday = datetime(2026, 12, 1, tzinfo=TOKYO).date()
    assert first_day(tuesday, 4).isoformat() == "2026-11-09"
    monday = tuesday - timedelta(days=1)
    assert first_day(monday, 1) == monday and first_day(monday + timedelta(days=6), 1) == monday
    assert Wait(0.0, 1.0).ended == 1.0
