"""Walks through everything: every procedure, topic, life event and safety answer, on the days
where the law has its edges, in every language in turn.

The days are those within three of a start of a rule or of a closed day from 2025 to 2028. A short
selection runs always; `make soak` takes every flow on every such day in every language.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from bot.flow.conditions import Conditions
from bot.flow.coverage import everything_to_prove
from bot.flow.dates import OFFICES_WITH_CLOSED_DAYS, is_open
from bot.flow.engine import Engine
from bot.flow.load import load_library
from bot.flow.model import (
    UNKNOWN,
    UNSURE,
    Condition,
    Document,
    Flow,
    Library,
    NotAnAnswer,
    Sentence,
    Solution,
    SolvedDeadline,
    Spoken,
)
from bot.flow.ways import FIRST, LAST, Way, starts_of_rules, way_on, ways_through
from bot.i18n.catalogue import Catalogue
from bot.i18n.locales import TABLE

ROOT = Path(__file__).resolve().parents[2]
WALKS = 150
MOST_QUESTIONS = 7
TOLD_ANYWAY = ("no_open_day", "grace", "passed")
NONE_OR_HOLE = re.compile(r"\bNone\b|%\(|‹")
LINE = re.compile(r"0\d{1,3}-\d{2,4}|\b0570-\d|\b110\b|https://")

MORE_QUESTIONS = {
    "change-of-status": (8, "young people who grew up here: the school decides on the way"),
}
"""Flows of which one path asks more than seven, with the law that needs it."""

USUAL = {
    "age_group": "a photo is needed from the age of one year on",
    "passport_at_hand": "everybody shows the passport, else writes why not",
    "also_lost": "the same",
    "card": "a residence card, else the city office",
    "event": "a baby was born in Japan, in nearly all cases",
    "route": "the list of papers that names the way itself",
    "way": "the form of the counter and the post; online needs none",
}
"""Questions of which papers for the usual answer are certain also while the answer is not known,
because whoever comes without them goes twice. The author names `unknown` there on purpose."""


@cache
def the_engine() -> Engine:
    return Engine(load_library(ROOT / "flows"))


@cache
def catalogue() -> Catalogue:
    return Catalogue(ROOT / "locales", the_library())


def the_library() -> Library:
    return the_engine().library


TAGS = [row.tag for row in TABLE]
EVERYTHING = list(everything_to_prove(the_library()))
FLOWS = list(the_library().flows)

for_everything = pytest.mark.parametrize("flow_id", EVERYTHING)
for_procedures = pytest.mark.parametrize("flow_id", FLOWS)


@cache
def the_flow(flow_id: str) -> tuple[Flow, Conditions]:
    flow = the_engine().flow(flow_id)
    assert flow is not None
    return flow, Conditions(flow)


@cache
def edges(flow_id: str) -> Sequence[date]:
    """The days within three of a start of the flow's rules or of a closed day."""
    library = the_library()
    holidays = {day for day in library.closed if FIRST <= day <= LAST}
    middles = starts_of_rules(the_flow(flow_id)[0], library) | holidays
    near = {day + timedelta(days=n) for day in middles for n in range(-3, 4)}
    return sorted(day for day in near if FIRST <= day <= LAST)


def some_walks(flow_id: str) -> Iterator[tuple[int, Way]]:
    """A selection of days, spread over all edges, each with another walk."""
    flow, tests = the_flow(flow_id)
    days = edges(flow_id)
    for number in range(WALKS):
        today = days[(number * 97 + len(flow_id) * 13) % len(days)]
        yield number, way_on(today, flow, tests, the_library(), number)


# ---------------------------------------------------------------- what always holds


@for_everything
def test_every_walk_ends_with_something_true_to_say(flow_id: str) -> None:
    for number, way in some_walks(flow_id):
        whatever_is_told_is_right(flow_id, way, TAGS[number % len(TAGS)])


@for_procedures
def test_every_walk_around_the_new_year_tells_days_that_can_be_used(flow_id: str) -> None:
    flow, tests = the_flow(flow_id)
    for number in range(WALKS):
        today = date(2026, 12, 25) + timedelta(days=number % 12)
        way = way_on(today, flow, tests, the_library(), 50_000 + number)
        whatever_is_told_is_right(flow_id, way, TAGS[number % len(TAGS)])


