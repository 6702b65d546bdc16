"""What commands read: the content, a flow, a day; bad input is one clear line and exit 2.

All imports are late: a web process must start without reading flows or languages.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.flow.model import Flow, Library
    from bot.i18n.catalogue import Catalogue

ROOT = Path(__file__).resolve().parent.parent.parent
FLOWS, LOCALES = ROOT / "flows", ROOT / "locales"
TOKYO = ZoneInfo("Asia/Tokyo")


class Wrong(click.ClickException):
    """Bad input to a command: one line on stderr, exit 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        click.echo(self.message, err=True)


@dataclass(frozen=True, slots=True)
class Here:
    """What only the process knows: its settings, with keys, and the time in Asia/Tokyo."""

    settings: Callable[[], Settings]
    now: Callable[[], datetime]

    def day(self, text: str | None) -> date:
        """The day that was asked for, as YYYY-MM-DD; the present one otherwise."""
        if text is None:
            return self.now().date()
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise Wrong(f"--today must be YYYY-MM-DD, not {text!r}") from None


def read_library() -> "Library":
    """The flows; prints what is wrong with them and exits with 1."""
    from bot.flow.faults import WrongContent
    from bot.flow.load import load_library

    try:
        return load_library(FLOWS)
    except WrongContent as error:
        click.echo(str(error), err=True)
        sys.exit(1)


def read_content() -> "tuple[Library, Catalogue]":
    """The flows and their words."""
    from bot.i18n.catalogue import Catalogue

    library = read_library()
    return library, Catalogue(LOCALES, library, cache_dir=ROOT / "var" / "cache")


def find_flow(library: "Library", flow_id: str) -> "Flow":
    """The flow of that name."""
    from bot.flow.engine import Engine

    flow = Engine(library).flow(flow_id)
    if flow is None:
        known = ", ".join((*library.flows, *library.topics, *library.events))
        raise Wrong(f"no such flow: {flow_id} (known: {known})")
    return flow
