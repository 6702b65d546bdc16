"""Days as people type them, in their language or a mixture of it with English and Japanese.

Nothing is guessed: an ambiguous text gives two days, an impossible one none, and what is
merely a number (a time, a price, a telephone number, "last week") gives no reading at all.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import TypeVar

from babel import Locale

from bot.dialogue.understood import DateReading
from bot.flow.dates import add_months, shift
from bot.nlu.date_kanji import ERA_DATE, era_day, with_digits
from bot.nlu.day_words import BY_LANGUAGE, DAYS, ENGLISH, JAPANESE, DateWords, Order
from bot.nlu.normal import fold, plain

LONGEST_TEXT = 1000
V = TypeVar("V")
Meaning = Callable[..., tuple[date, ...] | DateReading | None]

FIRST_YEAR, LAST_YEAR = 1900, 2100
_NO_DAY = DateReading(())
_WEEK = timedelta(days=7)

_NOT_DATES = (
    r"\+\d[\d ()-]{7,}\d",
    r"(?P<telephone>(?<![\d/.-])0\d{1,4}[- .]\d{1,4}[- .]\d{3,4}(?:[- .]\d{2,4})?(?!\d))",
    r"〒 ?\d{3}-?\d{4}|(?<![\d-])\d{3}-\d{4}(?![\d-])",
    r"(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\b\.?)?",
    r"(?<!\d)\d{1,2} ?[ap]\.?m\b\.?",
    r"(?<!\d)\d{1,2}時(?:\d{1,2}分|半)?",
    r"(?<!\d)\d{1,2} ?(?:giờ|gio|h)(?: ?\d{1,2}(?!\d))?(?!\w)",
    r"(?<!\d)\d{1,2} ?(?:点|點|시(?!오)|बजे|baje|horas)|(?:jam|pukul|alas|às|as) \d{1,2}(?![\d/])",
    r"[¥$€₫£₩] ?\d[\d,.]*",
    (
        r"(?<!\d)\d[\d,.]* ?(?:yen|円|えん|usd|jpy|dollars?|đồng|vnd|man(?!\w)|万円?|千円|%|kg|km|"
        r"元|块|원|만 ?원|rupiah|rb|ribu|juta|reais|pesos?|piso|रुपैयाँ|rupees?|lapad)"
    ),
    r"(?<![a-z0-9])[a-z]{2} ?\d{8} ?[a-z]{2}(?![a-z0-9])",
    r"(?<!\d)(?:\d{4}[ -]){3}\d{4}(?!\d)",
    r"(?<!\d)\d{9,}(?!\d)",
    r"(?<!\d)24/7(?!\d)",
    r"とうきょう|きょうと|べんきょう|えいきょう|かんきょう|きょういく|きょうかい|きょうし",
    r"じょうきょう|しゅうきょう|こきょう|ぶっきょう|きょうみ|きょうりょく|きょうか[いし]",
    r"きょうだい(?!がく|じ)|きょうつう(?!や)|[かだつづうまたと]けさ[せんれし]",
    r"日本日|明日香|明日美|今日子",
    r"엊그(?:저께|제)|그제서?야|आजकल|aajakal|aajkal|ajakal|अस्तित्व|अस्ति भर्खर|asti bharkhar",
    r"hoje em dia|bukas (?:ba|pa|ang|kayo|sila|din|rin|po ba)(?!\w)",
    r"malam (?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu)",
    (
        r"(?<![\d/])\d{1,2} ?/ ?\d{1,2} ?(?:days?|weeks?|months?|ngày|ngay|tuần|tuan|hari|minggu|"
        r"araw|linggo|dias|semanas|दिन|हप्ता|din(?!\w)|hapta|天|[日週]間?前|일 ?전|주 ?전)"
    ),
    r"(?:lần|lan) thứ (?:hai|ba|tư|năm)|(?:lan) thu (?:hai|ba|tu|nam)",
)
_MASK = re.compile("|".join(_NOT_DATES))
_TELEPHONE_DIGITS = 9

_YEAR_FIRST = re.compile(r"(?<![\d/.-])(\d{4}) ?([-/.]) ?(\d{1,2}) ?\2 ?(\d{1,2})(?![\d/-]|\.\d)")
_YEAR_LAST = re.compile(
    r"(?<![\d/.-])(\d{1,2}) ?([-/.]) ?(\d{1,2}) ?\2 ?(\d{4}|(?<=[/.])\d{1,2})(?![\d/-]|\.\d)"
)
_EIGHT_DIGITS = re.compile(r"(?<![\da-z])((?:19|20)\d\d)(\d\d)(\d\d)(?![\da-z])")
_SLASH = re.compile(r"(?<![\d/.,-])(\d{1,2}) ?/ ?(\d{1,2})(?![\d/,-]|\.\d)(?: nam (\d{4}))?")
_WHOLE = re.compile(
    r"^(?:ngay |hom )?(\d{1,2})[.-](\d{1,2})\.?$|(?<=ngay )(\d{1,2})-(\d{1,2})(?![\d-])"
)
_BETWEEN = re.compile(r"[\s,.()、()（）]*(?:ngay|ngày|the|on|,)?[\s,.()、]*")
_BEFORE = 24
"""How many characters before a date may change what it means."""
_VAGUE = re.compile(
    r"(?:about|around|roughly|maybe|approximately|over|more than|almost|nearly|khoang|tam|"
    r"hon|gan|độ|約|だいたい|たぶん|およそ|大约|大概|差不多|将近|약|대략|거의|mga|halos|humigit|"
    r"sekitar|kira-kira|kira kira|hampir|lebih dari|mais ou menos|cerca de|uns|umas|quase|"
    r"करिब|लगभग|झन्डै|karib|lagbhag|jhandai|kurang lebih|やく|[几数幾]|\d ?[-~〜、,/到至]|"
    r"\b(?:or|o|to|ou|atau|hoac|hay|puluh|belas)|(?:वा|또는|或|到)|'t|\b(?:vinte|trinta) e)\s*$"
)
_EVERY = re.compile(
    r"(?:\b(?:every|each|moi|hang|tuwing|kada|bawat|(?:se)?tiap|tod[oa]|tod[oa]s [oa]s|cada|harek|"
    r"pratyek)|हरेक|प्रत्येक|毎週の?|まいしゅうの?|每个?|매주)(?: hari)?\s*$"
)
_EVERY_AFTER = re.compile(r" (?:hang tuan|moi tuan|ng bawat linggo|setiap minggu)")
_YEAR_BEFORE = re.compile(r"(?<![\d/.-])((?:19|20)\d\d) ?(?:년|年|साल|sal)?(?:को|ko)?,? ?$")
_YEAR_AFTER = re.compile(r",? ((?:19|20)\d\d)(?![\d/.-])")
_YEAR_WORD_BEFORE = r"(?:[\s,]|の|的|को|의|ko|on|in|ng|nam|dia|em|no|ngay|ngày|tanggal|tgl)*$"
_YEAR_WORD_AFTER = r"[\s,]*(?:(?:of|in|de|do|d[eo]ste|ng|noong|nung|pada|vào|vao|của|cua) )?"
_VAGUE_AFTER = re.compile(
    r"\s*(?:くらい|ぐらい|ごろ|ころ|頃|or so|左右|多|쯤|정도|경|तिर|जति|tira|jati|"
    r"mais ou menos|an\b)"
)


def find_dates(
    text: str, language: str, today: date, *, past: bool | None = None
) -> tuple[DateReading, ...]:
    """The days that a text names, in its order.

    `past` chooses the year of a date without one, and the week of a bare weekday: True not
    after today, False not before today, None the nearest.
    """
    base = with_digits(plain(text[:LONGEST_TEXT]))
    own = BY_LANGUAGE.get(language, ENGLISH)
    readers = [_readers()[cldr] for cldr in dict.fromkeys((own.cldr, ENGLISH.cldr, JAPANESE.cldr))]
    years = tuple(reader.years for reader in readers)
    scan = _Scan(base, fold(base), today, past, years, own.last_year)
    _mask(scan)
    _numbers_with_year(scan, own)
    _numbers_without_year(scan, own)
    for reader in readers:
        reader.read(scan)
    return scan.readings()


# ---------------------------------------------------------------- one text


@dataclass(frozen=True, slots=True)
class _YearWords:
    """How a language says "last year" beside a date."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    offsets: Mapping[str, int]


