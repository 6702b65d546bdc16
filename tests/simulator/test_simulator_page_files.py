"""The page's files: every word is there, nothing is read as HTML, nothing comes from elsewhere."""

import json
import re
from pathlib import Path

import pytest

import bot.simulator
from bot.i18n.locales import TABLE

FOLDER = Path(bot.simulator.__file__).parent
STATIC = FOLDER / "static"
WORDS = json.loads((STATIC / "phone-words.en.json").read_text("utf-8"))
PAGES = [*STATIC.glob("*.js"), *STATIC.glob("*.css"), *(FOLDER / "templates").glob("*.html")]


def test_every_word_the_page_asks_for_is_in_the_file() -> None:
    asked = set()
    for script in STATIC.glob("*.js"):
        code = script.read_text("utf-8")
        asked |= {(a, b) for a, b in re.findall(r"\bwords\.(\w+)\.(\w+)", code)}
        if script.name == "panel.js":
            asked |= {("panel", b) for b in re.findall(r"\btext\.(\w+)", code)}
    lists = {pair for pair in asked if isinstance(WORDS.get(pair[0]), list)}
    missing = {(a, b) for a, b in asked - lists if b not in WORDS.get(a, {})}
    assert len(asked) > 40
    assert missing == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_file_reads_text_as_html_or_loads_from_elsewhere(page: Path) -> None:
    code = page.read_text("utf-8")
    for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert forbidden not in code
    assert not re.findall(r"(?:src|href)=\"https?:|@import|url\(", code)
    assert "<script>" not in code
    assert " style=" not in code or page.suffix == ".css"


OWN = ("stickers", "languages")
"""What is the same in every language."""


def _texts(words: object, place: str = "") -> dict[str, str]:
    if isinstance(words, dict):
        found = {}
        for name, value in words.items():
            found |= _texts(value, f"{place}/{name}")
        return found
    if isinstance(words, list):
        found = {}
        for number, value in enumerate(words):
            found |= _texts(value, f"{place}/{number}")
        return found
    return {place: words} if isinstance(words, str) else {}


@pytest.mark.parametrize("tag", [row.tag for row in TABLE if row.tag != "en"])
def test_the_page_speaks_every_language_of_the_bot(tag: str) -> None:
    own = _texts(json.loads((STATIC / f"phone-words.{tag}.json").read_text("utf-8")))
    english = _texts({name: its for name, its in WORDS.items() if name not in OWN})
    assert set(own) == set(english)
    for place, text in english.items():
        assert sorted(re.findall(r"{\w+}", own[place])) == sorted(re.findall(r"{\w+}", text))
    assert own["/language"] == tag
