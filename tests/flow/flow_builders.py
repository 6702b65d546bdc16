"""Small flows built by hand, for tests of the engine that must not depend on content."""

from datetime import date, timedelta

from bot.flow.model import (
    AmountLine,
    Answer,
    Branch,
    Condition,
    DatedValue,
    Deadline,
    Document,
    Flow,
    Library,
    Office,
    Offset,
    Option,
    Outcome,
    Question,
    Rule,
    Sentence,
    Source,
    Status,
)

HOLIDAYS = [
    "2026-07-20", "2026-08-11", "2026-09-21", "2026-09-22", "2026-09-23", "2026-10-12",
    "2026-11-03", "2026-11-23", "2027-01-11", "2027-02-11", "2027-02-23", "2027-03-22",
    "2027-04-29", "2027-05-03", "2027-05-04", "2027-05-05",
]  # fmt: skip
TURN_OF_YEAR = [(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)]
CLOSED = frozenset(
    {date.fromisoformat(day) for day in HOLIDAYS}
    | {date(year, month, day) for year in range(2020, 2036) for month, day in TURN_OF_YEAR}
)

ENGINE_TALK = {
    "only_if_it_applies": "Only if it applies to you:",
    "confirm_printed_date": "The date printed on your card or paper decides.",
    "confirm_ask_isa": "Ask the immigration office before you rely on this.",
    "confirm_unconfirmed": "This is not yet confirmed.",
    "change_outcome": "If you apply on %(from)s or later, other rules hold. Please ask again then.",
    "change_fee": "If you apply by %(until)s: %(old)s. From %(from)s: %(new)s.",
    "change_fee_new": "From %(from)s the fee is %(new)s.",
    "change_fee_unknown": "From %(from)s the fee changes. The new fee is not known yet.",
    "change_papers_added": "From %(from)s also: %(paper)s",
    "change_papers_removed": "From %(from)s no longer: %(paper)s",
    "change_papers_added_if": "From %(from)s also: %(paper)s %(condition)s",
    "change_papers_removed_if": "From %(from)s no longer: %(paper)s %(condition)s",
}


def day(text):
    return date.fromisoformat(text)


def a_sentence(text="Go.", address="test/a", **more):
    params = tuple(part.split(")s")[0] for part in text.split("%(")[1:])
    return Sentence(address, text, params=params, **more)


def when(mapping=None, **names):
    """A condition as the loader builds it: a mapping of names to a word or several."""
    raw = _raw({**(mapping or {}), **names})
    return Condition(raw, frozenset(_names(raw)))


def _raw(mapping):
    items = []
    for name, words in mapping.items():
        if name in ("any", "all"):
            items.append((name, tuple(_raw(item) for item in words)))
        elif name == "not":
            items.append(("not", _raw(words)))
        else:
            items.append(("is", name, frozenset([words] if isinstance(words, str) else words)))
    return items[0] if len(items) == 1 else ("all", tuple(items))


def _names(raw):
    if raw[0] == "is":
        yield raw[1]
    elif raw[0] == "not":
        yield from _names(raw[1])
    else:
        for item in raw[1]:
            yield from _names(item)


def a_question(name, kind="choice", options="yes no", go=None, branches=(), refine=False, **more):
    """`go`: where it leads; `branches`: pairs of (condition, where) tried before it."""
    ids = options.split() if kind in ("choice", "several") and "table" not in more else []
    return Question(
        name,
        kind,
        a_sentence(f"{name}?", f"test/{name}.ask"),
        next=(
            *(Branch(condition, to) for condition, to in branches),
            *([Branch(None, go)] if go else []),
        ),
        options=tuple(Option(i, a_sentence(i, f"test/{name}.{i}")) for i in ids),
        refine=refine,
        **more,
    )


def a_deadline(name, counts_from=("born_on",), **more):
    given = {
        "office": "immigration",
        "if_closed": "keep",
        "tell": "open_day_before",
        "source": "act",
    }
    if isinstance(counts_from, str):
        counts_from = (counts_from,)
    if "on" in more or "earliest_of" in more:
        counts_from = ()
    return Deadline(name, counts_from=counts_from, **{**given, **more})


def after(sign=1, **parts):
    return Offset(sign=sign, **parts)


def a_rule(name, values, unit="days"):
    """`values` by start ("always" or a day): a value, {"bands": ...}, "expected" or None."""
    dated = []
    for start, value in values.items():
        since = None if start == "always" else day(start)
        bands = value["bands"] if isinstance(value, dict) else None
        plain = None if value == "expected" or isinstance(value, dict) else value
        dated.append(
            DatedValue(since, plain, bands, value == "expected", "act", "B", ended=value is None)
        )
    return Rule(name, f"About {name}", unit, tuple(dated))


def a_paper(name, condition=None, **more):
    more = {"source": "act", **more}
    return Document(name, a_sentence(name, f"document/{name}"), "紙", when=condition, **more)


def an_outcome(name, *say, **more):
    given = {"sources": ("act",), "authority": ("immigration",)}
    say = tuple(
        s if isinstance(s, Sentence) else a_sentence(s, f"test/{name}.{number}")
        for number, s in enumerate(say)
    )
    return Outcome(name, say=say, **{**given, **more})


def a_flow(questions=(), outcomes=(), deadlines=(), amounts=None, documents=(), **more):
    questions = list(questions)
    start = next((q.name for q in questions if not q.refine), None) or outcomes[0].name
    given = {"as_of": None, "start": start, "fingerprint": "0", "title": a_sentence("A flow")}
    return Flow(
        id=more.pop("id", "test"),
        questions={q.name: q for q in questions if not q.refine},
        refine={q.name: q for q in questions if q.refine},
        deadlines={d.name: d for d in deadlines},
        amounts=amounts or {},
        documents=tuple(documents),
        outcomes={o.name: o for o in outcomes},
        **{**given, **more},
    )


def a_line(rule, condition=None, band=None):
    return AmountLine(rule, condition, band)


def an_office(name, kind, located_in, prefectures, partial=None, accepts=True, parent=None):
    return Office(
        name, a_sentence(name, f"office/{name}"), name, kind, accepts, None, "", "", None, None,
        tuple(prefectures.split()), {k: frozenset(v.split()) for k, v in (partial or {}).items()},
        located_in=located_in, parent=parent,
    )  # fmt: skip


def a_status(name):
    return Status(name, a_sentence(name, f"status/{name}"), name, "work", "office", {})


def a_library(*flows, rules=(), offices=(), statuses="engineer student", documents=()):
    return Library(
        flows={flow.id: flow for flow in flows},
        topics={},
        events={},
        rules={rule.name: rule for rule in rules},
        sources={
            "act": Source("act", "The act", "e-Gov", "https://laws.e-gov.go.jp", day("2026-11-20")),
            "page": Source("page", "A page", "ISA", "https://www.moj.go.jp", day("2026-10-01")),
        },
        statuses={name: a_status(name) for name in statuses.split()},
        offices={office.id: office for office in offices},
        shared_questions={},
        documents={paper.id: paper for paper in documents},
        talk={n: a_sentence(text, f"talk/{n}") for n, text in ENGINE_TALK.items()},
        closed=CLOSED,
        places={},
        office={},
    )


def some_answers(today="2026-11-20", **values):
    given = day(today) if isinstance(today, str) else today
    return tuple(Answer(name, value, given) for name, value in values.items())


def every_day(first, last):
    for number in range((day(last) - day(first)).days + 1):
        yield day(first) + timedelta(days=number)
