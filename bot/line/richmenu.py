"""One rich menu per language: its areas, its picture, and keeping LINE's copy in step.

A picture cannot be replaced and menus may be made and deleted only a hundred times an hour,
so a menu is made anew only when its words or its drawing change: its name carries a hash of
both. An alias is set last and points at finished menus only; a run that was cut off in the
middle is therefore simply repeated.
"""

import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import orjson
import urllib3
from PIL import Image, ImageDraw, ImageFont

from bot.dialogue import taps
from bot.line import limits
from bot.line.flex import Words
from bot.line.menus import alias_of

WIDTH, HEIGHT = 2500, 1686
_COLUMNS, _ROWS = 3, 2
_DRAWING = 1
"""Raise it when the picture is drawn differently, so that every menu is made anew."""

_PREFIX = "bot-menu"
_MOST_LINKED = 500
_LABEL, _BAR = 20, 14

# (name of the sentence, what a tap does, which sign is drawn), row by row.
AREAS: tuple[tuple[str, str, str], ...] = (
    ("menu_group_happened", taps.menu_group("happened"), "house"),
    ("menu_group_stay", taps.menu_group("stay"), "calendar"),
    ("menu_group_card", taps.menu_group("card"), "card"),
    ("menu_all", taps.request("menu"), "list"),
    ("button_person", taps.request("human"), "person"),
    ("button_language", taps.request("language"), "globe"),
)

Json = dict[str, Any]


class NoFont(Exception):
    """No font on this machine can write a language; the message says which and what helps."""


class Catalogue(Protocol):
    """What is needed of the translations (bot.i18n.catalogue.Catalogue has it)."""

    @property
    def offered(self) -> Sequence[str]:
        """The languages that are offered, English first."""

    def words(self, tag: str) -> Words:
        """The words of one language."""


