"""Statuses: what their rows may say, and what a sentence tells of them."""

from pathlib import Path

import pytest

from bot.flow.load import load_library
from bot.flow.model import Span
from bot.flow.statuses import is_period, told
from bot.i18n.locales import BY_TAG
from bot.i18n.words import Words
from tests.flow.flow_builders import a_library

LIBRARY = load_library(Path(__file__).resolve().parents[2] / "flows")


def test_there_are_29_statuses_with_their_parts_and_special_permanent_residents():
    statuses = set(LIBRARY.statuses) - {"special_permanent"}
    parts = {"hsp2": "hsp1", "ssw2": "ssw1"}
    assert len({parts.get(one, one) for one in statuses}) == 29


def test_every_row_says_the_whole():
    needed = {"name", "periods", "notice", "permission_28h", "extendable", "source"}
    assert [row.id for row in LIBRARY.statuses.values() if needed - set(row.facts)] == []


@pytest.mark.parametrize("written", ["5y", "4y3m", "90d", "up to 3y", "indefinite", "mission"])
def test_a_period_is_years_months_days_or_a_word(written):
    assert is_period(written)


@pytest.mark.parametrize("written", ["5", "", "y", "3m4y", "up to", "up to ", "long"])
def test_anything_else_is_no_period(written):
    assert not is_period(written)


def test_what_is_told_of_a_status():
    student, engineer, permanent = (
        LIBRARY.statuses[name] for name in ("student", "engineer", "permanent")
    )
    assert told(engineer, "status.periods") == (Span(5), Span(3), Span(1), Span(0, 3))
    assert told(engineer, "status.longest") is None
    assert told(student, "status.longest") == Span(4, 3)
    assert told(student, "status.periods") is None and told(permanent, "status.periods") is None
    assert told(permanent, "status.ja") == "永住者" and told(None, "status.ja") is None


@pytest.mark.parametrize(
    ("tag", "text"), [("en", "4 years, 3 months"), ("ja", "4 年 3 か月"), ("vi", "4 năm, 3 tháng")]
)
def test_a_span_is_told_in_the_readers_language(tag, text):
    assert Words(BY_TAG[tag], a_library(), lambda _sentence: None).span(Span(4, 3)) == text
