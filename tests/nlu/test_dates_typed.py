"""Days as people type them, on Wednesday, 25 November 2026, asked for a day that has passed.

A row is a text and what it means: one day, two days to be asked back, NO_DAY for what looks
like a date but is none, NOTHING for what is no date at all.
"""

import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.understood import DateReading
from bot.i18n.locales import TABLE
from bot.nlu.dates import find_dates
from bot.nlu.day_words import BY_LANGUAGE
from tests.nlu.typed_days import (
    CHINESE,
    FILIPINO,
    INDONESIAN,
    KOREAN,
    NEPALI,
    NO_DAY,
    NOTHING,
    PORTUGUESE,
)

TODAY = date(2026, 11, 25)

NUMBERS = {
    "2026-11-03": "2026-11-03",
    "2026/11/3": "2026-11-03",
    "2026.11.03": "2026-11-03",
    "20261103": "2026-11-03",
    "２０２６／１１／３": "2026-11-03",
    "2026-02-30": NO_DAY,
    "R8.11.3": "2026-11-03",
    "令和8年11月3日": "2026-11-03",
    "令和八年十一月三日": "2026-11-03",
    "H31.4.30": "2019-04-30",
    "H31.5.1": NO_DAY,
    "平成40年1月1日": NO_DAY,
    "令和0年5月1日": NO_DAY,
    "昭和64年1月7日": "1989-01-07",
    "昭和64年1月8日": NO_DAY,
    "090-1234-5678": NOTHING,
    "03-1234-5678": NOTHING,
    "+81 90 1234 5678": NOTHING,
    "10:30": NOTHING,
    "¥3,000": NOTHING,
    "AB12345678CD": NOTHING,
    "AB 20261103 CD": NOTHING,
    "4980 1234 5678 9010": NOTHING,
    "160-0004": NOTHING,
    "1-6-1 Yotsuya, Shinjuku City, Tokyo 160-0004, Japan": NOTHING,
    "2": NOTHING,
    "2026": NOTHING,
    "1/2/3": NOTHING,
    "99/99": NOTHING,
    "": NOTHING,
}

ENGLISH = {
    "3/12": ("2025-12-03", "2026-03-12"),
    "12/3": ("2025-12-03", "2026-03-12"),
    "3/3": "2026-03-03",
    "13/3": "2026-03-13",
    "3/13": "2026-03-13",
    "3/4/2026": ("2026-03-04", "2026-04-03"),
    "31/5/2026": "2026-05-31",
    "3.12.2025": ("2025-03-12", "2025-12-03"),
    "31/2": NO_DAY,
    "13/13": NO_DAY,
    "2/29": "2024-02-29",
    "3 November": "2026-11-03",
    "3rd of November": "2026-11-03",
    "Nov 3rd 2025": "2025-11-03",
    "November 3, 2025": "2025-11-03",
    "december 3": "2025-12-03",
    "3-Nov-2026": "2026-11-03",
    "Sept 9": "2026-09-09",
    "31 February": NO_DAY,
    "today": "2026-11-25",
    "Yesterday!": "2026-11-24",
    "last night around 11pm": "2026-11-24",
    "the day before yesterday": "2026-11-23",
    "tomorrow": "2026-11-26",
    "3 days ago": "2026-11-22",
    "three days ago": "2026-11-22",
    "a week ago": "2026-11-18",
    "two weeks ago": "2026-11-11",
    "in 3 days": "2026-11-28",
    "last Friday": "2026-11-20",
    "on Friday": "2026-11-20",
    "friday": "2026-11-20",
    "last sat": "2026-11-21",
    "on Wednesday": ("2026-11-18", "2026-11-25"),
    "Friday last week": "2026-11-20",
    "last week on Sunday": ("2026-11-15", "2026-11-22"),
    "this Friday": "2026-11-27",
    "next Friday": ("2026-11-27", "2026-12-04"),
    "next Tuesday": "2026-12-01",
    "next month 5th": "2026-12-05",
    "the 5th of last month": "2026-10-05",
    "end of last month": "2026-10-31",
    "the end of this month": "2026-11-30",
    "the 5th": "2026-11-05",
    "Tuesday, 3 November": "2026-11-03",
    "I lost my card yesterday at 5 pm near Shinjuku, please help": "2026-11-24",
    "12月3日": "2025-12-03",
    "昨日": "2026-11-24",
    "3.5": NOTHING,
    "sat": NOTHING,
    "I sat on it and it broke": NOTHING,
    "ok": NOTHING,
    "no": NOTHING,
    "me": NOTHING,
    "may": NOTHING,
    "may I ask 2 things": NOTHING,
    "24/7": NOTHING,
    "last week": NOTHING,
    "about 3 days ago": NOTHING,
    "within 14 days": NOTHING,
    "3 months": NOTHING,
    "call me at 9 am": NOTHING,
    "it costs 6000 yen": NOTHING,
    "since March": "2026-03",
    "end of March": "2026-03-31",
    "March 5 last year": "2025-03-05",
    "3/13 last year": "2025-03-13",
    "2025 Nov 3": "2025-11-03",
    "Nov. 3": "2026-11-03",
    "the 5th at noon": "2026-11-05",
    "1 month ago": "2026-10-25",
    "Saturday night": "2026-11-21",
    "lost on 3/13 2000 yen": "2026-03-13",
    "2-3 days ago": NOTHING,
    "2 or 3 days ago": NOTHING,
    "twenty-two days ago": NOTHING,
    "a few days ago": NOTHING,
    "the other day": NOTHING,
    "every Monday": NOTHING,
    "the second time": NOTHING,
    "on the 3rd floor": NOTHING,
    "the 2nd time": NOTHING,
    "last year": NOTHING,
    "holiday": NOTHING,
    "it was sunny": NOTHING,
    "090 1234 5678": NOTHING,
    "$30": NOTHING,
    "5:30pm": NOTHING,
}

