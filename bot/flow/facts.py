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

from bot.flow.dates import shift
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
    def rule_day(self, name: str) -> date | None: ...
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


# ---------------------------------------------------------------- notices of article 19-16


def _notice(case: Case, *duties: str) -> Truth:
    status = case.status()
    return None if status is None else status.facts.get("notice") in duties


@_fact("status")
def affiliation_notice(case: Case) -> Truth:
    """Whether a change of employer or school must be told to immigration within 14 days.

    Yes for the statuses whose row in statuses.yaml says that the place of activity or the
    contract partner is notified (`notice`), Highly Skilled Professionals among them; no for all
    others: permanent and long-term residents, families, Designated Activities, visitors and so
    on. Unknown when the status is not known.
    """
    return _notice(case, "activity", "contract", "activity_or_contract")


@_fact("status")
def activity_notice(case: Case) -> Truth:
    """Whether the notice is the one about the place of activity (活動機関).

    Yes and no as statuses.yaml says (`notice: activity`); no for Highly Skilled Professionals,
    for whom it depends on the kind of their work. Unknown when the status is not known.
    """
    return _notice(case, "activity")


@_fact("status")
def contract_notice(case: Case) -> Truth:
    """Whether the notice is the one about the contract partner (契約機関).

    Yes and no as statuses.yaml says (`notice: contract`); no for Highly Skilled Professionals,
    for whom it depends on the kind of their work. Unknown when the status is not known.
    """
    return _notice(case, "contract")


# ---------------------------------------------------------------- long-term residence


@_fact(
    "route",
    "married_on",
    "in_japan_since",
    rules=(
        "permanent_residence.old_years_until",
        "permanent_residence.spouse_marriage_years",
        "permanent_residence.spouse_stay_years",
        "permanent_residence.child_stay_years",
    ),
)
def family_years_full_in_time(case: Case) -> Truth:
    """Whether the family's years are full before the last day to file under the present years.

    For permanent residence as the husband or wife (3 years of marriage and 1 year in Japan) or
    as the child (1 year in Japan), filed until 31 March 2027. Yes when all years are full before
    that day, so that one day at least remains; no when one of them is full on that day or later.
    Unknown for the other ways, while a day is not known, and for filing after that day.
    """
    last = case.rule_day("permanent_residence.old_years_until")
    counted = {
        "spouse": (
            ("married_on", "permanent_residence.spouse_marriage_years"),
            ("in_japan_since", "permanent_residence.spouse_stay_years"),
        ),
        "child": (("in_japan_since", "permanent_residence.child_stay_years"),),
    }.get(case.word("route"), ())
    found = [(case.day(question), case.rule_number(rule)) for question, rule in counted]
    full = [
        shift(day, years=years) for day, years in found if day is not None and years is not None
    ]
    if last is None or not found:
        return None
    if any(day >= last for day in full):
        return False
    return True if len(full) == len(found) else None


# ---------------------------------------------------------------- what a status is


def _status_kind(case: Case, kind: str) -> Truth:
    status = case.status()
    return None if status is None else status.kind == kind


def _status_has(case: Case, name: str, *wanted: str) -> Truth:
    status = case.status()
    return None if status is None else status.facts.get(name) in wanted


@_fact("status")
def status_for_work(case: Case) -> Truth:
    """Whether the status is one for a certain kind of work, such as Engineer or Nursing Care.

    From statuses.yaml: kind "work".
    """
    return _status_kind(case, "work")


@_fact("status")
def status_without_work(case: Case) -> Truth:
    """Whether the status itself allows no work, such as Student, Dependent or Temporary Visitor.

    From statuses.yaml: kind "no_work".
    """
    return _status_kind(case, "no_work")


@_fact("status")
def status_for_any_work(case: Case) -> Truth:
    """Whether the status allows any work, such as Permanent Resident or Spouse of a Japanese.

    From statuses.yaml: kind "free".
    """
    return _status_kind(case, "free")


@_fact("status")
def status_notifies_spouse(case: Case) -> Truth:
    """Whether divorce or death of the spouse must be notified within 14 days (article 19-16).

    From statuses.yaml: notice "spouse"; it holds for those who have the status as a spouse.
    """
    return _status_has(case, "notice", "spouse")


@_fact("status")
def status_may_get_work_permission(case: Case) -> Truth:
    """Whether the permission for up to 28 hours of work a week is meant for this status.

    From statuses.yaml: permission_28h "yes" (Student, Dependent). Unknown for those of whom only
    some may have it.
    """
    if _status_has(case, "permission_28h", "some"):
        return None
    return _status_has(case, "permission_28h", "yes")
