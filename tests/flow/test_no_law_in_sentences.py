"""No day, amount or number of law stands in a sentence: it stands once, in rules.yaml.

A sentence of an outcome says a number by its placeholder. A label, a question and a paper can
have none, and a few sentences speak of a number in passing: those are tied here to the rule that
they repeat, so that a change of the law finds them. What is left is listed with its reason.
"""

import re
from calendar import month_name
from collections.abc import Iterator
from datetime import date, timedelta
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest

from bot.flow.load import load_library
from bot.flow.model import Library
from bot.i18n.extract import sentences

CONTENT = Path(__file__).resolve().parents[2] / "flows"

NO_LAW = {
    r"%\([\w.]+\)s": "a placeholder: the number stands in rules.yaml",
    r"〒.*?(?=[.。]|$)": "an address in Japan",
    r"\+?\d+(-\d+){1,3}": "a telephone number",
    r"\b(110|119|17[17])\b": "an emergency number",
    r"\b[Dd]ay 1\b": "the way in which days are counted, explained",
    r"\b(JLPT )?N[1-5]\b|\b[AB][12]\b": "the name of a level of language",
    r"\b\d+ languages\b|\bThe 17 languages\b": "what a telephone line offers",
    r"\b\d{1,2}:\d\d\b|\bfrom 9 to 17\b": "hours of a counter or a telephone line",
    r"\b24 hours\b": "how long a link of the bot works; a line that never closes",
    r"\bonce, for 3 days\b|\b\d+ MB\b|\b10 files\b": "how long and how much an upload link takes",
    r"\bcategor(y|ies) \d( or \d)?": "the name of a category of employers",
    r"\bNo\. ?\d+|高度専門職\d号|\bno\. \d|\bnumber 33\b": "the number in a name",
    r"\btable [123]\b|\bform 3\b": "the number of a form",
    r"\b13th floor\b": "the way to an office",
    r"\bthe 23 wards\b": "geography",
    r"\bseven days in a row\b": "a week has seven days",
    r"\b1 January\b": "the day in tax law on which the city of the taxes is decided",
}
"""What looks like a number of law and is none, wherever it stands."""

PLACES_OF_NAMES = ("source/*", "status/*", "office/*")
"""Titles of laws and names of offices: their numbers belong to the name."""

RESTS_ON: dict[str, tuple[str, ...]] = {
    "residence_card.act_for_child_under": (
        "answers/age_groups.adult",
        "answers/age_groups.child",
        "*/age_group.only_if.adult",
        "*/age_group.only_if.child",
        "card-details/age_group.only_if.baby",
        "damaged-card/age_group.only_if.baby",
        "card-validity/*",
        "return-card/date_over.still_status",
        "special-permanent-resident/child_renewal.ask",
        "special-permanent-resident/renew.*",
        "topic/about-the-card/answer.two_dates",
    ),
    "residence_card.carry_from_age": (
        "card-validity/child_renew.carry",
        "safety/passport-taken/answer.card",
    ),
    "residence_card.photo_from_age": (
        "answers/age_groups.baby",
        "answers/age_groups.child",
        "*/age_group.only_if.baby",
        "birth/newborn.status.no_photo",
        "document/special_photo",
    ),
    "residence_card.renewal_reading_months": ("special-permanent-resident/renew.wait_until",),
    "residence_card.stay_over_months": ("document/*_common.residence_card.note",),
    "residence_card.combined_weeks": ("topic/processing-time/answer.card",),
    "special_permanent.certificate_weeks": (
        "lost-card/city_damage.takes_weeks",
        "lost-card/city_office.takes_weeks",
    ),
    "photo.safe_age_months": ("document/special_photo.note",),
    "reentry.special_years": (
        "lost-card/one_year.label",
        "re-entry/one_year.label",
        "re-entry/leaves_on.why",
    ),
    "extension.special_period_more_than_days": (
        "*/period_length.why",
        "short-stay/applied.why",
        "shared/q.period_length.days_30",
    ),
    "extension.window_from_months": ("shared/q.period_length.longer",),
    "acquisition.apply_days": ("birth/thirty_days_over.label",),
    "acquisition.stay_days": ("nationality-lost/stays.*",),
    "job_hunting.months": ("job-hunting/*.fee_six_months",),
    "highly_skilled.points": ("highly-skilled/way.*", "highly-skilled/points_time.*"),
    "highly_skilled.second_years": ("highly-skilled/points_time.*",),
    "highly_skilled.j_skip_second_years": ("highly-skilled/second_*.j_skip_*",),
    "permanent_residence.general_years": (
        "permanent-residence/route.general",
        "permanent-residence/five_work_years.why",
        "permanent-residence/general_met.label",
    ),
    "permanent_residence.work_years": ("permanent-residence/five_work_years.ask",),
    "permanent_residence.long_term_years": ("permanent-residence/long_term_met.label",),
    "permanent_residence.child_stay_years": ("permanent-residence/*.child_full*",),
    "permanent_residence.spouse_stay_years": ("permanent-residence/*.spouse_stay_full*",),
    "permanent_residence.j_skip_years": ("permanent-residence/*.j_skip_full*",),
    "permanent_residence.points_80_years": (
        "permanent-residence/*.points_80_full*",
        "highly-skilled/points_time.*",
    ),
}
"""Numbers that repeat a rule where no placeholder can stand, or where an age or a stay is named
after it: the number is one of the values of the rule, and goes when the rule goes."""

