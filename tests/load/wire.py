"""As much HTTP as the bench needs: one message at a time on a kept connection.

Both sides of the bench speak over raw asyncio protocols, because a framework would cost more
than some of the servers that are measured.
"""

import asyncio
from collections.abc import Callable


class Messages:
    """Cuts a stream of bytes into HTTP messages; `feed` returns the complete ones.

    A message is (start line with headers, body). Chunked bodies are only looked for their end.
    """

    def __init__(self) -> None:
        self._kept = b""

    def feed(self, data: bytes) -> list[tuple[bytes, bytes]]:
        """The messages that these bytes complete."""
        self._kept = self._kept + data if self._kept else data
        found = []
        while (cut := self._cut()) is not None:
            found.append(cut)
        return found

    def _cut(self) -> tuple[bytes, bytes] | None:
        end = self._kept.find(b"\r\n\r\n")
        if end < 0:
            return None
        head, start = self._kept[:end], end + 4
        if (length := header(head, b"content-length")) is not None:
            stop = start + int(length)
        elif (header(head, b"transfer-encoding") or b"").lower() == b"chunked":
            last = self._kept.find(b"0\r\n\r\n", start)
            if last < 0:
                return None
            stop = last + 5
        else:
            stop = start
        if len(self._kept) < stop:
            return None
        body, self._kept = self._kept[start:stop], self._kept[stop:]
        return head, body


def header(head: bytes, name: bytes) -> bytes | None:
    """The value of a header; `name` in lower case."""
    at = head.lower().find(b"\r\n" + name + b":")
    if at < 0:
        return None
    start = at + len(name) + 3
    end = head.find(b"\r\n", start)
    return head[start : end if end >= 0 else len(head)].strip()


class Connection(asyncio.Protocol):
    """The asking side: `ask(request, then)`; `then(status)` is 0 when the line was cut."""

    def __init__(self) -> None:
        self._messages = Messages()
        self._transport: asyncio.Transport | None = None
        self._then: Callable[[int, bytes], None] | None = None

    @property
    def is_open(self) -> bool:
        """False before the first and after the last byte."""
        return self._transport is not None and not self._transport.is_closing()

    def ask(self, request: bytes, then: Callable[[int, bytes], None]) -> None:
        """Send a whole request; `then` is called once, with the status and the body."""
        self._then = then
        assert self._transport is not None
        self._transport.write(request)

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._answered(0, b"")

    def data_received(self, data: bytes) -> None:
        for head, body in self._messages.feed(data):
            if (header(head, b"connection") or b"").lower() == b"close":
                self.close()
            self._answered(int(head[9:12]), body)

    def _answered(self, status: int, body: bytes) -> None:
        then, self._then = self._then, None
        if then is not None:
            then(status, body)
