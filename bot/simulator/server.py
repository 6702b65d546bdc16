"""The whole simulator, started: platform, delivery and HTTP in background threads.

Tests drive it in Python (`sim.user()`, `user.says()`, `user.wait_for()`); people open `url`.
"""

import threading
from pathlib import Path
from types import TracebackType
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from bot.simulator.app import create_simulator
from bot.simulator.delivery import Delivery
from bot.simulator.faults import Faults
from bot.simulator.keep import Keeper
from bot.simulator.people import Bubble
from bot.simulator.phone import Phone
from bot.simulator.platform import Platform


class _Quiet(WSGIRequestHandler):
    """Paths carry user ids: they are not logged."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


class Simulator:
    """LINE on this machine. `start` it (or use `with`), give `url` to the bot as LINE's API."""

    def __init__(
        self,
        webhook_url: str,
        channel_secret: str,
        access_token: str,
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        keep: Path | None = None,
        faults: Faults | None = None,
        **settings: Any,
    ) -> None:
        """`keep` is the file for people and chats, None to forget them.

        `settings` go to `Platform`: clock, office_name, monthly_limit, chat_mode.
        """
        self.platform = Platform(access_token, **settings)
        self.delivery = Delivery(self.platform, webhook_url, channel_secret, faults)
        self._keeper = Keeper(self.platform, keep) if keep else None
        self._address = (host, port)
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def faults(self) -> Faults:
        """What goes wrong on demand."""
        return self.delivery.faults

    @property
    def url(self) -> str:
        """The address of the phone page and of the API."""
        assert self._server is not None, "start the simulator first"
        return f"http://{self._address[0]}:{self._server.server_port}"

    def start(self) -> "Simulator":
        """Serve and deliver until `stop`."""
        if self._keeper:
            self._keeper.start()
        host, port = self._address
        app = create_simulator(self.platform, self.delivery)
        self._server = make_server(host, port, app, threaded=True, request_handler=_Quiet)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="line-http", daemon=True
        )
        self._thread.start()
        self.delivery.start()
        return self

    def stop(self) -> None:
        """End all threads; whoever waits on the page is let go."""
        self.platform.close()
        self.delivery.stop()
        if self._server and self._thread:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
        if self._keeper:
            self._keeper.stop()

    def user(self, name: str = "Mai", language: str = "en", **settings: bool) -> "User":
        """A new person who is a friend already (no follow event is sent)."""
        return User(self, self.platform.add_person(name, language, **settings).id)

    def __enter__(self) -> "Simulator":
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class User(Phone):
    """A phone in a test's hand: acts, and waits for what comes."""

    def __init__(self, simulator: Simulator, user_id: str) -> None:
        super().__init__(simulator.platform, user_id)
        self.id = user_id
        self._seen = 0

    def bubbles(self) -> list[Bubble]:
        """The whole chat."""
        with self.platform.changed:
            return list(self.person.bubbles)

    def answers(self) -> list[Bubble]:
        """What the office has sent."""
        return [bubble for bubble in self.bubbles() if bubble.side == "bot"]

    def wait_for(self, n_more: int = 1, timeout: float = 5.0) -> list[Bubble]:
        """The next messages of the office that no earlier call returned, at least `n_more`.

        AssertionError, with what did come, when they do not arrive in time.
        """
        enough = self.platform.wait(lambda: len(self.answers()) >= self._seen + n_more, timeout)
        new = self.answers()[self._seen :]
        if not enough:
            came = [bubble.message.get("text", bubble.message["type"]) for bubble in new]
            raise AssertionError(f"waited {timeout} s for {n_more} messages, got {came}")
        self._seen += len(new)
        return new

    def hears_nothing(self, for_seconds: float = 0.3) -> bool:
        """True when no message comes within this time."""
        return not self.platform.wait(lambda: len(self.answers()) > self._seen, for_seconds)
