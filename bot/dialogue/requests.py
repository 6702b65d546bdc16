"""What a turn wants done besides talking: side effects as data.

`bot/carrying_out.py` carries them out in the same transaction as the answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.flow.model import Value


@dataclass(frozen=True, slots=True)
class DeleteEverything:
    """Delete all that is kept about this person, now."""


@dataclass(frozen=True, slots=True)
class ExportLink:
    """Make a one-time link to everything that is kept; it fills the button `@export`."""


@dataclass(frozen=True, slots=True)
class CalendarLink:
    """Make a one-time link to the days that were told; it fills the button `@calendar`."""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Put a case before the office: `human` (wants a person), `urgent` (is in danger), or `delete`
    (wants deletion while another case is open; the office must act within `due_days`). What it is
    about: flow, outcome, the next last day, the flow's fingerprint; `intake` is what the person
    agreed to pass on."""

    kind: str
    flow: str | None = None
    due_days: int | None = None
    outcome: str | None = None
    deadline: date | None = None
    fingerprint: str | None = None
    intake: Mapping[str, Value] | None = None


@dataclass(frozen=True, slots=True)
class CloseCase:
    """The person ended the open case in which they waited for, or talked with, a person."""

    reason: str


@dataclass(frozen=True, slots=True)
class OwnerChanged:
    """Somebody else speaks from now on: bot, waiting or human. For the case's log."""

    owner: str


@dataclass(frozen=True, slots=True)
class RateCase:
    """How it went, in the person's eyes: well, so, badly."""

    rating: str


@dataclass(frozen=True, slots=True)
class ForgetMessage:
    """Delete the stored text of a message that was taken back."""

    message_id: str


@dataclass(frozen=True, slots=True)
class KeepNotice:
    """Note that this version of the privacy notice was shown."""

    version: str


@dataclass(frozen=True, slots=True)
class KeepUnanswered:
    """Keep, without the person, what was not understood: `text` is masked."""

    message_id: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class KeepFile:
    """Fetch this picture or file for the office, and keep it sealed."""

    message_id: str
    name: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class ForgetPassedOn:
    """The message in which the person told this for the office was taken back."""

    step: str


@dataclass(frozen=True, slots=True)
class Book:
    """Book this time, or move the coming appointment there. If it was taken in that moment the
    event is thought about again. `places`: how many consultations the office has at once."""

    way: str
    start: datetime
    end: datetime
    places: int


@dataclass(frozen=True, slots=True)
class CancelBooking:
    """Cancel this appointment of the person's."""

    booking: str


@dataclass(frozen=True, slots=True)
class BookingLink:
    """Make a one-time link to the coming appointment; it fills the button `@booking`."""


Request = (
    DeleteEverything
    | ExportLink
    | CalendarLink
    | OpenCase
    | CloseCase
    | OwnerChanged
    | RateCase
    | KeepFile
    | ForgetPassedOn
    | Book
    | CancelBooking
    | BookingLink
    | ForgetMessage
    | KeepNotice
    | KeepUnanswered
)
