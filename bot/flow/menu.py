"""The menu as data: which subject stands in which group, and that none is forgotten.

Two levels at most: the groups, then the subjects of one. A message offers 13 answers, so both
levels are counted here, before anybody sees a button that does not fit.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from bot.flow.check_single import fault
from bot.flow.faults import Fault, one_of
from bot.flow.model import Library, MenuGroup
from bot.flow.section import Page, Section

MOST_GROUPS, MOST_SUBJECTS = 9, 12
"""Beside the groups there is room for: continue, a person, the language, my data; beside the
subjects of one group for: the menu."""


def menu(page: Page, data: object) -> Mapping[str, MenuGroup]:
    """shared/menu.yaml: the groups in the order of their buttons."""
    part = Section(page, data, "menu.yaml")
    found = {}
    for name, _, line in part.names("a group of the menu"):
        found[name] = MenuGroup(name, part.words(name), (page.file, line))
    return MappingProxyType(found)


def menu_faults(library: Library) -> Iterator[Fault]:
    """Each id of the content in exactly one group, each with its label; nothing when there is
    no menu."""
    if not library.menu:
        return
    ids = {*library.flows, *library.topics, *library.events, *library.planned}
    where: dict[str, str] = {}
    last = tuple(library.menu.values())[-1].at
    if len(library.menu) > MOST_GROUPS:
        yield fault(last, f"the menu has {len(library.menu)} groups", f"at most {MOST_GROUPS}")
    for group in library.menu.values():
        yield from _has_label(f"menu_group_{group.id}", library, group)
        if len(group.subjects) > MOST_SUBJECTS:
            what = f"the menu group '{group.id}' has {len(group.subjects)} subjects"
            yield fault(group.at, what, f"at most {MOST_SUBJECTS}: make two groups")
        for subject in group.subjects:
            if subject not in ids:
                what = f"no procedure, topic or event is called '{subject}'"
                yield fault(group.at, what, one_of(subject, ids))
            elif subject in where:
                what = f"'{subject}' stands in the menu groups '{where[subject]}' and '{group.id}'"
                yield fault(group.at, what, "keep one")
            else:
                yield from _has_label(f"menu_{subject}", library, group)
            where.setdefault(subject, group.id)
    for forgotten in sorted(ids - where.keys()):
        yield fault(last, f"'{forgotten}' stands in no group of the menu", "add it to one")


def _has_label(name: str, library: Library, group: MenuGroup) -> Iterator[Fault]:
    label = library.talk.get(name)
    if label is None or not label.button:
        right = f'add `{name}: {{text: "...", button: true}}` to shared/talk.yaml'
        yield fault(group.at, f"the menu has no label '{name}'", right)
