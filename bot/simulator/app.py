"""The simulator over HTTP: LINE's API, the phone page, and the hands on the phone."""

import socket
import struct
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, render_template, request

from bot.simulator.api import CUT, create_api
from bot.simulator.control import create_control
from bot.simulator.delivery import Delivery
from bot.simulator.platform import Platform

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' https: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_STATIC = Path(__file__).parent / "static"
_TAGS = " ".join(sorted(path.name.split(".")[1] for path in _STATIC.glob("phone-words.*.json")))
"""The languages that the page's own words are written in."""


def create_simulator(platform: Platform, delivery: Delivery) -> Flask:
    """The WSGI application; run it in a threaded server, because the page waits for changes."""
    app = Flask(__name__)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.register_blueprint(create_api(platform, delivery))
    app.register_blueprint(create_control(platform, delivery))
    app.wsgi_app = _Cutting(app.wsgi_app)  # type: ignore[method-assign]

    @app.get("/")
    def phone() -> str:
        return render_template("phone.html", office=platform.office_name, tags=_TAGS)

    @app.errorhandler(404)
    @app.errorhandler(405)
    def unknown(error: Any) -> tuple[Response, int]:
        return jsonify({"message": "Not found"}), error.code

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers["content-security-policy"] = _POLICY
        response.headers["x-content-type-options"] = "nosniff"
        response.headers["referrer-policy"] = "no-referrer"
        if not request.path.startswith("/static/"):
            response.headers["cache-control"] = "no-store"
        return response

    return app


class _Cutting:
    """Resets the connection, instead of answering, where a fault asked for it."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answer = self._app(environ, start_response)
        if CUT not in environ:
            return answer
        if hasattr(answer, "close"):
            answer.close()
        if connection := environ.get("werkzeug.socket"):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.shutdown(socket.SHUT_RDWR)
        raise ConnectionResetError("cut on demand")
