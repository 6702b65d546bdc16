"""Words of people in danger, recognised before everything else, in every language at once.

A false alarm sends somebody who lost a card to the police; a missed one is worse. So nothing is
guessed by likeness here: an alarm is a `sure` expression, or one hit in each group of `terms`
without a word of `not`; and never with a word of `never`. Where accents make another word of it
(tự tử, từ từ), a term is written with them and only meets text that has them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from bot.nlu.lexicon import is_unspaced
from bot.nlu.normal import plain
from bot.nlu.phrases import Phrases, Sayings
from bot.nlu.spoken import NOT_LETTERS, bare

URGENCY = ("danger", "violence", "detained", "passport-taken", "overstayed")
"""Where a message is about several, the first of these is answered."""

LONGEST_TEXT = 2000
# In Japanese a Latin word has no spaces around it.
_PIECES = re.compile(r"[a-z0-9]+|[^\sa-z0-9]+")

Place = tuple[int, str | int]
"""Of which alarm an expression is part, and of which of its lists or groups."""


class Alarms:
    """The alarms of all languages, built once. `ids` are the safety answers that exist.

    Every message is looked through, and most speak of no danger: expressions are found by their
    first word (in Japanese by their first two letters), so that the others cost nothing.
    """

    def __init__(self, phrases: Mapping[str, Phrases], ids: Iterable[str]) -> None:
        known = [name for name in URGENCY if name in set(ids)]
        alarms = [
            (name, one.ids[name]) for name in known for one in phrases.values() if name in one.ids
        ]
        self._names = [name for name, _ in alarms]
        self._groups = [len(sayings.terms) for _, sayings in alarms]
        self._index = _Index()
        for number, (_, sayings) in enumerate(alarms):
            for part, terms in _parts(sayings):
                place = (number, part)
                for term in terms:
                    self._index.add(term, place)

    def find(self, text: str) -> str | None:
        """The id of the answer that this message needs first, or None."""
        hits: dict[int, set[str | int]] = defaultdict(set)
        for number, part in self._index.hits(text[:LONGEST_TEXT]):
            hits[number].add(part)
        ringing = (n for n in sorted(hits) if self._rings(hits[n], self._groups[n]))
        return next((self._names[number] for number in ringing), None)

    def _rings(self, hit: set[str | int], groups: int) -> bool:
        if "never" in hit:
            return False
        by_terms = groups > 0 and "not" not in hit and all(n in hit for n in range(groups))
        return "sure" in hit or by_terms


def _parts(sayings: Sayings) -> Iterator[tuple[str | int, tuple[str, ...]]]:
    yield "sure", sayings.sure
    yield "not", sayings.not_with
    yield "never", sayings.never
    yield from enumerate(sayings.terms)


class _Index:
    """Expressions by how they begin, each in the form of the text that it is written in."""

    def __init__(self) -> None:
        self._spaced: dict[str, list[tuple[str, Place]]] = defaultdict(list)
        self._accented: dict[str, list[tuple[str, Place]]] = defaultdict(list)
        self._unspaced: dict[str, list[tuple[str, Place]]] = defaultdict(list)
        self._beginnings: list[tuple[str, Place]] = []

    def add(self, term: str, place: Place) -> None:
        """A whole word or several, the beginning of one (strangl*), or Japanese letters."""
        folded, accented = bare(term), _with_accents(term)
        if not folded:
            return
        if is_unspaced(folded):
            self._unspaced[folded[:2]].append((folded, place))
            return
        end = "" if term.endswith("*") else " "
        if folded != accented:
            self._accented[accented.split()[0]].append((f" {accented}{end}", place))
        elif end or " " in folded:
            self._spaced[folded.split()[0]].append((f" {folded}{end}", place))
        else:
            self._beginnings.append((f" {folded}", place))

    def hits(self, text: str) -> Iterator[Place]:
        """Where the expressions belong that stand in the text."""
        said = bare(text)
        yield from _found(_PIECES.findall(said), self._spaced, self._beginnings)
        if not said.isascii():
            pairs = {said[at : at + 2] for at in range(len(said))}
            for pair in pairs & self._unspaced.keys():
                yield from (place for name, place in self._unspaced[pair] if name in said)
        if not text.isascii():
            yield from _found(_with_accents(text).split(), self._accented, ())


def _found(
    words: list[str],
    index: Mapping[str, list[tuple[str, Place]]],
    beginnings: Iterable[tuple[str, Place]],
) -> Iterator[Place]:
    padded = f" {' '.join(words)} "
    for word in set(words) & index.keys():
        yield from (place for name, place in index[word] if name in padded)
    yield from (place for name, place in beginnings if name in padded)


def _with_accents(text: str) -> str:
    spelled = NOT_LETTERS.sub(" ", plain(text)).strip()
    return spelled.replace(" ", "") if is_unspaced(spelled) else spelled
