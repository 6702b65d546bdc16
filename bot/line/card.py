"""A result people can act on: what is said, and in which order (`bot/line/flex.py` draws it).

All words come through `Words`; urgency is said in words and never by colour alone.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, TypeVar
from urllib.parse import quote

from bot.flow.model import (
    Document,
    ListedDocument,
    Office,
    Sentence,
    Solution,
    SolvedDeadline,
    SolvedStep,
    Source,
    Spoken,
)
from bot.line.flex import KEPT_LINES, Line, Section, Words, line

MOST_OFFICES = 3
_FIRST = 2
_FEE = "fee"


# ---------------------------------------------------------------- what is said, in order


def sections(solution: Solution, words: Words, before: Sequence[Spoken] = ()) -> list[Section]:
    """The whole result, top to bottom; empty sections are left out."""
    filed = solution.filing_on or solution.today
    late, others = _split_late(solution.sentences)
    first, rest = others[:_FIRST], others[_FIRST:]
    found = [
        Section("summary", None, tuple(_opening(solution, words, before))),
        Section("summary", words.talk("card_first"), spoken_lines("strong", first, words)),
        *_days(solution, words),
        Section("summary", words.talk("card_where"), tuple(_where(solution, words))),
        Section("summary", words.talk("card_fee"), tuple(_fee(solution, words))),
        Section("summary", words.talk("card_more"), spoken_lines("text", rest, words)),
        Section("summary", words.talk("card_if_late"), spoken_lines("text", late, words)),
        Section("summary", None, spoken_lines("note", solution.confirm, words)),
        *_papers(solution.documents, words, filed),
        *(section for step in solution.steps for section in _step(step, words, filed)),
        Section(
            "papers",
            words.talk("card_changes"),
            spoken_lines("text", [change.spoken for change in solution.changes], words),
        ),
        *source_sections(solution.sources, words),
        Section("sources", None, tuple(_standing(solution, words))),
    ]
    return [section for section in found if section.lines]


def _opening(solution: Solution, words: Words, before: Sequence[Spoken]) -> Iterator[Line]:
    yield from spoken_lines("text", before, words)
    if solution.outcome is not None:
        yield line("title", words.title(solution.flow, solution.outcome))
    alarm = _alarm(solution)
    if alarm is not None:
        yield line("alarm", words.talk(f"card_state_{alarm}"))
    elif solution.handoff == "urgent":
        yield line("alarm", words.talk("card_urgent"))
    if solution.is_old:
        yield line("note", words.talk("card_old_sources"))
    if solution.filing_on is not None and _day_matters(solution):
        yield line("small", words.talk("card_filing_on", day=solution.filing_on))


def _day_matters(solution: Solution) -> bool:
    """True when the person chose the day of filing, or another day gives another answer."""
    return bool(solution.changes) or any(one.name == "filing_on" for one in solution.answers)


_ALARMS = ("passed", "grace", "no_open_day", "today")


def _alarm(solution: Solution) -> str | None:
    """The most urgent state that the card shows, or None when there is time."""
    shown = [*solution.deadlines, *(step.deadline for step in solution.steps if step.deadline)]
    states = {deadline.state for deadline in shown if is_shown(deadline) and _is_duty(deadline)}
    return next((state for state in _ALARMS if state in states), None)


def _is_duty(deadline: SolvedDeadline) -> bool:
    """False for a day on which nobody has to go anywhere: the end of a stay, a first day.

    That the printed end of the stay is over is no alarm for somebody who applied in time."""
    return deadline.office != "none"


def is_shown(deadline: SolvedDeadline) -> bool:
    """True when the day has a name and is known."""
    return deadline.label is not None and deadline.state != "unknown"


def _ordered(deadlines: Iterable[SolvedDeadline]) -> list[SolvedDeadline]:
    """The nearest day first: the one to act on."""
    shown = [deadline for deadline in deadlines if is_shown(deadline)]
    return sorted(shown, key=lambda deadline: deadline.tell or deadline.law_last_day or date.max)


def _days(solution: Solution, words: Words) -> Iterator[Section]:
    """One section per day of law; those of a step stand beside their step."""
    elsewhere = {step.deadline.name for step in solution.steps if step.deadline}
    own = [deadline for deadline in solution.deadlines if deadline.name not in elsewhere]
    shown = _ordered(own)
    # Where there is but one day, the alarm at the top has said it.
    said = _alarm(solution) if len(shown) == 1 and not elsewhere else None
    for deadline in shown:
        yield Section("summary", None, tuple(deadline_lines(deadline, words, said)))


def deadline_lines(
    deadline: SolvedDeadline, words: Words, said: str | None = None
) -> Iterator[Line]:
    """A day of law, the time left, and the law's own day; `said` is a state already told."""
    assert deadline.label is not None
    day = deadline.tell or deadline.law_last_day
    if day is None:
        return
    yield line("label", words.label(deadline.label))
    is_gone = deadline.state == "passed" and _is_duty(deadline)
    yield line("gone" if is_gone else "big", words.day(day))
    if deadline.state != said:
        yield from _time_left(deadline, words)
    law = deadline.law_last_day
    if deadline.state in ("ahead", "today", "not_open") and law is not None and law > day:
        yield line("small", words.talk("card_law_day", day=law))
    if deadline.state == "not_open" and deadline.opens_on is not None:
        yield line("strong", words.talk("card_opens_on", day=deadline.opens_on))


