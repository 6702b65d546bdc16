"""Which language a flow is shown in: complete and fresh, or the next one."""

from pathlib import Path

import pytest

from bot.flow.model import Sentence
from bot.flow.sentences import all_sentences
from bot.i18n.catalogue import Catalogue, read_translations
from bot.i18n.check import check_languages
from bot.i18n.locales import BY_TAG, TABLE, fallbacks, from_profile
from tests.i18n.po_files import everything, po_line, write_po
from tests.line.line_samples import a_library, a_sentence, the_library


def translated(tmp_path, *groups, folder="vi", library=None):
    library = library or a_library()
    lines = [line for group in groups for line in everything(library, group)]
    write_po(tmp_path, folder, lines)
    return Catalogue(tmp_path, library)


def test_without_translations_english_is_offered_alone(tmp_path):
    catalogue = Catalogue(tmp_path, a_library())
    assert catalogue.offered == ("en",)
    assert catalogue.language_for("lost-card", "vi") == "en"
    assert catalogue.voice("vi").tag == "en"


def test_a_language_is_offered_when_all_the_bots_own_sentences_are_there(tmp_path):
    assert translated(tmp_path, "talk").offered == ("en", "vi")


def test_one_missing_sentence_of_the_bots_own_keeps_a_language_back(tmp_path):
    library = a_library()
    write_po(tmp_path, "vi", everything(library, "talk")[1:])
    assert Catalogue(tmp_path, library).offered == ("en",)


def test_a_complete_flow_is_shown_in_the_readers_language(tmp_path):
    words, elsewhere = translated(tmp_path, "talk", "lost-card").voice("vi").words("lost-card")
    assert (words.tag, elsewhere) == ("vi", False)


def test_a_flow_without_one_sentence_is_shown_whole_in_the_next_language(tmp_path):
    library = a_library()
    write_po(tmp_path, "vi", everything(library, "talk") + everything(library, "lost-card")[1:])
    words, elsewhere = Catalogue(tmp_path, library).voice("vi").words("lost-card")
    assert (words.tag, elsewhere) == ("en", True)


def test_a_flow_nobody_began_to_translate_is_no_fault_and_a_begun_one_must_be_complete(tmp_path):
    library = a_library()
    lines = everything(library, "lost-card")
    title = next(line for line in lines if 'msgctxt "lost-card/title"' in line)
    shared = [line for line in lines if 'msgctxt "lost-card/' not in line]
    not_begun = everything(library, "talk") + shared
    for found, begun in ((not_begun, False), ([*not_begun, title], True)):
        write_po(tmp_path, "vi", found)
        catalogue = Catalogue(tmp_path, library)
        assert catalogue.has_begun("lost-card", "vi") is begun
        told = [f for f in check_languages(tmp_path, library, catalogue) if "lost-card in vi" in f]
        assert bool(told) is begun


def test_easy_japanese_goes_to_japanese_first(tmp_path):
    library = a_library()
    write_po(tmp_path, "ja", everything(library, "talk") + everything(library, "lost-card"))
    write_po(tmp_path, "ja@simple", everything(library, "talk"))
    catalogue = Catalogue(tmp_path, library)
    assert catalogue.offered == ("en", "ja", "ja-simple")
    assert catalogue.language_for("lost-card", "ja-simple") == "ja"
    words, elsewhere = catalogue.voice("ja-simple").words("lost-card")
    assert (words.tag, elsewhere) == ("ja", True)


STALE = [
    ("fuzzy", {"msgid": "Photo", "msgstr": "Ảnh", "fuzzy": True}, "stale"),
    ("other English", {"msgid": "A photo", "msgstr": "Ảnh"}, "stale"),
    ("empty", {"msgid": "Photo", "msgstr": ""}, "missing"),
    ("fresh", {"msgid": "Photo", "msgstr": "Ảnh"}, "fresh"),
]


@pytest.mark.parametrize("name, line, expected", STALE, ids=[row[0] for row in STALE])
def test_a_translation_counts_only_when_it_is_fresh(tmp_path, name, line, expected):
    library = a_library(talk={"photo": Sentence("talk/photo", "Photo")})
    write_po(tmp_path, "vi", [po_line("talk/photo", **line)])
    catalogue = Catalogue(tmp_path, library)
    row = catalogue.coverage()["talk"]["vi"]
    assert row == {"total": 1, "fresh": 0, "stale": 0, "missing": 0} | {expected: 1}
    assert catalogue.words("vi").talk("photo") == ("Ảnh" if expected == "fresh" else "Photo")


