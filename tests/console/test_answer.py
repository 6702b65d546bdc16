"""Sentences in the person's language and what the guide knows, sent from the page of a case."""

from datetime import timedelta

import pytest
from desks import Browser, Desk

from bot.console.words import datetime_of
from bot.store import audit

PAGE = "/operators/cases/1"


@pytest.fixture
def ito(desk: Desk) -> Browser:
    desk.asks_for_a_person()
    browser = desk.logged_in("ito")
    browser.post(f"{PAGE}/take")
    desk.sent()
    return browser


def texts(desk: Desk) -> list[str]:
    return [str(m.get("text", "")) for messages in desk.sent() for m in messages]


def soon(desk: Desk) -> str:
    return (datetime_of(desk.clock.at).date() + timedelta(days=3)).isoformat()


def test_the_composer_offers_sentences_in_the_operator_s_language(desk: Desk, ito: Browser):
    shown = ito.get(PAGE).text
    assert "We can meet on … at …. Does this suit you?" in shown and "Greeting" in shown
    assert "The last result again" not in shown
    japanese = desk.logged_in("sato", language="ja")
    japanese.post(f"{PAGE}/take")
    assert "お会いできます" not in japanese.get(PAGE).text, "it is not in their hands"


def test_a_day_and_a_time_are_shown_in_both_languages_and_sent_in_one(desk: Desk, ito: Browser):
    form = {"macro": "meet", "slot_date": soon(desk), "slot_time": "14:30"}
    asked = ito.post(f"{PAGE}/macro", {"macro": "meet", "do": "fill", "text": "Chào Hoa"})
    assert asked.status_code == 200 and 'type="date"' in asked.text and "Chào Hoa" in asked.text
    preview = ito.post(f"{PAGE}/macro", {**form, "do": "preview", "text": "Chào Hoa"})
    assert preview.status_code == 200
    assert "We can meet on Friday, 4 December 2026 at 14:30." in preview.text
    assert "Có thể gặp vào Thứ Sáu, 4 tháng 12, 2026, lúc 14:30." in preview.text
    assert desk.sent() == []
    sent = ito.post(f"{PAGE}/macro", {**form, "do": "send", "text": "Chào Hoa\n---\nhai"})
    assert sent.status_code == 302
    (row,) = desk.sent()
    assert [message["text"] for message in row] == [
        "Chào Hoa", "hai",
        "Có thể gặp vào Thứ Sáu, 4 tháng 12, 2026, lúc 14:30. Thời gian này có tiện không?",
    ]  # fmt: skip
    with desk.database.read() as session:
        noted = audit.latest(session, action="say")[0]
    assert noted.details == {"done": True, "macro": "meet"}


def test_added_to_the_answer_the_words_stand_in_the_composer(desk: Desk, ito: Browser):
    added = ito.post(f"{PAGE}/macro", {"macro": "free", "do": "add", "text": "Chào Hoa"})
    assert added.status_code == 200
    assert "Chào Hoa\n---\nLần tư vấn này miễn phí.</textarea>" in added.text
    again = {"macro": "office_fee", "slot_amount": "¥55,000", "do": "add", "text": ""}
    assert "Phí của văn phòng là" in ito.post(f"{PAGE}/macro", again).text
    assert desk.sent() == []


@pytest.mark.parametrize(("macro", "typed"), [
    ("meet", {"slot_date": "2026-02-30", "slot_time": "14:30"}),
    ("meet", {"slot_date": "2036-12-04", "slot_time": "14:30"}),
    ("meet", {"slot_date": "", "slot_time": "14:30"}),
    ("meet", {"slot_date": "2026-12-04", "slot_time": "25:00"}),
    ("meet", {"slot_date": "2026-12-04"}),
    ("office_fee", {"slot_amount": "free"}),
    ("office_fee", {"slot_amount": "0"}),
    ("office_fee", {"slot_amount": "-5"}),
    ("office_fee", {"slot_amount": "999999999999"}),
    ("go_there", {"slot_place": "x" * 81}),
    ("go_there", {"slot_place": "  "}),
    ("go_there", {"slot_place": "a\nb"}),
    ("bring", {}),
    ("bring", {"slot_documents": "no_paper"}),
    ("bring", {"slot_documents": "photo", "flow": "../../etc"}),
    ("do_until", {"slot_date": "2026-12-04", "slot_procedure": "nothing"}),
])  # fmt: skip
@pytest.mark.parametrize("do", ["preview", "send", "add"])
def test_a_gap_that_is_wrong_is_said_and_no_word_is_lost(
    desk: Desk, ito: Browser, macro: str, typed: dict[str, str], do: str
):
    answer = ito.post(f"{PAGE}/macro", {"macro": macro, "do": do, "text": "Chào Hoa", **typed})
    assert answer.status_code == 400 and 'role="alert"' in answer.text
    assert "Chào Hoa" in answer.text and desk.sent() == []
    for value in (one for name, one in typed.items() if name in ("slot_place", "slot_amount")):
        assert value.strip() in answer.text


