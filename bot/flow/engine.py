"""The engine: answers in, the place in the flow and its meaning out.

Nothing is remembered between calls but compiled flows and a few solutions. Answers are stored
elsewhere; every call walks them again from the start, so that "back", a changed answer, a
changed flow and a law that changed overnight are all the same thing.
"""

from collections import OrderedDict, deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from threading import Lock, local
from typing import NamedTuple

from bot.flow.answers import read_answer
from bot.flow.changes import changes_of
from bot.flow.conditions import FILING_ON, Case, Conditions
from bot.flow.events import (
    DUTIES,
    SolvedDuty,
    SolvedEvent,
    as_flow,
    authority_of,
    confirm_of,
    known_for,
    sources_of,
    step_of,
)
from bot.flow.machine import Cursor, Walker
from bot.flow.model import (
    UNKNOWN,
    Answer,
    Duty,
    Flow,
    Library,
    NotAnAnswer,
    Progress,
    Question,
    Solution,
    SolvedDeadline,
    Value,
)
from bot.flow.refine import rules_read
from bot.flow.solve import Plan, unfinished

KEPT_SOLUTIONS = 64
KEPT_WALKS = 8


class UnknownFlow(KeyError):
    """There is no flow, topic or life event of that id."""


class _Compiled:
    """One flow, ready to be walked and solved."""

    def __init__(self, flow: Flow, library: Library) -> None:
        self.flow = flow
        self.tests = Conditions(flow)
        self.walker = Walker(flow, self.tests)
        self.plans = {
            name: Plan(outcome, self.tests, library) for name, outcome in flow.outcomes.items()
        }
        self.rules = rules_read(flow)

    def question(self, name: str) -> Question | None:
        return self.flow.questions.get(name) or self.flow.refine.get(name)


class _Walked(NamedTuple):
    """A walk that was done. It is found again by its very answers: a tuple of frozen values
    that this holds on to, so that no other one can take its identity."""

    compiled: _Compiled
    today: date
    answers: Sequence[Answer]
    progress: Progress
    case: Case


class _WalksOfThread(local):
    """The last walks of each thread."""

    def __init__(self) -> None:
        self.walks: deque[_Walked] = deque(maxlen=KEPT_WALKS)


