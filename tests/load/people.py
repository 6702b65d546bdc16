"""The bench's persons: each one answer away from the end of a walk, written into the database.

A message of theirs is that last answer, so that every reply is a whole result in the reader's
language. They are written as the bot writes them (sealed, under keyed names), only faster.
"""

import itertools
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import orjson
from sqlalchemy import insert

from bot.dialogue.conversation import Conversation, Walk, to_json
from bot.dialogue.turn import NOTICE_VERSION
from bot.flow.load import load_library
from bot.flow.model import Answer, Flow
from bot.i18n.catalogue import Catalogue
from bot.line.incoming import TOKYO
from bot.settings import Settings
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.tables import conversations
from tests.load.client import user_id
from tests.load.servers import ROOT, Server

FLOW = "lost-card"
LAST = "also_lost"
_CHUNK = 5_000

Event = tuple[int, str, str]
"""A person's number, "tap" or "text", and the data or the words."""


def languages() -> list[str]:
    """Those of Vietnamese, Japanese and English that are offered."""
    offered = Catalogue(ROOT / "locales", load_library(ROOT / "flows")).offered
    return [tag for tag in ("vi", "ja", "en") if tag in offered]


def flows_of(folder: Path) -> list[Flow]:
    """The walked flow and its copies (copies.py)."""
    found = load_library(folder).flows
    return [flow for name, flow in found.items() if name.startswith(FLOW)]


def settle(server: Server, number: int, tags: Sequence[str], flows: Sequence[Flow]) -> list[Event]:
    """Write `number` persons into the server's database; what each of them says last.

    Languages and flows take turns. The persons' numbers are 0 to `number` - 1.
    """
    settings = Settings.from_environment(server.env)
    migrate(settings)
    database = Database.of(settings)
    try:
        with database.write() as session:
            begun = datetime.now(TOKYO)
            states = _states(begun.date(), tags, flows)
            rows = _rows(session, number, states, begun.timestamp())
            while chunk := [row for row, _ in zip(rows, range(_CHUNK), strict=False)]:
                session.connection.execute(insert(conversations), chunk)
    finally:
        database.close()
    return events(number, flows)


def events(number: int, flows: Sequence[Flow]) -> list[Event]:
    """The last answer of each person."""
    last = [f"a:{flow.id}:{flow.fingerprint}:{LAST}:none" for flow in flows]
    return [(n, "tap", last[n % len(last)]) for n in range(number)]


def _states(today: date, tags: Sequence[str], flows: Sequence[Flow]) -> list[tuple[str, bytes]]:
    """The stored conversations, by turns: language and sealed content's clear bytes.

    As many different sets of answers as persons in a bench of a usual size: an engine that
    remembers its last solutions must not look faster than it is.
    """
    plain = Conversation(notice=NOTICE_VERSION, last_day=today)
    every = itertools.product(range(60), ("lost", "stolen"), ("residence", "combined"),
                              ("adult", "child"), ("yes", "no"))  # fmt: skip
    shuffled = list(every)
    random.Random(5).shuffle(shuffled)
    turns = len(tags) * len(flows)
    turns *= math.ceil(len(shuffled) / turns)
    found = []
    for n in range(turns):
        flow, tag = flows[n % len(flows)], tags[n % len(tags)]
        days, what, card, age, police = shuffled[n % len(shuffled)]
        given: Mapping[str, str] = {
            "what_happened": what, "card": card, "where_noticed": "in_japan",
            "noticed_on": (today - timedelta(days=days)).isoformat(), "age_group": age,
            "told_police": police,
        }  # fmt: skip
        answers = tuple(Answer(name, value, today) for name, value in given.items())
        walk = Walk(flow.id, flow.fingerprint, answers)
        whole = replace(plain, language=tag, walk=walk)
        found.append((tag, orjson.dumps(to_json(whole))))
    return found


def _rows(
    session, number: int, states: Sequence[tuple[str, bytes]], now: float
) -> Iterator[dict[str, object]]:
    seal = session.sealer.seal
    for n in range(number):
        tag, state = states[n % len(states)]
        user = user_id(n)
        person = session.persons.name(user)
        yield {
            "person": person,
            "user_id": seal(user.encode(), f"conversations.user_id:{person}"),
            "state": seal(state, f"conversations.state:{person}"),
            "position": 1,
            "language": tag,
            "notice_version": NOTICE_VERSION,
            "notice_at": now,
            "created_at": now,
            "updated_at": now,
            "profile_at": now,
        }
