"""One flow, topic or life event: a YAML file -> its frozen value.

Names inside it (where a branch goes, what a condition reads) are looked up by `check.py`.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from bot.flow.faults import one_of
from bot.flow.load_outcomes import AUTHORITIES, OUTCOME, outcome
from bot.flow.load_papers import DocumentSet, papers
from bot.flow.load_parts import (
    CONFIRM,
    GRADES,
    condition_of,
    part_sentence,
    question,
    sentences,
    used_question,
)
from bot.flow.model import (
    AmountLine,
    Branch,
    Condition,
    Deadline,
    Document,
    Duty,
    Event,
    Flow,
    HandoffLine,
    Offset,
    Option,
    Question,
    Value,
)
from bot.flow.section import PUBLIC_ID, Page, Section, as_section
from bot.flow.yaml_reader import Written, WrittenList

FLOW = frozenset({
    "flow", "title", "title_ja", "start", "as_of", "read_through", "optional", "questions",
    "refine", "deadlines", "amounts", "documents", "outcomes",
})  # fmt: skip
TOPIC = (OUTCOME - {"steps"}) | frozenset({
    "topic", "title", "title_ja", "ask", "as_of", "read_through", "optional", "amounts", "papers",
})  # fmt: skip
SAFETY = frozenset({
    "safety", "title", "title_ja", "read_through", "headline", "say", "sources", "follow_ups",
    "confirm", "grade",
})  # fmt: skip
EVENT = frozenset({
    "event", "title", "title_ja", "ask", "duties", "not_due", "sources",
})  # fmt: skip
DUTY = frozenset({"flow", "step", "when", "say", "authority", "deadline", "answers"})
DEADLINE = frozenset({
    "counts_from", "on", "earliest_of", "add", "subtract", "first_day", "office", "if_closed",
    "tell", "opens", "seen_from", "label", "source", "grade", "confirm",
})  # fmt: skip
OFFICES = frozenset({"immigration", "municipality", "online", "none"})
IF_CLOSED = frozenset({"next_open_day", "keep", "practice_next_open_day"})
TELL = frozenset({"open_day_before", "as_computed"})
FIRST_DAY = frozenset({"excluded", "included"})
OFFSET = frozenset({"days", "months", "years"})
ANSWER = "answer"
"""The one outcome of a topic."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What a flow may use from the shared files."""

    answers: Mapping[str, tuple[Option, ...]]
    questions: Mapping[str, Question]
    documents: Mapping[str, Document]
    document_sets: Mapping[str, DocumentSet]
    statuses: tuple[Option, ...]


# ---------------------------------------------------------------- flows


def flow(page: Page, data: object, stem: str, shared: Shared) -> Flow | None:
    """A procedure, from `flows/<id>.yaml`."""
    part = as_section(
        page, data, f"flow '{stem}'", FLOW, 1, "flow", "title", "start", "questions", "outcomes"
    )
    name = _id(part, "flow", stem)
    title = part_sentence(part, "title", f"{name}/title")
    if title is None:
        return None
    asked = _questions(part, "questions", name, shared)
    refine = {key: replace(one, refine=True) for key, one in
              _questions(part, "refine", name, shared).items()}  # fmt: skip
    documents, groups = papers(
        part, name, shared.documents, shared.document_sets, {*asked, *refine}
    )
    outcomes = {}
    for key, value, line in part.named("outcomes", "an outcome"):
        outcomes[key] = outcome(page, value, key, line, name, groups)
    start = part.text("start") or ""
    return Flow(
        id=name,
        title=title,
        start=start,
        as_of=part.text("as_of"),
        questions=MappingProxyType(asked),
        refine=MappingProxyType(refine),
        deadlines=MappingProxyType(_deadlines(part, name)),
        amounts=MappingProxyType(_amounts(part)),
        documents=documents,
        outcomes=MappingProxyType(outcomes),
        fingerprint=fingerprint(start, asked, refine),
        title_ja=part.text("title_ja"),
        read_through=_read_through(part),
        file=page.file,
        optional=frozenset(part.words("optional")),
    )


def topic(page: Page, data: object, stem: str, shared: Shared) -> Flow | None:
    """An answer with at most one shared question: a flow with the one outcome `answer`.

    Its own `papers` are what `documents` is in a flow; `documents` stays the outcome's choice.
    """
    return _answer(page, data, stem, shared, "topic", TOPIC)


def safety(page: Page, data: object, stem: str, shared: Shared) -> Flow | None:
    """What is said first to somebody in danger: like a topic, asks nothing, always urgent."""
    found = _answer(page, data, stem, shared, "safety", SAFETY)
    if found is None:
        return None
    urgent = (HandoffLine("urgent", None, (page.file, 1)),)
    answer = replace(found.outcomes[ANSWER], handoff=urgent)
    return replace(found, outcomes=MappingProxyType({ANSWER: answer}))


