"""How long an upload link works and how much it takes, as every language says it."""

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.documents.kinds import MOST_BYTES
from bot.flow.load import load_library
from bot.flow.model import Spoken
from bot.i18n.catalogue import Catalogue
from bot.i18n.extract import sentences
from bot.i18n.locales import TABLE
from bot.store.links import UPLOAD_LASTS
from bot.upload_page import MOST_FILES, MOST_TOGETHER

ROOT = Path(__file__).resolve().parents[2]
MB = 1_000_000
ONE, FILES, TOGETHER = MOST_BYTES // MB, MOST_FILES, MOST_TOGETHER // MB
DAYS = int(UPLOAD_LASTS / 86_400)

SAID = {
    "talk/upload_about": [FILES, ONE, TOGETHER],
    "talk/upload_too_large": [ONE],
    "talk/upload_too_many": [FILES],
    "talk/upload_too_much": [TOGETHER],
    "macro/upload_card": [DAYS],
    "macro/upload_passport": [DAYS],
    "macro/upload_papers": [DAYS],
    "macro/upload_again": [DAYS],
    "macro/upload_new": [DAYS],
}
"""The sentences that say a bound, and the numbers in them."""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue(ROOT / "locales", load_library(ROOT / "flows"))


def numbers_in(text: str) -> list[int]:
    """The numbers of a text in any digits, sorted, but for the 1 of "once" and "one file"."""
    plain = "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text)
    runs = "".join(c if c.isdecimal() else " " for c in plain).split()
    return sorted(int(run) for run in runs if run != "1")


def test_the_bounds_are_whole_days_and_megabytes():
    assert UPLOAD_LASTS == DAYS * 86_400
    assert (MOST_BYTES, MOST_TOGETHER) == (ONE * MB, TOGETHER * MB)


@pytest.mark.parametrize("tag", [row.tag for row in TABLE])
@pytest.mark.parametrize(("address", "numbers"), SAID.items())
def test_each_language_says_the_bounds(
    catalogue: Catalogue, tag: str, address: str, numbers: Sequence[int]
):
    sentence = sentences(catalogue.library)[address]
    given = dict.fromkeys(("office", "upload_link", "documents"), "it")
    text = catalogue.words(tag).text(Spoken(sentence, given))
    assert numbers_in(text) == sorted(numbers), text
