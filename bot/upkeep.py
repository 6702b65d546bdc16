"""What the worker does now and then, with nobody's message in hand: waits end, old data goes.

Each is a short transaction of its own, or several, so that no answer waits for it.
"""

from collections.abc import Callable

from bot.answering import close, end_wait
from bot.house import House
from bot.settings import Settings
from bot.store import audit, case_list, files, notices, privacy, unanswered, waiting

QUIET_DAYS = 14
"""After so many days without a word a talk with the office is over, and the bot speaks again."""
NOTICES_DAYS = 30
"""So long it is kept that somebody of the office was told of a case."""
_DAY = 86_400.0


def tell_of_waiting(house: House, settings: Settings) -> None:
    """Notices of the cases whose person has waited for long."""
    minutes, now = settings.notice_waiting_minutes, house.clock()
    if minutes:
        with house.database.write() as session:
            notices.put_waiting(session, now - 60.0 * minutes, now)


def end_waits(house: House, settings: Settings) -> None:
    """Nobody is left with silence: who waits for too long is told so, and the bot speaks."""
    here = house.answers_here
    hours = 24 * settings.waiting_days if here else settings.manager_silent_hours
    since = house.clock() - 3600.0 * hours
    with house.database.read() as session:
        found = waiting.overdue(session, since, answers_here=here)
    for case_id in found:
        end_wait(house, case_id, since)


def end_quiet_talks(house: House) -> None:
    """Close the talks in which the person was answered and neither side wrote for long."""
    with house.database.read() as session:
        quiet = case_list.quiet(session, house.clock() - QUIET_DAYS * _DAY)
    for case_id in quiet:
        close(house, case_id, None, "no_reply", tells=False)


def delete_old(
    house: House, settings: Settings, is_stopping: Callable[[], bool] = lambda: False
) -> None:
    """Retention, in steps small enough to hold up nobody; `is_stopping` ends it between two."""
    while not is_stopping():
        with house.database.write() as session:
            gone = privacy.delete_old(
                session, house.clock(), settings.retention_raw_days,
                settings.retention_talk_days, most=500,
            )  # fmt: skip
            days = settings.retention_unanswered_days
            unanswered.delete_old(session, house.clock() - days * _DAY)
            days = settings.retention_files_days
            files.delete_old(session, house.clock() - days * _DAY)
            days = settings.retention_audit_days
            audit.delete_old(session, house.clock() - days * _DAY)
            notices.delete_old(session, house.clock() - NOTICES_DAYS * _DAY)
        if not any(number >= 500 for number in gone.values()):
            return
