"""Webhooks as LINE sends them, and everything that may go wrong with them on demand."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.simulator.delivery import Delivery, sign
from bot.simulator.faults import Faults
from bot.simulator.phone import Phone
from bot.simulator.platform import Platform

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"


class Ear:
    """A bot that only listens: keeps what came, answers what it is told to."""

    def __init__(self) -> None:
        self.requests: list[tuple[bytes, dict[str, str]]] = []
        self.statuses: list[int] = []
        ear = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {key.lower(): value for key, value in self.headers.items()}
                ear.requests.append((body, headers))
                self.send_response(ear.statuses.pop(0) if ear.statuses else 200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/callback"

    def events(self) -> list[dict[str, Any]]:
        return [event for body, _ in self.requests for event in json.loads(body)["events"]]

    def texts(self) -> list[str]:
        return [event["message"]["text"] for event in self.events()]

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def ear() -> Iterator[Ear]:
    ear = Ear()
    yield ear
    ear.close()


@pytest.fixture
def delivery(ear: Ear) -> Iterator[Delivery]:
    platform = Platform("token")
    delivery = Delivery(platform, ear.url, SECRET, Faults(seed=1)).start()
    yield delivery
    platform.close()
    delivery.stop()


def a_phone(delivery: Delivery) -> Phone:
    return Phone(delivery.platform, delivery.platform.add_person("Mai").id)


def test_the_signature_of_the_official_example_is_right() -> None:
    body = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
    assert sign(SECRET, body) == "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="


def test_line_s_own_sdk_accepts_the_signature_and_reads_the_event(
    delivery: Delivery, ear: Ear
) -> None:
    from linebot.v3 import WebhookParser
    from linebot.v3.webhook import SignatureValidator

    phone = a_phone(delivery)
    said = phone.says("Xin chào 🍎")
    phone.sends_sticker()
    phone.sends_location("東京都千代田区丸の内1丁目")
    phone.sends_file(b"x", "image/jpeg")
    phone.sends_file(b"x", "application/pdf", "form.pdf")
    phone.unsends(said.id)
    phone.blocks()
    phone.unblocks()
    assert delivery.wait_idle()
    kinds = []
    for body, headers in ear.requests:
        signature = headers["x-line-signature"]
        assert SignatureValidator(SECRET).validate(body.decode(), signature)
        (event,) = WebhookParser(SECRET).parse(body.decode(), signature)
        kinds.append((type(event).__name__, getattr(event, "message", None)))
    assert [name for name, _ in kinds] == ["MessageEvent"] * 5 + [
        "UnsendEvent",
        "UnfollowEvent",
        "FollowEvent",
    ]
    messages = [type(message).__name__ for _, message in kinds[:5]]
    assert messages == [
        f"{kind}MessageContent" for kind in ("Text", "Sticker", "Location", "Image", "File")
    ]
    payload = json.loads(ear.requests[0][0])
    assert payload["destination"] == delivery.platform.bot_id
    assert len(payload["events"][0]["webhookEventId"]) == 26


def test_a_duplicate_is_the_same_event_twice(delivery: Delivery, ear: Ear) -> None:
    delivery.faults.webhook("duplicate")
    delivery.faults.copies = 2
    a_phone(delivery).says("a")
    assert delivery.wait_idle()
    assert ear.requests[0][0] == ear.requests[1][0] == ear.requests[2][0]
    assert len(ear.requests) == 3


def test_redelivery_on_demand_differs_only_in_its_mark(delivery: Delivery, ear: Ear) -> None:
    delivery.faults.webhook("redeliver")
    a_phone(delivery).says("a")
    assert delivery.wait_idle()
    first, again = ear.events()
    assert again["deliveryContext"] == {"isRedelivery": True}
    assert {**again, "deliveryContext": first["deliveryContext"]} == first


def test_a_failed_event_is_redelivered_only_when_redelivery_is_on(
    delivery: Delivery, ear: Ear
) -> None:
    ear.statuses = [500]
    phone = a_phone(delivery)
    phone.says("lost")
    assert delivery.wait_idle()
    assert len(ear.requests) == 1
    delivery.faults.redelivery, delivery.faults.redelivery_after = True, 0.01
    ear.statuses = [500, 503]
    phone.says("kept")
    assert delivery.wait_idle()
    kept = ear.events()[1:]
    assert [e["deliveryContext"]["isRedelivery"] for e in kept] == [False, True, True]
    assert len({(e["webhookEventId"], e["replyToken"], e["timestamp"]) for e in kept}) == 1
    assert [d.status for d in delivery.log] == [500, 500, 503, 200]


def test_events_of_several_people_can_come_in_one_request(delivery: Delivery, ear: Ear) -> None:
    delivery.faults.webhook("merge", 3)
    people = [a_phone(delivery) for _ in range(3)]
    for phone in people:
        phone.says("a")
    assert delivery.wait_idle()
    assert len(ear.requests) == 1
    assert [e["source"]["userId"] for e in ear.events()] == [p.person.id for p in people]


def test_events_can_come_in_another_order(delivery: Delivery, ear: Ear) -> None:
    delivery.faults.webhook("shuffle", 4)
    phone = a_phone(delivery)
    for text in "abcd":
        phone.says(text)
    assert delivery.wait_idle()
    assert ear.texts() != list("abcd")
    assert sorted(ear.texts()) == list("abcd")
    assert len(ear.requests) == 4


def test_a_gathering_that_stays_incomplete_is_delivered_all_the_same(
    delivery: Delivery, ear: Ear
) -> None:
    delivery.faults.webhook("merge", 5)
    a_phone(delivery).says("alone")
    assert delivery.wait_idle()
    assert ear.texts() == ["alone"]


@pytest.mark.parametrize("kind", ["bad signature", "no signature"])
def test_a_signature_can_be_wrong_or_missing(kind: str, delivery: Delivery, ear: Ear) -> None:
    delivery.faults.webhook(kind)
    phone = a_phone(delivery)
    phone.says("a")
    phone.says("b")
    assert delivery.wait_idle()
    (spoilt_body, spoilt), (body, fine) = ear.requests
    assert spoilt.get("x-line-signature") != sign(SECRET, spoilt_body)
    assert ("x-line-signature" in spoilt) is (kind == "bad signature")
    assert fine["x-line-signature"] == sign(SECRET, body)


@pytest.mark.parametrize(
    "kind, what",
    [
        ("unknown event", lambda e: e["type"] == "hologram" and "replyToken" in e),
        ("unknown message", lambda e: e["message"]["type"] == "hologram"),
        ("unknown sticker", lambda e: e["message"]["stickerResourceType"] == "HOLOGRAM"),
        ("unknown mode", lambda e: e["mode"] == "shared"),
        ("standby", lambda e: e["mode"] == "standby" and "replyToken" not in e),
        ("no user id", lambda e: e["source"] == {"type": "user"}),
    ],
)
def test_an_event_can_be_of_a_kind_nobody_expects(
    kind: str, what: Any, delivery: Delivery, ear: Ear
) -> None:
    delivery.faults.webhook(kind)
    phone = a_phone(delivery)
    phone.sends_sticker()
    phone.sends_sticker()
    assert delivery.wait_idle()
    spoilt, fine = ear.events()
    assert what(spoilt)
    assert not what(fine)


def test_verify_sends_no_events_and_tells_how_it_went(delivery: Delivery, ear: Ear) -> None:
    assert delivery.verify()["success"] is True
    assert json.loads(ear.requests[0][0])["events"] == []
    ear.statuses = [404]
    failed = delivery.verify()
    assert (failed["success"], failed["statusCode"]) == (False, 404)


def test_any_bytes_can_be_sent_signed_or_not(delivery: Delivery, ear: Ear) -> None:
    assert delivery.send_raw(b"{").is_fine
    delivery.send_raw(b"{", None)
    delivery.send_raw(b"{", "nonsense")
    signatures = [headers.get("x-line-signature") for _, headers in ear.requests]
    assert signatures == [sign(SECRET, b"{"), None, "nonsense"]


def test_a_bot_that_is_away_costs_the_event_and_nothing_else() -> None:
    platform = Platform("token")
    delivery = Delivery(platform, "http://127.0.0.1:9/callback", SECRET).start()
    a_phone(delivery).says("a")
    assert delivery.wait_idle()
    assert [d.why for d in delivery.log] == ["COULD_NOT_CONNECT"]
    start = time.monotonic()
    platform.close()
    delivery.stop()
    assert time.monotonic() - start < 1


def test_an_unknown_fault_is_refused() -> None:
    with pytest.raises(ValueError, match="no such fault"):
        Faults().webhook("earthquake")
    with pytest.raises(ValueError, match="no such fault"):
        Faults().api("earthquake")  # type: ignore[arg-type]
