"""Before a person is asked: what is still missing for a good first answer, and the consent.

Every question can be skipped, and all of them at once. Nothing is passed on before the person has
seen it and said yes; only a case of danger or of a day that is here stands before the office at
once, without any of this. The answers live in `Conversation.intake` until then.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.dialogue import handoff, menu, taps, telling
from bot.dialogue.answering import Turn, remember_message
from bot.dialogue.conversation import Conversation
from bot.dialogue.days import days_told
from bot.dialogue.replies import Button, Paragraphs
from bot.dialogue.requests import ForgetMessage, ForgetPassedOn, OpenCase, OwnerChanged
from bot.dialogue.world import World
from bot.flow.model import Library, Param, Sentence, Solution, Spoken, Value
from bot.flow.own_office import services

TAP, HEARD = "intake-", "intake/"
INTAKE, CONSENT = "intake", "consent"
STEPS = ("kind", "services", "name", "way", "contact", "times", "sentence")
KINDS = ("question", "application", "papers", "letter", "appointment", "other")
WAYS = ("line", "phone", "visit")
TIMES = ("morning", "afternoon", "evening", "any")
CHOICES: Mapping[str, tuple[str, ...]] = {"kind": KINDS, "way": WAYS, "times": TIMES}
LONGEST: Mapping[str, int] = {"name": 60, "contact": 120, "times": 120, "sentence": 500}
SKIP, SKIP_ALL, DONE, YES, NO = "skip", "skip-all", "done", "yes", "no"
_LEAVES = ("menu", "language", "help", "my-data", "delete-data", "restart", "back", "bot-again")
_SHORT = 20


@dataclass(frozen=True, slots=True)
class Subject:
    """What a conversation is about now: for the case's coded columns."""

    flow: str | None = None
    outcome: str | None = None
    deadline: date | None = None
    fingerprint: str | None = None
    is_urgent: bool = False


def begin(conversation: Conversation, world: World) -> Turn:
    """Somebody wants a person: ask what is missing, or say where it stands if that is known."""
    subject = subject_of(conversation, world)
    if world.open_case and CONSENT in conversation.intake:
        return _pass_on(conversation, world)
    began = replace(conversation, intake={}, pending=None)
    if not subject.is_urgent:
        return _next(began, world, handoff.when_open(world))
    # Nobody whose day is here waits for questions: the numbers to call come first.
    now = Paragraphs((world.say("handoff_urgent"), *telling.person(world).texts))
    turn = _next(began, world)
    return Turn(turn.conversation, (now, *turn.replies), (_case("urgent", subject, None),))


def tapped(conversation: Conversation, world: World, question: str, value: str) -> Turn:
    """A button of these questions; one of an earlier time leads on from where we are."""
    step = question.removeprefix(TAP)
    open_step = _open_step(conversation)
    if open_step is None or (step != open_step and value != SKIP_ALL):
        return _next(conversation, world) if open_step else begin(conversation, world)
    if value == SKIP_ALL:
        skipped = {one: "" for one in STEPS if one not in conversation.intake}
        return _next(_with(conversation, skipped), world)
    if step == CONSENT:
        return _consented(conversation, world) if value == YES else _refused(conversation, world)
    if value == SKIP:
        return _next(_with(conversation, {step: ""}), world)
    if step == "services":
        return _service(conversation, world, value)
    if value not in CHOICES.get(step, ()):
        return _next(conversation, world)
    return _next(_with(conversation, {step: value}), world)


def typed(conversation: Conversation, world: World, text: str, message_id: str = "") -> Turn | None:
    """Words as the answer to the open question; None when they are something else. `message_id`
    is noted, so that what is taken back can be forgotten here, too."""
    step = _open_step(conversation)
    if step is not None and (picked := world.understood.options):
        return tapped(conversation, world, TAP + step, picked[0])
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if step is None or (plain.rstrip(".").isdecimal() and len(plain) <= 2) or not plain:
        return None
    if leaves(world, plain):
        return None
    if step == CONSENT:
        return _ask_consent(conversation, world)
    if step in LONGEST:
        heard = remember_message(conversation, message_id, HEARD + step)
        return _next(_with(heard, {step: plain[: LONGEST[step]]}), world)
    # Words where a button was asked for: they are what the office should know.
    before = str(conversation.intake.get("sentence") or "")
    whole = f"{before} {plain}".strip()[: LONGEST["sentence"]]
    heard = remember_message(conversation, message_id, HEARD + "sentence")
    return _next(_with(heard, {"sentence": whole, step: ""}), world)


