"""The last guard: both sides of every limit, and a way out that always passes."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.line import limits

FAMILY = "👨‍👩‍👧‍👦"  # one grapheme, eleven UTF-16 units
NAMASTE = "नमस्ते"  # six code points


def text(words="Hello", **more):
    return {"type": "text", "text": words, **more}


def postback(label="Yes", **more):
    return {"type": "postback", "label": label, "data": "r:menu", **more}


def quick(*actions):
    return {"items": [{"type": "action", "action": action} for action in actions]}


def bubble(*contents, **more):
    body = {"type": "box", "layout": "vertical", "contents": list(contents) or [text("x")]}
    return {"type": "bubble", "body": body, **more}


def flex(contents=None, **more):
    return {"type": "flex", "altText": "Ready", "contents": contents or bubble(), **more}


def with_quick(*actions):
    return text(quickReply=quick(*actions))


def flex_button(action):
    return flex(bubble({"type": "button", "action": action}))


def test_texts_are_counted_in_utf16_and_labels_in_graphemes():
    assert limits.utf16("🍎") == 2
    assert limits.utf16(FAMILY) == 11
    assert limits.graphemes(FAMILY) == 1
    assert limits.graphemes("abc") == 3
    assert len(NAMASTE) == 6
    assert limits.graphemes(NAMASTE) < 6


PICKER = {"type": "datetimepicker", "label": "Day", "data": "d", "mode": "date"}
GOOD = {
    "text at the limit": text("あ" * 5000),
    "text of pairs at the limit": text("🍎" * 2500),
    "alt text at the limit": flex(altText="a" * 1500),
    "thirteen buttons": with_quick(*[postback()] * 13),
    "a label of 20 graphemes": with_quick(postback(FAMILY * 20)),
    "a Flex label of 40": flex_button(postback("a" * 40)),
    "data of 300": with_quick(postback(data="a" * 300)),
    "a display text of 300": with_quick(postback(displayText="字" * 300)),
    "an address of 1000": flex_button(
        {"type": "uri", "label": "x", "uri": "https://a.jp/" + "a" * 987}
    ),
    "a telephone": flex_button({"type": "uri", "label": "x", "uri": "tel:0570-013904"}),
    "clipboard of 1000": with_quick(
        {"type": "clipboard", "label": "x", "clipboardText": "a" * 1000}
    ),
    "a picker": with_quick({**PICKER, "min": "1900-01-01", "max": "2100-12-31"}),
    "location as a quick reply": with_quick({"type": "location", "label": "Here"}),
    "twelve bubbles": flex({"type": "carousel", "contents": [bubble()] * 12}),
}
BAD = {
    "empty text": (text(""), "text"),
    "blank text": (text("  \n"), "text"),
    "text over the limit": (text("a" * 5001), "text"),
    "pairs over the limit": (text("🍎" * 2500 + "a"), "text"),
    "text missing": ({"type": "text"}, "text"),
    "unknown key": (text(txet="x"), "txet"),
    "unknown kind": ({"type": "hologram"}, "type"),
    "no alt text": ({"type": "flex", "contents": bubble()}, "altText"),
    "empty alt text": (flex(altText=""), "altText"),
    "alt text over the limit": (flex(altText="a" * 1501), "altText"),
    "no quick reply item": (text(quickReply={"items": []}), "items"),
    "fourteen buttons": (with_quick(*[postback()] * 14), "items"),
    "a label of 21": (with_quick(postback("a" * 21)), "label"),
    "a label missing": (with_quick({"type": "postback", "data": "x"}), "label"),
    "an empty label": (with_quick(postback("")), "label"),
    "a Flex label of 41": (flex_button(postback("a" * 41)), "label"),
    "a Flex button without label": (flex_button({"type": "postback", "data": "x"}), "label"),
    "data of 301": (with_quick(postback(data="a" * 301)), "data"),
    "data missing": (with_quick({"type": "postback", "label": "x"}), "data"),
    "a display text of 301": (with_quick(postback(displayText="字" * 301)), "displayText"),
    "two texts to show": (with_quick(postback(displayText="a", text="b")), "text"),
    "fill-in without keyboard": (with_quick(postback(fillInText="a")), "fillInText"),
    "message text of 301": (
        with_quick({"type": "message", "label": "x", "text": "a" * 301}),
        "text",
    ),
    "an address of 1001": (
        flex_button({"type": "uri", "label": "x", "uri": "https://a.jp/" + "a" * 988}),
        "uri",
    ),
    "a script as address": (
        flex_button({"type": "uri", "label": "x", "uri": "javascript:alert(1)"}),
        "uri",
    ),
    "an address not encoded": (
        flex_button({"type": "uri", "label": "x", "uri": "https://a.jp/再"}),
        "uri",
    ),
    "clipboard of 1001": (
        with_quick({"type": "clipboard", "label": "x", "clipboardText": "a" * 1001}),
        "clipboardText",
    ),
    "a picker with no such day": (with_quick({**PICKER, "min": "2026-02-30"}), "min"),
    "a picker before 1900": (with_quick({**PICKER, "min": "1899-12-31"}), "min"),
    "a picker after 2100": (with_quick({**PICKER, "max": "2101-01-01"}), "max"),
    "a picker of one day": (
        with_quick({**PICKER, "min": "2026-01-01", "max": "2026-01-01"}),
        "min",
    ),
    "a picker that starts outside": (
        with_quick({**PICKER, "initial": "2026-01-02", "max": "2026-01-01"}),
        "initial",
    ),
    "location on a card": (flex_button({"type": "location", "label": "x"}), "action"),
    "a menu switch": (with_quick({"type": "richmenuswitch", "label": "x"}), "type"),
    "thirteen bubbles": (flex({"type": "carousel", "contents": [bubble()] * 13}), "contents"),
    "no bubble": (flex({"type": "carousel", "contents": []}), "contents"),
    "bubbles of two sizes": (
        flex({"type": "carousel", "contents": [bubble(size="giga"), bubble(size="kilo")]}),
        "size",
    ),
    "a bubble over 30 KB": (flex(bubble(text("a" * 30_000))), "bytes"),
    "a carousel over 50 KB": (
        flex({"type": "carousel", "contents": [bubble(text("a" * 20_000))] * 3}),
        "bytes",
    ),
    "an empty bubble": (flex({"type": "bubble"}), "header"),
    "a wrong colour": (flex(bubble(text("x", color="red"))), "color"),
    "a wrong size": (flex(bubble(text("x", size="huge"))), "size"),
    "an empty Flex text": (flex(bubble(text(""))), "text"),
    "an unknown component": (flex(bubble({"type": "video"})), "type"),
    "a misspelt Flex key": (flex(bubble(text("x", wrapp=True))), "wrapp"),
    "a footer that is no box": (flex(bubble(footer=text("x"))), "footer"),
    "a sender called LINE": (text(sender={"name": "LINE"}), "sender"),
    "a long sender": (text(sender={"name": "a" * 21}), "sender"),
}


@pytest.mark.parametrize("name", GOOD)
def test_on_this_side_of_the_limit_all_is_well(name):
    assert limits.faults([GOOD[name]]) == []


@pytest.mark.parametrize("name", BAD)
def test_beyond_the_limit_the_fault_names_the_property(name):
    message, where = BAD[name]
    found = limits.faults([message])
    assert len(found) == 1
    assert found[0].startswith("messages[0]")
    assert where in found[0]


@pytest.mark.parametrize("messages", [[], [text()] * 6, None, "text", [None], [[]], {}])
def test_one_to_five_objects_are_messages(messages):
    assert limits.faults(messages)


def test_a_quick_reply_that_nobody_would_see_is_a_fault():
    assert limits.faults([with_quick(postback()), text()]) == [
        "messages[0].quickReply: only the last message shows it"
    ]


@pytest.mark.parametrize("name", BAD)
def test_the_plain_form_of_a_refused_message_passes(name):
    messages = limits.plain([BAD[name][0]])
    assert messages == [] or limits.faults(messages) == []


def test_the_plain_form_keeps_the_words_of_a_card():
    action = {"type": "uri", "label": "Source", "uri": "https://a.go.jp/"}
    card = flex(bubble(text("Go today"), {"type": "button", "action": action}))
    card["contents"]["header"] = {"type": "box", "layout": "vertical", "contents": [text("Title")]}
    assert limits.plain([card]) == [text("Title\nGo today\nSource\nhttps://a.go.jp/")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "text", "contents", "action", "body"]), inner)
    ),
    max_leaves=12,
)


@given(JSON)
def test_no_shape_of_json_breaks_the_guard_or_the_way_out(value):
    assert isinstance(limits.faults(value), list)
    plain = limits.plain(value)
    assert plain == [] or limits.faults(plain) == []


@given(st.sampled_from(sorted(GOOD)), st.text(max_size=3), JSON)
def test_an_unknown_key_is_always_refused(name, key, value):
    message = copy.deepcopy(GOOD[name])
    message[f"x{key}"] = value
    assert limits.faults([message])


@given(st.text(alphabet="ab あ🍎\n" + FAMILY, max_size=300), st.integers(12, 40))
def test_a_split_text_loses_no_word_and_breaks_no_cluster(words, most):
    pieces = limits.split_text(words, most)
    assert all(limits.utf16(piece) <= most for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(words.split())
    assert all(piece == piece.encode("utf-8").decode("utf-8") for piece in pieces)


def test_a_text_is_split_between_paragraphs_first():
    first, second = "word " * 500, "other " * 500
    assert limits.split_text(f"{first.strip()}\n\n{second.strip()}", 4999) == [
        first.strip(),
        second.strip(),
    ]


def test_a_shortened_label_keeps_whole_clusters():
    assert limits.shorten(FAMILY * 21, 20) == FAMILY * 19 + "…"
    assert limits.shorten("short", 20) == "short"
