"""What was learned from the phrases, as a file that is mapped into memory and only read.

Two tables of small whole numbers: for every row (see `features`) a weight for each id, and one
for each language. The file names the fingerprint of all it was made from; with other sources
it is not used.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from bot.nlu.features import ROWS, Row
from bot.nlu.sources import Sources, from_json, to_json

LETTERS, CONCEPTS = 1.5, 2.0
"""How much all letters and all concepts of a text weigh together."""
NAME = "understanding.bin"
_MAGIC = b"understanding 1\n"
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
    """`ids` tells what is meant, `languages` in which language it is written; `sources` is what
    understanding needs besides."""

    ids: Table
    languages: Table
    sources: Sources

    def save(self, path: Path, made_from: str) -> None:
        """Write the file; whoever reads meanwhile keeps the old one. OSError if it cannot be."""
        head: dict[str, Any] = {
            "made_from": made_from,
            "tables": [{"names": t.names, "scale": t.scale} for t in (self.ids, self.languages)],
            "sources": to_json(self.sources),
        }
        text = orjson.dumps(head)
        new = path.with_name(f"{path.name}.{os.getpid()}")
        with new.open("wb") as file:
            file.write(_MAGIC + len(text).to_bytes(4, "big") + text)
            for one in (self.ids, self.languages):
                file.write(np.ascontiguousarray(one.weights).tobytes())
        new.replace(path)


def load(path: Path, made_from: str) -> Model | None:
    """The model in that file, or None when it is absent, broken or made from other sources."""
    try:
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                return None
            size = int.from_bytes(file.read(4), "big")
            head = orjson.loads(file.read(size))
        if head["made_from"] != made_from:
            return None
        at = len(_MAGIC) + 4 + size
        tables = []
        for one in head["tables"]:
            shape = (ROWS, len(one["names"]))
            weights = np.memmap(path, np.int8, "r", at, shape)
            tables.append(Table(tuple(one["names"]), one["scale"], weights))
            at += ROWS * len(one["names"])
        ids, languages = tables
        return Model(ids, languages, from_json(head["sources"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
