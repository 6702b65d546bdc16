"""Replies become messages that LINE takes, numbered and in the reader's language."""

import orjson
import pytest

from bot.dialogue.replies import Result, Say
from bot.flow.model import Spoken
from bot.i18n.catalogue import Catalogue
from bot.line import limits
from bot.line.outgoing import to_messages
from tests.i18n.po_files import everything, write_po
from tests.line.line_samples import (
    LINKS,
    RESULT_BUTTONS,
    a_button,
    a_date_ask,
    a_library,
    a_place_ask,
    a_solution,
    a_voice,
    an_ask,
    sample_replies,
    the_talk,
    verbatim,
)


def say_it(*replies, tag="en"):
    return to_messages(replies, a_voice(tag), LINKS)


@pytest.mark.parametrize("name", sample_replies())
def test_every_kind_of_reply_passes_the_limits(name):
    messages = say_it(*sample_replies()[name])
    assert limits.faults(messages) == []
    assert orjson.loads(orjson.dumps(messages)) == messages


def test_a_question_numbers_its_options_and_then_the_ways_out():
    (message,) = say_it(an_ask())
    assert message["text"] == (
        "What happened to your residence card?\n\n"
        "The papers depend on it.\n\n"
        "1. I lost it\n2. It was stolen\n\n"
        "3. Why this question?\n4. Talk to a person"
    )
    labels = [item["action"]["label"] for item in message["quickReply"]["items"]]
    assert labels == ["I lost it", "It was stolen", "Why this question?", "Talk to a person"]


def test_what_was_wrong_with_the_last_answer_comes_first():
    (message,) = say_it(an_ask(before=(verbatim("There is no such day."),)))
    assert message["text"].startswith("There is no such day.\n\nWhat happened")


def test_a_day_opens_the_picker_and_can_be_typed():
    (message,) = say_it(a_date_ask())
    picker = message["quickReply"]["items"][0]["action"]
    assert picker["type"] == "datetimepicker"
    assert (picker["initial"], picker["min"]) == ("2026-11-22", "2006-01-01")
    assert picker["max"] == "2026-11-22"
    assert "You can also write the day" in message["text"]
    # The picker has no number: it cannot be typed. The next button is number one.
    assert "1. Today" in message["text"]


def test_a_place_can_be_sent_and_typed():
    (message,) = say_it(a_place_ask())
    assert message["quickReply"]["items"][0]["action"] == {
        "type": "location", "label": "Send my location",
    }  # fmt: skip
    assert "You can also write the place" in message["text"]
    assert "1. I don't know" in message["text"]


def test_a_long_label_is_cut_on_the_button_and_whole_beside_the_number():
    name = "Engineer/Specialist in Humanities/International Services"
    (message,) = say_it(Say(verbatim("Which?"), (a_button(name, "a:x:y:z:engineer"),)))
    action = message["quickReply"]["items"][0]["action"]
    assert limits.graphemes(action["label"]) <= 20
    assert action["label"].endswith("…")
    assert action["displayText"] == name
    assert f"1. {name}" in message["text"]


def test_quick_replies_hang_on_the_last_message_only():
    messages = say_it(Say(verbatim("Hello"), (a_button("Old"),)), an_ask())
    assert "quickReply" not in messages[0]
    assert "quickReply" in messages[1]
    assert "Old" not in str(messages)


def test_a_link_opens_the_address_that_was_made_and_shows_it_on_a_pc():
    (message,) = say_it(*sample_replies()["export"])
    assert message["quickReply"]["items"][0]["action"]["uri"] == LINKS["export"]
    assert LINKS["export"] in message["text"]
    assert "1. Menu" in message["text"]


def test_a_link_that_nobody_made_is_an_error_and_not_a_dead_button():
    with pytest.raises(LookupError, match="@export"):
        to_messages(sample_replies()["export"], a_voice(), {})


