"""The threads that talk to LINE: many persons at once, each person's messages in order.

As few threads as suffice: a thread that ends a call takes the next message itself, the thread
that slept last is woken first, and a watching thread wakes or starts others, twice as many each
time, while messages wait too long for one. Once calls are known to take long, each message gets
a thread at once. A message that must be tried again holds up only its own person.
"""

import heapq
import itertools
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from bot.line.express import Express
from bot.line.send import GiveUp, Outgoing, Result, Sent, TryLater

log = logging.getLogger(__name__)

_TOO_LONG = 0.005
"""Waiting longer than this for a free thread calls for another one (seconds)."""
_SLOW = 0.01
"""Calls that take this long wait for LINE, and not for this process (seconds)."""

_OPEN = 16
"""As many connections are opened for a crowd, even when calls are quick."""

_IN_HAND = 256
"""So many messages, of up to twelve kilobytes each, are held in memory at least."""


class SenderPool:
    """Sends messages by `deliver`; `on_end(message, Sent | GiveUp)` is called for each."""

    def __init__(
        self,
        deliver: Callable[[Outgoing], Result],
        on_end: Callable[[Outgoing, Sent | GiveUp], None],
        most: int,
        on_thread_end: Callable[[], None] = lambda: None,
        express: Express | None = None,
    ) -> None:
        self._deliver = deliver
        self._on_end = on_end
        self._most = max(1, most)
        self._on_thread_end = on_thread_end
        self._lock = threading.Lock()
        self._watch_bell = threading.Condition(self._lock)
        self._of: dict[str, deque[Outgoing]] = {}  # every person with something in hand
        self._ready: deque[tuple[float, str]] = deque()
        self._later: list[tuple[float, int, str]] = []
        self._number = itertools.count()
        self._threads: list[threading.Thread] = []
        self._asleep: list[threading.Lock] = []  # released to wake its thread
        self._usual = 0.0  # what a call takes, lately (seconds)
        self._in_hand = 0
        self._calling: set[str] = set()
        self._watches = False
        self._is_watching = False
        self._is_closing = False
        self._unfinished: dict[str, Callable[[], Result]] = {}  # what `express` handed over
        self._express = express
        if express is not None:
            express.begin(self._ended, self._finish, self._start_ready)

    def __len__(self) -> int:
        return self._in_hand

    def has_room(self) -> bool:
        """False when so much waits that a row is better left in the database."""
        return self._in_hand < max(_IN_HAND, self._most * 2)

    def submit(self, messages: Sequence[Outgoing]) -> None:
        """Take over these messages, in this order."""
        now = time.monotonic()
        with self._lock:
            self._in_hand += len(messages)
            for message in messages:
                waiting = self._of.get(message.person)
                if waiting is None:
                    self._of[message.person] = deque([message])
                    self._ready.append((now, message.person))
                else:
                    waiting.append(message)
            if not self._watches:
                self._watches = True
                threading.Thread(target=self._watch, name="sender-watch", daemon=True).start()
        self._start_ready()
        with self._lock:
            if not self._ready:
                return
            wanted = self._threads_wanted()
            self._call_up(wanted)
            if wanted < len(self._ready) and not self._is_watching:
                self._watch_bell.notify()

    def _threads_wanted(self) -> int:
        """How many threads the ready messages need at once; the watcher sees to the rest."""
        if self._usual > _SLOW:
            return len(self._ready)
        if self._express is not None:
            # A thread opens a connection; from then on it is there for the next crowd.
            return min(len(self._ready), max(0, _OPEN - self._express.connections()))
        return int(len(self._asleep) == len(self._threads))

    def _start_ready(self) -> None:
        """Send what is ready as far as connections are open."""
        while self._express is not None:
            with self._lock:
                if not self._ready or self._is_closing or len(self._calling) >= self._most:
                    return
                at, person = self._ready.popleft()
                if person in self._unfinished:
                    self._ready.appendleft((at, person))
                    return
                self._calling.add(person)
                message = self._of[person][0]
            if not self._express.start(message):
                with self._lock:
                    self._calling.discard(person)
                    self._ready.appendleft((at, person))
                return

    def _finish(self, message: Outgoing, finish: Callable[[], Result]) -> None:
        """A message that a thread must finish, now."""
        with self._lock:
            self._calling.discard(message.person)
            self._unfinished[message.person] = finish
            self._ready.appendleft((time.monotonic(), message.person))
            self._call_up(1)

    def _ended(self, message: Outgoing, result: Result, took: float) -> None:
        if not isinstance(result, TryLater):
            # Told before the person's next message starts: marks are made in order.
            self._on_end(message, result)
        self._put_back(message.person, result, took)

    def ids_in_hand(self) -> list[str]:
        """The messages that are waiting or being sent."""
        with self._lock:
            return [message.id for waiting in self._of.values() for message in waiting]

    def close(self, patience: float = 5.0) -> list[str]:
        """Finish the calls under way; returns the ids of messages that were never tried."""
        with self._lock:
            self._is_closing = True
            self._wake(len(self._asleep))
            self._watch_bell.notify()
        until = time.monotonic() + patience
        if self._express is not None:
            self._express.close(until)
        for thread in list(self._threads):
            thread.join(max(0.0, until - time.monotonic()))
        with self._lock:
            return [
                message.id
                for waiting in self._of.values()
                for message in waiting
                if message.tries == 0 and message.person not in self._calling
            ]

    def _call_up(self, number: int) -> None:
        """Wake this many threads, and start new ones for those that do not sleep."""
        room = self._most - len(self._calling)
        number = min(number, room)
        for _ in range(min(number - self._wake(number), self._most - len(self._threads))):
            name = f"sender-{len(self._threads) + 1}"
            thread = threading.Thread(target=self._run, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def _wake(self, number: int) -> int:
        """Wake up to so many threads; returns how many."""
        number = min(number, len(self._asleep))
        for _ in range(number):
            self._asleep.pop().release()
        return number

    def _watch(self) -> None:
        """See to it that nobody waits for calls that LINE does not answer, nor beyond a pause."""
        more = 1
        with self._lock:
            while not self._is_closing:
                now = time.monotonic()
                if due := self._move_due(now):
                    self._call_up(due)
                if self._ready and now - self._ready[0][0] >= _TOO_LONG:
                    self._call_up(more)
                    more *= 2
                else:
                    more = 1
                self._is_watching = bool(self._ready)
                pauses = [_TOO_LONG] if self._ready else []
                pauses += [self._later[0][0] - now] if self._later else []
                self._watch_bell.wait(min(pauses, default=None))

    def _move_due(self, now: float) -> int:
        """Make those ready whose pause is over; returns how many."""
        number = 0
        while self._later and self._later[0][0] <= now:
            _, _, person = heapq.heappop(self._later)
            self._ready.append((now, person))
            number += 1
        return number

    def _run(self) -> None:
        bell = threading.Lock()
        bell.acquire()
        while (person := self._next_person(bell)) is not None:
            message = self._of[person][0]
            began = time.monotonic()
            with self._lock:
                finish = self._unfinished.pop(person, None)
            try:
                result = finish() if finish else self._deliver(message)
            except Exception as error:  # noqa: BLE001 - a fault of ours must not stop the thread
                log.error("send: %s for row %s", type(error).__name__, message.id)
                result = GiveUp(type(error).__name__, unclear=message.may_have_arrived)
            self._ended(message, result, time.monotonic() - began)
        self._on_thread_end()

    def _next_person(self, bell: threading.Lock) -> str | None:
        while True:
            with self._lock:
                if self._is_closing:
                    return None
                if self._ready:
                    _, person = self._ready.popleft()
                    self._calling.add(person)
                    return person
                self._asleep.append(bell)
            bell.acquire()

    def _put_back(self, person: str, result: Result, took: float) -> None:
        now = time.monotonic()
        with self._lock:
            self._usual += (took - self._usual) / 8
            self._calling.discard(person)
            waiting = self._of[person]
            if isinstance(result, TryLater):
                heapq.heappush(self._later, (now + result.after, next(self._number), person))
                self._watch_bell.notify()
                return
            waiting.popleft()
            self._in_hand -= 1
            if waiting:
                self._ready.append((now, person))
            else:
                del self._of[person]
