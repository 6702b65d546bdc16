"""What is wrong with a content file, so that its author can repair it without asking.

A fault says where, what is wrong, and what would be right. All faults of all files are
raised at once: a desk that repairs content should not meet them one by one.
"""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong in a file of `flows/`; `line` 0 means the file as a whole."""

    file: str
    line: int
    what: str
    right: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.what}" + (f"; {self.right}" if self.right else "")


class WrongContent(Exception):
    """The content must not be used. `faults` are all that were found, by file and line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(set(faults)))
        count = len(self.faults)
        head = f"{count} fault{'' if count == 1 else 's'} in the content:"
        super().__init__("\n".join([head, *map(str, self.faults)]))


def one_of(wrong: str, known: Iterable[str], *, at_most: int = 14) -> str:
    """What would be right instead of `wrong`: the nearest known name, else the known names."""
    names: Sequence[str] = sorted(known)
    if near := difflib.get_close_matches(wrong, names, n=1, cutoff=0.6):
        return f"did you mean '{near[0]}'?"
    if not names:
        return "nothing can stand here"
    shown = ", ".join(names[:at_most])
    return f"it is one of {shown}" + (", ..." if len(names) > at_most else "")
