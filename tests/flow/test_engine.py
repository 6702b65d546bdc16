"""Walking a flow: replay, answer, back, and reading one answer."""

import pytest
from flow_builders import (
    a_deadline,
    a_flow,
    a_library,
    a_question,
    a_rule,
    after,
    an_outcome,
    day,
    some_answers,
    when,
)

from bot.flow.engine import Engine, UnknownFlow
from bot.flow.model import Answer, NotAnAnswer

TODAY = day("2026-11-20")


def a_lost_card_flow():
    return a_flow(
        [
            a_question("what", options="lost stolen damaged", go="where",
                       branches=[(when(what="damaged"), "damaged_card")]),
            a_question("where", options="here abroad", go="noticed_on",
                       branches=[(when(where="abroad"), "returned_on")]),
            a_question("noticed_on", "date", not_after="today", go="age"),
            a_question("returned_on", "date", not_after="today", go="age"),
            a_question("age", options="child adult", go="police",
                       branches=[(when({"card.joint": "on"}), "joint")]),
            a_question("joint", go="police"),
            a_question("police", go="in_time", branches=[(when(apply_by="passed"), "late")]),
            a_question("agent", refine=True),
            a_question("filing_on", "date", not_before="today", refine=True),
        ],
        [an_outcome("in_time", "By %(apply_by)s."), an_outcome("late", "It was %(apply_by)s."),
         an_outcome("damaged_card", "No time limit.")],
        [a_deadline("apply_by", ("returned_on", "noticed_on"),
                    offset=after(days="card.reissue_days"), if_closed="next_open_day")],
    )  # fmt: skip


def an_engine():
    return Engine(
        a_library(
            a_lost_card_flow(),
            rules=[
                a_rule("card.reissue_days", {"always": 14}),
                a_rule("card.joint", {"2026-06-14": True}, "flag"),
            ],
        )
    )


def all_answers(**changed):
    values = {
        "what": "lost", "where": "here", "noticed_on": "2026-11-20", "age": "adult",
        "joint": "no", "police": "yes",
    }  # fmt: skip
    return some_answers(**{**values, **changed})


def test_no_answers_lead_to_the_first_question():
    progress = an_engine().replay("test", (), TODAY)
    assert (progress.question, progress.outcome, progress.walked) == ("what", None, 0)


def test_all_answers_lead_to_the_outcome():
    progress = an_engine().replay("test", all_answers(), TODAY)
    assert (progress.question, progress.outcome) == (None, "in_time")
    assert progress.answers == all_answers()
    assert progress.walked == 6
    assert progress.dropped == ()


def test_the_same_answers_end_elsewhere_when_the_time_limit_has_passed():
    engine = an_engine()
    assert engine.replay("test", all_answers(), day("2026-12-04")).outcome == "in_time"
    assert engine.replay("test", all_answers(), day("2026-12-05")).outcome == "late"


def test_a_walk_that_is_remembered_belongs_to_its_day_its_flow_and_its_answers():
    engine = an_engine()
    other = an_engine()
    answers = all_answers()
    for _ in range(2):
        assert engine.replay("test", answers, day("2026-12-04")).outcome == "in_time"
        assert engine.replay("test", answers, day("2026-12-05")).outcome == "late"
        assert engine.replay("test", list(answers), day("2026-12-04")).outcome == "in_time"
        assert engine.replay("test", answers[:2], day("2026-12-04")).question == "noticed_on"
        assert other.replay("test", answers, day("2026-12-05")).outcome == "late"


def test_what_was_dropped_is_told_once_and_not_of_the_answers_that_were_kept():
    engine = an_engine()
    given = all_answers(what="damaged")
    progress = engine.replay("test", given, TODAY)
    assert progress.dropped
    assert engine.replay("test", progress.answers, TODAY).dropped == ()
    assert engine.replay("test", given, TODAY).dropped == progress.dropped


def test_a_question_that_began_with_a_rule_is_not_asked_before():
    answers = all_answers(noticed_on="2026-06-12")
    progress = an_engine().replay("test", answers, day("2026-06-13"))
    assert progress.outcome == "in_time"
    assert [answer.name for answer in progress.dropped] == ["joint"]


