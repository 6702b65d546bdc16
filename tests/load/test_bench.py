"""The benchmark's own parts: a wrong instrument would flatter without anybody noticing."""

import asyncio
import json
from pathlib import Path

import pytest

from bot.flow.load import load_library
from bot.line.webhook import Webhook, read_events
from tests.load import rounds
from tests.load.api import TOKEN, Log
from tests.load.client import tap, user_id, webhook
from tests.load.copies import make_flows
from tests.load.figures import Ratio, at_least, at_most, below, ratio, spread, table
from tests.load.servers import ROOT
from tests.load.wire import Connection, Messages, header


def test_messages_are_cut_wherever_the_network_cuts_the_bytes() -> None:
    stream = (
        b"POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"
        b"GET /b HTTP/1.1\r\nHost: x\r\n\r\n"
    )
    for size in (1, 7, len(stream)):
        messages, found = Messages(), []
        for start in range(0, len(stream), size):
            found += messages.feed(stream[start : start + size])
        assert [head.split(b"\r\n")[0] for head, _ in found] == [
            b"POST /a HTTP/1.1", b"HTTP/1.1 200 OK", b"GET /b HTTP/1.1",
        ]  # fmt: skip
        assert found[0][1] == b"abc"


def test_a_header_is_found_whatever_its_case_and_place() -> None:
    head = b"HTTP/1.1 200 OK\r\nA: 1\r\nCONTENT-length:  12"
    assert header(head, b"content-length") == b"12"
    assert header(head, b"a") == b"1"
    assert header(head, b"b") is None


def test_a_cut_line_counts_as_an_answer_of_status_nought() -> None:
    line, seen = Connection(), []
    line._then = lambda status, body: seen.append((status, body))
    line.connection_lost(None)
    line.connection_lost(None)
    assert seen == [(0, b"")]


def test_the_prepared_webhooks_are_signed_and_carry_their_number() -> None:
    request = webhook(41, 7, tap("o:lost-card"), "secret", "/callback")
    head, _, body = request.partition(b"\r\n\r\n")
    signature = header(head, b"x-line-signature")
    kept: list[object] = []
    porter = Webhook(("secret",), kept.extend, lambda: 0.0)
    assert signature is not None
    assert porter.receive(body, signature.decode()) == 200
    (event,) = read_events(body, 0.0)
    assert event.user_id == user_id(7)
    assert json.loads(event.raw)["replyToken"] == TOKEN % 41
    assert len(TOKEN % 41) == 32


def test_a_reply_token_counts_once() -> None:
    log = Log()
    assert log.note(3, 10)
    assert not log.note(3, 10)
    assert log.note(500_000, 10)
    assert (log.delivered, log.repeated) == (2, 1)


def test_servers_are_compared_within_a_round() -> None:
    # The machine was twice as slow in the second round, for both.
    assert ratio([100, 50], [50, 25]) == Ratio(2, 2, 2)
    assert ratio([1], [0]) is None


@pytest.mark.parametrize(
    ("demand", "holds"),
    [
        (at_least("x", 2, Ratio(2, 1, 3)), True),
        (at_least("x", 2, Ratio(1.9, 1, 3)), False),
        (at_most("x", 0.5, Ratio(0.6, 0.1, 1)), False),
        (at_most("x", 0.5, None), None),
        (below("x", 1.5, 1.4, "s"), True),
        (below("x", 1.5, 0, "s"), None),
    ],
)
def test_a_demand_is_met_not_met_or_not_measured(demand, holds) -> None:
    assert demand.holds is holds
    assert len(demand.row()) == 4


def test_a_table_lines_up_and_a_spread_shows_its_range() -> None:
    assert spread([3, 1, 2]) == "2 (1-3)"
    assert spread([]) == "-"
    assert table(("a", "b"), [("long", "1")]).splitlines() == [
        "| a    | b |", "|------|---|", "| long | 1 |",
    ]  # fmt: skip


def test_a_chunk_of_load_reaches_the_api_and_back() -> None:
    from tests.load.api import Api

    async def once() -> list[int]:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(Api, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        _, line = await loop.create_connection(Connection, "127.0.0.1", port)
        statuses = []
        for token in (TOKEN % 5, TOKEN % 5, "made up"):
            body = json.dumps({"replyToken": token, "messages": []}).encode()
            answered = loop.create_future()
            line.ask(
                b"POST /v2/bot/message/reply HTTP/1.1\r\nContent-Length: %d\r\n\r\n%b"
                % (len(body), body),
                lambda status, _, answered=answered: answered.set_result(status),
            )
            statuses.append(await answered)
        line.close()
        server.close()
        await server.wait_closed()
        return statuses

    assert asyncio.run(once()) == [200, 400, 400]


def test_the_content_can_be_made_few_and_many(tmp_path: Path):
    assert len(load_library(rounds._few_flows(tmp_path / "few")).flows) == 3
    many = make_flows(tmp_path / "many", 100 - len(load_library(ROOT / "flows").flows))
    assert len(load_library(many).flows) == 100
