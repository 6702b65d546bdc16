"""What words are about: the concepts of locales/<locale>/lexicon.yaml, found in a text.

"I lost it", なくした and "bị mất" are one concept. What was learned from the phrases of one
language about a concept, or two together, so holds in all of them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from bot.flow.faults import Fault, WrongContent
from bot.flow.yaml_reader import line_of, read_text
from bot.nlu.normal import fold, plain

NAME = "lexicon.yaml"
CONCEPTS, DETAILS, MARK = "concepts", "details", "-"
_HAN_KANA = r"\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆ー"
_PIECES = re.compile(rf"[{_HAN_KANA}]+|(?:(?![{_HAN_KANA}])[\w\u0900-\u0963\u0966-\u097f])+")
_UNSPACED = re.compile(rf"[{_HAN_KANA}]")


def is_unspaced(text: str) -> bool:
    """True when the text holds Japanese or Chinese letters, which stand without spaces."""
    return bool(_UNSPACED.search(text))


def pieces(text: str) -> list[str]:
    """Words and stretches of Japanese or Chinese, folded, in order."""
    return _PIECES.findall(fold(plain(text)).replace("_", " "))


def spelled(text: str) -> list[str]:
    """The words that are written with Latin accents, in order."""
    return [word for word in _PIECES.findall(plain(text)) if word != fold(word)]


class Lexicon:
    """The words of one language, by what they are about."""

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], bool, str]]] = defaultdict(list)
        self._stems: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._unspaced: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for concept, entries in words.items():
            for entry in entries:
                self._add(entry, concept)

    def _add(self, entry: str, concept: str) -> None:
        parts = pieces(entry.rstrip("*"))
        if not parts:
            return
        is_stem = entry.endswith("*")
        if any(is_unspaced(part) for part in parts):
            whole = "".join(parts)
            self._unspaced[whole[:2]].append((whole, concept))
        elif is_stem and len(parts) == 1:
            self._stems[parts[0][:2]].append((parts[0], concept))
        else:
            self._by_first[parts[0]].append((tuple(parts), is_stem, concept))

    def concepts(self, said: list[str]) -> Iterator[tuple[int, str]]:
        """(where it stands, concept) of what is found in the pieces of a text."""
        for at, piece in enumerate(said):
            for parts, is_stem, concept in self._by_first.get(piece, ()):
                if _stands(parts, is_stem, said, at):
                    yield at, concept
            for stem, concept in self._stems.get(piece[:2], ()):
                if piece.startswith(stem):
                    yield at, concept
        if self._unspaced and any(is_unspaced(piece) for piece in said):
            yield from self._within("".join(said))

    def _within(self, text: str) -> Iterator[tuple[int, str]]:
        for at in range(len(text) - 1):
            for whole, concept in self._unspaced.get(text[at : at + 2], ()):
                if text.startswith(whole, at):
                    yield at, concept
        for at, letter in enumerate(text):
            yield from ((at, concept) for _, concept in self._unspaced.get(letter, ()))


def _stands(parts: tuple[str, ...], is_stem: bool, said: list[str], at: int) -> bool:
    there = said[at : at + len(parts)]
    if len(there) < len(parts):
        return False
    whole = len(parts) - 1 if is_stem else len(parts)
    if tuple(there[:whole]) != parts[:whole]:
        return False
    return not is_stem or there[-1].startswith(parts[-1])


def looked_up(
    lexicons: Mapping[str, Lexicon], written: str, reader: str | None = None
) -> tuple[Lexicon, ...]:
    """Where the words of a text are looked up: its language, the reader's, English and Japanese,
    whose words everybody in Japan uses."""
    tags = dict.fromkeys((written, reader or written, "en", "ja"))
    return tuple(lexicons[tag] for tag in tags if tag in lexicons)


def read_lexicon(path: Path, name: str) -> dict[str, tuple[str, ...]]:
    """concept -> words; raises WrongContent with all faults of the file.

    What stands under `details` gets a mark before its name (`is_detail`).
    """
    data, faults = read_text(path.read_text(encoding="utf-8"), name)
    found: dict[str, tuple[str, ...]] = {}
    if not isinstance(data, dict) or not set(data) <= {CONCEPTS, DETAILS}:
        right = f"two mappings, {CONCEPTS} and {DETAILS}, each of the form name: [words]"
        raise WrongContent([*faults, Fault(name, 1, "the lexicon has another form", right)])
    for part, mark in ((CONCEPTS, ""), (DETAILS, MARK)):
        its = data.get(part) or {}
        for concept, words in its.items():
            if not isinstance(words, list):
                right = "a list of words: [lost, missing]"
                faults.append(Fault(name, line_of(its, concept), f"'{concept}' is no list", right))
            else:
                found[mark + concept] = tuple(str(word) for word in words)
    if faults:
        raise WrongContent(faults)
    return found


def is_detail(concept: str) -> bool:
    """True for a fine concept (wallet, taxi): it counts alone, and is not looked at in pairs."""
    return concept.startswith(MARK)