def _time_left(deadline: SolvedDeadline, words: Words) -> Iterator[Line]:
    if not _is_duty(deadline):
        yield from _time_until(deadline, words)
    elif deadline.state in ("ahead", "not_open") and (deadline.days_left or 0) > 0:
        assert deadline.days_left is not None
        look = "soon" if deadline.days_left <= 7 and deadline.state == "ahead" else "text"
        yield line(look, words.talk("card_days_left", days=deadline.days_left))
    elif deadline.state in _ALARMS:
        yield line("soon", words.talk(f"card_state_{deadline.state}"))


def _time_until(deadline: SolvedDeadline, words: Words) -> Iterator[Line]:
    if deadline.state == "passed":
        yield line("small", words.talk("card_day_over"))
    elif deadline.days_left == 0:
        yield line("strong", words.talk("card_day_today"))
    elif deadline.days_left is not None and deadline.days_left > 0:
        yield line("text", words.talk("card_in_days", days=deadline.days_left))


def _where(solution: Solution, words: Words) -> Iterator[Line]:
    yield from authority_lines(solution.authority, words)
    for office in solution.offices[:MOST_OFFICES]:
        yield from _office(office, words)
    if solution.offices and solution.offices[0].phone is None:
        yield line("small", words.talk("card_immigration_phone"))
    for channel in solution.channel:
        if words.has_talk(f"card_channel_{channel}"):
            yield line("text", words.talk(f"card_channel_{channel}"))


def authority_lines(authorities: Iterable[str], words: Words) -> Iterator[Line]:
    """To whom it belongs."""
    for authority in authorities:
        name = f"card_authority_{authority.replace('-', '_')}"
        if words.has_talk(name):
            yield line("strong", words.talk(name))


def _office(office: Office, words: Words) -> Iterator[Line]:
    name = words.label(office.name)
    yield line("text", name)
    if office.name_ja != name:
        yield line("small", office.name_ja)
    if not words.tag.startswith("ja"):
        yield line("small", office.address)
    yield line("small", f"〒{office.postal_code} {office.address_ja}".replace("〒None ", ""))
    if office.phone is not None:
        yield line("link", office.phone, f"tel:{office.phone}")


def _fee(solution: Solution, words: Words) -> Iterator[Line]:
    money = solution.amounts.get(_FEE)
    if money is not None and _FEE in words.shows(solution.flow, solution.outcome):
        yield line("strong", words.money(money))


# ---------------------------------------------------------------- papers and steps


def checklist(solution: Solution, words: Words) -> list[Section]:
    """The papers alone, those of each step behind them; empty when none are to be brought."""
    filed = solution.filing_on or solution.today
    lists = (solution.documents, *(step.documents for step in solution.steps))
    return [one for papers in lists for one in _papers(papers, words, filed) if one.lines]


def _papers(papers: Sequence[ListedDocument], words: Words, filed: date) -> Iterator[Section]:
    """The checklist by where a paper comes from; then those that only some people need."""
    lines: list[Line] = []
    for place, group in _by_place(paper for paper in papers if paper.condition is None):
        if words.has_talk(f"card_from_{place}"):
            lines.append(line("label", words.talk(f"card_from_{place}")))
        for paper in group:
            lines += _paper(paper.document, words, filed)
    for sentence, group in _by_condition(papers):
        lines.append(line("only", words.label(sentence)))
        for paper in group:
            lines += _paper(paper.document, words, filed)
    yield Section("papers", words.talk("card_bring"), tuple(lines))


def _by_place(papers: Iterable[ListedDocument]) -> list[tuple[str, list[ListedDocument]]]:
    groups: dict[str, list[ListedDocument]] = {}
    for paper in papers:
        groups.setdefault(paper.document.get_from, []).append(paper)
    return list(groups.items())


