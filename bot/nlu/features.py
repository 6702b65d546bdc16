"""A text as numbers: its words, runs of letters and concepts, each a row of the learned table.

The name of a feature is hashed to its row; no list of features is kept.
"""

from collections.abc import Iterable, Iterator
from zlib import crc32

from bot.nlu.lexicon import Lexicon, is_detail, is_unspaced, pieces, spelled

ROWS = 1 << 17
LONGEST_TEXT = 400
MOST = 400
"""Rows of one kind that one text may have: a story is read to its first few sentences."""
_SHORTEST_RUN, _LONGEST_RUN = 3, 4
_LONGEST_UNSPACED = 3

Row = int


class Said:
    """The pieces of a text: folded, and as they were spelled where accents make other words."""

    __slots__ = ("accented", "folded")

    def __init__(self, text: str) -> None:
        text = text[:LONGEST_TEXT]
        self.folded = pieces(text)
        self.accented = [] if text.isascii() else spelled(text)


def letters(said: Said) -> list[Row]:
    """Rows of the words and runs of letters."""
    return _rows(_names_of_letters(said))


def concepts(said: Said, lexicons: Iterable[Lexicon]) -> list[str]:
    """The concepts that stand in the text, sorted."""
    return sorted({c for lexicon in lexicons for c in lexicon.concepts(said.folded)})


def meanings(found: list[str]) -> list[Row]:
    """Rows of the concepts, alone and two together."""
    return _rows(_names_of_concepts(found))


def _rows(names: Iterable[str]) -> list[Row]:
    return list(dict.fromkeys(crc32(name.encode()) % ROWS for name in names))[:MOST]


def _names_of_letters(said: Said) -> Iterator[str]:
    before = "^"
    yield before
    for piece in said.folded:
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
    for piece in said.accented:
        yield f"a:{piece}"


def _names_of_concepts(found: list[str]) -> Iterator[str]:
    in_pairs = [one for one in found if not is_detail(one)]
    yield from (f"k:{one}" for one in found)
    for number, one in enumerate(in_pairs):
        for other in in_pairs[number + 1 :]:
            yield f"k:{one}+{other}"
    if not found:
        yield "k:nothing"
