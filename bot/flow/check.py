"""Everything the content must keep, so that a wrong library never loads.

The shape of each file was checked when it was read. Here names are looked up, ways are walked
and limits counted, for the whole library; each fault says where, what, and what would be right.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from urllib.parse import urlsplit

import regex

from bot.flow.amounts import value_on
from bot.flow.check_flow import FlowCheck
from bot.flow.check_names import words_of_question
from bot.flow.check_single import check_question, fault, leads_to, source_of
from bot.flow.events import DUTIES, as_flow
from bot.flow.faults import Fault, one_of
from bot.flow.macros import macro_faults
from bot.flow.menu import menu_faults
from bot.flow.model import UNKNOWN, At, Duty, Event, Flow, Library, Question, Rule, Sentence
from bot.flow.sentences import all_sentences, sentences_of, sentences_of_question

MOST_OPTIONS = 11
"""LINE shows 13 buttons under a message; two are for "I don't know" and for a person."""
LONGEST_LABEL = 20
RESERVED = frozenset({
    "answers", "document", "event", "macro", "office", "safety", "shared", "source", "status",
    "status-group", "talk", "topic",
})  # fmt: skip
"""Beginnings of addresses that are not the name of a flow."""
OFFICIAL = (".go.jp", ".lg.jp")
_URL = re.compile(r"https?://[^\s<>\"'）」)]+")
_PLACEHOLDER = re.compile(r"%\([a-z0-9_.]+\)s")


def check_library(library: Library, today: date | None = None) -> list[Fault]:
    """All faults of a library; with `today`, also rules that have no value on that day."""
    faults: list[Fault] = []
    for rule in library.rules.values():
        faults += _rule(rule, library, today)
    faults += _sources(library)
    faults += _statuses(library)
    for document in library.documents.values():
        if document.source is not None:
            faults += source_of(document.source, library, document.at)
    for question in library.shared_questions.values():
        faults += check_question(question, library, None)
    for flow in library.all_flows:
        faults += FlowCheck(flow, library).faults()
        for question in (*flow.questions.values(), *flow.refine.values()):
            faults += _limits(question)
    for event in library.events.values():
        faults += _event(event, library)
    for answer in library.safety.values():
        faults += _safety(answer)
    faults += _ids(library)
    faults += menu_faults(library)
    faults += macro_faults(library)
    faults += _confirm_lines(library)
    faults += _texts(library)
    return faults


# ---------------------------------------------------------------- rules, sources, statuses


def _rule(rule: Rule, library: Library, today: date | None) -> Iterator[Fault]:
    if not rule.values:
        yield fault(rule.at, f"rule '{rule.name}' has no value", "add `always: {value: ...}`")
    known = [value.since or date.min for value in rule.values]
    if known != sorted(set(known)):
        what = f"the days of rule '{rule.name}' do not ascend"
        yield fault(rule.at, what, "`always` comes first, then each day once, in order")
    for value in rule.values:
        yield from source_of(value.source, library, value.at)
    if today is not None and rule.values:
        now = value_on(rule, today)
        announced = any(value.since and value.since > today for value in rule.values)
        if now is None and not announced:
            what = f"rule '{rule.name}' has no value on {today.isoformat()}"
            yield fault(rule.at, what, "add `always: {...}` or the value that holds today")


def _sources(library: Library) -> Iterator[Fault]:
    for source in library.sources.values():
        if problem := _not_official(source.url, library):
            yield fault(source.at, f"the url of source '{source.id}' {problem[0]}", problem[1])


def _not_official(url: str, library: Library) -> tuple[str, str] | None:
    """What is wrong with an address, and what would be right."""
    parts = urlsplit(url)
    if parts.scheme != "https":
        return "is not https", "write https://..."
    host = parts.hostname or ""
    if host.endswith(OFFICIAL) or host in library.official_exceptions:
        return None
    return (
        f"is not official: {host}",
        "take a page under go.jp or lg.jp, or list the host under `exceptions` of sources.yaml",
    )


def _statuses(library: Library) -> Iterator[Fault]:
    for status in library.statuses.values():
        source = status.facts.get("source")
        if isinstance(source, str):
            yield from source_of(source, library, status.label.at)
    per_group: dict[str, int] = {}
    for status in library.statuses.values():
        per_group[status.group] = per_group.get(status.group, 0) + 1
    for group, count in per_group.items():
        if count > MOST_OPTIONS and group in library.status_groups:
            at = library.status_groups[group].at
            yield fault(at, f"the group '{group}' has {count} statuses", _split())


def _split() -> str:
    return f"a message can offer {MOST_OPTIONS}: make two groups"


# ---------------------------------------------------------------- events and ids


def _event(event: Event, library: Library) -> Iterator[Fault]:
    """An event is checked as the flow it is walked as, and each duty by where it leads."""
    walked = FlowCheck(as_flow(event), library)
    yield from walked.faults()
    for duty in event.duties:
        yield from walked.condition(duty.when, DUTIES)
        if duty.flow is None:
            if duty.deadline is not None or duty.step is not None:
                what = "a duty without a flow has a step or a deadline"
                yield fault(duty.at, what, "add `flow: ...`, or leave them out")
            continue
        yield from leads_to(duty.flow, library, duty.at, event.id)
        flow = library.flows.get(duty.flow)
        if flow is None:
            continue
        if duty.step is not None:
            steps = {step.name for one in flow.outcomes.values() for step in one.steps}
            if duty.step not in steps:
                what = f"'{duty.flow}' has no step '{duty.step}'"
                yield fault(duty.at, what, one_of(duty.step, steps))
        if duty.deadline is not None and duty.deadline not in flow.deadlines:
            what = f"'{duty.flow}' has no deadline '{duty.deadline}'"
            yield fault(duty.at, what, one_of(duty.deadline, flow.deadlines))
        yield from _said_by_event(duty, flow)


def _said_by_event(duty: Duty, flow: Flow) -> Iterator[Fault]:
    """What the event answers instead of the person are options of questions of that flow."""
    questions = {**flow.questions, **flow.refine}
    for name, value in duty.answers.items():
        if name not in questions:
            what = f"'{flow.id}' has no question '{name}'"
            yield fault(duty.at, what, one_of(name, questions))
            continue
        options = words_of_question(questions[name]) - {UNKNOWN}
        if questions[name].kind not in ("choice", "several"):
            what = f"'{name}' of '{flow.id}' is a {questions[name].kind}"
            yield fault(duty.at, what, "an event can only answer what has options")
        for word in (
            [value] if isinstance(value, str) else value if isinstance(value, tuple) else ()
        ):
            if word not in options:
                what = f"'{name}' of '{flow.id}' is never '{word}'"
                yield fault(duty.at, what, one_of(word, options))


def _safety(answer: Flow) -> Iterator[Fault]:
    """What to do now is said first, and to everybody."""
    for outcome in answer.outcomes.values():
        if outcome.say and outcome.say[0].when is not None:
            what = f"the first sentence of '{answer.id}' has a condition"
            yield fault(outcome.say[0].at, what, "say first what to do now, to everybody")


def _ids(library: Library) -> Iterator[Fault]:
    kinds: dict[str, Mapping[str, Flow] | Mapping[str, Event]] = {
        "procedure": library.flows,
        "topic": library.topics,
        "event": library.events,
        "safety answer": library.safety,
    }
    seen: dict[str, str] = {}
    for kind, found in kinds.items():
        for name, one in found.items():
            at = one.title.at[0], 1
            if kind == "procedure" and name in RESERVED:
                yield fault(at, f"a flow cannot be called '{name}'", "take another id")
            if name in seen:
                yield fault(at, f"'{name}' is a {seen[name]} and a {kind}", "rename one")
            seen[name] = kind


def _confirm_lines(library: Library) -> Iterator[Fault]:
    """Each `confirm` word has its one shared sentence, which is said with the result."""
    marks: dict[str, At] = {}
    for flow in library.all_flows:
        marked = [(one.confirm, one.at) for one in sentences_of(flow)]
        marked += [(one.confirm, one.at) for one in flow.deadlines.values()]
        for mark, at in marked:
            if mark is not None:
                marks.setdefault(mark, at)
    for mark, at in marks.items():
        if f"confirm_{mark}" not in library.talk:
            right = f"add `confirm_{mark}` to shared/talk.yaml"
            yield fault(at, f"no sentence says what `confirm: {mark}` means", right)


# ---------------------------------------------------------------- texts and LINE's limits


def _texts(library: Library) -> Iterator[Fault]:
    """Each text once: addresses of pages in it, length on a button, one text per address."""
    texts: dict[str, Sentence] = {}
    for sentence in _everything(library):
        first = texts.setdefault(sentence.address, sentence)
        if first.text != sentence.text:
            what = f"two texts have the address '{sentence.address}'"
            yield fault(sentence.at, what, f"see also {first.at[0]}:{first.at[1]}; rename one")
    for sentence, _ in all_sentences(library):
        for text in (sentence.text, sentence.plural or ""):
            for url in _URL.findall(text):
                if problem := _not_official(url.rstrip(".,;:"), library):
                    what = f"an address in '{sentence.address}' {problem[0]}"
                    yield fault(sentence.at, what, problem[1])
        if sentence.button:
            length = graphemes(_PLACEHOLDER.sub("", sentence.text))
            if length > LONGEST_LABEL:
                what = f"the label of '{sentence.address}' has {length} characters"
                right = f"a button has room for {LONGEST_LABEL}: '{sentence.text}'"
                yield fault(sentence.at, what, right)


def _everything(library: Library) -> Iterator[Sentence]:
    for flow in library.all_flows:
        for question in (*flow.questions.values(), *flow.refine.values()):
            yield from sentences_of_question(question)
        for outcome in flow.outcomes.values():
            yield from outcome.say
            for step in outcome.steps:
                yield from step.say
        for document in flow.documents:
            yield document.text
    for event in library.events.values():
        yield from sentences_of(event)


def _limits(question: Question) -> Iterator[Fault]:
    """A message can offer so many answers; more are put into groups."""
    if len(question.options) <= MOST_OPTIONS or question.table is not None:
        return
    groups = {name for name, _ in question.groups}
    if not groups:
        what = f"question '{question.name}' has {len(question.options)} options"
        yield fault(question.at, what, _split())
        return
    per_group: dict[str | None, int] = {}
    for option in question.options:
        per_group[option.group] = per_group.get(option.group, 0) + 1
    for group, count in per_group.items():
        if group not in groups:
            what = f"options of '{question.name}' are in the group '{group}'"
            yield fault(question.at, what, one_of(str(group), groups))
        elif count > MOST_OPTIONS:
            what = f"the group '{group}' of '{question.name}' has {count} options"
            yield fault(question.at, what, _split())


def graphemes(text: str) -> int:
    """How many characters a reader sees."""
    return len(regex.findall(r"\X", text))
