"""What there is to learn from: the phrases and the lexicon of each language."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.nlu.lexicon import NAME as LEXICON
from bot.nlu.lexicon import Lexicon, pack_words, read_lexicon
from bot.nlu.normal import plain
from bot.nlu.phrases import Phrases, read_phrases

PHRASES = "phrases.yaml"
_CODE = (
    "alarms.py", "features.py", "learn.py", "lexicon.py", "model.py", "normal.py", "packed.py",
    "phrases.py", "sources.py", "spoken.py",
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
        words = pack_words(self.words)
        return {tag: Lexicon(words, tag) for tag in self.words}

    def examples(self) -> list[Example]:
        """Every phrase with its language and id, the exact messages of requests included."""
        return [
            Example(tag, name, text)
            for tag, phrases in self.phrases.items()
            for name, sayings in phrases.ids.items()
            for text in dict.fromkeys((*sayings.phrases, *sayings.clues, *sayings.exact))
        ]


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
