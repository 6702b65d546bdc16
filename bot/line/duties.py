"""The card of a life event: each duty with its authority, its day and what to do; then what is
not due. A duty that a button opens has the number of that button.
"""

from collections.abc import Iterator

from bot.dialogue.replies import Duties
from bot.flow.events import SolvedDuty
from bot.line import card
from bot.line.flex import Line, Section, Words, line


def sections(reply: Duties, words: Words) -> list[Section]:
    """The whole card, top to bottom; empty sections are left out."""
    solved = reply.solved
    found = [Section("summary", None, tuple(_opening(reply, words)))]
    before: int | None = None
    for duty, number in zip(solved.duties, reply.numbers, strict=True):
        # Several duties of one flow in a row stand under one heading.
        heading = _heading(duty, number, words) if number != before else None
        found.append(Section("summary", heading, tuple(_duty(duty, words))))
        before = number
    not_due = card.spoken_lines("text", solved.not_due, words)
    found.append(Section("papers", words.talk("card_not_due"), not_due))
    found.append(Section("papers", None, card.spoken_lines("note", solved.confirm, words)))
    found += card.source_sections(solved.sources, words)
    if solved.oldest_check is not None:
        standing = line("small", words.talk("card_not_confirmed", day=solved.oldest_check))
        found.append(Section("sources", None, (standing,)))
    return [section for section in found if section.lines]


def _opening(reply: Duties, words: Words) -> Iterator[Line]:
    yield from card.spoken_lines("text", reply.before, words)
    yield line("title", words.title(reply.solved.event))
    if reply.is_old:
        yield line("note", words.talk("card_old_sources"))
    if any(number is not None for number in reply.numbers):
        yield line("text", words.talk("card_duties"))


def _heading(duty: SolvedDuty, number: int | None, words: Words) -> str | None:
    """The menu's word for the flow: that is there in every language."""
    if duty.flow is None or number is None:
        return None
    name = f"menu_{duty.flow}"
    return f"{number}. {words.talk(name) if words.has_talk(name) else words.title(duty.flow)}"


def _duty(duty: SolvedDuty, words: Words) -> Iterator[Line]:
    if not duty.is_certain:
        yield line("only", words.talk("only_if_it_applies"))
    yield from card.authority_lines(duty.authority, words)
    if duty.deadline is not None and card.is_shown(duty.deadline):
        yield from card.deadline_lines(duty.deadline, words)
    told = duty.words
    yield from card.spoken_lines("text", told, words)
    if not told and duty.flow is not None:
        yield line("text", words.talk("card_duty_asks"))
