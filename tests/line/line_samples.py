"""Builders for the tests of this room: a small library, results of every state, all replies."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from bot.dialogue.replies import Ask, Button, ListOfAnswers, Paragraphs, Reply, Result, Say
from bot.flow.engine import Engine
from bot.flow.load import read_library
from bot.flow.model import (
    Answer,
    Change,
    DatedValue,
    Document,
    Flow,
    Library,
    ListedDocument,
    Money,
    NotAnAnswer,
    Office,
    Option,
    Outcome,
    Progress,
    Question,
    Rule,
    Sentence,
    Solution,
    SolvedDeadline,
    SolvedStep,
    Source,
    Spoken,
)
from bot.i18n.catalogue import Catalogue, Voice

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 22)
_NAMES = re.compile(r"%\(([^)]+)\)s")


def a_sentence(address: str, text: str, **more: Any) -> Sentence:
    return Sentence(address, text, params=tuple(_NAMES.findall(text)), **more)


def verbatim(text: str) -> Spoken:
    return Spoken(Sentence("", text))


@cache
def the_talk() -> dict[str, Sentence]:
    """The bot's own sentences as they stand in the repository."""
    text = (ROOT / "flows/shared/talk.yaml").read_text(encoding="utf-8")
    raw = yaml.load(text, yaml.CSafeLoader)  # the same as safe_load, and ten times as fast
    found = {}
    for name, entry in raw.items():
        text = entry if isinstance(entry, str) else entry["text"]
        if isinstance(text, str):
            found[name] = a_sentence(f"talk/{name}", text)
        else:
            found[name] = a_sentence(
                f"talk/{name}", text["one"], plural=text["other"], count=entry["count"]
            )
    return found


CHECKED = date(2026, 11, 1)
REISSUE = Source(
    "isa-reissue",
    "Reissue of the residence card",
    "Immigration Services Agency",
    "https://www.moj.go.jp/isa/procedures/再交付.html",
    CHECKED,
    "在留カードの再交付申請",
)
LAW = Source(
    "ica-19-12", "Immigration Act, article 19-12", "e-Gov", "https://laws.e-gov.go.jp/x", CHECKED
)

WHAT = Question(
    "what_happened",
    "choice",
    a_sentence("lost-card/what_happened.ask", "What happened to your residence card?"),
    options=(
        Option("lost", a_sentence("lost-card/what_happened.lost", "I lost it")),
        Option("stolen", a_sentence("lost-card/what_happened.stolen", "It was stolen")),
    ),
    note=a_sentence("lost-card/what_happened.note", "The papers depend on it."),
)

APPLY = Outcome(
    "apply",
    (
        a_sentence("lost-card/apply.police", "Report it at a police box first."),
        a_sentence("lost-card/apply.when", "Apply for a new card by %(apply_by)s."),
        a_sentence("lost-card/apply.fee", "The fee is %(fee)s."),
        a_sentence("lost-card/apply.if_late", "Go at once, also when you are late."),
    ),
    ("isa-reissue", "ica-19-12"),
    show=("deadlines", "documents", "fee"),
)


def a_flow(flow_id: str = "lost-card", outcome: Outcome = APPLY) -> Flow:
    return Flow(
        flow_id,
        a_sentence(f"{flow_id}/title", "Lost residence card"),
        "what_happened",
        None,
        {"what_happened": WHAT},
        {},
        {},
        {},
        (),
        {outcome.name: outcome},
        "0a1b2c3d",
    )


MAX_AGE = Rule(
    "certificate.max_age_months",
    "Age of a certificate",
    "months",
    (
        DatedValue(None, 3, None, False, "isa-reissue", "B"),
        DatedValue(date(2027, 4, 1), 1, None, False, "isa-reissue", "B"),
    ),
)


def a_library(**more: Any) -> Library:
    fields: dict[str, Any] = {
        "flows": {"lost-card": a_flow()},
        "topics": {},
        "events": {},
        "rules": {MAX_AGE.name: MAX_AGE},
        "sources": {REISSUE.id: REISSUE, LAW.id: LAW},
        "statuses": {},
        "offices": {},
        "shared_questions": {},
        "documents": {},
        "talk": the_talk(),
        "closed": frozenset(),
        "office": {},
        "places": {},
    }
    return Library(**(fields | more))


@cache
def the_catalogue() -> Catalogue:
    """The small library in every language that the repository has."""
    return Catalogue(ROOT / "locales", a_library())


def a_voice(tag: str = "en") -> Voice:
    return the_catalogue().voice(tag)


# ---------------------------------------------------------------- results


def a_deadline(state: str = "ahead", days: int = 12, **more: Any) -> SolvedDeadline:
    day = TODAY + timedelta(days=days)
    fields: dict[str, Any] = {
        "law_last_day": day,
        "tell": day,
        "printed": day,
        "days_left": days,
        "label": a_sentence("lost-card/apply_by.label", "Last day to apply"),
        "office": "immigration",
    }
    return SolvedDeadline("apply_by", state, **(fields | more))  # type: ignore[arg-type]


