"""The porter: never thinks, never fails for a reason of ours.

It checks the signature over the raw bytes, hands each event over to be kept, and says 200 only
when they are kept. It stands before Flask (`web.py`), because routing was measured to cost
as much as all else it does. A validly signed body that is not as expected is still LINE's:
what can be kept is kept, the rest is counted, and the answer is 200.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

MOST_BYTES = 1_000_000
_GOOD_ID = re.compile(r"[!-~]{1,100}", re.ASCII)
_LAST_TIME = 10**14  # the year 5138; beyond it a timestamp is no timestamp

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Received:
    """One event as it came in. `event_time` is LINE's clock in ms, `received_at` ours in s."""

    event_id: str
    user_id: str | None
    event_time: int
    received_at: float
    message_id: str | None
    raw: bytes


class Webhook:
    """Answers POST /callback.

    `keep_events` returns when the events are durable and raises when they cannot be kept (then
    the answer is 503 and LINE may deliver again). `count(name)` is told of each outcome.
    """

    def __init__(
        self,
        secrets: Sequence[str],
        keep_events: Callable[[Sequence[Received]], None],
        clock: Callable[[], float],
        count: Callable[[str], None] = lambda _name: None,
    ) -> None:
        self._secrets = [secret.encode() for secret in secrets]
        self._keep_events = keep_events
        self._clock = clock
        self._count = count

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """The WSGI side: read the body, at most MOST_BYTES of it."""
        if environ["REQUEST_METHOD"] != "POST":
            return _answer(start_response, 405, [("Allow", "POST")])
        body = _body(environ)
        if body is None:
            self._count("too_large")
            return _answer(start_response, 413)
        return _answer(start_response, self.receive(body, environ.get("HTTP_X_LINE_SIGNATURE")))

    def receive(self, body: bytes, signature: str | None) -> int:
        """The HTTP status for this body under this `x-line-signature`."""
        events = self.read(body, signature)
        if events is None:
            return 400
        try:
            self._keep_events(events)
        except Exception:  # noqa: BLE001 - whatever it was: not kept, and LINE must know
            return self.answer(is_kept=False)
        return self.answer(is_kept=True)

    def read(self, body: bytes, signature: str | None) -> list[Received] | None:
        """The events of a body, None when it is not signed; for a server that keeps them itself
        and then asks for the `answer`."""
        if not self._is_signed(body, signature):
            self._count("bad_signature")
            return None
        return read_events(body, self._clock(), self._count)

    def answer(self, *, is_kept: bool) -> int:
        """The HTTP status once it is known whether the events are durable."""
        self._count("accepted" if is_kept else "not_kept")
        return 200 if is_kept else 503

    def _is_signed(self, body: bytes, signature: str | None) -> bool:
        if not signature:
            return False
        try:
            given = base64.b64decode(signature.encode("latin-1"), validate=True)
        except (binascii.Error, ValueError):
            return False
        matches = [
            hmac.compare_digest(hmac.digest(secret, body, "sha256"), given)
            for secret in self._secrets
        ]
        return any(matches)


def sign(secret: str, body: bytes) -> str:
    """The `x-line-signature` of a body."""
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


def read_events(
    body: bytes, now: float, count: Callable[[str], None] = lambda _name: None
) -> list[Received]:
    """The events of a webhook body, as many as can be told apart; never raises."""
    parsed = _parse(body)
    events = parsed.get("events") if isinstance(parsed, dict) else None
    if not isinstance(events, list):
        count("not_understood")
        return []
    found = []
    for number, event in enumerate(events):
        if not isinstance(event, dict):
            count("not_understood")
            continue
        # Two messages of one millisecond keep the order in which the body has them.
        found.append(_received(event, body, now + number * 1e-6))
    return found


def _received(event: dict[str, Any], body: bytes, now: float) -> Received:
    source, message = event.get("source"), event.get("message")
    user = source.get("userId") if isinstance(source, dict) else None
    raw = _raw(event, body)
    given = event.get("webhookEventId")
    if not isinstance(given, str) or not _GOOD_ID.fullmatch(given):
        given = "sha256:" + hashlib.sha256(raw).hexdigest()
    return Received(
        event_id=given,
        user_id=user if isinstance(user, str) and user else None,
        event_time=_time(event.get("timestamp"), now),
        received_at=now,
        message_id=_message_id(event, message),
        raw=raw,
    )


def _message_id(event: dict[str, Any], message: object) -> str | None:
    # An unsend names the message it takes back; that is not a message of its own.
    given = message.get("id") if isinstance(message, dict) else None
    if event.get("type") == "unsend" or not isinstance(given, str):
        return None
    return given if _GOOD_ID.fullmatch(given) else None


def _time(given: object, now: float) -> int:
    if isinstance(given, int | float) and not isinstance(given, bool) and 0 <= given <= _LAST_TIME:
        return int(given)
    return int(now * 1000)


def _parse(body: bytes) -> object:
    try:
        return orjson.loads(body)
    except ValueError:
        pass
    try:  # half surrogates, NaN: the standard library is more patient
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _raw(event: dict[str, Any], body: bytes) -> bytes:
    try:
        return orjson.dumps(event)
    except (TypeError, ValueError, RecursionError):
        pass
    try:
        return json.dumps(event).encode()
    except (TypeError, ValueError, RecursionError):
        return body  # too deep to write again: the whole body holds the event


def _body(environ: Environ) -> bytes | None:
    """The request's body, or None when it is longer than MOST_BYTES."""
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isascii() and length.isdigit():
        if len(length) > 9 or int(length) > MOST_BYTES:
            return None
        wanted = int(length)
        body: bytes = environ["wsgi.input"].read(wanted) if wanted else b""
        return body
    if not environ.get("wsgi.input_terminated"):
        return b""
    body = environ["wsgi.input"].read(MOST_BYTES + 1)
    return None if len(body) > MOST_BYTES else body


_REASONS = {
    200: "OK", 400: "Bad Request", 405: "Method Not Allowed", 413: "Content Too Large",
    503: "Service Unavailable",
}  # fmt: skip


def _answer(
    start_response: StartResponse, status: int, more: Sequence[tuple[str, str]] = ()
) -> Iterable[bytes]:
    body = b"OK" if status == 200 else _REASONS[status].encode()
    headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body))), *more]
    start_response(f"{status} {_REASONS[status]}", headers)
    return [body]
