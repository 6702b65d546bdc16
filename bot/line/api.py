"""LINE's HTTP interface, as little of it as a bot needs, over kept connections.

A connection of our own on purpose: a call of the SDK's costs many times as much. Connections are
kept for whoever calls next; the certificate is always checked. Rare calls elsewhere may use the
SDK.
"""

import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Self
from urllib.parse import quote, urlsplit

import orjson

from bot.line.connection import Connection, Heard

CONNECT = 3.0
READ = 5.0
_REPLY = "/v2/bot/message/reply"
_IDLE = 20.0  # LINE closes idle connections; an old one is not worth the risk


class NotSent(Exception):
    """The request certainly did not reach LINE (no connection)."""


class NoAnswer(Exception):
    """The request may or may not have been accepted: the line broke or stayed silent."""


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """Where a connection goes, and the headers that every request to it begins with."""

    host: str
    port: int
    tls: ssl.SSLContext | None
    headers: str = field(repr=False)

    @classmethod
    def of(cls, base: str, token: str, tls: ssl.SSLContext | None) -> Self:
        parts = urlsplit(base)
        is_safe = parts.scheme == "https"
        name = parts.netloc.rpartition("@")[2]
        return cls(
            parts.hostname or "",
            parts.port or (443 if is_safe else 80),
            tls if is_safe else None,
            _line("Host", name)
            + _line("Accept-Encoding", "identity")
            + _line("Authorization", f"Bearer {token}"),
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What LINE answered. `retry_after` in seconds, when it says so."""

    status: int
    body: bytes
    retry_after: float | None = None

    def json(self) -> dict[str, Any]:
        """The body as an object; empty when it is none."""
        try:
            found = orjson.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def message(self) -> str:
        """LINE's error message, or nothing."""
        found = self.json().get("message")
        return found if isinstance(found, str) else ""

    @property
    def properties(self) -> list[str]:
        """The property paths that LINE complains about: safe to log, unlike the texts."""
        details = self.json().get("details")
        if not isinstance(details, list):
            return []
        return [str(one.get("property", ""))[:80] for one in details if isinstance(one, dict)]


class LineApi:
    """LINE's API for one channel; share it between threads."""

    def __init__(
        self,
        base: str,
        token: str,
        data_base: str | None = None,
        connect: float = CONNECT,
        read: float = READ,
    ) -> None:
        self._tls = ssl.create_default_context() if "https://" in base + (data_base or "") else None
        self._place = _Place.of(base, token, self._tls)
        self._data_place = _Place.of(data_base or base, token, self._tls)
        self._connect = connect
        self.silence = read  # how long LINE may stay silent (seconds)
        self._idle: dict[_Place, list[Connection]] = {}  # last used, last in its list
        self._lock = threading.Lock()

    def reply(self, token: str, messages: bytes) -> Answer:
        """Reply with `messages`, a JSON list. Raises NotSent, NoAnswer."""
        return self.call("POST", _REPLY, _reply_body(token, messages))

    def start_reply(self, connection: Connection, token: str, messages: bytes) -> bytes:
        """Send a reply on an `idle` connection without waiting; returns what could not leave
        yet. `answered` takes what comes. Raises NoAnswer."""
        request = _request(self._place, "POST", _REPLY, _reply_body(token, messages))
        try:
            return connection.say(request)
        except OSError as error:
            connection.close()
            raise NoAnswer(type(error).__name__) from error

    def answered(self, connection: Connection, heard: Heard) -> Answer:
        """The answer that a connection heard; the connection is free again."""
        status, headers, content = heard
        self.give_back(connection)
        return Answer(status, content, _seconds(headers.get(b"retry-after")))

    def push(self, user_id: str, messages: bytes, retry_key: str) -> Answer:
        """Push with a retry key: a repetition within 24 h is answered 409 and not sent."""
        body = b'{"to":%b,"messages":%b}' % (orjson.dumps(user_id), messages)
        return self.call("POST", "/v2/bot/message/push", body, {"X-Line-Retry-Key": retry_key})

    def show_loading(self, user_id: str, seconds: int = 10) -> Answer:
        """Show the loading animation until the next message."""
        body = orjson.dumps({"chatId": user_id, "loadingSeconds": seconds})
        return self.call("POST", "/v2/bot/chat/loading/start", body)

    def profile_language(self, user_id: str, timeout: float) -> str | None:
        """The language of the person's LINE, if they share it. Nothing else is looked at."""
        path = f"/v2/bot/profile/{quote(user_id, safe='')}"
        answer = self.call("GET", path, read=timeout)
        found = answer.json().get("language") if answer.status == 200 else None
        return found if isinstance(found, str) else None

    def content(self, message_id: str) -> Answer:
        """The bytes of a picture or file; 202 while LINE still prepares it."""
        path = f"/v2/bot/message/{quote(message_id, safe='')}/content"
        return self.call("GET", path, place=self._data_place, read=30.0)

    def call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        place: _Place | None = None,
        read: float | None = None,
    ) -> Answer:
        """One call. Raises NotSent when there is no connection, NoAnswer when it broke."""
        place = place or self._place
        request = _request(place, method, path, body, headers or {})
        connection = self.idle(place)
        if connection is None:
            try:
                connection = Connection(place.host, place.port, place.tls, self._connect)
            except OSError as error:
                raise NotSent(type(error).__name__) from error
        try:
            status, heard, content = connection.ask(request, read or self.silence)
        except OSError as error:
            connection.close()
            raise NoAnswer(type(error).__name__) from error
        self.give_back(connection, place)
        return Answer(status, content, _seconds(heard.get(b"retry-after")))

    def idle(self, place: _Place | None = None) -> Connection | None:
        """An open connection that nobody uses, if there is one; it is the caller's now."""
        idle = self._idle.get(place or self._place)
        while idle:
            try:
                connection = idle.pop()
            except IndexError:  # another thread took it
                return None
            now = time.monotonic()
            if now - connection.used_at < _IDLE and not connection.has_ended():
                connection.used_at = now
                return connection
            connection.close()
        return None

    def number_idle(self) -> int:
        """How many connections nobody uses."""
        return len(self._idle.get(self._place, ()))

    def close(self) -> None:
        """Close the connections that nobody uses."""
        with self._lock:
            for idle in self._idle.values():
                while idle:
                    idle.pop().close()

    def give_back(self, connection: Connection, place: _Place | None = None) -> None:
        """This connection is needed no more; it is kept if it can take another request."""
        if not connection.can_go_on:
            connection.close()
            return
        with self._lock:
            idle = self._idle.setdefault(place or self._place, [])
            # The oldest are at the front; what only a crowd needed goes when it is gone.
            while idle and connection.used_at - idle[0].used_at > _IDLE:
                idle.pop(0).close()
            idle.append(connection)


def _reply_body(token: str, messages: bytes) -> bytes:
    return b'{"replyToken":%b,"messages":%b}' % (orjson.dumps(token), messages)


def _request(
    place: _Place,
    method: str,
    path: str,
    body: bytes | None,
    headers: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    head = _first_line(method, path) + place.headers
    if body is not None:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    elif method != "GET":
        head += "Content-Length: 0\r\n"
    for name, value in headers.items():
        head += _line(name, value)
    return b"%b\r\n%b" % (head.encode("ascii"), body or b"")


def _first_line(method: str, path: str) -> str:
    """Raises ValueError for what would not be one line of three words."""
    if not (path.isascii() and path.isprintable()) or " " in path:
        raise ValueError("path: characters that HTTP does not allow")
    return f"{method} {path} HTTP/1.1\r\n"


def _line(name: str, value: str) -> str:
    """A header. Raises ValueError for a value that would be more than one."""
    if not (value.isascii() and value.isprintable()):
        raise ValueError(f"{name}: characters that HTTP does not allow")
    return f"{name}: {value}\r\n"


def _seconds(text: bytes | None) -> float | None:
    return float(text) if text and text.isdigit() and len(text) < 5 else None
