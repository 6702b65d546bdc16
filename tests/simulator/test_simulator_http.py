"""The API over a real socket, with a real client: what a bot would meet."""

import json
import threading
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3

from bot.simulator.server import Simulator, User

TOKEN = "channel-token"
HTTP = urllib3.PoolManager(retries=False, timeout=5)


@pytest.fixture
def sim() -> Iterator[Simulator]:
    # Nobody listens at the webhook: these tests are about the other direction.
    with Simulator("http://127.0.0.1:9/callback", "secret", TOKEN) as sim:
        yield sim
    HTTP.clear()


def call(
    sim: Simulator, method: str, path: str, body: Any = None, **headers: str
) -> tuple[int, Any, dict[str, str]]:
    """One request to the API: status, JSON, headers in small letters."""
    answer = HTTP.request(
        method,
        sim.url + path,
        body=None if body is None else json.dumps(body).encode(),
        headers={"authorization": f"Bearer {TOKEN}", "content-type": "application/json"} | headers,
    )
    content = json.loads(answer.data) if answer.data[:1] in (b"{", b"[") else answer.data
    return answer.status, content, {k.lower(): v for k, v in answer.headers.items()}


def letter(user: User, text: str = "Hello") -> dict[str, Any]:
    return {"to": user.id, "messages": [{"type": "text", "text": text}]}


def push(sim: Simulator, user: User, **headers: str) -> tuple[int, Any, dict[str, str]]:
    return call(sim, "POST", "/v2/bot/message/push", letter(user), **headers)


def test_a_push_arrives_on_the_phone(sim: Simulator) -> None:
    user = sim.user(language="vi")
    status, body, headers = push(sim, user)
    assert status == 200
    assert uuid.UUID(headers["x-line-request-id"])
    bubble = user.wait_for(1)[0]
    assert (bubble.message["text"], bubble.id) == ("Hello", body["sentMessages"][0]["id"])


def test_without_the_token_everything_is_401(sim: Simulator) -> None:
    status, body, _ = call(sim, "GET", "/v2/bot/info", authorization="Bearer another")
    assert status == 401
    assert body["message"].startswith("Authentication failed")


@pytest.mark.parametrize(
    "body, kind, status",
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"{}", "text/plain", 415),
        (b"[]", "application/json", 400),
        (b" " * (2 * 1024 * 1024 + 1), "application/json", 413),
    ],
)
def test_a_body_that_is_no_request_is_refused(
    sim: Simulator, body: bytes, kind: str, status: int
) -> None:
    headers = {"authorization": f"Bearer {TOKEN}", "content-type": kind}
    url = f"{sim.url}/v2/bot/message/push"
    assert HTTP.request("POST", url, body=body, headers=headers).status == status


def test_the_409_carries_the_first_request_s_id_and_messages(sim: Simulator) -> None:
    user, key = sim.user(), str(uuid.uuid4())
    _, first, accepted = push(sim, user, **{"x-line-retry-key": key})
    status, body, headers = push(sim, user, **{"x-line-retry-key": key})
    assert status == 409
    assert headers["x-line-accepted-request-id"] == accepted["x-line-request-id"]
    assert body["sentMessages"] == first["sentMessages"]
    assert len(user.answers()) == 1


def test_line_s_own_sdk_can_talk_to_it(sim: Simulator) -> None:
    from linebot.v3.messaging import (
        ApiClient,
        Configuration,
        MessagingApi,
        MessagingApiBlob,
        PushMessageRequest,
        ShowLoadingAnimationRequest,
        TextMessage,
    )

    user = sim.user(language="vi")
    sent = user.sends_file(b"\x89PNG", "image/png")
    with ApiClient(Configuration(access_token=TOKEN, host=sim.url)) as client:
        api = MessagingApi(client)
        api.push_message(
            PushMessageRequest(
                to=user.id,
                messages=[TextMessage(text="Xin chào", quickReply=None, quoteToken=None)],
                notificationDisabled=False,
                customAggregationUnits=None,
            )
        )
        api.show_loading_animation(ShowLoadingAnimationRequest(chatId=user.id, loadingSeconds=5))
        assert api.get_profile(user.id).language == "vi"
        assert api.get_bot_info().user_id == sim.platform.bot_id
        assert api.get_message_quota().type == "none"
        assert bytes(MessagingApiBlob(client).get_message_content(sent.id)) == b"\x89PNG"
        client.rest_client.pool_manager.clear()
    assert user.wait_for(1)[0].message["text"] == "Xin chào"


@pytest.mark.parametrize(
    "status, words",
    [(429, "The API rate limit has been exceeded. Try again later."), (500, "Internal")],
)
def test_a_status_can_be_forced_for_some_calls(sim: Simulator, status: int, words: str) -> None:
    user = sim.user()
    sim.faults.api("status", "push", status=status, times=2)
    for _ in range(2):
        got, body, _ = push(sim, user)
        assert got == status
        assert words in body["message"]
    assert call(sim, "GET", "/v2/bot/info")[0] == 200
    assert push(sim, user)[0] == 200
    assert len(user.answers()) == 1


@pytest.mark.parametrize("kind, shown", [("cut before", 0), ("cut after", 1)])
def test_the_line_can_be_cut_before_or_after_accepting(
    sim: Simulator, kind: Any, shown: int
) -> None:
    user, key = sim.user(), str(uuid.uuid4())
    sim.faults.api(kind, "push", times=1)
    with pytest.raises(urllib3.exceptions.ProtocolError):
        push(sim, user, **{"x-line-retry-key": key})
    assert len(user.answers()) == shown
    assert push(sim, user, **{"x-line-retry-key": key})[0] == (409 if shown else 200)
    assert len(user.answers()) == 1


