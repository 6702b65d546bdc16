"""Everything a language must keep before people read it.

Each fault is one line with the file and the address, and the command that repairs it where
there is one. Wrong placeholders and stale sentences of an offered language are faults; what
is only missing in a language that is not offered yet is a matter for the coverage table.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import regex
from babel.messages.pofile import PoFileError

from bot.flow.model import Library, Sentence
from bot.i18n import extract
from bot.i18n.catalogue import Catalogue, is_fresh, read_translations
from bot.i18n.locales import SOURCE, TABLE
from bot.i18n.merge import read_catalogue

LABEL_AT_MOST = 20
UPDATE = "run: python -m bot translate"
_PLACEHOLDER = re.compile(r"%\(([^)]+)\)s")
_LONE_PERCENT = re.compile(r"%(?!\([^)]+\)s|%)")


def check_languages(locales: Path, library: Library, catalogue: Catalogue) -> list[str]:
    """All faults of the template and of every language, in the order of the table."""
    faults = list(_template_faults(locales, library))
    for row in TABLE:
        if row.tag == SOURCE:
            continue
        path = locales / row.folder / "LC_MESSAGES" / "messages.po"
        if not path.is_file():
            faults.append(f"locales/{row.folder}: there is no messages.po; {UPDATE}")
            continue
        name = f"locales/{row.folder}/LC_MESSAGES/messages.po"
        try:
            faults += [f"{name}: {fault}" for fault in _file_faults(path, row.folder, library)]
        except (PoFileError, ValueError) as error:
            faults.append(f"{name}: cannot be read: {error}")
    faults += _unfinished(catalogue)
    return faults


def _template_faults(locales: Path, library: Library) -> Iterator[str]:
    path = locales / "messages.pot"
    if not path.is_file() or path.read_bytes() != extract.written(extract.template(library)):
        yield f"locales/messages.pot is not what the content gives; {UPDATE}"


def _file_faults(path: Path, folder: str, library: Library) -> Iterator[str]:
    sentences = extract.sentences(library)
    found = read_catalogue(path)
    header = path.read_text(encoding="utf-8")[:2000]
    if f'"Language: {folder}\\n"' not in header:
        yield f"the header must say Language: {folder}"
    if header.split('msgstr ""', 1)[0].find("fuzzy") >= 0:
        yield "the header is marked fuzzy; take the mark away"
    addresses = Counter(m.context for m in found if m.context)
    for address, count in addresses.items():
        if count > 1:
            yield f"{address} stands {count} times"
        if address not in sentences:
            yield f"{address} is no sentence of the content any more; {UPDATE}"
    if left := sorted(set(sentences) - set(addresses)):
        yield f"{len(left)} sentences are not in the file, first {left[0]}; {UPDATE}"
    translations = read_translations(path)
    for address, translation in translations.messages.items():
        sentence = sentences.get(address)
        if sentence is None or translation.fuzzy or not any(translation.forms):
            continue
        for fault in _text_faults(sentence, translation.forms):
            yield f"{address}: {fault}"
        if not is_fresh(translation, sentence) and translation.msgid == sentence.text:
            yield f"{address}: not the placeholders of the English sentence"


def _text_faults(sentence: Sentence, forms: tuple[str, ...]) -> Iterator[str]:
    for form in forms:
        if not form:
            yield "a plural form is empty"
            continue
        if form != form.strip():
            yield "a space at the beginning or the end"
        if _LONE_PERCENT.search(form):
            yield "a % that is no placeholder; write %%"
        if sentence.button and len(regex.findall(r"\X", form)) > LABEL_AT_MOST:
            yield f"a button of more than {LABEL_AT_MOST} characters: {form!r}"


def _unfinished(catalogue: Catalogue) -> Iterator[str]:
    """What was begun in an offered language may not fall behind: complete and fresh, or a fault.

    A flow whose title nobody has translated yet is not begun; it stands in the coverage table.
    """
    for group, languages in catalogue.coverage().items():
        for tag in catalogue.offered:
            found = languages[tag]
            if found["fresh"] != found["total"] and catalogue.has_begun(group, tag):
                stale, missing = found["stale"], found["missing"]
                yield f"{group} in {tag}: {stale} stale, {missing} missing"


def same_as_english(locales: Path, library: Library, folder: str) -> list[str]:
    """Addresses whose translation is the English sentence itself, to be looked at."""
    path = locales / folder / "LC_MESSAGES" / "messages.po"
    sentences = extract.sentences(library)
    return [
        address
        for address, translation in read_translations(path).messages.items()
        if address in sentences
        and translation.forms[0] == sentences[address].text
        and re.search(r"[A-Za-z]{4}", _PLACEHOLDER.sub("", translation.forms[0]))
    ]
