"""Which answer of the open question a typed message names."""

import re
from collections.abc import Iterable, Mapping

from bot.flow.model import UNSURE, Question
from bot.nlu.lexicon import is_unspaced
from bot.nlu.spoken import bare

YES, NO, NONE = "yes", "no", "none"
DENY_AFTER = frozenset(("ko", "ne"))
"""Languages that deny a word after it."""
MOST_WORDS = 12
MOST_LETTERS = 40
_FEW_LETTERS = 14
_FEW_MORE = 3
_SHORTEST_PART = 3
_TELLING = 4
_KANA = re.compile(r"[\u3041-\u30fa]")
_CLAUSE = re.compile(r"[,.!;:、。！\n]+")
_POLITE = re.compile(r"(?:です|でした|だ|よ|ね)+\Z")
_POLITE_WORDS = frozenset(
    ("a", "please", "pls", "sir", "madam", "thanks", "nhe", "em", "anh", "chi", "ban")
)


class AnswerWords:
    """Words like yes, no, "I don't know" and "not", of the reader's language and of English.

    `denies_after`: the language says "stolen not" (Korean, Nepali)."""

    def __init__(self, words: Mapping[str, Iterable[str]], *, denies_after: bool = False) -> None:
        self._denies_after = denies_after
        self._words = {kind: frozenset(map(bare, items)) for kind, items in words.items()}
        self._nots = tuple(self._words.get("not", ()))

    def is_unsure(self, said: str) -> bool:
        """True for "I don't know", and for a short sentence around it."""
        if said in self._words.get("forgot", ()):
            return True
        known = self._words.get(UNSURE, frozenset())
        if said in known:
            return True
        if is_unspaced(said):
            return len(said) <= _FEW_LETTERS and any(len(w) > 3 and w in said for w in known)
        return any(
            " " in w and f" {w} " in f" {said} " and len(said.split()) - len(w.split()) <= _FEW_MORE
            for w in known
        )

    def means(self, kind: str, text: str) -> bool:
        """True when the text is such a word ("yes", "nothing"), or opens with one: "Yes, I am".

        A question is no answer.
        """
        known = self._words.get(kind, frozenset())
        first, *more = [one for part in _CLAUSE.split(text) if (one := bare(part))] or [""]
        if "?" in text or "？" in text or len(" ".join(more).split()) > MOST_WORDS:
            return False
        said = _POLITE.sub("", first).strip()
        if first in known or said in known:
            return True
        words = first.split()
        while len(words) > 1 and words[-1] in _POLITE_WORDS:
            words.pop()
        return " ".join(words) in known

    def is_negated(self, text: str, start: int, end: int) -> bool:
        """True when what stands at that place is denied: "not stolen", 盗難ではない."""
        if is_unspaced(text):
            # Japanese denies after the word, with kana; Chinese before it, without.
            after, just_before = text[end : end + 8], text[max(0, start - 4) : start]
            nots = [word for word in self._nots if is_unspaced(word)]
            return any(word in after for word in nots if _KANA.search(word)) or any(
                just_before.endswith(word) for word in nots if not _KANA.search(word)
            )
        around = [text[:start].split()[-3:]]
        if self._denies_after:
            around.append(text[end:].split()[:2])
        return any(f" {word} " in f" {' '.join(its)} " for its in around for word in self._nots)


def find_options(
    text: str, question: Question, labels: Mapping[str, str], words: AnswerWords
) -> tuple[str, ...]:
    """The ids of the options that the text names; `unsure` for "I don't know".

    The whole label, the label within a short message, or a part of one label only. `labels`
    are the labels in the reader's language; English and Japanese labels count as well.
    """
    said = bare(text)
    if not said or len(said) > MOST_WORDS * 8:
        return ()
    names = _names(question, labels)
    if exact := [option for option, labels_ in names.items() if said in labels_]:
        return tuple(exact[:1]) if len(exact) == 1 else ()
    if words.is_unsure(said):
        return (UNSURE,)
    ids = {option.id for option in question.options}
    if NONE in ids and words.means(NONE, text):
        return (NONE,)
    for word in (NO, YES):
        if word in ids and words.means(word, text):
            return (word,)
    is_short = len(said) <= MOST_LETTERS if is_unspaced(said) else len(said.split()) <= MOST_WORDS
    if not is_short:
        return ()
    return (
        _within(said, names, words)
        or _part_of_one(said, names)
        or _all_words_of_one(said, question, words)
    )


_READING = re.compile(r"([\u4e00-\u9fff\u3005]+)[(（]([\u3041-\u30ff]+)[)）]")


def is_label(text: str, question: Question, labels: Mapping[str, str]) -> bool:
    """True when the whole text is the label of an option."""
    said = bare(text)
    return any(said in names for names in _names(question, labels).values())


def _names(question: Question, labels: Mapping[str, str]) -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for option in question.options:
        texts = (labels.get(option.id, ""), option.label.text, option.ja or "")
        written = (form for one in texts for form in _with_and_without_readings(one))
        names[option.id] = {name for one in written if (name := bare(one))}
    return names


def _with_and_without_readings(text: str) -> tuple[str, ...]:
    """ "盗(ぬす)まれた" is also typed as "盗まれた" and as "ぬすまれた"."""
    if not _READING.search(text):
        return (text,)
    return (text, _READING.sub(r"\1", text), _READING.sub(r"\2", text))


def _within(said: str, names: Mapping[str, set[str]], words: AnswerWords) -> tuple[str, ...]:
    """Options whose label stands in the text, not denied, not inside a longer label's place."""
    spans: list[tuple[int, int, str]] = []
    for option, labels in names.items():
        if option in (YES, NO, UNSURE, NONE):
            continue
        for label in labels:
            at = _find(label, said)
            if at is not None and not words.is_negated(said, at, at + len(label)):
                spans.append((at, at + len(label), option))
    kept = [
        option
        for start, end, option in spans
        if not any(s <= start and end <= e and e - s > end - start for s, e, _ in spans)
    ]
    return tuple(dict.fromkeys(kept))


def _find(label: str, text: str) -> int | None:
    if is_unspaced(label):
        at = text.find(label) if len(label) > 1 else -1
    else:
        at = f" {text} ".find(f" {label} ")
    return at if at >= 0 else None


def _part_of_one(said: str, names: Mapping[str, set[str]]) -> tuple[str, ...]:
    """The one option of whose label the text is a part: "stolen" for "It was stolen"."""
    if len(said) < (2 if is_unspaced(said) else _SHORTEST_PART):
        return ()
    found = [
        option
        for option, labels in names.items()
        if any(_find(said, label) is not None for label in labels)
    ]
    return tuple(found) if len(found) == 1 else ()


def _all_words_of_one(said: str, question: Question, words: AnswerWords) -> tuple[str, ...]:
    """Options of whose English label the text holds every telling word, none of them denied:
    "it got stolen" for "It was stolen"."""
    found = []
    for option in question.options:
        telling = [one for one in bare(option.label.text).split() if len(one) >= _TELLING]
        places = [_find(one, said) for one in telling]
        if option.id not in (YES, NO, UNSURE, NONE) and telling and None not in places:
            starts = [at for at in places if at is not None]
            if not any(words.is_negated(said, start, start + _TELLING) for start in starts):
                found.append(option.id)
    return tuple(found) if len(found) == 1 or question.kind == "several" else ()
