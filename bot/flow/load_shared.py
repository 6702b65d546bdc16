"""What all flows share: dated rules, sources, statuses, offices, closed days, papers, talk.

Each function reads one file of `flows/shared/`; a file that is not there is empty.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from bot.flow.load_parts import (
    CONFIRM,
    GRADES,
    QUESTION,
    SAYING,
    option_set,
    part_sentence,
    question,
    sentence,
)
from bot.flow.model import (
    DatedValue,
    Document,
    Office,
    Option,
    Question,
    Rule,
    Sentence,
    Source,
    Status,
)
from bot.flow.section import PUBLIC_ID, Page, Section, as_day, as_section, plain
from bot.flow.statuses import check_row
from bot.flow.yaml_reader import Written, WrittenList

UNITS = frozenset({
    "days", "weeks", "months", "years", "hours", "minutes", "JPY", "percent", "points", "people",
    "times", "mm", "flag", "day", "text",
})  # fmt: skip
RULE = frozenset({"about", "unit", "values"})
VALUE = frozenset({"value", "bands", "expected", "ended", "source", "grade", "confirm", "note"})
SOURCE = frozenset({"title", "ja", "publisher", "url", "checked"})
GET_FROM = frozenset({
    "oneself", "city_hall", "tax_office", "employer", "school", "legal_affairs", "home_country",
    "sponsor", "police", "fire_station", "immigration", "embassy", "pension_office", "hospital",
    "bank", "other",
})  # fmt: skip
COPY = frozenset({"original", "copy", "shown"})
DOCUMENT = frozenset({
    "text", "ja", "get_from", "copy", "max_age", "source", "note", "translators", "grade",
    "confirm",
})  # fmt: skip
OFFICE = frozenset({
    "id", "name_en", "name_ja", "kind", "parent", "accepts_residence_applications", "postal_code",
    "address_en", "address_ja", "located_in", "phone", "hours", "prefectures", "partial_areas",
    "latitude", "longitude",
})  # fmt: skip
PARTIAL = frozenset({"prefecture", "municipality_codes", "municipalities_en", "municipalities_ja"})
TALK = SAYING | {"button"}
CLOSED_YEARS = range(2020, 2036)


# ---------------------------------------------------------------- rules and sources


def rules(page: Page, data: object) -> Mapping[str, Rule]:
    """shared/rules.yaml: name -> about, unit, values by their first day."""
    found = {}
    for name, value, line in Section(page, data, "rules.yaml").names("a rule", rule=True):
        part = as_section(page, value, f"rule '{name}'", RULE, line, "about", "unit", "values")
        unit = part.word("unit", UNITS) or ""
        values = []
        for since, one, at in part.section("values", f"'values' of {part.what}").items():
            day = as_day(since)
            if day is None and since != "always":
                page.wrong(at, f"'{since}' is no day", "write YYYY-MM-DD, or always")
            else:
                values.append(_dated_value(page, one, f"{name} from {since}", unit, day, at))
        found[name] = Rule(name, part.text("about") or "", unit, tuple(values), (page.file, line))
    return MappingProxyType(found)


def _dated_value(
    page: Page, value: object, what: str, unit: str, since: date | None, line: int
) -> DatedValue:
    part = as_section(page, value, what, VALUE, line, "source", "grade")
    ended = part.flag("ended") or ("value" in part.written and part.get("value") is None)
    expected = part.flag("expected")
    kinds = [key for key in ("value", "bands") if key in part]
    if len(kinds) + ended + expected != 1:
        part.wrong(f"{what} needs one of value, bands, expected, ended", "write exactly one")
    bands: dict[str, int] = {}
    for name, amount, at in part.named("bands", "a band"):
        if not isinstance(amount, int) or isinstance(amount, bool):
            page.wrong(at, f"band '{name}' of {what} is no whole number", "write digits")
        else:
            bands[name] = amount
    return DatedValue(
        since=since,
        value=_rule_value(part, what, unit) if "value" in part else None,
        bands=MappingProxyType(bands) if bands else None,
        expected=expected,
        source=part.text("source") or "",
        grade=part.word("grade", GRADES) or "",
        ended=ended,
        confirm=part.word("confirm", CONFIRM),
        at=(page.file, line),
    )


def _rule_value(
    part: Section, what: str, unit: str
) -> int | bool | date | str | tuple[int, int] | None:
    """The value in the shape that its unit asks for."""
    value = part.get("value")
    if unit == "flag" and isinstance(value, bool):
        return value
    if unit == "day" and (day := as_day(value)) is not None:
        return day
    if unit == "text" and isinstance(value, str):
        return value
    if unit not in ("flag", "day", "text"):
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, WrittenList) and len(value) == 2:
            low, high = value
            whole = isinstance(low, int) and isinstance(high, int)
            if whole and isinstance(low, int) and isinstance(high, int) and low < high:
                return low, high
    shapes = {"flag": "true or false", "day": "YYYY-MM-DD", "text": "a text"}
    right = shapes.get(unit, "a whole number, or [lowest, highest]")
    part.wrong(f"the value of {what} is {value!r}", f"write {right} (unit: {unit})", "value")
    return None


def sources(page: Page, data: object) -> tuple[Mapping[str, Source], frozenset[str]]:
    """shared/sources.yaml: the sources by id, and the hosts that are allowed as exceptions."""
    whole = Section(page, data, "sources.yaml")
    exceptions = frozenset(whole.words("exceptions"))
    found = {}
    for name, value, line in whole.items():
        if name == "exceptions":
            continue
        if not PUBLIC_ID.match(name):
            page.wrong(line, f"'{name}' is no id for a source", "write small-letters-and-digits")
        part = as_section(
            page, value, f"source '{name}'", SOURCE, line, "title", "publisher", "url", "checked"
        )
        found[name] = Source(
            id=name,
            title=part.text("title") or "",
            publisher=part.text("publisher") or "",
            url=part.text("url") or "",
            checked=part.day("checked") or date.min,
            ja=part.text("ja"),
            at=(page.file, line),
        )
    return MappingProxyType(found), exceptions


# ---------------------------------------------------------------- answers, statuses, questions


def answer_sets(page: Page, data: object) -> Mapping[str, tuple[Option, ...]]:
    """shared/answers.yaml: sets of options that several questions use."""
    found = {}
    for name, value, line in Section(page, data, "answers.yaml").names("a set of answers"):
        part = Section(page, value, f"the answers '{name}'", line=line)
        found[name] = tuple(option_set(part, f"answers/{name}"))
    return MappingProxyType(found)


def statuses(page: Page, data: object) -> tuple[Mapping[str, Status], Mapping[str, Sentence]]:
    """shared/statuses.yaml: the statuses by id, and the names of their groups."""
    whole = Section(page, data, "statuses.yaml", frozenset({"groups", "statuses"}))
    groups = {}
    for name, value, line in whole.named("groups", "a group of statuses"):
        label = sentence(page, value, f"status-group/{name}", line, button=True)
        if label is not None:
            groups[name] = label
    found = {}
    for name, value, line in whole.named("statuses", "a status"):
        what = f"status '{name}'"
        part = Section(page, value, what, line=line, required=("label", "ja", "kind", "group"))
        label = part_sentence(part, "label", f"status/{name}", button=True)
        check_row(part)
        if label is None:
            continue
        facts = {
            key: plain(fact)
            for key, fact in part.written.items()
            if key not in ("label", "ja", "kind", "group")
        }
        found[name] = Status(
            id=name,
            label=label,
            ja=part.text("ja") or "",
            kind=part.text("kind") or "",
            group=part.word("group", frozenset(groups)) or "",
            facts=MappingProxyType(facts),
        )
    return MappingProxyType(found), MappingProxyType(groups)


def status_options(found: Mapping[str, Status]) -> tuple[Option, ...]:
    """The statuses as answers to a question with `table: statuses`."""
    return tuple(Option(one.id, one.label, one.ja, one.group) for one in found.values())


def questions(
    page: Page, data: object, sets: Mapping[str, tuple[Option, ...]]
) -> Mapping[str, Question]:
    """shared/questions.yaml: questions with one name in all flows."""
    found = {}
    for name, value, line in Section(page, data, "questions.yaml").names("a question"):
        one = question(page, value, name, line, f"shared/q.{name}", sets, keys=QUESTION)
        if one is not None:
            found[name] = replace(one, shared=name)
    return MappingProxyType(found)


# ---------------------------------------------------------------- papers


def document(page: Page, value: object, name: str, line: int, address: str) -> Document | None:
    """A paper written in full."""
    part = as_section(page, value, f"paper '{name}'", DOCUMENT, line, "text", "ja")
    keys = {key: part.get(key) for key in ("text", "translators", "grade", "confirm")}
    wording = Written(line)
    wording.update({key: item for key, item in keys.items() if item is not None})
    wording.lines = part.written.lines
    text = sentence(page, wording, address, line) if "text" in part else None
    if text is None:
        return None
    return Document(
        id=name,
        text=text,
        ja=part.text("ja") or "",
        get_from=part.word("get_from", GET_FROM, "oneself") or "oneself",
        copy=part.word("copy", COPY, "original") or "original",
        max_age=part.text("max_age"),
        source=part.text("source"),
        note=part_sentence(part, "note", f"{address}.note"),
        at=(page.file, line),
    )


def documents(page: Page, data: object) -> Mapping[str, Document]:
    """shared/documents.yaml: papers by id."""
    found = {}
    for name, value, line in Section(page, data, "documents.yaml").names("a paper"):
        one = document(page, value, name, line, f"document/{name}")
        if one is not None:
            found[name] = one
    return MappingProxyType(found)


# ---------------------------------------------------------------- offices and days


def offices(page: Page, data: object) -> Mapping[str, Office]:
    """shared/offices.yaml: `offices` is a list; `meta` and `prefectures` are for people."""
    whole = Section(page, data, "offices.yaml", frozenset({"meta", "offices", "prefectures"}))
    found: dict[str, Office] = {}
    for value, line in whole.list_of("offices"):
        part = as_section(
            page, value, "an office", OFFICE, line, "id", "name_en", "name_ja", "kind"
        )
        name = part.text("id") or ""
        part.what = f"office '{name}'"
        if name in found:
            part.wrong(f"{part.what} stands here twice", "keep one", "id")
        label = part_sentence(part, "name_en", f"office/{name}")
        if label is None:
            continue
        found[name] = Office(
            id=name,
            name=label,
            name_ja=part.text("name_ja") or "",
            kind=part.text("kind") or "",
            accepts=part.flag("accepts_residence_applications"),
            postal_code=part.text("postal_code"),
            address=part.text("address_en") or "",
            address_ja=part.text("address_ja") or "",
            phone=part.text("phone"),
            hours=part.text("hours"),
            prefectures=_codes(part, "prefectures", 2),
            partial=_partial(part),
            latitude=part.number("latitude"),
            longitude=part.number("longitude"),
            located_in=part.text("located_in"),
            parent=part.text("parent"),
        )
    for one in found.values():
        if one.parent is not None and one.parent not in found:
            whole.wrong(f"office '{one.id}' belongs to '{one.parent}', which is not listed")
    return MappingProxyType(found)


def _partial(part: Section) -> Mapping[str, frozenset[str]]:
    areas: dict[str, frozenset[str]] = {}
    for value, line in part.list_of("partial_areas"):
        area = as_section(
            part.page, value, f"an area of {part.what}", PARTIAL, line,
            "prefecture", "municipality_codes",
        )  # fmt: skip
        codes = frozenset(_codes(area, "municipality_codes", 5))
        for prefecture in _codes(area, "prefecture", 2):
            areas[prefecture] = areas.get(prefecture, frozenset()) | codes
    return MappingProxyType(areas)


def _codes(part: Section, key: str, digits: int) -> tuple[str, ...]:
    """JIS codes: so many digits, in quotes where they could be read as a number."""
    codes = part.words(key)
    for code in codes:
        if len(code) != digits or not code.isdigit():
            part.wrong(f"'{code}' is no JIS code", f"write {digits} digits in quotes", key)
    return codes


def places(page: Page, data: object, office_data: object) -> Mapping[str, str]:
    """shared/places.yaml: JIS code -> "Tokyo (東京都)"; offices.yaml names the prefectures, too."""
    found = {}
    table = office_data.get("prefectures") if isinstance(office_data, Written) else None
    for code, names in table.items() if isinstance(table, Written) else ():
        if isinstance(names, Written) and "name_en" in names and "name_ja" in names:
            found[code] = f"{names['name_en']} ({names['name_ja']})"
    part = Section(page, data, "places.yaml")
    for code, _name, line in part.items():
        if len(code) not in (2, 5) or not code.isdigit():
            page.wrong(line, f"'{code}' is no JIS code", "write 2 or 5 digits")
        found[code] = part.text(code) or code
    return MappingProxyType(found)


def closed_days(page: Page, data: object) -> frozenset[date]:
    """shared/closed_days.yaml: every closed day besides weekends, for the years 2020 to 2035."""
    part = Section(page, data, "closed_days.yaml", frozenset({"every_year", "holidays"}))
    closed: set[date] = set()
    for value, line in part.list_of("every_year"):
        days = [as_day(f"{year}-{value}") for year in CLOSED_YEARS]
        if None in days:
            page.wrong(line, f"{value!r} is no day of every year", "write MM-DD")
        closed.update(day for day in days if day is not None)
    holidays = part.get("holidays")
    rows: Iterable[tuple[object, int]]
    if isinstance(holidays, Written):  # a mapping has the names of the holidays, too
        rows = [(key, holidays.lines[key]) for key in holidays]
    else:
        rows = part.list_of("holidays")
    for value, line in rows:
        if (day := as_day(value)) is None:
            page.wrong(line, f"{value!r} is no day", "write YYYY-MM-DD")
        elif day in closed and day.isoformat()[5:] != "01-01":
            page.wrong(line, f"{value} is closed already", "leave it out")
        else:
            closed.add(day)
    return frozenset(closed)


# ---------------------------------------------------------------- the bot's own words


def talk(page: Page, data: object) -> Mapping[str, Sentence]:
    """shared/talk.yaml: what the bot says outside of procedures, by name."""
    found = {}
    for name, value, line in Section(page, data, "talk.yaml").items():
        one = sentence(page, value, f"talk/{name}", line, keys=TALK)
        if one is not None:
            found[name] = one
    return MappingProxyType(found)


def planned(page: Page, data: object) -> frozenset[str]:
    """shared/planned.yaml: public ids that flows may point to before their file is written."""
    if data is None:
        return frozenset()
    ids = data if isinstance(data, WrittenList) else WrittenList(1)
    if ids is not data:
        page.wrong(1, "planned.yaml is no list", "begin each line with '-'")
    for value, line in zip(ids, ids.lines, strict=True):
        if not isinstance(value, str) or not PUBLIC_ID.match(value):
            page.wrong(line, f"{value!r} is no public id", "write small-letters-and-digits")
    return frozenset(str(value) for value in ids)
