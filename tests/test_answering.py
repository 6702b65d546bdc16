"""The desk and the conversation: taking over, answering, closing; and never two voices at once."""

import json
import random
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from houses import Clock, a_house, an_event, an_unsend, keep, settings_for
from sqlalchemy import select

from bot import answering
from bot.answering import Done, NotDone
from bot.briefs import brief_of_case
from bot.carrying_out import Sending
from bot.dialogue.conversation import BOT, HUMAN, WAITING
from bot.dialogue.events import Event, Said
from bot.dialogue.replies import Ask, Paragraphs, Reply, Result, Say
from bot.dialogue.turn import take_turn
from bot.dialogue.understood import Understood
from bot.dialogue.world import World
from bot.flow.engine import Engine
from bot.flow.load import load_library
from bot.flow.model import Library
from bot.handle import handle_batch
from bot.house import House
from bot.line.api import Answer
from bot.line.incoming import TOKYO
from bot.line.send import GiveUp, Rules, Sent, deliver
from bot.store import case_log, cases, conversations, outbox, tables
from bot.store.database import Database
from bot.store.outbox import Ended, Row
from bot.store.owners import Owners
from bot.worker import outgoing

NOON = datetime(2026, 11, 30, 12, tzinfo=TOKYO).timestamp()  # a Monday
MENU, DANGER, GUIDE = "menu", "he hits me", "back to the guide"
UNDERSTOOD = {
    MENU: Understood(decision="menu"),
    DANGER: Understood(safety="violence"),
    GUIDE: Understood(decision="bot-again"),
    "human": Understood(decision="human"),
}
ALLOWED = ("handoff_", "language_changed", "choose_language", "no_last_result", "result:")


@cache
def library() -> Library:
    return load_library(Path(__file__).parents[1] / "flows")


@cache
def engine() -> Engine:
    return Engine(library())


def world(event: Event, _conversation: Any, around: Any) -> World:
    understood = UNDERSTOOD.get(event.text if isinstance(event, Said) else "", Understood())
    return World(
        engine(), library(), around.today, around.now, (("en", "English"), ("ja", "日本語")),
        understood, around.quoted, around.open_case,
    )  # fmt: skip


def addresses(reply: Reply) -> list[str]:
    match reply:
        case Say(text=text):
            return [text.sentence.address.removeprefix("talk/")]
        case Paragraphs(texts=texts):
            return [text.sentence.address.removeprefix("talk/") for text in texts]
        case Ask(question=question):
            return [f"ask:{question.name}"]
        case Result(solution=solution):
            return [f"result:{solution.flow}"]
        case _:
            return [type(reply).__name__]


def to_messages(
    replies: Sequence[Reply], _voice: Any, _links: Mapping[str, str]
) -> list[dict[str, Any]]:
    return [{"type": "text", "text": " ".join(addresses(reply))} for reply in replies]


@dataclass
class Line:
    """LINE: takes everything; keeps who spoke at which call."""

    calls: list[tuple[str, str]] = field(default_factory=list)

    def reply(self, token: str, messages: bytes) -> Answer:
        return self._take("reply", messages)

    def push(self, user_id: str, messages: bytes, key: str) -> Answer:
        return self._take("push", messages)

    def _take(self, kind: str, messages: bytes) -> Answer:
        texts = " | ".join(message["text"] for message in json.loads(messages))
        self.calls.append((kind, texts))
        return Answer(200, b"{}", {})


