"""Bringing a database up to date: `python -m bot migrate`, and the start of `make run`.

Alembic is imported late: it costs half a second, and neither web nor worker needs it.
"""

from pathlib import Path

from sqlalchemy import text

from bot.settings import Settings
from bot.store.database import Database, open_engine
from bot.store.persons import make_person_key
from bot.store.sealing import Sealer, reseal

_MIGRATIONS = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME = 7_331_001


def migrate(settings: Settings) -> None:
    """Run all migrations and make the key for persons; does nothing when all is done."""
    database = Database.of(settings)
    try:
        if not needs_migration(database):
            return  # a worker that starts again keeps neither Alembic nor its ten megabytes
    finally:
        database.close()
    from alembic import command
    from alembic.config import Config

    sealer = Sealer(settings.data_keys)
    engine = open_engine(settings.database_url)
    try:
        with engine.begin() as connection:
            if not settings.is_sqlite:  # SQLite: BEGIN IMMEDIATE already lets only one in
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})"))
            config = Config()
            config.set_main_option("script_location", str(_MIGRATIONS))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            make_person_key(connection, sealer)
    finally:
        engine.dispose()


def reseal_all(settings: Settings) -> int:
    """Rewrite everything that another than the first key sealed; returns how many rows.

    Afterwards the old keys can be taken out of DATA_KEYS. May run beside web and worker, but
    only once all of them know the new key; what they write meanwhile is already sealed with it.
    """
    database = Database.of(settings)
    rewritten = 0
    try:
        while True:
            with database.write() as session:
                some = reseal(session.connection, database.sealer)
            if not some:
                return rewritten
            rewritten += some
    finally:
        database.close()


def needs_migration(database: Database) -> bool:
    """True when the database is there but not up to date."""
    try:
        return not database.is_current()
    except Exception:  # noqa: BLE001 - a missing table says so in each database's own words
        return True
