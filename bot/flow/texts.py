"""Texts and conditions: the smallest values that all content is made of.

`bot/flow/model.py` builds on them, and hands them on: the other modules import them from there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

AmountKind = Literal["free", "exact", "range", "unknown"]

At = tuple[str, int]
"""Where a value is written: file and line. It never counts when values are compared."""


# ---------------------------------------------------------------- texts


@dataclass(frozen=True, slots=True)
class Sentence:
    """One text as written in a flow, with the address that identifies it.

    A `source` of None is the source of what it stands in (an outcome's `sources`).

    `params` are the placeholder names in `text`: a deadline (`apply_by`, `apply_by.law`,
    `apply_by.opens`, `apply_by.days_left`), an amount (`fee`), a dated rule
    (`residence_card.reissue_days`), a question whose answer is a date or number, or `office`.
    """

    address: str
    text: str
    plural: str | None = None
    count: str | None = None
    params: tuple[str, ...] = ()
    button: bool = False
    translators: str | None = None
    source: str | None = None
    grade: str | None = None
    confirm: str | None = None
    when: "Condition | None" = None
    at: At = field(default=("", 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole yen. `min == max` when exact; both 0 when free; None when unknown."""

    kind: AmountKind
    min: int | None = None
    max: int | None = None
    currency: str = "JPY"


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in calendar units, such as a period of stay: 4 years 3 months."""

    years: int = 0
    months: int = 0
    days: int = 0


Param = date | Money | Span | int | float | str | Sentence | tuple[Sentence | Span, ...]
"""What may fill a placeholder. A Sentence is put into words in the reader's language; several
things are a list there ("a, b and c")."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence with the values of its placeholders, ready to be put into words."""

    sentence: Sentence
    params: Mapping[str, Param] = field(default_factory=dict)


# ---------------------------------------------------------------- conditions


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold, in one normal form that the engine compiles and the checker walks.

    `raw` is one of four tuples, nested; their items are again such tuples:

    - `("all", (item, ...))`: every item must hold; `("all", ())` always holds,
    - `("any", (item, ...))`: one item must hold,
    - `("not", item)`,
    - `("is", name, frozenset(words))`: the name has one of these words.

    A mapping of several names becomes "all" of "is" (of one name: just its "is"); `any`, `all`
    and `not` may stand beside names. `names` are all names that are read, in any depth.
    """

    raw: tuple[object, ...]
    names: frozenset[str]
    at: At = field(default=("", 0), compare=False, repr=False)
