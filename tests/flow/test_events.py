"""Life events: one thing happened, all duties follow."""

from dataclasses import replace
from datetime import date

import pytest

from bot.flow.engine import Engine, UnknownFlow
from bot.flow.model import Duty, Event, Step
from tests.flow.flow_builders import (
    a_deadline,
    a_flow,
    a_library,
    a_question,
    a_sentence,
    after,
    an_outcome,
    some_answers,
    when,
)

TODAY = date(2026, 11, 20)


def an_engine() -> Engine:
    report = Step("report", ("municipality",), (a_sentence("Report it."),), "report_by")
    status = Step("status", ("immigration",), (a_sentence("Apply."),))
    born = a_question("born_on", "date", go="newborn")
    birth = a_flow(
        [born],
        [an_outcome("newborn", a_sentence("Two duties."), steps=(report, status))],
        [a_deadline("report_by", offset=after(days=14))],
        id="birth",
    )
    parents = a_question("parents", options="japanese neither")
    event = Event(
        id="baby-born",
        title=a_sentence("A baby was born"),
        ask=(born, parents),
        duties=(
            Duty("birth", "report", None),
            Duty("birth", "status", when({"parents": "neither"})),
            Duty("not-written-yet", None, None),
        ),
        not_due=(a_sentence("Immigration needs no notice of the birth itself."),),
    )
    return Engine(replace(a_library(birth), events={event.id: event}))


def test_an_event_asks_its_questions_in_order():
    engine = an_engine()
    assert engine.solve_event("baby-born", (), TODAY).question == "born_on"
    answers = some_answers(born_on="2026-11-18")
    assert engine.solve_event("baby-born", answers, TODAY).question == "parents"


def test_the_duties_come_in_order_with_their_own_deadlines():
    answers = some_answers(born_on="2026-11-18", parents="neither")
    solved = an_engine().solve_event("baby-born", answers, TODAY)
    assert [duty.step.name for duty in solved.duties] == ["report", "status"]
    assert solved.duties[0].step.deadline.state == "ahead"
    assert len(solved.not_due) == 1


def test_a_duty_that_is_not_due_is_left_out():
    answers = some_answers(born_on="2026-11-18", parents="japanese")
    solved = an_engine().solve_event("baby-born", answers, TODAY)
    assert [duty.step.name for duty in solved.duties] == ["report"]


def test_a_duty_that_may_be_due_is_told_as_uncertain():
    answers = some_answers(born_on="2026-11-18", parents="unsure")
    solved = an_engine().solve_event("baby-born", answers, TODAY)
    assert [duty.is_certain for duty in solved.duties] == [True, False]


def test_an_event_is_walked_back_like_a_flow():
    engine = an_engine()
    answers = some_answers(born_on="2026-11-18", parents="neither")
    assert engine.back("baby-born", answers, TODAY).question == "parents"


def test_an_event_that_does_not_exist_is_said():
    with pytest.raises(UnknownFlow):
        an_engine().solve_event("nothing", (), TODAY)
