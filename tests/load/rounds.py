"""What is measured, in which order: rounds side by side, paced loads, growth, flatness."""

import shutil
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.flow.load import load_library
from tests.load import desk, people, understanding
from tests.load.bench import Bench, say
from tests.load.copies import make_flows
from tests.load.desk import Desk
from tests.load.figures import Round
from tests.load.people import Event
from tests.load.postgres import a_database, drop
from tests.load.servers import ROOT, Server, Unavailable, bottender, echo, ours
from tests.load.understanding import Understanding

DELAYS = (0, 50)


@dataclass(frozen=True, slots=True)
class Size:
    """How much is done. `many`: stored conversations in the larger arm; `backlog`: events that
    are waiting when workers start (0: their growth is not measured); `messages`, `closed`: what the
    desk looks at."""

    rounds: int
    seconds: float
    persons: int
    many: int
    backlog: int
    starts: int
    paced_rounds: int
    messages: int
    closed: int


QUICK = Size(rounds=2, seconds=1.0, persons=1_000, many=50_000, backlog=0, starts=1, paced_rounds=1,
             messages=100_000, closed=5_000)  # fmt: skip
FULL = Size(
    rounds=3, seconds=3.0, persons=2_000, many=1_000_000, backlog=4_000, starts=5, paced_rounds=3,
    messages=1_000_000, closed=50_000,
)  # fmt: skip