class Desk:
    """A house with one person who writes, operators, and a worker's steps by hand."""

    def __init__(self, database: Database, at: float = NOON) -> None:
        self.database = database
        self.clock = Clock(at)
        self.house: House = a_house(
            database, self.clock, take_turn=take_turn, world=world, to_messages=to_messages
        )
        self.line = Line()
        self.owners = Owners(database)
        self.in_hand: list[Row] = []

    def says(self, text: str, **more: Any) -> None:
        self.clock.at += 1
        keep(self.database, an_event(text, at=self.clock.at, **more), now=self.clock.at)
        self.think()

    def taps(self, data: str) -> None:
        self.clock.at += 1
        event = an_event("", at=self.clock.at)
        del event["message"]
        tapped = event | {"type": "postback", "postback": {"data": data}}
        keep(self.database, tapped, now=self.clock.at)
        self.think()

    def think(self) -> None:
        handle_batch(self.house, Sending("me", has_room=False), 50, {self.person: "en"})

    def lease(self) -> None:
        with self.database.write() as session:
            rows = outbox.take_due(session, "me", self.clock.at, 50, alone=True)
        held = {row.id for row in self.in_hand}
        self.in_hand += [row for row in rows if row.id not in held]

    def send(self) -> Row | None:
        """Send what was leased first, as a sending thread does."""
        if not self.in_hand:
            return None
        row = self.in_hand.pop(0)
        rules = Rules(
            self.line, self.clock, lambda messages: messages, lambda *_: None,  # type: ignore[arg-type]
            may_speak=lambda m: answering.may_speak(m.row.speaker, self.owners.of(m.person)),
        )  # fmt: skip
        result = deliver(outgoing(row), rules)
        assert isinstance(result, Sent | GiveUp)
        state = outbox.SENT
        if isinstance(result, GiveUp):
            state = outbox.HELD if result.held else outbox.GIVEN_UP
        via = result.via if isinstance(result, Sent) else None
        with self.database.write() as session:
            outbox.mark(session, [Ended(row, state, self.clock.at, via)])
        return row if state == outbox.SENT else None

    def send_all(self) -> list[tuple[str, str]]:
        self.line.calls.clear()
        while True:
            self.lease()
            if not self.in_hand:
                return list(self.line.calls)
            self.send()

    @property
    def person(self) -> str:
        from houses import user

        with self.database.read() as session:
            return session.persons.name(user(1))

    @property
    def owner(self) -> str | None:
        return self.owners.of(self.person)

    @property
    def case(self) -> cases.Case:
        with self.database.read() as session:
            return cases.of_person(session, self.person)[0]

    def asks_for_a_person(self) -> None:
        self.says("hello")
        self.taps("l:en")
        self.says("human")
        self.taps("y:intake-kind:skip-all")
        self.taps("y:intake-consent:yes")

    def log(self) -> list[str]:
        with self.database.read() as session:
            return [one.kind for one in case_log.of_case(session, self.case.id)]


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    database = Database.of(settings_for(database_url, tmp_path))
    desk = Desk(database)
    yield desk
    desk.owners.close()
    database.close()


# ---------------------------------------------------------------- the story


def test_the_whole_story_ask_wait_take_answer_close_and_the_bot_again(desk: Desk):
    desk.asks_for_a_person()
    assert desk.owner == WAITING and desk.case.state == "open" and desk.case.number == 1
    assert desk.send_all()[-1][1] == "handoff_passed_on handoff_open handoff_silent"
    taken = answering.take_over(desk.house, desk.case.id, "ito")
    assert isinstance(taken, Done) and taken.case.operator == "ito" and desk.owner == HUMAN
    desk.says("my wife is in Nepal")
    assert desk.send_all() == [] and desk.case.is_unread and desk.case.waiting_since
    said = answering.say_as_operator(desk.house, desk.case.id, "ito", ["Hello.", "When?"])
    assert isinstance(said, Done) and said.is_free and not desk.case.waiting_since
    assert desk.send_all() == [("reply", "Hello. | When?")]
    again = answering.say_as_operator(desk.house, desk.case.id, "ito", ["Please call."])
    assert isinstance(again, Done) and not again.is_free  # the token works once
    assert desk.send_all() == [("push", "Please call.")]
    over = answering.close(desk.house, desk.case.id, "ito", "answered")
    assert isinstance(over, Done) and desk.owner == BOT
    assert desk.send_all() == [("push", "handoff_over handoff_how_it_went")]
    desk.taps("y:rating:well")
    assert desk.send_all() == [("reply", "handoff_rated | menu")]
    assert desk.log() == ["opened", "owner", "taken", "owner", "closed", "owner", "rated"]
    assert desk.case.reason == "answered"