def labels(conversation: Conversation, library: Library) -> Mapping[str, Sentence]:
    """The buttons of the open question, by value, for those who type what stands on them."""
    step = _open_step(conversation)
    if step is None:
        return {}
    talk = library.talk
    if step == CONSENT:
        return {YES: talk["button_pass_on"], NO: talk["button_do_not_pass_on"]}
    found = {SKIP: talk["button_skip"], SKIP_ALL: talk["button_skip_all"]}
    found |= {value: talk[f"button_{step}_{value}"] for value in CHOICES.get(step, ())}
    if step == "services":
        found |= {str(number): one for number, one in enumerate(services(library.office))}
        found[DONE] = talk["button_done"]
    return found


def leaves(world: World, plain: str) -> bool:
    """True for a short message that asks for something else than what is open."""
    return world.understood.decision in _LEAVES and len(plain) <= _SHORT


def taken_back(conversation: Conversation, message_id: str, step: str) -> Turn:
    """What that message told for the office is forgotten, here and in the case."""
    left = {name: value for name, value in conversation.intake.items() if name != step}
    requests = (ForgetMessage(message_id), ForgetPassedOn(step))
    return Turn(replace(conversation, intake=left), (), requests)


def subject_of(conversation: Conversation, world: World) -> Subject:
    """What the open case is about, worked out anew from the answers."""
    walk = conversation.walk
    flow = world.flow(walk.flow) if walk else None
    if walk is None or flow is None:
        return Subject()
    if flow.kind == "event":
        days = days_told(world.engine, conversation, world.today)
        return Subject(flow.id, None, days[0].day if days else None, flow.fingerprint)
    solution = world.engine.solve(flow.id, walk.answers, world.today)
    day = _next_day(solution)
    return Subject(
        flow.id, solution.outcome, day, flow.fingerprint, _is_urgent(solution, day, world.today)
    )


# ---------------------------------------------------------------- the questions


def _next(conversation: Conversation, world: World, before: tuple[Spoken, ...] = ()) -> Turn:
    step = next((one for one in STEPS if _is_missing(conversation, one)), None)
    if step is None:
        return _ask_consent(conversation, world)
    asked = replace(conversation, pending=(INTAKE, step))
    texts = (*before, world.say(f"intake_{step}"))
    if step == STEPS[0]:
        texts = (*before, world.say("intake_begin"), world.say(f"intake_{step}"))
    return Turn(asked, (Paragraphs(texts, _buttons(conversation, world, step)),))


def _is_missing(conversation: Conversation, step: str) -> bool:
    given = conversation.intake
    if step in ("contact", "times") and given.get("way") not in ("phone", "visit"):
        return False
    if step == "services" and "services" in given:
        chosen = given["services"]
        return isinstance(chosen, tuple) and DONE not in chosen and chosen != ()
    return step not in given


def _buttons(conversation: Conversation, world: World, step: str) -> tuple[Button, ...]:
    buttons = []
    if step == "services":
        chosen = _chosen(conversation)
        for number, sentence in enumerate(services(world.library.office)):
            if str(number) not in chosen:
                tap = taps.reply_to(TAP + step, str(number))
                buttons.append(Button(Spoken(sentence), tap))
        if chosen:
            buttons.append(world.button("button_done", taps.reply_to(TAP + step, DONE)))
    for value in CHOICES.get(step, ()):
        tap = taps.reply_to(TAP + step, value)
        buttons.append(world.button(f"button_{step}_{value}", tap))
    buttons.append(world.button("button_skip", taps.reply_to(TAP + step, SKIP)))
    buttons.append(world.button("button_skip_all", taps.reply_to(TAP + step, SKIP_ALL)))
    way_back = "continue" if conversation.walk else "menu"
    buttons.append(world.button(f"button_{way_back}", taps.request(way_back)))
    return tuple(buttons)


def _service(conversation: Conversation, world: World, value: str) -> Turn:
    chosen = _chosen(conversation)
    if value != DONE and not (
        value.isdecimal() and int(value) < len(services(world.library.office))
    ):
        return _next(conversation, world)
    more = (*chosen, value) if value not in chosen else chosen
    if len(more) == len(services(world.library.office)):
        more = (*more, DONE)
    return _next(_with(conversation, {"services": more}), world)


