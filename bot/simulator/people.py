"""Who is on the simulated LINE and what stands in their chats: the platform's records."""

from dataclasses import dataclass, field
from typing import Any, Literal

Message = dict[str, Any]
QUOTABLE = ("text", "textV2", "sticker", "image", "video")


@dataclass
class Bubble:
    """One message in a chat, from the person (`user`) or from the account (`bot`)."""

    id: str
    side: Literal["user", "bot"]
    message: Message
    at: float
    via: Literal["", "reply", "push"] = ""
    quote_token: str | None = None
    quoted_id: str | None = None
    mark_token: str | None = None
    is_read: bool = False
    is_unsent: bool = False


@dataclass
class Person:
    """One LINE user, the settings of their app, and the chat with the office."""

    id: str
    name: str
    language: str
    is_friend: bool = True
    is_blocking: bool = False
    consented: bool = True
    consented_to_language: bool = True
    on_pc: bool = False
    last_message_at: float | None = None
    rich_menu_id: str | None = None
    loading_until: float = 0.0
    used_quick_reply: str | None = None
    bubbles: list[Bubble] = field(default_factory=list)

    def bubble(self, message_id: str) -> Bubble | None:
        """The bubble with this message id."""
        return next((b for b in self.bubbles if b.id == message_id), None)

    def quick_replies(self) -> list[dict[str, Any]]:
        """The chips now above the keyboard: of the last message only, never on a PC."""
        if self.on_pc or self.is_blocking or not self.bubbles:
            return []
        last = self.bubbles[-1]
        if last.side != "bot" or last.id == self.used_quick_reply:
            return []
        return list((last.message.get("quickReply") or {}).get("items", []))

    def can_be_reached(self, now: float) -> bool:
        """A friend, or someone who wrote in the last seven days; never one who blocks."""
        wrote_lately = self.last_message_at is not None and now - self.last_message_at < 7 * 86_400
        return not self.is_blocking and (self.is_friend or wrote_lately)


@dataclass
class Content:
    """The bytes behind a picture, film, sound or file that a person sent."""

    body: bytes
    kind: str
    preparing: int = 0
    is_gone: bool = False
