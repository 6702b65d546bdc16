"""What LINE's answers mean for a message: sent, later, never, unclear."""

import itertools
import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from houses import NOW, Clock

from bot.line.api import Answer, LineApi, NoAnswer, NotSent
from bot.line.send import GiveUp, Outgoing, Result, Rules, Sent, TryLater, deliver
from bot.line.sender_pool import SenderPool

OK = Answer(200, b'{"sentMessages":[{"id":"461","quoteToken":"q"}]}')
INVALID = Answer(400, b'{"message":"Invalid reply token"}')
REFUSED = Answer(
    400, b'{"message":"The request body has 1 error(s)",'
    b'"details":[{"message":"May not be empty","property":"messages[0].text"}]}'
)  # fmt: skip
MONTHLY = Answer(429, b'{"message":"You have reached your monthly limit."}')
TOO_FAST = Answer(429, b'{"message":"The API rate limit has been exceeded."}', retry_after=3.0)


class FakeLine:
    """Answers calls from a list and remembers them."""

    def __init__(self, *answers: Answer | Exception) -> None:
        self.answers = list(answers)
        self.calls: list[tuple[str, ...]] = []

    def reply(self, token: str, messages: bytes) -> Answer:
        return self._answer("reply", token, messages.decode())

    def push(self, user_id: str, messages: bytes, retry_key: str) -> Answer:
        return self._answer("push", user_id, retry_key, messages.decode())

    def _answer(self, *call: str) -> Answer:
        self.calls.append(call)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Sending:
    def __init__(self, *answers: Answer | Exception) -> None:
        self.line = FakeLine(*answers)
        self.clock = Clock()
        self.alarms: list[tuple[str, list[str]]] = []
        self.rules = Rules(
            self.line,  # type: ignore[arg-type]
            self.clock,
            lambda messages: [{"type": "text", "text": "plain"}],
            lambda name, where: self.alarms.append((name, where)),
            lambda: 1.0,
        )

    def deliver(self, message: Outgoing) -> Result:
        return deliver(message, self.rules)

    @property
    def ways(self) -> list[str]:
        return [call[0] for call in self.line.calls]


def a_message(**more: Any) -> Outgoing:
    given: dict[str, Any] = {
        "id": "5f8c7b1e-0000-4000-8000-000000000001", "person": "p", "user_id": "U1",
        "reply_token": "token", "received_at": NOW, "messages": b'[{"type":"text"}]',
        "must_arrive": True,
    }  # fmt: skip
    return Outgoing(**{**given, **more})


def test_a_fresh_token_is_replied_to():
    sending = Sending(OK)
    assert sending.deliver(a_message()) == Sent("reply", ("461",))
    assert sending.line.calls == [("reply", "token", '[{"type":"text"}]')]


def test_after_fifty_seconds_it_is_pushed_under_its_own_key():
    sending = Sending(OK)
    sending.clock.at += 50
    message = a_message(must_arrive=False)
    assert sending.deliver(message) == Sent("push", ("461",)), "it never went out: not unclear"
    assert sending.line.calls[0][:3] == ("push", "U1", message.id)


def test_without_a_token_it_is_pushed():
    assert Sending(OK).deliver(a_message(reply_token=None)) == Sent("push", ("461",))


def test_a_key_that_was_accepted_before_means_sent():
    accepted = Answer(409, b'{"message":"accepted before","sentMessages":[{"id":"9"}]}')
    assert Sending(accepted).deliver(a_message(reply_token=None)) == Sent("push", ("9",))


def test_a_token_that_died_unused_is_pushed_instead():
    sending = Sending(INVALID, OK)
    assert sending.deliver(a_message(must_arrive=False)) == Sent("push", ("461",))
    assert sending.ways == ["reply", "push"]


@pytest.mark.parametrize("trouble", [NoAnswer("timeout"), Answer(500, b"")])
def test_a_reply_without_an_answer_is_repeated_and_the_used_token_means_delivered(
    trouble: Answer | Exception,
):
    sending = Sending(trouble, INVALID)
    message = a_message()
    assert isinstance(sending.deliver(message), TryLater)
    assert sending.deliver(message) == Sent("reply")
    assert sending.ways == ["reply", "reply"]


def test_a_row_of_an_earlier_life_counts_as_tried():
    assert Sending(INVALID).deliver(a_message(may_have_arrived=True)) == Sent("reply")