JAPANESE = {
    "12/3": "2025-12-03",
    "11/3": "2026-11-03",
    "12-3": "2025-12-03",
    "26/11/3": "2026-11-03",
    "13/1": "2026-01-13",
    "11月3日": "2026-11-03",
    "１１月３日": "2026-11-03",
    "12月3日": "2025-12-03",
    "2026年11月3日": "2026-11-03",
    "二〇二六年十一月三日": "2026-11-03",
    "十二月三日": "2025-12-03",
    "十一月二十日": "2026-11-20",
    "令和元年5月1日": "2019-05-01",
    "令和元年4月30日": NO_DAY,
    "れいわ8ねん11がつ3にち": "2026-11-03",
    "2月30日": NO_DAY,
    "11月3日（火）": "2026-11-03",
    "11月3日に渋谷でなくしました": "2026-11-03",
    "今日": "2026-11-25",
    "けさ": "2026-11-25",
    "昨日": "2026-11-24",
    "昨日の夜です": "2026-11-24",
    "一昨日": "2026-11-23",
    "おととい": "2026-11-23",
    "さきおととい": "2026-11-22",
    "明日": "2026-11-26",
    "明後日": "2026-11-27",
    "三日前": "2026-11-22",
    "3日前": "2026-11-22",
    "２週間前": "2026-11-11",
    "一週間前": "2026-11-18",
    "先週の金曜日": "2026-11-20",
    "先週の日曜日": ("2026-11-15", "2026-11-22"),
    "この前の土曜日": "2026-11-21",
    "今週の月曜日": "2026-11-23",
    "金曜日": "2026-11-20",
    "水曜": ("2026-11-18", "2026-11-25"),
    "来月5日": "2026-12-05",
    "先月の10日": "2026-10-10",
    "月末": "2026-10-31",
    "先月末": "2026-10-31",
    "今月末": "2026-11-30",
    "来月の終わり": "2026-12-31",
    "5日": "2026-11-05",
    "yesterday": "2026-11-24",
    "先週": NOTHING,
    "3日前くらい": NOTHING,
    "約3日前": NOTHING,
    "14日以内": NOTHING,
    "3日間": NOTHING,
    "11月": "2026-11",
    "午後3時": NOTHING,
    "6000円": NOTHING,
    "日本": NOTHING,
    "〒530-0001 大阪府大阪市北区梅田1-2-3": NOTHING,
    "去年の3月5日": "2025-03-05",
    "昨年12月3日": "2025-12-03",
    "一昨年の3月5日": "2024-03-05",
    "去年の三月": "2025-03",
    "三月から": "2026-03",
    "3月末": "2026-03-31",
    "1か月前": "2026-10-25",
    "十日前": "2026-11-15",
    "火曜日の朝": "2026-11-24",
    "11/3(火)": "2026-11-03",
    "2、3日前": NOTHING,
    "2〜3日前": NOTHING,
    "二三日前": NOTHING,
    "3日ぐらい前": NOTHING,
    "数日前": NOTHING,
    "半年前": NOTHING,
    "2日目": NOTHING,
    "二回目": NOTHING,
    "3番線": NOTHING,
    "毎週月曜日": NOTHING,
    "去年": NOTHING,
    "明日香村": NOTHING,
    "10時半": NOTHING,
}

