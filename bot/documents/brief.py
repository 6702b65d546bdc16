"""The brief as a text: for the page of a case, an e-mail, a file.

Sentences of the content come in the office's language from the catalogue; the headings are words
of the desk and come from `gettext` (English where it has none). The person's own words are quoted
as they are.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.dialogue.brief import Brief, Told
from bot.flow.model import ListedDocument, Money, Param, Sentence, SolvedDeadline, Spoken

Gettext = Callable[[str], str]


class Words(Protocol):
    """What speaks the office's language (bot.i18n.words.Words does)."""

    def text(self, spoken: Spoken) -> str: ...
    def label(self, sentence: Sentence) -> str: ...
    def talk(self, name: str, **params: Param) -> str: ...
    def title(self, flow_id: str, outcome: str | None = None) -> str: ...
    def day(self, day: date) -> str: ...
    def money(self, money: Money) -> str: ...


@dataclass(frozen=True, slots=True)
class Part:
    """One heading with its lines; `is_quote`: words of the person's, never translated."""

    heading: str
    lines: tuple[str, ...]
    is_quote: bool = False


def _(message: str) -> str:
    """Marks a heading for the catalogue of the desk."""
    return message


_WHO, _LANGUAGE, _INQUIRY, _SERVICES = (
    _("Person"), _("Language"), _("Inquiry"), _("Services"),
)  # fmt: skip
_REACH, _WISH, _STATUS, _SUBJECT = (
    _("How to reach"), _("The person's wish"), _("Status of residence"), _("Procedure"),
)  # fmt: skip
_OUTCOME, _DEADLINES, _FEE, _PAPERS = (
    _("Result"), _("Last days"), _("Fee to the authorities"), _("Papers"),
)  # fmt: skip
_ANSWERS, _KNOWN, _OPEN, _EARLIER = (
    _("Answers"), _("Also told"), _("Open points"), _("Earlier subjects"),
)  # fmt: skip
_QUOTES, _VERSION = _("In the person's own words"), _("Version of the procedure")
_NOT_SURE, _URGENT, _OVER, _CHANGED, _TOLD_ON = (
    _("not sure"), _("urgent"), _("%(days)s days over"),
    _("The answer or the procedure has changed since the person was told."),
    _("told on %(day)s"),
)  # fmt: skip


def parts(
    brief: Brief, words: Words, gettext: Gettext, language: str | None = None
) -> tuple[Part, ...]:
    """The brief under its headings; empty ones are left out. `language`: the name of the
    person's language as the office calls it."""
    reach = [
        words.label(brief.way) if brief.way else "",
        brief.contact or "",
        _param(brief.times, words) if brief.times else "",
    ]
    found = (
        _part(gettext(_WHO), [brief.name or ""], is_quote=True),
        _part(gettext(_LANGUAGE), [language or brief.language or ""]),
        _part(gettext(_INQUIRY), [words.label(brief.inquiry)] if brief.inquiry else []),
        _part(gettext(_SERVICES), map(words.label, brief.services)),
        _part(gettext(_REACH), reach),
        _part(gettext(_WISH), [brief.wish or ""], is_quote=True),
        _part(gettext(_STATUS), (_told(one, words, gettext) for one in brief.statuses)),
        _part(gettext(_SUBJECT), _subject(brief, words)),
        _part(gettext(_OUTCOME), _outcome(brief, words, gettext)),
        _part(gettext(_DEADLINES), (_day(one, words, gettext) for one in brief.deadlines)),
        _part(gettext(_FEE), [words.money(brief.fee)] if brief.fee else []),
        _part(gettext(_PAPERS), (_paper(one, words) for one in brief.papers)),
        _part(gettext(_ANSWERS), (_told(one, words, gettext) for one in brief.answers)),
        _part(gettext(_KNOWN), (_told(one, words, gettext) for one in brief.known)),
        _part(gettext(_OPEN), _open(brief, words)),
        _part(gettext(_EARLIER), _earlier(brief, words, gettext)),
        _part(gettext(_QUOTES), _quotes(brief), is_quote=True),
        _part(gettext(_VERSION), _version(brief)),
    )
    return tuple(part for part in found if part.lines)


def brief_text(
    brief: Brief, words: Words, gettext: Gettext = _, language: str | None = None
) -> str:
    """The whole brief as plain text."""
    blocks = []
    for part in parts(brief, words, gettext, language):
        lines = [f"「{line}」" if part.is_quote else line for line in part.lines]
        if len(lines) == 1:
            blocks.append(f"{part.heading}: {lines[0]}")
        else:
            blocks.append("\n".join([f"{part.heading}:", *(f"  - {line}" for line in lines)]))
    return "\n".join(blocks) + "\n"


def _part(heading: str, lines: Iterable[str], *, is_quote: bool = False) -> Part:
    return Part(heading, tuple(line for line in lines if line.strip()), is_quote)


def _told(told: Told, words: Words, gettext: Gettext) -> str:
    value = gettext(_NOT_SURE) if told.value is None else _param(told.value, words)
    return f"{words.label(told.question)} → {value}"


def _param(value: Param, words: Words) -> str:
    return words.talk("your_answer", value=value)


def _subject(brief: Brief, words: Words) -> Iterator[str]:
    if brief.flow is not None:
        title, japanese = words.label(brief.flow.title), brief.flow.title_ja
        yield title if japanese in (None, title) else f"{title} ({japanese})"


def _outcome(brief: Brief, words: Words, gettext: Gettext) -> Iterator[str]:
    if brief.flow is None:
        return
    if brief.outcome is not None:
        urgent = f" [{gettext(_URGENT)}]" if brief.is_urgent else ""
        yield f"{words.title(brief.flow.id, brief.outcome)} ({brief.outcome}){urgent}"
    if brief.told_on is not None:
        yield gettext(_TOLD_ON) % {"day": words.day(brief.told_on)}
    if brief.is_changed:
        yield gettext(_CHANGED)


def _day(one: SolvedDeadline, words: Words, gettext: Gettext) -> str:
    day = one.tell or one.law_last_day
    assert day is not None
    label = f"{words.label(one.label)}: " if one.label else ""
    left = one.days_left
    if left is None:
        return f"{label}{words.day(day)}"
    if left < 0:
        rest = gettext(_OVER) % {"days": -left}
    elif left == 0:
        rest = words.talk("card_day_today")
    else:
        rest = words.talk("card_days_left", days=left)
    return f"{label}{words.day(day)} ({rest})"


def _paper(paper: ListedDocument, words: Words) -> str:
    name = paper.document.ja or words.label(paper.document.text)
    return f"{words.label(paper.condition)} {name}" if paper.condition else name


def _open(brief: Brief, words: Words) -> Iterator[str]:
    yield from map(words.label, brief.open_points)
    yield from map(words.text, brief.confirm)


def _earlier(brief: Brief, words: Words, gettext: Gettext) -> Iterator[str]:
    for title, day in brief.earlier:
        told = f" ({gettext(_TOLD_ON) % {'day': words.day(day)}})" if day else ""
        yield words.label(title) + told


def _quotes(brief: Brief) -> Iterator[str]:
    for quote in brief.quotes:
        yield f"{_time(quote.at)} {quote.text}"


def _time(at: datetime) -> str:
    return at.strftime("%m-%d %H:%M")


def _version(brief: Brief) -> Iterator[str]:
    if brief.flow is None:
        return
    then, now = brief.fingerprint, brief.flow.fingerprint
    yield f"{brief.flow.id} {then}" + (f" → {now}" if then != now else "")
