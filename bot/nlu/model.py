"""What was learned from the phrases, as a file that is mapped into memory and only read.

Two tables of small whole numbers: for every row (see `features`) a weight for each id, and one
for each language. Beside them stands what is needed later than for learning (the words of danger,
the commands, the lexicon): nobody who starts has to read forty thousand lines of YAML. The file
names the fingerprint of all it was made from; with other sources it is not used.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from bot.nlu.alarms import pack_alarms
from bot.nlu.features import ROWS, Row
from bot.nlu.lexicon import Lexicon, pack_words
from bot.nlu.packed import Packed, packed
from bot.nlu.phrases import Phrases, Sayings
from bot.nlu.sources import Sources

LETTERS, CONCEPTS = 1.5, 2.0
"""How much all letters and all concepts of a text weigh together."""
NAME = "understanding.bin"
_MAGIC = b"understanding 2\n"
_MOST = 127

Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Table:
    """Weights of ROWS x len(names), as whole numbers of -127 to 127 times `scale`."""

    names: tuple[str, ...]
    scale: float
    weights: NDArray[np.int8]

    def scores(self, *parts: tuple[float, Sequence[Row]]) -> Numbers:
        """One number for each name; each part is (weight, rows)."""
        total = np.zeros(len(self.names), np.float32)
        for weight, rows in parts:
            if rows:
                of_rows = self.weights[np.asarray(rows)].sum(axis=0, dtype=np.int32)
                total += of_rows * np.float32(weight * self.scale / len(rows) ** 0.5)
        return total


def table(names: Sequence[str], weights: Numbers) -> Table:
    """The same weights in an eighth of the room; what is lost is below a hundredth of the most."""
    scale = float(np.abs(weights).max()) / _MOST or 1.0
    return Table(tuple(names), scale, np.rint(weights / scale).astype(np.int8))


@dataclass(frozen=True, slots=True)
class Model:
    """`ids` tells what is meant, `languages` in which language it is written; the rest is what
    understanding needs besides.

    `phrases` are the commands and the words of answers, by tag; `usual` has no texts, only keys.
    """

    ids: Table
    languages: Table
    phrases: Mapping[str, Phrases]
    words: Packed
    alarms: Packed
    usual: Packed

    def lexicons(self) -> dict[str, Lexicon]:
        """The lexicons, ready to be asked."""
        return {tag: Lexicon(self.words, tag) for tag in self.phrases}

    def save(self, path: Path, made_from: str) -> None:
        """Write the file; whoever reads meanwhile keeps the old one. OSError if it cannot be."""
        tables, texts = (self.ids, self.languages), (self.words, self.alarms, self.usual)
        head = orjson.dumps({
            "made_from": made_from,
            "tables": [{"names": t.names, "scale": t.scale} for t in tables],
            "texts": [len(one.whole) for one in texts],
            "phrases": self.phrases,
        })  # fmt: skip
        new = path.with_name(f"{path.name}.{os.getpid()}")
        with new.open("wb") as file:
            file.write(_MAGIC + len(head).to_bytes(4, "big") + head)
            for table in tables:
                file.write(np.ascontiguousarray(table.weights).tobytes())
            for one in texts:
                file.write(one.whole)
        new.replace(path)


def model_from(sources: Sources, ids: Table, languages: Table) -> Model:
    """What was learned from the sources, with what is kept of them."""
    phrases = {
        tag: Phrases({name: _command(s) for name, s in one.ids.items() if s.exact}, one.words)
        for tag, one in sources.phrases.items()
    }
    words, alarms = pack_words(sources.words), pack_alarms(sources.phrases)
    return Model(ids, languages, phrases, words, alarms, packed(dict.fromkeys(sources.usual, ())))


def load(path: Path, made_from: str) -> Model | None:
    """The model in that file, or None when it is absent, broken or made from other sources."""
    try:
        with path.open("rb") as file:
            whole = memoryview(mmap(file.fileno(), 0, access=ACCESS_READ))
        start = len(_MAGIC) + 4
        at = start + int.from_bytes(whole[len(_MAGIC) : start], "big")
        if whole[: len(_MAGIC)] != _MAGIC:
            return None
        head = orjson.loads(whole[start:at])
        if head["made_from"] != made_from:
            return None
        tables, texts = [], []
        for one in head["tables"]:
            size = ROWS * len(one["names"])
            weights = np.frombuffer(whole, np.int8, size, at).reshape(ROWS, -1)
            tables.append(Table(tuple(one["names"]), one["scale"], weights))
            at += size
        for size in head["texts"]:
            texts.append(Packed(whole[at : at + size]))
            at += size
        if at != len(whole):
            return None
        ids, languages = tables
        words, alarms, usual = texts
        return Model(ids, languages, _phrases(head["phrases"]), words, alarms, usual)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _command(sayings: Sayings) -> Sayings:
    """What is still looked at: the phrases of a request are commands, too."""
    return Sayings(phrases=sayings.phrases, exact=sayings.exact)


def _phrases(by_tag: Mapping[str, Any]) -> dict[str, Phrases]:
    return {
        tag: Phrases(
            {name: Sayings(**_tuples(its)) for name, its in one["ids"].items()},
            _tuples(one["words"]),
        )
        for tag, one in by_tag.items()
    }


def _tuples(lists: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(its) for name, its in lists.items()}
