"""What is told outside of a question: results, languages, my answers, a person."""

from collections.abc import Sequence

from bot.dialogue import menu, taps
from bot.dialogue.asking import question_of, value_text
from bot.dialogue.conversation import Walk
from bot.dialogue.days import days_of
from bot.dialogue.replies import Button, ListOfAnswers, Paragraphs, Reply, Result, Say
from bot.dialogue.world import World, verbatim
from bot.flow.consultations import of_office
from bot.flow.model import Flow, Solution, Spoken

FILING_ON, PLACE = "filing_on", "place"
ABOUT_THE_OFFICE = ("our-services", "consultation")
"""The topics under which an appointment is offered."""


def result(
    world: World,
    flow: Flow,
    walk: Walk,
    *,
    before: tuple[Spoken, ...] = (),
    as_text: bool = False,
    events: Sequence[Button] = (),
) -> Result:
    """The result card of a finished walk, with the buttons that lead on from it, among them
    those of life `events` that hold more than this."""
    solution = world.engine.solve(flow.id, walk.answers, world.today)
    if walk.told and walk.told != solution.outcome and walk.told_on != world.today:
        before = (*before, world.say("answer_changed"))
    buttons = _after_result(world, flow, solution, as_text, events)
    return Result(solution, buttons, before, as_text)


def _after_result(
    world: World, flow: Flow, solution: Solution, as_text: bool, events: Sequence[Button]
) -> tuple[Button, ...]:
    person = world.button("button_person", taps.request("human"))
    urgent = solution.handoff in ("offer", "urgent") or solution.is_old
    buttons: list[Button] = [person] if urgent else []
    if flow.id in ABOUT_THE_OFFICE and of_office(world.library.office) is not None:
        buttons.append(world.button("button_book", taps.request("book")))
    if solution.start_flow and world.flow(solution.start_flow):
        buttons.append(menu.subject(world, solution.start_flow))
    if not as_text:
        buttons.append(world.button("button_text", taps.request("text")))
    for name in solution.refine:
        if name == PLACE:
            buttons.append(world.button("button_office", taps.change(flow, name)))
        elif name == FILING_ON:
            buttons.append(world.button("button_other_day", taps.change(flow, name)))
    if any(name not in (PLACE, FILING_ON) for name in solution.refine):
        buttons.append(world.button("button_refine", taps.request("refine")))
    told = (*solution.deadlines, *(step.deadline for step in solution.steps if step.deadline))
    if days_of(flow.id, told, world.today):
        buttons.append(world.button("button_calendar", taps.request("reminder")))
    if solution.answers:
        buttons.append(world.button("button_answers", taps.request("answers")))
    offered = {button.tap for button in events}
    follow_ups = menu.subjects(world, solution.follow_ups)
    buttons += [*events, *(button for button in follow_ups if button.tap not in offered)]
    if not urgent:
        buttons.append(person)
    buttons.append(world.button("button_menu", taps.request("menu")))
    return tuple(buttons)


def language_menu(world: World) -> Say:
    """The languages, each in its own script."""
    buttons = tuple(Button(verbatim(name), taps.language(tag)) for tag, name in world.languages)
    return Say(world.say("choose_language"), buttons)


def language_named(world: World, text: str) -> str | None:
    """The language whose own name (or tag) is all of the message."""
    said = text.strip().casefold()
    names = {name.casefold(): tag for tag, name in world.languages}
    names |= {tag.casefold(): tag for tag, _ in world.languages if tag != "id"}
    return names.get(said)


def welcome(world: World, *, with_languages: bool) -> Paragraphs:
    """First contact: what this is, and in two lines what is kept, why and how long.

    `with_languages` adds a line with the languages, for when no menu of them follows."""
    office = str(world.library.office["name"])
    kept = world.say("notice", office=office, raw_days=world.raw_days, talk_days=world.talk_days)
    texts: tuple[Spoken, ...] = (
        world.say("welcome", office=office),
        kept,
        world.say("notice_rights"),
    )
    if with_languages:
        names = " · ".join(name for _, name in world.languages)
        texts = (*texts, world.say("write_language", languages=names))
    return Paragraphs(texts)


def my_answers(world: World, flow: Flow, walk: Walk) -> Reply:
    """The answers of this walk, each with a button that changes it."""
    items, buttons = [], []
    for answer in walk.answers:
        question = question_of(flow, answer.name)
        if question is None:
            continue
        value = value_text(world, question, answer.value)
        items.append((Spoken(question.ask), world.say("your_answer", value=value)))
        tap = taps.change(flow, answer.name)
        buttons.append(world.button("button_change", tap, number=len(items)))
    buttons = buttons[:10]
    buttons.append(world.button("button_continue", taps.request("continue")))
    buttons.append(world.button("button_restart", taps.request("restart")))
    return ListOfAnswers(flow.id, tuple(items), tuple(buttons))


def person(world: World) -> Paragraphs:
    """How to reach a person: the office's phone and hours, and the official line."""
    office = world.library.office
    hours = office["hours"]
    texts = (
        world.say(
            "person",
            office=str(office["name"]),
            phone=str(office["phone"]),
            opens=str(hours["from"]),
            closes=str(hours["to"]),
        ),
        world.say("person_when_closed"),
        world.say("official_line"),
    )
    buttons = (
        world.button("button_continue", taps.request("continue")),
        world.button("button_menu", taps.request("menu")),
    )
    return Paragraphs(texts, buttons)


def my_data(world: World) -> Paragraphs:
    """What is kept, and one tap each for a copy and for deletion."""
    texts = (world.say("data_kept"), world.say("notice_rights"))
    buttons = (
        world.button("button_export", taps.request("export-data")),
        world.button("button_delete", taps.request("delete-data")),
        world.button("button_menu", taps.request("menu")),
    )
    return Paragraphs(texts, buttons)