EASY_JAPANESE = {
    "きょう": "2026-11-25",
    "きのう": "2026-11-24",
    "きのうの よる": "2026-11-24",
    "おとといです": "2026-11-23",
    "あした": "2026-11-26",
    "あさって": "2026-11-27",
    "3にちまえ": "2026-11-22",
    "3日まえ": "2026-11-22",
    "みっかまえ": "2026-11-22",
    "ふつか まえ": "2026-11-23",
    "2しゅうかんまえ": "2026-11-11",
    "12がつ3にち": "2025-12-03",
    "11がつ ついたち": "2026-11-01",
    "きんようび": "2026-11-20",
    "せんしゅうの きんようび": "2026-11-20",
    "らいげつ5にち": "2026-12-05",
    "こんげつの おわり": "2026-11-30",
    "とうきょうに すんでいます": NOTHING,
    "べんきょう": NOTHING,
    "いつか": NOTHING,
    "けさ": "2026-11-25",
    "きのうの あさ": "2026-11-24",
    "きのう なくしました": "2026-11-24",
    "あさっての あさ": "2026-11-27",
    "いつかまえ": "2026-11-20",
    "むいかまえ": "2026-11-19",
    "ようかまえ": "2026-11-17",
    "とおか まえ": "2026-11-15",
    "1しゅうかんまえ": "2026-11-18",
    "いっしゅうかん まえ": "2026-11-18",
    "1かげつまえ": "2026-10-25",
    "みっか": "2026-11-03",
    "はつか": "2026-11-20",
    "ついたち": "2026-11-01",
    "どようび": "2026-11-21",
    "にちようび": "2026-11-22",
    "すいようび": ("2026-11-18", "2026-11-25"),
    "こんしゅうの げつようび": "2026-11-23",
    "せんしゅうの にちようび": ("2026-11-15", "2026-11-22"),
    "らいしゅうの かようび": "2026-12-01",
    "せんげつの 10にち": "2026-10-10",
    "せんげつの おわり": "2026-10-31",
    "きょねんの 3がつ5にち": "2025-03-05",
    "3がつから": "2026-03",
    "3がつ": "2026-03",
    "2、3にちまえ": NOTHING,
    "やく 3にちまえ": NOTHING,
    "まいしゅう げつようび": NOTHING,
    "せんしゅう": NOTHING,
    "どんな じょうきょうですか": NOTHING,
    "きょうだいが います": NOTHING,
    "でんわを かけさせて ください": NOTHING,
    "ごご3じ": NOTHING,
    "5000えん": NOTHING,
}

