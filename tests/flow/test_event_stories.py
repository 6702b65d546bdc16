"""The stories of life events: what happened to somebody on a day, and all duties in their order.

A story of tests/flows/events: `event`, `today`, `answers`, then what must hold. `duties` are the
flows in order ("-" for a pointer elsewhere); `says` and `not_says` name sentences of duties and
of what is not due; `tells` are days of deadlines, `state` their state; `uncertain` are the duties
of which it is not known whether they are due.
"""

from functools import cache
from pathlib import Path

import pytest

from bot.flow.engine import Engine
from bot.flow.events import SolvedEvent
from bot.flow.load import load_library
from bot.flow.stories import Story, read_stories, walk

ROOT = Path(__file__).resolve().parents[2]
STORIES = ROOT / "tests" / "flows"
NEEDED = {"name", "event", "today", "answers"}
ASSERTED = {"duties", "says", "not_says", "tells", "state", "uncertain", "confirm"}


@cache
def engine() -> Engine:
    return Engine(load_library(ROOT / "flows"))


ALL = [story for story in read_stories(STORIES) if story.is_event]


def solved(story: Story) -> SolvedEvent:
    progress = walk(engine(), story)
    found = engine().solve_event(story.flow, progress.answers, story.today)
    assert found.question is None, f"{found.question} is still asked"
    return found


def short(address: str) -> str:
    return address.rpartition(".")[2]


@pytest.mark.parametrize("story_", ALL, ids=lambda story: story.title)
def test_a_person_is_told_all_duties_of_what_happened(story_: Story) -> None:
    story = story_.written
    assert set(story) >= NEEDED and set(story) & ASSERTED
    assert not set(story) - NEEDED - ASSERTED
    found = solved(story_)
    said = {short(s.sentence.address) for duty in found.duties for s in duty.sentences}
    said |= {short(s.sentence.address) for s in found.not_due}
    days = {duty.deadline.name: duty.deadline for duty in found.duties if duty.deadline}
    if "duties" in story:
        assert [duty.flow or "-" for duty in found.duties] == list(story["duties"])
    assert set(story.get("says", ())) - said == set()
    assert set(story.get("not_says", ())) & said == set()
    for name, day in dict(story.get("tells", {})).items():
        assert str(days[name].tell) == str(day), name
    for name, state in dict(story.get("state", {})).items():
        assert days[name].state == state, name
    if "uncertain" in story:
        assert [d.flow or "-" for d in found.duties if not d.is_certain] == story["uncertain"]
    if "confirm" in story:
        marks = [one.sentence.address.removeprefix("talk/confirm_") for one in found.confirm]
        assert marks == story["confirm"]


def test_each_sentence_of_each_event_is_asserted_by_a_story() -> None:
    told = {(story.flow, name) for story in ALL for name in story.names("says")}
    missing = [
        f"{event.id}: {short(sentence.address)}"
        for event in engine().library.events.values()
        for sentence in (*(s for duty in event.duties for s in duty.say), *event.not_due)
        if (event.id, short(sentence.address)) not in told
    ]
    assert missing == []


def test_each_condition_of_each_event_has_a_story_without_what_it_guards() -> None:
    unsaid = {(story.flow, name) for story in ALL for name in story.names("not_says")}
    missing = [
        f"{event.id}: {short(sentence.address)}"
        for event in engine().library.events.values()
        for duty in event.duties
        for sentence in duty.say
        if (duty.when or sentence.when) and (event.id, short(sentence.address)) not in unsaid
    ]
    missing += [
        f"{event.id}: {short(sentence.address)}"
        for event in engine().library.events.values()
        for sentence in event.not_due
        if sentence.when and (event.id, short(sentence.address)) not in unsaid
    ]
    assert missing == []
