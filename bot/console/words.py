"""The pages' own words, days and times, in the language of the operator: Japanese or English.

The words stand in locales/<language>/LC_MESSAGES/console.po; the English ones are in the pages
themselves. Sentences of the content (titles of procedures, the person's own pages) come from the
catalogue of the content, never from here.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_time, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from bot.i18n.locales import BY_TAG
from bot.line.incoming import TOKYO

LANGUAGES = ("ja", "en")
DOMAIN = "console"


@dataclass(frozen=True, slots=True)
class Words:
    """One language of the pages. Times are seconds since 1970, days in Asia/Tokyo."""

    tag: str
    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]
    locale: Locale

    def say(self, message: str, **values: Any) -> str:
        """A sentence with its values."""
        return self.gettext(message) % values if values else self.gettext(message)

    def day(self, day: date) -> str:
        """A day with its weekday."""
        pattern = "y年M月d日(EEE)" if self.tag == "ja" else "EEE, d MMM y"
        return format_date(day, pattern, locale=self.locale)

    def short_day(self, day: date) -> str:
        """A day of this year, short."""
        return format_date(day, "M/d(EEE)" if self.tag == "ja" else "EEE d MMM", locale=self.locale)

    def moment(self, at: float) -> str:
        """A day and a time."""
        when = datetime.fromtimestamp(at, TOKYO)
        return f"{self.day(when.date())} {format_time(when, 'HH:mm', locale=self.locale)}"

    def clock(self, at: float) -> str:
        """The time of day."""
        return format_time(datetime.fromtimestamp(at, TOKYO), "HH:mm", locale=self.locale)

    def stamp(self, at: float) -> str:
        """The moment as machines read it."""
        return datetime.fromtimestamp(at, TOKYO).isoformat(timespec="seconds")

    def ago(self, seconds: float) -> str:
        """A length of time: 5 minutes, 3 hours, 2 days."""
        length = timedelta(seconds=max(60.0, seconds))
        return format_timedelta(length, granularity="minute", threshold=1.5, locale=self.locale)

    def days_left(self, day: date, today: date) -> str:
        """How far off a last day is."""
        left = (day - today).days
        if left == 0:
            return self.gettext("today")
        if left == 1:
            return self.gettext("tomorrow")
        if left < 0:
            text = self.ngettext("%(num)s day over", "%(num)s days over", -left)
            return text % {"num": -left}
        return self.ngettext("%(num)s day left", "%(num)s days left", left) % {"num": left}

    def size(self, number: int) -> str:
        """A size in bytes."""
        return f"{number / 1_000_000:.1f} MB" if number >= 100_000 else f"{number / 1000:.0f} kB"


class Dictionary:
    """The words of all languages of the pages, read once."""

    def __init__(self, locales: Path) -> None:
        self._locales = locales
        self._of = lru_cache(maxsize=8)(self._read)

    def words(self, tag: str) -> Words:
        """The words of a language; English where there are none."""
        return self._of(tag if tag in LANGUAGES else "en")

    def _read(self, tag: str) -> Words:
        row = BY_TAG[tag]
        path = self._locales / row.folder / "LC_MESSAGES" / f"{DOMAIN}.po"
        found: NullTranslations = NullTranslations()
        if path.is_file():
            compiled = io.BytesIO()
            write_mo(compiled, read_po(io.BytesIO(path.read_bytes())))
            compiled.seek(0)
            found = Translations(compiled, DOMAIN)
        return Words(tag, found.gettext, found.ngettext, Locale.parse(row.cldr))


def datetime_of(at: float) -> datetime:
    """The moment in Asia/Tokyo."""
    return datetime.fromtimestamp(at, TOKYO)
