"""LINE's JSON becomes what can happen in a conversation, whatever LINE adds tomorrow."""

import json
from datetime import date, datetime
from typing import Any

import pytest
from houses import NOW, an_event, an_unsend, user

from bot.dialogue.events import (
    Blocked,
    Event,
    Followed,
    PickedDate,
    Said,
    SentFile,
    SentLocation,
    SentSticker,
    Tapped,
    Unknown,
    Unsent,
)
from bot.line.incoming import TOKYO, Incoming, read

AT = datetime.fromtimestamp(NOW, TOKYO)


def reading(event: dict[str, Any]) -> Incoming:
    return read(json.dumps(event).encode(), "E1", int(NOW * 1000))


def message(**fields: Any) -> Event:
    return reading(an_event(message={"id": "m1", **fields})).event


def postback(**fields: Any) -> Event:
    event = an_event(type="postback", postback=fields)
    del event["message"]
    return reading(event).event


def test_a_text_with_its_token_and_sender():
    found = reading(an_event("hello", replyToken="abc"))
    assert isinstance(found.event, Said)
    assert (found.event.text, found.event.at, found.event.id) == ("hello", AT, "E1")
    assert (found.user_id, found.reply_token) == (user(1), "abc")
    assert found.event.at.utcoffset() == TOKYO.utcoffset(None)


def test_a_quoting_text_names_what_it_quotes():
    said = message(type="text", text="this", quotedMessageId="m0")
    assert said == Said("E1", AT, "this", "m1", "m0")


def test_texts_that_no_database_takes_are_mended():
    said = message(type="text", text="a\x00b\ud83dc")
    assert isinstance(said, Said)
    assert said.text == "ab?c"
    said.text.encode()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"type": "sticker", "keywords": ["ok", 7], "stickerResourceType": "NEW"},
         SentSticker("E1", AT, "m1", ("ok",))),
        ({"type": "image", "contentProvider": {"type": "line"}}, SentFile("E1", AT, "m1", "image")),
        ({"type": "file", "fileName": "card.pdf"}, SentFile("E1", AT, "m1", "file", "card.pdf")),
        ({"type": "audio"}, SentFile("E1", AT, "m1", "audio")),
        ({"type": "location", "latitude": 35.6, "longitude": 139.7, "address": "〒100"},
         SentLocation("E1", AT, "m1", "〒100", None, 35.6, 139.7)),
        ({"type": "location", "latitude": "x", "longitude": 1}, Unknown("E1", AT, "location")),
        ({"type": "hologram"}, Unknown("E1", AT, "hologram")),
        ({"type": "text"}, Unknown("E1", AT, "text")),
    ],
)  # fmt: skip
def test_other_messages(fields: dict[str, Any], expected: Event):
    assert message(**fields) == expected


def test_buttons_and_dates():
    assert postback(data="r:menu") == Tapped("E1", AT, "r:menu")
    picked = postback(data="d:x", params={"date": "2026-12-04"})
    assert picked == PickedDate("E1", AT, "d:x", date(2026, 12, 4))
    assert postback(data="d:x", params={"date": "2026-99-04"}) == Tapped("E1", AT, "d:x")
    switched = postback(data="x", params={"newRichMenuAliasId": "en", "status": "SUCCESS"})
    assert switched == Unknown("E1", AT, "richmenuswitch", silent=True)


def test_coming_going_and_taking_back():
    assert reading(an_event(type="unfollow")).event == Blocked("E1", AT)
    assert reading(an_event(type="follow")).event == Followed("E1", AT)
    back = an_event(type="follow", follow={"isUnblocked": True})
    assert reading(back).event == Followed("E1", AT, unblocked=True)
    assert reading(an_unsend("m9")).event == Unsent("E1", AT, "m9")


@pytest.mark.parametrize(
    "more",
    [
        {"mode": "standby"},
        {"source": {"type": "group", "groupId": "C1", "userId": "U1"}},
        {"source": {"type": "user"}},
        {"source": None},
        {"replyToken": "0" * 32},
        {"replyToken": "f" * 32},
    ],
)
def test_where_nobody_may_be_answered_nobody_is(more: dict[str, Any]):
    found = reading(an_event(**more))
    assert (found.user_id, found.reply_token) == (None, None)
    assert isinstance(found.event, Unknown)
    assert found.event.silent


def test_unknown_types_are_silent_and_unknown_messages_are_not():
    assert reading(an_event(type="beacon")).event == Unknown("E1", AT, "beacon", silent=True)
    assert message(type="hologram") == Unknown("E1", AT, "hologram", silent=False)


def test_an_erased_event_says_nothing():
    assert read(b"", "E1", 0).user_id is None
