"""Which sources must be read again, the most dangerous first.

A source is read again when it was read long ago, when something rests on it that is not certain
(grades C, K and V), or when one of its rules has a day of change near. What hangs on it (outcomes,
rules) says how many people a mistake would reach.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bot.flow.check_single import UNSURE_GRADES
from bot.flow.events import as_flow
from bot.flow.model import OLD_AFTER, Flow, Library, Outcome, Source
from bot.flow.papers import is_listed

NEAR = timedelta(days=60)
"""A planned change of law this near is looked up again."""


@dataclass(slots=True)
class Hanging:
    """What rests on one source: addresses by grade, outcomes, rules, and announced days."""

    outcomes: set[str] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)
    unsure: dict[str, str] = field(default_factory=dict)
    expected: list[tuple[date, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ToRead:
    """A source that must be read again, and why. `age` is in days."""

    source: Source
    age: int
    is_old: bool
    unsure: Mapping[str, str]
    outcomes: tuple[str, ...]
    rules: tuple[str, ...]
    expected: tuple[tuple[date, str], ...]

    @property
    def risk(self) -> tuple[int, int, int, int, int]:
        """The larger, the sooner: a near change of law, age, uncertain statements, reach."""
        reach = len(self.outcomes) + len(self.rules)
        return len(self.expected), int(self.is_old), len(self.unsure), reach, self.age


@dataclass(frozen=True, slots=True)
class ReadThrough:
    """A flow that somebody read through before its file last changed."""

    flow: str
    by: str
    on: date
    changed: date


def sources_to_read(library: Library, today: date) -> list[ToRead]:
    """The sources that must be read again, by risk."""
    found = []
    for name, hanging in hanging_on(library, today).items():
        source = library.sources.get(name)
        if source is None:
            continue
        is_old = today - source.checked > OLD_AFTER
        if is_old or hanging.unsure or hanging.expected:
            found.append(
                ToRead(
                    source,
                    (today - source.checked).days,
                    is_old,
                    dict(sorted(hanging.unsure.items())),
                    tuple(sorted(hanging.outcomes)),
                    tuple(sorted(hanging.rules)),
                    tuple(sorted(hanging.expected)),
                )
            )
    return sorted(found, key=lambda one: (*(-part for part in one.risk), one.source.id))


def read_throughs_to_renew(library: Library, changed: Mapping[str, date]) -> list[ReadThrough]:
    """Flows whose file changed after it was read through. `changed` is by file name."""
    return [
        ReadThrough(flow.id, flow.read_through[0], flow.read_through[1], changed[flow.file])
        for flow in library.all_flows
        if flow.read_through is not None
        and flow.file in changed
        and changed[flow.file] > flow.read_through[1]
    ]


def hanging_on(library: Library, today: date) -> dict[str, Hanging]:
    """Per source, in the order of sources.yaml, what rests on it."""
    found = {name: Hanging() for name in library.sources}
    for rule in library.rules.values():
        for value in rule.values:
            one = found.setdefault(value.source, Hanging())
            one.rules.add(rule.name)
            since = value.since
            if value.grade in UNSURE_GRADES:
                one.unsure[f"{rule.name} {since or 'always'}"] = value.grade
            if value.expected and since is not None and today <= since <= today + NEAR:
                one.expected.append((since, rule.name))
    for flow in (*library.all_flows, *(as_flow(one) for one in library.events.values())):
        for sources, address, grade, outcome in _statements(flow):
            for source in sources:
                one = found.setdefault(source, Hanging())
                one.outcomes |= {outcome} if outcome else set()
                if grade in UNSURE_GRADES:
                    one.unsure[address] = str(grade)
    return found


Statement = tuple[tuple[str, ...], str, str | None, str | None]
"""Its sources, its address, its grade, and the outcome it stands in."""


def _statements(flow: Flow) -> Iterator[Statement]:
    for deadline in flow.deadlines.values():
        yield (deadline.source,), f"{flow.id}.{deadline.name}", deadline.grade, None
    for outcome in flow.outcomes.values():
        place = f"{flow.id}/{outcome.name}"
        for sources, address, grade in _said(outcome):
            yield sources, address, grade, place
        listed = "documents" in outcome.show or any(step.documents for step in outcome.steps)
        for document in flow.documents if listed else ():
            if outcome.documents is None or is_listed(document, outcome):
                sources = (document.source,) if document.source else ()
                yield sources, document.text.address, document.text.grade, place


def _said(outcome: Outcome) -> Iterator[tuple[tuple[str, ...], str, str | None]]:
    headline = [outcome.headline] if outcome.headline else []
    for sentence in (*headline, *outcome.say):
        sources = (sentence.source,) if sentence.source else outcome.sources
        yield sources, sentence.address, sentence.grade
    for step in outcome.steps:
        for sentence in step.say:
            own = sentence.source or step.source
            yield (own,) if own else outcome.sources, sentence.address, sentence.grade


# ---------------------------------------------------------------- for reading


def sources_json(
    found: Iterable[ToRead], renew: Iterable[ReadThrough], today: date
) -> dict[str, Any]:
    """The lists as JSON-safe data; the keys are a promise to those who read it."""
    return {
        "today": today.isoformat(),
        "sources": [
            {
                "id": one.source.id,
                "title": one.source.title,
                "url": one.source.url,
                "checked": one.source.checked.isoformat(),
                "age_days": one.age,
                "old": one.is_old,
                "unsure": dict(one.unsure),
                "outcomes": list(one.outcomes),
                "rules": list(one.rules),
                "expected": [{"day": day.isoformat(), "rule": rule} for day, rule in one.expected],
            }
            for one in found
        ],
        "read_through": [
            {
                "flow": one.flow,
                "by": one.by,
                "on": one.on.isoformat(),
                "changed": one.changed.isoformat(),
            }
            for one in renew
        ],
    }


def sources_lines(found: Iterable[ToRead], renew: Iterable[ReadThrough]) -> Iterator[str]:
    """The lists for reading: each source with the reasons to read it again."""
    for one in found:
        yield f"{one.source.id}: read on {one.source.checked}, {one.age} days ago; {one.source.url}"
        for day, rule in one.expected:
            yield f"    {rule} is expected to change on {day}"
        if one.is_old:
            yield f"    older than {OLD_AFTER.days} days: its answers are told more softly"
        if one.unsure:
            marks = ", ".join(f"{address} ({grade})" for address, grade in one.unsure.items())
            yield f"    not certain: {marks}"
        yield f"    {len(one.outcomes)} outcomes and {len(one.rules)} rules rest on it"
    for late in renew:
        yield (
            f"{late.flow}: read through by {late.by} on {late.on}, changed since, on "
            f"{late.changed}: read it again"
        )
