"""The folder `flows/` -> one frozen Library, checked; or all its faults.

A library that loads is right in shape and in every name; the program does not start with any
other. Phrases and stories are read with `yaml_reader.read_yaml`.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from bot.flow import load_shared
from bot.flow.check import check_library
from bot.flow.faults import Fault, WrongContent
from bot.flow.load_flow import Shared, event, flow, safety, topic, with_statuses
from bot.flow.load_papers import document_sets
from bot.flow.macros import macros
from bot.flow.menu import menu
from bot.flow.model import Library, Question
from bot.flow.own_office import own_office
from bot.flow.section import Page
from bot.flow.yaml_reader import read_text

__all__ = ["Fault", "WrongContent", "load_library", "read_library"]

T = TypeVar("T")
SHARED_FILES = frozenset({
    "questions", "answers", "rules", "documents", "document-sets", "statuses", "sources",
    "offices", "closed_days", "office", "talk", "planned", "places", "menu", "macros",
})  # fmt: skip


def load_library(folder: Path, *, today: date | None = None) -> Library:
    """All content under `folder`, ready to be used; raises WrongContent with all faults.

    With `today`, a rule must also have a value in force on that day (or one that is expected).
    """
    library, faults = read_library(folder)
    faults += check_library(library, today)
    if faults:
        raise WrongContent(faults)
    return library


def read_library(folder: Path) -> tuple[Library, list[Fault]]:
    """All content under `folder` whose shape is right, and the faults of the rest."""
    faults: list[Fault] = []
    shared = _SharedFiles(folder, faults)
    sources, exceptions = shared.read("sources", load_shared.sources)
    answers = shared.read("answers", load_shared.answer_sets)
    statuses, groups = shared.read("statuses", load_shared.statuses)
    documents = shared.read("documents", load_shared.documents)
    sets = shared.read("document-sets", lambda page, data: document_sets(page, data, documents))
    options = load_shared.status_options(statuses)
    questions = {
        name: _whole(with_statuses(one, options))
        for name, one in shared.read(
            "questions", lambda page, data: load_shared.questions(page, data, answers)
        ).items()
    }
    used = Shared(answers, questions, documents, sets, options)
    library = Library(
        flows=_each(folder, "", faults, lambda page, data, stem: flow(page, data, stem, used)),
        safety=_each(folder, "safety", faults, lambda p, data, stem: safety(p, data, stem, used)),
        topics=_each(folder, "topics", faults, lambda p, data, stem: topic(p, data, stem, used)),
        events=_each(folder, "events", faults, lambda p, data, stem: event(p, data, stem, used)),
        rules=shared.read("rules", load_shared.rules),
        sources=sources,
        statuses=statuses,
        offices=shared.read("offices", load_shared.offices),
        places=shared.read(
            "places",
            lambda page, data: load_shared.places(page, data, shared.data("offices")),
        ),
        shared_questions=MappingProxyType(questions),
        documents=documents,
        talk=shared.read("talk", load_shared.talk),
        closed=shared.read("closed_days", load_shared.closed_days),
        office=shared.read("office", own_office),
        answers=answers,
        status_groups=groups,
        planned=shared.read("planned", load_shared.planned),
        menu=shared.read("menu", menu),
        official_exceptions=exceptions,
        macros=shared.read("macros", macros),
    )
    return library, faults


def _whole(one: Question | None) -> Question:
    assert one is not None  # only a question that was read comes here
    return one


class _SharedFiles:
    """The files of `flows/shared/`; one that is not there is empty."""

    def __init__(self, folder: Path, faults: list[Fault]) -> None:
        self.folder = folder
        self.faults = faults
        self.texts: dict[str, object] = {}
        for path in sorted((folder / "shared").glob("*.y*ml")):
            if path.suffix != ".yaml" or path.stem not in SHARED_FILES:
                right = f"shared files are {', '.join(sorted(SHARED_FILES))}, each .yaml"
                faults.append(Fault(_name(folder, path), 0, "nobody reads this file", right))

    def read(self, stem: str, build: Callable[[Page, object], T]) -> T:
        page = Page(_name(self.folder, self.folder / "shared" / f"{stem}.yaml"), self.faults)
        return build(page, self.data(stem))

    def data(self, stem: str) -> object:
        """What the file says, read once; None if there is no such file."""
        if stem not in self.texts:
            path = self.folder / "shared" / f"{stem}.yaml"
            page = Page(_name(self.folder, path), self.faults)
            self.texts[stem] = _read(path, page) if path.exists() else None
        return self.texts[stem]


def _each(
    folder: Path, under: str, faults: list[Fault], build: Callable[[Page, object, str], T | None]
) -> MappingProxyType[str, T]:
    """What every file of one folder holds, by the name of the file."""
    found = {}
    for path in sorted((folder / under).glob("*.yaml")):
        page = Page(_name(folder, path), faults)
        before = len(faults)
        data = _read(path, page)
        if data is None:
            if len(faults) == before:
                page.wrong(0, "this file is empty", "write it or delete it")
            continue
        one = build(page, data, path.stem)
        if one is not None:
            found[path.stem] = one
    return MappingProxyType(found)


def _read(path: Path, page: Page) -> object:
    try:
        data, faults = read_text(path.read_text(encoding="utf-8"), page.file)
    except UnicodeDecodeError:
        data, faults = None, [Fault(page.file, 0, "this is not UTF-8", "save the file as UTF-8")]
    page.faults.extend(faults)
    return data


def _name(folder: Path, path: Path) -> str:
    """How faults and catalogues call a file: from the content folder on."""
    return f"{folder.name}/{path.relative_to(folder).as_posix()}"
