"""A talk in the terminal: the same turns, words and numbers that people get in LINE."""

from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.dialogue.conversation import Conversation
from bot.dialogue.events import Event, Said, Tapped
from bot.dialogue.taps import start
from bot.dialogue.turn import NOTICE_VERSION, take_turn
from bot.dialogue.world import World
from bot.flow.engine import Engine
from bot.flow.model import Library
from bot.i18n.catalogue import Catalogue
from bot.i18n.locales import BY_TAG, TAG_OF_FOLDER
from bot.line import limits
from bot.line.outgoing import to_messages
from bot.nlu import understanding
from bot.nlu.understand import Nlu, load_nlu

TOKYO = ZoneInfo("Asia/Tokyo")


def talk(
    library: Library, catalogue: Catalogue, locales: Path, flow_id: str, today: date, tag: str
) -> None:
    """Walk through a flow until the input ends (Ctrl-D). Nothing is kept."""
    engine, nlu = Engine(library), load_nlu(locales, library, TAG_OF_FOLDER)
    at = datetime.combine(today, time(12), TOKYO)
    conversation = Conversation(language=tag, notice=NOTICE_VERSION, last_day=today)
    event: Event = Tapped("terminal", at, start(flow_id))
    number = 0
    while True:
        world = _world(library, engine, catalogue, nlu, today, at, conversation, event)
        turn = take_turn(conversation, event, world)
        conversation = turn.conversation
        voice = catalogue.voice(conversation.language)
        messages = to_messages(
            turn.replies, voice, {"export": "(only in LINE)", "calendar": "(only in LINE)"}
        )
        for message in limits.plain(messages):
            click.echo(message["text"] + "\n")
        try:
            text = click.prompt(">", prompt_suffix=" ")
        except (click.Abort, EOFError):
            click.echo()
            return
        number += 1
        event = Said(f"terminal-{number}", at, text, f"message-{number}")


def _world(
    library: Library,
    engine: Engine,
    catalogue: Catalogue,
    nlu: Nlu,
    today: date,
    at: datetime,
    conversation: Conversation,
    event: Event,
) -> World:
    languages = tuple((tag, BY_TAG[tag].native) for tag in catalogue.offered)
    world = World(engine, library, today, at, languages)
    if not isinstance(event, Said):
        return world
    understood = understanding.of(nlu, catalogue, world, conversation, event.text)
    return replace(world, understood=understood)
