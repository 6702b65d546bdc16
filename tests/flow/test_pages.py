"""The pages for review say everything that people can be told, and are what the content says."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from content_files import edited, the_library

from bot.desk import pages_that_differ, write_pages
from bot.flow.conditions import Conditions
from bot.flow.load import load_library
from bot.flow.load_parts import both
from bot.flow.model import Condition, Library
from bot.flow.pages import pages
from bot.flow.readable import Readable

ROOT = Path(__file__).resolve().parents[2]


@cache
def the_content() -> Library:
    return load_library(ROOT / "flows")


@cache
def the_pages() -> dict[str, str]:
    return pages(the_content())


def small_page(folder: Path, name: str = "lost.md") -> str:
    return pages(the_library(folder))[name]


# ---------------------------------------------------------------- the real content


def test_the_pages_are_up_to_date() -> None:
    differing = sorted(pages_that_differ(the_content(), ROOT / "docs" / "procedures"))
    assert differing == [], "run: python -m bot docs"


def test_there_is_a_page_for_everything_and_the_index_links_each() -> None:
    library, index = the_content(), the_pages()["README.md"]
    for name in (*library.flows, *library.topics, *library.events, *library.safety):
        assert f"{name}.md" in the_pages() and f"({name}.md)" in index


def test_each_sentence_of_each_outcome_stands_on_its_page() -> None:
    for flow in the_content().all_flows:
        page = the_pages()[f"{flow.id}.md"]
        for outcome in flow.outcomes.values():
            for one in (*outcome.say, *(line for step in outcome.steps for line in step.say)):
                start = " ".join(one.text.split("%")[0].split())
                assert start in page, one.address


def test_every_link_of_a_page_leads_to_a_page() -> None:
    for name, page in the_pages().items():
        for part in page.split("](")[1:]:
            goal = part.partition(")")[0]
            assert goal in the_pages(), f"{name} links to {goal}"


def test_no_page_shows_a_raw_placeholder_or_an_empty_value() -> None:
    for name, page in the_pages().items():
        assert "%(" not in page and " None " not in page.replace("` None ", ""), name


# ---------------------------------------------------------------- a small page


def test_a_page_has_its_title_picture_questions_and_why(tmp_path: Path) -> None:
    page = small_page(tmp_path)
    assert page.startswith("# Lost card (紛失)\n")
    assert "```mermaid\nflowchart TD" in page
    assert "### `what`: What happened?" in page and "- Why: The papers differ." in page
    assert "- Next, if `what` is “It is broken”: outcome `exchange`" in page
    assert "- Next, else: question `noticed_on`" in page


def test_an_outcome_has_its_sentences_with_condition_grade_and_source(tmp_path: Path) -> None:
    page = small_page(tmp_path)
    assert (
        "- `by` Apply by ‹apply_by›. *When `apply_by` is still ahead or is today (the last open "
        "day).*" in page
    )
    assert (
        "- `police_first` Go to the police. *When `police` is “No” or not known.* [`law`]" in page
    )
    assert "- [Photo](photo.md), when `age` is “adult”" in page
    assert "- urgent, when `apply_by` is today (the last open day)" in page


def test_a_deadline_is_told_in_words_with_its_counting(tmp_path: Path) -> None:
    assert (
        "- `apply_by` “Last day to apply”: 14 days (rule `card.days`) after `noticed_on`; the "
        "first day does not count. If immigration is closed on that day, the law moves it to the "
        "next open day. People are told the last open day on or before it. [`law`]"
    ) in small_page(tmp_path)


def test_all_values_of_a_rule_stand_with_their_days(tmp_path: Path) -> None:
    page = small_page(tmp_path)
    assert "| `card.fee` Fee for a new card | before 2026-10-01 | 0 JPY | A | `law` |" in page
    assert (
        "| from 2026-10-01, before 2027-01-01 | short 100 JPY, long 200 JPY | B | `law` |" in page
    )
    assert "| from 2027-01-01, before 2027-06-01 | 10 JPY to 20 JPY | B | `law` |" in page
    assert "| from 2027-06-01, before 2028-01-01 | announced, not known yet | C | `law` |" in page
    assert "| from 2028-01-01 | the rule has ended | B | `law` |" in page


def test_a_paper_stands_with_its_need_and_its_outcomes(tmp_path: Path) -> None:
    page = small_page(tmp_path)
    assert "| `relation` Proof of the relation | 住民票 | city hall | original |" in page
    assert "`what` is “I lost it” and `age` is “child” | `apply` | `page` |" in page


def test_sources_stand_with_the_day_of_reading(tmp_path: Path) -> None:
    assert (
        "- `law` The Act (法), e-Gov, read on 2026-11-20: <https://laws.e-gov.go.jp/law/1>"
        in small_page(tmp_path)
    )


def test_a_page_says_who_read_it_through_or_that_nobody_did(tmp_path: Path) -> None:
    library = the_library(tmp_path)
    assert "Nobody of the office has read it through yet" in pages(library)["lost.md"]
    read = replace(library.flows["lost"], read_through=("A. Reader", date(2026, 11, 1)))
    page = pages(replace(library, flows={"lost": read}))["lost.md"]
    assert "Read through by A. Reader on 2026-11-01." in page


def test_an_event_has_its_duties_in_order_and_what_is_not_due(tmp_path: Path) -> None:
    page = small_page(tmp_path, "gone.md")
    first = page.index("1. [Lost card](lost.md), until its `apply_by` (immigration)")
    assert first < page.index("2. later (planned)") < page.index("3. elsewhere (none)")
    assert "## Not due\n\n- `nothing` No separate notice is needed." in page


def test_parts_of_a_condition_are_told_apart(tmp_path: Path) -> None:
    flow = the_library(tmp_path).flows["lost"]
    broken = Condition(("is", "what", frozenset({"broken"})), frozenset({"what"}))
    either = Condition(
        ("any", (("is", "police", frozenset({"no"})), ("not", broken.raw))), frozenset({"police"})
    )
    words = Readable(flow, the_library(tmp_path))
    assert words.condition(both(broken, either)) == (
        "`what` is “It is broken” and (`police` is “No” or not (`what` is “It is broken”))"
    )
    assert Conditions(flow).of(either) is not None


# ---------------------------------------------------------------- writing


def test_pages_are_written_and_those_of_nothing_are_taken_away(tmp_path: Path) -> None:
    library, folder = the_library(tmp_path), tmp_path / "pages"
    assert set(write_pages(library, folder)) == {"README.md", "lost.md", "photo.md", "gone.md"}
    assert write_pages(library, folder) == ()
    (folder / "old.md").write_text("gone", encoding="utf-8")
    (folder / "lost.md").write_text("changed by hand", encoding="utf-8")
    assert set(pages_that_differ(library, folder)) == {"old.md", "lost.md"}
    assert set(write_pages(library, folder)) == {"old.md", "lost.md"}
    assert not (folder / "old.md").exists()


@pytest.mark.parametrize("new", ["Apply today.", "Apply at once and go."])
def test_a_changed_sentence_makes_its_page_differ(tmp_path: Path, new: str) -> None:
    folder = tmp_path / "pages"
    write_pages(the_library(tmp_path / "old"), folder)
    changed = load_library(edited(tmp_path / "new", "lost.yaml", "Apply at once.", new))
    assert set(pages_that_differ(changed, folder)) == {"lost.md"}
