"""LINE's message objects as plain trees, for a template to draw: what the person saw.

Nothing of a message is trusted to be well formed, and no address in it is loaded.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a bubble. `kind`: text, box, row, button, rule, link, other."""

    kind: str
    text: str = ""
    is_bold: bool = False
    is_small: bool = False
    link: str | None = None
    parts: tuple["Piece", ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message: its parts, and the buttons that stood under the chat."""

    kind: str
    parts: tuple[Piece, ...]
    quick: tuple[str, ...] = ()
    sender: str | None = None


def bubbles(messages: Iterable[Mapping[str, Any]]) -> tuple[Bubble, ...]:
    """The messages, each as a bubble; a carousel becomes one bubble with boxes."""
    return tuple(_bubble(message) for message in messages)


def last_card(entries: Iterable[Any]) -> tuple[Bubble, ...]:
    """The newest result card among the entries of a thread; empty when there is none."""
    for entry in reversed(tuple(entries)):
        cards = [m for m in entry.messages if m.get("type") == "flex"]
        if cards and entry.who == "bot":
            return bubbles(cards)
    return ()


def _bubble(message: Mapping[str, Any]) -> Bubble:
    kind = str(message.get("type", ""))
    sender = _of(message, "sender").get("name")
    quick = tuple(
        str(_of(item, "action").get("label", ""))
        for item in _list(_of(message, "quickReply").get("items"))
    )
    parts: tuple[Piece, ...]
    if kind in ("text", "textV2"):
        parts = (Piece("text", str(message.get("text", ""))),)
    elif kind == "flex":
        parts = tuple(_contents(_of(message, "contents")))
    else:
        parts = (Piece("other", str(message.get("altText") or kind)),)
    return Bubble(kind, parts, quick, str(sender) if sender else None)


def _contents(found: Mapping[str, Any]) -> Iterator[Piece]:
    if found.get("type") == "carousel":
        for one in _list(found.get("contents")):
            yield Piece("box", parts=tuple(_contents(one)))
        return
    for name in ("header", "hero", "body", "footer"):
        if part := _of(found, name):
            yield from _pieces(part)


def _pieces(part: Mapping[str, Any], depth: int = 0) -> Iterator[Piece]:
    if depth > 12:
        return
    match part.get("type"):
        case "box":
            contents = _list(part.get("contents"))
            inside = tuple(p for one in contents for p in _pieces(one, depth + 1))
            is_row = part.get("layout") in ("horizontal", "baseline")
            yield Piece("row" if is_row else "box", parts=inside)
        case "text":
            spans = "".join(str(s.get("text", "")) for s in _list(part.get("contents")))
            yield Piece(
                "text", str(part.get("text") or spans), is_bold=part.get("weight") == "bold",
                is_small=part.get("size") in ("xxs", "xs", "sm"), link=_link(part),
            )  # fmt: skip
        case "button":
            yield Piece("button", str(_of(part, "action").get("label", "")), link=_link(part))
        case "separator":
            yield Piece("rule")
        case _:
            return


def _link(part: Mapping[str, Any]) -> str | None:
    """The address of a link, only if it is one of the web."""
    address = _of(part, "action").get("uri")
    is_web = isinstance(address, str) and urlsplit(address).scheme in ("http", "https", "tel")
    return address if is_web else None


def _of(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    one = found.get(name)
    return one if isinstance(one, Mapping) else {}


def _list(found: Any) -> list[Mapping[str, Any]]:
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
