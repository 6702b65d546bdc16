"""Small checks that combine into the shape of a JSON object, with LINE's words for a fault.

A rule takes a value and its path and yields problems. Lengths are counted in two units:
UTF-16 code units for texts, grapheme clusters for what stands on a button.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import regex


class Problem(NamedTuple):
    """What is wrong, and where: one entry of `details`."""

    message: str
    property: str


Rule = Callable[[object, str], Iterator[Problem]]
WholeRule = Callable[[dict[str, Any], str], Iterator[Problem]]
Shape = Mapping[str, Rule]


def utf16_units(text: str) -> int:
    """How long LINE thinks a text is."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def grapheme_clusters(text: str) -> int:
    """How many characters a reader sees."""
    return len(regex.findall(r"\X", text))


def units(low: int, high: int) -> Rule:
    """A string of so many UTF-16 code units."""
    return _string(low, high, utf16_units)


def graphemes(low: int, high: int) -> Rule:
    """A string of so many grapheme clusters."""
    return _string(low, high, grapheme_clusters)


def _string(low: int, high: int, count: Callable[[str], int]) -> Rule:
    def check(value: object, path: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem("Must be a string", path)
        elif low and not value:
            yield Problem("May not be empty", path)
        elif not low <= count(value) <= high:
            yield Problem(f"Length must be between {low} and {high}", path)

    return check


def matching(pattern: str, message: str = "invalid property") -> Rule:
    """A string that the whole pattern fits."""
    compiled = re.compile(pattern)

    def check(value: object, path: str) -> Iterator[Problem]:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            yield Problem(message, path)

    return check


def one_of(*values: str) -> Rule:
    """One of these words."""

    def check(value: object, path: str) -> Iterator[Problem]:
        if value not in values:
            yield Problem(f"Must be one of the following values: [{', '.join(values)}]", path)

    return check


def number(low: float, high: float, whole: bool = False) -> Rule:
    """A JSON number within bounds; a boolean is none."""

    def check(value: object, path: str) -> Iterator[Problem]:
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            yield Problem("Must be an integer" if whole else "Must be a number", path)
        elif not low <= value <= high:
            yield Problem(f"Must be between {low:g} and {high:g}", path)

    return check


def boolean(value: object, path: str) -> Iterator[Problem]:
    """True or false."""
    if not isinstance(value, bool):
        yield Problem("Must be a boolean", path)


def list_of(rule: Rule, low: int, high: int) -> Rule:
    """So many entries, each of which keeps the rule."""

    def check(value: object, path: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem("Must be an array", path)
            return
        if not low <= len(value) <= high:
            yield Problem(f"Size must be between {low} and {high}", path)
        for index, entry in enumerate(value):
            yield from rule(entry, f"{path}[{index}]")

    return check


def shape(required: Shape, optional: Shape, *more: WholeRule) -> Rule:
    """An object with exactly these keys; `more` are rules over the whole object."""
    known = {**required, **optional}

    def check(value: object, path: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem("Must be an object", path)
            return
        for key in required:
            if value.get(key) is None:
                yield Problem("must be specified", _join(path, key))
        for key, entry in value.items():
            if key not in known:
                yield Problem("invalid property", _join(path, key))
            elif entry is not None:
                yield from known[key](entry, _join(path, key))
            elif key not in required:
                yield Problem("May not be null", _join(path, key))
        for rule in more:
            yield from rule(value, path)

    return check


def by_type(kinds: Mapping[str, Rule], key: str = "type") -> Rule:
    """An object whose `type` says which of these rules it must keep."""

    def check(value: object, path: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem("Must be an object", path)
            return
        kind = value.get(key)
        if not isinstance(kind, str) or kind not in kinds:
            yield Problem(
                f"Must be one of the following values: [{', '.join(kinds)}]", _join(path, key)
            )
            return
        yield from kinds[kind](value, path)

    return check


def any_value(value: object, path: str) -> Iterator[Problem]:
    """No rule: the key is known and its value was checked elsewhere."""
    return iter(())


def https_url(value: object, path: str) -> Iterator[Problem]:
    """An address of a picture or other content: HTTPS, at most 2,000 characters."""
    yield from units(1, 2000)(value, path)
    if isinstance(value, str) and value:
        if not value.startswith("https://"):
            yield Problem("invalid uri scheme", path)
        elif not is_percent_encoded(value):
            yield Problem("invalid uri", path)


def is_percent_encoded(uri: str) -> bool:
    """No blank, no control character, nothing outside ASCII."""
    return bool(re.fullmatch(r"[!-~]+", uri)) and not re.search(r"""[<>"{}|\\^`]""", uri)


def compact_bytes(value: object) -> int:
    """The size of a JSON value in UTF-8, without blanks."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return len(text.encode("utf-8", "surrogatepass"))


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
