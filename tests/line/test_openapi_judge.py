"""Every message of every sample, in every language, before LINE's own document."""

import copy
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

import pytest

from bot.dialogue.replies import Reply, Result
from bot.flow.engine import Engine
from bot.i18n.catalogue import Catalogue
from bot.line.limits import faults, plain
from bot.line.outgoing import to_messages
from tests.line.line_samples import (
    LINKS,
    RESULT_BUTTONS,
    ROOT,
    a_library,
    an_ask,
    sample_replies,
    the_library,
    walk,
)
from tests.line.openapi import reply_judge


def body(messages):
    return {"replyToken": "token", "messages": messages}


def complaints(line_openapi: Path, messages) -> list[str]:
    return [error.message for error in reply_judge(line_openapi).iter_errors(body(messages))]


@pytest.mark.parametrize("name", sample_replies())
def test_lines_document_accepts_every_sample_in_every_language(line_openapi, name):
    catalogue = Catalogue(ROOT / "locales", a_library())
    for tag in catalogue.offered:
        messages = to_messages(sample_replies()[name], catalogue.voice(tag), LINKS)
        assert complaints(line_openapi, messages) == []


@cache
def walks() -> list[tuple[str, tuple[Reply, ...]]]:
    """Questions and results of people who answer anything, on any day, in the real content."""
    library = the_library()
    engine = Engine(library)
    found = []
    for flow in (*library.flows.values(), *library.topics.values()):
        for seed in range(25):
            dice = Random(f"{flow.id} {seed}")
            today = date(2025, 1, 1) + timedelta(days=dice.randrange(1460))
            way, solution = walk(engine, flow, today, dice)
            name = f"{flow.id} {seed}"
            asked = [flow.questions[p.question] for p in way if p.question]
            found += [(name, (an_ask(flow=flow.id, question=one),)) for one in asked]
            found += [(name, (Result(solution, RESULT_BUTTONS, as_text=t),)) for t in (False, True)]
    return found


def test_lines_document_and_our_own_guard_accept_what_the_real_flows_say(line_openapi):
    catalogue = Catalogue(ROOT / "locales", the_library())
    refused = []
    for tag in catalogue.offered:
        for name, replies in walks():
            messages = to_messages(replies, catalogue.voice(tag), LINKS)
            refused += [(tag, name, what) for what in faults(messages)]
            refused += [(tag, name, what) for what in complaints(line_openapi, messages)]
    assert refused == []


def test_no_result_of_the_real_flows_speaks_of_none():
    catalogue = Catalogue(ROOT / "locales", the_library())
    for tag in catalogue.offered:
        for name, replies in walks():
            text = plain(to_messages(replies, catalogue.voice(tag), LINKS))
            assert "None" not in str([message["text"] for message in text]), name
            assert "%(" not in str(text), name


BROKEN = [
    {"type": "text"},
    {"type": "text", "txet": "a"},
    {"type": "hologram"},
    {"type": "flex", "contents": {"type": "bubble"}},
    {"type": "flex", "altText": "a", "contents": {"type": "balloon"}},
    {"type": "text", "text": "a", "quickReplies": {}},
]


@pytest.mark.parametrize("message", BROKEN)
def test_the_document_is_strict_enough_to_refuse(line_openapi, message):
    assert complaints(line_openapi, [message])


def test_a_misspelt_key_deep_in_a_card_is_refused(line_openapi):
    catalogue = Catalogue(ROOT / "locales", a_library())
    good = to_messages(sample_replies()["card_plain"], catalogue.voice("en"), LINKS)
    bad = copy.deepcopy(good)
    bad[0]["contents"]["body"]["contents"][0]["wrapp"] = True
    assert complaints(line_openapi, good) == []
    assert complaints(line_openapi, bad)
