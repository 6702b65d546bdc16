"""How a question is put: its answers as buttons, and what is offered beside them.

Numbers, taps and typed words all lead to the same answer, so the buttons made here are also
what the numbers mean. At most 13 fit under a LINE message.
"""

from datetime import date, timedelta

from bot.dialogue import taps
from bot.dialogue.replies import Ask, Button
from bot.dialogue.world import World, verbatim
from bot.flow.model import UNSURE, Flow, Option, Param, Question, Sentence, Spoken, Value

MOST_BUTTONS = 13
NO_OPTION = "none"
GROUPED_FROM = 11
"""A table with more rows than this is offered by groups first."""


def question_of(flow: Flow, name: str) -> Question | None:
    """The question or refine question of that name."""
    return flow.questions.get(name) or flow.refine.get(name)


def ask(
    world: World,
    flow: Flow,
    name: str,
    *,
    step: int,
    before: tuple[Spoken, ...] = (),
    known: Value | None = None,
    written: Value | None = None,
    group: str | None = None,
    chosen: tuple[str, ...] = (),
    can_go_back: bool = True,
) -> Ask:
    """The question `name`, with its answers and the ways out.

    `known`: what the person answered elsewhere, offered for confirmation; `written`: what a
    free text of theirs said. `group`: the rows
    of one group of a table. `chosen`: what is picked so far of a question of several.
    """
    question = question_of(flow, name)
    if question is None:
        raise LookupError(f"{flow.id} has no question {name!r}")
    options = _options(world, flow, question, group, chosen)
    if known is not None and group is None and known != UNSURE:
        same = taps.answer(flow, name, _in_tap(known))
        before = (*before, world.say("same_as_before", value=value_text(world, question, known)))
        options = (world.button("button_same", same), *options)
    elif written is not None and group is None:
        same = taps.answer(flow, name, _in_tap(written))
        before = (*before, world.say("you_wrote", value=value_text(world, question, written)))
        options = (world.button("button_that_is_right", same), *options)
    extras = []
    if question.why or question.on_card:
        extras.append(world.button("button_why", taps.why(flow, name)))
    if can_go_back:
        extras.append(world.button("button_back", taps.request("back")))
    extras.append(world.button("button_person", taps.request("human")))
    # Where little room is left, the person stays longest, then the way back.
    room = max(MOST_BUTTONS - len(options), 0)
    return Ask(flow.id, question, before, options, tuple(extras[-room:] if room else ()), step)


def value_text(world: World, question: Question, value: Value) -> Param:
    """An answer as it is read back to the person: a parameter for a sentence."""
    if value == UNSURE:
        return world.library.talk["button_unsure"]
    if question.kind == "date":
        return date.fromisoformat(str(value))
    if isinstance(value, str):
        option = next((o for o in question.options if o.id == value), None)
        return option.label if option else value
    if value == (NO_OPTION,):
        return world.library.talk["button_none"]
    if isinstance(value, tuple):
        first = next((o for o in question.options if o.id in value), None)
        return first.label if first and len(value) == 1 else len(value)
    if isinstance(value, (int, float)):
        return value
    return world.place_name(value)


def _in_tap(value: Value) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, (str, int, float)):
        return str(value)
    return f"{value['prefecture']}-{value['municipality'] or ''}"


def _options(
    world: World, flow: Flow, question: Question, group: str | None, chosen: tuple[str, ...]
) -> tuple[Button, ...]:
    unsure = world.button("button_unsure", taps.answer(flow, question.name, UNSURE))
    match question.kind:
        case "choice":
            found = _choices(world, flow, question, group)
            return found if _has_unsure(question) else (*found, unsure)
        case "several":
            return (*_several(world, flow, question, chosen), unsure)
        case "date":
            return (*_days(world, flow, question), unsure)
        case "place":
            here = Button(world.say("button_location"), "", kind="location")
            return (here, unsure)
        case _:
            return (unsure,)


def _has_unsure(question: Question) -> bool:
    return any(option.id == UNSURE for option in question.options)


def groups_of(world: World, question: Question) -> dict[str, Sentence]:
    """The groups in which a long table is offered, by id."""
    if question.table == "statuses":
        return dict(world.library.status_groups)
    return dict(question.groups)


def _choices(world: World, flow: Flow, question: Question, group: str | None) -> tuple[Button, ...]:
    groups = groups_of(world, question)
    if group is None and groups and len(question.options) > GROUPED_FROM:
        return tuple(
            Button(Spoken(label), taps.group(flow, question.name, group_id))
            for group_id, label in groups.items()
        )
    shown = [o for o in question.options if group is None or o.group == group]
    return tuple(_answer(flow, question, option) for option in shown)


def _answer(flow: Flow, question: Question, option: Option) -> Button:
    return Button(Spoken(option.label), taps.answer(flow, question.name, option.id))


def _several(
    world: World, flow: Flow, question: Question, chosen: tuple[str, ...]
) -> tuple[Button, ...]:
    left = [o for o in question.options if o.id not in chosen and o.id != NO_OPTION]
    picks = tuple(_answer(flow, question, option) for option in left)
    if not chosen:
        none = taps.answer(flow, question.name, NO_OPTION)
        return (*picks, world.button("button_none", none))
    done = taps.answer(flow, question.name, ",".join(chosen))
    return (world.button("button_done", f"{done},"), *picks)


def _days(world: World, flow: Flow, question: Question) -> tuple[Button, ...]:
    """The picker, and the days that are asked most: today and yesterday for what happened."""
    today = world.today
    past_only = question.not_after == "today"
    future_only = question.not_before == "today"
    picker = Button(
        world.say("button_pick_date"),
        taps.pick_date(flow, question.name),
        kind="date",
        initial=today,
        min=today if future_only else date(today.year - 20, 1, 1),
        max=today if past_only else date(today.year + 20, 12, 31),
    )
    if not past_only:
        return (picker,)
    yesterday = today - timedelta(days=1)
    return (
        picker,
        world.button("button_today", taps.answer(flow, question.name, today.isoformat())),
        world.button("button_yesterday", taps.answer(flow, question.name, yesterday.isoformat())),
    )


def municipality_buttons(
    world: World, flow: Flow, question: Question, prefecture: str
) -> tuple[Button, ...]:
    """The municipalities of a prefecture that change the office, "another one", a person."""
    named = tuple(
        Button(verbatim(name), taps.answer(flow, question.name, f"{prefecture}-{code}"))
        for code, name in world.municipalities_that_matter(prefecture)
    )
    other = taps.answer(flow, question.name, f"{prefecture}-none")
    elsewhere = world.button("button_elsewhere", other)
    person = world.button("button_person", taps.request("human"))
    return (*named[: MOST_BUTTONS - 2], elsewhere, person)
