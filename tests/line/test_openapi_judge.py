"""Every message of every sample, in every language, before LINE's own document."""

import copy
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.dialogue.replies import Duties, Reply, Result
from bot.flow.engine import Engine
from bot.i18n.catalogue import Catalogue
from bot.line.limits import faults, plain
from bot.line.outgoing import to_messages
from bot.simulator.rules import message_problems
from tests.line.line_samples import (
    LINKS,
    RESULT_BUTTONS,
    ROOT,
    a_voice,
    an_ask,
    sample_replies,
    the_catalogue,
    the_library,
    walk,
)
from tests.line.openapi import reply_judge
from tests.line.test_limits import BAD, GOOD


def body(messages):
    return {"replyToken": "token", "messages": messages}


def complaints(line_openapi: Path, messages) -> list[str]:
    return [error.message for error in reply_judge(line_openapi).iter_errors(body(messages))]


@pytest.mark.parametrize("name", sample_replies())
def test_lines_document_accepts_every_sample_in_every_language(line_openapi, name):
    for tag in the_catalogue().offered:
        messages = to_messages(sample_replies()[name], a_voice(tag), LINKS)
        assert complaints(line_openapi, messages) == []


@cache
def walks() -> list[tuple[str, tuple[Reply, ...]]]:
    """Questions and results of people who answer anything, on any day, in the real content."""
    library = the_library()
    engine = Engine(library)
    found = []
    for flow in library.all_flows:
        for seed in range(25):
            dice = Random(f"{flow.id} {seed}")
            today = date(2025, 1, 1) + timedelta(days=dice.randrange(1460))
            way, solution = walk(engine, flow, today, dice)
            name = f"{flow.id} {seed}"
            asked = [flow.questions[p.question] for p in way if p.question]
            found += [(name, (an_ask(flow=flow.id, question=one),)) for one in asked]
            found += [(name, (Result(solution, RESULT_BUTTONS, as_text=t),)) for t in (False, True)]
    for event_id in library.events:
        event = engine.flow(event_id)
        assert event is not None
        for seed in range(25):
            dice = Random(f"{event_id} {seed}")
            today = date(2025, 1, 1) + timedelta(days=dice.randrange(1460))
            way, solution = walk(engine, event, today, dice)
            name = f"{event_id} {seed}"
            asked = [event.questions[p.question] for p in way if p.question]
            found += [(name, (an_ask(flow=event_id, question=one),)) for one in asked]
            solved = engine.solve_event(event_id, solution.answers, today)
            numbers = tuple(range(1, len(solved.duties) + 1))
            for as_text in (False, True):
                shown = Duties(solved, RESULT_BUTTONS, numbers, seed % 2 == 0, (), as_text)
                found.append((name, (shown,)))
    return found


def said_in_turn() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each of them in one language, the languages taking turns."""
    catalogue = Catalogue(ROOT / "locales", the_library())
    tags = cycle(catalogue.offered)
    for (name, replies), tag in zip(walks(), tags, strict=False):
        yield f"{name} {tag}", to_messages(replies, catalogue.voice(tag), LINKS)


def test_lines_document_and_our_own_guard_accept_what_the_real_flows_say(line_openapi):
    refused = []
    for name, messages in said_in_turn():
        refused += [(name, what) for what in faults(messages)]
        refused += [(name, what) for what in complaints(line_openapi, messages)]
    assert refused == []


def test_no_result_of_the_real_flows_speaks_of_none():
    for name, messages in said_in_turn():
        text = "\n".join(message["text"] for message in plain(messages))
        assert "None" not in text, name
        assert "%(" not in text, name


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
    good = to_messages(sample_replies()["card_plain"], a_voice(), LINKS)
    bad = copy.deepcopy(good)
    bad[0]["contents"]["body"]["contents"][0]["wrapp"] = True
    assert complaints(line_openapi, good) == []
    assert complaints(line_openapi, bad)


# ---------------------------------------------------------------- the simulator, another judge


@pytest.mark.parametrize("name", sample_replies())
def test_the_simulator_accepts_every_sample(name):
    assert message_problems(to_messages(sample_replies()[name], a_voice(), LINKS)) == ()


@pytest.mark.parametrize("name", GOOD)
def test_what_our_guard_lets_pass_the_simulator_takes(name):
    assert message_problems([GOOD[name]]) == ()


STRICTER = {"blank text"}  # LINE may take it; nobody can read it


@pytest.mark.parametrize("name", sorted(BAD.keys() - STRICTER))
def test_what_the_simulator_refuses_our_guard_stops_first(name):
    message, _ = BAD[name]
    assert message_problems([message]) != ()
    assert faults([message]) != []
