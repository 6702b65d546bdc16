"""Rich menus of the account: made, given a picture, linked to people, named by aliases."""

import io
import secrets
from typing import Any

from bot.simulator.errors import ApiError, refuse
from bot.simulator.people import Person
from bot.simulator.rules import problems

Menu = dict[str, Any]
NO_MENU = "richmenu not found"
MOST = 1000


class RichMenus:
    """Not thread-safe: the platform's lock is held around it."""

    def __init__(self) -> None:
        self.menus: dict[str, Menu] = {}
        self.pictures: dict[str, tuple[bytes, str]] = {}
        self.aliases: dict[str, str] = {}
        self.default: str | None = None

    def create(self, body: object) -> dict[str, str]:
        """Keep a menu and answer with its id."""
        refuse(problems("menu", body))
        assert isinstance(body, dict)
        if len(self.menus) >= MOST:
            raise ApiError(400, "The number of rich menus has reached its limit")
        menu_id = f"richmenu-{secrets.token_hex(16)}"
        self.menus[menu_id] = {"richMenuId": menu_id, **body}
        return {"richMenuId": menu_id}

    def get(self, menu_id: str) -> Menu:
        """One menu as LINE lists it."""
        if menu_id not in self.menus:
            raise ApiError(404, NO_MENU)
        return self.menus[menu_id]

    def delete(self, menu_id: str, people: list[Person]) -> None:
        """Remove the menu from the account and from everyone who had it."""
        self.get(menu_id)
        del self.menus[menu_id]
        self.pictures.pop(menu_id, None)
        self.aliases = {a: m for a, m in self.aliases.items() if m != menu_id}
        self.default = None if self.default == menu_id else self.default
        for person in people:
            if person.rich_menu_id == menu_id:
                person.rich_menu_id = None

    def upload(self, menu_id: str, picture: bytes, kind: str) -> None:
        """Give a menu its picture; it cannot be replaced."""
        self.get(menu_id)
        if kind not in ("image/png", "image/jpeg"):
            raise ApiError(415, f"The content type, {kind}, is not supported")
        if menu_id in self.pictures:
            raise ApiError(400, "An image has already been uploaded to the richmenu")
        if len(picture) > 1024 * 1024:
            raise ApiError(413, "Request body is too large")
        width, height = _size(picture)
        if not 800 <= width <= 2500 or height < 250 or width / height < 1.45:
            raise ApiError(400, "invalid image size")
        self.pictures[menu_id] = (picture, kind)

    def set_default(self, menu_id: str) -> None:
        """Show the menu to everyone who has none of their own."""
        self._must_have_picture(menu_id)
        self.default = menu_id

    def link(self, person: Person | None, menu_id: str) -> None:
        """Give a person this menu; without effect on strangers and on those who block."""
        self._must_have_picture(menu_id)
        if person and person.is_friend and not person.is_blocking:
            person.rich_menu_id = menu_id

    def add_alias(self, body: object) -> None:
        """Name a menu."""
        refuse(problems("alias", body))
        assert isinstance(body, dict)
        self._must_have_picture(body["richMenuId"])
        if body["richMenuAliasId"] in self.aliases:
            raise ApiError(400, "conflict richmenu alias id")
        if len(self.aliases) >= MOST:
            raise ApiError(400, "The number of rich menu aliases has reached its limit")
        self.aliases[body["richMenuAliasId"]] = body["richMenuId"]

    def change_alias(self, alias: str, body: object) -> None:
        """Let a name stand for another menu."""
        self.alias(alias)
        refuse(problems("alias change", body))
        assert isinstance(body, dict)
        self._must_have_picture(body["richMenuId"])
        self.aliases[alias] = body["richMenuId"]

    def alias(self, alias: str) -> dict[str, str]:
        """The menu that a name stands for."""
        if alias not in self.aliases:
            raise ApiError(404, "richmenu alias not found")
        return {"richMenuAliasId": alias, "richMenuId": self.aliases[alias]}

    def delete_alias(self, alias: str) -> None:
        """Forget a name."""
        self.alias(alias)
        del self.aliases[alias]

    def shown_to(self, person: Person) -> Menu | None:
        """The menu at the bottom of this person's chat: their own, else the default."""
        if person.on_pc or person.is_blocking:
            return None
        return self.menus.get(person.rich_menu_id or "") or self.menus.get(self.default or "")

    def _must_have_picture(self, menu_id: str) -> None:
        self.get(menu_id)
        if menu_id not in self.pictures:
            raise ApiError(400, "must upload richmenu image before applying it to user")


def _size(picture: bytes) -> tuple[int, int]:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(picture), formats=("PNG", "JPEG")) as image:
            return image.size
    except (UnidentifiedImageError, OSError):
        raise ApiError(400, "The image is broken or of another type") from None
