"""What the guide knows and an operator can send: the last result, the papers of it, a topic, a life
event; in the language of whoever reads it. Nothing is changed by looking.
"""

from typing import TYPE_CHECKING, Any

from bot import answering
from bot.console.words import datetime_of
from bot.dialogue import taps
from bot.dialogue.conversation import Conversation, Walk
from bot.line import card, flex, limits
from bot.store import conversations
from bot.store.cases import Case
from bot.store.database import Session

if TYPE_CHECKING:
    from bot.console.app import Console

RESULT, CHECKLIST = "last-result", "checklist"
Message = dict[str, Any]


def offered(console: "Console", session: Session, case: Case) -> tuple[str, ...]:
    """What there is of this person's own: the last result, and its papers."""
    talk = _conversation(session, case)
    if talk is None or not _told(talk):
        return ()
    papers = _checklist(console, talk, console.clock(), talk.language)
    return (RESULT, CHECKLIST) if papers else (RESULT,)


def messages(
    console: "Console", session: Session, case: Case, what: str, language: str | None = None
) -> list[Message]:
    """The messages; empty when there is nothing of that name. `language`: another reader's."""
    now, library = console.clock(), console.content.library
    talk = _conversation(session, case)
    if talk is None:
        return []
    if what == CHECKLIST:
        return _checklist(console, talk, now, language or talk.language or talk.guess)
    if what == RESULT and not _told(talk):
        return []
    if what != RESULT and what not in library.topics and what not in library.events:
        return []
    tap = taps.request(RESULT) if what == RESULT else taps.start(what)
    return answering.shown_by(console.house, session, case.id, tap, now, language)


def papers(console: "Console", session: Session, case: Case, flow: str | None) -> frozenset[str]:
    """The ids of the papers that this person was told for a procedure."""
    talk, today = _conversation(session, case), datetime_of(console.clock()).date()
    for walk in _told(talk) if talk is not None else ():
        if walk.flow == flow and flow in console.content.library.flows:
            solution = console.content.engine.solve(flow, walk.answers, today)
            lists = (solution.documents, *(step.documents for step in solution.steps))
            return frozenset(one.document.id for listed in lists for one in listed)
    return frozenset()


def asks(found: list[Message]) -> bool:
    """Whether the first thing would be a question, which only the guide itself can ask."""
    return any("quickReply" in message for message in found)


def _conversation(session: Session, case: Case) -> Conversation | None:
    stored = conversations.load(session, (case.person,)).get(case.person)
    return stored.conversation if stored else None


def _told(talk: Conversation) -> list[Walk]:
    return [walk for walk in (talk.walk, *talk.past) if walk is not None and walk.told]


def _checklist(
    console: "Console", talk: Conversation, now: float, language: str | None
) -> list[Message]:
    """The papers of the newest result that has any, as text."""
    content = console.content
    for walk in _told(talk):
        if walk.flow not in content.library.flows:
            continue
        solution = content.engine.solve(walk.flow, walk.answers, datetime_of(now).date())
        words = content.catalogue.voice(language).words(walk.flow)[0]
        if sections := card.checklist(solution, words):
            texts = [words.title(walk.flow), *flex.texts(sections)]
            return [
                {"type": "text", "text": text} for text in limits.split_text("\n\n".join(texts))
            ]
    return []
