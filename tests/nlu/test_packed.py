"""What is kept for understanding: found as it was put in, and never read from a wrong file."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.alarms import Alarms, pack_alarms
from bot.nlu.features import ROWS
from bot.nlu.lexicon import Lexicon, pack_words, pieces
from bot.nlu.model import Model, Table, load, model_from
from bot.nlu.packed import packed
from bot.nlu.phrases import Phrases, Sayings
from bot.nlu.sources import Sources

LETTERS = st.characters(blacklist_characters="\t\n", blacklist_categories=("Cs",))
KEYS, TEXTS = st.text(LETTERS, min_size=1), st.text(LETTERS)


@given(st.dictionaries(KEYS, st.lists(st.tuples(TEXTS, TEXTS), unique=True)), KEYS)
def test_all_that_was_packed_is_found_and_nothing_else(
    entries: dict[str, list[tuple[str, str]]], other: str
):
    table = packed(entries)
    assert {key: list(table.get(key)) for key in entries} == entries
    assert all(key in table for key in entries)
    assert (other in table) == (other in entries)
    assert list(table.get(other)) == entries.get(other, [])


def test_the_same_pair_is_kept_once():
    assert list(packed({"a": [("b", "c"), ("b", "c"), ("b", "d")]}).get("a")) == [
        ("b", "c"), ("b", "d"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I lost it", {"lost"}),
        ("I am losing it", {"lost"}),
        ("los angeles", {"lost"}),
        ("he told on me", {"told"}),
        ("he told one", {"told"}),
        ("he told me on", set()),
        ("my credit card fell", {"bank"}),
        ("my credit cards fell", set()),
        ("カードをなくした", {"lost", "card"}),
        ("盗 まれた", {"stolen"}),
        ("lost", {"lost"}),
        ("tolost", set()),
        ("", set()),
    ],
)
def test_words_are_found_whole_as_stems_and_without_spaces(text: str, found: set[str]):
    words = {
        "lost": ["lost", "los*", "なくした"], "told": ["told on*"], "bank": ["credit card"],
        "card": ["カード"], "stolen": ["盗"],
    }  # fmt: skip
    table = pack_words({"xx": words, "yy": {"other": ["lost", "カード"]}})
    assert set(Lexicon(table, "xx").concepts(pieces(text))) == found
    assert not set(Lexicon(table, "zz").concepts(pieces(text)))


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("they strangled me", "violence"),
        ("he was hit by my very own boss", "violence"),
        ("hit by my very own bosses", None),
        ("hit by my very", None),
        ("he tried to kill him", "danger"),
        ("my boss has kept it", "passport-taken"),
        ("my boss has kept it safe", None),
        ("my boss has it", None),
        ("kill time, strangle", None),
        ("オーナーが殴った", "violence"),
        ("オーナーが笑った", None),
        ("tôi muốn tự tử", "danger"),
        ("tôi đi từ từ", None),
        ("overstayed", None),
    ],
)
def test_alarms_are_found_by_how_they_begin(text: str, heard: str | None):
    table = pack_alarms({
        "en": Phrases({
            "danger": Sayings(sure=("to kill*",)),
            "violence": Sayings(sure=("strangl*", "hit by my very own boss"), never=("kill time",)),
            "passport-taken": Sayings(terms=(("boss", "chief"), ("kept it",)), not_with=("safe",)),
            "overstayed": Sayings(sure=("overstayed",)),
        }),
        "vi": Phrases({"danger": Sayings(sure=("tự tử",))}),
        "ja": Phrases({"violence": Sayings(sure=("オーナーが殴った",))}),
    })  # fmt: skip
    alarms = Alarms(table, ("danger", "violence", "passport-taken"))
    assert alarms.find(text) == heard


def a_model() -> Model:
    sayings = Sayings(sure=("a",), phrases=("let me see the menu",), exact=("menu",))
    phrases = {
        "en": Phrases({"menu": sayings, "fees": Sayings(phrases=("fees",))}, {"yes": ("y",)})
    }
    sources = Sources(phrases, {"en": {"lost": ("lost",)}}, frozenset(("fees", "lost")))
    weights = np.arange(ROWS * 2, dtype=np.int8).reshape(ROWS, 2)
    return model_from(sources, Table(("a", "b"), 0.5, weights), Table(("en",), 2.0, weights[:, :1]))


def test_a_model_is_read_as_it_was_written(tmp_path: Path):
    path, model = tmp_path / "model", a_model()
    model.save(path, "these files")
    read = load(path, "these files")
    assert read is not None and list(tmp_path.iterdir()) == [path]
    assert read.phrases == model.phrases
    assert read.phrases["en"].ids == {
        "menu": Sayings(phrases=("let me see the menu",), exact=("menu",))
    }
    for one, other in ((read.ids, model.ids), (read.languages, model.languages)):
        assert (one.names, one.scale) == (other.names, other.scale)
        assert np.array_equal(one.weights, other.weights)
    assert set(read.lexicons()["en"].concepts(["lost"])) == {"lost"}
    assert "fees" in read.usual and "menu" not in read.usual


def test_a_file_of_other_sources_or_that_is_broken_is_not_read(tmp_path: Path):
    path = tmp_path / "model"
    assert load(path, "these files") is None
    a_model().save(path, "these files")
    whole = path.read_bytes()
    assert load(path, "other files") is None
    for broken in (b"", b"understanding", whole[:18], whole[:200], whole[:-1], b"x" + whole[1:]):
        path.write_bytes(broken)
        assert load(path, "these files") is None
