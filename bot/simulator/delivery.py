"""Carries events to the bot as LINE does: signed, within two seconds, sometimes badly."""

import base64
import copy
import hashlib
import heapq
import hmac
import json
import queue
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

import urllib3

from bot.simulator.faults import EVENT_FAULTS, Faults
from bot.simulator.platform import Platform

Event = dict[str, Any]
TIME_LIMIT = 2.0
ATTEMPTS = 4
GATHER_FOR = 0.5


@dataclass(frozen=True)
class Delivered:
    """One request to the bot: which events, and what came of it."""

    event_ids: tuple[str, ...]
    attempt: int
    status: int | None
    seconds: float
    why: str = ""

    @property
    def is_fine(self) -> bool:
        """True for 2xx."""
        return self.status is not None and 200 <= self.status < 300


def sign(secret: str, body: bytes) -> str:
    """The value of x-line-signature for exactly these bytes."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


class Delivery:
    """One thread that takes events from the platform and posts them to the webhook."""

    def __init__(
        self,
        platform: Platform,
        webhook_url: str,
        channel_secret: str,
        faults: Faults | None = None,
    ) -> None:
        platform.webhook_url = webhook_url
        self.platform = platform
        self.faults = faults or Faults()
        self.log: deque[Delivered] = deque(maxlen=500)
        self._secret = channel_secret
        self._http = urllib3.PoolManager(maxsize=2)
        self._again: list[tuple[float, int, list[Event], int]] = []
        self._thread = threading.Thread(target=self._run, name="line-delivery", daemon=True)

    def start(self) -> "Delivery":
        """Begin to deliver."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """End after the request under way; call it after `platform.close()`."""
        if self._thread.is_alive():
            self._thread.join(TIME_LIMIT + 1)
        self._http.clear()

    def wait_idle(self, timeout: float = 5.0) -> bool:
        """Wait until every event was delivered or given up."""
        events = self.platform.events
        with events.all_tasks_done:
            return events.all_tasks_done.wait_for(lambda: not events.unfinished_tasks, timeout)

    def verify(self) -> dict[str, Any]:
        """Send `events: []`, as the console's Verify button does, and say how it went."""
        sent = self._post(self._body([]), self._headers(self._body([])), (), 0)
        return {
            "success": sent.is_fine,
            "timestamp": self.platform.timestamp(),
            "statusCode": sent.status or 0,
            "reason": "OK" if sent.is_fine else ("ERROR_STATUS_CODE" if sent.status else sent.why),
            "detail": str(sent.status or sent.why),
        }

    def send_raw(self, body: bytes, signature: str | None = "") -> Delivered:
        """Post any bytes: signed rightly with an empty `signature`, not at all with None."""
        headers = self._headers(body)
        if signature is None:
            del headers["x-line-signature"]
        elif signature:
            headers["x-line-signature"] = signature
        return self._post(body, headers, (), 0)

    # ------------------------------------------------------------------ the thread

    def _run(self) -> None:
        while (events := self._take()) is not None:
            self._deliver_due()
            if not events:
                continue
            gathering = self.faults.gathering()
            if gathering:
                kind, size = gathering
                events += self._gather(size - len(events))
                if kind == "merge":
                    self._deliver(events, 0)
                    continue
                events = self._shuffled(events)
            for event in events:
                self._deliver([event], 0)

    def _shuffled(self, events: list[Event]) -> list[Event]:
        other = events.copy()
        self.faults.chance.shuffle(other)
        return other if other != events else events[::-1]

    def _take(self) -> list[Event] | None:
        """The next event, nothing when a redelivery is due, None at the end."""
        wait = max(0.0, self._again[0][0] - time.monotonic()) if self._again else None
        try:
            event = self.platform.events.get(timeout=wait)
        except queue.Empty:
            return []
        if event is None:
            self.platform.events.task_done()
            return None
        return [event]

    def _gather(self, size: int) -> list[Event]:
        found: list[Event] = []
        until = time.monotonic() + GATHER_FOR
        while len(found) < size and (left := until - time.monotonic()) > 0:
            try:
                event = self.platform.events.get(timeout=left)
            except queue.Empty:
                break
            if event is None:
                self.platform.events.put(None)
                self.platform.events.task_done()
                break
            found.append(event)
        return found

    def _deliver_due(self) -> None:
        while self._again and self._again[0][0] <= time.monotonic():
            _, _, events, attempt = heapq.heappop(self._again)
            self._deliver([_redelivered(event) for event in events], attempt)

    def _deliver(self, events: list[Event], attempt: int) -> None:
        if attempt == 0:
            events = [self._spoil(event) for event in events]
        sent = self._request(events, attempt)
        if self.faults.takes("duplicate"):
            for _ in range(self.faults.copies):
                self._request(events, attempt)
        if self.faults.takes("redeliver"):
            self._request([_redelivered(event) for event in events], attempt)
        if not sent.is_fine and self.faults.redelivery and attempt + 1 < ATTEMPTS:
            due = time.monotonic() + self.faults.redelivery_after
            heapq.heappush(self._again, (due, len(self.log), events, attempt + 1))
            return
        for _ in events:
            self.platform.events.task_done()

    def _request(self, events: list[Event], attempt: int) -> Delivered:
        body = self._body(events)
        headers = self._headers(body)
        if self.faults.takes("bad signature"):
            headers["x-line-signature"] = sign("another secret", body)
        if self.faults.takes("no signature"):
            del headers["x-line-signature"]
        with self.platform.changed:
            for event in events:
                self.platform.tokens.start(
                    event.get("replyToken", ""),
                    self.platform.clock(),
                    event["deliveryContext"]["isRedelivery"],
                )
        return self._post(body, headers, tuple(e["webhookEventId"] for e in events), attempt)

    def _body(self, events: list[Event]) -> bytes:
        payload = {"destination": self.platform.bot_id, "events": events}
        return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "replace"
        )

    def _headers(self, body: bytes) -> dict[str, str]:
        return {
            "content-type": "application/json; charset=utf-8",
            "user-agent": "LineBotWebhook/2.0",
            "x-line-signature": sign(self._secret, body),
        }

    def _post(
        self, body: bytes, headers: dict[str, str], event_ids: tuple[str, ...], attempt: int
    ) -> Delivered:
        start, status, why = time.monotonic(), None, ""
        try:
            answer = self._http.request(
                "POST",
                self.platform.webhook_url,
                body=body,
                headers=headers,
                timeout=urllib3.Timeout(total=TIME_LIMIT),
                retries=False,
                redirect=False,
            )
            status = answer.status
        except urllib3.exceptions.NewConnectionError:  # which is a TimeoutError, too
            why = "COULD_NOT_CONNECT"
        except urllib3.exceptions.TimeoutError:
            why = "REQUEST_TIMEOUT"
        except urllib3.exceptions.HTTPError:
            why = "COULD_NOT_CONNECT"
        sent = Delivered(event_ids, attempt, status, time.monotonic() - start, why)
        with self.platform.changed:
            self.log.append(sent)
            self.platform.touch()
        return sent

    def _spoil(self, event: Event) -> Event:
        for kind in EVENT_FAULTS:
            if _can_have(event, kind) and self.faults.takes(kind):
                event = _spoiled(event, kind)
        return event


def _redelivered(event: Event) -> Event:
    return {**event, "deliveryContext": {"isRedelivery": True}}


def _can_have(event: Event, kind: str) -> bool:
    if kind == "unknown message":
        return event["type"] == "message"
    if kind == "unknown sticker":
        return bool(event["type"] == "message" and event["message"]["type"] == "sticker")
    return True


def _spoiled(event: Event, kind: str) -> Event:
    """The same event as a newer LINE, or another situation, might send it."""
    event = copy.deepcopy(event)
    if kind == "unknown event":
        event["hologram"] = event.pop(event["type"], {})
        event["type"] = "hologram"
    elif kind == "unknown message":
        event["message"] = {"id": event["message"]["id"], "type": "hologram", "depth": 3}
    elif kind == "unknown sticker":
        event["message"]["stickerResourceType"] = "HOLOGRAM"
    elif kind == "unknown mode":
        event["mode"] = "shared"
    elif kind == "standby":
        event["mode"] = "standby"
        event.pop("replyToken", None)
    elif kind == "no user id":
        event["source"].pop("userId", None)
    return event
