"""The few statements that every message passes, without SQLAlchemy's detours on SQLite.

A Core statement costs about 0.1 ms to run through SQLAlchemy, and SQLite itself a tenth of
that. The statements here are still written in Core and compiled once; on SQLite their text goes
to the driver inside the same transaction. On PostgreSQL, where the way over the network costs
more than that, they run as any other statement, so that a lost connection is noticed.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Executable
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

from bot.store.database import Session


class _Text(NamedTuple):
    sql: str
    constants: Mapping[str, Any]
    lists: tuple[str, ...]


class Quick:
    """A statement with named parameters; lists go into `IN` (expanding bind parameters).

    `statement` serves both databases, or `on_postgresql` the other one. `columns` are the
    columns of an insert.
    """

    def __init__(
        self,
        statement: Executable,
        on_postgresql: Executable | None = None,
        columns: Iterable[str] = (),
    ) -> None:
        self._sqlite = statement
        self._postgresql = on_postgresql if on_postgresql is not None else statement
        self._columns = list(columns)
        self._text: _Text | None = None
        self._row: Any = None

    def rows(self, session: Session, parameters: Mapping[str, Any]) -> Sequence[Any]:
        """All rows, with their columns as attributes."""
        if not session.is_sqlite:
            return session.connection.execute(self._postgresql, dict(parameters)).all()
        text = self._compiled()
        given = {**text.constants, **parameters}
        for name in text.lists:
            given[name] = orjson.dumps(list(given[name])).decode()
        cursor = _driver(session).execute(text.sql, given)
        try:
            if self._row is None:
                names = [column[0] for column in cursor.description]
                self._row = NamedTuple("Row", [(name, Any) for name in names])  # type: ignore[misc]
            return list(map(self._row._make, cursor))
        finally:
            cursor.close()

    def each(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it once for each row of parameters."""
        if not session.is_sqlite:
            session.connection.execute(self._postgresql, list(rows))
            return
        text = self._compiled()
        given = [{**text.constants, **row} for row in rows] if text.constants else rows
        _driver(session).executemany(text.sql, given).close()

    def _compiled(self) -> _Text:
        if self._text is None:
            assert isinstance(self._sqlite, ClauseElement)
            made = self._sqlite.compile(
                dialect=sqlite.dialect(paramstyle="named"), column_keys=self._columns or None
            )
            assert isinstance(made, SQLCompiler)
            sql, lists = made.string, []
            for name in made.bind_names.values():
                place = f"(__[POSTCOMPILE_{name}])"
                if place in sql:
                    listed = f"(SELECT value FROM json_each(:{name}))"  # noqa: S608 - our own names
                    sql = sql.replace(place, listed)
                    lists.append(name)
            constants = {
                name: bind.value for bind, name in made.bind_names.items() if not bind.required
            }
            self._text = _Text(sql, constants, tuple(lists))
        return self._text


def _driver(session: Session) -> Any:
    return session.connection.connection.dbapi_connection
