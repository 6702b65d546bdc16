"""The short way for webhooks: what it takes, and that all else still gets its usual answer."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from houses import KEY, SECRET, an_event, settings_for
from sqlalchemy import func, select

from bot.line.front import read_request
from bot.line.webhook import sign
from bot.store import tables
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.sealing import Sealer

ROOT = Path(__file__).resolve().parents[2]


def a_body(*events: dict[str, object]) -> bytes:
    return json.dumps({"destination": "U0", "events": list(events)}).encode()


def a_request(body: bytes, *headers: bytes, first: bytes = b"POST /callback HTTP/1.1") -> bytes:
    lines = [first, b"Host: bot", b"Content-Type: application/json", *headers]
    lines.append(b"x-line-signature: " + sign(SECRET, body).encode())
    lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def test_a_whole_webhook_is_read():
    body = a_body()
    assert read_request(a_request(body)) == (sign(SECRET, body).encode(), body)
    kept = a_request(body, b"Connection: Keep-Alive", b"User-Agent: LineBotWebhook/2.0")
    assert read_request(kept) == (sign(SECRET, body).encode(), body)


@pytest.mark.parametrize(
    "seen",
    [
        b"",
        b"POST /callback HTTP/1.1\r\n",
        a_request(a_body())[:-1],
        a_request(a_body()) + b"POST",
        a_request(a_body(), first=b"POST /callback HTTP/1.0"),
        a_request(a_body(), first=b"POST /callback?x HTTP/1.1"),
        a_request(a_body(), first=b"GET /callback HTTP/1.1"),
        a_request(a_body(), b"Transfer-Encoding: chunked"),
        a_request(a_body(), b"Transfer-Encoding : chunked"),
        a_request(a_body(), b"Content-Length: 1"),
        a_request(a_body(), b"Connection: close"),
        a_request(a_body(), b"Expect: 100-continue"),
        a_request(a_body(), b"Odd\nContent-Length: 3"),
        a_request(a_body(), b" folded"),
        a_request(a_body(), b"no colon"),
        a_request(b"", b"X: y").replace(b"Content-Length: 0", b"Content-Length: +0"),
        a_request(b"", b"X: y").replace(b"Content-Length: 0", b"Content-Length: "),
    ],
)
def test_what_is_not_whole_and_plain_is_left_to_the_server(seen: bytes):
    assert read_request(seen) is None


# ---------------------------------------------------------------- the real server


@dataclass
class Served:
    port: int
    database: Database
    process: "subprocess.Popen[bytes]"

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), 5)

    def kept(self) -> int:
        with self.database.read() as session:
            found = session.connection.execute(select(func.count()).select_from(tables.inbox))
            return found.scalar_one()


@pytest.fixture
def served(sqlite_url: str, tmp_path: Path) -> Iterator[Served]:
    migrate(settings_for(sqlite_url, tmp_path))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "tests" / "mortal_web.py"), sqlite_url, str(port),
         str(tmp_path / "spool")],
        cwd=ROOT, env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
    )  # fmt: skip
    database = Database(sqlite_url, Sealer([KEY]))
    try:
        until = time.monotonic() + 20
        while True:
            try:
                with socket.create_connection(("127.0.0.1", port), 1) as line:
                    line.settimeout(10)
                    line.sendall(a_request(a_body()))
                    assert read_answer(line)[0] == 200
                break
            except OSError:
                assert time.monotonic() < until
                time.sleep(0.05)
        yield Served(port, database, process)
    finally:
        process.terminate()
        process.wait(15)
        database.close()


def read_answer(line: socket.socket) -> tuple[int, bytes]:
    got = b""
    while b"\r\n\r\n" not in got:
        piece = line.recv(4096)
        assert piece, f"closed after {got!r}"
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += line.recv(4096)
    assert b"\ndate:" in head.lower()
    return int(head[9:12]), body


def test_one_connection_takes_the_short_and_the_long_way_in_turns(served: Served):
    with served.connect() as line:
        for number in range(3):
            line.sendall(a_request(a_body(an_event(person=number))))
            assert read_answer(line) == (200, b"OK")
            whole = a_request(a_body(an_event(person=number)))
            line.sendall(whole[:-20])
            time.sleep(0.05)  # the body comes in two pieces
            line.sendall(whole[-20:])
            assert read_answer(line) == (200, b"OK")
            line.sendall(a_request(a_body(an_event())).replace(b"signature: ", b"signature: x"))
            assert read_answer(line)[0] == 400
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: bot\r\n\r\n")
            assert read_answer(line) == (200, b"OK\n")
    assert served.kept() == 6


def test_who_speaks_or_hangs_up_before_the_answer_loses_nothing(served: Served):
    for number in range(8):  # hung up at once
        with served.connect() as line:
            line.sendall(a_request(a_body(an_event(person=number))))
    with served.connect() as line:  # the next request before the first was answered
        line.sendall(a_request(a_body(an_event())))
        time.sleep(0.0005)
        line.sendall(a_request(a_body(an_event())))
        assert read_answer(line)[0] == 200
        assert read_answer(line)[0] == 200
    with served.connect() as line:  # both in one piece
        line.sendall(a_request(a_body(an_event())) + a_request(a_body(an_event())))
        assert read_answer(line)[0] == 200
        assert read_answer(line)[0] == 200
    until = time.monotonic() + 5
    while served.kept() < 12 and time.monotonic() < until:
        time.sleep(0.02)
    assert served.kept() == 12


def test_while_the_database_is_locked_the_answer_comes_in_time_and_pages_do_not_wait(
    served: Served, tmp_path: Path
):
    with served.connect() as line, served.connect() as other:
        line.sendall(a_request(a_body(an_event())))
        assert read_answer(line)[0] == 200
        with served.database.write():
            began = time.monotonic()
            line.sendall(a_request(a_body(an_event())))
            time.sleep(0.1)
            other.sendall(b"GET /healthz HTTP/1.1\r\nHost: bot\r\n\r\n")
            assert read_answer(other)[0] == 200
            assert time.monotonic() - began < 0.8
            assert read_answer(line) == (200, b"OK")
            assert 1.2 < time.monotonic() - began < 1.9
            assert (tmp_path / "spool" / "waiting.jsonl").exists()
    until = time.monotonic() + 8
    while served.kept() < 2 and time.monotonic() < until:
        time.sleep(0.05)
    assert served.kept() == 2


def test_a_stop_answers_what_is_under_way(served: Served):
    with served.connect() as line, served.database.write():
        line.sendall(a_request(a_body(an_event())))
        time.sleep(0.1)
        served.process.terminate()
        assert read_answer(line)[0] == 200
    assert served.process.wait(15) == 0
