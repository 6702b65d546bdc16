"""A message that was not understood, without what tells who wrote it.

The office should see what people ask that the bot does not know; not who they are. Numbers,
addresses, links and names are taken out before anything is kept. What cannot be told apart from
a name (a capital letter inside a sentence, a word before さん) goes as well.
"""

import re
from collections.abc import Container

from bot.nlu.normal import plain

GAP = "▢"
LONGEST = 300

_LINKS = re.compile(r"\S*(?:https?:|www\.|://)\S*|\S+@\S+", re.IGNORECASE)
_NUMBERS = re.compile(r"[#№〒+]?\d[\d\s().,/:-]*\d|\d+")
_PLACES = re.compile(
    r"[\u4e00-\u9fff]{1,4}[都道府県](?:[\u4e00-\u9fffぁ-んァ-ヶ]{1,8}[市区町村郡])*\S{0,12}"
    r"|[\u4e00-\u9fffァ-ヶ]{1,6}(?:丁目|番地|号室|マンション|アパート|ハイツ|コーポ)\S{0,6}"
)
_JAPANESE_NAMES = re.compile(r"[\u4e00-\u9fffァ-ヶーA-Za-z]{1,12}(?=さん|様|くん|君|ちゃん|氏)")
_AFTER = re.compile(
    r"((?:my name is|name's|i am called|this is|tên (?:tôi|em|mình) là|ten (?:toi|em|minh) la|"
    r"tên là|我叫|我的名字是|名字叫|제 ?이름은|이름은|저는|ako si|pangalan ko ay|si|मेरो नाम|"
    r"mero (?:naam|nam|name)|nama saya|nama aku|namaku|meu nome é|me chamo|my na?me is|"
    r"私の名前は|名前は|なまえは|わたしは)\s*:?\s*)([^\s,.!?。、，！？]+(?:\s+(?-i:[A-Z])[\w-]*)*)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_][\w\u0900-\u0963\u0966-\u097f'-]*")
_GAPS = re.compile(rf"{GAP}(?:[\s-]*{GAP})+")
_START = re.compile(r"(?:^|[.!?。！？\n]\s*|[\"(「]\s*)$")


def masked(text: str, known: Container[str]) -> str:
    """The text with gaps; `known` are words that people say (lower case), never names.

    Japanese words are not names by their letters alone; only where さん and the like follow.
    """
    text = text[:LONGEST]
    for pattern in (_LINKS, _PLACES, _NUMBERS, _JAPANESE_NAMES):
        text = pattern.sub(GAP, text)
    text = _AFTER.sub(lambda found: f"{found[1]}{GAP}", text)
    text = _WORD.sub(lambda found: _kept(found, text, known), text)
    return _GAPS.sub(GAP, text).strip()


def _kept(found: re.Match[str], text: str, known: Container[str]) -> str:
    word = found[0]
    is_capital = word[0].isupper() and not word.isupper()
    stands_first = _START.search(text[: found.start()]) is not None
    if not is_capital or (stands_first and len(word) > 1):
        return word if not is_capital or plain(word) in known else GAP
    return word if plain(word) in known else GAP
