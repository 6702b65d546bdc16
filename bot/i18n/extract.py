"""The template for translators: every sentence of the library, by address.

The address is the context of the message, the English sentence its id: the translator sees
both, a change of the English is noticed, and two sentences that read alike stay two.
"""

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from bot.flow.model import Library, Sentence
from bot.i18n.catalogue import sentences_in, source_title
from bot.i18n.locales import Language

PROJECT = "consultation assistant"
BUTTON_NOTE = "Button. At most 20 characters."


def sentences(library: Library) -> dict[str, Sentence]:
    """Every sentence that can be shown, by address, in the order of the content."""
    found = {s.address: s for s in sentences_in(library) if s.address}
    for source in library.sources.values():
        title = source_title(source.id, source.title)
        found.setdefault(title.address, title)
    return dict(sorted(found.items()))


def template(library: Library) -> Catalog:
    """The messages to translate, empty, with the notes for translators."""
    catalogue = _empty(None)
    for address, sentence in sentences(library).items():
        add(catalogue, address, sentence)
    return catalogue


def add(catalogue: Catalog, address: str, sentence: Sentence, forms: tuple[str, ...] = ()) -> None:
    """Put one sentence into a catalogue; `forms` are its translation, one per plural form."""
    notes = [sentence.translators] if sentence.translators else []
    if sentence.button:
        notes.append(BUTTON_NOTE)
    ids: str | tuple[str, ...] = sentence.text
    texts: str | tuple[str, ...] = forms[0] if forms else ""
    if sentence.plural is not None:
        ids, texts = (sentence.text, sentence.plural), forms
    catalogue.add(ids, texts, auto_comments=notes, context=address)


def new_catalogue(language: Language) -> Catalog:
    """An empty catalogue of one language. Its header names the folder, not the CLDR locale."""
    return _empty(language)


def written(catalogue: Catalog) -> bytes:
    """The catalogue as the bytes of a .po file, without dates that change by themselves."""
    out = io.BytesIO()
    write_po(out, catalogue, width=100, omit_header=False, sort_output=False)
    lines = out.getvalue().decode("utf-8").split("\n")
    kept = [line for line in lines if not line.startswith(_RESTLESS)]
    return "\n".join(kept).encode("utf-8")


_RESTLESS = (
    '"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', '"Last-Translator',
    '"Report-Msgid-Bugs-To', '"Language-Team',
)  # fmt: skip


def write_template(library: Library, path: Path) -> None:
    """Write locales/messages.pot."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written(template(library)))


def _empty(language: Language | None) -> Catalog:
    return Catalog(
        locale=language.cldr if language else None,
        project=PROJECT,
        version="1",
        copyright_holder="The consultation assistant authors",
        header_comment=f"# Texts of the {PROJECT}.\n#",
        fuzzy=False,
    )
