"""What people are told at the end of a walk."""

from dataclasses import replace

import pytest
from flow_builders import (
    a_deadline,
    a_flow,
    a_library,
    a_line,
    a_paper,
    a_question,
    a_rule,
    a_sentence,
    after,
    an_office,
    an_outcome,
    day,
    some_answers,
    when,
)

from bot.flow.engine import Engine
from bot.flow.model import FollowUp, HandoffLine, ListedDocument, Money, Step

TODAY = day("2026-09-15")
RULES = [
    a_rule("fee.counter", {
        "always": 4000, "2025-04-01": 6000,
        "2026-10-01": {"bands": {"months_3": 10000, "years_5": 75000}},
        "2028-04-01": "expected",
    }, "JPY"),
    a_rule("fee.online", {"always": 5500, "2026-10-01": 9000}, "JPY"),
    a_rule("paper.pledge", {"2026-12-01": True}, "flag"),
    a_rule("paper.old", {"always": True, "2026-12-01": False}, "flag"),
    a_rule("opens.months", {"always": 3}, "months"),
]  # fmt: skip


def only_if(text):
    return a_sentence(text, f"test/only_if.{text[:12]}")


def an_extension_flow(**more):
    given = {
        "show": ("deadlines", "documents", "fee", "offices", "changes"),
        "follow_ups": (
            FollowUp("test", when(company="small")), FollowUp("gone"), FollowUp("test"),
        ),
        "handoff": (
            HandoffLine("urgent", when(apply_by=["today", "grace"])),
            HandoffLine("offer", when(company="unknown")),
            HandoffLine("none"),
        ),
    }  # fmt: skip
    return a_flow(
        [
            a_question("expires_on", "date", go="company"),
            a_question("company", options="large small", go="apply",
                       branches=[(when({"paper.pledge": "on", "company": "large"}), "new_way")]),
            a_question("sent", refine=True, only_if={"yes": only_if("Only if you are sent:")}),
            a_question("language", refine=True),
            a_question("useless", refine=True),
            a_question("channel", options="counter online", refine=True),
            a_question("place", "place", refine=True),
            a_question("filing_on", "date", not_before="today", refine=True),
        ],
        [
            an_outcome(
                "apply",
                a_sentence("Apply by %(apply_by)s.", when=when(apply_by=["ahead", "today"])),
                a_sentence("It ended on %(apply_by.law)s.", "test/ended",
                           when=when(apply_by="grace"), confirm="ask_isa"),
                a_sentence("You pay %(fee)s.", "test/pay", when=when(fee=["exact", "range"])),
                a_sentence("You work at %(company)s, %(apply_by.days_left)s days.", "test/c",
                           source="page", confirm="unconfirmed"),
                a_sentence("Your office is %(office)s.", "test/office"),
                **{**given, **more},
            ),
            an_outcome("new_way", "A new way."),
        ],
        [a_deadline("apply_by", "expires_on", if_closed="practice_next_open_day",
                    opens=after(-1, months="opens.months"))],
        {"fee": [a_line("fee.online", when(channel="online")),
                 a_line("fee.counter", when(channel=["counter", "unknown"]))]},
        [
            a_paper("form"),
            a_paper("registry", when(company="small")),
            a_paper("pledge", when({"sent": "yes", "paper.pledge": "on"})),
            a_paper("b2", when(language="yes")),
            a_paper("old", when({"paper.old": "on"})),
            a_paper("registry", when(sent="yes")),
        ],
        as_of="filing_on",
    )  # fmt: skip


OFFICES = [an_office("tokyo", "bureau", "13", "13"), an_office("osaka", "bureau", "27", "27")]


def solved(today=TODAY, flow=None, with_changes=False, **answers):
    engine = Engine(a_library(flow or an_extension_flow(), rules=RULES, offices=OFFICES))
    given = {"expires_on": "2027-01-02", "company": "small", **answers}
    today = day(today) if isinstance(today, str) else today
    values = {name: value for name, value in given.items() if value is not None}
    return engine.solve(
        "test", some_answers(today, **values), today, with_changes=with_changes
    )  # fmt: skip


