"""What a request about a case asks: which case, which words, which message they quote."""

from typing import TYPE_CHECKING

from flask import abort, request

from bot.store import cases
from bot.store.cases import Case

if TYPE_CHECKING:
    from bot.console.app import Console

_MOST_NUMBER = 10**12


def case_of(console: "Console", number: int) -> Case:
    """The case of that number; a page that says 404 where there is none."""
    if number >= _MOST_NUMBER:  # more than a column of the database holds
        abort(404)
    with console.database.read() as session:
        found = cases.of_number(session, number)
    if found is None:
        abort(404)
    return found


def draft() -> str:
    """The words that were typed so far."""
    return request.form.get("text", "").replace("\r\n", "\n")


def quote() -> str | None:
    """LINE's id of the message of the person's that the words quote."""
    return request.form.get("quote") or None