VIETNAMESE = {
    "3/12": "2025-12-03",
    "3/11": "2026-11-03",
    "3-11": "2026-11-03",
    "12/25": "2025-12-25",
    "3-11-2026": "2026-11-03",
    "03/11/2026": "2026-11-03",
    "3.11.2026": "2026-11-03",
    "3/11/26": "2026-11-03",
    "31/2": NO_DAY,
    "ngày 3/11": "2026-11-03",
    "ngày 3/11 năm 2025": "2025-11-03",
    "ngày 3 tháng 11": "2026-11-03",
    "3 tháng 12": "2025-12-03",
    "ngày 3 tháng 11 năm 2026": "2026-11-03",
    "ngay 3 thang 11 nam 2026": "2026-11-03",
    "ngày 5 tháng mười hai": "2025-12-05",
    "ngày 31 tháng 2": NO_DAY,
    "hôm nay": "2026-11-25",
    "hom nay": "2026-11-25",
    "sáng nay": "2026-11-25",
    "hôm qua": "2026-11-24",
    "hom qua": "2026-11-24",
    "tối qua": "2026-11-24",
    "hôm kia": "2026-11-23",
    "hom kia": "2026-11-23",
    "hôm kìa": "2026-11-22",
    "ngày mai": "2026-11-26",
    "3 ngày trước": "2026-11-22",
    "ba ngày trước": "2026-11-22",
    "3 ngay truoc": "2026-11-22",
    "cách đây 3 ngày": "2026-11-22",
    "một tuần trước": "2026-11-18",
    "hai tuần trước": "2026-11-11",
    "3 ngày nữa": "2026-11-28",
    "thứ sáu tuần trước": "2026-11-20",
    "thu sau tuan truoc": "2026-11-20",
    "t6 tuần trước": "2026-11-20",
    "thứ 6 tuần rồi": "2026-11-20",
    "thứ bảy vừa rồi": "2026-11-21",
    "chủ nhật tuần trước": "2026-11-22",
    "thứ hai tuần này": "2026-11-23",
    "thứ sáu": "2026-11-20",
    "Thứ Ba, ngày 3/11": "2026-11-03",
    "ngày 5 tháng trước": "2026-10-05",
    "cuối tháng trước": "2026-10-31",
    "cuối tháng này": "2026-11-30",
    "ngày 5": "2026-11-05",
    "tôi làm mất thẻ hôm qua lúc 10 giờ ở ga Shinjuku": "2026-11-24",
    "yesterday": "2026-11-24",
    "12月3日": "2025-12-03",
    "tuần trước": NOTHING,
    "khoảng 3 ngày trước": NOTHING,
    "lần thứ hai": NOTHING,
    "không": NOTHING,
    "trong vòng 14 ngày": NOTHING,
    "10 giờ 30": NOTHING,
    "0912 345 678": NOTHING,
    "6000 yên": NOTHING,
    "hqua": "2026-11-24",
    "thứ hai ngày 16": "2026-11-16",
    "ngày 3/11 năm ngoái": "2025-11-03",
    "3/11 năm ngoái": "2025-11-03",
    "tháng 3 năm ngoái": "2025-03",
    "từ tháng 3": "2026-03",
    "cuối tháng 3": "2026-03-31",
    "năm ngày trước": "2026-11-20",
    "2 tháng trước": "2026-09-25",
    "sáng thứ hai": "2026-11-23",
    "thứ tư": ("2026-11-18", "2026-11-25"),
    "2-3 ngày trước": NOTHING,
    "2, 3 ngày trước": NOTHING,
    "hai ba ngày trước": NOTHING,
    "hai mươi ngày trước": NOTHING,
    "vài ngày trước": NOTHING,
    "hôm trước": NOTHING,
    "năm ngoái": NOTHING,
    "mỗi thứ hai": NOTHING,
    "người thứ hai": NOTHING,
    "tầng thứ ba": NOTHING,
    "3h chiều": NOTHING,
    "500k": NOTHING,
}

TABLES = {
    "en": ENGLISH,
    "ja": JAPANESE,
    "ja-simple": EASY_JAPANESE,
    "zh-Hans": CHINESE,
    "vi": VIETNAMESE,
    "ko": KOREAN,
    "tl": FILIPINO,
    "ne": NEPALI,
    "id": INDONESIAN,
    "pt-BR": PORTUGUESE,
}
CASES = [(tag, text, meant) for tag, table in TABLES.items() for text, meant in table.items()]
CASES += [(tag, text, meant) for tag in TABLES for text, meant in NUMBERS.items()]
CASES += [("ja-simple", text, meant) for text, meant in JAPANESE.items()]


