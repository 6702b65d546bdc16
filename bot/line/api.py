"""LINE's HTTP interface, as little of it as a bot needs, over kept connections.

http.client on purpose: measured at a fifth of what the SDK costs per call. One connection per
thread and host; the certificate is always checked. Rare calls elsewhere may use the SDK.
"""

import http.client
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import orjson

CONNECT = 3.0
READ = 5.0
_IDLE = 20.0  # LINE closes idle connections; an old one is not worth the risk
_MOST_ANSWER = 20_000_000


class NotSent(Exception):
    """The request certainly did not reach LINE (no connection)."""


class NoAnswer(Exception):
    """The request may or may not have been accepted: the line broke or stayed silent."""


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
        self._base = base.rstrip("/")
        self._data_base = (data_base or base).rstrip("/")
        self._token = token
        self._connect = connect
        self._read = read
        self._kept = threading.local()
        self._tls = ssl.create_default_context() if "https://" in base + (data_base or "") else None

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
        return self.call("GET", path, base=self._data_base, read=30.0)

    def call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        base: str | None = None,
        read: float | None = None,
    ) -> Answer:
        """One call. Raises NotSent when there is no connection, NoAnswer when it broke."""
        sent = {"Authorization": f"Bearer {self._token}"}
        if body is not None:
            sent["Content-Type"] = "application/json"
        sent.update(headers or {})
        base = base or self._base
        connection = self._connection(base)
        connection.sock.settimeout(read or self._read)
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            content = response.read(_MOST_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            self._drop(base)
            raise NoAnswer(type(error).__name__) from error
        if response.will_close or not response.isclosed():
            self._drop(base)
        return Answer(response.status, content, _seconds(response.getheader("Retry-After")))

    def close(self) -> None:
        """Close the calling thread's connections."""
        for base in list(vars(self._kept)):
            self._drop(base)

    def _connection(self, base: str) -> http.client.HTTPConnection:
        kept = vars(self._kept).get(base)
        if kept is not None:
            connection, used_at = kept
            if time.monotonic() - used_at < _IDLE and not _has_ended(connection):
                vars(self._kept)[base] = (connection, time.monotonic())
                return connection
            self._drop(base)
        parts = urlsplit(base)
        host = parts.hostname or ""
        if parts.scheme == "https":
            connection = http.client.HTTPSConnection(
                host, parts.port, timeout=self._connect, context=self._tls
            )
        else:
            connection = http.client.HTTPConnection(host, parts.port, timeout=self._connect)
        try:
            connection.connect()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise NotSent(type(error).__name__) from error
        vars(self._kept)[base] = (connection, time.monotonic())
        return connection

    def _drop(self, base: str) -> None:
        kept = vars(self._kept).pop(base, None)
        if kept is not None:
            kept[0].close()


def _has_ended(connection: http.client.HTTPConnection) -> bool:
    """True when the other side closed a kept connection while nobody was looking."""
    sock = connection.sock
    if sock is None:
        return True
    sock.settimeout(0)
    try:
        return sock.recv(1) == b""
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    except OSError:
        return True


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isdigit() and len(text) < 5 else None
