"""A person and a human at the office, through the whole house: ask, wait, answer, file, close."""

from pathlib import Path

from wholes import a_whole, said, until

from bot import answering
from bot.answering import Done
from bot.briefs import brief_of_case
from bot.store import case_list, cases, files
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


def _heard(whole: object, case: cases.Case) -> int:
    """How many messages of the person the office has since the case was opened."""
    with whole.database.read() as session:  # type: ignore[attr-defined]
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
