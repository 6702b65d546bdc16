"""A text understood where it was said: with the question that is open and its words.

The same words mean different things before different questions and to different people; this
room gathers what the understanding needs and knows no way of showing it.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Protocol

from bot.dialogue import intake
from bot.dialogue.answering import open_question
from bot.dialogue.conversation import BOT, Conversation
from bot.dialogue.understood import NONE, Understood
from bot.dialogue.world import World
from bot.flow.model import Library, Spoken
from bot.nlu.spoken import bare
from bot.nlu.understand import Nlu

WAYS = {
    "button_bot_again": "bot-again",
    "button_last_result": "last-result",
    "button_end_request": "end-request",
}
SPECIAL_PERMANENT = "special_permanent"


class Catalogue(Protocol):
    """Gives the words of a language for a flow."""

    def voice(self, tag: str | None) -> Any:
        """A voice whose `words(flow_id)` begin with the words themselves."""

    def __hash__(self) -> int:
        """One catalogue is not another."""


def of(
    nlu: Nlu, catalogue: Catalogue, world: World, conversation: Conversation, text: str
) -> Understood:
    """What `text` says to somebody who reads in the conversation's language."""
    tag = conversation.language or conversation.guess or "en"
    opened = open_question(conversation, world)
    expected = _expected(conversation)
    if opened is None:
        understood = nlu.understand(text, tag, world.today, expected=expected)
    else:
        flow, question = opened
        words = catalogue.voice(tag).words(flow.id)[0]
        labels = {option.id: words.text(Spoken(option.label)) for option in question.options}
        understood = nlu.understand(text, tag, world.today, question, labels, expected)
    if understood.safety:
        return understood
    words = catalogue.voice(tag).words()[0]
    for value, label in intake.labels(conversation, world.library).items():
        if bare(text) in {bare(form) for form in _typed(words.label(label))}:
            return replace(understood, options=(value,), decision=NONE, unanswered=None)
    if conversation.owner != BOT:
        # A button's own words, for those who see none (LINE on a PC). Nothing else: what is
        # written to a human is not for the bot.
        way = _ways(catalogue, _Content(world.library), tag).get(bare(text))
        return understood if way is None else replace(understood, decision=way, unanswered=None)
    if understood.options:
        return understood
    subject = _subjects(catalogue, _Content(world.library), tag).get(bare(text))
    if subject is None:
        return understood
    return replace(understood, candidates=((subject, 1.0),), decision=subject, unanswered=None)


def _expected(conversation: Conversation) -> tuple[str, ...]:
    """What this person has been told about lately, and what their status makes likelier."""
    walks = [walk for walk in (conversation.walk, *conversation.past) if walk is not None]
    found = [walk.flow for walk in walks if walk.told is not None]
    if SPECIAL_PERMANENT in conversation.known.values():
        found.append("special-permanent-resident")
    return tuple(found)


class _Content:
    """A library as the key of a cache: itself, not what is in it."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content) and other.library is self.library

    def __hash__(self) -> int:
        return id(self.library)


@lru_cache(maxsize=64)
def _ways(catalogue: Catalogue, content: _Content, tag: str) -> Mapping[str, str]:
    """The names of the ways on during a handoff, as they are typed -> the request."""
    words = (catalogue.voice("en").words()[0], catalogue.voice(tag).words()[0])
    return {bare(one.talk(label)): name for one in words for label, name in WAYS.items()}


@lru_cache(maxsize=64)
def _subjects(catalogue: Catalogue, content: _Content, tag: str) -> Mapping[str, str]:
    """The names of the menu's buttons and of the flows, as they are typed -> the subject.

    Where a life event and a procedure have one name, the procedure is meant.
    """
    library = content.library
    words = catalogue.voice(tag).words()[0]
    found: dict[str, str] = {}
    for name in (*library.events, *library.topics, *library.flows):
        label = library.talk.get(f"menu_{name}")
        texts = [words.label(label)] if label is not None else []
        flow = library.flow_or_topic(name) or library.events.get(name)
        if flow is not None:
            texts.append(catalogue.voice(tag).words(name)[0].label(flow.title))
        found |= {bare(form): name for text in texts for form in _typed(text) if bare(form)}
    return found


def _typed(text: str) -> tuple[str, ...]:
    """ "期限(きげん)" is typed with its reading and without."""
    if "(" not in text:
        return (text,)
    without, depth = "", 0
    for letter in text:
        depth += letter == "("
        if depth == 0:
            without += letter
        depth -= letter == ")"
    return (text, without)
