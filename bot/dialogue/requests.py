"""What a turn wants done besides talking: side effects as data.

`bot/handle.py` carries them out in the same transaction as the answer.
"""

from dataclasses import dataclass


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
    (wants deletion while another case is open; the office must act within `due_days`)."""

    kind: str
    flow: str | None = None
    due_days: int | None = None


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


Request = (
    DeleteEverything
    | ExportLink
    | CalendarLink
    | OpenCase
    | ForgetMessage
    | KeepNotice
    | KeepUnanswered
)
