"""The load: signed webhooks over a few kept connections, in a process of its own.

`python -m tests.load.client` reads one job (JSON) from standard input and prints one result.
A flood sends the next webhook of a connection as soon as the last was answered; with a `rate`
webhooks leave at that pace, whatever the answers do. In a `talk` each connection is a person
who says the next thing when the reply to the last one is there. After the last one it waits until
everything that was accepted has been delivered, or until nothing has arrived for a while.

The job: port, path, api (port), secret, first (number of the first webhook), connections,
seconds, rate (0: flood), talk, events (rows of user number and postback data or text).
"""

import array
import asyncio
import gc
import json
import random
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from bot.line.webhook import sign
from tests.load.api import TOKEN
from tests.load.wire import Connection

PATIENCE = 6.0
MOST_DRAIN = 40.0
"""Reply tokens live for 50 s: what was not answered by then would be pushed."""


def user_id(number: int) -> str:
    """LINE's id of the bench's person `number`."""
    return f"U{number:032x}"


def webhook(number: int, user: int, said: dict[str, Any], secret: str, path: str) -> bytes:
    """A whole signed POST of one event."""
    event = {
        **said,
        "mode": "active",
        "timestamp": int(time.time() * 1000),
        "source": {"type": "user", "userId": user_id(user)},
        "webhookEventId": f"01BENCH{random.getrandbits(40):012X}{number:010d}",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": TOKEN % number,
    }
    body = json.dumps({"destination": "U" + "0" * 32, "events": [event]}).encode()
    return (
        b"POST %b HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b"User-Agent: LineBotWebhook/2.0\r\nx-line-signature: %b\r\nContent-Length: %d\r\n\r\n%b"
        % (path.encode(), sign(secret, body).encode(), len(body), body)
    )


def text(number: int, words: str) -> dict[str, Any]:
    """A text message, as LINE sends it."""
    message = {
        "type": "text",
        "id": str(10**17 + number),
        "quoteToken": "q3Plxr4AgKd",
        "text": words,
    }
    return {"type": "message", "message": message}


def tap(data: str) -> dict[str, Any]:
    """A tap on a button."""
    return {"type": "postback", "postback": {"data": data}}


@dataclass
class Load:
    """One run of webhooks."""

    job: dict[str, Any]
    sent: dict[int, float] = field(default_factory=dict)
    answers: list[float] = field(default_factory=list)
    accepted: list[int] = field(default_factory=list)
    refused: int = 0
    late: int = 0
    ready: list[bytes] = field(default_factory=list)
    began: float = 0.0
    ended: float = 0.0
    until: float = 0.0
    _next: int = 0

    def prepare(self) -> None:
        """Sign before the clock runs: the load generator must not be what is measured."""
        job = self.job
        events, first = job["events"], job["first"]
        for n in range(job["most"]):
            user, kind, words = events[n % len(events)]
            said = tap(words) if kind == "tap" else text(first + n, words)
            self.ready.append(webhook(first + n, user, said, job["secret"], job["path"]))

    async def run(self) -> None:
        """Send until the seconds are over; then nothing is left under way."""
        loop = asyncio.get_running_loop()
        self.began = time.monotonic()
        self.until = self.began + self.job["seconds"]
        if self.job.get("talk"):
            await self._talk(loop)
        elif self.job["rate"]:
            await self._paced(loop)
        else:
            await asyncio.gather(*(self._flood(loop) for _ in range(self.job["connections"])))
        self.ended = time.monotonic()

    async def _flood(self, loop: asyncio.AbstractEventLoop) -> None:
        line = await self._connect(loop)
        done = loop.create_future()

        def go_on() -> None:
            if time.monotonic() >= self.until or self._next >= len(self.ready):
                if not done.done():
                    done.set_result(None)
                return
            if not line.is_open:
                loop.create_task(again())
                return
            self._ask(line, go_on)

        async def again() -> None:
            nonlocal line
            line = await self._connect(loop)
            go_on()

        go_on()
        await done
        line.close()

    async def _paced(self, loop: asyncio.AbstractEventLoop) -> None:
        free = [await self._connect(loop) for _ in range(self.job["connections"])]
        pause, at = 1 / self.job["rate"], self.began
        under_way = 0
        all_back = asyncio.Event()

        def give_back(line: Connection) -> None:
            nonlocal under_way
            under_way -= 1
            free.append(line)
            if not under_way:
                all_back.set()

        while (now := time.monotonic()) < self.until and self._next < len(self.ready):
            if now < at:
                await asyncio.sleep(at - now)
                continue
            if not free:  # counted from when it should have left
                self.late += 1
                free.append(await self._connect(loop))
            line = free.pop(0)
            if not line.is_open:
                line = await self._connect(loop)
            under_way += 1
            all_back.clear()
            self._ask(line, lambda line=line: give_back(line), at)
            at += pause
        if under_way:
            await all_back.wait()
        for line in free:
            line.close()

    async def _talk(self, loop: asyncio.AbstractEventLoop) -> None:
        replied: dict[int, asyncio.Event] = {}
        api = self.job["api"]
        follower, _ = await loop.create_connection(lambda: Follower(replied), "127.0.0.1", api)
        follower.write(b"GET /bench/follow HTTP/1.1\r\nHost: bench\r\n\r\n")
        await asyncio.sleep(0.05)
        self.began = time.monotonic()
        self.until = self.began + self.job["seconds"]

        async def person() -> None:
            line = await self._connect(loop)
            while time.monotonic() < self.until and self._next < len(self.ready):
                if not line.is_open:
                    line = await self._connect(loop)
                number = self.job["first"] + self._next
                heard, answered = asyncio.Event(), asyncio.Event()
                replied[number] = heard
                self._ask(line, answered.set)
                await answered.wait()
                try:
                    await asyncio.wait_for(heard.wait(), PATIENCE)
                except TimeoutError:
                    self.late += 1
                del replied[number]
            line.close()

        await asyncio.gather(*(person() for _ in range(self.job["connections"])))
        follower.close()

    async def _connect(self, loop: asyncio.AbstractEventLoop) -> Connection:
        _, line = await loop.create_connection(Connection, "127.0.0.1", self.job["port"])
        return line

    def _ask(self, line: Connection, then: Any, due: float | None = None) -> None:
        number = self.job["first"] + self._next
        request = self.ready[self._next]
        self._next += 1
        started = due or time.monotonic()
        self.sent[number] = started

        def answered(status: int, _body: bytes) -> None:
            if status == 200:
                self.answers.append(time.monotonic() - started)
                self.accepted.append(number)
            else:
                self.refused += 1
            then()

        line.ask(request, answered)


