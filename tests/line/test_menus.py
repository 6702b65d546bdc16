"""The menu under the chat follows the language that a person chose."""

import io

from PIL import Image

from bot.line.api import LineApi
from bot.line.menus import Menus, alias_of
from bot.simulator.server import Simulator


def a_menu(simulator: Simulator, tag: str) -> str:
    area = {
        "bounds": {"x": 0, "y": 0, "width": 1200, "height": 800},
        "action": {"type": "postback", "label": "Menu", "data": "r:menu"},
    }
    body = {
        "size": {"width": 1200, "height": 800},
        "selected": True,
        "name": tag,
        "chatBarText": "Menu",
        "areas": [area],
    }
    menus = simulator.platform.menus
    menu_id = menus.create(body)["richMenuId"]
    picture = io.BytesIO()
    Image.new("RGB", (1200, 800)).save(picture, "PNG")
    menus.upload(menu_id, picture.getvalue(), "image/png")
    menus.add_alias({"richMenuAliasId": alias_of(tag), "richMenuId": menu_id})
    return menu_id


def test_a_person_gets_the_menu_of_the_chosen_language() -> None:
    with Simulator("http://127.0.0.1:9/callback", "secret", "token") as simulator:
        menu_id = a_menu(simulator, "vi")
        person = simulator.user("Mai", is_friend=True)
        menus = Menus(LineApi(simulator.url, "token"))
        menus.link({person.id: "vi"})
        menus._threads.shutdown(wait=True)
        assert person.person.rich_menu_id == menu_id


def test_a_language_without_a_menu_changes_nothing() -> None:
    with Simulator("http://127.0.0.1:9/callback", "secret", "token") as simulator:
        person = simulator.user("Mai", is_friend=True)
        menus = Menus(LineApi(simulator.url, "token"))
        menus.link({person.id: "vi"})
        menus._threads.shutdown(wait=True)
        assert person.person.rich_menu_id is None


def test_a_line_that_does_not_answer_is_no_fault_of_anybody() -> None:
    menus = Menus(LineApi("http://127.0.0.1:9", "token"))
    menus.link({"U" + "0" * 32: "vi"})
    menus._threads.shutdown(wait=True)
