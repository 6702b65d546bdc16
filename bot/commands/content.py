"""The commands of who writes the content: check it, see it, bring pages and languages in step."""

import json
import sys
from typing import TYPE_CHECKING

import click

from bot.commands.inputs import (
    FLOWS,
    LOCALES,
    ROOT,
    Here,
    Wrong,
    find_flow,
    read_content,
    read_library,
)

if TYPE_CHECKING:
    from bot.flow.model import Library

STORIES, PAGES = ROOT / "tests" / "flows", ROOT / "docs" / "procedures"


@click.command()
@click.option("--coverage", is_flag=True, help="What no story of tests/flows asserts or walks.")
@click.option("--flow", "flow_id", default=None, metavar="ID", help="With --coverage: only this.")
@click.option("--sources", is_flag=True, help="What must be read again, the most urgent first.")
@click.option("--today", "day", default=None, help="With --sources: YYYY-MM-DD, else today.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def check(
    here: Here, coverage: bool, flow_id: str | None, sources: bool, day: str | None, as_json: bool
) -> None:
    """Check flows, languages and limits; print every fault and exit 1 if there is one."""
    if coverage:
        from bot.desk import coverage_report

        library = read_library()
        text, is_wrong = coverage_report(
            library, STORIES, _everything(library, flow_id), as_json=as_json
        )
        click.echo(text)
        sys.exit(1 if is_wrong else 0)
    if sources:
        from bot.desk import sources_report

        click.echo(sources_report(read_library(), ROOT, here.day(day), as_json=as_json))
        return
    from bot.i18n.check import check_languages

    library, catalogue = read_content()
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


@click.command()
@click.argument("flow_id", metavar="[FLOW]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def describe(flow_id: str | None, as_json: bool) -> None:
    """Questions, kinds, options and addresses of one flow, or of all."""
    from bot.flow.report import flow_json

    library, _ = read_content()
    every = (*library.flows, *library.topics, *library.events, *library.safety)
    ids = [flow_id] if flow_id else every
    found = [flow_json(find_flow(library, one), library.events.get(one)) for one in ids]
    if as_json:
        click.echo(json.dumps(found[0] if flow_id else found, ensure_ascii=False, indent=2))
        return
    for flow in found:
        click.echo(f"{flow['flow']}: {flow['title']}")
        for question in flow["questions"] + flow["refine"]:
            options = ", ".join(option["id"] for option in question["options"][:12])
            click.echo(f"  {question['name']} ({question['kind']}) {options}")


@click.command()
@click.argument("flow_id", metavar="FLOW")
def draw(flow_id: str) -> None:
    """A picture of a flow, as Mermaid text."""
    from bot.flow.report import mermaid

    library, _ = read_content()
    click.echo(mermaid(find_flow(library, flow_id)), nl=False)


@click.command()
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 if out of date.")
def docs(only_check: bool) -> None:
    """Write docs/procedures/: the content as pages, for those who review it without YAML."""
    from bot.desk import pages_that_differ, write_pages

    if not only_check:
        changed = write_pages(read_library(), PAGES)
        click.echo(f"docs/procedures/ is up to date, {len(changed)} pages changed.")
        return
    differing = pages_that_differ(read_library(), PAGES)
    for name in differing:
        click.echo(f"docs/procedures/{name} is out of date; run: python -m bot docs")
    sys.exit(1 if differing else 0)


@click.command("locales")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def coverage(as_json: bool) -> None:
    """How complete each flow is in each language."""
    _, catalogue = read_content()
    found = catalogue.coverage()
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for group, languages in found.items():
        shares = (
            f"{tag} {100 * c['fresh'] // max(c['total'], 1)} %" for tag, c in languages.items()
        )
        click.echo(f"{group}: " + ", ".join(shares))


@click.command()
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


COMMANDS = (check, describe, draw, docs, coverage, translate)
