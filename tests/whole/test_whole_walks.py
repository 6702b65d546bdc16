"""Random people on all the days that matter: there is always an exit, and it always fits.

The days that matter lie within three days of the start of a rule, of a closed day or of its end.
In the suite some are walked on each of these days, taking turns, and so do the languages; `make
soak` walks the full product.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import cycle, islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readers import ENGINE, TAGS, Reader
from wholes import library

FIRST, LAST = date(2025, 1, 1), date(2028, 12, 31)
PROCEDURES_A_DAY = 5
FLOWS = (*library().flows, *library().topics, *library().events)


@cache
def days_that_matter() -> tuple[date, ...]:
    """All days within three of a rule's start or a closed day, 2025 to 2028."""
    edges = {value.since for rule in library().rules.values() for value in rule.values}
    edges |= library().closed
    around = {
        edge + timedelta(days=days)
        for edge in edges
        if edge is not None and FIRST - timedelta(days=3) <= edge <= LAST + timedelta(days=3)
        for days in range(-3, 4)
    }
    return tuple(sorted(day for day in around if FIRST <= day <= LAST))


def walk(flow: str, day: date, tag: str, seed: int) -> Reader:
    chance = random.Random(f"{flow} {day} {tag} {seed}")
    reader = Reader(day, tag)
    reader.walks(flow, chance)
    reader.looks_around(chance)
    return reader


def by_turns() -> Iterator[tuple[str, date, str]]:
    """Some procedures and a topic or life event on every day, all of them taking turns, each
    time in the next language."""
    procedures, others = cycle(library().flows), cycle((*library().topics, *library().events))
    tags = cycle(TAGS)
    for day in days_that_matter():
        for flow in (*islice(procedures, PROCEDURES_A_DAY), next(others)):
            yield flow, day, next(tags)
        next(tags)  # else each flow would meet the same language again and again


def test_the_days_that_matter_are_the_edges_of_rules_and_closed_days() -> None:
    days = set(days_that_matter())
    assert {date(2026, 9, 28), date(2026, 10, 1), date(2026, 10, 4)} <= days  # new fees
    assert {date(2026, 12, 26), date(2027, 1, 6)} <= days  # the turn of the year
    assert date(2026, 2, 4) not in days  # nothing happens then
    assert 400 < len(days) < 1_400


def test_on_every_day_that_matters_somebody_finds_the_exit() -> None:
    ends = {walk(flow, day, tag, seed=1).place for flow, day, tag in by_turns()}
    reached = {(flow, outcome) for flow, _, outcome in ends}
    flows = (*ENGINE.library.flows.values(), *ENGINE.library.topics.values())
    outcomes = {(flow.id, name) for flow in flows for name in flow.outcomes}
    outcomes |= {(event, "duties") for event in ENGINE.library.events}
    assert reached <= outcomes
    assert len(reached) > 0.8 * len(outcomes), f"never reached: {outcomes - reached}"


@given(
    flow=st.sampled_from(FLOWS),
    day=st.sampled_from(days_that_matter()),
    tag=st.sampled_from(TAGS),
    seed=st.integers(0, 2**32),
)
@settings(max_examples=200)
def test_a_walk_ends_in_a_result_that_line_takes(flow: str, day: date, tag: str, seed: int) -> None:
    walk(flow, day, tag, seed)


@given(
    day=st.dates(FIRST, LAST), later=st.integers(1, 200), tag=st.sampled_from(TAGS),
    flow=st.sampled_from(FLOWS), seed=st.integers(0, 2**32),
)  # fmt: skip
@settings(max_examples=60)
def test_who_comes_back_after_days_goes_on_or_starts_over(
    day: date, later: int, tag: str, flow: str, seed: int
) -> None:
    """Answers of long ago: another day, perhaps another law; there is an exit all the same."""
    chance = random.Random(seed)
    reader = Reader(day, tag)
    reader.taps(f"o:{flow}")
    for _ in range(chance.randrange(12)):
        if reader.open is None:
            break
        reader.answers_somehow(chance)
    reader.today = day + timedelta(days=later)
    reader.taps(f"o:{flow}")
    for tap in ("r:continue", "r:restart"):
        reader.taps(tap)
    reader.walks(flow, chance)
    reader.looks_around(chance)


@pytest.mark.slow
@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("flow", FLOWS)
def test_every_flow_in_every_language_on_every_day_that_matters(flow: str, tag: str) -> None:
    for day in days_that_matter():
        for seed in range(10):
            walk(flow, day, tag, seed)


@pytest.mark.slow
@given(
    flow=st.sampled_from(FLOWS),
    day=st.dates(FIRST, LAST),
    tag=st.sampled_from(TAGS),
    seed=st.integers(0, 2**32),
)
def test_walks_on_any_day_for_long(flow: str, day: date, tag: str, seed: int) -> None:
    walk(flow, day, tag, seed)