def a_paper(name: str, text: str, ja: str = "写真", **more: Any) -> ListedDocument:
    condition = more.pop("condition", None)
    paper = Document(name, a_sentence(f"document/{name}", text), ja, **more)
    return ListedDocument(paper, condition)


ONLY_IF = a_sentence("lost-card/dispatched.only_if.yes", "Only if another company sends you:")
PAPERS = (
    a_paper("photo", "One photo, 40 mm by 30 mm"),
    a_paper(
        "register",
        "Resident record",
        "住民票",
        get_from="city_hall",
        copy="copy",
        max_age="certificate.max_age_months",
    ),
    a_paper("pledge", "Pledge of the company", "誓約書", get_from="employer", condition=ONLY_IF),
)
SHINAGAWA = Office(
    "shinagawa",
    a_sentence("office/shinagawa", "Tokyo Regional Immigration Services Bureau"),
    "東京出入国在留管理局",
    "bureau",
    True,
    "108-8255",
    "5-5-30 Konan, Minato-ku, Tokyo",
    "東京都港区港南5-5-30",
    None,
    None,
    ("13",),
    {},
)


def a_solution(**more: Any) -> Solution:
    when, fee = APPLY.say[1], APPLY.say[2]
    fields: dict[str, Any] = {
        "flow": "lost-card",
        "today": TODAY,
        "filing_on": TODAY + timedelta(days=2),
        "question": None,
        "outcome": "apply",
        "answers": (Answer("what_happened", "lost", TODAY),),
        "sentences": (
            Spoken(APPLY.say[0]),
            Spoken(when, {"apply_by": TODAY + timedelta(days=12)}),
            Spoken(fee, {"fee": Money("free", 0, 0)}),
            Spoken(APPLY.say[3]),
        ),
        "deadlines": (a_deadline(),),
        "amounts": {"fee": Money("free", 0, 0)},
        "documents": PAPERS,
        "offices": (SHINAGAWA,),
        "authority": ("immigration",),
        "channel": ("counter",),
        "sources": (REISSUE, LAW),
        "oldest_check": CHECKED,
    }
    return Solution(**(fields | more))


def many_papers(count: int) -> tuple[ListedDocument, ...]:
    text = "Certificate of the tax on income, newest one, with the seal of the city office"
    return tuple(a_paper(f"paper_{n}", f"{text} ({n})") for n in range(count))


def a_step() -> SolvedStep:
    say = Spoken(a_sentence("move/both.out.do", "Tell the city hall that you move out."))
    return SolvedStep("out", ("municipality",), (say,), a_deadline("today", 0), PAPERS[:1])


def sample_solutions() -> dict[str, Solution]:
    """One result per thing that a card can look like."""
    far = TODAY + timedelta(days=14)
    change = Spoken(a_sentence("talk/x", "From %(from)s the fee is %(new)s."), {
        "from": far, "new": Money("range", 10_000, 75_000),
    })  # fmt: skip
    return {
        "plain": a_solution(),
        "law_later": a_solution(deadlines=(a_deadline(law_last_day=far),)),
        "not_open": a_solution(deadlines=(a_deadline("not_open", 40, opens_on=far),)),
        "soon": a_solution(deadlines=(a_deadline("ahead", 1),)),
        "today": a_solution(deadlines=(a_deadline("today", 0),)),
        "no_open_day": a_solution(deadlines=(a_deadline("no_open_day", 1, tell=None),)),
        "grace": a_solution(deadlines=(a_deadline("grace", -1, tell=None),)),
        "passed": a_solution(deadlines=(a_deadline("passed", -3),)),
        "unknown": a_solution(deadlines=(SolvedDeadline("apply_by", "unknown"),)),
        "money": a_solution(amounts={"fee": Money("range", 10_000, 75_000)}),
        "money_unknown": a_solution(amounts={"fee": Money("unknown")}),
        "changes": a_solution(changes=(Change(far, "fee", change),)),
        "steps": a_solution(steps=(a_step(), a_step())),
        "confirm": a_solution(confirm=(Spoken(ONLY_IF),)),
        "stay_over": a_solution(deadlines=(a_deadline("passed", -3, office="none"),)),
        "stay_today": a_solution(deadlines=(a_deadline("today", 0, office="none"),)),
        "stay_ahead": a_solution(deadlines=(a_deadline("ahead", 9, office="none"),)),
        "urgent": a_solution(deadlines=(), handoff="urgent"),
        "old": a_solution(oldest_check=TODAY - timedelta(days=91)),
        "read": a_solution(read_through=("somebody", CHECKED)),
        "long": a_solution(documents=many_papers(45)),
        "too_long": a_solution(documents=many_papers(400)),
        "bare": Solution("lost-card", TODAY, None, None, "apply", (), (Spoken(APPLY.say[0]),)),
    }


# ---------------------------------------------------------------- replies


