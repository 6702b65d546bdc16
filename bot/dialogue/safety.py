"""Somebody is in danger: what to do now comes first, before the open question and everything else.

The walk stays where it is, and nothing of what was said is kept but that an urgent case is open:
not even what kind of danger it was.
"""

import re
from dataclasses import replace

from bot.dialogue import menu, taps
from bot.dialogue.answering import Turn, open_question
from bot.dialogue.conversation import Conversation
from bot.dialogue.replies import Button, Result
from bot.dialogue.requests import OpenCase
from bot.dialogue.world import World
from bot.flow.model import Solution

SAFETY = "safety"
URGENT = "urgent"
MOST_CALLS = 3
_NUMBER = re.compile(r"(?<![\d-])(110|119|0\d{1,4}-\d{2,6}(?:-\d{3,4})?)(?![\d-])")


def answer(conversation: Conversation, world: World, safety_id: str) -> Turn | None:
    """The safety answer of that id with the ways on from it; None if there is no such."""
    if safety_id not in world.library.safety:
        return None
    solution = world.engine.solve(safety_id, (), world.today)
    told = world.say("safety_told", **_office(world))
    # That a source was read long ago is nothing to begin with here; its day stands below.
    solution = replace(solution, sentences=(*solution.sentences, told), oldest_check=None)
    kept = conversation
    if conversation.pending is None or conversation.pending[0] == SAFETY:
        # Only so that it can be said again in another language; what comes next wipes it out.
        kept = replace(conversation, pending=(SAFETY, safety_id))
    reply = Result(solution, _ways(conversation, world, solution))
    return Turn(replace(kept, failures=0), (reply,), (OpenCase(URGENT),))


def again(conversation: Conversation, world: World) -> Turn | None:
    """The safety answer that was given last, if nothing was answered since."""
    if conversation.pending is None or conversation.pending[0] != SAFETY:
        return None
    return answer(conversation, world, conversation.pending[1])


def forgotten(conversation: Conversation) -> Conversation:
    """The conversation without what kind of danger was spoken of."""
    if conversation.pending is not None and conversation.pending[0] == SAFETY:
        return replace(conversation, pending=None)
    return conversation


def _ways(conversation: Conversation, world: World, solution: Solution) -> tuple[Button, ...]:
    """Numbers to call, a person, the next steps, another language, the way back."""
    buttons = [
        Button(world.say("button_call", number=number), f"tel:{number}", kind="link")
        for number in _numbers(solution)
    ]
    buttons.append(world.button("button_person", taps.request("human")))
    buttons += menu.subjects(world, solution.follow_ups)
    buttons.append(world.button("button_language", taps.request("language")))
    if open_question(conversation, world) is not None:
        buttons.append(world.button("button_return", taps.request("continue")))
    buttons.append(world.button("button_menu", taps.request("menu")))
    return tuple(buttons)


def _office(world: World) -> dict[str, str]:
    office = world.library.office
    return {
        "office": str(office["name"]),
        "phone": str(office["phone"]),
        "opens": str(office["hours"]["from"]),
        "closes": str(office["hours"]["to"]),
    }


def _numbers(solution: Solution) -> list[str]:
    """The telephone numbers in the answer's own sentences, in their order."""
    texts = [spoken.sentence.text for spoken in solution.sentences]
    found = [number for text in texts for number in _NUMBER.findall(text)]
    return list(dict.fromkeys(found))[:MOST_CALLS]