class Engine:
    """All flows of a library. Shared by threads; flows are compiled when first used."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._compiled: dict[str, _Compiled] = {}
        self._lock = Lock()
        self._solutions: OrderedDict[Hashable, Solution] = OrderedDict()
        self._walked = _WalksOfThread()

    # ------------------------------------------------------------ walking

    def read(
        self, flow_id: str, name: str, raw: object, today: date, answers: Iterable[Answer] = ()
    ) -> Value | NotAnAnswer:
        """The canonical answer to one question, or why it is none."""
        question = self._flow(flow_id).question(name)
        if question is None:
            return NotAnAnswer("not_a_question")
        known = {answer.name: answer.value for answer in answers if answer.name != name}
        return read_answer(question, raw, self.library, today, known)

    def replay(self, flow_id: str, answers: Sequence[Answer], today: date) -> Progress:
        """Where these answers lead on that day."""
        return self._walk(self._flow(flow_id), answers, today)[0]

    def answer(
        self, flow_id: str, answers: Sequence[Answer], name: str, value: object, today: date
    ) -> Progress | NotAnAnswer:
        """The walk with one answer added or replaced; later ones stay as far as they fit."""
        read = self.read(flow_id, name, value, today, answers)
        if isinstance(read, NotAnAnswer):
            return read
        given = Answer(name, read, today)
        if any(answer.name == name for answer in answers):
            answers = [given if answer.name == name else answer for answer in answers]
        else:
            answers = [*answers, given]
        return self.replay(flow_id, answers, today)

    def back(self, flow_id: str, answers: Sequence[Answer], today: date) -> Progress:
        """The walk without its last answer; at the start, the walk as it is."""
        progress = self.replay(flow_id, answers, today)
        if not progress.walked:
            return progress
        last = progress.walked - 1
        kept = (*progress.answers[:last], *progress.answers[last + 1 :])
        return self.replay(flow_id, kept, today)

    def _walk(
        self,
        compiled: _Compiled,
        answers: Sequence[Answer],
        today: date,
        filing_on: date | None = None,
    ) -> tuple[Progress, Case]:
        """Walk the answers. One turn asks for the same walk several times: the last ones of
        this thread are remembered, also under the answers that they kept."""
        if filing_on is not None:
            return self._walk_anew(compiled, answers, today, filing_on)
        walks = self._walked.walks
        for walk in walks:
            if walk.answers is answers and walk.compiled is compiled and walk.today == today:
                return walk.progress, walk.case
        progress, case = self._walk_anew(compiled, answers, today, None)
        if isinstance(answers, tuple):
            walks.append(_Walked(compiled, today, answers, progress, case))
        if progress.answers is not answers:
            settled = replace(progress, dropped=()) if progress.dropped else progress
            walks.append(_Walked(compiled, today, progress.answers, settled, case))
        return progress, case

    def _walk_anew(
        self,
        compiled: _Compiled,
        answers: Sequence[Answer],
        today: date,
        filing_on: date | None,
    ) -> tuple[Progress, Case]:
        flow = compiled.flow
        case = Case(compiled.tests, self.library, today, filing_on)
        given = {answer.name: answer for answer in answers}
        refined = [
            taken
            for name, answer in given.items()
            if name in flow.refine and (taken := self._take(flow.refine[name], answer, case))
        ]
        walked: list[Answer] = []
        cursor = Cursor(flow.start, case)
        while (question := flow.questions.get(cursor.state)) is not None:
            answer = given.get(question.name)
            taken = None if answer is None else self._take(question, answer, case)
            if taken is None:
                break
            walked.append(taken)
            compiled.walker.step(cursor)
        waiting = self._waiting(compiled, question, given, case)
        kept = (*walked, *waiting, *refined)
        names = {answer.name for answer in kept}
        progress = Progress(
            flow=flow.id,
            answers=kept,
            question=None if question is None else question.name,
            outcome=cursor.state if question is None else None,
            dropped=tuple(answer for answer in given.values() if answer.name not in names),
            walked=len(walked),
        )
        return progress, case

    def _take(self, question: Question, answer: Answer, case: Case) -> Answer | None:
        """The answer in its canonical form, added to the case; None if it is none any more."""
        # A day of filing that has passed is no plan any more; other days stay as given.
        given_on = case.today if question.name == FILING_ON else answer.day
        value = read_answer(question, answer.value, self.library, given_on, case.answers)
        if isinstance(value, NotAnAnswer):
            return None
        case.add(question.name, value)
        return answer if value == answer.value else replace(answer, value=value)

    def _waiting(
        self,
        compiled: _Compiled,
        open_question: Question | None,
        given: Mapping[str, Answer],
        case: Case,
    ) -> list[Answer]:
        """Answers to questions that may still come after the open one."""
        if open_question is None:
            return []
        may_come = compiled.walker.reachable[open_question.name]
        return [
            answer
            for name, answer in given.items()
            if name in may_come
            and not isinstance(
                read_answer(
                    compiled.flow.questions[name], answer.value, self.library, answer.day,
                    case.answers,
                ),
                NotAnAnswer,
            )
        ]  # fmt: skip

    # ------------------------------------------------------------ solving

    def solve(
        self, flow_id: str, answers: Sequence[Answer], today: date, *, with_changes: bool = True
    ) -> Solution:
        """Everything that these answers mean on that day."""
        key = (flow_id, today, with_changes, _answers_key(answers))
        with self._lock:
            if (found := self._solutions.get(key)) is not None:
                self._solutions.move_to_end(key)
                return found
        solution = self._solve(self._flow(flow_id), answers, today, with_changes)
        with self._lock:
            self._solutions[key] = solution
            while len(self._solutions) > KEPT_SOLUTIONS:
                self._solutions.popitem(last=False)
        return solution

    def solve_event(self, event_id: str, answers: Sequence[Answer], today: date) -> SolvedEvent:
        """The duties of a life event, in their order, or the question still open."""
        compiled = self._flow(event_id)
        event = self.library.events[event_id]
        progress, case = self._walk(compiled, answers, today)
        if progress.question is not None:
            return SolvedEvent(event_id, progress.question, answers=progress.answers)
        told = compiled.plans[DUTIES].solve(case, progress)
        said = {one.sentence.address: one for one in told.sentences}
        duties = []
        for duty in event.duties:
            is_due = True if duty.when is None else compiled.tests.of(duty.when)(case)
            if is_due is not False and (duty.say or self._is_written(duty.flow)):
                known = known_for(duty, progress.answers, today)
                solved = self._solve_duty(duty, known, today)
                sentences = tuple(said[one.address] for one in duty.say if one.address in said)
                duties.append(replace(solved, is_certain=is_due is True, sentences=sentences))
        return SolvedEvent(
            event=event_id,
            question=None,
            duties=tuple(duties),
            not_due=tuple(said[one.address] for one in event.not_due if one.address in said),
            sources=sources_of(told, duties, self.library),
            confirm=confirm_of(told, duties, self.library),
            answers=progress.answers,
        )

    def known_for_duty(
        self, event_id: str, flow_id: str, answers: Sequence[Answer], today: date
    ) -> tuple[Answer, ...]:
        """The answers with which the flow of a duty begins; none when the event has no such."""
        event = self.library.events.get(event_id)
        duties = event.duties if event else ()
        duty = next((one for one in duties if one.flow == flow_id), None)
        if duty is None:
            return ()
        return self.replay(flow_id, known_for(duty, answers, today), today).answers

    def _is_written(self, flow_id: str | None) -> bool:
        return flow_id is not None and self.library.flow_or_topic(flow_id) is not None

    def _solve_duty(self, duty: Duty, answers: Sequence[Answer], today: date) -> SolvedDuty:
        if duty.flow is None or not self._is_written(duty.flow):
            return SolvedDuty(duty.flow, True, None, authority=duty.authority)
        solution = self.solve(duty.flow, answers, today)
        step = step_of(solution, duty.step)
        deadline = step.deadline if step is not None else None
        if duty.deadline is not None:
            deadline = self.deadline(duty.flow, duty.deadline, answers, today)
        return SolvedDuty(
            flow=duty.flow,
            is_certain=True,
            solution=solution,
            step=step,
            authority=authority_of(duty, solution),
            deadline=deadline,
        )

    def deadline(
        self, flow_id: str, name: str, answers: Sequence[Answer], today: date
    ) -> SolvedDeadline | None:
        """A deadline of a flow with these answers, wherever they lead; None while not known.

        The way through the flow does not matter: the day of the event alone may be known.
        """
        compiled = self._flow(flow_id)
        case = Case(compiled.tests, self.library, today)
        for answer in answers:
            question = compiled.question(answer.name)
            if question is not None:
                self._take(question, answer, case)
        found = case.deadline(name)
        return None if found.state == UNKNOWN else found

    def _solve(
        self, compiled: _Compiled, answers: Sequence[Answer], today: date, with_changes: bool
    ) -> Solution:
        def solve_on(filing_on: date | None) -> Solution:
            progress, case = self._walk(compiled, answers, today, filing_on)
            if progress.outcome is None:
                return unfinished(progress, case)
            plan = compiled.plans[progress.outcome]
            return plan.solve(case, progress, what_if=filing_on is not None)

        solution = solve_on(None)
        if not with_changes or solution.outcome is None:
            return solution
        if "changes" not in compiled.plans[solution.outcome].show:
            return solution
        changes = changes_of(solution, solve_on, compiled.rules, self.library)
        return replace(solution, changes=changes)

    def flow(self, flow_id: str) -> Flow | None:
        """The procedure or topic of that id, or the life event as a flow; None if none is."""
        try:
            return self._flow(flow_id).flow
        except UnknownFlow:
            return None

    # ------------------------------------------------------------ for looking closely

    def case(self, flow_id: str, answers: Sequence[Answer], today: date) -> Case:
        """The case as it stands when these answers have been walked."""
        return self._walk(self._flow(flow_id), answers, today)[1]

    def plans(self, flow_id: str) -> Mapping[str, Plan]:
        """The outcomes of a flow, compiled."""
        return self._flow(flow_id).plans

    def _flow(self, flow_id: str) -> _Compiled:
        compiled = self._compiled.get(flow_id)
        if compiled is None:
            flow = self.library.flow_or_topic(flow_id)
            if flow is None and flow_id in self.library.events:
                flow = as_flow(self.library.events[flow_id])
            if flow is None:
                raise UnknownFlow(flow_id)
            # Two threads may both compile it once; the results are the same.
            compiled = self._compiled[flow_id] = _Compiled(flow, self.library)
        return compiled


def _answers_key(answers: Sequence[Answer]) -> Hashable:
    return tuple([(one.name, _key(one.value), one.day) for one in answers])


def _key(value: object) -> Hashable:
    """A hashable form of an answer; one that comes from storage may be a list."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return tuple(sorted(value.items()))
    return tuple(value) if isinstance(value, list) else value