def test_a_reply_token_is_used_while_it_is_fresh_and_not_after(desk: Desk):
    desk.asks_for_a_person()
    answering.take_over(desk.house, desk.case.id, "ito")
    desk.send_all()
    desk.says("hello?")
    desk.clock.at += 46
    said = answering.say_as_operator(desk.house, desk.case.id, "ito", ["Yes."])
    assert isinstance(said, Done) and not said.is_free
    assert desk.send_all() == [("push", "Yes.")]


def test_the_operators_words_quote_name_and_are_sealed(desk: Desk):
    desk.asks_for_a_person()
    answering.take_over(desk.house, desk.case.id, "ito")
    desk.clock.at += 1
    event = an_event("which photo?", at=desk.clock.at)
    event["message"]["quoteToken"] = "q-token"
    keep(desk.database, event, now=desk.clock.at)
    desk.think()
    done = answering.say_as_operator(
        desk.house, desk.case.id, "ito", ["This one.", {"type": "text", "text": "And this."}],
        quote=event["message"]["id"], name="Ito (office)",
    )  # fmt: skip
    assert isinstance(done, Done)
    with desk.database.read() as session:
        sealed = session.connection.execute(
            select(tables.bodies.c.messages).where(tables.bodies.c.id == done.row_id)
        ).scalar_one()
        messages = json.loads(session.sealer.open(sealed, f"bodies.messages:{done.row_id}"))
    assert b"This one" not in bytes(sealed)
    assert messages == [
        {"type": "text", "text": "This one.", "quoteToken": "q-token",
         "sender": {"name": "Ito (office)"}},
        {"type": "text", "text": "And this.", "sender": {"name": "Ito (office)"}},
    ]  # fmt: skip


# ---------------------------------------------------------------- what is refused


def test_what_cannot_be_said_is_refused_with_a_reason(desk: Desk):
    desk.asks_for_a_person()
    case = desk.case.id

    def said(*texts: str, who: str = "ito", which: str = case) -> str:
        done = answering.say_as_operator(desk.house, which, who, texts)
        return done.why if isinstance(done, NotDone) else "said"

    assert said("hello") == "not_yours"
    assert said("hello", which="no such case") == "gone"
    answering.take_over(desk.house, case, "ito")
    assert said("hello", who="abe") == "not_yours"
    assert said("  ", "\x00") == "empty"
    assert said(*"abcdef") == "too_long"
    assert said("x" * 5001) == "too_long"
    assert said(*"abcde") == "said"
    answering.let_bot_speak(desk.house, case, "ito")
    assert desk.owner == BOT and said("hello") == "bot_speaks"
    answering.take_over(desk.house, case, "ito")
    assert said("hello") == "said"
    answering.close(desk.house, case, "ito", "answered")
    assert said("hello") == "closed"
    assert answering.close(desk.house, case, "ito", "answered") == NotDone("closed", "ito")
    assert answering.take_over(desk.house, case, "abe") == NotDone("closed", "ito")


def test_a_case_is_handed_to_a_colleague_who_then_speaks(desk: Desk):
    desk.asks_for_a_person()
    answering.take_over(desk.house, desk.case.id, "ito")
    assert answering.take_over(desk.house, desk.case.id, "abe") == NotDone("not_yours", "ito")
    assert isinstance(answering.hand_over(desk.house, desk.case.id, "ito", "abe"), Done)
    done = answering.say_as_operator(desk.house, desk.case.id, "abe", ["Abe here."])
    assert isinstance(done, Done) and done.case.operator == "abe" and desk.owner == HUMAN


