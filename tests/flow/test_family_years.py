"""Whether a family's years for permanent residence are full before the present years end."""

from datetime import date

import pytest

from bot.flow.facts import FACTS

YEARS = {
    "permanent_residence.spouse_marriage_years": 3,
    "permanent_residence.spouse_stay_years": 1,
    "permanent_residence.child_stay_years": 1,
}


class OfFamily:
    """A case of which only the way and its days are known; the present years may have ended."""

    def __init__(self, route: str, ended: bool = False, **days: str) -> None:
        self.route = route
        self.days = {name: date.fromisoformat(day) for name, day in days.items()}
        self.years = {} if ended else YEARS

    def word(self, name: str) -> str:
        return self.route

    def day(self, name: str) -> date | None:
        return self.days.get(name)

    def rule_number(self, name: str) -> int | None:
        return self.years.get(name)

    def rule_day(self, name: str) -> date | None:
        return date(2027, 3, 31)


@pytest.mark.parametrize(
    ("case", "answer"),
    [
        (OfFamily("spouse", married_on="2024-03-30", in_japan_since="2020-01-01"), True),
        (OfFamily("spouse", married_on="2024-03-31", in_japan_since="2020-01-01"), False),
        (OfFamily("spouse", married_on="2010-01-01", in_japan_since="2026-03-31"), False),
        (OfFamily("spouse", married_on="2010-01-01"), None),
        (OfFamily("spouse", married_on="2026-01-01"), False),
        (OfFamily("child", in_japan_since="2026-03-30"), True),
        (OfFamily("child", in_japan_since="2026-03-31"), False),
        (OfFamily("child"), None),
        (OfFamily("general", in_japan_since="2000-01-01"), None),
        (OfFamily("unknown"), None),
        (OfFamily("child", ended=True, in_japan_since="2020-01-01"), None),
    ],
)
def test_one_day_must_be_left_after_the_years_are_full(case, answer):
    assert FACTS["family_years_full_in_time"].test(case) is answer
