"""A case at the desk: taking it, answering, handing over, closing, and what is shown of it."""

import threading
from urllib.parse import quote

import pytest
from desks import Browser, Desk

from bot.answering import HUMAN
from bot.store import audit, cases, conversations, files, operators


def owner(desk: Desk, number: int = 1) -> str:
    with desk.database.read() as session:
        stored = conversations.load(session, (desk.person(number),))[desk.person(number)]
    assert stored.conversation is not None
    return stored.conversation.owner


def texts(sent: list[list[dict[str, object]]]) -> list[str]:
    return [str(m.get("text", "")) for messages in sent for m in messages]


@pytest.fixture
def ito(desk: Desk) -> Browser:
    desk.asks_for_a_person()
    return desk.logged_in("ito")


def test_take_answer_let_the_bot_speak_and_close(desk: Desk, ito: Browser):
    desk.sent()
    assert ito.post("/operators/cases/1/take").status_code == 302
    assert owner(desk) == HUMAN
    said = ito.post("/operators/cases/1/say", {"text": "Chào Hoa\n---\nMai gặp nhé"})
    assert said.status_code == 302
    sent = desk.sent()
    assert texts(sent) == ["Chào Hoa", "Mai gặp nhé"]
    assert sent[0][0]["sender"] == {"name": "Ito"}
    page = ito.get("/operators/cases/1").text
    assert "Chào Hoa" in page and "Ito" in page
    assert ito.post("/operators/cases/1/release").status_code == 302
    assert owner(desk) == "bot"
    refused = ito.post("/operators/cases/1/say", {"text": "Một câu nữa"})
    assert refused.status_code == 409
    assert "Take the conversation over first" in refused.text
    ito.post("/operators/cases/1/take")
    closed = ito.post("/operators/cases/1/close", {"reason": "mandate", "tells": "yes"})
    assert closed.status_code == 302 and desk.case().state == cases.CLOSED
    assert desk.case().reason == "mandate" and owner(desk) == "bot"
    assert texts(desk.sent()), "the person is told, and asked how it went"
    assert ito.post("/operators/cases/1/reopen").status_code == 302
    assert desk.case().state == cases.TAKEN


def test_words_that_could_not_be_sent_are_not_lost(desk: Desk, ito: Browser):
    ito.post("/operators/cases/1/take")
    words = "a" * 5001
    answer = ito.post("/operators/cases/1/say", {"text": words})
    assert answer.status_code == 409 and words in answer.text
    assert "five messages of 5,000" in answer.text
    assert ito.post("/operators/cases/1/say", {"text": " \n --- \n "}).status_code == 409


def test_of_two_operators_one_wins_and_the_other_is_told(desk: Desk):
    desk.asks_for_a_person()
    browsers = [desk.logged_in(login) for login in ("ito", "sato")]
    ready, answers = threading.Barrier(2), {}

    def take(browser: Browser) -> None:
        ready.wait()
        answers[browser.operator] = browser.post("/operators/cases/1/take")

    threads = [threading.Thread(target=take, args=(one,)) for one in browsers]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    statuses = sorted(answer.status_code for answer in answers.values())
    assert statuses == [302, 409]
    loser = next(answer for answer in answers.values() if answer.status_code == 409)
    winner = desk.case().operator
    assert winner is not None
    with desk.database.read() as session:
        name = operators.names(session)[winner]
    assert f"somebody else&#39;s hands: {name}" in loser.text


def test_a_case_is_handed_over_snoozed_woken_tagged_noted_and_prioritised(
    desk: Desk, ito: Browser
):  # fmt: skip
    sato = desk.logged_in("sato")
    case = "/operators/cases/1"
    assert sato.post(f"{case}/hand_over", {"to": sato.operator}).status_code == 409
    ito.post(f"{case}/take")
    assert sato.post(f"{case}/say", {"text": "Xin chào"}).status_code == 409
    assert ito.post(f"{case}/hand_over", {"to": "nobody-known"}).status_code == 409
    assert ito.post(f"{case}/hand_over", {"to": sato.operator}).status_code == 302
    assert sato.post(f"{case}/say", {"text": "Xin chào"}).status_code == 302
    assert sato.post(f"{case}/snooze", {"until": "2000-01-01"}).status_code == 409
    assert sato.post(f"{case}/snooze", {"until": "2026-12-20"}).status_code == 302
    assert desk.case().state == cases.SNOOZED
    assert sato.post(f"{case}/wake").status_code == 302
    assert sato.post(f"{case}/tag", {"tag": " first  visit "}).status_code == 302
    assert desk.case().tags == ("first visit",)
    assert sato.post(f"{case}/untag", {"tag": "first visit"}).status_code == 302
    assert sato.post(f"{case}/priority", {"priority": "1"}).status_code == 302
    assert sato.post(f"{case}/priority", {"priority": "7"}).status_code == 409
    assert sato.post(f"{case}/note", {"text": "calls back on Monday"}).status_code == 302
    page = ito.get(case).text
    assert "calls back on Monday" in page and "handed over" in page
    assert "calls back" not in str(desk.sent())


def test_the_brief_is_in_the_language_of_the_operator_and_quotes_the_person(desk: Desk):
    desk.asks_for_a_person()
    desk.says("Tôi lo quá <b>gấp</b>")
    japanese = desk.logged_in("ito", language="ja")
    page = japanese.get("/operators/cases/1").text
    assert "在留カードの紛失・盗難" in page and "相談概要" in page
    assert "Tôi lo quá &lt;b&gt;gấp&lt;/b&gt;" in page and "<b>gấp</b>" not in page
    text = japanese.get("/operators/cases/1/brief.txt")
    assert text.content_type.startswith("text/plain") and "Tôi lo quá <b>gấp</b>" in text.text


