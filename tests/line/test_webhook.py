"""The porter: signatures, what is kept of strange bodies, never a fault of ours."""

import io
import json
from collections.abc import Sequence
from typing import Any

import pytest
from houses import NOW, SECRET, an_event, user
from hypothesis import given
from hypothesis import strategies as st

from bot.line import incoming
from bot.line.webhook import MOST_BYTES, Received, Webhook, read_events, sign

# LINE's own example (verify-webhook-signature in its documentation).
EXAMPLE = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
EXAMPLE_SIGNATURE = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="


class Porter:
    """A webhook that keeps in memory."""

    def __init__(self, *secrets: str, is_away: bool = False) -> None:
        self.kept: list[Received] = []
        self.counted: list[str] = []
        self.is_away = is_away
        self.webhook = Webhook(secrets or (SECRET,), self.keep, lambda: NOW, self.counted.append)

    def keep(self, events: Sequence[Received]) -> None:
        if self.is_away:
            raise OSError
        self.kept.extend(events)

    def post(self, *events: Any) -> int:
        body = json.dumps({"destination": "U0", "events": list(events)}).encode()
        return self.webhook.receive(body, sign(SECRET, body))

    def call(self, body: bytes, method: str = "POST", **more: Any) -> tuple[str, bytes]:
        """Through WSGI, as a server does."""
        said = []
        environ = {
            "REQUEST_METHOD": method, "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body), "HTTP_X_LINE_SIGNATURE": sign(SECRET, body), **more,
        }  # fmt: skip
        answer = b"".join(self.webhook(environ, lambda status, headers: said.append(status)))
        return said[0], answer


def test_the_example_of_lines_documents_is_signed_as_it_says():
    assert sign(SECRET, EXAMPLE) == EXAMPLE_SIGNATURE
    assert Porter().webhook.receive(EXAMPLE, EXAMPLE_SIGNATURE) == 200


@pytest.mark.parametrize(
    "signature",
    [None, "", "x", "é", "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLS=", "日本", "=" * 10_000],
)
def test_a_missing_or_wrong_signature_is_400_and_keeps_nothing(signature: str | None):
    porter = Porter()
    assert porter.webhook.receive(EXAMPLE, signature) == 400
    assert porter.counted == ["bad_signature"]


def test_two_secrets_are_taken_while_one_is_rotated():
    porter = Porter("new secret", "old secret")
    for secret in ("new secret", "old secret"):
        assert porter.webhook.receive(EXAMPLE, sign(secret, EXAMPLE)) == 200
    assert porter.webhook.receive(EXAMPLE, sign("another", EXAMPLE)) == 400


def test_without_secrets_nobody_comes_in():
    webhook = Webhook((), lambda events: None, lambda: NOW)
    assert webhook.receive(EXAMPLE, EXAMPLE_SIGNATURE) == 400


def test_events_of_several_people_are_kept_one_by_one():
    porter = Porter()
    assert porter.post(an_event("a", person=1), an_event("b", person=2)) == 200
    assert [event.user_id for event in porter.kept] == [user(1), user(2)]
    assert [json.loads(event.raw)["message"]["text"] for event in porter.kept] == ["a", "b"]
    first, second = [event.received_at for event in porter.kept]
    assert NOW <= first < second < NOW + 0.001, "in the order of the body"
    assert all(event.message_id for event in porter.kept)


def test_what_cannot_be_kept_is_503():
    porter = Porter(is_away=True)
    assert porter.post(an_event()) == 503
    assert porter.counted == ["not_kept"]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"7", b'"x"', b"{", b"\xff\xfe", b"{}", b'{"events":null}',
        b'{"events":{}}', b'{"events":[null,1,"x",[]]}', b"[" * 5000, b'{"a":' * 5000,
    ],
)  # fmt: skip
def test_a_signed_body_of_another_shape_is_200(body: bytes):
    porter = Porter()
    assert porter.webhook.receive(body, sign(SECRET, body)) == 200
    assert porter.kept == []


def test_the_events_beside_a_strange_one_are_kept():
    porter = Porter()
    assert porter.post(None, an_event("good"), "odd") == 200
    assert len(porter.kept) == 1


def test_an_event_without_an_id_gets_one_from_its_bytes():
    event = an_event()
    del event["webhookEventId"]
    ids = set()
    for _ in range(2):
        porter = Porter()
        porter.post(event)
        ids.add(porter.kept[0].event_id)
    assert len(ids) == 1
    assert ids.pop().startswith("sha256:")


