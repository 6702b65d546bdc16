"""The audit log: who of the office looked at what and changed what, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from bot.console import admin_labels, labels
from bot.console.admin_pages import page, words_of
from bot.console.guard import only_admins
from bot.console.words import Words
from bot.store import audit, cases, operators
from bot.store.audit import Record

if TYPE_CHECKING:
    from bot.console.app import Console

PAGE = 100
NOBODY = "-"


@dataclass(frozen=True, slots=True)
class Line:
    """A record, ready to be shown. `number`: of its case, None when that is gone."""

    record: Record
    who: str | None
    number: int | None
    details: tuple[str, ...]


def register(desk: Blueprint, console: "Console") -> None:
    """The log and its search."""

    @desk.get("/admin/log")
    @only_admins
    def admin_log() -> Response:
        given = request.args
        number = given.get("number", "").strip().lstrip("#")
        is_number = number.isascii() and number.isdecimal() and len(number) < 10
        with console.database.read() as session:
            case = cases.of_number(session, int(number)) if is_number else None
            known = operators.names(session)
            found = []
            if not number or case is not None:
                found = audit.latest(
                    session,
                    operator=given.get("operator") or None,
                    case_id=case.id if case else None,
                    action=given.get("action") or None,
                    before=_behind(given.get("behind", "")),
                    most=PAGE + 1,
                )
            numbers = cases.numbers(session, {one.case_id for one in found if one.case_id})
            actions = audit.actions(session)
        words = words_of(console)
        shown = found[:PAGE]
        lines = [_line(words, one, known, numbers) for one in shown]
        more = f"{shown[-1].at!r}/{shown[-1].id}" if len(found) > PAGE else None
        return page(
            console, "log", lines=lines, more=more, people=known, actions=actions,
            no_case=bool(number) and case is None, days=console.settings.retention_audit_days,
        )  # fmt: skip


def _behind(text: str) -> tuple[float, str] | None:
    at, _, record_id = text.partition("/")
    try:
        return (float(at), record_id[:80]) if record_id else None
    except ValueError:
        return None


def _line(
    words: Words, record: Record, known: Mapping[str, str], numbers: Mapping[str, int]
) -> Line:
    return Line(
        record,
        known.get(record.operator, record.operator) if record.operator else None,
        numbers.get(record.case_id) if record.case_id else None,
        tuple(_details(words, record.details, known)),
    )


def _details(words: Words, details: Mapping[str, Any], known: Mapping[str, str]) -> list[str]:
    """The details in words where they have some; codes and numbers as they are."""
    found = []
    for name, value in details.items():
        if name == "done":
            if not value:
                found.append(words.gettext("refused"))
        elif name in ("whom", "operator", "to", "from") and value:
            found.append(known.get(str(value), str(value)))
        elif name == "role":
            found.append(words.gettext(labels.ROLES.get(str(value), str(value))))
        elif name == "page":
            found.append(words.gettext(admin_labels.PAGES.get(str(value), str(value))))
        elif name == "case" or name == "number":
            found.append(f"#{value}" if name == "case" else str(value))
        elif value is not None:
            found.append(f"{name}: {str(value)[:80]}")
    return found
