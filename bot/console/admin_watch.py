"""What an admin keeps an eye on: wishes to be deleted, deliveries that failed, messages that could
not be handled or were not understood, sources to read again, and how this installation is set.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from bot.console.admin_pages import page, today, words_of
from bot.console.guard import only_admins
from bot.console.inbox import language_name, title_of
from bot.console.words import datetime_of
from bot.flow.sources import ToRead, sources_to_read
from bot.nlu.alike import groups
from bot.settings import Settings
from bot.store import case_list, cases, deliveries, unanswered
from bot.store.case_list import Wanted
from bot.store.cases import Case

if TYPE_CHECKING:
    from bot.console.app import Console

MOST = 100
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_ALIKE = 1_000
"""So many messages are grouped by likeness, the newest: each is compared with each group."""
SHOWN = (
    "environment", "public_url", "languages", "retention_raw_days", "retention_talk_days",
    "retention_files_days", "retention_unanswered_days", "retention_audit_days", "staff_channel",
    "staff_message_reserve", "notice_from", "notice_waiting_minutes",
    "log_level", "trusted_proxies", "web_processes", "senders",
)  # fmt: skip
"""The settings whose values are no secret; of all others is only told whether they are set."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A case that the office must settle: its last day to do so, if there is one."""

    case: Case
    title: str | None
    language: str
    days_left: str | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class Alike:
    """Messages of one language that are like each other: how many, and how they were put."""

    number: int
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of this installation. `value` None: it is not shown; `is_set` says if it is."""

    env: str
    value: str | None
    is_set: bool


def register(desk: Blueprint, console: "Console") -> None:
    """The pages to keep an eye on."""

    @desk.get("/admin/deletions")
    @only_admins
    def admin_deletions() -> Response:
        return page(console, "deletions", asking=_asking(console, cases.DELETE))

    @desk.get("/admin/deliveries")
    @only_admins
    def admin_deliveries() -> Response:
        state = request.args.get("state", "")
        state = state if state in deliveries.STATES else deliveries.STATES[0]
        with console.database.read() as session:
            counts = deliveries.count(session)
            found = deliveries.failures(session, state, MOST)
        return page(console, "deliveries", state=state, counts=counts, failures=found, most=MOST)

    @desk.get("/admin/parked")
    @only_admins
    def admin_parked() -> Response:
        return page(console, "parked", asking=_asking(console, cases.PARKED))

    @desk.get("/admin/unanswered")
    @only_admins
    def admin_unanswered() -> Response:
        with console.database.read() as session:
            kept = unanswered.kept(session)
        return page(
            console, "unanswered", found=alike(kept), total=len(kept), most=MOST_ALIKE,
            days=console.settings.retention_unanswered_days,
        )  # fmt: skip

    @desk.get("/admin/sources")
    @only_admins
    def admin_sources() -> Response:
        library = console.content.library
        found = by_reason(sources_to_read(library, today(console)))
        total = sum(len(ones) for ones in found.values())
        return page(console, "sources", found=found, total=total, all=len(library.sources))

    @desk.get("/admin/settings")
    @only_admins
    def admin_settings() -> Response:
        content = console.content
        offered = [(tag, language_name(tag)) for tag in content.catalogue.offered]
        database = "SQLite" if console.settings.is_sqlite else "PostgreSQL"
        return page(
            console, "settings", settings=settings_shown(console.settings), offered=offered,
            office=content.library.office, days=_day_names(console), database=database,
            keys=len(console.settings.data_keys),
        )  # fmt: skip


def alike(kept: Iterable[unanswered.Unanswered]) -> dict[str, list[Alike]]:
    """The messages that were not understood: language -> groups, the largest first."""
    by_language: dict[str, list[str]] = {}
    for one in list(kept)[:MOST_ALIKE]:
        by_language.setdefault(one.language, []).append(one.text)
    return {
        language_name(tag): [
            Alike(len(texts), tuple(dict.fromkeys(texts))) for texts in groups(by_language[tag])
        ]
        for tag in sorted(by_language)
    }


def by_reason(found: Iterable[ToRead]) -> dict[str, list[ToRead]]:
    """The sources under the first reason to read them again: expected, old, unsure."""
    groups_of: dict[str, list[ToRead]] = {"expected": [], "old": [], "unsure": []}
    for one in found:
        reason = "expected" if one.expected else "old" if one.is_old else "unsure"
        groups_of[reason].append(one)
    return {reason: ones for reason, ones in groups_of.items() if ones}


def settings_shown(settings: Settings) -> list[Setting]:
    """All settings by the names under which they are set; the values of those in SHOWN."""
    return [
        Setting(
            item.metadata["env"],
            _plain(getattr(settings, item.name)) if item.name in SHOWN else None,
            getattr(settings, item.name) != item.default,
        )
        for item in fields(settings)
    ]


def _day_names(console: "Console") -> list[str]:
    """The days on which the office is open, in the operator's language."""
    names = words_of(console).locale.days["format"]["abbreviated"]
    hours = console.content.library.office.get("hours") or {}
    return [names[_DAYS.index(day)] for day in hours.get("days") or () if day in _DAYS]


def _plain(value: Any) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _asking(console: "Console", kind: str) -> list[Asking]:
    """The open cases of that kind, the most pressing first."""
    now = console.clock()
    words = words_of(console)
    day = today(console)
    with console.database.read() as session:
        found = case_list.find(session, Wanted(kinds=(kind,)), most=500)
    found.sort(key=lambda case: (case.due_at is None, case.due_at or case.opened_at, case.number))
    return [
        Asking(
            case,
            title_of(console, words.tag, case),
            language_name(case.language),
            words.days_left(datetime_of(case.due_at).date(), day) if case.due_at else None,
            bool(case.due_at and case.due_at < now),
        )
        for case in found
    ]
