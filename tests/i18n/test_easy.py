"""Easy Japanese stays easy: the linter finds what is hard, and our own texts hold to it."""

from pathlib import Path

import pytest

from bot.flow.load import load_library
from bot.i18n import extract
from bot.i18n.catalogue import read_translations
from bot.i18n.easy import LONGEST, faults

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ROOT / "locales" / "ja@simple" / "LC_MESSAGES" / "messages.po"


@pytest.mark.parametrize(
    "text",
    [
        "今、申請(しんせい)してください。",
        "遅(おく)れても、申請(しんせい)できます。申請は無料(むりょう)です。",
        "%(apply_by)sまでに、市役所(しやくしょ)に行ってください。",
        "子どもが生まれました。",
        "「在留期間更新許可申請書」に書いてください。",
    ],
)
def test_an_easy_text_has_no_faults(text: str):
    assert list(faults(text)) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("出生届(しゅっしょうとどけ)を出さなければなりません。", "two negations"),
        ("出さないわけではありません。", "two negations"),
        ("外国人は収容(しゅうよう)されます。", "a passive"),
        ("書類(しょるい)を出していただきます。", "a word of honour"),
        ("申請してください。", "no reading for 申請"),
        ("あ" * (LONGEST + 1), "a sentence of"),
    ],
)
def test_a_hard_text_is_found(text: str, told: str):
    assert any(fault.startswith(told) for fault in faults(text))


def test_a_reading_once_in_a_text_is_enough_and_does_not_count_for_its_length():
    long = "在留(ざいりゅう)カード" * 8
    assert list(faults(long + "。在留カードです。")) == []


def test_a_button_needs_no_readings():
    assert list(faults("在留資格", is_button=True)) == []


def test_our_easy_japanese_is_easy():
    sentences = extract.sentences(load_library(ROOT / "flows"))
    found = {
        address: list(faults(form, is_button=sentences[address].button))
        for address, translation in read_translations(TEXTS).messages.items()
        if address in sentences and not address.startswith("source/")
        for form in translation.forms
    }
    assert {address: its for address, its in found.items() if its} == {}