@pytest.mark.parametrize("given_id", [7, "", "a\x00b", "x" * 500, "日本", ["x"], None])
def test_an_id_that_no_database_takes_is_replaced(given_id: object):
    porter = Porter()
    porter.post(an_event(webhookEventId=given_id))
    assert porter.kept[0].event_id.startswith("sha256:")


@pytest.mark.parametrize("timestamp", ["x", None, -1, 1e400, True, 10**40, [1], float("nan")])
def test_a_timestamp_that_is_none_becomes_the_time_of_receipt(timestamp: object):
    porter = Porter()
    assert porter.post(an_event(timestamp=timestamp)) == 200
    assert porter.kept[0].event_time == int(NOW * 1000)


def test_half_surrogates_are_kept_too():
    body = b'{"events":[{"webhookEventId":"E1","message":{"text":"\\ud83d"}}]}'
    porter = Porter()
    assert porter.webhook.receive(body, sign(SECRET, body)) == 200
    assert porter.kept[0].event_id == "E1"


def test_an_event_too_deep_to_write_again_is_kept_as_it_came():
    body = b'{"events":[{"webhookEventId":"E1","x":' + b"[" * 900 + b"]" * 900 + b"}]}"
    porter = Porter()
    assert porter.webhook.receive(body, sign(SECRET, body)) == 200
    assert porter.kept[0].event_id == "E1"
    assert incoming.read(porter.kept[0].raw, "E1", 0).user_id is None


def test_other_methods_and_long_bodies_are_refused_before_they_are_read():
    porter = Porter()
    assert porter.call(EXAMPLE) == ("200 OK", b"OK")
    assert porter.call(b"", method="GET")[0].startswith("405")
    assert porter.call(b"", CONTENT_LENGTH=str(MOST_BYTES + 1))[0].startswith("413")
    assert porter.call(b"", CONTENT_LENGTH="9" * 5000)[0].startswith("413")
    assert porter.call(EXAMPLE, CONTENT_LENGTH="²")[0].startswith("400")


def test_a_body_in_chunks_is_read_up_to_the_limit():
    porter = Porter()
    more = {"CONTENT_LENGTH": "", "wsgi.input_terminated": True}
    assert porter.call(EXAMPLE, **more) == ("200 OK", b"OK")
    assert porter.call(b"x" * (MOST_BYTES + 9), **more)[0].startswith("413")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ["type", "mode", "timestamp", "source", "webhookEventId", "replyToken", "message",
          "postback", "unsend", "follow", "deliveryContext"]  # fmt: skip
INNER = ["type", "id", "text", "userId", "data", "params", "date", "messageId", "latitude",
         "longitude", "address", "keywords", "quotedMessageId", "fileName"]  # fmt: skip
KINDS = ["message", "postback", "unsend", "follow", "unfollow", "text", "location", "sticker",
         "image", "user", "active"]  # fmt: skip


@given(
    st.dictionaries(
        st.sampled_from(FIELDS),
        st.sampled_from(KINDS)
        | JSON
        | st.dictionaries(st.sampled_from(INNER), JSON | st.sampled_from(KINDS)),
    )
)
def test_no_signed_event_however_strange_is_a_fault_of_ours(event: dict[str, Any]):
    porter = Porter()
    body = json.dumps({"events": [event]}).encode()
    assert porter.webhook.receive(body, sign(SECRET, body)) == 200
    [kept] = porter.kept
    read = incoming.read(kept.raw, kept.event_id, kept.event_time)
    assert read.event.id == kept.event_id


@given(st.data())
def test_a_body_with_changed_bytes_is_never_a_fault_of_ours(data: st.DataObject):
    body = bytearray(json.dumps({"destination": "U0", "events": [an_event("héllo")]}).encode())
    for _ in range(data.draw(st.integers(1, 6))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    porter = Porter()
    assert porter.webhook.receive(bytes(body), sign(SECRET, bytes(body))) == 200
    for kept in porter.kept:
        incoming.read(kept.raw, kept.event_id, kept.event_time)
        assert "\x00" not in kept.event_id
        kept.event_id.encode("ascii")


def test_reading_never_needs_a_body():
    assert read_events(b"", NOW) == []
