"""People who talk with the pure conversation and read real messages: no network, no database.

Every message they are sent is judged as LINE would judge it, by all three judges: the limits of
bot/line, the simulator's rules, and LINE's own API documents where they are at hand.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from openapi import reply_judge
from wholes import ROOT, actions_of, catalogue, library, texts_of

from bot.dialogue.answering import open_question
from bot.dialogue.conversation import Conversation, from_json, to_json
from bot.dialogue.events import Event, PickedDate, Said, SentLocation, Tapped
from bot.dialogue.replies import Reply
from bot.dialogue.turn import NOTICE_VERSION, take_turn
from bot.dialogue.understood import NOTHING, Understood
from bot.dialogue.world import World
from bot.flow.engine import Engine
from bot.flow.model import Answer, Flow, Question, Solution
from bot.i18n.locales import BY_TAG
from bot.line import limits
from bot.line.incoming import TOKYO
from bot.line.outgoing import to_messages
from bot.simulator.rules import problems

Message = dict[str, Any]
LINKS = {
    "export": "https://bot.example/export/" + "x" * 43,
    "calendar": "https://bot.example/calendar/" + "x" * 43 + "?openExternalBrowser=1",
}
_OPENAPI = ROOT.parent / "shared" / "line-openapi"
HAS_OPENAPI = (_OPENAPI / "messaging-api.yml").is_file()
_UNFILLED = re.compile(r"%\(|\{\w*\}")
_PYTHON = re.compile(
    r"\bNone\b(?! of )|\b(?:True|False|nan)\b(?! [a-z])|datetime\.|frozenset|Sentence\("
)
ENGINE = Engine(library())
SECOND_ENGINE = Engine(library())
TAGS = catalogue().offered


def judge(messages: Sequence[Message]) -> None:
    """AssertionError when LINE would refuse them, or when they show a program's words."""
    assert limits.faults(list(messages)) == []
    body = {"replyToken": "0123456789abcdef" * 2, "messages": list(messages)}
    assert problems("reply", body) == ()
    if HAS_OPENAPI:
        faults = [
            f"{error.instance_path}: {error.message}"[:300]
            for error in reply_judge(_OPENAPI).iter_errors(body)
        ]
        assert faults == []
    for text in texts_of(list(messages)):
        assert text.strip(), "an empty text"
        assert not _UNFILLED.search(text), f"a placeholder stayed: {text[:200]}"
        assert not _PYTHON.search(text), f"a value of the program is shown: {text[:200]}"


def spoken(replies: Sequence[Reply], tag: str) -> list[Message]:
    """The messages of these replies in that language, judged."""
    messages = to_messages(replies, catalogue().voice(tag), LINKS)
    judge(messages)
    return messages


