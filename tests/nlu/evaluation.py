"""How well free text is understood: messages that the training never saw, counted honestly.

`python -m tests.nlu.evaluation` prints the tables; `--write` puts them into docs/understanding.md.

tests/nlu/heldout/<locale>.yaml was written by other hands than locales/<locale>/phrases.yaml,
without sight of them. Half of each list (every second message) served to choose the thresholds
of bot/nlu/understand.py: the tuning half. What is reported is the other half: the final one.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from bot.dialogue.understood import CLARIFY, NONE, Understood
from bot.flow.load import load_library
from bot.i18n.locales import TABLE, TAG_OF_FOLDER
from bot.nlu.sources import read_sources
from bot.nlu.spoken import REGISTERS, bare
from bot.nlu.understand import Nlu, is_near, load_nlu

ROOT = Path(__file__).resolve().parents[2]
HELDOUT = Path(__file__).parent / "heldout"
PAGE = ROOT / "docs" / "understanding.md"
TODAY = date(2026, 11, 25)
TAGS = tuple(row.tag for row in TABLE if (HELDOUT / f"{row.tag}.yaml").is_file())
"""The languages that are measured: those with held-out messages."""
LONG_ENOUGH = 12
MENU = "menu"


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody wrote; `ids` are what it may fairly be taken for, the meant one first."""

    language: str
    text: str
    ids: tuple[str, ...]
    is_final: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """A message and what became of it. `decision` is a danger where one was heard."""

    message: Message
    understood: Understood
    decision: str

    @property
    def first(self) -> str:
        """The best candidate, the danger first."""
        if self.understood.safety:
            return self.understood.safety
        ranked = self.understood.candidates
        return ranked[0][0] if ranked else NONE

    @property
    def first_three(self) -> tuple[str, ...]:
        """The best three."""
        ranked = [name for name, _ in self.understood.candidates]
        return tuple(dict.fromkeys((self.first, *ranked)))[:3]

    @property
    def is_decided(self) -> bool:
        """True when the person is taken somewhere without being asked. A greeting that opens the
        menu leads nobody astray."""
        strange = self.message.ids[0] == NONE
        return self.decision not in (NONE, CLARIFY) and not (strange and self.decision == MENU)


def fits(name: str, message: Message) -> bool:
    """True when `name` is what was meant, or the life event of which it is the chief duty: each of
    those two is one tap away from the other."""
    return name in message.ids or is_near(message.ids[0], name)


@cache
def learned_from(tag: str) -> frozenset[str]:
    """All that the training has seen in one language."""
    sources = read_sources(ROOT / "locales", TAG_OF_FOLDER)
    return frozenset(bare(one.text) for one in sources.examples() if one.language == tag)


def read_messages(tag: str) -> list[Message]:
    """The held-out messages of one language, without those that two people happened to write
    word for word alike: they are no test."""
    path = HELDOUT / f"{tag}.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    found = []
    for name, rows in data.items():
        for number, row in enumerate(rows):
            text, also = (row["text"], row["also"]) if isinstance(row, dict) else (row, [])
            if bare(str(text)) not in learned_from(tag):
                found.append(Message(tag, str(text), (name, *also), number % 2 == 1))
    return found


@cache
def nlu() -> Nlu:
    """The understanding as the bot has it."""
    return load_nlu(ROOT / "locales", load_library(ROOT / "flows"), TAG_OF_FOLDER)


@cache
def outcomes(tag: str) -> tuple[Outcome, ...]:
    """What becomes of each message of a language, written to somebody who reads it."""
    found = []
    for message in read_messages(tag):
        understood = nlu().understand(message.text, tag, TODAY)
        found.append(Outcome(message, understood, understood.safety or understood.decision))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of one set of messages, 0 to 1; NaN-free: an empty set counts as 1."""

    messages: int
    strange: int
    first: float
    strictly_first: float
    first_three: float
    decided: float
    right_when_decided: float
    false_alarms: float
    language: float


def score(found: Sequence[Outcome]) -> Score:
    """The shares that docs/understanding.md defines."""
    meant = [one for one in found if one.message.ids[0] != NONE]
    strange = [one for one in found if one.message.ids[0] == NONE]
    decided = [one for one in meant if one.is_decided]
    long = [one for one in found if len(one.message.text) >= LONG_ENOUGH]
    return Score(
        len(meant),
        len(strange),
        share(fits(one.first, one.message) for one in meant),
        share(one.first == one.message.ids[0] for one in meant),
        share(any(fits(name, one.message) for name in one.first_three) for one in meant),
        share(one.is_decided for one in meant),
        share(fits(one.decision, one.message) for one in decided),
        share(one.is_decided for one in strange),
        share(_tells_language(one) for one in long),
    )


def _tells_language(one: Outcome) -> bool:
    """Whether the language is told without knowing who reads."""
    told = nlu().understand(one.message.text, "", TODAY).language
    return told == REGISTERS.get(one.message.language, one.message.language)


def share(facts: Iterable[bool]) -> float:
    """The share of those that are true; 1 where there are none."""
    known = list(facts)
    return sum(known) / len(known) if known else 1.0


def final(tag: str) -> list[Outcome]:
    """The half that chose nothing."""
    return [one for one in outcomes(tag) if one.message.is_final]


def confusions(found: Iterable[Outcome]) -> Counter[tuple[str, str]]:
    """(meant, taken for) of what was decided wrongly."""
    return Counter(
        (one.message.ids[0], one.decision)
        for one in found
        if one.is_decided and not fits(one.decision, one.message)
    )


HEADINGS = (
    "language", "messages", "first right", "strictly", "among three", "decided",
    "right when decided", "strange", "false alarms", "language told",
)  # fmt: skip


def table(halves: dict[str, Sequence[Outcome]]) -> str:
    """The table of all languages as Markdown."""
    lines = [
        f"| {' | '.join(HEADINGS)} |",
        "|---" * len(HEADINGS) + "|",
    ]
    rows = {tag: score(found) for tag, found in halves.items()}
    everything = [one for found in halves.values() for one in found]
    rows["all"] = score(everything)
    for tag, its in rows.items():
        shares = (its.first, its.strictly_first, its.first_three, its.decided)
        shares = (*shares, its.right_when_decided)
        lines.append(
            f"| {tag} | {its.messages} | "
            + " | ".join(f"{100 * one:.0f} %" for one in shares)
            + f" | {its.strange} | {100 * its.false_alarms:.0f} % | {100 * its.language:.0f} % |"
        )
    return "\n".join(lines)


def report(tags: Sequence[str] = TAGS) -> str:
    """The measured part of docs/understanding.md."""
    halves = {tag: final(tag) for tag in tags}
    wrong = confusions(one for found in halves.values() for one in found)
    lines = [table(halves), "", "Most frequent wrong decisions (meant, taken for):", ""]
    lines += [f"- {meant} → {taken}: {count}" for (meant, taken), count in wrong.most_common(20)]
    return "\n".join(lines)


BEGIN, END = "<!-- measured -->\n", "<!-- /measured -->\n"


def main() -> None:
    """Print the tables, or write them into the page."""
    tags = TAGS
    if "--tuning" in sys.argv:
        print(table({tag: [o for o in outcomes(tag) if not o.message.is_final] for tag in tags}))
        return
    text = report(tags)
    print(text)
    if "--write" in sys.argv:
        page = PAGE.read_text(encoding="utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
