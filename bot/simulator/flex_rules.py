"""What LINE accepts as a Flex container: which component may stand where, and how big it is."""

import re
from collections.abc import Iterator
from typing import Any

from bot.simulator.action_rules import IN_FLEX, IN_FLEX_BUTTON
from bot.simulator.shapes import (
    Problem,
    Rule,
    any_value,
    boolean,
    by_type,
    compact_bytes,
    https_url,
    list_of,
    matching,
    number,
    one_of,
    shape,
)

# "30 KB" and "50 KB" are not said to be 1,024 or 1,000: the smaller reading is the safe one.
BUBBLE_BYTES = 30_000
CAROUSEL_BYTES = 50_000

_PX = r"\d+(\.\d+)?px"
_PERCENT = r"\d+(\.\d+)?%"
_STEPS = "none|xs|sm|md|lg|xl|xxl"
_SIZES = "xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl"

_colour = matching(r"#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?", "invalid color")
_gap = matching(f"{_STEPS}|{_PX}")
_padding = matching(f"{_STEPS}|{_PX}|{_PERCENT}")
_offset = matching(f"{_STEPS}|-?{_PX}|-?{_PERCENT}")
_length = matching(f"{_PX}|{_PERCENT}")
_text_size = matching(f"{_SIZES}|{_PX}")
_picture_size = matching(f"{_SIZES}|full|{_PX}|{_PERCENT}")
_flex = number(0, 1_000_000, whole=True)
_align = one_of("start", "end", "center")
_gravity = one_of("top", "bottom", "center")
_type = {"type": any_value}


def _non_empty(value: object, path: str) -> Iterator[Problem]:
    if not isinstance(value, str) or not value:
        yield Problem("must be non-empty text", path)


def _ratio(value: object, path: str) -> Iterator[Problem]:
    found = re.fullmatch(
        r"(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)", value if isinstance(value, str) else ""
    )
    if not found:
        yield Problem("invalid property", path)
        return
    width, height = float(found[1]), float(found[2])
    if not (1 <= width <= 100_000 and 1 <= height <= 100_000 and height <= 3 * width):
        yield Problem("invalid property", path)


_PLACED: dict[str, Rule] = {
    "margin": _gap,
    "position": one_of("relative", "absolute"),
    "offsetTop": _offset,
    "offsetBottom": _offset,
    "offsetStart": _offset,
    "offsetEnd": _offset,
}
_LETTERS: dict[str, Rule] = {
    "size": _text_size,
    "color": _colour,
    "weight": one_of("regular", "bold"),
    "style": one_of("normal", "italic"),
    "decoration": one_of("none", "underline", "line-through"),
}
_SPAN = by_type({"span": shape({**_type, "text": _non_empty}, _LETTERS)})


def _text_or_spans(value: dict[str, Any], path: str) -> Iterator[Problem]:
    if "text" not in value and not value.get("contents"):
        yield Problem("must be specified", f"{path}.text")


_TEXT = shape(
    _type,
    {
        **_PLACED,
        **_LETTERS,
        "text": _non_empty,
        "contents": list_of(_SPAN, 0, 1_000),
        "flex": _flex,
        "align": _align,
        "gravity": _gravity,
        "wrap": boolean,
        "lineSpacing": matching(_PX),
        "maxLines": number(0, 1_000_000, whole=True),
        "adjustMode": one_of("shrink-to-fit"),
        "scaling": boolean,
        "action": IN_FLEX,
    },
    _text_or_spans,
)
_BUTTON = shape(
    {**_type, "action": IN_FLEX_BUTTON},
    {
        **_PLACED,
        "flex": _flex,
        "height": one_of("sm", "md"),
        "style": one_of("primary", "secondary", "link"),
        "color": _colour,
        "gravity": _gravity,
        "adjustMode": one_of("shrink-to-fit"),
        "scaling": boolean,
    },
)
_IMAGE = shape(
    {**_type, "url": https_url},
    {
        **_PLACED,
        "flex": _flex,
        "align": _align,
        "gravity": _gravity,
        "size": _picture_size,
        "aspectRatio": _ratio,
        "aspectMode": one_of("fit", "cover"),
        "backgroundColor": _colour,
        "animated": boolean,
        "action": IN_FLEX,
    },
)
_ICON = shape(
    {**_type, "url": https_url},
    {**_PLACED, "size": _text_size, "aspectRatio": _ratio, "scaling": boolean},
)
_SEPARATOR = shape(_type, {"margin": _gap, "color": _colour})
_FILLER = shape(_type, {"flex": _flex})
_GRADIENT = shape(
    {
        **_type,
        "angle": matching(r"-?\d+(\.\d+)?deg"),
        "startColor": _colour,
        "endColor": _colour,
    },
    {"centerColor": _colour, "centerPosition": matching(_PERCENT)},
)


