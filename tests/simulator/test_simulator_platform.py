"""LINE's rules over time: tokens, retry keys, quota, who can be reached."""

import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from bot.simulator.errors import ApiError
from bot.simulator.phone import NotPossible, Phone
from bot.simulator.platform import Platform

DAY = 86_400


class Clock:
    def __init__(self, now: float = 1_790_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += seconds


def a_platform(clock: Clock | None = None, **settings: Any) -> Platform:
    return Platform("token", clock=clock or Clock(), **settings)


def a_phone(platform: Platform, **settings: Any) -> Phone:
    return Phone(platform, platform.add_person("Mai", "vi", **settings).id)


def next_event(platform: Platform, redelivered: bool = False) -> dict[str, Any]:
    """The next event, as if it had just been delivered."""
    event = platform.events.get_nowait()
    assert event is not None
    platform.tokens.start(event.get("replyToken", ""), platform.clock(), redelivered)
    return event


def answer(token: str, text: str = "Hello") -> dict[str, Any]:
    return {"replyToken": token, "messages": [{"type": "text", "text": text}]}


def letter(phone: Phone, text: str = "Hello") -> dict[str, Any]:
    return {"to": phone.person.id, "messages": [{"type": "text", "text": text}]}


def refusal(act: Callable[..., object], *args: Any) -> ApiError:
    with pytest.raises(ApiError) as caught:
        act(*args)
    return caught.value


def office_texts(phone: Phone) -> list[str]:
    return [b.message["text"] for b in phone.person.bubbles if b.side == "bot"]


# ---------------------------------------------------------------- reply tokens


def test_a_reply_token_works_once() -> None:
    platform = a_platform()
    phone = a_phone(platform)
    phone.says("hi")
    token = next_event(platform)["replyToken"]
    sent = platform.reply(answer(token))["sentMessages"]
    assert sent[0]["id"] == phone.person.bubbles[-1].id
    error = refusal(platform.reply, answer(token))
    assert (error.status, error.body()) == (400, {"message": "Invalid reply token"})
    assert office_texts(phone) == ["Hello"]


@pytest.mark.parametrize("seconds, works", [(60, True), (60.1, False)])
def test_a_reply_token_lives_a_minute_from_its_delivery(seconds: float, works: bool) -> None:
    clock = Clock()
    platform = a_platform(clock)
    a_phone(platform).says("hi")
    clock.passes(300)
    token = next_event(platform)["replyToken"]
    clock.passes(seconds)
    if works:
        platform.reply(answer(token))
    else:
        assert refusal(platform.reply, answer(token)).message == "Invalid reply token"


@pytest.mark.parametrize("after, works", [(19 * 60, True), (20 * 60 + 1, False)])
def test_a_redelivered_token_lives_again_but_not_after_20_minutes(
    after: float, works: bool
) -> None:
    clock = Clock()
    platform = a_platform(clock)
    a_phone(platform).says("hi")
    event = next_event(platform)
    clock.passes(after)
    platform.tokens.start(event["replyToken"], clock(), True)
    if works:
        platform.reply(answer(event["replyToken"]))
    else:
        assert refusal(platform.reply, answer(event["replyToken"])).status == 400


def test_a_used_token_stays_used_when_the_event_is_redelivered() -> None:
    platform = a_platform()
    a_phone(platform).says("hi")
    event = next_event(platform)
    platform.reply(answer(event["replyToken"]))
    platform.tokens.start(event["replyToken"], platform.clock(), True)
    assert refusal(platform.reply, answer(event["replyToken"])).status == 400


def test_a_refused_reply_leaves_the_token_unused_and_shows_nothing() -> None:
    platform = a_platform()
    phone = a_phone(platform)
    phone.says("hi")
    token = next_event(platform)["replyToken"]
    error = refusal(platform.reply, answer(token, ""))
    assert error.body() == {
        "message": "The request body has 1 error(s)",
        "details": [{"message": "May not be empty", "property": "messages[0].text"}],
    }
    assert office_texts(phone) == []
    platform.reply(answer(token))
    assert office_texts(phone) == ["Hello"]


def test_a_fault_in_a_card_names_the_message_and_points_into_the_card() -> None:
    card = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [{}]}}
    body = {"messages": [{"type": "flex", "altText": "a", "contents": card}]}
    error = refusal(a_platform().validate, body).body()
    assert error["message"] == "A message (messages[0]) in the request body is invalid"
    assert error["details"][0]["property"] == "/body/contents/0/type"  # type: ignore[index]


def test_an_unknown_token_and_a_retry_key_on_reply_are_refused() -> None:
    platform = a_platform()
    assert refusal(platform.reply, answer("0" * 32)).message == "Invalid reply token"
    assert refusal(platform.reply, answer("0" * 32), str(uuid.uuid4())).status == 400


# ---------------------------------------------------------------- push


def test_the_same_retry_key_is_accepted_once_and_answers_409_with_the_first_messages() -> None:
    platform = a_platform()
    phone = a_phone(platform)
    key = str(uuid.uuid4())
    first = platform.push(letter(phone), key, "request-1")
    error = refusal(platform.push, letter(phone), key, "request-2")
    assert error.status == 409
    assert error.headers == {"x-line-accepted-request-id": "request-1"}
    assert error.body() == {"message": "The retry key is already accepted", **first}
    assert office_texts(phone) == ["Hello"]
    assert platform.consumption() == 1


@pytest.mark.parametrize("after, shown", [(DAY - 1, 1), (DAY, 2)])
def test_a_retry_key_lives_for_24_hours(after: float, shown: int) -> None:
    clock = Clock()
    platform = a_platform(clock)
    phone = a_phone(platform)
    key = str(uuid.uuid4())
    platform.push(letter(phone), key, "1")
    clock.passes(after)
    if shown == 1:
        refusal(platform.push, letter(phone), key, "2")
    else:
        platform.push(letter(phone), key, "2")
    assert len(office_texts(phone)) == shown


def test_a_retry_key_must_be_a_uuid() -> None:
    platform = a_platform()
    assert refusal(platform.push, letter(a_phone(platform)), "outbox-5", "1").status == 400


def test_a_refused_push_does_not_use_up_its_key() -> None:
    platform = a_platform()
    phone = a_phone(platform)
    key = str(uuid.uuid4())
    refusal(platform.push, letter(phone, ""), key, "1")
    platform.push(letter(phone), key, "2")
    assert office_texts(phone) == ["Hello"]


def test_a_push_to_a_blocker_or_a_stranger_is_200_unseen_and_uncounted() -> None:
    platform = a_platform(monthly_limit=5)
    phone = a_phone(platform)
    phone.blocks()
    assert platform.push(letter(phone), None, "1")["sentMessages"]
    stranger = {**letter(phone), "to": "U" + "0" * 32}
    assert platform.push(stranger, None, "2")["sentMessages"]
    assert (office_texts(phone), platform.consumption()) == ([], 0)


@pytest.mark.parametrize("days, reached", [(6.9, True), (7, False)])
def test_a_non_friend_is_reached_for_seven_days_after_writing(days: float, reached: bool) -> None:
    clock = Clock()
    platform = a_platform(clock)
    phone = a_phone(platform, is_friend=False)
    phone.says("hi")
    clock.passes(days * DAY)
    platform.push(letter(phone), None, "1")
    assert bool(office_texts(phone)) is reached


def test_the_monthly_limit_is_429_with_its_own_words_until_the_month_of_japan_ends() -> None:
    clock = Clock(1_793_458_799.0)  # 2026-10-31 23:59:59 in Japan
    platform = a_platform(clock, monthly_limit=1)
    phone = a_phone(platform)
    platform.push(letter(phone), None, "1")
    error = refusal(platform.push, letter(phone), None, "2")
    assert (error.status, error.message) == (429, "You have reached your monthly limit.")
    assert platform.quota() == {"type": "limited", "value": 1}
    phone.says("hi")
    platform.reply(answer(next_event(platform)["replyToken"]))
    assert platform.consumption() == 1, "replies are not counted"
    clock.passes(1)
    platform.push(letter(phone), None, "3")
    assert platform.consumption() == 1


def test_five_bubbles_in_one_push_count_once() -> None:
    platform = a_platform()
    phone = a_phone(platform)
    platform.push({**letter(phone), "messages": letter(phone)["messages"] * 5}, None, "1")
    assert platform.consumption() == 1


# ---------------------------------------------------------------- small calls


def test_the_profile_tells_what_the_person_agreed_to() -> None:
    platform = a_platform()
    phone = a_phone(platform)
    whole = {"userId": phone.person.id, "displayName": "Mai", "language": "vi"}
    assert platform.profile(phone.person.id) == whole
    phone.changes(consented_to_language=False)
    assert "language" not in platform.profile(phone.person.id)


@pytest.mark.parametrize("why", ["blocks", "refuses", "never wrote", "unknown"])
def test_the_profile_is_404_when(why: str) -> None:
    platform = a_platform()
    phone = a_phone(platform, is_friend=why != "never wrote", consented=why != "refuses")
    if why == "blocks":
        phone.blocks()
    wanted = "U" + "0" * 32 if why == "unknown" else phone.person.id
    error = refusal(platform.profile, wanted)
    assert (error.status, error.message) == (404, "Not found")


def test_content_is_there_then_gone_after_unsend() -> None:
    platform = a_platform()
    phone = a_phone(platform)
    picture = phone.sends_file(b"jpeg", "image/jpeg", preparing=1)
    assert platform.content(picture.id).preparing == 1
    assert platform.content(picture.id).body == b"jpeg"
    next_event(platform)
    phone.unsends(picture.id)
    event = next_event(platform)
    assert (event["type"], event["unsend"]) == ("unsend", {"messageId": picture.id})
    assert "replyToken" not in event
    assert refusal(platform.content, picture.id).status == 410
    assert refusal(platform.content, "1").status == 404


def test_loading_shows_until_the_next_message_or_its_end() -> None:
    clock = Clock()
    platform = a_platform(clock)
    phone = a_phone(platform)
    platform.start_loading({"chatId": phone.person.id, "loadingSeconds": 5})
    assert phone.person.loading_until == clock() + 5
    platform.push(letter(phone), None, "1")
    assert phone.person.loading_until == 0


def test_mark_as_read_reaches_this_message_and_all_before() -> None:
    platform = a_platform(chat_mode="chat")
    phone = a_phone(platform)
    first, second, third = (phone.says(text) for text in "abc")
    next_event(platform)
    token = next_event(platform)["message"]["markAsReadToken"]
    platform.mark_as_read({"markAsReadToken": token})
    assert [b.is_read for b in (first, second, third)] == [True, True, False]
    assert refusal(platform.mark_as_read, {"markAsReadToken": "x"}).status == 400


def test_a_message_can_quote_one_of_its_own_chat_only() -> None:
    platform = a_platform()
    phone, other = a_phone(platform), a_phone(platform)
    question = phone.says("How much?")
    token = next_event(platform)["message"]["quoteToken"]
    message = {"type": "text", "text": "6,000 yen", "quoteToken": token}
    platform.push({"to": phone.person.id, "messages": [message]}, None, "1")
    assert phone.person.bubbles[-1].quoted_id == question.id
    wrong = {"to": other.person.id, "messages": [message]}
    assert refusal(platform.push, wrong, None, "2").status == 400


# ---------------------------------------------------------------- the phone


def chip(label: str, **more: Any) -> dict[str, Any]:
    action = {"type": "postback", "label": label, "data": f"d={label}", **more}
    return {"type": "action", "action": action}


def with_chips(phone: Phone, *chips: dict[str, Any]) -> None:
    message = {"type": "text", "text": "?", "quickReply": {"items": list(chips)}}
    phone.platform.push({"to": phone.person.id, "messages": [message]}, None, "1")


def test_chips_vanish_after_a_tap_a_new_message_and_on_a_pc() -> None:
    platform = a_platform()
    phone = a_phone(platform)
    with_chips(phone, chip("Yes"))
    phone.taps("Yes")
    assert next_event(platform)["postback"] == {"data": "d=Yes"}
    assert phone.person.quick_replies() == []
    with_chips(phone, chip("Yes"))
    phone.changes(on_pc=True)
    assert phone.person.quick_replies() == []
    with pytest.raises(NotPossible):
        phone.taps("Yes")
    phone.changes(on_pc=False)
    assert len(phone.person.quick_replies()) == 1
    phone.says("something else")
    assert phone.person.quick_replies() == []


def test_a_tap_with_display_text_shows_it_and_a_picked_date_is_sent() -> None:
    platform = a_platform()
    phone = a_phone(platform)
    picker = {"type": "datetimepicker", "label": "Day", "data": "q=day", "mode": "date"}
    with_chips(phone, chip("Yes", displayText="Yes, I do"), {"type": "action", "action": picker})
    phone.picks_date("2026-12-03")
    params = {"data": "q=day", "params": {"date": "2026-12-03"}}
    assert next_event(platform)["postback"] == params
    with_chips(phone, chip("Yes", displayText="Yes, I do"))
    phone.taps("d=Yes")
    assert phone.person.bubbles[-1].message == {"type": "text", "text": "Yes, I do"}


def test_old_buttons_of_a_card_can_still_be_tapped() -> None:
    platform = a_platform()
    phone = a_phone(platform)
    button = {"type": "button", "action": {"type": "postback", "label": "Edit", "data": "e=1"}}
    body = {"type": "box", "layout": "vertical", "contents": [button]}
    card = {"type": "flex", "altText": "a", "contents": {"type": "bubble", "body": body}}
    platform.push({"to": phone.person.id, "messages": [card]}, None, "1")
    platform.push(letter(phone), None, "2")
    phone.taps("Edit")
    assert next_event(platform)["postback"] == {"data": "e=1"}


def test_blocking_and_coming_back_are_events_and_nothing_can_be_sent_between() -> None:
    platform = a_platform()
    phone = a_phone(platform)
    phone.blocks()
    assert next_event(platform)["type"] == "unfollow"
    with pytest.raises(NotPossible):
        phone.says("hi")
    phone.unblocks()
    event = next_event(platform)
    assert (event["type"], event["follow"]) == ("follow", {"isUnblocked": True})
    assert event["replyToken"]


# ---------------------------------------------------------------- rich menus


def a_menu() -> dict[str, Any]:
    area = {"bounds": {"x": 0, "y": 0, "width": 800, "height": 270}, "action": chip("A")["action"]}
    size = {"width": 800, "height": 270}
    return {"size": size, "selected": True, "name": "n", "chatBarText": "Menu", "areas": [area]}


def a_picture(width: int = 800, height: int = 270) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(file, "PNG")
    return file.getvalue()


def test_a_menu_needs_its_picture_and_the_person_s_own_comes_before_the_default() -> None:
    platform = a_platform()
    menus, person = platform.menus, a_phone(platform).person
    own, default = (menus.create(a_menu())["richMenuId"] for _ in range(2))
    assert "must upload" in refusal(menus.link, person, own).message
    for menu_id in (own, default):
        menus.upload(menu_id, a_picture(), "image/png")
    menus.set_default(default)
    assert menus.shown_to(person) == menus.get(default)
    menus.link(person, own)
    assert menus.shown_to(person) == menus.get(own)
    menus.delete(own, [person])
    assert menus.shown_to(person) == menus.get(default)
    assert refusal(menus.get, own).status == 404


def test_a_picture_has_limits_and_cannot_be_replaced() -> None:
    menus = a_platform().menus
    menu_id = menus.create(a_menu())["richMenuId"]
    assert refusal(menus.upload, menu_id, a_picture(799), "image/png").status == 400
    assert refusal(menus.upload, menu_id, a_picture(800, 560), "image/png").status == 400
    assert refusal(menus.upload, menu_id, b"GIF89a", "image/png").status == 400
    assert refusal(menus.upload, menu_id, a_picture(), "image/gif").status == 415
    assert refusal(menus.upload, menu_id, bytes(1024 * 1024 + 1), "image/png").status == 413
    menus.upload(menu_id, a_picture(), "image/png")
    assert "already" in refusal(menus.upload, menu_id, a_picture(), "image/png").message


def test_tabs_of_a_menu_switch_by_alias_and_tell_the_bot() -> None:
    platform = a_platform()
    phone, menus = a_phone(platform), platform.menus
    menu_id = menus.create(a_menu())["richMenuId"]
    menus.upload(menu_id, a_picture(), "image/png")
    menus.add_alias({"richMenuAliasId": "tab-b", "richMenuId": menu_id})
    phone.does({"type": "richmenuswitch", "richMenuAliasId": "tab-b", "data": "t=b"})
    params = {"newRichMenuAliasId": "tab-b", "status": "SUCCESS"}
    assert next_event(platform)["postback"] == {"data": "t=b", "params": params}
    assert phone.person.rich_menu_id == menu_id
    assert refusal(menus.alias, "tab-c").status == 404
