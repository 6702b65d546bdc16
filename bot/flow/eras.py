"""The eras of the Japanese calendar, in which forms ask for years: 令和8年 is 2026."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Era:
    """An era from its first day to its last; the present one has no last day."""

    name: str
    first: date
    last: date | None


ERAS = (
    Era("令和", date(2019, 5, 1), None),
    Era("平成", date(1989, 1, 8), date(2019, 4, 30)),
    Era("昭和", date(1926, 12, 25), date(1989, 1, 7)),
    Era("大正", date(1912, 7, 30), date(1926, 12, 24)),
    Era("明治", date(1868, 10, 23), date(1912, 7, 29)),
)


def in_era(day: date) -> str | None:
    """The day as a Japanese form wants it, "令和8年12月3日"; None before the eras here.

    The first year of an era is written 元年.
    """
    era = next((one for one in ERAS if day >= one.first), None)
    if era is None:
        return None
    year = day.year - era.first.year + 1
    return f"{era.name}{'元' if year == 1 else year}年{day.month}月{day.day}日"
