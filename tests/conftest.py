"""What every room's tests share: the databases, the browser, LINE's own API documents.

A test that lacks something of the machine is skipped with its reason, which `pytest -ra` lists.
Where the machine has promised it (REQUIRE_POSTGRES=1, REQUIRE_BROWSER=1, set by .ci/run) the
same lack is a failure, so that CI cannot go green by skipping.
"""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from houses import settings_for
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

ROOT = Path(__file__).resolve().parent.parent

# The machine's speed says nothing about the code: no deadlines. The suite draws the same
# examples on every run, the soak draws new ones.
settings.register_profile("suite", deadline=None, derandomize=True, max_examples=60)
settings.register_profile(
    "soak", deadline=None, max_examples=5_000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


def skip_or_fail(missing: str, required_by: str) -> NoReturn:
    """Skip for want of `missing`, or fail when the variable `required_by` is 1."""
    if os.environ.get(required_by) == "1":
        pytest.fail(f"{missing} ({required_by}=1)", pytrace=False)
    pytest.skip(missing)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file in which all migrations have run; tests get copies of it."""
    folder = tmp_path_factory.mktemp("migrated")
    settings_for(f"sqlite:///{folder / 'bot.db'}", folder)
    return folder / "bot.db"


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    """The address of a fresh SQLite file, migrated, with the keys of `houses`."""
    shutil.copy(migrated_file, tmp_path / "bot.db")
    return f"sqlite:///{tmp_path / 'bot.db'}"


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The address of a PostgreSQL server on which databases may be created (TEST_POSTGRES_URL)."""
    url = os.environ.get("TEST_POSTGRES_URL", "")
    if not url:
        skip_or_fail("PostgreSQL: TEST_POSTGRES_URL is not set", "REQUIRE_POSTGRES")
    engine = create_engine(url, connect_args={"connect_timeout": 5})
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        skip_or_fail(f"PostgreSQL: no answer ({type(error).__name__})", "REQUIRE_POSTGRES")
    finally:
        engine.dispose()
    return url


@contextmanager
def a_database(server_url: str, template: str) -> Iterator[str]:
    """The address of a database made from that template; dropped afterwards."""
    name = f"bot_test_{uuid.uuid4().hex[:12]}"
    server = create_engine(server_url, isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
            try:
                url = make_url(server_url).set(database=name)
                yield url.render_as_string(hide_password=False)
            finally:
                connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    finally:
        server.dispose()


@pytest.fixture(scope="session")
def migrated_database(
    postgres_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The name of a PostgreSQL database in which all migrations have run: a template."""
    with a_database(postgres_server, "template0") as url:
        settings_for(url, tmp_path_factory.mktemp("migrated"))
        yield str(make_url(url).database)


@pytest.fixture
def postgres_url(postgres_server: str, migrated_database: str) -> Iterator[str]:
    """The address of a fresh PostgreSQL database, migrated, with the keys of `houses`."""
    with a_database(postgres_server, migrated_database) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database of each kind in turn: for what must hold on both."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind in turn: for what is there before the migrations."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with a_database(request.getfixturevalue("postgres_server"), "template0") as url:
        yield url


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The path of a Chromium for playwright's `executable_path` (CHROMIUM, or found)."""
    named = os.environ.get("CHROMIUM")
    for candidate in [named] if named else ["chromium", "chromium-browser", "google-chrome"]:
        if found := shutil.which(candidate):
            return found
    wanted = f"CHROMIUM={named}" if named else "chromium"
    skip_or_fail(f"browser: {wanted} not found", "REQUIRE_BROWSER")


@pytest.fixture(scope="session")
def line_openapi() -> Path:
    """The folder of LINE's OpenAPI files, which may stand beside the checkout."""
    folder = ROOT.parent / "shared" / "line-openapi"
    if not (folder / "messaging-api.yml").is_file():
        pytest.skip("LINE's OpenAPI files do not stand beside the checkout")
    return folder
