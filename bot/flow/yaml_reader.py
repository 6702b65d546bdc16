"""YAML as authors expect it: no surprises from `no`, `08:30`, `2026-10-01` or a key used twice.

Plain PyYAML reads YAML 1.1, where an unquoted `no` is False, `0570` is 376 and the last of two
equal keys wins silently. Here only `true` and `false` are booleans, numbers are decimal without
leading zeros, days stay text, a key used twice is a fault, and every mapping and list knows
the lines of what it holds. Phrases and stories are read with it, too.
"""

import re
from pathlib import Path

import yaml

from bot.flow.faults import Fault, WrongContent

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's parser, ten times as fast; the same grammar in Python where it is missing."""

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+\Z")
_PLAIN_TAGS = {
    f"tag:yaml.org,2002:{kind}"
    for kind in ("bool", "float", "int", "map", "merge", "null", "seq", "str", "timestamp", "value")
}
"""What libyaml guesses by itself; any other tag was written by the author."""
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


class Written(dict[str, object]):
    """A mapping as written. Keys are text. `lines` has the line of each key, from 1."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class WrittenList(list[object]):
    """A list as written. `lines` has the line of each item, from 1."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


def line_of(value: object, key: str | int | None = None, default: int = 0) -> int:
    """The line of a mapping or list, or of what stands in it under `key`."""
    if isinstance(value, Written):
        return value.lines.get(key, value.line) if isinstance(key, str) else value.line
    if isinstance(value, WrittenList):
        within = isinstance(key, int) and 0 <= key < len(value.lines)
        return value.lines[key] if within and isinstance(key, int) else value.line
    return default


def read_text(text: str, name: str) -> tuple[object, list[Fault]]:
    """What a YAML text says, and its faults; `name` is how faults call the file.

    Mappings are `Written`, lists `WrittenList`, the rest str, int, float, bool or None.
    """
    faults: list[Fault] = []
    loader = Loader(text)
    try:
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(part for part in (error.context, error.problem) if part)
        right = "quote a sentence that stands inside {...} or that has ': ' or ' #' in it"
        fault = Fault(name, mark.line + 1 if mark else 0, f"this is not YAML: {what}", right)
        return None, [fault]
    except yaml.YAMLError as error:
        return None, [Fault(name, 0, f"this is not YAML: {error}", "save the file as UTF-8")]
    finally:
        loader.dispose()
    return (None if node is None else _value(node, name, faults, ())), faults


def read_yaml(path: Path, name: str | None = None) -> object:
    """What the file at `path` says; raises WrongContent if it cannot be read as written."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise WrongContent(
            [Fault(name or path.name, 0, "this is not UTF-8", "save the file as UTF-8")]
        ) from None
    value, faults = read_text(text, name or path.name)
    if faults:
        raise WrongContent(faults)
    return value


def _value(node: yaml.Node, name: str, faults: list[Fault], inside: tuple[int, ...]) -> object:
    """The plain value of a node. `inside` are the nodes around it: an alias may lead back."""
    line = node.start_mark.line + 1
    if node.tag not in _PLAIN_TAGS:
        faults.append(Fault(name, line, f"'{node.tag}' is a tag", "write plain text, no '!'"))
        return None
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if id(node) in inside:
        faults.append(Fault(name, line, "this contains itself", "write it out without an alias"))
        return None
    inside = (*inside, id(node))
    if isinstance(node, yaml.SequenceNode):
        items = WrittenList(line)
        for item in node.value:
            items.append(_value(item, name, faults, inside))
            items.lines.append(item.start_mark.line + 1)
        return items
    return _mapping(node, name, faults, inside)


def _mapping(node: yaml.Node, name: str, faults: list[Fault], inside: tuple[int, ...]) -> Written:
    mapping = Written(node.start_mark.line + 1)
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            faults.append(Fault(name, line, "this key is no word", "write a name before the ':'"))
            continue
        key = str(key_node.value)
        if key in mapping:
            first = mapping.lines[key]
            what = f"'{key}' stands here twice, first on line {first}"
            faults.append(Fault(name, line, what, "keep one of them"))
            continue
        mapping[key] = _value(value_node, name, faults, inside)
        mapping.lines[key] = line
    return mapping


def _scalar(node: yaml.ScalarNode) -> object:
    text = str(node.value)
    if node.style:  # quoted or a block: the author says that it is text
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.match(text):
        return int(text)
    if _DECIMAL.match(text):
        return float(text)
    return text
