"""How many messages the account may send this month, and how many it has sent, as LINE counts.

LINE counts pushes, and what staff sends from its own chat; replies are free. The number sent is
approximate by LINE's own word.
"""

from dataclasses import dataclass

from bot.line.api import Answer, LineApi, NoAnswer, NotSent


@dataclass(frozen=True, slots=True)
class Quota:
    """This month: `most` messages may be sent (None: as many as one likes), `used` were."""

    most: int | None
    used: int


def ask_quota(api: LineApi) -> Quota | None:
    """What LINE says now; None when it says nothing that can be understood."""
    try:
        limit = api.call("GET", "/v2/bot/message/quota")
        consumption = api.call("GET", "/v2/bot/message/quota/consumption")
    except (NotSent, NoAnswer):
        return None
    used = _count(consumption, "totalUsage")
    if used is None or limit.status != 200:
        return None
    match limit.json().get("type"):
        case "none":
            return Quota(None, used)
        case "limited" if (most := _count(limit, "value")) is not None:
            return Quota(most, used)
        case _:
            return None


def _count(answer: Answer, name: str) -> int | None:
    found = answer.json().get(name)
    if answer.status != 200 or isinstance(found, bool) or not isinstance(found, int):
        return None
    return found if 0 <= found < 2**62 else None
