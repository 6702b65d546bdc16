"""The small things every content file is made of: sentences, conditions, options, questions.

Each function takes what stands in the file and gives the frozen value, or None with a fault
on the page. Names are not looked up here, that is `check.py`; only shapes are.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

from bot.flow.faults import one_of
from bot.flow.model import (
    Branch,
    Condition,
    Option,
    Question,
    QuestionKind,
    Sentence,
)
from bot.flow.section import NAME, RULE_NAME, Page, Section, as_day, as_section
from bot.flow.yaml_reader import Written, WrittenList

KINDS: frozenset[str] = frozenset(get_args(QuestionKind))
GRADES = frozenset({"A", "A1", "A2", "B", "C", "K", "V"})
CONFIRM = frozenset({"printed_date", "ask_isa", "unconfirmed"})
SAYING = frozenset({"text", "source", "grade", "confirm", "count", "translators"})
SENTENCE = SAYING | {"when"}
OPTION = frozenset({"text", "ja", "group", "translators"})
QUESTION = frozenset({
    "kind", "ask", "note", "why", "on_card", "translators", "options", "table", "groups",
    "not_before", "not_after", "default", "unit", "bands", "only_if",
})  # fmt: skip
ASKED = QUESTION | {"next"}
USED = frozenset({
    "use", "ask", "note", "why", "on_card", "translators", "not_before", "not_after", "default",
    "bands", "only_if", "next",
})  # fmt: skip
BAND_LIMITS = {"number": ("upto", "below"), "date": ("until", "before")}

_PLACEHOLDER = re.compile(r"%\(([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)\)s|%%")


# ---------------------------------------------------------------- sentences


def sentence(
    page: Page,
    value: object,
    address: str,
    line: int,
    *,
    keys: frozenset[str] = SAYING,
    button: bool = False,
    confirm: str | None = None,
    grade: str | None = None,
) -> Sentence | None:
    """A text, or a mapping with a text; `confirm` and `grade` are used if it has none."""
    if not isinstance(value, Written):
        text = _checked(page, value, address, line)
        if text is None:
            return None
        params = _params(text)
        return Sentence(
            address, text, params=params, button=button, confirm=confirm, grade=grade,
            at=(page.file, line),
        )  # fmt: skip
    part = as_section(page, value, f"sentence '{address}'", keys, line, "text")
    plural = None
    if isinstance(part.get("text"), Written):
        forms = as_section(
            page, part.get("text"), f"the text of '{address}'", frozenset({"one", "other"}),
            line, "one", "other",
        )  # fmt: skip
        text = _checked(page, forms.get("one"), address, line) if "one" in forms else None
        plural = _checked(page, forms.get("other"), address, line) if "other" in forms else None
        if "count" not in part:
            part.wrong(f"sentence '{address}' has two forms and no count", "add `count: <name>`")
    else:
        text = _checked(page, part.get("text"), address, line) if "text" in part else None
        if "count" in part:
            right = "write `text: {one: ..., other: ...}` or leave the count out"
            part.wrong(f"sentence '{address}' has a count and one form", right, "count")
    if text is None:
        return None
    return Sentence(
        address=address,
        text=text,
        plural=plural,
        count=part.text("count"),
        params=tuple(dict.fromkeys((*_params(text), *_params(plural or "")))),
        button=button or ("button" in keys and part.flag("button")),
        translators=part.text("translators"),
        source=part.text("source"),
        grade=part.word("grade", GRADES, grade),
        confirm=part.word("confirm", CONFIRM, confirm),
        when=condition_of(part, "when") if "when" in keys else None,
        at=(page.file, line),
    )


def _checked(page: Page, value: object, address: str, line: int) -> str | None:
    """A text without faults of form, or None."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        page.wrong(line, f"sentence '{address}' has no text", 'write it in quotes: "..."')
        return None
    text = value.strip()
    for stray in re.finditer("%", _PLACEHOLDER.sub("", text)):
        around = _PLACEHOLDER.sub("", text)[stray.start() : stray.start() + 12]
        right = "write %(name)s for a value and %% for a per cent sign"
        page.wrong(line, f"sentence '{address}' has a stray '{around}'", right)
    return text


def _params(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in _PLACEHOLDER.findall(text) if name))


def part_sentence(
    part: Section, key: str, address: str, *, button: bool = False
) -> Sentence | None:
    """The sentence under `key` of a mapping, or None if there is none."""
    if key not in part:
        return None
    return sentence(part.page, part.get(key), address, part.at(key)[1], button=button)


def sentences(
    part: Section, key: str, prefix: str, confirm: str | None = None, grade: str | None = None
) -> tuple[Sentence, ...]:
    """The named sentences under `key`, in their order, each with its own condition."""
    found = (
        sentence(
            part.page, value, f"{prefix}.{name}", line, keys=SENTENCE, confirm=confirm, grade=grade
        )
        for name, value, line in part.named(key, "a sentence")
    )
    return tuple(one for one in found if one is not None)


