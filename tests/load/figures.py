"""From rounds to statements: medians, spreads, ratios within a round, and the report's tables.

A shared machine drifts by a factor of two within minutes. So servers are compared only within
one round, and a ratio is the median of the rounds' ratios, printed with its range.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

Round = dict[str, float]
"""What one server did in one round: accepted, answered, answer_p50 … in seconds and per second."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio over the rounds."""

    middle: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.middle:.2f} ({self.least:.2f}-{self.most:.2f})"


@dataclass(frozen=True, slots=True)
class Demand:
    """Something required, and what was measured. `holds` is None when it was not measured."""

    what: str
    required: str
    measured: str
    holds: bool | None

    def row(self) -> tuple[str, str, str, str]:
        """The demand as a table row."""
        word = {True: "yes", False: "**no**", None: "not measured"}[self.holds]
        return self.what, self.required, self.measured, word


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Ratio | None:
    """Ours to theirs, round by round; None when there is no round with both."""
    found = [a / b for a, b in zip(ours, theirs, strict=False) if b > 0]
    return Ratio(median(found), min(found), max(found)) if found else None


def at_least(what: str, wanted: float, found: Ratio | None) -> Demand:
    """A ratio that must not be smaller."""
    holds = None if found is None else found.middle >= wanted
    return Demand(what, f">= {wanted:g} x", f"{found} x" if found else "-", holds)


def at_most(what: str, wanted: float, found: Ratio | None) -> Demand:
    """A ratio that must not be larger."""
    holds = None if found is None else found.middle <= wanted
    return Demand(what, f"<= {wanted:g} x", f"{found} x" if found else "-", holds)


def below(what: str, wanted: float, found: float, unit: str) -> Demand:
    """A figure that must be smaller; 0 means that it was not measured."""
    holds = found < wanted if found else None
    return Demand(what, f"< {wanted:g} {unit}", f"{found:.2f} {unit}" if found else "-", holds)


def spread(values: Iterable[float], scale: float = 1.0, digits: int = 0) -> str:
    """ "median (least-most)" of a figure over the rounds."""
    ordered = sorted(value * scale for value in values)
    if not ordered:
        return "-"
    low, high = f"{ordered[0]:.{digits}f}", f"{ordered[-1]:.{digits}f}"
    middle = f"{median(ordered):.{digits}f}"
    return middle if low == high else f"{middle} ({low}-{high})"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table whose columns also line up in a terminal."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(head))]

    def one(cells: Sequence[str]) -> str:
        padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        return f"| {' | '.join(padded)} |"

    rule = f"|{'|'.join('-' * (width + 2) for width in widths)}|"
    return "\n".join([one(lines[0]), rule, *(one(line) for line in lines[1:])])
