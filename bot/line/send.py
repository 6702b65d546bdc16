"""Deciding how one message goes to LINE, and what an answer of LINE's means for it.

A reply is free, works once and has no retry key: repeated within 50 s of the receipt, 200 and
"Invalid reply token" (when an earlier try may have arrived) both mean delivered. After that a
message whose fate is not known is unclear: pushed once more, under its own retry key, only if
it must arrive. A message that was certainly never taken is pushed in any case.
"""

import random
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson

from bot.line.api import Answer, LineApi, NoAnswer, NotSent

TOKEN_LIVES = 50.0
GIVE_UP_AFTER = 23 * 3600.0
"""A retry key works for 24 h; the same message under it later would be a second message."""

_INVALID_TOKEN = "invalid reply token"  # noqa: S105 - LINE's words, not a token
_MONTHLY_LIMIT = "monthly limit"
KEPT_FOR_STAFF = "kept for staff"
REFUSED = "refused with status "
"""Why a message of the bot's was not pushed: what is left of the month is the office's."""


@dataclass(slots=True)
class Outgoing:
    """A message on its way. `may_have_arrived`: an earlier try ended without an answer."""

    id: str
    person: str
    user_id: str
    reply_token: str | None
    received_at: float
    messages: bytes
    must_arrive: bool
    may_have_arrived: bool = False
    tries: int = 0
    is_plain: bool = False
    row: Any = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """LINE has it. `unclear`: it may have been delivered twice."""

    via: str
    message_ids: tuple[str, ...] = ()
    unclear: bool = False


@dataclass(frozen=True, slots=True)
class TryLater:
    """Not now; again `after` seconds."""

    after: float
    why: str


@dataclass(frozen=True, slots=True)
class GiveUp:
    """It will not be sent any more. `unclear`: it may have arrived all the same. `held`: it was
    held back, because somebody else speaks by now."""

    why: str
    unclear: bool = False
    held: bool = False


Result = Sent | TryLater | GiveUp


NOT_TOLD = 0.3
"""Seconds until it is asked again who speaks."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What sending needs from outside: LINE, the clock, the plain form, who counts alarms.

    `may_speak` is asked before every try; None: it cannot be told now. `may_push`: whether a
    message is worth one of the month's quota.
    `alarm(name, properties)` is told of what an operator must see: refused, unauthorised,
    monthly_limit.
    """

    api: LineApi
    clock: Callable[[], float]
    plain: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
    alarm: Callable[[str, list[str]], None]
    chance: Callable[[], float] = random.random
    may_speak: Callable[[Outgoing], bool | None] = lambda _message: True
    may_push: Callable[[Outgoing], bool] = lambda _message: True


@dataclass(frozen=True, slots=True)
class Call:
    """A call to LINE that a message needs: LineApi's `reply` or `push` with `given`."""

    kind: Literal["reply", "push"]
    given: tuple[Any, ...]


Steps = Generator[Call, Answer, Result]
"""Yields calls, is sent their answers (or NotSent, NoAnswer is thrown in), returns the result:
so that who waits for LINE, a thread or a selector, is decided elsewhere."""


def deliver(message: Outgoing, rules: Rules) -> Result:
    """Try once (twice when LINE refuses the form and the plain text may pass)."""
    return drive(steps_of(message, rules), rules)


def drive(steps: Steps, rules: Rules, call: Call | None = None) -> Result:
    """Go through the steps (from `call` on), waiting for each answer."""
    try:
        call = call or next(steps)
        while True:
            try:
                answer = getattr(rules.api, call.kind)(*call.given)
            except (NotSent, NoAnswer) as error:
                call = steps.throw(error)
            else:
                call = steps.send(answer)
    except StopIteration as end:
        result: Result = end.value
        return result


