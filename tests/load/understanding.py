"""How long free text takes to be understood, and how soon the understanding is ready."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from bot.flow.load import load_library
from bot.i18n.locales import TAG_OF_FOLDER
from bot.nlu.phrases import read_phrases
from bot.nlu.understand import load_nlu
from tests.load.servers import ROOT

TODAY = date(2026, 11, 29)
REPEATS = 5
_GROWS = """
import gc, json, sys
from datetime import date
from pathlib import Path
from bot.flow.load import load_library
from bot.i18n.locales import TAG_OF_FOLDER
library = load_library(Path("flows"))
def mb():
    gc.collect()
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * 4096 / 1e6
texts, today = json.load(sys.stdin), date(2026, 11, 29)
before = mb()
from bot.nlu.understand import load_nlu
nlu = load_nlu(Path("locales"), library, TAG_OF_FOLDER)
for text, tag in texts:
    nlu.understand(text, tag, today)
print(mb() - before)
"""
"""What is mapped counts only when it was read: so messages are understood before it is measured."""
_EVERY = 50


@dataclass(frozen=True, slots=True)
class Understanding:
    """Seconds until ready, milliseconds a message (median, slowest of a hundred), messages, and
    the megabytes that a process grows by when it loads the understanding of all languages and
    understands some hundred messages."""

    ready: float
    median_ms: float
    slow_ms: float
    messages: int
    megabytes: float


def measure() -> Understanding:
    """Every phrase of every language, as if somebody had just typed it."""
    library = load_library(ROOT / "flows")
    began = time.perf_counter()
    nlu = load_nlu(ROOT / "locales", library, TAG_OF_FOLDER)
    ready = time.perf_counter() - began
    texts = [
        (text, TAG_OF_FOLDER[path.parent.name])
        for path in sorted((ROOT / "locales").glob("*/phrases.yaml"))
        for sayings in read_phrases(path, path.name).ids.values()
        for text in sayings.phrases
    ]
    times = []
    for _ in range(REPEATS):
        for text, tag in texts:
            began = time.perf_counter()
            nlu.understand(text, tag, TODAY)
            times.append(1000 * (time.perf_counter() - began))
    times.sort()
    slow = times[len(times) * 99 // 100]
    return Understanding(ready, median(times), slow, len(texts), memory(texts[::_EVERY]))


def memory(texts: Sequence[tuple[str, str]]) -> float:
    """Megabytes of a new process after loading and understanding the texts, each with the tag of
    its reader, less those before; arithmetic included."""
    done = subprocess.run(
        [sys.executable, "-c", _GROWS], cwd=ROOT, input=json.dumps(texts), capture_output=True,
        text=True, check=True, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    return float(done.stdout)
