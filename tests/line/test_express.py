"""Replies on open connections: every answer and every break ends as it does on a thread."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from houses import NOW, Clock
from test_connection import OK, Server, a_certificate, a_line, a_tls_server
from test_send import a_message

from bot.line.api import LineApi
from bot.line.express import Express
from bot.line.send import GiveUp, Outgoing, Result, Rules, Sent, deliver
from bot.line.sender_pool import SenderPool

SENT = b'HTTP/1.1 200 OK\r\nContent-Length: 29\r\n\r\n{"sentMessages":[{"id":"7"}]}'
INVALID = b'HTTP/1.1 400 Bad Request\r\nContent-Length: 33\r\n\r\n{"message":"Invalid reply token"}'
REFUSED = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\n{}"


class Sending:
    """A pool with an express, against a server of `answers`."""

    def __init__(self, api) -> None:
        self.clock = Clock()
        self.threads: list[str] = []
        self.server: Server
        self.ended: list[tuple[Outgoing, Result]] = []
        self.alarms: list[str] = []
        rules = Rules(
            api, self.clock, lambda _messages: [{"type": "text", "text": "plain"}],
            lambda name, _where: self.alarms.append(name), lambda: 0.0,
        )  # fmt: skip

        def by_thread(message: Outgoing) -> Result:
            self.threads.append(message.id)
            return deliver(message, rules)

        self.express = Express(rules)
        self.pool = SenderPool(by_thread, self.on_end, 8, express=self.express)

    def on_end(self, message: Outgoing, result: Result) -> None:
        self.ended.append((message, result))

    def send(self, *messages: Outgoing) -> list[Result]:
        """Submit them; the results, in the order in which they ended."""
        before = len(self.ended)
        self.pool.submit(messages)
        until = time.monotonic() + 8
        while len(self.ended) < before + len(messages):
            assert time.monotonic() < until, f"only {self.ended}"
            time.sleep(0.002)
        return [result for _, result in self.ended[before:]]


@contextmanager
def sending(*answers: bytes | list[bytes] | None, read: float = 2.0) -> Iterator[Sending]:
    """The first answer is for the message that opens the connection."""
    server = Server(SENT, *answers)
    with a_line(server, read) as api:
        found = Sending(api)
        found.server = server
        assert found.send(a_message(id="opens")) == [Sent("reply", ("7",))]
        assert found.threads == ["opens"]
        yield found
        assert found.pool.close() == []
        assert len(found.express) == 0


def test_what_finds_an_open_connection_needs_no_thread():
    with sending(SENT, SENT) as line:
        assert line.send(a_message(id="1")) == [Sent("reply", ("7",))]
        assert line.send(a_message(id="2")) == [Sent("reply", ("7",))]
        assert line.threads == ["opens"]
    assert line.server.calls == 1
    assert line.server.requests[1] == line.server.requests[0]


def test_a_persons_messages_go_out_in_order():
    with sending(*[SENT] * 6) as line:
        line.send(*(a_message(id=f"{n}", person="one") for n in range(6)))
        assert [message.id for message, _ in line.ended[1:]] == [f"{n}" for n in range(6)]


@pytest.mark.parametrize(
    "answer",
    [
        [SENT[:9], SENT[9:60], SENT[60:]],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1d\r\n",
         b'{"sentMessages":[{"id":"7"}]}\r\n0\r\n\r\n'],
        b"HTTP/1.1 103 Hints\r\nLink: x\r\n\r\n" + SENT,
    ],
)  # fmt: skip
def test_an_answer_in_any_form_is_understood(answer: bytes | list[bytes]):
    with sending(answer, SENT) as line:
        assert line.send(a_message()) == [Sent("reply", ("7",))]
        assert line.send(a_message()) == [Sent("reply", ("7",))]


def test_a_token_that_died_is_pushed_by_a_thread():
    with sending(INVALID, SENT) as line:
        assert line.send(a_message()) == [Sent("push", ("7",))]
    assert line.server.requests[2].startswith(b"POST /v2/bot/message/push")


def test_what_is_refused_goes_out_as_plain_text():
    with sending(REFUSED, SENT) as line:
        assert line.send(a_message()) == [Sent("reply", ("7",))]
        assert line.alarms == ["refused"]
    assert b'"plain"' in line.server.requests[2]


def test_a_line_that_breaks_or_stays_silent_is_no_answer_and_the_reply_is_repeated():
    with sending(None, INVALID) as line:
        message = a_message()
        assert line.send(message) == [Sent("reply")]
        assert message.may_have_arrived
    with sending([b"HTTP/1.1 200 OK\r\n"], read=0.1) as line:
        line.pool.submit([message := a_message()])
        until = time.monotonic() + 3
        while not message.may_have_arrived:
            assert time.monotonic() < until
            time.sleep(0.01)
        line.ended.clear()


def test_a_message_longer_than_the_systems_buffers_is_sent_whole():
    with sending(SENT) as line:
        long = b'["' + b"x" * 8_000_000 + b'"]'
        assert line.send(a_message(messages=long)) == [Sent("reply", ("7",))]
    assert len(line.server.requests[1]) > 8_000_000


def test_what_must_be_pushed_or_given_up_is():
    with sending(SENT) as line:
        line.clock.at = NOW + 60
        assert line.send(a_message()) == [Sent("push", ("7",))]
        assert line.send(a_message(messages=b"")) == [GiveUp("unreadable")]


def test_a_fault_of_ours_ends_one_message_only():
    with sending(SENT, SENT) as line:
        bad = a_message()
        bad.received_at = "never"  # type: ignore[assignment]
        assert line.send(bad) == [GiveUp("TypeError")]
        assert line.send(a_message()) == [Sent("reply", ("7",))]


def test_ok_is_an_answer_without_ids():
    with sending(OK) as line:
        assert line.send(a_message()) == [Sent("reply")]


def test_it_is_the_same_over_tls(tmp_path: Path):
    certificate = a_certificate(tmp_path)
    long = b'["' + b"x" * 8_000_000 + b'"]'
    server = a_tls_server(certificate, SENT, SENT, [SENT[:30], SENT[30:]], SENT, None)
    api = LineApi(f"https://localhost:{server.port}", "token")
    api._tls.load_verify_locations(str(certificate))
    line = Sending(api)
    try:
        for _ in range(3):
            assert line.send(a_message()) == [Sent("reply", ("7",))]
        assert line.send(a_message(messages=long)) == [Sent("reply", ("7",))]
        assert len(line.threads) == 1
        assert server.calls == 1
        line.pool.close()
    finally:
        api.close()
        server.close()