def test_of_two_who_take_over_at_once_one_wins_and_the_other_is_told(desk: Desk):
    desk.asks_for_a_person()
    case, done = desk.case.id, {}
    ready = threading.Barrier(4)

    def take(operator: str) -> None:
        ready.wait()
        done[operator] = answering.take_over(desk.house, case, operator)

    threads = [threading.Thread(target=take, args=(f"op{n}",)) for n in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    [winner] = [name for name, result in done.items() if isinstance(result, Done)]
    losers = [result for name, result in done.items() if name != winner]
    assert losers == [NotDone("not_yours", winner)] * 3


# ---------------------------------------------------------------- holding back


def test_taking_over_holds_back_what_the_bot_has_not_sent(desk: Desk):
    desk.asks_for_a_person()
    desk.send_all()
    desk.taps("r:bot-again")  # the bot speaks: a menu that is not sent yet
    answering.take_over(desk.house, desk.case.id, "ito")
    assert desk.send_all() == []
    with desk.database.read() as session:
        states = session.connection.execute(
            select(tables.outbox.c.state).order_by(tables.outbox.c.position)
        ).scalars()
        assert states.all()[-1] == "held"


def test_a_row_in_hand_is_held_back_right_before_it_is_sent(desk: Desk):
    desk.asks_for_a_person()
    desk.send_all()
    desk.line.calls.clear()
    desk.taps("r:bot-again")
    desk.lease()
    answering.take_over(desk.house, desk.case.id, "ito")
    assert desk.send() is None and desk.line.calls == []


def test_words_of_danger_go_out_although_a_human_takes_over(desk: Desk):
    desk.says("hello")
    desk.taps("l:en")
    desk.says(DANGER)
    assert desk.case.kind == "urgent"
    answering.take_over(desk.house, desk.case.id, "ito")
    assert desk.send_all()[-1][1].startswith("result:violence")


def test_what_was_held_back_can_be_repeated_by_the_operator(desk: Desk):
    desk.asks_for_a_person()
    answering.take_over(desk.house, desk.case.id, "ito")
    desk.send_all()
    done = answering.say_as_operator(desk.house, desk.case.id, "ito", ["words"])
    assert isinstance(done, Done) and done.row_id
    desk.taps("r:bot-again")
    desk.send_all()
    repeated = answering.repeat(desk.house, desk.case.id, "ito", done.row_id)
    assert repeated == NotDone("bot_speaks", "ito")
    answering.take_over(desk.house, desk.case.id, "ito")
    assert isinstance(answering.repeat(desk.house, desk.case.id, "ito", done.row_id), Done)
    assert desk.send_all()[-1][1] == "words"
    assert answering.repeat(desk.house, desk.case.id, "ito", "another") == NotDone("gone", "ito")


def test_the_operator_starts_a_procedure_and_sends_what_a_topic_says(desk: Desk):
    desk.asks_for_a_person()
    answering.take_over(desk.house, desk.case.id, "ito")
    desk.send_all()
    with desk.database.read() as session:
        shown = answering.shown_by(
            desk.house, session, desk.case.id, "o:consultation", desk.clock.at
        )
        assert (
            answering.shown_by(desk.house, session, "none", "o:consultation", desk.clock.at) == []
        )
    assert shown == [{"type": "text", "text": "result:consultation"}] and desk.owner == HUMAN
    answering.say_as_operator(desk.house, desk.case.id, "ito", shown)
    assert desk.send_all()[-1][1] == "result:consultation"
    assert isinstance(answering.let_bot_ask(desk.house, desk.case.id, "ito", "lost-card"), Done)
    assert desk.owner == BOT and desk.send_all()[-1][1] == "ask:what_happened"
    assert desk.case.operator == "ito" and desk.log()[-1] == "asked"


def test_nobody_is_left_with_silence_when_no_case_is_open_any_more(desk: Desk):
    desk.asks_for_a_person()
    answering.take_over(desk.house, desk.case.id, "ito")
    desk.send_all()
    with desk.database.write() as session:
        cases.close_case(session, desk.case.id, desk.clock.at)
    desk.says(MENU)
    assert desk.owner == BOT and desk.send_all() == [("reply", "menu")]


def test_what_was_passed_on_goes_when_its_message_is_taken_back(desk: Desk):
    desk.says("hello")
    desk.taps("l:en")
    desk.says("human")
    desk.taps("y:intake-kind:skip")
    desk.taps("y:intake-services:skip")
    desk.clock.at += 1
    event = an_event("Mai Tanaka", at=desk.clock.at)
    keep(desk.database, event, now=desk.clock.at)
    desk.think()
    desk.taps("y:intake-way:skip-all")
    desk.taps("y:intake-consent:yes")

    def passed_on() -> dict[str, Any]:
        with desk.database.read() as session:
            return cases.intake_of(session, desk.case.id)

    assert passed_on()["name"] == "Mai Tanaka"
    desk.clock.at += 1
    keep(desk.database, an_unsend(event["message"]["id"], at=desk.clock.at), now=desk.clock.at)
    desk.think()
    assert list(passed_on()) == ["consent"]


# ---------------------------------------------------------------- never both


@pytest.mark.parametrize("seed", range(12))
def test_bot_and_human_never_both_speak_whatever_the_order(desk: Desk, seed: int):
    chance = random.Random(seed)
    desk.asks_for_a_person()
    operators = ("ito", "abe")

    def operator() -> str:
        return desk.case.operator or chance.choice(operators)

    acts: list[Any] = [
        lambda: desk.says(chance.choice(["hello", MENU, DANGER, GUIDE, "human", "日本語", "1"])),
        lambda: desk.says("hm"),
        lambda: desk.taps(chance.choice(
            ["r:bot-again", "r:end-request", "r:last-result", "r:human", "r:menu", "o:lost-card",
             "y:intake-consent:yes", "y:intake-kind:skip-all", "y:rating:so", "l:en"])),
        lambda: answering.take_over(desk.house, desk.case.id, chance.choice(operators)),
        lambda: answering.say_as_operator(desk.house, desk.case.id, operator(), ["words"]),
        lambda: answering.let_bot_speak(desk.house, desk.case.id, operator()),
        lambda: answering.hand_over(
            desk.house, desk.case.id, operator(), chance.choice([*operators, None])),
        lambda: answering.let_bot_ask(desk.house, desk.case.id, operator(), "move"),
        lambda: answering.close(desk.house, desk.case.id, operator(), "answered"),
        desk.lease,
        lambda: watch(desk.send()),
        lambda: watch(desk.send()),
        lambda: setattr(desk.clock, "at", desk.clock.at + chance.choice([5, 60, 40_000])),
    ]  # fmt: skip

    def watch(row: Row | None) -> None:
        if row is None:
            return
        texts = desk.line.calls[-1][1]
        speaks = desk.owner
        if row.speaker == outbox.OPERATOR:
            assert speaks == HUMAN and texts == "words"
        elif row.speaker == outbox.BOT:
            assert speaks != HUMAN and texts != "words"
        else:
            said = texts.replace(" | ", " ").split()
            assert all(one.startswith(ALLOWED) for one in said) or speaks == BOT, said

    for _ in range(70):
        chance.choice(acts)()
    while True:
        desk.lease()
        if not desk.in_hand:
            break
        watch(desk.send())
    with desk.database.read() as session:
        stored = conversations.load(session, [desk.person])[desk.person]
    assert stored.conversation is not None and stored.conversation.owner == desk.owner
    if desk.owner == HUMAN:
        assert desk.case.state in ("taken", "open", "snoozed")


def test_a_kept_case_has_its_brief(desk: Desk):
    desk.says("hello")
    desk.taps("l:en")
    desk.taps("o:lost-card")
    desk.says("human")
    desk.taps("y:intake-kind:letter")
    desk.taps("y:intake-services:skip-all")
    desk.taps("y:intake-consent:yes")
    desk.says("It is blue.")
    with desk.database.read() as session:
        brief = brief_of_case(desk.house, session, desk.case.id, desk.clock.at)
        assert brief_of_case(desk.house, session, "no such case", desk.clock.at) is None
    assert brief is not None and brief.flow is not None and brief.flow.id == "lost-card"
    assert brief.inquiry is not None and brief.inquiry.text == "A letter I received"
    assert [quote.text for quote in brief.quotes] == ["hello", "human", "It is blue."]
    assert brief.open_points
