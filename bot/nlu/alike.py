"""Messages grouped by likeness, so that one gap in the content is seen as one."""

from collections.abc import Sequence

from bot.nlu.features import Said, letters

LIKE = 0.3
"""Two messages are alike from this share of common words and runs of letters on."""


def groups(texts: Sequence[str]) -> list[list[str]]:
    """The texts in groups, the largest first; a text stands with the first group it is like."""
    found: list[tuple[set[int], list[str]]] = []
    for text in texts:
        rows = set(letters(Said(text)))
        near = max(found, key=lambda group: _share(rows, group[0]), default=None)
        if near is not None and _share(rows, near[0]) >= LIKE:
            near[1].append(text)
        else:
            found.append((rows, [text]))
    return sorted((its for _, its in found), key=lambda its: (-len(its), its[0]))


def _share(one: set[int], other: set[int]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0
