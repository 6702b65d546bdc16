"""Which immigration offices take an application from where somebody lives.

Areas overlap: the bureau of the region is always possible, a branch whose area covers the
address is nearer. A few branches take only some cities of a prefecture; without the city these
are left out, because nobody must be sent to a counter that turns them away.
"""

from collections.abc import Mapping

from bot.flow.model import Library, Office

TOKYO = "13"


def offices_for(place: Mapping[str, str | None], library: Library) -> tuple[Office, ...]:
    """The offices that accept residence applications from there, the nearest kind first.

    Partial areas that name the city; the bureau, district office and branches inside the
    prefecture; the bureau of the region; branches of neighbouring prefectures.
    """
    prefecture, municipality = place["prefecture"], place.get("municipality")
    if prefecture is None:
        return ()
    ranked = [
        (rank, number, office)
        for number, office in enumerate(library.offices.values())
        if (rank := _rank(office, prefecture, municipality, library)) is not None
    ]
    return tuple(office for _, _, office in sorted(ranked, key=lambda row: row[:2]))


def needs_municipality(prefecture: str, library: Library) -> bool:
    """Whether some office takes only a part of the prefecture, so that the city matters."""
    return any(
        office.accepts and prefecture in office.partial for office in library.offices.values()
    )


def _rank(
    office: Office, prefecture: str, municipality: str | None, library: Library
) -> int | None:
    """The smaller the nearer; None if the office does not take people from there."""
    if not office.accepts:
        return None
    part = office.partial.get(prefecture)
    if part is not None and municipality is not None and _lies_in(municipality, part):
        return 0
    if prefecture not in office.prefectures:
        return None
    if office.located_in == prefecture:
        return 1 if _is_main(office, library) else 2
    return 3 if _is_main(office, library) else 4


def _is_main(office: Office, library: Library) -> bool:
    """A bureau, or the annex that holds the counters of a bureau that has none itself."""
    if office.kind == "bureau":
        return True
    parent = library.offices.get(office.parent or "")
    return parent is not None and parent.kind == "bureau" and not parent.accepts


def _lies_in(municipality: str, codes: frozenset[str]) -> bool:
    return municipality in codes or any(_is_ward_of(municipality, code) for code in codes)


def _is_ward_of(municipality: str, city: str) -> bool:
    """Wards of a large city are numbered after it: 14151 to 14153 lie in Sagamihara, 14150.

    The wards of Tokyo are cities of their own.
    """
    if city[:2] == TOKYO or city[2] != "1" or city[4] != "0":
        return False
    return municipality[:4] == city[:4]
