"""The table of what the first texts got wrong names only what is told and proved."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.flow.engine import Engine
from bot.flow.load import load_library
from bot.flow.stories import Story, read_stories, short_name, walk

ROOT = Path(__file__).resolve().parents[2]


class Row(NamedTuple):
    wrong: str
    addresses: tuple[str, ...]
    stories: tuple[str, ...]


@cache
def engine() -> Engine:
    return Engine(load_library(ROOT / "flows"))


@cache
def stories() -> dict[str, Story]:
    return {story.title: story for story in read_stories(ROOT / "tests" / "flows")}


def rows() -> Iterator[Row]:
    text = (ROOT / "docs" / "seed-errors.md").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("| ") or line.startswith("| wrong"):
            continue
        wrong, _, told, proof = (cell.strip() for cell in line.strip("|").split(" | "))
        addresses = tuple(part.strip("`") for part in told.split("<br>"))
        yield Row(wrong, addresses, tuple(proof.split("<br>")))


ROWS = list(rows())


@cache
def outcome_of(title: str) -> str | None:
    story = stories()[title]
    return walk(engine(), story).outcome


def proves(title: str, address: str) -> bool:
    """Whether the story ends where this sentence stands, and asserts it."""
    story, outcome = stories()[title], outcome_of(title)
    place = f"{'topic/' if address.startswith('topic/') else ''}{story.flow}/{outcome}."
    return address.startswith(place) and short_name(address, outcome) in story.names("says")


def test_the_table_has_all_texts() -> None:
    assert len(ROWS) >= 55


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.wrong)
def test_each_row_names_sentences_that_exist_and_stories_that_assert_them(row: Row) -> None:
    addresses = {
        sentence.address
        for flow in engine().library.all_flows
        for outcome in flow.outcomes.values()
        for sentence in (*outcome.say, *(one for step in outcome.steps for one in step.say))
    }
    assert set(row.addresses) - addresses == set()
    assert set(row.stories) - set(stories()) == set()
    unproved = [one for one in row.addresses if not any(proves(t, one) for t in row.stories)]
    assert unproved == []