def test_papers_are_told_by_their_japanese_names(desk: Desk, ito: Browser):
    asked = ito.post(f"{PAGE}/macro", {"macro": "bring", "do": "fill"})
    assert 'name="slot_documents"' in asked.text, "the papers of the case's own procedure"
    library = desk.content.library
    papers = library.flows["extension"].documents[:2]
    form = {"macro": "bring", "flow": "extension", "slot_documents": [one.id for one in papers]}
    assert ito.post(f"{PAGE}/macro", {**form, "do": "send"}).status_code == 302
    (said,) = texts(desk)
    lines = said.split("\n")
    assert lines[0] == "Xin hãy mang theo các giấy tờ sau:" and len(lines) == 3
    assert all(line.startswith("• ") for line in lines[1:])
    assert all(paper.ja in said for paper in papers)


def test_an_upload_link_is_made_when_it_is_sent_and_not_before(desk: Desk, ito: Browser):
    def made() -> int:
        with desk.database.read() as session:
            counted = session.connection.exec_driver_sql("select count(*) from links")
            return int(counted.scalar() or 0)

    preview = ito.post(f"{PAGE}/macro", {"macro": "upload_card", "do": "preview"})
    assert "…/upload/…" in preview.text and made() == 0
    added = ito.post(f"{PAGE}/macro", {"macro": "upload_card", "do": "add"})
    assert "{upload_link}" in added.text and made() == 0
    ito.post(f"{PAGE}/say", {"text": "Hai mặt của thẻ: {upload_link}"})
    (said,) = texts(desk)
    assert "/upload/" in said and "{" not in said and made() == 1


def test_more_than_five_bubbles_are_refused_and_all_words_kept(desk: Desk, ito: Browser):
    own = "\n---\n".join("12345")
    answer = ito.post(f"{PAGE}/macro", {"macro": "free", "do": "send", "text": own})
    assert answer.status_code == 409 and own in answer.text.replace("\r", "")
    assert "five messages" in answer.text and desk.sent() == []


def test_who_does_not_have_the_case_sends_nothing(desk: Desk, ito: Browser):
    sato = desk.logged_in("sato")
    for path, form in (("macro", {"macro": "free"}), ("known", {"known": "online"})):
        answer = sato.post(f"{PAGE}/{path}", {**form, "do": "send", "text": "Chào"})
        assert answer.status_code == 409 and "somebody else" in answer.text
    assert desk.sent() == []


def test_a_sentence_or_a_thing_that_is_not_there_is_no_error_of_ours(desk: Desk, ito: Browser):
    for path, form in (
        ("macro", {"macro": "nothing", "do": "send"}), ("macro", {}),
        ("known", {"known": "../secret"}), ("known", {"known": "lost-card"}), ("known", {}),
        ("known", {"known": "last-result"}), ("known", {"known": "checklist"}),
    ):  # fmt: skip
        answer = ito.post(f"{PAGE}/{path}", {**form, "text": "Chào Hoa"})
        assert answer.status_code == 400 and "Chào Hoa" in answer.text
    assert ito.post("/operators/cases/99/macro", {"macro": "free"}).status_code == 404
    assert ito.get("/operators/cases/99/way").status_code == 404


def test_markup_in_a_gap_stays_text(desk: Desk, ito: Browser):
    form = {"macro": "go_there", "slot_place": "<script>alert(1)</script>", "do": "preview"}
    shown = ito.post(f"{PAGE}/macro", form).text
    assert "<script>alert" not in shown and "&lt;script&gt;alert" in shown
    form["slot_place"] = "100 %(office)s %s"
    ito.post(f"{PAGE}/macro", form | {"do": "send"})
    assert texts(desk) == ["Xin hãy đến nơi này: 100 %(office)s %s"]


def test_a_topic_is_shown_in_both_languages_and_sent_with_own_words(desk: Desk, ito: Browser):
    preview = ito.post(f"{PAGE}/known", {"known": "online", "do": "preview", "text": "Chào Hoa"})
    title = desk.content.catalogue.voice("vi").words("online")[0].title("online")
    english = desk.content.catalogue.voice("en").words("online")[0].title("online")
    assert title in preview.text and english in preview.text and desk.sent() == []
    sent = ito.post(f"{PAGE}/known", {"known": "online", "do": "send", "text": "Chào Hoa"})
    assert sent.status_code == 302
    (row,) = desk.sent()
    assert row[0]["text"] == "Chào Hoa" and title in str(row[1:])
    assert not any("quickReply" in message for message in row)


def test_what_asks_something_first_is_left_to_the_guide(desk: Desk, ito: Browser):
    shown = ito.post(f"{PAGE}/known", {"known": "moved", "do": "send", "text": "Chào Hoa"})
    assert shown.status_code == 200 and "Let the bot go through it" in shown.text
    assert desk.sent() == []
    assert ito.post(f"{PAGE}/ask", {"flow": "moved"}).status_code == 302 and desk.sent()


def test_the_last_result_and_its_papers_are_sent_again(desk: Desk):
    desk.says("hello")
    desk.taps("l:vi")
    desk.taps("o:damaged-card")
    for _ in range(12):
        row = desk.sent()
        items = [i for m in row for x in m for i in (x.get("quickReply") or {}).get("items", [])]
        answers = [i["action"].get("data", "") for i in items]
        first = next((one for one in answers if one.startswith("a:")), None)
        if first is None:
            break
        desk.taps(first)
    for tap in ("r:human", "y:intake-kind:question", "y:intake-services:skip"):
        desk.taps(tap)
    desk.says("Hoa")
    desk.taps("y:intake-way:skip-all")
    desk.taps("y:intake-consent:yes")
    ito = desk.logged_in("ito")
    ito.post(f"{PAGE}/take")
    desk.sent()
    page = ito.get(PAGE).text
    assert "The last result again" in page and "The papers of the last result" in page
    for what in ("last-result", "checklist"):
        preview = ito.post(f"{PAGE}/known", {"known": what, "do": "preview"})
        assert preview.status_code == 200 and "Papers to bring" in preview.text
        assert ito.post(f"{PAGE}/known", {"known": what, "do": "send"}).status_code == 302
        told = str(desk.sent())
        assert desk.content.catalogue.words("vi").talk("card_bring") in told


def test_the_page_says_whether_the_next_words_cost_a_push(desk: Desk, ito: Browser):
    desk.clock.at += 120
    assert "counts against the month" in ito.get(f"{PAGE}/way").text
    desk.says("xin chào")
    assert "free reply" in ito.get(f"{PAGE}/way").text
    ito.post(f"{PAGE}/say", {"text": "Chào Hoa"})
    assert "counts against the month" in ito.get(f"{PAGE}/way").text


def test_uploaded_files_stand_in_the_thread_and_open(desk: Desk, ito: Browser):
    from io import BytesIO

    from werkzeug.test import Client

    ito.post(f"{PAGE}/macro", {"macro": "upload_new", "do": "send"})
    (said,) = texts(desk)
    token = said.partition("/upload/")[2].split()[0]
    data = {"files": [(BytesIO(b"%PDF-1.7 paper"), "tax.pdf")]}
    assert Client(desk.app).post(f"/upload/{token}", data=data).status_code == 200
    page = ito.get(PAGE).text
    assert "files came over the upload page" in page and "tax.pdf" in page
    address = page.partition("files came over the upload page")[2].split('href="')[1].split('"')[0]
    file = ito.get(address)
    assert file.status_code == 200 and file.data == b"%PDF-1.7 paper"
