"""The administration: pages for admins alone, and the overview that leads to them."""

from typing import TYPE_CHECKING

from flask import Blueprint
from werkzeug.wrappers import Response

from bot.console import admin_log, admin_people
from bot.console.admin_pages import page
from bot.console.guard import only_admins
from bot.store import health

if TYPE_CHECKING:
    from bot.console.app import Console


def register(desk: Blueprint, console: "Console") -> None:
    """All pages of the administration."""

    @desk.get("/admin")
    @only_admins
    def admin_overview() -> Response:
        with console.database.read() as session:
            numbers = health.numbers(session)
        return page(console, "overview", numbers=numbers)

    for views in (admin_people, admin_log):
        views.register(desk, console)