class RichMenuApi(Protocol):
    """LINE's calls about rich menus (`LineRichMenus` makes them)."""

    def menus(self) -> dict[str, str]:
        """All menus of the account: id -> name."""

    def create(self, menu: Json) -> str:
        """Make a menu without a picture; its id."""

    def upload(self, menu_id: str, png: bytes) -> None:
        """Give a menu its picture."""

    def delete(self, menu_id: str) -> None:
        """Delete a menu."""

    def aliases(self) -> dict[str, str]:
        """All aliases: alias -> menu id."""

    def set_alias(self, alias: str, menu_id: str, *, is_new: bool) -> None:
        """Let an alias point at a menu."""

    def default(self) -> str | None:
        """The menu of people who have none of their own."""

    def set_default(self, menu_id: str) -> None:
        """Set the menu of people who have none of their own."""

    def link(self, user_ids: Sequence[str], menu_id: str) -> None:
        """Give up to 500 people a menu of their own."""


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu of one language, ready to be made."""

    tag: str
    body: Json

    @property
    def name(self) -> str:
        """The name that says what is in it."""
        name: str = self.body["name"]
        return name

    @property
    def alias(self) -> str:
        """The name under which it can always be found."""
        return alias_of(self.tag)


def menu_of(words: Words) -> Menu:
    """The menu of one language: six areas, their taps, the bar below."""
    areas = []
    for (name, tap, _), bounds in zip(AREAS, _bounds(), strict=True):
        label = words.talk(name)
        action = {
            "type": "postback",
            "label": limits.shorten(label, _LABEL),
            "data": tap,
            "displayText": limits.shorten(label, 300),
        }
        areas.append({"bounds": bounds, "action": action})
    body: Json = {
        "size": {"width": WIDTH, "height": HEIGHT},
        "selected": True,
        "chatBarText": limits.shorten(words.talk("button_menu"), _BAR),
        "areas": areas,
    }
    packed = orjson.dumps([_DRAWING, body], option=orjson.OPT_SORT_KEYS)
    mark = hashlib.sha256(packed).hexdigest()[:16]
    return Menu(words.tag, {**body, "name": f"{_PREFIX} {words.tag} {mark}"})


def sync_rich_menus(
    api: RichMenuApi,
    catalogue: Catalogue,
    people: Mapping[str, Iterable[str]] | None = None,
) -> dict[str, str]:
    """Bring LINE's menus in step with our words; the menu id of each language offered.

    Repeating it changes nothing. `people` (language -> user ids) are given the new menu of
    their language before the old one is deleted. NoFont when a language cannot be drawn.
    """
    wanted = [menu_of(catalogue.words(tag)) for tag in catalogue.offered]
    there, aliases = api.menus(), api.aliases()
    made: dict[str, str] = {}
    for menu in wanted:
        known = aliases.get(menu.alias)
        if known is not None and there.get(known) == menu.name:
            made[menu.tag] = known
            continue
        png = draw(catalogue.words(menu.tag))
        menu_id = api.create(menu.body)
        api.upload(menu_id, png)
        api.set_alias(menu.alias, menu_id, is_new=known is None)
        made[menu.tag] = menu_id
        link_people(api, menu_id, (people or {}).get(menu.tag, ()))
    first = made[catalogue.offered[0]]
    if api.default() != first:
        api.set_default(first)
    for menu_id, name in there.items():
        if name.startswith(f"{_PREFIX} ") and menu_id not in made.values():
            api.delete(menu_id)
    return made


def link_people(api: RichMenuApi, menu_id: str, user_ids: Iterable[str]) -> None:
    """Give people the menu of the language they chose, 500 to a call."""
    waiting = list(user_ids)
    for start in range(0, len(waiting), _MOST_LINKED):
        api.link(waiting[start : start + _MOST_LINKED], menu_id)


def _bounds() -> list[dict[str, int]]:
    """The six areas, row by row, without a gap or an overlap."""
    across = [WIDTH * n // _COLUMNS for n in range(_COLUMNS + 1)]
    down = [HEIGHT * n // _ROWS for n in range(_ROWS + 1)]
    return [
        {
            "x": across[column],
            "y": down[row],
            "width": across[column + 1] - across[column],
            "height": down[row + 1] - down[row],
        }
        for row in range(_ROWS)
        for column in range(_COLUMNS)
    ]


# ---------------------------------------------------------------- the picture

_GROUND, _CELL, _INK, _STRONG = "#DCE4EA", "#FFFFFF", "#0B4F6C", "#0B4F6C"
_FONT_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/Library/Fonts"),
    Path("C:/Windows/Fonts"),
)
# In the order of preference; the first that has all letters is taken.
_FONT_NAMES = (
    "NotoSans-Bold.ttf",
    "NotoSansCJK-Bold.ttc",
    "NotoSansCJKjp-Bold.otf",
    "NotoSansJP-Bold.otf",
    "NotoSansDevanagari-Bold.ttf",
    "DejaVuSans-Bold.ttf",
)
_SIZES = range(112, 47, -8)
_TEXT_WIDTH = 0.86


def draw(words: Words, folders: Sequence[Path] = _FONT_FOLDERS) -> bytes:
    """The menu's picture as PNG. NoFont when no font here has the letters."""
    labels = [words.talk(name) for name, _, _ in AREAS]
    path = find_font("".join(labels), folders)
    if path is None:
        raise NoFont(
            f"No font on this machine can write the menu in {words.native} ({words.tag}). "
            "Install the Noto fonts (Debian: fonts-noto-core and fonts-noto-cjk) and repeat."
        )
    picture = Image.new("RGB", (WIDTH, HEIGHT), _GROUND)
    pen = ImageDraw.Draw(picture)
    for label, (_, _, sign), bounds in zip(labels, AREAS, _bounds(), strict=True):
        _draw_area(pen, label, sign, bounds, path)
    out = io.BytesIO()
    picture.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def find_font(text: str, folders: Sequence[Path] = _FONT_FOLDERS) -> Path | None:
    """The first font that has every letter of `text`, or None."""
    for name in _FONT_NAMES:
        for folder in folders:
            found = next(folder.rglob(name), None) if folder.is_dir() else None
            if found is not None and _has_letters(found, text):
                return found
    return None


def _has_letters(path: Path, text: str) -> bool:
    font = ImageFont.truetype(str(path), 32)
    missing = bytes(font.getmask("\U0010fffe"))
    return all(bytes(font.getmask(letter)) != missing for letter in set(text) if letter.strip())