@dataclass(slots=True)
class _Scan:
    """A text while it is read: what was found where, and what must not be read again."""

    base: str
    folded: str
    today: date
    past: bool | None
    years: tuple[_YearWords, ...]
    last_year: int
    found: list[tuple[int, int, DateReading]] = field(default_factory=list)
    masked: list[tuple[int, int]] = field(default_factory=list)

    def is_free(self, start: int, end: int) -> bool:
        spans = [*self.masked, *((s, e) for s, e, _ in self.found)]
        return all(end <= s or start >= e for s, e in spans)

    def add(self, found: re.Match[str], days: tuple[date, ...]) -> None:
        self.found.append((*found.span(), DateReading(tuple(sorted(set(days))))))

    def stands_beside_a_date(self, start: int, end: int) -> bool:
        """True for the weekday in "Thursday, 3 December" and 12月3日(木)."""
        gaps = [(e, start) for _, e, _ in self.found if e <= start]
        gaps += [(end, s) for s, _, _ in self.found if s >= end]
        return any(_BETWEEN.fullmatch(self.base, a, b) for a, b in gaps)

    def is_vague(self, start: int, end: int) -> bool:
        """True for "about 3 days ago" and 3日前くらい, which are no day."""
        before = _VAGUE.search(self.folded[max(0, start - _BEFORE) : start])
        return bool(before or _VAGUE_AFTER.match(self.base, end))

    def is_each(self, start: int, end: int) -> bool:
        """True for "every Monday", which is no day."""
        before = _EVERY.search(self.folded[max(0, start - _BEFORE) : start])
        return bool(before or _EVERY_AFTER.match(self.folded, end))

    def readings(self) -> tuple[DateReading, ...]:
        ordered = (reading for _, _, reading in sorted(self.found, key=lambda item: item[:2]))
        return tuple(dict.fromkeys(ordered))

    # ------------------------------------------------------------ days without a year

    def fits(self, day: date) -> bool:
        return self.past is None or (day <= self.today if self.past else day >= self.today)

    def nearest(self, days: list[date]) -> date | None:
        fitting = [day for day in days if self.fits(day)]
        return min(fitting, key=lambda day: (abs(day - self.today), day), default=None)

    def month_day(self, month: int, day: int) -> date | None:
        """The nearest fitting year's day, or None when no year has it."""
        years = range(self.today.year - 8, self.today.year + 9)
        return self.nearest([d for year in years if (d := _day(year, month, day))])

    def named_day(self, found: re.Match[str], month: int, day: int) -> date | None:
        """The day of the year that stands beside it (2025, "last year"), or the nearest."""
        year = self._year_beside(*found.span())
        return self.month_day(month, day) if year is None else _day(year, month, day)

    def _year_beside(self, start: int, end: int) -> int | None:
        """The year, or one that no calendar has where it is unsettled which is meant."""
        before = self.folded[max(0, start - _BEFORE) : start]
        digits = _YEAR_BEFORE.search(before) or _YEAR_AFTER.match(self.folded, end)
        if digits and self._is_no_price(digits, start, end):
            return int(digits[1]) if int(digits[1]) <= self.last_year else 0
        for words in self.years:
            found = words.before.search(before) or words.after.match(self.folded, end)
            if found:
                return self.today.year + words.offsets[found[1]]
        return None

    def _is_no_price(self, digits: re.Match[str], start: int, end: int) -> bool:
        """False for the 2000 of "2000 yen", which only stands where a year might."""
        at = digits.start(1) + (0 if digits.start(1) >= end else max(0, start - _BEFORE))
        return not any(s <= at < e for s, e in self.masked)

    def day_number(self, day: int) -> date | None:
        months = (_month_start(self.today, offset) for offset in range(-2, 3))
        return self.nearest([d for m in months if (d := _day(m.year, m.month, day))])

    def weekday(self, weekday: int) -> tuple[date, ...]:
        """The nearest fitting day; two when today is that weekday: today or a week away."""
        ahead = (weekday - self.today.weekday()) % 7
        if ahead:
            later = self.today + timedelta(days=ahead)
            found = self.nearest([later - _WEEK, later])
            return (found,) if found else ()
        away = _WEEK if self.past is False else -_WEEK
        return (self.today, self.today + away)

    def weekday_of_week(self, weekday: int, week: int, *, either: bool) -> tuple[date, ...]:
        """That weekday of a week from now, weeks from Monday and, if unsettled, from Sunday."""
        monday = self.today - timedelta(days=self.today.weekday()) + week * _WEEK
        found = {monday + timedelta(days=weekday)}
        if either:
            into_week = (self.today.weekday() + 1) % 7
            sunday = self.today - timedelta(days=into_week) + week * _WEEK
            found.add(sunday + timedelta(days=(weekday + 1) % 7))
        return tuple(sorted(found))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_start(today: date, offset: int) -> date:
    return add_months(today.replace(day=1), offset)


