"""Free text is understood at least this well on messages that the training never saw.

The floors lie a little under what was measured (docs/understanding.md): a change of phrases, words
or code that makes the understanding worse is seen here.
"""

import pytest

from bot.dialogue.understood import NONE
from tests.nlu.evaluation import HELDOUT, TAGS, final, fits, outcomes, read_messages, score
from tests.nlu.test_free_text import sources

FIRST, FIRST_THREE, DECIDED, RIGHT, FALSE_ALARMS, LANGUAGE = 0.6, 0.75, 0.4, 0.85, 0.15, 0.9


@pytest.mark.parametrize("tag", TAGS)
def test_a_language_is_understood(tag: str):
    found = score(final(tag))
    assert found.first >= FIRST
    assert found.first_three >= FIRST_THREE
    assert found.decided >= DECIDED
    assert found.right_when_decided >= RIGHT
    assert found.false_alarms <= FALSE_ALARMS
    assert found.language >= LANGUAGE


def test_all_languages_together_are_understood():
    found = score([one for tag in TAGS for one in final(tag)])
    assert found.right_when_decided >= RIGHT + 0.03
    assert found.false_alarms <= FALSE_ALARMS - 0.05


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
def test_no_held_out_message_stands_in_the_phrases(tag: str):
    written = {
        text.casefold()
        for name, sayings in sources().phrases[tag].ids.items()
        for text in sayings.phrases
        if name != NONE
    }
    long = [m.text for m in read_messages(tag) if len(m.text) > 15]
    assert [text for text in long if text.casefold() in written] == []


@pytest.mark.parametrize("tag", TAGS)
def test_every_subject_is_asked_for(tag: str):
    meant = {m.ids[0] for m in read_messages(tag)}
    assert meant == set(sources().phrases[tag].ids)
    assert (HELDOUT / f"{tag}.yaml").is_file()


def test_a_life_event_and_its_chief_duty_are_one_tap_apart():
    message = next(m for m in read_messages("en") if m.ids == ("baby-born",))
    assert fits("birth", message) and fits("baby-born", message)
    assert not fits("move", message)
