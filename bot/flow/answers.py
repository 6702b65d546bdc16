"""Reading one answer: a raw value becomes a canonical one, or the reason why it is none.

Here is no language: words were understood before, these are option ids, ISO days, numbers and
codes. The same reading is done again at every replay, because a flow changes and days pass.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date

from bot.flow import amounts
from bot.flow.model import (
    UNSURE,
    Library,
    NotAnAnswer,
    Question,
    Value,
)

NONE = ("none",)
LONGEST_TEXT = 200
LARGEST_NUMBER = 1_000_000_000_000
FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2199, 12, 31)
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
PREFECTURE = re.compile(r"0[1-9]|[1-3]\d|4[0-7]")
MUNICIPALITY = re.compile(r"(?:0[1-9]|[1-3]\d|4[0-7])\d{3}")

Known = Mapping[str, Value]
Read = Value | NotAnAnswer


def read_answer(
    question: Question, raw: object, library: Library, given_on: date, known: Known
) -> Read:
    """The canonical answer to one question.

    `given_on` is the day on which it was given: "not after today" means that day. `known` are
    other answers that bounds may name.
    """
    if raw == UNSURE:
        return UNSURE
    return _readers[question.kind](question, raw, library, given_on, known)


def option_ids(question: Question, library: Library) -> list[str]:
    """The ids that a choice accepts; those of a table are its rows."""
    ids = [option.id for option in question.options]
    if question.table == "statuses":
        ids += [name for name in library.statuses if name not in ids]
    return ids


def _choice(question: Question, raw: object, library: Library, _: date, __: Known) -> Read:
    if isinstance(raw, str):
        if any(option.id == raw for option in question.options):
            return raw
        if question.table == "statuses" and raw in library.statuses:
            return raw
    return NotAnAnswer("not_an_option")


def _several(question: Question, raw: object, library: Library, _: date, __: Known) -> Read:
    chosen = {raw} if isinstance(raw, str) else None
    if isinstance(raw, list | tuple | set | frozenset):
        if not raw:
            return NONE
        chosen = {item for item in raw if isinstance(item, str)}
        if len(chosen) < len(set(raw)):
            return NotAnAnswer("not_an_option")
    if not chosen:
        return NotAnAnswer("not_an_option")
    if chosen == {"none"}:
        return NONE
    ids = option_ids(question, library)
    if "none" in chosen or not chosen <= set(ids):
        return NotAnAnswer("not_an_option")
    return tuple(name for name in ids if name in chosen)


def _date(question: Question, raw: object, library: Library, given_on: date, known: Known) -> Read:
    day = _day(raw)
    if day is None:
        return NotAnAnswer("date_not_a_day")
    earliest = _bound(question.not_before, library, given_on, known)
    latest = _bound(question.not_after, library, given_on, known)
    if earliest is not None and day < earliest:
        if question.not_before == "today":
            return NotAnAnswer("date_in_past")
        return NotAnAnswer("date_too_early", {"limit": earliest})
    if latest is not None and day > latest:
        if question.not_after == "today":
            return NotAnAnswer("date_in_future")
        return NotAnAnswer("date_too_late", {"limit": latest})
    if day < FIRST_DAY:
        return NotAnAnswer("date_too_early", {"limit": FIRST_DAY})
    if day > LAST_DAY:
        return NotAnAnswer("date_too_late", {"limit": LAST_DAY})
    return day.isoformat()


def _day(raw: object) -> date | None:
    if isinstance(raw, date):
        return date(raw.year, raw.month, raw.day)
    if isinstance(raw, str) and ISO_DAY.fullmatch(raw.strip()):
        try:
            return date.fromisoformat(raw.strip())
        except ValueError:
            return None
    return None


def _bound(name: str | None, library: Library, given_on: date, known: Known) -> date | None:
    """The day that a bound names: today, an answered date, a rule of unit day, or a day."""
    if name is None:
        return None
    if name == "today":
        return given_on
    if name in library.rules:
        return amounts.day_on(library.rules[name], given_on)
    return _day(known.get(name, name))


def _number(question: Question, raw: object, _: Library, __: date, ___: Known) -> Read:
    number: int | float
    if isinstance(raw, bool):
        return NotAnAnswer("not_a_number")
    if isinstance(raw, int | float):
        number = raw
    elif isinstance(raw, str):
        text = unicodedata.normalize("NFKC", raw).strip().replace(",", "")
        if not re.fullmatch(r"[0-9]{1,20}(\.[0-9]{1,6})?", text):
            return NotAnAnswer("not_a_number")
        number = float(text) if "." in text else int(text)
    else:
        return NotAnAnswer("not_a_number")
    if not 0 <= number < float("inf"):  # NaN fails too
        return NotAnAnswer("not_a_number")
    if number > LARGEST_NUMBER:
        return NotAnAnswer("number_too_big")
    return int(number) if number == int(number) else number


def _text(question: Question, raw: object, _: Library, __: date, ___: Known) -> Read:
    if not isinstance(raw, str):
        return NotAnAnswer("text_empty")
    # Control characters go; joiners (category Cf) stay, several scripts are written with them.
    kept = "".join(c if unicodedata.category(c) != "Cc" else " " for c in raw)
    text = " ".join(unicodedata.normalize("NFC", kept).split())
    if not text:
        return NotAnAnswer("text_empty")
    if len(text) > LONGEST_TEXT:
        return NotAnAnswer("text_too_long", {"limit": LONGEST_TEXT})
    return text


def _place(question: Question, raw: object, _: Library, __: date, ___: Known) -> Read:
    prefecture: object = raw
    municipality: object = None
    if isinstance(raw, Mapping):
        prefecture, municipality = raw.get("prefecture"), raw.get("municipality")
    elif isinstance(raw, str) and MUNICIPALITY.fullmatch(raw):
        prefecture, municipality = raw[:2], raw
    if not isinstance(prefecture, str) or not PREFECTURE.fullmatch(prefecture):
        return NotAnAnswer("not_a_place")
    if municipality is None:
        return {"prefecture": prefecture, "municipality": None}
    if not isinstance(municipality, str) or not MUNICIPALITY.fullmatch(municipality):
        return NotAnAnswer("not_a_place")
    if municipality[:2] != prefecture:
        return NotAnAnswer("not_a_place")
    return {"prefecture": prefecture, "municipality": municipality}


_readers: Mapping[str, Callable[[Question, object, Library, date, Known], Read]] = {
    "choice": _choice,
    "several": _several,
    "date": _date,
    "number": _number,
    "text": _text,
    "place": _place,
}
