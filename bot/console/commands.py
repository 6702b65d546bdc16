"""`python -m bot operator …`: the people who may log in at the desk.

The first admin is invited from here; everybody else may be invited from the pages.
"""

import time
from collections.abc import Callable
from typing import Any

import click

from bot.settings import Settings


class Wrong(click.ClickException):
    """Bad input to a command: one line on stderr, exit 2."""

    exit_code = 2


def _database(settings: Settings) -> Any:
    # Late, as in all commands: a web process starts without what it does not need.
    from bot.store.database import Database

    return Database.of(settings)


def operator_group(settings_with_keys: Callable[[], Settings]) -> click.Group:
    """The commands; `settings_with_keys` reads the settings when one of them runs."""
    group = click.Group("operator", help="The people who may log in at the desk.")

    def link(settings: Settings, token: str) -> None:
        click.echo(f"{settings.public_url.rstrip('/')}/operators/join/{token}")

    @group.command("add")
    @click.argument("login")
    @click.option("--name", default="", help="What colleagues and the people who ask see.")
    @click.option("--admin", is_flag=True, help="May invite others and administer.")
    def add(login: str, name: str, *, admin: bool) -> None:
        """Invite somebody; prints a link that works once, for three days."""
        from bot.store import operators

        role = operators.ADMIN if admin else operators.OPERATOR
        settings = settings_with_keys()
        with _database(settings).write() as session:
            try:
                added = operators.add(session, login, name or login, role, time.time())
            except ValueError:
                raise Wrong(
                    f"There is an operator {login!r} already, or the login is empty."
                ) from None
            token = operators.invite(session, added, time.time())
        link(settings, token)

    @group.command("invite")
    @click.argument("login")
    def invite(login: str) -> None:
        """A new link for somebody who lost password or phone; both work until it is used."""
        from bot.store import operators

        settings = settings_with_keys()
        with _database(settings).write() as session:
            found = operators.of_login(session, login)
            if found is None or found.is_demo:
                raise Wrong(f"There is no operator {login!r}. See: python -m bot operator list")
            token = operators.invite(session, found.id, time.time())
        link(settings, token)

    @group.command("list")
    def list_all() -> None:
        """Everybody who may log in, or was invited."""
        from bot.store import operators

        with _database(settings_with_keys()).read() as session:
            for one in operators.all_of(session):
                click.echo(f"{one.login}\t{one.role}\t{one.state}\t{one.name}")

    @group.command("disable")
    @click.argument("login")
    def disable(login: str) -> None:
        """Log somebody out everywhere, for good; removes the demonstration login, too."""
        from bot.store import operators

        with _database(settings_with_keys()).write() as session:
            found = operators.of_login(session, login)
            if found is None:
                raise Wrong(f"There is no operator {login!r}. See: python -m bot operator list")
            operators.set_state(session, found.id, operators.DISABLED)
        click.echo(f"{found.login} is disabled.")

    return group
