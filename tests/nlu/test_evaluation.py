"""Free text is understood at least this well on messages that the training never saw.

The floors lie a little under what was measured (docs/understanding.md): a change of phrases, words
or code that makes the understanding worse is seen here.
"""

import pytest

from bot.i18n.locales import TABLE
from bot.nlu.spoken import bare
from tests.nlu.evaluation import (
    TAGS,
    final,
    fits,
    learned_from,
    outcomes,
    read_messages,
    score,
)
from tests.nlu.test_free_text import sources

FIRST, FIRST_THREE, DECIDED, RIGHT, FALSE_ALARMS, LANGUAGE = 0.85, 0.92, 0.75, 0.94, 0.14, 0.92
# Filipino and Nepali, much of it in Roman letters, fall short: the page says so, too.
LOWER = {"tl": {"right": 0.93}, "ne": {"first": 0.82, "three": 0.9, "decided": 0.7, "right": 0.92}}


@pytest.mark.parametrize("tag", TAGS)
def test_a_language_is_understood(tag: str):
    found, lower = score(final(tag)), LOWER.get(tag, {})
    assert found.first >= lower.get("first", FIRST)
    assert found.first_three >= lower.get("three", FIRST_THREE)
    assert found.decided >= lower.get("decided", DECIDED)
    assert found.right_when_decided >= lower.get("right", RIGHT)
    assert found.false_alarms <= FALSE_ALARMS
    assert found.language >= LANGUAGE


def test_all_languages_together_are_understood():
    found = score([one for tag in TAGS for one in final(tag)])
    assert found.right_when_decided >= 0.95
    assert found.false_alarms <= 0.08


def test_nobody_in_danger_is_taken_to_a_request_or_a_price_list():
    """What is not heard as danger is at least asked back, or answered with a person at hand."""
    harmless = {"fees", "photo", "our-services", "menu", "delete-data", "restart"}
    danger = {"danger", "violence", "detained", "passport-taken"}
    wrong = [
        one.message.text
        for tag in TAGS
        for one in outcomes(tag)
        if one.message.ids[0] in danger and one.decision in harmless
    ]
    assert wrong == []


@pytest.mark.parametrize("tag", TAGS)
def test_what_two_people_wrote_alike_is_no_test_and_enough_is_left(tag: str):
    left = read_messages(tag)
    assert not {bare(one.text) for one in left} & learned_from(tag)
    assert len(left) >= 400


@pytest.mark.parametrize("tag", [row.tag for row in TABLE])
def test_every_subject_is_asked_for(tag: str):
    if tag not in TAGS:
        pytest.skip(f"{tag} has no held-out messages yet: how well it is understood is not known")
    meant = {m.ids[0] for m in read_messages(tag)}
    requests = {name for name, its in sources().phrases[tag].ids.items() if its.exact}
    assert set(sources().phrases[tag].ids) - meant <= requests


def test_a_life_event_and_its_chief_duty_are_one_tap_apart():
    message = next(m for m in read_messages("en") if m.ids == ("baby-born",))
    assert fits("birth", message) and fits("baby-born", message)
    assert not fits("move", message)