class Follower(asyncio.Protocol):
    """Hears of each delivery from the API."""

    def __init__(self, replied: dict[int, asyncio.Event]) -> None:
        self._replied = replied
        self._kept = b""

    def data_received(self, data: bytes) -> None:
        data = self._kept + data
        whole = len(data) - len(data) % 4
        for start in range(0, whole, 4):
            heard = self._replied.get(int.from_bytes(data[start : start + 4], "little"))
            if heard is not None:
                heard.set()
        self._kept = data[whole:]


async def control(api: int, words: str) -> bytes:
    """Ask the API something (`GET /bench/...`)."""
    loop = asyncio.get_running_loop()
    _, line = await loop.create_connection(Connection, "127.0.0.1", api)
    answer = loop.create_future()
    line.ask(
        f"GET /bench/{words} HTTP/1.1\r\nHost: bench\r\n\r\n".encode(),
        lambda status, body: answer.done() or answer.set_result((status, body)),
    )
    _, body = await answer
    line.close()
    return body


async def drain(api: int, wanted: int) -> list[int]:
    """Wait until `wanted` replies are delivered, or none has come for PATIENCE; the counts."""
    began = last = time.monotonic()
    before = -1
    while True:
        counts = [int(word) for word in (await control(api, "count")).split()]
        now = time.monotonic()
        if counts[0] != before:
            before, last = counts[0], now
        if counts[0] >= wanted or now - last > PATIENCE or now - began > MOST_DRAIN:
            return counts
        await asyncio.sleep(0.02)


async def measure(job: dict[str, Any]) -> dict[str, Any]:
    """Run a job; what came of it, times in seconds."""
    await control(job["api"], "reset")
    load = Load(job)
    load.prepare()
    gc.collect()
    gc.freeze()
    await load.run()
    if job.get("fill"):
        return {"accepted": len(load.accepted), "refused": load.refused}
    counts = await drain(job["api"], len(load.accepted))
    delivered = array.array("d", await control(job["api"], "log"))
    latencies, last = [], load.began
    for number in load.accepted:
        at = delivered[number] if number < len(delivered) else 0.0
        if at:
            latencies.append(at - load.sent[number])
            last = max(last, at)
    seconds = load.ended - load.began
    return {
        "accepted": len(load.accepted),
        "refused": load.refused,
        "accepted_per_second": len(load.accepted) / seconds,
        "answer": _spread(load.answers),
        "delivered": len(latencies),
        "answered_per_second": len(latencies) / max(last - load.began, 1e-9),
        "reply": _spread(latencies),
        "repeated": counts[1],
        "pushed": counts[2],
        "bytes_per_reply": counts[3] / max(counts[0], 1),
        "late": load.late,
    }


async def ceiling(job: dict[str, Any]) -> dict[str, Any]:
    """How many replies a second the API takes when nothing else has to be done."""
    await control(job["api"], "reset")
    message = json.dumps(
        {"replyToken": TOKEN % 0, "messages": [{"type": "text", "text": "x" * 3000}]}
    )
    ready = []
    for number in range(job["most"]):
        body = message.replace(TOKEN % 0, TOKEN % number).encode()
        ready.append(
            b"POST /v2/bot/message/reply HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer t\r\n"
            b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
        )
    load = Load({**job, "port": job["api"], "first": 0, "rate": 0}, ready=ready)
    gc.freeze()
    await load.run()
    return {"per_second": len(load.accepted) / (load.ended - load.began)}


def _spread(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    if not ordered:
        return {"p50": 0.0, "p99": 0.0}
    most = len(ordered) - 1
    return {"p50": ordered[most // 2], "p99": ordered[int(most * 0.99)]}


async def until_empty(job: dict[str, Any]) -> dict[str, Any]:
    """Wait for `wanted` replies; how many came, and how many a second since `since`."""
    counts = await drain(job["api"], job["wanted"])
    delivered = array.array("d", await control(job["api"], "log"))
    seconds = max(max(delivered) - job["since"], 1e-9)
    return {"delivered": counts[0], "answered_per_second": counts[0] / seconds}


async def _carry_out(job: dict[str, Any]) -> dict[str, Any]:
    if job.get("control"):
        return {"said": (await control(job["api"], job["control"])).decode()}
    if job.get("wanted"):
        return await until_empty(job)
    return await (ceiling(job) if job.get("ceiling") else measure(job))


if __name__ == "__main__":
    json.dump(asyncio.run(_carry_out(json.load(sys.stdin))), sys.stdout)
