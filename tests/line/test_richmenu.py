"""One menu per language, made once, drawn in the reader's letters, kept in step with LINE."""

import io
from dataclasses import dataclass, field
from itertools import count

import pytest
from PIL import Image

from bot.dialogue import taps
from bot.i18n.catalogue import Catalogue
from bot.line import richmenu
from bot.line.limits import graphemes
from bot.line.richmenu import LineRichMenus, menu_of, sync_rich_menus
from bot.simulator.server import Simulator
from tests.line.line_samples import ROOT, a_library, a_voice, the_library
from tests.line.openapi import rich_menu_judge

WORDS = a_voice().words()[0]


@dataclass
class FakeMenus:
    """LINE's side, in memory. `breaks_at` is the call that fails."""

    there: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    first: str | None = None
    linked: dict[str, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    breaks_at: str = ""
    numbers: count = field(default_factory=lambda: count(1))

    def done(self, call):
        self.calls.append(call)
        if call == self.breaks_at:
            raise ConnectionError(call)

    def menus(self):
        return dict(self.there)

    def create(self, menu):
        self.done("create")
        menu_id = f"richmenu-{next(self.numbers)}"
        self.there[menu_id] = menu["name"]
        return menu_id

    def upload(self, menu_id, png):
        self.done("upload")
        self.pictures[menu_id] = png

    def delete(self, menu_id):
        self.done("delete")
        del self.there[menu_id]

    def aliases(self):
        return dict(self.known)

    def set_alias(self, alias, menu_id, *, is_new):
        self.done("alias")
        assert is_new is (alias not in self.known)
        assert menu_id in self.pictures
        self.known[alias] = menu_id

    def default(self):
        return self.first

    def set_default(self, menu_id):
        self.done("default")
        self.first = menu_id

    def link(self, user_ids, menu_id):
        self.done("link")
        assert 1 <= len(user_ids) <= 500
        self.linked |= dict.fromkeys(user_ids, menu_id)


def english():
    return Catalogue(ROOT / "locales", a_library(), ["en"])


def reworded():
    """The same content after somebody changed a word of the menu."""
    library = a_library()
    talk = dict(library.talk)
    talk["menu_group_card"] = talk["menu_photo"]
    return Catalogue(ROOT / "locales", a_library(talk=talk), ["en"])


def test_the_first_run_makes_uploads_and_sets_the_default():
    api = FakeMenus()
    made = sync_rich_menus(api, english())
    assert api.calls == ["create", "upload", "alias", "default"]
    assert api.first == made["en"] == api.known["menu-en"]


def test_a_second_run_changes_nothing():
    api = FakeMenus()
    sync_rich_menus(api, english())
    api.calls.clear()
    sync_rich_menus(api, english())
    assert api.calls == []


def test_other_words_make_a_new_menu_give_it_to_people_and_then_delete_the_old_one():
    api = FakeMenus()
    old = sync_rich_menus(api, english())["en"]
    api.calls.clear()
    new = sync_rich_menus(api, reworded(), {"en": [f"U{n}" for n in range(501)]})["en"]
    assert api.calls == ["create", "upload", "alias", "link", "link", "default", "delete"]
    assert set(api.linked.values()) == {new}
    assert len(api.linked) == 501
    assert old not in api.there


@pytest.mark.parametrize("call", ["create", "upload", "alias", "default"])
def test_a_run_that_was_cut_off_is_repeated_until_all_is_there(call):
    api = FakeMenus(breaks_at=call)
    with pytest.raises(ConnectionError):
        sync_rich_menus(api, english())
    api.breaks_at = ""
    made = sync_rich_menus(api, english())
    assert api.first == made["en"]
    assert made["en"] in api.pictures
    assert set(api.there) == {made["en"]}  # the half-made one is gone


def test_menus_of_somebody_else_are_left_alone():
    api = FakeMenus(there={"richmenu-x": "Made by hand"})
    sync_rich_menus(api, english())
    assert "richmenu-x" in api.there


def test_every_area_does_something_and_they_cover_the_picture():
    body = menu_of(WORDS).body
    assert len(body["areas"]) == 6
    space = sum(a["bounds"]["width"] * a["bounds"]["height"] for a in body["areas"])
    assert space == richmenu.WIDTH * richmenu.HEIGHT
    for area in body["areas"]:
        assert taps.read(area["action"]["data"]) is not None
        assert 1 <= graphemes(area["action"]["label"]) <= 20
    assert 1 <= graphemes(body["chatBarText"]) <= 14


def test_the_procedures_in_the_menu_exist():
    library = the_library()
    named = [taps.read(tap) for _, tap, _ in richmenu.AREAS]
    opened = [tap.value for tap in named if tap is not None and tap.kind == "o"]
    assert [flow_id for flow_id in opened if library.flow_or_topic(flow_id) is None] == []
    groups = [tap.value for tap in named if tap is not None and tap.kind == "m"]
    assert groups and set(groups) <= set(library.menu)


def test_lines_document_accepts_the_menu(line_openapi):
    assert list(rich_menu_judge(line_openapi).iter_errors(menu_of(WORDS).body)) == []


def test_the_picture_is_what_line_takes():
    png = drawn(WORDS)
    assert len(png) < 1_000_000
    picture = Image.open(io.BytesIO(png))
    assert picture.format == "PNG"
    assert picture.size == (richmenu.WIDTH, richmenu.HEIGHT)
    assert picture.width / picture.height >= 1.45


def drawn(words):
    try:
        return richmenu.draw(words)
    except richmenu.NoFont as error:
        pytest.skip(str(error))


def test_every_language_offered_can_be_drawn():
    catalogue = Catalogue(ROOT / "locales", the_library())
    for tag in catalogue.offered:
        assert drawn(catalogue.words(tag))


def test_without_a_font_the_message_says_what_to_install(tmp_path):
    with pytest.raises(richmenu.NoFont, match="English.*fonts-noto"):
        richmenu.draw(WORDS, [tmp_path])


@pytest.mark.parametrize("text", ["Lost card", "カードをなくした", "Mất thẻ cư trú"])
def test_a_label_is_fitted_into_its_area(text):
    path = richmenu.find_font(text)
    if path is None:
        pytest.skip("no font with these letters on this machine")
    assert richmenu._has_letters(path, text)
    font, lines = richmenu.fit(text, path, 600)
    assert all(font.getlength(line) <= 600 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_font_without_the_letters_is_not_taken():
    # A font of one script is there, but none of those we know has hieroglyphs.
    assert richmenu.find_font("𓀀") is None


def test_the_same_calls_work_against_a_line_platform():
    with Simulator("http://127.0.0.1:9/callback", "secret", "token") as line:
        api = LineRichMenus(line.url, line.url, "token")
        first = sync_rich_menus(api, english())
        assert sync_rich_menus(api, english()) == first
        assert api.default() == first["en"]
        second = sync_rich_menus(api, reworded())
        assert second != first
        assert set(api.menus()) == set(second.values())
        with pytest.raises(richmenu.RichMenuRefused, match="401"):
            LineRichMenus(line.url, line.url, "wrong").menus()


def test_a_line_that_gives_no_answer_is_said_in_one_line():
    api = LineRichMenus("http://127.0.0.1:9", "http://127.0.0.1:9", "token")
    with pytest.raises(richmenu.RichMenuRefused, match="GET /v2/bot/richmenu: no answer"):
        api.menus()
