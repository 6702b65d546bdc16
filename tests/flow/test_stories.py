"""The stories of tests/flows: people with their answers on a day, and what they must be told.

A story is written by the content desk (keys below) and goes through the real engine with the
real content. `documents` are papers listed for certain, `maybe` those listed under a condition,
`not_documents` those not listed at all; `says` names sentences of the outcome, or of a step as
`step.sentence`. `answered_on` is the day of the answers of a person who comes back on `today`
and gives none anew. Every answer must be used: a story that no longer fits its flow fails.
"""

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from bot.flow.engine import Engine
from bot.flow.load import load_library
from bot.flow.model import Solution
from bot.flow.stories import Story, read_stories, short_names, walk

ROOT = Path(__file__).resolve().parents[2]
STORIES = ROOT / "tests" / "flows"
NEEDED = {"name", "flow", "today", "answers"}
ALLOWED = {"answered_on"}
ASSERTED = {
    "ends_at", "asks", "says", "not_says", "tells", "state", "documents", "not_documents",
    "maybe", "fee", "handoff", "follow_ups", "not_follow_ups", "steps", "not_steps", "authority",
    "offices", "refine", "confirm", "changes", "start_flow",
}  # fmt: skip


@cache
def engine() -> Engine:
    return Engine(load_library(ROOT / "flows"))


ALL = [story for story in read_stories(STORIES) if not story.is_event]


@pytest.mark.parametrize("story", ALL, ids=lambda story: story.title)
def test_each_story_has_only_known_keys_and_asserts_something(story: Story) -> None:
    keys = set(story.written)
    assert keys >= NEEDED
    unknown = keys - NEEDED - ALLOWED - ASSERTED
    assert not unknown, f"unknown keys {sorted(unknown)}"
    assert keys & ASSERTED


def test_no_two_stories_have_the_same_name() -> None:
    titles = [story.title for story in ALL]
    assert sorted({t for t in titles if titles.count(t) > 1}) == []


def test_every_outcome_of_every_flow_is_the_end_of_a_story() -> None:
    told = {(story.written["flow"], story.written.get("ends_at")) for story in ALL}
    library = engine().library
    missing = [
        f"{flow.id}/{outcome}"
        for flow in (*library.flows.values(), *library.topics.values())
        for outcome in flow.outcomes
        if (flow.id, outcome) not in told
    ]
    assert missing == []


@pytest.mark.parametrize("story", ALL, ids=lambda story: story.title)
def test_a_person_is_told_what_the_story_says(story: Story) -> None:
    progress = walk(engine(), story)
    solution = engine().solve(story.flow, progress.answers, story.today)
    check_end(story, solution)
    check_sentences(story, solution)
    check_days(story, solution)
    check_papers(story, solution)
    check_fee(story, solution)
    check_what_follows(story, solution)


def check_end(story: Story, solution: Solution) -> None:
    if "asks" in story.written:
        assert solution.question == story.written["asks"]
    if "ends_at" in story.written:
        assert solution.question is None, f"the question {solution.question} is still open"
        assert solution.outcome == story.written["ends_at"]
        assert solution.sentences or solution.steps, "nothing is said"


def check_sentences(story: Story, solution: Solution) -> None:
    spoken = [line.sentence.address for line in solution.sentences]
    spoken += [line.sentence.address for step in solution.steps for line in step.sentences]
    said = short_names(spoken, solution.outcome)
    assert set(story.names("says")) - said == set(), f"not said; said are {sorted(said)}"
    assert set(story.names("not_says")) & said == set()
    names = {line.sentence.address.rpartition("/")[2] for line in solution.confirm}
    assert {f"confirm_{name}" for name in story.names("confirm")} - names == set()


def check_days(story: Story, solution: Solution) -> None:
    shown = {day.name: day for day in solution.deadlines}
    shown |= {step.deadline.name: step.deadline for step in solution.steps if step.deadline}
    for name, day in dict(story.written.get("tells", {})).items():
        assert name in shown, f"{name} is not told; told are {sorted(shown)}"
        assert shown[name].tell == date.fromisoformat(str(day)), f"{name} tells another day"
    for name, word in dict(story.written.get("state", {})).items():
        assert name in shown, f"{name} is not told; told are {sorted(shown)}"
        assert shown[name].state == word


def check_papers(story: Story, solution: Solution) -> None:
    listed = [*solution.documents, *(p for step in solution.steps for p in step.documents)]
    certain = {paper.document.id for paper in listed if paper.condition is None}
    conditional = {paper.document.id for paper in listed if paper.condition is not None}
    assert set(story.names("documents")) - certain == set(), f"certain are {sorted(certain)}"
    assert set(story.names("maybe")) - conditional == set(), f"maybe are {sorted(conditional)}"
    assert set(story.names("not_documents")) & (certain | conditional) == set()


def check_fee(story: Story, solution: Solution) -> None:
    for key, value in dict(story.written.get("fee", {})).items():
        assert getattr(solution.amounts["fee"], key) == value, solution.amounts["fee"]


def check_what_follows(story: Story, solution: Solution) -> None:
    if "handoff" in story.written:
        assert solution.handoff == story.written["handoff"]
    if "start_flow" in story.written:
        assert solution.start_flow == story.written["start_flow"]
    assert set(story.names("follow_ups")) - pointers(solution) == set()
    assert set(story.names("not_follow_ups")) & pointers(solution) == set()
    steps = {step.name for step in solution.steps}
    assert set(story.names("steps")) - steps == set(), f"steps are {sorted(steps)}"
    assert set(story.names("not_steps")) & steps == set()
    authorities = {*solution.authority, *(a for step in solution.steps for a in step.authority)}
    assert set(story.names("authority")) - authorities == set()
    offices = [office.id for office in solution.offices]
    wanted = list(story.names("offices"))
    assert offices[: len(wanted)] == wanted
    assert set(story.names("refine")) - set(solution.refine) == set()
    assert set(story.names("changes")) - {change.what for change in solution.changes} == set()


def pointers(solution: Solution) -> set[str]:
    """Follow-ups that have a file, and those of the outcome that are only planned yet."""
    flow = engine().library.flow_or_topic(solution.flow)
    assert flow is not None
    there = {*engine().library.flows, *engine().library.topics, *engine().library.events}
    outcome = flow.outcomes.get(solution.outcome or "")
    planned = {line.flow for line in outcome.follow_ups} - there if outcome else set()
    return {*solution.follow_ups, *planned}
