"""Days as a calendar file (iCalendar, RFC 5545): whole days, each with two alarms.

The same day of the same person has the same UID, so that a file opened later moves the entry
instead of adding another one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

CONTENT_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"
_NINE = timedelta(hours=9)
# Counted from the beginning of the day: nine in the morning, a week and a day before.
_ALARMS = (_NINE - timedelta(days=7), _NINE - timedelta(days=1))
_BEFORE = (timedelta(days=-1), timedelta(hours=-1))


@dataclass(frozen=True, slots=True)
class Entry:
    """One day. `uid` stays the same when the day moves; `title` and `note` are finished texts."""

    uid: str
    day: date
    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Appointment:
    """A meeting from `start` to `end` (aware). `uid` stays the same when it is moved."""

    uid: str
    start: datetime
    end: datetime
    title: str
    where: str = ""


def appointment_file(one: Appointment, made_at: datetime, product: str) -> bytes:
    """The file of one appointment, with an alarm a day and an hour before."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{product}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    event = Event()
    event.add("uid", one.uid)
    event.add("dtstamp", made_at)
    event.add("sequence", int(made_at.timestamp()) // 60)
    # In UTC: a zone of its own would need its definition in the file.
    event.add("dtstart", one.start.astimezone(UTC))
    event.add("dtend", one.end.astimezone(UTC))
    event.add("summary", one.title)
    if one.where:
        event.add("location", one.where)
    event.add("class", "PRIVATE")
    for before in _BEFORE:
        event.add_component(_alarm(one.title, before))
    calendar.add_component(event)
    raw: bytes = calendar.to_ical()
    return raw


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
        event.add_component(_alarm(entry.title, before))
    return event


def _alarm(title: str, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", before)
    return alarm
