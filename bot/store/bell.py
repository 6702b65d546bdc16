"""Waking a worker in another process where the database cannot: a named pipe beside SQLite's file.

Only a convenience, like `listen`: the worker also looks by itself, so a ring that nobody hears
costs no event. Without it an answer waits for that look, up to a tenth of a second.
"""

import errno
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger(__name__)


class Bell:
    """Rings for whoever listens at the pipe; nothing happens when nobody does."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pipe: int | None = None

    @classmethod
    def of(cls, database: str | None) -> "Bell | None":
        """The bell of a SQLite file; None for a database in memory."""
        return cls(Path(database + ".bell")) if database and database != ":memory:" else None

    def ring(self) -> None:
        """Wake the worker; never waits, never fails."""
        try:
            if self._pipe is None:
                self._pipe = os.open(self.path, os.O_WRONLY | os.O_NONBLOCK)
            os.write(self._pipe, b".")
        except OSError as error:
            # Full: it has been rung often enough. Otherwise nobody is there (any more).
            if error.errno != errno.EAGAIN:
                self.close()

    def close(self) -> None:
        """Let the pipe go."""
        if self._pipe is not None:
            os.close(self._pipe)
            self._pipe = None


class BellListener:
    """Calls `wake` whenever the bell was rung. Raises OSError where there can be no pipe."""

    def __init__(self, bell: Bell, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._is_closing = False
        if not bell.path.is_fifo():
            os.mkfifo(bell.path, 0o600)
        # Opened for both, so that it is never at its end when the last one who rings goes.
        self._pipe = os.open(bell.path, os.O_RDWR)
        self._thread = threading.Thread(target=self._run, name="bell", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._is_closing = True
        os.write(self._pipe, b".")
        self._thread.join(timeout=3)
        os.close(self._pipe)

    def _run(self) -> None:
        while os.read(self._pipe, 4096) and not self._is_closing:
            self._wake()
