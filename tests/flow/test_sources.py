"""What must be read again: why, and in which order; and no statement of law without a source."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from content_files import content, edited, faults_of, the_library

from bot.flow.load import load_library
from bot.flow.model import Library
from bot.flow.sources import (
    read_throughs_to_renew,
    sources_json,
    sources_lines,
    sources_to_read,
)

FRESH = date(2026, 11, 24)


def to_read(library: Library, today: date) -> dict[str, object]:
    return {one.source.id: one for one in sources_to_read(library, today)}


def test_a_source_is_read_again_after_ninety_days(tmp_path: Path) -> None:
    library = load_library(edited(tmp_path, "shared/rules.yaml", "grade: C", "grade: B"))
    assert to_read(library, FRESH) == {}
    assert to_read(library, date(2027, 2, 18)) == {}, "90 days after 2026-11-20"
    found = to_read(library, date(2027, 2, 19))
    assert set(found) == {"law"}
    assert (found["law"].is_old, found["law"].age) == (True, 91)
    assert set(to_read(library, date(2027, 2, 20))) == {"law", "page"}


def test_a_source_of_something_uncertain_is_read_again(tmp_path: Path) -> None:
    found = to_read(the_library(tmp_path), FRESH)["law"]
    assert dict(found.unsure) == {"card.fee 2027-06-01": "C"}
    assert "lost/apply" in found.outcomes and "card.fee" in found.rules


def test_an_uncertain_sentence_counts_for_the_sources_of_its_outcome(tmp_path: Path) -> None:
    new = "{now: {text: Apply at once., grade: C, confirm: ask_isa}}"
    root = edited(tmp_path, "lost.yaml", "{now: Apply at once.}", new)
    assert to_read(load_library(root), FRESH)["page"].unsure == {"lost/late.now": "C"}


def test_a_planned_change_within_sixty_days_comes_first(tmp_path: Path) -> None:
    library = the_library(tmp_path)
    assert to_read(library, date(2027, 4, 1))["law"].expected == ()
    found = to_read(library, date(2027, 4, 2))["law"]
    assert found.expected == ((date(2027, 6, 1), "card.fee"),)
    assert to_read(library, date(2027, 6, 2))["law"].expected == ()
    first, *_ = sources_to_read(library, date(2027, 4, 2))
    assert first.source.id == "law"


def test_the_larger_risk_comes_first() -> None:
    found = sources_to_read(load_library(Path("flows")), date(2026, 11, 28))
    assert [one.risk for one in found] == sorted((one.risk for one in found), reverse=True)


def test_a_flow_that_changed_after_it_was_read_through_is_named(tmp_path: Path) -> None:
    library = the_library(tmp_path)
    flow = replace(library.flows["lost"], read_through=("A. Reader", date(2026, 11, 1)))
    library = replace(library, flows={"lost": flow})
    assert read_throughs_to_renew(library, {flow.file: date(2026, 11, 1)}) == []
    late = read_throughs_to_renew(library, {flow.file: date(2026, 11, 2)})
    assert [(one.flow, one.by) for one in late] == [("lost", "A. Reader")]
    text = "\n".join(sources_lines([], late))
    assert text.startswith("lost: read through by A. Reader on 2026-11-01, changed since")


def test_the_list_is_readable_and_machine_readable(tmp_path: Path) -> None:
    today = date(2027, 4, 2)
    found = sources_to_read(the_library(tmp_path), today)
    text = "\n".join(sources_lines(found, []))
    assert "law: read on 2026-11-20, 133 days ago" in text
    assert "card.fee is expected to change on 2027-06-01" in text
    first = sources_json(found, [], today)["sources"][0]
    assert set(first) == {
        "id", "title", "url", "checked", "age_days", "old", "unsure", "outcomes", "rules",
        "expected",
    }  # fmt: skip


# ---------------------------------------------------------------- nothing without a source


@pytest.mark.parametrize(
    "file, old, new, what",
    [
        ("lost.yaml", "now: Apply at once.}\n    handoff: offer\n    sources: [page]",
         "now: Apply at once.}\n    handoff: offer", "'lost/late.now' has no source"),
        ("lost.yaml", "    tell: open_day_before\n    source: law", "    tell: open_day_before",
         "has no 'source'"),
        ("lost.yaml", "when: {apply_by: passed}\n    source: law", "when: {apply_by: passed}",
         "paper 'reason' has no source"),
        ("topics/photo.yaml", "sources: [page]", "", "has no source"),
        ("events/gone.yaml", "sources: [page]", "", "has no source"),
        ("shared/rules.yaml", "{value: 14, source: law, grade: A}", "{value: 14, grade: A}",
         "no 'source'"),
        ("shared/rules.yaml", "{value: 14, source: law, grade: A}", "{value: 14, source: law}",
         "no 'grade'"),
        ("shared/sources.yaml", "https://www.moj.go.jp/isa/1.html", "https://blog.example.com/1",
         "is not official: blog.example.com"),
        ("shared/sources.yaml", "https://www.moj.go.jp/isa/1.html", "https://moj.go.jp.example.com/",
         "is not official: moj.go.jp.example.com"),
        ("shared/sources.yaml", "https://www.moj.go.jp/isa/1.html", "http://www.moj.go.jp/isa/1.html",
         "is not https"),
        ("shared/sources.yaml", "checked: 2026-11-21", "at: 2026-11-21", "no 'checked'"),
    ],
)  # fmt: skip
def test_content_without_its_source_is_refused(
    tmp_path: Path, file: str, old: str, new: str, what: str
) -> None:
    assert faults_of(content(tmp_path / "right")) == ()
    faults = [str(fault) for fault in faults_of(edited(tmp_path / "wrong", file, old, new))]
    assert any(what in fault for fault in faults), faults
