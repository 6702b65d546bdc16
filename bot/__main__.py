"""The commands. `python -m bot --help` lists them; bad input is one clear line and exit 2.

Every command imports what it needs and no more: a web process must start without reading
flows, languages or the LINE SDK.
"""

import os
from datetime import datetime
from pathlib import Path

import click

# The little arithmetic that understanding needs is slower, and costs more memory, on many threads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from bot.commands import content, keeping, trying
from bot.commands.inputs import FLOWS, LOCALES, ROOT, TOKYO, Here, Wrong
from bot.console.commands import operator_group
from bot.settings import Settings, WrongSettings


@click.group()
@click.pass_context
def main(context: click.Context) -> None:
    """The consultation assistant: the processes, and tools for its content."""
    context.obj = Here(_settings_with_keys, lambda: datetime.now(TOKYO))


@main.command()
def web() -> None:
    """Take webhooks from LINE (gunicorn; threads and processes from the settings)."""
    from bot.web import run_web

    run_web(_settings_with_keys())


@main.command()
def worker() -> None:
    """Answer what came in, send what is due, delete what is old."""
    from bot.worker import run_worker

    settings = _settings_with_keys()
    _migrate(settings)
    run_worker(settings, FLOWS, LOCALES)


@main.command()
def migrate() -> None:
    """Bring the database to the present tables."""
    _migrate(_settings_with_keys())
    click.echo("The database is up to date.")


@main.command()
@click.option("--folder", default=str(ROOT / "var"), help="Where keys and what was said are kept.")
@click.option("--new-password", is_flag=True, help="A new password for the demo operator.")
def serve(folder: str, *, new_password: bool) -> None:
    """Everything on this machine, for trying: web, worker and a LINE simulator."""
    from bot.demo import serve as run

    run(ROOT, _settings(), Path(folder).resolve(), new_password=new_password)


# ---------------------------------------------------------------- the settings


def _settings() -> Settings:
    try:
        settings = Settings.from_environment(os.environ)
    except WrongSettings as error:
        raise Wrong(str(error)) from None
    return settings


def _settings_with_keys() -> Settings:
    settings = _settings()
    if not settings.data_keys:
        raise Wrong(
            "DATA_KEYS: missing. README.md shows how to make one; `make run` makes its own."
        )
    return settings


def _migrate(settings: Settings) -> None:
    from bot.store.migrate import migrate as run

    run(settings)


for command in (*content.COMMANDS, *trying.COMMANDS, *keeping.COMMANDS):
    main.add_command(command)
main.add_command(operator_group(_settings_with_keys))

if __name__ == "__main__":
    main(prog_name="python -m bot")
