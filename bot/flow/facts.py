"""Facts: the few questions about a case that the grammar of conditions cannot say.

A fact is a pure function of the case with a name. It lists the answers it needs (the checker
sees to it that the flow asks them) and its docstring says, for a reader who knows the law and
not Python, when it is yes, when it is no, and that it is otherwise unknown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from inspect import getdoc
from types import MappingProxyType
from typing import Protocol

from bot.flow.model import Status, Truth


class Case(Protocol):
    """What a fact may look at: answers, rules and days; None means that it is not known."""

    today: date
    filing_on: date
    as_of: date

    def word(self, name: str) -> str: ...
    def day(self, name: str) -> date | None: ...
    def number(self, name: str) -> float | None: ...
    def rule_number(self, name: str) -> int | None: ...
    def status(self, name: str = "status") -> Status | None: ...


@dataclass(frozen=True, slots=True)
class Fact:
    """A named fact: `needs` are the questions it reads, `rules` the dated rules.

    `about` is what the content desk reads.
    """

    name: str
    needs: tuple[str, ...]
    rules: tuple[str, ...]
    about: str
    test: Callable[[Case], Truth]


_facts: dict[str, Fact] = {}
FACTS = MappingProxyType(_facts)
"""All facts by name."""


def _fact(
    *needs: str, rules: tuple[str, ...] = ()
) -> Callable[[Callable[[Case], Truth]], Callable[[Case], Truth]]:
    def register(test: Callable[[Case], Truth]) -> Callable[[Case], Truth]:
        name = test.__name__
        assert name not in _facts, f"two facts are called {name}"
        _facts[name] = Fact(name, needs, rules, getdoc(test) or "", test)
        return test

    return register


AGES = {"baby": (0, 0), "child": (1, 15), "adult": (16, None)}


@_fact("age_group", rules=("residence_card.photo_from_age",))
def photo_needed(case: Case) -> Truth:
    """Whether a photo must be handed in for a residence card.

    Yes when the holder has reached the age from which a photo is needed on the day that
    decides (16 years until 2026-06-13, 1 year since then); no when the holder is younger.
    Unknown when the age group is not known, or when only a part of it needs a photo.
    """
    ages = AGES.get(case.word("age_group"))
    needed_from = case.rule_number("residence_card.photo_from_age")
    if ages is None or needed_from is None:
        return None
    youngest, oldest = ages
    if youngest >= needed_from:
        return True
    return False if oldest is not None and oldest < needed_from else None


# -------------------------------------- cards


# -------------------------------------- family


# -------------------------------------- apply


# -------------------------------------- long


# -------------------------------------- stay


# -------------------------------------- topics