def a_button(label: str, tap: str = "r:menu", **more: Any) -> Button:
    return Button(verbatim(label), tap, **more)


def talk_button(name: str, tap: str = "r:menu") -> Button:
    return Button(Spoken(the_talk()[name]), tap)


def an_ask(**more: Any) -> Ask:
    options = tuple(
        Button(Spoken(option.label), f"a:lost-card:0a1b2c3d:what_happened:{option.id}")
        for option in WHAT.options
    )
    extras = (talk_button("button_why", "w:lost-card:what_happened"), talk_button("button_person"))
    fields: dict[str, Any] = {
        "flow": "lost-card", "question": WHAT, "options": options, "extras": extras,
    }  # fmt: skip
    return Ask(**(fields | more))


def a_date_ask() -> Ask:
    picker = a_button("Choose the day", "d:lost-card:0a1b2c3d:noticed_on", kind="date",
                      initial=TODAY, min=date(2006, 1, 1), max=TODAY)  # fmt: skip
    question = Question("noticed_on", "date", a_sentence("lost-card/noticed_on.ask", "When?"))
    return an_ask(question=question, options=(picker, talk_button("button_today")))


def a_place_ask() -> Ask:
    here = a_button("Send my location", "", kind="location")
    question = Question("place", "place", a_sentence("shared/q.place.ask", "Where do you live?"))
    return an_ask(question=question, options=(here, talk_button("button_unsure")))


RESULT_BUTTONS = (
    a_button("Show as text", "r:text"),
    a_button("Apply another day", "c:lost-card:filing_on"),
    a_button("Talk to a person", "r:human"),
)


def sample_replies() -> dict[str, tuple[Reply, ...]]:
    """Every kind of reply, alone and together."""
    export = a_button("Open my data", "@export", kind="link")
    items = ((Spoken(WHAT.ask), verbatim("I lost it")),)
    answers = ListOfAnswers(
        "lost-card", items, (a_button("Change no. 1", "c:lost-card:what_happened"),
                             a_button("Continue", "r:continue")),
    )  # fmt: skip
    found: dict[str, tuple[Reply, ...]] = {
        "say": (Say(verbatim("Hello"), (talk_button("button_menu"),)),),
        "paragraphs": (Paragraphs((verbatim("One"), verbatim("Two"))),),
        "ask": (an_ask(),),
        "date": (a_date_ask(),),
        "place": (a_place_ask(),),
        "problem": (an_ask(before=(verbatim("Please choose."),)),),
        "answers": (answers,),
        "export": (Say(verbatim("Here it is"), (export, talk_button("button_menu"))),),
        "hello": (Say(verbatim("Hi")), Say(verbatim("Language?")), an_ask()),
        "many": tuple(Say(verbatim(f"Line {n}")) for n in range(9)),
    }
    for name, solution in sample_solutions().items():
        found[f"card_{name}"] = (Result(solution, RESULT_BUTTONS),)
        found[f"text_{name}"] = (Result(solution, RESULT_BUTTONS, as_text=True),)
    return found


LINKS: Mapping[str, str] = {
    "export": "https://example.org/export/abc",
    "calendar": "https://example.org/calendar/abc",
}


# ---------------------------------------------------------------- the real content


@cache
def the_library() -> Library:
    """All flows of the repository, whether or not the content desk has finished them."""
    return read_library(ROOT / "flows")[0]


def an_answer(question: Question, today: date, dice: Random) -> Any:
    """Some answer to a question: any option, days around today, sometimes "I don't know"."""
    if dice.random() < 0.15:
        return "unsure"
    match question.kind:
        case "choice":
            return dice.choice(question.options).id
        case "several":
            return (dice.choice(question.options).id,)
        case "date":
            days = dice.choice((-400, -90, -20, -1, 0, 1, 30, 200))
            return (today + timedelta(days=days)).isoformat()
        case "number":
            return dice.choice((1, 14, 30, 400))
        case "place":
            return {"prefecture": dice.choice(("13", "27", "47")), "municipality": None}
        case _:
            return "words"


def walk(engine: Engine, flow: Flow, today: date, dice: Random) -> tuple[list[Progress], Solution]:
    """One person's way through a flow: where it stood at each question, and the result."""
    answers: tuple[Answer, ...] = ()
    way = []
    while True:
        progress = engine.replay(flow.id, answers, today)
        way.append(progress)
        if progress.question is None:
            break
        answers = progress.answers
        question = flow.questions[progress.question]
        value: Any = NotAnAnswer("none")
        while isinstance(value, NotAnAnswer):
            raw = an_answer(question, today, dice)
            value = engine.read(flow.id, question.name, raw, today, answers)
        answers = (*answers, Answer(question.name, value, today))
    for name, question in flow.refine.items():
        if dice.random() < 0.5:
            raw = an_answer(question, today, dice)
            found = engine.read(flow.id, name, raw, today, answers)
            if not isinstance(found, NotAnAnswer):
                answers = (*answers, Answer(name, found, today))
    return way, engine.solve(flow.id, answers, today)