# ---------------------------------------------------------------- conditions


def condition_of(part: Section, key: str = "when") -> Condition | None:
    """The condition under `key` of a mapping, or None if there is none."""
    if key not in part:
        return None
    return condition(part.page, part.get(key), part.at(key)[1])


def condition(page: Page, value: object, line: int) -> Condition | None:
    """A condition in its normal form (see `Condition`), or None with a fault."""
    names: set[str] = set()
    raw = _raw(page, value, line, names)
    return None if raw is None else Condition(raw, frozenset(names), (page.file, line))


def both(first: Condition | None, second: Condition | None) -> Condition | None:
    """The condition that both hold; None always holds."""
    if first is None or second is None:
        return first or second
    return Condition(("all", (first.raw, second.raw)), first.names | second.names, second.at)


def _raw(page: Page, value: object, line: int, names: set[str]) -> tuple[object, ...] | None:
    if not isinstance(value, Written) or not value:
        page.wrong(line, "this condition is no mapping of names", "write {name: word}")
        return None
    items: list[tuple[object, ...]] = []
    for key, inner in value.items():
        at = value.lines[key]
        if key in ("any", "all"):
            parts = inner if isinstance(inner, WrittenList) else []
            if not parts:
                page.wrong(at, f"'{key}' has no list of conditions", f"write {key}: [{{...}}]")
            found = [_raw(page, part, at, names) for part in parts]
            items.append((key, tuple(one for one in found if one is not None)))
        elif key == "not":
            negated = _raw(page, inner, at, names)
            if negated is not None:
                items.append(("not", negated))
        elif NAME.match(key) or RULE_NAME.match(key):
            names.add(key)
            items.append(("is", key, _condition_words(page, key, inner, at)))
        else:
            right = "write a question, a deadline, an amount, a rule or a fact; or any, all, not"
            page.wrong(at, f"'{key}' is no name that a condition can read", right)
    return items[0] if len(items) == 1 else ("all", tuple(items))


def _condition_words(page: Page, name: str, value: object, line: int) -> frozenset[str]:
    words = set()
    for word in value if isinstance(value, WrittenList) else [value]:
        if isinstance(word, bool):
            right = "write yes or no" if "." not in name else "write on or off"
            page.wrong(line, f"'{name}' is never {str(word).lower()}", right)
        elif isinstance(word, str | int):
            words.add(str(word))
        else:
            page.wrong(line, f"'{name}' has no word here", "write {name: word} or [word, word]")
    return frozenset(words)


def branches(part: Section) -> tuple[Branch, ...]:
    """The branches under `next`, from the top."""
    found = []
    for value, line in part.list_of("next"):
        what = f"a branch of {part.what}"
        branch = as_section(part.page, value, what, frozenset({"when", "go"}), line, "go")
        if go := branch.text("go"):
            found.append(Branch(condition_of(branch), go, (part.page.file, line)))
    return tuple(found)


# ---------------------------------------------------------------- questions


def options(
    part: Section, prefix: str, sets: Mapping[str, tuple[Option, ...]], key: str = "options"
) -> tuple[Option, ...]:
    """The options under `key`: written here, or a set of shared/answers.yaml by `use`."""
    value = part.get(key)
    if isinstance(value, Written) and list(value) == ["use"]:
        name = str(value["use"])
        if name not in sets:
            what = f"no set of answers is called '{name}'"
            part.wrong(what, one_of(name, sets), key)
        return sets.get(name, ())
    return tuple(option_set(part.section(key, f"'{key}' of {part.what}"), prefix))


def option_set(part: Section, prefix: str) -> list[Option]:
    """Each option of a mapping id -> label or {text, ja, group, translators}."""
    found = []
    for name, value, line in part.names("an option"):
        address = f"{prefix}.{name}"
        ja = group = None
        if isinstance(value, Written):
            long = as_section(part.page, value, f"option '{address}'", OPTION, line, "text")
            ja, group = long.text("ja"), long.text("group")
            value = Written(line)
            value.update({k: v for k, v in long.written.items() if k in ("text", "translators")})
            value.lines = long.written.lines
        label = sentence(part.page, value, address, line, button=True)
        if label is not None:
            found.append(Option(name, label, ja, group))
    return found


