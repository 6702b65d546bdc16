"""The files for translators: template, update by address, and the checks on them."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.flow.model import Library, Sentence
from bot.i18n.catalogue import Catalogue, read_translations
from bot.i18n.check import check_languages
from bot.i18n.extract import sentences, template, write_template, written
from bot.i18n.locales import BY_TAG, SOURCE, TABLE
from bot.i18n.merge import fill, write_merged
from tests.flow.flow_builders import a_library

VI = BY_TAG["vi"]


def a_talk(**texts: Sentence | str) -> Library:
    talk = {
        name: text if isinstance(text, Sentence) else Sentence(f"talk/{name}", text)
        for name, text in texts.items()
    }
    return replace(a_library(), talk=talk)


def po(folder: Path, tag: str = "vi") -> Path:
    return folder / BY_TAG[tag].folder / "LC_MESSAGES" / "messages.po"


def prepared(folder: Path, library: Library, **texts: str) -> Path:
    write_template(library, folder / "messages.pot")
    for row in TABLE:
        if row.tag != SOURCE:
            write_merged(library, row, po(folder, row.tag))
    known = {f"talk/{name}": text for name, text in texts.items()}
    fill(po(folder), library, VI, known)
    return folder


def faults(folder: Path, library: Library) -> list[str]:
    return check_languages(folder, library, Catalogue(folder, library))


def test_the_template_has_every_sentence_by_its_address() -> None:
    library = a_talk(menu="What is it about?", back=Sentence("talk/back", "Back", button=True))
    text = written(template(library)).decode()
    assert 'msgctxt "talk/back"' in text and 'msgid "What is it about?"' in text
    assert "Button. At most 20 characters." in text


def test_writing_the_template_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    library = a_talk(menu="What is it about?")
    assert written(template(library)) == written(template(library))


def test_the_header_names_the_folder_and_not_the_cldr_locale(tmp_path: Path) -> None:
    library = a_talk(menu="What is it about?")
    write_merged(library, BY_TAG["ja-simple"], po(tmp_path, "ja-simple"))
    assert '"Language: ja@simple\\n"' in po(tmp_path, "ja-simple").read_text()


def test_an_update_keeps_what_is_good(tmp_path: Path) -> None:
    library = a_talk(menu="What is it about?")
    prepared(tmp_path, library, menu="Về việc gì?")
    write_merged(library, VI, po(tmp_path))
    assert read_translations(po(tmp_path)).messages["talk/menu"].forms == ("Về việc gì?",)


def test_changed_english_marks_the_translation_and_it_is_not_shown(tmp_path: Path) -> None:
    prepared(tmp_path, a_talk(menu="What is it about?"), menu="Về việc gì?")
    changed = a_talk(menu="What is it about? Choose.")
    write_merged(changed, VI, po(tmp_path))
    message = read_translations(po(tmp_path)).messages["talk/menu"]
    assert message.fuzzy and message.forms == ("Về việc gì?",)
    assert "What is it about?" in po(tmp_path).read_text()
    assert Catalogue(tmp_path, changed).coverage()["talk"]["vi"]["stale"] == 1


def test_a_likely_looking_sentence_elsewhere_is_never_taken(tmp_path: Path) -> None:
    prepared(tmp_path, a_talk(one="On which day did you notice?"), one="Bạn nhận ra ngày nào?")
    moved = a_talk(two="On which day did you notice?")
    write_merged(moved, VI, po(tmp_path))
    assert read_translations(po(tmp_path)).messages["talk/two"].forms == ("",)


def test_a_translation_for_an_address_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        fill(po(tmp_path), a_talk(menu="Menu?"), VI, {"talk/nothing": "x"})


def test_complete_files_have_no_fault(tmp_path: Path) -> None:
    library = a_talk(menu="What is it about?")
    assert faults(prepared(tmp_path, library, menu="Về việc gì?"), library) == []


def test_an_old_template_is_a_fault_that_names_the_repair(tmp_path: Path) -> None:
    prepared(tmp_path, a_talk(menu="What is it about?"))
    found = faults(tmp_path, a_talk(menu="What is it about now?"))
    assert "python -m bot translate" in found[0]


@pytest.mark.parametrize(
    ("english", "text", "fault"),
    [
        ("Go by %(day)s.", "Đi ngay.", "not the placeholders"),
        ("Go by %(day)s.", "Đi trước %(ngay)s.", "not the placeholders"),
        ("Go.", " Đi.", "a space"),
        ("Go.", "Đi 100% nhé.", "a % that is no placeholder"),
    ],
)
def test_a_harmful_translation_is_a_fault(
    tmp_path: Path, english: str, text: str, fault: str
) -> None:
    library = a_talk(menu=Sentence("talk/menu", english))
    found = faults(prepared(tmp_path, library, menu=text), library)
    assert any(fault in one for one in found), found


def test_a_button_that_is_too_long_is_a_fault(tmp_path: Path) -> None:
    library = a_talk(menu=Sentence("talk/menu", "Menu", button=True))
    found = faults(prepared(tmp_path, library, menu="một nút quá dài cho LINE"), library)
    assert any("button of more than 20" in one for one in found)


def test_every_sentence_of_the_content_has_one_address() -> None:
    from tests.dialogue.talks import library

    assert len(sentences(library())) > 1000
