"""The data behind a button: short, ASCII, never trusted.

Old buttons live in a chat for ever, so an answer button carries its flow, the flow's
fingerprint and its question; what it means today is decided when it is tapped.

    a:<flow>:<fingerprint>:<question>:<value>   this is my answer
    g:<flow>:<fingerprint>:<question>:<group>   open a group of a long table
    d:<flow>:<fingerprint>:<question>           the date picker of this question
    c:<flow>:<question>                         ask me this question again
    w:<flow>:<question>                         why do you ask
    o:<id>                                      open a procedure, topic or life event
    e:<event>:<flow>                            open a duty of a life event, with what is known
    m:<group>                                   open a group of the menu
    r:<request>                                 a request (menu, back, human ...)
    l:<tag>                                     speak this language
    b:<step>:<value>                            a step of booking an appointment
    y:<pending>:<word>                          answer to a question of the bot's own
"""

from dataclasses import dataclass

from bot.flow.model import Flow

_PARTS = {"a": 5, "g": 5, "d": 4, "c": 3, "w": 3, "o": 2, "m": 2, "e": 3, "r": 2, "l": 2, "y": 3,
          "b": 3}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tap:
    """A parsed button. Fields that a kind does not have are empty."""

    kind: str
    flow: str = ""
    fingerprint: str = ""
    question: str = ""
    value: str = ""


def read(data: str) -> Tap | None:
    """The tap that `data` means, or None when we never sent such a button."""
    if len(data) > 300 or not data.isascii():
        return None
    kind = data.partition(":")[0]
    parts = data.split(":", _PARTS.get(kind, 1) - 1)
    if len(parts) != _PARTS.get(kind):
        return None
    match kind:
        case "a" | "g":
            return Tap(kind, parts[1], parts[2], parts[3], parts[4])
        case "d":
            return Tap(kind, parts[1], parts[2], parts[3])
        case "c" | "w":
            return Tap(kind, parts[1], question=parts[2])
        case "e":
            return Tap(kind, parts[1], value=parts[2])
        case "y" | "b":
            return Tap(kind, question=parts[1], value=parts[2])
        case _:
            return Tap(kind, value=parts[1])


def answer(flow: Flow, question: str, value: str) -> str:
    """The button that answers `question` with `value`."""
    return f"a:{flow.id}:{flow.fingerprint}:{question}:{value}"


def group(flow: Flow, question: str, group_id: str) -> str:
    """The button that opens a group of a long table."""
    return f"g:{flow.id}:{flow.fingerprint}:{question}:{group_id}"


def pick_date(flow: Flow, question: str) -> str:
    """The button that opens the date picker."""
    return f"d:{flow.id}:{flow.fingerprint}:{question}"


def change(flow: Flow, question: str) -> str:
    """The button that asks a question again."""
    return f"c:{flow.id}:{question}"


def why(flow: Flow, question: str) -> str:
    """The button that explains a question."""
    return f"w:{flow.id}:{question}"


def start(flow_id: str) -> str:
    """The button that opens a procedure, topic or life event."""
    return f"o:{flow_id}"


def duty(event_id: str, flow_id: str) -> str:
    """The button that opens a duty of a life event."""
    return f"e:{event_id}:{flow_id}"


def menu_group(group_id: str) -> str:
    """The button that opens a group of the menu."""
    return f"m:{group_id}"


def request(name: str) -> str:
    """The button that makes a request."""
    return f"r:{name}"


def language(tag: str) -> str:
    """The button that chooses a language."""
    return f"l:{tag}"


def reply_to(pending: str, word: str) -> str:
    """The button that answers a question of the bot's own."""
    return f"y:{pending}:{word}"
