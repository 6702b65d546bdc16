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
            Duty(
                None,
                None,
                when({"parents": "neither"}),
                say=(a_sentence("Ask the embassy for a passport.", "event/passport"),),
                authority=("mission",),
            ),
            Duty(
                "lost-card",
                None,
                None,
                say=(
                    a_sentence("The card too.", "event/card"),
                    a_sentence("Never said.", "event/never", when=when({"parents": "japanese"})),
                ),
                deadline="card_by",
            ),
        ),
        not_due=(a_sentence("Immigration needs no notice of the birth itself."),),
        sources=("law",),
    )
    card = a_flow(
        [
            a_question("what", go="born_on"),
            a_question("born_on", "date", go="newborn"),
        ],
        [an_outcome("newborn", a_sentence("A card."))],
        [a_deadline("card_by", offset=after(days=30))],
        id="lost-card",
    )
    return Engine(replace(a_library(birth, card), events={event.id: event}))


def test_an_event_asks_its_questions_in_order():
    engine = an_engine()
    assert engine.solve_event("baby-born", (), TODAY).question == "born_on"
    answers = some_answers(born_on="2026-11-18")
    assert engine.solve_event("baby-born", answers, TODAY).question == "parents"


def test_the_duties_come_in_order_with_their_own_deadlines():
    answers = some_answers(born_on="2026-11-18", parents="neither")
    solved = an_engine().solve_event("baby-born", answers, TODAY)
    assert [duty.step.name for duty in solved.duties[:2]] == ["report", "status"]
    assert solved.duties[0].step.deadline.state == "ahead"
    assert len(solved.not_due) == 1


def test_a_duty_that_is_not_due_is_left_out():
    answers = some_answers(born_on="2026-11-18", parents="japanese")
    solved = an_engine().solve_event("baby-born", answers, TODAY)
    assert [duty.flow for duty in solved.duties] == ["birth", "lost-card"]


def test_a_pointer_elsewhere_has_its_own_words_and_authority():
    answers = some_answers(born_on="2026-11-18", parents="neither")
    pointer = an_engine().solve_event("baby-born", answers, TODAY).duties[2]
    assert (pointer.flow, pointer.solution, pointer.authority) == (None, None, ("mission",))
    assert [said.sentence.text for said in pointer.sentences] == ["Ask the embassy for a passport."]


def test_a_day_is_told_although_its_flow_has_more_to_ask():
    answers = some_answers(born_on="2026-11-18", parents="neither")
    duty = an_engine().solve_event("baby-born", answers, TODAY).duties[3]
    assert duty.solution.question == "what"
    assert duty.deadline.tell == date(2026, 12, 18)
    assert [said.sentence.text for said in duty.sentences] == ["The card too."]


def test_a_day_that_is_not_known_is_not_told():
    answers = some_answers(born_on="unsure", parents="neither")
    assert an_engine().solve_event("baby-born", answers, TODAY).duties[3].deadline is None


def test_a_duty_that_may_be_due_is_told_as_uncertain():
    answers = some_answers(born_on="2026-11-18", parents="unsure")
    solved = an_engine().solve_event("baby-born", answers, TODAY)
    assert [duty.is_certain for duty in solved.duties] == [True, False, False, True]


def test_an_event_is_walked_back_like_a_flow():
    engine = an_engine()
    answers = some_answers(born_on="2026-11-18", parents="neither")
    assert engine.back("baby-born", answers, TODAY).question == "parents"


def test_an_event_that_does_not_exist_is_said():
    with pytest.raises(UnknownFlow):
        an_engine().solve_event("nothing", (), TODAY)


def test_what_the_event_says_itself_is_not_asked_in_the_duty():
    engine = an_engine()
    event = engine.library.events["baby-born"]
    told = replace(event.duties[4], answers={"what": "yes"})
    changed = replace(event, duties=(*event.duties[:4], told))
    engine = Engine(replace(engine.library, events={"baby-born": changed}))
    answers = some_answers(born_on="2026-11-18", parents="neither")
    assert engine.solve_event("baby-born", answers, TODAY).duties[3].solution.question is None
    known = engine.known_for_duty("baby-born", "lost-card", answers, TODAY)
    assert {one.name: one.value for one in known} == {"what": "yes", "born_on": "2026-11-18"}
    assert engine.known_for_duty("baby-born", "never", answers, TODAY) == ()
    assert engine.known_for_duty("never", "birth", answers, TODAY) == ()


def test_an_event_is_found_like_a_flow():
    assert an_engine().flow("baby-born").kind == "event"
    assert an_engine().flow("birth").kind == "flow"
    assert an_engine().flow("never") is None
