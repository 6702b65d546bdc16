"""Which answers must arrive, even twice, and which may be lost with a broken line."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from bot.dialogue.conversation import Conversation
from bot.dialogue.replies import Ask, Duties, ListOfAnswers, Paragraphs, Reply, Result, Say
from bot.dialogue.requests import (
    ForgetMessage,
    ForgetPassedOn,
    KeepFile,
    KeepNotice,
    KeepUnanswered,
    RateCase,
    Request,
)
from bot.flow.model import Spoken


class Turn(Protocol):
    """What `dialogue.turn.take_turn` returns."""

    @property
    def conversation(self) -> Conversation: ...
    @property
    def replies(self) -> tuple[Reply, ...]: ...
    @property
    def requests(self) -> tuple[Request, ...]: ...


def must_arrive(replies: Sequence[Reply], requests: Sequence[Request]) -> bool:
    """True when the answer carries a result, a date, or something that was done."""
    silent = KeepNotice | ForgetMessage | ForgetPassedOn | KeepUnanswered | RateCase | KeepFile
    if any(not isinstance(request, silent) for request in requests):
        return True
    for reply in replies:
        if isinstance(reply, Result | Duties):
            return True
        if any(isinstance(v, date) for spoken in _said(reply) for v in spoken.params.values()):
            return True
    return False


def _said(reply: Reply) -> tuple[Spoken, ...]:
    match reply:
        case Say(text=text):
            return (text,)
        case Paragraphs(texts=texts):
            return texts
        case Ask(before=before):
            return before
        case ListOfAnswers(items=items):
            return tuple(value for _, value in items)
        case _:
            return ()
