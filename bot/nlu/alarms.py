"""Words of people in danger, recognised before everything else, in every language at once.

A false alarm sends somebody who lost a card to the police; a missed one is worse. So nothing is
guessed by likeness here: an alarm is a `sure` expression, or one hit in each group of `terms`
without a word of `not`; and never with a word of `never`. Where accents make another word of it
(tự tử, từ từ), a term is written with them and only meets text that has them.
"""

import re
from collections.abc import Iterable, Mapping

from bot.nlu.likeness import bare, is_unspaced
from bot.nlu.normal import plain
from bot.nlu.phrases import Phrases, Sayings

URGENCY = ("danger", "violence", "detained", "passport-taken", "overstayed")
"""Where a message is about several, the first of these is answered."""

LONGEST_TEXT = 2000
_NOBODY = re.compile(r"(?!)")
_NOT_LETTERS = re.compile(r"[^\w]+|_+")


class Alarms:
    """The alarms of all languages, built once. `ids` are the safety answers that exist."""

    def __init__(self, phrases: Mapping[str, Phrases], ids: Iterable[str]) -> None:
        known = [name for name in URGENCY if name in set(ids)]
        self._alarms = [
            (name, _Alarm(one.ids[name]))
            for name in known
            for one in phrases.values()
            if name in one.ids
        ]

    def find(self, text: str) -> str | None:
        """The id of the answer that this message needs first, or None."""
        said = _Said(text[:LONGEST_TEXT])
        return next((name for name, alarm in self._alarms if alarm.rings(said)), None)


class _Said:
    """One message in two forms: folded, and with its accents."""

    def __init__(self, text: str) -> None:
        self.folded = bare(text)
        self.accented = _with_accents(text)


def _with_accents(text: str) -> str:
    spelled = _NOT_LETTERS.sub(" ", plain(text)).strip()
    return spelled.replace(" ", "") if is_unspaced(spelled) else spelled


class _Alarm:
    """How one danger is said in one language."""

    def __init__(self, sayings: Sayings) -> None:
        self._groups = [_Words(group) for group in sayings.terms]
        self._sure = _Words(sayings.sure)
        self._not = _Words(sayings.not_with)
        self._never = _Words(sayings.never)

    def rings(self, said: _Said) -> bool:
        is_said = self._sure.hit(said) or (
            bool(self._groups)
            and all(group.hit(said) for group in self._groups)
            and not self._not.hit(said)
        )
        return is_said and not self._never.hit(said)


class _Words:
    """Expressions, each looked for in the form of the text that it is written in."""

    def __init__(self, terms: Iterable[str]) -> None:
        folded, accented = [], []
        for term in terms:
            if bare(term) == _with_accents(term):
                folded.append(_pattern(bare(term), term))
            else:
                accented.append(_pattern(_with_accents(term), term))
        self._folded = re.compile("|".join(folded)) if folded else _NOBODY
        self._accented = re.compile("|".join(accented)) if accented else _NOBODY

    def hit(self, said: _Said) -> bool:
        return bool(self._folded.search(said.folded) or self._accented.search(said.accented))


def _pattern(name: str, term: str) -> str:
    """A whole word, or the beginning of one (strangl*); in Japanese any place in the text."""
    if is_unspaced(name):
        return re.escape(name)
    # In Japanese a Latin word has no spaces around it, and \w would not find its end.
    letter = "[a-z0-9]" if name.isascii() else r"\w"
    end = f"{letter}*" if term.endswith("*") else f"(?!{letter})"
    return f"(?<!{letter}){re.escape(name)}{end}"
