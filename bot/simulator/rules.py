"""What LINE accepts in a request: the judge over every message that the bot sends.

Written from LINE's reference and shared with nothing in the bot: the bot has its own guard,
and two that agree by being the same code would prove nothing.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from bot.simulator import flex_rules
from bot.simulator.action_rules import (
    ALIAS_ID,
    IN_IMAGE_CAROUSEL,
    IN_QUICK_REPLY,
    IN_RICH_MENU,
    IN_TEMPLATE,
)
from bot.simulator.shapes import (
    Problem,
    Rule,
    any_value,
    boolean,
    by_type,
    graphemes,
    https_url,
    list_of,
    matching,
    number,
    one_of,
    shape,
    units,
)

_type = {"type": any_value}
_colour = matching(r"#[0-9a-fA-F]{6}", "invalid color")


def _sender_name(value: object, path: str) -> Iterator[Problem]:
    yield from units(1, 20)(value, path)
    if isinstance(value, str) and re.search(r"\bline\b", value, re.IGNORECASE):
        yield Problem("invalid property", path)


_EVERY: dict[str, Rule] = {
    "quickReply": shape(
        {
            "items": list_of(
                by_type(
                    {"action": shape({**_type, "action": IN_QUICK_REPLY}, {"imageUrl": https_url})}
                ),
                1,
                13,
            )
        },
        {},
    ),
    "sender": shape({}, {"name": _sender_name, "iconUrl": https_url}),
}


def _emojis_have_places(value: dict[str, Any], path: str) -> Iterator[Problem]:
    text, emojis = value.get("text"), value.get("emojis")
    if not isinstance(text, str) or not isinstance(emojis, list):
        return
    wide = text.encode("utf-16-le", "surrogatepass")
    for number_, emoji in enumerate(emojis):
        index = emoji.get("index") if isinstance(emoji, dict) else None
        if isinstance(index, int) and wide[2 * index : 2 * index + 2] != b"$\0":
            yield Problem("must point at a dollar sign", f"{path}.emojis[{number_}].index")


_TEXT = shape(
    {**_type, "text": units(1, 5000)},
    {
        **_EVERY,
        "emojis": list_of(
            shape(
                {
                    "index": number(0, 5000, whole=True),
                    "productId": units(1, 100),
                    "emojiId": units(1, 100),
                },
                {},
            ),
            0,
            20,
        ),
        "quoteToken": units(1, 1000),
    },
    _emojis_have_places,
)


def _substitution(value: object, path: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem("Must be an object", path)
        return
    if len(value) > 100:
        yield Problem("Size must be between 0 and 100", path)
    for key, entry in value.items():
        if not re.fullmatch(r"[0-9a-zA-Z_]{1,20}", key):
            yield Problem("invalid property", f"{path}.{key}")
        yield from by_type(
            {
                "mention": shape({**_type, "mentionee": any_value}, {}),
                "emoji": shape({**_type, "productId": units(1, 100), "emojiId": units(1, 100)}, {}),
            }
        )(entry, f"{path}.{key}")


def _braces_are_closed(value: dict[str, Any], path: str) -> Iterator[Problem]:
    text, known = value.get("text"), value.get("substitution")
    if not isinstance(text, str):
        return
    rest = text.replace("{{", "").replace("}}", "")
    for name in re.findall(r"\{(\w+)\}", rest):
        if not isinstance(known, dict) or name not in known:
            yield Problem(f"{{{name}}} has no substitution", f"{path}.text")
    if re.search(r"[{}]", re.sub(r"\{\w+\}", "", rest)):
        yield Problem("braces must be doubled", f"{path}.text")


_TEXT_V2 = shape(
    {**_type, "text": units(1, 5000)},
    {**_EVERY, "substitution": _substitution, "quoteToken": units(1, 1000)},
    _braces_are_closed,
)


def _short_beside_picture(limit: int) -> Rule:
    def check(value: object, path: str) -> Iterator[Problem]:
        if isinstance(value, dict) and (value.get("title") or value.get("thumbnailImageUrl")):
            if isinstance(value.get("text"), str):
                yield from graphemes(1, limit)(value["text"], f"{path}.text")

    return check


_PICTURE: dict[str, Rule] = {
    "imageAspectRatio": one_of("rectangle", "square"),
    "imageSize": one_of("cover", "contain"),
}
_COLUMN = shape(
    {"text": graphemes(1, 120), "actions": list_of(IN_TEMPLATE, 1, 3)},
    {
        "thumbnailImageUrl": https_url,
        "imageBackgroundColor": _colour,
        "title": graphemes(1, 40),
        "defaultAction": IN_TEMPLATE,
    },
    _short_beside_picture(60),
)


def _columns_agree(value: dict[str, Any], path: str) -> Iterator[Problem]:
    columns = [c for c in value.get("columns") or [] if isinstance(c, dict)]
    for key, message in (
        ("title", "title must be in all columns or in none"),
        ("thumbnailImageUrl", "image must be in all columns or in none"),
    ):
        if len({key in column for column in columns}) > 1:
            yield Problem(message, f"{path}.columns")
    if len({len(column.get("actions") or []) for column in columns}) > 1:
        yield Problem("columns must have the same number of actions", f"{path}.columns")


_TEMPLATE = by_type(
    {
        "buttons": shape(
            {**_type, "text": graphemes(1, 160), "actions": list_of(IN_TEMPLATE, 1, 4)},
            {
                **_PICTURE,
                "thumbnailImageUrl": https_url,
                "imageBackgroundColor": _colour,
                "title": graphemes(1, 40),
                "defaultAction": IN_TEMPLATE,
            },
            _short_beside_picture(60),
        ),
        "confirm": shape(
            {**_type, "text": graphemes(1, 240), "actions": list_of(IN_TEMPLATE, 2, 2)}, {}
        ),
        "carousel": shape({**_type, "columns": list_of(_COLUMN, 1, 10)}, _PICTURE, _columns_agree),
        "image_carousel": shape(
            {
                **_type,
                "columns": list_of(
                    shape({"imageUrl": https_url, "action": IN_IMAGE_CAROUSEL}, {}), 1, 10
                ),
            },
            {},
        ),
    }
)
_AREA = shape({key: number(0, 10_000, whole=True) for key in ("x", "y", "width", "height")}, {})
_IMAGEMAP_ACTION = by_type(
    {
        "uri": shape({**_type, "linkUri": units(1, 1000), "area": _AREA}, {"label": units(0, 100)}),
        "message": shape({**_type, "text": units(1, 400), "area": _AREA}, {"label": units(0, 100)}),
        "clipboard": shape(
            {**_type, "clipboardText": units(1, 1000), "area": _AREA}, {"label": units(0, 100)}
        ),
    }
)
_id = matching(r"\d{1,20}")

message = by_type(
    {
        "text": _TEXT,
        "textV2": _TEXT_V2,
        "sticker": shape(
            {**_type, "packageId": _id, "stickerId": _id},
            {**_EVERY, "quoteToken": units(1, 1000)},
        ),
        "image": shape(
            {**_type, "originalContentUrl": https_url, "previewImageUrl": https_url}, _EVERY
        ),
        "video": shape(
            {**_type, "originalContentUrl": https_url, "previewImageUrl": https_url},
            {**_EVERY, "trackingId": matching(r"[a-zA-Z0-9\-.=,+*()%$&;:@{}!?<>\[\]]{1,100}")},
        ),
        "audio": shape(
            {**_type, "originalContentUrl": https_url, "duration": number(1, 86_400_000, True)},
            _EVERY,
        ),
        "location": shape(
            {
                **_type,
                "title": units(1, 100),
                "address": units(1, 100),
                "latitude": number(-90, 90),
                "longitude": number(-180, 180),
            },
            _EVERY,
        ),
        "imagemap": shape(
            {
                **_type,
                "baseUrl": https_url,
                "altText": units(1, 1500),
                "baseSize": shape(
                    {"width": number(1040, 1040, True), "height": number(1, 10_000, True)}, {}
                ),
                "actions": list_of(_IMAGEMAP_ACTION, 0, 50),
            },
            {**_EVERY, "video": any_value},
        ),
        "template": shape({**_type, "altText": units(1, 1500), "template": _TEMPLATE}, _EVERY),
        "flex": shape(
            {**_type, "altText": units(1, 1500), "contents": flex_rules.container}, _EVERY
        ),
    }
)

_MESSAGES = list_of(message, 1, 5)
_USER_ID = matching(r"[UCR][0-9a-f]{32}", "The value must be a user, group or room ID")
_UNITS = list_of(matching(r"[0-9a-zA-Z_]{1,30}"), 0, 1)
_REPLY = shape(
    {"replyToken": units(1, 1000), "messages": _MESSAGES}, {"notificationDisabled": boolean}
)
_PUSH = shape(
    {"to": _USER_ID, "messages": _MESSAGES},
    {"notificationDisabled": boolean, "customAggregationUnits": _UNITS},
)
_VALIDATE = shape({"messages": _MESSAGES}, {})


def _seconds(value: object, path: str) -> Iterator[Problem]:
    found = list(number(5, 60, whole=True)(value, path))
    yield from found
    if not found and isinstance(value, int) and value % 5:
        yield Problem("must be a multiple of five", path)


_LOADING = shape(
    {"chatId": matching(r"U[0-9a-f]{32}", "The value must be a user ID")},
    {"loadingSeconds": _seconds},
)
_MARK = shape({"markAsReadToken": units(1, 1000)}, {})
_MENU = shape(
    {
        "size": shape(
            {"width": number(800, 2500, True), "height": number(250, 10_000, True)},
            {},
        ),
        "selected": boolean,
        "name": graphemes(1, 300),
        "chatBarText": graphemes(1, 14),
        "areas": list_of(shape({"bounds": _AREA, "action": IN_RICH_MENU}, {}), 0, 20),
    },
    {},
)
_ALIAS = shape({"richMenuAliasId": matching(ALIAS_ID), "richMenuId": units(1, 100)}, {})
_ALIAS_CHANGE = shape({"richMenuId": units(1, 100)}, {})
_BULK_LINK = shape({"richMenuId": units(1, 100), "userIds": list_of(_USER_ID, 1, 500)}, {})
_BULK_UNLINK = shape({"userIds": list_of(_USER_ID, 1, 500)}, {})
_BODIES = {
    "reply": _REPLY,
    "push": _PUSH,
    "validate": _VALIDATE,
    "loading": _LOADING,
    "mark": _MARK,
    "menu": _MENU,
    "alias": _ALIAS,
    "alias change": _ALIAS_CHANGE,
    "bulk link": _BULK_LINK,
    "bulk unlink": _BULK_UNLINK,
}


def _menu_fits(body: object) -> Iterator[Problem]:
    if not isinstance(body, dict) or not isinstance(body.get("size"), dict):
        return
    width, height = body["size"].get("width"), body["size"].get("height")
    if not isinstance(width, int) or not isinstance(height, int) or height <= 0:
        return
    if width / height < 1.45:
        yield Problem("width/height must be 1.45 or more", "size")
    for index, area in enumerate(body.get("areas") or []):
        bounds = area.get("bounds") if isinstance(area, dict) else None
        if not isinstance(bounds, dict):
            continue
        x, y, w, h = (bounds.get(key, 0) for key in ("x", "y", "width", "height"))
        if all(isinstance(n, int) for n in (x, y, w, h)) and (x + w > width or y + h > height):
            yield Problem("the area is outside of the image", f"areas[{index}].bounds")


def problems(kind: str, body: object) -> tuple[Problem, ...]:
    """Everything LINE would refuse in a request body of this kind, empty when it is fine."""
    found = tuple(_BODIES[kind](body, ""))
    return found + (tuple(_menu_fits(body)) if kind == "menu" else ())


def message_problems(messages: Iterable[object]) -> tuple[Problem, ...]:
    """Everything LINE would refuse in these message objects (one to five of them)."""
    return problems("validate", {"messages": list(messages)})
