"""The stories of tests/flows: people with their answers on a day, and what they must be told.

They are the proof of the content, and are read here by the tests, by the count of what no story
asserts, and by the table of mended errors. A story belongs to a flow, a topic, a safety answer
(`flow:`) or to a life event (`event:`, in the folder `events`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.flow.engine import Engine
from bot.flow.faults import Fault, WrongContent
from bot.flow.model import NotAnAnswer, Progress
from bot.flow.yaml_reader import Written, WrittenList, read_yaml


class DoesNotFit(ValueError):
    """A story whose answers its flow does not take, or takes and does not use."""


@dataclass(frozen=True, slots=True)
class Story:
    """One story as written, with the name of its file (without `.yaml`) and its line."""

    file: str
    line: int
    written: dict[str, Any]

    @property
    def title(self) -> str:
        return f"{self.file}: {self.written.get('name', 'a story without a name')}"

    @property
    def flow(self) -> str:
        """The flow, topic, safety answer or event that it tells of."""
        return str(self.written.get("event") or self.written.get("flow"))

    @property
    def is_event(self) -> bool:
        return "event" in self.written

    @property
    def today(self) -> date:
        return date.fromisoformat(str(self.written["today"]))

    @property
    def answered_on(self) -> date:
        """The day on which the answers were given, when the person comes back later."""
        return date.fromisoformat(str(self.written.get("answered_on") or self.today))

    def names(self, key: str) -> tuple[str, ...]:
        """The names under `key`; one name alone is a list of one."""
        value = self.written.get(key, ())
        return (value,) if isinstance(value, str) else tuple(value or ())


def read_stories(folder: Path) -> tuple[Story, ...]:
    """All stories under `folder` (flows and topics) and `folder`/events."""
    found: list[Story] = []
    for path in (*sorted(folder.glob("*.yaml")), *sorted((folder / "events").glob("*.yaml"))):
        name = path.relative_to(folder).with_suffix("").as_posix()
        data = read_yaml(path, path.name)
        if not isinstance(data, WrittenList):
            raise WrongContent([Fault(path.name, 0, "this is no list", "begin stories with '-'")])
        for item, line in zip(data, data.lines, strict=True):
            if not isinstance(item, Written):
                raise WrongContent(
                    [Fault(path.name, line, "this is no story", "write `name: ...`")]
                )
            found.append(Story(name, line, dict(item)))
    return tuple(found)


def walk(engine: Engine, story: Story) -> Progress:
    """Where the answers of a story lead; raises DoesNotFit unless every one is used."""
    today, given_on = story.today, story.answered_on
    if engine.flow(story.flow) is None:
        raise DoesNotFit(f"nothing is called {story.flow!r}")
    progress = engine.replay(story.flow, (), given_on)
    for name, raw in dict(story.written["answers"]).items():
        after = engine.answer(story.flow, progress.answers, name, canonical(raw), given_on)
        if isinstance(after, NotAnAnswer):
            raise DoesNotFit(f"{name}: {raw!r} is refused: {after}")
        if after.dropped:
            raise DoesNotFit(f"{name} is not used, or drops {after.dropped}")
        progress = after
    return progress if given_on == today else engine.replay(story.flow, progress.answers, today)


def canonical(raw: Any) -> Any:
    """An answer as the engine takes it: lists and mappings become plain values."""
    if isinstance(raw, dict):
        return dict(raw)
    if isinstance(raw, list):
        return tuple(raw)
    return raw


def short_name(address: str, outcome: str | None) -> str:
    """The end of an address without its outcome: `sentence`, or `step.sentence`."""
    return address.rpartition("/")[2].removeprefix(f"{outcome}.")


def short_names(addresses: Iterable[str], outcome: str | None) -> set[str]:
    return {short_name(address, outcome) for address in addresses}
