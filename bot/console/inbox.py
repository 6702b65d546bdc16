"""The inbox: which cases wait, which are mine, which are all, which are closed.

Only coded columns are searched. An open inbox asks every few seconds; it gets an empty 204 while
nothing changed.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from babel import Locale
from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.console import labels
from bot.console.guard import me
from bot.console.words import Words, datetime_of
from bot.i18n.locales import BY_TAG
from bot.line.incoming import TOKYO
from bot.store import case_list, case_tags, cases, operators
from bot.store.case_list import Wanted
from bot.store.cases import CLOSED, OPEN, SNOOZED, TAKEN, Case
from bot.store.database import Session

if TYPE_CHECKING:
    from bot.console.app import Console

PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A case as a line of the inbox."""

    case: Case
    name: str | None
    title: str | None
    language: str
    operator: str | None
    deadline: str | None
    is_near: bool
    waits: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the inbox asks for."""

    view: str
    wanted: Wanted
    sort: str
    skip: int
    fault: str | None = None


def register(desk: Blueprint, console: "Console") -> None:
    """The inbox, and what an open inbox asks."""

    @desk.get("/")
    def inbox() -> Response | str:
        asked = read_query(console)
        if asked.wanted.number is not None:
            with console.database.read() as session:
                case = cases.of_number(session, asked.wanted.number)
            if case is not None:
                return redirect(url_for("desk.case", number=case.number))
        return render_template("desk/inbox.html", **_found(console, asked), **_choices(console))

    @desk.get("/news")
    def news() -> Response | str:
        with console.database.read() as session:
            stamp = _stamp(session)
        if request.args.get("stamp") == stamp:
            return make_response("", 204)
        return render_template("desk/inbox_rows.html", **_found(console, read_query(console)))


def read_query(console: "Console") -> Asked:
    """The address as a search; what makes no sense is left out and said."""
    given, mine = request.args, me().id
    view = given.get("view", "waiting")
    view = view if view in labels.VIEWS else "waiting"
    wanted = {
        "waiting": Wanted(states=(OPEN,), operator=""),
        "mine": Wanted(states=(OPEN, TAKEN), operator=mine),
        "all": Wanted(states=(OPEN, TAKEN, SNOOZED)),
        "closed": Wanted(states=(CLOSED,)),
    }[view]
    faults = []
    number = given.get("number", "").strip().lstrip("#")
    if number and not (number.isascii() and number.isdecimal() and len(number) < 10):
        faults.append("number")
        number = ""
    days: dict[str, date | None] = {}
    for name in ("from", "until", "due"):
        text = given.get(name, "").strip()
        try:
            days[name] = date.fromisoformat(text) if text else None
        except ValueError:
            days[name] = None
            faults.append(name)
    operator = given.get("operator", "")
    wanted = replace(
        wanted,
        language=given.get("language") or None,
        flow=given.get("flow") or None,
        tag=given.get("tag") or None,
        number=int(number) if number else None,
        operator=operator if operator and view in ("all", "closed") else wanted.operator,
        unread=given.get("unread") == "yes",
        opened_from=_midnight(days["from"]),
        opened_until=_midnight(days["until"], 1),
        deadline_until=days["due"],
        states=(SNOOZED,) if view == "all" and given.get("snoozed") == "yes" else wanted.states,
    )
    default = "newest" if view == "closed" else "urgency"
    sort = given.get("sort", default)
    skip = given.get("skip", "0")
    return Asked(
        view, wanted, sort if sort in labels.SORTS else default,
        min(int(skip), 1_000_000) if skip.isascii() and skip.isdecimal() and len(skip) < 9 else 0,
        ", ".join(faults) or None,
    )  # fmt: skip


def _found(console: "Console", asked: Asked) -> dict[str, Any]:
    now = console.clock()
    with console.database.read() as session:
        found = case_list.find(session, asked.wanted, asked.sort, PAGE + 1, asked.skip)
        names = operators.names(session)
        callers = cases.names_given(session, [case.id for case in found[:PAGE]])
        counts = {
            "waiting": case_list.count(session, Wanted(states=(OPEN,), operator="")),
            "mine": case_list.count(session, Wanted(states=(OPEN, TAKEN), operator=me().id)),
        }
        unread = case_list.count(
            session, Wanted(states=(OPEN, TAKEN), operator=me().id, unread=True)
        )
        stamp = _stamp(session)
    words = console.dictionary.words(me().language)
    return {
        "asked": asked, "counts": counts, "stamp": stamp, "signal": counts["waiting"] + unread,
        "rows": [_row(console, words, case, names, callers, now) for case in found[:PAGE]],
        "has_more": len(found) > PAGE, "page_size": PAGE,
    }  # fmt: skip


def _row(
    console: "Console", words: Words, case: Case, names: dict[str, str],
    callers: dict[str, str], now: float,
) -> Row:  # fmt: skip
    today = datetime_of(now).date()
    return Row(
        case,
        callers.get(case.id),
        title_of(console, words.tag, case),
        language_name(case.language),
        names.get(case.operator, case.operator) if case.operator else None,
        words.days_left(case.deadline, today) if case.deadline else None,
        bool(case.deadline and case.deadline <= today + timedelta(days=3)),
        words.ago(now - case.waiting_since) if case.waiting_since else None,
    )


def _choices(console: "Console") -> dict[str, Any]:
    """What the form of the search offers."""
    library = console.content.library
    own = console.office_words(me().language)
    with console.database.read() as session:
        tags = case_tags.in_use(session)
        people = operators.names(session)
    flows = [(flow_id, own.title(flow_id)) for flow_id in (*library.flows, *library.events)]
    return {"tags": tags, "people": people, "flows": flows, "languages": list(BY_TAG.values())}


def called(session: Session, case: Case) -> str | None:
    """The name by which the person wants to be called."""
    name = cases.intake_of(session, case.id).get("name")
    return str(name) if name else None


def title_of(console: "Console", tag: str, case: Case) -> str | None:
    """The title of the case's procedure in the operator's language."""
    if case.flow is None:
        return None
    return str(console.office_words(tag).title(case.flow)) or case.flow


def language_name(tag: str | None) -> str:
    """A language as it is called in the operator's own."""
    return _called(tag or "", me().language)


@lru_cache(maxsize=128)
def _called(tag: str, reader: str) -> str:
    row = BY_TAG.get(tag)
    if row is None:
        return tag or "–"
    # A register has no name of its own in CLDR: it would read like its language.
    if not row.profile:
        return row.native
    return Locale.parse(row.cldr).get_language_name(BY_TAG[reader].cldr) or row.native


def _stamp(session: Session) -> str:
    changed, closed = cases.last_change(session)
    return f"{changed:.6f}/{closed:.6f}"


def _midnight(day: date | None, later: int = 0) -> float | None:
    if day is None:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=TOKYO).timestamp() + later * 86_400
