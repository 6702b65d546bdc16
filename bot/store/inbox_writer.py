"""One thread that keeps events for all requests: many requests, one commit.

Measured: 1.6 times the webhooks of a transaction per request on SQLite, with a fifth of the
slowest answers. A request waits at most `patience` for its commit; then, or when the database
refuses, its events go to the spool, and the porter may still say 200.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence

from bot.store import inbox
from bot.store.database import Database
from bot.store.inbox import Received
from bot.store.spool import Spool, SpoolAway

log = logging.getLogger(__name__)

PATIENCE = 1.5
LOOK_AT_SPOOL = 1.0
_MOST = 500

Then = Callable[[bool], None]
"""Told once whether the events of a request are kept; on whichever thread found out."""


class _Handed:
    """Some events of one request, and who wants to know whether they are kept."""

    __slots__ = ("events", "is_settled", "late_at", "then")

    def __init__(self, events: Sequence[Received], then: Then, late_at: float) -> None:
        self.events = events
        self.then = then
        self.late_at = late_at
        self.is_settled = False


class InboxWriter:
    """Keeps events durably. `on_kept` is called after each commit (it wakes a worker).

    `keep` waits and raises SpoolAway when neither database nor spool can take the events.
    A server that must not wait uses `hand` and, several times a second, `spool_late`.
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
        self._in_hand: deque[_Handed] = deque()  # what `hand` took, oldest first
        self._changed = threading.Condition()
        self._busy_since: float | None = None
        self._is_closing = False
        self._thread: threading.Thread | None = None
        self.spooled = 0

    def keep(self, events: Sequence[Received]) -> None:
        """Return when the events are kept, in the database or in the spool."""
        if not events:
            return
        done = threading.Event()
        kept: list[bool] = []

        def then(is_kept: bool) -> None:
            kept.append(is_kept)
            done.set()

        handed = _Handed(events, then, time.monotonic() + self._patience)
        if not self._is_stuck():
            self._queue_up([handed])
            done.wait(self._patience)
        self._spool_those([handed])  # unless it is settled
        if not kept[0]:
            raise SpoolAway

    def hand(self, requests: Iterable[tuple[Sequence[Received], Then]]) -> None:
        """Keep the events of these requests and tell each of them; returns at once, except
        while the database is stuck, when they go to the spool here."""
        late_at = time.monotonic() + self._patience
        handed = [_Handed(events, then, late_at) for events, then in requests]
        if self._is_stuck():
            self._spool_those(handed)
            return
        self._in_hand.extend(handed)
        self._queue_up(handed)

    def has_in_hand(self) -> bool:
        """True while requests of `hand` wait for their commit."""
        while self._in_hand and self._in_hand[0].is_settled:
            self._in_hand.popleft()
        return bool(self._in_hand)

    def spool_late(self) -> None:
        """Put into the spool what `hand` took longer ago than `patience`."""
        now = time.monotonic()
        late = []
        while self.has_in_hand() and self._in_hand[0].late_at <= now:
            late.append(self._in_hand.popleft())
        self._spool_those(late)

    def close(self) -> None:
        """Keep what was handed over, then stop."""
        with self._changed:
            self._is_closing = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _queue_up(self, handed: list[_Handed]) -> None:
        with self._changed:
            if self._thread is None:
                # Not in __init__: a server may fork after the application is built.
                self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)
                self._thread.start()
            self._queue += handed
            self._changed.notify()

    def _settle(self, handed: Sequence[_Handed]) -> list[_Handed]:
        """Those that nobody has settled yet; from now on they are the caller's to answer."""
        with self._changed:
            found = [one for one in handed if not one.is_settled]
            for one in found:
                one.is_settled = True
        return found

    def _spool_those(self, handed: Sequence[_Handed]) -> None:
        """Keep in the spool what is not settled, with one fsync, and tell."""
        if not (mine := self._settle(handed)):
            return
        events = [event for one in mine for event in one.events]
        try:
            self._spool.append(events)
        except Exception as error:  # noqa: BLE001 - not kept: the porter must hear of it
            log.error("spool: not kept: %s", type(error).__name__)
            _tell(mine, is_kept=False)
        else:
            self.spooled += len(events)
            _tell(mine, is_kept=True)

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
            if self._bring_in_spool() and batch and self._commit(batch):
                _tell(self._settle(batch), is_kept=True)
        finally:
            self._busy_since = None
            self._spool_those(batch)

    def _commit(self, batch: Sequence[_Handed]) -> bool:
        try:
            with self._database.write() as session:
                inbox.put(session, [event for handed in batch for event in handed.events])
                session.wake_workers()
        except Exception as error:  # noqa: BLE001 - whatever it is, the spool takes the events
            log.warning("inbox: not kept, spooling: %s", type(error).__name__)
            return False
        self._on_kept()
        if self._database.bell is not None:
            self._database.bell.ring()
        return True

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


def _tell(handed: Sequence[_Handed], *, is_kept: bool) -> None:
    for one in handed:
        try:
            one.then(is_kept)
        except Exception as error:  # noqa: BLE001 - one who hangs up takes nothing from the others
            log.error("inbox: not told: %s", type(error).__name__)
