"""Where events wait on disk while the database is away.

One line of JSON an event, sealed, fsynced before the porter says 200. Whoever can reach the
database again (the web process itself, or a worker beside it) brings them in: rename, read,
insert, delete. A crash between any two of these repeats an insert, which changes nothing.
"""

import base64
import fcntl
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.store.inbox import Received
from bot.store.sealing import CannotOpen, Sealer

_PLACE = "spool.line:"


class SpoolAway(Exception):
    """The spool cannot be written either: the event is not kept."""


@dataclass(frozen=True, slots=True)
class Spooled:
    """An event that waited in the spool."""

    event_id: str
    user_id: str | None
    event_time: int
    received_at: float
    message_id: str | None
    raw: bytes


class Spool:
    """The spool of one machine; any number of threads and processes may use it at once."""

    def __init__(self, folder: Path, sealer: Sealer) -> None:
        self._folder = folder
        self._sealer = sealer
        self._waiting = folder / "waiting.jsonl"

    def append(self, events: Iterable[Received]) -> None:
        """Keep events on disk; returns only when they are on it. Raises SpoolAway."""
        # A line starts with a line break too: what a crash left half-written stays by itself.
        lines = b"".join(b"\n" + self._line(event) + b"\n" for event in events)
        try:
            with self._alone():
                file = os.open(self._waiting, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
                try:
                    while lines:
                        lines = lines[os.write(file, lines) :]
                    os.fsync(file)
                finally:
                    os.close(file)
        except OSError as error:
            raise SpoolAway(type(error).__name__) from error

    def has_any(self) -> bool:
        """True when something waits."""
        try:
            return any(name.endswith(".jsonl") for name in os.listdir(self._folder))  # noqa: PTH208
        except OSError:
            return False

    def drain(self, keep: Callable[[Sequence[Spooled]], None]) -> int:
        """Hand all waiting events to `keep` (which commits them), then delete them here."""
        if not self.has_any():
            return 0
        brought = 0
        # `keep` may hang with the database: meanwhile others must be able to append.
        with self._alone("drain.lock"):
            for number, path in enumerate(sorted(self._folder.glob("*.jsonl"))):
                taken = path
                if path == self._waiting:
                    taken = path.with_name(f"taken-{os.getpid()}-{number}.jsonl")
                    with self._alone():
                        path.rename(taken)
                events, unreadable = self._read(taken)
                for start in range(0, len(events), 500):
                    keep(events[start : start + 500])
                if unreadable:
                    self._set_aside(unreadable)
                taken.unlink()
                brought += len(events)
        return brought

    @contextmanager
    def _alone(self, name: str = "lock") -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self._folder / name).open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _line(self, event: Received) -> bytes:
        inside = [
            event.event_id, event.user_id, event.event_time, event.received_at, event.message_id,
            base64.b64encode(event.raw).decode(),
        ]  # fmt: skip
        sealed = self._sealer.seal(json.dumps(inside).encode(), _PLACE)
        return json.dumps({"sealed": base64.b64encode(sealed).decode()}).encode()

    def _read(self, path: Path) -> tuple[list[Spooled], list[bytes]]:
        events: list[Spooled] = []
        unreadable: list[bytes] = []
        for line in path.read_bytes().splitlines():
            if not line.strip():
                continue
            try:
                sealed = base64.b64decode(json.loads(line)["sealed"])
                event, user, at, received, message, raw = json.loads(
                    self._sealer.open(sealed, _PLACE)
                )
                raw = base64.b64decode(raw)
                events.append(Spooled(event, user, at, received, message, raw))
            except (ValueError, KeyError, TypeError, CannotOpen):
                unreadable.append(line)
        return events, unreadable

    def _set_aside(self, lines: Sequence[bytes]) -> None:
        # Half a line of a crash was never acknowledged; a lost key may be found again.
        with (self._folder / "unreadable.txt").open("ab") as file:
            file.write(b"\n".join(lines) + b"\n")
