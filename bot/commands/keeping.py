"""The commands about what is kept: cases, what was not understood, keys, the menus at LINE."""

import json
from datetime import datetime

import click

from bot.commands.inputs import TOKYO, Here, Wrong, read_content


@click.command("cases")
@click.option("--close", "closed", default=None, metavar="ID", help="The office has settled it.")
@click.option(
    "--delete", "deleted", default=None, metavar="ID", help="Delete all data of that person."
)
@click.pass_obj
def list_cases(here: Here, closed: str | None, deleted: str | None) -> None:
    """What stands before the office; --close or --delete settles one (its id may be cut)."""
    from bot.store import cases, privacy
    from bot.store.database import Database

    settings = here.settings()
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
                    cases.close_case(session, case.id, here.now().timestamp())
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


@click.command("unanswered")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def list_unanswered(here: Here, as_json: bool) -> None:
    """What was not understood, without persons, grouped by language and likeness."""
    from bot.nlu.alike import groups
    from bot.store import unanswered
    from bot.store.database import Database

    database = Database.of(here.settings())
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


@click.command("reseal")
@click.pass_obj
def reseal_all(here: Here) -> None:
    """After a change of key: encrypt everything anew with the first of DATA_KEYS."""
    from bot.store.migrate import reseal_all as run

    total = run(here.settings())
    click.echo(f"{total} rows encrypted anew; the old keys can be taken away.")


@click.command()
@click.pass_obj
def richmenu(here: Here) -> None:
    """Bring the menus under the chat in step with the words, one per language."""
    from bot.line.richmenu import LineRichMenus, NoFont, RichMenuRefused, sync_rich_menus
    from bot.store import conversations
    from bot.store.database import Database

    settings = here.settings()
    _, catalogue = read_content()
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


COMMANDS = (list_cases, list_unanswered, reseal_all, richmenu)
