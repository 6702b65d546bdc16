"""Learning from the phrases which words, letters and concepts mean which id.

A linear model (logistic regression over all ids at once), trained with AdaGrad over small
batches. Each time that a phrase is looked at, most of its words, letters and concepts are hidden:
so the whole does not lean on a single word, and a message needs not hold what the phrases hold.
It is fast to ask, and what it does can be looked at; the approaches it was compared with stand in
docs/understanding.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.dialogue.understood import NONE
from bot.nlu.features import ROWS, Row, Said, concepts, letters, meanings
from bot.nlu.lexicon import looked_up
from bot.nlu.model import CONCEPTS, LETTERS, Numbers, Table, table
from bot.nlu.sources import Sources

_BATCH = 128
_FIRST = 0.05
_SEED = 1


@dataclass(frozen=True, slots=True)
class Training:
    """How it is learned: how often all is looked at, how far a step goes, which share of the rows
    of each text is hidden. The weights are the mean of those after the last `averaged` epochs."""

    epochs: int
    rate: float
    dropout: float = 0.0
    averaged: int = 1


OF_IDS = Training(epochs=16, rate=1.5, dropout=0.6, averaged=8)
"""Chosen on the tuning half of tests/nlu/heldout, as the thresholds of `understand` were."""
OF_LANGUAGES = Training(epochs=3, rate=0.6)


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


def learn(sources: Sources) -> tuple[Table, Table]:
    """Two tables learned from all phrases: what a text means, and in which language it is.

    What means none of the ids counts double: there is more of it in the world than in any list,
    and taking it for something leads people astray. The same phrases give the same tables.
    """
    examples, lexicons = sources.examples(), sources.lexicons()
    examples += [one for one in examples if one.id == NONE]
    texts = [Said(one.text) for one in examples]
    written = [letters(said) for said in texts]
    meant = [
        meanings(concepts(said, looked_up(lexicons, one.language)))
        for said, one in zip(texts, examples, strict=True)
    ]
    whole = [rows_of((LETTERS, a), (CONCEPTS, b)) for a, b in zip(written, meant, strict=True)]
    ids = sorted({one.id for one in examples})
    tags = sorted({one.language for one in examples})
    of_id, of_tag = ([names.index(name) for name in found] for names, found in (
        (ids, [one.id for one in examples]), (tags, [one.language for one in examples])
    ))  # fmt: skip
    only_letters = [rows_of((LETTERS, rows)) for rows in written]
    return (
        table(ids, fit(whole, of_id, len(ids), OF_IDS)),
        table(tags, fit(only_letters, of_tag, len(tags), OF_LANGUAGES)),
    )


def fit(texts: Sequence[Rows], answers: Sequence[int], kinds: int, training: Training) -> Numbers:
    """Weights (ROWS x kinds) with which the scores of `texts` name their `answers`."""
    chance = np.random.default_rng(_SEED)
    weights = np.zeros((ROWS, kinds), np.float32)
    total = np.zeros_like(weights)
    seen = np.full(ROWS, _FIRST, np.float32)
    right = np.asarray(answers)
    for epoch in range(training.epochs):
        order = chance.permutation(len(texts))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            shown = [_shown(texts[i], training.dropout, chance) for i in batch]
            _step(weights, seen, shown, right[batch], training.rate)
        if epoch >= training.epochs - training.averaged:
            total += weights
    return total / np.float32(training.averaged)


def _shown(text: Rows, dropout: float, chance: np.random.Generator) -> Rows:
    """The text with about this share of its rows hidden; what is left counts as much as all."""
    if not dropout:
        return text
    kept = chance.random(len(text.rows)) >= dropout
    return Rows(text.rows[kept], text.values[kept] / np.float32((1 - dropout) ** 0.5))


def _step(
    weights: Numbers, seen: Numbers, batch: list[Rows], right: NDArray[np.int64], rate: float
) -> None:
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
    weights[touched] = before - rate * slope / np.sqrt(seen[touched])[:, None]


def _shares(scores: Numbers) -> Numbers:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)
