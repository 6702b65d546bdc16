"""The web process: takes webhooks in, answers health checks, hands out what one-time links open.

It starts in little more than a second because it knows neither flows nor languages: it keeps
events and leaves the thinking to a worker. `/callback` is answered before Flask's routing.
/metrics asks for METRICS_TOKEN, or for a caller on this machine who does not come through a proxy;
/operators is the desk (`bot/console`), which asks for a login and is put together when first used.
"""

import gc
import hmac
import logging
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, abort, request
from werkzeug.exceptions import HTTPException

from bot import booking_page, link_pages, upload_page
from bot.line.webhook import Webhook
from bot.logs import write_logs
from bot.settings import Settings
from bot.store import health, operators, outbox
from bot.store.database import Database
from bot.store.inbox_writer import InboxWriter
from bot.store.spool import Spool

if TYPE_CHECKING:
    from bot.house import House
    from bot.opening import Content

log = logging.getLogger(__name__)

_DESK = "/operators"
_SAFE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}

_BY_PROXIES = ("forwarded", "x-forwarded-for", "via", "x-real-ip")


class Application:
    """The WSGI application. `database` and `on_kept` are given when a worker shares the process
    (it is woken without asking the database)."""

    def __init__(
        self,
        settings: Settings,
        database: Database | None = None,
        on_kept: Callable[[], None] = lambda: None,
        words: link_pages.Words | None = None,
        clock: Callable[[], float] = time.time,
        days: link_pages.Days | None = None,
        given: "tuple[Content, House] | None" = None,
    ) -> None:
        self.settings = settings
        self.database = database or Database.of(settings)
        self.clock = clock
        content = link_pages.Content(settings.public_url, given=given[0] if given else None)
        self.words = words or content.words
        self.days: link_pages.Days = days or content
        self.counted: Counter[str] = Counter()
        self.started = time.monotonic()
        self._counting = threading.Lock()
        spool = Spool(settings.spool, self.database.sealer)
        self.writer = InboxWriter(self.database, spool, on_kept)
        self.webhook = Webhook(settings.channel_secrets, self.writer.keep, clock, self._count)
        self.flask = _flask(self)
        self._desk: Flask | None = None
        self._given, self._wake = given, on_kept
        self._opening = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/callback":
            return self.webhook(environ, start_response)
        if environ["PATH_INFO"] == _DESK or environ["PATH_INFO"].startswith(_DESK + "/"):
            return self.desk(environ, start_response)
        return self.flask(environ, start_response)

    @property
    def desk(self) -> Flask:
        """The operators' pages, put together when somebody first looks at them."""
        with self._opening:
            if self._desk is None:
                from bot.console.app import Console, create_desk

                console = Console(self.settings, self.database, self.clock, self._wake, self._given)
                self._desk = _around(create_desk(console), self.settings)
            return self._desk

    def close(self) -> None:
        """Keep what is under way, then let the database go."""
        self.writer.close()

    def _count(self, name: str) -> None:
        with self._counting:
            self.counted[name] += 1


def create_app(
    settings: Settings,
    database: Database | None = None,
    on_kept: Callable[[], None] = lambda: None,
    words: link_pages.Words | None = None,
    clock: Callable[[], float] = time.time,
    days: link_pages.Days | None = None,
    given: "tuple[Content, House] | None" = None,
) -> Application:
    """The application of these settings; connects to the database when it is first needed."""
    return Application(settings, database, on_kept, words, clock, days, given)


# ---------------------------------------------------------------- pages


def _flask(app: Application) -> Flask:
    flask = Flask(__name__, static_folder=None)
    flask.config["MAX_CONTENT_LENGTH"] = 1_000_000

    @flask.get("/healthz")
    def healthz() -> Response:
        return Response("OK\n", mimetype="text/plain")

    @flask.get("/readyz")
    def readyz() -> tuple[dict[str, str], int]:
        try:
            is_current = app.database.is_current()
        except Exception as error:  # noqa: BLE001 - whatever it is, we are not ready
            return {"database": type(error).__name__}, 503
        return {"database": "ok" if is_current else "not migrated"}, 200 if is_current else 503

    @flask.get("/metrics")
    def metrics() -> Response:
        _only_for_operators(app)
        return Response(_metrics(app), mimetype="text/plain; version=0.0.4")

    link_pages.register(flask, app)
    upload_page.register(flask, app)
    booking_page.register(flask, app, app.settings.public_url)

    return _around(flask, app.settings)