def said(solution):
    return [spoken.sentence.address for spoken in solution.sentences]


def listed(solution):
    return {
        paper.document.id: paper.condition and paper.condition.text for paper in solution.documents
    }


# ---------------------------------------------------------------- sentences


def test_a_sentence_is_said_with_the_values_of_its_placeholders():
    solution = solved("2026-12-20")
    assert said(solution) == ["test/a", "test/pay", "test/c"]
    first, pay, third = solution.sentences
    assert first.params == {"apply_by": day("2026-12-28")}
    assert pay.params == {"fee": Money("range", 10000, 75000)}
    assert third.params["company"].address == "test/company.small"
    assert third.params["apply_by.days_left"] == 8


def test_a_sentence_whose_condition_is_unknown_is_not_said():
    assert "test/a" not in said(solved(expires_on="unsure"))


def test_a_sentence_with_an_unknown_placeholder_is_not_said():
    assert "test/c" not in said(solved("2026-12-29"))  # there is no day left to tell
    assert "test/office" not in said(solved())


def test_the_nearest_office_can_be_told():
    solution = solved(place={"prefecture": "27", "municipality": None})
    assert "test/office" in said(solution)
    assert [office.id for office in solution.offices] == ["osaka"]


def test_after_the_last_day_the_day_of_the_law_is_told():
    solution = solved("2027-01-04")
    assert "test/ended" in said(solution)
    assert solution.sentences[0].params == {"apply_by.law": day("2027-01-02")}
    assert solution.deadlines[0].tell == day("2027-01-02")


def test_a_sentence_counts_with_the_number_of_its_plural():
    line = a_sentence("You have a day.", "test/n", plural="You have %(n)s days.",
                      count="apply_by.days_left")  # fmt: skip
    flow = an_extension_flow()
    flow = replace(flow, outcomes={"apply": replace(flow.outcomes["apply"], say=(line,)),
                                   "new_way": flow.outcomes["new_way"]})  # fmt: skip
    assert solved("2026-12-20", flow).sentences[0].params == {"apply_by.days_left": 8}


# ---------------------------------------------------------------- days, money, filing


def test_the_deadline_has_its_day_window_and_state():
    (deadline,) = solved("2026-12-20").deadlines
    assert deadline.state == "ahead"
    assert (deadline.printed, deadline.tell) == (day("2027-01-02"), day("2026-12-28"))
    assert deadline.opens_on == day("2026-10-02")


def test_a_deadline_of_which_nothing_is_known_is_not_shown():
    assert solved(expires_on="unsure").deadlines == ()


def test_without_showing_all_only_days_that_are_told_are_given():
    assert solved("2026-12-29", an_extension_flow(show=())).deadlines == ()
    told = solved("2026-12-20", an_extension_flow(show=()))
    assert [deadline.name for deadline in told.deadlines] == ["apply_by"]


def test_the_fee_is_that_of_the_day_of_filing():
    assert solved().amounts["fee"] == Money("exact", 6000, 6000)
    assert solved(filing_on="2026-10-01").amounts["fee"] == Money("range", 10000, 75000)
    assert solved(filing_on="2026-10-01", channel="online").amounts["fee"].min == 9000


def test_the_day_of_filing_is_the_next_open_day():
    assert solved("2026-09-19").filing_on == day("2026-09-24")
    assert solved(filing_on="2026-10-05").filing_on == day("2026-10-05")
    flow = replace(an_extension_flow(), as_of=None)
    assert solved(flow=flow).filing_on is None


# ---------------------------------------------------------------- papers


def test_papers_are_listed_once_each_and_unknown_ones_under_a_sentence():
    assert listed(solved(filing_on="2026-12-01")) == {
        "form": None,
        "registry": None,
        "pledge": "Only if you are sent:",
        "b2": "Only if it applies to you:",
    }


def test_a_paper_of_another_day_is_not_listed():
    assert "pledge" not in listed(solved())
    assert "old" in listed(solved())


