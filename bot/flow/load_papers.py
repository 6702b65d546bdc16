"""The papers of a flow: groups and single papers, flattened to one list with their conditions.

A paper of a group is needed when both conditions hold, the group's and its own. Where an outcome
names a group, the paper counts with the condition that it has there, not with those of other groups
that list it, too. A document set is a group that several flows use; it names the questions that its
conditions rest on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from bot.flow.faults import one_of
from bot.flow.load_parts import both, condition_of, part_sentence
from bot.flow.load_shared import COPY, DOCUMENT, document
from bot.flow.model import Condition, Document, Entry
from bot.flow.section import Page, Section, as_section
from bot.flow.yaml_reader import Written

GROUP = frozenset({"papers", "when", "uses", "source"})
USED_SET = frozenset({"use", "when"})
REFERENCE = frozenset({"when", "note", "copy", "max_age", "source"})
IN_PLACE = DOCUMENT | {"when"}
SET = frozenset({"uses", "papers", "source"})


@dataclass(frozen=True, slots=True)
class DocumentSet:
    """A group of shared/document-sets.yaml; `uses` are names that the flow must have."""

    uses: tuple[str, ...]
    papers: tuple[Document, ...]


def document_sets(
    page: Page, data: object, shared: Mapping[str, Document]
) -> Mapping[str, DocumentSet]:
    """shared/document-sets.yaml: groups of papers by name."""
    found = {}
    for name, value, line in Section(page, data, "document-sets.yaml").names("a set of papers"):
        part = as_section(page, value, f"the papers '{name}'", SET, line, "papers")
        items = _papers(part, f"document/{name}", shared)
        found[name] = DocumentSet(part.words("uses"), tuple(items))
    return MappingProxyType(found)


def papers(
    part: Section,
    prefix: str,
    shared: Mapping[str, Document],
    sets: Mapping[str, DocumentSet],
    questions: set[str],
    *,
    key: str = "documents",
) -> tuple[tuple[Document, ...], Mapping[str, tuple[Entry, ...]]]:
    """All papers of a flow, and the entries that each group or single paper stands for."""
    found: list[Document] = []
    groups: dict[str, tuple[Entry, ...]] = {}
    known = questions | {name for name, *_ in _names_of(part)}
    for name, value, line in part.named(key, "a group of papers"):
        written = value if isinstance(value, Written) else Written(line)
        if "papers" in written:
            group = as_section(part.page, value, f"the papers '{name}'", GROUP, line, "papers")
            when = condition_of(group)
            items = [_under(when, one) for one in _papers(group, f"{prefix}/doc", shared)]
            _must_have(group, group.words("uses"), known)
        elif "use" in written:
            used = as_section(part.page, value, f"the papers '{name}'", USED_SET, line)
            chosen = sets.get(str(used.get("use")))
            if chosen is None:
                what = f"no set of papers is called '{used.get('use')}'"
                used.wrong(what, one_of(str(used.get("use")), sets), "use")
                continue
            _must_have(used, chosen.uses, known)
            when = condition_of(used)
            items = [_under(when, one) for one in chosen.papers]
        else:
            one = _paper(part.page, value, name, line, f"{prefix}/doc", shared)
            items = [] if one is None else [one]
        found += [replace(one, group=name) for one in items]
        groups[name] = tuple(dict.fromkeys((name, one.id) for one in items))
    inside: dict[str, tuple[Entry, ...]] = {}
    for one in found:
        inside[one.id] = (*inside.get(one.id, ()), (one.group, one.id))
    return tuple(found), MappingProxyType({**inside, **groups})


def _names_of(part: Section) -> list[tuple[str, object, int]]:
    """The deadlines and amounts of the flow, which a set may rest on, too."""
    quiet = Section(Page(part.page.file), part.written, part.what)
    return [*quiet.named("deadlines", "a deadline"), *quiet.named("amounts", "an amount")]


def _must_have(part: Section, uses: tuple[str, ...], known: set[str]) -> None:
    for name in uses:
        if name not in known and "." not in name:
            what = f"{part.what} rest on '{name}', which this flow does not ask"
            part.wrong(what, f"add the question '{name}', for example under refine")


def _under(when: Condition | None, one: Document) -> Document:
    return replace(one, when=both(when, one.when))


def _papers(part: Section, prefix: str, shared: Mapping[str, Document]) -> list[Document]:
    """The papers of a group; the group's source counts for those that have none."""
    source = part.text("source")
    found = []
    for name, value, line in part.named("papers", "a paper"):
        one = _paper(part.page, value, name, line, prefix, shared)
        if one is not None:
            found.append(replace(one, source=one.source or source))
    return found


def _paper(
    page: Page, value: object, name: str, line: int, prefix: str, shared: Mapping[str, Document]
) -> Document | None:
    """A paper that is written here, or a reference to shared/documents.yaml."""
    if isinstance(value, Written) and "text" in value:
        part = as_section(page, value, f"paper '{name}'", IN_PLACE, line)
        without = Written(line)
        without.update({key: item for key, item in value.items() if key in DOCUMENT})
        without.lines = value.lines
        one = document(page, without, name, line, f"{prefix}.{name}")
        return None if one is None else replace(one, when=condition_of(part))
    part = as_section(page, value, f"paper '{name}'", REFERENCE, line)
    base = shared.get(name)
    if base is None:
        right = one_of(name, shared) if shared else "add it to shared/documents.yaml"
        page.wrong(line, f"no shared paper is called '{name}'", f"{right} Or write its text here")
        return None
    return replace(
        base,
        when=condition_of(part),
        note=part_sentence(part, "note", f"{prefix}.{name}.note") or base.note,
        copy=part.word("copy", COPY, base.copy) or base.copy,
        max_age=part.text("max_age") or base.max_age,
        source=part.text("source") or base.source,
        at=(page.file, line),
    )
