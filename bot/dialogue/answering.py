"""An answer is given: it is read, replayed, and the walk goes on or ends in a result."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.dialogue import asking, duties, menu, taps, telling, told
from bot.dialogue.conversation import HEARD, Conversation, Walk
from bot.dialogue.replies import Reply, Say
from bot.dialogue.requests import Request
from bot.dialogue.world import World
from bot.flow.model import UNSURE, Flow, NotAnAnswer, Progress, Question, Spoken, Value
from bot.flow.places import needs_municipality

MANY_FAILURES = 3


@dataclass(frozen=True, slots=True)
class Turn:
    """What one event leads to."""

    conversation: Conversation
    replies: tuple[Reply, ...] = ()
    requests: tuple[Request, ...] = ()


def open_question(conversation: Conversation, world: World) -> tuple[Flow, Question] | None:
    """The question that the person is expected to answer now, or None."""
    walk = conversation.walk
    if walk is None or (flow := world.flow(walk.flow)) is None:
        return None
    name = None
    if conversation.pending and conversation.pending[0] in ("change", "several", "municipality"):
        name = conversation.pending[1].partition("=")[0]
    if name is None:
        name = world.engine.replay(flow.id, walk.answers, world.today).question
    question = asking.question_of(flow, name) if name else None
    return (flow, question) if question else None


def start(conversation: Conversation, world: World, flow: Flow, *before: Spoken) -> Turn:
    """Begin a flow from its first question; an unfinished walk of it is offered first.

    The card of an event that was shown today is shown again: its duties are opened one by one.
    """
    kept = conversation.walk_of(flow.id)
    if kept and flow.kind == "event" and kept.told and kept.told_on == world.today:
        return go_on(replace(conversation.open_walk(kept), pending=None), world, flow, before)
    if kept and kept.answers and flow.kind != "topic":
        front = conversation.open_walk(kept)
        progress = world.engine.replay(flow.id, kept.answers, world.today)
        if progress.question is not None:
            said = tuple(Say(text) for text in before)
            return Turn(front, (*said, continue_or_restart(world, flow)))
    return begin(conversation, world, flow, *before)


def begin(conversation: Conversation, world: World, flow: Flow, *before: Spoken) -> Turn:
    """Begin a flow anew, without its old answers."""
    walk = Walk(flow.id, flow.fingerprint)
    return go_on(replace(conversation.open_walk(walk), pending=None), world, flow, before)


def continue_or_restart(world: World, flow: Flow) -> Say:
    """Both choices for somebody who comes back to an unfinished walk."""
    buttons = (
        world.button("button_continue", taps.request("continue")),
        world.button("button_restart", taps.request("restart")),
        world.button("button_menu", taps.request("menu")),
    )
    return Say(world.say("continue_or_restart", procedure=flow.title), buttons)


def go_on(
    conversation: Conversation,
    world: World,
    flow: Flow,
    before: tuple[Spoken, ...] = (),
    *,
    as_text: bool = False,
) -> Turn:
    """Replay the walk: ask what is open, or tell the result."""
    walk = conversation.walk
    if walk is None:
        return Turn(conversation, (menu.top(world, conversation),))
    progress = world.engine.replay(flow.id, walk.answers, world.today)
    if progress.dropped:
        changed = walk.fingerprint != flow.fingerprint
        before = (*before, world.say("rules_changed" if changed else "answers_dropped"))
    walk = Walk(flow.id, flow.fingerprint, progress.answers, walk.told, walk.told_on)
    if progress.question is not None:
        conversation = replace(conversation, walk=walk)
        question = put(conversation, world, flow, progress.question, before)
        return Turn(conversation, (question,))
    reply = _end(conversation, world, flow, walk, before, as_text)
    told = Walk(flow.id, flow.fingerprint, progress.answers, progress.outcome, world.today)
    return Turn(replace(conversation, walk=told, failures=0), (reply,))


def _end(
    conversation: Conversation,
    world: World,
    flow: Flow,
    walk: Walk,
    before: tuple[Spoken, ...],
    as_text: bool,
) -> Reply:
    """What a finished walk ends in: the duties of a life event, or a result."""
    if flow.kind == "event":
        return duties.card(world, flow, walk, before=before, as_text=as_text)
    solution = world.engine.solve(flow.id, walk.answers, world.today)
    events = duties.events_of(conversation, world, solution)
    return telling.result(world, flow, walk, before=before, as_text=as_text, events=events)


def put(
    conversation: Conversation,
    world: World,
    flow: Flow,
    name: str,
    before: tuple[Spoken, ...] = (),
) -> Reply:
    """Ask one question in the light of what the person already told elsewhere."""
    walk = conversation.walk
    answered = {answer.name for answer in walk.answers} if walk else set()
    question = asking.question_of(flow, name)
    shared = question.shared if question else None
    known = conversation.known.get(shared) if shared and name not in answered else None
    written = None
    if question is not None and known is None and name not in answered:
        written = told.for_question(
            conversation.told, world, flow, question, walk.answers if walk else ()
        )
    walked = 0
    if walk:
        walked = world.engine.replay(flow.id, walk.answers, world.today).walked
    chosen: tuple[str, ...] = ()
    if conversation.pending and conversation.pending[0] == "several":
        chosen = tuple(filter(None, conversation.pending[1].partition("=")[2].split(",")))
    return asking.ask(
        world,
        flow,
        name,
        step=walked + 1,
        before=before,
        known=known,
        written=written,
        chosen=chosen,
        can_go_back=walked > 0 or conversation.pending is not None,
    )


def return_to_place(conversation: Conversation, world: World) -> Turn:
    """The open question again, else the result, else the menu."""
    opened = open_question(conversation, world)
    if opened:
        again = put(conversation, world, opened[0], opened[1].name)
        return Turn(conversation, (again,))
    walk = conversation.walk
    flow = world.flow(walk.flow) if walk else None
    if flow is None:
        return Turn(conversation, (menu.top(world, conversation),))
    return go_on(conversation, world, flow)


def take_answer(
    conversation: Conversation, world: World, flow: Flow, name: str, raw: Value
) -> Turn:
    """Give `raw` as the answer to `name`, in the current walk or an earlier one."""
    walk = conversation.walk_of(flow.id) or Walk(flow.id, flow.fingerprint)
    conversation = conversation.open_walk(walk)
    question = asking.question_of(flow, name)
    if question is None:
        return go_on(conversation, world, flow, (world.say("old_button"),))
    if question.kind == "several" and isinstance(raw, str) and raw != UNSURE:
        collected = _collect(conversation, world, flow, question, raw)
        if isinstance(collected, Turn):
            return collected
        raw = collected
    value = world.engine.read(flow.id, name, raw, world.today, walk.answers)
    if isinstance(value, NotAnAnswer):
        return not_an_answer(conversation, world, flow, question, value)
    if _needs_municipality(world, question, value) and _was_not_asked(conversation, name):
        return _ask_municipality(conversation, world, flow, question, value)
    progress = world.engine.answer(flow.id, walk.answers, name, value, world.today)
    if isinstance(progress, NotAnAnswer):
        return not_an_answer(conversation, world, flow, question, progress)
    return _after_answer(conversation, world, flow, question, value, walk, progress)


def _after_answer(
    conversation: Conversation,
    world: World,
    flow: Flow,
    question: Question,
    value: Value,
    walk: Walk,
    progress: Progress,
) -> Turn:
    known = dict(conversation.known)
    if question.shared and value != UNSURE:
        known[question.shared] = value
    moved = replace(
        conversation,
        walk=Walk(flow.id, flow.fingerprint, progress.answers, walk.told, walk.told_on),
        known=known,
        told=told.without(conversation.told, question),
        pending=None,
        failures=0,
    )
    before: tuple[Spoken, ...] = ()
    if progress.dropped:
        changed = walk.fingerprint != flow.fingerprint
        before = (world.say("rules_changed" if changed else "answers_dropped"),)
    return go_on(moved, world, flow, before)


def not_an_answer(
    conversation: Conversation,
    world: World,
    flow: Flow,
    question: Question,
    problem: NotAnAnswer,
) -> Turn:
    """Say what was wrong with the answer and ask again; after three times offer a person."""
    failed = replace(conversation, failures=conversation.failures + 1)
    before: tuple[Spoken, ...] = (Spoken(world.library.talk[problem.reason], problem.params),)
    if failed.failures >= MANY_FAILURES:
        before = (*before, world.say("offer_person"))
    return Turn(failed, (put(failed, world, flow, question.name, before),))


def ask_again(conversation: Conversation, world: World, flow: Flow, name: str) -> Turn:
    """Open an answered question (or a refining one) again; later answers are kept."""
    if asking.question_of(flow, name) is None:
        return go_on(conversation, world, flow, (world.say("old_button"),))
    walk = conversation.walk_of(flow.id) or Walk(flow.id, flow.fingerprint)
    opened = replace(conversation.open_walk(walk), pending=("change", name))
    return Turn(opened, (put(opened, world, flow, name),))


def back(conversation: Conversation, world: World) -> Turn:
    """One question back; from a question asked again, back to the result."""
    walk = conversation.walk
    flow = world.flow(walk.flow) if walk else None
    if walk is None or flow is None:
        return Turn(conversation, (menu.top(world, conversation),))
    if conversation.pending:
        return go_on(replace(conversation, pending=None), world, flow)
    progress = world.engine.back(flow.id, walk.answers, world.today)
    was_at_the_start = world.engine.replay(flow.id, walk.answers, world.today).walked == 0
    before = (world.say("at_the_start"),) if was_at_the_start else ()
    return go_on(
        replace(conversation, walk=replace(walk, answers=progress.answers)), world, flow, before
    )


def remember_message(conversation: Conversation, message_id: str, where: str) -> Conversation:
    """Note which question a message answered, so that taking it back reopens the question."""
    heard = (*conversation.heard, (message_id, where))[-HEARD:]
    return replace(conversation, heard=heard)


def _collect(
    conversation: Conversation, world: World, flow: Flow, question: Question, raw: str
) -> Turn | tuple[str, ...]:
    """Gather the options of a question of several: a trailing comma means done."""
    picked = tuple(part for part in raw.split(",") if part)
    if raw.endswith(",") or len(picked) > 1 or picked == ("none",):
        return picked
    already: tuple[str, ...] = ()
    if conversation.pending and conversation.pending[0] == "several":
        already = tuple(filter(None, conversation.pending[1].partition("=")[2].split(",")))
    ids = tuple(dict.fromkeys((*already, *picked)))
    waiting = replace(conversation, pending=("several", f"{question.name}={','.join(ids)}"))
    before = (world.say("several_so_far", count=len(ids)),)
    return Turn(waiting, (put(waiting, world, flow, question.name, before),))


def _needs_municipality(world: World, question: Question, value: Value) -> bool:
    return (
        question.kind == "place"
        and isinstance(value, Mapping)
        and value.get("municipality") is None
        and needs_municipality(str(value["prefecture"]), world.library)
    )


def _was_not_asked(conversation: Conversation, name: str) -> bool:
    pending = conversation.pending
    return not (pending and pending[0] == "municipality" and pending[1].startswith(f"{name}="))


def _ask_municipality(
    conversation: Conversation, world: World, flow: Flow, question: Question, value: Value
) -> Turn:
    prefecture = str(value["prefecture"]) if isinstance(value, Mapping) else ""
    waiting = replace(conversation, pending=("municipality", f"{question.name}={prefecture}"))
    buttons = asking.municipality_buttons(world, flow, question, prefecture)
    text = world.say("which_municipality", prefecture=world.library.places[prefecture])
    return Turn(waiting, (Say(text, buttons),))
