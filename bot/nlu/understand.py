"""The door: a free text becomes an `Understood`, by key terms and likeness, or stays unclear.

Lexical likeness alone is right too seldom to act on. An id is decided only when its key terms
agree with the phrases or the message is nearly one of them; what is near becomes a choice of
two or three; the rest is "none". A wrong procedure harms more than a question asked back.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.dialogue.understood import CLARIFY, NONE, Understood
from bot.flow.model import Library, Question
from bot.flow.places import needs_municipality
from bot.nlu.alarms import URGENCY, Alarms
from bot.nlu.dates import find_dates
from bot.nlu.likeness import Likeness, bare, is_unspaced
from bot.nlu.normal import plain
from bot.nlu.options import AnswerWords, find_options, is_label
from bot.nlu.phrases import Phrases, Sayings, read_phrases
from bot.nlu.places import Places

FALLBACK = "en"
REGISTERS = {"ja-simple": "ja"}
"""A register of a language: its phrases and those of the language count together."""

LIKE_A_PHRASE, LIKE_ENOUGH, NEAR = 0.66, 0.14, 0.30
CLEARLY, BESIDE_TERMS = 0.12, 0.8
TERM_BONUS = 0.35
FEW_WORDS, FEW_LETTERS = 4, 14
REQUEST_LIKENESS = 0.62
MOST_CANDIDATES = 3

NOBODY = re.compile(r"(?!)")


class _Terms:
    """The key terms of one id, compiled: groups that must each have a hit, words that forbid."""

    def __init__(self, sayings: Sayings) -> None:
        self.groups = [_any_of(group) for group in sayings.terms]
        self._not_with = _any_of(sayings.not_with)
        self._sure = _any_of(sayings.sure)
        self._never = _any_of(sayings.never)

    def is_forbidden(self, text: str) -> bool:
        if self._never.search(text):
            return True
        return bool(self._not_with.search(text)) and not self._sure.search(text)

    def hits(self, text: str) -> int:
        return sum(bool(group.search(text)) for group in self.groups)

    def agree(self, text: str) -> bool:
        return bool(self.groups) and self.hits(text) == len(self.groups)


def _any_of(terms: Iterable[str]) -> re.Pattern[str]:
    """Whole words, or the beginning of one (driver*); in Japanese any place in the text."""
    spaced, unspaced = [], []
    for term in terms:
        name = bare(term)
        if not name:
            continue
        if is_unspaced(name):
            unspaced.append(re.escape(name))
        else:
            letter = "[a-z0-9]" if name.isascii() else r"\w"
            end = f"{letter}*" if term.endswith("*") else f"(?!{letter})"
            spaced.append(f"(?<!{letter}){re.escape(name)}{end}")
    parts = spaced + unspaced
    return re.compile("|".join(parts)) if parts else NOBODY


@dataclass(frozen=True, slots=True)
class _Language:
    """What is known of one language, built once."""

    likeness: Likeness
    requests: Likeness
    terms: Mapping[str, _Terms]
    request_terms: Mapping[str, _Terms]
    words: AnswerWords


class Nlu:
    """Understands free text; built once from the phrases, then only read.

    `phrases` are by stored tag. `library` says which ids exist: phrases of a procedure that
    is not there count as near misses. `languages` narrows the tags (all that have phrases).
    """

    def __init__(
        self,
        phrases: Mapping[str, Phrases],
        library: Library,
        languages: Iterable[str] | None = None,
    ) -> None:
        known = frozenset(library.flows) | frozenset(library.topics)
        self._alarms = Alarms(phrases, library.safety)
        phrases = {tag: one.without(URGENCY) for tag, one in phrases.items()}
        tags = tuple(phrases) if languages is None else tuple(languages)
        detailed = {code for code in library.places if needs_municipality(code, library)}
        self._places = Places(library.places, detailed)
        self._commands = _commands(phrases)
        whole = {tag: _with_register(phrases, tag) for tag in tags if tag in phrases}
        english = phrases.get(FALLBACK)
        self._languages = {tag: _build(one, english, known) for tag, one in whole.items()}

    @property
    def languages(self) -> tuple[str, ...]:
        """The tags of the languages that are understood."""
        return tuple(self._languages)

    def understand(
        self,
        text: str,
        language: str,
        today: date,
        question: Question | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> Understood:
        """What the text says to somebody who reads `language`.

        `question` is the open one; `labels` are its options as the reader sees them.
        """
        candidates, decision = self._meaning(bare(text), text, language)
        options: tuple[str, ...] = ()
        if question is not None and (own := self._of(language)) is not None:
            options = find_options(text, question, labels or {}, own.words)
            if options and is_label(text, question, labels or {}):
                decision = NONE  # the whole message is the answer's own label
        return Understood(
            candidates=candidates,
            decision=decision,
            dates=find_dates(text, language, today, past=_past(question)),
            options=options,
            place=self._place(text),
            safety=self._alarms.find(text),
        )

    def _place(self, text: str) -> Mapping[str, str | None] | None:
        found = self._places.find(text)
        if found is None:
            return None
        return {"prefecture": found["prefecture"], "municipality": found["municipality"]}

    def _of(self, language: str) -> _Language | None:
        return self._languages.get(language) or self._languages.get(FALLBACK)

    def _meaning(
        self, said: str, text: str, language: str
    ) -> tuple[tuple[tuple[str, float], ...], str]:
        if (command := self._commands.get(said or plain(text))) is not None:
            return ((command, 1.0),), command
        if not said:
            return (), NONE
        best: tuple[tuple[tuple[str, float], ...], str] = ((), NONE)
        for tag in self._worth_trying(said, language):
            candidates, decision = _judge(said, self._languages[tag])
            if decision not in (NONE, CLARIFY):
                return candidates, decision
            if best[1] == NONE:
                best = (candidates, decision)
        return best

    def _worth_trying(self, said: str, language: str) -> list[str]:
        """The reader's language; another one when the letters are not of the reader's."""
        other = "ja" if is_unspaced(said) else FALLBACK if said.isascii() else language
        if other == REGISTERS.get(language):
            other = language  # its phrases are in the register already
        return [tag for tag in dict.fromkeys((language, other)) if tag in self._languages]


def load_nlu(locales_dir: Path, library: Library, *, tags: Mapping[str, str] | None = None) -> Nlu:
    """The Nlu of all locales/<locale>/phrases.yaml; `tags` maps folders to stored tags.

    Raises WrongContent when a file is not as it must be.
    """
    phrases = {}
    for path in sorted(locales_dir.glob("*/phrases.yaml")):
        folder = path.parent.name
        tag = (tags or {}).get(folder, folder.replace("@", "-").replace("_", "-"))
        phrases[tag] = read_phrases(path, f"locales/{folder}/phrases.yaml")
    return Nlu(phrases, library)


# ---------------------------------------------------------------- building


def _with_register(phrases: Mapping[str, Phrases], tag: str) -> Phrases:
    base = REGISTERS.get(tag, tag)
    is_whole = base == tag or base not in phrases
    return phrases[tag] if is_whole else phrases[tag].joined(phrases[base])


def _commands(phrases: Mapping[str, Phrases]) -> dict[str, str]:
    """Exact message -> request, of all languages; a message of two requests is none."""
    found: dict[str, set[str]] = {}
    for one in phrases.values():
        for name, sayings in one.ids.items():
            for word in (*sayings.exact, *sayings.phrases) if sayings.exact else ():
                found.setdefault(bare(word) or plain(word), set()).add(name)
    return {word: next(iter(names)) for word, names in found.items() if len(names) == 1}


def _build(one: Phrases, english: Phrases | None, known: frozenset[str]) -> _Language:
    requests = {name for name, sayings in one.ids.items() if sayings.exact}
    about = [
        (name if name in known else NONE, phrase)
        for name, sayings in one.ids.items()
        if name not in requests
        for phrase in sayings.phrases
    ]
    short = [
        (name if name in requests else NONE, phrase)
        for name, sayings in one.ids.items()
        for phrase in (*sayings.phrases, *sayings.exact)
    ]
    words = one if english is None else one.joined(english)
    return _Language(
        Likeness(about),
        Likeness(short),
        {name: _Terms(sayings) for name, sayings in one.ids.items() if name in known},
        {name: _Terms(one.ids[name]) for name in requests if one.ids[name].terms},
        AnswerWords(words.words),
    )


# ---------------------------------------------------------------- judging


def _judge(said: str, language: _Language) -> tuple[tuple[tuple[str, float], ...], str]:
    """Ranked ids of one language, and the decision."""
    if (request := _request(said, language)) is not None:
        return (request,), request[0]
    likeness = language.likeness.scores(said)
    against = likeness.pop(NONE, 0.0)
    scores, agreeing = {}, set()
    for name, terms in language.terms.items():
        like = likeness.get(name, 0.0)
        if terms.is_forbidden(said):
            continue
        if terms.agree(said):
            agreeing.add(name)
            scores[name] = min(1.0, like + TERM_BONUS)
        elif like:
            scores[name] = like
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    near = tuple((name, round(s, 3)) for name, s in ranked if s >= NEAR)[:MOST_CANDIDATES]
    return near, _decide(ranked, likeness, against, agreeing)


def _decide(
    ranked: list[tuple[str, float]],
    likeness: Mapping[str, float],
    against: float,
    agreeing: set[str],
) -> str:
    if not ranked or ranked[0][1] < NEAR:
        return NONE
    best, score = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    like = likeness.get(best, 0.0)
    clear = score - second >= CLEARLY
    if best in agreeing:
        is_alone = agreeing == {best}
        if is_alone and clear and like >= LIKE_ENOUGH and like >= BESIDE_TERMS * against:
            return best
        return CLARIFY
    if clear and like >= LIKE_A_PHRASE and like > against:
        return best
    return CLARIFY if like > against else NONE


def _is_short(said: str, words: int, letters: int) -> bool:
    return len(said) <= letters if is_unspaced(said) else len(said.split()) <= words


def _request(said: str, language: _Language) -> tuple[str, float] | None:
    """A request that the short message clearly is, or None: a story never goes back."""
    if not _is_short(said, FEW_WORDS * 2, FEW_LETTERS * 2):
        return None
    scores = language.requests.scores(said)
    for name, terms in language.request_terms.items():
        like = scores.get(name, 0.0)
        if like >= LIKE_ENOUGH and terms.agree(said) and not terms.is_forbidden(said):
            return name, round(min(1.0, like + TERM_BONUS), 3)
    if not _is_short(said, FEW_WORDS, FEW_LETTERS):
        return None
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][0] == NONE or ranked[0][1] < REQUEST_LIKENESS:
        return None
    if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < CLEARLY:
        return None
    return ranked[0][0], round(ranked[0][1], 3)


def _past(question: Question | None) -> bool | None:
    """Whether the open question asks for a day that has passed, or one to come."""
    if question is None:
        return None
    if question.not_after == "today":
        return True
    return False if question.not_before == "today" else None
