"""Counts and times of the office's work, from coded columns alone: never a text is opened.

Everything is bounded by a span of time that an index serves, so that what was closed long ago
slows nothing down. Cases go with the retention of their talk: a count reaches no further back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import func, select, text

from bot.store.cases import CLOSED, TALKS
from bot.store.database import Session
from bot.store.tables import case_events, cases, outbox, talk

WEEK = 7 * 86_400.0
_AT_ONCE = 500
_WORDS = ("text", "image", "file", "video", "audio", "sticker", "location")
"""What a person says and waits for an answer to; a tap is for the bot."""


@dataclass(frozen=True, slots=True)
class Count:
    """So many cases of a week (0 is the first one of the span) that are alike."""

    week: int
    kind: str
    language: str | None
    flow: str | None
    outcome: str | None
    number: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody waited for the office from `began` to `ended`, in seconds since 1970."""

    began: float
    ended: float


@dataclass(frozen=True, slots=True)
class Waits:
    """How long people waited for the first answer and for each later one. `waiting`: nobody has
    answered yet; `never`: the case was closed without an answer. `is_cut`: only the newest cases
    were looked at."""

    first: tuple[Wait, ...]
    later: tuple[Wait, ...]
    waiting: int
    never: int
    is_cut: bool


def opened(session: Session, since: float, weeks: int) -> list[Count]:
    """The cases that were opened in each of the weeks from `since` on."""
    found = []
    alike = (cases.c.kind, cases.c.language, cases.c.flow, cases.c.outcome)
    for week in range(weeks):
        start = since + week * WEEK
        rows = session.connection.execute(
            select(*alike, func.count())
            .where(cases.c.opened_at >= start, cases.c.opened_at < start + WEEK)
            .group_by(*alike)
        )
        found += [Count(week, *row) for row in rows]
    return found


def closing_reasons(session: Session, since: float, until: float) -> dict[str, int]:
    """Why the cases were closed that were closed in this span."""
    rows = session.connection.execute(
        select(cases.c.reason, func.count())
        .where(
            text("cases.state = 'closed'"), cases.c.closed_at >= since, cases.c.closed_at < until
        )
        .group_by(cases.c.reason)
    )
    return {row[0] or "other": row[1] for row in rows}


def ratings(session: Session, since: float, until: float) -> dict[str, int]:
    """How it went, as the people themselves said in this span."""
    rows = session.connection.execute(
        select(case_events.c.details, func.count())
        .where(case_events.c.kind == "rated", case_events.c.at >= since, case_events.c.at < until)
        .group_by(case_events.c.details)
    )
    found: dict[str, int] = {}
    for details, number in rows:
        rating = str(orjson.loads(details).get("rating"))
        found[rating] = found.get(rating, 0) + number
    return found


def waits(session: Session, since: float, until: float, most: int = 1_000) -> Waits:
    """How long people waited in the talks opened in this span, the newest `most` of them."""
    rows = session.connection.execute(
        select(cases.c.id, cases.c.person, cases.c.opened_at, cases.c.closed_at, cases.c.state)
        .where(cases.c.opened_at >= since, cases.c.opened_at < until, cases.c.kind.in_(TALKS))
        .order_by(cases.c.opened_at.desc())
        .limit(most + 1)
    ).all()
    looked = rows[:most]
    first: list[Wait] = []
    later: list[Wait] = []
    waiting = never = 0
    for start in range(0, len(looked), _AT_ONCE):
        some = looked[start : start + _AT_ONCE]
        happened = _happened(session, some, since)
        for case in some:
            mine = _of_case(case, happened)
            answers = [at for at, what in mine if what == "answer"]
            if not answers:
                never += case.state == CLOSED
                waiting += case.state != CLOSED
                continue
            first.append(Wait(case.opened_at, answers[0]))
            later += _later(mine, answers[0])
    return Waits(tuple(first), tuple(later), waiting, never, len(rows) > most)


# ---------------------------------------------------------------- inside


def _happened(
    session: Session, some: Sequence[Any], since: float
) -> Mapping[str, list[tuple[float, str]]]:
    """By person or case: when the person wrote, the office answered, or who speaks changed."""
    run, persons = session.connection.execute, sorted({case.person for case in some})
    found: dict[str, list[tuple[float, str]]] = {}

    def add(rows: Iterable[Any]) -> None:
        for whose, at, what in rows:
            found.setdefault(whose, []).append((at, what))

    said = select(talk.c.person, talk.c.at).where(
        talk.c.person.in_(persons), talk.c.at >= since, talk.c.direction == "in",
        talk.c.kind.in_(_WORDS), talk.c.unsent.is_(False),
    )  # fmt: skip
    answered = select(outbox.c.person, outbox.c.created_at).where(
        outbox.c.person.in_(persons), text("outbox.speaker = 'operator'"),
        outbox.c.created_at >= since, outbox.c.state.not_in(("given_up", "held")),
    )  # fmt: skip
    spoke = select(case_events.c.case_id, case_events.c.at, case_events.c.details).where(
        case_events.c.case_id.in_([case.id for case in some]), case_events.c.kind == "owner"
    )
    add((*row, "said") for row in run(said))
    add((*row, "answer") for row in run(answered))
    add((case, at, str(orjson.loads(details).get("to"))) for case, at, details in run(spoke))
    return found


def _of_case(case: Any, happened: Mapping[str, list[tuple[float, str]]]) -> list[tuple[float, str]]:
    """What happened between opening and closing, in order; a message before its answer."""
    ends = case.closed_at if case.closed_at is not None else float("inf")
    both = [*happened.get(case.person, ()), *happened.get(case.id, ())]
    inside = [one for one in both if case.opened_at <= one[0] <= ends]
    return sorted(inside, key=lambda one: (one[0], one[1] == "answer"))


def _later(mine: Iterable[tuple[float, str]], first: float) -> list[Wait]:
    """The waits after the first answer; what is said to the bot waits for nobody."""
    found: list[Wait] = []
    began: float | None = None
    to_bot = False
    for at, what in mine:
        if at < first or (at == first and what == "said"):
            continue
        match what:
            case "said":
                began = at if began is None and not to_bot else began
            case "answer":
                if began is not None:
                    found.append(Wait(began, at))
                began = None
            case "bot":
                began, to_bot = None, True
            case _:
                to_bot = False
    return found
