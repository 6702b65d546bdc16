"""Answering beyond typing: sentences that speak the person's language, and what the guide knows.

Each is shown in both languages before it is sent; what was typed travels along in the form. A page
that is refused keeps all words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot import answering
from bot.answering import UPLOAD_LINK, NotDone
from bot.console import case as case_page
from bot.console import known, slots
from bot.console.asked import case_of, draft, quote
from bot.console.bubbles import bubbles
from bot.console.guard import me
from bot.console.inbox import language_name
from bot.console.words import datetime_of
from bot.flow.macros import SLOTS
from bot.flow.model import Macro
from bot.store import audit, conversations
from bot.store.cases import Case

if TYPE_CHECKING:
    from bot.console.app import Console

SPLIT = "\n---\n"


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: what it is called, and how it reads."""

    id: str
    text: str


def register(desk: Blueprint, console: "Console") -> None:
    """The pages, and what the composer on the page of a case offers."""

    @desk.post("/cases/<int:number>/macro")
    def macro(number: int) -> AnyResponse:
        found = case_of(console, number)
        chosen = console.content.library.macros.get(request.form.get("macro", ""))
        match request.form.get("do"):
            case "back":
                return case_page.show(console, found)
            case _ if chosen is None:
                return case_page.show(console, found, NotDone(answering.EMPTY), 400)
            case "preview" | "add" | "send" as what:
                return _filled(console, found, chosen, what)
            case _:
                return _macro_page(console, found, chosen)

    @desk.post("/cases/<int:number>/known")
    def known_things(number: int) -> AnyResponse:
        found = case_of(console, number)
        if request.form.get("do") == "back":
            return case_page.show(console, found)
        return _known(console, found)

    @desk.get("/cases/<int:number>/way")
    def way(number: int) -> AnyResponse:
        return make_response(render_template("desk/way.html", case=case_of(console, number)))

    @desk.context_processor
    def around_the_composer() -> dict[str, Any]:
        return {
            "macro_groups": lambda: macro_groups(console),
            "known_things": lambda case: _offered(console, case),
            "goes_free": lambda case: _goes_free(console, case),
        }


def macro_groups(console: "Console") -> list[tuple[str, list[Choice]]]:
    """The sentences in the operator's language, by group."""
    catalogue = console.content.catalogue
    found: dict[str, list[Choice]] = {}
    for one in console.content.library.macros.values():
        text = slots.with_blanks(one, catalogue, me().language)
        found.setdefault(one.group, []).append(Choice(one.name, text))
    return [(slots.GROUPS.get(group, group), choices) for group, choices in found.items()]


# ---------------------------------------------------------------- sentences


def _filled(console: "Console", case: Case, macro: Macro, what: str) -> AnyResponse:
    """A sentence whose gaps were filled: shown, put into the answer, or sent."""
    today = datetime_of(console.clock()).date()
    filled = slots.read(macro, request.form.getlist, console.content.library, _flow(case), today)
    if filled.faults:
        return _macro_page(console, case, macro, filled, status=400)
    text = slots.said(macro, filled, console.content.catalogue, _tag(console, case))
    if what == "add":
        return case_page.show(console, case, typed=_joined(draft(), text))
    if what == "send":
        fault = _send(console, case, [*case_page.in_bubbles(draft()), text], macro=macro.name)
        if fault is None:
            return redirect(url_for("desk.case", number=case.number))
        return _macro_page(console, case, macro, filled, fault, 409)
    return _macro_page(console, case, macro, filled)


def _macro_page(
    console: "Console",
    case: Case,
    macro: Macro,
    filled: slots.Filled | None = None,
    fault: NotDone | None = None,
    status: int = 200,
) -> AnyResponse:
    """The gaps of a sentence, and the sentence itself in both languages once they are filled."""
    words, catalogue = console.dictionary.words(me().language), console.content.catalogue
    tag, asked = _tag(console, case), slots.asked(macro)
    if filled is None and not asked:
        return _filled(console, case, macro, "preview")
    both = None
    if filled is not None and not filled.faults:
        both = [_shown(slots.said(macro, filled, catalogue, one)) for one in (tag, me().language)]
    shown = render_template(
        "desk/macro.html",
        case=case, macro=macro, asked=asked, kinds=SLOTS, names=slots.NAMES,
        slot_faults={s: slots.FAULTS[k] for s, k in (filled.faults if filled else {}).items()},
        typed={slot: request.form.getlist(f"slot_{slot}") for slot in asked},
        blank=slots.with_blanks(macro, catalogue, me().language), both=both, draft=draft(),
        own=[_shown(one) for one in case_page.in_bubbles(draft())], quote=quote(),
        reads=language_name(tag), reads_tag=tag, you_read=language_name(me().language),
        flow=_flow(case), flows=_subjects(console, with_all="procedure" in asked),
        papers=_papers(console, case) if "documents" in asked else ([], []),
        fault_text=case_page.fault_text(console, words, fault),
    )  # fmt: skip
    return make_response(shown, status)


