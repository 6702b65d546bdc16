"""Keeps the simulated LINE in one file, so that people and chats are there after a restart.

The bot keeps its own side; without this, each start would make strangers of all its users.
Reply tokens are not kept: they would have died meanwhile.
"""

import base64
import json
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.simulator.people import Bubble, Content, Person
from bot.simulator.platform import Platform

PAUSE = 1.0


def as_json(platform: Platform) -> dict[str, Any]:
    """Everything worth keeping."""
    with platform.changed:
        menus = platform.menus
        return {
            "bot_id": platform.bot_id,
            "counted": dict(platform.counted),
            "people": [asdict(person) for person in platform.people.values()],
            "contents": {
                message_id: {**vars(content), "body": _text(content.body)}
                for message_id, content in platform.contents.items()
            },
            "menus": {
                "menus": dict(menus.menus),
                "pictures": {
                    key: [_text(body), kind] for key, (body, kind) in menus.pictures.items()
                },
                "aliases": dict(menus.aliases),
                "default": menus.default,
            },
        }


def take_back(platform: Platform, kept: dict[str, Any]) -> None:
    """Put what was kept into a new platform."""
    with platform.changed:
        platform.bot_id = kept["bot_id"]
        platform.counted.update(kept["counted"])
        for entry in kept["people"]:
            bubbles = [Bubble(**bubble) for bubble in entry.pop("bubbles")]
            platform.people[entry["id"]] = Person(**entry, bubbles=bubbles)
        for message_id, entry in kept["contents"].items():
            body = base64.b64decode(entry.pop("body"))
            platform.contents[message_id] = Content(body=body, **entry)
        menus = platform.menus
        menus.menus.update(kept["menus"]["menus"])
        for menu_id, (body, kind) in kept["menus"]["pictures"].items():
            menus.pictures[menu_id] = (base64.b64decode(body), kind)
        menus.aliases.update(kept["menus"]["aliases"])
        menus.default = kept["menus"]["default"]
        platform.touch()


class Keeper:
    """Reads the file at the start, writes it a moment after each change and at the end."""

    def __init__(self, platform: Platform, path: Path) -> None:
        self._platform = platform
        self._path = path
        self._written = platform.version
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="line-keep", daemon=True)

    def start(self) -> None:
        """Take back what is there and begin to write."""
        if self._path.exists():
            take_back(self._platform, json.loads(self._path.read_text("utf-8")))
        self._written = self._platform.version
        self._thread.start()

    def stop(self) -> None:
        """Write once more and end; call it after `platform.close()`."""
        self._end.set()
        self._thread.join()
        self._write()

    def _run(self) -> None:
        while not self._platform.is_closed:
            if self._platform.wait(self._is_new, 60):
                self._write()
                self._end.wait(PAUSE)

    def _is_new(self) -> bool:
        return self._platform.version != self._written

    def _write(self) -> None:
        with self._platform.changed:
            kept, self._written = as_json(self._platform), self._platform.version
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(kept), "utf-8")
        fresh.replace(self._path)


def _text(body: bytes) -> str:
    return base64.b64encode(body).decode()
