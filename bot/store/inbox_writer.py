"""One thread that keeps events for all request threads: many requests, one commit.

Measured: 1.6 times the webhooks of a transaction per request on SQLite, with a fifth of the
slowest answers. A request waits at most `patience` for its commit; then, or when the database
refuses, its events go to the spool, and the porter may still say 200.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence

from bot.store import inbox
from bot.store.database import Database
from bot.store.inbox import Received
from bot.store.spool import Spool

log = logging.getLogger(__name__)

PATIENCE = 1.5
LOOK_AT_SPOOL = 1.0
_MOST = 500


class _Handed:
    """Some events of one request, and whether they are kept."""

    __slots__ = ("done", "events", "is_kept")

    def __init__(self, events: Sequence[Received]) -> None:
        self.events = events
        self.done = threading.Event()
        self.is_kept = False


class InboxWriter:
    """Keeps events durably. `on_kept` is called after each commit (it wakes a worker).

    Raises SpoolAway from `keep` when neither database nor spool can take them.
    """

    def __init__(
        self,
        database: Database,
        spool: Spool,
        on_kept: Callable[[], None] = lambda: None,
        patience: float = PATIENCE,
    ) -> None:
        self._database = database
        self._spool = spool
        self._on_kept = on_kept
        self._patience = patience
        self._queue: list[_Handed] = []
        self._changed = threading.Condition()
        self._busy_since: float | None = None
        self._is_closing = False
        self._thread: threading.Thread | None = None
        self.spooled = 0

    def keep(self, events: Sequence[Received]) -> None:
        """Return when the events are kept, in the database or in the spool."""
        if not events:
            return
        if not self._is_stuck():
            handed = _Handed(events)
            with self._changed:
                if self._thread is None:
                    # Not in __init__: a server may fork after the application is built.
                    self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)
                    self._thread.start()
                self._queue.append(handed)
                self._changed.notify()
            if handed.done.wait(self._patience) and handed.is_kept:
                return
        self._spool.append(events)
        self.spooled += len(events)

    def close(self) -> None:
        """Keep what was handed over, then stop."""
        with self._changed:
            self._is_closing = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _is_stuck(self) -> bool:
        # While one commit hangs, later requests need not find that out one by one.
        since = self._busy_since
        return since is not None and time.monotonic() - since > self._patience

    def _run(self) -> None:
        look_at_spool = time.monotonic() + LOOK_AT_SPOOL
        while True:
            with self._changed:
                if not self._queue and not self._is_closing:
                    self._changed.wait(LOOK_AT_SPOOL)
                batch, self._queue = self._queue[:_MOST], self._queue[_MOST:]
                if not batch and self._is_closing:
                    return
            if batch:
                self._keep_in_order(batch)
            if time.monotonic() > look_at_spool:
                self._keep_in_order(())
                look_at_spool = time.monotonic() + LOOK_AT_SPOOL

    def _keep_in_order(self, batch: Sequence[_Handed]) -> None:
        """Commit; but what waits in the spool came first, and goes in first."""
        self._busy_since = time.monotonic()
        try:
            if self._bring_in_spool() and batch:
                self._commit(batch)
        finally:
            self._busy_since = None
            for handed in batch:
                handed.done.set()

    def _commit(self, batch: Sequence[_Handed]) -> None:
        try:
            with self._database.write() as session:
                inbox.put(session, [event for handed in batch for event in handed.events])
                session.wake_workers()
        except Exception as error:  # noqa: BLE001 - whatever it is, the spool takes the events
            log.warning("inbox: not kept, spooling: %s", type(error).__name__)
        else:
            for handed in batch:
                handed.is_kept = True
            self._on_kept()
            if self._database.bell is not None:
                self._database.bell.ring()

    def _bring_in_spool(self) -> bool:
        """False while the database is away."""
        if not self._spool.has_any():
            return True
        try:
            brought = self._spool.drain(self._keep_spooled)
        except self._database.away as error:
            log.warning("spool: not yet: %s", type(error).__name__)
            return False
        except Exception as error:  # noqa: BLE001 - the spool's own trouble must not stop the rest
            log.error("spool: not brought in: %s", type(error).__name__)
            return True
        if brought:
            log.info("spool: brought in %d events", brought)
            self._on_kept()
        return True

    def _keep_spooled(self, events: Sequence[Received]) -> None:
        with self._database.write() as session:
            inbox.put(session, events)
            session.wake_workers()
