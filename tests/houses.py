"""Small fakes and builders for the tests of the delivery path: a house that echoes."""

import hashlib
import itertools
import json
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.dialogue.conversation import Conversation
from bot.dialogue.events import Blocked, Event, Said, Tapped, Unknown, Unsent
from bot.dialogue.replies import Reply, Say
from bot.dialogue.requests import (
    DeleteEverything,
    ExportLink,
    ForgetMessage,
    KeepNotice,
    OpenCase,
    Request,
)
from bot.flow.model import Sentence, Spoken
from bot.house import Circumstances, House
from bot.line.webhook import Received, read_events
from bot.settings import Settings
from bot.store import inbox
from bot.store.database import Database
from bot.store.migrate import migrate

KEY = hashlib.sha256(b"a key of the tests").digest()
OLD_KEY = hashlib.sha256(b"an older key").digest()
NOW = 1_790_000_000.0
SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"

_numbers = itertools.count(1)


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    at: float = NOW

    def __call__(self) -> float:
        return self.at


def settings_for(url: str, tmp_path: Any, **more: Any) -> Settings:
    """Settings of a migrated database."""
    given = {
        "environment": "test",
        "database_url": url,
        "data_keys": (KEY,),
        "channel_secrets": (SECRET,),
        "channel_token": "test-token",
        "spool": tmp_path / "spool",
        "senders": 8,
    }
    settings = Settings(**{**given, **more})
    migrate(settings)
    return settings


@dataclass(frozen=True)
class Turned:
    conversation: Conversation
    replies: tuple[Reply, ...] = ()
    requests: tuple[Request, ...] = ()


def spoken(text: str) -> Spoken:
    return Spoken(Sentence(address="", text=text))


class Boom(Exception):
    """What a poisonous event raises."""


def echo_turn(conversation: Conversation, event: Event, world: Any) -> Turned:
    """Counts what it hears in `known["heard"]`, echoes it, and obeys a few words."""
    if isinstance(event, Blocked | Unknown):
        return Turned(conversation)
    if isinstance(event, Unsent):
        return Turned(conversation, (), (ForgetMessage(event.message_id),))
    text = event.text if isinstance(event, Said) else type(event).__name__
    if isinstance(event, Tapped):
        text = event.data
    heard = int(conversation.known.get("heard", 0)) + 1  # type: ignore[call-overload]
    kept = replace(conversation, known={**conversation.known, "heard": heard})
    requests: tuple[Request, ...] = ()
    match text:
        case _ if text.startswith("poison"):
            raise Boom(text)
        case "delete":
            return Turned(Conversation(), (Say(spoken("deleted")),), (DeleteEverything(),))
        case "export":
            requests = (ExportLink(),)
        case "human":
            requests = (OpenCase("human", "lost-card"),)
        case "silence":
            return Turned(kept)
        case "notice":
            requests = (KeepNotice("2026-11"),)
    quoted = f" [{world.quoted}]" if world.quoted else ""
    case = " [case]" if world.open_case else ""
    return Turned(kept, (Say(spoken(f"{heard}: {text}{quoted}{case}")),), requests)


def to_text_messages(
    replies: Sequence[Reply], _voice: Any, links: Mapping[str, str]
) -> list[dict[str, Any]]:
    return [
        {"type": "text", "text": " ".join([reply.text.sentence.text, *links.values()])}
        for reply in replies
        if isinstance(reply, Say)
    ]


def a_house(database: Database, clock: Any = time.time, **more: Any) -> House:
    def world(_event: Event, _conversation: Conversation, around: Circumstances) -> Any:
        return around

    given: dict[str, Any] = {
        "database": database,
        "take_turn": echo_turn,
        "world": world,
        "voice": lambda tag: tag,
        "to_messages": to_text_messages,
        "faults": lambda messages, _size: [],
        "plain": lambda messages: [{"type": "text", "text": "plain"}],
        "apology": lambda tag: [{"type": "text", "text": f"sorry ({tag})"}],
        "guess": lambda language: {"vi": "vi"}.get(language or "", "en" if language else None),
        "clock": clock,
        "new_id": lambda: str(uuid.uuid4()),
        "new_token": lambda: f"token-{next(_numbers)}",
        "public_url": "https://bot.example",
    }
    return House(**{**given, **more})


def user(number: int) -> str:
    """LINE's id of the person of that number."""
    return "U" + hashlib.md5(str(number).encode()).hexdigest()


def an_event(
    text: str = "hello",
    person: int = 1,
    *,
    at: float = NOW,
    event_id: str | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A text message as LINE sends it."""
    number = next(_numbers)
    return {
        "type": "message",
        "mode": "active",
        "timestamp": int(at * 1000),
        "source": {"type": "user", "userId": user(person)},
        "webhookEventId": event_id or f"01EVENT{number:019d}",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": f"{number:032x}",
        "message": {"id": f"{5_000_000 + number}", "type": "text", "text": text,
                    "quoteToken": "q"},
        **more,
    }  # fmt: skip


def an_unsend(message_id: str, person: int = 1, *, at: float = NOW) -> dict[str, Any]:
    event = an_event(person=person, at=at, type="unsend", unsend={"messageId": message_id})
    del event["message"], event["replyToken"]
    return event


def received(*events: dict[str, Any], now: float = NOW) -> list[Received]:
    body = json.dumps({"destination": "U" + "0" * 32, "events": list(events)}).encode()
    return read_events(body, now)


def keep(database: Database, *events: dict[str, Any], now: float = NOW) -> list[Received]:
    """Put events into the inbox; returns them as they were received."""
    found = received(*events, now=now)
    with database.write() as session:
        inbox.put(session, found)
    return found


def texts(rows: Iterable[Any]) -> list[str]:
    """What rows of the outbox say."""
    return [json.loads(row.messages)[0]["text"] for row in rows]
