"""Every question says why it is asked, and where its answer stands; no sentence tells odds."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from bot.flow.engine import Engine
from bot.flow.load import load_library
from bot.flow.model import UNSURE, Library, NotAnAnswer, Question

CONTENT = Path(__file__).resolve().parents[2] / "flows"

ON_THE_CARD = (
    "status", "expires_on", "period_length", "age_group", "place", "card_type", "holder",
    "card_ends_on", "period_given", "has_end", "other_permission", "has_permission",
    "permitted_on", "hsp_since", "long_term_since",
)  # fmt: skip
"""Questions whose answer is printed on the card, or was before the new card."""

NOT_PRINTED_NOW = ("period_length", "period_given", "permitted_on", "hsp_since", "long_term_since")
"""What cards made since 2026-06-14 do not print: length of the stay, kind and day of permission."""

NEEDED_WITHOUT_CARD = ("shared/q.status", "shared/q.expires_on", "lost-card/has_end")
ODDS = re.compile(
    r"\b(will (surely |certainly )?be (granted|approved)|rarely|seldom|most(ly)? (granted|approved)"
    r"|usually (granted|approved|given)|often (granted|approved|given|refused)|probabl[ey]"
    r"|chances?|odds|likely|success rate)\b",
    re.IGNORECASE,
)


@cache
def the_library() -> Library:
    return load_library(CONTENT)


def questions() -> Iterator[tuple[str, Question]]:
    for flow in the_library().all_flows:
        for question in (*flow.questions.values(), *flow.refine.values()):
            yield f"{flow.id}/{question.name}", question


def test_every_question_says_why_it_is_asked() -> None:
    assert [place for place, question in questions() if question.why is None] == []


def test_a_question_about_the_card_says_where_the_answer_stands() -> None:
    silent = [p for p, q in questions() if q.name in ON_THE_CARD and q.on_card is None]
    assert silent == []


def test_what_the_new_card_does_not_print_is_found_elsewhere() -> None:
    elsewhere = re.compile(r"stamp|paper|chip|sticker|first card")
    told = [(p, q.on_card) for p, q in questions() if q.name in NOT_PRINTED_NOW]
    assert [p for p, on_card in told if on_card and not elsewhere.search(on_card.text)] == []


def test_who_lost_the_card_is_told_where_else_it_stands() -> None:
    found = {q.on_card.address: q.on_card.text for _, q in questions() if q.on_card is not None}
    for place in NEEDED_WITHOUT_CARD:
        assert "If the card is gone" in found[f"{place}.on_card"], place


@pytest.mark.parametrize("flow", list(the_library().flows))
@pytest.mark.parametrize("today", [date(2025, 1, 6), date(2026, 11, 24), date(2027, 4, 1)])
def test_who_knows_nothing_is_told_something_and_offered_a_person(flow: str, today: date) -> None:
    engine = Engine(the_library())
    progress = engine.replay(flow, (), today)
    while progress.question is not None:
        answered = engine.answer(flow, progress.answers, progress.question, UNSURE, today)
        assert not isinstance(answered, NotAnAnswer), progress.question
        progress = answered
    solution = engine.solve(flow, progress.answers, today)
    assert len(solution.sentences) >= 3
    assert solution.handoff in ("offer", "urgent")


def test_nobody_is_told_odds() -> None:
    told = [
        f"{sentence.address}: {sentence.text}"
        for flow in the_library().all_flows
        for outcome in flow.outcomes.values()
        for sentence in (
            *([outcome.headline] if outcome.headline else []),
            *outcome.say,
            *(one for step in outcome.steps for one in step.say),
        )
        if ODDS.search(sentence.text)
    ]
    assert told == []
