"""What no story proves: branches, papers, sentences and sides of dated rules without a story.

Every flow is taken apart into items. A walk makes some of them hold (a branch is taken, a paper
is listed for certain, a sentence is said); a story proves those of them that it also asserts:
sentences by `says`, papers by `documents`, `maybe` and `not_documents`, handoffs by `handoff`,
further procedures by `follow_ups`, duties by `steps`, fees by `fee`. A branch is proved by being
walked. A value of a rule that changes is proved by a story on a day on which it holds, if the
story asserts something that rests on the rule.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.flow.coverage_parts import Item, Key, Parts
from bot.flow.engine import Engine
from bot.flow.model import Library
from bot.flow.stories import DoesNotFit, Story
from bot.flow.ways import Way

WALKS = 2000
"""Walks in which an example is looked for."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the stories of one flow prove. `missing` has, per item without a story, an example of
    a walk in which it holds (None: none was found). `unsaid` are those of them that hold in a
    story, which only does not assert them. `misfits` are stories that its answers do not fit.
    `never` are papers that were not found to be left open or left out in any walk, and lines that
    were not found to head one."""

    flow: str
    items: tuple[Item, ...]
    missing: Mapping[Item, Way | None]
    misfits: tuple[str, ...] = ()
    never: tuple[Item, ...] = ()
    unsaid: Mapping[Item, str] = field(default_factory=dict)


def coverage_of(
    engine: Engine, flow_id: str, stories: Iterable[Story], *, walks: int = WALKS
) -> Coverage:
    """What the stories prove of one flow, topic, safety answer or event."""
    parts = Parts(engine, flow_id)
    proved: set[Key] = set()
    held: dict[Key, str] = {}
    misfits = []
    for story in stories:
        if story.flow != flow_id:
            continue
        try:
            asserted, holding = parts.proved_by(story)
            proved |= asserted
            held |= {key: story.title for key in holding - asserted if key not in held}
        except DoesNotFit as error:
            misfits.append(f"{story.title}: {error}")
    items = tuple(parts.items())
    missing = {item: None for item in items if item.key not in proved}
    examples = parts.examples_of(missing, walks)
    never = tuple(item for item in missing if item.can_be_idle and item not in examples)
    return Coverage(
        flow_id,
        items,
        {item: examples.get(item) for item in missing if item not in never},
        tuple(misfits),
        never,
        {item: held[item.key] for item in missing if item.key in held},
    )


def coverage_json(found: Iterable[Coverage]) -> dict[str, Any]:
    """What is missing as JSON-safe data; its keys are a promise to those who read it."""
    every = list(found)
    return {
        "flows": {
            one.flow: {"items": len(one.items), "missing": len(one.missing)} for one in every
        },
        "missing": [
            {
                "flow": one.flow,
                "file": item.at[0],
                "line": item.at[1],
                "kind": item.kind,
                "name": item.name,
                "side": item.side or None,
                "when": item.when,
                "example": None if way is None else str(way),
                "story": one.unsaid.get(item),
            }
            for one in every
            for item, way in one.missing.items()
        ],
        "never": [f"{one.flow}: {item}" for one in every for item in one.never],
        "misfits": [line for one in every for line in one.misfits],
    }


def coverage_lines(found: Iterable[Coverage]) -> Iterator[str]:
    """What is missing, for reading: each item with an example, and a count for each flow."""
    for one in found:
        for misfit in one.misfits:
            yield f"{one.flow}: this story does not fit: {misfit}"
        for item, way in one.missing.items():
            yield str(item)
            if item in one.unsaid:
                yield f"    holds in the story '{one.unsaid[item]}', which does not assert it"
            elif way is not None:
                yield f"    for example {way}"
            elif item.kind != "rule":
                yield "    no walk was found in which it holds"
        yield f"{one.flow}: {len(one.missing)} of {len(one.items)} have no story."


def everything_to_prove(library: Library) -> Iterator[str]:
    """The ids of all that must have stories, in the order of the content."""
    yield from (flow.id for flow in library.all_flows)
    yield from library.events
