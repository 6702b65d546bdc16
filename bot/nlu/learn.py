"""Learning from the phrases which words, letters and concepts mean which id.

A linear model (logistic regression over all ids at once), trained with AdaGrad over small
batches. It is fast to make, fast to ask, and what it does can be looked at; the approaches it
was compared with stand in docs/understanding.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.nlu.features import ROWS, Row, Said, letters, meanings
from bot.nlu.lexicon import Lexicon
from bot.nlu.model import CONCEPTS, LETTERS, Model, Numbers, table

EPOCHS = 8
_BATCH = 128
_RATE = 0.6
_FIRST = 0.05
_SEED = 1


@dataclass(frozen=True, slots=True)
class Example:
    """A phrase: in which language, and what it means."""

    language: str
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one text with what each counts."""

    rows: NDArray[np.int64]
    values: Numbers


def rows_of(*parts: tuple[float, Sequence[Row]]) -> Rows:
    """Each part is (weight, rows): a part counts the same however many rows it has."""
    values = [np.full(len(rows), weight / max(1, len(rows)) ** 0.5) for weight, rows in parts]
    return Rows(
        np.concatenate([np.asarray(rows, np.int64) for _, rows in parts]),
        np.concatenate(values).astype(np.float32),
    )


def learn(
    examples: Sequence[Example], lexicons: Mapping[str, Iterable[Lexicon]], fingerprint: str
) -> Model:
    """The model of these examples; the same examples give the same model.

    `lexicons` are those in which the words of a language are looked up.
    """
    texts = [Said(one.text) for one in examples]
    written = [letters(said) for said in texts]
    meant = [
        meanings(said, lexicons[one.language]) for said, one in zip(texts, examples, strict=True)
    ]
    whole = [rows_of((LETTERS, a), (CONCEPTS, b)) for a, b in zip(written, meant, strict=True)]
    ids = sorted({one.id for one in examples})
    languages = sorted({one.language for one in examples})
    return Model(
        fingerprint,
        table(ids, fit(whole, [ids.index(one.id) for one in examples], len(ids))),
        table(
            languages,
            fit(
                [rows_of((LETTERS, a)) for a in written],
                [languages.index(one.language) for one in examples],
                len(languages),
            ),
        ),
    )


def fit(texts: Sequence[Rows], answers: Sequence[int], kinds: int, epochs: int = EPOCHS) -> Numbers:
    """Weights (ROWS x kinds) with which the scores of `texts` name their `answers`."""
    chance = np.random.default_rng(_SEED)
    weights = np.zeros((ROWS, kinds), np.float32)
    seen = np.full(ROWS, _FIRST, np.float32)
    right = np.asarray(answers)
    for _ in range(epochs):
        order = chance.permutation(len(texts))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            _step(weights, seen, [texts[i] for i in batch], right[batch])
    return weights


def _step(weights: Numbers, seen: Numbers, batch: list[Rows], right: NDArray[np.int64]) -> None:
    """One step downhill for a batch: every row by its own measure."""
    sizes = [len(one.rows) for one in batch]
    touched, places = np.unique(np.concatenate([one.rows for one in batch]), return_inverse=True)
    of_text = np.repeat(np.arange(len(batch)), sizes)
    values = np.zeros((len(batch), len(touched)), np.float32)
    values[of_text, places] = np.concatenate([one.values for one in batch])
    before = weights[touched]
    wrong = _shares(values @ before)
    wrong[np.arange(len(batch)), right] -= 1
    slope = values.T @ wrong
    seen[touched] += (slope * slope).sum(axis=1)
    weights[touched] = before - _RATE * slope / np.sqrt(seen[touched])[:, None]


def _shares(scores: Numbers) -> Numbers:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)
