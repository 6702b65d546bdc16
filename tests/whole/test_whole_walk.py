"""A person on LINE gets the right answer: signed webhook, worker, reply, on both databases."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import urllib3
from sqlalchemy import select
from wholes import (
    LANGUAGES,
    NOON,
    Talker,
    Whole,
    a_whole,
    catalogue,
    must_be_offered,
    said,
    texts_of,
    until,
)

from bot.store import cases, privacy, tables

TODAY = NOON.date()
LOST = {
    "what_happened": "lost",
    "card": "residence",
    "where_noticed": "in_japan",
    "noticed_on": TODAY - timedelta(days=2),
    "age_group": "adult",
    "told_police": "yes",
    "also_lost": "none",
}
EXTENSION = {
    "status": ("office", "engineer"),  # the group of the long list, then the status
    "expires_on": TODAY + timedelta(days=60),
    "applied": "no",
    "period_length": "longer",
    "same_activity": "yes",
    "where_now": "japan",
}
MOVE = {
    "what": "moved",
    "where_to": "other",
    "moved_on": TODAY - timedelta(days=3),
    "move_out": "paper",
    "others_live": "nobody",
}
FLOWS: dict[str, dict[str, Any]] = {"lost-card": LOST, "extension": EXTENSION, "move": MOVE}


def kept_of(whole: Whole, person: Talker) -> int:
    with whole.database.read() as session:
        return privacy.count_kept(session, session.persons.name(person.id))


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_person_taps_through_three_procedures_to_their_results(
    tag: str, database_url: str, tmp_path: Path
):
    must_be_offered(tag)
    with a_whole(database_url, tmp_path) as whole:
        mai = whole.person(tag)
        for flow, answers in FLOWS.items():
            mai.goes_through(flow, answers)
            result = mai.newest()
            assert [bubble.message["type"] for bubble in result] == ["flex"]
            mai.tap("text")
            assert {bubble.message["type"] for bubble in mai.newest()} == {"text"}
            mai.tap("menu")
        until(lambda: {row.state for row in whole.rows()} == {"sent"})
        assert {row.via for row in whole.rows()} == {"reply"}
        whole.assert_line_refused_nothing()


@pytest.mark.parametrize(
    "tag, typed_day, no_idea",
    [
        ("en", "2 days ago", "I don't know"),
        ("ja", "2日前", "わかりません"),
        ("ja-simple", "おととい", "わかりません"),
        ("vi", "2 ngày trước", "không biết"),
    ],
)
def test_typed_numbers_and_words_lead_where_the_buttons_lead(
    tag: str, typed_day: str, no_idea: str, sqlite_url: str, tmp_path: Path
):
    must_be_offered(tag)
    with a_whole(sqlite_url, tmp_path) as whole:
        tapping, typing = whole.person(tag, "Tapping"), whole.person(tag, "Typing")
        typing.changes(on_pc=True)
        answers = {**LOST, "told_police": "unsure"}
        tapping.goes_through("lost-card", answers)
        for wanted in ("m:card", "o:lost-card"):
            typing.type(str(typing.number_of(wanted)))
        for question, answer in answers.items():
            assert typing.question == question
            if question == "noticed_on":
                typing.type(typed_day)
            elif question == "told_police":
                typing.type(no_idea)
            elif question == "card":
                # Full width digits, as a Japanese keyboard gives them.
                typing.type(chr(ord("０") + typing.number_of(str(answer))))
            else:
                typing.type(str(typing.number_of(str(answer))))
        assert typing.has_result
        assert said(typing.newest()) == said(tapping.newest())
        whole.assert_line_refused_nothing()


def test_the_language_changes_in_the_middle_of_a_question(database_url: str, tmp_path: Path):
    with a_whole(database_url, tmp_path) as whole:
        mai = whole.person("en")
        mai.tap("o:lost-card")
        mai.tap("lost")
        mai.tap("residence")
        asked = said(mai.newest())
        assert mai.question == "where_noticed"
        for tag in LANGUAGES[1:]:
            must_be_offered(tag)
            mai.type("language")
            mai.tap(f"l:{tag}")
            assert mai.question == "where_noticed"
            assert said(mai.newest()) != asked
        mai.type("language")
        mai.tap("l:en")
        assert said(mai.newest()) == asked
        whole.assert_line_refused_nothing()


def test_a_message_that_is_taken_back_is_forgotten_and_its_question_is_open_again(
    database_url: str, tmp_path: Path
):
    with a_whole(database_url, tmp_path) as whole:
        mai = whole.person("en")
        mai.tap("o:lost-card")
        mai.tap("lost")
        mai.tap("residence")
        mai.tap("in_japan")
        told = mai.says("yesterday")
        mai.hears()
        assert mai.question == "age_group"
        mai.unsends(told.id)
        until(lambda: any(row.unsent for row in talk_rows(whole)))
        assert mai.hears_nothing()
        erased = next(row for row in talk_rows(whole) if row.unsent)
        assert not erased.text
        with whole.database.read() as session:
            wanted = select(tables.inbox.c.raw).where(tables.inbox.c.message_id == told.id)
            assert not session.connection.execute(wanted).scalar()
        mai.type("menu")
        mai.tap("continue")
        assert mai.question == "noticed_on"


def talk_rows(whole: Whole) -> list[Any]:
    with whole.database.read() as session:
        return list(session.connection.execute(select(tables.talk)))


def test_who_blocks_the_account_hears_nothing_and_is_greeted_when_back(
    database_url: str, tmp_path: Path
):
    with a_whole(database_url, tmp_path) as whole:
        mai = whole.person("en")
        mai.tap("o:lost-card")
        mai.tap("lost")
        assert mai.question == "card"
        mai.blocks()
        assert mai.hears_nothing(0.5)
        mai.unblocks()
        mai.hears()
        mai.tap("l:en")
        assert mai.question == "card"  # the place is kept
        whole.assert_line_refused_nothing()


def test_a_location_shows_the_office(database_url: str, tmp_path: Path):
    with a_whole(database_url, tmp_path) as whole:
        mai = whole.person("en")
        mai.sends_location("〒530-0001 大阪府大阪市北区梅田3丁目1-1")
        card = said(mai.hears())
        assert "Osaka" in card
        assert mai.has_result
        mai.sends_location("1-1 Marunouchi, Chiyoda-ku, Tokyo 100-0005")
        mai.hears()
        assert "Osaka" not in said(mai.newest())
        whole.assert_line_refused_nothing()


def test_the_export_link_works_once(database_url: str, tmp_path: Path):
    with a_whole(database_url, tmp_path) as whole:
        mai = whole.person("en")
        mai.tap("o:lost-card")
        mai.tap("stolen")
        mai.type("export my data")
        link = next(a["uri"] for a in mai.buttons() if a["type"] == "uri")
        assert link.startswith(f"{whole.url}/export/")
        http = urllib3.PoolManager()
        for _ in range(2):  # a preview does not use it up
            assert http.request("GET", link).status == 200
        answer = http.request("POST", link)
        assert answer.status == 200
        kept = json.loads(answer.data)
        assert kept["conversation"]["line_user_id"] == mai.id
        assert "export my data" in [entry["text"] for entry in kept["you_wrote"]]
        assert http.request("POST", link).status == 404
        assert http.request("GET", link).status == 404
        http.clear()
        whole.assert_line_refused_nothing()


@pytest.mark.parametrize(
    "tag, words",
    [
        ("en", "my husband beats me"),
        ("ja", "夫に殴られています"),
        ("ja-simple", "おっとが わたしを なぐります"),
        ("vi", "chồng đánh tôi"),
    ],
)
def test_words_of_danger_are_answered_at_once_and_the_place_is_kept(
    tag: str, words: str, sqlite_url: str, tmp_path: Path
):
    must_be_offered(tag)
    with a_whole(sqlite_url, tmp_path) as whole:
        mai = whole.person(tag)
        mai.tap("o:lost-card")
        mai.tap("lost")
        mai.type(words)
        (bubble,) = mai.newest()
        assert bubble.message["type"] == "flex"
        shown = texts_of(bubble.message["contents"])
        assert any("110" in text for text in shown[:6])
        preview = bubble.message["altText"]
        assert preview == catalogue().words(tag).talk("card_alt")
        assert "tel:110" in [a.get("uri") for a in mai.buttons()]
        with whole.database.read() as session:
            (case,) = cases.list_open(session)
        assert (case.kind, case.flow) == ("urgent", None)
        mai.tap("r:continue")
        assert mai.question == "card"
        whole.assert_line_refused_nothing()


def test_a_life_event_is_walked_from_the_menu_to_the_result_of_a_duty(
    sqlite_url: str, tmp_path: Path
):
    with a_whole(sqlite_url, tmp_path) as whole:
        mai = whole.person("ja")
        mai.tap("o:moved")
        mai.pick(TODAY - timedelta(days=3))
        mai.tap("same")
        assert [bubble.message["type"] for bubble in mai.newest()] == ["flex"]
        mai.tap("e:moved:move")
        mai.tap("nobody")
        assert mai.has_result
        assert "o:moved" in [action.get("data") for action in mai.buttons()]
        whole.assert_line_refused_nothing()


def test_the_dates_of_a_result_go_into_a_calendar_once(database_url: str, tmp_path: Path):
    with a_whole(database_url, tmp_path) as whole:
        mai = whole.person("vi")
        mai.goes_through("lost-card", LOST)
        mai.tap("r:reminder")
        link = next(a["uri"] for a in mai.buttons() if a["type"] == "uri")
        assert link.startswith(f"{whole.url}/calendar/")
        assert link.endswith("?openExternalBrowser=1")
        http = urllib3.PoolManager()
        assert 'lang="vi"' in http.request("GET", link).data.decode()
        answer = http.request("POST", link)
        assert answer.status == 200
        assert b"BEGIN:VEVENT" in answer.data and b"BEGIN:VALARM" in answer.data
        assert http.request("POST", link).status == 404
        http.clear()
        whole.assert_line_refused_nothing()


def test_an_export_link_of_yesterday_is_dead(sqlite_url: str, tmp_path: Path):
    with a_whole(sqlite_url, tmp_path) as whole:
        mai = whole.person("en")
        mai.type("export my data")
        link = next(a["uri"] for a in mai.buttons() if a["type"] == "uri")
        whole.clock.move(timedelta(hours=24, seconds=1))
        http = urllib3.PoolManager()
        assert http.request("POST", link).status == 404
        http.clear()


def test_delete_leaves_nothing_of_the_person_and_everything_of_others(
    database_url: str, tmp_path: Path
):
    with a_whole(database_url, tmp_path) as whole:
        mai, ken = whole.person("en", "Mai"), whole.person("en", "Ken")
        for person in (mai, ken):
            person.tap("o:lost-card")
            person.tap("lost")
        kept = kept_of(whole, ken)
        mai.type("delete my data")
        assert kept_of(whole, mai) > 0
        mai.tap("yes")
        until(lambda: kept_of(whole, mai) == 0)
        assert kept_of(whole, ken) == kept
        mai.says("hello again")
        mai.hears(2)  # the first contact, once more
        whole.assert_line_refused_nothing()
