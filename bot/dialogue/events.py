"""What can happen in a conversation, in no particular channel.

`bot/line/incoming.py` turns LINE's JSON into these; everything above sees only these.
Times are aware datetimes in Asia/Tokyo; ids are LINE's own.
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Event:
    """What all events have: when it happened (by LINE's clock) and its webhook event id."""

    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Said(Event):
    """A text message."""

    text: str
    message_id: str
    quoted_message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Tapped(Event):
    """A button: `data` is the postback data that we once sent (never trusted)."""

    data: str


@dataclass(frozen=True, slots=True)
class PickedDate(Event):
    """The date picker of a button."""

    data: str
    day: date


@dataclass(frozen=True, slots=True)
class SentLocation(Event):
    """A location; `address` is LINE's address text, often in the sender's language."""

    message_id: str
    address: str | None
    title: str | None
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class SentFile(Event):
    """A picture, file, video or sound: `kind` is image, file, video or audio; `size` in bytes
    where LINE tells it."""

    message_id: str
    kind: str
    name: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class SentSticker(Event):
    """A sticker."""

    message_id: str
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Followed(Event):
    """The person added or unblocked the account."""

    unblocked: bool = False


@dataclass(frozen=True, slots=True)
class Blocked(Event):
    """The person blocked the account."""


@dataclass(frozen=True, slots=True)
class Unsent(Event):
    """The person took a message back."""

    message_id: str


@dataclass(frozen=True, slots=True)
class TypedCode(Event):
    """One of the office's people typed the code that links this account to them; whether it
    `works`. It stands for the message in which it was typed, of which nothing is kept."""

    works: bool


@dataclass(frozen=True, slots=True)
class HandoffStep(Event):
    """Of the desk, not of the person: `step` is take, release, close, time_out or unanswered
    (who speaks changes). `tells`: the person is told of a close and asked how it went, or told
    that nobody has answered."""

    step: str
    tells: bool = True


@dataclass(frozen=True, slots=True)
class Unknown(Event):
    """A kind of message that we do not know: it still gets an answer.

    `silent` ones (unknown event types without a message) get none."""

    kind: str
    silent: bool = False


def words_of(happened: Event) -> tuple[str | None, str | None]:
    """What kind of message it is for the record, and its words; None for what is no message."""
    match happened:
        case Said(text=text):
            return "text", text
        case Tapped(data=data):
            return "button", data
        case PickedDate(day=day):
            return "date", day.isoformat()
        case SentLocation(address=address):
            return "location", address
        case SentFile(kind=kind, name=name):
            return kind, name
        case SentSticker():
            return "sticker", None
        case _:
            return None, None