def _known(day: date | None) -> tuple[date, ...]:
    return () if day is None else (day,)


# ---------------------------------------------------------------- numbers


def _mask(scan: _Scan) -> None:
    for found in _MASK.finditer(scan.base):
        digits = sum(char.isdecimal() for char in found[0])
        if found["telephone"] is None or digits >= _TELEPHONE_DIGITS:
            scan.masked.append(found.span())


def _numbers_with_year(scan: _Scan, own: DateWords) -> None:
    order = own.order
    for found in ERA_DATE.finditer(scan.base):
        if scan.is_free(*found.span()):
            scan.add(found, _known(era_day(found)))
    for pattern in (_YEAR_FIRST, _EIGHT_DIGITS):
        for found in pattern.finditer(scan.base):
            year, *_, month, day = (int(g) for g in found.groups() if g.isdecimal())
            if scan.is_free(*found.span()) and FIRST_YEAR <= year <= LAST_YEAR:
                known = _known(_day(year, month, day)) if year <= own.last_year else ()
                if pattern is _YEAR_FIRST or known:
                    scan.add(found, known)
    for found in _YEAR_LAST.finditer(scan.base):
        if not scan.is_free(*found.span()):
            continue
        first, second, last = int(found[1]), int(found[3]), int(found[4])
        if last <= 31 and order == "month" and first > 12:
            scan.add(found, _known(_day(2000 + first, second, last)))
            continue
        if len(found[4]) == 1:
            continue
        year = last if last > 99 else 2000 + last
        if own.last_year < year <= LAST_YEAR:
            scan.add(found, ())
        elif FIRST_YEAR <= year <= LAST_YEAR:
            scan.add(found, _in_order(first, second, order, partial(_day, year)))


