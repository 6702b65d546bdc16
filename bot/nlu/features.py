"""A text as numbers: its words, runs of letters and concepts, each a row of the learned table.

A name of a feature is hashed to its row; no list of features is kept.
"""

from collections.abc import Iterable, Iterator
from zlib import crc32

from bot.nlu.lexicon import Lexicon, is_unspaced, pieces

ROWS = 1 << 17
LONGEST_TEXT = 400
MOST = 400
_SHORTEST_RUN, _LONGEST_RUN = 3, 4
_LONGEST_UNSPACED = 3
_NEIGHBOURS = 12

Row = int


def letters(said: list[str]) -> list[Row]:
    """Rows of the words and runs of letters."""
    return _rows(_names_of_letters(said))


def meanings(said: list[str], lexicons: Iterable[Lexicon]) -> list[Row]:
    """Rows of the concepts that stand in the text, alone and two together."""
    found: dict[str, int] = {}
    for lexicon in lexicons:
        for at, concept in lexicon.concepts(said):
            found.setdefault(concept, at)
    return _rows(_names_of_concepts(found))


def said_in(text: str) -> list[str]:
    """The pieces that are looked at."""
    return pieces(text[:LONGEST_TEXT])


def _rows(names: Iterable[str]) -> list[Row]:
    return list(dict.fromkeys(crc32(name.encode()) % ROWS for name in names))[:MOST]


def _names_of_letters(said: list[str]) -> Iterator[str]:
    before = "^"
    for piece in said:
        if is_unspaced(piece):
            for length in range(1, _LONGEST_UNSPACED + 1):
                for at in range(len(piece) - length + 1):
                    yield piece[at : at + length]
        else:
            yield f"w:{piece}"
            yield f"{before} {piece}"
            padded = f"<{piece}>"
            for length in range(_SHORTEST_RUN, _LONGEST_RUN + 1):
                for at in range(len(padded) - length + 1):
                    yield padded[at : at + length]
        before = piece


def _names_of_concepts(found: dict[str, int]) -> Iterator[str]:
    inorder = sorted(found)
    for concept in inorder:
        yield f"k:{concept}"
    for number, one in enumerate(inorder):
        for other in inorder[number + 1 :]:
            yield f"k:{one}+{other}"
    if not found:
        yield "k:nothing"
