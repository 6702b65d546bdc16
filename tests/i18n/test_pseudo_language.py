"""A made-up language in which every translated text is marked: what is not, escaped translation."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.dialogue.replies import Result
from bot.flow.model import Answer, NotAnAnswer
from bot.i18n.catalogue import Catalogue
from bot.i18n.extract import sentences
from bot.i18n.locales import BY_TAG
from bot.i18n.merge import fill
from bot.line.outgoing import to_messages
from tests.dialogue.talks import a_person, engine, library

ROOT = Path(__file__).parents[2]
STORIES = sorted((ROOT / "tests" / "flows").glob("*.yaml"))
LONG_ENOUGH = 12
"""Shorter English texts ("Fee", "Yes") could stand in an official name by chance."""


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """A catalogue whose Vietnamese is the English in marks."""
    folder = tmp_path_factory.mktemp("pseudo")
    texts = {address: f"[~ {one.text} ~]" for address, one in sentences(library()).items()}
    path = folder / "vi" / "LC_MESSAGES" / "messages.po"
    fill(path, library(), BY_TAG["vi"], texts)
    return Catalogue(folder, library(), ("vi",))


@cache
def english() -> frozenset[str]:
    """The sentences without placeholders that are long enough to be recognised."""
    found = {one.text for one in sentences(library()).values()}
    return frozenset(text for text in found if "%(" not in text and len(text) >= LONG_ENOUGH)


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key in ("text", "altText", "label", "displayText") and isinstance(inner, str):
                yield inner
            else:
                yield from texts_in(inner)


def outside_the_marks(text: str) -> str:
    """What is left of a text when everything between marks is taken away, marks inside too."""
    kept, depth = [], 0
    for piece in text.replace("[~", "\0[~").replace("~]", "~]\0").split("\0"):
        if piece.startswith("[~"):
            depth += 1
        if depth == 0:
            kept.append(piece)
        if piece.endswith("~]"):
            depth -= 1
    return "".join(kept)


def stories() -> Iterator[dict[str, Any]]:
    for path in STORIES:
        yield from yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def test_no_sentence_of_a_result_escapes_translation(pseudo: Catalogue) -> None:
    seen = set()
    for story in stories():
        today = date.fromisoformat(story["today"])
        flow = library().flow_or_topic(story["flow"])
        assert flow is not None
        answers: list[Answer] = []
        for name, raw in story["answers"].items():
            value = engine().read(flow.id, name, raw, today, answers)
            if not isinstance(value, NotAnAnswer):
                answers.append(Answer(name, value, today))
        solution = engine().solve(flow.id, tuple(answers), today)
        if solution.outcome is None:
            continue
        seen.add((flow.id, solution.outcome))
        for as_text in (False, True):
            messages = to_messages(
                (Result(solution, as_text=as_text),), pseudo.voice("vi"), {"export": "https://x.jp"}
            )
            for text in texts_in(messages):
                left = outside_the_marks(text)
                escaped = [one for one in english() if one in left]
                assert not escaped, (flow.id, solution.outcome, escaped[:3], text[:80])
    assert len(seen) > 25


def test_no_question_or_menu_escapes_translation(pseudo: Catalogue) -> None:
    for flow in (*library().flows.values(), *library().topics.values()):
        for name in (*flow.questions, *flow.refine):
            person = a_person().taps(f"c:{flow.id}:{name}").taps(f"w:{flow.id}:{name}")
            for text in texts_in(to_messages(person.replies, pseudo.voice("vi"))):
                left = outside_the_marks(text)
                assert not [one for one in english() if one in left], (flow.id, name, text[:80])
    for request in ("menu", "help", "human", "language", "my-data", "delete-data", "reminder"):
        person = a_person().taps(f"r:{request}")
        for text in texts_in(to_messages(person.replies, pseudo.voice("vi"))):
            left = outside_the_marks(text)
            assert not [one for one in english() if one in left], (request, text[:80])


def test_the_marks_catch_a_sentence_that_is_not_translated(pseudo: Catalogue) -> None:
    assert outside_the_marks("[~ Ask. [~ inner ~] more ~] and then") == " and then"
    person = a_person().taps("r:menu")
    found = "".join(texts_in(to_messages(person.replies, pseudo.voice("en"))))
    assert [one for one in english() if one in outside_the_marks(found)]
