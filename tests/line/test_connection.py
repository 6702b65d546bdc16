"""The wire to LINE: every form an answer may take, and every way a line may break."""

import datetime
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.line.api import LineApi, NoAnswer, NotSent
from bot.line.connection import BadAnswer, Connection, read_head

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
LONG = b"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + b"y" * 300_000


class Server:
    """Answers the requests of each connection from a list of bytes; None hangs up at once.

    Pieces of one answer are sent apart. `requests` has what came, `calls` how many connected.
    """

    def __init__(self, *answers: bytes | list[bytes] | None, tls: ssl.SSLContext | None = None):
        self._answers = list(answers)
        self._tls = tls
        self.requests: list[bytes] = []
        self.calls = 0
        self.hung_up = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        """Take no more connections."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            self.calls += 1
            with suppress(OSError), line:
                line.settimeout(5)
                with self._tls.wrap_socket(line, server_side=True) if self._tls else line as spoken:
                    self._talk(spoken)
            self.hung_up.set()

    def _talk(self, line: socket.socket) -> None:
        while request := _request(line):
            self.requests.append(request)
            if not self._answers or (answer := self._answers.pop(0)) is None:
                return
            for piece in [answer] if isinstance(answer, bytes) else answer:
                line.sendall(piece)
                time.sleep(0.01)
            if self._answers and self._answers[0] is None:
                self._answers.pop(0)
                return


def _request(line: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got:
        if not (piece := line.recv(65536)):
            return b""
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    length = int(head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0] or b"0")
    while len(body) < length:
        body += line.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def a_line(server: Server, read: float = 2.0) -> Iterator[LineApi]:
    api = LineApi(f"http://127.0.0.1:{server.port}", "channel-token", read=read)
    try:
        yield api
    finally:
        api.close()
        server.close()


def test_a_request_is_whole_and_the_next_goes_over_the_same_line():
    server = Server(OK, OK)
    with a_line(server) as api:
        assert api.push("U1", b'[{"type":"text"}]', "key-1").status == 200
        assert api.call("GET", "/v2/bot/info").body == b"{}"
    assert server.calls == 1
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert body == b'{"to":"U1","messages":[{"type":"text"}]}'
    first, *headers = head.split(b"\r\n")
    assert first == b"POST /v2/bot/message/push HTTP/1.1"
    assert sorted(headers) == [
        b"Accept-Encoding: identity",
        b"Authorization: Bearer channel-token",
        b"Content-Length: %d" % len(body),
        b"Content-Type: application/json",
        b"Host: 127.0.0.1:%d" % server.port,
        b"X-Line-Retry-Key: key-1",
    ]
    assert server.requests[1].startswith(b"GET /v2/bot/info HTTP/1.1\r\n")
    assert b"Content-" not in server.requests[1]


CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        (OK, 200, b"{}"),
        ([OK[:9], OK[9:20], OK[20:-1], OK[-1:]], 200, b"{}"),
        (b"HTTP/1.1 200\r\ncontent-length:0\r\n\r\n", 200, b""),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\n" + OK, 200, b"{}"),
        (CHUNKED + b"3;a=b\r\nabc\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\n", 200, b"abc0123456789"),
        ([CHUNKED, b"2", b"\r\na", b"b\r", b"\n0\r\n", b"\r\n"], 200, b"ab"),
        (LONG, 200, b"y" * 300_000),
        (b"HTTP/1.1 409 C\r\nX: \xe3\x81\x82\r\n folded\r\nContent-Length: 1\r\n\r\n1", 409, b"1"),
    ],
)  # fmt: skip
def test_every_form_of_answer_is_read_and_leaves_the_line_usable(
    answer: bytes | list[bytes], status: int, body: bytes
):
    server = Server(answer, OK)
    with a_line(server) as api:
        got = api.reply("token", b"[]")
        assert (got.status, got.body) == (status, body)
        assert api.reply("token", b"[]").status == 200
    assert server.calls == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        OK + b"what nobody asked for",
    ],
)
def test_a_line_that_cannot_be_kept_is_not(answer: bytes):
    server = Server(answer, None, OK)
    with a_line(server) as api:
        assert api.reply("token", b"[]").body == b"{}"
        assert api.reply("token", b"[]").body == b"{}"
    assert server.calls == 2


def test_an_answer_without_a_length_ends_with_the_line():
    server = Server([b"HTTP/1.1 200 OK\r\n\r\n", b"all", b" of it"], None)
    with a_line(server) as api:
        assert api.reply("token", b"[]").body == b"all of it"


def test_a_line_that_was_closed_meanwhile_is_opened_again():
    server = Server(OK, None, OK)
    with a_line(server) as api:
        api.reply("token", b"[]")
        assert server.hung_up.wait(5)
        assert api.reply("token", b"[]").status == 200
    assert server.calls == 2


@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"HTTP/1.1 200 O",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}",
        CHUNKED + b"5\r\nabc",
    ],
)
def test_a_line_that_breaks_is_no_answer_and_the_next_call_gets_a_new_one(answer: bytes | None):
    server = Server(answer, None, OK) if answer else Server(None, OK)
    with a_line(server) as api:
        with pytest.raises(NoAnswer, match="ConnectionResetError"):
            api.reply("token", b"[]")
        assert api.reply("token", b"[]").status == 200
    assert server.calls == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n\r\n",
        b"HTTP/1.1 2OO OK\r\n\r\n",
        b"HTTP/2 200 OK\r\n\r\n",
        b"HTTP/1.1 101 Upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        CHUNKED + b"0x2\r\nab\r\n0\r\n\r\n",
        CHUNKED + b"-2\r\nab\r\n0\r\n\r\n",
        CHUNKED + b"2\r\nabc\r\n0\r\n\r\n",
        CHUNKED + b"FFFFFFFF\r\nabc",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000,
        b"HTTP/1.1 100 Go on\r\n\r\n" * 1001,
    ],
)
def test_what_is_not_http_is_no_answer(answer: bytes):
    server = Server(answer)
    with a_line(server) as api, pytest.raises(NoAnswer, match="BadAnswer"):
        api.reply("token", b"[]")


@pytest.mark.parametrize("answer", [[b""], [b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{"]])
def test_silence_is_no_answer_after_the_time_given(answer: list[bytes]):
    server = Server(answer)
    with a_line(server, read=0.2) as api:
        began = time.monotonic()
        with pytest.raises(NoAnswer, match="TimeoutError"):
            api.reply("token", b"[]")
        assert 0.15 < time.monotonic() - began < 2


def test_a_long_body_is_sent_whole_to_a_slow_reader():
    server = Server(OK)
    with a_line(server) as api:
        messages = b'["' + b"x" * 5_000_000 + b'"]'
        assert api.push("U1", messages, "key").status == 200
    assert len(server.requests[0]) > 5_000_000


def test_the_pause_that_line_asks_for_is_told():
    server = Server(b"HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n")
    with a_line(server) as api:
        assert api.reply("token", b"[]").retry_after == 7.0


def test_a_line_is_used_by_one_at_a_time_and_kept_for_the_next():
    server = Server(OK, OK)
    with a_line(server) as api:
        api.reply("token", b"[]")
        mine = api.idle()
        assert mine is not None
        assert api.idle() is None
        api.give_back(mine)
        assert api.number_idle() == 1
        api.reply("token", b"[]")
    assert server.calls == 1


@pytest.mark.parametrize(
    "call",
    [
        lambda api: api.call("GET", "/v2/bot\r\nX: y"),
        lambda api: api.call("GET", "/v2/b ot"),
        lambda api: api.push("U1", b"[]", "key\r\nX: y"),
        lambda _: LineApi("http://127.0.0.1:1", "token\n"),
    ],
)
def test_nothing_smuggles_a_header(call: Callable[[LineApi], object]):
    with pytest.raises(ValueError, match="characters that HTTP does not allow"):
        call(LineApi("http://127.0.0.1:1", "token"))


def test_a_head_without_sense_says_so():
    with pytest.raises(BadAnswer):
        read_head(b"")


# ---------------------------------------------------------------- TLS


def a_certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


def a_tls_server(certificate: Path, *answers: bytes | list[bytes] | None) -> Server:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return Server(*answers, tls=context)


def test_tls_carries_many_calls_over_one_line_and_notices_its_end(tmp_path: Path):
    certificate = a_certificate(tmp_path)
    trusting = ssl.create_default_context(cafile=str(certificate))
    server = a_tls_server(certificate, OK, LONG, OK, None)
    with closing(server), closing(Connection("localhost", server.port, trusting, 2.0)) as line:
        for body in (b"{}", b"y" * 300_000, b"{}"):
            assert not line.has_ended()
            request = b"POST / HTTP/1.1\r\nContent-Length: 2000000\r\n\r\n" + b"x" * 2_000_000
            status, _, got = line.ask(request, 2.0)
            assert (status, got, line.can_go_on) == (200, body, True)
        assert server.hung_up.wait(5)
        assert line.has_ended()
    assert server.calls == 1


def test_silence_ends_over_tls_too(tmp_path: Path):
    certificate = a_certificate(tmp_path)
    trusting = ssl.create_default_context(cafile=str(certificate))
    server = a_tls_server(certificate, [b""])
    with (
        closing(server),
        closing(Connection("localhost", server.port, trusting, 2.0)) as line,
        pytest.raises(TimeoutError),
    ):
        line.ask(b"GET / HTTP/1.1\r\n\r\n", 0.2)


def test_a_certificate_that_nobody_vouches_for_is_certainly_not_sent(tmp_path: Path):
    server = a_tls_server(a_certificate(tmp_path), OK)
    with closing(server):
        api = LineApi(f"https://localhost:{server.port}", "t")
        with pytest.raises(NotSent, match="SSLCertVerificationError"):
            api.reply("token", b"[]")
    assert server.requests == []


def test_a_certificate_of_another_name_is_refused(tmp_path: Path):
    certificate = a_certificate(tmp_path)
    trusting = ssl.create_default_context(cafile=str(certificate))
    server = a_tls_server(certificate, OK)
    with closing(server), pytest.raises(ssl.SSLCertVerificationError):
        Connection("127.0.0.1", server.port, trusting, 2.0)
