"""The migrations make exactly the tables that the code uses."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from houses import settings_for

from bot.store.database import Database
from bot.store.migrate import _MIGRATIONS, migrate, needs_migration
from bot.store.persons import NotMigrated
from bot.store.tables import SCHEMA, metadata


def test_migrating_twice_changes_nothing(empty_url: str, tmp_path: Path):
    settings = settings_for(empty_url, tmp_path)
    database = Database.of(settings)
    with database.read() as session:
        name = session.persons.name("U1")
    migrate(settings)
    again = Database.of(settings)
    assert again.is_current()
    with again.read() as session:
        assert session.persons.name("U1") == name
    database.close()
    again.close()


def test_the_migrated_tables_are_those_of_the_code(empty_url: str, tmp_path: Path):
    database = Database.of(settings_for(empty_url, tmp_path))
    with database.read() as session:
        context = MigrationContext.configure(session.connection)
        assert compare_metadata(context, metadata) == []
    database.close()


def test_the_schema_that_readiness_compares_is_the_newest():
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == SCHEMA


def test_a_database_that_was_not_migrated_says_so(sqlite_url: str, tmp_path: Path):
    database = Database.of(settings_for(sqlite_url, tmp_path))
    assert not needs_migration(database)
    database.close()
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}", database.sealer)
    assert needs_migration(empty)
    with pytest.raises(Exception, match="no such table"), empty.read():
        pass
    empty.close()


def test_a_database_without_its_key_for_persons_says_what_to_run(sqlite_url: str, tmp_path: Path):
    database = Database.of(settings_for(sqlite_url, tmp_path))
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM secrets")
    with pytest.raises(NotMigrated, match="migrate"), database.read():
        pass
    database.close()
