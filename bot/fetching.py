"""Fetching what people send to the office, from LINE, at once: LINE keeps it for an unknown time.

One thread beside the worker. What comes is looked at by its content and sealed in one transaction;
what was taken back meanwhile is not kept.
"""

import logging
from collections.abc import Callable

from bot.documents.kinds import MOST_BYTES, kind_of
from bot.line.api import Answer, LineApi, NoAnswer, NotSent
from bot.rounds import Rounds
from bot.store import files
from bot.store.database import Database
from bot.store.files import File

log = logging.getLogger(__name__)

AT_ONCE = 4
_LOOK = 5.0
_LONGEST = 600.0


class Fetcher(Rounds):
    """Fetches in its own thread; `wake` after something was wanted."""

    def __init__(self, database: Database, api: LineApi, clock: Callable[[], float]) -> None:
        super().__init__("fetcher", log, "files", look=_LOOK, patience=5.0)
        self._database = database
        self._api = api
        self._clock = clock

    def step(self) -> int:
        """Fetch what is wanted now; returns how many were tried."""
        with self._database.read() as session:
            if not files.some_wanted(session, self._clock()):
                return 0
        with self._database.write() as session:
            wanted = files.take_wanted(session, self._clock(), AT_ONCE)
        for one in wanted:
            self._fetch(one)
        return len(wanted)

    def pause(self, done: int) -> float:
        """Soon again while LINE prepares something."""
        if done:
            return 0.0
        with self._database.read() as session:
            return 0.5 if files.some_wanted(session, self._clock() + _LOOK) else _LOOK

    def _fetch(self, wanted: File) -> None:
        if wanted.size > MOST_BYTES:
            self._end(wanted, files.REFUSED, "size")
            return
        try:
            answer = self._api.content(wanted.message_id or "")
        except NotSent:
            self._again(wanted)
            return
        except NoAnswer as error:
            if str(error) == "BadAnswer":  # more than a connection reads
                self._end(wanted, files.REFUSED, "size")
            else:
                self._again(wanted)
            return
        self._take(wanted, answer)

    def _take(self, wanted: File, answer: Answer) -> None:
        if answer.status in (404, 410):
            self._end(wanted, files.GONE, "away")
        elif answer.status != 200:
            self._again(wanted)
        elif len(answer.body) > MOST_BYTES:
            self._end(wanted, files.REFUSED, "size")
        elif (kind := kind_of(answer.body)) is None:
            self._end(wanted, files.REFUSED, "type")
        else:
            with self._database.write() as session:
                files.keep(session, wanted.id, kind, answer.body)

    def _again(self, wanted: File) -> None:
        if wanted.attempts + 1 >= files.MOST_ATTEMPTS:
            self._end(wanted, files.REFUSED, "away")
            return
        pause = min(_LONGEST, 1.0 * 3**wanted.attempts)
        with self._database.write() as session:
            files.later(session, wanted.id, self._clock() + pause)

    def _end(self, wanted: File, state: str, why: str) -> None:
        log.info("file %s: %s (%s)", wanted.id[:8], state, why)
        with self._database.write() as session:
            files.refuse(session, wanted.id, state, why)