def test_what_is_unclear_after_fifty_seconds_is_pushed_once_if_it_must_arrive():
    sending = Sending(NoAnswer("timeout"), OK)
    message = a_message()
    sending.deliver(message)
    sending.clock.at += 51
    assert sending.deliver(message) == Sent("push", ("461",), unclear=True)


def test_what_is_unclear_and_need_not_arrive_is_dropped_and_counted():
    sending = Sending()
    sending.clock.at += 51
    dropped = sending.deliver(a_message(may_have_arrived=True, must_arrive=False))
    assert isinstance(dropped, GiveUp)
    assert dropped.unclear
    assert sending.ways == []


def test_no_connection_is_not_unclear():
    sending = Sending(NotSent("refused"), OK)
    message = a_message(must_arrive=False)
    assert isinstance(sending.deliver(message), TryLater)
    sending.clock.at += 60
    assert sending.deliver(message) == Sent("push", ("461",), unclear=False)


def test_a_push_is_repeated_under_the_same_key():
    sending = Sending(NoAnswer("timeout"), Answer(500, b""), OK)
    message = a_message(reply_token=None)
    assert isinstance(sending.deliver(message), TryLater)
    assert isinstance(sending.deliver(message), TryLater)
    assert sending.deliver(message) == Sent("push", ("461",))
    assert {call[2] for call in sending.line.calls} == {message.id}


def test_the_pauses_grow_and_end():
    sending = Sending(*[NoAnswer("timeout")] * 12)
    message = a_message(reply_token=None)
    pauses = []
    for _ in range(12):
        result = sending.deliver(message)
        assert isinstance(result, TryLater)
        pauses.append(result.after)
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (0.2, 60.0)


def test_a_key_is_not_used_beyond_its_day():
    sending = Sending()
    sending.clock.at += 23.5 * 3600
    assert sending.deliver(a_message()) == GiveUp("too old")
    assert sending.ways == []


def test_the_monthly_limit_ends_it_and_sounds_an_alarm():
    sending = Sending(MONTHLY)
    assert sending.deliver(a_message(reply_token=None)) == GiveUp("monthly limit")
    assert sending.alarms == [("monthly_limit", [])]


def test_a_rate_limit_waits_as_long_as_line_says():
    sending = Sending(TOO_FAST)
    assert sending.deliver(a_message()) == TryLater(3.0, "rate limit")
    assert sending.alarms == []


def test_a_refused_form_goes_out_as_plain_text_with_the_same_token():
    sending = Sending(REFUSED, OK)
    assert sending.deliver(a_message()) == Sent("reply", ("461",))
    assert sending.ways == ["reply", "reply"]
    assert json.loads(sending.line.calls[1][2]) == [{"type": "text", "text": "plain"}]
    assert sending.alarms == [("refused", ["messages[0].text"])], "the path, never the text"


def test_what_is_refused_as_plain_text_too_is_given_up():
    sending = Sending(REFUSED, REFUSED)
    assert sending.deliver(a_message()) == GiveUp("refused with status 400")


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_channel_token_sounds_an_alarm_and_waits(status: int):
    sending = Sending(Answer(status, b"{}"))
    result = sending.deliver(a_message())
    assert isinstance(result, TryLater)
    assert result.after >= 5
    assert sending.alarms == [("unauthorised", [])]


def test_what_nobody_can_open_is_given_up():
    assert Sending().deliver(a_message(messages=b"")) == GiveUp("unreadable")
    lost = a_message(user_id="", reply_token=None)
    assert isinstance(Sending().deliver(lost), GiveUp)


# ---------------------------------------------------------------- the threads


class Pool:
    def __init__(self, deliver: Callable[[Outgoing], Result], most: int = 4) -> None:
        self.ended: list[tuple[Outgoing, Result]] = []
        self.pool = SenderPool(deliver, lambda m, r: self.ended.append((m, r)), most)

    def wait_for(self, number: int) -> None:
        until = time.monotonic() + 5
        while len(self.ended) < number:
            assert time.monotonic() < until, f"only {len(self.ended)} ended"
            time.sleep(0.005)


