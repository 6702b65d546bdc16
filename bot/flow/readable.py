"""Conditions, days and values of law in words that a scrivener can check without YAML.

Names stand in code marks as they are written in the content, so that a finding can be told by
name; what they mean stands beside them.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bot.flow.facts import FACTS
from bot.flow.model import (
    UNKNOWN,
    Condition,
    DatedValue,
    Deadline,
    Flow,
    Library,
    Offset,
    Question,
    Rule,
)

STATES = {
    "not_open": "is not open yet",
    "ahead": "is still ahead",
    "today": "is today (the last open day)",
    "no_open_day": "has no open day left before it",
    "grace": "has passed, and practice still accepts",
    "passed": "has passed",
    UNKNOWN: "is not known",
}
AMOUNTS = {
    "free": "is nothing",
    "exact": "is an exact amount",
    "range": "is a range",
    UNKNOWN: "is not known",
}
RULES = {"on": "holds", "off": "does not hold", UNKNOWN: "is announced and not known"}
FACT_WORDS = {"yes": "yes", "no": "no", UNKNOWN: "not known"}
OFFICES = {
    "immigration": "immigration is closed",
    "municipality": "the city office is closed",
    "online": "the online system is closed",
    "none": "offices are closed",
}
IF_CLOSED = {
    "keep": "A closed day does not move it.",
    "next_open_day": "If {closed} on that day, the law moves it to the next open day.",
    "practice_next_open_day": "The law keeps the day. If {closed} on that day, practice still "
    "accepts on the next open day.",
}
TELL = {
    "open_day_before": "People are told the last open day on or before it.",
    "as_computed": "People are told the day itself.",
}


class Readable:
    """The words for one flow."""

    def __init__(self, flow: Flow, library: Library) -> None:
        self.flow = flow
        self.library = library

    def question(self, name: str) -> Question | None:
        return self.flow.questions.get(name) or self.flow.refine.get(name)

    # ------------------------------------------------------------ conditions

    def condition(self, when: Condition | None) -> str:
        """A condition in words; "always" where there is none."""
        return "always" if when is None else self._raw(when.raw, outer=True)

    def _raw(self, raw: Any, *, outer: bool = False) -> str:
        match raw:
            case ("is", name, words):
                return self.atom(name, sorted(words))
            case ("not", inner):
                return f"not ({self._raw(inner, outer=True)})"
            case ("all", items):
                return self._joined(items, " and ", outer)
            case ("any", items):
                return self._joined(items, " or ", outer)
            case _:
                raise ValueError(f"this is no condition: {raw!r}")

    def _joined(self, items: tuple[Any, ...], word: str, outer: bool) -> str:
        said = word.join(self._raw(item) for item in items)
        return said if outer or len(items) == 1 else f"({said})"

    def atom(self, name: str, words: list[str]) -> str:
        """One name and the words of which it has one."""
        if name in self.flow.deadlines:
            return f"`{name}` {_either(words, STATES)}"
        if name in self.flow.amounts:
            return f"`{name}` {_either(words, AMOUNTS)}"
        question = self.question(name)
        if question is not None:
            labels = {option.id: f"“{option.label.text}”" for option in question.options}
            labels |= self._table(question)
            labels |= {"none": "none of them", UNKNOWN: "not known"}
            return f"`{name}` is {_either(words, labels)}"
        if name in FACTS:
            return f"`{name}` is {_either(words, FACT_WORDS)}"
        return f"the rule `{name}` {_either(words, RULES)}"

    def _table(self, question: Question) -> Mapping[str, str]:
        if question.table != "statuses":
            return {}
        return {name: f"“{row.label.text}”" for name, row in self.library.statuses.items()}

    # ------------------------------------------------------------ days

    def day_that_decides(self) -> str:
        """On which day the dated rules of the flow are read."""
        match self.flow.as_of:
            case None:
                return "No rule of this page changes over time."
            case "today":
                return "Every rule counts as on the day on which the person asks."
            case "filing_on":
                return (
                    "Every rule counts as on the planned day of application (the next open day "
                    "unless the person names another)."
                )
            case name:
                return f"Every rule counts as on the day `{name}`."

    def deadline(self, deadline: Deadline) -> str:
        """How a deadline is counted, and which day people are told."""
        closed = OFFICES[deadline.office]
        parts = [
            f"{self._counted(deadline)}.",
            IF_CLOSED[deadline.if_closed].format(closed=closed),
            TELL[deadline.tell],
        ]
        if isinstance(deadline.opens, str):
            parts.append(f"One may act from `{deadline.opens}` on.")
        elif deadline.opens is not None:
            parts.append(f"One may act from {self._offset(deadline.opens)} this day on.")
        if deadline.seen_from is not None:
            parts.append(f"Judged as on `{deadline.seen_from}`, not as on the present day.")
        return " ".join(parts)

    def _counted(self, deadline: Deadline) -> str:
        if deadline.earliest_of:
            return f"The earliest of {_list(deadline.earliest_of)}"
        if deadline.on is not None:
            start = f"the day that the rule `{deadline.on}` names"
        elif len(deadline.counts_from) == 1:
            start = f"`{deadline.counts_from[0]}`"
        else:
            start = f"the first known of {_list(deadline.counts_from)}"
        if deadline.offset is None:
            return _capital(start)
        said = f"{_capital(self._offset(deadline.offset))} {start}"
        if deadline.offset.sign > 0:
            first = "is day 1" if deadline.first_day == "included" else "does not count"
            said += f"; the first day {first}"
        return said

    def _offset(self, offset: Offset) -> str:
        parts = []
        for unit, part in (
            ("days", offset.days), ("months", offset.months), ("years", offset.years)
        ):  # fmt: skip
            if isinstance(part, str):
                parts.append(f"{self._values_of(part)} {unit} (rule `{part}`)")
            elif part is not None:
                parts.append(f"{part} {unit}")
        return f"{' and '.join(parts)} {'after' if offset.sign > 0 else 'before'}"

    def number_of(self, name: str) -> str:
        """The values that a rule ever has, with its unit."""
        return f"{self._values_of(name)} {self.library.rules[name].unit}"

    def _values_of(self, name: str) -> str:
        rule = self.library.rules[name]
        known = dict.fromkeys(str(one.value) for one in rule.values if one.value is not None)
        return " or ".join(known) or "an unknown number of"


# ---------------------------------------------------------------- values of law


def values_in_words(rule: Rule) -> Iterator[tuple[str, DatedValue]]:
    """Each value of a rule with the time in which it holds."""
    ends = [value.since for value in rule.values[1:]]
    for value, end in zip(rule.values, (*ends, None), strict=True):
        since = "always" if value.since is None else f"from {value.since.isoformat()}"
        if end is not None:
            since = f"before {end}" if value.since is None else f"{since}, before {end}"
        yield since, value


def value_in_words(value: DatedValue, unit: str) -> str:
    """What holds: a number with its unit, bands, a day, or that it is not known or has ended."""
    if value.ended:
        return "the rule has ended"
    if value.expected:
        return "announced, not known yet"
    if value.bands:
        return ", ".join(f"{band} {_number(amount, unit)}" for band, amount in value.bands.items())
    match value.value:
        case bool(flag):
            return "yes" if flag else "no"
        case (low, high):
            return f"{_number(low, unit)} to {_number(high, unit)}"
        case date() as day:
            return day.isoformat()
        case int(number):
            return _number(number, unit)
        case other:
            return str(other)


def _number(number: int, unit: str) -> str:
    return f"{number:,} {unit}" if unit not in ("flag", "text", "day") else str(number)


# ---------------------------------------------------------------- small words


def _either(words: list[str], labels: Mapping[str, str]) -> str:
    known = [labels.get(word, f"“{word}”") for word in words if word != UNKNOWN]
    known += [labels[UNKNOWN]] if UNKNOWN in words else []
    return " or ".join(known)


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _capital(text: str) -> str:
    return text if text.startswith("`") else text[:1].upper() + text[1:]
