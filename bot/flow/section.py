"""One mapping of a content file, read key by key, with every slip reported where it stands.

The loader asks a Section for what the grammar allows; a Section answers with a plain value or
None and writes a Fault for what is missing, unknown or of the wrong shape. Nothing is raised
here, so that an author sees all faults of all files at once.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.flow.faults import Fault, one_of
from bot.flow.model import At
from bot.flow.yaml_reader import Written, WrittenList

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
RULE_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+\Z")
PUBLIC_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z")
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")


def as_day(value: object) -> date | None:
    """The day that "YYYY-MM-DD" names, or None."""
    if not isinstance(value, str) or not _DAY.match(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Page:
    """A content file: its name in faults, and the list that its faults go to."""

    file: str
    faults: list[Fault] = field(default_factory=list)

    def wrong(self, line: int, what: str, right: str = "") -> None:
        self.faults.append(Fault(self.file, line, what, right))


class Section:
    """A mapping of `page`. `what` names it in faults; `keys` are all it may have (None: any)."""

    def __init__(
        self,
        page: Page,
        value: object,
        what: str,
        keys: frozenset[str] | None = None,
        *,
        line: int = 0,
        required: tuple[str, ...] = (),
    ) -> None:
        self.page = page
        self.what = what
        if not isinstance(value, Written):
            if value is not None:
                page.wrong(line, f"{what} is no mapping", "write `key: value` lines")
            value = Written(line)
        self.written: Written = value
        if keys is not None:
            for key in self.written:
                if key not in keys:
                    allowed = ", ".join(sorted(keys))
                    right = one_of(key, keys, at_most=0).removesuffix(", ...")
                    right = f"{right} Allowed" if right.startswith("did") else "allowed"
                    self.wrong(f"{what} knows no '{key}'", f"{right}: {allowed}", key)
        for key in required:
            if self.written.get(key) is None:
                self.wrong(f"{what} has no '{key}'", f"add `{key}: ...`")

    def wrong(self, what: str, right: str = "", key: str | None = None) -> None:
        self.page.wrong(self.at(key)[1], what, right)

    def at(self, key: str | None = None) -> At:
        line = self.written.line if key is None else self.written.lines.get(key, self.written.line)
        return self.page.file, line

    def __contains__(self, key: str) -> bool:
        return self.written.get(key) is not None

    def get(self, key: str) -> object:
        return self.written.get(key)

    def items(self) -> Iterator[tuple[str, object, int]]:
        """Each key with its value and its line."""
        for key, value in self.written.items():
            yield key, value, self.written.lines[key]

    def text(self, key: str) -> str | None:
        """A text; a number is taken as it is written."""
        value = self.get(key)
        if value is None or isinstance(value, str):
            return value.strip() if value else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        self.wrong(f"'{key}' of {self.what} is no text", f'write {key}: "..."', key)
        return None

    def word(self, key: str, allowed: frozenset[str], default: str | None = None) -> str | None:
        """One of the allowed words."""
        value = self.text(key)
        if value is None:
            return default
        if value not in allowed:
            what = f"'{key}' of {self.what} is never '{value}'"
            self.wrong(what, one_of(value, allowed, at_most=40), key)
            return default
        return value

    def words(self, key: str, allowed: frozenset[str] | None = None) -> tuple[str, ...]:
        """A list of words; one word alone is a list of one."""
        value = self.get(key)
        if value is None:
            return ()
        items = value if isinstance(value, WrittenList) else [value]
        words = []
        for item in items:
            if not isinstance(item, str | int) or isinstance(item, bool):
                what = f"'{key}' of {self.what} is no list of names"
                self.wrong(what, f"write {key}: [a, b]", key)
            elif allowed is not None and str(item) not in allowed:
                what = f"'{key}' of {self.what} is never '{item}'"
                self.wrong(what, one_of(str(item), allowed, at_most=40), key)
            elif str(item) in words:
                self.wrong(f"'{key}' of {self.what} has '{item}' twice", "keep one", key)
            else:
                words.append(str(item))
        return tuple(words)

    def flag(self, key: str, default: bool = False) -> bool:
        value = self.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            what = f"'{key}' of {self.what} is neither true nor false"
            self.wrong(what, f"write {key}: true", key)
            return default
        return value

    def day(self, key: str) -> date | None:
        value = self.get(key)
        if value is None:
            return None
        found = as_day(value)
        if found is None:
            self.wrong(f"'{key}' of {self.what} is no day: {value!r}", "write YYYY-MM-DD", key)
        return found

    def number(self, key: str) -> float | None:
        value = self.get(key)
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
            return value
        self.wrong(f"'{key}' of {self.what} is no number: {value!r}", "write digits", key)
        return None

    def list_of(self, key: str) -> Iterator[tuple[object, int]]:
        """Each item of a list with its line."""
        value = self.get(key)
        if value is None:
            return
        if not isinstance(value, WrittenList):
            what = f"'{key}' of {self.what} is no list"
            self.wrong(what, f"begin each line of {key} with '-'", key)
            return
        yield from zip(value, value.lines, strict=True)

    def section(self, key: str, what: str, keys: frozenset[str] | None = None) -> "Section":
        """The mapping under `key`; an empty one if it is not there."""
        return Section(self.page, self.get(key), what, keys, line=self.at(key)[1])

    def named(self, key: str, kind: str) -> Iterator[tuple[str, object, int]]:
        """Each named thing under `key`, its value and its line; bad names are reported."""
        yield from self.section(key, f"'{key}' of {self.what}").names(kind)

    def names(self, kind: str, *, rule: bool = False) -> Iterator[tuple[str, object, int]]:
        """Each named thing of this mapping, its value and its line; bad names are reported."""
        for name, value, line in self.items():
            if not (RULE_NAME if rule else NAME).match(name):
                shape = "area.name_of_rule" if rule else "small_letters_and_digits"
                self.page.wrong(line, f"'{name}' is no name for {kind}", f"write {shape}")
            else:
                yield name, value, line


def as_section(
    page: Page, value: object, what: str, keys: frozenset[str], line: int, *required: str
) -> Section:
    """A Section of `value`, which stands on `line` and must have the `required` keys."""
    return Section(page, value, what, keys, line=line, required=required)


def plain(value: object) -> object:
    """A value as written, in ordinary dictionaries and lists."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value
