"""What an admin alone does with a case: take a copy of it, and delete its person.

Both stand in the audit log, without a word of the content. The copy holds what the person was
told exactly as it was told, with times and states.
"""

from typing import TYPE_CHECKING

import orjson
from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot import answering
from bot.answering import NotDone
from bot.console import case_copy
from bot.console.admin_pages import page, words_of
from bot.console.asked import case_of
from bot.console.guard import me, only_admins
from bot.store import audit, cases, files
from bot.store.cases import Case

if TYPE_CHECKING:
    from bot.console.app import Console

_KINDS = {"txt": "text/plain; charset=utf-8", "json": "application/json"}


def register(desk: Blueprint, console: "Console") -> None:
    """Export and deletion."""

    @desk.get("/admin/cases/<int:number>/export.<any(txt, json):form>")
    @only_admins
    def admin_export(number: int, form: str) -> AnyResponse:
        case = case_of(console, number)
        copy = case_copy.of_case(console, words_of(console), case)
        with console.database.write() as session:
            audit.add(session, console.clock(), me().id, "exported", case.id, form=form)
        body = (
            case_copy.as_text(copy, words_of(console)).encode("utf-8", "replace")
            if form == "txt"
            else orjson.dumps(case_copy.as_json(copy), option=orjson.OPT_INDENT_2)
        )
        name = f'attachment; filename="case-{number}.{form}"'
        headers = {"Content-Disposition": name, "Content-Security-Policy": "default-src 'none'"}
        return Response(body, content_type=_KINDS[form], headers=headers)

    @desk.route("/admin/cases/<int:number>/delete", methods=["GET", "POST"])
    @only_admins
    def admin_delete(number: int) -> AnyResponse:
        case = case_of(console, number)
        if request.method == "GET":
            return _ask(console, case)
        if request.form.get("typed", "").strip().lstrip("#") != str(number):
            return _ask(console, case, fault=True, status=400)
        tells = request.form.get("tells") == "yes"
        if isinstance(answering.delete_person(console.house, case.id, tells=tells), NotDone):
            abort(404)
        with console.database.write() as session:
            audit.add(session, console.clock(), me().id, "person_deleted", None, case=number)
        return redirect(url_for("desk.admin_overview", done="deleted"))


def _ask(console: "Console", case: Case, *, fault: bool = False, status: int = 200) -> AnyResponse:
    with console.database.read() as session:
        every = cases.of_person(session, case.person)
        kept = files.of_person(session, case.person)
    tells = request.form.get("tells") == "yes" if fault else case.kind == cases.DELETE
    return page(
        console, "delete", status, about_case=case.number, case=case, all=every, files=len(kept),
        fault=fault, typed=request.form.get("typed", ""), tells=tells,
    )  # fmt: skip