@pytest.mark.parametrize("msgstr", ["Đến ngày", "Đến %(other)s", "Đến %(day)s %(day2)s"])
def test_a_translation_that_loses_or_invents_a_placeholder_is_never_shown(tmp_path, msgstr):
    library = a_library(talk={"until": a_sentence("talk/until", "Until %(day)s")})
    write_po(tmp_path, "vi", [po_line("talk/until", "Until %(day)s", msgstr)])
    assert Catalogue(tmp_path, library).coverage()["talk"]["vi"]["stale"] == 1


def test_a_singular_may_leave_out_only_the_number(tmp_path):
    one, other = "%(days)s day until %(day)s", "%(days)s days until %(day)s"
    sentence = a_sentence("talk/left", one, plural=other, count="days")
    for msgstr, fresh in (("Một ngày đến %(day)s", 1), ("%(days)s ngày", 0)):
        write_po(tmp_path, "vi", [po_line("talk/left", one, [msgstr], plural=other)])
        catalogue = Catalogue(tmp_path, a_library(talk={"left": sentence}))
        assert catalogue.coverage()["talk"]["vi"]["fresh"] == fresh


def test_the_sources_and_the_questions_of_a_flow_belong_to_it():
    addresses = Catalogue(Path("nowhere"), a_library()).sentences("lost-card")
    assert "source/isa-reissue" in addresses
    assert "lost-card/what_happened.lost" in addresses
    assert "lost-card/title" in addresses


def test_every_sentence_that_a_flow_shows_can_be_translated():
    library = the_library()
    catalogue = Catalogue(Path("nowhere"), library)
    extracted = {sentence.address: sentence.text for sentence, _ in all_sentences(library)}
    for group in catalogue.coverage():
        shown = catalogue.sentences(group)
        assert {a: s.text for a, s in shown.items()}.items() <= extracted.items(), group


def test_only_the_languages_asked_for_are_offered(tmp_path):
    library = a_library()
    for folder in ("ja", "vi"):
        write_po(tmp_path, folder, everything(library, "talk"))
    assert Catalogue(tmp_path, library, ["vi"]).offered == ("en", "vi")


def test_an_unknown_language_in_the_settings_is_named(tmp_path):
    with pytest.raises(ValueError, match="no such language: xx"):
        Catalogue(tmp_path, a_library(), ["xx"])


def test_a_broken_file_is_named(tmp_path):
    path = write_po(tmp_path, "vi", ['msgctxt "a"\nmsgid "b"\nnonsense'])
    with pytest.raises(ValueError, match="messages.po"):
        read_translations(path)


def test_the_parsed_file_is_kept_by_its_hash(tmp_path):
    path = write_po(tmp_path / "locales", "vi", [po_line("talk/x", "One", "Một")])
    kept = tmp_path / "var"
    first = read_translations(path, kept)
    (file,) = kept.iterdir()
    again = read_translations(path, kept)
    assert again.messages == first.messages
    file.write_bytes(b"broken")
    assert read_translations(path, kept).messages == first.messages
    write_po(tmp_path / "locales", "vi", [po_line("talk/x", "One", "Hai")])
    assert read_translations(path, kept).messages["talk/x"].forms == ("Hai",)


# ---------------------------------------------------------------- the table


def test_every_row_of_the_table_is_complete():
    assert len({row.tag for row in TABLE}) == len({row.folder for row in TABLE}) == len(TABLE)
    assert all(row.native and row.cldr and row.direction in ("ltr", "rtl") for row in TABLE)
    assert all(other in BY_TAG for row in TABLE for other in row.instead)


@pytest.mark.parametrize(
    "profile, tag",
    [
        ("ja", "ja"), ("en-GB", "en"), ("EN", "en"), ("vi_VN", "vi"), ("vi", "vi"), ("xx", None),
        (None, None), ("", None), ("zh-TW", None), ("zh-Hans", "zh-Hans"),
    ],
)  # fmt: skip
def test_the_language_of_the_phone_is_a_first_guess(profile, tag):
    assert from_profile(profile) == tag


def test_fallbacks_end_in_english():
    assert fallbacks("ja-simple") == ("ja-simple", "ja", "en")
    assert fallbacks("vi") == ("vi", "en")
    assert fallbacks("en") == ("en",)
    assert fallbacks("xx") == ("en",)
