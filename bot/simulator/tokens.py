"""Reply tokens: each works once, and for a minute."""

import secrets
from dataclasses import dataclass

from bot.simulator.errors import INVALID_REPLY_TOKEN, ApiError

MINUTE = 60
LAST_REDELIVERY = 20 * MINUTE
KEPT_FOR = 60 * MINUTE


@dataclass
class _Token:
    person: str
    event_at: float
    delivered_at: float | None = None
    is_redelivered: bool = False
    is_used: bool = False


class ReplyTokens:
    """All tokens ever given out. Not thread-safe: the platform's lock is held around it."""

    def __init__(self) -> None:
        self._tokens: dict[str, _Token] = {}

    def issue(self, person: str, now: float) -> str:
        """A new token for an event of this person; it lives from its delivery on."""
        token = secrets.token_hex(16)
        self._tokens[token] = _Token(person, now)
        return token

    def start(self, token: str, now: float, is_redelivery: bool) -> None:
        """The event is on its way (again): the minute begins."""
        if known := self._tokens.get(token):
            known.delivered_at = now
            known.is_redelivered = known.is_redelivered or is_redelivery

    def owner(self, token: str, now: float) -> str:
        """Whose token it is; ApiError when it is used, expired or unknown."""
        known = self._tokens.get(token)
        if known is None or known.is_used or not self._is_alive(known, now):
            raise ApiError(400, INVALID_REPLY_TOKEN)
        return known.person

    def spend(self, token: str) -> None:
        """Use the token up."""
        self._tokens[token].is_used = True

    def forget_old(self, now: float) -> None:
        """Drop what has expired for good, so that a long run stays small and quick."""
        while self._tokens:
            oldest = next(iter(self._tokens))
            if now - self._tokens[oldest].event_at <= KEPT_FOR:
                return
            del self._tokens[oldest]

    @staticmethod
    def _is_alive(token: _Token, now: float) -> bool:
        if token.delivered_at is None or now - token.delivered_at > MINUTE:
            return False
        return not token.is_redelivered or now - token.event_at <= LAST_REDELIVERY
