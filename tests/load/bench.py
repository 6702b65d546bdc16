"""One measuring: a folder, the API, the load generator, and a way to run a job on a server."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.load.figures import Round
from tests.load.people import Event
from tests.load.servers import ROOT, SECRET, Server, end, free_port, start

LOAD_CORE = 1
CONNECTIONS = 16
_MOST_PER_SECOND = 3_000


@dataclass
class Bench:
    """What is measured with; `say` prints one line of progress."""

    folder: Path
    api_port: int
    servers: list[Server] = field(default_factory=list)
    _first: int = 0

    @property
    def api(self) -> str:
        """The API's address."""
        return f"http://127.0.0.1:{self.api_port}"

    def run(
        self,
        server: Server,
        events: Sequence[Event],
        seconds: float,
        rate: float = 0,
        *,
        talk: bool = False,
    ) -> Round:
        """Load a server and wait for its replies; the round's figures in seconds, MB, 1/s."""
        most = int(seconds * (rate * 1.2 if rate else _MOST_PER_SECOND)) + CONNECTIONS
        cpu = server.cpu_seconds()
        found = self.job(
            port=server.port, path="/callback", seconds=seconds, rate=rate, talk=talk, most=most,
            events=events,
        )  # fmt: skip
        lost = found["accepted"] - found["delivered"]
        return {
            "accepted": found["accepted_per_second"],
            "answered": found["answered_per_second"],
            "answer_p50": found["answer"]["p50"],
            "answer_p99": found["answer"]["p99"],
            "reply_p50": found["reply"]["p50"],
            "reply_p99": found["reply"]["p99"],
            "cpu": (server.cpu_seconds() - cpu) / max(found["delivered"], 1),
            "bytes": found["bytes_per_reply"],
            "lost": lost,
            "refused": found["refused"],
            "odd": found["repeated"] + found["pushed"],
            "late": found["late"],
        }

    def job(self, **job: Any) -> dict[str, Any]:
        """One run of the load generator."""
        job = {"api": self.api_port, "secret": SECRET, "connections": CONNECTIONS,
               "rate": 0, "first": self._first, **job}  # fmt: skip
        self._first += job.get("most", 0)
        # The ceiling is asked from the other core: there the API alone is the limit.
        core = 0 if job.get("ceiling") else LOAD_CORE
        done = subprocess.run(
            [sys.executable, "-m", "tests.load.client"], input=json.dumps(job), text=True,
            cwd=ROOT, capture_output=True, preexec_fn=lambda: _pin(core),
            timeout=job.get("seconds", 0) + 120,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"the load generator failed:\n{done.stderr[-2000:]}")
        return json.loads(done.stdout)

    def delay(self, milliseconds: int) -> None:
        """How long the API takes for every call from now on."""
        self.job(control=f"delay/{milliseconds}")

    def settle_down(self, *servers: Server, patience: float = 30.0) -> None:
        """Wait until these servers do nothing any more."""
        until = time.monotonic() + patience
        before = sum(server.cpu_seconds() for server in servers)
        while time.monotonic() < until:
            time.sleep(0.5)
            now = sum(server.cpu_seconds() for server in servers)
            if now - before < 0.04 * max(1, len(servers)):
                return
            before = now

    def start(self, server: Server) -> Server:
        """Start a server; it is stopped at the end whatever happens."""
        self.servers.append(server)
        server.start_workers(server.workers)
        self.settle_down(server)
        server.start_web()
        return server

    def stop(self, server: Server) -> None:
        """Stop a server that is not needed any more."""
        server.stop()
        self.servers.remove(server)


@contextmanager
def a_bench() -> Iterator[Bench]:
    """A bench with its API running; ends every process and removes its files."""
    folder = ROOT / "var" / "bench" / f"run-{os.getpid()}"
    folder.mkdir(parents=True)
    port = free_port()
    api = start(
        (sys.executable, "-m", "tests.load.api", str(port)), {}, LOAD_CORE, folder / "api.log"
    )
    bench = Bench(folder, port)
    try:
        time.sleep(0.7)
        yield bench
    finally:
        for server in list(bench.servers):
            server.stop()
        end(api)
        if not os.environ.get("BENCH_KEEP"):
            shutil.rmtree(folder, ignore_errors=True)


def say(text: str) -> None:
    """Progress, on standard error: the report alone goes to standard output."""
    print(text, file=sys.stderr, flush=True)


def _pin(core: int) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core % (os.cpu_count() or 1)})
