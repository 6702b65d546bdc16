"""What LINE accepts as an action, which differs by the place the action stands in."""

import datetime
import re
from collections.abc import Iterator
from typing import Any

from bot.simulator.shapes import (
    Problem,
    Rule,
    any_value,
    by_type,
    graphemes,
    is_percent_encoded,
    matching,
    one_of,
    shape,
    units,
)

EVERYWHERE = ("postback", "message", "uri", "datetimepicker", "clipboard")
ALIAS_ID = r"[a-z0-9_-]{1,32}"
_MODES = {
    "date": ("%Y-%m-%d", r"\d{4}-\d\d-\d\d", "1900-01-01", "2100-12-31"),
    "time": ("%H:%M", r"\d\d:\d\d", "00:00", "23:59"),
    "datetime": (
        "%Y-%m-%dT%H:%M",
        r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d",
        "1900-01-01T00:00",
        "2100-12-31T23:59",
    ),
}


def _uri(value: object, path: str) -> Iterator[Problem]:
    yield from units(1, 1000)(value, path)
    if isinstance(value, str) and value:
        if not re.match(r"(https?|line|tel):", value):
            yield Problem("invalid uri scheme", path)
        elif not is_percent_encoded(value):
            yield Problem("invalid uri", path)


def _postback(value: dict[str, Any], path: str) -> Iterator[Problem]:
    if "displayText" in value and "text" in value:
        yield Problem("displayText and text cannot be specified together", f"{path}.text")
    if "fillInText" in value and value.get("inputOption") != "openKeyboard":
        yield Problem("only valid with inputOption openKeyboard", f"{path}.fillInText")


def _picker(value: dict[str, Any], path: str) -> Iterator[Problem]:
    mode = value.get("mode")
    if not isinstance(mode, str) or mode not in _MODES:
        return
    form, pattern, first, last = _MODES[mode]
    earliest, latest = (datetime.datetime.strptime(day, form) for day in (first, last))
    found: dict[str, datetime.datetime] = {}
    for key, text in (("min", value.get("min", first)), ("max", value.get("max", last))):
        moment = _moment(text, form, pattern)
        if moment is None or not earliest <= moment <= latest:
            yield Problem("invalid date time format", f"{path}.{key}")
        else:
            found[key] = moment
    if len(found) == 2 and found["min"] >= found["max"]:
        yield Problem("min must be smaller than max", f"{path}.min")
    if "initial" in value:
        moment = _moment(value["initial"], form, pattern)
        if moment is None:
            yield Problem("invalid date time format", f"{path}.initial")
        elif len(found) == 2 and not found["min"] <= moment <= found["max"]:
            yield Problem("must be between min and max", f"{path}.initial")


def _moment(text: object, form: str, pattern: str) -> datetime.datetime | None:
    if not isinstance(text, str) or not re.fullmatch(pattern, text):
        return None
    try:
        return datetime.datetime.strptime(text.upper(), form)
    except ValueError:
        return None


def action(label: int, label_needed: bool, *extra: str) -> Rule:
    """The rule for one place: how long a label may be, whether it must be there, more kinds."""
    needed: dict[str, Rule] = {"type": any_value}
    free: dict[str, Rule] = {}
    (needed if label_needed else free)["label"] = graphemes(1, label)
    kinds = {
        "postback": shape(
            {**needed, "data": units(1, 300)},
            {
                **free,
                "displayText": graphemes(1, 300),
                "text": graphemes(1, 300),
                "inputOption": one_of("closeRichMenu", "openRichMenu", "openKeyboard", "openVoice"),
                "fillInText": graphemes(1, 300),
            },
            _postback,
        ),
        "message": shape({**needed, "text": graphemes(1, 300)}, free),
        "uri": shape({**needed, "uri": _uri}, {**free, "altUri": shape({}, {"desktop": _uri})}),
        "datetimepicker": shape(
            {**needed, "data": units(1, 300), "mode": one_of(*_MODES)},
            {**free, "initial": any_value, "min": any_value, "max": any_value},
            _picker,
        ),
        "clipboard": shape({**needed, "clipboardText": units(1, 1000)}, free),
        "camera": shape(needed, free),
        "cameraRoll": shape(needed, free),
        "location": shape(needed, free),
        "richmenuswitch": shape(
            {**needed, "richMenuAliasId": matching(ALIAS_ID)}, {**free, "data": units(0, 300)}
        ),
    }
    return by_type({kind: kinds[kind] for kind in (*EVERYWHERE, *extra)})


IN_QUICK_REPLY = action(20, True, "camera", "cameraRoll", "location")
IN_TEMPLATE = action(20, True)
IN_IMAGE_CAROUSEL = action(12, False)
IN_FLEX_BUTTON = action(40, True)
IN_FLEX = action(40, False)
IN_RICH_MENU = action(20, False, "richmenuswitch")
