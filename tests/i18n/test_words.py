"""Sentences with days, money and numbers, as each reader writes them."""

from dataclasses import replace
from datetime import date

import pytest

from bot.flow.model import Money, Sentence, Spoken
from bot.i18n.catalogue import Catalogue
from tests.line.line_samples import a_flow, a_library, a_sentence

DAY = date(2026, 12, 4)


def words_of(tmp_path, tag):
    return Catalogue(tmp_path, a_library()).words(tag)


def test_a_day_is_read_with_its_weekday(tmp_path):
    assert words_of(tmp_path, "en").day(DAY) == "Friday, 4 December 2026"
    assert words_of(tmp_path, "ja").day(DAY) == "2026年12月4日(金)"
    assert words_of(tmp_path, "ja-simple").day(DAY) == "2026年12月4日(金)"
    assert words_of(tmp_path, "vi").day(DAY) == "Thứ Sáu, 4 tháng 12, 2026"


@pytest.mark.parametrize(
    "money, expected",
    [
        (Money("exact", 6000, 6000), "¥6,000"),
        (Money("range", 10_000, 75_000), "¥10,000 to ¥75,000"),
        (Money("free", 0, 0), "no fee"),
        (Money("unknown"), "not fixed yet; ask the office"),
    ],
)
def test_money_is_one_whole_sentence(tmp_path, money, expected):
    assert words_of(tmp_path, "en").money(money) == expected


def test_numbers_have_the_readers_separators(tmp_path):
    assert words_of(tmp_path, "en").number(1234567) == "1,234,567"
    assert words_of(tmp_path, "vi").number(1234567) == "1.234.567"
    assert words_of(tmp_path, "en").number(14) == "14"
    assert words_of(tmp_path, "vi").number(2.5) == "2,5"


def test_placeholders_take_whole_values(tmp_path):
    sentence = a_sentence("x/y.z", "By %(apply_by.law)s pay %(fee)s at %(office)s, %(days)s days.")
    inner = Sentence("office/x", "Tokyo")
    params = {"apply_by.law": DAY, "fee": Money("exact", 6000, 6000), "office": inner, "days": 14}
    assert words_of(tmp_path, "en").text(Spoken(sentence, params)) == (
        "By Friday, 4 December 2026 pay ¥6,000 at Tokyo, 14 days."
    )


def test_a_sentence_said_twice_takes_its_new_value(tmp_path):
    words = words_of(tmp_path, "en")
    sentence = a_sentence("test/by", "By %(day)s.")
    said = [words.text(Spoken(sentence, {"day": day})) for day in ("Monday", "Friday", "Monday")]
    assert said == ["By Monday.", "By Friday.", "By Monday."]
    plain = a_sentence("test/plain", "Go today.")
    assert [words.text(Spoken(plain)), words.label(plain)] == ["Go today."] * 2


def test_a_plural_follows_its_number(tmp_path):
    words = words_of(tmp_path, "en")
    assert words.talk("card_days_left", days=1) == "1 day left"
    assert words.talk("card_days_left", days=0) == "0 days left"
    assert words.talk("card_days_left", days=12) == "12 days left"


def test_a_translated_plural_follows_the_rule_of_its_file(tmp_path):
    path = tmp_path / "vi" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(
        'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n > 4);\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgctxt "talk/card_days_left"\nmsgid "%(days)s day left"\n'
        'msgid_plural "%(days)s days left"\nmsgstr[0] "ít: %(days)s"\n'
        'msgstr[1] "nhiều: %(days)s"\n',
        encoding="utf-8",
    )
    words = words_of(tmp_path, "vi")
    assert words.talk("card_days_left", days=4) == "ít: 4"
    assert words.talk("card_days_left", days=5) == "nhiều: 5"


def test_somebodys_own_words_are_shown_as_they_are(tmp_path):
    spoken = Spoken(Sentence("", "100 % sure %(x)s"))
    assert words_of(tmp_path, "en").text(spoken) == "100 % sure %(x)s"


def test_a_missing_value_names_the_sentence(tmp_path):
    spoken = Spoken(a_sentence("a/b.c", "Until %(day)s"))
    with pytest.raises(LookupError, match=r"a/b\.c: no value for %\(day\)s"):
        words_of(tmp_path, "en").text(spoken)


def test_a_sentence_that_the_bot_does_not_have_is_named(tmp_path):
    with pytest.raises(LookupError, match="no_such_sentence"):
        words_of(tmp_path, "en").talk("no_such_sentence")


def test_a_headline_stands_before_the_title(tmp_path):
    words = words_of(tmp_path, "en")
    assert words.title("lost-card", "apply") == "Lost residence card"
    outcome = a_flow().outcomes["apply"]
    headline = replace(outcome, headline=Sentence("lost-card/apply.headline", "Apply now"))
    library = a_library(flows={"lost-card": a_flow(outcome=headline)})
    assert Catalogue(tmp_path, library).words("en").title("lost-card", "apply") == "Apply now"


def test_a_percent_sign_is_written_twice_in_a_sentence(tmp_path):
    spoken = Spoken(a_sentence("a/b.c", "100 %% of it"))
    assert words_of(tmp_path, "en").text(spoken) == "100 % of it"
