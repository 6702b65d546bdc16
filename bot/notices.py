"""Telling the office's people that a case is there or waits, by e-mail and by LINE.

One thread beside the worker: a mail server that is dead or slow delays no answer of the bot's.
What it sends stands in a table since the case was opened, and is tried for about two hours.
"""

import logging
from collections.abc import Callable

import orjson

from bot.console.notice_words import in_words, mail_text
from bot.console.words import Dictionary
from bot.line.api import LineApi, NoAnswer, NotSent
from bot.mail import Mailer, NotNow, Refused
from bot.rounds import Rounds
from bot.store import notices, outbox
from bot.store.database import Database
from bot.store.notices import Notice

log = logging.getLogger(__name__)

AT_ONCE = 8
MOST_ATTEMPTS = 9
_LOOK = 5.0
_FIRST, _LONGEST = 15.0, 1800.0


class Notifier(Rounds):
    """Sends notices in its own thread; `wake` after a case was opened. `may_push`: more than the
    office's reserve of the month's messages is left; urgent notices go by LINE all the same."""

    def __init__(
        self,
        database: Database,
        api: LineApi,
        mailer: Mailer | None,
        dictionary: Dictionary,
        public_url: str,
        clock: Callable[[], float],
        may_push: Callable[[], bool] = lambda: True,
        on_push: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__("notices", log, "notices", look=_LOOK, patience=2.0)
        self._database = database
        self._api = api
        self._mailer = mailer
        self._dictionary = dictionary
        self._public_url = public_url.rstrip("/")
        self._clock = clock
        self._may_push = may_push
        self._on_push = on_push

    def step(self) -> int:
        """Send what is due now; returns how many were taken."""
        with self._database.read() as session:
            if not notices.some_due(session, self._clock()):
                return 0
        with self._database.write() as session:
            due = notices.take_due(session, self._clock(), AT_ONCE)
        is_mail_away = False
        for notice in due:
            if self._is_stopping or (is_mail_away and notice.way == notices.MAIL):
                # Not its fault; the next one to try finds out whether the server is back.
                self._later(notice, _FIRST, tried=False)
            else:
                is_mail_away = not self._send(notice) and notice.way == notices.MAIL
        return len(due)

    def _send(self, notice: Notice) -> bool:
        """Send it, or put it off, or give it up; False when its server is away."""
        if notice.address is None:
            self._end(notice, notices.GIVEN_UP, "no address")
            return True
        try:
            error = self._mail(notice) if notice.way == notices.MAIL else self._push(notice)
        except (NotNow, NotSent, NoAnswer) as away:
            if notice.attempts >= MOST_ATTEMPTS:
                self._end(notice, notices.GIVEN_UP, str(away))
            else:
                self._later(notice, min(_LONGEST, _FIRST * 2 ** (notice.attempts - 1)))
            return False
        except Exception as fault:  # noqa: BLE001 - one notice must not hold up the others
            error = type(fault).__name__
        self._end(notice, notices.GIVEN_UP if error else notices.SENT, error)
        return True

    def _mail(self, notice: Notice) -> str | None:
        """None when the server took it, else why it never will. Raises NotNow."""
        if self._mailer is None:
            return "no mail server"
        words = self._dictionary.words(notice.language)
        subject, text = in_words(words, notice, self._public_url)
        assert notice.address is not None
        try:
            self._mailer.send(notice.address, subject, mail_text(words, text), notice.retry_key)
        except Refused as error:
            return str(error)
        return None

    def _push(self, notice: Notice) -> str | None:
        """None when LINE took it, else why it never will. Raises NotSent, NoAnswer, NotNow."""
        if not notice.is_urgent and not self._may_push():
            return "kept for staff"
        words = self._dictionary.words(notice.language)
        _, text = in_words(words, notice, self._public_url)
        assert notice.address is not None
        messages = orjson.dumps([{"type": "text", "text": text}])
        answer = self._api.push(notice.address, messages, notice.retry_key)
        if answer.status in (200, 409):
            self._on_push()
            return None
        is_over = answer.status == 429 and "monthly limit" in answer.message.lower()
        if is_over:
            return "monthly limit"
        if answer.status in (401, 403, 429) or answer.status >= 500:
            raise NotNow(f"status {answer.status}")
        return f"status {answer.status}"

    def _later(self, notice: Notice, pause: float, *, tried: bool = True) -> None:
        with self._database.write() as session:
            notices.later(session, notice.id, self._clock() + pause, tried=tried)

    def _end(self, notice: Notice, state: str, error: str | None) -> None:
        if error:
            log.warning("notice of case %d by %s: %s", notice.number, notice.way, error)
        with self._database.write() as session:
            notices.end(session, notice.id, state, self._clock(), error)
            outbox.add_to_counter(session, f"notices_{state}", 1)
