"""Builders of .po files for tests: real files, as a translator would hand them in."""

from pathlib import Path

from bot.i18n.catalogue import Catalogue


def po_line(address, msgid, msgstr, *, plural=None, fuzzy=False):
    lines = ["#, fuzzy"] if fuzzy else []
    lines += [f'msgctxt "{address}"', f"msgid {quoted(msgid)}"]
    if plural is None:
        lines.append(f"msgstr {quoted(msgstr)}")
    else:
        lines.append(f"msgid_plural {quoted(plural)}")
        lines += [f"msgstr[{n}] {quoted(form)}" for n, form in enumerate(msgstr)]
    return "\n".join(lines)


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def write_po(locales: Path, folder: str, lines):
    path = locales / folder / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    header = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {folder}\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=1; plural=0;\\n"\n'
    )
    path.write_text("\n\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def everything(library, group, mark="[~{}~]"):
    """A line for each sentence of a group, marked so that it can be recognised."""
    found = []
    for sentence in Catalogue(Path("nowhere"), library).sentences(group).values():
        text = mark.format(sentence.text)
        if sentence.plural is None:
            found.append(po_line(sentence.address, sentence.text, text))
        else:
            plural = mark.format(sentence.plural)
            found.append(po_line(sentence.address, sentence.text, [plural], plural=sentence.plural))
    return found