def test_each_persons_messages_go_out_in_order_even_when_one_must_be_repeated():
    calls: list[str] = []
    lock = threading.Lock()

    def deliver(message: Outgoing) -> Result:
        with lock:
            calls.append(message.id)
        time.sleep(0.002)
        if message.id == "p2-0" and calls.count("p2-0") < 3:
            return TryLater(0.02, "again")
        return Sent("reply")

    pool = Pool(deliver)
    messages = [
        a_message(id=f"p{person}-{n}", person=f"p{person}") for n in range(5) for person in range(4)
    ]
    pool.pool.submit(messages[:12])
    pool.pool.submit(messages[12:])
    pool.wait_for(20)
    for person in range(4):
        mine = [m.id for m, _ in pool.ended if m.person == f"p{person}"]
        assert mine == [f"p{person}-{n}" for n in range(5)]
    assert calls.count("p2-0") == 3
    assert len(pool.pool) == 0
    assert pool.pool.close() == []


def test_slow_calls_get_more_threads_and_quick_ones_do_not():
    seen: set[str] = set()

    def deliver(message: Outgoing) -> Result:
        seen.add(threading.current_thread().name)
        time.sleep(0.05)
        return Sent("reply")

    pool = Pool(deliver, most=8)
    pool.pool.submit([a_message(id=f"{n}", person=f"{n}") for n in range(40)])
    pool.wait_for(40)
    assert 2 < len(seen) <= 8
    pool.pool.close()


def test_quick_calls_keep_few_threads_warm():
    seen: list[str] = []
    pause = [0.02]

    def deliver(message: Outgoing) -> Result:
        seen.append(threading.current_thread().name)
        time.sleep(pause[0])
        return Sent("reply")

    pool = Pool(deliver, most=8)
    pool.pool.submit([a_message(id=f"{n}", person=f"{n}") for n in range(40)])
    pool.wait_for(40)
    pause[0] = 0.0
    for n in range(40, 100):
        pool.pool.submit([a_message(id=f"{n}", person=f"{n}")])
        pool.wait_for(n + 1)
    assert len(set(seen[:40])) > 2
    assert len(set(seen[70:])) <= 3
    pool.pool.close()


def test_nobody_waits_for_a_call_that_hangs():
    go_on = threading.Event()

    def deliver(message: Outgoing) -> Result:
        if message.id == "hangs":
            go_on.wait(5)
        return Sent("reply")

    pool = Pool(deliver, most=2)
    pool.pool.submit([a_message(id="hangs", person="1"), a_message(id="goes", person="2")])
    pool.wait_for(1)
    pool.pool.submit([a_message(id="goes too", person="3")])
    pool.wait_for(2)
    assert [message.id for message, _ in pool.ended] == ["goes", "goes too"]
    go_on.set()
    pool.wait_for(3)
    pool.pool.close()


def test_a_message_to_be_repeated_is_when_all_threads_sleep():
    at: list[float] = []

    def deliver(message: Outgoing) -> Result:
        at.append(time.monotonic())
        return TryLater(0.1, "again") if len(at) < 3 else Sent("reply")

    pool = Pool(deliver)
    pool.pool.submit([a_message()])
    pool.wait_for(1)
    assert all(0.09 < later - before < 1 for before, later in itertools.pairwise(at))
    pool.pool.close()


def test_a_fault_of_ours_ends_one_message_and_no_thread():
    def deliver(message: Outgoing) -> Result:
        if message.id == "bad":
            raise ZeroDivisionError
        return Sent("reply")

    pool = Pool(deliver, most=1)
    pool.pool.submit([a_message(id="bad"), a_message(id="good")])
    pool.wait_for(2)
    assert [type(result) for _, result in pool.ended] == [GiveUp, Sent]
    pool.pool.close()


def test_closing_names_what_was_never_tried():
    began, go_on = threading.Event(), threading.Event()

    def deliver(message: Outgoing) -> Result:
        began.set()
        go_on.wait(5)
        return Sent("reply")

    pool = Pool(deliver, most=1)
    pool.pool.submit([a_message(id=f"{n}", person=f"{n}") for n in range(3)])
    assert began.wait(5)
    threading.Timer(0.1, go_on.set).start()
    assert pool.pool.close() == ["1", "2"]
    assert [message.id for message, _ in pool.ended] == ["0"]


# ---------------------------------------------------------------- the wire


def test_nobody_listening_is_certainly_not_sent():
    api = LineApi("http://127.0.0.1:1", "t", connect=0.5)
    with pytest.raises(NotSent):
        api.reply("token", b"[]")


def test_https_checks_certificates():
    api = LineApi("https://api.line.me", "t")
    assert api._tls is not None
    assert api._tls.check_hostname
