"""How near a message comes to what people say per id: TF-IDF over runs of 1 to 4 characters."""

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from math import log, sqrt
from sys import intern

from bot.nlu.normal import fold, plain

LONGEST_TEXT = 300
_LONGEST_RUN = 4
_TOO_COMMON = 0.4
_NOT_LETTERS = re.compile(r"[^\w]+|_+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_NEAREST = 3


def is_unspaced(text: str) -> bool:
    """True when the text holds Japanese or Chinese letters, which stand without spaces."""
    return bool(_CJK.search(text))


def bare(text: str) -> str:
    """Folded letters and digits; words one space apart, no spaces in Japanese."""
    text = _NOT_LETTERS.sub(" ", fold(plain(text))).strip()
    return text.replace(" ", "") if is_unspaced(text) else text


def _runs(text: str) -> Iterator[str]:
    padded = f" {text} "
    for length in range(1, _LONGEST_RUN + 1):
        for at in range(len(padded) - length + 1):
            run = padded[at : at + length]
            if run.strip():
                yield run


def _tell_apart(text: str) -> Counter[str]:
    return Counter(_runs(text[:LONGEST_TEXT]))


class Likeness:
    """An index of phrases: `scores` tells how near a text is to the phrases of each id, 0 to 1.

    Runs are many, and most stand in one phrase: they are numbered, and what belongs to number n
    (its weight; the phrases from `_from[n]` up to `_from[n + 1]`) stands in flat arrays.
    """

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        rows = [(name, counts) for name, text in phrases if (counts := _tell_apart(bare(text)))]
        self._ids = [name for name, _ in rows]
        spread = Counter(run for _, counts in rows for run in counts)
        common = [
            (intern(run), times)
            for run, times in spread.items()
            if times <= _TOO_COMMON * len(rows) or len(rows) < 5
        ]
        self._number = {run: number for number, (run, _) in enumerate(common)}
        self._weight = array("d", (log(1 + len(rows) / times) for _, times in common))
        self._unseen = log(1 + max(len(rows), 1))
        self._from = array("I", accumulate((times for _, times in common), initial=0))
        self._phrase = array("I", bytes(4 * self._from[-1]))
        self._share = array("d", bytes(8 * self._from[-1]))
        free = array("I", self._from)
        for phrase, (_, counts) in enumerate(rows):
            weights = self._vector(counts)
            length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
            for number, weight in weights.items():
                self._phrase[free[number]] = phrase
                self._share[free[number]] = weight / length
                free[number] += 1

    def _vector(self, counts: Mapping[str, int]) -> dict[int, float]:
        """Weight by number of the run, for the runs that are known."""
        return {
            number: (1 + log(times)) * self._weight[number]
            for run, times in counts.items()
            if (number := self._number.get(run)) is not None
        }

    def scores(self, text: str) -> dict[str, float]:
        """Per id the mean likeness of its nearest phrases, the nearest counting half.

        `text` is bare. Runs that no phrase holds count against all ids a little, so that a
        text about something else scores low.
        """
        counts = _tell_apart(text)
        weights = self._vector(counts)
        unseen = sum(1 for run in counts if run not in self._number and len(run) == 3)
        square = sum(weight * weight for weight in weights.values())
        square += unseen * self._unseen**2 * 0.5
        if not square:
            return {}
        length = sqrt(square)
        found: dict[int, float] = {}
        for run, weight in weights.items():
            its = slice(self._from[run], self._from[run + 1])
            for phrase, other in zip(self._phrase[its], self._share[its], strict=True):
                found[phrase] = found.get(phrase, 0.0) + weight * other
        nearest: dict[str, list[float]] = {}
        for phrase, value in found.items():
            nearest.setdefault(self._ids[phrase], []).append(value / length)
        return {name: _mean(sorted(values)[-_NEAREST:]) for name, values in nearest.items()}


def _mean(values: list[float]) -> float:
    """Half the nearest, half the mean of the nearest three."""
    return 0.5 * values[-1] + 0.5 * sum(values) / _NEAREST
