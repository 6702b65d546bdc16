"""Asking LINE for the month's message budget, and keeping a reserve of it for the office.

One thread beside the worker: a slow answer of LINE's delays nobody's message. LINE is asked at
most every ten minutes; between two answers the worker adds what it pushed itself.
"""

import logging
import threading
from collections.abc import Callable

from bot.line.api import LineApi
from bot.line.quota import ask_quota
from bot.rounds import Rounds
from bot.store import budget
from bot.store.budget import Budget
from bot.store.database import Database

log = logging.getLogger(__name__)

EVERY = 600.0
"""Seconds between two questions to LINE, at least."""
_LOOK = 30.0


class Budgeting(Rounds):
    """Knows how many messages are left. `reserve`: so many stay for the office's own people."""

    def __init__(
        self, database: Database, api: LineApi, clock: Callable[[], float], reserve: int
    ) -> None:
        super().__init__("budget", log, "budget", look=_LOOK, patience=1.0)
        self._database = database
        self._api = api
        self._clock = clock
        self._reserve = reserve
        self._known: Budget | None = None
        self._pushed = 0
        self._asked_at: float | None = None
        self._is_refused = False
        self._told_of: str | None = None
        self._lock = threading.Lock()

    def pause(self, done: int) -> float:
        """Always the same: LINE is not asked sooner because it has just answered."""
        return _LOOK

    def leaves_reserve(self) -> bool:
        """True while more than the reserve is left, or nothing is known."""
        with self._lock:
            left = self._known.left if self._known else None
            return left is None or left - self._pushed > self._reserve

    def note_push(self) -> None:
        """A message was pushed: LINE counts it, and tells us later."""
        with self._lock:
            self._pushed += 1

    def is_first_kept_back(self) -> bool:
        """True for the first message of a month that is kept back for the reserve: the office is
        told of it once, not of each."""
        month = budget.month_of(self._clock())
        with self._lock:
            is_first, self._told_of = self._told_of != month, month
        return is_first

    def note_refused(self) -> None:
        """LINE refused a message because the month's number is reached."""
        with self._lock:
            self._is_refused = True

    def step(self) -> bool:
        """Write down a refusal; ask LINE if it is time. True when LINE was asked."""
        now = self._clock()
        with self._lock:
            refused, self._is_refused = self._is_refused, False
        if refused:
            with self._database.write() as session:
                budget.note_refused(session, now)
            self._read(now)
        if self._asked_at is not None and now - self._asked_at < EVERY:
            return False
        with self._database.read() as session:
            there = budget.read(session, now)
        if there is not None and 0 <= now - there.asked_at < EVERY:
            # Another worker has asked, or this one before it was started again.
            self._asked_at = there.asked_at
            self._read(now)
            return False
        self._asked_at = now
        found = ask_quota(self._api)
        if found is None:
            log.warning("budget: LINE did not say how many messages are left")
        else:
            with self._database.write() as session:
                budget.keep(session, now, found.most, found.used)
        self._read(now)
        return True

    def _read(self, now: float) -> None:
        with self._database.read() as session:
            found = budget.read(session, now)
        with self._lock:
            if found is None or self._known is None or found.asked_at != self._known.asked_at:
                self._pushed = 0
            self._known = found
