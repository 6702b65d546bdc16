"""Logging in and out, joining by an invitation, and one's own account.

A login asks for name, password and code in one form and says only that they do not fit together:
nobody learns which of them was wrong, or which logins exist. Failures are counted in the database,
so that more processes are not more tries.
"""

from typing import TYPE_CHECKING

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.console import passwords
from bot.console.guard import (
    COOKIE,
    caller,
    current,
    me,
    no_open_redirect,
    with_form_cookie,
    with_session,
)
from bot.console.words import LANGUAGES
from bot.store import audit, operators

if TYPE_CHECKING:
    from bot.console.app import Console

WRONG, TOO_OFTEN = "wrong", "too_often"


def register(desk: Blueprint, console: "Console") -> None:
    """The pages around the login."""
    https = console.settings.public_url.startswith("https://")

    def form(status: int = 200, **values: object) -> Response:
        found = make_response(render_template("desk/login.html", **values), status)
        return with_form_cookie(found, is_https=https)

    @desk.route("/login", methods=["GET", "POST"])
    def login() -> Response:
        if request.method == "GET":
            if current() is not None:
                return redirect(url_for("desk.inbox"))
            return form(then=request.args.get("then"))
        name = request.form.get("login", "")[:120]
        operator, fault = _identify(console, name)
        if operator is None:
            return form(429 if fault == TOO_OFTEN else 403, fault=fault, login=name,
                        then=request.form.get("then"))  # fmt: skip
        now = console.clock()
        with console.database.write() as session:
            operators.forget_failures(session, name)
            token, _ = operators.begin_session(
                session, operator.id, request.headers.get("User-Agent", ""), now
            )
            audit.add(session, now, operator.id, "login")
        there = no_open_redirect(request.form.get("then")) or url_for("desk.inbox")
        return with_session(redirect(there), token, is_https=https)

    @desk.post("/logout")
    def logout() -> Response:
        found = current()
        if found is not None:
            with console.database.write() as session:
                operators.end_session(session, found.operator.id, found.id)
                audit.add(session, console.clock(), found.operator.id, "logout")
        gone = redirect(url_for("desk.login"))
        gone.delete_cookie(COOKIE, path="/operators")
        return gone

    @desk.route("/join/<token>", methods=["GET", "POST"])
    def join(token: str) -> Response:
        now = console.clock()
        with console.database.read() as session:
            operator = operators.of_invitation(session, token, now)
        if operator is None:
            return form(404, fault="no_invitation")
        # The secret travels in the form until its code proves that the app has it.
        secret = request.form.get("secret", "")
        if not (len(secret) == 32 and secret.isalnum() and secret.isascii()):
            secret = passwords.new_secret()
        fault = None
        if request.method == "POST":
            password = request.form.get("password", "")
            step = passwords.step_of(secret, request.form.get("code", ""), now)
            if not passwords.is_good(password, operator.login):
                fault = "password"
            elif password != request.form.get("again", ""):
                fault = "again"
            elif step is None:
                fault = "code"
            else:
                return _joined(console, token, password, secret, step, https=https)
        office = str(console.content.library.office.get("name", ""))
        shown = render_template(
            "desk/join.html", operator=operator, secret=secret, fault=fault,
            picture=passwords.picture(secret, operator.login, office),
        )  # fmt: skip
        return with_form_cookie(make_response(shown, 200 if fault is None else 400), is_https=https)

    @desk.route("/account", methods=["GET", "POST"])
    def account() -> Response:
        operator, found = me(), current()
        assert found is not None
        now, said, status = console.clock(), None, 200
        if request.method == "POST":
            said, status = _change_account(console, found.id)
            if said == "language":
                return redirect(url_for("desk.account"))
        with console.database.read() as session:
            there = operators.sessions_of(session, operator.id, now)
        shown = render_template(
            "desk/account.html", sessions=there, here=found.id, said=said, languages=LANGUAGES
        )
        return make_response(shown, status)


def _identify(console: "Console", name: str) -> tuple[operators.Operator | None, str | None]:
    """The operator whose name, password and code these are; else what to say."""
    now, address = console.clock(), caller()
    password = request.form.get("password", "")[: passwords.LONGEST]
    code = request.form.get("code", "")
    with console.database.read() as session:
        may = operators.may_try(session, name, address, now)
        operator = operators.of_login(session, name)
    if not may:
        return None, TOO_OFTEN
    active = operator if operator is not None and operator.state == operators.ACTIVE else None
    is_right = passwords.fits(password, active.password if active else None)
    if active is not None and is_right and _second(console, active, code, now):
        return active, None
    with console.database.write() as session:
        operators.note_failure(session, name, address, now)
        audit.add(session, now, operator.id if operator else None, "login_failed")
    return None, WRONG


def _second(console: "Console", operator: operators.Operator, code: str, now: float) -> bool:
    """Whether the second factor fits; each code works once. A demonstration has none, and is no
    operator in production."""
    if operator.is_demo:
        return not console.settings.is_production
    step = passwords.step_of(operator.totp, code, now) if operator.totp else None
    if step is None:
        return False
    with console.database.write() as session:
        return operators.use_code(session, operator.id, step)


def _joined(
    console: "Console", token: str, password: str, secret: str, step: int, *, https: bool
) -> Response:
    now = console.clock()
    kept = passwords.hashed(password)
    with console.database.write() as session:
        operator = operators.join(session, token, kept, secret, step, now)
        if operator is None:
            return redirect(url_for("desk.login"))
        cookie, _ = operators.begin_session(
            session, operator.id, request.headers.get("User-Agent", ""), now
        )
        audit.add(session, now, operator.id, "joined")
    return with_session(redirect(url_for("desk.inbox")), cookie, is_https=https)


def _change_account(console: "Console", here: str) -> tuple[str, int]:
    """Change one's own language, password or sessions; what to say, and the status."""
    operator, now = me(), console.clock()
    match request.form.get("what"):
        case "language" if request.form.get("language") in LANGUAGES:
            with console.database.write() as session:
                operators.set_language(session, operator.id, request.form["language"])
            return "language", 200
        case "end":
            with console.database.write() as session:
                operators.end_session(session, operator.id, request.form.get("session", ""))
                audit.add(session, now, operator.id, "session_ended")
            return "ended", 200
        case "password":
            new = request.form.get("password", "")
            if not passwords.fits(request.form.get("old", ""), operator.password):
                return "old", 400
            if not passwords.is_good(new, operator.login):
                return "password", 400
            if new != request.form.get("again", ""):
                return "again", 400
            kept = passwords.hashed(new)
            with console.database.write() as session:
                operators.set_password(session, operator.id, kept, keep=here)
                audit.add(session, now, operator.id, "password_changed")
            return "changed", 200
    return "nothing", 400
