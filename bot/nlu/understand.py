"""The door: a free text becomes an `Understood`: what it means, with how much confidence.

A wrong procedure harms more than a question asked back: an id is decided only when the model
is as sure of it as it was when it was right (docs/understanding.md); what is likely becomes a
choice of two or three; the rest is "none".
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from bot.dialogue.understood import CLARIFY, MOST_CHOICES, NONE, Understood
from bot.flow.model import Library, Question
from bot.flow.places import needs_municipality
from bot.nlu import model as models
from bot.nlu.alarms import URGENCY, Alarms
from bot.nlu.dates import find_dates
from bot.nlu.features import Said, concepts, letters, meanings
from bot.nlu.lexicon import looked_up
from bot.nlu.masking import masked
from bot.nlu.model import CONCEPTS, LETTERS, Model
from bot.nlu.normal import plain
from bot.nlu.options import DENY_AFTER, AnswerWords, find_options, is_label
from bot.nlu.phrases import Phrases
from bot.nlu.places import Places
from bot.nlu.sources import fingerprint, read_sources
from bot.nlu.spoken import Written, bare
from bot.nlu.statuses import status_named

FALLBACK = "en"

SHARPNESS = 0.9
"""The scores times this are as sure as they are right."""
CERTAIN, ALARM = 0.86, 0.8
"""From this probability on an id is decided, a danger answered."""
LIKELY, CLEARLY, HARDLY = 0.45, 4.0, 0.05
"""Also decided: what is at least so likely and so many times likelier than the next, when "none"
is hardly possible. Chosen on the tuning half of tests/nlu/heldout."""
CHOOSE, WORTH_A_CHOICE = 0.5, 0.02
"""Ids together at least this likely are offered, each of which is at least that likely."""
MOST_CANDIDATES = 5
EXPECTED = 1.5
"""How much likelier a subject is that this person has been told about."""
SHORT_WORDS, SHORT_LETTERS = 8, 28
"""A request is no longer than this: a story never goes back or deletes."""

CHIEF_DUTY = {
    "arrived": "first-address", "moved": "move", "new-job": "job-or-school-change",
    "lost-job": "job-or-school-change", "divorced": "spouse-lost", "spouse-died": "spouse-lost",
    "baby-born": "birth", "family-joins": "certificate-of-eligibility", "card-gone": "lost-card",
    "leaving-japan": "leave-japan", "travelling": "re-entry", "stay-ends-soon": "extension",
}  # fmt: skip
"""The procedure that a life event is mostly about: together they are as likely as both, and
whichever of them a person is taken to, the other is one tap away."""


def is_near(one: str, other: str) -> bool:
    """True for a life event and its chief duty."""
    return one != other and (CHIEF_DUTY.get(one) == other or CHIEF_DUTY.get(other) == one)


@dataclass(frozen=True, slots=True)
class Meaning:
    """Ids with their probability, best first, without "none"; and how likely "none" is."""

    ranked: tuple[tuple[str, float], ...]
    nothing: float
    safety: str | None = None


class Nlu:
    """Understands free text; built once, then only read.

    `library` says which ids exist: what is not there is none of ours.
    """

    def __init__(self, model: Model, library: Library) -> None:
        phrases = model.phrases
        self._alarms = Alarms(model.alarms, library.safety)
        detailed = {code for code in library.places if needs_municipality(code, library)}
        self._places = Places(library.places, detailed)
        self._commands = _commands(phrases)
        self._model = model
        self._written = Written(model.languages.names)
        self._lexicons = model.lexicons()
        requests = {name for one in phrases.values() for name, s in one.ids.items() if s.exact}
        known = set(library.flows) | set(library.topics) | set(library.events) | requests
        self._requests = frozenset(requests)
        self._none = _numbers(model.ids.names, lambda name: name not in known | set(URGENCY))
        self._safety = {
            name: at for at, name in enumerate(model.ids.names)
            if name in URGENCY and name in library.safety
        }  # fmt: skip
        self._known = {name: at for at, name in enumerate(model.ids.names) if name in known}
        english = phrases.get(FALLBACK)
        self._usual = model.usual
        self._words = {
            tag: AnswerWords(
                (one if english is None else one.joined(english)).words,
                denies_after=tag in DENY_AFTER,
            )
            for tag, one in phrases.items()
        }

    @property
    def languages(self) -> tuple[str, ...]:
        """The tags of the languages that are understood."""
        return tuple(self._words)

    def understand(
        self,
        text: str,
        language: str,
        today: date,
        question: Question | None = None,
        labels: Mapping[str, str] | None = None,
        expected: Collection[str] = (),
    ) -> Understood:
        """What the text says to somebody who reads `language`.

        `question` is the open one; `labels` are its options as the reader sees them. `expected`
        are subjects that this person has already been told about.
        """
        said = Said(text)
        written = self._language(said, text, language)
        found = concepts(said, looked_up(self._lexicons, written or language, language))
        meaning = self.meaning(said, text, found, expected)
        candidates, decision = self._decided(text, meaning)
        options: tuple[str, ...] = ()
        if question is not None:
            words = self._words.get(language) or self._words[FALLBACK]
            options = find_options(text, question, labels or {}, words)
            if options and is_label(text, question, labels or {}):
                decision = NONE  # the whole message is the answer's own label
        safety = self._alarms.find(text) or meaning.safety
        is_lost = decision == NONE and not safety and not options and bool(said.folded)
        return Understood(
            candidates=candidates,
            decision=decision,
            dates=find_dates(text, written or language, today, past=_past(question)),
            options=options,
            place=self._place(text),
            language=written,
            safety=safety,
            status=status_named(found),
            unanswered=masked(text, self._usual) if is_lost else None,
        )

    def meaning(
        self, said: Said, text: str, found: list[str], expected: Collection[str]
    ) -> Meaning:
        """What the text means, before anything is decided; `found` are its concepts."""
        if not any(letter.isalpha() for letter in text):
            return Meaning((), 1.0)  # a number, a day, a picture: no subject
        scores = self._model.ids.scores((LETTERS, letters(said)), (CONCEPTS, meanings(found)))
        raised = np.exp((scores - scores.max()) * SHARPNESS)
        for name in expected:
            if name in self._known:
                raised[self._known[name]] *= EXPECTED
        shares = raised / raised.sum()
        safety = {name: float(shares[at]) for name, at in self._safety.items()}
        is_short = _is_short(text)
        by_id = {
            name: float(shares[at]) for name, at in self._known.items()
            if is_short or name not in self._requests
        }  # fmt: skip
        ranked = tuple(sorted(by_id.items(), key=lambda item: (-item[1], item[0])))
        worst = max(safety, key=lambda name: safety[name]) if safety else None
        alarmed = worst if worst and sum(safety.values()) >= ALARM else None
        return Meaning(ranked, float(shares[self._none].sum()), alarmed)

    def _decided(self, text: str, meaning: Meaning) -> tuple[tuple[tuple[str, float], ...], str]:
        if (command := self._commands.get(bare(text) or plain(text))) is not None:
            return ((command, 1.0),), command
        near = tuple(
            (name, round(share, 3))
            for name, share in meaning.ranked[:MOST_CANDIDATES]
            if share >= WORTH_A_CHOICE
        )
        return near, _decision(near, meaning)

    def _place(self, text: str) -> Mapping[str, str | None] | None:
        found = self._places.find(text)
        if found is None:
            return None
        return {"prefecture": found["prefecture"], "municipality": found["municipality"]}

    def _language(self, said: Said, text: str, language: str) -> str | None:
        """The language in which the text is written; None where it cannot be told."""
        if not said.folded:
            return None
        scores = self._model.languages.scores((LETTERS, letters(said)))
        return self._written.language(text, scores, language)


def load_nlu(
    locales_dir: Path, library: Library, tags: Mapping[str, str], kept: Path | None = None
) -> Nlu:
    """The Nlu of all locales; `tags` maps folders to stored tags.

    Raises WrongContent when a file is not as it must be.
    """
    return Nlu(model_of(locales_dir, tags, kept), library)


def model_of(locales_dir: Path, tags: Mapping[str, str], kept: Path | None = None) -> Model:
    """What was learned from the locales: read from `kept` (locales/understanding.bin) when it was
    made from just these files; else learned now, which takes half a minute, and kept there if
    that is possible."""
    path = kept or locales_dir / models.NAME
    made_from = fingerprint(locales_dir)
    model = models.load(path, made_from)
    if model is None:
        from bot.nlu.learn import learn

        sources = read_sources(locales_dir, tags)
        model = models.model_from(sources, *learn(sources))
        with suppress(OSError):  # where nothing can be written it is learned at every start
            model.save(path, made_from)
    return model


# ---------------------------------------------------------------- deciding


def _decision(near: Sequence[tuple[str, float]], meaning: Meaning) -> str:
    if not near:
        return NONE
    best, share = near[0]
    share += sum(other for name, other in meaning.ranked if is_near(best, name))
    next_best = next((p for name, p in meaning.ranked[1:] if not is_near(best, name)), 0.0)
    is_clear = share >= LIKELY and share >= CLEARLY * next_best and meaning.nothing <= HARDLY
    if share >= CERTAIN or is_clear:
        return best
    together = sum(share for _, share in near[:MOST_CHOICES])
    return CLARIFY if together >= CHOOSE else NONE


def _commands(phrases: Mapping[str, Phrases]) -> dict[str, str]:
    """Exact message -> request, of all languages; a message of two requests is none."""
    found: dict[str, set[str]] = {}
    for one in phrases.values():
        for name, sayings in one.ids.items():
            for word in (*sayings.exact, *sayings.phrases) if sayings.exact else ():
                found.setdefault(bare(word) or plain(word), set()).add(name)
    return {word: next(iter(names)) for word, names in found.items() if len(names) == 1}


def _numbers(names: Iterable[str], wanted: object) -> list[int]:
    assert callable(wanted)
    return [at for at, name in enumerate(names) if wanted(name)]


def _is_short(text: str) -> bool:
    said = bare(text)
    return len(said) <= SHORT_LETTERS if " " not in said else len(said.split()) <= SHORT_WORDS


def _past(question: Question | None) -> bool | None:
    """Whether the open question asks for a day that has passed, or one to come."""
    if question is None:
        return None
    if question.not_after == "today":
        return True
    return False if question.not_before == "today" else None
