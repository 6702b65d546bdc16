"""What all pages of the administration share: their list, and that each look is noted."""

from datetime import date
from typing import TYPE_CHECKING, Any

from flask import make_response, render_template
from werkzeug.wrappers import Response

from bot.console import admin_labels
from bot.console.guard import me
from bot.console.words import Words, datetime_of
from bot.store import audit

if TYPE_CHECKING:
    from bot.console.app import Console


def page(console: "Console", name: str, status: int = 200, **values: Any) -> Response:
    """The page of that name (templates/desk/admin_NAME.html); the look stands in the log."""
    with console.database.write() as session:
        audit.add(session, console.clock(), me().id, "looked_admin", page=name)
    shown = render_template(
        f"desk/admin_{name}.html", pages=admin_labels.PAGES, page=name, about=admin_labels, **values
    )
    return make_response(shown, status)


def words_of(console: "Console") -> Words:
    """The words of the admin who looks."""
    return console.dictionary.words(me().language)


def today(console: "Console") -> date:
    """The present day in Japan."""
    return datetime_of(console.clock()).date()
