"""A thread beside the worker that looks, works, and looks again: one life for all of them.

Whoever waits for somebody else's server (LINE's, a mail server) does so in such a thread, so that
no answer of the bot's waits with it.
"""

import logging
import threading


class Rounds:
    """Calls `step` in a thread of its own from `start` to `close`, and waits in between.

    `name` is the thread's, `subject` stands before an error in the log; `look`: the seconds after
    which it looks by itself; `patience`: how long `close` waits for what is under way.
    """

    def __init__(
        self, name: str, log: logging.Logger, subject: str, *, look: float, patience: float
    ) -> None:
        self._log = log
        self._subject = subject
        self._every = look
        self._patience = patience
        self._wanted = threading.Event()
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Something is there: look now."""
        self._wanted.set()

    def close(self) -> None:
        """Stop; what is under way is not waited for longer than `patience`."""
        self._is_stopping = True
        self._wanted.set()
        if self._thread.is_alive():
            self._thread.join(self._patience)

    def step(self) -> int:
        """Do what is due now; returns how much that was."""
        raise NotImplementedError

    def pause(self, done: int) -> float:
        """How many seconds to wait after a round that did so much: none while there was work."""
        return 0.0 if done else self._every

    def _run(self) -> None:
        while True:
            self._wanted.clear()
            if self._is_stopping:  # only now: what is set after it ends the wait below
                return
            try:
                pause = self.pause(self.step())
            except Exception as error:  # noqa: BLE001 - the thread must live
                self._log.error("%s: %s", self._subject, type(error).__name__)
                pause = self._every
            self._wanted.wait(pause)
