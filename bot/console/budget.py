"""The month's message budget, where an operator is about to spend it."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint

from bot.store import budget
from bot.store.budget import Budget

if TYPE_CHECKING:
    from bot.console.app import Console

_ERRORS = {"monthly limit": "quota", "kept for staff": "reserve", "too old": "old"}


def register(desk: Blueprint, console: "Console") -> None:
    """What `desk/budget.html` asks for."""

    def message_budget() -> Budget | None:
        with console.database.read() as session:
            return budget.read(session, console.clock())

    @desk.context_processor
    def around() -> dict[str, Any]:
        return {
            "message_budget": message_budget,
            "message_reserve": console.settings.staff_message_reserve,
            "in_manager": console.settings.staff_channel == "manager",
            "silent_hours": console.settings.manager_silent_hours,
            "why_not_sent": lambda error: _ERRORS.get(error or ""),
        }
