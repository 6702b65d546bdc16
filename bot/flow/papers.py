"""The papers of an outcome: in which ways each becomes necessary, and what stands over it.

A paper is listed for certain when one of its ways is a clear yes. While that is unknown it is
listed under a line that says when it is needed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from bot.flow.conditions import Case, Conditions, Test, atoms_of
from bot.flow.model import (
    UNKNOWN,
    Condition,
    Document,
    Flow,
    ListedDocument,
    Outcome,
    Sentence,
    Step,
)

ONLY_IF_IT_APPLIES = "only_if_it_applies"
Raw = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence that may stand over a paper while its question is open. `rivals` are the other
    questions that could make the paper necessary by themselves: while one of them is open, too,
    this sentence alone would say too little."""

    question: str
    sentence: Sentence
    rivals: frozenset[str]


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a paper becomes necessary. `over` are the sentences under which it can
    be listed while that is unknown. `listed` is
    the paper as this way asks for it: its note, its age and its source can differ."""

    listed: ListedDocument
    condition: Condition | None
    test: Test | None
    over: tuple["Line", ...] = ()

    def open_lines(self, case: Case) -> Iterator[Sentence]:
        """The sentences over it whose question is still open, if nothing else would do too."""
        return (
            line.sentence
            for line in self.over
            if case.known(line.question) is None
            and all(case.known(rival) is not None for rival in line.rivals)
        )


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of a checklist, with each way in which it can become necessary."""

    document: Document
    ways: tuple[Way, ...]

    @property
    def condition(self) -> Condition | None:
        """When the paper is needed, in whichever way; None if always."""
        conditions = [way.condition for way in self.ways if way.condition is not None]
        if len(conditions) < len(self.ways):
            return None
        if len(conditions) == 1:
            return conditions[0]
        names = frozenset(name for condition in conditions for name in condition.names)
        return Condition(("any", tuple(condition.raw for condition in conditions)), names)

    def listed_for(self, case: Case) -> ListedDocument | None:
        """The paper if it is needed, or may be, or None.

        What heads a paper that may be needed holds in each way that is still open: of two ways,
        one for research and one for technical work, neither is named alone.
        """
        unknown: list[Way] = []
        for way in self.ways:
            truth = True if way.test is None else way.test(case)
            if truth is True:
                return way.listed
            if truth is None:
                unknown.append(way)
        if not unknown:
            return None
        first, *others = unknown
        said = [{one.text for one in way.open_lines(case)} for way in others]
        common = (line for line in first.open_lines(case) if all(line.text in one for one in said))
        line = next(common, case.library.talk[ONLY_IF_IT_APPLIES])
        return ListedDocument(first.listed.document, line)


def is_listed(document: Document, by: Outcome | Step) -> bool:
    """Whether an outcome or step names this paper, in the group in which it stands."""
    if by.entries:
        return (document.group, document.id) in by.entries
    return document.id in (by.documents or ())


def _way(document: Document, tests: Conditions) -> Way:
    listed, condition = ListedDocument(document), document.when
    if condition is None:
        return Way(listed, None, None)
    over = tuple(_lines_over(condition, tests.flow))
    return Way(listed, condition, tests.of(condition), over)


def _lines_over(condition: Condition, flow: Flow) -> Iterator[Line]:
    """The `only_if` sentences of the questions that a condition names, in its order."""
    questions = {**flow.questions, **flow.refine}
    for name, words, negated, rivals in _with_rivals(condition.raw):
        question = questions.get(name)
        if question is None or not question.only_if:
            continue
        if negated:
            words = frozenset(option.id for option in question.options) - words
        found = [question.only_if.get(word) for word in words if word != UNKNOWN]
        # One sentence names one word. Where several words would do, it would say too little,
        # unless all of them say the same.
        first = found[0] if found else None
        if first is not None and all(one is not None and one.text == first.text for one in found):
            yield Line(name, first, rivals & questions.keys())


Atom = tuple[str, frozenset[str], bool, frozenset[str]]


def _with_rivals(
    raw: Raw, negated: bool = False, rivals: frozenset[str] = frozenset()
) -> Iterator[Atom]:
    """Each name of a condition with its words, whether under `not`, and the names of which
    another would do instead."""
    if raw[0] == "is":
        yield cast(str, raw[1]), cast(frozenset[str], raw[2]), negated, rivals
    elif raw[0] == "not":
        yield from _with_rivals(cast(Raw, raw[1]), not negated, rivals)
    else:
        items = cast(tuple[Raw, ...], raw[1])
        one_will_do = (raw[0] == "any") is not negated
        names = [frozenset(name for name, *_ in atoms_of(item)) for item in items]
        for item, own in zip(items, names, strict=True):
            others = frozenset().union(*names) - own if one_will_do else frozenset()
            yield from _with_rivals(item, negated, rivals | others)


def papers_of(documents: Iterable[Document], tests: Conditions) -> tuple[Paper, ...]:
    """The papers, each id once, in the order of first mention."""
    ways: dict[str, list[Way]] = {}
    first: dict[str, Document] = {}
    for document in documents:
        first.setdefault(document.id, document)
        ways.setdefault(document.id, []).append(_way(document, tests))
    return tuple(Paper(first[name], tuple(found)) for name, found in ways.items())


def checklist(papers: Iterable[Paper], case: Case) -> tuple[ListedDocument, ...]:
    """The papers that are needed, and those that may be."""
    listed = [paper.listed_for(case) for paper in papers]
    return tuple(paper for paper in listed if paper is not None)
