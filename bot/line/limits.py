"""The last guard before LINE: every outgoing message passes `faults`, else `plain` goes out.

LINE refuses the whole reply for one wrong property, and its own API document does not write
most limits down. This is table work: each kind of object has its closed set of keys and a
check per key. Only kinds that the bot emits are known; everything else is a fault.
Cheap by looking at `len` first: a text has at least as many code points as graphemes and at
most twice as many UTF-16 units.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import orjson
import regex

MOST_MESSAGES = 5
MOST_TEXT = 5000
MOST_ALT = 1500
MOST_QUICK = 13
MOST_BUBBLES = 12
# LINE says 30 and 50 KB without saying how it counts: the smaller reading is the safe one.
BUBBLE_BYTES = 30_000
CAROUSEL_BYTES = 50_000
QUICK_LABEL = 20
FLEX_LABEL = 40

Message = dict[str, Any]
Add = Callable[[str, str], None]
Leaf = Callable[[Any], str | None]
"""Checks one value: what is wrong with it, or None."""
Inner = Callable[[Any, str, Add], None]
"""Checks an object or a list inside: tells `add` the path and what is wrong there."""

_GRAPHEME = regex.compile(r"\X")


def utf16(text: str) -> int:
    """How LINE counts texts: UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def graphemes(text: str) -> int:
    """How LINE counts labels: grapheme clusters."""
    return len(text) if text.isascii() else len(_GRAPHEME.findall(text))


def shorten(text: str, most: int) -> str:
    """At most `most` graphemes, the last one an ellipsis where something was cut."""
    if len(text) <= most:
        return text
    clusters = _GRAPHEME.findall(text)
    if len(clusters) <= most:
        return text
    return "".join(clusters[: most - 1]).rstrip() + "…"


def split_text(text: str, most: int = MOST_TEXT - 1) -> list[str]:
    """Pieces of at most `most` UTF-16 units: cut between paragraphs, else lines, else words,
    else clusters; never inside a cluster. Nothing is lost but the blanks at the cuts."""
    text = text.strip()
    if not text:
        return []
    if utf16(text) <= most:
        return [text]
    for cut in ("\n\n", "\n", " "):
        parts = [part for part in text.split(cut) if part.strip()]
        if len(parts) > 1:
            return _packed(parts, cut, most)
    return _packed(_GRAPHEME.findall(text), "", most)


def _packed(parts: Sequence[str], glue: str, most: int) -> list[str]:
    pieces: list[str] = []
    current: list[str] = []
    size = 0
    width = len(glue)
    for part in parts:
        length = utf16(part)
        if current and size + width + length > most:
            pieces.append(glue.join(current))
            current, size = [], 0
        if length > most:
            if len(part) == 1 or graphemes(part) == 1:
                continue  # one "letter" longer than a message is no language
            pieces += split_text(part, most)
            continue
        size += (width if current else 0) + length
        current.append(part)
    if current:
        pieces.append(glue.join(current))
    return [piece for piece in pieces if piece.strip()]


# ---------------------------------------------------------------- the checks of single values


def _units(most: int) -> Leaf:
    def check(value: Any) -> str | None:
        if not isinstance(value, str) or not value or value.isspace():
            return "must be non-empty text"
        if len(value) * 2 > most and utf16(value) > most:
            return f"longer than {most} UTF-16 units"
        return None

    return check


def _clusters(most: int) -> Leaf:
    def check(value: Any) -> str | None:
        if not isinstance(value, str) or not value or value.isspace():
            return "must be non-empty text"
        if len(value) > most and graphemes(value) > most:
            return f"longer than {most} graphemes"
        return None

    return check


def _one_of(*words: str) -> Leaf:
    known = frozenset(words)

    def check(value: Any) -> str | None:
        if isinstance(value, str) and value in known:
            return None
        return f"must be one of {', '.join(words)}"

    return check


