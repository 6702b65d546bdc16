"""Whether a message may go out, asked right before it is sent, and what became of it.

The sender pool knows messages and LINE; whose turn it is, what the month's quota allows and how
an end is counted is known here.
"""

import logging
from collections.abc import Callable

from bot import answering
from bot.budgeting import Budgeting
from bot.line.send import KEPT_FOR_STAFF, GiveUp, Outgoing, Sent
from bot.store import outbox
from bot.store.outbox import Ended, Row
from bot.store.owners import NotKnown, Owners

log = logging.getLogger(__name__)


class Ends:
    """Asked by the threads of the sender pool. `count(name, number)` adds to a counter; `mark`
    gets each end, to be written into its row; `alarm` tells the office's operator."""

    def __init__(
        self,
        owners: Owners,
        budget: Budgeting,
        clock: Callable[[], float],
        count: Callable[[str, int], None],
        mark: Callable[[Ended], None],
        alarm: Callable[[str, list[str]], None],
    ) -> None:
        self._owners = owners
        self._budget = budget
        self._clock = clock
        self._count = count
        self._mark = mark
        self._alarm = alarm

    def may_speak(self, message: Outgoing) -> bool | None:
        """Whether it is the turn of who speaks in this row: read right before it is sent. None
        while the database does not answer."""
        row: Row = message.row
        if row.speaker == outbox.HOUSE:
            return True
        try:
            owner = self._owners.of(row.person)
        except NotKnown:
            return None
        return answering.may_speak(row.speaker, owner)

    def may_push(self, message: Outgoing) -> bool:
        """Whether this message may cost one of the month's quota: the office's people and what
        must arrive always, the rest while more than the reserve is left."""
        row: Row = message.row
        if message.must_arrive or row.speaker == outbox.OPERATOR:
            return True
        return self._budget.leaves_reserve()

    def note(self, message: Outgoing, result: Sent | GiveUp) -> None:
        """What became of the message, counted and on its way into its row."""
        row: Row = message.row
        at = self._clock()
        if isinstance(result, Sent):
            end = Ended(row, outbox.SENT, at, result.via, None, result.message_ids, result.unclear)
            self._count("sent_" + result.via, 1)
            if result.via == "push":
                self._budget.note_push()
        else:
            state = outbox.UNCLEAR if result.unclear else outbox.GIVEN_UP
            if result.held and not result.unclear:
                state = outbox.HELD
                self._count("held_back", 1)
            end = Ended(row, state, at, None, result.why)
            log.warning("row %s not sent: %s", row.id, result.why)
        if end.error == KEPT_FOR_STAFF:
            self._count("kept_for_staff", 1)
            if self._budget.is_first_kept_back():
                self._alarm("monthly_reserve", [])
        if end.unclear or end.state == outbox.UNCLEAR:
            self._count("unclear", 1)
        if end.state == outbox.GIVEN_UP:
            self._count("given_up", 1)
        self._mark(end)
