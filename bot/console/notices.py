"""Which notices an operator gets, and their own LINE account: a part of the account page."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.console.guard import me
from bot.store import audit, notice_wishes
from bot.store.notices import NONE, WISHES

if TYPE_CHECKING:
    from bot.console.app import Console


def register(desk: Blueprint, console: "Console") -> None:
    """The form of the wishes, and linking one's own LINE account."""

    def shown(status: int = 200, **more: Any) -> Response:
        with console.database.read() as session:
            wishes = notice_wishes.read(session, me().id)
        now = console.clock()
        waits = wishes.code_until if wishes.code_until and wishes.code_until > now else None
        values = {
            "wishes": wishes, "code_until": waits, "address": wishes.address,
            "has_mail": bool(console.settings.smtp_url),
            "minutes": console.settings.notice_waiting_minutes,
        }  # fmt: skip
        return make_response(render_template("desk/notices.html", **{**values, **more}), status)

    @desk.get("/account/notices")
    def notices() -> Response:
        return shown(saved=request.args.get("saved") == "yes")

    @desk.post("/account/notices/mail")
    def notices_by_mail() -> Response:
        address = request.form.get("address", "").strip()
        wish = _wish()
        if address and not notice_wishes.is_address(address):
            return shown(400, fault="address", address=address[:254])
        if wish != NONE and not address:
            return shown(400, fault="no_address")
        with console.database.write() as session:
            notice_wishes.set_mail(session, me().id, address, wish)
            audit.add(session, console.clock(), me().id, "notices_changed", way="mail", wish=wish)
        return redirect(url_for("desk.notices", saved="yes"))

    @desk.post("/account/notices/line")
    def notices_by_line() -> Response:
        wish = _wish()
        with console.database.write() as session:
            if not notice_wishes.read(session, me().id).is_linked:
                wish = NONE
            notice_wishes.set_line(session, me().id, wish)
            audit.add(session, console.clock(), me().id, "notices_changed", way="line", wish=wish)
        return redirect(url_for("desk.notices", saved="yes"))

    @desk.post("/account/notices/code")
    def notices_code() -> Response:
        # Shown in the answer itself and kept as a hash: who goes back asks for another.
        with console.database.write() as session:
            code = notice_wishes.make_code(session, me().id, console.clock())
            audit.add(session, console.clock(), me().id, "line_code_made")
        return shown(code=code)

    @desk.post("/account/notices/unlink")
    def notices_unlink() -> Response:
        with console.database.write() as session:
            notice_wishes.unlink(session, me().id)
            audit.add(session, console.clock(), me().id, "line_unlinked")
        return redirect(url_for("desk.notices", saved="yes"))


def _wish() -> str:
    wish = request.form.get("wish", NONE)
    return wish if wish in WISHES else NONE
