"""One case: the thread, what was told and answered, and everything that is done to it.

A page is a look and stands in the audit log. Each form posts to an address of its own and leads
back to the case; what could not be done is said there, and words that were typed are not lost.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from bot import answering
from bot.answering import Done, NotDone
from bot.briefs import brief_of_case
from bot.console import labels
from bot.console.asked import case_of, draft, quote
from bot.console.bubbles import Bubble, bubbles, last_card
from bot.console.guard import me
from bot.console.inbox import called, language_name, title_of
from bot.console.words import Words, datetime_of
from bot.dialogue import taps
from bot.dialogue.hours import clock as hour_of
from bot.dialogue.hours import opening
from bot.documents import brief as brief_pages
from bot.line.incoming import TOKYO
from bot.store import audit, case_log, case_tags, cases, conversations, files, operators, thread
from bot.store.cases import Case
from bot.store.database import Session
from bot.store.thread import Entry

if TYPE_CHECKING:
    from bot.console.app import Console

SHOWN_INSIDE = ("image/jpeg", "image/png")
MOST_FINDS = 50
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/heic": "heic", "application/pdf": "pdf"}


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the thread, ready to be drawn."""

    entry: Entry
    bubbles: tuple[Bubble, ...]
    words: str | None
    actor: str | None
    about: str | None


def register(desk: Blueprint, console: "Console") -> None:
    """The page of a case and its forms."""

    @desk.get("/cases/<int:number>")
    def case(number: int) -> AnyResponse:
        found = case_of(console, number)
        _note_look(console, found)
        return show(console, found, finds=_finds(console, found))

    @desk.get("/cases/<int:number>/news")
    def case_news(number: int) -> AnyResponse:
        found = case_of(console, number)
        with console.database.read() as session:
            stamp = thread.stamp(session, found)
        if request.args.get("stamp") == stamp:
            return make_response("", 204)
        _mark_seen(console, found)
        return make_response(render_template("desk/case_live.html", **live(console, found)))

    @desk.get("/cases/<int:number>/brief.txt")
    def brief(number: int) -> AnyResponse:
        found = case_of(console, number)
        words = console.dictionary.words(me().language)
        with console.database.write() as session:
            audit.add(session, console.clock(), me().id, "brief", found.id)
        with console.database.read() as session:
            made = brief_of_case(console.house, session, found.id, console.clock())
        if made is None:
            abort(404)
        text = brief_pages.brief_text(
            made, console.office_words(words.tag), words.gettext, language_name(made.language)
        )
        headers = {"Content-Disposition": f'attachment; filename="case-{number}.txt"'}
        return Response(text, content_type="text/plain; charset=utf-8", headers=headers)

    @desk.get("/cases/<int:number>/files/<file_id>")
    def file(number: int, file_id: str) -> AnyResponse:
        found = case_of(console, number)
        with console.database.read() as session:
            kept = files.load(session, file_id)
            content = files.content_of(session, file_id) if kept else None
        if kept is None or kept.person != found.person or content is None:
            abort(404)
        with console.database.write() as session:
            audit.add(session, console.clock(), me().id, "file", found.id, file=file_id)
        return _file(kept, content)

    @desk.post("/cases/<int:number>/<any(take, release, say, repeat, ask, close, reopen, hand_over,"
               " snooze, wake, priority, tag, untag, note):action>")  # fmt: skip
    def act(number: int, action: str) -> AnyResponse:
        found = case_of(console, number)
        fault = ACTIONS[action](console, found)
        now = console.clock()
        with console.database.write() as session:
            audit.add(session, now, me().id, action, found.id, done=fault is None)
        if fault is None:
            return redirect(url_for("desk.case", number=number, _anchor=request.form.get("then")))
        return show(console, case_of(console, number), fault, 409)