def test_the_order_of_answers_does_not_matter():
    assert an_engine().replay("test", all_answers()[::-1], TODAY).answers == all_answers()


def test_back_takes_the_last_walked_answer_away():
    engine = an_engine()
    progress = engine.back("test", all_answers(), TODAY)
    assert progress.question == "police"
    assert progress.answers == all_answers()[:5]
    assert engine.back("test", progress.answers, TODAY).question == "joint"


def test_back_at_the_start_stays_at_the_start():
    progress = an_engine().back("test", (), TODAY)
    assert (progress.question, progress.answers) == ("what", ())


def test_back_keeps_the_answers_of_the_result():
    answers = (*all_answers(), *some_answers(agent="yes"))
    progress = an_engine().back("test", answers, TODAY)
    assert progress.question == "police"
    assert [answer.name for answer in progress.answers][-1] == "agent"


def test_an_answer_can_be_added():
    progress = an_engine().answer("test", (), "what", "lost", TODAY)
    assert progress.question == "where"
    assert progress.answers == (Answer("what", "lost", TODAY),)


def test_a_changed_answer_keeps_the_later_ones_that_still_fit():
    progress = an_engine().answer("test", all_answers(), "where", "abroad", TODAY)
    assert progress.question == "returned_on"
    assert [a.name for a in progress.answers] == ["what", "where", "age", "joint", "police"]
    assert progress.walked == 2
    assert [a.name for a in progress.dropped] == ["noticed_on"]


def test_the_kept_answers_are_used_when_their_question_comes():
    engine = an_engine()
    progress = engine.answer("test", all_answers(), "where", "abroad", TODAY)
    progress = engine.answer("test", progress.answers, "returned_on", "2026-11-19", TODAY)
    assert progress.outcome == "in_time"


def test_an_answer_that_leads_away_drops_what_can_never_come():
    progress = an_engine().answer("test", all_answers(), "what", "damaged", TODAY)
    assert progress.outcome == "damaged_card"
    assert [a.name for a in progress.answers] == ["what"]
    assert len(progress.dropped) == 5


def test_an_answer_to_a_question_on_the_result_is_kept():
    progress = an_engine().answer("test", all_answers(), "agent", "yes", TODAY)
    assert progress.outcome == "in_time"
    assert progress.answers == (*all_answers(), Answer("agent", "yes", TODAY))
    assert progress.walked == 6


def test_a_day_of_filing_that_has_passed_is_dropped():
    answers = (*all_answers(), *some_answers(filing_on="2026-11-24"))
    engine = an_engine()
    assert engine.replay("test", answers, day("2026-11-24")).dropped == ()
    dropped = engine.replay("test", answers, day("2026-11-25")).dropped
    assert [answer.name for answer in dropped] == ["filing_on"]


def test_an_option_that_no_longer_exists_opens_the_question_again():
    progress = an_engine().replay("test", all_answers(where="moon"), TODAY)
    assert progress.question == "where"
    assert [a.name for a in progress.dropped] == ["where"]
    assert [a.name for a in progress.answers] == ["what", "noticed_on", "age", "joint", "police"]


def test_an_answer_to_a_question_that_no_longer_exists_is_dropped():
    answers = (*all_answers(), *some_answers(removed="yes"))
    assert [a.name for a in an_engine().replay("test", answers, TODAY).dropped] == ["removed"]


def test_every_question_can_be_answered_with_i_do_not_know():
    unsure = dict.fromkeys(["what", "where", "noticed_on", "age", "joint", "police"], "unsure")
    assert an_engine().replay("test", some_answers(**unsure), TODAY).outcome == "in_time"


def test_an_unknown_flow_is_named():
    with pytest.raises(UnknownFlow, match="nothing"):
        an_engine().replay("nothing", (), TODAY)


# ---------------------------------------------------------------- reading one answer


def a_flow_of_all_kinds():
    return a_flow(
        [
            a_question("choice", options="a b", go="several"),
            a_question("several", "several", options="x y z", go="date"),
            a_question("date", "date", not_after="today", go="later"),
            a_question("later", "date", not_before="date", not_after="law.until", go="number"),
            a_question("number", "number", go="text"),
            a_question("text", "text", go="place"),
            a_question("place", "place", go="status"),
            a_question("status", table="statuses", go="end"),
            a_question("filing_on", "date", not_before="today", refine=True),
        ],
        [an_outcome("end", "Done.")],
    )


