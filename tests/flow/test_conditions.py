"""Conditions are yes, no or unknown; every kind of name has its words."""

import itertools

import pytest
from flow_builders import (
    a_deadline,
    a_flow,
    a_library,
    a_line,
    a_question,
    a_rule,
    after,
    an_outcome,
    day,
    some_answers,
    when,
)
from hypothesis import given
from hypothesis import strategies as st

from bot.flow import amounts
from bot.flow.conditions import Case, Conditions
from bot.flow.facts import FACTS
from bot.flow.model import Money

TODAY = day("2026-11-20")


def a_case(today=TODAY, what_if=None, as_of="filing_on", **answers):
    flow = a_flow(
        [
            a_question("colour", options="red green blue", go="extras"),
            a_question("extras", "several", options="a b c", go="hours"),
            a_question("hours", "number", go="married_on",
                       bands=(("within", {"upto": "work.hours"}), ("over", {}))),
            a_question("married_on", "date", go="place",
                       bands=(("early", {"before": day("2020-04-01")}),
                              ("middle", {"until": day("2024-03-31")}), ("late", {}))),
            a_question("place", "place", go="expires_on"),
            a_question("expires_on", "date", go="age_group"),
            a_question("age_group", options="baby child adult", go="end"),
            a_question("filing_on", "date", refine=True),
            a_question("band", options="year_1 years_5", refine=True),
        ],
        [an_outcome("end", "Done.")],
        [
            a_deadline("ends", "expires_on", if_closed="practice_next_open_day",
                       opens=after(-1, months=3)),
            a_deadline("met", "married_on", offset=after(years=3), tell="as_computed",
                       seen_from="filing_on"),
            a_deadline("back", "expires_on", tell="as_computed", seen_from="married_on"),
            a_deadline("first", earliest_of=("ends", "met"), tell="as_computed"),
            a_deadline("law_ends", on="law.until", tell="as_computed"),
            a_deadline("counted", "married_on", offset=after(days=14), first_day="included"),
        ],
        {
            "fee": [a_line("fee.green", when(colour="green")),
                    a_line("fee.red", when(colour=["red", "unknown"]), "band")],
            "fixed": [a_line("fee.red", None, "year_1")],
        },
        as_of=as_of,
    )  # fmt: skip
    rules = [
        a_rule("work.hours", {"always": 28}),
        a_rule("law.until", {"always": day("2027-03-31")}, "day"),
        a_rule("fee.green", {"always": 0}, "JPY"),
        a_rule("fee.red", {
            "always": 4000, "2025-04-01": 6000,
            "2026-10-01": {"bands": {"year_1": 33000, "years_5": 75000}},
            "2027-04-01": "expected", "2028-04-01": None,
        }, "JPY"),
        a_rule("flag.new", {"2026-06-14": True}, "flag"),
        a_rule("residence_card.photo_from_age", {"always": 16, "2026-06-14": 1}, "years"),
    ]  # fmt: skip
    case = Case(Conditions(flow), a_library(flow, rules=rules), day_of(today), what_if)
    for answer in some_answers(**answers):
        case.add(answer.name, answer.value)
    return case


def day_of(value):
    return day(value) if isinstance(value, str) else value


def truth(condition, case):
    return case.tests.of(condition)(case)


# ---------------------------------------------------------------- three values


def test_an_answer_is_one_of_the_words_or_not():
    assert truth(when(colour="red"), a_case(colour="red")) is True
    assert truth(when(colour=["green", "blue"]), a_case(colour="red")) is False


def test_what_was_not_answered_is_unknown():
    assert truth(when(colour="red"), a_case()) is None
    assert truth(when(colour="red"), a_case(colour="unsure")) is None
    assert truth(when(colour=["red", "unknown"]), a_case()) is True
    assert truth(when(colour=["red", "unknown"]), a_case(colour="unsure")) is True
    assert truth(when(colour=["red", "unknown"]), a_case(colour="green")) is False


def test_several_names_must_all_hold():
    both = when(colour="red", extras="a")
    assert truth(both, a_case(colour="red", extras=("a", "b"))) is True
    assert truth(both, a_case(colour="green")) is False
    assert truth(both, a_case(colour="red")) is None


