"""Flows and solutions as plain data: for the command line, the pages and the picture.

`solution_json` is the public form of an answer; its keys are a promise to those who read it.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from bot.flow.events import DUTIES, SolvedDuty, SolvedEvent
from bot.flow.model import (
    Condition,
    Deadline,
    Event,
    Flow,
    ListedDocument,
    Money,
    Question,
    Sentence,
    Solution,
    SolvedDeadline,
    Spoken,
)

Text = Callable[[Spoken], str]
"""Puts a sentence into words of one language."""


def solution_json(solution: Solution, text: Text) -> dict[str, Any]:
    """A solution as JSON-safe data, in the words of `text`."""
    return {
        "flow": solution.flow,
        "today": solution.today.isoformat(),
        "filing_on": _day(solution.filing_on),
        "outcome": solution.outcome,
        "question": solution.question,
        "answers": {answer.name: _plain(answer.value) for answer in solution.answers},
        "deadlines": {d.name: _deadline(d) for d in solution.deadlines},
        "documents": [_document(listed, text) for listed in solution.documents],
        "fee": _money(solution.amounts.get("fee")),
        "authority": list(solution.authority),
        "channel": list(solution.channel),
        "offices": [office.id for office in solution.offices],
        "sentences": [_sentence(spoken, text) for spoken in solution.sentences],
        "steps": [
            {
                "name": step.name,
                "authority": list(step.authority),
                "deadline": _deadline(step.deadline) if step.deadline else None,
                "documents": [_document(listed, text) for listed in step.documents],
                "sentences": [_sentence(spoken, text) for spoken in step.sentences],
            }
            for step in solution.steps
        ],
        "follow_ups": list(solution.follow_ups),
        "changes": [
            {
                "day": change.day.isoformat(),
                "what": change.what,
                "rules": list(change.rules),
                "text": text(change.spoken),
            }
            for change in solution.changes
        ],
        "handoff": solution.handoff,
        "refine": list(solution.refine),
        "confirm": [text(spoken) for spoken in solution.confirm],
        "sources": [
            {"id": s.id, "url": s.url, "checked": s.checked.isoformat()} for s in solution.sources
        ],
    }


def event_json(solved: SolvedEvent, today: date, text: Text) -> dict[str, Any]:
    """A life event as JSON-safe data: all its duties in their order, and what is not due.

    `sentences` of a duty are the event's words, or those of the step it names; `question` is
    what the flow of the duty still has to ask, `outcome` where the answers already lead.
    """
    return {
        "flow": solved.event,
        "kind": "event",
        "today": today.isoformat(),
        "question": solved.question,
        "outcome": None if solved.question else DUTIES,
        "answers": {answer.name: _plain(answer.value) for answer in solved.answers},
        "duties": [_duty(duty, text) for duty in solved.duties],
        "not_due": [_sentence(spoken, text) for spoken in solved.not_due],
        "confirm": [text(spoken) for spoken in solved.confirm],
        "sources": [
            {"id": s.id, "url": s.url, "checked": s.checked.isoformat()} for s in solved.sources
        ],
    }


def _duty(duty: SolvedDuty, text: Text) -> dict[str, Any]:
    step, solution = duty.step, duty.solution
    return {
        "flow": duty.flow,
        "step": step.name if step is not None else None,
        "certain": duty.is_certain,
        "authority": list(duty.authority),
        "deadline": _deadline(duty.deadline) if duty.deadline is not None else None,
        "sentences": [_sentence(spoken, text) for spoken in duty.words],
        "outcome": solution.outcome if solution is not None else None,
        "question": solution.question if solution is not None else None,
    }


def flow_json(flow: Flow, event: Event | None = None) -> dict[str, Any]:
    """A flow as JSON-safe data: questions, kinds, options, outcomes and their addresses.

    Of a life event, `duties` are its duties in their order, and when they are due.
    """
    duties = [
        {
            "flow": duty.flow,
            "step": duty.step,
            "when": condition_text(duty.when),
            "deadline": duty.deadline,
            "authority": list(duty.authority),
            "addresses": [sentence.address for sentence in duty.say],
        }
        for duty in (event.duties if event is not None else ())
    ]
    more = {"duties": duties} if event is not None else {}
    return {
        "flow": flow.id,
        "kind": flow.kind,
        "title": flow.title.text,
        "fingerprint": flow.fingerprint,
        "start": flow.start,
        "as_of": flow.as_of,
        "questions": [_question(question) for question in flow.questions.values()],
        "refine": [_question(question) for question in flow.refine.values()],
        "deadlines": [_deadline_rule(deadline) for deadline in flow.deadlines.values()],
        "amounts": sorted(flow.amounts),
        "documents": [document.id for document in flow.documents],
        "outcomes": [
            {
                "name": outcome.name,
                "authority": list(outcome.authority),
                "sentences": [s.address for s in outcome.say],
                "steps": [step.name for step in outcome.steps],
                "sources": list(outcome.sources),
            }
            for outcome in flow.outcomes.values()
        ],
        **more,
    }


def mermaid(flow: Flow) -> str:
    """The flow as a Mermaid picture: questions, answers on the arrows, outcomes."""
    lines = ["flowchart TD"]
    lines += [f'    {q.name}["{_label(q.ask.text)}"]' for q in flow.questions.values()]
    lines += [f'    {name}(["{_label(name)}"])' for name in flow.outcomes]
    for question in flow.questions.values():
        for branch in question.next:
            arrow = f' -- "{_label(condition_text(branch.when))}" --> ' if branch.when else " --> "
            lines.append(f"    {question.name}{arrow}{branch.go}")
    return "\n".join(lines) + "\n"


def condition_text(condition: Condition | None) -> str:
    """A condition as the content desk wrote it: `name: word or word`."""
    return "always" if condition is None else _raw_text(condition.raw)


def _raw_text(raw: Any) -> str:
    match raw:
        case ("is", name, words):
            return f"{name}: {' or '.join(sorted(words))}"
        case ("not", inner):
            return f"not ({_raw_text(inner)})"
        case ("any", items):
            return " or ".join(f"({_raw_text(item)})" for item in items)
        case ("all", items):
            return " and ".join(_raw_text(item) for item in items)
        case _:
            return str(raw)


def _label(text: str) -> str:
    return text.replace('"', "'")


def _question(question: Question) -> dict[str, Any]:
    texts: Iterator[Sentence | None] = iter((question.ask, question.note, question.why))
    return {
        "name": question.name,
        "kind": question.kind,
        "shared": question.shared,
        "address": question.ask.address,
        "addresses": [s.address for s in texts if s],
        "options": [{"id": o.id, "address": o.label.address} for o in question.options],
        "bands": [name for name, _ in question.bands],
        "next": [{"when": condition_text(b.when), "go": b.go} for b in question.next],
    }


def _deadline_rule(deadline: Deadline) -> dict[str, Any]:
    return {
        "name": deadline.name,
        "counts_from": list(deadline.counts_from),
        "office": deadline.office,
        "if_closed": deadline.if_closed,
        "tell": deadline.tell,
        "first_day": deadline.first_day,
        "source": deadline.source,
    }


def _deadline(deadline: SolvedDeadline) -> dict[str, Any]:
    return {
        "law_last_day": _day(deadline.law_last_day),
        "tell": _day(deadline.tell),
        "opens_on": _day(deadline.opens_on),
        "state": deadline.state,
    }


def _document(listed: ListedDocument, text: Text) -> dict[str, Any]:
    document = listed.document
    return {
        "id": document.id,
        "text": text(Spoken(document.text)),
        "ja": document.ja,
        "get_from": document.get_from,
        "copy": document.copy,
        "condition": text(Spoken(listed.condition)) if listed.condition else None,
        "source": document.source,
    }


def _sentence(spoken: Spoken, text: Text) -> dict[str, str]:
    return {"address": spoken.sentence.address, "text": text(spoken)}


def _money(money: Money | None) -> dict[str, Any] | None:
    if money is None:
        return None
    return {"kind": money.kind, "min": money.min, "max": money.max, "currency": money.currency}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
