"""The desk of a test, on SQLite and on PostgreSQL; the content is read once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from desks import Desk, root
from flask import Flask
from houses import settings_for
from jinja2.bccache import Bucket, BytecodeCache

from bot.opening import Content, open_content
from bot.settings import Settings
from bot.store.database import Database


@pytest.fixture(scope="session")
def content() -> Content:
    return open_content(Settings(environment="test"), root() / "flows", root() / "locales")


class Compiled(BytecodeCache):
    """The templates of all desks of this process, compiled once."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session", autouse=True)
def _templates_are_compiled_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": Compiled()})
        yield


@pytest.fixture
def desk(database_url: str, tmp_path: Path, content: Content) -> Iterator[Desk]:
    settings = settings_for(database_url, tmp_path)
    database = Database.of(settings)
    found = Desk(settings, database, content)
    yield found
    found.app.close()
    database.close()