def test_any_not_and_all_can_stand_in_each_other():
    condition = when({"any": [{"colour": "red"}, {"not": {"extras": "a"}}]})
    assert truth(condition, a_case(colour="green", extras=("b",))) is True
    assert truth(condition, a_case(colour="green", extras=("a",))) is False
    assert truth(condition, a_case(colour="green")) is None
    assert truth(condition, a_case(colour="red")) is True


def test_an_empty_condition_always_holds():
    assert truth(when({"all": []}), a_case()) is True


VALUES = [True, False, None]


def kleene_all(values):
    return False if False in values else None if None in values else True


def names_with(values):
    """Three questions that make `colour: red`, `extras: a`, `band: year_1` have these values."""
    answers = {}
    for name, value, yes, no in zip(
        ("colour", "extras", "band"), values, ("red", ("a",), "year_1"),
        ("green", ("b",), "years_5"), strict=True,
    ):  # fmt: skip
        if value is not None:
            answers[name] = yes if value else no
    return answers


@pytest.mark.parametrize("values", [*itertools.product(VALUES, repeat=3)])
def test_unknown_decides_nothing_and_hides_nothing(values):
    case = a_case(**names_with(values))
    items = [{"colour": "red"}, {"extras": "a"}, {"band": "year_1"}]
    assert truth(when({"all": items}), case) is kleene_all(values)
    # De Morgan: what is true of `all` is true of `any` turned round.
    opposite = kleene_all([None if v is None else not v for v in values])
    assert truth(when({"any": items}), case) is (None if opposite is None else not opposite)
    assert truth(when({"not": {"any": items}}), case) is opposite


# ---------------------------------------------------------------- kinds of names


def test_several_has_the_chosen_options_and_none():
    assert truth(when(extras=["b", "c"]), a_case(extras=("a", "b"))) is True
    assert truth(when(extras="c"), a_case(extras=("a", "b"))) is False
    assert truth(when(extras="none"), a_case(extras=("none",))) is True


@pytest.mark.parametrize("hours, word", [(0, "within"), (28, "within"), (28.5, "over")])
def test_a_number_falls_into_a_band_whose_limit_is_a_rule(hours, word):
    assert a_case(hours=hours).word("hours") == word
    assert truth(when(hours=word), a_case(hours=hours)) is True


@pytest.mark.parametrize(
    "married_on, word",
    [("2020-03-31", "early"), ("2020-04-01", "middle"), ("2024-03-31", "middle"),
     ("2024-04-01", "late")],
)  # fmt: skip
def test_a_date_falls_into_a_band(married_on, word):
    assert truth(when(married_on=word), a_case(married_on=married_on)) is True


def test_a_band_of_an_unknown_number_is_unknown():
    assert truth(when(hours="within"), a_case()) is None
    assert truth(when(hours="unknown"), a_case(hours="unsure")) is True


def test_a_place_is_known_by_its_codes():
    home = {"prefecture": "13", "municipality": "13121"}
    assert truth(when(place="13"), a_case(place=home)) is True
    assert truth(when(place="13121"), a_case(place=home)) is True
    assert truth(when(place="27"), a_case(place=home)) is False


@pytest.mark.parametrize(
    "today, word",
    [("2026-10-01", "not_open"), ("2026-10-02", "ahead"), ("2026-12-28", "today"),
     ("2026-12-29", "no_open_day"), ("2027-01-04", "grace"), ("2027-01-05", "passed")],
)  # fmt: skip
def test_a_deadline_has_its_states_as_words(today, word):
    case = a_case(today, expires_on="2027-01-02")
    assert truth(when(ends=word), case) is True
    assert truth(when(ends="unknown"), case) is False
    assert truth(when(ends="unknown"), a_case(today)) is True
    assert truth(when(ends=word), a_case(today)) is None