def show(
    console: "Console", case: Case, fault: NotDone | None = None, status: int = 200, **more: Any
) -> AnyResponse:
    """The page of a case. `fault`: what could not be done just now."""
    words = console.dictionary.words(me().language)
    own = console.office_words(words.tag)
    now = console.clock()
    before = request.args.get("before", "")
    earlier = float(before) if before.replace(".", "", 1).isdecimal() else None
    with console.database.read() as session:
        made = brief_of_case(console.house, session, case.id, now)
        people = [one for one in operators.all_of(session) if one.state == operators.ACTIVE]
        kept = files.of_person(session, case.person)
        others = [one for one in cases.of_person(session, case.person) if one.id != case.id]
        tags = case_tags.in_use(session)
    parts = (
        brief_pages.parts(made, own, words.gettext, language_name(made.language)) if made else ()
    )
    library = console.content.library
    shown = render_template(
        "desk/case.html",
        **live(console, case, earlier),
        parts=parts, people=people, files=kept, others=others, tags=tags, fault=fault,
        fault_text=fault_text(console, words, fault),
        typed=more.pop("typed", request.form.get("text", "")),
        quote=_quoted(console, case), snoozes=_snoozes(console, now),
        flows=[(one, own.title(one)) for one in (*library.flows, *library.events)],
        topics=[(one, own.title(one)) for one in library.topics],
        **more,
    )  # fmt: skip
    return make_response(shown, status)


def live(console: "Console", case: Case, before: float | None = None) -> dict[str, Any]:
    """What an open page renews: who speaks, and the thread."""
    words = console.dictionary.words(me().language)
    now = console.clock()
    with console.database.read() as session:
        page = thread.thread(session, case, before)
        stamp = thread.stamp(session, case)
        names = operators.names(session)
        stored = conversations.load(session, (case.person,)).get(case.person)
        name = called(session, case)
    talk = stored.conversation if stored else None
    today = datetime_of(now).date()
    return {
        "case": case, "stamp": stamp, "name": name,
        "lines": [line_of(console, words, entry, names) for entry in page.entries],
        "earlier": page.earlier, "is_past": before is not None,
        "card": last_card(page.entries),
        "owner": talk.owner if talk else None,
        "reads": language_name((talk.language or talk.guess) if talk else case.language),
        "reads_tag": ((talk.language or talk.guess) if talk else case.language) or "en",
        "is_blocked": bool(stored and stored.blocked_at),
        "operator": names.get(case.operator, case.operator) if case.operator else None,
        "is_mine": case.operator == me().id,
        "title": title_of(console, words.tag, case),
        "deadline": words.days_left(case.deadline, today) if case.deadline else None,
        "is_near": bool(case.deadline and case.deadline <= today + timedelta(days=3)),
    }  # fmt: skip


def fault_text(console: "Console", words: Words, fault: NotDone | None) -> str | None:
    """Why something was not done, in the operator's language."""
    if fault is None:
        return None
    with console.database.read() as session:
        names = operators.names(session)
    who = names.get(fault.operator or "", words.gettext("nobody"))
    template = labels.NOT_DONE.get(fault.why, labels.NOT_DONE["gone"])
    text = words.gettext(template)
    return text % {"operator": who} if "%(operator)s" in text else text


# ---------------------------------------------------------------- what is done


def _take(console: "Console", case: Case) -> NotDone | None:
    return _fault(answering.take_over(console.house, case.id, me().id))


def _release(console: "Console", case: Case) -> NotDone | None:
    return _fault(answering.let_bot_speak(console.house, case.id, me().id))


def _say(console: "Console", case: Case) -> NotDone | None:
    texts, about = in_bubbles(draft()), quote()
    return _fault(
        answering.say_as_operator(
            console.house, case.id, me().id, texts, quote=about, name=me().name[:20]
        )
    )


def _repeat(console: "Console", case: Case) -> NotDone | None:
    row = request.form.get("row", "")
    return _fault(answering.repeat(console.house, case.id, me().id, row))


def _ask(console: "Console", case: Case) -> NotDone | None:
    flow, library = request.form.get("flow", ""), console.content.library
    if flow not in (*library.flows, *library.events, *library.topics):
        return NotDone(answering.EMPTY)
    return _fault(answering.let_bot_ask(console.house, case.id, me().id, flow))


def _close(console: "Console", case: Case) -> NotDone | None:
    reason = request.form.get("reason", "answered")
    if reason not in labels.CLOSING:
        reason = "other"
    tells = request.form.get("tells") == "yes"
    return _fault(answering.close(console.house, case.id, me().id, reason, tells=tells))


