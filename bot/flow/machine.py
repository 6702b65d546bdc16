"""A flow as a state machine: one per flow, shared by all conversations.

The machine holds no model. A cursor lives for one call and is handed to the trigger without
being registered, so nothing is left behind and threads do not meet. Conditions are our own
closures that return real booleans; a text from a flow file is never given to the library, which
would import and call it. There are no callbacks: what follows from a step is data.
"""

import logging
from collections.abc import Callable
from functools import cached_property
from typing import Any

from transitions import Event, Machine, Transition

from bot.flow.conditions import Case, Conditions, Test
from bot.flow.model import Flow

# The library writes an INFO line for every state and callback.
logging.getLogger("transitions").setLevel(logging.WARNING)

ANSWER = "answer"


class Cursor:
    """Where one walk stands. `state` is the name of a question or outcome."""

    __slots__ = ("case", "state")

    def __init__(self, state: str, case: Case) -> None:
        self.state = state
        self.case = case


class Passing:
    """What a condition is shown: which cursor stands before its branch."""

    __slots__ = ("model",)

    def __init__(self, model: Cursor) -> None:
        self.model = model


class Answered(Event):
    """The one event of a flow. Nobody has callbacks and nothing is queued, so it only tries the
    branches of the state in their order: the library's own steps around that would be most of a
    walk's cost."""

    def trigger(self, model: Any, *_args: Any, **_given: Any) -> bool:
        """Move the cursor `model`; says whether a branch was taken."""
        passing: Any = Passing(model)
        return any(edge.execute(passing) for edge in self.transitions[model.state])


class Edge(Transition):
    """A branch. It has a condition or none and no callbacks, so it only tests and moves."""

    def execute(self, event_data: Any) -> bool:
        """Take this branch if its condition holds; says whether it was taken."""
        for condition in self.conditions:
            test: Any = condition.func  # ours are closures (see `_opens`), never a name
            if test(event_data) is not condition.target:
                return False
        event_data.model.state = self.dest
        return True


class FlowMachine(Machine):
    """A machine whose transitions are plain branches."""

    transition_cls = Edge
    event_cls = Answered


class Walker:
    """Takes cursors through one flow."""

    def __init__(self, flow: Flow, tests: Conditions) -> None:
        self.flow = flow
        self.machine = build_machine(flow, tests)
        self._answer = self.machine.events.get(ANSWER)

    def step(self, cursor: Cursor) -> None:
        """Move past the question that was just answered."""
        before = cursor.state
        assert self._answer is not None
        moved = self._answer.trigger(cursor)
        # Every question's last branch is open (checked at load), so one is always taken.
        assert moved, f"{self.flow.id}: no way on from {before}"

    @cached_property
    def reachable(self) -> dict[str, frozenset[str]]:
        """For each question, the questions that may still come after it."""
        found: dict[str, frozenset[str]] = {}

        def after(name: str) -> frozenset[str]:
            if name not in found:
                following: set[str] = set()
                for branch in self.flow.questions[name].next:
                    if branch.go in self.flow.questions:
                        following |= {branch.go} | after(branch.go)
                found[name] = frozenset(following)
            return found[name]

        for name in self.flow.questions:
            after(name)
        return found


def build_machine(flow: Flow, tests: Conditions) -> Machine:
    """The machine of a flow; its states and edges are exactly the flow's."""
    states = [*flow.questions, *flow.outcomes]
    edges = [
        {
            "trigger": ANSWER,
            "source": question.name,
            "dest": branch.go,
            "conditions": None if branch.when is None else _opens(tests.of(branch.when)),
        }
        for question in flow.questions.values()
        for branch in question.next
    ]
    machine = FlowMachine(
        model=None,
        states=states,
        initial=flow.start,
        transitions=edges,
        auto_transitions=False,
        send_event=True,
        queued=False,
    )
    _must_equal(machine, flow)
    return machine


def _opens(test: Test) -> Callable[[Any], bool]:
    """A branch is taken on yes only; the library wants a real boolean."""
    return lambda event: test(event.model.case) is True


def _must_equal(machine: Machine, flow: Flow) -> None:
    """The library checks neither the start nor the ends of an edge, so this does."""
    wanted = {*flow.questions, *flow.outcomes}
    if set(machine.states) != wanted:
        raise ValueError(f"{flow.id}: states differ: {sorted(set(machine.states) ^ wanted)}")
    event = machine.events.get(ANSWER)
    edges = [
        (edge.source, edge.dest)
        for name in flow.questions
        for edge in (event.transitions.get(name, ()) if event else ())
    ]
    asked = [(q.name, branch.go) for q in flow.questions.values() for branch in q.next]
    if edges != asked:
        raise ValueError(f"{flow.id}: edges differ: {sorted(set(edges) ^ set(asked))}")
    if loose := [go for _, go in asked if go not in wanted]:
        raise ValueError(f"{flow.id}: these do not exist: {loose}")
