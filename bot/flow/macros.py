"""Sentences that the office says by hand, in the reader's language (shared/macros.yaml).

A gap in such a sentence has its kind by its name; a person at the desk fills it, and everything
is said in the language of whoever reads it. Nobody is asked to send a picture of a card or a
passport in the chat: a sentence that wants one has a link to the upload page.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from bot.flow.faults import Fault, one_of
from bot.flow.load_parts import sentence
from bot.flow.model import Library, Macro
from bot.flow.section import NAME, Page, Section

DATE, TIME, MONEY, DOCUMENTS, WORDS, PROCEDURE = (
    "date", "time", "money", "documents", "words", "procedure",
)  # fmt: skip
LINK, GIVEN = "link", "given"
SLOTS: Mapping[str, str] = {
    "date": DATE, "other_date": DATE, "time": TIME, "other_time": TIME, "amount": MONEY,
    "documents": DOCUMENTS, "place": WORDS, "paper": WORDS, "name": WORDS, "number": WORDS,
    "procedure": PROCEDURE, "upload_link": LINK, "office": GIVEN, "phone": GIVEN, "address": GIVEN,
}  # fmt: skip
"""The kind of each gap, by its name. What is GIVEN stands in office.yaml."""
KEYS = frozenset({"text", "translators"})

_ENDS_ITS_LINE = re.compile(r"%\(documents\)s(?!\s*(?:\n|\Z))")
_PICTURE = re.compile(r"\b(?:send|upload|photograph|pictures?|photos?|scans?)\b", re.IGNORECASE)
_CARD = re.compile(r"\b(?:cards?|passports?)\b", re.IGNORECASE)
_REFUSED = re.compile(r"\bdo not send\b", re.IGNORECASE)
_SENTENCES = re.compile(r"(?<=[.!?])\s+|\n")


def macros(page: Page, data: object) -> Mapping[str, Macro]:
    """shared/macros.yaml: groups of sentences, each under a name of its own."""
    found: dict[str, Macro] = {}
    if data is None:
        return MappingProxyType(found)
    for group, inside, line in Section(page, data, "macros.yaml").items():
        if not NAME.match(group):
            page.wrong(line, f"{group!r} is no name of a group", "write small_letters")
        for name, value, at in Section(page, inside, f"group '{group}'", line=line).items():
            if not NAME.match(name):
                page.wrong(at, f"{name!r} is no name of a sentence", "write small_letters")
            if name in found:
                page.wrong(at, f"two sentences are called '{name}'", "rename one")
            one = sentence(page, value, f"macro/{name}", at, keys=KEYS)
            if one is not None:
                found[name] = Macro(name, group, one)
    return MappingProxyType(found)


def macro_faults(library: Library) -> Iterator[Fault]:
    """What is wrong with the sentences as they stand."""
    for macro in library.macros.values():
        text, at = macro.sentence.text, macro.sentence.at
        for slot in macro.sentence.params:
            if slot not in SLOTS:
                yield Fault(*at, f"'{macro.name}' has the gap '{slot}'", one_of(slot, SLOTS))
        if _ENDS_ITS_LINE.search(text):
            what = f"in '{macro.name}' words follow the list of papers"
            yield Fault(*at, what, "end the line with %(documents)s")
        if "upload_link" not in macro.sentence.params and _asks_for_picture(text):
            what = f"'{macro.name}' asks for a picture of a card or passport in the chat"
            yield Fault(*at, what, "add %(upload_link)s")


def _asks_for_picture(text: str) -> bool:
    return any(
        _PICTURE.search(one) and _CARD.search(one) and not _REFUSED.search(one)
        for one in _SENTENCES.split(text)
    )
