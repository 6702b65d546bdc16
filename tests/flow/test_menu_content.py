"""The menu as content: every id in exactly one group, each with a label, none too long."""

from pathlib import Path

import pytest
from content_files import FILES, content, faults_of

from bot.flow.load import load_library

ROOT = Path(__file__).resolve().parents[2]
LABELS = "\n".join(
    f"{name}: {{text: Go on, button: true}}"
    for name in ("menu_group_a", "menu_group_b", "menu_lost", "menu_photo", "menu_gone")
)
TALK = (
    "welcome: Welcome.\nconfirm_ask_isa: Ask them.\nbutton_no-id: {text: Go on, button: true}\n"
    f"menu_later: {{text: Later, button: true}}\n{LABELS}\n"
)
MENU = "a: [lost, gone]\nb: [photo, later]\n"


def told(tmp_path: Path, menu: str, talk: str = TALK) -> list[str]:
    root = content(tmp_path, shared__menu=menu, shared__talk=talk)
    return [str(fault) for fault in faults_of(root)]


def test_a_right_menu_is_read_in_its_order(tmp_path: Path):
    library = load_library(content(tmp_path, shared__menu=MENU, shared__talk=TALK))
    assert {name: group.subjects for name, group in library.menu.items()} == {
        "a": ("lost", "gone"),
        "b": ("photo", "later"),
    }


def test_content_without_a_menu_is_right_too(tmp_path: Path):
    assert "shared/menu.yaml" not in FILES
    assert load_library(content(tmp_path)).menu == {}


@pytest.mark.parametrize(
    ("menu", "says"),
    [
        ("a: [lost]\nb: [photo, later]\n", "'gone' stands in no group of the menu"),
        ("a: [lost, gone]\nb: [photo, later, lost]\n", "in the menu groups 'a' and 'b'"),
        ("a: [lost, gone]\nb: [photo, later, nothing]\n", "no procedure, topic or event"),
        ("a: [lost, gone, lost]\nb: [photo, later]\n", "has 'lost' twice"),
        ("c: [lost, gone]\nb: [photo, later]\n", "the menu has no label 'menu_group_c'"),
        ("A: [lost, gone]\nb: [photo, later]\n", "'A' is no name for a group of the menu"),
    ],
)
def test_a_wrong_menu_is_refused(tmp_path: Path, menu: str, says: str):
    assert any(says in fault for fault in told(tmp_path, menu)), told(tmp_path, menu)


def test_a_subject_needs_a_label(tmp_path: Path):
    talk = TALK.replace("menu_gone", "menu_other")
    assert any("has no label 'menu_gone'" in fault for fault in told(tmp_path, MENU, talk))


def test_a_group_that_does_not_fit_under_a_message_is_refused(tmp_path: Path):
    many = ", ".join(["lost", "gone", *(f"x{number}" for number in range(11))])
    faults = told(tmp_path, f"a: [{many}]\nb: [photo, later]\n")
    assert any("has 13 subjects" in fault for fault in faults)


def test_the_menu_of_the_repository_names_every_id_once():
    library = load_library(ROOT / "flows")
    named = [one for group in library.menu.values() for one in group.subjects]
    ids = {*library.flows, *library.topics, *library.events, *library.planned}
    assert sorted(named) == sorted(ids)
    assert len(named) == 29 + 12 + 14
