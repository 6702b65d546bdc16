"""The administration: pages for admins alone, and the overview that leads to them."""

from typing import TYPE_CHECKING

from flask import Blueprint
from werkzeug.wrappers import Response

from bot.console import admin_case, admin_log, admin_people, admin_statistics, admin_watch
from bot.console.admin_pages import page, today
from bot.console.guard import only_admins
from bot.flow.sources import sources_to_read
from bot.store import cases, deliveries, health, outbox

if TYPE_CHECKING:
    from bot.console.app import Console


def register(desk: Blueprint, console: "Console") -> None:
    """All pages of the administration."""

    @desk.get("/admin")
    @only_admins
    def admin_overview() -> Response:
        with console.database.read() as session:
            numbers = health.numbers(session)
            opened = cases.count_open(session)
            failed = deliveries.count(session)
        sources = sources_to_read(console.content.library, today(console))
        waiting = {
            "deletions": opened.get(cases.DELETE, 0),
            "deliveries": failed[outbox.GIVEN_UP] + failed[outbox.UNCLEAR],
            "parked": opened.get(cases.PARKED, 0),
            # Those that are only not certain stay so until somebody confirms them: no alarm.
            "sources": sum(one.is_old or bool(one.expected) for one in sources),
        }
        return page(console, "overview", numbers=numbers, waiting=waiting)

    for views in (admin_people, admin_log, admin_case, admin_watch, admin_statistics):
        views.register(desk, console)
