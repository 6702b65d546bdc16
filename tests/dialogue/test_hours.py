"""When the office answers: weekends, holidays, the turn of the year, the closing hour itself."""

from dataclasses import replace
from datetime import datetime

import pytest
from talks import TOKYO, library

from bot.dialogue.hours import Opening, opening


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    "now, is_open, coming",
    [
        ("2026-11-27 08:59:59", False, "2026-11-27 09:00"),  # a Friday
        ("2026-11-27 09:00", True, "2026-11-30 09:00"),
        ("2026-11-27 22:59:59.999999", True, "2026-11-30 09:00"),
        ("2026-11-27 23:00", False, "2026-11-30 09:00"),  # 23:00 sharp is closed
        ("2026-11-28 12:00", False, "2026-11-30 09:00"),  # Saturday
        ("2026-11-29 23:59", False, "2026-11-30 09:00"),
        ("2026-11-30 00:00", False, "2026-11-30 09:00"),
        ("2026-11-23 12:00", False, "2026-11-24 09:00"),  # Labour Thanksgiving Day
        ("2026-05-01 23:30", False, "2026-05-07 09:00"),  # before Golden Week
        ("2026-12-28 22:00", True, "2027-01-04 09:00"),
        ("2026-12-28 23:00", False, "2027-01-04 09:00"),
        ("2026-12-31 12:00", False, "2027-01-04 09:00"),  # the turn of the year
        ("2027-01-03 23:59", False, "2027-01-04 09:00"),
        ("2027-12-29 10:00", False, "2028-01-04 09:00"),
    ],
)
def test_the_next_opening_is_honest(now: str, is_open: bool, coming: str) -> None:
    assert opening(library(), at(now)) == Opening(is_open, at(coming))


def test_an_office_may_be_closed_on_days_of_its_own() -> None:
    own = replace(library(), office={**library().office, "closed": ["2026-11-30"]})
    assert opening(own, at("2026-11-27 23:00")).next == at("2026-12-01 09:00")


def test_an_office_without_days_never_opens() -> None:
    none = replace(library(), office={**library().office, "hours": {"days": []}})
    assert opening(none, at("2026-11-27 12:00")) == Opening(False, None)
