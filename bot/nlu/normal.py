"""One form for what can be typed in many ways: width, case, accents, digits of any script."""

import re
import unicodedata
from functools import lru_cache

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-")
_QUOTES = dict.fromkeys(map(ord, "’‘ʼ＇`´"), "'")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\ufe0e\ufe0f"), None)
_TABLE: dict[int, str | None] = {**_DASHES, **_QUOTES, **_INVISIBLE}
_SPACES = re.compile(r"\s+")
_FIRST_ACCENT, _LAST_ACCENT = "\u0300", "\u036f"
_BARRED = {"đ": "d", "ø": "o", "ł": "l", "ı": "i"}


def plain(text: str) -> str:
    """NFKC, lower case, ASCII digits and dashes, single spaces, no invisible characters."""
    text = unicodedata.normalize("NFKC", text).translate(_TABLE).casefold()
    if not text.isascii():
        text = "".join(map(_digit, text))
        text = unicodedata.normalize("NFC", text)
    return _SPACES.sub(" ", text).strip()


def fold(text: str) -> str:
    """Plain text without Latin accents, character for character: spans stay the same.

    Marks that are part of a letter elsewhere (か and が, Devanagari vowels) stay.
    """
    return text if text.isascii() else "".join(map(_bare, text))


@lru_cache(maxsize=4096)
def _digit(char: str) -> str:
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)


@lru_cache(maxsize=4096)
def _bare(char: str) -> str:
    if char in _BARRED:
        return _BARRED[char]
    kept = [c for c in unicodedata.normalize("NFD", char) if not _is_accent(c)]
    return kept[0] if len(kept) == 1 else char


def _is_accent(char: str) -> bool:
    return _FIRST_ACCENT <= char <= _LAST_ACCENT
