"""Bring a language up to date with the English: by address, never by likeness of text.

Same address and same English: kept. Same address, other English: kept and marked fuzzy, so
that it is not shown and the translator sees the old words. New address: empty.
"""

import io
from collections.abc import Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.flow.model import Library, Sentence
from bot.i18n import extract
from bot.i18n.locales import Language


def read_catalogue(path: Path) -> Catalog:
    """A .po file as Babel reads it; an absent file is an empty catalogue."""
    if not path.is_file():
        return Catalog()
    return read_po(io.BytesIO(path.read_bytes()), abort_invalid=True)


def merged(library: Library, old: Catalog, language: Language) -> Catalog:
    """The catalogue of `language` with today's sentences and all that is still good of `old`."""
    known: Mapping[str, Message] = {m.context: m for m in old if m.context}
    catalogue = extract.new_catalogue(language)
    for address, sentence in extract.sentences(library).items():
        before = known.get(address)
        forms = _forms(before)
        extract.add(catalogue, address, sentence, _fitting(forms, sentence, catalogue))
        if before is not None and forms and (before.fuzzy or not _same(before, sentence)):
            _mark_stale(catalogue, before, sentence)
    return catalogue


def _mark_stale(catalogue: Catalog, before: Message, sentence: Sentence) -> None:
    """Not to be shown until somebody has looked at it; the old English stands beside it."""
    message = catalogue.get(_key(sentence), context=sentence.address)
    if message is None:
        return
    message.flags.add("fuzzy")
    if not _same(before, sentence):
        ids = before.id if isinstance(before.id, (tuple, list)) else (before.id,)
        message.previous_id = list(ids)


def write_merged(library: Library, language: Language, path: Path) -> None:
    """Update one .po file in place; makes it when it is absent."""
    catalogue = merged(library, read_catalogue(path), language)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = extract.written(catalogue).decode("utf-8")
    header = f'"Language: {language.cldr}\\n"'
    text = text.replace(header, f'"Language: {language.folder}\\n"', 1)
    path.write_bytes(text.encode("utf-8"))


def fill(path: Path, library: Library, language: Language, texts: Mapping[str, object]) -> int:
    """Write translations into a .po file: {address: text, or list of plural forms}.

    Returns how many were taken. An address that does not exist raises KeyError: a
    translation that is silently lost would be believed to be there.
    """
    sentences = extract.sentences(library)
    catalogue = merged(library, read_catalogue(path), language)
    for address, text in texts.items():
        sentence = sentences[address]
        forms = tuple(text) if isinstance(text, (list, tuple)) else (str(text),)
        catalogue.delete(_key(sentence), context=address)
        extract.add(catalogue, address, sentence, forms)
    ordered = extract.new_catalogue(language)
    found = {m.context: m for m in catalogue if m.context}
    for address, sentence in sentences.items():
        extract.add(ordered, address, sentence, _forms(found[address]))
        if found[address].fuzzy:
            _mark_stale(ordered, found[address], sentence)
    path.parent.mkdir(parents=True, exist_ok=True)
    header = f'"Language: {language.cldr}\\n"'
    text_out = extract.written(ordered).decode("utf-8")
    text_out = text_out.replace(header, f'"Language: {language.folder}\\n"', 1)
    path.write_bytes(text_out.encode("utf-8"))
    return len(texts)


def _key(sentence: Sentence) -> str | tuple[str, str]:
    return sentence.text if sentence.plural is None else (sentence.text, sentence.plural)


def _forms(message: Message | None) -> tuple[str, ...]:
    if message is None:
        return ()
    forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return tuple(str(form) for form in forms) if any(forms) else ()


def _fitting(forms: tuple[str, ...], sentence: Sentence, catalogue: Catalog) -> tuple[str, ...]:
    """Old forms in the number that the sentence now has: one, or one per plural form."""
    if not forms:
        return ()
    if sentence.plural is None:
        return forms[:1]
    wanted = catalogue.num_plurals
    return (forms * wanted)[:wanted] if len(forms) == 1 else forms[:wanted]


def _same(message: Message, sentence: Sentence) -> bool:
    ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
    now = (sentence.text,) if sentence.plural is None else (sentence.text, sentence.plural)
    return tuple(ids) == now
