"""One kept HTTP/1.1 connection, with as little as HTTP allows between the bytes and the answer.

Not http.client, whose calls cost five times as much: it sends head and body apart and reads
headers with the parser for e-mail. The socket never blocks; waiting is done here, so that
silence ends the same way with and without TLS. Every failure is an OSError.
"""

import math
import select
import socket
import ssl
import time

_PIECE = 32 * 1024  # more than a TLS record: nothing readable stays hidden inside OpenSSL
_MOST_HEAD = 64 * 1024
_MOST_BODY = 20_000_000
_MOST_LINES = 1000  # interim answers, trailers
_WANTED = (b"content-length", b"transfer-encoding", b"connection", b"retry-after")


Heard = tuple[int, dict[bytes, bytes], bytes]
"""Status, the headers of interest, the body."""


class BadAnswer(OSError):
    """What came is not HTTP, or too much of it."""


class NotPlain(Exception):
    """An answer in pieces, or one that ends when the line does."""


class Connection:
    """A connection for one thread at a time. Raises OSError when there is none.

    `tls` checks the certificate; `connect` and `silence` (how long nothing may come) in seconds.
    """

    def __init__(self, host: str, port: int, tls: ssl.SSLContext | None, connect: float) -> None:
        sock = socket.create_connection((host, port), connect)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sock = tls.wrap_socket(sock, server_hostname=host) if tls else sock
            self._sock.setblocking(False)
        except BaseException:
            sock.close()
            raise
        self._arrivals = select.poll()
        self._arrivals.register(self._sock, select.POLLIN)
        self._got = b""
        self.can_go_on = True
        self.used_at = time.monotonic()

    def close(self) -> None:
        """Hang up."""
        self._sock.close()

    def has_ended(self) -> bool:
        """True when the other side closed, or spoke, while nobody asked."""
        if not self._arrivals.poll(0):
            return False
        try:
            self._sock.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return False  # TLS talking to itself: a ticket for the next session
        except OSError:
            return True
        return True

    def ask(self, request: bytes, silence: float) -> Heard:
        """Send a whole request; returns the status, the headers of interest and the body.

        `can_go_on` is False afterwards when the connection cannot take another request.
        """
        self._send(request, silence)
        self._wait(select.POLLIN, silence)
        return self.hear(silence)

    def hear(self, silence: float) -> Heard:
        """The answer to what was sent, waited for."""
        status, headers = self._head(silence)
        body = self._body(status, headers, silence)
        if self._got:
            self.can_go_on = False
        return status, headers, body

    def say(self, request: bytes) -> bytes:
        """Send without waiting; returns what could not leave yet."""
        try:
            return request[self._sock.send(request) :]
        except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
            return request

    def heard_by_now(self) -> Heard | None:
        """What came, if it is a whole and plain answer. Raises NotPlain when only `hear` can
        tell where it ends."""
        try:
            piece = self._sock.recv(_PIECE)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return None
        if not piece:
            raise ConnectionResetError("closed before the end of the answer")
        self._got += piece
        head, end, body = self._got.partition(b"\r\n\r\n")
        if not end:
            if len(head) > _MOST_HEAD:
                raise BadAnswer("head too long")
            return None
        _, status, headers = read_head(head)
        length = headers.get(b"content-length", b"")
        is_plain = status >= 200 and length.isdigit() and b"transfer-encoding" not in headers
        if not is_plain or len(length) > 7:
            raise NotPlain
        return None if len(body) < int(length) else self.hear(0.0)

    def fileno(self) -> int:
        """For a selector."""
        return self._sock.fileno()

    def _head(self, silence: float) -> tuple[int, dict[bytes, bytes]]:
        for _ in range(_MOST_LINES):
            head = self._until(b"\r\n\r\n", silence)
            version, status, headers = read_head(head)
            if status >= 200:
                spoken = headers.get(b"connection", b"").lower()
                is_kept = version == b"HTTP/1.1" or b"keep-alive" in spoken
                self.can_go_on = is_kept and b"close" not in spoken
                return status, headers
            if status == 101:
                raise BadAnswer("another protocol")
        raise BadAnswer("interim answers without end")

    def _body(self, status: int, headers: dict[bytes, bytes], silence: float) -> bytes:
        if status in (204, 304):
            return b""
        if (coding := headers.get(b"transfer-encoding")) is not None:
            if coding.lower() != b"chunked":
                raise BadAnswer("unknown transfer coding")
            return self._chunks(silence)
        if (length := headers.get(b"content-length")) is not None:
            if not length.isdigit() or len(length) > 12:
                raise BadAnswer("unknown length")
            return self._take(int(length), silence)
        self.can_go_on = False
        return self._rest(silence)

    def _chunks(self, silence: float) -> bytes:
        chunks: list[bytes] = []
        room = _MOST_BODY
        while size := _size_of_chunk(self._until(b"\r\n", silence)):
            room -= size
            if room < 0:
                raise BadAnswer("body too long")
            chunks.append(self._take(size, silence))
            if self._take(2, silence) != b"\r\n":
                raise BadAnswer("a chunk of another size")
        for _ in range(_MOST_LINES):
            if not self._until(b"\r\n", silence):
                return b"".join(chunks)
        raise BadAnswer("trailers without end")

    def _until(self, end: bytes, silence: float) -> bytes:
        """What comes before `end`, which is read too."""
        while (at := self._got.find(end)) < 0:
            if len(self._got) > _MOST_HEAD:
                raise BadAnswer("head too long")
            self._got += self._more(silence)
        found, self._got = self._got[:at], self._got[at + len(end) :]
        return found

    def _take(self, length: int, silence: float) -> bytes:
        """The next `length` bytes."""
        if length > _MOST_BODY:
            raise BadAnswer("body too long")
        pieces = [self._got]
        missing = length - len(self._got)
        while missing > 0:
            pieces.append(self._more(silence))
            missing -= len(pieces[-1])
        whole = b"".join(pieces)
        self._got = whole[length:]
        return whole[:length]

    def _rest(self, silence: float) -> bytes:
        """Everything until the other side closes."""
        pieces, room = [self._got], _MOST_BODY
        while piece := self._receive(silence):
            pieces.append(piece)
            room -= len(piece)
            if room < 0:
                raise BadAnswer("body too long")
        self._got = b""
        return b"".join(pieces)

    def _more(self, silence: float) -> bytes:
        if piece := self._receive(silence):
            return piece
        raise ConnectionResetError("closed before the end of the answer")

    def _receive(self, silence: float) -> bytes:
        while True:
            try:
                return self._sock.recv(_PIECE)
            except (BlockingIOError, ssl.SSLWantReadError):
                self._wait(select.POLLIN, silence)
            except ssl.SSLWantWriteError:
                self._wait(select.POLLOUT, silence)

    def _send(self, request: bytes, silence: float) -> None:
        left = memoryview(request)
        while left:
            try:
                left = left[self._sock.send(left) :]
            except (BlockingIOError, ssl.SSLWantWriteError):
                self._wait(select.POLLOUT, silence)
            except ssl.SSLWantReadError:
                self._wait(select.POLLIN, silence)

    def _wait(self, event: int, silence: float) -> None:
        if event == select.POLLIN:
            waiting = self._arrivals
        else:
            waiting = select.poll()
            waiting.register(self._sock, event)
        if not waiting.poll(max(0, math.ceil(silence * 1000))):
            raise TimeoutError("silence")


def read_head(head: bytes) -> tuple[bytes, int, dict[bytes, bytes]]:
    """Version, status and the headers of interest, their names in lower case."""
    first, *lines = head.split(b"\r\n")
    version, _, rest = first.partition(b" ")
    status = rest.partition(b" ")[0]
    if version not in (b"HTTP/1.1", b"HTTP/1.0") or len(status) != 3 or not status.isdigit():
        raise BadAnswer("no status line")
    headers: dict[bytes, bytes] = {}
    for line in lines:
        name, _, value = line.partition(b":")
        name = name.lower()
        if name in _WANTED:
            value = value.strip()
            headers[name] = headers[name] + b"," + value if name in headers else value
    return version, int(status), headers


def _size_of_chunk(line: bytes) -> int:
    digits = line.partition(b";")[0].strip()
    if not digits or len(digits) > 8 or digits.strip(b"0123456789abcdefABCDEF"):
        raise BadAnswer("no chunk")
    return int(digits, 16)
