"""Many phrases do without the word that gives their subject away, as people do."""

from collections import Counter
from collections.abc import Iterable
from functools import cache
from math import log
from pathlib import Path

import pytest

from bot.dialogue.understood import NONE
from bot.i18n.locales import TABLE, TAG_OF_FOLDER
from bot.nlu.features import Said, concepts
from bot.nlu.lexicon import Lexicon, is_detail, looked_up
from bot.nlu.sources import Sources, read_sources

LOCALES = Path(__file__).resolve().parents[2] / "locales"


@cache
def sources() -> Sources:
    return read_sources(LOCALES, TAG_OF_FOLDER)


@cache
def lexicons() -> dict[str, Lexicon]:
    return sources().lexicons()


def concepts_of(phrases: Iterable[str], tag: str) -> list[set[str]]:
    looked = looked_up(lexicons(), tag)
    return [{c for c in concepts(Said(one), looked) if not is_detail(c)} for one in phrases]


def key_concept(own: list[set[str]], usual: dict[str, float]) -> str:
    """The concept that tells most: frequent with this subject, rare with others."""
    often = Counter(one for said in own for one in said)
    return max(often, key=lambda one: often[one] * log(often[one] / len(own) / usual[one]))


@pytest.mark.parametrize("tag", [row.tag for row in TABLE])
def test_a_third_of_the_phrases_do_without_the_key_word_of_their_subject(tag: str):
    subjects = {
        name: concepts_of(its.phrases, tag)
        for name, its in sources().phrases[tag].ids.items()
        if name != NONE and not its.exact
    }
    every = [said for its in subjects.values() for said in its]
    usual = {one: n / len(every) for one, n in Counter(c for s in every for c in s).items()}
    without = sum(key_concept(own, usual) not in said for own in subjects.values() for said in own)
    assert without >= len(every) / 3