def _chosen(conversation: Conversation) -> tuple[str, ...]:
    chosen = conversation.intake.get("services")
    return tuple(str(one) for one in chosen) if isinstance(chosen, tuple) else ()


# ---------------------------------------------------------------- consent


def _ask_consent(conversation: Conversation, world: World) -> Turn:
    """Show what is passed on, and ask."""
    asked = replace(conversation, pending=(INTAKE, CONSENT))
    office = str(world.library.office["name"])
    texts = [world.say("intake_shown", office=office), *_shown(conversation, world)]
    subject = subject_of(conversation, world)
    flow = world.flow(subject.flow) if subject.flow else None
    if flow is not None:
        texts.append(world.say("intake_shown_subject", procedure=flow.title))
    texts.append(world.say("intake_shown_talk"))
    texts.append(world.say("intake_consent"))
    buttons = (
        world.button("button_pass_on", taps.reply_to(TAP + CONSENT, YES)),
        world.button("button_do_not_pass_on", taps.reply_to(TAP + CONSENT, NO)),
    )
    return Turn(asked, (Paragraphs(tuple(texts), buttons),))


def _shown(conversation: Conversation, world: World) -> Iterator[Spoken]:
    for step in STEPS:
        value = _shown_value(conversation, world, step)
        if value is None:
            continue
        if step == "sentence":  # it speaks for itself
            yield world.say("your_answer", value=value)
        else:
            question = world.library.talk[f"intake_{step}"]
            yield world.say("intake_item", question=question, answer=value)


def _shown_value(conversation: Conversation, world: World, step: str) -> Param | None:
    value = conversation.intake.get(step)
    if step == "services":
        offered = services(world.library.office)
        chosen = [int(one) for one in _chosen(conversation) if one.isdecimal()]
        return tuple(offered[one] for one in chosen if one < len(offered)) or None
    if value in CHOICES.get(step, ()):
        return world.library.talk[f"button_{step}_{value}"]
    return str(value) if value else None


def _consented(conversation: Conversation, world: World) -> Turn:
    given = _with(conversation, {CONSENT: world.now.isoformat(timespec="seconds")})
    return _pass_on(given, world)


def _pass_on(conversation: Conversation, world: World) -> Turn:
    subject = subject_of(conversation, world)
    kept = {name: value for name, value in conversation.intake.items() if value}
    if "services" in kept:
        kept["services"] = tuple(one for one in _chosen(conversation) if one != DONE)
    moved, said = handoff.passed_on(replace(conversation, pending=None), world)
    kind = "urgent" if subject.is_urgent else "human"
    requests = (_case(kind, subject, kept), OwnerChanged(moved.owner))
    return Turn(moved, (said,), requests)


def _refused(conversation: Conversation, world: World) -> Turn:
    left = replace(conversation, pending=None, intake={})
    said = Paragraphs((world.say("intake_not_passed_on"), *telling.person(world).texts[:1]))
    return Turn(left, (said, menu.top(world, left)))


def _case(kind: str, subject: Subject, intake: Mapping[str, Value] | None) -> OpenCase:
    return OpenCase(
        kind, subject.flow, None, subject.outcome, subject.deadline, subject.fingerprint, intake
    )


# ---------------------------------------------------------------- inside


def _open_step(conversation: Conversation) -> str | None:
    pending = conversation.pending
    return pending[1] if pending and pending[0] == INTAKE else None


def _with(conversation: Conversation, more: Mapping[str, Value]) -> Conversation:
    return replace(conversation, intake={**conversation.intake, **more}, failures=0)


def _is_urgent(solution: Solution, day: date | None, today: date) -> bool:
    """The day is today or tomorrow, or it is over and the answer itself leads to a person."""
    if solution.handoff == "urgent" or day is None:
        return solution.handoff == "urgent"
    return today <= day <= today + timedelta(days=1) or (day < today and solution.handoff != "none")


def _next_day(solution: Solution) -> date | None:
    """The nearest last day that was told; one that has passed comes before all."""
    if solution.outcome is None:
        return None
    steps = [step.deadline for step in solution.steps if step.deadline is not None]
    told = (one.tell or one.law_last_day for one in (*solution.deadlines, *steps)
            if one.office != "none")  # fmt: skip
    return min((day for day in told if day is not None), default=None)
