"""Japanese ways of writing a number or an era, turned into what the date rules read."""

import re
from datetime import date

from bot.flow.eras import ERAS

_DIGITS = {"〇": 0, "零": 0, "元": 1} | {c: n for n, c in enumerate("一二三四五六七八九", 1)}
_TENS = {"十": 10, "百": 100, "千": 1000}
_NUMBER = re.compile(
    r"(?<![周期拜])[〇零一二三四五六七八九十百千]+"
    r"(?= ?(?:年|月|日|号|か月|ヶ月|カ月|ヵ月|ケ月|週|天|周|星期|礼拜|个月|个星期|个礼拜))"
)
_TWO_OR_THREE = re.compile(
    r"(?<![〇零一二三四五六七八九十百千])(?:一二|二三|三四|四五|五六|六七|七八|八九)"
    r"(?=日[前後間间]|天|[週周]|星期|礼拜|[かヶカヵケ个]月|个)"
)
"""A count that is left open: 二三日前 is two or three days ago, not 23."""
_GAP = re.compile(r"(?<=[\u3040-\u30ff\u4e00-\u9fff々]) (?=[\u3040-\u30ff\u4e00-\u9fff])")
_HAS_JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff々〇]")

_KANA = (
    (re.compile(r"ついたち"), "1日"),
    (re.compile(r"ふつか"), "2日"),
    (re.compile(r"みっか"), "3日"),
    (re.compile(r"よっか"), "4日"),
    (re.compile(r"いつか(?=まえ|前)|(?<=[がげ]つ)いつか|(?<=月)いつか"), "5日"),
    (re.compile(r"むいか"), "6日"),
    (re.compile(r"なのか(?=まえ|前)|(?<=がつ)なのか|(?<=月)なのか"), "7日"),
    (re.compile(r"ようか(?=まえ|前)|(?<=がつ)ようか|(?<=月)ようか"), "8日"),
    (re.compile(r"ここのか"), "9日"),
    (re.compile(r"とおか"), "10日"),
    (re.compile(r"はつか"), "20日"),
    (re.compile(r"(?<=\d)がつ"), "月"),
    (re.compile(r"(?<=\d)にち"), "日"),
    (re.compile(r"(?<=\d)ねん"), "年"),
    (re.compile(r"いっしゅうかん"), "1週間"),
    (re.compile(r"(?<=\d)しゅうかん"), "週間"),
    (re.compile(r"(?<=\d)か?かげつ"), "か月"),
    (re.compile(r"(?<=[日年月間週])まえ"), "前"),
    (re.compile(r"(?<=[日年月間週])ご(?![ろぜ])"), "後"),
)


def with_digits(text: str) -> str:
    """The text with its kanji and kana numbers of days, months and years as digits.

    The spaces that easy Japanese puts between words go.
    """
    if not _HAS_JAPANESE.search(text):
        return text
    text = _GAP.sub("", text)
    text = _TWO_OR_THREE.sub("数", text)
    text = _NUMBER.sub(lambda found: _value(found[0]), text)
    for pattern, digits in _KANA:
        text = pattern.sub(digits, text)
    return text


def _value(kanji: str) -> str:
    if not set(kanji) & set(_TENS):
        return "".join(str(_DIGITS[char]) for char in kanji)
    total = current = 0
    for char in kanji:
        if char in _TENS:
            total += (current or 1) * _TENS[char]
            current = 0
        else:
            current = _DIGITS[char]
    return str(total + current)


_SPELLED = {
    "令和": ("れいわ", "reiwa", "r"),
    "平成": ("へいせい", "heisei", "h"),
    "昭和": ("しょうわ", "showa", "shouwa", "s"),
    "大正": ("たいしょう", "taisho", "taishou", "t"),
    "明治": ("めいじ", "meiji", "m"),
}
_BY_NAME = {name: era for era in ERAS for name in (era.name, *_SPELLED[era.name])}

ERA_DATE = re.compile(
    r"(?<![a-z0-9])(?P<era>" + "|".join(_BY_NAME) + r") ?\.?(?P<y>\d{1,2}|元|gannen)"
    r"(?: ?年 ?| ?[./-] ?| )(?P<m>\d{1,2})(?: ?月 ?| ?[./-] ?| )(?P<d>\d{1,2})(?![\d:]) ?日?"
)
"""An era year with month and day: 令和8年12月3日, R8.12.3, Reiwa 8/12/3."""


def era_day(found: re.Match[str]) -> date | None:
    """The day that an `ERA_DATE` names, or None when that era never had such a day."""
    era = _BY_NAME[found["era"]]
    year = 1 if not found["y"].isdecimal() else int(found["y"])
    try:
        day = date(era.first.year + year - 1, int(found["m"]), int(found["d"]))
    except ValueError:
        return None
    if year < 1 or day < era.first or (era.last is not None and day > era.last):
        return None
    return day
