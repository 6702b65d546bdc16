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
from bot.nlu.packed import Packed, packed

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
    """The words of one language, by what they are about, out of those of all (`pack_words`).

    They are kept by how they begin: by their first word, a stem by its first two letters; with a
    mark of their own those that stand without spaces, by their first two letters.
    """

    def __init__(self, words: Packed, tag: str) -> None:
        self._words = words
        self._spaced, self._unspaced = _beginnings(tag)

    def concepts(self, said: list[str]) -> Iterator[str]:
        """The concepts of what is found in the pieces of a text."""
        text, at = " ".join(said) + " ", 0
        for piece in said:
            for beginning in {piece, piece[:2]}:
                for whole, concept in self._words.get(self._spaced + beginning):
                    if text.startswith(whole, at):
                        yield concept
            at += len(piece) + 1
        if any(is_unspaced(piece) for piece in said):
            yield from self._within("".join(said))

    def _within(self, text: str) -> Iterator[str]:
        beginnings = {text[at : at + size] for at in range(len(text)) for size in (1, 2)}
        for beginning in beginnings:
            for whole, concept in self._words.get(self._unspaced + beginning):
                if whole in text:
                    yield concept


def pack_words(words: Mapping[str, Mapping[str, Iterable[str]]]) -> Packed:
    """tag -> concept -> words, as `Lexicon` reads them."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for tag, concepts in words.items():
        for concept, entries in concepts.items():
            for entry in entries:
                if parts := pieces(entry.rstrip("*")):
                    key, whole = _entry(tag, parts, is_stem=entry.endswith("*"))
                    found[key].append((whole, concept))
    return packed(found)


def _entry(tag: str, parts: list[str], *, is_stem: bool) -> tuple[str, str]:
    """The key of a word and its form: a space at the end where no letter may follow."""
    spaced, unspaced = _beginnings(tag)
    if any(is_unspaced(part) for part in parts):
        whole = "".join(parts)
        return unspaced + whole[:2], whole
    first = parts[0][:2] if is_stem and len(parts) == 1 else parts[0]
    return spaced + first, " ".join(parts) + ("" if is_stem else " ")


def _beginnings(tag: str) -> tuple[str, str]:
    return f"{tag} ", f"{tag}/"


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
