"""Everything on one machine, for trying: `make run`.

One foreground process: web, worker, and a LINE simulator with its phone page. Keys and tokens
are made at the first start and stay under var/, out of git. Nothing in the bot knows that it
does not talk to LINE.
"""

import base64
import json
import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click
from werkzeug.serving import BaseWSGIServer, make_server

from bot.flow.load import load_library
from bot.i18n.catalogue import Catalogue
from bot.line.richmenu import LineRichMenus, NoFont, RichMenuRefused, sync_rich_menus
from bot.opening import house_of, open_content
from bot.settings import Settings
from bot.simulator.server import Simulator
from bot.store import operators
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.web import Application
from bot.worker import Worker, open_api

log = logging.getLogger(__name__)

DEMO = "demo"


class PortTaken(click.ClickException):
    """Something else listens where we should."""

    exit_code = 2


def serve(root: Path, settings: Settings, var: Path, *, new_password: bool = False) -> None:
    """Run until Ctrl-C. What was said is kept in `var` and there again at the next start."""
    logging.basicConfig(level=settings.log_level, format="%(levelname)s %(name)s: %(message)s")
    for name in ("werkzeug", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for port in (settings.port, settings.simulator_port):
        _must_be_free(settings.host, port)
    var.mkdir(parents=True, exist_ok=True)
    settings = _own(settings, var)
    migrate(settings)
    library = load_library(root / "flows")
    base = f"http://{settings.host}:{settings.port}"
    simulator = Simulator(
        f"{base}/callback",
        settings.channel_secrets[0],
        settings.channel_token,
        port=settings.simulator_port,
        keep=var / "simulator.json",
        office_name=str(library.office["name"]),
    )
    database = Database.of(settings)
    content = open_content(settings, root / "flows", root / "locales")
    house = house_of(content, settings, database)
    worker = Worker(house, open_api(settings), settings, wake=threading.Event())
    application = Application(settings, database, on_kept=worker.wake.set, given=(content, house))
    login = demo_operator(database, house.clock(), new_password=new_password)
    web = make_server(settings.host, settings.port, application, threaded=True)

    def put_menus() -> None:
        """The menus under the chat; they take a moment to draw, and nobody waits for them."""
        api = LineRichMenus(settings.line_api, settings.line_data_api, settings.channel_token)
        try:
            sync_rich_menus(api, Catalogue(root / "locales", library))
        except (NoFont, RichMenuRefused) as error:
            log.warning("no menu under the chat: %s", error)

    _run(simulator, worker, web, base, put_menus, login)
    application.close()
    database.close()


def demo_operator(database: Database, now: float, *, new_password: bool = False) -> str:
    """Make the demonstration operator at the first start; how to log in, the password once.

    The account has no second factor, and production does not start with it.
    """
    from bot.console import passwords

    with database.read() as session:
        found = operators.of_login(session, DEMO)
    if found is not None and found.state == operators.ACTIVE and not new_password:
        return f"login: {DEMO} (the password was shown once; ARGS=--new-password makes a new one)"
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    kept = passwords.hashed(password)
    with database.write() as session:
        demo = found.id if found else operators.add(
            session, DEMO, "Demo", operators.ADMIN, now, is_demo=True
        )  # fmt: skip
        operators.make_demo_usable(session, demo, kept)
    return f"login: {DEMO}  password: {password}  (shown once)"


def _must_be_free(host: str, port: int) -> None:
    """A clear line instead of a traceback when something else already listens there."""
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((host, port))
        except OSError:
            raise PortTaken(
                f"Port {port} is taken. Is this already running? Otherwise choose others: "
                "PORT=8001 SIMULATOR_PORT=8011 make run"
            ) from None


def _run(
    simulator: Simulator,
    worker: Worker,
    web: BaseWSGIServer,
    base: str,
    put_menus: Callable[[], None],
    login: str,
) -> None:
    # A list, not an Event: a handler that takes the lock which the interrupted wait holds
    # would never return.
    signals: list[int] = []
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda number, _frame: signals.append(number))
    simulator.start()
    working = threading.Thread(target=worker.run, name="worker")
    working.start()
    threading.Thread(target=web.serve_forever, name="web", daemon=True).start()
    threading.Thread(target=put_menus, name="menus", daemon=True).start()
    click.echo(f"Phone:     {simulator.url}/")
    click.echo(f"Operators: {base}/operators   {login}")
    click.echo("Ctrl-C stops it. What was said is kept for the next start.")
    while not signals:
        time.sleep(0.1)
    click.echo("\nStopping.")
    web.shutdown()
    worker.stop()
    working.join()
    simulator.stop()


def _own(settings: Settings, var: Path) -> Settings:
    """The settings with a development key, secret and token of this machine's own."""
    path = var / "development.json"
    if not path.exists():
        made = {
            "data_key": base64.b64encode(os.urandom(32)).decode(),
            "secret": secrets.token_hex(16),
            "token": secrets.token_urlsafe(32),
        }
        path.touch(mode=0o600)
        path.write_text(json.dumps(made), encoding="utf-8")
    own = json.loads(path.read_text(encoding="utf-8"))
    address = f"http://127.0.0.1:{settings.simulator_port}"
    is_default = settings.database_url == Settings().database_url
    return replace(
        settings,
        environment="development",
        database_url=f"sqlite:///{var / 'bot.db'}" if is_default else settings.database_url,
        spool=var / "spool",
        data_keys=(base64.b64decode(own["data_key"]), *settings.data_keys),
        channel_secrets=(own["secret"],),
        channel_token=own["token"],
        line_api=address,
        line_data_api=address,
        public_url=f"http://{settings.host}:{settings.port}",
    )
