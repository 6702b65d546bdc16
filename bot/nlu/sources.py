"""What there is to learn from: the phrases and the lexicon of each language."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.nlu.learn import Example
from bot.nlu.lexicon import NAME as LEXICON
from bot.nlu.lexicon import Lexicon, read_lexicon
from bot.nlu.phrases import Phrases, read_phrases

PHRASES = "phrases.yaml"
_CODE = ("features.py", "learn.py", "lexicon.py", "model.py", "normal.py", "sources.py")


@dataclass(frozen=True, slots=True)
class Sources:
    """By stored tag: what people say, and the words by what they are about."""

    phrases: Mapping[str, Phrases]
    words: Mapping[str, Mapping[str, tuple[str, ...]]]
    fingerprint: str

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


def read_sources(locales_dir: Path, tags: Mapping[str, str]) -> Sources:
    """The sources of all locales; raises WrongContent with the faults of a file.

    `tags` maps folders to stored tags. The fingerprint is that of the files and of the code
    that learns from them.
    """
    made = hashlib.sha256(_fingerprint_of_code())
    phrases: dict[str, Phrases] = {}
    words: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for path in sorted(locales_dir.glob(f"*/{PHRASES}")):
        folder = path.parent.name
        tag = tags.get(folder, folder.replace("@", "-").replace("_", "-"))
        made.update(f"{tag}\n".encode() + path.read_bytes())
        phrases[tag] = read_phrases(path, f"locales/{folder}/{PHRASES}")
        lexicon = path.with_name(LEXICON)
        if lexicon.is_file():
            made.update(lexicon.read_bytes())
            words[tag] = read_lexicon(lexicon, f"locales/{folder}/{LEXICON}")
    return Sources(phrases, words, made.hexdigest())


@lru_cache(maxsize=1)
def _fingerprint_of_code() -> bytes:
    here = Path(__file__).parent
    return b"".join((here / name).read_bytes() for name in _CODE)
