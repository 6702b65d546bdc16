"""LINE's Messaging API over HTTP: addresses, tokens and error bodies; the rules are in `platform`.

Both of LINE's hosts (api and api-data) are the same server here.
"""

import json
import time
import uuid
from typing import Any, NoReturn

from flask import Blueprint, Response, g, jsonify, request

from bot.simulator.delivery import Delivery
from bot.simulator.errors import NO_AUTH, RATE_LIMIT, ApiError, refuse
from bot.simulator.platform import Platform
from bot.simulator.rules import problems

LARGEST = 2 * 1024 * 1024
CUT = "simulator.cut"
_STATUS_WORDS = {429: RATE_LIMIT, 500: "Internal server error", 503: "Service unavailable"}


def create_api(platform: Platform, delivery: Delivery) -> Blueprint:
    """Everything under /v2/bot."""
    api = Blueprint("api", __name__, url_prefix="/v2/bot")
    _guard(api, platform, delivery)
    _messages(api, platform)
    _account(api, platform, delivery)
    _menus(api, platform)
    _menu_links(api, platform)
    return api


def _guard(api: Blueprint, platform: Platform, delivery: Delivery) -> None:
    @api.before_request
    def check() -> Response | None:
        g.request_id = str(uuid.uuid4())
        for fault in delivery.faults.for_call(request.path):
            if fault.kind == "delay":
                time.sleep(fault.milliseconds / 1000)
            elif fault.kind == "status":
                raise ApiError(fault.status, _STATUS_WORDS.get(fault.status, "Error"))
            else:
                request.environ[CUT] = fault.kind
                if fault.kind == "cut before":
                    return Response(status=500)
        if request.headers.get("authorization") != f"Bearer {platform.access_token}":
            raise ApiError(401, NO_AUTH)
        if (request.content_length or 0) > LARGEST:
            raise ApiError(413, "Request body is too large")
        return None

    @api.errorhandler(ApiError)
    def refused(error: ApiError) -> tuple[Response, int, dict[str, str]]:
        return jsonify(error.body()), error.status, dict(error.headers)

    @api.after_request
    def note(response: Response) -> Response:
        response.headers["x-line-request-id"] = g.get("request_id", "")
        is_error = response.status_code >= 400
        platform.note_call(
            request.method,
            request.path,
            response.status_code,
            response.get_json(silent=True) if is_error else None,
        )
        return response


def _json_body() -> Any:
    if request.mimetype != "application/json":
        raise ApiError(415, f"The content type, {request.mimetype}, is not supported")
    try:
        return json.loads(request.get_data())
    except json.JSONDecodeError as error:
        raise ApiError(
            400,
            "The request body could not be parsed as JSON "
            f"(line: {error.lineno}, column: {error.colno})",
        ) from None
    except UnicodeDecodeError:
        raise ApiError(400, "The request body could not be parsed as JSON") from None


def _nothing() -> Response:
    return jsonify({})


def _messages(api: Blueprint, platform: Platform) -> None:
    @api.post("/message/reply")
    def reply() -> Response:
        return jsonify(platform.reply(_json_body(), request.headers.get("x-line-retry-key")))

    @api.post("/message/push")
    def push() -> Response:
        key = request.headers.get("x-line-retry-key")
        return jsonify(platform.push(_json_body(), key, g.request_id))

    @api.post("/message/validate/<kind>")
    def validate(kind: str) -> Response:
        if kind not in ("reply", "push", "multicast", "narrowcast", "broadcast"):
            _not_found()
        platform.validate(_json_body())
        return _nothing()

    @api.get("/message/<message_id>/content")
    @api.get("/message/<message_id>/content/preview", endpoint="preview")
    def content(message_id: str) -> Response:
        found = platform.content(message_id)
        if found.preparing:
            return Response(status=202)
        return Response(found.body, content_type=found.kind)

    @api.get("/message/<message_id>/content/transcoding")
    def transcoding(message_id: str) -> Response:
        found = platform.content(message_id)
        return jsonify({"status": "processing" if found.preparing else "succeeded"})

    @api.post("/chat/loading/start")
    def loading() -> tuple[Response, int]:
        platform.start_loading(_json_body())
        return _nothing(), 202

    @api.post("/chat/markAsRead")
    def mark_as_read() -> Response:
        platform.mark_as_read(_json_body())
        return _nothing()


def _account(api: Blueprint, platform: Platform, delivery: Delivery) -> None:
    @api.get("/profile/<user_id>")
    def profile(user_id: str) -> Response:
        return jsonify(platform.profile(user_id))

    @api.get("/info")
    def info() -> Response:
        return jsonify(platform.bot_info())

    @api.get("/message/quota")
    def quota() -> Response:
        return jsonify(platform.quota())

    @api.get("/message/quota/consumption")
    def consumption() -> Response:
        return jsonify({"totalUsage": platform.consumption()})

    @api.get("/channel/webhook/endpoint")
    def endpoint() -> Response:
        return jsonify({"endpoint": platform.webhook_url, "active": True})

    @api.put("/channel/webhook/endpoint")
    def set_endpoint() -> Response:
        platform.set_webhook(_json_body())
        return _nothing()

    @api.post("/channel/webhook/test")
    def test() -> Response:
        return jsonify(delivery.verify())