STANDARD_TIME = "the usual time until the answer, which immigration publishes; no law"
PERIOD_OF_STATUS = "a period of stay of a status: statuses.yaml has them all"
FEE_BAND = "the name of a band of the fee: rules.yaml has the amounts of each"
ADVICE = "advice of how early to come, no time limit"
NAME_OF_PAPER = "the years of a paper as the official list of papers names them"
POINTS = "the two names of the points: 70 and 80, as on the official table"

OTHERWISE: dict[str, str] = {
    "*.answer_time": STANDARD_TIME,
    "*.no_time_limit": STANDARD_TIME,
    "*.long_wait": STANDARD_TIME,
    "*.usual_time": STANDARD_TIME,
    "*/waiting.time": STANDARD_TIME,
    "topic/processing-time/*": STANDARD_TIME,
    "short-stay/change_abroad.waiting_no_longer": STANDARD_TIME,
    "event/arrived/duties.my_number": STANDARD_TIME,
    "first-address/first_address.card_by_mail": STANDARD_TIME,
    "topic/about-the-card/answer.later": STANDARD_TIME,
    "*/period_hoped.*": FEE_BAND,
    "topic/fees/answer.stay_*": FEE_BAND,
    "*.descent_japanese": PERIOD_OF_STATUS,
    "document/japanese_level": PERIOD_OF_STATUS,
    "highly-skilled/apply.fee_five_years": PERIOD_OF_STATUS,
    "highly-skilled/wish.note": PERIOD_OF_STATUS,
    "shared/q.period_length.months_5": PERIOD_OF_STATUS,
    "shared/q.period_length.months_3": PERIOD_OF_STATUS,
    "short-stay/from_abroad.periods": PERIOD_OF_STATUS,
    "short-stay/period_length.*": PERIOD_OF_STATUS,
    "permanent-residence/*period*": PERIOD_OF_STATUS,
    "permanent-residence/longer_stay_first.*": PERIOD_OF_STATUS,
    "permanent-residence/apply.three_years_*": PERIOD_OF_STATUS,
    "topic/status-types/answer.many": "the number of rows of statuses.yaml, held below",
    "*.online_until": ADVICE,
    "topic/online/answer.not_the_last_day": ADVICE,
    "pending-application/special_period.go_before": ADVICE,
    "talk/calendar_about": "on which days the calendar file reminds",
    "talk/date_month_only": "how a day is typed, as an example",
    "talk/card_old_sources": "when the words become softer: bot/flow/sources.py",
    "document/pr_*": NAME_OF_PAPER,
    "document/pension_record": NAME_OF_PAPER,
    "lost-card/doc.city_photo": "the size of a photo in centimetres, held below",
    "document/photo": "the size of a photo in centimetres, held below",
    "document/special_photo": "the size of a photo in centimetres, held below",
    "permanent-residence/*points*": POINTS,
    "permanent-residence/not_yet.other_way": POINTS,
    "highly-skilled/points_time.*": POINTS,
    "event/arrived/duties.prepay": "what some cities ask; each city decides",
    "*_closed": "closed days stand in closed_days.yaml",
    "topic/office/answer.closed": "closed days stand in closed_days.yaml",
    "shared/q.employer_category.note": "the names of the categories",
}
"""Numbers that are no rule of law, or stand in another file of facts."""

WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15,
    "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90,
}  # fmt: skip
UNIT = r"(?:full |more )?(?:yen|days?|months?|years?|weeks?|hours?|percent|points?|mm|minutes?)"
BETWEEN = rf"(?: (?:or|to|and) (?:{'|'.join(WORDS)}|more))?"
IN_WORDS = re.compile(rf"\b({'|'.join(WORDS)})\b(?={BETWEEN}[ -]{UNIT}\b)", re.IGNORECASE)
IN_DIGITS = re.compile(r"\d[\d,.]*")
MONTHS = list(month_name)[1:]
DAY = re.compile(rf"\b(?:(\d{{1,2}}) )?({'|'.join(MONTHS)}) (\d{{4}})\b")
SEASON = re.compile(r"\bspring (\d{4})|\bfiscal year (\d{4})")


@cache
def the_library() -> Library:
    return load_library(CONTENT)


def the_sentences() -> Iterator[tuple[str, str]]:
    for address, sentence in sentences(the_library()).items():
        if not any(fnmatchcase(address, place) for place in PLACES_OF_NAMES):
            yield address, sentence.text
            if sentence.plural is not None:
                yield address, sentence.plural


def days_of_law() -> set[date]:
    """The starts of all rules with the days before them, and rules that are days themselves."""
    found = set()
    for rule in the_library().rules.values():
        for value in rule.values:
            if value.since is not None:
                found |= {value.since, value.since - timedelta(days=1)}
            if isinstance(value.value, date):
                found |= {value.value, value.value - timedelta(days=1)}
    return found


def numbers_of(rule: str) -> set[int]:
    return {v.value for v in the_library().rules[rule].values if isinstance(v.value, int)}


def without_no_law(text: str) -> str:
    for pattern in NO_LAW:
        text = re.sub(pattern, "", text)
    return text


def numbers_in(text: str) -> list[int]:
    rest = SEASON.sub("", DAY.sub("", without_no_law(text)))
    words = [WORDS[found.lower()] for found in IN_WORDS.findall(rest)]
    digits = [int(re.sub(r"[,.]", "", found)) for found in IN_DIGITS.findall(rest)]
    return words + digits


def test_a_number_in_a_sentence_is_no_law_or_is_the_number_of_its_rule() -> None:
    loose = []
    for address, text in the_sentences():
        if any(fnmatchcase(address, place) for place in OTHERWISE):
            continue
        rules = [
            r for r, places in RESTS_ON.items() if any(fnmatchcase(address, p) for p in places)
        ]
        known = set().union(*(numbers_of(rule) for rule in rules)) if rules else set()
        known |= {number - 1 for number in known if number == 16}  # "1 to 15 years"
        if not set(numbers_in(text)) <= known:
            loose.append(f"{address}: {text}")
    assert loose == []


def test_a_day_in_a_sentence_is_the_start_of_a_rule_or_the_day_before() -> None:
    days = days_of_law()
    loose = []
    for address, text in the_sentences():
        for day, month, year in DAY.findall(text):
            there = [d for d in days if (d.year, d.month) == (int(year), MONTHS.index(month) + 1)]
            if not address.startswith("talk/") and not any(
                day in ("", str(found.day)) for found in there
            ):
                loose.append(f"{address}: {text}")
    assert loose == []


def test_no_line_of_the_lists_is_left_over() -> None:
    all_of_them = list(the_sentences())
    places = [*OTHERWISE, *(place for places in RESTS_ON.values() for place in places)]
    idle = [
        place
        for place in places
        if not any(fnmatchcase(a, place) and numbers_in(t) for a, t in all_of_them)
    ]
    assert idle == []
    everything = "\n".join(text for _, text in all_of_them)
    assert [p for p in NO_LAW if not re.search(p, everything)] == []


def test_the_number_of_statuses_is_the_number_of_rows() -> None:
    rows = the_library().statuses
    law = [row for row in rows.values() if row.id != "special_permanent"]
    said = dict(the_sentences())["topic/status-types/answer.many"]
    names = {re.sub(r"[0-9(（].*", "", row.ja) for row in law}
    assert f"{len(names)} statuses" in said


@pytest.mark.parametrize(
    "address", ["document/photo", "document/special_photo", "lost-card/doc.city_photo"]
)
def test_the_size_of_the_photo_is_the_size_of_the_rule(address: str) -> None:
    (height,), (width,) = numbers_of("photo.height_mm"), numbers_of("photo.width_mm")
    assert f"{height // 10} cm high and {width // 10} cm wide" in dict(the_sentences())[address]


def test_a_number_is_found_in_words_and_in_digits() -> None:
    assert numbers_in("Within two or three months you pay 4,000 yen, by %(day)s. Day 1.") == [
        2, 3, 4000,
    ]  # fmt: skip
