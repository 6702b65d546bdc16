"""The upload page: what it takes, what it refuses, and that a link works once."""

from typing import Any

import pytest
from desks import Desk
from werkzeug.test import Client

from bot import answering, upload_page
from bot.store import case_log, cases, files, links

JPEG = b"\xff\xd8\xff\xe0" + b"a picture of a card"
PNG = b"\x89PNG\r\n\x1a\n" + b"a picture"
HEIC = b"\x00\x00\x00\x18ftypheic" + b"a picture"
PDF = b"%PDF-1.7 a paper"
TOKEN = "a-token-that-nobody-guesses"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A desk with one person who got an upload link and was seen since."""
    desk.asks_for_a_person()
    answering.take_over(desk.house, desk.case().id, "ito")
    with desk.database.write() as session:
        cases.see(session, desk.case().id, desk.clock.at)
        links.make(session, TOKEN, desk.person(), links.UPLOAD, desk.clock.at, links.UPLOAD_LASTS)
    desk.clock.at += 10
    return desk


def send(desk: Desk, *sent: tuple[bytes, str], token: str = TOKEN, **more: Any):
    """A submission as browsers write it: the test client's own goes over files on a disk."""
    edge = b"----edge"
    parts = [
        b'--%b\r\nContent-Disposition: form-data; name="files"; filename="%b"\r\n'
        b"Content-Type: image/jpeg\r\n\r\n%b\r\n"
        % (edge, name.replace('"', "%22").replace("\n", "%0A").encode(), content)
        for content, name in sent
    ]
    body = b"".join(parts) + b"--%b--\r\n" % edge
    kind = f"multipart/form-data; boundary={edge.decode()}"
    return Client(desk.app).post(f"/upload/{token}", data=body, content_type=kind, **more)


def kept(desk: Desk) -> list[files.File]:
    with desk.database.read() as session:
        return files.of_person(session, desk.person())


def state(desk: Desk) -> str:
    with desk.database.read() as session:
        link = links.look(session, TOKEN, links.UPLOAD, desk.clock.at)
        assert link is not None
        return link.state


def test_opening_the_page_uses_nothing_and_it_speaks_the_reader_s_language(desk: Desk):
    for _ in range(3):
        shown = Client(desk.app).get(f"/upload/{TOKEN}")
        assert shown.status_code == 200 and 'lang="vi"' in shown.text
        assert "Giấy tờ cho văn phòng" in shown.text and "<script" not in shown.text
        assert shown.headers["Referrer-Policy"] == "no-referrer"
        assert shown.headers["Cache-Control"] == "no-store"
    assert state(desk) == links.OPEN


def test_several_files_arrive_sealed_and_the_case_waits_unread(desk: Desk):
    answer = send(desk, (JPEG, "front.jpg"), (HEIC, "back.heic"), (PDF, "tax.pdf"), (PNG, "p.png"))
    assert answer.status_code == 200 and "Đã nhận được các tệp" in answer.text
    found = kept(desk)
    assert [one.kind for one in found] == [
        "image/jpeg", "image/heic", "application/pdf", "image/png",
    ]  # fmt: skip
    assert {one.origin for one in found} == {files.UPLOAD}
    with desk.database.read() as session:
        assert files.content_of(session, found[0].id) == JPEG
        raw = session.connection.exec_driver_sql("select content, name from files").all()
        told = case_log.of_case(session, desk.case().id)[-1]
    assert all(b"picture" not in row[0] and b"front" not in row[1] for row in raw)
    assert told.kind == "uploaded" and len(told.details["files"]) == 4 and told.actor is None
    case = desk.case()
    assert case.is_unread and case.last_message_at == desk.clock.at and case.waiting_since
    assert state(desk) == links.USED


def test_a_link_takes_files_once(desk: Desk):
    assert send(desk, (JPEG, "a.jpg")).status_code == 200
    for again in (send(desk, (JPEG, "b.jpg")), Client(desk.app).get(f"/upload/{TOKEN}")):
        assert again.status_code == 404 and "Liên kết đã được dùng" in again.text
    assert len(kept(desk)) == 1


def test_a_link_that_is_too_old_takes_nothing(desk: Desk):
    desk.clock.at += links.UPLOAD_LASTS
    for late in (send(desk, (JPEG, "b.jpg")), Client(desk.app).get(f"/upload/{TOKEN}")):
        assert late.status_code == 404 and "Liên kết đã quá hạn" in late.text
    assert kept(desk) == []


def test_a_link_of_a_closed_case_takes_nothing_that_nobody_would_see(desk: Desk):
    answering.close(desk.house, desk.case().id, "ito", "answered")
    late = send(desk, (JPEG, "b.jpg"))
    assert late.status_code == 404 and kept(desk) == []


def test_a_token_that_nobody_made_opens_nothing_in_the_browser_s_language(desk: Desk):
    japanese = {"Accept-Language": "ja"}
    with desk.database.write() as session:
        links.make(session, "other", desk.person(), links.EXPORT, desk.clock.at, 900.0)
    for token in ("wrong", "other", "%00", "x" * 3000):
        answer = send(desk, (JPEG, "b.jpg"), token=token, headers=japanese)
        assert answer.status_code == 404 and "このリンクは見つかりません" in answer.text
    assert kept(desk) == []


