"""What is kept of one conversation: answers, not positions.

The open question is never stored; every turn replays the answers through the flow. The
whole value is JSON-safe (`to_json`, `from_json`) and is stored encrypted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bot.flow.model import Answer, Value

BOT, WAITING, HUMAN = "bot", "waiting", "human"
PAST_WALKS = 5
HEARD = 30


@dataclass(frozen=True, slots=True)
class Walk:
    """The answers of one flow, in order, and the fingerprint they were given under.

    `told` is the outcome that the person was last told, `told_on` the day of it: when time
    or the law moves the answer, that is said.
    """

    flow: str
    fingerprint: str
    answers: tuple[Answer, ...] = ()
    told: str | None = None
    told_on: date | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """One person's conversation.

    `language` is the tag that the person chose; `guess` comes from the profile and is used
    until then. `walk` is the flow in progress or its result; `past` holds the flows before
    it, newest first. `known` are answers to shared questions, which belong to the person.
    `choices` are the taps behind the numbers shown last. `pending` is a question that is
    open beside the walk, as (name, data): ("change", question) asks an old one again,
    ("several", "question=a,b") collects, ("municipality", "question=13"), ("delete", "").
    `told` is what a free text said beside its subject ("date", "status", "place"): offered as the
    answer when such a question comes, until one is answered. `heard` maps the person's message
    ids to "flow/question" (for unsend). `owner` is who speaks (`dialogue/handoff.py`); `intake` is
    what the person wants passed on to the office; `acknowledged` and `opening_told` are what was
    said in this handoff already: that a message arrived, and which opening of the office.
    """

    language: str | None = None
    guess: str | None = None
    owner: str = BOT
    notice: str | None = None
    walk: Walk | None = None
    past: tuple[Walk, ...] = ()
    known: Mapping[str, Value] = field(default_factory=dict)
    told: Mapping[str, Value] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    pending: tuple[str, str] | None = None
    failures: int = 0
    last_day: date | None = None
    heard: tuple[tuple[str, str], ...] = ()
    intake: Mapping[str, Value] = field(default_factory=dict)
    acknowledged: bool = False
    opening_told: str | None = None

    def open_walk(self, walk: Walk) -> "Conversation":
        """The same conversation with `walk` in front; the walk before it is kept."""
        if self.walk is walk:
            return self
        if self.walk is not None and self.walk.flow == walk.flow:
            return replace(self, walk=walk)
        others = [old for old in (self.walk, *self.past) if old and old.flow != walk.flow]
        return replace(self, walk=walk, past=tuple(others[:PAST_WALKS]), pending=None)

    def walk_of(self, flow_id: str) -> Walk | None:
        """The kept walk of that flow, current or past."""
        return next((w for w in (self.walk, *self.past) if w and w.flow == flow_id), None)


def to_json(conversation: Conversation) -> dict[str, Any]:
    """The conversation as plain JSON data; empty fields are left out."""
    whole = {
        "language": conversation.language,
        "guess": conversation.guess,
        "owner": conversation.owner,
        "notice": conversation.notice,
        "walk": _walk_out(conversation.walk) if conversation.walk else None,
        "past": [_walk_out(walk) for walk in conversation.past],
        "known": dict(conversation.known),
        "told": dict(conversation.told),
        "choices": list(conversation.choices),
        "pending": list(conversation.pending) if conversation.pending else None,
        "failures": conversation.failures,
        "last_day": conversation.last_day.isoformat() if conversation.last_day else None,
        "heard": [list(pair) for pair in conversation.heard],
        "intake": dict(conversation.intake),
        "acknowledged": conversation.acknowledged,
        "opening_told": conversation.opening_told,
    }
    return {name: value for name, value in whole.items() if value}


def from_json(stored: Mapping[str, Any]) -> Conversation:
    """The conversation that `to_json` wrote; unknown keys of a newer version are ignored."""
    pending = stored.get("pending")
    day = stored.get("last_day")
    return Conversation(
        language=stored.get("language"),
        guess=stored.get("guess"),
        owner=stored.get("owner", BOT),
        notice=stored.get("notice"),
        walk=_walk_in(stored["walk"]) if stored.get("walk") else None,
        past=tuple(_walk_in(walk) for walk in stored.get("past", ())),
        known={name: _value_in(value) for name, value in stored.get("known", {}).items()},
        told={name: _value_in(value) for name, value in stored.get("told", {}).items()},
        choices=tuple(stored.get("choices", ())),
        pending=(pending[0], pending[1]) if pending else None,
        failures=stored.get("failures", 0),
        last_day=date.fromisoformat(day) if day else None,
        heard=tuple((one, two) for one, two in stored.get("heard", ())),
        intake={name: _value_in(value) for name, value in stored.get("intake", {}).items()},
        acknowledged=stored.get("acknowledged", False),
        opening_told=stored.get("opening_told"),
    )


def _walk_out(walk: Walk) -> dict[str, Any]:
    return {
        "flow": walk.flow,
        "fingerprint": walk.fingerprint,
        "answers": [[a.name, a.value, a.day.isoformat()] for a in walk.answers],
        "told": walk.told,
        "told_on": walk.told_on.isoformat() if walk.told_on else None,
    }


def _walk_in(stored: Mapping[str, Any]) -> Walk:
    told_on = stored.get("told_on")
    return Walk(
        flow=stored["flow"],
        fingerprint=stored["fingerprint"],
        answers=tuple(
            Answer(name, _value_in(value), date.fromisoformat(day))
            for name, value, day in stored["answers"]
        ),
        told=stored.get("told"),
        told_on=date.fromisoformat(told_on) if told_on else None,
    )


def _value_in(value: Any) -> Value:
    return tuple(value) if isinstance(value, list) else value
