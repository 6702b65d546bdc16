"""What a turn may look at besides the conversation: all of it values or pure rooms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.dialogue.replies import Button
from bot.dialogue.slots import EMPTY, Agenda
from bot.dialogue.understood import NOTHING, Understood
from bot.flow.engine import Engine
from bot.flow.model import Flow, Library, Param, Sentence, Spoken


@dataclass(frozen=True, slots=True)
class World:
    """`today` is the day in Asia/Tokyo; `languages` are (tag, name in its own script) of the
    languages offered; `quoted` is "flow/question" when the person quoted one of our
    questions; `open_case` is true while a case of this person is open at the office. `raw_days` and
    `talk_days`: how long raw messages and the talk are kept. `in_manager`: the office answers in
    LINE's own chat, where the bot sees nothing of it. `agenda`: what of the
    office's time is taken, when the event may be about an appointment."""

    engine: Engine
    library: Library
    today: date
    now: datetime
    languages: tuple[tuple[str, str], ...]
    understood: Understood = NOTHING
    quoted: str | None = None
    open_case: bool = False
    raw_days: int = 7
    talk_days: int = 180
    in_manager: bool = False
    agenda: Agenda = EMPTY

    def say(self, name: str, **params: Param) -> Spoken:
        """One of the bot's own sentences (flows/shared/talk.yaml)."""
        return Spoken(self.library.talk[name], params)

    def button(self, name: str, tap: str, **params: Param) -> Button:
        """A button whose label is one of the bot's own sentences."""
        return Button(Spoken(self.library.talk[name], params), tap)

    def place_name(self, place: Mapping[str, str | None]) -> str:
        """A place as it is read back: the municipality if it is known, else the prefecture."""
        code = place.get("municipality") or place.get("prefecture") or ""
        return self.library.places.get(code, code)

    def municipalities_that_matter(self, prefecture: str) -> tuple[tuple[str, str], ...]:
        """(code, name) of the municipalities whose people may use another office."""
        codes: set[str] = set()
        for office in self.library.offices.values():
            if office.accepts:
                codes |= office.partial.get(prefecture, frozenset())
        named = ((code, self.library.places[code]) for code in sorted(codes))
        return tuple(named)

    def flow(self, flow_id: str) -> Flow | None:
        """The procedure or topic of that id, or the life event as a flow."""
        return self.engine.flow(flow_id)


def verbatim(text: str) -> Spoken:
    """A text that is the same in every language (a name in its own script, a number)."""
    return Spoken(Sentence(address="", text=text))