def _answer(
    page: Page, data: object, stem: str, shared: Shared, kind: str, keys: frozenset[str]
) -> Flow | None:
    part = as_section(page, data, f"{kind} '{stem}'", keys, 1, kind, "title", "say")
    name = _id(part, kind, stem)
    prefix = f"{kind}/{name}"
    title = part_sentence(part, "title", f"{prefix}/title")
    if title is None:
        return None
    onward = (Branch(None, ANSWER, part.at("ask")),)
    asked = {one.name: replace(one, next=onward) for one in _asked(part, shared, at_most=1)}
    documents, groups = papers(
        part, prefix, shared.documents, shared.document_sets, set(asked), key="papers"
    )
    told = Written(part.written.line)
    told.update({key: value for key, value in part.written.items() if key in OUTCOME})
    told.lines = part.written.lines
    start = next(iter(asked), ANSWER)
    return Flow(
        id=name,
        title=title,
        start=start,
        as_of=part.text("as_of"),
        questions=MappingProxyType(asked),
        refine=MappingProxyType({}),
        deadlines=MappingProxyType({}),
        amounts=MappingProxyType(_amounts(part)),
        documents=documents,
        outcomes=MappingProxyType({ANSWER: outcome(page, told, ANSWER, 1, prefix, groups)}),
        fingerprint=fingerprint(start, asked, {}),
        kind=kind,
        title_ja=part.text("title_ja"),
        read_through=_read_through(part),
        file=page.file,
        optional=frozenset(part.words("optional")),
    )


def event(page: Page, data: object, stem: str, shared: Shared) -> Event | None:
    """A life event: its duties in order, each a step of a flow."""
    part = as_section(page, data, f"event '{stem}'", EVENT, 1, "event", "title", "duties")
    name = _id(part, "event", stem)
    title = part_sentence(part, "title", f"event/{name}/title")
    if title is None:
        return None
    duties = []
    for value, line in part.list_of("duties"):
        duty = as_section(page, value, "a duty", DUTY, line)
        if "flow" not in duty and "say" not in duty:
            duty.wrong("a duty leads nowhere and says nothing", "add `flow: ...` or `say: ...`")
        duties.append(
            Duty(
                flow=duty.text("flow"),
                step=duty.text("step"),
                when=condition_of(duty),
                say=sentences(duty, "say", f"event/{name}/duties"),
                authority=duty.words("authority", AUTHORITIES),
                deadline=duty.text("deadline"),
                answers=_said_by_event(duty),
                at=(page.file, line),
            )
        )
    return Event(
        id=name,
        title=title,
        ask=tuple(_asked(part, shared, at_most=3)),
        duties=tuple(duties),
        not_due=sentences(part, "not_due", f"event/{name}/not_due"),
        sources=part.words("sources"),
        title_ja=part.text("title_ja"),
        file=page.file,
    )


def _said_by_event(duty: Section) -> dict[str, Value]:
    """What the event itself says to questions of the flow: a word, or a list of words."""
    given = duty.section("answers", "'answers' of a duty")
    found: dict[str, Value] = {}
    for name, value, _ in given.names("a question"):
        words = given.words(name)
        found[name] = words if isinstance(value, WrittenList) else "".join(words)
    return found


def fingerprint(start: str, asked: Mapping[str, Question], refine: Mapping[str, Question]) -> str:
    """Eight characters that change when questions, kinds, options or branches change."""
    shape = [start, [
        [one.name, one.kind, one.table, [option.id for option in one.options],
         [[_stable(branch.when), branch.go] for branch in one.next]]
        for one in (*asked.values(), *refine.values())
    ]]  # fmt: skip
    return hashlib.sha256(json.dumps(shape).encode()).hexdigest()[:8]


def _stable(when: Condition | None) -> object:
    """A condition without the chance order of sets."""
    return None if when is None else _sorted(when.raw)


def _sorted(raw: object) -> object:
    if isinstance(raw, frozenset):
        return sorted(str(word) for word in raw)
    return [_sorted(item) for item in raw] if isinstance(raw, tuple) else raw


# ---------------------------------------------------------------- parts of a flow


def _id(part: Section, key: str, stem: str) -> str:
    name = part.text(key) or stem
    if name != stem:
        right = f"write `{key}: {stem}` or rename the file"
        part.wrong(f"the file is called {stem}.yaml and says {key}: {name}", right, key)
    if not PUBLIC_ID.match(name):
        part.wrong(f"'{name}' is no id", "write small-letters-and-digits", key)
    return name


def _read_through(part: Section) -> tuple[str, date] | None:
    if "read_through" not in part:
        return None
    read = as_section(
        part.page, part.get("read_through"), "'read_through'", frozenset({"by", "on"}),
        part.at("read_through")[1], "by", "on",
    )  # fmt: skip
    by, on = read.text("by"), read.day("on")
    return (by, on) if by and on else None


