"""One message on each line in, what was understood of it out: for evaluation by anybody."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from bot.dialogue.understood import Understood
from bot.nlu.understand import Nlu

AUTO = "auto"


def understood_lines(
    nlu: Nlu, lines: Iterable[bytes], tag: str, today: date, *, as_json: bool
) -> Iterator[str]:
    """For each message one line; `tag` is the reader's language, or "auto".

    Bytes that are no UTF-8 are read as the sign for that.
    """
    for line in lines:
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        understood = nlu.understand(text, "" if tag == AUTO else tag, today)
        found = as_object(text, understood)
        yield json.dumps(found, ensure_ascii=False) if as_json else _in_words(found)


def as_object(text: str, understood: Understood) -> dict[str, Any]:
    """`{text, language, candidates: [{id, score}], decision, dates}`; a danger is the decision.

    A date is {days: [YYYY-MM-DD]}: one day, two to choose from, or none that exists; with
    `month` where only that was named.
    """
    return {
        "text": text,
        "language": understood.language,
        "candidates": [{"id": name, "score": score} for name, score in understood.candidates],
        "decision": understood.safety or understood.decision,
        "dates": [
            {"days": [day.isoformat() for day in reading.days]}
            | ({"month": reading.month.isoformat()[:7]} if reading.month else {})
            for reading in understood.dates
        ],
    }


def _in_words(found: dict[str, Any]) -> str:
    near = " ".join(f"{one['id']}={one['score']}" for one in found["candidates"])
    return f"{found['decision']}  [{found['language']}]  {near}  {found['text']}".rstrip()