@pytest.mark.slow
@for_everything
@pytest.mark.parametrize("tag", TAGS)
def test_every_walk_on_every_edge_in_every_language(flow_id: str, tag: str) -> None:
    flow, tests = the_flow(flow_id)
    for number, today in enumerate(edges(flow_id)):
        seed = number * len(TAGS) + TAGS.index(tag) + 1_000_000
        whatever_is_told_is_right(flow_id, way_on(today, flow, tests, the_library(), seed), tag)


def whatever_is_told_is_right(flow_id: str, way: Way, tag: str) -> None:
    engine, answers, today = the_engine(), way.progress.answers, way.today
    progress = engine.replay(flow_id, answers, today)
    assert (progress.question, progress.outcome) == (None, way.progress.outcome), way
    assert progress.answers == answers and progress.dropped == (), way
    if flow_id in the_library().events:
        event = engine.solve_event(flow_id, answers, today)
        spoken = [*event.not_due, *event.confirm, *(s for duty in event.duties for s in duty.words)]
        assert event.duties or event.not_due, way
        for duty in event.duties:
            if duty.deadline is not None and duty.flow is not None:
                day_is_right(the_flow(duty.flow)[0], duty.deadline, duty.solution, today, way)
    else:
        solution = engine.solve(flow_id, answers, today)
        spoken = list(all_spoken(solution))
        assert solution.sentences or any(step.sentences for step in solution.steps), way
        for deadline in all_deadlines(solution):
            day_is_right(the_flow(flow_id)[0], deadline, solution, today, way)
        states_have_words(the_flow(flow_id)[0], solution, way)
        changes_are_ahead(solution, way)
    words = catalogue().voice(tag).words(flow_id)[0]
    for line in spoken:
        has_no_hole(line, words.text(line), f"{tag} {line.sentence.address} {way}")


def has_no_hole(line: Spoken, text: str, where: str) -> None:
    """Nothing is missing in a text; the English word "None" may begin a sentence."""
    written = f"{line.sentence.text} {line.sentence.plural}".count("None ")
    assert text.strip() and len(NONE_OR_HOLE.findall(text)) <= written, where


def all_spoken(solution: Solution) -> Iterator[Spoken]:
    yield from solution.sentences
    yield from solution.confirm
    yield from (change.spoken for change in solution.changes)
    papers = [*solution.documents]
    for step in solution.steps:
        yield from step.sentences
        papers += step.documents
    for paper in papers:
        yield Spoken(paper.document.text)
        yield from (Spoken(one) for one in (paper.document.note, paper.condition) if one)
    yield from (Spoken(day.label) for day in all_deadlines(solution) if day.label)


def all_deadlines(solution: Solution) -> Iterator[SolvedDeadline]:
    yield from solution.deadlines
    yield from (step.deadline for step in solution.steps if step.deadline is not None)


def day_is_right(
    flow: Flow, day: SolvedDeadline, solution: Solution | None, today: date, way: Way
) -> None:
    """A day told as ahead is not past; a last day to act is an open day of its office."""
    content = flow.deadlines[day.name]
    seen_on = seen_from(content.seen_from, solution, today)
    assert day.state != UNKNOWN and day.law_last_day is not None, way
    closed = the_library().closed if day.office in OFFICES_WITH_CLOSED_DAYS else frozenset()
    has_closed_days = day.office in OFFICES_WITH_CLOSED_DAYS
    if day.state in ("ahead", "today", "not_open"):
        assert day.tell is not None and day.tell >= seen_on, f"{day} {way}"
    if day.state in ("ahead", "today") and content.tell == "open_day_before" and has_closed_days:
        assert is_open(day.tell, closed), f"{day} {way}"
    if day.state == "today":
        assert day.tell == seen_on, f"{day} {way}"
    if day.state == "no_open_day":
        left = (day.law_last_day - seen_on).days
        between = [seen_on + timedelta(days=n) for n in range(left + 1)]
        assert not any(is_open(one, closed) for one in between), f"{day} {way}"
    if day.state in ("grace", "passed"):
        assert day.law_last_day < seen_on, f"{day} {way}"