def test_a_rule_is_on_off_or_unknown_on_the_day_that_decides():
    assert truth(when({"flag.new": "off"}), a_case("2026-06-12")) is True
    assert truth(when({"flag.new": "on"}), a_case("2026-06-13")) is True  # filed on the Monday
    assert truth(when({"flag.new": "off"}), a_case("2026-06-13", as_of=None)) is True
    assert truth(when({"fee.red": "unknown"}), a_case("2027-04-01")) is True
    assert truth(when({"fee.red": "on"}), a_case("2027-04-01")) is None
    assert truth(when({"fee.red": "off"}), a_case("2028-04-03")) is True


def test_an_amount_is_free_exact_range_or_unknown():
    assert truth(when(fee="free"), a_case(colour="green")) is True
    assert truth(when(fee="range"), a_case()) is True
    assert truth(when(fee="exact"), a_case("2026-09-30")) is True
    assert truth(when(fee="unknown"), a_case(colour="blue")) is True
    assert truth(when(fee="exact"), a_case(colour="blue")) is None


def test_a_fact_is_yes_no_or_unknown():
    assert truth(when(photo_needed="yes"), a_case(age_group="child")) is True
    assert truth(when(photo_needed="no"), a_case("2026-06-01", age_group="child")) is True
    assert truth(when(photo_needed="no"), a_case(age_group="baby")) is True
    assert truth(when(photo_needed="yes"), a_case("2026-06-01", age_group="adult")) is True
    assert truth(when(photo_needed="yes"), a_case()) is None


def test_every_fact_explains_itself_and_names_what_it_needs():
    for fact in FACTS.values():
        assert len(fact.about) > 60
        assert fact.needs


# ---------------------------------------------------------------- days that rest on others


def test_a_milestone_is_judged_on_the_day_of_filing():
    filed = {"married_on": "2023-12-01"}
    assert a_case(**filed).deadline("met").state == "ahead"
    assert a_case(**filed, filing_on="2026-12-01").deadline("met").state == "today"
    met = a_case(**filed, filing_on="2026-12-02").deadline("met")
    assert (met.state, met.tell, met.days_left) == ("passed", day("2026-12-01"), 11)


def test_a_day_can_be_judged_on_the_day_of_another_question():
    def back(**answers):
        return a_case(**answers).deadline("back").state

    assert back(expires_on="2026-12-31", married_on="2026-12-30") == "ahead"
    assert back(expires_on="2026-12-31", married_on="2026-12-31") == "today"
    assert back(expires_on="2026-12-31", married_on="2027-01-01") == "passed"
    assert back(expires_on="2026-12-31") == "unknown"
    assert back(married_on="2026-12-30") == "unknown"


def test_what_if_wins_over_the_day_that_was_answered():
    case = a_case(what_if=day("2026-12-02"), filing_on="2026-12-20")
    assert (case.filing_on, case.as_of) == (day("2026-12-02"), day("2026-12-02"))


def test_the_first_of_several_days_is_unknown_while_one_of_them_is():
    case = a_case(expires_on="2026-12-31", married_on="2023-12-01")
    assert case.deadline("first").tell == day("2026-12-01")
    assert a_case(expires_on="2026-12-31").deadline("first").state == "unknown"


def test_a_fixed_day_of_law_comes_from_its_rule():
    assert a_case().deadline("law_ends").tell == day("2027-03-31")


def test_the_first_day_counts_when_the_law_says_so():
    case = a_case("2026-11-10", married_on="2026-11-09")
    assert case.deadline("counted").printed == day("2026-11-22")


def test_days_are_counted_from_the_first_day_that_is_known():
    flow = a_flow(
        [a_question("landed_on", "date", go="noticed_on"),
         a_question("noticed_on", "date", go="end")],
        [an_outcome("end", "Done.")],
        [a_deadline("by", ("landed_on", "noticed_on"), offset=after(days=14)),
         a_deadline("later", "by", offset=after(days=1))],
    )  # fmt: skip
    case = Case(Conditions(flow), a_library(flow), TODAY)
    case.add("landed_on", "unsure")
    assert case.deadline("by").state == "unknown"
    case.add("noticed_on", "2026-11-01")
    assert case.deadline("by").printed == day("2026-11-15")
    assert case.deadline("later").printed == day("2026-11-16")
    case.add("landed_on", "2026-11-10")
    assert case.deadline("by").printed == day("2026-11-24")


