"""Bringing SQLite's log into its file beside the work, not within somebody's commit.

SQLite does this in the commit that makes the log long, and whoever waits for that commit waits
ten milliseconds and more. Here a thread of the worker does it twice a second on a connection of
its own, which holds up neither readers nor writers. What happens without it (no worker runs) is
SQLite's own way, at a log of LONGEST pages: then only what came since is left to do.
"""

import logging
import sqlite3
import threading

log = logging.getLogger(__name__)

LONGEST = 16_000
"""Pages of 4 kB in the log; a commit that makes it longer brings it in itself."""
_PAUSE = 0.5


class Checkpoints:
    """Runs until `close`; `path` is the database's file."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._is_closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop."""
        self._is_closing.set()
        self._thread.join(timeout=3)

    def _run(self) -> None:
        connection = sqlite3.connect(self._path, isolation_level=None)
        try:
            connection.execute("PRAGMA synchronous=FULL").close()
            before = -1
            while not self._is_closing.wait(_PAUSE):
                # Changes when another connection has committed: otherwise there is nothing to do.
                version = connection.execute("PRAGMA data_version").fetchone()[0]
                if version == before:
                    continue
                before = version
                try:
                    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").close()
                except sqlite3.Error as error:  # not now, or the disk is full: commits say so too
                    log.warning("checkpoint: %s", type(error).__name__)
        finally:
            connection.close()
