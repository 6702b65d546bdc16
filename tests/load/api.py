"""A LINE API that does as little as possible: it takes every message and notes when.

The reply token of the bench's webhooks carries the webhook's number, so that the time of
delivery can be told for each of them. A process of its own: `python -m tests.load.api`.

    POST /v2/bot/message/reply   200, at once or after the delay; a token works once
    GET  /bench/delay/50         every answer waits 50 ms from now on
    GET  /bench/reset            forget what was delivered
    GET  /bench/count            "delivered repeated pushed bytes"
    GET  /bench/log              8 bytes a webhook number: the time of delivery or 0
    GET  /bench/follow           from now on 4 bytes for each delivery: the webhook's number
"""

import array
import asyncio
import gc
import os
import signal
import socket
import sys
import time
from typing import ClassVar

from tests.load.wire import Messages

TOKEN = "bench%027d"
_MARK = b'"bench'
_TAKEN = b'{"sentMessages":[{"id":"461230966842064897","quoteToken":"IStG5h1Tz7b"}]}'


class Log:
    """What arrived: by webhook number, on the clock that all processes of a machine share."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.at = array.array("d", bytes(8 * 200_000))
        self.delivered = self.repeated = self.pushed = self.bytes = 0

    def note(self, number: int, size: int) -> bool:
        """A reply to webhook `number`; False when its token was used before."""
        if number >= len(self.at):
            self.at.extend([0.0] * (number + 100_000 - len(self.at)))
        if self.at[number]:
            self.repeated += 1
            return False
        self.at[number] = time.monotonic()
        self.delivered += 1
        self.bytes += size
        return True


class Api(asyncio.Protocol):
    """One connection of a bot."""

    log = Log()
    delay = 0.0
    follower: ClassVar[asyncio.Transport | None] = None

    def __init__(self) -> None:
        self._messages = Messages()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if Api.follower is self._transport:
            Api.follower = None
        self._transport = None

    def data_received(self, data: bytes) -> None:
        for head, body in self._messages.feed(data):
            path = head[head.find(b" ") + 1 : head.find(b" HTTP/")]
            if path == b"/bench/follow":
                Api.follower = self._transport
                continue
            if path.startswith(b"/bench/"):
                self._write(answer(200, self._control(path.decode().split("/")[2:])))
                continue
            reply = self._taken(path, body)
            if Api.delay:
                asyncio.get_running_loop().call_later(Api.delay, self._write, reply)
            else:
                self._write(reply)

    def _taken(self, path: bytes, body: bytes) -> bytes:
        if path.endswith(b"/reply"):
            at = body.find(_MARK)
            number = int(body[at + 6 : at + 33]) if at >= 0 else 0
            if at < 0 or not self.log.note(number, len(body)):
                return answer(400, b'{"message":"Invalid reply token"}')
            if Api.follower is not None:
                Api.follower.write(number.to_bytes(4, "little"))
            return answer(200, _TAKEN)
        if path.endswith(b"/push"):
            self.log.pushed += 1
            return answer(200, _TAKEN)
        if path.startswith(b"/v2/bot/profile/"):
            return answer(200, b'{"displayName":"Bench","userId":"U0","language":"en"}')
        return answer(202, b"{}")

    def _control(self, words: list[str]) -> bytes:
        match words:
            case ["delay", milliseconds]:
                Api.delay = int(milliseconds) / 1000
            case ["reset"]:
                self.log.reset()
            case ["count"]:
                log = self.log
                return f"{log.delivered} {log.repeated} {log.pushed} {log.bytes}".encode()
            case ["log"]:
                return self.log.at.tobytes()
        return b"ok"

    def _write(self, reply: bytes) -> None:
        if self._transport is not None:
            self._transport.write(reply)


def answer(status: int, body: bytes) -> bytes:
    """An HTTP answer with JSON."""
    return (
        b"HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
        b"x-line-request-id: bench\r\n\r\n%b" % (status, len(body), body)
    )


async def _serve(port: int) -> None:
    loop = asyncio.get_running_loop()
    listening = socket.create_server(("127.0.0.1", port), backlog=512)
    server = await loop.create_server(Api, sock=listening)
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopped.set)
    # Whoever started it may have been killed: it does not outlive its parent.
    parent = os.getppid()
    while not stopped.is_set() and os.getppid() == parent:
        try:
            await asyncio.wait_for(stopped.wait(), 1.0)
        except TimeoutError:
            pass
    server.close()


if __name__ == "__main__":
    gc.freeze()
    asyncio.run(_serve(int(sys.argv[1])))