def _numbers_without_year(scan: _Scan, own: DateWords) -> None:
    for found in _SLASH.finditer(scan.folded):
        if scan.is_free(*found.span()):
            year = int(found[3]) if found[3] else None
            _add_two_numbers(scan, found, int(found[1]), int(found[2]), own.order, year)
    if own.order != "either":
        for found in _WHOLE.finditer(scan.folded):
            if scan.is_free(*found.span()):
                first, second = (int(group) for group in found.groups() if group)
                _add_two_numbers(scan, found, first, second, own.order, None)


def _add_two_numbers(
    scan: _Scan, found: re.Match[str], first: int, second: int, order: Order, year: int | None
) -> None:
    if 1 <= first <= 31 and 1 <= second <= 31:
        make = partial(scan.named_day, found) if year is None else partial(_day, year)
        scan.add(found, _in_order(first, second, order, make))


def _in_order(
    first: int, second: int, order: Order, make: Callable[[int, int], date | None]
) -> tuple[date, ...]:
    """`make(month, day)` in the language's order; in the other when only that is possible."""
    by_month, by_day = _known(make(first, second)), _known(make(second, first))
    if order == "month":
        return by_month or by_day
    if order == "day":
        return by_day or by_month
    return (*by_month, *by_day)


# ---------------------------------------------------------------- words


