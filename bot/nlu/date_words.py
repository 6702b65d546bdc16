"""The words of days per language, as people type them; CLDR adds months and weekdays.

A further language is one more `DateWords`. Phrases are patterns with slots: `{n}` a number,
`{unit}` day, week, month or year, `{weekday}`, `{week}` and `{month_of}` a week or month as
seen from now, `{d}` a day of the month, `{month}` its name, `{y}` a year. They are matched
against plain text (lower case, ASCII digits), folded as well where `folded` is true.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Order = Literal["day", "month", "either"]

DAYS, MONTHS = "days", "months"


@dataclass(frozen=True, slots=True)
class DateWords:
    """How one language speaks of days.

    `order` is what stands first in 3/4. `spaced` is false where words are not set apart.
    `folded`: accents are often left out, so both forms count. `either_week`: it is not
    settled whether a week begins on Sunday or Monday, so that "last week's Sunday" is two days.
    `units` map to (kind, how many). `short` are weekdays that are read only beside a word such
    as "last": alone they are other words ("sat").
    """

    cldr: str
    order: Order
    spaced: bool = True
    folded: bool = False
    either_week: bool = False
    days: Mapping[str, int] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    units: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    weekdays: Mapping[str, int] = field(default_factory=dict)
    months: Mapping[str, int] = field(default_factory=dict)
    weeks: Mapping[str, int] = field(default_factory=dict)
    month_of: Mapping[str, int] = field(default_factory=dict)
    ago: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    of_week: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    day_month: tuple[str, ...] = ()
    day_of: tuple[str, ...] = ()
    end_of: tuple[str, ...] = ()
    end: tuple[str, ...] = ()
    only_day: tuple[str, ...] = ()
    short: Mapping[str, int] = field(default_factory=dict)


_SMALL_EN = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen",
)  # fmt: skip

ENGLISH = DateWords(
    cldr="en",
    order="either",
    either_week=True,
    days={
        "the day before yesterday": -2, "day before yesterday": -2,
        "the day after tomorrow": 2, "day after tomorrow": 2,
        "today": 0, "tonight": 0, "this morning": 0, "this afternoon": 0, "this evening": 0,
        "yesterday": -1, "yesturday": -1, "last night": -1, "tomorrow": 1, "tmrw": 1,
    },
    numbers={"a": 1, "an": 1} | {name: n for n, name in enumerate(_SMALL_EN, 1)},
    units={
        "day": (DAYS, 1), "days": (DAYS, 1), "week": (DAYS, 7), "weeks": (DAYS, 7),
        "wk": (DAYS, 7), "wks": (DAYS, 7), "fortnight": (DAYS, 14),
        "month": (MONTHS, 1), "months": (MONTHS, 1), "year": (MONTHS, 12), "years": (MONTHS, 12),
    },
    short={"tues": 1, "weds": 2, "thur": 3, "thurs": 3},
    months={"sept": 9},
    weeks={"last week": -1, "this week": 0, "next week": 1, "the week before last": -2},
    month_of={"last month": -1, "this month": 0, "next month": 1, "the month": 0},
    ago=(r"{n} {unit} (?:ago|back|before today)",),
    later=(r"in {n} {unit}(?! ago)", r"{n} {unit} (?:from now|from today|later)"),
    of_week=(
        r"{weekday},?(?: of| in)? {week}", r"{week},?(?: on)? {weekday}", r"this {weekday}",
    ),
    last=(r"(?:on )?(?:last|this past|the past) {weekday}",),
    next=(r"(?:on )?(?:next|this coming|the coming) {weekday}",),
    near=(r"(?:on|since|by|from|until) {weekday}", r"{long_weekday}"),
    day_month=(
        r"(?:the )?{d}(?:st|nd|rd|th)?(?: of)? {month}\.?,?(?: {y})?",
        r"{month}\.? (?:the )?{d}(?:st|nd|rd|th)?(?:,? {y})?",
        r"{d}-{month}(?:-{y})?",
    ),
    day_of=(
        r"(?:the )?{d}(?:st|nd|rd|th)?(?: of)? {month_of}",
        r"{month_of},?(?: on)?(?: the)? {d}(?:st|nd|rd|th)?",
    ),
    end_of=(r"(?:the )?(?:end|last day) of {month_of}",),
    only_day=(r"(?:on )?the {d}(?:st|nd|rd|th)", r"on {d}(?:st|nd|rd|th)"),
)  # fmt: skip

JAPANESE = DateWords(
    cldr="ja",
    order="month",
    spaced=False,
    either_week=True,
    days={
        "さきおととい": -3, "一昨々日": -3, "一昨昨日": -3,
        "一昨日": -2, "おととい": -2, "おとつい": -2,
        "昨日": -1, "きのう": -1, "昨夜": -1, "昨晩": -1, "ゆうべ": -1, "前日の夜": -1,
        "今日": 0, "本日": 0, "きょう": 0, "今朝": 0, "けさ": 0, "今夜": 0, "今晩": 0,
        "明日": 1, "あした": 1, "明後日": 2, "あさって": 2,
    },
    units={
        "日": (DAYS, 1), "週間": (DAYS, 7), "週": (DAYS, 7),
        "か月": (MONTHS, 1), "ヶ月": (MONTHS, 1), "ヵ月": (MONTHS, 1), "カ月": (MONTHS, 1),
        "ケ月": (MONTHS, 1), "箇月": (MONTHS, 1), "年": (MONTHS, 12),
    },
    weekdays={
        name + tail: day
        for day, name in enumerate("月火水木金土日")
        for tail in ("曜日", "曜")
    } | {
        name + "ようび": day
        for day, name in enumerate(("げつ", "か", "すい", "もく", "きん", "ど", "にち"))
    },
    weeks={
        "先々週": -2, "先週": -1, "せんしゅう": -1, "今週": 0, "こんしゅう": 0,
        "来週": 1, "らいしゅう": 1, "再来週": 2,
    },
    month_of={
        "先々月": -2, "先月": -1, "せんげつ": -1, "今月": 0, "こんげつ": 0,
        "来月": 1, "らいげつ": 1, "再来月": 2,
    },
    ago=(r"{n} ?{unit}(?:ほど|くらい|ぐらい)?前",),
    later=(r"{n} ?{unit}後(?!半)",),
    of_week=(r"{week}の?{weekday}",),
    last=(r"(?:この前|このまえ|こないだ|前)の?{weekday}",),
    next=(r"(?:今度|次|つぎ|こんど)の?{weekday}",),
    near=(r"{weekday}",),
    day_month=(r"(?:{y}年の? ?)?{month_number}月の? ?{d}日?(?![\d月週時年])",),
    day_of=(r"{month_of}の? ?{d}日",),
    end_of=(r"{month_of}の?(?:末|終わり|おわり|最終日|最後の日)日?",),
    end=(r"(?<![\d先今来])(?:月末|げつまつ)",),
    only_day=(r"^{d}日(?:に|です|でした|だった)?$",),
)  # fmt: skip

_SMALL_VI = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
_WEEKDAYS_VI = ("hai", "ba", "tư", "năm", "sáu", "bảy")

VIETNAMESE = DateWords(
    cldr="vi",
    order="day",
    folded=True,
    days={
        "hôm nay": 0, "sáng nay": 0, "trưa nay": 0, "chiều nay": 0, "tối nay": 0, "bữa nay": 0,
        "hôm qua": -1, "tối qua": -1, "đêm qua": -1, "chiều qua": -1, "sáng qua": -1,
        "bữa qua": -1, "hôm kia": -2, "bữa kia": -2, "hôm kìa": -3,
        "ngày mai": 1, "sáng mai": 1, "chiều mai": 1, "tối mai": 1,
        "ngày kia": 2, "ngày mốt": 2,
    },
    numbers={name: n for n, name in enumerate(_SMALL_VI, 1)} | {"bẩy": 7, "mươi": 10},
    units={
        "ngày": (DAYS, 1), "hôm": (DAYS, 1), "bữa": (DAYS, 1), "tuần": (DAYS, 7),
        "tuần lễ": (DAYS, 7), "tháng": (MONTHS, 1), "năm": (MONTHS, 12),
    },
    weekdays={f"thứ {name}": n for n, name in enumerate(_WEEKDAYS_VI)}
    | {f"thứ {n + 2}": n for n in range(6)}
    | {"thứ bốn": 2, "thứ bẩy": 5, "chủ nhật": 6, "chúa nhật": 6},
    short={f"t{n + 2}": n for n in range(6)} | {"cn": 6},
    months={
        f"tháng {name}": n
        for n, name in enumerate(
            ["giêng", *_SMALL_VI[1:], "mười một", "mười hai", "chạp"], 1
        )
        if name != "chạp"
    } | {"tháng một": 1, "tháng tư": 4, "tháng chạp": 12},
    weeks={
        "tuần trước": -1, "tuần rồi": -1, "tuần vừa rồi": -1, "tuần qua": -1,
        "tuần vừa qua": -1, "tuần này": 0, "tuần sau": 1, "tuần tới": 1,
    },
    month_of={
        "tháng trước": -1, "tháng rồi": -1, "tháng vừa rồi": -1, "tháng này": 0,
        "tháng sau": 1, "tháng tới": 1,
    },
    ago=(r"(?:cach day )?{n} {unit} (?:truoc|roi|ve truoc)", r"cach day {n} {unit}"),
    later=(r"{n} {unit} (?:nua|sau|toi)", r"sau {n} {unit}"),
    of_week=(r"{weekday} (?:cua )?{week}", r"{week},? (?:vao )?{weekday}"),
    last=(r"{weekday} (?:vua roi|vua qua|truoc|roi)",),
    next=(r"{weekday} (?:sau|toi|sap toi)",),
    near=(r"(?<!lan ){weekday}",),
    day_month=(
        r"(?:ngay |mung |mong |hom )?{d} {month}(?:,? (?:nam )?{y})?",
        r"(?:ngay |mung |mong |hom )?{d} (?:thang|thg) {month_number}(?:,? (?:nam )?{y})?",
    ),
    day_of=(r"(?:ngay|mung|hom) {d} {month_of}",),
    end_of=(r"(?:cuoi|ngay cuoi(?: cung)?(?: cua)?) {month_of}",),
    end=(r"(?:ngay )?cuoi thang(?! \d)",),
    only_day=(r"^(?:hom |vao )?ngay {d}$",),
)  # fmt: skip

BY_LANGUAGE: Mapping[str, DateWords] = {
    "en": ENGLISH, "ja": JAPANESE, "ja-simple": JAPANESE, "vi": VIETNAMESE,
}  # fmt: skip
