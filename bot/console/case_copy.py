"""A copy of a whole case, as text for people and as JSON: brief, thread, notes, events, files.

In the text every line that somebody else wrote stands behind a bar, so that nobody can write a
line that looks like an entry. The JSON holds LINE's message objects as they were sent.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.briefs import brief_of_case
from bot.console import labels
from bot.console.bubbles import Piece
from bot.console.case import Line, line_of
from bot.console.inbox import language_name, title_of
from bot.console.words import Words, datetime_of
from bot.documents import brief as brief_pages
from bot.documents.brief import Part
from bot.store import cases, files, operators, thread
from bot.store.cases import Case
from bot.store.database import Session
from bot.store.files import File
from bot.store.thread import Entry

if TYPE_CHECKING:
    from bot.console.app import Console

_BAR = "    | "


@dataclass(frozen=True, slots=True)
class Copy:
    """Everything of a case that the office may keep. `made_at` in seconds since 1970."""

    case: Case
    title: str | None
    operator: str | None
    made_at: float
    brief: tuple[Part, ...]
    passed_on: Mapping[str, Any]
    lines: tuple[Line, ...]
    files: tuple[File, ...]


def of_case(console: "Console", words: Words, case: Case) -> Copy:
    """The copy of a case as of now; what explains it is in the language of these words."""
    now = console.clock()
    own = console.office_words(words.tag)
    with console.database.read() as session:
        made = brief_of_case(console.house, session, case.id, now)
        names = operators.names(session)
        entries = tuple(_whole_thread(session, case))
        kept = tuple(files.of_person(session, case.person))
        intake = cases.intake_of(session, case.id)
    language = language_name(made.language) if made else None
    return Copy(
        case,
        title_of(console, words.tag, case),
        names.get(case.operator, case.operator) if case.operator else None,
        now,
        brief_pages.parts(made, own, words.gettext, language) if made else (),
        intake,
        tuple(line_of(console, words, entry, names) for entry in entries),
        kept,
    )


def _whole_thread(session: Session, case: Case) -> list[Entry]:
    pages: list[tuple[Entry, ...]] = []
    before: float | None = None
    while True:
        found = thread.thread(session, case, before)
        pages.append(found.entries)
        if found.earlier is None or found.earlier == before:
            return [entry for page in reversed(pages) for entry in page]
        before = found.earlier


# ---------------------------------------------------------------- JSON


def as_json(copy: Copy) -> dict[str, Any]:
    """The copy as plain JSON data; codes as they are kept, times in Japan's."""
    case = copy.case
    return {
        "case": {
            "number": case.number,
            "kind": case.kind,
            "state": case.state,
            "reason": case.reason,
            "operator": copy.operator,
            "opened": _stamp(case.opened_at),
            "closed": _stamp(case.closed_at),
            "must_act_by": _stamp(case.due_at),
            "procedure": case.flow,
            "outcome": case.outcome,
            "version": case.fingerprint,
            "deadline": case.deadline.isoformat() if case.deadline else None,
            "language": case.language,
            "priority": case.priority,
            "tags": list(case.tags),
        },
        "copied": _stamp(copy.made_at),
        "brief": [{"heading": one.heading, "lines": list(one.lines)} for one in copy.brief],
        "passed_on": dict(copy.passed_on),
        "thread": [_entry_json(line) for line in copy.lines],
        "files": [
            {
                "id": one.id, "at": _stamp(one.at), "name": one.name, "kind": one.kind,
                "size": one.size, "state": one.state, "came_by": one.origin, "error": one.error,
            }
            for one in copy.files
        ],
    }  # fmt: skip


def _entry_json(line: Line) -> dict[str, Any]:
    entry = line.entry
    return {
        "at": _stamp(entry.at),
        "who": entry.who,
        "kind": entry.kind,
        "by": line.actor,
        "state": entry.state,
        "error": entry.error,
        "text": entry.text,
        "in_words": line.words if line.words != entry.text else None,
        "messages": list(entry.messages),
        "details": dict(entry.details),
    }


def _stamp(at: float | None) -> str | None:
    return datetime_of(at).isoformat(timespec="seconds") if at is not None else None


# ---------------------------------------------------------------- text


def as_text(copy: Copy, words: Words) -> str:
    """The copy as plain text in the language of these words."""
    return "\n".join(_text(copy, words)) + "\n"