@pytest.mark.parametrize("other", [b"<html><script>1</script>", b"MZ\x90", b"", b"GIF89a", b"PK"])
def test_a_file_of_another_kind_is_refused_by_its_content_and_nothing_is_kept(
    desk: Desk, other: bytes
):
    answer = send(desk, (JPEG, "good.jpg"), (other, "bad.jpg"))
    assert answer.status_code == 400 and "bad.jpg" in answer.text and "good.jpg" not in answer.text
    assert "Không phải JPEG" in answer.text and "Chưa gửi gì cả" in answer.text
    assert kept(desk) == [] and state(desk) == links.OPEN
    assert send(desk, (JPEG, "good.jpg")).status_code == 200


def test_a_file_that_is_too_large_is_named(desk: Desk):
    answer = send(desk, (PDF + b"x" * 10_000_000, "large.pdf"))
    assert answer.status_code == 400 and "large.pdf" in answer.text and "10 MB" in answer.text
    assert kept(desk) == [] and state(desk) == links.OPEN


def test_too_much_at_once_is_said_before_it_is_kept(desk: Desk):
    answer = send(desk, *((PDF + b"x" * 9_000_000, f"{n}.pdf") for n in range(4)))
    assert answer.status_code == 413 and "30 MB" in answer.text
    assert kept(desk) == [] and state(desk) == links.OPEN


def test_too_many_files_and_none_are_refused(desk: Desk):
    assert "nhiều hơn 10 tệp" in send(desk, *([(PDF, "a.pdf")] * 11)).text
    for answer in (send(desk), send(desk, (b"", "")), Client(desk.app).post(f"/upload/{TOKEN}")):
        assert answer.status_code == 400 and "Chưa chọn tệp nào" in answer.text
    assert kept(desk) == [] and state(desk) == links.OPEN


def test_other_pages_still_take_little(desk: Desk):
    with desk.database.write() as session:
        links.make(session, "e", desk.person(), links.CALENDAR, desk.clock.at, 900.0)
    large = Client(desk.app).post("/calendar/e", data={"neutral": "y" * 2_000_000})
    assert large.status_code == 413


def test_the_name_of_a_file_leads_nowhere(desk: Desk):
    names = {
        "../../etc/passwd": "passwd.jpg", "/etc/cron.d/x.sh": "x.jpg", "..": "file-3.jpg",
        "<script>alert(1)</script>.jpg": "script.jpg", "C:\\cards\\front.exe": "Ccardsfront.jpg",
        "a\nb\x00.jpg": "a%0Ab.jpg", "'; DROP TABLE files; --":
        "'; DROP TABLE files; --.jpg", "在留カード.jpg": "在留カード.jpg",
        "n" * 5000 + ".jpg": "n" * 120 + ".jpg",
    }  # fmt: skip
    assert send(desk, *((JPEG, name) for name in names)).status_code == 200
    assert sorted(str(one.name) for one in kept(desk)) == sorted(names.values())


def test_a_hostile_name_is_shown_as_text(desk: Desk):
    answer = send(desk, (b"no picture", "<img src=x onerror=alert(1)>.jpg"))
    assert "<img" not in answer.text and "&lt;img" in answer.text


def test_files_are_never_written_to_a_disk_on_their_way(desk: Desk, monkeypatch):
    import tempfile

    def refused(*_args: object, **_more: object) -> None:
        raise AssertionError("a file of somebody's went to a disk")

    monkeypatch.setattr(tempfile, "TemporaryFile", refused)
    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", refused)
    assert send(desk, (PDF + b"x" * 3_000_000, "large.pdf")).status_code == 200


def test_two_who_press_at_the_same_time_use_one_link(desk: Desk):
    papers = [upload_page.Paper("a.pdf", "application/pdf", PDF)]
    app: Any = desk.app
    took = [upload_page._keep(app, TOKEN, desk.person(), papers) for _ in range(2)]
    assert took == [True, False] and len(kept(desk)) == 1


def test_a_link_in_an_operator_s_words_becomes_one_when_it_is_sent(desk: Desk):
    desk.sent()
    case, words = desk.case().id, f"Here: {answering.UPLOAD_LINK}"
    answering.say_as_operator(desk.house, case, "ito", [words, words])
    (row,) = desk.sent()
    first, second = (message["text"] for message in row)
    assert first == second and "/upload/" in first and "{" not in first
    token = first.rpartition("/")[2]
    assert send(desk, (PDF, "a.pdf"), token=token).status_code == 200


def test_what_could_not_be_sent_leaves_no_link(desk: Desk):
    def count() -> int:
        with desk.database.read() as session:
            return session.connection.exec_driver_sql("select count(*) from links").scalar()

    before = count()
    answering.say_as_operator(desk.house, desk.case().id, "ito", [answering.UPLOAD_LINK] * 6)
    answering.say_as_operator(desk.house, desk.case().id, "sato", [answering.UPLOAD_LINK])
    assert count() == before