def test_an_answer_may_quote_a_message_of_the_person(desk: Desk, ito: Browser):
    ito.post("/operators/cases/1/take")
    desk.says("Khi nào tôi nên đến?", id="5001")
    page = ito.get("/operators/cases/1?quote=5001")
    assert "Khi nào tôi nên đến?" in page.text and 'name="quote" value="5001"' in page.text
    assert 'name="quote"' not in ito.get("/operators/cases/1?quote=77").text


def test_the_operator_lets_the_bot_go_through_a_procedure(desk: Desk, ito: Browser):
    ito.post("/operators/cases/1/take")
    desk.sent()
    assert ito.post("/operators/cases/1/ask", {"flow": "no-such-flow"}).status_code == 409
    assert ito.post("/operators/cases/1/ask", {"flow": "move"}).status_code == 302
    assert owner(desk) == "bot" and len(desk.sent()) == 1


def test_pictures_are_shown_and_other_files_handed_out_closed(desk: Desk, ito: Browser):
    with desk.database.write() as session:
        person = desk.person()
        picture = files.put_upload(session, person, "card.png", "image/png", b"\x89PNG", 1.0)
        paper = files.put_upload(
            session, person, '../../"><script>.pdf', "application/pdf", b"%PDF-1", 2.0
        )
        odd = files.put_upload(session, person, None, "text/html", b"<script>", 3.0)
    shown = ito.get(f"/operators/cases/1/files/{picture}")
    assert shown.content_type == "image/png" and shown.data == b"\x89PNG"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    handed = ito.get(f"/operators/cases/1/files/{paper}")
    assert handed.headers["Content-Disposition"].startswith("attachment")
    assert "script" not in handed.headers["Content-Disposition"]
    assert ito.get(f"/operators/cases/1/files/{odd}").content_type == "application/octet-stream"
    page = ito.get("/operators/cases/1").text
    assert "&lt;script&gt;.pdf" in page and "<script>.pdf" not in page


def test_a_file_of_another_case_is_not_there(desk: Desk, ito: Browser):
    desk.asks_for_a_person(2)
    with desk.database.write() as session:
        other = files.put_upload(session, desk.person(2), "a.png", "image/png", b"x", 1.0)
    assert ito.get(f"/operators/cases/1/files/{other}").status_code == 404
    assert ito.get(f"/operators/cases/2/files/{other}").status_code == 200
    for path in ("../../etc/passwd", quote("../secret", safe=""), "x" * 500, "%00"):
        assert ito.get(f"/operators/cases/1/files/{path}").status_code in (400, 404)


def test_an_open_case_hears_only_of_changes(desk: Desk, ito: Browser):
    import re

    def stamp(text: str) -> str:
        found = re.search(r"stamp=([0-9a-f]+)", text)
        assert found is not None
        return found[1]

    now = stamp(ito.get("/operators/cases/1").text)
    assert ito.get(f"/operators/cases/1/news?stamp={now}").status_code == 204
    desk.says("Alo?")
    news = ito.get(f"/operators/cases/1/news?stamp={now}")
    assert news.status_code == 200 and "Alo?" in news.text and "<html" not in news.text
    now = stamp(news.text)
    desk.sent()
    news = ito.get(f"/operators/cases/1/news?stamp={now}")
    assert news.status_code == 200, "what was on its way is sent"
    desk.logged_in("sato").post("/operators/cases/1/take")
    assert ito.get(f"/operators/cases/1/news?stamp={stamp(news.text)}").status_code == 200


def test_looks_and_changes_stand_in_the_audit_log_without_words(desk: Desk, ito: Browser):
    ito.get("/operators/cases/1")
    ito.post("/operators/cases/1/take")
    ito.post("/operators/cases/1/say", {"text": "a secret"})
    ito.get("/operators/cases/1/brief.txt")
    with desk.database.read() as session:
        found = audit.latest(session, case_id=desk.case().id)
    assert [one.action for one in found] == ["brief", "say", "take", "looked"]
    assert "secret" not in str(found)


def test_what_was_taken_back_is_shown_as_taken_back(desk: Desk, ito: Browser):
    desk.says("số hộ chiếu của tôi là X", id="4711")
    assert "số hộ chiếu" in ito.get("/operators/cases/1").text
    desk.unsends("4711")
    page = ito.get("/operators/cases/1").text
    assert "số hộ chiếu" not in page and "took this message back" in page


def test_words_are_searched_inside_an_open_case(desk: Desk, ito: Browser):
    desk.says("Tôi ở ＯＳＡＫＡ từ năm ngoái")
    desk.says("<b>khác</b>")
    page = ito.get("/operators/cases/1?find=osaka").text
    assert "Found: 1" in page and page.count("<q ") == 1
    assert "Found: 1" in ito.get("/operators/cases/1?find=%3Cb%3Ekh").text
    assert "Found: 0" in ito.get("/operators/cases/1?find=nowhere").text
    assert "Found:" not in ito.get("/operators/cases/1?find=%20").text
    told = ito.get("/operators/cases/1?find=Ishinagi").text
    assert "Found: 0" not in told, "what the bot told is searched, too"
