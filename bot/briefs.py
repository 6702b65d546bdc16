"""The brief of a kept case: its conversation, what was passed on, the person's own sentences."""

from datetime import datetime

from bot.dialogue.brief import Brief, Quote, brief_of
from bot.dialogue.events import HandoffStep
from bot.house import Circumstances, House
from bot.line.incoming import TOKYO
from bot.store import cases, conversations, talk
from bot.store.database import Session

MOST_QUOTES = 20


def brief_of_case(house: House, session: Session, case_id: str, at: float) -> Brief | None:
    """The brief as of `at`; None when the case or its conversation is gone or cannot be opened."""
    case = cases.load(session, case_id)
    if case is None:
        return None
    stored = conversations.load(session, (case.person,)).get(case.person)
    if stored is None or stored.conversation is None:
        return None
    now = datetime.fromtimestamp(at, TOKYO)
    event = HandoffStep("brief", now, "take")  # any event without words: only the world is wanted
    world = house.world(event, stored.conversation, Circumstances(now))
    quotes = [
        Quote(datetime.fromtimestamp(said.at, TOKYO), said.text)
        for said in talk.latest(session, case.person, "text", MOST_QUOTES)
        # A number is a button that was typed: the answers tell it.
        if said.text and not said.text.strip().rstrip(".").isdecimal()
    ]
    return brief_of(stored.conversation, world, cases.intake_of(session, case.id), quotes)