def test_an_answer_makes_a_paper_certain_or_drops_it():
    assert listed(solved(filing_on="2026-12-01", sent="yes"))["pledge"] is None
    assert "pledge" not in listed(solved(filing_on="2026-12-01", sent="no"))


def test_a_paper_of_two_ways_is_needed_if_one_of_them_holds():
    assert listed(solved(company="large"))["registry"] == "Only if you are sent:"
    assert listed(solved(company="large", sent="yes"))["registry"] is None
    assert "registry" not in listed(solved(company="large", sent="no"))


def test_a_paper_is_listed_as_the_way_that_holds_asks_for_it():
    first = a_paper("proof", when(kind="a"), source="page_of_a")
    second = a_paper("proof", when(kind="b"), source="page_of_b")
    flow = a_flow(
        [a_question("kind", options="a b", refine=True)],
        [an_outcome("end", "Done.", show=("documents",))],
        documents=[first, second], start="end",
    )  # fmt: skip
    engine = Engine(a_library(flow))

    def source(**answers):
        (paper,) = engine.solve("test", some_answers(**answers), TODAY).documents
        return paper.document.source, paper.condition is None

    assert source(kind="a") == ("page_of_a", True)
    assert source(kind="b") == ("page_of_b", True)
    assert source() == ("page_of_a", False)


def test_a_sentence_over_a_paper_is_used_only_for_its_own_word():
    question = a_question("kind", options="a b c d e", refine=True, only_if={
        "a": only_if("Only if a:"), "b": only_if("Only if b:"),
        "d": a_sentence("Only if d or e:", "test/only_if.d"),
        "e": a_sentence("Only if d or e:", "test/only_if.e")})  # fmt: skip

    def over(condition):
        flow = a_flow(
            [question], [an_outcome("end", "Done.", show=("documents",))],
            documents=[a_paper("p", condition)], start="end",
        )  # fmt: skip
        (paper,) = Engine(a_library(flow)).solve("test", (), TODAY).documents
        return paper.condition.text

    assert over(when(kind="a")) == "Only if a:"
    assert over(when({"not": {"kind": ["a", "c", "d", "e"]}})) == "Only if b:"
    assert over(when(kind=["a", "b"])) == "Only if it applies to you:"
    assert over(when(kind=["d", "e"])) == "Only if d or e:"
    assert over(when(kind="c")) == "Only if it applies to you:"


def test_over_a_paper_of_two_open_ways_stands_only_what_holds_for_both():
    first = a_question("kind", options="a b", refine=True, only_if={
        "a": only_if("Only if a:"), "b": only_if("Only if b:")})  # fmt: skip
    second = a_question("old", options="yes no", refine=True, only_if={
        "yes": only_if("Only if old:")})  # fmt: skip

    def over(*conditions, **answers):
        flow = a_flow(
            [first, second], [an_outcome("end", "Done.", show=("documents",))],
            documents=[a_paper("p", condition) for condition in conditions], start="end",
        )  # fmt: skip
        (paper,) = Engine(a_library(flow)).solve("test", some_answers(**answers), TODAY).documents
        return paper.condition.text

    assert over(when(kind="a"), when(old="yes")) == "Only if it applies to you:"
    assert over(when(kind="a"), when(old="yes"), kind="b") == "Only if old:"
    both = when(kind="a", old="yes"), when(kind="b", old="yes")
    assert over(*both) == "Only if old:"
    either = when({"any": [{"kind": "a"}, {"old": "yes"}]})
    assert over(either) == "Only if it applies to you:"
    assert over(either, old="no") == "Only if a:"
    assert over(either, kind="b") == "Only if old:"
    neither = when({"not": {"kind": "b", "old": "no"}})
    assert over(neither) == "Only if it applies to you:"


def test_an_outcome_may_list_only_some_papers():
    assert list(listed(solved(flow=an_extension_flow(documents=("b2", "form"))))) == ["form", "b2"]
    assert listed(solved(flow=an_extension_flow(show=()))) == {}


