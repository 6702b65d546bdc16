"""What was not understood is kept without the person, and grouped for those who read it."""

import pytest

from bot.nlu.alike import groups
from bot.nlu.masking import masked

KNOWN = frozenset(("where", "can", "i", "japan", "tokyo", "visa", "is", "monday"))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("call me at 090-1234-5678 please", "call me at ▢ please"),
        ("my card AB12345678CD", "my card AB▢CD"),
        ("write to mai.tran@example.com", "write to ▢"),
        ("see https://example.com/x?y=1 now", "see ▢ now"),
        ("my name is Nguyen Van An and I need a dog", "my name is ▢ and I need a dog"),
        ("yesterday Maria told me about Tokyo", "yesterday ▢ told me about Tokyo"),
        ("Where can I learn to swim", "Where can I learn to swim"),
        ("Ramesh needs help", "▢ needs help"),
        ("〒160-0004 東京都新宿区四谷1-6-1 に住んでいます", "▢ に住んでいます"),
        ("田中さんに言われました", "▢さんに言われました"),
        ("tên em là Hương ạ", "tên em là ▢ ạ"),
        ("मेरो नाम रमेश हो", "मेरो नाम ▢ हो"),
        ("我叫王伟，想学游泳", "我叫▢，想学游泳"),
    ],
)
def test_what_tells_who_wrote_is_taken_out(text: str, kept: str):
    assert masked(text, KNOWN) == kept


def test_a_long_story_is_cut():
    assert len(masked("word " * 500, KNOWN)) <= 300


def test_messages_about_the_same_stand_together():
    found = groups(
        ["where can I learn swimming", "is there a good dentist", "where can I learn to swim"]
    )
    assert found[0] == ["where can I learn swimming", "where can I learn to swim"]
    assert len(found) == 2


def test_nothing_makes_no_group():
    assert groups([]) == []