def _menus(api: Blueprint, platform: Platform) -> None:
    menus = platform.menus

    @api.post("/richmenu")
    def create() -> Response:
        with platform.changed:
            return jsonify(menus.create(_json_body()))

    @api.post("/richmenu/validate")
    def validate_menu() -> Response:
        refuse(problems("menu", _json_body()))
        return _nothing()

    @api.get("/richmenu/list")
    def list_menus() -> Response:
        with platform.changed:
            return jsonify({"richmenus": list(menus.menus.values())})

    @api.get("/richmenu/<menu_id>")
    def get_menu(menu_id: str) -> Response:
        with platform.changed:
            return jsonify(menus.get(menu_id))

    @api.delete("/richmenu/<menu_id>")
    def delete_menu(menu_id: str) -> Response:
        with platform.changed:
            menus.delete(menu_id, list(platform.people.values()))
        return _nothing()

    @api.post("/richmenu/<menu_id>/content")
    def upload(menu_id: str) -> Response:
        with platform.changed:
            menus.upload(menu_id, request.get_data(), request.mimetype)
        return _nothing()

    @api.get("/richmenu/<menu_id>/content")
    def picture(menu_id: str) -> Response:
        with platform.changed:
            if menu_id not in menus.pictures:
                _not_found()
            body, kind = menus.pictures[menu_id]
        return Response(body, content_type=kind)

    @api.post("/richmenu/alias")
    def add_alias() -> Response:
        with platform.changed:
            menus.add_alias(_json_body())
        return _nothing()

    @api.get("/richmenu/alias/list")
    def aliases() -> Response:
        with platform.changed:
            return jsonify({"aliases": [menus.alias(alias) for alias in menus.aliases]})

    @api.get("/richmenu/alias/<alias>")
    def alias(alias: str) -> Response:
        with platform.changed:
            return jsonify(menus.alias(alias))

    @api.post("/richmenu/alias/<alias>")
    def change_alias(alias: str) -> Response:
        with platform.changed:
            menus.change_alias(alias, _json_body())
        return _nothing()

    @api.delete("/richmenu/alias/<alias>")
    def delete_alias(alias: str) -> Response:
        with platform.changed:
            menus.delete_alias(alias)
        return _nothing()


def _menu_links(api: Blueprint, platform: Platform) -> None:
    menus = platform.menus

    @api.post("/user/all/richmenu/<menu_id>")
    def set_default(menu_id: str) -> Response:
        with platform.changed:
            menus.set_default(menu_id)
        return _nothing()

    @api.get("/user/all/richmenu")
    def get_default() -> Response:
        if menus.default is None:
            raise ApiError(404, "no default richmenu")
        return jsonify({"richMenuId": menus.default})

    @api.delete("/user/all/richmenu")
    def clear_default() -> Response:
        with platform.changed:
            menus.default = None
        return _nothing()

    @api.post("/user/<user_id>/richmenu/<menu_id>")
    def link(user_id: str, menu_id: str) -> Response:
        with platform.changed:
            menus.link(platform.people.get(user_id), menu_id)
        return _nothing()

    @api.get("/user/<user_id>/richmenu")
    def linked(user_id: str) -> Response:
        person = platform.people.get(user_id)
        if person is None or person.rich_menu_id is None:
            raise ApiError(404, "the user has no richmenu")
        return jsonify({"richMenuId": person.rich_menu_id})

    @api.delete("/user/<user_id>/richmenu")
    def unlink(user_id: str) -> Response:
        _unlink(platform, [user_id])
        return _nothing()

    @api.post("/richmenu/bulk/link")
    def bulk_link() -> tuple[Response, int]:
        body = _json_body()
        refuse(problems("bulk link", body))
        with platform.changed:
            for user_id in body["userIds"]:
                menus.link(platform.people.get(user_id), body["richMenuId"])
        return _nothing(), 202

    @api.post("/richmenu/bulk/unlink")
    def bulk_unlink() -> tuple[Response, int]:
        body = _json_body()
        refuse(problems("bulk unlink", body))
        _unlink(platform, body["userIds"])
        return _nothing(), 202


def _unlink(platform: Platform, user_ids: list[str]) -> None:
    with platform.changed:
        for user_id in user_ids:
            if person := platform.people.get(user_id):
                person.rich_menu_id = None


def _not_found() -> NoReturn:
    raise ApiError(404, "Not found")
