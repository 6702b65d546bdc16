"""Somebody writes in their language what happened, and is answered in it to the end."""

import re
from functools import cache
from pathlib import Path

import pytest
from transcripts import OPENINGS, PAGES, page, talk_in
from wholes import LANGUAGES, catalogue, library, must_be_offered

from bot.i18n.catalogue import sentences_in

PLACEHOLDER = re.compile(r"%\([^)]*\)s")


def test_every_language_has_its_openings():
    assert set(OPENINGS) == set(LANGUAGES)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_three_talks_are_in_one_language_and_as_they_are_written_down(tag: str, tmp_path: Path):
    must_be_offered(tag)
    talks = talk_in(tag, tmp_path)
    told = "\n".join(words for said in talks.values() for who, words in said if who == "bot")
    if tag != "en":
        assert [text for text in english(tag) if text in told] == []
    assert page(tag, talks) == (PAGES / f"{tag}.md").read_text(encoding="utf-8"), (
        "run: python -m tests.whole.transcripts"
    )


@cache
def english(tag: str) -> frozenset[str]:
    """English sentences that would give away a part that escaped translation."""
    words = catalogue().words(tag)
    found = set()
    for sentence in sentences_in(library()):
        parts = [part.strip() for part in PLACEHOLDER.split(sentence.text)]
        longest = max(parts, key=len)
        if len(longest) > 25 and longest.isascii() and not sentence.plural:
            own = words.label(sentence) if "%" not in sentence.text else ""
            if longest not in own:
                found.add(longest)
    return frozenset(found)