def seen_from(name: str | None, solution: Solution | None, today: date) -> date:
    if name is None or name == "today" or solution is None:
        return today
    if name == "filing_on":
        assert solution.filing_on is not None
        return solution.filing_on
    given = {answer.name: answer.value for answer in solution.answers}.get(name, UNSURE)
    return today if given == UNSURE else date.fromisoformat(str(given))


def states_have_words(flow: Flow, solution: Solution, way: Way) -> None:
    """Where a last day that this outcome tells has passed, or no open day is left, a sentence that
    is said speaks of it, or the way itself led here because of it."""
    outcome = flow.outcomes[solution.outcome or ""]
    every = [*outcome.say, *(one for step in outcome.steps for one in step.say)]
    told = {param.partition(".")[0] for one in every for param in one.params}
    said = [*solution.sentences, *(s for step in solution.steps for s in step.sentences)]
    spoken_of = {name for line in said for name in names_in(line.sentence)}
    for answer in way.progress.answers[: way.progress.walked]:
        for branch in flow.questions[answer.name].next:
            spoken_of |= branch.when.names if branch.when else set()
    for day in all_deadlines(solution):
        acts = flow.deadlines[day.name].tell == "open_day_before"
        if day.name in told and acts and day.state in TOLD_ANYWAY:
            assert day.name in spoken_of, f"{day.name} is {day.state}, and nothing says so: {way}"


def names_in(sentence: Sentence) -> set[str]:
    read = {param.partition(".")[0] for param in sentence.params}
    return read | (set(sentence.when.names) if sentence.when else set())


def changes_are_ahead(solution: Solution, way: Way) -> None:
    for change in solution.changes:
        until = change.spoken.params["until"]
        assert isinstance(until, date)
        assert solution.today <= until < change.day, way
        assert is_open(until, the_library().closed), way


# ---------------------------------------------------------------- who knows nothing, who is asked


@for_procedures
def test_who_knows_nothing_gets_a_true_and_useful_answer(flow_id: str) -> None:
    for today in (date(2025, 1, 1), date(2026, 11, 28), date(2028, 12, 31)):
        solution = all_unsure(flow_id, today)
        said = [*solution.sentences, *(s for step in solution.steps for s in step.sentences)]
        texts = [line.sentence.text for line in (*said, *solution.confirm)]
        assert said
        has_line = any(LINE.search(text) for text in texts)
        assert solution.handoff != "none" or has_line, "neither a person nor an official line"
        assert papers_that_guess(flow_id, solution) == []


def all_unsure(flow_id: str, today: date) -> Solution:
    engine = the_engine()
    progress = engine.replay(flow_id, (), today)
    while progress.question is not None:
        after = engine.answer(flow_id, progress.answers, progress.question, UNSURE, today)
        assert not isinstance(after, NotAnAnswer)
        progress = after
    return engine.solve(flow_id, progress.answers, today)


def papers_that_guess(flow_id: str, solution: Solution) -> list[str]:
    """Papers listed for certain to whom nothing is known, whose conditions rest on questions of
    which no usual answer is known."""
    flow = the_flow(flow_id)[0]
    listed = [*solution.documents, *(one for step in solution.steps for one in step.documents)]
    certain = {paper.document.id for paper in listed if paper.condition is None}
    return [name for name in sorted(certain) if is_guess(name, flow.documents)]


def is_guess(name: str, documents: Iterable[Document]) -> bool:
    ways = [one.when for one in documents if one.id == name]
    return bool(ways) and all(rests_on_answers(when) for when in ways)


def rests_on_answers(when: Condition | None) -> bool:
    return when is not None and not {one for one in when.names if "." not in one} <= set(USUAL)


@for_everything
def test_nobody_is_asked_more_than_seven_questions(flow_id: str) -> None:
    flow, tests = the_flow(flow_id)
    most, _ = MORE_QUESTIONS.get(flow_id, (MOST_QUESTIONS, ""))
    longest = max(
        ways_through(flow, tests, the_library(), 400), key=lambda way: way.progress.walked
    )
    assert longest.progress.walked <= most, longest


def test_flows_with_more_questions_are_named_only_while_they_have_more() -> None:
    for flow_id, (most, why) in MORE_QUESTIONS.items():
        flow, tests = the_flow(flow_id)
        ways = ways_through(flow, tests, the_library(), 2000)
        assert max(way.progress.walked for way in ways) == most > MOST_QUESTIONS and why
