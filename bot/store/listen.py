"""Being woken by another process: PostgreSQL's LISTEN, on a connection of its own.

Only a convenience: the worker also looks once a second, so a lost connection costs no event.
"""

import logging
import threading
from collections.abc import Callable
from typing import Any

from bot.store.database import CHANNEL, Database

log = logging.getLogger(__name__)


class Listener:
    """Calls `wake` whenever some process committed work."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self._database = database
        self._wake = wake
        self._is_closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listen", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._is_closing.set()
        self._thread.join(timeout=3)

    def _run(self) -> None:
        while not self._is_closing.is_set():
            try:
                self._listen()
            except Exception as error:  # noqa: BLE001 - whatever it was, try again in a moment
                log.warning("listen: %s", type(error).__name__)
                self._is_closing.wait(1.0)

    def _listen(self) -> None:
        import psycopg

        url = self._database.engine.url.set(drivername="postgresql")
        address = url.render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True, connect_timeout=3) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self._wake()
            while not self._is_closing.is_set():
                heard: Any = connection.notifies(timeout=0.5, stop_after=1)
                for _ in heard:
                    self._wake()
