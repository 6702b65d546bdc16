"""A text understood where it was said: with the question that is open and its words.

The same words mean different things before different questions; this room gathers what the
understanding needs and knows no way of showing it.
"""

from typing import Any, Protocol

from bot.dialogue.answering import open_question
from bot.dialogue.conversation import Conversation
from bot.dialogue.understood import Understood
from bot.dialogue.world import World
from bot.flow.model import Spoken
from bot.nlu.understand import Nlu


class Catalogue(Protocol):
    """Gives the words of a language for a flow."""

    def voice(self, tag: str | None) -> Any:
        """A voice whose `words(flow_id)` begin with the words themselves."""


def of(
    nlu: Nlu, catalogue: Catalogue, world: World, conversation: Conversation, text: str
) -> Understood:
    """What `text` says to somebody who reads in the conversation's language."""
    tag = conversation.language or conversation.guess or "en"
    opened = open_question(conversation, world)
    if opened is None:
        return nlu.understand(text, tag, world.today, None, {})
    flow, question = opened
    words = catalogue.voice(tag).words(flow.id)[0]
    labels = {option.id: words.text(Spoken(option.label)) for option in question.options}
    return nlu.understand(text, tag, world.today, question, labels)
