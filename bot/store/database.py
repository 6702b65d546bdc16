"""One way to the database, and the one place where SQLite and PostgreSQL differ.

SQLite: one file, WAL, synchronous=FULL (an fsync at each commit; measured nearly free because
commits are grouped, and the only setting that survives a power cut). Its one writer is
arranged by a lock in the process, because SQLite's own waiting sleeps. PostgreSQL: persons are
claimed by advisory locks that end with the transaction.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InterfaceError, OperationalError

from bot.settings import Settings
from bot.store.bell import Bell
from bot.store.checkpoints import LONGEST
from bot.store.persons import Persons, person_key
from bot.store.sealing import Sealer
from bot.store.tables import SCHEMA

WAIT_FOR_LOCK = 5.0
_TRY_AGAIN = 0.001
CHANNEL = "bot_work"
AWAY = (OperationalError, InterfaceError, sqlite3.OperationalError)
"""What the database raises when it is locked or away: worth waiting for, nobody's fault."""


@dataclass(frozen=True, slots=True)
class Session:
    """One transaction: its connection, and what seals and names the rows."""

    connection: Connection
    sealer: Sealer
    persons: Persons
    is_sqlite: bool

    def wake_workers(self) -> None:
        """Tell other processes, when this commits, that there is work (PostgreSQL only)."""
        if not self.is_sqlite:
            self.connection.exec_driver_sql(f"NOTIFY {CHANNEL}")

    def begin_writing(self) -> None:
        """End of reading, start of writing (`Database.batch`).

        On SQLite the write lock is taken only here, so that thinking holds up nobody, and what
        was read must be compared before it is overwritten (`conversations.save` does). On
        PostgreSQL the persons are locked since they were read, and nothing happens here.
        """
        if self.is_sqlite:
            _driver(self.connection).execute("COMMIT").close()
            _take_write_lock(self.connection)


class Database:
    """The engine, the keys and the way to open a transaction. One for the process."""

    def __init__(self, url: str, sealer: Sealer) -> None:
        self.url = url
        self.sealer = sealer
        self.is_sqlite = url.startswith("sqlite")
        self.engine = open_engine(url)
        self._one_writer = threading.Lock() if self.is_sqlite else None
        self.bell = Bell.of(self.engine.url.database) if self.is_sqlite else None
        self._writing: Connection | None = None
        self._batching: Connection | None = None
        self._one_batch = threading.Lock()
        self._persons: Persons | None = None

    @classmethod
    def of(cls, settings: Settings) -> "Database":
        """The database of these settings; connects only when it is first used."""
        return cls(settings.database_url, Sealer(settings.data_keys))

    away = AWAY

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that writes; commits at the end, rolls back on any exception."""
        if self._one_writer is None:
            with self.engine.begin() as connection:
                yield self._session(connection)
            return
        with self._one_writer:
            connection = self._writer()
            with _by_hand(connection, _take_write_lock):
                yield self._session(connection)

    def _writer(self) -> Connection:
        """The one connection that writes (SQLite): fetching and resetting one for each commit
        costs more than the commit."""
        if self._writing is None or self._writing.closed or self._writing.invalidated:
            self._writing = self.engine.connect()
        return self._writing

    @contextmanager
    def _reader(self) -> Iterator[Connection]:
        """A transaction that begins by reading. SQLite's one worker keeps its connection."""
        if self._one_writer is None or not self._one_batch.acquire(blocking=False):
            reading = self.engine.connect().execution_options(reads=True)
            with reading as connection, connection.begin():
                yield connection
            return
        try:
            if self._batching is None or self._batching.closed or self._batching.invalidated:
                self._batching = self.engine.connect()
            with _by_hand(self._batching, _begin_reading):
                yield self._batching
        finally:
            self._one_batch.release()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that only reads: it waits for nobody."""
        with self.engine.connect().execution_options(reads=True) as connection:
            yield self._session(connection)

    @contextmanager
    def batch(self) -> Iterator["Batch"]:
        """A transaction that reads, thinks, then writes after `begin_writing`."""
        batch: Batch | None = None
        try:
            with self._reader() as connection:
                batch = Batch(self._session(connection), self._one_writer)
                yield batch
        finally:
            # Only after the commit: until then nobody else could write anyway.
            if batch is not None:
                batch.let_others_write()

    @property
    def file(self) -> str | None:
        """The path of SQLite's file; None for PostgreSQL and for a database in memory."""
        path = self.engine.url.database
        return path if self.is_sqlite and path and path != ":memory:" else None

    def is_current(self) -> bool:
        """True when the database answers and all migrations have run."""
        with self.read() as session:
            found = session.connection.execute(text("SELECT version_num FROM alembic_version"))
            return found.scalar() == SCHEMA

    def close(self) -> None:
        """Give all connections back."""
        if self.bell is not None:
            self.bell.close()
        for kept in (self._writing, self._batching):
            if kept is not None:
                kept.close()
        self._writing = self._batching = None
        self.engine.dispose()

    def _session(self, connection: Connection) -> Session:
        if self._persons is None:
            self._persons = Persons(person_key(connection, self.sealer))
        return Session(connection, self.sealer, self._persons, self.is_sqlite)