def _contents(value: dict[str, Any], path: str) -> Iterator[Problem]:
    kinds = _IN_BASELINE if value.get("layout") == "baseline" else _IN_BOX
    yield from list_of(by_type(kinds), 0, 1_000)(value.get("contents"), f"{path}.contents")


_BOX = shape(
    {**_type, "layout": one_of("horizontal", "vertical", "baseline"), "contents": any_value},
    {
        **_PLACED,
        "flex": _flex,
        "spacing": _gap,
        "backgroundColor": _colour,
        "borderColor": _colour,
        "borderWidth": matching(f"none|light|normal|medium|semi-bold|bold|{_PX}"),
        "cornerRadius": matching(f"{_STEPS}|{_PX}"),
        "width": _length,
        "maxWidth": _length,
        "height": _length,
        "maxHeight": _length,
        "paddingAll": _padding,
        "paddingTop": _padding,
        "paddingBottom": _padding,
        "paddingStart": _padding,
        "paddingEnd": _padding,
        "justifyContent": one_of(
            "center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly"
        ),
        "alignItems": one_of("center", "flex-start", "flex-end"),
        "background": by_type({"linearGradient": _GRADIENT}),
        "action": IN_FLEX,
    },
    _contents,
)
_IN_BASELINE = {"text": _TEXT, "icon": _ICON, "filler": _FILLER}
_IN_BOX = {
    "box": _BOX,
    "text": _TEXT,
    "button": _BUTTON,
    "image": _IMAGE,
    "separator": _SEPARATOR,
    "filler": _FILLER,
}
_VIDEO = shape(
    {
        **_type,
        "url": https_url,
        "previewUrl": https_url,
        "altContent": by_type({"box": _BOX, "image": _IMAGE}),
    },
    {"aspectRatio": _ratio, "action": IN_FLEX},
)
_BLOCK_STYLE = shape(
    {}, {"backgroundColor": _colour, "separator": boolean, "separatorColor": _colour}
)
_BLOCKS = ("header", "hero", "body", "footer")


def _some_block(value: dict[str, Any], path: str) -> Iterator[Problem]:
    if not any(value.get(block) for block in _BLOCKS):
        yield Problem("At least one block must be specified", f"{path}.")


def _fits(limit: int) -> Rule:
    def check(value: object, path: str) -> Iterator[Problem]:
        if compact_bytes(value) > limit:
            yield Problem(f"must be smaller than {limit // 1000}KB", f"{path}.")

    return check


_BUBBLE = shape(
    _type,
    {
        "size": one_of("nano", "micro", "deca", "hecto", "kilo", "mega", "giga"),
        "direction": one_of("ltr", "rtl"),
        "header": by_type({"box": _BOX}),
        "hero": by_type({"box": _BOX, "image": _IMAGE, "video": _VIDEO}),
        "body": by_type({"box": _BOX}),
        "footer": by_type({"box": _BOX}),
        "styles": shape({}, dict.fromkeys(_BLOCKS, _BLOCK_STYLE)),
        "action": IN_FLEX,
    },
    _some_block,
    _fits(BUBBLE_BYTES),
)


def _equal_sizes(value: dict[str, Any], path: str) -> Iterator[Problem]:
    bubbles = value.get("contents")
    if isinstance(bubbles, list):
        sizes = {b.get("size", "mega") for b in bubbles if isinstance(b, dict)}
        if len(sizes) > 1:
            yield Problem("all bubbles must have the same size", f"{path}.contents")


_CAROUSEL = shape(
    {**_type, "contents": list_of(by_type({"bubble": _BUBBLE}), 1, 12)},
    {},
    _equal_sizes,
    _fits(CAROUSEL_BYTES),
)

container = by_type({"bubble": _BUBBLE, "carousel": _CAROUSEL})
