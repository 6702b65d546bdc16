"""The operators: who may come in, and what an admin does to them.

A link of an invitation is shown on the answer to the form that made it and nowhere else: only its
hash is kept. Whoever is disabled loses their sessions at once; their cases go to a colleague or
back to all.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from bot import answering
from bot.console.admin_pages import page
from bot.console.guard import me, only_admins
from bot.store import audit, case_list, operators
from bot.store.case_list import Wanted
from bot.store.database import Session
from bot.store.operators import ACTIVE, ADMIN, DISABLED, INVITED, Operator

if TYPE_CHECKING:
    from bot.console.app import Console

_LOGIN = re.compile(r"[\w.@+-]{1,60}")


@dataclass(frozen=True, slots=True)
class Person:
    """An operator as a line of the list. `cases` and `sessions` are numbers of open ones."""

    operator: Operator
    cases: int
    sessions: int
    is_invited: bool


@dataclass(frozen=True, slots=True)
class Link:
    """An invitation that was just made, to be shown once."""

    name: str
    address: str
    until: float


def register(desk: Blueprint, console: "Console") -> None:
    """The list of operators, and its forms."""

    @desk.get("/admin/operators")
    @only_admins
    def admin_people() -> Response:
        return _show(console, done=request.args.get("done"))

    @desk.post("/admin/operators")
    @only_admins
    def admin_add() -> Response:
        return _add(console)

    @desk.post("/admin/operators/<operator_id>/<any(invite, role, disable, enable, end, pass_on)"
               ":action>")  # fmt: skip
    @only_admins
    def admin_change(operator_id: str, action: str) -> Response:
        with console.database.read() as session:
            target = operators.load(session, operator_id)
        if target is None:
            abort(404)
        found = ACTIONS[action](console, target)
        if isinstance(found, Response):
            return found
        return redirect(url_for("desk.admin_people", done=found))


def _add(console: "Console") -> Response:
    login = request.form.get("login", "").strip().lower()
    role = request.form.get("role", operators.OPERATOR)
    now = console.clock()
    if not _LOGIN.fullmatch(login):
        return _show(console, fault="login", status=400)
    try:
        with console.database.write() as session:
            added = operators.add(session, login, request.form.get("name", ""), role, now)
            token = operators.invite(session, added, now)
            audit.add(session, now, me().id, "operator_added", whom=added, role=role)
    except ValueError:
        return _show(console, fault="login", status=409)
    return _show_link(console, added, token)


def _invite(console: "Console", target: Operator) -> Response | str:
    if target.is_demo or target.state == DISABLED:
        return _show(console, fault="demo" if target.is_demo else "disabled", status=409)
    now = console.clock()
    with console.database.write() as session:
        token = operators.invite(session, target.id, now)
        audit.add(session, now, me().id, "operator_invited", whom=target.id)
    return _show_link(console, target.id, token)


def _role(console: "Console", target: Operator) -> Response | str:
    role = request.form.get("role", "")
    if target.is_demo or role not in operators.ROLES:
        return _show(console, fault="demo" if target.is_demo else "gone", status=409)
    if role == target.role:
        return "role"

    def change(session: Session) -> None:
        operators.set_role(session, target.id, role)

    if not _keeping_an_admin(console, target, change, "operator_role", role=role):
        return _show(console, fault="last_admin", status=409)
    return "role"


def _disable(console: "Console", target: Operator) -> Response | str:
    def change(session: Session) -> None:
        operators.set_state(session, target.id, DISABLED)

    if not _keeping_an_admin(console, target, change, "operator_disabled"):
        return _show(console, fault="last_admin", status=409)
    _give_cases_away(console, target)
    return "disabled"


def _enable(console: "Console", target: Operator) -> Response | str:
    if target.state != DISABLED:
        return "enabled"
    state = ACTIVE if target.password else INVITED
    with console.database.write() as session:
        operators.set_state(session, target.id, state)
        audit.add(session, console.clock(), me().id, "operator_enabled", whom=target.id)
    return "enabled" if state == ACTIVE else "invite_again"


def _end(console: "Console", target: Operator) -> Response | str:
    with console.database.write() as session:
        operators.end_sessions(session, target.id)
        audit.add(session, console.clock(), me().id, "operator_sessions_ended", whom=target.id)
    return "ended"


def _pass_on(console: "Console", target: Operator) -> Response | str:
    _give_cases_away(console, target)
    return "passed_on"


ACTIONS: Mapping[str, Callable[["Console", Operator], Response | str]] = {
    "invite": _invite, "role": _role, "disable": _disable, "enable": _enable, "end": _end,
    "pass_on": _pass_on,
}  # fmt: skip
"""What may be done; each says which words of DONE follow, or answers with a page."""


def _keeping_an_admin(
    console: "Console",
    target: Operator,
    change: Callable[[Session], None],
    action: str,
    **about: str,
) -> bool:
    """Make the change, unless nobody could administer any more."""
    with console.database.write() as session:
        counts = target.role == ADMIN and target.state == ACTIVE
        if counts and not operators.leaves_an_admin(session, target.id):
            return False
        change(session)
        audit.add(session, console.clock(), me().id, action, whom=target.id, **about)
    return True


def _give_cases_away(console: "Console", target: Operator) -> None:
    """Their open cases go to the colleague of the form, or back to all."""
    wanted = request.form.get("to", "")
    with console.database.read() as session:
        colleague = operators.load(session, wanted) if wanted else None
        held = case_list.find(session, Wanted(operator=target.id), most=10_000)
    to = colleague.id if colleague and colleague.state == ACTIVE else None
    for case in held:
        answering.hand_over(console.house, case.id, target.id, to, by=me().id)
    with console.database.write() as session:
        audit.add(
            session, console.clock(), me().id, "operator_cases_passed_on",
            whom=target.id, to=to, number=len(held),
        )  # fmt: skip


def _show_link(console: "Console", operator_id: str, token: str) -> Response:
    base = console.settings.public_url.rstrip("/")
    address = f"{base}{url_for('desk.join', token=token)}"
    with console.database.read() as session:
        invited = operators.load(session, operator_id)
    if invited is None:
        abort(404)
    until = invited.invite_expires_at or console.clock()
    return _show(console, link=Link(invited.name, address, until), status=201)


def _show(console: "Console", status: int = 200, **values: Any) -> Response:
    now = console.clock()
    with console.database.read() as session:
        sessions = operators.count_sessions(session, now)
        people = [
            Person(
                one,
                case_list.count(session, Wanted(operator=one.id)),
                sessions.get(one.id, 0),
                bool(one.invite_expires_at and one.invite_expires_at > now),
            )
            for one in operators.all_of(session)
        ]
    people.sort(key=lambda one: (one.operator.state == DISABLED, one.operator.name.casefold()))
    active = [one.operator for one in people if one.operator.state == ACTIVE]
    return page(
        console, "people", status, people=people, active=active,
        typed=request.form if status >= 400 and "login" in request.form else {}, **values,
    )  # fmt: skip
