"""What no story proves is named; and in the real content nothing is without a story."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest
from content_files import the_library

from bot.flow.coverage import (
    Coverage,
    coverage_json,
    coverage_lines,
    coverage_of,
    everything_to_prove,
)
from bot.flow.engine import Engine
from bot.flow.load import load_library
from bot.flow.stories import DoesNotFit, Story, read_stories, walk

ROOT = Path(__file__).resolve().parents[2]

NOT_YET: frozenset[str] = frozenset()
"""What is not covered yet. It only ever gets shorter: what is covered is taken off the list."""

LATE = {"what": "lost", "noticed_on": "2026-10-01"}
IN_TIME = {"what": "lost", "noticed_on": "2026-11-20", "police": "no"}


def a_story(answers: dict, today: str = "2026-11-24", **asserted: object) -> Story:
    told = {"name": "a story", "flow": "lost", "today": today, "answers": answers, **asserted}
    return Story("lost", 1, told)


def covered_by(folder: Path, *stories: Story) -> Coverage:
    return coverage_of(Engine(the_library(folder)), "lost", stories, walks=400)


def missing(found: Coverage) -> set[str]:
    return {str(item).partition(": ")[2] for item in found.missing}


# ---------------------------------------------------------------- what counts as proved


def test_without_stories_everything_is_missing(tmp_path: Path) -> None:
    found = covered_by(tmp_path)
    assert len(found.missing) + len(found.never) == len(found.items)
    assert "branch what -> exchange (what: broken)" in missing(found)
    assert "sentence apply by (apply_by: ahead or today)" in missing(found)
    assert "outcome late" in missing(found)


def test_a_branch_is_proved_by_walking_it(tmp_path: Path) -> None:
    found = covered_by(tmp_path, a_story(LATE, ends_at="late"))
    assert "branch noticed_on -> late (apply_by: passed)" not in missing(found)
    assert "branch noticed_on -> police" in missing(found)


def test_a_branch_is_judged_as_it_was_when_its_question_was_answered(tmp_path: Path) -> None:
    found = covered_by(tmp_path, a_story(IN_TIME, ends_at="apply"))
    assert "branch noticed_on -> police" not in missing(found)
    assert "branch noticed_on -> late (apply_by: passed)" in missing(found)


def test_a_sentence_is_proved_only_by_a_story_that_asserts_it(tmp_path: Path) -> None:
    sentence = "sentence apply by (apply_by: ahead or today)"
    assert sentence in missing(covered_by(tmp_path, a_story(IN_TIME, ends_at="apply")))
    assert sentence not in missing(covered_by(tmp_path, a_story(IN_TIME, says=["by"])))


def test_a_paper_is_proved_as_certain_as_conditional_and_as_not_listed(tmp_path: Path) -> None:
    form = "document form, as {} ((what: lost) and (age: child))"
    relation = {str(item).partition(": ")[2]: item for item in covered_by(tmp_path).items}
    names = {name for name in relation if name.startswith("document relation")}
    assert {name.partition(", as ")[2].partition(" (")[0] for name in names} == {
        "certain", "maybe", "not listed",
    }, form  # fmt: skip
    left = missing(
        covered_by(
            tmp_path,
            a_story(IN_TIME, maybe=["relation"]),
            a_story({**IN_TIME, "age": 30}, not_documents=["relation"]),
        )
    )
    assert {name.partition(" (")[0] for name in names & left} == {"document relation, as certain"}


def test_a_paper_that_is_never_left_open_needs_no_story_for_that(tmp_path: Path) -> None:
    reason = [str(item) for item in covered_by(tmp_path).items if "document reason" in str(item)]
    assert not reason, "no outcome lists it"
    found = covered_by(tmp_path)
    assert all(item.side in ("maybe", "not listed") for item in found.never)


def test_of_several_lines_of_handoff_each_needs_a_story_that_names_the_level(
    tmp_path: Path,
) -> None:
    none = "handoff apply none"
    assert none in missing(covered_by(tmp_path, a_story(IN_TIME, ends_at="apply")))
    assert none not in missing(covered_by(tmp_path, a_story(IN_TIME, handoff="none")))
    late = covered_by(tmp_path, a_story(LATE, ends_at="late"))
    assert "handoff late offer" not in missing(late), "the only line is proved by the walk"


def test_both_sides_of_a_dated_rule_are_wanted_with_something_that_rests_on_it(
    tmp_path: Path,
) -> None:
    sides = {
        "rule card.fee at first", "rule card.fee since 2026-10-01",
        "rule card.fee since 2027-01-01", "rule card.fee since 2027-06-01",
        "rule card.fee since 2028-01-01",
    }  # fmt: skip
    assert sides <= missing(covered_by(tmp_path, a_story(IN_TIME, ends_at="apply")))
    old = {**IN_TIME, "noticed_on": "2026-09-20"}
    left = missing(
        covered_by(
            tmp_path,
            a_story(old, "2026-09-25", fee={"kind": "free"}),
            a_story(IN_TIME, fee={"kind": "range"}),
        )
    )
    assert sides & left == sides - {"rule card.fee at first", "rule card.fee since 2026-10-01"}


def test_each_gap_comes_with_a_walk_that_would_fill_it(tmp_path: Path) -> None:
    found = covered_by(tmp_path)
    ways = {str(item).partition(": ")[2]: way for item, way in found.missing.items()}
    way = ways["branch what -> exchange (what: broken)"]
    assert way is not None and way.progress.outcome == "exchange"
    assert date(2025, 1, 1) <= way.today
    assert any(line.startswith("    for example on 20") for line in coverage_lines([found]))


def test_a_gap_that_a_story_already_shows_names_that_story(tmp_path: Path) -> None:
    found = covered_by(tmp_path, a_story(IN_TIME, ends_at="apply"))
    unsaid = {str(item).partition(": ")[2]: story for item, story in found.unsaid.items()}
    assert unsaid["sentence apply by (apply_by: ahead or today)"] == "lost: a story"
    assert "outcome late" not in unsaid
    assert "    holds in the story 'lost: a story', which does not assert it" in [
        *coverage_lines([found])
    ]


def test_the_same_gaps_and_examples_are_found_again(tmp_path: Path) -> None:
    first = coverage_json([covered_by(tmp_path / "a")])
    again = coverage_json([covered_by(tmp_path / "b")])
    assert first == again
    assert {"flow", "file", "line", "kind", "name", "side", "when", "example", "story"} == set(
        first["missing"][0]
    )


# ---------------------------------------------------------------- stories that do not fit


@pytest.mark.parametrize(
    "answers, why",
    [
        ({"what": "eaten"}, "is refused"),
        ({"what": "broken", "police": "no"}, "is not used"),
    ],
)
def test_a_story_that_does_not_fit_its_flow_is_named(
    tmp_path: Path, answers: dict, why: str
) -> None:
    story = a_story(answers, ends_at="exchange")
    with pytest.raises(DoesNotFit, match=why):
        walk(Engine(the_library(tmp_path)), story)
    assert why in covered_by(tmp_path, story).misfits[0]


def test_a_story_of_a_flow_that_does_not_exist_does_not_fit(tmp_path: Path) -> None:
    story = Story("x", 1, {"name": "x", "flow": "gone-away", "today": "2026-11-24", "answers": {}})
    with pytest.raises(DoesNotFit, match="nothing is called"):
        walk(Engine(the_library(tmp_path)), story)


# ---------------------------------------------------------------- the real content


@cache
def the_engine() -> Engine:
    return Engine(load_library(ROOT / "flows"))


@cache
def the_stories() -> tuple[Story, ...]:
    return read_stories(ROOT / "tests" / "flows")


def everything() -> list[str]:
    return list(everything_to_prove(the_engine().library))


@pytest.mark.parametrize("flow_id", everything())
def test_every_branch_paper_sentence_and_side_of_a_rule_has_its_story(flow_id: str) -> None:
    found = coverage_of(the_engine(), flow_id, the_stories())
    if flow_id in NOT_YET:
        assert found.missing, f"{flow_id} is covered: take it off the list NOT_YET"
        return
    lines = list(coverage_lines([found]))
    assert lines == [f"{flow_id}: 0 of {len(found.items)} have no story."]


def test_the_list_of_what_is_not_covered_yet_names_only_what_exists() -> None:
    assert set(everything()) >= NOT_YET
