"""Noting what happened beside the work, many notes in a commit.

`Marks` takes the ends of messages from the sending threads; a mark that is lost would send a
message again, so it is repeated until the database takes it. `Tally` keeps counters.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable

from bot.store import outbox
from bot.store.database import Database
from bot.store.outbox import Ended

log = logging.getLogger(__name__)

BREATH = 0.1
"""Seconds between two commits of marks."""


class Tally:
    """What happened, by name; kept in the database, where every process can show it."""

    def __init__(self) -> None:
        self._new: Counter[str] = Counter()
        self._lock = threading.Lock()

    def count(self, name: str, more: int = 1) -> None:
        """Add to a counter."""
        if more:
            with self._lock:
                self._new[name] += more

    def keep(self, database: Database) -> None:
        """Write what was counted since; what cannot be written now is written later."""
        with self._lock:
            new, self._new = self._new, Counter()
        if not new:
            return
        try:
            with database.write() as session:
                for name, more in sorted(new.items()):
                    outbox.add_to_counter(session, name, more)
        except Exception as error:  # noqa: BLE001 - numbers must not stop the work
            log.warning("counters: %s", type(error).__name__)
            with self._lock:
                self._new.update(new)


class Marks:
    """One thread that notes ends, many in a commit; repeats while the database is away."""

    def __init__(self, commit: Callable[[list[Ended]], None]) -> None:
        self._commit = commit
        self._ended: list[Ended] = []
        self._open: set[str] = set()
        self._changed = threading.Condition()
        self._is_closing = False
        self._thread = threading.Thread(target=self._run, name="marks", daemon=True)
        self._thread.start()

    def ids(self) -> set[str]:
        """Rows that are over but not yet noted so: nobody must send them again."""
        with self._changed:
            return set(self._open)

    def add(self, end: Ended) -> None:
        """Note this end soon."""
        with self._changed:
            self._ended.append(end)
            self._open.add(end.row.id)
            if len(self._ended) == 1:
                self._changed.notify()

    def close(self) -> None:
        """Note what is left, then stop."""
        with self._changed:
            self._is_closing = True
            self._changed.notify()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        failures = 0
        while True:
            with self._changed:
                while not self._ended and not self._is_closing:
                    self._changed.wait()
                ended, self._ended = self._ended, []
            if not ended:
                return
            try:
                self._commit(ended)
                failures = 0
                with self._changed:
                    self._open.difference_update(end.row.id for end in ended)
            except Exception as error:  # noqa: BLE001 - unmarked rows would be sent again
                failures += 1
                log.error("marks: %s", type(error).__name__)
                with self._changed:
                    self._ended[:0] = ended
                    if self._is_closing and failures > 3:
                        return
                time.sleep(min(1.0, 0.05 * 2**failures))
            else:
                # A breath: what ends meanwhile shares the next commit. A mark that is lost in
                # a crash costs a call to LINE, not a second answer.
                with self._changed:
                    self._changed.wait_for(lambda: self._is_closing, BREATH)