def reading(meant: str | tuple[str, ...]) -> tuple[DateReading, ...]:
    if meant == NOTHING:
        return ()
    if isinstance(meant, str) and len(meant) == len("2026-11"):
        return (DateReading((), date.fromisoformat(f"{meant}-01")),)
    days = () if meant == NO_DAY else (meant,) if isinstance(meant, str) else meant
    return (DateReading(tuple(date.fromisoformat(day) for day in days)),)


@pytest.mark.parametrize(("language", "text", "meant"), CASES)
def test_a_typed_day_means_what_people_mean(language: str, text: str, meant: str):
    assert find_dates(text, language, TODAY, past=True) == reading(meant)


def test_each_language_has_its_table_and_its_words():
    assert set(BY_LANGUAGE) >= {row.tag for row in TABLE}
    assert set(TABLES) == {row.tag for row in TABLE}
    assert all(len(table) >= 45 for table in TABLES.values())


@pytest.mark.parametrize(
    ("text", "past", "meant"),
    [
        ("3 December", True, "2025-12-03"),
        ("3 December", False, "2026-12-03"),
        ("3 December", None, "2026-12-03"),
        ("3 November", False, "2027-11-03"),
        ("3 November", None, "2026-11-03"),
        ("25 November", True, "2026-11-25"),
        ("25 November", False, "2026-11-25"),
        ("29 February", False, "2028-02-29"),
        ("Friday", False, "2026-11-27"),
        ("Friday", True, "2026-11-20"),
        ("Friday", None, "2026-11-27"),
        ("3/4", False, ("2027-03-04", "2027-04-03")),
        ("月末", False, "2026-11-30"),
        ("月末", None, "2026-11-30"),
        ("3 November 2027", True, "2027-11-03"),
    ],
)
def test_a_day_without_a_year_is_the_nearest_that_fits_the_question(
    text: str, past: bool | None, meant: str
):
    assert find_dates(text, "en", TODAY, past=past) == reading(meant)


def test_a_week_that_may_begin_on_sunday_or_monday_is_asked_back():
    sunday = date(2026, 11, 22)
    found = find_dates("先週の金曜日", "ja", sunday, past=True)
    assert found == reading(("2026-11-13", "2026-11-20"))
    assert find_dates("thứ sáu tuần trước", "vi", sunday, past=True) == reading("2026-11-13")


def test_two_days_in_a_text_come_in_its_order():
    found = find_dates("moved on 3 November, told on 14 Oct", "en", TODAY, past=True)
    assert found == (*reading("2026-11-03"), *reading("2026-10-14"))


@given(
    day=st.dates(date(1990, 1, 1), date(2065, 12, 31)),
    language=st.sampled_from([row.tag for row in TABLE]),
)
def test_a_full_date_is_read_back_as_itself_in_each_language(day: date, language: str):
    for text in (day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day:%d %B %Y}"):
        assert find_dates(text, language, TODAY) == (DateReading((day,)),)


@given(
    days=st.integers(1, 400),
    today=st.dates(date(2024, 1, 1), date(2032, 12, 31)),
)
def test_days_ago_are_counted_from_today_in_each_language(days: int, today: date):
    texts = {"en": f"{days} days ago", "ja": f"{days}日前", "vi": f"{days} ngày trước"}
    for language, text in texts.items():
        assert find_dates(text, language, today) == (DateReading((today - timedelta(days),)),)


@given(text=st.text(max_size=60), language=st.sampled_from([row.tag for row in TABLE]))
def test_any_text_whatever_is_read_without_an_error(text: str, language: str):
    for found in find_dates(text, language, TODAY):
        assert len(found.days) <= 3 and list(found.days) == sorted(found.days)


def test_reading_a_message_costs_well_under_two_milliseconds():
    text = "I lost my residence card near the station and went to the police on Friday evening"
    find_dates(text, "en", TODAY)
    begun = time.perf_counter()
    for _ in range(100):
        find_dates(text, "en", TODAY)
    assert (time.perf_counter() - begun) / 100 < 0.002
