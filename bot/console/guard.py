"""Who may see a page: the session of the cookie, the CSRF token of each form, roles, headers.

Every page of the desk is closed unless it is listed in PUBLIC. A form carries the token of its
session; the form of the login, which has no session yet, the one of its own cookie.
"""

import hmac
import secrets
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from flask import Response, abort, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.store import operators
from bot.store.operators import DeskSession

if TYPE_CHECKING:
    from bot.console.app import Console

COOKIE, FORM_COOKIE = "desk", "desk_form"
PUBLIC = ("desk.login", "desk.join", "desk.static")
_READS = ("GET", "HEAD", "OPTIONS")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self';"
    " img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none';"
    " base-uri 'none'",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
P = ParamSpec("P")
R = TypeVar("R")


class Guard:
    """Looks at every request of the desk before its page does."""

    def __init__(self, console: "Console") -> None:
        self._console = console

    def check(self) -> AnyResponse | None:
        """None when the page may answer; else where to go, or a refusal."""
        _must_be_text()
        g.desk_session = self._session()
        if request.method not in _READS:
            self._must_come_from_our_form()
        if g.desk_session is None and request.endpoint not in PUBLIC:
            return self._to_login()
        return None

    def protect(self, response: Response) -> Response:
        """The headers of every page of the desk."""
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if request.endpoint == "desk.static":
            response.headers["Cache-Control"] = "private, max-age=3600"
        if self._is_https():
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response

    def _session(self) -> DeskSession | None:
        token = request.cookies.get(COOKIE)
        if not token or request.endpoint == "desk.static":
            return None
        now = self._console.clock()
        with self._console.database.read() as session:
            found = operators.session_of(session, token, now)
        if found is not None and operators.is_due(found, now):
            with self._console.database.write() as session:
                operators.see_session(session, found.id, now)
        return found

    def _must_come_from_our_form(self) -> None:
        given = request.headers.get("X-CSRF") or request.form.get("csrf", "")
        wanted = g.desk_session.csrf if g.desk_session else request.cookies.get(FORM_COOKIE, "")
        if not wanted or not hmac.compare_digest(given.encode(), wanted.encode()):
            abort(403)
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            abort(403)

    def _to_login(self) -> AnyResponse:
        there = url_for("desk.login")
        if request.headers.get("HX-Request"):
            # A part of a page: the whole page goes to the login.
            return make_response("", 204, {"HX-Redirect": there})
        if request.method in _READS and request.path.rstrip("/") != url_for("desk.inbox"):
            there = url_for("desk.login", then=request.path)
        return redirect(there)

    def _is_https(self) -> bool:
        return self._console.settings.public_url.startswith("https://")


def _must_be_text() -> None:
    """No browser sends NUL, and PostgreSQL takes none."""
    values = [*request.args.values(), *request.form.values(), request.path]
    if any("\x00" in value for value in values):
        abort(400)


def current() -> DeskSession | None:
    """Who is logged in."""
    found: DeskSession | None = g.get("desk_session")
    return found


def me() -> operators.Operator:
    """The operator who is logged in; only in pages that are not public."""
    found = current()
    assert found is not None
    return found.operator


def only_admins(view: Callable[P, R]) -> Callable[P, R]:
    """A page for admins alone: 403 for all others."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not me().is_admin:
            abort(403)
        return view(*args, **kwargs)

    return guarded


def csrf_token() -> str:
    """The token that a form of this page must carry."""
    found = current()
    if found is not None:
        return found.csrf
    if "desk_form_token" not in g:
        g.desk_form_token = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)
    token: str = g.desk_form_token
    return token


def with_form_cookie(response: AnyResponse, *, is_https: bool) -> AnyResponse:
    """The cookie that belongs to a form shown before anybody is logged in."""
    response.set_cookie(
        FORM_COOKIE,
        csrf_token(),
        httponly=True,
        samesite="Strict",
        secure=is_https,
        path="/operators",
    )
    return response


def with_session(response: AnyResponse, token: str, *, is_https: bool) -> AnyResponse:
    """The cookie of somebody who logged in."""
    response.set_cookie(
        COOKIE, token, httponly=True, samesite="Lax", secure=is_https, path="/operators",
        max_age=int(operators.LONGEST),
    )  # fmt: skip
    response.delete_cookie(FORM_COOKIE, path="/operators")
    return response


def caller() -> str:
    """The caller's address, for the rate limit."""
    return request.remote_addr or "nowhere"


def no_open_redirect(target: Any) -> str | None:
    """A path of the desk to go on to after the login, or None."""
    path = str(target or "")
    if not path.startswith("/operators/") or "//" in path or "\\" in path or ".." in path:
        return None
    return path if path.isprintable() else None