def reader(**known):
    engine = Engine(
        a_library(
            a_flow_of_all_kinds(),
            rules=[a_rule("law.until", {"always": day("2027-03-31")}, "day")],
        )
    )
    return lambda name, raw: engine.read("test", name, raw, TODAY, some_answers(**known))


@pytest.mark.parametrize(
    "name, raw, value",
    [
        ("choice", "a", "a"),
        ("choice", "unsure", "unsure"),
        ("date", "unsure", "unsure"),
        ("several", "y", ("y",)),
        ("several", ["z", "x", "z"], ("x", "z")),
        ("several", ("none",), ("none",)),
        ("several", "none", ("none",)),
        ("several", [], ("none",)),
        ("date", "2026-11-20", "2026-11-20"),
        ("date", day("2026-02-28"), "2026-02-28"),
        ("number", 28, 28),
        ("number", "28", 28),
        ("number", "２８", 28),
        ("number", "1,200", 1200),
        ("number", 1.5, 1.5),
        ("number", 2.0, 2),
        ("text", "  two\n words ", "two words"),
        ("place", "13", {"prefecture": "13", "municipality": None}),
        ("place", "13121", {"prefecture": "13", "municipality": "13121"}),
        ("place", {"prefecture": "27", "municipality": "27123"},
         {"prefecture": "27", "municipality": "27123"}),
        ("status", "engineer", "engineer"),
    ],
)  # fmt: skip
def test_an_answer_is_read_into_its_canonical_form(name, raw, value):
    assert reader()(name, raw) == value


@pytest.mark.parametrize(
    "name, raw, reason",
    [
        ("choice", "c", "not_an_option"),
        ("choice", 1, "not_an_option"),
        ("several", ["x", "none"], "not_an_option"),
        ("several", ["x", "q"], "not_an_option"),
        ("several", ["x", 3], "not_an_option"),
        ("date", "2026-11-21", "date_in_future"),
        ("date", "2026-02-30", "date_not_a_day"),
        ("date", "20261120", "date_not_a_day"),
        ("date", "soon", "date_not_a_day"),
        ("date", "1850-01-01", "date_too_early"),
        ("later", "2026-11-09", "date_too_early"),
        ("later", "2027-04-01", "date_too_late"),
        ("filing_on", "2026-11-19", "date_in_past"),
        ("filing_on", "2300-01-01", "date_too_late"),
        ("number", "many", "not_a_number"),
        ("number", -1, "not_a_number"),
        ("number", True, "not_a_number"),
        ("number", float("nan"), "not_a_number"),
        ("number", 10**13, "number_too_big"),
        ("text", " \n", "text_empty"),
        ("text", "a" * 201, "text_too_long"),
        ("place", "48", "not_a_place"),
        ("place", "Tokyo", "not_a_place"),
        ("place", {"prefecture": "13", "municipality": "27123"}, "not_a_place"),
        ("status", "king", "not_an_option"),
        ("nothing", "a", "not_a_question"),
    ],
)
def test_a_senseless_answer_is_a_value_with_its_reason(name, raw, reason):
    read = reader(date="2026-11-10")(name, raw)
    assert isinstance(read, NotAnAnswer)
    assert read.reason == reason


def test_a_bound_that_is_broken_is_told():
    assert reader(date="2026-11-10")("later", "2026-11-09").params == {"limit": day("2026-11-10")}


def test_a_senseless_answer_changes_nothing():
    read = an_engine().answer("test", all_answers(), "where", "moon", TODAY)
    assert read == NotAnAnswer("not_an_option")


def test_an_answer_from_storage_becomes_canonical_again():
    engine = Engine(a_library(a_flow(
        [a_question("several", "several", options="x y z", go="end")],
        [an_outcome("end", "Done.")],
    )))  # fmt: skip
    stored = some_answers(several=["z", "x"])
    assert engine.replay("test", stored, TODAY).answers == some_answers(several=("x", "z"))
    assert engine.solve("test", stored, TODAY).outcome == "end"