def _reopen(console: "Console", case: Case) -> NotDone | None:
    with console.database.write() as session:
        opened = cases.reopen(session, case.id, me().id, console.clock())
    return None if opened else NotDone(answering.GONE)


def _hand_over(console: "Console", case: Case) -> NotDone | None:
    to = request.form.get("to") or None
    holder = case.operator or ""
    if holder != me().id and not me().is_admin:
        return NotDone(answering.NOT_YOURS, case.operator)
    with console.database.read() as session:
        target = operators.load(session, to) if to else None
    if to and (target is None or target.state != operators.ACTIVE):
        return NotDone(answering.GONE)
    return _fault(answering.hand_over(console.house, case.id, holder, to, by=me().id))


def _snooze(console: "Console", case: Case) -> NotDone | None:
    until = _instant(request.form.get("until", ""))
    now = console.clock()
    if until is None or not now < until < now + 366 * 86_400:
        return NotDone(answering.EMPTY)
    return _change(console, lambda s: cases.snooze(s, case.id, me().id, until, now))


def _wake(console: "Console", case: Case) -> NotDone | None:
    return _change(console, lambda s: cases.wake_case(s, case.id, me().id, console.clock()))


def _priority(console: "Console", case: Case) -> NotDone | None:
    text = request.form.get("priority", "")
    wanted = {str(one): one for one in cases.PRIORITIES}.get(text)
    if wanted is None:
        return NotDone(answering.EMPTY)
    now = console.clock()
    with console.database.write() as session:
        cases.set_priority(session, case.id, me().id, wanted, now)
    return None


def _tag(console: "Console", case: Case) -> NotDone | None:
    tag = request.form.get("tag", "")
    return _change(console, lambda s: case_tags.add(s, case.id, me().id, tag, console.clock()))


def _untag(console: "Console", case: Case) -> NotDone | None:
    tag = request.form.get("tag", "")
    return _change(console, lambda s: case_tags.remove(s, case.id, me().id, tag, console.clock()))


def _note(console: "Console", case: Case) -> NotDone | None:
    words = request.form.get("text", "")
    with console.database.write() as session:
        kept = case_log.add_note(session, case.id, me().id, words, console.clock())
    return None if kept else NotDone(answering.EMPTY)


ACTIONS: Mapping[str, Callable[["Console", Case], NotDone | None]] = {
    "take": _take, "release": _release, "say": _say, "repeat": _repeat, "ask": _ask,
    "close": _close, "reopen": _reopen, "hand_over": _hand_over, "snooze": _snooze, "wake": _wake,
    "priority": _priority, "tag": _tag, "untag": _untag, "note": _note,
}  # fmt: skip


def in_bubbles(text: str) -> Sequence[str]:
    """What was typed, as messages: a line of three or more hyphens begins the next one."""
    parts: list[list[str]] = [[]]
    for line in text.split("\n"):
        if len(line.strip()) >= 3 and set(line.strip()) == {"-"}:
            parts.append([])
        else:
            parts[-1].append(line)
    return [whole for part in parts if (whole := "\n".join(part).strip())]


# ---------------------------------------------------------------- inside


def _fault(result: Done | NotDone) -> NotDone | None:
    return result if isinstance(result, NotDone) else None


def _change(console: "Console", change: Callable[[Session], bool]) -> NotDone | None:
    with console.database.write() as session:
        return None if change(session) else NotDone(answering.EMPTY)


def _note_look(console: "Console", case: Case) -> None:
    with console.database.write() as session:
        audit.add(session, console.clock(), me().id, "looked", case.id)
        if case.operator in (None, me().id):
            cases.see(session, case.id, console.clock())


def _mark_seen(console: "Console", case: Case) -> None:
    if case.operator == me().id and case.is_unread:
        with console.database.write() as session:
            cases.see(session, case.id, console.clock())


def line_of(console: "Console", words: Words, entry: Entry, names: Mapping[str, str]) -> Line:
    """An entry as the page draws it, in the operator's language."""
    text = entry.text
    if entry.who == thread.PERSON and entry.kind == "button" and text:
        text = _tap_in_words(console, words, text)
    actor = names.get(entry.actor, entry.actor) if entry.actor else None
    return Line(entry, bubbles(entry.messages), text, actor, _event_about(words, entry, names))


