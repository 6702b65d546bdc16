"""A person and a human at the office, through the whole house: ask, wait, answer, file, close."""

import threading
from pathlib import Path

from wholes import Whole, a_whole, said, until

from bot import answering
from bot.answering import Done
from bot.briefs import brief_of_case
from bot.store import case_list, cases, files, inbox
from bot.store.thread import thread

PICTURE = b"\xff\xd8\xff\xe0 a picture"


def test_ask_wait_answer_file_close_and_back_to_the_bot(database_url: str, tmp_path: Path):
    with a_whole(database_url, tmp_path) as whole:
        mai = whole.person("en")
        mai.tap("o:lost-card")
        mai.says("I want to talk to a person")
        mai.hears()
        mai.tap("question")
        mai.tap("skip-all")
        assert "May it be passed on?" in said(mai.newest())
        mai.tap("yes")
        with whole.database.read() as session:
            [case] = case_list.find(session)
        assert (case.state, case.flow, case.number) == ("open", "lost-card", 1)

        assert isinstance(answering.take_over(whole.house, case.id, "ito"), Done)
        photo = mai.sends_file(PICTURE, "image/jpeg")
        mai.says("This is the letter")

        def kept() -> list[files.File]:
            with whole.database.read() as session:
                found = files.of_person(session, case.person)
            return [one for one in found if one.state == files.KEPT]

        until(lambda: len(kept()) == 1, why="the picture was not fetched")
        until(lambda: _heard(whole, case) >= 2)
        done = answering.say_as_operator(whole.house, case.id, "ito", ["Thank you.", "When?"])
        assert isinstance(done, Done) and done.is_free
        assert said(mai.hears(2)) == "Thank you.\nWhen?"
        with whole.database.read() as session:
            assert files.content_of(session, kept()[0].id) == PICTURE
            entries = thread(session, case).entries
            brief = brief_of_case(whole.house, session, case.id, whole.clock())
        assert brief is not None and brief.flow is not None and brief.flow.id == "lost-card"
        assert [e.who for e in entries if e.at >= case.opened_at][-1] == "operator"

        mai.unsends(photo.id)
        until(lambda: kept() == [], why="the picture stayed")
        assert isinstance(answering.close(whole.house, case.id, "ito", "answered"), Done)
        assert "How did it go?" in said(mai.hears())
        mai.tap("y:rating:well")
        assert "What is it about?" in said(mai.newest())
        with whole.database.read() as session:
            closed = cases.load(session, case.id)
        assert closed is not None and (closed.state, closed.reason) == ("closed", "answered")
        whole.assert_line_refused_nothing()


def _heard(whole: Whole, case: cases.Case) -> int:
    """How many messages of the person the office has since the case was opened."""
    with whole.database.read() as session:
        found = thread(session, case).entries
    return sum(entry.who == "person" and entry.at > case.opened_at for entry in found)


def test_the_words_of_the_buttons_do_what_the_buttons_do_also_on_a_pc(
    sqlite_url: str, tmp_path: Path
):
    with a_whole(sqlite_url, tmp_path) as whole:
        mai = whole.person("en")
        mai.type("I want to talk to a person")
        mai.tap("skip-all")
        mai.tap("yes")
        with whole.database.read() as session:
            [case] = case_list.find(session)
        answering.take_over(whole.house, case.id, "ito")
        assert "no answer yet" in said(mai.type("last answer AGAIN"))
        assert "The guide answers again" in said(mai.type("Back to the guide."))


def test_desk_and_worker_at_the_same_time_lose_nothing_and_wait_for_nobody(
    database_url: str, tmp_path: Path
):
    with a_whole(database_url, tmp_path) as whole:
        people = [whole.person("en", name) for name in ("Mai", "Jun", "Ana")]
        for one in people:
            one.type("I want to talk to a person")
            one.tap("skip-all")
            one.tap("yes")
        with whole.database.read() as session:
            found = case_list.find(session)
        failed: list[BaseException] = []

        def operate(case_id: str) -> None:
            try:
                for number in range(6):
                    answering.take_over(whole.house, case_id, "ito")
                    done = answering.say_as_operator(
                        whole.house, case_id, "ito", [f"office {number}"]
                    )
                    assert isinstance(done, Done)
                    answering.let_bot_speak(whole.house, case_id, "ito")
            except BaseException as error:  # noqa: BLE001 - told by the test
                failed.append(error)

        desks = [threading.Thread(target=operate, args=(case.id,)) for case in found]
        for desk in desks:
            desk.start()
        for number in range(6):
            for one in people:
                one.says(f"person {number}")
        for desk in desks:
            desk.join(60)
        assert failed == [] and not any(desk.is_alive() for desk in desks)
        until(lambda: not _new(whole), patience=30)
        until(lambda: all(row.state != "due" for row in whole.rows()), patience=30)
        assert whole.counted().get("parked", 0) == whole.counted().get("failed", 0) == 0
        for case in found:
            with whole.database.read() as session:
                entries = thread(session, case, most=500).entries
            wrote = [e.text for e in entries if e.text and e.text.startswith("person ")]
            assert wrote == [f"person {number}" for number in range(6)]
            spoke = [e for e in entries if e.who == "operator"]
            assert len(spoke) == 6 and {e.state for e in spoke} <= {"sent", "held"}


def _new(whole: Whole) -> int:
    with whole.database.read() as session:
        return inbox.count(session)["new"]