def test_more_than_five_bubbles_become_five_at_most_and_nothing_is_lost():
    messages = say_it(*(Say(verbatim(f"Line {n}")) for n in range(9)))
    assert len(messages) <= 5
    assert [f"Line {n}" for n in range(9) if f"Line {n}" not in str(messages)] == []


def test_what_cannot_fit_into_five_messages_is_said_to_be_more():
    messages = say_it(*(Say(verbatim(f"{n} " + "word " * 900)) for n in range(7)))
    assert len(messages) == 5
    assert messages[-1]["text"].startswith("There is more than fits here")


def test_a_card_shows_nothing_on_the_lock_screen():
    (message,) = say_it(Result(a_solution(), RESULT_BUTTONS))
    assert message["altText"] == "Your answer is ready."


def test_the_buttons_of_a_card_carry_their_numbers():
    (message,) = say_it(Result(a_solution(), RESULT_BUTTONS))
    buttons = message["contents"]["footer"]["contents"]
    assert [button["action"]["label"] for button in buttons] == [
        "1. Show as text", "2. Apply another day", "3. Talk to a person",
    ]  # fmt: skip


def test_one_button_of_a_card_is_strong_the_first_that_leads_on():
    (message,) = say_it(Result(a_solution(), (*RESULT_BUTTONS, a_button("Moved", "o:move"))))
    buttons = message["contents"]["footer"]["contents"]
    styles = [button["style"] for button in buttons]
    assert styles == ["secondary", "secondary", "primary", "secondary"]


def test_a_button_for_the_location_hangs_below_the_card():
    here = a_button("Send my location", "", kind="location")
    (message,) = say_it(Result(a_solution(), (here, *RESULT_BUTTONS)))
    assert message["quickReply"]["items"][0]["action"]["type"] == "location"
    assert message["contents"]["footer"]["contents"][0]["action"]["label"] == "1. Show as text"


def test_a_result_as_text_says_what_the_card_says():
    (message,) = say_it(Result(a_solution(), RESULT_BUTTONS, as_text=True))
    for words in (
        "Friday, 4 December 2026", "12 days left", "☐ Resident record", "住民票", "東京都港区",
        "Only if another company sends you:", "https://laws.e-gov.go.jp/x", "2. Apply another day",
    ):  # fmt: skip
        assert words in message["text"]


def test_a_result_of_more_than_a_message_is_cut_between_paragraphs():
    messages = say_it(*sample_replies()["text_too_long"])
    assert 1 < len(messages) <= 5
    assert all(limits.utf16(message["text"]) < 5000 for message in messages)


def half_translated(tmp_path):
    """Vietnamese has the bot's own sentences and not the flow's."""
    library = a_library()
    write_po(tmp_path, "vi", everything(library, "talk", "vi: {}"))
    return Catalogue(tmp_path, library).voice("vi")


def test_a_flow_in_another_language_says_so_once_in_the_readers_own(tmp_path):
    voice = half_translated(tmp_path)
    notice = "vi: This subject is not yet complete in your language. It is shown in English."
    (first,) = to_messages((an_ask(),), voice)
    assert first["text"].startswith(notice + "\n\nWhat happened to your residence card?")
    assert first["text"].count("vi: ") == 1  # no mixture: the buttons are English too
    (later,) = to_messages((an_ask(step=2),), voice)
    assert "vi: " not in later["text"]
    (result,) = to_messages((Result(a_solution()),), voice)
    assert result["contents"]["body"]["contents"][0]["contents"][0]["text"] == notice
    (text,) = to_messages((Result(a_solution(), as_text=True),), voice)
    assert text["text"].startswith(notice)
    assert text["text"].count("vi: ") == 1


def test_the_bots_own_words_are_in_the_readers_language(tmp_path):
    (message,) = to_messages((Say(Spoken(the_talk()["help"])),), half_translated(tmp_path))
    assert message["text"].startswith("vi: Choose with a button")


def test_my_answers_have_the_number_of_their_button():
    (message,) = say_it(*sample_replies()["answers"])
    assert "1. What happened to your residence card?\n   I lost it" in message["text"]
    assert "2. Continue" in message["text"]
