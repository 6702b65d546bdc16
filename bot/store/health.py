"""The numbers that tell at a glance whether the service is well; no personal data."""

from bot.store import cases, conversations, inbox, outbox
from bot.store.database import Session


def numbers(session: Session) -> dict[str, int]:
    """What to look at first: what waits, what failed, what was refused, how much is kept."""
    opened = cases.count_open(session)
    waiting = inbox.count(session)
    rows = outbox.count(session)
    counters = outbox.read_counters(session)
    refused = sum(counters.get(f"alarm_{name}", 0) for name in ("refused", "would_be_refused"))
    return {
        "open_cases": sum(opened.values()),
        "events_waiting": waiting["new"],
        "events_parked": waiting["parked"],
        "messages_due": rows[outbox.DUE],
        "deliveries_unclear": counters.get("outbox_unclear", 0),
        "messages_given_up": counters.get("outbox_given_up", 0),
        "messages_refused": refused,
        "conversations": conversations.count(session),
    }