@lru_cache(maxsize=1)
def _readers() -> Mapping[str, "_Reader"]:
    return {words.cldr: _Reader(words) for words in BY_LANGUAGE.values()}


_SPACED = (r"(?<![\w/.])", r"(?!\w)")
_UNSPACED = (
    r"(?<!\d)(?:(?<![a-z])|(?![a-z]))(?:(?<![가-힣])|(?![가-힣]))(?:(?<![ऀ-ॣ])|(?![ऀ-ॣ]))",
    r"(?:(?<![a-z])|(?![a-z]))",
)
"""What must stand around a phrase; Latin letters make words everywhere, and the letters of
Korean and Nepali, to which only endings are joined, where a word begins."""


class _Reader:
    """The phrases of one language, compiled once."""

    def __init__(self, words: DateWords) -> None:
        self.words = words
        locale = Locale.parse(words.cldr)
        long, short, months = dict(words.weekdays), dict(words.short), dict(words.months)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                months |= {plain(n): m for m, n in locale.months[context][width].items()}
                names = {plain(n): d for d, n in locale.days[context][width].items()}
                (long if width == "wide" else short).update(names)
        self._weekdays = self._table(long | (short if words.spaced else {}))
        self._days, self._exact_days = self._table(words.days), dict(words.days)
        self._numbers = self._table(words.numbers)
        self._units = self._table(words.units)
        self._months = self._table(months)
        self._weeks = self._table(words.weeks)
        self._month_of = self._table(words.month_of)
        years = {fold(name): offset for name, offset in words.years.items()}
        start, after = _SPACED if words.spaced else _UNSPACED
        year = "(" + ("|".join(sorted(years, key=len, reverse=True)) or "(?!)") + ")"
        self.years = _YearWords(
            re.compile(start + year + _YEAR_WORD_BEFORE),
            re.compile(_YEAR_WORD_AFTER + year + after),
            years,
        )
        counted = "|".join(sorted(map(re.escape, self._numbers), key=len, reverse=True))
        self._number_before = re.compile(
            rf"\d $|{start}(?:{counted})[ -]?$" if counted else r"\d $"
        )
        self._slots = {
            "n": self._slot("n", self._numbers, r"\d{1,3}"),
            "unit": self._slot("unit", self._units),
            "weekday": self._slot("weekday", self._weekdays),
            "long_weekday": self._slot("weekday", self._table(long)),
            "week": self._slot("week", self._weeks),
            "month_of": self._slot("month_of", self._month_of),
            "month": self._slot("month", self._months),
            "month_number": r"(?P<month_number>\d{1,2})",
            "d": r"(?P<d>\d{1,2})(?!\d)",
            "y": r"(?P<y>\d{4})(?!\d)",
        }
        days = self._slot("day", self._days)
        self._steps: list[tuple[re.Pattern[str], Meaning]] = [
            *self._step(words.day_month, self._day_month),
            *self._step(words.of_week, self._of_week),
            *self._step(words.day_of, self._day_of),
            *self._step(words.end_of, self._end_of),
            *self._step(words.ago, self._ago),
            *self._step(words.later, self._later),
            *self._step(words.last, self._last),
            *self._step(words.next, self._next),
            *self._step(("{week}", "{month_of}", year), self._no_day),
            *self._step((days,), self._day_word),
            *self._step(words.end, self._end),
            *self._step(words.only_day, self._only_day),
            *self._step(words.near, self._near),
            *self._step(
                tuple(p.strip("^$") for p in words.month_only if p.startswith("^")),
                self._month_alone,
            ),
            *self._step(
                tuple(p for p in words.month_only if not p.startswith("^")), self._month_only
            ),
        ]

    def read(self, scan: _Scan) -> None:
        """Add what the phrases of this language find in the text."""
        text = scan.folded if self.words.folded else scan.base
        for pattern, meaning in self._steps:
            for found in pattern.finditer(text):
                if scan.is_free(*found.span()):
                    days = meaning(scan, found)
                    if isinstance(days, DateReading):
                        scan.found.append((*found.span(), days))
                    elif days is not None:
                        scan.add(found, days)

    # ------------------------------------------------------------ building

    def _table(self, names: Mapping[str, V]) -> dict[str, V]:
        if not self.words.folded:
            return dict(names)
        table: dict[str, V] = {}
        for name, value in names.items():
            table.setdefault(fold(name), value)
        return table

    def _slot(self, name: str, table: Mapping[str, object], also: str = "") -> str:
        longest_first = sorted(table, key=len, reverse=True)
        parts = [also] if also else []
        return f"(?P<{name}>" + "|".join([*parts, *map(re.escape, longest_first)]) + ")"

    def _step(
        self, phrases: tuple[str, ...], meaning: Meaning
    ) -> Iterator[tuple[re.Pattern[str], Meaning]]:
        before, after = _SPACED if self.words.spaced else _UNSPACED
        for phrase in phrases:
            filled = phrase
            for slot, pattern in self._slots.items():
                filled = filled.replace("{" + slot + "}", pattern)
            yield re.compile(f"{before}(?:{filled}){after}"), meaning

    # ------------------------------------------------------------ meanings

    def _day_month(self, scan: _Scan, found: re.Match[str]) -> tuple[date, ...]:
        parts = found.groupdict()
        month = int(parts["month_number"]) if parts.get("month_number") else None
        if month is None:
            month = self._months[parts["month"]]
        day = 1 if parts.get("first") else int(parts["d"])
        if parts.get("y"):
            return _known(_day(int(parts["y"]), month, day))
        return _known(scan.named_day(found, month, day))

    def _span(self, found: re.Match[str]) -> tuple[int, int]:
        """(days, months) of "3 weeks"."""
        count = int(found["n"]) if found["n"].isdecimal() else self._numbers[found["n"]]
        kind, size = self._units[found["unit"]]
        return (count * size, 0) if kind == DAYS else (0, count * size)

    def _ago(self, scan: _Scan, found: re.Match[str]) -> tuple[date, ...] | None:
        if self._is_vague(scan, found):
            return None
        days, months = self._span(found)
        return (shift(scan.today, days=-days, months=-months),)

    def _later(self, scan: _Scan, found: re.Match[str]) -> tuple[date, ...] | None:
        if self._is_vague(scan, found):
            return None
        days, months = self._span(found)
        return (shift(scan.today, days=days, months=months),)

    def _is_vague(self, scan: _Scan, found: re.Match[str]) -> bool:
        """True for "two, three days ago" and "twenty-two", of which only a part was read."""
        text = scan.folded if self.words.folded else scan.base
        before = text[max(0, found.start() - _BEFORE) : found.start()]
        return scan.is_vague(*found.span()) or bool(self._number_before.search(before))

    def _month(self, scan: _Scan, found: re.Match[str]) -> date:
        return _month_start(scan.today, self._month_of[found["month_of"]])

    def _day_of(self, scan: _Scan, found: re.Match[str]) -> tuple[date, ...]:
        month = self._month(scan, found)
        return _known(_day(month.year, month.month, int(found["d"])))

    def _end_of(self, scan: _Scan, found: re.Match[str]) -> tuple[date, ...]:
        if "month_of" in found.groupdict():
            return (add_months(self._month(scan, found), 1) - timedelta(days=1),)
        first = self._named_month(scan, found)
        return () if first is None else (add_months(first, 1) - timedelta(days=1),)

    def _end(self, scan: _Scan, found: re.Match[str]) -> tuple[date, ...]:
        ends = [_month_start(scan.today, n) - timedelta(days=1) for n in (0, 1)]
        if scan.past is None:
            return (ends[1],)
        return _known(scan.nearest(ends))

    def _of_week(self, scan: _Scan, found: re.Match[str]) -> tuple[date, ...]:
        week = self._weeks[found["week"]] if "week" in found.groupdict() else 0
        weekday = self._weekdays[found["weekday"]]
        return scan.weekday_of_week(weekday, week, either=self.words.either_week)

    def _last(self, scan: _Scan, found: re.Match[str]) -> tuple[date, ...]:
        back = (scan.today.weekday() - self._weekdays[found["weekday"]]) % 7 or 7
        return (scan.today - timedelta(days=back),)

    def _next(self, scan: _Scan, found: re.Match[str]) -> tuple[date, ...]:
        """The next such day; also the one of next week, where that is another."""
        weekday = self._weekdays[found["weekday"]]
        ahead = (weekday - scan.today.weekday()) % 7 or 7
        of_week = scan.weekday_of_week(weekday, 1, either=False)
        return (scan.today + timedelta(days=ahead), *of_week)

    def _no_day(self, scan: _Scan, found: re.Match[str]) -> None:
        """A week, month or year alone: no word in it is a day (bulan kemarin, last month)."""
        scan.masked.append(found.span())

    def _day_word(self, scan: _Scan, found: re.Match[str]) -> tuple[date, ...] | None:
        typed = scan.base[found.start() : found.end()]
        if typed in self._exact_days:
            return (scan.today + timedelta(days=self._exact_days[typed]),)
        if self.words.folded and not typed.isascii():
            return None  # other accents make another word: hôm kìa is not hôm kia
        return (scan.today + timedelta(days=self._days[found["day"]]),)

    def _only_day(self, scan: _Scan, found: re.Match[str]) -> tuple[date, ...]:
        return _known(scan.day_number(int(found["d"])))

    def _near(self, scan: _Scan, found: re.Match[str]) -> tuple[date, ...] | None:
        if scan.stands_beside_a_date(*found.span()) or scan.is_each(*found.span()):
            return None
        return scan.weekday(self._weekdays[found["weekday"]])

    def _month_only(self, scan: _Scan, found: re.Match[str]) -> DateReading | None:
        """A month of which the day was not told."""
        if scan.stands_beside_a_date(*found.span()):
            return None
        first = self._named_month(scan, found)
        return None if first is None else DateReading((), first)

    def _month_alone(self, scan: _Scan, found: re.Match[str]) -> DateReading | None:
        """A month that is all there is, except for its year ("March last year")."""
        before, after = scan.folded[: found.start()], scan.folded[found.end() :]
        if before and (
            after or not (self.years.before.fullmatch(before) or _YEAR_BEFORE.fullmatch(before))
        ):
            return None
        if after and not self.years.after.fullmatch(after):
            return None
        return self._month_only(scan, found)

    def _named_month(self, scan: _Scan, found: re.Match[str]) -> date | None:
        """The first day of "March", "3月" or "March 2026"."""
        parts = found.groupdict()
        number = parts.get("month_number")
        month = int(number) if number else self._months[parts["month"]]
        if parts.get("y"):
            return _day(int(parts["y"]), month, 1)
        return scan.named_day(found, month, 1)
