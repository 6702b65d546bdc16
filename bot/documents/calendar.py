"""Days as a calendar file (iCalendar, RFC 5545): whole days, each with two alarms.

The same day of the same person has the same UID, so that a file opened later moves the entry
instead of adding another one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

CONTENT_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"
_NINE = timedelta(hours=9)
# Counted from the beginning of the day: nine in the morning, a week and a day before.
_ALARMS = (_NINE - timedelta(days=7), _NINE - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Entry:
    """One day. `uid` stays the same when the day moves; `title` and `note` are finished texts."""

    uid: str
    day: date
    title: str
    note: str = ""


def calendar_file(entries: Iterable[Entry], made_at: datetime, name: str, product: str) -> bytes:
    """The file; `made_at` is aware, `name` what a calendar program calls it."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{product}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for entry in entries:
        calendar.add_component(_event(entry, made_at))
    raw: bytes = calendar.to_ical()
    return raw


def _event(entry: Entry, made_at: datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", made_at)
    event.add("sequence", int(made_at.timestamp()) // 60)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("summary", entry.title)
    if entry.note:
        event.add("description", entry.note)
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    for before in _ALARMS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", entry.title)
        alarm.add("trigger", before)
        event.add_component(alarm)
    return event