class Batch:
    """A session whose write lock is taken late; see `Database.batch`."""

    def __init__(self, session: Session, one_writer: "threading.Lock | None") -> None:
        self.session = session
        self._one_writer = one_writer
        self._writing = False

    def begin_writing(self) -> None:
        """From here on this process has no other writer."""
        if self._one_writer is not None:
            self._one_writer.acquire()
            self._writing = True
        self.session.begin_writing()

    def let_others_write(self) -> None:
        """Called at the end of the transaction, whatever became of it."""
        if self._writing and self._one_writer is not None:
            self._writing = False
            self._one_writer.release()


def open_engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(
            url,
            connect_args={"connect_timeout": 3},
            pool_size=8,
            max_overflow=8,
            pool_pre_ping=False,
            pool_recycle=1800,
            hide_parameters=True,  # a logged error must not hold what people wrote
        )
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url, connect_args={"timeout": WAIT_FOR_LOCK}, pool_size=8, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        # The driver's own idea of when a transaction begins is switched off: see `begin`.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON",
                       "temp_store=MEMORY", "secure_delete=ON",
                       f"wal_autocheckpoint={LONGEST}"):  # fmt: skip
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if _driver(connection).in_transaction:
            return  # of `_by_hand`: SQLAlchemy joins it
        reads = connection.get_execution_options().get("reads", False)
        if reads:
            connection.exec_driver_sql("BEGIN")
        else:
            _take_write_lock(connection)

    return engine


@contextmanager
def _by_hand(connection: Connection, begin: Callable[[Connection], None]) -> Iterator[None]:
    """A transaction on a kept connection of SQLite's; commits, or rolls back on any exception.

    SQLAlchemy's own way costs more than all that SQLite does for a small one. It only joins
    when a statement goes through it, and then has to be told of the end.
    """
    begin(connection)
    try:
        yield
        _end(connection, "commit")
    except BaseException:
        _end(connection, "rollback")
        raise


def _end(connection: Connection, how: Literal["commit", "rollback"]) -> None:
    if connection.in_transaction():
        getattr(connection, how)()
    else:
        getattr(_driver(connection), how)()


def _driver(connection: Connection) -> Any:
    return connection.connection.dbapi_connection


def _begin_reading(connection: Connection) -> None:
    _driver(connection).execute("BEGIN").close()


def _take_write_lock(connection: Connection) -> None:
    """Begin a transaction that writes, when the other process has ended its own.

    SQLite's own waiting sleeps longer and longer; asked every millisecond, half of what an
    answer waited for was gone. Raises what is in AWAY after WAIT_FOR_LOCK.
    """
    driver = _driver(connection)
    until = time.monotonic() + WAIT_FOR_LOCK
    driver.execute("PRAGMA busy_timeout=0").close()
    try:
        while True:
            try:
                driver.execute("BEGIN IMMEDIATE").close()
                return
            except sqlite3.OperationalError as error:
                is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not is_busy or time.monotonic() > until:
                    raise
                time.sleep(_TRY_AGAIN)
    finally:
        driver.execute(f"PRAGMA busy_timeout={int(WAIT_FOR_LOCK * 1000)}").close()
