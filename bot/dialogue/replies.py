"""What the bot wants to say, in no particular channel or language.

A turn returns a tuple of these; `bot/line/outgoing.py` puts them into LINE messages in the
reader's language. Buttons are numbered by their order from 1, everywhere: the numbers
printed beside them and the numbers that a person types mean the same
(`Conversation.choices`).
"""

from dataclasses import dataclass
from datetime import date

from bot.flow.events import SolvedEvent
from bot.flow.model import Question, Solution, Spoken


@dataclass(frozen=True, slots=True)
class Button:
    """Something to tap. `tap` is the postback data (ASCII, at most 300), see `dialogue/taps.py`.

    `kind`: tap; date (opens the date picker between `min` and `max`, starting at `initial`);
    location (the phone's location dialog); link (opens `tap` as a URL); copy (puts `copies`
    on the clipboard). Kinds date and location are not numbered.
    """

    label: Spoken
    tap: str
    kind: str = "tap"
    initial: date | None = None
    min: date | None = None
    max: date | None = None


@dataclass(frozen=True, slots=True)
class Say:
    """One bubble of text. The buttons of the last reply become quick replies."""

    text: Spoken
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Several sentences in one bubble, one paragraph each."""

    texts: tuple[Spoken, ...]
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """A question. `before` are sentences said first in the same bubble (a problem with the
    last answer, "Back to your question"). `options` are its answers, `extras` the buttons
    that are offered everywhere (why, back, a person)."""

    flow: str
    question: Question
    before: tuple[Spoken, ...] = ()
    options: tuple[Button, ...] = ()
    extras: tuple[Button, ...] = ()
    step: int = 1


@dataclass(frozen=True, slots=True)
class Result:
    """A result card. `answers` lets the card say what it rests on. `as_text`: the full plain
    form as messages. `before`: sentences said first ("The rules have changed")."""

    solution: Solution
    buttons: tuple[Button, ...] = ()
    before: tuple[Spoken, ...] = ()
    as_text: bool = False


@dataclass(frozen=True, slots=True)
class ListOfAnswers:
    """My answers, each with a button that changes it."""

    flow: str
    items: tuple[tuple[Spoken, Spoken], ...]
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Duties:
    """The card of a life event: all its duties in their order, then what is not due.

    `numbers` are those of the buttons that open the duties (None: nothing to open). `is_old`: a
    source it rests on was read long ago."""

    solved: SolvedEvent
    buttons: tuple[Button, ...] = ()
    numbers: tuple[int | None, ...] = ()
    is_old: bool = False
    before: tuple[Spoken, ...] = ()
    as_text: bool = False


Reply = Say | Paragraphs | Ask | Result | Duties | ListOfAnswers
