"""Life events in a conversation: the card of all duties, and the way into each of them."""

from dataclasses import replace

from bot.dialogue import menu, taps
from bot.dialogue.conversation import Conversation, Walk
from bot.dialogue.days import days_of
from bot.dialogue.replies import Button, Duties
from bot.dialogue.world import World
from bot.flow.events import SolvedDuty
from bot.flow.model import OLD_AFTER, Answer, Flow, Solution, Spoken


def card(
    world: World, flow: Flow, walk: Walk, *, before: tuple[Spoken, ...] = (), as_text: bool = False
) -> Duties:
    """All duties of an event in their order, each with the button that opens it."""
    solved = world.engine.solve_event(flow.id, walk.answers, world.today)
    oldest = solved.oldest_check
    is_old = oldest is not None and world.today - oldest > OLD_AFTER
    person = world.button("button_person", taps.request("human"))
    urgent = is_old or any(_is_urgent(duty) for duty in solved.duties)
    buttons = [person] if urgent else []
    numbers: list[int | None] = []
    opened_by: dict[str, int] = {}
    for duty in solved.duties:
        if duty.flow is None or duty.solution is None:
            numbers.append(None)  # a pointer elsewhere: there is nothing to open
            continue
        if duty.flow not in opened_by:  # several duties of one flow share its button
            tap = taps.duty(flow.id, duty.flow)
            buttons.append(replace(menu.subject(world, duty.flow), tap=tap))
            opened_by[duty.flow] = len(buttons)
        numbers.append(opened_by[duty.flow])
    if not as_text:
        buttons.append(world.button("button_text", taps.request("text")))
    told = [duty.deadline for duty in solved.duties if duty.deadline is not None]
    if days_of(flow.id, told, world.today):
        buttons.append(world.button("button_calendar", taps.request("reminder")))
    if solved.answers:
        buttons.append(world.button("button_answers", taps.request("answers")))
    if not urgent:
        buttons.append(person)
    buttons.append(world.button("button_menu", taps.request("menu")))
    return Duties(solved, tuple(buttons), tuple(numbers), is_old, before, as_text)


def _is_urgent(duty: SolvedDuty) -> bool:
    """True when the answers already lead to an outcome that wants a person at once."""
    solution = duty.solution
    return duty.is_certain and solution is not None and solution.handoff == "urgent"


def open_duty(
    conversation: Conversation, world: World, event_id: str, flow_id: str
) -> Conversation | None:
    """The flow of a duty in front, begun with what the event knows; None if there is no such.

    What was answered in that flow before stays, unless the event says otherwise.
    """
    flow = world.library.flow_or_topic(flow_id)
    if flow is None or event_id not in world.library.events:
        return None
    event = conversation.walk_of(event_id)
    given = event.answers if event else ()
    known = world.engine.known_for_duty(event_id, flow_id, given, world.today)
    old = conversation.walk_of(flow_id)
    begun = Walk(flow.id, flow.fingerprint, (*known, *_still_good(known, old)))
    kept = world.engine.replay(flow.id, begun.answers, world.today).answers
    opened = conversation.open_walk(replace(begun, answers=kept))
    return replace(opened, pending=None, failures=0)


def _still_good(known: tuple[Answer, ...], old: Walk | None) -> tuple[Answer, ...]:
    """The answers of an earlier walk, if it was about the same: none contradicts what is known."""
    values = {answer.name: answer.value for answer in known}
    before = old.answers if old else ()
    if any(values.get(answer.name, answer.value) != answer.value for answer in before):
        return ()
    return tuple(answer for answer in before if answer.name not in values)


def events_of(conversation: Conversation, world: World, solution: Solution) -> list[Button]:
    """The life events worth offering on a result: one that led here, and those that the author
    names because more than one duty follows.

    Never by counting: of a death, too, two duties of a divorce follow (docs/decisions/0005)."""
    past = {walk.flow for walk in conversation.past}
    found = []
    for event in world.library.events.values():
        led_here = event.id in past and solution.flow in {duty.flow for duty in event.duties}
        if led_here or event.id in solution.follow_ups:
            found.append(menu.subject(world, event.id))
    return found
