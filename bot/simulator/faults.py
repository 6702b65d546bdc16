"""What may go wrong on the way between LINE and a bot, on demand.

Everything here happens in real life: duplicates, another order, kinds of events that did not
exist yesterday, a line that is cut just after LINE accepted a message.
"""

import random
import threading
from dataclasses import asdict, dataclass
from typing import Any, Literal

ALWAYS = -1
ApiFaultKind = Literal["delay", "status", "cut before", "cut after"]

# To the event itself.
EVENT_FAULTS = (
    "unknown event",
    "unknown message",
    "unknown sticker",
    "unknown mode",
    "standby",
    "no user id",
)
# To its delivery: `duplicate` sends it again, in `Faults.copies` copies, `redeliver` as LINE does
# when it got no answer; the others spoil one request.
REQUEST_FAULTS = ("duplicate", "redeliver", "bad signature", "no signature")
# The value is how many events are gathered first.
GATHERINGS = ("merge", "shuffle")


@dataclass
class ApiFault:
    """One fault of the API: for calls whose path contains `path`, `times` calls or for ever."""

    kind: ApiFaultKind
    path: str = ""
    times: int = ALWAYS
    probability: float = 1.0
    milliseconds: int = 0
    status: int = 500

    def __post_init__(self) -> None:
        if self.kind not in ("delay", "status", "cut before", "cut after"):
            raise ValueError(f"no such fault of the API: {self.kind}")


class Faults:
    """The faults that are switched on; any thread may ask and change.

    `seed` makes chance repeatable.
    """

    def __init__(self, seed: int = 0) -> None:
        self._lock = threading.Lock()
        self.chance = random.Random(seed)
        self.redelivery = False
        self.redelivery_after = 1.0
        self.copies = 1
        self._webhook: dict[str, int] = {}
        self._api: list[ApiFault] = []

    def webhook(self, kind: str, times: int = 1) -> None:
        """Spoil the next so many events or requests; for merge and shuffle: gather so many."""
        if kind not in (*EVENT_FAULTS, *REQUEST_FAULTS, *GATHERINGS):
            raise ValueError(f"no such fault of the webhook: {kind}")
        with self._lock:
            self._webhook[kind] = times

    def api(self, kind: ApiFaultKind, path: str = "", **settings: Any) -> None:
        """Add a fault of the API, see `ApiFault`."""
        fault = ApiFault(kind, path, **settings)
        with self._lock:
            self._api.append(fault)

    def clear(self) -> None:
        """All is well again."""
        with self._lock:
            self._webhook.clear()
            self._api.clear()
            self.redelivery = False

    def takes(self, kind: str) -> bool:
        """True when this fault shall happen now; counts it."""
        with self._lock:
            left = self._webhook.get(kind, 0)
            if left > 0:
                self._webhook[kind] = left - 1
            return left != 0

    def gathering(self) -> tuple[str, int] | None:
        """How many events to gather, and what for; once per switch."""
        with self._lock:
            for kind in GATHERINGS:
                if (size := self._webhook.pop(kind, 0)) > 1:
                    return kind, size
        return None

    def for_call(self, path: str) -> tuple[ApiFault, ...]:
        """The faults that this call of the API shall meet; counts them."""
        with self._lock:
            met = []
            for fault in self._api:
                if fault.path not in path or fault.times == 0:
                    continue
                if fault.probability < 1 and self.chance.random() >= fault.probability:
                    continue
                if fault.times > 0:
                    fault.times -= 1
                met.append(fault)
            return tuple(met)

    def shown(self) -> dict[str, Any]:
        """What is switched on, as JSON."""
        with self._lock:
            return {
                "redelivery": self.redelivery,
                "webhook": {kind: left for kind, left in self._webhook.items() if left},
                "api": [asdict(fault) for fault in self._api if fault.times],
            }
