"""The state and the rules of LINE for one channel, without HTTP.

The account's side is here: what the bot may call. The other side, what a person can do with
their phone, is `phone.Phone`. Both change the same records under one lock; whoever waits for a
change waits on `changed`.
"""

import itertools
import queue
import secrets
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Literal

from bot.simulator.errors import KEY_ACCEPTED, MONTHLY_LIMIT, ApiError, refuse
from bot.simulator.people import QUOTABLE, Bubble, Content, Message, Person
from bot.simulator.richmenus import RichMenus
from bot.simulator.rules import problems
from bot.simulator.tokens import ReplyTokens

JAPAN = timezone(timedelta(hours=9))
KEY_LIFE = 24 * 3600
Answer = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One request to the API, for the log beside the phone."""

    at: float
    method: str
    path: str
    status: int
    error: Answer | None = None


class Platform:
    """One official account, its people and their chats. Every method may be called by any thread.

    `clock` gives seconds since 1970. Events for the bot go into `events`, from where the
    delivery takes them.
    """

    def __init__(
        self,
        access_token: str,
        *,
        clock: Callable[[], float] = time.time,
        office_name: str = "Office",
        monthly_limit: int | None = None,
        chat_mode: Literal["bot", "chat"] = "bot",
    ) -> None:
        self.access_token = access_token
        self.clock = clock
        self.office_name = office_name
        self.monthly_limit = monthly_limit
        self.chat_mode = chat_mode
        self.bot_id = "U" + secrets.token_hex(16)
        self.webhook_url = ""
        self.changed = threading.Condition(threading.RLock())
        self.version = 0
        self.is_closed = False
        self.people: dict[str, Person] = {}
        self.contents: dict[str, Content] = {}
        self.menus = RichMenus()
        self.tokens = ReplyTokens()
        self.events: queue.Queue[Answer | None] = queue.Queue()
        self.calls: deque[Call] = deque(maxlen=200)
        self.counted: dict[str, int] = {}
        self._accepted: dict[str, tuple[float, str, Answer]] = {}
        self._message_ids = itertools.count(int(clock() * 1000) * 10_000)

    # ------------------------------------------------------------------ people

    def add_person(self, name: str, language: str = "en", **settings: Any) -> Person:
        """A new LINE user, a friend unless `is_friend=False`; `settings` are fields of Person."""
        with self.changed:
            person = Person("U" + secrets.token_hex(16), name, language, **settings)
            self.people[person.id] = person
            self.touch()
            return person

    def person(self, user_id: str) -> Person:
        """The person with this id; KeyError when there is none."""
        return self.people[user_id]

    def touch(self) -> None:
        """Say that something changed, to everyone who waits. Call it with the lock held."""
        self.version += 1
        self.changed.notify_all()

    def close(self) -> None:
        """Wake everyone who waits and let nobody wait again."""
        with self.changed:
            self.is_closed = True
            self.touch()
        self.events.put(None)

    def wait(self, is_there: Callable[[], bool], timeout: float) -> bool:
        """Wait until a condition over the records holds; False when time or platform ended."""
        with self.changed:
            return self.changed.wait_for(lambda: self.is_closed or is_there(), timeout) and (
                is_there()
            )

    def new_message_id(self) -> str:
        """The next message id: digits, growing."""
        return str(next(self._message_ids))

    def note_call(self, method: str, path: str, status: int, error: Answer | None) -> None:
        """Log one API call."""
        with self.changed:
            self.calls.append(Call(self.clock(), method, path, status, error))
            self.touch()

    # ------------------------------------------------------------------ sending

    def reply(self, body: object, retry_key: str | None = None) -> Answer:
        """Answer an event. A refused request leaves the token unused."""
        if retry_key is not None:
            raise ApiError(400, "X-Line-Retry-Key is not supported by this API")
        refuse(problems("reply", body))
        assert isinstance(body, dict)
        with self.changed:
            now = self.clock()
            self.tokens.forget_old(now)
            person = self.people[self.tokens.owner(body["replyToken"], now)]
            answer = self._show(person, body["messages"], "reply", not person.is_blocking)
            self.tokens.spend(body["replyToken"])
            return answer

    def push(self, body: object, retry_key: str | None, request_id: str) -> Answer:
        """Send unasked. 200 also when the person cannot be reached: then nothing is counted."""
        if retry_key is not None and not _is_uuid(retry_key):
            raise ApiError(400, "The value of X-Line-Retry-Key must be a UUID")
        with self.changed:
            now = self.clock()
            self._refuse_accepted(retry_key, now)
            refuse(problems("push", body))
            assert isinstance(body, dict)
            if self.monthly_limit is not None and self.consumption() >= self.monthly_limit:
                raise ApiError(429, MONTHLY_LIMIT)
            person = self.people.get(body["to"])
            reaches = person is not None and person.can_be_reached(now)
            answer = self._show(person, body["messages"], "push", reaches)
            if reaches:
                self.counted[self._month()] = self.consumption() + 1
            if retry_key is not None:
                self._accepted[retry_key] = (now, request_id, answer)
            return answer

    def validate(self, body: object) -> None:
        """ApiError when LINE would refuse these messages."""
        refuse(problems("validate", body))

    def _refuse_accepted(self, retry_key: str | None, now: float) -> None:
        accepted = self._accepted.get(retry_key or "")
        if accepted and now - accepted[0] < KEY_LIFE:
            headers = {"x-line-accepted-request-id": accepted[1]}
            raise ApiError(409, KEY_ACCEPTED, headers=headers, extra=accepted[2])

    def _show(
        self,
        person: Person | None,
        messages: list[Message],
        via: Literal["reply", "push"],
        reaches: bool,
    ) -> Answer:
        bubbles = [self._bubble(person, message, via) for message in messages]
        if person and reaches:
            person.bubbles += bubbles
            person.loading_until = 0.0
            self.touch()
        return {"sentMessages": [_sent(bubble) for bubble in bubbles]}

    def _bubble(
        self, person: Person | None, message: Message, via: Literal["reply", "push"]
    ) -> Bubble:
        quoted_id = None
        if token := message.get("quoteToken"):
            known = person.bubbles if person else []
            quoted = next((b for b in known if b.quote_token == token), None)
            if quoted is None:
                raise ApiError(400, "Invalid quote token")
            quoted_id = quoted.id
        return Bubble(
            self.new_message_id(),
            "bot",
            message,
            self.clock(),
            via=via,
            quote_token=secrets.token_urlsafe(24) if message["type"] in QUOTABLE else None,
            quoted_id=quoted_id,
        )

    # ------------------------------------------------------------------ quota

    def consumption(self) -> int:
        """How many messages were counted this month (a month of Japan)."""
        with self.changed:
            return self.counted.get(self._month(), 0)

    def quota(self) -> Answer:
        """The month's limit as LINE writes it."""
        if self.monthly_limit is None:
            return {"type": "none"}
        return {"type": "limited", "value": self.monthly_limit}

    def _month(self) -> str:
        return datetime.fromtimestamp(self.clock(), JAPAN).strftime("%Y-%m")

    # ------------------------------------------------------------------ small calls

    def start_loading(self, body: object) -> None:
        """Show the three dots until the next message or the end of the time."""
        refuse(problems("loading", body))
        assert isinstance(body, dict)
        with self.changed:
            person = self.people.get(body["chatId"])
            if person and not person.is_blocking:
                person.loading_until = self.clock() + body.get("loadingSeconds", 20)
                self.touch()

    def profile(self, user_id: str) -> Answer:
        """Name and language of a person, as far as they agreed; 404 when they did not."""
        with self.changed:
            person = self.people.get(user_id)
            knows_us = person and (person.is_friend or person.last_message_at is not None)
            if not person or not knows_us or person.is_blocking or not person.consented:
                raise ApiError(404, "Not found")
            profile = {"userId": person.id, "displayName": person.name}
            if person.consented_to_language:
                profile["language"] = person.language
            return profile

    def content(self, message_id: str) -> Content:
        """What a person sent; `preparing` above 0 means 202: not yet."""
        with self.changed:
            content = self.contents.get(message_id)
            if content is None:
                raise ApiError(404, "Not found")
            if content.is_gone:
                raise ApiError(410, "Gone")
            if content.preparing > 0:
                content.preparing -= 1
                return Content(b"", content.kind, content.preparing + 1)
            return content

    def mark_as_read(self, body: object) -> None:
        """Put "Read" beside this message and all before it."""
        refuse(problems("mark", body))
        assert isinstance(body, dict)
        with self.changed:
            for person in self.people.values():
                tokens = [b.mark_token for b in person.bubbles]
                if body["markAsReadToken"] in tokens:
                    last = tokens.index(body["markAsReadToken"])
                    for bubble in person.bubbles[: last + 1]:
                        bubble.is_read = bubble.is_read or bubble.side == "user"
                    self.touch()
                    return
        raise ApiError(400, "The markAsReadToken is invalid")

    def bot_info(self) -> Answer:
        """The account itself."""
        return {
            "userId": self.bot_id,
            "basicId": "@" + self.bot_id[1:9],
            "displayName": self.office_name,
            "chatMode": self.chat_mode,
            "markAsReadMode": "manual" if self.chat_mode == "chat" else "auto",
        }

    def set_webhook(self, body: object) -> None:
        """Change where events go."""
        endpoint = body.get("endpoint") if isinstance(body, dict) else None
        if not isinstance(endpoint, str) or not endpoint or len(endpoint) > 500:
            raise ApiError(400, "Invalid webhook endpoint URL")
        self.webhook_url = endpoint

    def timestamp(self) -> str:
        """Now, as LINE writes it in answers."""
        return datetime.fromtimestamp(self.clock(), UTC).isoformat(timespec="milliseconds")


def _sent(bubble: Bubble) -> Answer:
    sent = {"id": bubble.id}
    return {**sent, "quoteToken": bubble.quote_token} if bubble.quote_token else sent


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False
