"""The desk of a test, on SQLite and on PostgreSQL; the content is read once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from desks import Desk, root
from houses import settings_for

from bot.opening import Content, open_content
from bot.settings import Settings
from bot.store.database import Database


@pytest.fixture(scope="session")
def content() -> Content:
    return open_content(Settings(environment="test"), root() / "flows", root() / "locales")


@pytest.fixture
def desk(database_url: str, tmp_path: Path, content: Content) -> Iterator[Desk]:
    settings = settings_for(database_url, tmp_path)
    database = Database.of(settings)
    found = Desk(settings, database, content)
    yield found
    found.app.close()
    database.close()
