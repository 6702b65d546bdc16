"""Requests: what a person can ask for at any time, in any flow."""

from dataclasses import replace

from bot.dialogue import answering, booking, handoff, intake, menu, taps, telling
from bot.dialogue.answering import Turn
from bot.dialogue.conversation import Conversation
from bot.dialogue.days import days_told
from bot.dialogue.replies import Button, Paragraphs, Say
from bot.dialogue.requests import CalendarLink, DeleteEverything, ExportLink, OpenCase, RateCase
from bot.dialogue.world import World
from bot.flow.model import Spoken

OFFICE_MUST_ACT_IN_DAYS = 30

NAMES = frozenset(
    ("human", "menu", "back", "restart", "language", "help", "delete-data", "export-data",
     "reminder", "answers", "continue", "text", "refine", "my-data", "bot-again", "end-request",
     "last-result", "book")
)  # fmt: skip
"""The requests a text or a button can make."""


def carry_out(conversation: Conversation, world: World, name: str) -> Turn:
    """Do what was asked; an unknown request shows the menu."""
    calm = replace(conversation, failures=0)
    match name:
        case "back":
            return answering.back(calm, world)
        case "restart":
            return _restart(calm, world)
        case "continue":
            return _continue(calm, world)
        case "text" | "refine" | "answers":
            return _about_the_walk(calm, world, name)
        case "language":
            return Turn(calm, (telling.language_menu(world),))
        case "human":
            return intake.begin(calm, world)
        case "book":
            return booking.begin(calm, world)
        case "bot-again" | "last-result":
            return handoff.carry_out(calm, world, name)
        case "end-request" if world.open_case:
            return handoff.carry_out(calm, world, name)
        case "rating-well" | "rating-so" | "rating-badly":
            return _rated(calm, world, name.removeprefix("rating-"))
        case "help":
            return _said_beside(calm, world, world.say("help"))
        case "reminder":
            return _reminder(calm, world)
        case "my-data":
            return Turn(calm, (telling.my_data(world),))
        case "export-data":
            return _export(calm, world)
        case "delete-data" | "delete-yes" | "delete-no":
            return _delete(calm, world, name)
        case _:
            left = replace(calm, pending=None)
            return Turn(left, (menu.top(world, left),))


def _rated(conversation: Conversation, world: World, rating: str) -> Turn:
    turn = handoff.rated(conversation, world)
    return Turn(turn.conversation, turn.replies, (RateCase(rating),))


def _restart(conversation: Conversation, world: World) -> Turn:
    walk = conversation.walk
    flow = world.flow(walk.flow) if walk else None
    if flow is None:
        return Turn(conversation, (menu.top(world, conversation),))
    return answering.begin(conversation, world, flow, world.say("started_over"))


def _continue(conversation: Conversation, world: World) -> Turn:
    walk = conversation.walk
    flow = world.flow(walk.flow) if walk else None
    if flow is None:
        return Turn(conversation, (menu.top(world, conversation),))
    return answering.go_on(replace(conversation, pending=None), world, flow)


def _about_the_walk(conversation: Conversation, world: World, name: str) -> Turn:
    walk = conversation.walk
    flow = world.flow(walk.flow) if walk else None
    if walk is None or flow is None:
        return Turn(conversation, (menu.top(world, conversation),))
    if name == "answers":
        return Turn(conversation, (telling.my_answers(world, flow, walk),))
    if name == "text":
        return answering.go_on(conversation, world, flow, as_text=True)
    if flow.kind == "event":
        return answering.go_on(conversation, world, flow)
    solution = world.engine.solve(flow.id, walk.answers, world.today)
    more = [n for n in solution.refine if n not in (telling.PLACE, telling.FILING_ON)]
    if not more:
        return answering.go_on(conversation, world, flow)
    return answering.ask_again(conversation, world, flow, more[0])


def _said_beside(conversation: Conversation, world: World, text: Spoken) -> Turn:
    """Say it, and come back to the open question, else to the menu."""
    opened = answering.open_question(conversation, world)
    if opened is None:
        return Turn(conversation, (Say(text), menu.top(world, conversation)))
    again = answering.put(conversation, world, opened[0], opened[1].name, (text,))
    return Turn(conversation, (again,))


def _reminder(conversation: Conversation, world: World) -> Turn:
    """Reminders are not sent; but the days can go into the person's own calendar."""
    if not days_told(world.engine, conversation, world.today):
        return _said_beside(conversation, world, world.say("no_reminders"))
    buttons = (
        Button(world.say("button_open_calendar"), "@calendar", kind="link"),
        world.button("button_continue", taps.request("continue")),
        world.button("button_menu", taps.request("menu")),
    )
    texts = (world.say("no_reminders_but"), world.say("calendar_ready"))
    return Turn(conversation, (Paragraphs(texts, buttons),), (CalendarLink(),))


def _export(conversation: Conversation, world: World) -> Turn:
    link = Button(world.say("button_open_export"), "@export", kind="link")
    menu = world.button("button_menu", taps.request("menu"))
    return Turn(conversation, (Say(world.say("export_ready"), (link, menu)),), (ExportLink(),))


def _delete(conversation: Conversation, world: World, name: str) -> Turn:
    if name == "delete-data":
        buttons = (
            world.button("button_delete_yes", taps.reply_to("delete", "yes")),
            world.button("button_delete_no", taps.reply_to("delete", "no")),
        )
        asked = replace(conversation, pending=("delete", ""))
        return Turn(asked, (Say(world.say("delete_confirm"), buttons),))
    if name == "delete-no" or not (conversation.pending and conversation.pending[0] == "delete"):
        left = replace(conversation, pending=None)
        return Turn(left, (Say(world.say("delete_not_done")), menu.top(world, left)))
    if world.open_case:
        case = OpenCase("delete", due_days=OFFICE_MUST_ACT_IN_DAYS)
        told = Say(world.say("delete_asked", days=OFFICE_MUST_ACT_IN_DAYS))
        return Turn(replace(conversation, pending=None), (told,), (case,))
    return Turn(Conversation(), (Say(world.say("deleted")),), (DeleteEverything(),))
