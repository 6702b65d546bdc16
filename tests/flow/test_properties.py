"""What holds for every flow, every walk and every day, whatever hypothesis draws.

Walks that are the same on every run, on the edges of the law and in all languages, are in
test_walks.py."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.flow.answers import option_ids
from bot.flow.coverage import everything_to_prove
from bot.flow.dates import OFFICES_WITH_CLOSED_DAYS, is_open
from bot.flow.engine import Engine
from bot.flow.load import load_library
from bot.flow.model import NotAnAnswer

CONTENT = Path(__file__).resolve().parents[2] / "flows"
DAYS = st.dates(min_value=date(2025, 1, 1), max_value=date(2028, 12, 31))


@cache
def the_engine():
    return Engine(load_library(CONTENT))


def an_answer(draw, question, today, library):
    """Some answer to a question; dates lie around today, because there the law has its edges."""
    if draw(st.integers(0, 9)) == 0:
        return "unsure"
    match question.kind:
        case "choice":
            return draw(st.sampled_from(option_ids(question, library)))
        case "several":
            options = [*option_ids(question, library), "none"]
            return draw(st.sampled_from(options))
        case "date":
            return today + timedelta(days=draw(st.integers(-800, 400)))
        case "number":
            return draw(st.integers(0, 60))
        case "text":
            return draw(st.text(min_size=1, max_size=30))
        case _:
            prefecture = f"{draw(st.integers(1, 47)):02}"
            return {"prefecture": prefecture, "municipality": None}


@st.composite
def walks(draw):
    """A flow, a day, and answers until the end or until one is refused five times."""
    engine = the_engine()
    library = engine.library
    flow = engine.flow(draw(st.sampled_from([*everything_to_prove(library)])))
    today = draw(DAYS)
    progress = engine.replay(flow.id, (), today)
    refused = 0
    while progress.question is not None and refused < 5:
        question = flow.questions[progress.question]
        raw = an_answer(draw, question, today, library)
        found = engine.answer(flow.id, progress.answers, question.name, raw, today)
        if isinstance(found, NotAnAnswer):
            assert found.reason in library.talk
            refused += 1
            continue
        assert found.walked == progress.walked + 1
        assert found.dropped == ()
        progress, refused = found, 0
    if progress.outcome is not None and flow.refine:
        for name in draw(st.sets(st.sampled_from(sorted(flow.refine)), max_size=3)):
            raw = an_answer(draw, flow.refine[name], today, library)
            found = engine.answer(flow.id, progress.answers, name, raw, today)
            if not isinstance(found, NotAnAnswer):
                progress = found
    return flow, today, progress


@settings(max_examples=150, deadline=None)
@given(walks())
def test_a_walk_ends_within_as_many_steps_as_there_are_questions(walk):
    flow, _, progress = walk
    assert progress.walked <= len(flow.questions)
    assert (progress.question is None) != (progress.outcome is None)


@settings(max_examples=100, deadline=None)
@given(walks())
def test_replaying_arrives_at_the_same_place_again(walk):
    flow, today, progress = walk
    again = the_engine().replay(flow.id, progress.answers, today)
    assert (again.question, again.outcome) == (progress.question, progress.outcome)
    assert again.answers == progress.answers
    assert again.dropped == ()


@settings(max_examples=100, deadline=None)
@given(walks())
def test_back_and_the_same_answer_lead_to_the_same_place(walk):
    flow, today, progress = walk
    engine = the_engine()
    if not progress.walked:
        return
    last = progress.answers[progress.walked - 1]
    before = engine.back(flow.id, progress.answers, today)
    assert before.question == last.name
    assert before.walked == progress.walked - 1
    again = engine.answer(flow.id, before.answers, last.name, last.value, today)
    assert (again.question, again.outcome) == (progress.question, progress.outcome)


def seen_from(question: str | None, solution, today: date) -> date:
    """The day on which a deadline of a result was judged."""
    if question is None:
        return today
    if question == "filing_on":
        return solution.filing_on
    return date.fromisoformat({one.name: one.value for one in solution.answers}[question])


@settings(max_examples=200, deadline=None)
@given(walks())
def test_a_result_speaks_and_tells_only_days_that_can_still_be_used(walk):
    flow, today, progress = walk
    engine = the_engine()
    solution = engine.solve(flow.id, progress.answers, today)
    if progress.outcome is not None:
        assert solution.sentences or solution.steps
    assert all(value is not None for line in solution.sentences for value in line.params.values())
    for deadline in solution.deadlines:
        content = flow.deadlines[deadline.name]
        if deadline.state == "unknown":
            continue
        seen_on = seen_from(content.seen_from, solution, today)
        if deadline.state in ("ahead", "today"):
            assert deadline.tell >= seen_on
            if content.tell == "open_day_before" and deadline.office in OFFICES_WITH_CLOSED_DAYS:
                assert is_open(deadline.tell, engine.library.closed)
        if deadline.state in ("grace", "passed"):
            assert deadline.law_last_day < seen_on
    for change in solution.changes:
        until = change.spoken.params["until"]
        assert today <= until < change.day
        assert is_open(until, engine.library.closed)
        assert set(change.spoken.params) >= set(change.spoken.sentence.params)


@settings(max_examples=60, deadline=None)
@given(walks(), st.integers(1, 60))
def test_the_same_answers_can_be_replayed_on_any_later_day(walk, later):
    flow, today, progress = walk
    engine = the_engine()
    then = engine.replay(flow.id, progress.answers, today + timedelta(days=later))
    kept = {answer.name for answer in (*then.answers, *then.dropped)}
    assert kept == {answer.name for answer in progress.answers}
    engine.solve(flow.id, progress.answers, today + timedelta(days=later))
