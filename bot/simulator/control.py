"""The hands on the phone, as JSON under /sim: what the page does and what tests do from outside."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from bot.simulator.delivery import Delivery
from bot.simulator.people import Bubble, Person
from bot.simulator.phone import NotPossible, Phone
from bot.simulator.platform import Platform

LONGEST_WAIT = 25.0
_SHOWN_INLINE = ("image/png", "image/jpeg", "image/gif", "image/webp")


def create_control(platform: Platform, delivery: Delivery) -> Blueprint:
    """Everything under /sim."""
    control = Blueprint("control", __name__, url_prefix="/sim")
    _errors(control)
    _people(control, platform, delivery)
    _acts(control, platform)
    _faults(control, platform, delivery)
    _pictures(control, platform)
    return control


def _errors(control: Blueprint) -> None:
    @control.errorhandler(NotPossible)
    def not_possible(error: NotPossible) -> tuple[Response, int]:
        return jsonify({"message": str(error)}), 409

    @control.errorhandler(KeyError)
    @control.errorhandler(TypeError)
    @control.errorhandler(ValueError)
    def wrong(error: Exception) -> tuple[Response, int]:
        if isinstance(error, KeyError):
            return jsonify({"message": f"missing or unknown: {error}"}), 404
        return jsonify({"message": str(error)}), 400


def _people(control: Blueprint, platform: Platform, delivery: Delivery) -> None:
    @control.get("/people")
    def people() -> Response:
        with platform.changed:
            return jsonify([_person(person) for person in platform.people.values()])

    @control.post("/people")
    def add_person() -> Response:
        body = _body()
        person = platform.add_person(
            str(body["name"]),
            str(body.get("language", "en")),
            is_friend=bool(body.get("is_friend", False)),
        )
        return jsonify(_person(person))

    @control.get("/people/<user_id>")
    def chat(user_id: str) -> Response:
        person = platform.person(user_id)
        since = request.args.get("since", type=int)
        wait = min(request.args.get("wait", 0.0, type=float), LONGEST_WAIT)
        if since is not None and wait > 0:
            platform.wait(lambda: platform.version > since, wait)
        with platform.changed:
            return jsonify(chat_as_json(platform, delivery, person))

    @control.patch("/people/<user_id>")
    def change(user_id: str) -> Response:
        Phone(platform, user_id).changes(**_body())
        return jsonify({})


def _acts(control: Blueprint, platform: Platform) -> None:
    @control.post("/people/<user_id>/text")
    def text(user_id: str) -> Response:
        body = _body()
        if not str(body["text"]).strip():
            raise NotPossible("an empty text cannot be sent")
        return _made(Phone(platform, user_id).says(str(body["text"]), body.get("quoting")))

    @control.post("/people/<user_id>/sticker")
    def sticker(user_id: str) -> Response:
        body = _body()
        phone = Phone(platform, user_id)
        return _made(phone.sends_sticker(str(body["package"]), str(body["sticker"])))

    @control.post("/people/<user_id>/location")
    def location(user_id: str) -> Response:
        body = _body()
        return _made(
            Phone(platform, user_id).sends_location(
                body.get("address"),
                float(body["latitude"]),
                float(body["longitude"]),
                body.get("title"),
            )
        )

    @control.post("/people/<user_id>/file")
    def file(user_id: str) -> Response:
        phone = Phone(platform, user_id)
        kind = request.mimetype or "application/octet-stream"
        return _made(phone.sends_file(request.get_data(), kind, request.args.get("name", "")))

    @control.post("/people/<user_id>/act")
    def act(user_id: str) -> Response:
        body = _body()
        Phone(platform, user_id).does(body["action"], body.get("params"))
        return jsonify({})

    @control.post("/people/<user_id>/tap")
    def tap(user_id: str) -> Response:
        Phone(platform, user_id).taps(str(_body()["wanted"]))
        return jsonify({})

    @control.post("/people/<user_id>/unsend")
    def unsend(user_id: str) -> Response:
        Phone(platform, user_id).unsends(str(_body()["message"]))
        return jsonify({})

    @control.post("/people/<user_id>/<any(follow,block,unblock):what>")
    def friendship(user_id: str, what: str) -> Response:
        phone = Phone(platform, user_id)
        {"follow": phone.follows, "block": phone.blocks, "unblock": phone.unblocks}[what]()
        return jsonify({})


def _faults(control: Blueprint, platform: Platform, delivery: Delivery) -> None:
    faults = delivery.faults

    def changed() -> Response:
        with platform.changed:
            platform.touch()
        return jsonify(faults.shown())

    @control.get("/faults")
    def faults_now() -> Response:
        return jsonify(faults.shown())

    @control.post("/faults")
    def add_faults() -> Response:
        body = _body()
        for kind, times in (body.get("webhook") or {}).items():
            faults.webhook(kind, int(times))
        for fault in body.get("api") or []:
            faults.api(**fault)
        if "redelivery" in body:
            faults.redelivery = bool(body["redelivery"])
        return changed()

    @control.delete("/faults")
    def clear_faults() -> Response:
        faults.clear()
        return changed()

    @control.post("/verify")
    def verify() -> Response:
        return jsonify(delivery.verify())


def _pictures(control: Blueprint, platform: Platform) -> None:
    @control.get("/contents/<message_id>")
    def content(message_id: str) -> Response:
        found = platform.contents[message_id]
        answer = Response(found.body, content_type=found.kind)
        if found.kind not in _SHOWN_INLINE:
            answer.headers["content-disposition"] = "attachment"
        return answer

    @control.get("/richmenus/<menu_id>/picture")
    def menu_picture(menu_id: str) -> Response:
        body, kind = platform.menus.pictures[menu_id]
        return Response(body, content_type=kind)


def chat_as_json(platform: Platform, delivery: Delivery, person: Person) -> dict[str, Any]:
    """All that the phone of this person shows now. The lock is held."""
    last_error = next((c for c in reversed(platform.calls) if c.status >= 400), None)
    last_delivery = delivery.log[-1] if delivery.log else None
    from_office = [b for b in person.bubbles if b.side == "bot"]
    return {
        "version": platform.version,
        "person": _person(person),
        "office": {"name": platform.office_name},
        "bubbles": [_bubble(bubble) for bubble in person.bubbles],
        "quick_replies": person.quick_replies(),
        "loading_for": max(0.0, person.loading_until - platform.clock()),
        "rich_menu": platform.menus.shown_to(person),
        "preview": from_office[-1].message if from_office else None,
        "last_error": vars(last_error) if last_error else None,
        "last_delivery": vars(last_delivery) if last_delivery else None,
        "quota": {"used": platform.consumption(), "limit": platform.monthly_limit},
        "faults": delivery.faults.shown(),
    }


def _person(person: Person) -> dict[str, Any]:
    hidden = ("bubbles", "rich_menu_id", "loading_until", "used_quick_reply", "last_message_at")
    return {key: value for key, value in vars(person).items() if key not in hidden}


def _bubble(bubble: Bubble) -> dict[str, Any]:
    hidden = ("quote_token", "mark_token")
    shown = {key: value for key, value in vars(bubble).items() if key not in hidden}
    return {**shown, "can_be_quoted": bubble.quote_token is not None}


def _made(bubble: Bubble) -> Response:
    return jsonify({"id": bubble.id})


def _body() -> dict[str, Any]:
    body = request.get_json()
    if not isinstance(body, dict):
        raise ValueError("the body must be an object")
    return body
