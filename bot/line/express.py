"""Replies on connections that are open already, without a thread that waits for each.

The thread that has committed the messages sends them here itself: a system call each, while a
sending thread would first have to be woken and then wait for the one that thinks. One thread
takes the answers, many at a time. Whatever is not so simple (no open connection, a push,
an answer in pieces, something to be said again) is handed to the sender pool's threads.
"""

import logging
import selectors
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.line.api import Answer, NoAnswer
from bot.line.connection import Connection, NotPlain
from bot.line.send import Call, GiveUp, Outgoing, Result, Rules, Steps, drive, steps_of

log = logging.getLogger(__name__)

_BREATH = 0.002  # what comes meanwhile is taken together; nobody but marks waits for it
_LOOK = 0.5

OnEnd = Callable[[Outgoing, Result, float], None]
"""Told of the result and of how long the call took (seconds)."""
HandOver = Callable[[Outgoing, Callable[[], Result]], None]
"""Takes what a thread has to finish."""


@dataclass(slots=True, eq=False)
class _Waiting:
    """A reply that was sent and waits for its answer."""

    message: Outgoing
    steps: Steps
    connection: Connection
    began: float
    result: Result | None = None


class Express:
    """Starts replies at once where it can; `begin` names who is told of their ends."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._api = rules.api
        self._selector = selectors.DefaultSelector()
        self._waiting: dict[int, _Waiting] = {}  # by file number, oldest first
        self._lock = threading.Lock()
        self._is_closing = False
        self._thread = threading.Thread(target=self._run, name="sender-answers", daemon=True)

    def begin(self, on_end: OnEnd, hand_over: HandOver, breathe: Callable[[], None]) -> None:
        """Take answers from now on; `breathe` is called after some came."""
        self._on_end, self._hand_over, self._breathe = on_end, hand_over, breathe
        self._thread.start()

    def __len__(self) -> int:
        return len(self._waiting)

    def connections(self) -> int:
        """How many connections are open, in use here or in nobody's."""
        return len(self._waiting) + self._api.number_idle()

    def start(self, message: Outgoing) -> bool:
        """Send this message now, if that needs nothing but an open connection."""
        connection = self._api.idle()
        if connection is None:
            return False
        steps = steps_of(message, self._rules)
        waiting = _Waiting(message, steps, connection, time.monotonic())
        call = self._step(waiting, None)
        if call is None or call.kind != "reply":
            self._api.give_back(connection)
            self._go_on(waiting, call)
            return True
        try:
            rest = self._api.start_reply(connection, *call.given)
        except NoAnswer as error:
            self._go_on(waiting, self._step(waiting, error))
            return True
        if rest:
            self._hand_over(message, lambda: self._finish(waiting, rest))
            return True
        with self._lock:
            # Known before it is registered, because the answer may come at once.
            self._waiting[connection.fileno()] = waiting
            self._selector.register(connection, selectors.EVENT_READ)
        return True

    def close(self, until: float) -> None:
        """Wait for the answers under way until then (monotonic), and stop."""
        while self._waiting and time.monotonic() < until:
            time.sleep(0.01)
        self._is_closing = True
        if self._thread.is_alive():
            self._thread.join(2 * _LOOK)
        if not self._thread.is_alive():
            self._selector.close()

    # ------------------------------------------------------------ answers

    def _run(self) -> None:
        while not self._is_closing:
            ready = self._selector.select(_LOOK)
            try:
                for key, _ in ready:
                    self._hear(key.fd)
                self._end_silence()
                if ready:
                    self._breathe()
            except Exception as error:  # noqa: BLE001 - without this thread no answer is heard
                log.error("answers: %s", type(error).__name__)
            if ready:
                time.sleep(_BREATH)

    def _hear(self, number: int) -> None:
        waiting = self._waiting.get(number)
        if waiting is None:
            return
        try:
            heard = waiting.connection.heard_by_now()
        except NotPlain:
            self._forget(waiting)
            self._hand_over(waiting.message, lambda: self._finish(waiting, b""))
        except (OSError, ValueError) as error:
            self._forget(waiting)
            waiting.connection.close()
            self._go_on(waiting, self._step(waiting, NoAnswer(type(error).__name__)))
        else:
            if heard is not None:
                self._forget(waiting)
                answer = self._api.answered(waiting.connection, heard)
                self._go_on(waiting, self._step(waiting, answer))

    def _end_silence(self) -> None:
        before = time.monotonic() - self._api.silence
        with self._lock:
            silent = [one for one in self._waiting.values() if one.began < before]
        for waiting in silent:
            self._forget(waiting)
            waiting.connection.close()
            self._go_on(waiting, self._step(waiting, NoAnswer("TimeoutError")))

    def _forget(self, waiting: _Waiting) -> None:
        with self._lock:
            self._selector.unregister(waiting.connection)
            del self._waiting[waiting.connection.fileno()]

    def _step(self, waiting: _Waiting, answer: Answer | NoAnswer | None) -> Call | None:
        """Let the message have an answer; the call that it needs next, or None at its end."""
        steps = waiting.steps
        try:
            if answer is None:
                return next(steps)
            return steps.throw(answer) if isinstance(answer, NoAnswer) else steps.send(answer)
        except StopIteration as end:
            waiting.result = end.value
        except Exception as error:  # noqa: BLE001 - a fault of ours must stop nothing else
            log.error("send: %s for row %s", type(error).__name__, waiting.message.id)
            waiting.result = GiveUp(type(error).__name__, waiting.message.may_have_arrived)
        return None

    def _go_on(self, waiting: _Waiting, call: Call | None) -> None:
        """Tell the result, or let a thread make the next call."""
        if call is not None:
            self._hand_over(waiting.message, lambda: drive(waiting.steps, self._rules, call))
        elif waiting.result is not None:
            took = time.monotonic() - waiting.began
            self._on_end(waiting.message, waiting.result, took)

    def _finish(self, waiting: _Waiting, rest: bytes) -> Result:
        """On a thread of the pool: send the rest, wait for the answer, and go on."""
        connection, silence = waiting.connection, self._api.silence
        answer: Answer | NoAnswer
        try:
            heard = connection.ask(rest, silence) if rest else connection.hear(silence)
            answer = self._api.answered(connection, heard)
        except OSError as error:
            connection.close()
            answer = NoAnswer(type(error).__name__)
        call = self._step(waiting, answer)
        if call is not None:
            return drive(waiting.steps, self._rules, call)
        assert waiting.result is not None
        return waiting.result