@dataclass
class Found:
    """All that was measured. Keys of `flood`, `talk` and `paced`: (server, delay in ms)."""

    ceiling: float = 0.0
    languages: Sequence[str] = ()
    flood: dict[tuple[str, int], list[Round]] = field(default_factory=dict)
    talk: dict[tuple[str, int], list[Round]] = field(default_factory=dict)
    paced: dict[tuple[str, int], list[Round]] = field(default_factory=dict)
    rate: dict[int, float] = field(default_factory=dict)
    memory: dict[str, dict[str, float]] = field(default_factory=dict)
    starts: dict[str, list[float]] = field(default_factory=dict)
    growth: dict[int, list[float]] = field(default_factory=dict)
    flat: dict[str, list[Round]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    understanding: Understanding | None = None
    desk: Desk | None = None


@dataclass(frozen=True, slots=True)
class Runner:
    """A started server and what is said to it."""

    server: Server
    events: Sequence[Event]


def measure(bench: Bench, size: Size, postgres: str | None) -> Found:
    """Everything, one after the other."""
    found = Found(languages=people.languages())
    say("understanding free text")
    found.understanding = understanding.measure()
    found.desk = desk.measure(size.messages, size.closed)
    say("the API's ceiling")
    ceiling = bench.job(ceiling=1, seconds=2.0, most=100_000)
    found.ceiling = ceiling["per_second"]
    side_by_side(bench, size, found, postgres)
    if postgres and size.backlog:
        growth(bench, size, found, postgres)
    flatness(bench, size, found)
    return found


# ---------------------------------------------------------------- side by side


def side_by_side(bench: Bench, size: Size, found: Found, postgres: str | None) -> None:
    """Our bot and its peers, in turns on the same core."""
    runners = _start_all(bench, size, found, postgres)
    for delay in DELAYS:
        bench.delay(delay)
        for runner in runners:  # what is compiled or cached at first use is not compared
            bench.run(runner.server, runner.events, min(1.0, size.seconds / 2))
            bench.settle_down(runner.server)
    for number in range(size.rounds):
        for delay in DELAYS:
            bench.delay(delay)
            turned = runners[number % len(runners) :] + runners[: number % len(runners)]
            for runner in turned:
                name = runner.server.name
                say(f"round {number + 1} of {size.rounds}, {delay} ms: {name}")
                one = bench.run(runner.server, runner.events, size.seconds)
                found.flood.setdefault((name, delay), []).append(one)
                bench.settle_down(runner.server)
    _talk(bench, size, found, runners)
    _paced(bench, size, found, runners)
    for runner in runners:
        server = runner.server
        found.memory[server.name] |= {
            "loaded": server.web_mb(),
            "worker loaded": server.worker_mb(),
        }
        for _ in range(size.starts - 1):
            found.starts[server.name].append(server.restart_web())
        bench.stop(server)
        if server.env.get("DATABASE_URL", "").startswith("postgresql") and postgres:
            drop(postgres, server.env["DATABASE_URL"])


def _start_all(bench: Bench, size: Size, found: Found, postgres: str | None) -> list[Runner]:
    words = [(n, "text", f"Is this seat taken? {n}") for n in range(size.persons)]
    makers: list[tuple[Callable[[], Server], Sequence[Event] | None]] = [
        (lambda: echo(bench.folder / "echo", bench.api), words),
        (lambda: bottender(bench.folder / "memory", bench.api, "memory"), words),
        (lambda: bottender(bench.folder / "file", bench.api, "file"), words),
        (lambda: ours(bench.folder / "ours", bench.api), None),
    ]
    if postgres:
        address = a_database(postgres)
        makers.append(
            (
                lambda: ours(
                    bench.folder / "postgres", bench.api, name="ours (PostgreSQL 2+2)",
                    database=address, web_processes=2, workers=2,
                ),
                None,
            )
        )  # fmt: skip
    flows = [flow for flow in people.flows_of(ROOT / "flows") if flow.id == people.FLOW]
    runners = []
    for make, said in makers:
        try:
            server = make()
            events = said or people.settle(server, size.persons, found.languages, flows)
            say(f"starting {server.name}")
            bench.start(server)
        except Unavailable as error:
            say(f"LEFT OUT: {error}")
            found.missing.append(str(error))
            continue
        runners.append(Runner(server, events))
        found.memory[server.name] = {"idle": server.idle_mb, "worker idle": server.idle_worker_mb}
        found.starts[server.name] = [server.started_in]
    return runners


def _talk(bench: Bench, size: Size, found: Found, runners: Sequence[Runner]) -> None:
    """Sixteen people at once, each waiting for the reply before the next message."""
    for number in range(size.paced_rounds):
        for delay in DELAYS:
            bench.delay(delay)
            for runner in runners:
                name = runner.server.name
                say(f"talk, round {number + 1} of {size.paced_rounds}, {delay} ms: {name}")
                one = bench.run(runner.server, runner.events, size.seconds, talk=True)
                found.talk.setdefault((name, delay), []).append(one)
                bench.settle_down(runner.server)


def _paced(bench: Bench, size: Size, found: Found, runners: Sequence[Runner]) -> None:
    """The same load for all that can bear it: 60 % of what the weakest of ours and Bottender's
    file sessions (without it: of ours alone) answered in its weakest round."""
    for delay in DELAYS:
        judged = [
            name for name in ("ours (SQLite)", "Bottender file") if (name, delay) in found.flood
        ]
        weakest = min(one["answered"] for name in judged for one in found.flood[name, delay])
        found.rate[delay] = rate = float(int(weakest * 0.6))
        bench.delay(delay)
        for number in range(size.paced_rounds):
            for runner in runners:
                name = runner.server.name
                if min(one["answered"] for one in found.flood[name, delay]) < rate * 1.1:
                    continue
                say(f"{rate:.0f}/s, round {number + 1} of {size.paced_rounds}, {delay} ms: {name}")
                one = bench.run(runner.server, runner.events, size.seconds, rate)
                found.paced.setdefault((name, delay), []).append(one)
                bench.settle_down(runner.server)


# ---------------------------------------------------------------- growth, flatness


def growth(bench: Bench, size: Size, found: Found, postgres: str) -> None:
    """How fast 1, 2 and 4 workers answer the same backlog (PostgreSQL, on all cores)."""
    address = a_database(postgres)
    server = ours(
        bench.folder / "growth", bench.api, name="ours, growth", database=address, core=None
    )
    flows = [flow for flow in people.flows_of(ROOT / "flows") if flow.id == people.FLOW]
    try:
        said = people.settle(server, size.persons, found.languages, flows)
        bench.delay(0)
        for workers in (1, 2, 4) * size.rounds:
            say(f"growth: {workers} workers")
            server.workers = workers
            bench.start(server)
            bench.run(server, said, 0.5)
            bench.settle_down(server)
            server.signal_workers(signal.SIGSTOP)
            filled = bench.job(
                port=server.port, path="/callback", seconds=20, most=size.backlog, events=said,
                fill=1,
            )  # fmt: skip
            since = time.monotonic()
            server.signal_workers(signal.SIGCONT)
            done = bench.job(wanted=filled["accepted"], since=since)
            found.growth.setdefault(workers, []).append(done["answered_per_second"])
            bench.stop(server)
    finally:
        server.stop()
        drop(postgres, address)


def flatness(bench: Bench, size: Size, found: Found) -> None:
    """The cost of a message with few and many flows, few and many conversations (SQLite)."""
    few = _few_flows(bench.folder / "few")
    many = make_flows(bench.folder / "many", 100 - len(load_library(ROOT / "flows").flows))
    _arms(bench, size, found, "flows", [
        (f"{len(load_library(few).flows)} flows", few, size.persons),
        (f"{len(load_library(many).flows)} flows", many, size.persons),
    ])  # fmt: skip
    _arms(bench, size, found, "conversations", [
        ("1,000 conversations", ROOT / "flows", 1_000),
        (f"{size.many:,} conversations", ROOT / "flows", size.many),
    ])  # fmt: skip


def _arms(
    bench: Bench, size: Size, found: Found, what: str, arms: Sequence[tuple[str, Path, int]]
) -> None:
    runners = []
    for name, folder, persons in arms:
        server = ours(bench.folder / name.replace(" ", "-"), bench.api, name=name, flows=folder)
        say(f"settling {persons:,} persons: {name}")
        said = people.settle(server, persons, ["en"], people.flows_of(folder))
        step = 7919  # a prime: neighbours in the load are not neighbours in the table
        said = [said[n * step % len(said)] for n in range(min(len(said), 20_000))]
        runners.append(Runner(bench.start(server), said))
    bench.delay(0)
    for runner in runners:
        found.flat[runner.server.name] = []
        bench.run(runner.server, runner.events, 1.0)
        bench.settle_down(runner.server)
    for number in range(size.rounds):
        for runner in runners if number % 2 else runners[::-1]:
            say(f"{what}, round {number + 1}: {runner.server.name}")
            one = bench.run(runner.server, runner.events, size.seconds)
            found.flat[runner.server.name].append(one)
            bench.settle_down(runner.server)
    for runner in runners:
        found.memory[runner.server.name] = {"worker loaded": runner.server.worker_mb()}
        bench.stop(runner.server)
        shutil.rmtree(runner.server.folder, ignore_errors=True)


def _few_flows(folder: Path) -> Path:
    """The content with three flows; the others are listed as planned, so that what points to
    them may stay."""
    target = make_flows(folder, 0)
    files = sorted(target.glob("*.yaml"), key=lambda path: path.stem != people.FLOW)
    for path in files[3:]:
        path.unlink()
    planned = "".join(f"- {path.stem}\n" for path in files[3:])
    (target / "shared" / "planned.yaml").write_text(planned, encoding="utf-8")
    return target