def steps_of(message: Outgoing, rules: Rules) -> Steps:
    """The steps of one try."""
    if not message.messages:
        return GiveUp("unreadable")
    may_speak = rules.may_speak(message)
    if may_speak is None:
        return TryLater(NOT_TOLD, "who speaks is not known")
    if not may_speak:
        return GiveUp("HeldBack", unclear=message.may_have_arrived, held=True)
    message.tries += 1
    age = rules.clock() - message.received_at
    if message.reply_token and age < TOKEN_LIVES:
        return (yield from _reply(message, rules))
    if message.may_have_arrived and message.reply_token and not message.must_arrive:
        return GiveUp("no answer in time", unclear=True)
    if age > GIVE_UP_AFTER:
        return GiveUp("too old", unclear=message.may_have_arrived)
    return (yield from _push(message, rules))


def _reply(message: Outgoing, rules: Rules) -> Steps:
    assert message.reply_token is not None
    try:
        answer = yield Call("reply", (message.reply_token, message.messages))
    except NotSent as error:
        return TryLater(_pause(message, rules), str(error))
    except NoAnswer as error:
        message.may_have_arrived = True
        return TryLater(_pause(message, rules), str(error))
    if answer.status == 200:
        return Sent("reply", _ids(answer))
    if answer.status == 400 and _INVALID_TOKEN in answer.message.lower():
        if message.may_have_arrived:
            return Sent("reply")
        # The token died unused (a slow start, a clock): the answer still has to go out.
        message.reply_token = None
        return (yield from _push(message, rules))
    return (yield from _otherwise(message, answer, rules, _reply))


def _push(message: Outgoing, rules: Rules) -> Steps:
    if not message.user_id:
        return GiveUp("nobody to push to", unclear=message.may_have_arrived)
    if not rules.may_push(message):
        return GiveUp(KEPT_FOR_STAFF, unclear=message.may_have_arrived)
    # An unclear reply that is pushed may be the second one; repeated pushes never are.
    unclear = message.may_have_arrived and message.reply_token is not None
    try:
        answer = yield Call("push", (message.user_id, message.messages, message.id))
    except (NotSent, NoAnswer) as error:
        return TryLater(_pause(message, rules), str(error))
    if answer.status == 200:
        return Sent("push", _ids(answer), unclear)
    if answer.status == 409:
        return Sent("push", _ids(answer), unclear)
    return (yield from _otherwise(message, answer, rules, _push))


def _otherwise(
    message: Outgoing, answer: Answer, rules: Rules, again: Callable[[Outgoing, Rules], Steps]
) -> Steps:
    """What every other status means, for a reply and for a push."""
    if answer.status == 429:
        if _MONTHLY_LIMIT in answer.message.lower():
            rules.alarm("monthly_limit", [])
            return GiveUp("monthly limit", unclear=message.may_have_arrived)
        return TryLater(max(answer.retry_after or 0, _pause(message, rules)), "rate limit")
    if answer.status in (401, 403):
        rules.alarm("unauthorised", [])
        return TryLater(max(5.0, _pause(message, rules)), f"status {answer.status}")
    if answer.status >= 500:
        # LINE's own trouble: it may have been accepted before something broke.
        if again is _reply:
            message.may_have_arrived = True
        return TryLater(_pause(message, rules), f"status {answer.status}")
    rules.alarm("refused", answer.properties)
    if not message.is_plain and answer.status in (400, 413):
        message.is_plain = True
        message.messages = orjson.dumps(rules.plain(orjson.loads(message.messages)))
        return (yield from again(message, rules))
    return GiveUp(f"{REFUSED}{answer.status}", unclear=message.may_have_arrived)


def _pause(message: Outgoing, rules: Rules) -> float:
    """0.2 s, doubling to at most 60 s, each shortened by chance so that crowds spread."""
    longest = min(60.0, 0.2 * 2 ** min(message.tries - 1, 10))
    return longest * (0.5 + rules.chance() / 2)


def _ids(answer: Answer) -> tuple[str, ...]:
    sent = answer.json().get("sentMessages")
    if not isinstance(sent, list):
        return ()
    return tuple(str(one["id"]) for one in sent if isinstance(one, dict) and "id" in one)
