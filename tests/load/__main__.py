"""`make bench`: speed beside its peers, in one run on one machine, as ratios.

    make bench                     the full run, about a quarter of an hour
    make bench ARGS=--quick        under three minutes; the figures are rough
    make bench ARGS=--no-postgres  without PostgreSQL

Everything listens on 127.0.0.1 at free ports and is ended at the end. The report goes to
standard output and to tests/load/results/.
"""

import argparse
import json
import os
import platform
import signal
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from tests.load.bench import Bench, a_bench, say
from tests.load.postgres import a_postgres
from tests.load.report import report
from tests.load.rounds import FULL, QUICK, Found, measure
from tests.load.servers import Unavailable

RESULTS = Path(__file__).resolve().parent / "results"


def main() -> int:
    """Measure and report; 0 also when a demand is not met: the table says so."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under three minutes, rough")
    parser.add_argument("--no-postgres", action="store_true", help="leave PostgreSQL out")
    chosen = parser.parse_args()
    # A kill must run the clean-up as well.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    began = time.monotonic()
    with ExitStack() as stack:
        bench: Bench = stack.enter_context(a_bench())
        postgres, missing = None, []
        if not chosen.no_postgres:
            try:
                postgres = stack.enter_context(a_postgres())
            except Unavailable as error:
                say(f"LEFT OUT: {error}")
                missing.append(str(error))
        found = measure(bench, QUICK if chosen.quick else FULL, postgres)
    found.missing += missing
    text = "\n\n".join([_conditions(found, chosen.quick, time.monotonic() - began), report(found)])
    print(text)
    _keep(found, text)
    return 0


def _conditions(found: Found, is_quick: bool, seconds: float) -> str:
    load = " ".join(f"{one:.1f}" for one in os.getloadavg()) if hasattr(os, "getloadavg") else "?"
    lines = [
        f"{'Quick' if is_quick else 'Full'} run of {seconds:.0f} s; load at the end {load}.",
        f"Machine: {os.cpu_count()} cores, {_memory_gib():.0f} GiB, {platform.system()}"
        + f" {platform.release().partition('-')[0]}, Python {platform.python_version()}.",
        f"Languages of the readers: {', '.join(found.languages)}.",
        *(f"Left out: {one}" for one in found.missing),
    ]
    return "\n".join(lines)


def _memory_gib() -> float:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    except (ValueError, OSError):
        return 0.0


def _keep(found: Found, text: str) -> None:
    RESULTS.mkdir(exist_ok=True)
    stamp = time.strftime("%Y%m%d-%H%M%S")
    (RESULTS / f"{stamp}.md").write_text(text + "\n", encoding="utf-8")
    whole = asdict(found)
    for name in ("flood", "talk", "paced"):
        whole[name] = {f"{server} @ {delay} ms": v for (server, delay), v in whole[name].items()}
    (RESULTS / f"{stamp}.json").write_text(json.dumps(whole, indent=1), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