def _papers(console: "Console", case: Case) -> tuple[list[Choice], list[Choice]]:
    """Papers of the procedure: those that this person was told, and all others."""
    flow, library = _flow(case), console.content.library
    words = console.content.catalogue.voice(me().language).words(flow)[0]
    with console.database.read() as session:
        told = known.papers(console, session, case, flow)
    found = [
        Choice(one.id, slots.paper_name(one, words.label(one.text)))
        for one in slots.papers_of(library, flow)
    ]
    return [one for one in found if one.id in told], [one for one in found if one.id not in told]


def _subjects(console: "Console", *, with_all: bool) -> list[Choice]:
    """Procedures by title; `with_all`: topics and life events, too."""
    library, own = console.content.library, console.office_words(me().language)
    ids = [*library.flows, *((*library.topics, *library.events) if with_all else ())]
    return sorted((Choice(one, str(own.title(one))) for one in ids), key=lambda one: one.text)


# ---------------------------------------------------------------- what the guide knows


def _known(console: "Console", case: Case) -> AnyResponse:
    what = request.form.get("known", "")
    with console.database.read() as session:
        theirs = known.messages(console, session, case, what)
        ours = known.messages(console, session, case, what, me().language)
    if not theirs:
        return case_page.show(console, case, NotDone(answering.EMPTY), 400)
    fault, asks = None, known.asks(theirs)
    if request.form.get("do") == "send" and not asks:
        sent: list[str | dict[str, Any]] = [*case_page.in_bubbles(draft()), *theirs]
        fault = _send(console, case, sent, known=what)
        if fault is None:
            return redirect(url_for("desk.case", number=case.number))
    words, tag = console.dictionary.words(me().language), _tag(console, case)
    shown = render_template(
        "desk/known.html",
        case=case, what=what, theirs=bubbles(theirs), ours=bubbles(ours), asks=asks,
        draft=draft(), own=[_shown(one) for one in case_page.in_bubbles(draft())],
        quote=quote(), reads=language_name(tag), reads_tag=tag,
        you_read=language_name(me().language),
        fault_text=case_page.fault_text(console, words, fault),
    )  # fmt: skip
    return make_response(shown, 409 if fault else 200)


def _offered(console: "Console", case: Case) -> dict[str, Sequence[Choice]]:
    """What can be sent: of the person's own, topics, life events."""
    library, own = console.content.library, console.office_words(me().language)
    with console.database.read() as session:
        theirs = known.offered(console, session, case)

    def titled(ids: Iterable[str]) -> list[Choice]:
        return [Choice(one, str(own.title(one))) for one in ids]

    return {
        "own": [Choice(one, "") for one in theirs],
        "topics": titled(library.topics),
        "events": titled(library.events),
    }


# ---------------------------------------------------------------- inside


def _send(
    console: "Console", case: Case, texts: Sequence[str | dict[str, Any]], **about: str
) -> NotDone | None:
    result = answering.say_as_operator(
        console.house, case.id, me().id, texts, quote=quote(), name=me().name[:20]
    )
    fault = result if isinstance(result, NotDone) else None
    with console.database.write() as session:
        audit.add(session, console.clock(), me().id, "say", case.id, done=fault is None, **about)
    return fault


def _tag(console: "Console", case: Case) -> str:
    """The language in which the person reads."""
    with console.database.read() as session:
        stored = conversations.load(session, (case.person,)).get(case.person)
    talk = stored.conversation if stored else None
    tag = (talk.language or talk.guess) if talk else case.language
    return console.content.catalogue.nearest(tag)


def _goes_free(console: "Console", case: Case) -> bool:
    with console.database.read() as session:
        return answering.goes_free(session, case.person, console.clock())


def _flow(case: Case) -> str | None:
    """The procedure whose papers are offered: as chosen, else the case's own."""
    return request.form.get("flow") or case.flow


def _joined(typed: str, text: str) -> str:
    return f"{typed.rstrip()}{SPLIT}{text}" if typed.strip() else text


def _shown(text: str) -> str:
    """A text as it will look: the link is only made when it is sent."""
    return text.replace(UPLOAD_LINK, "https://…/upload/…")
