"""The menu: the groups first, then the subjects of one; every subject is two taps away.

The groups are content (shared/menu.yaml). A subject whose file is not written yet, and a group
without any subject, are left out.
"""

from collections.abc import Iterable

from bot.dialogue import taps
from bot.dialogue.asking import MOST_BUTTONS
from bot.dialogue.conversation import Conversation
from bot.dialogue.replies import Button, Say
from bot.dialogue.world import World
from bot.flow.model import Spoken


def top(world: World, conversation: Conversation) -> Say:
    """The groups, the way back to the walk, and the ways to a person and another language."""
    buttons = [*_groups(world)] or subjects(world, (*world.library.flows, *world.library.topics))
    if conversation.walk is not None:
        buttons.append(world.button("button_continue", taps.request("continue")))
    buttons.append(world.button("button_person", taps.request("human")))
    buttons.append(world.button("button_language", taps.request("language")))
    buttons.append(world.button("button_my_data", taps.request("my-data")))
    return Say(world.say("menu"), tuple(buttons))


def group(world: World, group_id: str) -> Say | None:
    """The subjects of one group, or None when there is no such group (any more)."""
    found = world.library.menu.get(group_id)
    buttons = subjects(world, found.subjects) if found else []
    if not buttons:
        return None
    ways = [world.button("button_menu", taps.request("menu"))]
    if len(buttons) + len(ways) < MOST_BUTTONS:
        ways.insert(0, world.button("button_person", taps.request("human")))
    label = world.library.talk[f"menu_group_{group_id}"]
    return Say(world.say("menu_group", group=label), (*buttons, *ways))


def subjects(world: World, ids: Iterable[str]) -> list[Button]:
    """A button for each of those that are written."""
    return [subject(world, one) for one in ids if world.flow(one) is not None]


def subject(world: World, flow_id: str) -> Button:
    """The button that opens a procedure, topic or life event."""
    name = f"menu_{flow_id}"
    if name in world.library.talk:
        return world.button(name, taps.start(flow_id))
    flow = world.flow(flow_id)
    assert flow is not None
    return Button(Spoken(flow.title), taps.start(flow_id))


def _groups(world: World) -> list[Button]:
    return [
        world.button(f"menu_group_{one.id}", taps.menu_group(one.id))
        for one in world.library.menu.values()
        if any(world.flow(flow_id) is not None for flow_id in one.subjects)
    ]
