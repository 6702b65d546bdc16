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
from bot.nlu.packed import Packed, packed
from bot.nlu.phrases import Phrases, Sayings
from bot.nlu.spoken import NOT_LETTERS, bare

URGENCY = ("danger", "violence", "detained", "passport-taken", "overstayed")
"""Where a message is about several, the first of these is answered."""

LONGEST_TEXT = 2000
# In Japanese a Latin word has no spaces around it.
_PIECES = re.compile(r"[a-z0-9]+|[^\sa-z0-9]+")

_WORDS, _ACCENTED, _UNSPACED = "w ", "a ", "u "
"""Marks of the keys: in which form of the text an expression is looked for."""
_MOST_WORDS, _MOST_LETTERS, _FEWEST_LETTERS = 3, 3, 2
"""Keys are no longer than this; that of a lone beginning (strangl*) no longer than the last."""


class Alarms:
    """The alarms of all languages, out of `pack_alarms`. `ids` are the safety answers that exist.

    Every message is looked through, and most speak of no danger: expressions are found by their
    first words (in Japanese by their first letters), so that the others cost nothing.
    """

    def __init__(self, expressions: Packed, ids: Iterable[str]) -> None:
        self._expressions = expressions
        self._ids = frozenset(ids)

    def find(self, text: str) -> str | None:
        """The id of the answer that this message needs first, or None."""
        hits: dict[tuple[str, str], set[str]] = defaultdict(set)
        for place in self._hits(text[:LONGEST_TEXT]):
            name, tag, part = place.split(" ")
            hits[name, tag].add(part)
        ringing = {name for (name, _), parts in hits.items() if _rings(parts)}
        return next((name for name in URGENCY if name in ringing & self._ids), None)

    def _hits(self, text: str) -> Iterator[str]:
        """Where the expressions belong that stand in the text."""
        said = bare(text)
        words = _PIECES.findall(said)
        yield from self._within(f" {' '.join(words)} ", _keys_of_words(_WORDS, words))
        if not said.isascii():
            yield from self._within(said, _keys_of_letters(said))
        if not text.isascii():
            words = _with_accents(text).split()
            yield from self._within(f" {' '.join(words)} ", _keys_of_words(_ACCENTED, words))

    def _within(self, text: str, keys: set[str]) -> Iterator[str]:
        for key in keys:
            for expression, place in self._expressions.get(key):
                if expression in text:
                    yield place


def pack_alarms(phrases: Mapping[str, Phrases]) -> Packed:
    """The expressions of danger in all languages, with the id, the language and the part of its
    sayings to which each belongs."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for tag, one in phrases.items():
        for name in one.ids.keys() & set(URGENCY):
            for part, terms in _parts(one.ids[name]):
                for term in filter(bare, terms):
                    key, expression = _entry(term)
                    found[key].append((expression, f"{name} {tag} {part}"))
    return packed(found)


def _parts(sayings: Sayings) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "sure", sayings.sure
    yield "not", sayings.not_with
    yield "never", sayings.never
    for number, terms in enumerate(sayings.terms, 1):
        yield f"{number}/{len(sayings.terms)}", terms


def _rings(parts: set[str]) -> bool:
    if "never" in parts:
        return False
    groups = [part for part in parts if "/" in part]
    by_terms = bool(groups) and "not" not in parts and groups[0].endswith(f"/{len(groups)}")
    return "sure" in parts or by_terms


def _entry(term: str) -> tuple[str, str]:
    """The key of an expression and its form: a whole word or several, the beginning of one
    (strangl*), or Japanese letters."""
    folded, accented = bare(term), _with_accents(term)
    if is_unspaced(folded):
        return _UNSPACED + folded[:_MOST_LETTERS], folded
    mark, spelled = (_WORDS, folded) if folded == accented else (_ACCENTED, accented)
    is_beginning = term.endswith("*")
    words = spelled.split()
    if is_beginning and len(words) == 1:
        return mark + spelled[:_FEWEST_LETTERS], f" {spelled}"
    first = words[: min(_MOST_WORDS, len(words) - is_beginning)]
    return mark + " ".join(first), f" {spelled}" + ("" if is_beginning else " ")


def _keys_of_words(mark: str, words: list[str]) -> set[str]:
    beginnings = {word[:size] for word in words for size in range(1, _FEWEST_LETTERS + 1)}
    runs = {
        " ".join(words[at : at + size])
        for at in range(len(words))
        for size in range(1, _MOST_WORDS + 1)
    }
    return {mark + key for key in runs | beginnings}


def _keys_of_letters(text: str) -> set[str]:
    lengths = range(_FEWEST_LETTERS, _MOST_LETTERS + 1)
    return {_UNSPACED + text[at : at + size] for at in range(len(text)) for size in lengths}


def _with_accents(text: str) -> str:
    spelled = NOT_LETTERS.sub(" ", plain(text)).strip()
    return spelled.replace(" ", "") if is_unspaced(spelled) else spelled
