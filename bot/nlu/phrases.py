"""What people say, read from locales/<locale>/phrases.yaml; locales/en explains the keys."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.flow.faults import Fault, WrongContent
from bot.flow.yaml_reader import line_of, read_text

NONE, WORDS = "none", "words"
_KEYS = frozenset(("terms", "not", "sure", "never", "phrases", "clues", "exact"))
WORD_KEYS = frozenset(("yes", "no", "unsure", "forgot", "none", "not"))


@dataclass(frozen=True, slots=True)
class Sayings:
    """How one id is said: each group of `terms` must have a hit.

    `not_with` are words of other things and forbid the id unless one of `sure` is there, too;
    `never` deny it. `phrases` are whole messages, `clues` short expressions.
    """

    terms: tuple[tuple[str, ...], ...] = ()
    not_with: tuple[str, ...] = ()
    sure: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    clues: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrases:
    """All of one locale: ids with their sayings, and the words that answer a question."""

    ids: Mapping[str, Sayings]
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def without(self, names: Iterable[str]) -> "Phrases":
        """The same without these ids."""
        left = {name: one for name, one in self.ids.items() if name not in set(names)}
        return Phrases(left, self.words)

    def joined(self, other: "Phrases") -> "Phrases":
        """Both together: a register and the language it belongs to."""
        ids = dict(other.ids)
        for name, own in self.ids.items():
            ids[name] = _both(own, ids[name]) if name in ids else own
        words = {
            key: tuple(dict.fromkeys((*self.words.get(key, ()), *other.words.get(key, ()))))
            for key in WORD_KEYS
        }
        return Phrases(ids, words)


def read_phrases(path: Path, name: str) -> Phrases:
    """The phrases in that file; raises WrongContent with all its faults."""
    data, faults = read_text(path.read_text(encoding="utf-8"), name)
    ids: dict[str, Sayings] = {}
    words: dict[str, tuple[str, ...]] = {}
    for key, value in data.items() if isinstance(data, dict) else ():
        allowed = WORD_KEYS if key == WORDS else _KEYS
        if not isinstance(value, dict) or not set(value) <= allowed:
            right = f"the keys here are {', '.join(sorted(allowed))}"
            faults.append(Fault(name, line_of(data, key), f"'{key}' has other keys", right))
        elif key == WORDS:
            words = {kind: _texts(items) for kind, items in value.items()}
        else:
            groups = value.get("terms", [])
            ids[key] = Sayings(
                terms=tuple(_texts(group) for group in groups if isinstance(group, list)),
                not_with=_texts(value.get("not", [])),
                sure=_texts(value.get("sure", [])),
                never=_texts(value.get("never", [])),
                phrases=_texts(value.get("phrases", [])),
                clues=_texts(value.get("clues", [])),
                exact=_texts(value.get("exact", [])),
            )
    if not isinstance(data, dict):
        faults.append(Fault(name, 1, "there is no mapping of ids", "see locales/en/phrases.yaml"))
    if faults:
        raise WrongContent(faults)
    return Phrases(ids, words)


def _texts(items: object) -> tuple[str, ...]:
    return tuple(str(item) for item in items) if isinstance(items, list) else ()


def _both(one: Sayings, other: Sayings) -> Sayings:
    return Sayings(
        terms=tuple(
            tuple(dict.fromkeys(a + b)) for a, b in zip(one.terms, other.terms, strict=False)
        )
        or one.terms
        or other.terms,
        not_with=one.not_with + other.not_with,
        sure=one.sure + other.sure,
        never=one.never + other.never,
        phrases=one.phrases + other.phrases,
        clues=one.clues + other.clues,
        exact=one.exact + other.exact,
    )