def test_a_step_has_its_own_day_and_papers():
    steps = (
        Step("report", ("municipality",), (a_sentence("Report by %(apply_by)s.", "test/r"),),
             "apply_by", ("form", "shared_one")),
        Step("other", ("immigration",), (), when=when(company="large")),
        Step("unclear", ("immigration",), (), when=when(sent="yes")),
    )  # fmt: skip
    flow = an_extension_flow(steps=steps)
    shared = a_paper("shared_one", source="page")
    engine = Engine(a_library(flow, rules=RULES, documents=[shared]))
    answers = some_answers(expires_on="2026-12-31", company="small")
    solution = engine.solve("test", answers, day("2026-12-01"), with_changes=False)
    (step,) = solution.steps
    assert (step.name, step.authority) == ("report", ("municipality",))
    assert step.deadline.tell == day("2026-12-28")
    assert [paper.document.id for paper in step.documents] == ["form", "shared_one"]
    assert step.sentences[0].params == {"apply_by": day("2026-12-28")}
    assert "form" not in listed(solution)
    assert "page" in [source.id for source in solution.sources]


# ---------------------------------------------------------------- what else is said


@pytest.mark.parametrize(
    "today, answers, level",
    [("2026-12-20", {}, "none"), ("2026-12-28", {}, "urgent"), ("2027-01-04", {}, "urgent"),
     ("2026-12-20", {"company": "unsure"}, "offer")],
)  # fmt: skip
def test_the_first_line_that_holds_decides_how_much_a_person_is_offered(today, answers, level):
    assert solved(today, **answers).handoff == level


def test_procedures_that_do_not_exist_yet_are_not_announced():
    assert solved().follow_ups == ("test",)
    assert solved(company="large").follow_ups == ("test",)


def test_sources_are_named_once_and_the_oldest_reading_is_known():
    solution = solved("2026-12-20")
    assert [source.id for source in solution.sources] == ["act", "page"]
    assert solution.oldest_check == day("2026-10-01")


def test_what_must_be_confirmed_is_said_once():
    solution = solved("2027-01-04")
    assert [spoken.sentence.address for spoken in solution.confirm] == [
        "talk/confirm_ask_isa", "talk/confirm_unconfirmed",
    ]  # fmt: skip


def test_a_fee_or_a_day_may_have_to_be_confirmed_too():
    flow = an_extension_flow()
    uncertain = replace(flow.deadlines["apply_by"], confirm="printed_date")
    flow = replace(flow, deadlines={"apply_by": uncertain})
    fees = replace(RULES[0], values=tuple(replace(v, confirm="ask_isa") for v in RULES[0].values))
    engine = Engine(a_library(flow, rules=[fees, *RULES[1:]]))
    answers = some_answers(expires_on="2027-01-02", company="unsure")
    solution = engine.solve("test", answers, day("2026-12-20"), with_changes=False)
    assert [spoken.sentence.address for spoken in solution.confirm] == [
        "talk/confirm_ask_isa", "talk/confirm_printed_date",
    ]  # fmt: skip


def test_offices_are_shown_where_immigration_is_the_authority():
    home = {"prefecture": "13", "municipality": None}
    assert solved(place=home).offices[0].id == "tokyo"
    assert solved(place=home, flow=an_extension_flow(authority=("municipality",))).offices == ()


def test_an_open_question_has_days_and_no_sentences():
    solution = solved(company=None)
    assert (solution.question, solution.outcome) == ("company", None)
    assert solution.sentences == ()
    assert solution.deadlines[0].printed == day("2027-01-02")


# ---------------------------------------------------------------- questions on the result


def test_only_questions_that_can_still_change_something_are_offered():
    assert solved(company="large").refine == ("sent", "language", "channel", "place", "filing_on")


def test_a_question_is_not_offered_twice_or_in_vain():
    solution = solved(channel="online", language="unsure")
    # The registry is certain for a small company, and the pledge not yet in force.
    assert solution.refine == ("place", "filing_on")
    assert "sent" in solved(filing_on="2026-12-01").refine


# ---------------------------------------------------------------- changes


