"""What there is to learn from: the phrases and the lexicon of each language.

What is needed later than for learning (the words of danger, the commands, the lexicon) is kept
beside what was learned: nobody who starts has to read forty thousand lines of YAML.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.nlu.lexicon import NAME as LEXICON
from bot.nlu.lexicon import Lexicon, read_lexicon
from bot.nlu.normal import plain
from bot.nlu.phrases import Phrases, Sayings, read_phrases

PHRASES = "phrases.yaml"
_CODE = (
    "features.py", "learn.py", "lexicon.py", "model.py", "normal.py", "phrases.py", "sources.py"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """A phrase: in which language, and what it means."""

    language: str
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Sources:
    """By stored tag: what people say, and the words by what they are about.

    `usual` are words that people say in any language: none of them is a name.
    """

    phrases: Mapping[str, Phrases]
    words: Mapping[str, Mapping[str, tuple[str, ...]]]
    usual: frozenset[str]

    def lexicons(self) -> dict[str, Lexicon]:
        """The lexicons, ready to be asked."""
        return {tag: Lexicon(words) for tag, words in self.words.items()}

    def examples(self) -> list[Example]:
        """Every phrase with its language and id, the exact messages of requests included."""
        return [
            Example(tag, name, text)
            for tag, phrases in self.phrases.items()
            for name, sayings in phrases.ids.items()
            for text in dict.fromkeys((*sayings.phrases, *sayings.clues, *sayings.exact))
        ]

    def after_learning(self) -> "Sources":
        """The same without the phrases that are only there to learn from."""
        left = {
            tag: Phrases({name: _needed(s) for name, s in one.ids.items()}, one.words)
            for tag, one in self.phrases.items()
        }
        return replace(self, phrases=left)


def read_sources(locales_dir: Path, tags: Mapping[str, str]) -> Sources:
    """The sources of all locales; raises WrongContent with the faults of a file.

    `tags` maps folders to stored tags.
    """
    phrases: dict[str, Phrases] = {}
    words: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for path in _files(locales_dir):
        folder = path.parent.name
        tag, name = tags[folder], f"locales/{folder}/{path.name}"
        if path.name == PHRASES:
            phrases[tag] = read_phrases(path, name)
        else:
            words[tag] = read_lexicon(path, name)
    return Sources(phrases, words, _usual(phrases, words))


def fingerprint(locales_dir: Path) -> str:
    """Of all the files, and of the code that learns from them."""
    made = hashlib.sha256(_fingerprint_of_code())
    for path in _files(locales_dir):
        made.update(f"{path.parent.name}/{path.name}\n".encode() + path.read_bytes())
    return made.hexdigest()


def to_json(sources: Sources) -> dict[str, Any]:
    """Sources as plain data."""
    return {
        "phrases": {
            tag: {
                "ids": {
                    name: {key: getattr(sayings, key) for key in Sayings.__slots__}
                    for name, sayings in one.ids.items()
                },
                "words": dict(one.words),
            }
            for tag, one in sources.phrases.items()
        },
        "words": {tag: dict(words) for tag, words in sources.words.items()},
        "usual": sorted(sources.usual),
    }


NO_SOURCES = Sources({}, {}, frozenset())


def from_json(data: Mapping[str, Any]) -> Sources:
    """The sources that `to_json` wrote."""
    phrases = {
        tag: Phrases(
            {name: Sayings(**_tuples(its)) for name, its in one["ids"].items()},
            _tuples(one["words"]),
        )
        for tag, one in data["phrases"].items()
    }
    words = {tag: _tuples(its) for tag, its in data["words"].items()}
    return Sources(phrases, words, frozenset(data["usual"]))


def _tuples(lists: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: tuple(tuple(one) if isinstance(one, list) else one for one in its)
        for name, its in lists.items()
    }


def _needed(sayings: Sayings) -> Sayings:
    """What is still looked at: the phrases of a request are commands, too."""
    kept = sayings.phrases if sayings.exact else ()
    return replace(sayings, phrases=kept, clues=())


def _usual(
    phrases: Mapping[str, Phrases], words: Mapping[str, Mapping[str, Iterable[str]]]
) -> frozenset[str]:
    said = [text for one in phrases.values() for s in one.ids.values() for text in s.phrases]
    said += [word for lexicon in words.values() for its in lexicon.values() for word in its]
    return frozenset(piece.strip(".,!?;:\"'*") for text in said for piece in plain(text).split())


def _files(locales_dir: Path) -> list[Path]:
    return sorted((*locales_dir.glob(f"*/{PHRASES}"), *locales_dir.glob(f"*/{LEXICON}")))


@lru_cache(maxsize=1)
def _fingerprint_of_code() -> bytes:
    here = Path(__file__).parent
    return b"".join((here / name).read_bytes() for name in _CODE)
