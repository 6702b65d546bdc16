"""LINE's HTTP interface, as little of it as a bot needs, over kept connections.

A connection of our own on purpose: a call of the SDK's costs many times as much. One connection
per thread and host; the certificate is always checked. Rare calls elsewhere may use the SDK.
"""

import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import quote, urlsplit

import orjson

from bot.line.connection import Connection

CONNECT = 3.0
READ = 5.0
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


class _Kept(threading.local):
    """The connections of each thread."""

    def __init__(self) -> None:
        self.connections: dict[_Place, Connection] = {}


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
        self._read = read
        self._kept = _Kept()

    def reply(self, token: str, messages: bytes) -> Answer:
        """Reply with `messages`, a JSON list. Raises NotSent, NoAnswer."""
        body = b'{"replyToken":%b,"messages":%b}' % (orjson.dumps(token), messages)
        return self.call("POST", "/v2/bot/message/reply", body)

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
        head = _first_line(method, path) + place.headers
        if body is not None:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        elif method != "GET":
            head += "Content-Length: 0\r\n"
        for name, value in (headers or {}).items():
            head += _line(name, value)
        connection = self._connection(place)
        try:
            status, heard, content = connection.ask(
                b"%b\r\n%b" % (head.encode("ascii"), body or b""), read or self._read
            )
        except OSError as error:
            self._drop(place)
            raise NoAnswer(type(error).__name__) from error
        if not connection.can_go_on:
            self._drop(place)
        return Answer(status, content, _seconds(heard.get(b"retry-after")))

    def close(self) -> None:
        """Close the calling thread's connections."""
        for place in list(self._kept.connections):
            self._drop(place)

    def _connection(self, place: _Place) -> Connection:
        now = time.monotonic()
        connection = self._kept.connections.get(place)
        if connection is not None:
            if now - connection.used_at < _IDLE and not connection.has_ended():
                connection.used_at = now
                return connection
            self._drop(place)
        try:
            connection = Connection(place.host, place.port, place.tls, self._connect)
        except OSError as error:
            raise NotSent(type(error).__name__) from error
        self._kept.connections[place] = connection
        return connection

    def _drop(self, place: _Place) -> None:
        connection = self._kept.connections.pop(place, None)
        if connection is not None:
            connection.close()


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
