"""The commands that try the content: what answers mean, what is understood, a whole talk."""

import json
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.commands.inputs import LOCALES, Here, Wrong, find_flow, read_content, read_library

if TYPE_CHECKING:
    from bot.flow.model import Answer, Flow


@click.command()
@click.argument("flow_id", metavar="FLOW")
@click.option("--answers", default="{}", help="JSON, or @file with JSON.")
@click.option("--today", "day", default=None, help="YYYY-MM-DD; the present day otherwise.")
@click.option("--locale", "tag", default="en", help="Language of the sentences.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def solve(here: Here, flow_id: str, answers: str, day: str | None, tag: str, as_json: bool) -> None:
    """What a set of answers means on a day."""
    from bot.flow.engine import Engine
    from bot.flow.report import event_json, solution_json

    library, catalogue = read_content()
    flow = find_flow(library, flow_id)
    if tag not in catalogue.offered:
        raise Wrong(f"no such language: {tag} (offered: {', '.join(catalogue.offered)})")
    today = here.day(day)
    engine = Engine(library)
    given = _answers(engine, flow, _json(answers), today)
    words = catalogue.voice(tag).words(flow.id)[0]
    if flow.kind == "event":
        found = event_json(engine.solve_event(flow.id, given, today), today, words.text)
    else:
        found = solution_json(engine.solve(flow.id, given, today), words.text)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    if flow.kind == "event":
        _echo_duties(found)
        return
    click.echo(f"{flow.id}: {found['outcome'] or 'open question: ' + str(found['question'])}")
    for sentence in found["sentences"]:
        click.echo(f"  - {sentence['text']}")
    for name, deadline in found["deadlines"].items():
        click.echo(f"  {name}: {deadline['tell']} ({deadline['state']})")
    for document in found["documents"]:
        only = f" ({document['condition']})" if document["condition"] else ""
        click.echo(f"  [ ] {document['text']} / {document['ja']}{only}")


def _echo_duties(found: dict[str, Any]) -> None:
    click.echo(f"{found['flow']}: {found['outcome'] or 'open question: ' + str(found['question'])}")
    for number, duty in enumerate(found["duties"], 1):
        perhaps = "" if duty["certain"] else " (perhaps)"
        by = duty["deadline"]
        when = f" by {by['tell']} ({by['state']})" if by else ""
        where = ", ".join(duty["authority"])
        click.echo(f"  {number}. {duty['flow'] or '-'}: {where}{when}{perhaps}")
        for sentence in duty["sentences"]:
            click.echo(f"     - {sentence['text']}")
    for sentence in found["not_due"]:
        click.echo(f"  not due: {sentence['text']}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
@click.option("--locale", "tag", default="auto", help="Language of the reader; auto: unknown.")
@click.option("--today", "day", default=None, help="YYYY-MM-DD; the present day otherwise.")
@click.option("--build", is_flag=True, help="Only learn from the phrases, if anything changed.")
@click.pass_obj
def understand(here: Here, as_json: bool, tag: str, day: str | None, build: bool) -> None:
    """What is understood of messages: one on each line of the standard input."""
    from bot.flow.faults import WrongContent
    from bot.i18n.locales import BY_TAG, TAG_OF_FOLDER
    from bot.nlu.lines import understood_lines
    from bot.nlu.understand import Nlu, model_of

    if tag != "auto" and tag not in BY_TAG:
        raise Wrong(f"There is no language {tag!r}; there are auto, {', '.join(BY_TAG)}.")
    try:
        model = model_of(LOCALES, TAG_OF_FOLDER)
    except WrongContent as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    if build:
        return
    nlu = Nlu(model, read_library())
    for line in understood_lines(nlu, sys.stdin.buffer, tag, here.day(day), as_json=as_json):
        click.echo(line)


@click.command("try")
@click.argument("flow_id", metavar="FLOW")
@click.option("--today", "day", default=None, help="YYYY-MM-DD; the present day otherwise.")
@click.option("--locale", "tag", default="en", help="Language of the talk.")
@click.pass_obj
def try_flow(here: Here, flow_id: str, day: str | None, tag: str) -> None:
    """Walk through a flow in the terminal, with the words and numbers that people get."""
    from bot.terminal import talk

    library, catalogue = read_content()
    flow = find_flow(library, flow_id)
    if tag not in catalogue.offered:
        raise Wrong(f"no such language: {tag} (offered: {', '.join(catalogue.offered)})")
    talk(library, catalogue, LOCALES, flow.id, here.day(day), tag)


def _json(text: str) -> dict[str, Any]:
    if text.startswith("@"):
        try:
            text = Path(text[1:]).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Wrong(f"--answers: cannot read {text[1:]}: {error}") from None
    try:
        found = json.loads(text)
    except ValueError as error:
        raise Wrong(f"--answers: not JSON: {error}") from None
    if not isinstance(found, dict):
        raise Wrong('--answers: must be a JSON object, such as {"what_happened": "lost"}')
    return found


def _answers(
    engine: Any, flow: "Flow", given: Mapping[str, Any], today: date
) -> "tuple[Answer, ...]":
    from bot.flow.model import Answer, NotAnAnswer

    answers: list[Answer] = []
    for name, raw in given.items():
        question = flow.questions.get(name) or flow.refine.get(name)
        if question is None:
            known = ", ".join((*flow.questions, *flow.refine))
            raise Wrong(f"--answers: {flow.id} has no question {name!r} (it has: {known})")
        value = engine.read(flow.id, name, raw, today, tuple(answers))
        if isinstance(value, NotAnAnswer):
            allowed = ", ".join(option.id for option in question.options)
            hint = f" (one of: {allowed})" if allowed else f" (a {question.kind})"
            raise Wrong(f"--answers: {name}: {raw!r} is not an answer: {value.reason}{hint}")
        answers.append(Answer(name, value, today))
    return tuple(answers)


COMMANDS = (solve, understand, try_flow)
