"""The gaps of a sentence that the office sends: read from a form, said in anybody's language.

A value is kept as what it is (a day, an amount, papers), so that the operator and the person each
read it in their own language. What was typed wrong is said beside its gap.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bot.answering import UPLOAD_LINK
from bot.console.labels import _
from bot.flow import macros
from bot.flow.macros import SLOTS
from bot.flow.model import Document, Library, Macro, Money, Spoken
from bot.i18n.catalogue import MACRO, Catalogue, Voice

LONGEST_WORDS = 80
MOST_AMOUNT = 99_999_999
MOST_PAPERS = 20
NEAR = timedelta(days=2 * 366)

GROUPS: Mapping[str, str] = {
    "greeting": _("Greeting"), "papers": _("Papers"), "upload": _("Upload page"),
    "appointment": _("Appointment"), "fee": _("Fee"), "deadlines": _("Deadlines"),
    "visit": _("Visit"), "waiting": _("While they wait"), "closing": _("Closing"),
    "declining": _("What we cannot do"),
}  # fmt: skip
NAMES: Mapping[str, str] = {
    "date": _("Day"), "other_date": _("Second day"), "time": _("Time"),
    "other_time": _("Second time"), "amount": _("Amount in yen"), "documents": _("Which papers"),
    "place": _("Place (sent as you write it)"), "paper": _("Paper (sent as you write it)"),
    "name": _("Name (sent as you write it)"), "number": _("Number (sent as you write it)"),
    "procedure": _("Procedure"),
}  # fmt: skip
FAULTS: Mapping[str, str] = {
    "date": _("Give a day, not more than two years away."),
    "time": _("Give a time of day, for example 14:30."),
    "money": _("Give an amount in whole yen, at least 1."),
    "documents": _("Choose at least one paper, at most 20."),
    "words": _("Write a few words in one line, at most 80 characters."),
    "procedure": _("Choose a procedure."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Papers:
    """Papers that are told by name; `flow` is the procedure they belong to."""

    flow: str
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """A procedure, topic or life event that is told by its title."""

    id: str


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the gaps of a sentence; `faults`: what is wrong, by gap (keys of FAULTS)."""

    values: Mapping[str, Any]
    faults: Mapping[str, str] = field(default_factory=dict)


def asked(macro: Macro) -> tuple[str, ...]:
    """The gaps that somebody has to fill, in their order."""
    return tuple(slot for slot in macro.sentence.params if SLOTS[slot] not in _BY_ITSELF)


def read(
    macro: Macro,
    typed: Callable[[str], Sequence[str]],
    library: Library,
    flow: str | None,
    today: date,
) -> Filled:
    """The gaps as they were filled in a form; `typed(name)` are the values of a field. `flow` is
    the procedure whose papers were offered."""
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for slot in macro.sentence.params:
        kind = SLOTS[slot]
        found: Any
        if kind == macros.LINK:
            found = UPLOAD_LINK
        elif kind == macros.GIVEN:
            found = _given(library.office, slot)
        elif kind == macros.DOCUMENTS:
            found = _papers(typed(f"slot_{slot}"), library, flow)
        else:
            given = next(iter(typed(f"slot_{slot}")), "")
            found = _READERS[kind](unicodedata.normalize("NFKC", given).strip(), library, today)
        if found is None:
            faults[slot] = kind
        else:
            values[slot] = found
    return Filled(values, faults)


def said(macro: Macro, filled: Filled, catalogue: Catalogue, tag: str | None) -> str:
    """The whole sentence as a reader of that language gets it."""
    voice = catalogue.voice(tag)
    words = voice.words(MACRO)[0]
    params = {slot: _told(value, voice) for slot, value in filled.values.items()}
    text = words.text(Spoken(macro.sentence, params))
    return re.sub(r" +\n", "\n", text)


def with_blanks(macro: Macro, catalogue: Catalogue, tag: str | None) -> str:
    """The sentence with its gaps open, for choosing one."""
    words, office = catalogue.voice(tag).words(MACRO)[0], catalogue.library.office
    blanks = {
        slot: _given(office, slot) if SLOTS[slot] == macros.GIVEN else "…"
        for slot in macro.sentence.params
    }
    return words.text(Spoken(macro.sentence, blanks)).replace("\n", " ")


def papers_of(library: Library, flow: str | None) -> tuple[Document, ...]:
    """The papers of a procedure, each once."""
    found = library.flow_or_topic(flow) if flow else None
    return tuple({one.id: one for one in (found.documents if found else ())}.values())


def paper_name(document: Document, label: str) -> str:
    """A paper in the reader's language, with the Japanese name that stands on it."""
    return label if document.ja in label else f"{label} ({document.ja})"


# ---------------------------------------------------------------- inside

_BY_ITSELF = (macros.LINK, macros.GIVEN)


def _told(value: Any, voice: Voice) -> Any:
    match value:
        case Papers(flow=flow, documents=documents):
            words = voice.words(flow)[0]
            names = (paper_name(one, words.label(one.text)) for one in documents)
            return "".join(f"\n• {name}" for name in names)
        case Subject(id=flow):
            return voice.words(flow)[0].title(flow)
        case _:
            return value


def _given(office: Mapping[str, Any], slot: str) -> str:
    """What the office's own page says: its name, phone, address."""
    return str(office.get("name" if slot == "office" else slot) or "")


def _papers(ids: Sequence[str], library: Library, flow: str | None) -> Papers | None:
    known = {one.id: one for one in papers_of(library, flow)}
    chosen = tuple(known[one] for one in dict.fromkeys(ids) if one in known)
    return Papers(str(flow), chosen) if 0 < len(chosen) <= MOST_PAPERS else None


def _date(text: str, _library: Library, today: date) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if len(text) == 10 and abs(found - today) <= NEAR else None


def _time(text: str, _library: Library, _today: date) -> str | None:
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)(?::00)?", text, re.ASCII)
    return f"{int(found[1])}:{found[2]}" if found else None


def _money(text: str, _library: Library, _today: date) -> Money | None:
    digits = re.sub(r"[¥円,\s]", "", text)
    if not re.fullmatch(r"[0-9]{1,8}", digits) or not 1 <= int(digits) <= MOST_AMOUNT:
        return None
    return Money("exact", int(digits), int(digits))


def _words(text: str, _library: Library, _today: date) -> str | None:
    is_one_line = all(c.isprintable() for c in text)
    return text if text and is_one_line and len(text) <= LONGEST_WORDS else None


def _procedure(text: str, library: Library, _today: date) -> Subject | None:
    known = text in library.flows or text in library.topics or text in library.events
    return Subject(text) if known else None


_READERS: Mapping[str, Callable[[str, Library, date], Any]] = {
    macros.DATE: _date, macros.TIME: _time, macros.MONEY: _money, macros.WORDS: _words,
    macros.PROCEDURE: _procedure,
}  # fmt: skip
