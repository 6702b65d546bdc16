"""Months, closed days, and a last day judged on one day."""

import pytest
from flow_builders import CLOSED, day, every_day
from hypothesis import given
from hypothesis import strategies as st

from bot.flow.dates import add_months, is_open, judge, next_open_day, open_day_before, shift

DAYS = st.dates(min_value=day("2000-01-01"), max_value=day("2100-12-31"))
MONTHS = st.integers(min_value=-240, max_value=240)


@pytest.mark.parametrize(
    "start, months, end",
    [
        ("2026-12-31", 2, "2027-02-28"),
        ("2027-02-28", 2, "2027-04-28"),
        ("2026-05-31", -3, "2026-02-28"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2027-01-31", -3, "2026-10-31"),
        ("2026-01-15", -1, "2025-12-15"),
        ("2026-12-15", 1, "2027-01-15"),
    ],
)
def test_a_month_has_the_same_day_number_or_its_last_day(start, months, end):
    assert add_months(day(start), months) == day(end)


@given(DAYS, MONTHS)
def test_months_never_gain_a_day(start, months):
    end = add_months(start, months)
    assert end.day <= start.day
    assert (end.year - start.year) * 12 + end.month - start.month == months


@given(DAYS, st.integers(min_value=0, max_value=240))
def test_going_months_forth_and_back_never_ends_later(start, months):
    assert add_months(add_months(start, months), -months) <= start


def test_years_months_and_days_are_moved_in_this_order():
    assert shift(day("2028-02-29"), years=1, days=1) == day("2029-03-01")
    assert shift(day("2026-11-20"), days=14) == day("2026-12-04")


@pytest.mark.parametrize(
    "wanted, found",
    [
        ("2026-11-20", "2026-11-20"),  # a Friday
        ("2026-11-21", "2026-11-24"),  # weekend, then a holiday
        ("2026-12-29", "2027-01-04"),
    ],
)
def test_the_next_open_day_may_be_the_day_itself(wanted, found):
    assert next_open_day(day(wanted), CLOSED) == day(found)


def test_the_open_day_before_looks_back_no_further_than_asked():
    assert open_day_before(day("2027-01-02"), CLOSED) == day("2026-12-28")
    assert open_day_before(day("2027-01-02"), CLOSED, day("2026-12-28")) == day("2026-12-28")
    assert open_day_before(day("2027-01-02"), CLOSED, day("2026-12-29")) is None


def judged(printed, seen_on, **more):
    given = {"closed": CLOSED, "if_closed": "keep", "tell": "open_day_before"}
    last = judge(day(printed), day(seen_on), **{**given, **more})
    return last.state, str(last.law), last.tell and str(last.tell)


@pytest.mark.parametrize(
    "seen_on, state, told",
    [
        ("2026-12-25", "ahead", "2026-12-28"),
        ("2026-12-28", "today", "2026-12-28"),
        ("2026-12-29", "no_open_day", None),
        ("2027-01-02", "no_open_day", None),
        ("2027-01-03", "grace", "2027-01-02"),
        ("2027-01-04", "grace", "2027-01-02"),
        ("2027-01-05", "passed", "2027-01-02"),
    ],
)
def test_a_stay_that_ends_when_offices_are_closed(seen_on, state, told):
    found = judged("2027-01-02", seen_on, if_closed="practice_next_open_day")
    assert found == (state, "2027-01-02", told)


@pytest.mark.parametrize(
    "seen_on, state, told",
    [
        ("2026-11-10", "ahead", "2026-11-20"),
        ("2026-11-20", "today", "2026-11-20"),
        ("2026-11-21", "ahead", "2026-11-24"),  # nothing is open before the shifted day
        ("2026-11-23", "ahead", "2026-11-24"),
        ("2026-11-24", "today", "2026-11-24"),
        ("2026-11-25", "passed", "2026-11-24"),
    ],
)
def test_a_last_day_on_a_holiday_that_the_law_moves(seen_on, state, told):
    # Noticed on Monday the 9th; day 14 is a holiday.
    found = judged("2026-11-23", seen_on, if_closed="next_open_day")
    assert found == (state, "2026-11-24", told)


def test_a_kept_day_is_passed_on_the_next_day():
    assert judged("2027-01-02", "2027-01-03") == ("passed", "2027-01-02", "2027-01-02")


def test_a_day_told_as_computed_may_be_a_closed_one():
    found = judged("2027-01-02", "2026-12-29", tell="as_computed")
    assert found == ("ahead", "2027-01-02", "2027-01-02")
    assert judged("2027-01-02", "2027-01-02", tell="as_computed")[0] == "today"


def test_online_there_are_no_closed_days():
    assert judged("2027-01-02", "2026-12-29", closed=None)[::2] == ("ahead", "2027-01-02")
    assert judged("2027-01-02", "2027-01-03", closed=None, if_closed="practice_next_open_day")[
        0
    ] == ("passed")


def test_before_its_window_a_deadline_is_not_open():
    opens = {"opens_on": day("2026-10-02")}
    assert judged("2027-01-02", "2026-10-01", **opens)[0] == "not_open"
    assert judged("2027-01-02", "2026-10-02", **opens)[0] == "ahead"


@given(
    DAYS,
    DAYS,
    st.sampled_from(["keep", "next_open_day", "practice_next_open_day"]),
    st.sampled_from(["open_day_before", "as_computed"]),
)
def test_a_day_that_is_told_in_time_is_never_over_and_is_open(printed, away, if_closed, tell):
    seen_on = min(away, printed) if away.toordinal() % 2 else away
    last = judge(printed, seen_on, closed=CLOSED, if_closed=if_closed, tell=tell)
    if last.state in ("ahead", "today"):
        assert last.tell >= seen_on
        assert last.tell <= last.law
        assert tell == "as_computed" or is_open(last.tell, CLOSED)
    elif last.state in ("grace", "passed"):
        assert last.law < seen_on
    else:
        assert last.state == "no_open_day"
        assert last.tell is None
        assert not any(is_open(d, CLOSED) for d in every_day(str(seen_on), str(printed)))


@given(DAYS, st.integers(min_value=-40, max_value=40))
def test_only_practice_knows_grace_and_it_ends_on_an_open_day(printed, away):
    seen_on = shift(printed, days=away)
    last = judge(
        printed, seen_on, closed=CLOSED, if_closed="practice_next_open_day", tell="as_computed"
    )
    assert (last.state == "grace") == (printed < seen_on <= next_open_day(printed, CLOSED))