def _matching(pattern: str) -> Leaf:
    compiled = re.compile(pattern)
    # A card uses a handful of sizes and colours, over and over.
    good: set[str] = set()

    def check(value: Any) -> str | None:
        if not isinstance(value, str):
            return "is not of the right form"
        if value in good:
            return None
        if not compiled.fullmatch(value):
            return "is not of the right form"
        if len(good) < 256:
            good.add(value)
        return None

    return check


def _boolean(value: Any) -> str | None:
    return None if isinstance(value, bool) else "must be true or false"


def _whole(value: Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1_000_000:
        return None
    return "must be a whole number from 0"


_URI = re.compile(r"(?:https?://|line://|tel:)[!#-;=?-Z\[\]_a-z~%]+")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def _uri(value: Any) -> str | None:
    if not isinstance(value, str) or not _URI.fullmatch(value) or _BAD_PERCENT.search(value):
        return "must be a percent-encoded http, https, line or tel address"
    return "longer than 1000 characters" if len(value) > 1000 else None


def _https(value: Any) -> str | None:
    if not isinstance(value, str) or not value.startswith("https://") or not _URI.fullmatch(value):
        return "must be a percent-encoded https address"
    return "longer than 2000 characters" if len(value) > 2000 else None


def _sender_name(value: Any) -> str | None:
    if isinstance(value, str) and re.search(r"\bline\b", value, re.IGNORECASE):
        return "must not name LINE"
    return _units(20)(value)


def _flex_text(value: Any) -> str | None:
    return None if isinstance(value, str) and value else "must be non-empty text"


def _any(_value: Any) -> str | None:
    return None  # somebody else has looked at it, or will


class Shape(NamedTuple):
    """What an object may hold: keys that must be there, checks of values, checks of insides."""

    required: frozenset[str]
    leaves: Mapping[str, Leaf]
    inner: Mapping[str, Inner]


def _shape(
    required: str, leaves: Mapping[str, Leaf], inner: Mapping[str, Inner] | None = None
) -> Shape:
    return Shape(frozenset(required.split()), leaves, inner or {})


def _object(value: Any, path: str, add: Add, shape: Shape) -> None:
    """Check the keys of an object and each value."""
    if not isinstance(value, dict):
        add(path, "must be an object")
        return
    required, leaves, inside = shape
    for key, found in value.items():
        leaf = leaves.get(key)
        if leaf is not None:
            # No path is built for what is well: that would be most of the cost.
            what = leaf(found)
            if what is not None:
                add(f"{path}.{key}", what)
        elif (inner := inside.get(key)) is not None:
            inner(found, f"{path}.{key}", add)
        else:
            add(f"{path}.{key}", "is not known")
    if not required <= value.keys():
        for key in sorted(required - value.keys()):
            add(f"{path}.{key}", "is missing")


def _is(shape: Shape) -> Inner:
    return lambda value, path, add: _object(value, path, add, shape)


# ---------------------------------------------------------------- actions

_data = _units(300)
_shown = _clusters(300)
_PICKER_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ALT_URI = _is(_shape("desktop", {"desktop": _uri}))

_ACTIONS: dict[str, Shape] = {
    "postback": _shape(
        "data",
        {
            "data": _data,
            "displayText": _shown,
            "text": _shown,
            "fillInText": _shown,
            "inputOption": _one_of("closeRichMenu", "openRichMenu", "openKeyboard", "openVoice"),
        },
    ),
    "message": _shape("text", {"text": _shown}),
    "uri": _shape("uri", {"uri": _uri}, {"altUri": _ALT_URI}),
    "datetimepicker": _shape(
        "data mode",
        {"data": _data, "mode": _one_of("date"), "initial": _any, "min": _any, "max": _any},
    ),
    "clipboard": _shape("clipboardText", {"clipboardText": _units(1000)}),
    "location": _shape("", {}),
    "camera": _shape("", {}),
    "cameraRoll": _shape("", {}),
}
_ONLY_QUICK = {"location", "camera", "cameraRoll"}


def _action(label: int, *, needed: bool, quick: bool) -> Inner:
    kinds: dict[str, Shape] = {}
    for kind, (required, leaves, inner) in _ACTIONS.items():
        if quick or kind not in _ONLY_QUICK:
            keys = {"type": _any, "label": _clusters(label), **leaves}
            kinds[kind] = Shape(required | {"label"} if needed else required, keys, inner)

    def check(value: Any, path: str, add: Add) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        shape = kinds.get(kind) if isinstance(kind, str) else None
        if shape is None:
            add(f"{path}.type", "is no action that may stand here")
            return
        _object(value, path, add, shape)
        if kind == "postback":
            _postback(value, path, add)
        elif kind == "datetimepicker":
            _picker(value, path, add)

    return check


def _postback(value: Mapping[str, Any], path: str, add: Add) -> None:
    if "displayText" in value and "text" in value:
        add(f"{path}.text", "cannot stand beside displayText")
    if "fillInText" in value and value.get("inputOption") != "openKeyboard":
        add(f"{path}.fillInText", "only with the inputOption openKeyboard")


def _picker(value: Mapping[str, Any], path: str, add: Add) -> None:
    days: dict[str, date] = {}
    for key in ("initial", "min", "max"):
        if key not in value:
            continue
        day = _picker_day(value[key])
        if day is None:
            add(f"{path}.{key}", "must be a day from 1900-01-01 to 2100-12-31")
        else:
            days[key] = day
    low, high = days.get("min", date(1900, 1, 1)), days.get("max", date(2100, 12, 31))
    if low >= high:
        add(f"{path}.min", "must be before max")
    elif not low <= days.get("initial", low) <= high:
        add(f"{path}.initial", "must be between min and max")


def _picker_day(value: Any) -> date | None:
    if not isinstance(value, str) or not _PICKER_DAY.fullmatch(value):
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2100 else None


_IN_QUICK = _action(QUICK_LABEL, needed=True, quick=True)
_IN_BUTTON = _action(FLEX_LABEL, needed=True, quick=False)
_IN_FLEX = _action(FLEX_LABEL, needed=False, quick=False)


# ---------------------------------------------------------------- Flex

_PX = r"\d+(?:\.\d+)?px"
_PERCENT = r"\d+(?:\.\d+)?%"
_GAP = _matching(rf"none|xs|sm|md|lg|xl|xxl|{_PX}")
_PADDING = _matching(rf"none|xs|sm|md|lg|xl|xxl|{_PX}|{_PERCENT}")
_SIZE = _matching(rf"xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl|{_PX}")
_LENGTH = _matching(rf"{_PX}|{_PERCENT}")
_COLOUR = _matching(r"#[0-9A-Fa-f]{6}(?:[0-9A-Fa-f]{2})?")
_GRAVITY = _one_of("top", "bottom", "center")


class Part(dict[str, Any]):
    """A component that many messages share, drawn once and checked once.

    Nobody may change it afterwards."""

    is_checked = False


def _contents(value: Any, path: str, add: Add) -> None:
    if not isinstance(value, list):
        add(path, "must be a list")
        return
    for number, inner in enumerate(value):
        if type(inner) is Part and inner.is_checked:
            continue
        _component(inner, f"{path}[{number}]", add)


_COMPONENTS: dict[str, Shape] = {
    "box": _shape(
        "layout contents",
        {
            "type": _any,
            "layout": _one_of("horizontal", "vertical", "baseline"),
            "flex": _whole,
            "spacing": _GAP,
            "margin": _GAP,
            "width": _LENGTH,
            "height": _LENGTH,
            "backgroundColor": _COLOUR,
            "borderColor": _COLOUR,
            "borderWidth": _matching(rf"none|light|normal|medium|semi-bold|bold|{_PX}"),
            "cornerRadius": _GAP,
            "justifyContent": _one_of("flex-start", "center", "flex-end", "space-between"),
            "alignItems": _one_of("flex-start", "center", "flex-end"),
            "paddingAll": _PADDING,
            "paddingTop": _PADDING,
            "paddingBottom": _PADDING,
            "paddingStart": _PADDING,
            "paddingEnd": _PADDING,
        },
        {"contents": _contents, "action": _IN_FLEX},
    ),
    "text": _shape(
        "text",
        {
            "type": _any,
            "text": _flex_text,
            "size": _SIZE,
            "color": _COLOUR,
            "weight": _one_of("regular", "bold"),
            "style": _one_of("normal", "italic"),
            "decoration": _one_of("none", "underline", "line-through"),
            "wrap": _boolean,
            "align": _one_of("start", "end", "center"),
            "gravity": _GRAVITY,
            "margin": _GAP,
            "flex": _whole,
            "maxLines": _whole,
            "lineSpacing": _matching(_PX),
        },
        {"action": _IN_FLEX},
    ),
    "button": _shape(
        "action",
        {
            "type": _any,
            "style": _one_of("primary", "secondary", "link"),
            "color": _COLOUR,
            "height": _one_of("sm", "md"),
            "margin": _GAP,
            "flex": _whole,
            "gravity": _GRAVITY,
            "adjustMode": _one_of("shrink-to-fit"),
        },
        {"action": _IN_BUTTON},
    ),
    "separator": _shape("", {"type": _any, "margin": _GAP, "color": _COLOUR}),
}


def _component(value: Any, path: str, add: Add) -> None:
    kind = value.get("type") if isinstance(value, dict) else None
    shape = _COMPONENTS.get(kind) if isinstance(kind, str) else None
    if shape is None:
        add(f"{path}.type", "is no component that the bot sends")
        return
    if type(value) is not Part:
        _object(value, path, add, shape)
        return
    found: list[tuple[str, str]] = []
    _object(value, path, lambda where, what: found.append((where, what)), shape)
    for where, what in found:
        add(where, what)
    value.is_checked = not found


def _block(value: Any, path: str, add: Add) -> None:
    if not isinstance(value, dict) or value.get("type") != "box":
        add(path, "must be a box")
    else:
        _component(value, path, add)


_BLOCK_STYLE = _is(
    _shape("", {"backgroundColor": _COLOUR, "separator": _boolean, "separatorColor": _COLOUR})
)
_STYLES = _is(
    _shape("", {}, {"header": _BLOCK_STYLE, "body": _BLOCK_STYLE, "footer": _BLOCK_STYLE})
)
_BUBBLE = _shape(
    "",
    {
        "type": _any,
        "size": _one_of("nano", "micro", "deca", "hecto", "kilo", "mega", "giga"),
        "direction": _one_of("ltr", "rtl"),
    },
    {"header": _block, "body": _block, "footer": _block, "styles": _STYLES, "action": _IN_FLEX},
)
_CAROUSEL = _shape("contents", {"type": _any, "contents": _any})


def size_of(container: Any) -> int:
    """Bytes of the compact JSON."""
    return len(orjson.dumps(container))


def _bubble(value: Any, path: str, add: Add, whole: int | None = None) -> None:
    """`whole`: bytes of the carousel around it; a part cannot be larger."""
    if not isinstance(value, dict) or value.get("type") != "bubble":
        add(f"{path}.type", "must be a bubble")
        return
    _object(value, path, add, _BUBBLE)
    if not {"header", "body", "footer"} & value.keys():
        add(path, "must have a header, a body or a footer")
    if (whole is None or whole > BUBBLE_BYTES) and size_of(value) > BUBBLE_BYTES:
        add(path, f"larger than {BUBBLE_BYTES} bytes")


def _container(value: Any, path: str, add: Add, most: int | None) -> None:
    """`most`: bytes of all that is around it, if somebody counted them."""
    if not isinstance(value, dict) or value.get("type") != "carousel":
        _bubble(value, path, add, most)
        return
    _object(value, path, add, _CAROUSEL)
    bubbles = value.get("contents")
    if not isinstance(bubbles, list) or not 1 <= len(bubbles) <= MOST_BUBBLES:
        add(f"{path}.contents", f"must be 1 to {MOST_BUBBLES} bubbles")
        return
    whole = size_of(value) if most is None or most > BUBBLE_BYTES else most
    for number, bubble in enumerate(bubbles):
        _bubble(bubble, f"{path}.contents[{number}]", add, whole)
    sizes = [str(bubble.get("size", "mega")) for bubble in bubbles if isinstance(bubble, dict)]
    if len(set(sizes)) > 1:
        add(f"{path}.contents", "must all have the same size")
    if whole > CAROUSEL_BYTES:
        add(path, f"larger than {CAROUSEL_BYTES} bytes")


# ---------------------------------------------------------------- messages

_ITEM = _shape(
    "type action", {"type": _one_of("action"), "imageUrl": _https}, {"action": _IN_QUICK}
)


def _quick_items(value: Any, path: str, add: Add) -> None:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_QUICK:
        add(path, f"must be 1 to {MOST_QUICK} items")
        return
    for number, item in enumerate(value):
        _object(item, f"{path}[{number}]", add, _ITEM)


_SENDER = _is(_shape("", {"name": _sender_name, "iconUrl": _https}))
_EVERY: dict[str, Inner] = {
    "quickReply": _is(_shape("items", {}, {"items": _quick_items})),
    "sender": _SENDER,
}
_MESSAGES: dict[str, Shape] = {
    "text": _shape(
        "text", {"type": _any, "text": _units(MOST_TEXT), "quoteToken": _units(1000)}, _EVERY
    ),
    "flex": _shape(
        "altText contents",
        {"type": _any, "altText": _units(MOST_ALT), "contents": _any},  # see `faults`
        _EVERY,
    ),
    "image": _shape(
        "originalContentUrl previewImageUrl",
        {"type": _any, "originalContentUrl": _https, "previewImageUrl": _https},
        _EVERY,
    ),
}


def faults(messages: Any, size: int | None = None) -> list[str]:
    """What LINE would refuse, as "path: what"; empty when everything may go out.

    `size`: bytes of the messages' JSON, when they are known already; a part is not larger.
    """
    found: list[str] = []

    def add(path: str, what: str) -> None:
        found.append(f"{path}: {what}")

    if not isinstance(messages, list) or not 1 <= len(messages) <= MOST_MESSAGES:
        return [f"messages: must be 1 to {MOST_MESSAGES}"]
    for number, message in enumerate(messages):
        path = f"messages[{number}]"
        kind = message.get("type") if isinstance(message, dict) else None
        known = _MESSAGES.get(kind) if isinstance(kind, str) else None
        if known is None:
            add(f"{path}.type", "is no message that the bot sends")
            continue
        _object(message, path, add, known)
        if kind == "flex" and "contents" in message:
            _container(message["contents"], f"{path}.contents", add, size)
        if number < len(messages) - 1 and "quickReply" in message:
            add(f"{path}.quickReply", "only the last message shows it")
    return found


# ---------------------------------------------------------------- the way out


def plain(messages: Any) -> list[Message]:
    """The same words as plain texts, at most five, always sendable. Empty when there is no
    word in them. What does not fit into five texts is cut at the end."""
    blocks = ["\n".join(_texts(message)) for message in _listed(messages)]
    pieces: list[str] = []
    for block in blocks:
        pieces += split_text(_clean(block))
    if len(pieces) > MOST_MESSAGES:
        pieces = split_text("\n\n".join(pieces))[:MOST_MESSAGES]
    return [{"type": "text", "text": piece} for piece in pieces]


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def _clean(text: str) -> str:
    # A lone half of a surrogate pair cannot be sent as UTF-8 at all.
    return text.encode("utf-8", "ignore").decode("utf-8")


def _texts(value: Any) -> Iterator[str]:
    """Every text a reader would see, from top to bottom."""
    if isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, dict):
        if isinstance(text := value.get("text"), str) and text.strip() and "data" not in value:
            yield text
        action = value.get("action")
        if value.get("type") == "button" and isinstance(action, dict):
            if isinstance(label := action.get("label"), str) and label.strip():
                yield label
        if isinstance(action, dict) and str(action.get("uri", "")).startswith("https://"):
            yield str(action["uri"])
        for key in ("header", "body", "footer", "contents"):
            if key in value:
                yield from _texts(value[key])