def question(
    page: Page,
    value: object,
    name: str,
    line: int,
    prefix: str,
    sets: Mapping[str, tuple[Option, ...]],
    *,
    keys: frozenset[str] = ASKED,
) -> Question | None:
    """A question written in full; `prefix` begins the addresses of its sentences."""
    part = as_section(page, value, f"question '{name}'", keys, line, "kind", "ask")
    kind = part.word("kind", KINDS)
    ask = _asked(part, prefix)
    if kind is None or ask is None:
        return None
    groups = []
    for group, text, at in part.named("groups", "a group"):
        label = sentence(page, text, f"{prefix}.groups.{group}", at, button=True)
        if label is not None:
            groups.append((group, label))
    return Question(
        name=name,
        kind=_kind(kind),
        ask=ask,
        next=branches(part),
        options=options(part, prefix, sets),
        table=part.word("table", frozenset({"statuses"})),
        groups=tuple(groups),
        only_if=only_if(part, prefix),
        not_before=part.text("not_before"),
        not_after=part.text("not_after"),
        default=part.text("default"),
        unit=part.text("unit"),
        bands=bands(part, kind),
        note=part_sentence(part, "note", f"{prefix}.note"),
        why=part_sentence(part, "why", f"{prefix}.why"),
        on_card=part_sentence(part, "on_card", f"{prefix}.on_card"),
        at=(page.file, line),
    )


def used_question(
    page: Page,
    value: object,
    name: str,
    line: int,
    prefix: str,
    shared: Mapping[str, Question],
) -> Question | None:
    """A shared question in a flow; what is written beside `use` replaces the shared words."""
    part = as_section(page, value, f"question '{name}'", USED, line, "use")
    base = shared.get(str(part.get("use")))
    if base is None:
        what = f"no shared question is called '{part.get('use')}'"
        part.wrong(what, one_of(str(part.get("use")), shared), "use")
        return None
    if base.name != name:
        what = f"the shared question '{base.name}' is called '{name}' here"
        part.wrong(what, f"a shared question keeps its name: {base.name}: {{use: {base.name}}}")
        return None
    changes: dict[str, object] = {"next": branches(part), "at": (page.file, line)}
    if "ask" in part:
        changes["ask"] = _asked(part, prefix) or base.ask
    for key in ("note", "why", "on_card"):
        if key in part:
            changes[key] = part_sentence(part, key, f"{prefix}.{key}")
    if "only_if" in part:
        changes["only_if"] = only_if(part, prefix)
    for key in ("not_before", "not_after", "default"):
        if key in part:
            changes[key] = part.text(key)
    if "bands" in part:
        changes["bands"] = bands(part, base.kind)
    return replace(base, **changes)  # type: ignore[arg-type]


def _asked(part: Section, prefix: str) -> Sentence | None:
    ask = part_sentence(part, "ask", f"{prefix}.ask")
    if ask is not None and "translators" in part:
        return replace(ask, translators=part.text("translators"))
    return ask


def _kind(word: str) -> QuestionKind:
    kinds: dict[str, QuestionKind] = {
        "choice": "choice", "several": "several", "date": "date",
        "number": "number", "text": "text", "place": "place",
    }  # fmt: skip
    return kinds[word]


def only_if(part: Section, prefix: str) -> dict[str, Sentence]:
    """Per word, the sentence under which a paper is listed while the answer is not known."""
    found = {}
    for word, text, line in part.named("only_if", "a word"):
        one = sentence(part.page, text, f"{prefix}.only_if.{word}", line)
        if one is not None:
            found[word] = one
    return found


def bands(part: Section, kind: str) -> tuple[tuple[str, Mapping[str, object]], ...]:
    """The named ranges of a number or date, tried in order; the last is open (`~`)."""
    found: list[tuple[str, Mapping[str, object]]] = []
    limits: tuple[str, ...] = BAND_LIMITS.get(kind, ())
    if "bands" in part and not limits:
        part.wrong(f"{part.what} is a {kind} and has bands", "leave them out", "bands")
        return ()
    rows = list(part.named("bands", "a band"))
    for index, (name, value, line) in enumerate(rows, 1):
        last = index == len(rows)
        if (value is None) != last:
            right = "write ~ for the last band only: it takes all that is left"
            what = f"band '{name}' of {part.what} {'ends' if last else 'is open'}"
            part.page.wrong(line, what, right)
            continue
        if value is None:
            found.append((name, {}))
            continue
        limit = as_section(part.page, value, f"band '{name}'", frozenset(limits), line)
        if len(limit.written) != 1:
            limit.wrong(f"band '{name}' needs one limit", f"write {{{limits[0]}: ...}}")
            continue
        key, end = next(iter(limit.written.items()))
        found.append((name, {key: _limit(part.page, kind, name, end, line)}))
    return tuple(found)


def _limit(page: Page, kind: str, name: str, end: object, line: int) -> object:
    """The end of a band: a number or a day, or the name of a rule."""
    if isinstance(end, str) and RULE_NAME.match(end):
        return end
    if kind == "number" and isinstance(end, int | float) and not isinstance(end, bool):
        return end
    if kind == "date" and (day := as_day(end)) is not None:
        return day
    what = "a number" if kind == "number" else "a day (YYYY-MM-DD)"
    page.wrong(line, f"band '{name}' ends at {end!r}", f"write {what} or the name of a rule")
    return end
