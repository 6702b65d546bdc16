"""The lines of a card, and how they look: as Flex bubbles, or as plain text.

Which lines there are is decided elsewhere (`bot/line/card.py`); here nothing is said that is not
in them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Protocol

from bot.flow.model import Money, Param, Sentence, Spoken
from bot.line import limits

# About so many rows fill five screens of a phone; a longer card becomes pages to swipe.
MOST_ROWS = 130
_ROW = 34

Flex = dict[str, Any]


class Words(Protocol):
    """What the card needs of a language (bot.i18n.words.Words has it)."""

    tag: str
    native: str
    direction: str

    def text(self, spoken: Spoken) -> str: ...
    def on_form(self, spoken: Spoken) -> str: ...
    def label(self, sentence: Sentence) -> str: ...
    def talk(self, name: str, **params: Param) -> str: ...
    def has_talk(self, name: str) -> bool: ...
    def title(self, flow_id: str, outcome: str | None = None) -> str: ...
    def shows(self, flow_id: str, outcome: str | None) -> tuple[str, ...]: ...
    def months(self, rule: str, on: date) -> int | None: ...
    def source(self, source_id: str, title: str) -> str: ...
    def day(self, day: date) -> str: ...
    def money(self, money: Money) -> str: ...


@dataclass(frozen=True)
class Line:
    """One line of the card. `look` says what it is, not how it is drawn (see `_LOOKS`)."""

    look: str
    text: str
    url: str | None = None

    @cached_property
    def rows(self) -> int:
        """About how many rows it fills on a phone; wide letters take two places."""
        places = len(self.text) if self.text.isascii() else (3 * len(self.text)) // 2
        return 1 + places // _ROW

    @cached_property
    def drawn(self) -> "Flex":
        """The line as LINE draws it."""
        return _drawn(self)


KEPT_LINES = 8192
"""Lines that are kept, all languages together; a card has about sixty."""

line = lru_cache(maxsize=KEPT_LINES)(Line)
"""The one `Line` of these words: most stand on many cards, so they are drawn and checked once."""


@dataclass(frozen=True, slots=True)
class Section:
    """Some lines under one heading. `page` is where it goes when the card is split."""

    page: str
    heading: str | None
    lines: tuple[Line, ...]


# ---------------------------------------------------------------- drawn as text

_BULLETS = {"label": "▸ ", "only": "▸ ", "item": "☐ ", "detail": "   ", "alarm": "⚠ ", "soon": "⚠ "}


def texts(found: Sequence[Section]) -> list[str]:
    """The result as paragraphs of plain text, one per section."""
    paragraphs = []
    for section in found:
        lines = [f"■ {section.heading}"] if section.heading else []
        for one in section.lines:
            lines.append(_BULLETS.get(one.look, "") + one.text)
            if one.url is not None and one.url.startswith("http"):
                lines.append(one.url)
        paragraphs.append("\n".join(lines))
    return paragraphs


# ---------------------------------------------------------------- drawn as Flex

_INK, _SOFT, _DEEP, _RED, _AMBER = "#1B1F23", "#4F5760", "#0B4F6C", "#9B1C1C", "#6B4200"
_LINE, _PALE_RED, _PALE_AMBER, _PALE = "#D8DEE4", "#FDECEC", "#FFF4DC", "#E9EEF2"

_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"size": "lg", "weight": "bold", "color": _DEEP},
    "label": {"size": "sm", "weight": "bold", "color": _SOFT, "margin": "md"},
    "big": {"size": "xl", "weight": "bold", "color": _INK, "margin": "xs"},
    "gone": {"size": "lg", "weight": "bold", "color": _RED, "margin": "xs"},
    "soon": {"size": "md", "weight": "bold", "color": _RED, "margin": "xs"},
    "only": {"size": "md", "weight": "bold", "color": _AMBER, "margin": "lg"},
    "strong": {"size": "md", "weight": "bold", "color": _INK, "margin": "sm"},
    "text": {"size": "md", "color": _INK, "margin": "sm"},
    "item": {"size": "md", "color": _INK, "margin": "md"},
    "detail": {"size": "sm", "color": _SOFT, "margin": "xs"},
    "small": {"size": "sm", "color": _SOFT, "margin": "xs"},
    "link": {"size": "sm", "color": _DEEP, "decoration": "underline", "margin": "md"},
}
_SEPARATOR = limits.Part(type="separator", margin="lg", color=_LINE)
_FRAMED: Mapping[str, tuple[str, str]] = {
    "alarm": (_PALE_RED, _RED),
    "note": (_PALE_AMBER, _AMBER),
}
_HEADING = {"size": "md", "weight": "bold", "color": _DEEP}
PAGES = ("summary", "papers", "sources")


def bubbles(found: Sequence[Section], footer: Sequence[Flex], words: Words) -> Flex:
    """One bubble with all sections, or a carousel of one bubble per page when it is long."""
    pages = [[section for section in found if section.page == page] for page in PAGES]
    pages = [page for page in pages if page]
    if len(pages) < 2 or _rows(found) <= MOST_ROWS:
        return _bubble(found, footer, words)
    drawn = [_bubble(page, () if number else footer, words) for number, page in enumerate(pages)]
    return {"type": "carousel", "contents": drawn}


def _rows(found: Sequence[Section]) -> int:
    """About how many rows of text the card has on a phone."""
    rows = 0
    for section in found:
        rows += 2 if section.heading else 1
        for one in section.lines:
            rows += one.rows
    return rows


def _bubble(found: Sequence[Section], footer: Sequence[Flex], words: Words) -> Flex:
    contents: list[Flex] = []
    for section in found:
        if contents:
            contents.append(_SEPARATOR)
        if section.heading:
            contents.append(_drawn_heading(section.heading))
        contents += [one.drawn for one in section.lines]
    bubble: Flex = {
        "type": "bubble",
        "size": "giga",
        "body": {"type": "box", "layout": "vertical", "paddingAll": "xl", "contents": contents},
    }
    if words.direction == "rtl":
        bubble["direction"] = "rtl"
    if footer:
        bubble["footer"] = {
            "type": "box",
            "layout": "vertical",
            "spacing": "sm",
            "paddingAll": "lg",
            "contents": list(footer),
        }
    return bubble


@lru_cache(maxsize=KEPT_LINES)
def _drawn_heading(text: str) -> Flex:
    return _text(text, {**_HEADING, "margin": "lg"})


def _drawn(one: Line) -> Flex:
    frame = _FRAMED.get(one.look)
    if frame is not None:
        background, ink = frame
        mark = "⚠ " if one.look == "alarm" else ""
        inner = _text(mark + one.text, {"size": "md", "weight": "bold", "color": ink})
        return limits.Part(
            type="box",
            layout="vertical",
            backgroundColor=background,
            cornerRadius="md",
            paddingAll="md",
            margin="md",
            contents=[inner],
        )
    text = ("☐ " if one.look == "item" else "") + one.text
    drawn = _text(text, _LOOKS[one.look])
    if one.url is not None:
        drawn["action"] = {"type": "uri", "uri": one.url}
    return drawn


def _text(text: str, look: Mapping[str, Any]) -> Flex:
    return limits.Part(type="text", text=text, wrap=True, **look)


def button(action: Flex, primary: bool) -> Flex:
    """A footer button, big enough for a thumb."""
    style = "primary" if primary else "secondary"
    colour = _DEEP if primary else _PALE
    return limits.Part(type="button", action=action, style=style, color=colour, height="md")
