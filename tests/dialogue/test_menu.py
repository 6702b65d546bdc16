"""The menu: every subject two taps away, by button and by number, and the place is kept."""

from dataclasses import replace

import pytest

from bot.dialogue import asking, menu, taps
from bot.dialogue.asking import MOST_BUTTONS
from bot.dialogue.conversation import Conversation
from bot.dialogue.world import World
from bot.flow.engine import Engine
from tests.dialogue.talks import LANGUAGES, a_person, at, engine, library

GROUPS = list(library().menu)


def a_world() -> World:
    day = a_person().today
    return World(engine(), library(), day, at(day), LANGUAGES)


def test_the_menu_shows_groups_and_the_ways_to_a_person_and_a_language() -> None:
    person = a_person().taps("r:menu")
    offered = [button.tap for button in person.buttons]
    assert person.said == ["menu"] and len(offered) <= MOST_BUTTONS
    assert {"m:stay", "m:card", "m:questions"} < set(offered)
    assert offered[-3:] == ["r:human", "r:language", "r:my-data"]


def test_every_subject_that_is_written_is_two_taps_away() -> None:
    person = a_person().taps("r:menu")
    found = []
    for tap in [button.tap for button in person.buttons if button.tap.startswith("m:")]:
        person.taps(tap)
        assert person.said == ["menu_group"] and len(person.buttons) <= MOST_BUTTONS
        found += [b.tap.removeprefix("o:") for b in person.buttons if b.tap.startswith("o:")]
    written = {*library().flows, *library().topics, *library().events}
    assert sorted(found) == sorted(written)


def test_numbers_lead_through_both_levels() -> None:
    person = a_person().taps("r:menu")
    card = next(n for n, b in enumerate(person.buttons, 1) if b.tap == "m:card")
    person.says(str(card))
    lost = next(n for n, b in enumerate(person.buttons, 1) if b.tap == "o:lost-card")
    assert person.says(str(lost)).question == "what_happened"


def test_looking_into_the_menu_keeps_the_place() -> None:
    person = a_person().taps("o:lost-card").answers("lost")
    person.taps("r:menu")
    assert "r:continue" in [button.tap for button in person.buttons]
    person.taps("m:stay").taps("r:menu").taps("r:continue")
    assert person.question == "card"


@pytest.mark.parametrize("data", ["m:", "m:nothing", "m:STAY", "m:stay:x"])
def test_a_group_that_does_not_exist_shows_the_menu(data: str) -> None:
    assert a_person().taps(data).said[-1] == "menu"


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_leads_back_to_the_menu(group: str) -> None:
    shown = menu.group(a_world(), group)
    if shown is not None:
        assert taps.request("menu") in [button.tap for button in shown.buttons]


def test_what_is_not_written_yet_is_left_out() -> None:
    few = replace(library(), topics={}, events={})
    around = replace(a_world(), library=few, engine=Engine(few))
    taps_offered = [button.tap for button in menu.top(around, Conversation()).buttons]
    assert "m:questions" not in taps_offered and "m:card" in taps_offered
    assert menu.group(around, "questions") is None


def test_a_question_with_many_answers_still_leads_to_a_person() -> None:
    for flow in library().all_flows:
        for name in (*flow.questions, *flow.refine):
            question = asking.question_of(flow, name)
            assert question is not None
            for group in (None, *asking.groups_of(a_world(), question)):
                asked = asking.ask(a_world(), flow, name, step=2, group=group)
                taps_offered = [button.tap for button in (*asked.options, *asked.extras)]
                assert "r:human" in taps_offered[:MOST_BUTTONS], (flow.id, name, group)