def test_an_offset_whose_rule_is_not_known_gives_no_day():
    flow = a_flow(
        [a_question("born_on", "date", go="end")],
        [an_outcome("end", "Done.")],
        [a_deadline("by", "born_on", offset=after(days="law.days"))],
    )
    rules = [a_rule("law.days", {"2027-01-01": "expected"})]
    case = Case(Conditions(flow), a_library(flow, rules=rules), day("2027-02-01"))
    case.add("born_on", "2027-01-15")
    assert case.deadline("by").state == "unknown"


def test_the_day_of_filing_is_the_next_open_day_unless_another_is_named():
    assert a_case("2026-11-21").filing_on == day("2026-11-24")
    assert a_case("2026-11-21", married_on="2020-01-01").as_of == day("2026-11-24")
    case = a_case("2026-11-21")
    case.add("filing_on", "2026-12-10")
    assert (case.filing_on, case.as_of) == (day("2026-12-10"), day("2026-12-10"))
    case.add("filing_on", "unsure")
    assert case.filing_on == day("2026-11-24")


def test_another_answered_day_may_decide():
    case = a_case(as_of="married_on")
    assert case.as_of == TODAY
    case.add("married_on", "2026-06-01")
    assert case.as_of == day("2026-06-01")
    assert case.rule_word("flag.new") == "off"


# ---------------------------------------------------------------- rules and money


FEE = a_rule(
    "fee",
    {"2025-04-01": 6000, "2026-10-01": {"bands": {"a": 10000, "b": 75000}},
     "2027-04-01": "expected", "2028-04-01": None},
    "JPY",
)  # fmt: skip


@pytest.mark.parametrize(
    "on, word, money",
    [
        ("2025-03-31", "off", Money("unknown")),
        ("2025-04-01", "on", Money("exact", 6000, 6000)),
        ("2026-09-30", "on", Money("exact", 6000, 6000)),
        ("2026-10-01", "on", Money("range", 10000, 75000)),
        ("2027-03-31", "on", Money("range", 10000, 75000)),
        ("2027-04-01", "unknown", Money("unknown")),
        ("2028-04-01", "off", Money("unknown")),
    ],
)
def test_a_rule_changes_on_its_days(on, word, money):
    assert amounts.word_on(FEE, day(on)) == word
    assert amounts.money_on(FEE, day(on)) == money


def test_a_band_makes_an_amount_exact():
    assert amounts.money_on(FEE, TODAY, "b") == Money("exact", 75000, 75000)
    assert amounts.money_on(FEE, TODAY, "nothing") == Money("range", 10000, 75000)
    assert a_case(band="year_1").amount("fee") == Money("exact", 33000, 33000)
    assert a_case().amount("fixed") == Money("exact", 33000, 33000)


def test_a_range_of_the_law_stays_a_range():
    rule = a_rule("fee", {"always": (10000, 75000)}, "JPY")
    assert amounts.money_on(rule, TODAY) == Money("range", 10000, 75000)
    assert amounts.number_on(rule, TODAY) is None


def test_zero_yen_is_free_and_no_value_is_not():
    assert amounts.money_on(a_rule("fee", {"always": 0}, "JPY"), TODAY).kind == "free"
    assert amounts.money_on(a_rule("fee", {"always": None}, "JPY"), TODAY).kind == "unknown"


def test_what_a_placeholder_of_a_rule_is_filled_with():
    assert amounts.param_on(FEE, TODAY) == Money("range", 10000, 75000)
    assert amounts.param_on(FEE, day("2027-05-01")) is None
    assert amounts.param_on(a_rule("n", {"always": 14}), TODAY) == 14
    assert amounts.param_on(a_rule("f", {"always": True}, "flag"), TODAY) is None


@given(st.dates(min_value=day("2020-01-01"), max_value=day("2030-12-31")))
def test_what_was_worked_out_is_forgotten_when_an_answer_comes(expires_on):
    case = a_case()
    assert case.deadline("ends").state == "unknown"
    assert case.amount("fee").kind == "range"
    case.add("colour", "green")
    case.add("expires_on", expires_on.isoformat())
    assert case.deadline("ends").printed == expires_on
    assert case.amount("fee").kind == "free"
