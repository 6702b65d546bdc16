"""The prefecture and municipality of an address, written in Japanese or in Latin letters.

Never a guess: a name that stands for places in two prefectures needs the prefecture beside it,
two prefectures in one text are none, and a postal code alone says nothing.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from bot.nlu.normal import fold, plain

LONGEST_TEXT = 400


class Place(TypedDict):
    """A place as answers hold it: JIS codes."""

    prefecture: str
    municipality: str | None


_NAME = re.compile(r"(?P<latin>.+) \((?P<ja>.+)\)\Z")
_KANJI = r"\u4e00-\u9fff々ヶ"
_NOT_ALONE_JA = frozenset(("三重", "大分"))
"""Also everyday words ("threefold", "quite"): a prefecture only with 県 or 市."""

_KANA = (
    "ほっかいどう", "あおもり", "いわて", "みやぎ", "あきた", "やまがた", "ふくしま",
    "いばらき", "とちぎ", "ぐんま", "さいたま", "ちば", "とうきょう", "かながわ", "にいがた",
    "とやま", "いしかわ", "ふくい", "やまなし", "ながの", "ぎふ", "しずおか", "あいち", "みえ",
    "しが", "きょうと", "おおさか", "ひょうご", "なら", "わかやま", "とっとり", "しまね",
    "おかやま", "ひろしま", "やまぐち", "とくしま", "かがわ", "えひめ", "こうち", "ふくおか",
    "さが", "ながさき", "くまもと", "おおいた", "みやざき", "かごしま", "おきなわ",
)  # fmt: skip
"""The prefectures as easy Japanese writes them, in the order of their codes."""
_KANA_ALONE = re.compile(
    r"(?<![ぁ-んァ-ヶ])(" + "|".join(sorted(_KANA, key=len, reverse=True)) + r")(と|ふ|けん|し)?"
    r"(?=$|[^ぁ-ん]|に|の|で|です|から|へ)"
)

_KIND_OF_SUFFIX = {
    "shi": "市", "city": "市区", "ku": "区", "ward": "区", "town": "町", "machi": "町",
    "cho": "町", "village": "村", "mura": "村", "son": "村",
}  # fmt: skip
_PREFECTURE_SUFFIX = frozenset(("ken", "fu", "prefecture", "pref", "province"))
_DISTRICT_SUFFIX = frozenset(("gun", "chome", "dori", "eki", "san", "sama", "sensei", "line"))
_DIRECTIONS = frozenset(
    ("higashi", "nishi", "kita", "minami", "shin", "moto", "kami", "shimo", "naka", "oku")
)
_BEFORE_A_PLACE = frozenset(
    ("in", "at", "from", "to", "near", "of", "o", "tai", "den", "tu", "tinh", "quan", "pho")
)
_SMALL_TALK = 5
"""Up to so many words a text is taken as a name alone, however short the name is."""

_PART = re.compile(r"[,;、。\n()/|]")
_TOKEN = re.compile(r"(-?)([a-z]+(?:'[a-z]+)?|\d+)")
_ADDRESS = re.compile(r"\d{3}-\d{4}(?!\d)|(?<!\d)\d{1,3}-\d{1,4}-\d|丁目|番地?|chome|-cho\b")
_LONG_VOWELS = ((re.compile(r"o(?:u|o|h(?![aeiouy]))"), "o"), (re.compile(r"uu"), "u"))


@dataclass(frozen=True, slots=True)
class _Named:
    """A municipality: its code, and what it is (市 区 町 村)."""

    code: str
    kind: str

    @property
    def gives_its_prefecture(self) -> bool:
        return self.kind in "市区"


@dataclass(slots=True)
class _Evidence:
    """What a text says: prefectures named in full, as the last part of an address or merely
    by name; municipalities with their suffix or merely by name."""

    full: set[str] = field(default_factory=set)
    last: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    suffixed: list[frozenset[_Named]] = field(default_factory=list)
    bare: list[frozenset[_Named]] = field(default_factory=list)


class Places:
    """The names of `shared/places.yaml`, ready to be found in a text.

    `names` is code -> "Tokyo (東京都)". In the prefectures of `detailed` the municipality
    matters and is given; elsewhere it is None. Without it, it is given where it is known.
    """

    def __init__(self, names: Mapping[str, str], detailed: Iterable[str] | None = None) -> None:
        self._detailed = None if detailed is None else frozenset(detailed)
        self._prefecture_latin: dict[str, str] = {}
        self._prefecture_full: dict[str, str] = {}
        self._prefecture_ja: dict[str, str] = {}
        self._latin: dict[str, set[_Named]] = {}
        self._ja: dict[str, set[_Named]] = {}
        self._ja_bare: dict[str, set[_Named]] = {}
        for code, name in names.items():
            self._add(code, name)
        self._compile()

    def _add(self, code: str, name: str) -> None:
        written = _NAME.fullmatch(name)
        if written is None:
            return
        latin, ja = _key(fold(plain(written["latin"]))), plain(written["ja"])
        if len(code) == 2:
            self._prefecture_latin[latin] = code
            self._prefecture_full[ja] = code
            if ja != "北海道":
                self._prefecture_ja[ja[:-1]] = code
            return
        named = _Named(code, ja[-1])
        self._latin.setdefault(latin, set()).add(named)
        self._ja.setdefault(ja, set()).add(named)
        if len(ja) > 2:
            self._ja_bare.setdefault(ja[:-1], set()).add(named)

    def _compile(self) -> None:
        full, bare = _either(self._prefecture_full), _either(self._prefecture_ja)
        municipalities = _either(self._ja)
        alone = rf"(?![{_KANJI}])"
        self._japanese = re.compile(
            rf"(?P<full>{full})|(?P<municipality>{municipalities})"
            rf"|(?P<prefecture>{bare})(?={municipalities}|[^{_KANJI}]|$)"
            rf"|(?P<bare>{_either(self._ja_bare)}){alone}"
        )

    # ------------------------------------------------------------ finding

    def find(self, text: str) -> Place | None:
        """The place that the text names without doubt, or None."""
        text = plain(text[:LONGEST_TEXT].replace("\n", " , "))
        evidence = _Evidence()
        self._read_japanese(text, evidence)
        self._read_kana(text, evidence)
        self._read_latin(fold(text), evidence)
        prefecture = _prefecture(evidence, is_address=bool(_ADDRESS.search(text)))
        if prefecture is None:
            return None
        return Place(prefecture=prefecture, municipality=self._municipality(prefecture, evidence))

    def _municipality(self, prefecture: str, evidence: _Evidence) -> str | None:
        if self._detailed is not None and prefecture not in self._detailed:
            return None
        for names in (evidence.suffixed, evidence.bare):
            found = [{one.code for one in name if one.code[:2] == prefecture} for name in names]
            codes = {code for one in found if len(one) == 1 for code in one}
            if len(codes) == 1 and all(len(one) <= 1 for one in found):
                return codes.pop()
            if any(found):
                return None
        return None

    def _read_japanese(self, text: str, evidence: _Evidence) -> None:
        at, end = 0, -1
        while found := self._japanese.search(text, at):
            before = text[found.start() - 1 : found.start()]
            is_inside_a_word = re.match(f"[{_KANJI}]", before) and before not in "都道府県市郡区"
            if is_inside_a_word and found.start() != end:
                at = found.start() + 1
                continue
            at = end = found.end()
            name = found[0]
            if found["full"]:
                evidence.full.add(self._prefecture_full[name])
            elif found["municipality"]:
                evidence.suffixed.append(frozenset(self._ja[name]))
            elif found["prefecture"]:
                if name not in _NOT_ALONE_JA:
                    evidence.named.add(self._prefecture_ja[name])
            else:
                evidence.bare.append(frozenset(self._ja_bare[name]))

    def _read_kana(self, text: str, evidence: _Evidence) -> None:
        for found in _KANA_ALONE.finditer(text):
            evidence.named.add(f"{_KANA.index(found[1]) + 1:02}")

    def _read_latin(self, text: str, evidence: _Evidence) -> None:
        parts = [_TOKEN.findall(part) for part in _PART.split(text)]
        count = sum(len(part) for part in parts)
        for part in parts:
            self._read_part(part, count, evidence)
        if len([part for part in parts if part]) > 1:
            self._read_last_part(parts, evidence)

    def _read_last_part(self, parts: list[list[tuple[str, str]]], evidence: _Evidence) -> None:
        """ "..., Tokyo 160-0004, Japan": an address in Latin letters ends with its prefecture."""
        for part in reversed(parts):
            letters = [word for _, word in part if not word.isdecimal() and word != "japan"]
            if not letters:
                continue
            if (code := self._prefecture_latin.get(_key("".join(letters)))) is not None:
                evidence.last.add(code)
            return

    def _read_part(self, tokens: list[tuple[str, str]], count: int, evidence: _Evidence) -> None:
        at = 0
        while at < len(tokens):
            for width in (3, 2, 1):
                key = _key("".join(word for _, word in tokens[at : at + width]))
                if at + width <= len(tokens) and self._is_name(key):
                    at += self._take(tokens, at, width, key, count, evidence)
                    break
            else:
                at += 1

    def _is_name(self, key: str) -> bool:
        return key in self._prefecture_latin or key in self._latin

    def _take(
        self,
        tokens: list[tuple[str, str]],
        at: int,
        width: int,
        key: str,
        count: int,
        evidence: _Evidence,
    ) -> int:
        """Note the name at `at`, with what stands around it; how many words were read."""
        before = tokens[at - 1][1] if at else ""
        hyphen, after = tokens[at + width] if at + width < len(tokens) else ("", "")
        prefecture = self._prefecture_latin.get(key)
        if before in _DIRECTIONS:  # "Higashi-Yamato" is not Yamato
            return width
        if prefecture and (after in _PREFECTURE_SUFFIX or (hyphen and after == "to")):
            evidence.full.add(prefecture)
            return width + 1
        if key == "hokkaido":
            evidence.full.add(self._prefecture_latin[key])
            return width
        if after in _KIND_OF_SUFFIX and (kinds := _KIND_OF_SUFFIX[after]):
            named = frozenset(n for n in self._latin.get(key, ()) if n.kind in kinds)
            if named:
                evidence.suffixed.append(named)
            elif prefecture and after == "city":  # "Saitama City": the city is in its prefecture
                evidence.named.add(prefecture)
            return width + 1
        if after in _DISTRICT_SUFFIX:
            return width + 1
        if prefecture is None and not any(n.gives_its_prefecture for n in self._latin[key]):
            evidence.bare.append(frozenset(self._latin[key]))
            return width
        if len(key) <= 4 and count > _SMALL_TALK and before not in _BEFORE_A_PLACE:
            return width  # "saga", "mie", "date": everyday words in a longer text
        if prefecture:
            evidence.named.add(prefecture)
        else:
            evidence.bare.append(frozenset(self._latin[key]))
        return width


def _either(names: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True))) or r"(?!)"


def _key(letters: str) -> str:
    """A romanised name without its long vowels: Toukyou, Tōkyō, Tokyo."""
    for pattern, short in _LONG_VOWELS:
        letters = pattern.sub(short, letters)
    return letters.replace("'", "").replace(" ", "").replace("-", "")


def _only_prefecture(names: Iterable[frozenset[_Named]]) -> set[str]:
    """The prefectures of those names that stand for places in one prefecture only."""
    found = set()
    for named in names:
        prefectures = {one.code[:2] for one in named}
        if len(prefectures) == 1 and all(one.gives_its_prefecture for one in named):
            found |= prefectures
    return found


def _prefecture(evidence: _Evidence, *, is_address: bool) -> str | None:
    """The one prefecture meant. In an address the surest kind of evidence decides alone; in
    other texts ("moved from Osaka to Shinjuku") everything must agree."""
    by_suffix = _only_prefecture(evidence.suffixed)
    bare = _only_prefecture(evidence.bare)
    levels = [evidence.full, evidence.last, evidence.named | by_suffix, bare]
    if not is_address:
        levels = [set().union(*levels)]
    for level in levels:
        if level:
            return next(iter(level)) if len(level) == 1 else None
    return None


def find_place(text: str, places: Places) -> Place | None:
    """`places.find(text)`: {"prefecture": "13", "municipality": "13121" or None}, or None."""
    return places.find(text)
