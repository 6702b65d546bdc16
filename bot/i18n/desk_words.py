"""The words of the desk: locales/console.pot and each language's console.po.

They are taken from the pages (Jinja templates) and from what is marked `_()` in the code of the
desk. Japanese must be complete (a test holds it); English is in the source.
"""

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from bot.i18n.extract import PROJECT, written
from bot.i18n.locales import BY_TAG

LANGUAGES = ("ja",)
DOMAIN = "console"
_TEMPLATES = "bot/console/templates"
_CODE = ("bot/console", "bot/documents/brief.py")
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "say": None}


def messages(root: Path) -> Catalog:
    """Every word of the desk, in the order of its files, empty."""
    catalogue = Catalog(project=PROJECT, fuzzy=False)
    for path, method in _files(root):
        name = path.relative_to(root).as_posix()
        with path.open("rb") as file:
            for _line, found, notes, context in extract(
                method, file, _KEYWORDS, ("Translators:",), {"silent": "false"}
            ):
                catalogue.add(found, "", [(name, 1)], auto_comments=notes, context=context)
    return catalogue


def write(root: Path, locales: Path) -> None:
    """Bring console.pot and every console.po up to date; a message that changed is empty again."""
    template = messages(root)
    (locales / f"{DOMAIN}.pot").write_bytes(_bytes(template))
    for tag in LANGUAGES:
        path = po_of(locales, tag)
        old = read_po(io.BytesIO(path.read_bytes())) if path.is_file() else Catalog()
        new = Catalog(locale=BY_TAG[tag].cldr, project=PROJECT, fuzzy=False)
        for message in template:
            if message.id:
                kept = old.get(message.id)
                new.add(
                    message.id, kept.string if kept is not None else "",
                    [(name, 1) for name, _ in message.locations],
                    auto_comments=message.auto_comments,
                )  # fmt: skip
        path.write_bytes(_bytes(new))


def po_of(locales: Path, tag: str) -> Path:
    """Where the desk's words of a language stand."""
    return locales / BY_TAG[tag].folder / "LC_MESSAGES" / f"{DOMAIN}.po"


def missing(root: Path, locales: Path, tag: str) -> list[str]:
    """The words of the desk that a language lacks, in English."""
    path = po_of(locales, tag)
    there = read_po(io.BytesIO(path.read_bytes())) if path.is_file() else Catalog()
    lacking = []
    for message in messages(root):
        if not message.id:
            continue
        kept = there.get(message.id)
        forms = kept.string if kept is not None else ""
        given = forms if isinstance(forms, tuple | list) else (forms,)
        if kept is None or kept.fuzzy or not all(given):
            lacking.append(message.id if isinstance(message.id, str) else message.id[0])
    return lacking


def _files(root: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted((root / _TEMPLATES).rglob("*.html")):
        yield path, "jinja2"
    for name in _CODE:
        there = root / name
        for path in sorted(there.rglob("*.py")) if there.is_dir() else [there]:
            yield path, "python"


def _bytes(catalogue: Catalog) -> bytes:
    """Without line numbers: a moved line is no change of words."""
    text = written(catalogue).decode("utf-8")
    return text.replace(":1\n", "\n").replace(":1 ", " ").encode("utf-8")
