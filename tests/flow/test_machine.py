"""One shared machine per flow: its shape is the flow's, and threads do not meet in it."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from flow_builders import a_flow, a_library, a_question, an_outcome, day, some_answers, when

from bot.flow.conditions import Case, Conditions
from bot.flow.engine import Engine
from bot.flow.machine import ANSWER, Cursor, Walker, build_machine
from bot.flow.model import Branch

TODAY = day("2026-11-20")


def a_branching_flow():
    return a_flow(
        [
            a_question("first", options="left right", go="right_end",
                       branches=[(when(first="left"), "second")]),
            a_question("second", go="last", branches=[(when(second="yes"), "left_end")]),
            a_question("last", go="left_end"),
        ],
        [an_outcome("left_end", "Left."), an_outcome("right_end", "Right.")],
    )  # fmt: skip


def test_states_and_edges_are_those_of_the_flow():
    flow = a_branching_flow()
    machine = build_machine(flow, Conditions(flow))
    assert set(machine.states) == {"first", "second", "last", "left_end", "right_end"}
    edges = machine.events[ANSWER].transitions
    assert [(e.source, e.dest) for name in flow.questions for e in edges[name]] == [
        ("first", "second"), ("first", "right_end"), ("second", "left_end"), ("second", "last"),
        ("last", "left_end"),
    ]  # fmt: skip


def test_there_is_one_trigger_and_no_back_door():
    flow = a_branching_flow()
    machine = build_machine(flow, Conditions(flow))
    assert set(machine.events) == {ANSWER}


def test_nothing_of_a_walk_is_left_behind():
    flow = a_branching_flow()
    conditions = Conditions(flow)
    walker = Walker(flow, conditions)
    case = Case(conditions, a_library(flow), TODAY)
    case.add("first", "left")
    cursor = Cursor("first", case)
    walker.step(cursor)
    assert cursor.state == "second"
    assert walker.machine.models == []


@pytest.mark.parametrize("answer", ["unsure", "right"])
def test_a_branch_is_taken_on_a_clear_yes_only(answer):
    flow = a_branching_flow()
    conditions = Conditions(flow)
    case = Case(conditions, a_library(flow), TODAY)
    case.add("first", answer)
    cursor = Cursor("first", case)
    Walker(flow, conditions).step(cursor)
    assert cursor.state == "right_end"


def test_an_edge_to_nowhere_is_refused():
    flow = a_flow([a_question("first", go="nowhere")], [an_outcome("end", "Done.")])
    with pytest.raises(ValueError, match="nowhere"):
        build_machine(flow, Conditions(flow))


def test_a_name_that_means_nothing_is_refused():
    flow = a_flow(
        [a_question("first", go="end", branches=[(when(nothing="yes"), "end")])],
        [an_outcome("end", "Done.")],
    )
    with pytest.raises(ValueError, match="nothing"):
        build_machine(flow, Conditions(flow))


def test_a_question_without_a_way_on_is_a_fault_and_not_a_standstill():
    flow = a_flow([a_question("first")], [an_outcome("end", "Done.")])
    question = flow.questions["first"]
    stuck = a_flow(
        [question.__class__(question.name, question.kind, question.ask,
                            next=(Branch(when(first="no"), "end"),), options=question.options)],
        [an_outcome("end", "Done.")],
    )  # fmt: skip
    with pytest.raises(AssertionError, match="no way on from first"):
        Engine(a_library(stuck)).replay("test", some_answers(first="yes"), TODAY)


def test_a_topic_that_asks_nothing_is_a_machine_of_one_state():
    flow = a_flow([], [an_outcome("answer", "So it is.")])
    assert Engine(a_library(flow)).replay("test", (), TODAY).outcome == "answer"


def test_what_may_still_come_after_a_question():
    flow = a_branching_flow()
    reachable = Walker(flow, Conditions(flow)).reachable
    assert reachable == {
        "first": {"second", "last"}, "second": {"last"}, "last": set(),
    }  # fmt: skip


def test_the_library_is_quiet():
    assert logging.getLogger("transitions").level == logging.WARNING


def test_threads_walk_one_machine_without_meeting():
    engine = Engine(a_library(a_branching_flow()))
    walks = {
        "left_end": some_answers(first="left", second="yes"),
        "right_end": some_answers(first="right"),
    }

    def walk(number):
        wanted = list(walks)[number % 2]
        return wanted, engine.replay("test", walks[wanted], TODAY).outcome

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(walk, range(2000)))
    assert all(wanted == outcome for wanted, outcome in found)
