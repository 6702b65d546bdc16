"""Opening the house: content, words and understanding, loaded once for a process.

A worker listens, so it needs the understanding of free text; the desk of a web process does not,
and saves its memory.
"""

import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.dialogue.conversation import Conversation
from bot.dialogue.events import Event, Said, SentLocation
from bot.dialogue.replies import Say
from bot.dialogue.turn import take_turn
from bot.dialogue.world import World
from bot.flow.engine import Engine
from bot.flow.load import load_library
from bot.flow.model import Library, Spoken
from bot.house import Circumstances, House
from bot.i18n.catalogue import Catalogue
from bot.i18n.locales import BY_TAG, TAG_OF_FOLDER, from_profile
from bot.line import limits
from bot.line.outgoing import to_messages
from bot.settings import Settings
from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Content:
    """What is said, and in which languages."""

    library: Library
    catalogue: Catalogue
    engine: Engine
    locales: Path


def open_content(settings: Settings, flows: Path, locales: Path) -> Content:
    """Read the flows and the languages."""
    library = load_library(flows)
    catalogue = Catalogue(locales, library, settings.languages, cache_dir=Path("var/cache"))
    return Content(library, catalogue, Engine(library), locales)


def open_house(
    settings: Settings,
    database: Database,
    flows: Path,
    locales: Path,
    alarm: Callable[[str, list[str]], None] = lambda _name, _properties: None,
) -> House:
    """The real house of a worker."""
    return house_of(open_content(settings, flows, locales), settings, database, alarm)


def house_of(
    content: Content,
    settings: Settings,
    database: Database,
    alarm: Callable[[str, list[str]], None] = lambda _name, _properties: None,
    *,
    listens: bool = True,
) -> House:
    """A house with this content. `listens`: it understands free text."""
    library, catalogue, engine = content.library, content.catalogue, content.engine
    languages = tuple((tag, BY_TAG[tag].native) for tag in catalogue.offered)
    hear = _hearing(content) if listens else None

    def world(event: Event, conversation: Conversation, around: Circumstances) -> World:
        seen = World(
            engine, library, around.today, around.now, languages,
            quoted=around.quoted, open_case=around.open_case,
            agenda=around.agenda,
            raw_days=settings.retention_raw_days, talk_days=settings.retention_talk_days,
            in_manager=settings.staff_channel == "manager",
        )  # fmt: skip
        text = _text_of(event)
        if text is None or hear is None:
            return seen
        return replace(seen, understood=hear(seen, conversation, text))

    def apology(tag: str | None) -> list[dict[str, Any]]:
        phone = str(library.office.get("phone") or "")
        sentence = Spoken(library.talk["parked"], {"phone": phone})
        return to_messages((Say(sentence),), catalogue.voice(tag))

    return House(
        database=database,
        take_turn=take_turn,
        world=world,
        voice=catalogue.voice,
        to_messages=to_messages,
        faults=limits.faults,
        plain=limits.plain,
        apology=apology,
        guess=from_profile,
        clock=time.time,
        new_id=lambda: str(uuid.uuid4()),
        new_token=lambda: secrets.token_urlsafe(32),
        public_url=settings.public_url.rstrip("/"),
        alarm=alarm,
        answers_here=settings.staff_channel == "console",
    )


def _hearing(content: Content) -> Callable[[World, Conversation, str], Any]:
    # Late: numpy and the model are for those who listen.
    from bot.nlu import understanding
    from bot.nlu.understand import load_nlu

    nlu = load_nlu(content.locales, content.library, TAG_OF_FOLDER)

    def hear(seen: World, conversation: Conversation, text: str) -> Any:
        return understanding.of(nlu, content.catalogue, seen, conversation, text)

    return hear


def _text_of(event: Event) -> str | None:
    """The words in which something may be understood: a message, or a location's address."""
    match event:
        case Said(text=text):
            return text
        case SentLocation(address=address, title=title):
            return address or title
        case _:
            return None