def _questions(part: Section, key: str, flow_id: str, shared: Shared) -> dict[str, Question]:
    found = {}
    for name, value, line in part.named(key, "a question"):
        prefix = f"{flow_id}/{name}"
        if isinstance(value, Written) and "use" in value:
            one = used_question(part.page, value, name, line, prefix, shared.questions)
        else:
            one = question(part.page, value, name, line, prefix, shared.answers)
            one = with_statuses(one, shared.statuses)
        if one is None:
            continue
        if key == "refine" and one.next:
            right = "leave `next` out: it is a button on the result"
            part.page.wrong(line, f"the refine question '{name}' has a `next`", right)
        found[name] = one
    return found


def with_statuses(one: Question | None, statuses: tuple[Option, ...]) -> Question | None:
    """A question with `table: statuses` gets the statuses as its options."""
    return one if one is None or one.table is None else replace(one, options=statuses)


def _asked(part: Section, shared: Shared, *, at_most: int) -> list[Question]:
    """The shared questions that a topic or an event asks."""
    names = part.words("ask")
    if len(names) > at_most:
        part.wrong(f"{part.what} asks {len(names)} questions", f"ask at most {at_most}", "ask")
    for name in names:
        if name not in shared.questions:
            what = f"no shared question is called '{name}'"
            part.wrong(what, one_of(name, shared.questions), "ask")
    return [shared.questions[name] for name in names if name in shared.questions]


def _deadlines(part: Section, flow_id: str) -> dict[str, Deadline]:
    found = {}
    for name, value, line in part.named("deadlines", "a deadline"):
        one = as_section(
            part.page, value, f"deadline '{name}'", DEADLINE, line, "if_closed", "tell", "source"
        )
        starts = [key for key in ("counts_from", "on", "earliest_of") if key in one]
        if len(starts) != 1:
            right = "write exactly one of counts_from, on, earliest_of"
            one.wrong(f"{one.what} has {len(starts)} beginnings", right)
        if "first_day" not in one and "add" in one:
            right = "add `first_day: excluded` (the day of the event does not count) or `included`"
            one.wrong(f"{one.what} has no 'first_day'", right)
        found[name] = Deadline(
            name=name,
            office=one.word("office", OFFICES, "none") or "none",
            if_closed=one.word("if_closed", IF_CLOSED, "keep") or "keep",
            tell=one.word("tell", TELL, "as_computed") or "as_computed",
            source=one.text("source") or "",
            first_day=one.word("first_day", FIRST_DAY, "excluded") or "excluded",
            counts_from=one.words("counts_from"),
            offset=_offset(one),
            on=one.text("on"),
            earliest_of=one.words("earliest_of"),
            opens=_opens(one),
            seen_from=one.text("seen_from"),
            label=part_sentence(one, "label", f"{flow_id}/{name}.label"),
            grade=one.word("grade", GRADES),
            confirm=one.word("confirm", CONFIRM),
            at=(part.page.file, line),
        )
    return found


def _opens(one: Section) -> str | Offset | None:
    value = one.get("opens")
    if isinstance(value, Written):
        inner = as_section(
            one.page, value, f"'opens' of {one.what}", frozenset({"add", "subtract"}),
            one.at("opens")[1],
        )  # fmt: skip
        return _offset(inner)
    return one.text("opens")


def _offset(one: Section) -> Offset | None:
    """What `add` or `subtract` says: days, months and years, numbers or rules."""
    keys = [key for key in ("add", "subtract") if key in one]
    if not keys:
        return None
    if len(keys) == 2:
        one.wrong(f"{one.what} adds and subtracts", "write one of them", "subtract")
    span = one.section(keys[0], f"'{keys[0]}' of {one.what}", OFFSET)
    parts: dict[str, int | str] = {}
    for key, value, _line in span.items():
        if isinstance(value, int | str) and not isinstance(value, bool):
            parts[key] = value
        elif key in OFFSET:
            right = "write a number or the name of a rule"
            span.wrong(f"'{key}' of {one.what} is no span", right, key)
    if not parts:
        span.wrong(f"{span.what} is empty", f"write {keys[0]}: {{days: 14}} or a rule")
    days, months, years = (parts.get(key) for key in ("days", "months", "years"))
    return Offset(days, months, years, sign=1 if keys[0] == "add" else -1)


def _amounts(part: Section) -> dict[str, tuple[AmountLine, ...]]:
    found = {}
    for name, value, line in part.named("amounts", "an amount"):
        if not isinstance(value, WrittenList) or not value:
            part.page.wrong(line, f"amount '{name}' is no list", "write - {rule: ..., when: ...}")
            continue
        lines = []
        for item, at in zip(value, value.lines, strict=True):
            one = as_section(
                part.page, item, f"a line of amount '{name}'",
                frozenset({"rule", "when", "band"}), at, "rule",
            )  # fmt: skip
            if rule := one.text("rule"):
                where = (part.page.file, at)
                lines.append(AmountLine(rule, condition_of(one), one.text("band"), where))
        found[name] = tuple(lines)
    return found
