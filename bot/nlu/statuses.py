"""The status of residence that a text names: "engineer visa", 留学ビザ, "visa du học"."""

from collections.abc import Iterable

from bot.nlu.features import Said
from bot.nlu.lexicon import Lexicon

_BY_CONCEPT = {
    "engineer-visa": "engineer", "student": "student", "dependent": "dependent",
    "permanent": "permanent", "special-permanent": "special_permanent",
    "long-term": "long_term", "short-stay": "temporary_visitor",
}  # fmt: skip
"""Concepts that stand for just one status of flows/shared/statuses.yaml."""
_BESIDE = frozenset(("visa", "status", "stay-period"))
_THEMSELVES = frozenset(("engineer", "dependent", "special_permanent"))


def status_named(said: Said, lexicons: Iterable[Lexicon]) -> str | None:
    """The one status that is named, or None.

    A student may be anybody's child: such a word counts only beside a word for visa.
    """
    concepts = {concept for lexicon in lexicons for _, concept in lexicon.concepts(said.folded)}
    found = {_BY_CONCEPT[one] for one in concepts & _BY_CONCEPT.keys()}
    if len(found) != 1:
        return None
    status = next(iter(found))
    return status if status in _THEMSELVES or concepts & _BESIDE else None
