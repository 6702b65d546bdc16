"""The status of residence that a text names: "engineer visa", 留学ビザ, "visa du học"."""

from collections.abc import Collection

_BY_CONCEPT = {
    "engineer-visa": "engineer", "student": "student", "dependent": "dependent",
    "permanent": "permanent", "special-permanent": "special_permanent",
    "long-term": "long_term", "short-stay": "temporary_visitor",
}  # fmt: skip
"""Concepts that stand for just one status of flows/shared/statuses.yaml."""
_BESIDE = frozenset(("visa", "status", "stay-period"))
_THEMSELVES = frozenset(("engineer", "dependent", "special_permanent"))


def status_named(concepts: Collection[str]) -> str | None:
    """The one status that is named, or None.

    A student may be anybody's child: such a word counts only beside a word for visa.
    """
    found = {_BY_CONCEPT[one] for one in concepts if one in _BY_CONCEPT}
    if len(found) != 1:
        return None
    status = next(iter(found))
    return status if status in _THEMSELVES or not _BESIDE.isdisjoint(concepts) else None
