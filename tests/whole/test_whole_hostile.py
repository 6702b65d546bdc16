"""100,000 hostile but rightly signed webhooks: never a 5xx, and no memory that grows.

The bodies begin as LINE's own, then values are swapped for others, keys vanish or appear,
bytes are flipped, cut and doubled. Chance is seeded: the same bodies on every run.
"""

import copy
import gc
import io
import json
import random
import resource
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from houses import NOW, SECRET, an_event, settings_for, user
from sqlalchemy import func, select
from wholes import a_whole, until

from bot.line.incoming import read
from bot.line.webhook import Received, Webhook, sign
from bot.store import tables
from bot.store.database import Database
from bot.web import Application

IN_MEMORY, IN_DATABASE, ANSWERED = 100_000, 2_000, 400
MAY_STAY = 50_000  # bytes after 2,000 bodies: 25 each would be a leak
MAY_GROW = 8_000_000  # bytes of the process after 90,000 bodies

STRANGE: Sequence[Any] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, 2**64, -(2**70), 1e308, 0.5, "", " ", "\x00",
    "U" + "0" * 32, "x" * 300, "x" * 20_000, "\ud800", "\u202e", "𠮷野家👨‍👩‍👧‍👦", "__proto__",
    [], {}, [[]], [None], {"": ""}, [[[[[[[[]]]]]]]], {"type": {"type": "text"}},
    "message", "postback", "text", "unsend", "active", "standby", "r:menu", "a:::::", "o:move",
    "00000000000000000000000000000000", "2026-02-30", "'; DROP TABLE inbox; --",
)  # fmt: skip


def whole_bodies() -> list[dict[str, Any]]:
    """One body of each kind that LINE sends, and a mixed batch."""
    events = [
        an_event("hello"),
        an_event("国籍", 2),
        an_event(type="follow", follow={"isUnblocked": False}),
        an_event(type="unfollow"),
        an_event(type="unsend", unsend={"messageId": "5000001"}),
        an_event(type="postback", postback={"data": "o:lost-card"}),
        an_event(type="postback", postback={"data": "d:move:x:moved_on",
                                            "params": {"date": "2026-11-20"}}),
        an_event(message={"id": "6000001", "type": "location", "latitude": 35.6,
                          "longitude": 139.7, "address": "東京都港区"}),
        an_event(message={"id": "6000002", "type": "image",
                          "contentProvider": {"type": "line"}}),
        an_event(message={"id": "6000003", "type": "sticker", "packageId": "1", "stickerId": "2",
                          "stickerResourceType": "STATIC", "keywords": ["cry"]}),
        an_event(message={"id": "6000004", "type": "file", "fileName": "a.pdf", "fileSize": 9}),
        an_event(type="accountLink", link={"result": "ok", "nonce": "x"}),
        an_event(mode="standby"),
        an_event(source={"type": "group", "groupId": "C1", "userId": user(3)}),
    ]  # fmt: skip
    bodies = [{"destination": "U" + "0" * 32, "events": [event]} for event in events]
    return [*bodies, {"destination": "U" + "0" * 32, "events": events}, {"events": []}]


