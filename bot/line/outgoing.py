"""Replies become LINE messages: plain dicts, at most five, numbered for those without buttons.

LINE on a PC shows no quick replies, so every choice also stands numbered in the text, in the
order in which the conversation counts them. Quick replies hang on the last message only:
LINE shows no others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

from bot.dialogue import taps
from bot.dialogue.replies import (
    Ask,
    Button,
    Duties,
    ListOfAnswers,
    Paragraphs,
    Reply,
    Result,
    Say,
)
from bot.flow.model import Sentence
from bot.line import card, duties, flex, limits
from bot.line.flex import Words

Message = dict[str, Any]

_NO_LINKS: Mapping[str, str] = {}
_GAP = "\n\n"
_PERSON = taps.Tap("r", value="human")
# The simplest card is far below, the fullest page must leave room for its buttons.
_MOST_CARD = limits.CAROUSEL_BYTES - 2_000
_KEPT_BUTTONS = 2048


class Voice(Protocol):
    """How to speak to one reader (bot.i18n.catalogue.Voice has it)."""

    def words(self, flow_id: str | None = None) -> tuple[Words, bool]:
        """The words for a flow (None: the bot's own), and whether they are in another
        language than the reader's."""

    def words_of(self, sentence: Sentence) -> Words:
        """The words for a sentence that stands alone."""


@dataclass(slots=True)
class _Drawn:
    """What one reply became: texts still to be cut, or finished Flex messages; and the
    buttons that may hang below the last message."""

    texts: list[str] = field(default_factory=list)
    flex: Message | None = None
    chips: list[Message] = field(default_factory=list)


def to_messages(
    replies: Sequence[Reply], voice: Voice, links: Mapping[str, str] = _NO_LINKS
) -> list[Message]:
    """At most five messages that LINE takes. `links` are the addresses behind link buttons:
    a button with the tap "@export" opens links["export"]; LookupError when it is not there."""
    # Numbers stand at the last reply that has buttons, as the conversation counts them.
    last = max((n for n, reply in enumerate(replies) if _has_buttons(reply)), default=-1)
    drawn = [
        _draw(reply, voice, links, is_last=number == last) for number, reply in enumerate(replies)
    ]
    messages = [message for one in drawn for message in _messages(one)]
    if len(messages) > limits.MOST_MESSAGES:
        messages = _fewer(messages, voice)
    if messages and last >= 0 and drawn[last].chips:
        messages[-1]["quickReply"] = {"items": drawn[last].chips[: limits.MOST_QUICK]}
    return messages


def _has_buttons(reply: Reply) -> bool:
    return bool((*reply.options, *reply.extras) if isinstance(reply, Ask) else reply.buttons)


def _draw(reply: Reply, voice: Voice, links: Mapping[str, str], *, is_last: bool) -> _Drawn:
    match reply:
        case Say():
            own = voice.words_of(reply.text.sentence)
            return _text([own.text(reply.text)], reply.buttons, own, links, is_last)
        case Paragraphs():
            own = voice.words()[0]
            texts = [voice.words_of(text.sentence).text(text) for text in reply.texts]
            return _text(texts, reply.buttons, own, links, is_last)
        case Ask():
            return _ask(reply, voice, links, is_last)
        case Result():
            return _result(reply, voice, links, is_last)
        case Duties():
            return _duties(reply, voice, links, is_last)
        case ListOfAnswers():
            return _answers(reply, voice, links, is_last)


# ---------------------------------------------------------------- the kinds of replies


def _text(
    paragraphs: Sequence[str],
    buttons: Sequence[Button],
    words: Words,
    links: Mapping[str, str],
    is_last: bool,
) -> _Drawn:
    numbered = _numbered(buttons, words, links, 1) if is_last else []
    return _bubble([*paragraphs, "\n".join(numbered)], _chips(buttons, words, links))


def _bubble(blocks: Sequence[str], chips: list[Message]) -> _Drawn:
    return _Drawn([_GAP.join(block for block in blocks if block)], None, chips)


def _ask(reply: Ask, voice: Voice, links: Mapping[str, str], is_last: bool) -> _Drawn:
    words, elsewhere = voice.words(reply.flow)
    blocks = _notice(words, voice) if elsewhere and reply.step == 1 else []
    blocks += [words.text(one) for one in reply.before]
    blocks.append(words.label(reply.question.ask))
    if reply.question.note is not None:
        blocks.append(words.label(reply.question.note))
    kinds = {button.kind for button in reply.options}
    if "date" in kinds:
        blocks.append(words.talk("card_type_day"))
    if "location" in kinds:
        blocks.append(words.talk("card_type_place"))
    if is_last:
        options = _numbered(reply.options, words, links, 1)
        blocks.append("\n".join(options))
        blocks.append("\n".join(_numbered(reply.extras, words, links, len(options) + 1)))
    chips = _chips((*reply.options, *reply.extras), words, links)
    return _bubble(blocks, chips)


def _result(reply: Result, voice: Voice, links: Mapping[str, str], is_last: bool) -> _Drawn:
    words, elsewhere = voice.words(reply.solution.flow)
    found = card.sections(reply.solution, words, reply.before)
    notice = _notice(words, voice) if elsewhere else []
    return _card(found, notice, reply, words, links, is_last)


def _duties(reply: Duties, voice: Voice, links: Mapping[str, str], is_last: bool) -> _Drawn:
    words, elsewhere = voice.words(reply.solved.event)
    notice = _notice(words, voice) if elsewhere else []
    return _card(duties.sections(reply, words), notice, reply, words, links, is_last)


def _card(
    found: Sequence[flex.Section],
    notice: Sequence[str],
    reply: Result | Duties,
    words: Words,
    links: Mapping[str, str],
    is_last: bool,
) -> _Drawn:
    """A card with its buttons; plain text when that is wanted, or when LINE would refuse it."""
    if not reply.as_text:
        above, beside = _footer(reply.buttons, words, links, is_last)
        drawn = flex.bubbles(_with_notice(found, notice), above, words)
        size = limits.size_of(drawn)
        if size <= limits.BUBBLE_BYTES or (size <= _MOST_CARD and _pages_fit(drawn)):
            message = {"type": "flex", "altText": words.talk("card_alt"), "contents": drawn}
            return _Drawn([], message, beside)
    numbered = "\n".join(_numbered(reply.buttons, words, links, 1)) if is_last else ""
    blocks = [*notice, *flex.texts(found), numbered]
    return _bubble(blocks, _chips(reply.buttons, words, links))


def _answers(reply: ListOfAnswers, voice: Voice, links: Mapping[str, str], is_last: bool) -> _Drawn:
    words, _ = voice.words(reply.flow)
    changes = 0
    while changes < len(reply.buttons) and _changes_an_answer(reply.buttons[changes]):
        changes += 1
    blocks = [words.talk("my_answers")]
    for number, (question, answer) in enumerate(reply.items, 1):
        # The button that changes an answer has the number of its line.
        mark = f"{number}." if is_last and number <= changes else "•"
        blocks.append(f"{mark} {words.text(question)}\n   {words.on_form(answer)}")
    if is_last:
        others = reply.buttons[changes:]
        blocks.append("\n".join(_numbered(others, words, links, changes + 1)))
    return _bubble(blocks, _chips(reply.buttons, words, links))


def _changes_an_answer(button: Button) -> bool:
    tap = taps.read(button.tap)
    return tap is not None and tap.kind == "c"


def _notice(words: Words, voice: Voice) -> list[str]:
    """One line in the reader's language: this subject comes in another one."""
    own, _ = voice.words()
    return [own.talk("other_language", language=words.native)]


def _with_notice(found: Sequence[flex.Section], notice: Sequence[str]) -> list[flex.Section]:
    if not notice:
        return list(found)
    lines = tuple(flex.Line("note", line) for line in notice)
    return [flex.Section("summary", None, lines), *found]


def _pages_fit(flex: Message) -> bool:
    pages = flex["contents"] if flex["type"] == "carousel" else [flex]
    return all(limits.size_of(page) <= limits.BUBBLE_BYTES for page in pages)


# ---------------------------------------------------------------- buttons


def _label(button: Button, words: Words) -> str:
    return words.text(button.label).strip()


def _is_numbered(button: Button) -> bool:
    return button.kind == "tap"


def _numbered(
    buttons: Sequence[Button], words: Words, links: Mapping[str, str], start: int
) -> list[str]:
    """The lines "1. …" of those that can be chosen by number; addresses of links below."""
    lines = []
    number = start
    for button in buttons:
        if _is_numbered(button):
            lines.append(f"{number}. {_label(button, words)}")
            number += 1
    # A link cannot be typed: on a PC the address itself is the button.
    lines += [
        f"{_label(button, words)}\n{_address(button, links)}"
        for button in buttons
        if button.kind == "link"
    ]
    return lines


def _address(button: Button, links: Mapping[str, str]) -> str:
    if not button.tap.startswith("@"):
        return button.tap
    name = button.tap[1:]
    if name not in links:
        raise LookupError(f"no link was made for the button {button.tap!r}")
    return links[name]


def _action(
    button: Button, text: str, words: Words, most: int, links: Mapping[str, str]
) -> Message:
    label = limits.shorten(text, most)
    match button.kind:
        case "date":
            picker = {"type": "datetimepicker", "label": label, "data": button.tap, "mode": "date"}
            days = {"initial": button.initial, "min": button.min, "max": button.max}
            if button.min is not None and button.min == button.max:
                days = {"initial": button.initial}  # LINE wants min before max
            return picker | {key: day.isoformat() for key, day in days.items() if day is not None}
        case "location":
            return {"type": "location", "label": label}
        case "link":
            return {"type": "uri", "label": label, "uri": _address(button, links)}
        case "copy":
            return {"type": "clipboard", "label": label, "clipboardText": button.tap}
        case _:
            return _postback(label, button.tap, _label(button, words))


def _postback(label: str, tap: str, text: str) -> Message:
    shown = limits.shorten(text, 300)
    return {"type": "postback", "label": label, "data": tap, "displayText": shown}


@lru_cache(maxsize=_KEPT_BUTTONS)
def _tap_on_card(text: str, tap: str, label: str, primary: bool) -> Message:
    """Such a button stands on many cards: it is drawn and checked once."""
    action = _postback(limits.shorten(text, limits.FLEX_LABEL), tap, label)
    return flex.button(action, primary=primary)


def _chips(buttons: Sequence[Button], words: Words, links: Mapping[str, str]) -> list[Message]:
    """Quick replies; LINE's phone apps only."""
    found = []
    for button in buttons:
        action = _action(button, _label(button, words), words, limits.QUICK_LABEL, links)
        found.append({"type": "action", "action": action})
    return found


@lru_cache(maxsize=_KEPT_BUTTONS)
def _leads_on(data: str) -> bool:
    """True for a call, a person or another procedure: what deserves the strong colour."""
    if data.startswith("tel:"):
        return True
    tap = taps.read(data)
    return tap is not None and (tap.kind in ("o", "e") or tap == _PERSON)


def _footer(
    buttons: Sequence[Button], words: Words, links: Mapping[str, str], is_last: bool
) -> tuple[list[Message], list[Message]]:
    """The buttons on a card, numbered; and those that LINE only allows as quick replies."""
    above: list[Message] = []
    beside: list[Button] = []
    number = 0
    has_primary = False
    for button in buttons:
        if button.kind == "location":
            beside.append(button)
            continue
        text = label = _label(button, words)
        if _is_numbered(button) and is_last:
            number += 1
            text = f"{number}. {label}"
        is_primary = not has_primary and _leads_on(button.tap)
        has_primary = has_primary or is_primary
        if _is_numbered(button):
            above.append(_tap_on_card(text, button.tap, label, is_primary))
        else:
            action = _action(button, text, words, limits.FLEX_LABEL, links)
            above.append(flex.button(action, primary=is_primary))
    return above, _chips(beside, words, links)


# ---------------------------------------------------------------- five at most


def _messages(drawn: _Drawn) -> list[Message]:
    if drawn.flex is not None:
        return [drawn.flex]
    pieces = [piece for text in drawn.texts for piece in limits.split_text(text)]
    return [{"type": "text", "text": piece} for piece in pieces]


def _fewer(messages: Sequence[Message], voice: Voice) -> list[Message]:
    """Neighbouring texts in one bubble; what still does not fit is cut, and that is said."""
    joined: list[Message] = []
    for message in messages:
        if joined and message["type"] == "text" and joined[-1]["type"] == "text":
            text = joined[-1]["text"] + _GAP + message["text"]
            if limits.utf16(text) < limits.MOST_TEXT:
                joined[-1] = {"type": "text", "text": text}
                continue
        joined.append(message)
    if len(joined) <= limits.MOST_MESSAGES:
        return joined
    cut = {"type": "text", "text": voice.words()[0].talk("card_too_long")}
    return [*joined[: limits.MOST_MESSAGES - 1], cut]
