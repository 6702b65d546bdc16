"""The one place of a worker on SQLite: a lock file beside the database.

The system lets it go with the process, however that ends.
"""

import fcntl
from pathlib import Path
from typing import IO


class AnotherWorker(Exception):
    """SQLite takes one worker, and there is one already."""


def take_place(database_url: str) -> IO[str]:
    """The lock of this database, held until it is closed. Raises AnotherWorker."""
    path = Path(database_url.partition("///")[2] + ".worker")
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise AnotherWorker(
            f"Another worker already serves {path.name.removesuffix('.worker')}. SQLite takes one; "
            "for more, set DATABASE_URL to a PostgreSQL database."
        ) from None
    return lock
