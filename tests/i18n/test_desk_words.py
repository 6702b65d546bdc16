"""The words of the desk: none is missing in Japanese, the template is in step with the pages."""

import re
from pathlib import Path

from babel.messages.pofile import read_po

from bot.console.words import Dictionary
from bot.i18n import desk_words

ROOT = Path(__file__).resolve().parents[2]
LOCALES = ROOT / "locales"
SLOT = re.compile(r"%\((\w+)\)s")


def test_every_word_of_the_desk_is_there_in_japanese():
    assert desk_words.missing(ROOT, LOCALES, "ja") == []


def test_the_template_is_in_step_with_the_pages():
    with (LOCALES / "console.pot").open("rb") as file:
        kept = {m.id for m in read_po(file) if m.id}
    assert kept == {m.id for m in desk_words.messages(ROOT) if m.id}, "python -m bot translate"


def test_a_translation_has_the_values_of_its_sentence():
    with desk_words.po_of(LOCALES, "ja").open("rb") as file:
        for message in read_po(file):
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            for text in texts:
                if message.id:
                    assert sorted(SLOT.findall(str(text))) == sorted(SLOT.findall(ids[-1])), ids


def test_the_pages_speak_japanese_and_english_and_fall_back_to_english():
    dictionary = Dictionary(LOCALES)
    assert dictionary.words("ja").gettext("Inbox") == "受信箱"
    assert dictionary.words("en").gettext("Inbox") == "Inbox"
    assert dictionary.words("xx").tag == "en"
    assert dictionary.words("ja").say("until %(time)s", time="9:00") == "9:00まで"
