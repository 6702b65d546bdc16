"""The threads that talk to LINE: many persons at once, each person's messages in order.

Threads are started when messages wait too long for one, up to a limit, because idle threads
cost nothing but busy ones share one interpreter; a watching thread sees to that when all others
wait for LINE. A message that must be tried again holds up only its own person.
"""

import heapq
import itertools
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from bot.line.send import GiveUp, Outgoing, Result, Sent, TryLater

log = logging.getLogger(__name__)

_TOO_LONG = 0.01
"""Waiting longer than this for a free thread starts another one (seconds)."""


class SenderPool:
    """Sends messages by `deliver`; `on_end(message, Sent | GiveUp)` is called for each."""

    def __init__(
        self,
        deliver: Callable[[Outgoing], Result],
        on_end: Callable[[Outgoing, Sent | GiveUp], None],
        most: int,
        on_thread_end: Callable[[], None] = lambda: None,
    ) -> None:
        self._deliver = deliver
        self._on_end = on_end
        self._most = max(1, most)
        self._on_thread_end = on_thread_end
        lock = threading.RLock()
        self._changed = threading.Condition(lock)
        self._all_busy = threading.Condition(lock)
        self._of: dict[str, deque[Outgoing]] = {}  # every person with something in hand
        self._ready: deque[tuple[float, str]] = deque()
        self._later: list[tuple[float, int, str]] = []
        self._number = itertools.count()
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._in_hand = 0
        self._calling: set[str] = set()
        self._is_closing = False

    def __len__(self) -> int:
        return self._in_hand

    def has_room(self) -> bool:
        """False when so much waits that a row is better left in the database."""
        return self._in_hand < self._most * 8

    def submit(self, messages: Sequence[Outgoing]) -> None:
        """Take over these messages, in this order."""
        now = time.monotonic()
        with self._changed:
            for message in messages:
                self._in_hand += 1
                waiting = self._of.get(message.person)
                if waiting is None:
                    self._of[message.person] = deque([message])
                    self._ready.append((now, message.person))
                else:
                    waiting.append(message)
            if not self._threads and self._ready:
                self._start_thread()
                threading.Thread(target=self._watch, name="sender-watch", daemon=True).start()
            self._changed.notify(min(len(self._ready), self._idle))
            if not self._idle:
                self._all_busy.notify()

    def ids_in_hand(self) -> list[str]:
        """The messages that are waiting or being sent."""
        with self._changed:
            return [message.id for waiting in self._of.values() for message in waiting]

    def close(self, patience: float = 5.0) -> list[str]:
        """Finish the calls under way; returns the ids of messages that were never tried."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
            self._all_busy.notify()
        until = time.monotonic() + patience
        for thread in list(self._threads):
            thread.join(max(0.0, until - time.monotonic()))
        with self._changed:
            return [
                message.id
                for waiting in self._of.values()
                for message in waiting
                if message.tries == 0 and message.person not in self._calling
            ]

    def _start_thread(self) -> None:
        name = f"sender-{len(self._threads) + 1}"
        thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _watch(self) -> None:
        """See to it that nobody waits for calls that LINE does not answer."""
        with self._changed:
            while not self._is_closing:
                waiting = [self._ready[0][0]] if self._ready else []
                waiting += [self._later[0][0]] if self._later else []
                if self._idle or not waiting or len(self._threads) >= self._most:
                    self._all_busy.wait()
                    continue
                late = time.monotonic() - min(waiting)
                if late > _TOO_LONG:
                    self._start_thread()
                    late = 0.0
                self._all_busy.wait(_TOO_LONG - late)

    def _run(self) -> None:
        while (person := self._next_person()) is not None:
            message = self._of[person][0]
            try:
                result = self._deliver(message)
            except Exception as error:  # noqa: BLE001 - a fault of ours must not stop the thread
                log.error("send: %s for row %s", type(error).__name__, message.id)
                result = GiveUp(type(error).__name__, unclear=message.may_have_arrived)
            if not isinstance(result, TryLater):
                # Told before the person's next message starts: marks are made in order.
                self._on_end(message, result)
            self._put_back(person, result)
        self._on_thread_end()

    def _next_person(self) -> str | None:
        with self._changed:
            while True:
                if self._is_closing:
                    return None
                now = time.monotonic()
                while self._later and self._later[0][0] <= now:
                    _, _, person = heapq.heappop(self._later)
                    self._ready.append((now, person))
                if self._ready:
                    since, person = self._ready.popleft()
                    if (
                        now - since > _TOO_LONG
                        and not self._idle
                        and len(self._threads) < self._most
                    ):
                        self._start_thread()
                    if not self._idle and (self._ready or self._later):
                        self._all_busy.notify()
                    self._calling.add(person)
                    return person
                self._idle += 1
                self._changed.wait(self._later[0][0] - now if self._later else None)
                self._idle -= 1

    def _put_back(self, person: str, result: Result) -> None:
        now = time.monotonic()
        with self._changed:
            self._calling.discard(person)
            waiting = self._of[person]
            if isinstance(result, TryLater):
                heapq.heappush(self._later, (now + result.after, next(self._number), person))
                self._changed.notify()
                return
            waiting.popleft()
            self._in_hand -= 1
            if waiting:
                self._ready.append((now, person))
                self._changed.notify()
            else:
                del self._of[person]
