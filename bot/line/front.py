"""The short way for a webhook: from gunicorn's event loop straight to the porter.

gunicorn's threads cost 0.3 ms of CPU for a webhook, most of it hand-overs and general HTTP.
Here its event loop looks at what has arrived, without taking it: a whole and plain
POST /callback is read where it stands, all that arrived together goes to the inbox in one
piece, and the thread that made the commit sends the answers. Everything else (other pages,
bodies in pieces, chunked, large or odd) is left untouched to gunicorn's parser and threads.
"""

import selectors
import socket
from collections.abc import Callable
from email.utils import formatdate
from functools import lru_cache, partial
from typing import Any

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from bot.line.webhook import Received

_FIRST = b"POST /callback HTTP/1.1"
_MOST = 64 * 1024
_LOOK = 0.1  # while something is being kept: whether it takes too long
_UNUSUAL = frozenset((b"transfer-encoding", b"expect", b"upgrade", b"http2-settings"))
_ONCE = frozenset((b"content-length", b"x-line-signature", b"connection"))
_REASONS = {200: b"OK", 400: b"Bad Request", 503: b"Service Unavailable"}


class FrontWorker(ThreadWorker):
    """gunicorn's worker with threads, serving a `web.Application`.

    A connection stays in the poller and among `keepalived_conns` while its webhook is kept.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._arrived: list[tuple[list[Received], Callable[[bool], None]]] = []
        self._under_way: set[Any] = set()  # connections whose webhook is being kept
        self._set_aside: set[Any] = set()  # of these, those that spoke again meanwhile

    # ------------------------------------------------------------ gunicorn's loop

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """One turn: read what is ready, then hand all of it over at once."""
        writer = self.wsgi.writer
        super().wait_for_and_dispatch_events(_LOOK if writer.has_in_hand() else timeout)
        if self._arrived:
            arrived, self._arrived = self._arrived, []
            writer.hand(arrived)
        writer.spool_late()

    def enqueue_req(self, conn: Any) -> None:
        """A connection that waits nowhere: a new one, or one that gunicorn is at work with."""
        is_crowded = len(self.keepalived_conns) >= self.max_keepalived
        if conn.parser is None and self.alive and not is_crowded:
            # No thread need wait for its first byte.
            conn.sock.setblocking(False)
            self._keep_open(conn)
            self._listen(conn)
        else:
            super().enqueue_req(conn)

    def on_client_socket_readable(self, conn: Any, client: Any) -> None:
        """The next request of a connection."""
        if conn in self._under_way:
            # It spoke or hung up before its answer, which must go first.
            self.poller.unregister(client)
            self._set_aside.add(conn)
            if conn not in self._under_way:
                self._listen_again(conn)
            return
        self.keepalived_conns.remove(conn)
        request = _take(client) if self.alive else None
        if request is None:
            self.poller.unregister(client)
            super().enqueue_req(conn)
            return
        self._keep_open(conn)
        self._receive(conn, *request)

    def _keep_open(self, conn: Any) -> None:
        conn.set_timeout()
        self.keepalived_conns.append(conn)

    def _listen(self, conn: Any) -> None:
        ready = partial(self.on_client_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, ready)

    def _listen_again(self, conn: Any) -> None:
        if conn in self._set_aside:
            self._set_aside.discard(conn)
            if conn in self.keepalived_conns:  # else it was closed meanwhile
                self._listen(conn)

    # ------------------------------------------------------------ one webhook

    def _receive(self, conn: Any, signature: bytes, body: bytes) -> None:
        events = self.wsgi.webhook.read(body, signature.decode("latin-1"))
        if events is None:
            _send(conn.sock, 400, self.wsgi.clock())
            return
        self._under_way.add(conn)
        self._arrived.append((events, partial(self._answer, conn)))

    def _answer(self, conn: Any, is_kept: bool) -> None:
        """On the thread that kept the events, or could not."""
        # First, because the next request may be here before `send` returns.
        self._under_way.discard(conn)
        _send(conn.sock, self.wsgi.webhook.answer(is_kept=is_kept), self.wsgi.clock())
        if conn in self._set_aside:
            self.method_queue.defer(self._listen_again, conn)


def read_request(seen: bytes) -> tuple[bytes, bytes] | None:
    """Signature and body when these bytes are one whole, plain POST /callback; else None."""
    head, end, body = seen.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    if first != _FIRST or not end:
        return None
    found: dict[bytes, bytes] = {}
    for line in lines:
        name, colon, value = line.partition(b":")
        name = name.lower()
        is_odd = not colon or not name.isascii() or b"\n" in line or b"\r" in line
        if is_odd or name != name.strip() or name in _UNUSUAL or name in found:
            return None
        if name in _ONCE:
            found[name] = value.strip()
    length = found.get(b"content-length", b"")
    if not length.isdigit() or int(length[:9]) != len(body) or len(length) > 9:
        return None
    if found.get(b"connection", b"keep-alive").lower() != b"keep-alive":
        return None
    return found.get(b"x-line-signature", b""), body


def _take(sock: socket.socket) -> tuple[bytes, bytes] | None:
    """Read a request off the socket if it is one for us; otherwise leave it there."""
    try:
        seen = sock.recv(_MOST, socket.MSG_PEEK)
        request = read_request(seen)
        if request is not None:
            sock.recv(len(seen))
    except OSError:
        return None  # whatever it is, gunicorn meets it too
    return request


def _send(sock: socket.socket, status: int, now: float) -> None:
    """Answer. Whoever hung up, or does not read, has lost the connection; what was kept is kept."""
    reason = _REASONS[status]
    body = b"OK" if status == 200 else reason
    answer = (
        b"HTTP/1.1 %d %b\r\nDate: %b\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%b"
        % (status, reason, _date(int(now)), len(body), body)
    )
    try:
        if sock.send(answer) == len(answer):
            return
    except OSError:
        pass
    try:
        sock.shutdown(socket.SHUT_RDWR)  # the loop hears of it and closes
    except OSError:
        pass


@lru_cache(maxsize=1)
def _date(second: int) -> bytes:
    return formatdate(second, usegmt=True).encode()