def changes(**answers):
    solution = solved(with_changes=True, **answers)
    return [
        (str(change.day), change.what, change.spoken.sentence.address, change.spoken.params)
        for change in solution.changes
    ]


def test_a_new_fee_is_told_with_both_days_and_both_amounts():
    assert changes()[0] == ("2026-10-01", "fee", "talk/change_fee", {
        "until": day("2026-09-30"), "from": day("2026-10-01"),
        "old": Money("exact", 6000, 6000), "new": Money("range", 10000, 75000),
    })  # fmt: skip


def test_new_and_old_papers_are_told_one_by_one():
    found = [(d, address, params["paper"].text) for d, what, address, params in changes()
             if what == "papers"]  # fmt: skip
    assert found == [
        ("2026-12-01", "talk/change_papers_added_if", "pledge"),
        ("2026-12-01", "talk/change_papers_removed", "old"),
    ]
    certain = [address for _, _, address, _ in changes(sent="yes")]
    assert "talk/change_papers_added" in certain


def test_another_outcome_is_told_and_nothing_else_of_that_day():
    found = [row[:3] for row in changes(company="large")]
    assert found == [
        ("2026-10-01", "fee", "talk/change_fee"),
        ("2026-12-01", "outcome", "talk/change_outcome"),
    ]


def test_changes_after_the_last_day_to_file_are_not_told():
    assert changes(expires_on="2026-09-30") == []
    assert [row[0] for row in changes(expires_on="2026-10-01")] == ["2026-10-01"]


def test_the_day_until_which_the_old_rule_can_be_used_is_an_open_day():
    solution = solved("2026-11-20", with_changes=True, expires_on="2027-05-31")
    assert {str(change.spoken.params["until"]) for change in solution.changes} == {"2026-11-30"}
    rules = [a_rule("fee.counter", {"always": 4000, "2026-11-23": 6000, "2026-11-24": 7000}, "JPY"),
             *RULES[1:]]  # fmt: skip
    engine = Engine(a_library(an_extension_flow(), rules=rules))
    answers = some_answers(expires_on="2027-05-31", company="small")
    # Sunday the 22nd is followed by a holiday: two changes without an open day between them.
    change = engine.solve("test", answers, day("2026-11-19")).changes[0]
    assert change.day == day("2026-11-23")
    assert change.spoken.params == {
        "until": day("2026-11-20"), "from": day("2026-11-23"),
        "old": Money("exact", 4000, 4000), "new": Money("exact", 7000, 7000),
    }  # fmt: skip
    # On the Saturday before, nobody can use the old fee any more.
    later = engine.solve("test", answers, day("2026-11-21")).changes
    assert [change.what for change in later if change.day < day("2026-11-30")] == []


def test_a_change_in_the_past_is_not_told():
    assert solved("2026-12-01", with_changes=True).changes == ()


def test_a_fee_that_is_announced_and_not_known_is_told_as_such():
    solution = solved(
        "2028-03-01", with_changes=True, expires_on="2028-05-01", channel="counter"
    )  # fmt: skip
    (change,) = solution.changes
    assert change.spoken.sentence.address == "talk/change_fee_unknown"
    assert change.spoken.params["old"].kind == "range"
    assert change.rules == ("fee.counter",)


def test_only_an_outcome_that_shows_changes_looks_for_them():
    flow = an_extension_flow(show=("documents", "fee"))
    assert solved(flow=flow, with_changes=True).changes == ()


def test_a_solution_is_kept_for_the_next_message():
    engine = Engine(a_library(an_extension_flow(), rules=RULES, offices=OFFICES))
    home = {"prefecture": "13", "municipality": None}
    answers = some_answers(expires_on="2027-01-02", company="small", place=home)
    first = engine.solve("test", answers, TODAY)
    assert engine.solve("test", answers, TODAY) is first
    assert engine.solve("test", answers, day("2026-09-16")) is not first
    assert engine.solve("test", answers, TODAY, with_changes=False).changes == ()


def test_a_listed_paper_without_a_sentence_is_certain():
    assert ListedDocument(a_paper("form")) in solved().documents