def _tap_in_words(console: "Console", words: Words, data: str) -> str:
    """What the person tapped, in the operator's language."""
    tap = taps.read(data)
    own, library = console.office_words(words.tag), console.content.library
    if tap is None:
        return data
    if tap.kind == "a" and (flow := library.flow_or_topic(tap.flow)) is not None:
        question = flow.questions.get(tap.question)
        options = question.options if question is not None else ()
        option = next((one for one in options if one.id == tap.value), None)
        if question is not None:
            value = own.label(option.label) if option is not None else tap.value
            return f"{own.label(question.ask)} → {value}"
    if tap.kind in ("o", "e"):
        return str(own.title(tap.value)) or tap.value
    for name in (f"button_{tap.value}", f"request_{tap.value}", tap.value):
        if own.has_talk(name):
            return str(own.label(library.talk[name]))
    return tap.value or data


def _event_about(words: Words, entry: Entry, names: Mapping[str, str]) -> str | None:
    if entry.who != thread.EVENT:
        return None
    found = entry.details
    about = {
        "owner": labels.OWNERS.get(str(found.get("to"))),
        "closed": labels.REASONS.get(str(found.get("reason"))),
        "rated": labels.RATINGS.get(str(found.get("rating"))),
        "priority": labels.PRIORITIES.get(found.get("priority", 0)),
    }.get(entry.kind)
    if about:
        return words.gettext(about)
    if entry.kind == "handed_over":
        return names.get(str(found.get("to")), words.gettext("to all"))
    if entry.kind in ("booked", "booking_moved", "booking_cancelled"):
        return words.moment(float(found.get("start", 0)))
    if entry.kind == "snoozed":
        return words.moment(float(found.get("until", 0)))
    plain = found.get("tag") or found.get("flow")
    return str(plain) if plain else None


def _finds(console: "Console", case: Case) -> list[tuple[Entry, str]] | None:
    """Where the wanted words stand in this case, each with the words around them; None when
    nothing was looked for."""
    wanted = request.args.get("find", "").strip()[:200]
    if not wanted:
        return None
    with console.database.read() as session:
        entries = thread.find(session, case, wanted)
    return [(one, _around(thread.words_in(one), wanted)) for one in entries[:MOST_FINDS]]


def _around(text: str, wanted: str, more: int = 60) -> str:
    whole = " ".join(text.split())
    at = max(0, thread.plain(whole).find(thread.plain(wanted)))
    start, end = max(0, at - more), at + len(wanted) + more
    return ("…" if start else "") + whole[start:end] + ("…" if end < len(whole) else "")


def _quoted(console: "Console", case: Case) -> Entry | None:
    """The message of the person's that the answer quotes."""
    wanted = request.args.get("quote") or quote()
    if not wanted:
        return None
    with console.database.read() as session:
        entries = thread.thread(session, case).entries
    return next((e for e in entries if e.who == thread.PERSON and e.message_id == wanted), None)


def _snoozes(console: "Console", now: float) -> list[tuple[str, float]]:
    """Moments to come back at: in three hours, the next opening, a week from now."""
    at = datetime_of(now)
    library = console.content.library
    coming = opening(library, at).next
    hour = hour_of((library.office.get("hours") or {}).get("from", "9:00"))
    week = datetime.combine(at.date() + timedelta(days=7), hour, TOKYO)
    moments = [at + timedelta(hours=3), *([coming] if coming else []), week]
    return [(moment.isoformat(timespec="minutes"), moment.timestamp()) for moment in moments]


def _instant(text: str) -> float | None:
    """The moment of a form: a day, or a day and a time, in Asia/Tokyo."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if len(text.strip()) == 10:
        found = datetime.combine(date.fromisoformat(text.strip()), time(9, 0))
    return (found if found.tzinfo else found.replace(tzinfo=TOKYO)).timestamp()


def _file(kept: files.File, content: bytes) -> AnyResponse:
    kind = kept.kind if kept.kind in ENDINGS else "application/octet-stream"
    way = "inline" if kind in SHOWN_INSIDE else "attachment"
    name = f"{kept.id[:8]}.{ENDINGS.get(kind, 'bin')}"
    return Response(
        content,
        content_type=kind,
        headers={
            "Content-Disposition": f'{way}; filename="{name}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )
