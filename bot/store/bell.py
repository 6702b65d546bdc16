"""Waking a worker in another process where the database cannot: a named pipe beside SQLite's file.

Only a convenience, like `listen`: the worker also looks by itself, so a ring that nobody hears
costs no event. Without it an answer waits for that look, up to a tenth of a second.
"""

import errno
import logging
import os
import select
from pathlib import Path

log = logging.getLogger(__name__)

_BOTH = os.O_RDWR | os.O_NONBLOCK
_MOST = 4096


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


class Doorbell:
    """The listening side: a `threading.Event` that a `Bell` in any process sets as well.

    No thread reads the pipe: one that did would be woken by every webhook, and take turns with
    a worker that is not idle. Raises OSError where there can be no pipe.
    """

    def __init__(self, bell: Bell) -> None:
        if not bell.path.is_fifo():
            bell.path.parent.mkdir(parents=True, exist_ok=True)
            os.mkfifo(bell.path, 0o600)
        # Opened for both, so that it is never at its end when the last one who rings goes.
        self._pipe = open(  # noqa: SIM115 - closed by `close`
            bell.path, "r+b", buffering=0, opener=lambda path, _: os.open(path, _BOTH)
        )
        self._poll = select.poll()
        self._poll.register(self._pipe, select.POLLIN)

    def set(self) -> None:
        """Ring; nothing happens when it has been rung often enough, or is closed."""
        try:
            self._pipe.write(b".")
        except ValueError:
            pass

    def clear(self) -> None:
        """Forget the rings so far."""
        while len(self._pipe.read(_MOST) or b"") == _MOST:
            pass

    def wait(self, timeout: float) -> bool:
        """Wait until it is rung, at most `timeout` seconds; True when it was."""
        return bool(self._poll.poll(max(0.0, timeout) * 1000))

    def close(self) -> None:
        """Stop listening."""
        self._pipe.close()