def _around(flask: Flask, settings: Settings) -> Flask:
    """What surrounds every page: plain error pages, safe headers, a proxy that is believed."""

    @flask.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        return Response(f"{error.code} {error.name}\n", error.code, mimetype="text/plain")

    @flask.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        log.error("%s %s: %s", request.method, request.url_rule, type(error).__name__)
        return Response("500 Internal Server Error\n", 500, mimetype="text/plain")

    @flask.after_request
    def protect(response: Response) -> Response:
        for name, value in _SAFE.items():
            response.headers.setdefault(name, value)
        return response

    if settings.trusted_proxies:
        from werkzeug.middleware.proxy_fix import ProxyFix

        number = settings.trusted_proxies
        flask.wsgi_app = ProxyFix(flask.wsgi_app, x_for=number, x_proto=number)  # type: ignore[method-assign]
    return flask


def _only_for_operators(app: Application) -> None:
    """404 unless the caller has the token, or there is none and the caller is on this machine."""
    token = app.settings.metrics_token
    if token:
        given = request.headers.get("Authorization", "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, f"Bearer {token}".encode()):
            abort(404)
        return
    is_forwarded = any(name.lower() in _BY_PROXIES for name, _ in request.headers)
    is_here = request.remote_addr in ("127.0.0.1", "::1")
    # Behind a proxy on the same machine everybody seems to be here.
    if not is_here or (is_forwarded and not app.settings.trusted_proxies):
        abort(404)


# ---------------------------------------------------------------- numbers


def _metrics(app: Application) -> str:
    """The numbers in Prometheus' text form, made when they are asked for."""
    from prometheus_client import CollectorRegistry, Gauge, generate_latest
    from prometheus_client.core import CounterMetricFamily

    registry = CollectorRegistry()
    with app.database.read() as session:
        known = health.numbers(session)
    for name, number in known.items():
        Gauge(f"bot_{name}", name.replace("_", " "), registry=registry).set(number)
    Gauge("bot_web_uptime_seconds", "since this process started", registry=registry).set(
        time.monotonic() - app.started
    )
    with app.database.read() as session:
        counters = outbox.read_counters(session)

    class Counted:
        def collect(self) -> Iterable[CounterMetricFamily]:
            webhooks = CounterMetricFamily(
                "bot_webhooks", "webhook requests of this process", labels=["outcome"]
            )
            for outcome, number in sorted(app.counted.items()):
                webhooks.add_metric([outcome], number)
            yield webhooks
            yield CounterMetricFamily(
                "bot_spooled_events", "events of this process that went to the spool",
                value=app.writer.spooled,
            )  # fmt: skip
            worked = CounterMetricFamily("bot_worker", "what workers counted", labels=["what"])
            for name, number in sorted(counters.items()):
                worked.add_metric([name], number)
            yield worked

    registry.register(Counted())
    return generate_latest(registry).decode()


# ---------------------------------------------------------------- the server


def run_web(settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C. Requests under way are finished, their events kept."""
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

    from bot.line.front import FrontWorker

    write_logs(settings.log_level)
    if settings.is_production:
        _refuse_demo(settings)

    class Server(BaseApplication):
        def load_config(self) -> None:
            options = {
                "bind": f"{settings.host}:{settings.port}",
                "workers": settings.web_processes,
                "threads": settings.web_threads,
                "worker_class": FrontWorker,
                "graceful_timeout": 10,
                "timeout": 60,
                "keepalive": 30,
                "loglevel": settings.log_level.lower(),
                "control_socket_disable": True,
                "worker_exit": lambda _server, worker: _close(worker),
            }
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Application:
            # Built in each worker process, after the fork: no connection is shared.
            application = create_app(settings)
            # What is here now stays: the collector need not look through it again and again.
            gc.collect()
            gc.freeze()
            return application

    Server().run()


def _refuse_demo(settings: Settings) -> None:
    database = Database.of(settings)
    try:
        operators.must_have_no_demo(database)
    except operators.DemoInProduction as error:
        sys.exit(str(error))
    finally:
        database.close()


def _close(worker: Any) -> None:
    application = getattr(worker, "wsgi", None)
    if isinstance(application, Application):
        application.close()
