"""The sentences that the office sends by hand: their gaps, and what they never ask for."""

import re
from pathlib import Path

import pytest
from content_files import content

from bot.flow.load import load_library
from bot.flow.macros import LINK, SLOTS, macro_faults
from bot.i18n.catalogue import MACRO, Catalogue
from bot.i18n.locales import BY_TAG
from bot.store import links

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = load_library(ROOT / "flows")


def told(tmp_path: Path, text: str) -> list[str]:
    """What is wrong with one sentence."""
    written = f"papers:\n  one: {text}\n"
    return [fault.what for fault in macro_faults(load_library_of(tmp_path, written))]


def load_library_of(tmp_path: Path, macros: str):
    from bot.flow.load import read_library

    library, faults = read_library(content(tmp_path, shared__macros=macros))
    assert faults == []
    return library


def test_there_are_about_forty_of_them_in_groups():
    assert 40 <= len(LIBRARY.macros) <= 60
    groups = {macro.group for macro in LIBRARY.macros.values()}
    wanted = "greeting papers upload appointment fee deadlines visit waiting closing declining"
    assert groups == set(wanted.split())


def test_each_kind_of_gap_is_used():
    used = {slot for macro in LIBRARY.macros.values() for slot in macro.sentence.params}
    assert used == set(SLOTS)


def test_every_language_has_every_sentence_with_its_gaps():
    catalogue = Catalogue(ROOT / "locales", LIBRARY)
    assert {tag for tag in BY_TAG if catalogue.language_for(MACRO, tag) == tag} == set(BY_TAG)


def test_the_sentences_tell_how_long_an_upload_link_lasts():
    days = int(links.UPLOAD_LASTS // 86_400)
    for macro in LIBRARY.macros.values():
        if "upload_link" in macro.sentence.params:
            assert f"for {days} days" in macro.sentence.text, macro.name


@pytest.mark.parametrize("text", [
    "Please send a photo of your residence card here.",
    "Please send us your passport.",
    "Please do not wait. Upload your card now.",
    "We need pictures of both cards.",
])  # fmt: skip
def test_nobody_is_asked_for_a_picture_of_a_card_in_the_chat(tmp_path: Path, text: str):
    assert told(tmp_path, f'"{text}"') == [
        "'one' asks for a picture of a card or passport in the chat"
    ]
    assert told(tmp_path, f'"{text} On this page: %(upload_link)s"') == []


def test_to_say_that_no_picture_is_wanted_is_no_request(tmp_path: Path):
    assert told(tmp_path, '"Please do not send pictures of cards in this chat."') == []
    assert told(tmp_path, '"Please have your card with you."') == []


def test_a_gap_that_nobody_knows_is_a_fault(tmp_path: Path):
    assert told(tmp_path, '"It costs %(price)s."') == ["'one' has the gap 'price'"]


def test_a_list_of_papers_ends_its_line(tmp_path: Path):
    assert told(tmp_path, '"Bring %(documents)s to us."')
    assert told(tmp_path, '"Bring: %(documents)s\\nThank you."') == []


def test_two_sentences_cannot_have_one_name(tmp_path: Path):
    from bot.flow.load import read_library

    twice = 'papers:\n  one: "A."\nfee:\n  one: "B."\n'
    _, faults = read_library(content(tmp_path, shared__macros=twice))
    assert [fault.what for fault in faults] == ["two sentences are called 'one'"]


def test_a_list_of_papers_ends_its_line_in_every_language():
    catalogue = Catalogue(ROOT / "locales", LIBRARY)
    papers = [m for m in LIBRARY.macros.values() if "documents" in m.sentence.params]
    assert papers
    for tag in BY_TAG:
        words = catalogue.words(tag)
        for macro in papers:
            values = {slot: f"<{slot}>" for slot in macro.sentence.params}
            said = words._say(macro.sentence, values)
            assert re.search(r"<documents>(\n|\Z)", said), (tag, macro.name)


def test_a_link_stands_apart_from_the_words_around_it():
    catalogue = Catalogue(ROOT / "locales", LIBRARY)
    linked = [m for m in LIBRARY.macros.values() if LINK in map(SLOTS.get, m.sentence.params)]
    for tag in BY_TAG:
        for macro in linked:
            values = {slot: f"<{slot}>" for slot in macro.sentence.params}
            said = catalogue.words(tag)._say(macro.sentence, values)
            assert re.search(r"<upload_link>(\s|\Z)", said), (tag, macro.name)
