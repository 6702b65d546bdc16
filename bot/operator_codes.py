"""The code by which one of the office's people links their own LINE account, as it is typed.

It is recognised before anything else is made of a message: in its place stands a TypedCode, and
nothing of the message is kept. A wrong one counts; who typed too many is not believed for a while.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.dialogue.events import Said, TypedCode
from bot.line.incoming import Incoming
from bot.store import notice_wishes
from bot.store.conversations import ChangedMeanwhile
from bot.store.database import Session
from bot.store.inbox import Kept


@dataclass(frozen=True, slots=True)
class Typed:
    """A code that this person typed, and whether it works."""

    person: str
    code: str
    works: bool


def recognise(
    session: Session, events: Sequence[Kept], incoming: dict[str, Incoming], now: float
) -> dict[str, Typed]:
    """The codes among these events, by event id; `incoming` has a TypedCode in their place."""
    found: dict[str, Typed] = {}
    for kept in events:
        coming = incoming[kept.event_id]
        code = notice_wishes.code_in(coming.event.text) if isinstance(coming.event, Said) else None
        if code is None:
            continue
        # One a batch: what is wrong is only counted when the batch is written.
        is_first = all(typed.person != kept.person for typed in found.values())
        works = is_first and notice_wishes.works(session, code, kept.person, now)
        event = TypedCode(coming.event.id, coming.event.at, works)
        incoming[kept.event_id] = replace(coming, event=event)
        found[kept.event_id] = Typed(kept.person, code, works)
    return found


def use(session: Session, typed: Typed, user_id: str, now: float) -> None:
    """Link the operator of this code, or count that it was wrong. Raises ChangedMeanwhile when
    somebody else was first: then all is read again."""
    if not typed.works:
        notice_wishes.note_wrong(session, typed.person, now)
    elif not notice_wishes.link(session, typed.code, typed.person, user_id, now):
        raise ChangedMeanwhile
