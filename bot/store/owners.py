"""Who speaks to a person, read right before every message that goes out.

On SQLite one connection is kept for it: a statement through SQLAlchemy costs ten times as much
as what SQLite does for it, and every answer would pay. On PostgreSQL it is one way over the
network, outside of any transaction.
"""

import sqlite3
import threading
from contextlib import suppress
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.exc import SQLAlchemyError

from bot.store.database import Database
from bot.store.tables import conversations

_OF = select(conversations.c.owner).where(conversations.c.person == bindparam("person"))


class NotKnown(Exception):
    """The database does not answer: who speaks cannot be told now."""


class Owners:
    """Reads who speaks; safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._kept: Any = None

    def of(self, person: str) -> str | None:
        """bot, waiting or human, as last committed; None when nothing is kept of the person.

        A connection that broke meanwhile is replaced once; NotKnown when that does not help.
        """
        try:
            return self._read(person)
        except (SQLAlchemyError, sqlite3.Error):
            self.close()
        try:
            return self._read(person)
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise NotKnown from error

    def _read(self, person: str) -> str | None:
        engine = self._database.engine
        if not self._database.is_sqlite:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                return connection.execute(_OF, {"person": person}).scalar()
        with self._lock:
            if self._kept is None:
                self._kept = engine.raw_connection()
            cursor = self._kept.driver_connection.execute(
                "SELECT owner FROM conversations WHERE person = ?", (person,)
            )
            try:
                row = cursor.fetchone()
            finally:
                cursor.close()
            return row[0] if row else None

    def close(self) -> None:
        """Give the kept connection back."""
        with self._lock:
            if self._kept is not None:
                with suppress(SQLAlchemyError, sqlite3.Error):
                    self._kept.close()
                self._kept = None