class Mutator:
    """Bodies that get stranger and stranger, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self._whole = [json.dumps(body) for body in whole_bodies()]

    def body(self) -> bytes:
        chance = self.chance
        tree = json.loads(chance.choice(self._whole))
        for _ in range(chance.choice((0, 1, 1, 2, 3, 6))):
            tree = self._changed(tree)
        # A new id more often than not, else nearly all would be duplicates.
        if isinstance(tree, dict) and isinstance(tree.get("events"), list):
            for event in tree["events"]:
                if isinstance(event, dict) and chance.random() < 0.8:
                    event["webhookEventId"] = f"01H{chance.getrandbits(64):020d}"
        whole = json.dumps(tree, ensure_ascii=chance.random() < 0.5)
        raw = whole.encode("utf-8", "surrogatepass")
        for _ in range(chance.choice((0, 0, 0, 1, 2, 5))):
            raw = self._damaged(raw)
        return raw

    def _changed(self, tree: Any) -> Any:
        """The tree with one node replaced, removed, renamed, doubled or wrapped."""
        places: list[tuple[Any, Any]] = []
        if isinstance(tree, dict | list):
            _collect(tree, places)
        if not places:
            return self._strange()
        parent, key = self.chance.choice(places)
        match self.chance.randrange(6):
            case 0 | 1:
                parent[key] = self._strange()
            case 2:
                del parent[key]
            case 3 if isinstance(parent, dict):
                parent[str(self.chance.choice(STRANGE))[:200]] = parent.pop(key)
            case 4:
                times = self.chance.randrange(1, 4)
                parent[key] = [copy.deepcopy(parent[key]) for _ in range(times)]
            case _:
                parent[key] = {"events": parent[key], "type": self._strange()}
        return tree

    def _strange(self) -> Any:
        return copy.deepcopy(self.chance.choice(STRANGE))

    def _damaged(self, raw: bytes) -> bytes:
        if not raw:
            return b"{"
        at = self.chance.randrange(len(raw))
        match self.chance.randrange(6):
            case 0:
                return raw[:at] + bytes([self.chance.randrange(256)]) + raw[at + 1 :]
            case 1:
                return raw[:at]
            case 2:
                return raw[:at] + raw[at : at + 40] * 2 + raw[at + 40 :]
            case 3:
                return raw[:at] + b"[" * self.chance.choice((1, 10, 2_000)) + raw[at:]
            case 4:
                return b"\xef\xbb\xbf" + raw
            case _:
                return (
                    raw[:at] + self.chance.choice((b"\x00", b"\xff", b"NaN", b"\\u12")) + raw[at:]
                )


def _collect(node: Any, places: list[tuple[Any, Any]]) -> None:
    keys = list(node) if isinstance(node, dict) else range(len(node))
    for key in keys:
        places.append((node, key))
        if isinstance(node[key], dict | list):
            _collect(node[key], places)


def status_of(porter: Callable[..., Any], body: bytes) -> int:
    """The status for this body under a right signature, through the WSGI side."""
    answered: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/callback",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_X_LINE_SIGNATURE": sign(SECRET, body),
        "wsgi.input": io.BytesIO(body),
    }
    b"".join(porter(environ, lambda status, headers: answered.append(status)))
    return int(answered[0][:3])


def test_a_hundred_thousand_signed_bodies_are_200_and_leave_no_memory_behind():
    kept: Counter[str] = Counter()

    def keep(events: Sequence[Received]) -> None:
        for event in events:
            # What the database will ask of them.
            assert isinstance(event.event_id, str)
            assert 0 < len(event.event_id) <= 100
            assert isinstance(event.event_time, int)
            assert abs(event.event_time) < 2**62
            assert isinstance(event.raw, bytes)
            read(event.raw, event.event_id, event.event_time)
        kept["events"] += len(events)
        kept["bodies"] += bool(events)

    porter = Webhook((SECRET,), keep, lambda: NOW)
    mutator = Mutator(seed=1)
    statuses: Counter[int] = Counter()
    # Memory is traced over two stretches only: tracing makes everything four times as slow.
    sizes: list[int] = []
    before = 0
    for number in range(IN_MEMORY):
        if number in (10_000, IN_MEMORY - 2_000):
            gc.collect()
            tracemalloc.start()
            before = before or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        statuses[status_of(porter, mutator.body())] += 1
        if number in (12_000, IN_MEMORY - 1):
            gc.collect()
            sizes.append(tracemalloc.get_traced_memory()[0])
            tracemalloc.stop()
    assert set(statuses) == {200}, statuses
    assert max(sizes) < MAY_STAY, f"bytes left behind by 2,000 bodies: {sizes}"
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before
    assert grown < MAY_GROW, f"the process grew by {grown} bytes"
    assert kept["bodies"] > IN_MEMORY // 3, "most bodies were too broken to test anything"
    assert kept["bodies"] < IN_MEMORY, "no body was too broken"


def test_strange_events_are_kept_by_a_real_database(database_url: str, tmp_path: Path):
    settings = settings_for(database_url, tmp_path)
    database = Database.of(settings)
    app = Application(settings, database, clock=lambda: NOW)
    mutator = Mutator(seed=2)
    statuses = Counter(status_of(app, mutator.body()) for _ in range(IN_DATABASE))
    assert set(statuses) == {200}, statuses
    assert app.writer.spooled == 0, "the database refused events that it should take"
    with database.read() as session:
        number = session.connection.execute(
            select(func.count()).select_from(tables.inbox)
        ).scalar_one()
    assert number > IN_DATABASE // 3
    app.close()
    database.close()


def test_strange_events_get_through_the_whole_house(database_url: str, tmp_path: Path):
    """Every one of them is handled or, at the worst, parked; the worker goes on for others."""
    with a_whole(database_url, tmp_path) as whole:
        mai = whole.person("en")
        mutator = Mutator(seed=3)
        for _ in range(ANSWERED):
            assert status_of(whole.app, mutator.body()) == 200

        def waiting() -> int:
            with whole.database.read() as session:
                new = select(func.count()).where(tables.inbox.c.state == "new")
                return int(session.connection.execute(new).scalar_one())

        until(lambda: waiting() == 0, 30, "events wait for ever")
        with whole.database.read() as session:
            parked = session.connection.execute(
                select(tables.inbox.c.last_error).where(tables.inbox.c.state == "parked")
            ).all()
        assert parked == []
        mai.says("menu")
        mai.hears()
        whole_alarms = [alarm for alarm in whole.alarms if alarm[0] != "refused"]
        assert whole_alarms == []


@pytest.mark.slow
def test_a_real_database_takes_all_hundred_thousand(database_url: str, tmp_path: Path):
    settings = settings_for(database_url, tmp_path)
    database = Database.of(settings)
    app = Application(settings, database, clock=time.time)
    mutator = Mutator(seed=4)
    statuses = Counter(status_of(app, mutator.body()) for _ in range(IN_MEMORY))
    assert set(statuses) == {200}, statuses
    assert app.writer.spooled == 0
    app.close()
    database.close()
