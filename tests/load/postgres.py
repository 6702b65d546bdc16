"""A PostgreSQL for the bench: BENCH_POSTGRES_URL's server, or one of its own for the run.

A server of its own is made with the newest initdb on the machine, in a temporary folder, and
is gone afterwards. It is not pinned to a core.
"""

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tests.load.servers import Unavailable, free_port


@contextmanager
def a_postgres() -> Iterator[str]:
    """The address of a server on which databases may be created; raises Unavailable."""
    if given := os.environ.get("BENCH_POSTGRES_URL") or os.environ.get("TEST_POSTGRES_URL"):
        yield given
        return
    tools = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = str(tools[-1]) if tools else shutil.which("initdb")
    if found is None:
        raise Unavailable("no PostgreSQL: set BENCH_POSTGRES_URL, or install its server")
    home = Path(tempfile.mkdtemp(prefix="bench-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(home, "postgres")
    port = free_port()
    control = str(Path(found).with_name("pg_ctl"))
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={home}"
    try:
        _as_postgres(home, found, "-D", f"{home}/data", "-U", "postgres", "-A", "trust", "-E",
                     "UTF8", "--no-locale")  # fmt: skip
        _as_postgres(home, control, "-D", f"{home}/data", "-l", f"{home}/log", "-w", "-o", options,
                     "start")  # fmt: skip
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run(_user((control, "-D", f"{home}/data", "-m", "fast", "stop")), cwd=home,
                       capture_output=True)  # fmt: skip
        shutil.rmtree(home, ignore_errors=True)


def a_database(server: str) -> str:
    """The address of a new, empty database on a server; `drop` takes it away."""
    name = f"bot_bench_{uuid.uuid4().hex[:12]}"
    _execute(server, f'CREATE DATABASE "{name}" TEMPLATE template0')
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def drop(server: str, address: str) -> None:
    """Delete a database that `a_database` made."""
    _execute(server, f'DROP DATABASE IF EXISTS "{make_url(address).database}" WITH (FORCE)')


def _execute(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()


def _as_postgres(home: Path, *command: str) -> None:
    done = subprocess.run(
        _user(command), cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise Unavailable(f"PostgreSQL did not start: {done.stderr.strip()[-300:]}")


def _user(command: Sequence[str]) -> tuple[str, ...]:
    # PostgreSQL refuses to run as root.
    return ("runuser", "-u", "postgres", "--", *command) if os.geteuid() == 0 else tuple(command)