def _draw_area(
    pen: ImageDraw.ImageDraw, label: str, sign: str, bounds: Mapping[str, int], path: Path
) -> None:
    left, top = bounds["x"] + 14, bounds["y"] + 14
    right, bottom = bounds["x"] + bounds["width"] - 14, bounds["y"] + bounds["height"] - 14
    strong = sign == "person"
    ground, ink = (_STRONG, _CELL) if strong else (_CELL, _INK)
    pen.rounded_rectangle((left, top, right, bottom), 48, fill=ground)
    middle = (left + right) / 2
    _SIGNS[sign](pen, middle, top + (bottom - top) * 0.33, ink, ground)
    font, lines = fit(label, path, (right - left) * _TEXT_WIDTH)
    step = font.size * 1.25
    y = top + (bottom - top) * 0.74 - step * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        pen.text((middle, y + number * step), line, font=font, fill=ink, anchor="mm")


def fit(label: str, path: Path, width: float) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest size at which a label stands in one or two lines of that width."""
    for size in _SIZES:
        font = ImageFont.truetype(str(path), size)
        for lines in _line_breaks(label):
            if all(font.getlength(line) <= width for line in lines):
                return font, lines
    font = ImageFont.truetype(str(path), _SIZES[-1])
    while font.getlength(label) > width and len(label) > 1:
        label = limits.shorten(label, limits.graphemes(label) - 1)
    return font, [label]


def _line_breaks(label: str) -> Iterable[list[str]]:
    """One line; then two lines, cut at the blank nearest to the middle, else in the middle."""
    yield [label]
    blanks = [n for n, letter in enumerate(label) if letter == " "]
    if blanks:
        cut = min(blanks, key=lambda n: abs(n - len(label) / 2))
        yield [label[:cut], label[cut + 1 :]]
    elif len(label) > 6 and not label.isascii():
        yield [label[: (len(label) + 1) // 2], label[(len(label) + 1) // 2 :]]


# ---------------------------------------------------------------- signs, drawn with a pen

_W = 22


def _card(pen: ImageDraw.ImageDraw, x: float, y: float, ink: str, _ground: str) -> None:
    pen.rounded_rectangle((x - 190, y - 120, x + 190, y + 120), 28, outline=ink, width=_W)
    pen.ellipse((x - 140, y - 60, x - 50, y + 30), fill=ink)
    for n, length in enumerate((150, 150, 90)):
        pen.rounded_rectangle((x - 10, y - 60 + n * 55, x - 10 + length, y - 38 + n * 55), 11, ink)


def _calendar(pen: ImageDraw.ImageDraw, x: float, y: float, ink: str, _ground: str) -> None:
    pen.rounded_rectangle((x - 150, y - 120, x + 150, y + 140), 28, outline=ink, width=_W)
    pen.rectangle((x - 150, y - 60, x + 150, y - 40), fill=ink)
    for side in (-80, 80):
        pen.rounded_rectangle((x + side - 11, y - 160, x + side + 11, y - 85), 11, ink)
    pen.line((x, y - 5, x, y + 95), fill=ink, width=_W)
    pen.line((x - 50, y + 45, x + 50, y + 45), fill=ink, width=_W)


def _house(pen: ImageDraw.ImageDraw, x: float, y: float, ink: str, ground: str) -> None:
    pen.polygon([(x, y - 160), (x + 190, y), (x - 190, y)], fill=ink)
    pen.rectangle((x - 130, y - 10, x + 130, y + 140), fill=ink)
    pen.rectangle((x - 40, y + 40, x + 40, y + 140), fill=ground)


def _list(pen: ImageDraw.ImageDraw, x: float, y: float, ink: str, _ground: str) -> None:
    for n in range(3):
        top = y - 115 + n * 95
        pen.rounded_rectangle((x - 180, top, x - 130, top + 50), 12, outline=ink, width=12)
        pen.rounded_rectangle((x - 90, top + 14, x + 180, top + 36), 11, ink)


def _person(pen: ImageDraw.ImageDraw, x: float, y: float, ink: str, ground: str) -> None:
    pen.rounded_rectangle((x - 190, y - 130, x + 190, y + 80), 60, fill=ink)
    pen.polygon([(x - 90, y + 60), (x - 10, y + 70), (x - 110, y + 150)], fill=ink)
    for side in (-90, 0, 90):
        pen.ellipse((x + side - 22, y - 47, x + side + 22, y - 3), fill=ground)


def _globe(pen: ImageDraw.ImageDraw, x: float, y: float, ink: str, _ground: str) -> None:
    pen.ellipse((x - 145, y - 145, x + 145, y + 145), outline=ink, width=_W)
    pen.ellipse((x - 65, y - 145, x + 65, y + 145), outline=ink, width=14)
    for height, half in ((-60, 125), (60, 125)):
        pen.line((x - half, y + height, x + half, y + height), fill=ink, width=14)


_SIGNS = {
    "card": _card,
    "calendar": _calendar,
    "house": _house,
    "list": _list,
    "person": _person,
    "globe": _globe,
}


# ---------------------------------------------------------------- LINE's calls


class RichMenuRefused(Exception):
    """LINE did not do what was asked, or gave no answer; the message has the call and LINE's
    words, no ids."""


class LineRichMenus:
    """LINE's calls about rich menus, over one pool of connections."""

    def __init__(self, api: str, data_api: str, token: str) -> None:
        self._api = api.rstrip("/")
        self._data_api = data_api.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}
        timeout = urllib3.Timeout(connect=3.05, read=20)
        self._pool = urllib3.PoolManager(timeout=timeout, retries=False)

    def menus(self) -> dict[str, str]:
        found = self._call("GET", "/v2/bot/richmenu/list")["richmenus"]
        return {menu["richMenuId"]: menu["name"] for menu in found}

    def create(self, menu: Json) -> str:
        menu_id: str = self._call("POST", "/v2/bot/richmenu", menu)["richMenuId"]
        return menu_id

    def upload(self, menu_id: str, png: bytes) -> None:
        url = f"{self._data_api}/v2/bot/richmenu/{menu_id}/content"
        headers = {**self._headers, "Content-Type": "image/png"}
        self._read(self._ask("upload", "POST", url, png, headers), "upload")

    def delete(self, menu_id: str) -> None:
        self._call("DELETE", f"/v2/bot/richmenu/{menu_id}")

    def aliases(self) -> dict[str, str]:
        found = self._call("GET", "/v2/bot/richmenu/alias/list")["aliases"]
        return {alias["richMenuAliasId"]: alias["richMenuId"] for alias in found}

    def set_alias(self, alias: str, menu_id: str, *, is_new: bool) -> None:
        if is_new:
            body = {"richMenuAliasId": alias, "richMenuId": menu_id}
            self._call("POST", "/v2/bot/richmenu/alias", body)
        else:
            self._call("POST", f"/v2/bot/richmenu/alias/{alias}", {"richMenuId": menu_id})

    def default(self) -> str | None:
        answer = self._call("GET", "/v2/bot/user/all/richmenu", is_none=404)
        found: str | None = answer.get("richMenuId")
        return found

    def set_default(self, menu_id: str) -> None:
        self._call("POST", f"/v2/bot/user/all/richmenu/{menu_id}")

    def link(self, user_ids: Sequence[str], menu_id: str) -> None:
        if len(user_ids) == 1:
            self._call("POST", f"/v2/bot/user/{user_ids[0]}/richmenu/{menu_id}")
        elif user_ids:
            body = {"richMenuId": menu_id, "userIds": list(user_ids)}
            self._call("POST", "/v2/bot/richmenu/bulk/link", body)

    def _call(
        self, method: str, path: str, body: Json | None = None, is_none: int | None = None
    ) -> Json:
        headers = dict(self._headers)
        raw = None
        if body is not None:
            raw = orjson.dumps(body)
            headers["Content-Type"] = "application/json"
        call = f"{method} {'/'.join(path.split('/')[:4])}"
        answer = self._ask(call, method, self._api + path, raw, headers)
        if answer.status == is_none:
            return {}
        return self._read(answer, call)

    def _ask(
        self, call: str, method: str, url: str, body: bytes | None, headers: Mapping[str, str]
    ) -> urllib3.BaseHTTPResponse:
        try:
            return self._pool.request(method, url, body=body, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            raise RichMenuRefused(f"{call}: no answer ({type(error).__name__})") from None

    def _read(self, answer: urllib3.BaseHTTPResponse, call: str) -> Json:
        if answer.status >= 300:
            said = answer.data[:300].decode("utf-8", "replace")
            raise RichMenuRefused(f"{call}: {answer.status} {said}")
        found: Json = orjson.loads(answer.data) if answer.data else {}
        return found
