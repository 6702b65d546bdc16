"""The loading animation for people who have to wait: a sign that somebody is at work.

Best effort, beside everything else: it is shown only while many wait and to those at the end
of the queue, because an animation that starts after the answer would promise another one.
"""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from bot.line.api import NoAnswer, NotSent

AT_ONCE = 20
"""LINE allows 100 a second for this call; the answers matter more."""
_LASTS = 10.0
_EVERY = 1.0


class Loading:
    """Shows the animation by `show(user_id, seconds)`, at most AT_ONCE people a second."""

    def __init__(self, show: Callable[[str, int], object]) -> None:
        self._show = show
        self._until: dict[str, float] = {}
        self._next_at = 0.0
        self._threads = ThreadPoolExecutor(2, "loading")

    def is_due(self) -> bool:
        """True when it is time to look who waits."""
        return time.monotonic() >= self._next_at

    def show(self, people: Mapping[str, str]) -> None:
        """Show it to these (person -> user id), once while it lasts."""
        now = time.monotonic()
        self._next_at = now + _EVERY
        self._until = {person: until for person, until in self._until.items() if until > now}
        fresh = [one for one in people if one not in self._until][:AT_ONCE]
        for person in fresh:
            self._until[person] = now + _LASTS
            self._threads.submit(self._call, people[person])

    def close(self) -> None:
        """Show it to nobody any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _call(self, user_id: str) -> None:
        try:
            self._show(user_id, int(_LASTS))
        except (NotSent, NoAnswer):
            pass  # an animation less
