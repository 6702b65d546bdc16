"""The brief: the case in Japanese from coded answers, whatever language the person used."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.dialogue.brief import Brief, Quote, brief_of
from bot.dialogue.conversation import Conversation, Walk
from bot.dialogue.world import World
from bot.documents.brief import brief_text, parts
from bot.flow.engine import Engine
from bot.flow.load import load_library
from bot.flow.model import Answer
from bot.i18n.catalogue import Catalogue
from bot.i18n.words import Words
from bot.line.incoming import TOKYO

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 30)
INTAKE = {
    "kind": "application", "services": ("1",), "name": "Mai", "way": "phone",
    "contact": "090-1234-5678", "times": "evening", "sentence": "Tôi bị mất thẻ.",
}  # fmt: skip


@pytest.fixture(scope="module")
def world() -> World:
    library = load_library(ROOT / "flows")
    now = datetime.combine(TODAY, time(12), TOKYO)
    return World(Engine(library), library, TODAY, now, (("en", "English"),))


@pytest.fixture(scope="module")
def japanese(world: World) -> Words:
    return Catalogue(ROOT / "locales", world.library).words("ja")


def lost_card(world: World, *, lost: date = TODAY - timedelta(days=2)) -> Conversation:
    given = (
        ("what_happened", "lost"), ("card", "residence"), ("where", "in_japan"),
        ("noticed", lost.isoformat()),
    )  # fmt: skip
    answers: tuple[Answer, ...] = ()
    for name, value in given:
        progress = world.engine.answer("lost-card", answers, name, value, TODAY)
        answers = getattr(progress, "answers", answers)
    flow = world.flow("lost-card")
    assert flow is not None
    while (asked := world.engine.replay("lost-card", answers, TODAY).question) is not None:
        question = flow.questions[asked]
        value = question.options[0].id if question.options else lost.isoformat()
        progress = world.engine.answer("lost-card", answers, asked, value, TODAY)
        answers = getattr(progress, "answers", answers)
    outcome = world.engine.solve("lost-card", answers, TODAY).outcome
    walk = Walk("lost-card", flow.fingerprint, answers, outcome, TODAY)
    move = world.flow("move")
    assert move is not None
    past = Walk("move", move.fingerprint, (), None, TODAY - timedelta(days=9))
    return Conversation(language="vi", walk=walk, past=(past,), known={"status": "student"})


def a_brief(world: World, **more: object) -> Brief:
    quote = Quote(world.now, "Tôi bị mất thẻ ở Osaka")
    return brief_of(lost_card(world), world, INTAKE, [quote])


def test_the_brief_holds_what_a_first_answer_needs(world: World):
    brief = a_brief(world)
    assert (brief.language, brief.name, brief.contact) == ("vi", "Mai", "090-1234-5678")
    assert brief.flow is not None and brief.flow.id == "lost-card"
    assert brief.outcome == brief.told and brief.told_on == TODAY and not brief.is_changed
    assert brief.deadlines[0].days_left is not None
    assert brief.papers and brief.answers
    assert [title.address for title, _ in brief.earlier] == ["move/title"]
    assert brief.quotes[0].text == "Tôi bị mất thẻ ở Osaka"


def test_its_text_is_japanese_but_for_the_persons_own_words(world: World, japanese: Words):
    text = brief_text(a_brief(world), japanese, language="ベトナム語")
    for expected in ("ベトナム語", "「Mai」", "「Tôi bị mất thẻ.」", "Tôi bị mất thẻ ở Osaka"):
        assert expected in text
    by_heading = {part.heading: part for part in parts(a_brief(world), japanese, str)}
    assert "在留カード" in by_heading["Procedure"].lines[0]
    assert "年" in by_heading["Last days"].lines[0]
    assert by_heading["Version of the procedure"].lines[0].startswith("lost-card ")
    assert all(" → " in line for line in by_heading["Answers"].lines)
    assert {h for h, part in by_heading.items() if part.is_quote} == {
        "Person", "The person's wish", "In the person's own words"
    }  # fmt: skip


def test_headings_come_from_the_desks_catalogue(world: World, japanese: Words):
    found = parts(a_brief(world), japanese, lambda text: f"<{text}>")
    assert all(part.heading.startswith("<") for part in found)


def test_a_case_without_any_subject_has_a_brief_too(world: World, japanese: Words):
    brief = brief_of(Conversation(), world, {})
    assert brief_text(brief, japanese).strip() == ""


def test_a_day_that_is_over_and_a_changed_flow_are_said(world: World, japanese: Words):
    conversation = lost_card(world, lost=TODAY - timedelta(days=40))
    assert conversation.walk is not None
    old = Walk("lost-card", "older", conversation.walk.answers, "other", TODAY)
    brief = brief_of(Conversation(walk=old), world, {})
    text = brief_text(brief, japanese)
    assert "days over" in text and "has changed" in text and "older → " in text
    assert not brief.statuses