def _text(copy: Copy, words: Words) -> Iterator[str]:
    _, case = words.say, copy.case
    yield _("Case #%(number)s", number=case.number)
    yield _("Copy of %(time)s", time=words.moment(copy.made_at))
    yield ""
    state = _(labels.STATES.get(case.state, case.state))
    if case.reason:
        state += f": {_(labels.REASONS.get(case.reason, case.reason))}"
    yield from _named(
        [
            (_("Kind"), _(labels.KINDS.get(case.kind, case.kind))),
            (_("State"), state),
            (_("Operator"), copy.operator),
            (_("Opened"), words.moment(case.opened_at)),
            (_("Closed"), words.moment(case.closed_at) if case.closed_at else None),
            (_("The office must act by"), words.moment(case.due_at) if case.due_at else None),
            (_("Procedure"), copy.title),
            (_("Last day"), words.day(case.deadline) if case.deadline else None),
            (_("Priority"), _(labels.PRIORITIES[case.priority])),
            (_("Tags"), ", ".join(case.tags)),
        ]
    )
    yield from ("", f"== {_('Brief')} ==", "")
    for part in copy.brief:
        yield f"{part.heading}:"
        yield from _barred(part.lines)
    yield from ("", f"== {_('The conversation')} ==", "")
    for line in copy.lines:
        yield from _entry(line, words)
        yield ""
    yield from (f"== {_('Files')} ==", "")
    for file in copy.files:
        state = _(labels.FILES[file.state]) if file.state in labels.FILES else _("kept")
        yield f"{words.moment(file.at)} · {file.kind or '–'} · {words.size(file.size)} · {state}"
        yield from _barred([file.name or file.id])


def _entry(line: Line, words: Words) -> Iterator[str]:
    _, entry = words.say, line.entry
    when = words.moment(entry.at)
    match entry.who:
        case thread.EVENT:
            about = [_(labels.EVENTS.get(entry.kind, entry.kind)), line.about, line.actor]
            yield f"{when} · " + " · ".join(one for one in about if one)
        case thread.NOTE:
            yield f"{when} · {_('Private note')} · {line.actor}"
            yield from _barred([line.words or _("(cannot be opened)")])
        case thread.PERSON:
            kind = _(labels.SAID[entry.kind]) if entry.kind in labels.SAID else ""
            yield f"{when} · {_('Person')}" + (f" · {kind}" if kind else "")
            yield from _barred(_said(line, words))
        case _:
            who = line.actor or _("Office") if entry.who == thread.OPERATOR else _("Bot")
            state = _(labels.SENT.get(entry.state or "due", "–"))
            yield f"{when} · {who} · {state}"
            for bubble in line.bubbles:
                yield from _barred(_pieces(bubble.parts))
                if bubble.quick:
                    yield from _barred([" ".join(f"[{one}]" for one in bubble.quick)])


def _said(line: Line, words: Words) -> list[str]:
    entry = line.entry
    if entry.state == "unsent":
        return [words.say("The person took this message back.")]
    if entry.details.get("file"):
        state = str(entry.details.get("state"))
        return [f"{entry.details['file']} ({state})"]
    return [line.words if line.words is not None else words.say("(cannot be opened)")]


def _pieces(parts: Iterable[Piece]) -> Iterator[str]:
    for part in parts:
        match part.kind:
            case "row":
                yield "  ".join(_pieces(part.parts))
            case "box":
                yield from _pieces(part.parts)
            case "button":
                yield f"[{part.text}]" + (f" <{part.link}>" if part.link else "")
            case "rule":
                yield "-----"
            case _:
                yield part.text + (f" <{part.link}>" if part.link else "")


def _named(found: Iterable[tuple[str, str | None]]) -> Iterator[str]:
    for name, value in found:
        if value:
            yield f"{name}: {_plain(value)}"


def _barred(lines: Iterable[str]) -> Iterator[str]:
    """Words of others, line by line behind the bar."""
    for text in lines:
        for line in _plain(text).splitlines() or [""]:
            yield _BAR + line


def _plain(text: str) -> str:
    """The text without what would steer a terminal or turn the direction of a line around."""
    return "".join(
        char if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs") else "\ufffd"
        for char in text.replace("\r\n", "\n").replace("\r", "\n")
        if char not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )
