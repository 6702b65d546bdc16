"""Every limit of LINE that applies to our messages, on both sides."""

from typing import Any

import pytest

from bot.simulator.rules import message_problems, problems
from bot.simulator.shapes import grapheme_clusters, utf16_units

FAMILY = "👨‍👩‍👧‍👦"
NEPALI = "नमस्ते"
PICTURE = "https://example.org/a.png"


def text(value: Any = "hello", **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": value, **more}


def postback(label: str = "Yes", **more: Any) -> dict[str, Any]:
    return {"type": "postback", "label": label, "data": "a", **more}


def chips(*actions: dict[str, Any]) -> dict[str, Any]:
    return text(quickReply={"items": [{"type": "action", "action": a} for a in actions]})


def bubble(*contents: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {"type": "box", "layout": "vertical", "contents": list(contents)}
    return {"type": "bubble", "body": body, **more}


def flex(contents: Any, alt: Any = "A card") -> dict[str, Any]:
    return {"type": "flex", "altText": alt, "contents": contents}


def words(value: str = "a", **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": value, **more}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "action": postback(**more)}


def template(**more: Any) -> dict[str, Any]:
    return {"type": "template", "altText": "a", "template": more}


def column(**more: Any) -> dict[str, Any]:
    return {"text": "a", "actions": [postback()], **more}


def picker(mode: str = "date", **more: Any) -> dict[str, Any]:
    return {"type": "datetimepicker", "label": "Day", "data": "d", "mode": mode, **more}


def uri(address: str) -> dict[str, Any]:
    return {"type": "uri", "label": "Open", "uri": address}


def location(**more: Any) -> dict[str, Any]:
    return {
        "type": "location",
        "title": "Office",
        "address": "Tokyo",
        "latitude": 35.0,
        "longitude": 139.0,
        **more,
    }


ACCEPTED: dict[str, dict[str, Any]] = {
    "text of 5,000 units": text("あ" * 5000),
    "text of 2,500 apples": text("🍎" * 2500),
    "alternative text of 1,500": flex(bubble(words()), "a" * 1500),
    "13 chips": chips(*[postback(str(n)) for n in range(13)]),
    "chip label of 20": chips(postback("a" * 20)),
    "chip label of 20 families": chips(postback(FAMILY * 20)),
    "chip label of Nepali": chips(postback(NEPALI * 4)),
    "camera in a chip": chips({"type": "camera", "label": "Camera"}),
    "location in a chip": chips({"type": "location", "label": "Where"}),
    "postback data of 300": chips(postback(data="a" * 300)),
    "displayText of 300": chips(postback(displayText="é" * 300)),
    "fillInText with the keyboard": chips(postback(inputOption="openKeyboard", fillInText="a")),
    "message text of 300": chips({"type": "message", "label": "a", "text": "a" * 300}),
    "uri of 1,000": chips(uri("https://example.org/" + "a" * 980)),
    "telephone": chips(uri("tel:0312345678")),
    "line uri": chips(uri("line://nv/location")),
    "clipboard of 1,000": chips({"type": "clipboard", "label": "a", "clipboardText": "a" * 1000}),
    "date picker from first to last day": chips(picker(min="1900-01-01", max="2100-12-31")),
    "time picker": chips(picker("time", initial="10:00")),
    "date and time picker": chips(picker("datetime", initial="2026-01-01T10:00")),
    "flex button label of 40": flex(bubble(button(label="a" * 40))),
    "flex text with spans": flex(
        bubble({"type": "text", "contents": [{"type": "span", "text": "a", "color": "#ff0000"}]})
    ),
    "box action without label": flex(
        bubble(
            {
                "type": "box",
                "layout": "vertical",
                "contents": [],
                "action": {"type": "message", "text": "a"},
            }
        )
    ),
    "text in baseline": flex(
        bubble({"type": "box", "layout": "baseline", "contents": [words(), {"type": "filler"}]})
    ),
    "12 bubbles": flex({"type": "carousel", "contents": [bubble(words())] * 12}),
    "picture over https": flex(bubble(words(), hero={"type": "image", "url": PICTURE})),
    "buttons with 4 actions": template(type="buttons", text="a" * 160, actions=[postback()] * 4),
    "buttons with title and 60": template(
        type="buttons", title="t" * 40, text="a" * 60, actions=[postback()]
    ),
    "confirm": template(type="confirm", text="a" * 240, actions=[postback()] * 2),
    "carousel of 10": template(type="carousel", columns=[column(text="a" * 120)] * 10),
    "image carousel of 10": template(
        type="image_carousel", columns=[{"imageUrl": PICTURE, "action": postback("a" * 12)}] * 10
    ),
    "location of 100 and 100": location(title="a" * 100, address="あ" * 100),
    "sender of 20": text(sender={"name": "a" * 20, "iconUrl": PICTURE}),
    "textV2 with braces doubled": {"type": "textV2", "text": "{{a}}"},
    "sticker": {"type": "sticker", "packageId": "446", "stickerId": "1988"},
    "image": {"type": "image", "originalContentUrl": PICTURE, "previewImageUrl": PICTURE},
    "20 emojis": text(
        "$" * 20, emojis=[{"index": n, "productId": "5ac", "emojiId": "001"} for n in range(20)]
    ),
}
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "text of 5,001 units": (text("あ" * 5001), "messages[0].text"),
    "text of 2,501 apples": (text("🍎" * 2501), "messages[0].text"),
    "empty text": (text(""), "messages[0].text"),
    "text that is no string": (text(5), "messages[0].text"),
    "misspelt key": ({"type": "text", "txet": "a"}, "messages[0].txet"),
    "unknown kind": ({"type": "hologram"}, "messages[0].type"),
    "no altText": ({"type": "flex", "contents": bubble(words())}, "messages[0].altText"),
    "empty altText": (flex(bubble(words()), ""), "messages[0].altText"),
    "altText of 1,501": (flex(bubble(words()), "a" * 1501), "messages[0].altText"),
    "14 chips": (chips(*[postback(str(n)) for n in range(14)]), "messages[0].quickReply.items"),
    "no chips": (chips(), "messages[0].quickReply.items"),
    "chip label of 21": (chips(postback("a" * 21)), "quickReply.items[0].action.label"),
    "empty chip label": (chips(postback("")), "quickReply.items[0].action.label"),
    "chip without label": (chips({"type": "postback", "data": "a"}), "action.label"),
    "menu switch in a chip": (
        chips({"type": "richmenuswitch", "label": "a", "richMenuAliasId": "a", "data": "a"}),
        "action.type",
    ),
    "postback without data": (chips({"type": "postback", "label": "a"}), "action.data"),
    "postback data of 301": (chips(postback(data="a" * 301)), "action.data"),
    "postback data of 151 apples": (chips(postback(data="🍎" * 151)), "action.data"),
    "displayText of 301": (chips(postback(displayText="a" * 301)), "action.displayText"),
    "displayText and text": (chips(postback(displayText="a", text="a")), "action.text"),
    "fillInText alone": (chips(postback(fillInText="a")), "action.fillInText"),
    "message text of 301": (
        chips({"type": "message", "label": "a", "text": "a" * 301}),
        "action.text",
    ),
    "uri of 1,001": (chips(uri("https://example.org/" + "a" * 981)), "action.uri"),
    "uri of another scheme": (chips(uri("ftp://example.org")), "action.uri"),
    "uri with a blank": (chips(uri("https://example.org/a b")), "action.uri"),
    "uri that is not encoded": (chips(uri("https://example.org/日本")), "action.uri"),
    "clipboard of 1,001": (
        chips({"type": "clipboard", "label": "a", "clipboardText": "a" * 1001}),
        "action.clipboardText",
    ),
    "picker before 1900": (chips(picker(min="1899-12-31")), "action.min"),
    "picker after 2100": (chips(picker(max="2101-01-01")), "action.max"),
    "picker upside down": (chips(picker(min="2026-01-02", max="2026-01-01")), "action.min"),
    "picker outside": (chips(picker(initial="2026-01-02", max="2026-01-01")), "action.initial"),
    "no such day": (chips(picker(initial="2026-02-30")), "action.initial"),
    "short day": (chips(picker(initial="2026-2-3")), "action.initial"),
    "no such mode": (chips(picker("week")), "action.mode"),
    "flex button label of 41": (flex(bubble(button(label="a" * 41))), "action.label"),
    "flex button without label": (
        flex(bubble({"type": "button", "action": {"type": "message", "text": "a"}})),
        "contents.body.contents[0].action.label",
    ),
    "flex text without text": (flex(bubble({"type": "text"})), "contents.body.contents[0].text"),
    "flex text empty": (flex(bubble(words(""))), "contents.body.contents[0].text"),
    "flex misspelt key": (flex(bubble(words(wrapp=True))), "contents.body.contents[0].wrapp"),
    "flex colour by name": (flex(bubble(words(color="red"))), "contents.body.contents[0].color"),
    "flex size": (flex(bubble(words(size="huge"))), "contents.body.contents[0].size"),
    "flex span alone": (
        flex(bubble({"type": "span", "text": "a"})),
        "contents.body.contents[0].type",
    ),
    "button in baseline": (
        flex(bubble({"type": "box", "layout": "baseline", "contents": [button()]})),
        "contents.body.contents[0].contents[0].type",
    ),
    "empty bubble": (flex({"type": "bubble"}), "contents."),
    "text as hero": (flex(bubble(words(), hero=words())), "contents.hero.type"),
    "picture over http": (
        flex(bubble(words(), hero={"type": "image", "url": "http://example.org/a.png"})),
        "contents.hero.url",
    ),
    "13 bubbles": (
        flex({"type": "carousel", "contents": [bubble(words())] * 13}),
        "contents.contents",
    ),
    "bubbles of two sizes": (
        flex({"type": "carousel", "contents": [bubble(words(), size="kilo"), bubble(words())]}),
        "contents.contents",
    ),
    "5 buttons": (
        template(type="buttons", text="a", actions=[postback()] * 5),
        "template.actions",
    ),
    "buttons text of 161": (
        template(type="buttons", text="a" * 161, actions=[postback()]),
        "template.text",
    ),
    "buttons with title and 61": (
        template(type="buttons", title="t", text="a" * 61, actions=[postback()]),
        "template.text",
    ),
    "buttons title of 41": (
        template(type="buttons", title="t" * 41, text="a", actions=[postback()]),
        "template.title",
    ),
    "confirm with one": (
        template(type="confirm", text="a", actions=[postback()]),
        "template.actions",
    ),
    "confirm text of 241": (
        template(type="confirm", text="a" * 241, actions=[postback()] * 2),
        "template.text",
    ),
    "carousel of 11": (template(type="carousel", columns=[column()] * 11), "template.columns"),
    "carousel text of 121": (
        template(type="carousel", columns=[column(text="a" * 121)]),
        "columns[0].text",
    ),
    "carousel with 4 actions": (
        template(type="carousel", columns=[column(actions=[postback()] * 4)]),
        "columns[0].actions",
    ),
    "carousel with uneven actions": (
        template(type="carousel", columns=[column(), column(actions=[postback()] * 2)]),
        "template.columns",
    ),
    "carousel with some titles": (
        template(type="carousel", columns=[column(), column(title="a")]),
        "template.columns",
    ),
    "image carousel label of 13": (
        template(
            type="image_carousel", columns=[{"imageUrl": PICTURE, "action": postback("a" * 13)}]
        ),
        "columns[0].action.label",
    ),
    "location title of 101": (location(title="a" * 101), "messages[0].title"),
    "location without address": (
        {k: v for k, v in location().items() if k != "address"},
        "messages[0].address",
    ),
    "location off the globe": (location(latitude=91), "messages[0].latitude"),
    "sender of 21": (text(sender={"name": "a" * 21}), "messages[0].sender.name"),
    "sender named LINE": (text(sender={"name": "LINE"}), "messages[0].sender.name"),
    "textV2 with a lone brace": ({"type": "textV2", "text": "a { b"}, "messages[0].text"),
    "textV2 without substitution": ({"type": "textV2", "text": "{who}"}, "messages[0].text"),
    "21 emojis": (
        text("$" * 21, emojis=[{"index": n, "productId": "5", "emojiId": "1"} for n in range(21)]),
        "messages[0].emojis",
    ),
    "emoji without a place": (
        text("ab", emojis=[{"index": 0, "productId": "5", "emojiId": "1"}]),
        "messages[0].emojis[0].index",
    ),
}


@pytest.mark.parametrize("message", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_a_message_at_the_limit_is_accepted(message: dict[str, Any]) -> None:
    assert message_problems([message]) == ()


@pytest.mark.parametrize("message, place", REFUSED.values(), ids=REFUSED.keys())
def test_a_message_over_the_limit_is_refused_at_its_place(
    message: dict[str, Any], place: str
) -> None:
    found = message_problems([message])
    assert [p for p in found if place in p.property], found


@pytest.mark.parametrize("size, fits", [(29_900, True), (30_100, False)])
def test_a_bubble_has_at_most_30_kilobytes(size: int, fits: bool) -> None:
    card = bubble(*[words("あ" * 1000)] * (size // 3040), words("a" * (size % 3040)))
    assert (message_problems([flex(card)]) == ()) is fits


@pytest.mark.parametrize("each, fits", [(8_000, True), (8_500, False)])
def test_a_carousel_has_at_most_50_kilobytes(each: int, fits: bool) -> None:
    cards = [bubble(words("a" * each))] * 6
    assert (message_problems([flex({"type": "carousel", "contents": cards})]) == ()) is fits


@pytest.mark.parametrize("count, fits", [(0, False), (1, True), (5, True), (6, False)])
def test_a_request_carries_one_to_five_messages(count: int, fits: bool) -> None:
    assert (message_problems([text()] * count) == ()) is fits


@pytest.mark.parametrize(
    "seconds, said",
    [
        (5, ""),
        (60, ""),
        (4, "Must be between 5 and 60"),
        (65, "Must be between 5 and 60"),
        (7, "must be a multiple of five"),
    ],
)
def test_loading_takes_fives_from_5_to_60(seconds: int, said: str) -> None:
    found = problems("loading", {"chatId": "U" + "0" * 32, "loadingSeconds": seconds})
    assert [p.message for p in found] == ([said] if said else [])


def menu(**more: Any) -> dict[str, Any]:
    area = {"bounds": {"x": 0, "y": 0, "width": 2500, "height": 843}, "action": postback()}
    return {
        "size": {"width": 2500, "height": 843},
        "selected": True,
        "name": "en",
        "chatBarText": "Menu",
        "areas": [area],
        **more,
    }


@pytest.mark.parametrize(
    "more, place",
    [
        ({}, ""),
        ({"chatBarText": FAMILY * 14}, ""),
        ({"chatBarText": "a" * 15}, "chatBarText"),
        ({"name": "a" * 301}, "name"),
        ({"areas": menu()["areas"] * 20}, ""),
        ({"areas": menu()["areas"] * 21}, "areas"),
        ({"size": {"width": 2500, "height": 1725}}, "size"),
        ({"size": {"width": 799, "height": 300}}, "size.width"),
        ({"size": {"width": 800, "height": 249}}, "size.height"),
        ({"size": {"width": 2400, "height": 843}}, "areas[0].bounds"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_rich_menu_keeps_its_limits(more: dict[str, Any], place: str) -> None:
    found = problems("menu", menu(**more))
    assert (place in [p.property for p in found]) if place else not found


def test_lengths_are_counted_as_line_counts_them() -> None:
    assert (utf16_units("🍎"), utf16_units(FAMILY)) == (2, 11)
    assert (grapheme_clusters("🍎"), grapheme_clusters(FAMILY)) == (1, 1)
    assert grapheme_clusters(NEPALI) < len(NEPALI)


@pytest.mark.parametrize("junk", [None, 5, "a", [], [1], {"messages": {}}, {"messages": [None]}])
@pytest.mark.parametrize("kind", ["reply", "push", "validate", "loading", "mark", "menu", "alias"])
def test_junk_is_refused_and_never_raises(kind: str, junk: Any) -> None:
    assert problems(kind, junk)