@dataclass
class Reader:
    """One conversation on one day in one language; `messages` are those of the last turn."""

    today: date
    tag: str
    conversation: Conversation = field(init=False)
    messages: list[Message] = field(default_factory=list)
    replies: tuple[Reply, ...] = ()
    turns: int = 0

    def __post_init__(self) -> None:
        self.conversation = Conversation(language=self.tag, notice=NOTICE_VERSION)

    def world(self, understood: Understood = NOTHING) -> World:
        now = datetime(self.today.year, self.today.month, self.today.day, 12, tzinfo=TOKYO)
        languages = tuple((tag, BY_TAG[tag].native) for tag in TAGS)
        return World(ENGINE, library(), self.today, now, languages, understood)

    def meets(self, event: Event, understood: Understood = NOTHING) -> list[Message]:
        stored = from_json(to_json(self.conversation))
        assert stored == self.conversation, "what is stored is not what comes back"
        turn = take_turn(stored, event, self.world(understood))
        self.conversation, self.replies = turn.conversation, turn.replies
        assert turn.replies or self.conversation.owner != "bot", "silence"
        if turn.replies:  # while a person answers the bot is silent, and the old buttons stay
            self.messages = spoken(turn.replies, self.tag)
        self.turns += 1
        return self.messages

    def _place(self) -> dict[str, Any]:
        at = datetime(self.today.year, self.today.month, self.today.day, 12, tzinfo=TOKYO)
        return {"id": f"e{self.turns}", "at": at}

    def taps(self, data: str) -> list[Message]:
        assert data.isascii()
        assert len(data) <= 300
        return self.meets(Tapped(**self._place(), data=data))

    def picks(self, data: str, day: date) -> list[Message]:
        return self.meets(PickedDate(**self._place(), data=data, day=day))

    def types(self, text: str) -> list[Message]:
        return self.meets(Said(**self._place(), text=text, message_id=f"m{self.turns}"))

    def sends_place(self, place: dict[str, str | None]) -> list[Message]:
        event = SentLocation(
            **self._place(), message_id="m", address="x", title=None, latitude=0, longitude=0
        )
        return self.meets(event, Understood(place=place))

    @property
    def actions(self) -> list[dict[str, Any]]:
        return actions_of(self.messages)

    @property
    def taps_offered(self) -> list[str]:
        return [a["data"] for a in self.actions if a["type"] == "postback"]

    @property
    def open(self) -> tuple[Flow, Question] | None:
        return open_question(self.conversation, self.world())

    @property
    def place(self) -> tuple[str | None, ...]:
        """Where the walk stands: the flow, and its question or outcome."""
        walk = self.conversation.walk
        if walk is None:
            return (None,)
        progress = ENGINE.replay(walk.flow, walk.answers, self.today)
        return walk.flow, progress.question, progress.outcome

    @property
    def answers(self) -> tuple[Answer, ...]:
        return self.conversation.walk.answers if self.conversation.walk else ()

    @property
    def solution(self) -> Solution:
        assert self.conversation.walk is not None
        return ENGINE.solve(self.conversation.walk.flow, self.answers, self.today)

    # ------------------------------------------------------------ a random person

    def answers_somehow(self, chance: random.Random) -> None:
        """Some answer to the open question, by the means that the messages offer."""
        opened = self.open
        assert opened is not None
        flow, question = opened
        mine = [data for data in self.taps_offered if data[:2] in ("a:", "g:")]
        assert mine, f"{flow.id}/{question.name} offers nothing to tap"
        if chance.random() < 0.85:
            match question.kind:
                case "date":
                    return self._picks_somehow(chance)
                case "number":
                    self.types(str(chance.choice((0, 1, 3, 14, 15, 16, 20, 60, 120))))
                    return None
                case "text":
                    self.types(chance.choice(("Nepal", "ネパール", "Việt Nam 👨‍👩‍👧", "x" * 150)))
                    return None
                case "place" if self.conversation.pending is None:
                    prefecture = f"{chance.randrange(1, 48):02}"
                    self.sends_place({"prefecture": prefecture, "municipality": None})
                    return None
        self.taps(chance.choice(mine))
        return None

    def _picks_somehow(self, chance: random.Random) -> None:
        pickers = [a for a in self.actions if a["type"] == "datetimepicker"]
        assert pickers, "a date is asked for, and there is no picker"
        near = chance.choice(((-20, 20), (-100, 100), (-800, 400), (-3, 3)))
        day = self.today + timedelta(days=chance.randint(*near))
        first = date.fromisoformat(pickers[0].get("min", "1900-01-01"))
        last = date.fromisoformat(pickers[0].get("max", "2100-12-31"))
        self.picks(pickers[0]["data"], min(max(day, first), last))

    def goes_back_and_forward(self) -> None:
        """One question back, the same answer once more: the same place, the same words."""
        before, said, answers = self.place, self.messages, self.answers
        walked = ENGINE.replay(str(before[0]), answers, self.today).walked
        last = answers[walked - 1]
        self.taps("r:back")
        assert self.place[1] == last.name, "back does not lead to the question before"
        flow = self.world().flow(str(before[0]))
        assert flow is not None
        again = f"a:{flow.id}:{flow.fingerprint}:{last.name}:{_in_a_button(last.value)}"
        if not again.isascii():
            self.types(str(last.value))
        else:
            self.taps(again)
        if self.conversation.pending and self.conversation.pending[0] == "municipality":
            self.taps(again)
        assert self.place == before
        assert self.answers == answers
        assert texts_of(self.messages) == texts_of(said)

    def walks(self, flow_id: str, chance: random.Random) -> None:
        """From the menu to a result, with doubts on the way; refused answers are given up."""
        self.taps(f"o:{flow_id}")
        flow = self.world().flow(flow_id)
        assert flow is not None
        for step in range(4 * (len(flow.questions) + 2)):
            if self.place[2] is not None and self.conversation.pending is None:
                return
            assert "r:human" in self.taps_offered, "no way to a person"
            walked = ENGINE.replay(flow_id, self.answers, self.today).walked
            is_plain = self.conversation.pending is None and not self.conversation.failures
            if walked and is_plain and chance.random() < 0.25:
                self.taps("c:" + flow_id + ":" + self.answers[0].name)
                self.taps("r:back")
                self.goes_back_and_forward()
            if self.conversation.failures >= 2 or step > 3 * len(flow.questions):
                opened = self.open
                assert opened is not None
                self.taps(f"a:{flow.id}:{flow.fingerprint}:{opened[1].name}:unsure")
            else:
                self.answers_somehow(chance)
        raise AssertionError(f"no exit from {flow_id} at {self.place}")

    def looks_around(self, chance: random.Random) -> None:
        """What the result leads on to: its text form, my answers, a finer answer."""
        result = texts_of(self.messages)
        solution = self.solution
        again = SECOND_ENGINE.solve(solution.flow, self.answers, self.today)
        assert again == solution, "the same answers and day give another result"
        for tap in ("r:text", "r:answers"):
            if tap in self.taps_offered:
                self.taps(tap)
                self.taps("r:continue")
                assert texts_of(self.messages) == result
        finer = [t for t in self.taps_offered if t == "r:refine" or t.startswith("c:")]
        for tap in chance.sample(finer, min(2, len(finer))):
            self.taps(tap)
            for _ in range(6):
                if self.open is None:
                    break
                self.answers_somehow(chance)
            self.taps("r:continue")
            assert self.place[0] == solution.flow


def _in_a_button(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(value) + ","
    if isinstance(value, dict):
        return f"{value['prefecture']}-{value['municipality'] or 'none'}"
    return str(value)