def test_an_answer_can_be_late(sim: Simulator) -> None:
    user = sim.user()
    sim.faults.api("delay", "push", milliseconds=300)
    url = f"{sim.url}/v2/bot/message/push"
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        HTTP.request(
            "POST",
            url,
            json=letter(user),
            headers={"authorization": f"Bearer {TOKEN}"},
            timeout=0.1,
        )
    assert len(user.wait_for(1)) == 1, "the bot gave up, LINE did not"


def test_chance_is_repeatable(sim: Simulator) -> None:
    sim.faults.api("status", "info", probability=0.5)
    statuses = {call(sim, "GET", "/v2/bot/info")[0] for _ in range(20)}
    assert statuses == {200, 500}
    assert call(sim, "DELETE", "/sim/faults")[0] == 200
    assert {call(sim, "GET", "/v2/bot/info")[0] for _ in range(5)} == {200}


def test_the_rich_menu_calls_answer_as_line_does(sim: Simulator) -> None:
    assert call(sim, "GET", "/v2/bot/user/all/richmenu")[0] == 404
    menu = {
        "size": {"width": 800, "height": 270},
        "selected": False,
        "name": "en",
        "chatBarText": "Menu",
        "areas": [],
    }
    assert call(sim, "POST", "/v2/bot/richmenu/validate", {**menu, "name": ""})[0] == 400
    status, body, _ = call(sim, "POST", "/v2/bot/richmenu", menu)
    assert status == 200
    menu_id = body["richMenuId"]
    listed = call(sim, "GET", "/v2/bot/richmenu/list")[1]["richmenus"]
    assert listed == [{"richMenuId": menu_id, **menu}]
    assert call(sim, "POST", f"/v2/bot/user/all/richmenu/{menu_id}")[0] == 400
    alias = {"richMenuAliasId": "en", "richMenuId": menu_id}
    assert call(sim, "POST", "/v2/bot/richmenu/alias", alias)[0] == 400
    assert call(sim, "DELETE", f"/v2/bot/richmenu/{menu_id}")[0] == 200
    assert call(sim, "GET", f"/v2/bot/richmenu/{menu_id}")[0] == 404


def test_what_is_not_line_is_404(sim: Simulator) -> None:
    assert call(sim, "GET", "/v2/bot/nothing")[0] == 404


# ---------------------------------------------------------------- the hands on the phone


def test_the_page_is_served_with_a_policy_that_forbids_inline_scripts(sim: Simulator) -> None:
    answer = HTTP.request("GET", sim.url + "/")
    assert answer.status == 200
    assert "script-src 'self'" in answer.headers["content-security-policy"]


def test_a_phone_can_be_driven_over_http(sim: Simulator) -> None:
    person = call(sim, "POST", "/sim/people", {"name": "Mai", "language": "vi"})[1]
    path = f"/sim/people/{person['id']}"
    assert call(sim, "POST", f"{path}/follow", {})[0] == 200
    said = call(sim, "POST", f"{path}/text", {"text": "hello"})[1]["id"]
    assert call(sim, "POST", f"{path}/text", {"text": " "})[0] == 409
    assert call(sim, "POST", f"{path}/sticker", {"package": "1", "sticker": "2"})[0] == 200
    place = {"address": "Tokyo", "latitude": 35.0, "longitude": 139.0}
    assert call(sim, "POST", f"{path}/location", place)[0] == 200
    assert call(sim, "POST", f"{path}/unsend", {"message": said})[0] == 200
    assert call(sim, "PATCH", path, {"language": "ne", "on_pc": True})[0] == 200
    assert call(sim, "PATCH", path, {"shoe_size": 42})[0] == 409
    chat = call(sim, "GET", path)[1]
    assert [b["message"]["type"] for b in chat["bubbles"]] == ["text", "sticker", "location"]
    assert chat["bubbles"][0]["is_unsent"] is True
    assert "hello" not in json.dumps(chat)
    assert (chat["person"]["language"], chat["person"]["is_friend"]) == ("ne", True)
    assert call(sim, "GET", "/sim/people/U0")[0] == 404


def test_whoever_waits_for_news_hears_of_it_at_once(sim: Simulator) -> None:
    user = sim.user()
    version = call(sim, "GET", f"/sim/people/{user.id}")[1]["version"]
    heard: list[Any] = []
    url = f"/sim/people/{user.id}?since={version}&wait=5"
    waiting = threading.Thread(target=lambda: heard.append(call(sim, "GET", url)[1]))
    waiting.start()
    push(sim, user)
    waiting.join(3)
    assert heard[0]["bubbles"][0]["message"]["text"] == "Hello"


def test_a_picture_is_shown_and_any_other_file_is_only_downloaded(sim: Simulator) -> None:
    user = sim.user()
    path = f"/sim/people/{user.id}/file"
    for kind, name in (("image/png", ""), ("text/html", "a.html")):
        answer = HTTP.request(
            "POST", f"{sim.url}{path}?name={name}", body=b"x", headers={"content-type": kind}
        )
        message_id = json.loads(answer.data)["id"]
        shown = HTTP.request("GET", f"{sim.url}/sim/contents/{message_id}")
        assert shown.data == b"x"
        assert ("content-disposition" in shown.headers) is (kind == "text/html")


def test_the_wait_for_messages_that_never_come_ends_with_what_did(sim: Simulator) -> None:
    user = sim.user()
    push(sim, user)
    with pytest.raises(AssertionError, match="Hello"):
        user.wait_for(2, timeout=0.05)
    assert user.wait_for(1)
    assert user.hears_nothing(0.05)
