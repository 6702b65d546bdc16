"""LINE's JSON into what can happen in a conversation.

Own reading, one event at a time: the SDK's parser raises for a whole body and loses the user
and the token of kinds that it does not know. LINE may add types, fields and values without
notice, so everything unexpected becomes `Unknown`, and nothing here raises.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

import orjson

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

TOKYO = timezone(timedelta(hours=9), "Asia/Tokyo")
"""Japan has had no summer time since 1951: a fixed offset, and a fast one."""

MOST_TEXT = 5_000
_TEST_TOKENS = ("0" * 32, "f" * 32)
_FILES = ("image", "video", "audio", "file")


@dataclass(frozen=True, slots=True)
class Incoming:
    """An event with what is needed to answer it.

    `user_id` is None where nobody can be answered (a group, no user, another module holds
    the chat); `reply_token` is None where LINE gave none.
    """

    event: Event
    user_id: str | None
    reply_token: str | None


def read(raw: bytes, event_id: str, event_time: int) -> Incoming:
    """The event in `raw`; unknown kinds become Unknown."""
    try:
        found = _json(raw)
    except (ValueError, RecursionError):
        found = {}
    if not isinstance(found, dict):
        found = {}
    at = datetime.fromtimestamp(event_time / 1000, TOKYO)
    source = _part(found, "source")
    user_id = _text(source, "userId")
    if source.get("type", "user") != "user" or found.get("mode", "active") != "active":
        user_id = None
    token = _text(found, "replyToken")
    if token in _TEST_TOKENS:  # the console's test events
        user_id = token = None
    if user_id is None:
        return Incoming(Unknown(event_id, at, str(found.get("type")), silent=True), None, None)
    return Incoming(_event(found, event_id, at), user_id, token)


def _event(found: dict[str, Any], event_id: str, at: datetime) -> Event:
    kind = _text(found, "type") or ""
    match kind:
        case "message":
            return _message(_part(found, "message"), event_id, at)
        case "postback":
            return _postback(_part(found, "postback"), event_id, at)
        case "follow":
            is_back = _part(found, "follow").get("isUnblocked") is True
            return Followed(event_id, at, is_back)
        case "unfollow":
            return Blocked(event_id, at)
        case "unsend":
            message_id = _text(_part(found, "unsend"), "messageId")
            if message_id:
                return Unsent(event_id, at, message_id)
    return Unknown(event_id, at, kind, silent=True)


def _message(message: dict[str, Any], event_id: str, at: datetime) -> Event:
    kind, message_id = _text(message, "type") or "", _text(message, "id") or ""
    if kind == "text" and (words := _text(message, "text")) is not None:
        quoted = _text(message, "quotedMessageId")
        return Said(event_id, at, words[:MOST_TEXT], message_id, quoted)
    if kind == "location":
        latitude, longitude = _degrees(message, "latitude"), _degrees(message, "longitude")
        if latitude is not None and longitude is not None:
            address, title = _text(message, "address"), _text(message, "title")
            return SentLocation(event_id, at, message_id, address, title, latitude, longitude)
    if kind == "sticker":
        words_of = message.get("keywords")
        keywords = words_of if isinstance(words_of, list) else []
        return SentSticker(
            event_id, at, message_id, tuple(word for word in keywords if isinstance(word, str))
        )
    if kind in _FILES:
        size = message.get("fileSize")
        known = size if isinstance(size, int) and not isinstance(size, bool) else None
        return SentFile(event_id, at, message_id, kind, _text(message, "fileName"), known)
    return Unknown(event_id, at, kind)


def _postback(postback: dict[str, Any], event_id: str, at: datetime) -> Event:
    data, params = _text(postback, "data") or "", _part(postback, "params")
    if "newRichMenuAliasId" in params:  # LINE itself switched the menu; nothing to say
        return Unknown(event_id, at, "richmenuswitch", silent=True)
    for name in ("date", "datetime"):
        picked = _text(params, name)
        if picked:
            try:
                return PickedDate(event_id, at, data, date.fromisoformat(picked[:10]))
            except ValueError:
                break
    return Tapped(event_id, at, data)


def _json(raw: bytes) -> object:
    try:
        return orjson.loads(raw)
    except ValueError:
        return json.loads(raw)


def _part(found: dict[str, Any], name: str) -> dict[str, Any]:
    part = found.get(name)
    return part if isinstance(part, dict) else {}


def _text(found: dict[str, Any], name: str) -> str | None:
    """A text that can be kept and sent on: no half surrogates, no NUL."""
    value = found.get(name)
    if not isinstance(value, str):
        return None
    if "\x00" in value:
        value = value.replace("\x00", "")
    return value if value.isascii() else value.encode("utf-8", "replace").decode()


def _degrees(found: dict[str, Any], name: str) -> float | None:
    value = found.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= 180 else None
