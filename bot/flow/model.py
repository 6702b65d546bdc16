"""What a flow is made of, and what comes out when it is solved.

Everything here is a frozen value: the loader builds the first half from YAML, the engine
returns the second half. No value knows a language, a channel or the clock. A text is a
`Sentence`: its English words and its address, which is its identity in translation, tests
and logs. Answers are canonical, JSON-safe values (see `Answer`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from bot.flow.texts import (
    AmountKind,
    At,
    Condition,
    Money,
    Param,
    Sentence,
    Span,
    Spoken,
)

__all__ = [
    "AmountKind", "AmountLine", "Answer", "At", "Branch", "Change", "Condition", "DatedValue",
    "Deadline", "DeadlineState", "Document", "Duty", "Entry", "Event", "Flow", "FollowUp",
    "HandoffLine", "Library", "ListedDocument", "Macro", "MenuGroup", "Money", "NotAnAnswer",
    "OLD_AFTER", "Office", "Offset", "Option", "Outcome", "Param", "Progress", "Question",
    "QuestionKind", "Rule", "Sentence", "Solution", "SolvedDeadline", "SolvedStep", "Source",
    "Span", "Spoken", "Status", "Step", "Truth", "UNKNOWN", "UNSURE", "Value",
]  # fmt: skip

# ---------------------------------------------------------------- words of the grammar

UNSURE = "unsure"
UNKNOWN = "unknown"
OLD_AFTER = timedelta(days=90)

QuestionKind = Literal["choice", "several", "date", "number", "text", "place"]
DeadlineState = Literal["not_open", "ahead", "today", "no_open_day", "grace", "passed", "unknown"]
Truth = bool | None
"""Three values: yes, no, unknown (None)."""

Value = str | int | float | tuple[str, ...] | Mapping[str, str | None]
"""A canonical answer: choice = option id; several = option ids (or ("none",)); date =
"YYYY-MM-DD"; number; text; place = {"prefecture": "13", "municipality": "13121" or None}
(JIS codes). Any question can be answered `unsure`."""


# ---------------------------------------------------------------- shared knowledge


@dataclass(frozen=True, slots=True)
class Source:
    """An official page or article, and the day on which it was read."""

    id: str
    title: str
    publisher: str
    url: str
    checked: date
    ja: str | None = None
    at: At = field(default=("", 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One value of a rule from `since` (None = always) until the next one starts.

    Exactly one of value / bands / expected is set. `value` may be a (low, high) range.
    """

    since: date | None
    value: int | bool | date | str | tuple[int, int] | None
    bands: Mapping[str, int] | None
    expected: bool
    source: str
    grade: str
    ended: bool = False
    confirm: str | None = None
    at: At = field(default=("", 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """A value of law that changes over time, e.g. `residence_card.reissue_days`."""

    name: str
    about: str
    unit: str
    values: tuple[DatedValue, ...]
    at: At = field(default=("", 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Office:
    """An immigration counter as offices.yaml gives it. A phone that is None is not known."""

    id: str
    name: Sentence
    name_ja: str
    kind: str
    accepts: bool
    postal_code: str | None
    address: str
    address_ja: str
    phone: str | None
    hours: str | None
    prefectures: tuple[str, ...]
    partial: Mapping[str, frozenset[str]]
    latitude: float | None = None
    longitude: float | None = None
    located_in: str | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """A row of statuses.yaml."""

    id: str
    label: Sentence
    ja: str
    kind: str
    group: str
    facts: Mapping[str, object]


# ---------------------------------------------------------------- flows


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be tapped: its id and its short label (at most 20 graphemes)."""

    id: str
    label: Sentence
    ja: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """Where to go next if the condition holds (None = always)."""

    when: Condition | None
    go: str
    at: At = field(default=("", 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a flow. `shared` is its global name when it comes from shared/questions.

    `refine` questions are never asked on the way; they are buttons on the result.
    `bands` map a number or a date to words; `only_if` has, per word, the full sentence under
    which a paper is listed while the answer is unknown. Bands are tried in order, each with one
    limit: `upto` (at most) or `below` for numbers, `until` (that day included) or `before` for
    dates; the limit is a number or a `date`, or the name of a rule (text). The last is open: {}.
    """

    name: str
    kind: QuestionKind
    ask: Sentence
    next: tuple[Branch, ...] = ()
    options: tuple[Option, ...] = ()
    table: str | None = None
    groups: tuple[tuple[str, Sentence], ...] = ()
    note: Sentence | None = None
    why: Sentence | None = None
    on_card: Sentence | None = None
    only_if: Mapping[str, Sentence] = field(default_factory=dict)
    not_before: str | None = None
    not_after: str | None = None
    default: str | None = None
    unit: str | None = None
    bands: tuple[tuple[str, Mapping[str, object]], ...] = ()
    shared: str | None = None
    refine: bool = False
    at: At = field(default=("", 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Offset:
    """A span: each part is a number or the name of a rule."""

    days: int | str | None = None
    months: int | str | None = None
    years: int | str | None = None
    sign: int = 1


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day of law. `label` names it on the card ("Last day to apply").

    Exactly one of `counts_from` (the first of these that is known), `on` (a rule of unit day)
    and `earliest_of` (known when all of them are) is set. `opens` is another deadline, or an
    Offset counted from this deadline's own day before any shift: the day from which one may act.
    """

    name: str
    office: str
    if_closed: str
    tell: str
    source: str
    first_day: str = "excluded"
    counts_from: tuple[str, ...] = ()
    offset: Offset | None = None
    on: str | None = None
    earliest_of: tuple[str, ...] = ()
    opens: "str | Offset | None" = None
    seen_from: str | None = None
    label: Sentence | None = None
    grade: str | None = None
    confirm: str | None = None
    at: At = field(default=("", 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AmountLine:
    """One line of an amount: the first whose condition holds gives the value."""

    rule: str
    when: Condition | None = None
    band: str | None = None
    at: At = field(default=("", 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Document:
    """A paper: English name, Japanese term, who issues it, original or copy, how old.

    `group` is the name under which the flow lists it: a group of papers, or its own id. The same
    paper may stand in several groups, each with a condition of its own."""

    id: str
    text: Sentence
    ja: str
    get_from: str = "oneself"
    copy: str = "original"
    max_age: str | None = None
    when: Condition | None = None
    source: str | None = None
    note: Sentence | None = None
    group: str = ""
    at: At = field(default=("", 0), compare=False, repr=False)


Entry = tuple[str, str]
"""One place of a paper in a flow: its group and its id."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Another procedure, topic or event that this outcome makes due."""

    flow: str
    when: Condition | None = None
    at: At = field(default=("", 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class HandoffLine:
    """How much a person is offered: none, offer or urgent."""

    level: str
    when: Condition | None = None
    at: At = field(default=("", 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Step:
    """One duty of an outcome that brings several, with its own authority and deadline.

    `documents` are the ids of its papers; `entries` are where they stand: group and id."""

    name: str
    authority: tuple[str, ...]
    say: tuple[Sentence, ...]
    deadline: str | None = None
    documents: tuple[str, ...] = ()
    entries: frozenset["Entry"] = frozenset()
    when: Condition | None = None
    source: str | None = None
    at: At = field(default=("", 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What people are told at the end of a path.

    `documents` are the ids of the papers that it names, `entries` where they stand: group and id.
    Both are empty, and `documents` is None, when it names none and all of the flow count."""

    name: str
    say: tuple[Sentence, ...]
    sources: tuple[str, ...]
    authority: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    show: tuple[str, ...] = ()
    documents: tuple[str, ...] | None = None
    entries: frozenset["Entry"] = frozenset()
    steps: tuple[Step, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    handoff: tuple[HandoffLine, ...] = ()
    start_flow: str | None = None
    headline: Sentence | None = None
    at: At = field(default=("", 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Flow:
    """One procedure. `fingerprint` hashes questions, kinds, options and branches, not words.

    `start` is a question; a topic that asks nothing starts at its outcome `answer`. `optional`
    are the names that conditions may read although not every path answers them.
    """

    id: str
    title: Sentence
    start: str
    as_of: str | None
    questions: Mapping[str, Question]
    refine: Mapping[str, Question]
    deadlines: Mapping[str, Deadline]
    amounts: Mapping[str, tuple[AmountLine, ...]]
    documents: tuple[Document, ...]
    outcomes: Mapping[str, Outcome]
    fingerprint: str
    kind: str = "flow"
    title_ja: str | None = None
    read_through: tuple[str, date] | None = None
    file: str = ""
    optional: frozenset[str] = frozenset()


# ---------------------------------------------------------------- what the engine returns


@dataclass(frozen=True, slots=True)
class Answer:
    """One stored answer: question name, canonical value, and the day it was given."""

    name: str
    value: Value
    day: date


@dataclass(frozen=True, slots=True)
class NotAnAnswer:
    """A senseless answer is a value: `reason` is the name of a sentence under talk/."""

    reason: str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a replay arrived: exactly one of `question` and `outcome` is set.

    `answers` are kept, in this order: the first `walked` of them led here; then those that
    wait for a question that may still come; then those to refine questions. `dropped` are
    those that no longer fit (a changed flow, a changed earlier answer).
    """

    flow: str
    answers: tuple[Answer, ...]
    question: str | None
    outcome: str | None
    dropped: tuple[Answer, ...] = ()
    walked: int = 0


@dataclass(frozen=True, slots=True)
class SolvedDeadline:
    """`law_last_day`: what the law counts until (shifted if the law shifts). `tell`: the day
    people read. `printed`: the day before any shift. `days_left`: from today to `tell`."""

    name: str
    state: DeadlineState
    law_last_day: date | None = None
    tell: date | None = None
    printed: date | None = None
    opens_on: date | None = None
    days_left: int | None = None
    label: Sentence | None = None
    source: str | None = None
    office: str = "none"


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A paper of the checklist; `condition` is the "Only if ..." sentence, or None."""

    document: Document
    condition: Sentence | None = None


@dataclass(frozen=True, slots=True)
class SolvedStep:
    """One duty with its own deadline and papers."""

    name: str
    authority: tuple[str, ...]
    sentences: tuple[Spoken, ...]
    deadline: SolvedDeadline | None
    documents: tuple[ListedDocument, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What would differ if the person filed from `day` on (or until the day before it).

    `sentence` is a full sentence of shared/changes ("If you apply by ... ")."""

    day: date
    what: str
    spoken: Spoken
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Solution:
    """Everything that one set of answers means on one day."""

    flow: str
    today: date
    filing_on: date | None
    question: str | None
    outcome: str | None
    answers: tuple[Answer, ...]
    sentences: tuple[Spoken, ...] = ()
    deadlines: tuple[SolvedDeadline, ...] = ()
    amounts: Mapping[str, Money] = field(default_factory=dict)
    documents: tuple[ListedDocument, ...] = ()
    steps: tuple[SolvedStep, ...] = ()
    follow_ups: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    offices: tuple[Office, ...] = ()
    authority: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    handoff: str = "none"
    sources: tuple[Source, ...] = ()
    refine: tuple[str, ...] = ()
    start_flow: str | None = None
    confirm: tuple[Spoken, ...] = ()
    oldest_check: date | None = None
    read_through: tuple[str, date] | None = None

    @property
    def is_old(self) -> bool:
        """True when a source it rests on was read more than OLD_AFTER ago: told more softly."""
        return self.oldest_check is not None and self.today - self.oldest_check > OLD_AFTER


@dataclass(frozen=True, slots=True)
class Event:
    """A life event: up to three shared questions, then duties in order.

    `not_due` says what people fear to have to do and need not. `sources` count for every
    sentence that names none."""

    id: str
    title: Sentence
    ask: tuple[Question, ...]
    duties: tuple["Duty", ...]
    not_due: tuple[Sentence, ...] = ()
    sources: tuple[str, ...] = ()
    title_ja: str | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty of a life event: a flow, a step of one, or (`flow` None) a pointer elsewhere.

    `say` tells what to do, in the event's own words. `deadline` is a deadline of that flow; it is
    told as soon as the event's answers make it known. `authority` is who it is done with, where
    the flow has not yet reached an outcome that says so. `answers` are what the event itself
    says to questions of that flow (`what: moved`)."""

    flow: str | None
    step: str | None
    when: Condition | None
    say: tuple[Sentence, ...] = ()
    authority: tuple[str, ...] = ()
    deadline: str | None = None
    answers: Mapping[str, Value] = field(default_factory=dict)
    at: At = field(default=("", 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """Some subjects under one button of the menu, by id, in their order."""

    id: str
    subjects: tuple[str, ...]
    at: At = field(default=("", 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Macro:
    """A sentence that somebody of the office sends by hand; `sentence.params` are its gaps
    (bot.flow.macros.SLOTS tells their kinds)."""

    name: str
    group: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Library:
    """All content, loaded once. `talk` are the bot's own sentences by name; `places` the names
    of prefectures and municipalities by JIS code ("Tokyo (東京都)", shared/places.yaml); `safety`
    what is said first, before anything else, to people in danger;
    `closed` the holidays and year-end days on which state offices are closed."""

    flows: Mapping[str, Flow]
    topics: Mapping[str, Flow]
    events: Mapping[str, Event]
    rules: Mapping[str, Rule]
    sources: Mapping[str, Source]
    statuses: Mapping[str, Status]
    offices: Mapping[str, Office]
    shared_questions: Mapping[str, Question]
    documents: Mapping[str, Document]
    talk: Mapping[str, Sentence]
    closed: "frozenset[date]"
    places: Mapping[str, str]
    office: Mapping[str, Any]
    answers: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    status_groups: Mapping[str, Sentence] = field(default_factory=dict)
    planned: frozenset[str] = frozenset()
    menu: Mapping[str, MenuGroup] = field(default_factory=dict)
    safety: Mapping[str, Flow] = field(default_factory=dict)
    official_exceptions: frozenset[str] = frozenset()
    macros: Mapping[str, Macro] = field(default_factory=dict)

    @property
    def all_flows(self) -> tuple[Flow, ...]:
        """All procedures, topics and safety answers."""
        return (*self.flows.values(), *self.topics.values(), *self.safety.values())

    def flow_or_topic(self, flow_id: str) -> Flow | None:
        """The procedure, topic or safety answer of that id, or None."""
        found = self.flows.get(flow_id) or self.topics.get(flow_id)
        return found or self.safety.get(flow_id)
