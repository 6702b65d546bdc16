"""How near a message comes to what people say per id: TF-IDF over runs of 1 to 4 characters."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from math import log, sqrt

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
    """An index of phrases: `scores` tells how near a text is to the phrases of each id, 0 to 1."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        rows = [(name, counts) for name, text in phrases if (counts := _tell_apart(bare(text)))]
        self._ids = [name for name, _ in rows]
        spread = Counter(run for _, counts in rows for run in counts)
        self._weight = {
            run: log(1 + len(rows) / times)
            for run, times in spread.items()
            if times <= _TOO_COMMON * len(rows) or len(rows) < 5
        }
        self._unseen = log(1 + max(len(rows), 1))
        self._rows: dict[str, list[tuple[int, float]]] = {}
        for number, (_, counts) in enumerate(rows):
            weights = self._vector(counts)
            length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
            for run, weight in weights.items():
                self._rows.setdefault(run, []).append((number, weight / length))

    def _vector(self, counts: Mapping[str, int]) -> dict[str, float]:
        return {
            run: (1 + log(times)) * self._weight[run]
            for run, times in counts.items()
            if run in self._weight
        }

    def scores(self, text: str) -> dict[str, float]:
        """Per id the mean likeness of its nearest phrases, the nearest counting half.

        `text` is bare. Runs that no phrase holds count against all ids a little, so that a
        text about something else scores low.
        """
        counts = _tell_apart(text)
        weights = self._vector(counts)
        unseen = sum(1 for run in counts if run not in self._weight and len(run) == 3)
        square = sum(weight * weight for weight in weights.values())
        square += unseen * self._unseen**2 * 0.5
        if not square:
            return {}
        length = sqrt(square)
        found: dict[int, float] = {}
        for run, weight in weights.items():
            for number, other in self._rows.get(run, ()):
                found[number] = found.get(number, 0.0) + weight * other
        nearest: dict[str, list[float]] = {}
        for number, value in found.items():
            nearest.setdefault(self._ids[number], []).append(value / length)
        return {name: _mean(sorted(values)[-_NEAREST:]) for name, values in nearest.items()}


def _mean(values: list[float]) -> float:
    """Half the nearest, half the mean of the nearest three."""
    return 0.5 * values[-1] + 0.5 * sum(values) / _NEAREST
