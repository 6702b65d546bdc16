"""Everybody gets the menu of the language they chose: a per-person link to a rich menu.

Best effort, beside everything else: a menu in another language does no harm. Which menus there
are is asked once in a while, so that an office without menus costs nothing.
"""

import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

from bot.line.api import LineApi, NoAnswer, NotSent

_LOOK_AGAIN = 600.0
"""Seconds after which the menus are looked up again: they change with a deploy."""
_LOOK_SOON = 20.0
"""The same while a menu is missing: it may just be in the making."""


def alias_of(tag: str) -> str:
    """The alias under which a language's menu can always be found."""
    return f"menu-{tag.lower()}"


class Menus:
    """Links people to the menu of their language by `link({user id: language})`."""

    def __init__(self, api: LineApi) -> None:
        self._api = api
        self._ids: dict[str, str] = {}
        self._looked_at: float | None = None
        self._looking = threading.Lock()
        self._threads = ThreadPoolExecutor(2, "menus")

    def link(self, languages: Mapping[str, str]) -> None:
        """Give each of these people their menu, soon."""
        for user_id, tag in languages.items():
            self._threads.submit(self._link, user_id, tag)

    def close(self) -> None:
        """Link nobody any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _link(self, user_id: str, tag: str) -> None:
        try:
            menu_id = self._menu_of(tag)
            if menu_id is not None:
                path = f"/v2/bot/user/{quote(user_id, safe='')}/richmenu/{quote(menu_id, safe='')}"
                self._api.call("POST", path)
        except (NotSent, NoAnswer):
            pass  # their old menu stays; the next choice tries again

    def _menu_of(self, tag: str) -> str | None:
        with self._looking:
            now = time.monotonic()
            patience = _LOOK_AGAIN if alias_of(tag) in self._ids else _LOOK_SOON
            if self._looked_at is None or now - self._looked_at > patience:
                answer = self._api.call("GET", "/v2/bot/richmenu/alias/list")
                found = answer.json().get("aliases", []) if answer.status == 200 else []
                self._ids = {row["richMenuAliasId"]: row["richMenuId"] for row in found}
                self._looked_at = now
            return self._ids.get(alias_of(tag))
