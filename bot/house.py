"""The house: what everything that answers a person is handed, and two things all do with it.

One frozen value with the database, the conversation, the words, the clock and chance, put
together in `opening.py`. Handling and the desk write through it and speak through it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson

from bot.dialogue.conversation import Conversation
from bot.dialogue.events import Event
from bot.dialogue.importance import Turn
from bot.dialogue.replies import Reply
from bot.dialogue.slots import EMPTY, Agenda
from bot.store.database import Database, Session


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a turn's world is made from, besides the content.

    `quoted`: "flow/question" when the person quoted a question of ours.
    """

    now: datetime
    quoted: str | None = None
    open_case: bool = False
    agenda: Agenda = EMPTY

    @property
    def today(self) -> date:
        """The day in Asia/Tokyo."""
        return self.now.date()


@dataclass(frozen=True, slots=True)
class House:
    """What handling needs: the database, the conversation, the words, the clock, chance.

    `world(event, conversation, circumstances)` makes what `take_turn` looks at; `voice(tag)`
    what `to_messages(replies, voice, links)` speaks with; `apology(tag)` are the messages for
    a parked event; `guess(profile language)` is a language we speak, or None. `wake()` wakes a
    worker of the same process after the desk wrote something. `answers_here`: the office answers
    from the desk, not in LINE's own chat.
    """

    database: Database
    take_turn: Callable[[Conversation, Event, Any], Turn]
    world: Callable[[Event, Conversation, Circumstances], Any]
    voice: Callable[[str | None], Any]
    to_messages: Callable[[Sequence[Reply], Any, Mapping[str, str]], list[dict[str, Any]]]
    faults: Callable[[list[dict[str, Any]], int], list[str]]
    plain: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
    apology: Callable[[str | None], list[dict[str, Any]]]
    guess: Callable[[str | None], str | None]
    clock: Callable[[], float]
    new_id: Callable[[], str]
    new_token: Callable[[], str]
    public_url: str = ""
    alarm: Callable[[str, list[str]], None] = lambda _name, _properties: None
    wake: Callable[[], None] = lambda: None
    answers_here: bool = True


@contextmanager
def writing(house: House) -> Iterator[Session]:
    """A transaction; when it is committed the workers look at once."""
    with house.database.write() as session:
        yield session
        session.wake_workers()
    if house.database.bell is not None:
        house.database.bell.ring()
    house.wake()


def write_messages(
    house: House, replies: Sequence[Reply], tag: str | None, found: Mapping[str, str]
) -> bytes | None:
    """The replies as LINE takes them, in the reader's language; None when there is nothing."""
    messages = house.to_messages(replies, house.voice(tag), found)
    if not messages:
        return None
    try:
        body = orjson.dumps(messages)
        faults = house.faults(messages, len(body))
    except TypeError:  # half a surrogate pair, which is not to be written
        body, faults = b"", ["not JSON"]
    if faults:
        # LINE would refuse all of it: the words still arrive, and somebody hears of it.
        house.alarm("would_be_refused", faults)
        body = orjson.dumps(house.plain(messages))
    return body
