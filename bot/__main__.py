"""The commands. `python -m bot --help` lists them; bad input is one clear line and exit 2.

Every command imports what it needs and no more: a web process must start without reading
flows, languages or the LINE SDK.
"""

import json
import os
import sys
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

# The little arithmetic that understanding needs is slower, and costs more memory, on many threads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from bot.console.commands import operator_group
from bot.settings import Settings, WrongSettings

if TYPE_CHECKING:
    from bot.flow.model import Answer, Flow, Library
    from bot.i18n.catalogue import Catalogue

ROOT = Path(__file__).resolve().parent.parent
FLOWS, LOCALES = ROOT / "flows", ROOT / "locales"
STORIES, PAGES = ROOT / "tests" / "flows", ROOT / "docs" / "procedures"
TOKYO = ZoneInfo("Asia/Tokyo")


class Wrong(click.ClickException):
    """Bad input to a command: one line on stderr, exit 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        click.echo(self.message, err=True)


@click.group()
def main() -> None:
    """The consultation assistant: the processes, and tools for its content."""


# ---------------------------------------------------------------- the processes


@main.command()
def web() -> None:
    """Take webhooks from LINE (gunicorn; threads and processes from the settings)."""
    from bot.web import run_web

    run_web(_settings_with_keys())


@main.command()
def worker() -> None:
    """Answer what came in, send what is due, delete what is old."""
    from bot.worker import run_worker

    settings = _settings_with_keys()
    _migrate(settings)
    run_worker(settings, FLOWS, LOCALES)


@main.command()
def migrate() -> None:
    """Bring the database to the present tables."""
    _migrate(_settings_with_keys())
    click.echo("The database is up to date.")


@main.command()
@click.option("--folder", default=str(ROOT / "var"), help="Where keys and what was said are kept.")
@click.option("--new-password", is_flag=True, help="A new password for the demo operator.")
def serve(folder: str, *, new_password: bool) -> None:
    """Everything on this machine, for trying: web, worker and a LINE simulator."""
    from bot.demo import serve as run

    run(ROOT, _settings(), Path(folder).resolve(), new_password=new_password)


@main.command("cases")
@click.option("--close", "closed", default=None, metavar="ID", help="The office has settled it.")
@click.option(
    "--delete", "deleted", default=None, metavar="ID", help="Delete all data of that person."
)
def list_cases(closed: str | None, deleted: str | None) -> None:
    """What stands before the office; --close or --delete settles one (its id may be cut)."""
    from bot.store import cases, privacy
    from bot.store.database import Database

    settings = _settings_with_keys()
    database = Database.of(settings)
    try:
        with database.write() as session:
            if wanted := closed or deleted:
                case = cases.find_open(session, wanted)
                if case is None:
                    raise Wrong(f"no open case has the id {wanted!r}")
                if deleted:
                    privacy.delete_person(session, case.person)
                else:
                    cases.close_case(session, case.id, _now().timestamp())
                click.echo(f"{case.id[:8]} closed" + (", data deleted." if deleted else "."))
                return
            for case in cases.list_open(session):
                opened = datetime.fromtimestamp(case.opened_at, TOKYO).date()
                due = datetime.fromtimestamp(case.due_at, TOKYO).date() if case.due_at else None
                about = f"{case.flow or '-'} {case.language or '-'}"
                click.echo(
                    f"{case.id[:8]} {case.kind} since {opened} {about}"
                    + (f" must be settled by {due}" if due else "")
                )
    finally:
        database.close()


@main.command("unanswered")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_unanswered(as_json: bool) -> None:
    """What was not understood, without persons, grouped by language and likeness."""
    from bot.nlu.alike import groups
    from bot.store import unanswered
    from bot.store.database import Database

    database = Database.of(_settings_with_keys())
    try:
        with database.read() as session:
            kept = unanswered.kept(session)
    finally:
        database.close()
    languages = sorted({one.language for one in kept})
    found = {tag: groups([one.text for one in kept if one.language == tag]) for tag in languages}
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for tag, alike in found.items():
        for texts in alike:
            click.echo(f"{tag}  {len(texts)} x  " + " | ".join(dict.fromkeys(texts)))
    click.echo(f"{len(kept)} messages were not understood.")


@main.command("reseal")
def reseal_all() -> None:
    """After a change of key: encrypt everything anew with the first of DATA_KEYS."""
    from bot.store.migrate import reseal_all as run

    total = run(_settings_with_keys())
    click.echo(f"{total} rows encrypted anew; the old keys can be taken away.")


@main.command()
def richmenu() -> None:
    """Bring the menus under the chat in step with the words, one per language."""
    from bot.line.richmenu import LineRichMenus, NoFont, RichMenuRefused, sync_rich_menus
    from bot.store import conversations
    from bot.store.database import Database

    settings = _settings_with_keys()
    _, catalogue = _content()
    api = LineRichMenus(settings.line_api, settings.line_data_api, settings.channel_token)
    database = Database.of(settings)
    try:
        with database.read() as session:
            people = conversations.people_by_language(session)
        made = sync_rich_menus(api, catalogue, people)
    except (NoFont, RichMenuRefused) as error:
        raise Wrong(str(error)) from None
    finally:
        database.close()
    click.echo("Menus: " + ", ".join(f"{tag} {menu_id}" for tag, menu_id in made.items()))


# ---------------------------------------------------------------- the content


@main.command()
@click.option("--coverage", is_flag=True, help="What no story of tests/flows asserts or walks.")
@click.option("--flow", "flow_id", default=None, metavar="ID", help="With --coverage: only this.")
@click.option("--sources", is_flag=True, help="What must be read again, the most urgent first.")
@click.option("--today", "day", default=None, help="With --sources: YYYY-MM-DD, else today.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(
    coverage: bool, flow_id: str | None, sources: bool, day: str | None, as_json: bool
) -> None:
    """Check flows, languages and limits; print every fault and exit 1 if there is one."""
    if coverage:
        from bot.desk import coverage_report

        library = _library()
        text, is_wrong = coverage_report(
            library, STORIES, _everything(library, flow_id), as_json=as_json
        )
        click.echo(text)
        sys.exit(1 if is_wrong else 0)
    if sources:
        from bot.desk import sources_report

        click.echo(sources_report(_library(), ROOT, _day(day), as_json=as_json))
        return
    from bot.i18n.check import check_languages

    library, catalogue = _content()
    faults = check_languages(LOCALES, library, catalogue)
    for fault in faults:
        click.echo(fault)
    if faults:
        click.echo(f"{len(faults)} faults.")
        sys.exit(1)
    offered = ", ".join(catalogue.offered)
    flows = len(library.flows)
    click.echo(f"{flows} procedures, {len(library.topics)} topics; languages: {offered}. No fault.")


def _everything(library: "Library", flow_id: str | None) -> tuple[str, ...]:
    """The ids of all content, or the one that was asked for."""
    from bot.flow.coverage import everything_to_prove

    known = tuple(everything_to_prove(library))
    if flow_id is not None and flow_id not in known:
        raise Wrong(f"no such flow: {flow_id} (known: {', '.join(known)})")
    return known if flow_id is None else (flow_id,)


@main.command()
@click.argument("flow_id", metavar="FLOW")
@click.option("--answers", default="{}", help="JSON, or @file with JSON.")
@click.option("--today", "day", default=None, help="YYYY-MM-DD; the present day otherwise.")
@click.option("--locale", "tag", default="en", help="Language of the sentences.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def solve(flow_id: str, answers: str, day: str | None, tag: str, as_json: bool) -> None:
    """What a set of answers means on a day."""
    from bot.flow.engine import Engine
    from bot.flow.report import event_json, solution_json

    library, catalogue = _content()
    flow = _flow(library, flow_id)
    if tag not in catalogue.offered:
        raise Wrong(f"no such language: {tag} (offered: {', '.join(catalogue.offered)})")
    today = _day(day)
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


@main.command()
@click.argument("flow_id", metavar="[FLOW]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def describe(flow_id: str | None, as_json: bool) -> None:
    """Questions, kinds, options and addresses of one flow, or of all."""
    from bot.flow.report import flow_json

    library, _ = _content()
    every = (*library.flows, *library.topics, *library.events, *library.safety)
    ids = [flow_id] if flow_id else every
    found = [flow_json(_flow(library, one), library.events.get(one)) for one in ids]
    if as_json:
        click.echo(json.dumps(found[0] if flow_id else found, ensure_ascii=False, indent=2))
        return
    for flow in found:
        click.echo(f"{flow['flow']}: {flow['title']}")
        for question in flow["questions"] + flow["refine"]:
            options = ", ".join(option["id"] for option in question["options"][:12])
            click.echo(f"  {question['name']} ({question['kind']}) {options}")


@main.command()
@click.argument("flow_id", metavar="FLOW")
def draw(flow_id: str) -> None:
    """A picture of a flow, as Mermaid text."""
    from bot.flow.report import mermaid

    library, _ = _content()
    click.echo(mermaid(_flow(library, flow_id)), nl=False)


@main.command()
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 if out of date.")
def docs(only_check: bool) -> None:
    """Write docs/procedures/: the content as pages, for those who review it without YAML."""
    from bot.desk import pages_that_differ, write_pages

    if not only_check:
        changed = write_pages(_library(), PAGES)
        click.echo(f"docs/procedures/ is up to date, {len(changed)} pages changed.")
        return
    differing = pages_that_differ(_library(), PAGES)
    for name in differing:
        click.echo(f"docs/procedures/{name} is out of date; run: python -m bot docs")
    sys.exit(1 if differing else 0)


@main.command("locales")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def coverage(as_json: bool) -> None:
    """How complete each flow is in each language."""
    _, catalogue = _content()
    found = catalogue.coverage()
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for group, languages in found.items():
        shares = (
            f"{tag} {100 * c['fresh'] // max(c['total'], 1)} %" for tag, c in languages.items()
        )
        click.echo(f"{group}: " + ", ".join(shares))


@main.command()
def translate() -> None:
    """Update the templates and every .po file from the content and the pages of the desk."""
    from bot.flow.load import load_library
    from bot.i18n import desk_words
    from bot.i18n.extract import write_template
    from bot.i18n.locales import SOURCE, TABLE
    from bot.i18n.merge import write_merged

    library = load_library(FLOWS)
    write_template(library, LOCALES / "messages.pot")
    for row in TABLE:
        if row.tag != SOURCE:
            write_merged(library, row, LOCALES / row.folder / "LC_MESSAGES" / "messages.po")
    desk_words.write(ROOT, LOCALES)
    click.echo("locales/ is up to date with the content and the desk.")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
@click.option("--locale", "tag", default="auto", help="Language of the reader; auto: unknown.")
@click.option("--today", "day", default=None, help="YYYY-MM-DD; the present day otherwise.")
@click.option("--build", is_flag=True, help="Only learn from the phrases, if anything changed.")
def understand(as_json: bool, tag: str, day: str | None, build: bool) -> None:
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
    nlu = Nlu(model, _library())
    for line in understood_lines(nlu, sys.stdin.buffer, tag, _day(day), as_json=as_json):
        click.echo(line)


@main.command("try")
@click.argument("flow_id", metavar="FLOW")
@click.option("--today", "day", default=None, help="YYYY-MM-DD; the present day otherwise.")
@click.option("--locale", "tag", default="en", help="Language of the talk.")
def try_flow(flow_id: str, day: str | None, tag: str) -> None:
    """Walk through a flow in the terminal, with the words and numbers that people get."""
    from bot.terminal import talk

    library, catalogue = _content()
    flow = _flow(library, flow_id)
    if tag not in catalogue.offered:
        raise Wrong(f"no such language: {tag} (offered: {', '.join(catalogue.offered)})")
    talk(library, catalogue, LOCALES, flow.id, _day(day), tag)


# ---------------------------------------------------------------- reading input


def _settings(extra: Mapping[str, str] = {}) -> Settings:
    try:
        settings = Settings.from_environment({**os.environ, **extra})
    except WrongSettings as error:
        raise Wrong(str(error)) from None
    return settings


def _settings_with_keys() -> Settings:
    settings = _settings()
    if not settings.data_keys:
        raise Wrong(
            "DATA_KEYS: missing. README.md shows how to make one; `make run` makes its own."
        )
    return settings


def _migrate(settings: Settings) -> None:
    from bot.store.migrate import migrate as run

    run(settings)


def _library() -> "Library":
    from bot.flow.faults import WrongContent
    from bot.flow.load import load_library

    try:
        return load_library(FLOWS)
    except WrongContent as error:
        click.echo(str(error), err=True)
        sys.exit(1)


def _content() -> "tuple[Library, Catalogue]":
    from bot.i18n.catalogue import Catalogue

    library = _library()
    return library, Catalogue(LOCALES, library, cache_dir=ROOT / "var" / "cache")


def _flow(library: "Library", flow_id: str) -> "Flow":
    from bot.flow.engine import Engine

    flow = Engine(library).flow(flow_id)
    if flow is None:
        known = ", ".join((*library.flows, *library.topics, *library.events))
        raise Wrong(f"no such flow: {flow_id} (known: {known})")
    return flow


def _now() -> datetime:
    return datetime.now(TOKYO)


def _day(text: str | None) -> date:
    if text is None:
        return _now().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Wrong(f"--today must be YYYY-MM-DD, not {text!r}") from None


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


main.add_command(operator_group(_settings_with_keys))

if __name__ == "__main__":
    main(prog_name="python -m bot")