def _by_condition(
    papers: Iterable[ListedDocument],
) -> list[tuple[Sentence, list[ListedDocument]]]:
    groups: dict[str, tuple[Sentence, list[ListedDocument]]] = {}
    for paper in papers:
        if paper.condition is not None:
            key = paper.condition.address or paper.condition.text
            groups.setdefault(key, (paper.condition, []))[1].append(paper)
    return list(groups.values())


def _paper(document: Document, words: Words, filed: date) -> tuple[Line, ...]:
    months = words.months(document.max_age, filed) if document.max_age else None
    return _kept(document, words, months, _paper_lines)


def _paper_lines(document: Document, words: Words, months: int | None) -> Iterator[Line]:
    name = words.label(document.text)
    yield line("item", name)
    if document.ja not in name:
        yield line("detail", document.ja)
    if document.copy != "original" and words.has_talk(f"card_copy_{document.copy}"):
        yield line("detail", words.talk(f"card_copy_{document.copy}"))
    if months is not None:
        yield line("detail", words.talk("card_max_age", months=months))
    if document.note is not None:
        yield line("detail", words.label(document.note))


def _step(step: SolvedStep, words: Words, filed: date) -> Iterator[Section]:
    lines = [*authority_lines(step.authority, words), *spoken_lines("text", step.sentences, words)]
    if step.deadline is not None and is_shown(step.deadline):
        lines += deadline_lines(step.deadline, words)
    yield Section("papers", words.talk("card_step"), tuple(lines))
    yield from _papers(step.documents, words, filed)


# ---------------------------------------------------------------- where it comes from


def source_sections(found: tuple[Source, ...], words: Words) -> tuple[Section, ...]:
    """The sources by the day on which they were read, the newest first."""
    return _kept(found, words, None, _source_sections)


def _source_sections(
    found: tuple[Source, ...], words: Words, _months: int | None
) -> Iterator[Section]:
    for day, sources in _by_day(found):
        heading = words.talk("card_checked_on", day=day)
        lines = [one for source in sources for one in _kept(source, words, None, _source_lines)]
        yield Section("sources", heading, tuple(lines))


def _by_day(sources: Iterable[Source]) -> list[tuple[date, list[Source]]]:
    groups: dict[date, list[Source]] = {}
    for source in sources:
        groups.setdefault(source.checked, []).append(source)
    return sorted(groups.items(), reverse=True)


def _source_lines(source: Source, words: Words, _months: int | None) -> Iterator[Line]:
    title = words.source(source.id, source.title)
    yield line("link", title, _encoded(source.url))
    if source.ja is not None and source.ja != title:
        yield line("small", source.ja)


def _standing(solution: Solution, words: Words) -> Iterator[Line]:
    if solution.read_through is not None:
        yield line("small", words.talk("card_read_through", day=solution.read_through[1]))
    elif solution.oldest_check is not None:
        yield line("small", words.talk("card_not_confirmed", day=solution.oldest_check))


# ---------------------------------------------------------------- small things

_Thing = TypeVar("_Thing")
_Part = TypeVar("_Part", Line, Section)
_parts_kept: dict[tuple[int, int, int | None], tuple[object, Words, tuple[Any, ...]]] = {}


def _kept(
    thing: _Thing,
    words: Words,
    months: int | None,
    parts_of: Callable[[_Thing, Words, int | None], Iterable[_Part]],
) -> tuple[_Part, ...]:
    """What a paper, a source or some sources look like in one language: the same on every card.

    Found by identity, because comparing deeply would cost more than drawing; both are kept
    beside the parts, so that nothing else can get their identity."""
    key = (id(thing), id(words), months)
    found = _parts_kept.get(key)
    if found is None:
        if len(_parts_kept) >= KEPT_LINES:
            _parts_kept.clear()
        found = _parts_kept[key] = (thing, words, tuple(parts_of(thing, words, months)))
    return found[2]


def spoken_lines(look: str, spoken: Iterable[Spoken], words: Words) -> tuple[Line, ...]:
    """Sentences as lines, each in the reader's words."""
    return tuple(line(look, words.text(one)) for one in spoken)


def _split_late(spoken: Sequence[Spoken]) -> tuple[list[Spoken], list[Spoken]]:
    """Sentences named if_late… have a heading of their own; the author's order is kept."""
    late: list[Spoken] = []
    others: list[Spoken] = []
    for one in spoken:
        name = one.sentence.address.rpartition(".")[2]
        (late if name.startswith("if_late") else others).append(one)
    return late, others


def _encoded(url: str) -> str:
    return quote(url, safe=":/?#[]@!$&'()*+,;=%~-._")
