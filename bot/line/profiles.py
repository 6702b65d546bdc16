"""Asking LINE for the language of people who write for the first time.

Only the language is looked at; the name is not kept. Nobody else waits meanwhile, and the
person waits at most 1.5 s: without an answer the conversation begins with the language menu.
"""

import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from bot.line.api import LineApi, NoAnswer, NotSent

log = logging.getLogger(__name__)

PATIENCE = 1.5


class Profiles:
    """What is known and what is being asked. `known`: person -> language, or None.

    `ask` and the questions about the state belong to one thread; `on_answer` is called from
    others.
    """

    def __init__(self, api: LineApi, on_answer: Callable[[], None], most: int) -> None:
        self.known: dict[str, str | None] = {}
        self._api = api
        self._on_answer = on_answer
        self._until: dict[str, float] = {}
        self._threads = ThreadPoolExecutor(most, "profile")

    def ask(self, people: Mapping[str, str]) -> None:
        """Ask about these (person -> user id)."""
        until = time.monotonic() + PATIENCE
        for person, user_id in people.items():
            if person not in self._until:
                self._until[person] = until
                self._threads.submit(self._ask, person, user_id, until)

    def still_asking(self) -> set[str]:
        """Persons about whom LINE is still being asked; the overdue go on without a guess."""
        now = time.monotonic()
        for person, until in list(self._until.items()):
            if person in self.known or now > until:
                del self._until[person]
                self.known.setdefault(person, None)
        return set(self._until)

    def patience(self) -> float:
        """Seconds until somebody is overdue."""
        if not self._until:
            return PATIENCE
        return max(0.001, min(self._until.values()) - time.monotonic())

    def forget(self) -> None:
        """Drop the answers that were used."""
        for person in list(self.known):
            if person not in self._until:
                del self.known[person]

    def close(self) -> None:
        """Ask no more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _ask(self, person: str, user_id: str, until: float) -> None:
        language = None
        left = until - time.monotonic()
        if left > 0.05:
            try:
                language = self._api.profile_language(user_id, left)
            except (NotSent, NoAnswer):
                pass  # a guess that we do not get: the language menu comes first anyway
            except Exception as error:  # noqa: BLE001
                log.warning("profile: %s", type(error).__name__)
        self.known[person] = language
        self._on_answer()
