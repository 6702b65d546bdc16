"""In which language a text is written: by its letters first, by what was learned where those
leave a choice."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.nlu.lexicon import is_unspaced
from bot.nlu.normal import fold, plain

_KANA = re.compile(r"[\u3041-\u30fa]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")
_DEVANAGARI = re.compile(r"[\u0900-\u097f]")
NOT_LETTERS = re.compile(r"[^\w\u0900-\u0963\u0966-\u097f]+|_+")

REGISTERS = {"ja-simple": "ja"}
"""A register of a language: what is written in it is written in that language."""
_UNSURE = 1.0
"""So much better than the reader's own language another must be."""
COMMON, _BRIDGE = "en", 0.5
"""Where no reader is known: the language whose words all others borrow, and its own margin."""
_BORROWED = 3
"""Letters of another script are borrowed words where there are so many times more Latin ones."""


def bare(text: str) -> str:
    """Folded letters and digits; words one space apart, no spaces in Japanese and Chinese."""
    text = NOT_LETTERS.sub(" ", fold(plain(text))).strip()
    return text.replace(" ", "") if is_unspaced(text) else text


class Written:
    """Tells the language of a text among those that are understood."""

    def __init__(self, tags: Sequence[str]) -> None:
        self._tags = tuple(tags)

    def language(self, text: str, scores: NDArray[np.float32], reader: str) -> str | None:
        """The tag of the language; the reader's own where nothing speaks for another."""
        possible = self._possible(text.casefold())
        if not possible:
            return None
        own = REGISTERS.get(reader, reader) or COMMON
        by_tag = {tag: float(scores[at]) for at, tag in enumerate(self._tags) if tag in possible}
        best = max(by_tag, key=lambda tag: by_tag[tag])
        most, best = by_tag[best], REGISTERS.get(best, best)
        margin = _UNSURE if reader else _BRIDGE
        if own in by_tag and most - max(by_tag[own], by_tag.get(reader, -99)) < margin:
            return own
        return best

    def _possible(self, text: str) -> set[str]:
        latin = sum(letter.isalpha() and letter < "\u2000" and not "\u0900" <= letter <= "\u097f"
                    for letter in text)  # fmt: skip
        other = sum(letter.isalpha() and letter >= "\u2e80" for letter in text)
        if latin > _BORROWED * other and latin:
            found = set(self._tags) - {"zh-Hans"}
        elif _KANA.search(text):
            found = {"ja", "ja-simple"}
        elif _HANGUL.search(text):
            found = {"ko"}
        elif _DEVANAGARI.search(text):
            found = {"ne"}
        elif _HAN.search(text):
            found = {"zh-Hans", "ja"}
        else:
            return set()
        return found & set(self._tags)
