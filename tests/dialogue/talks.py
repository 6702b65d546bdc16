"""A person who talks with the pure conversation: no channel, no language, no database."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.dialogue.conversation import Conversation, from_json, to_json
from bot.dialogue.events import Event, PickedDate, Said, Tapped
from bot.dialogue.replies import Ask, Button, ListOfAnswers, Paragraphs, Reply, Result, Say
from bot.dialogue.requests import Request
from bot.dialogue.turn import NOTICE_VERSION, take_turn
from bot.dialogue.understood import NOTHING, Understood
from bot.dialogue.world import World
from bot.flow.engine import Engine
from bot.flow.load import load_library
from bot.flow.model import Library

FLOWS = Path(__file__).parents[2] / "flows"
TOKYO = ZoneInfo("Asia/Tokyo")
LANGUAGES = (("en", "English"), ("ja", "日本語"), ("vi", "Tiếng Việt"))


@cache
def library() -> Library:
    return load_library(FLOWS)


@cache
def engine() -> Engine:
    return Engine(library())


def at(day: date) -> datetime:
    return datetime.combine(day, time(12), TOKYO)


@dataclass
class Person:
    """Says and taps; `replies` and `requests` are those of the last turn."""

    today: date = date(2026, 11, 22)
    conversation: Conversation = field(
        default_factory=lambda: Conversation(language="en", notice=NOTICE_VERSION)
    )
    replies: tuple[Reply, ...] = ()
    requests: tuple[Request, ...] = ()
    open_case: bool = False
    number: int = 0
    log: list[str] = field(default_factory=list)
    hour: time = time(12)
    in_manager: bool = False

    def meets(
        self, event: Event, understood: Understood = NOTHING, quoted: str | None = None
    ) -> "Person":
        world = World(
            engine(), library(), self.today,
            datetime.combine(self.today, self.hour, TOKYO), LANGUAGES, understood, quoted,
            self.open_case, in_manager=self.in_manager,
        )  # fmt: skip
        # What is stored is what comes back: every turn goes through the stored form.
        stored = from_json(to_json(self.conversation))
        assert stored == self.conversation
        turn = take_turn(stored, event, world)
        self.conversation, self.replies, self.requests = (
            turn.conversation, turn.replies, turn.requests,
        )  # fmt: skip
        return self

    def says(
        self, text: str, understood: Understood = NOTHING, quoted: str | None = None
    ) -> "Person":
        self.number += 1
        said = Said(f"e{self.number}", at(self.today), text, f"m{self.number}")
        return self.meets(said, understood, quoted)

    def taps(self, data: str) -> "Person":
        self.number += 1
        return self.meets(Tapped(f"e{self.number}", at(self.today), data))

    def picks(self, day: date) -> "Person":
        button = next(b for b in self.buttons if b.kind == "date")
        self.number += 1
        return self.meets(PickedDate(f"e{self.number}", at(self.today), button.tap, day))

    def answers(self, *options: str) -> "Person":
        """Tap one button after the other, by option id."""
        for option in options:
            button = next((b for b in self.buttons if b.tap.rpartition(":")[2] == option), None)
            assert button, f"{option} is not offered: {[b.tap for b in self.buttons]}"
            self.taps(button.tap)
        return self

    def days_later(self, days: int) -> "Person":
        self.today += timedelta(days=days)
        return self

    @property
    def last(self) -> Reply:
        return self.replies[-1]

    @property
    def buttons(self) -> tuple[Button, ...]:
        last = self.last
        if isinstance(last, Ask):
            return (*last.options, *last.extras)
        assert isinstance(last, (Say, Paragraphs, Result, ListOfAnswers))
        return last.buttons

    @property
    def question(self) -> str | None:
        return self.last.question.name if isinstance(self.last, Ask) else None

    @property
    def outcome(self) -> str | None:
        return self.last.solution.outcome if isinstance(self.last, Result) else None

    @property
    def said(self) -> list[str]:
        """The names of the bot's own sentences in the last turn."""
        found = []
        for reply in self.replies:
            match reply:
                case Say():
                    found.append(reply.text.sentence.address)
                case Paragraphs():
                    found += [text.sentence.address for text in reply.texts]
                case Ask() | Result():
                    found += [text.sentence.address for text in reply.before]
        return [address.removeprefix("talk/") for address in found]


def a_person(**differences: object) -> Person:
    return replace(Person(), **differences)  # type: ignore[arg-type]


def lost_in_japan(person: Person) -> Person:
    """Walk lost-card to its result."""
    person.taps("o:lost-card").answers("lost", "residence", "in_japan")
    person.picks(person.today - timedelta(days=2)).answers("adult", "yes", "unsure")
    return person
