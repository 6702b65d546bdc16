"""Outcomes: what people are told at the end of a path, to whom it belongs, what follows."""

from collections.abc import Mapping

from bot.flow.faults import one_of
from bot.flow.load_parts import CONFIRM, GRADES, condition_of, part_sentence, sentences
from bot.flow.model import Entry, FollowUp, HandoffLine, Outcome, Step
from bot.flow.section import Page, Section, as_section
from bot.flow.yaml_reader import WrittenList

OUTCOME = frozenset({
    "headline", "say", "sources", "authority", "channel", "show", "documents", "steps",
    "follow_ups", "handoff", "start_flow", "confirm", "grade",
})  # fmt: skip
STEP = frozenset({
    "authority", "deadline", "documents", "say", "when", "source", "confirm", "grade",
})  # fmt: skip
AUTHORITIES = frozenset({
    "immigration", "municipality", "airport", "legal-affairs", "mission", "police", "none",
})  # fmt: skip
CHANNELS = frozenset({"counter", "online", "post"})
SHOW = frozenset({"deadlines", "documents", "offices", "fee", "changes"})
LEVELS = frozenset({"none", "offer", "urgent"})


def outcome(
    page: Page,
    value: object,
    name: str,
    line: int,
    prefix: str,
    groups: Mapping[str, tuple[Entry, ...]],
) -> Outcome:
    """An outcome. `groups` are the papers that each name under `documents` stands for."""
    part = as_section(page, value, f"outcome '{name}'", OUTCOME, line)
    confirm, grade = part.word("confirm", CONFIRM), part.word("grade", GRADES)
    address = f"{prefix}/{name}"
    entries = chosen_papers(part, groups)
    return Outcome(
        name=name,
        say=sentences(part, "say", address, confirm, grade),
        sources=part.words("sources"),
        authority=part.words("authority", AUTHORITIES),
        channel=part.words("channel", CHANNELS),
        show=part.words("show", SHOW),
        documents=_ids(entries) if "documents" in part else None,
        entries=frozenset(entries),
        steps=_steps(part, address, groups),
        follow_ups=_follow_ups(part),
        handoff=_handoff(part),
        start_flow=part.text("start_flow"),
        headline=part_sentence(part, "headline", f"{address}.headline"),
        at=(page.file, line),
    )


def chosen_papers(part: Section, groups: Mapping[str, tuple[Entry, ...]]) -> tuple[Entry, ...]:
    """The papers that `documents` of an outcome or step names, each with its group."""
    found: list[Entry] = []
    for name in part.words("documents"):
        if name not in groups:
            what = f"no paper and no group of papers is called '{name}'"
            part.wrong(what, one_of(name, groups), "documents")
        found += groups.get(name, ())
    return tuple(dict.fromkeys(found))


def _ids(entries: tuple[Entry, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for _, name in entries))


def _steps(
    part: Section, address: str, groups: Mapping[str, tuple[Entry, ...]]
) -> tuple[Step, ...]:
    found = []
    for name, value, line in part.named("steps", "a step"):
        one = as_section(part.page, value, f"step '{name}'", STEP, line, "authority", "say")
        source = one.text("source")
        entries = chosen_papers(one, groups)
        found.append(
            Step(
                name=name,
                authority=one.words("authority", AUTHORITIES),
                say=sentences(
                    one, "say", f"{address}.{name}",
                    one.word("confirm", CONFIRM), one.word("grade", GRADES),
                ),
                deadline=one.text("deadline"),
                documents=_ids(entries),
                entries=frozenset(entries),
                when=condition_of(one),
                source=source,
                at=(part.page.file, line),
            )
        )  # fmt: skip
    return tuple(found)


def _follow_ups(part: Section) -> tuple[FollowUp, ...]:
    found = []
    for value, line in part.list_of("follow_ups"):
        one = as_section(part.page, value, "a follow-up", frozenset({"flow", "when"}), line, "flow")
        if goal := one.text("flow"):
            found.append(FollowUp(goal, condition_of(one), (part.page.file, line)))
    return tuple(found)


def _handoff(part: Section) -> tuple[HandoffLine, ...]:
    """One level for all, or lines of which the first that holds decides."""
    if not isinstance(part.get("handoff"), WrittenList):
        level = part.word("handoff", LEVELS)
        return () if level is None else (HandoffLine(level, None, part.at("handoff")),)
    found = []
    for value, line in part.list_of("handoff"):
        one = as_section(
            part.page, value, "a line of handoff", frozenset({"level", "when"}), line, "level"
        )
        if level := one.word("level", LEVELS):
            found.append(HandoffLine(level, condition_of(one), (part.page.file, line)))
    return tuple(found)
