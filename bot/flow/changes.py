"""What would be different on another day of filing.

The law changes on known days. The same case is solved for the last open day before each change
and the first one after it, and what differs is told, one whole sentence for each: nobody
writes these texts into a flow, and none is forgotten when a rule gets a new value.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from bot.flow import amounts
from bot.flow.dates import ONE_DAY, next_open_day, open_day_before
from bot.flow.model import (
    UNKNOWN,
    Change,
    Library,
    ListedDocument,
    Money,
    Param,
    Solution,
    Spoken,
)

LOOK_AHEAD = timedelta(days=365)
STILL_TO_COME = frozenset({"not_open", "ahead", "today"})

SolveOn = Callable[[date], Solution]


def changes_of(
    solution: Solution, solve_on: SolveOn, rules: frozenset[str], library: Library
) -> tuple[Change, ...]:
    """The changes between today and the last day to file, in order of days.

    `solve_on` solves the same answers for another day of filing; `rules` are those that the
    flow reads.
    """
    until = last_filing_day(solution, library)
    found: list[Change] = []
    for start, names in _starts(solution.today, until, rules, library).items():
        # People can file only on open days: the last one before, and the first one after.
        before = open_day_before(start - ONE_DAY, library.closed, solution.today)
        if before is None:
            continue
        after = next_open_day(start, library.closed)
        told = _differences(solve_on(before), solve_on(after), before, start, library)
        found.extend(Change(start, what, spoken, tuple(names)) for what, spoken in told)
    return tuple(found)


def _starts(
    today: date, until: date, rules: frozenset[str], library: Library
) -> dict[date, list[str]]:
    """The days of change with the rules that change; those without an open day between them
    are one change, told from the first."""
    found: dict[date, list[str]] = {}
    for name in rules & library.rules.keys():
        for start in amounts.starts_between(library.rules[name], today, until):
            found.setdefault(start, []).append(name)
    together: dict[date, list[str]] = {}
    last: date | None = None
    for start in sorted(found):
        if last is None or open_day_before(start - ONE_DAY, library.closed, last) is not None:
            last = start
        together.setdefault(last, []).extend(sorted(found[start]))
    return together


def last_filing_day(solution: Solution, library: Library) -> date:
    """The last day on which one can still file: the first last day to act, else in a year."""
    flow = library.flow_or_topic(solution.flow)
    assert flow is not None
    days = [
        deadline.law_last_day
        for deadline in solution.deadlines
        if deadline.law_last_day is not None
        and deadline.state in STILL_TO_COME
        and _limits_filing(flow.deadlines[deadline.name].tell, deadline.office)
        and flow.deadlines[deadline.name].on is None
        and flow.deadlines[deadline.name].seen_from is None
    ]
    return min(days, default=solution.today + LOOK_AHEAD)


def _limits_filing(tell: str, office: str) -> bool:
    return tell == "open_day_before" and office in ("immigration", "municipality", "online")


def _differences(
    before: Solution, after: Solution, until: date, start: date, library: Library
) -> Iterator[tuple[str, Spoken]]:
    days: dict[str, Param] = {"until": until, "from": start}

    def sentence(name: str, **params: Param) -> Spoken:
        return Spoken(library.talk[name], {**days, **params})

    if (before.outcome, before.question) != (after.outcome, after.question):
        yield "outcome", sentence("change_outcome")
        return
    for name in before.amounts:
        if _is_told(name, before, after, library):
            yield from _fee(before.amounts[name], after.amounts[name], sentence)
    old, new = _papers(before), _papers(after)
    for key, paper in new.items():
        if key not in old:
            yield "papers", _paper("change_papers_added", paper, sentence)
    for key, paper in old.items():
        if key not in new:
            yield "papers", _paper("change_papers_removed", paper, sentence)


def _is_told(name: str, before: Solution, after: Solution, library: Library) -> bool:
    flow = library.flow_or_topic(before.flow)
    assert flow is not None
    if before.outcome is not None and "fee" in flow.outcomes[before.outcome].show:
        return True
    return any(name in line.params for line in (*before.sentences, *after.sentences))


def _fee(old: Money, new: Money, sentence: Callable[..., Spoken]) -> Iterator[tuple[str, Spoken]]:
    if old == new:
        return
    if new.kind == UNKNOWN:
        yield "fee", sentence("change_fee_unknown", old=old)
    elif old.kind == UNKNOWN:
        yield "fee", sentence("change_fee_new", new=new)
    else:
        yield "fee", sentence("change_fee", old=old, new=new)


def _papers(solution: Solution) -> dict[tuple[str, str | None], ListedDocument]:
    """Each paper with the sentence over it: a paper that became certain is another one."""
    listed = [*solution.documents, *(paper for step in solution.steps for paper in step.documents)]
    return {
        (paper.document.id, paper.condition.address if paper.condition else None): paper
        for paper in listed
    }


def _paper(name: str, paper: ListedDocument, sentence: Callable[..., Spoken]) -> Spoken:
    if paper.condition is None:
        return sentence(name, paper=paper.document.text)
    return sentence(f"{name}_if", paper=paper.document.text, condition=paper.condition)
