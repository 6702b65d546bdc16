"""The processes that are measured: started on one core, watched, and always stopped.

Each server knows how it is started, when it is ready and which of its processes count. CPU
seconds and memory are read from /proc.
"""

import base64
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.line.webhook import sign

ROOT = Path(__file__).resolve().parents[2]
PEERS = Path(__file__).resolve().parent / "peers"
SECRET = "bench" * 6 + "ok"
KEY = base64.b64encode(b"bench key, 32 bytes, no secret!!").decode()
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Unavailable(Exception):
    """A peer that this machine cannot run; the message says why."""


def free_port() -> int:
    """A port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(
    command: Sequence[str], env: Mapping[str, str], core: int | None, log: Path, cwd: Path = ROOT
) -> subprocess.Popen[bytes]:
    """Start a process on one core (None: on any), in a group of its own so that it can be ended."""

    def pin() -> None:
        if core is not None and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {core % (os.cpu_count() or 1)})

    whole = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | dict(env)
    with log.open("ab") as output:
        return subprocess.Popen(
            command, env=whole, cwd=cwd, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True, preexec_fn=pin,  # noqa: PLW1509 - there are no threads here
        )  # fmt: skip


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and its children, kindly for 8 s."""
    for number, patience in ((signal.SIGTERM, 8.0), (signal.SIGKILL, 5.0)):
        try:
            if number == signal.SIGTERM and process.poll() is None:
                process.terminate()
            else:
                os.killpg(process.pid, number)
            process.wait(patience)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


@dataclass
class Server:
    """One bot under test. `web` and `worker` are its commands; a peer has no worker."""

    name: str
    port: int
    env: dict[str, str]
    web: Sequence[str]
    folder: Path
    worker: Sequence[str] = ()
    workers: int = 0
    core: int | None = 0
    cwd: Path = ROOT
    idle_mb: float = 0.0
    idle_worker_mb: float = 0.0
    started_in: float = 0.0
    is_web_running: bool = False
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def log(self) -> Path:
        """What its processes print."""
        return self.folder / f"{self.name.replace(' ', '-')}.log"

    def start_web(self) -> None:
        """Start the web process; measures how long it needs to its first 200."""
        self.idle_worker_mb = self.worker_mb()
        began = time.monotonic()
        self.processes.insert(0, start(self.web, self.env, self.core, self.log, self.cwd))
        self.is_web_running = True
        self._wait_until_ready()
        self.started_in = time.monotonic() - began
        self.idle_mb = self.web_mb()

    def restart_web(self) -> float:
        """Stop and start the web process only; how long that start took."""
        end(self.processes.pop(0))
        self.is_web_running = False
        self.start_web()
        return self.started_in

    def start_workers(self, number: int) -> None:
        """Start `number` more worker processes."""
        for _ in range(number):
            self.processes.append(start(self.worker, self.env, self.core, self.log, self.cwd))

    def stop(self) -> None:
        """End everything, the web process first."""
        while self.processes:
            end(self.processes.pop(0))
        self.is_web_running = False

    def stop_workers(self) -> None:
        """End the workers only."""
        for one in self._workers():
            self.processes.remove(one)
            end(one)

    def signal_workers(self, number: int) -> None:
        """Send a signal to each worker."""
        for one in self._workers():
            one.send_signal(number)

    def cpu_seconds(self) -> float:
        """CPU used by all its processes so far."""
        return sum(_cpu(pid) for one in self.processes for pid in _family(one.pid))

    def web_mb(self) -> float:
        """Memory of the largest process that serves webhooks (gunicorn: not its overseer)."""
        return max((_rss(pid) for pid in _family(self.processes[0].pid)), default=0.0)

    def worker_mb(self) -> float:
        """Memory of the largest worker."""
        return max((_rss(one.pid) for one in self._workers()), default=0.0)

    def _workers(self) -> list[subprocess.Popen[bytes]]:
        return self.processes[1 if self.is_web_running else 0 :]

    def _wait_until_ready(self) -> None:
        body = b'{"destination":"U0","events":[]}'
        request = (
            b"POST /callback HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            b"Content-Type: application/json\r\nx-line-signature: %b\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (sign(SECRET, body).encode(), len(body), body)
        )
        until = time.monotonic() + 30
        while time.monotonic() < until:
            if any(one.poll() is not None for one in self.processes):
                break
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1.0) as line:
                    line.settimeout(5.0)
                    line.sendall(request)
                    if b" 200 " in line.recv(64):
                        return
            except OSError:
                time.sleep(0.01)
        tail = self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""
        self.stop()
        raise Unavailable(f"{self.name} did not start:\n{tail}")


# ---------------------------------------------------------------- the bots


def echo(folder: Path, api: str) -> Server:
    """line-bot-sdk's echo under gunicorn gthread with 8 threads."""
    port = free_port()
    command = (
        sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "1",
        "--worker-class", "gthread", "--threads", "8", "--no-control-socket", "--log-level",
        "warning", "tests.load.peers.echo_sdk:app",
    )  # fmt: skip
    return Server("echo (SDK)", port, _env(folder, api), command, folder)


def bottender(folder: Path, api: str, session: str) -> Server:
    """Bottender with its sessions in `memory` or in `file`s; raises Unavailable."""
    node, home = shutil.which("node"), ROOT / "var" / "bench" / "bottender"
    if node is None:
        raise Unavailable("node is not installed")
    _install_bottender(home)
    port = free_port()
    env = _env(folder, api) | {
        "PORT": str(port), "SESSION": session, "NODE_ENV": "production",
        "SESSION_DIR": str(folder / "sessions"),
    }  # fmt: skip
    return Server(f"Bottender {session}", port, env, (node, "server.js"), folder, cwd=home)


def _install_bottender(home: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise Unavailable("npm is not installed")
    home.mkdir(parents=True, exist_ok=True)
    for source in (PEERS / "bottender").iterdir():
        shutil.copy(source, home)
    if (home / "node_modules" / "bottender").is_dir():
        return
    command = (npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock")
    done = subprocess.run(command, cwd=home, capture_output=True, text=True, timeout=240)
    if done.returncode:
        raise Unavailable(f"npm could not install it: {done.stderr.strip()[-300:]}")


def ours(
    folder: Path,
    api: str,
    *,
    name: str = "ours (SQLite)",
    database: str | None = None,
    web_processes: int = 1,
    workers: int = 1,
    flows: Path | None = None,
    core: int | None = 0,
) -> Server:
    """The bot as `python -m bot web` and `python -m bot worker` start it.

    `flows`: another folder of content; the worker is then started by `tests.load.worker`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    env = _env(folder, api) | {
        "ENVIRONMENT": "test",
        "DATABASE_URL": database or f"sqlite:///{folder / 'bot.db'}",
        "DATA_KEYS": KEY,
        "LINE_DATA_API_BASE": api,
        "SPOOL_DIR": str(folder / "spool"),
        "PORT": str(port),
        "WEB_PROCESSES": str(web_processes),
        "LOG_LEVEL": "WARNING",
    }
    worker = ("-m", "bot", "worker")
    if flows is not None:
        worker = ("-m", "tests.load.worker", str(flows))
    return Server(
        name, port, env, (sys.executable, "-m", "bot", "web"), folder,
        (sys.executable, *worker), workers, core,
    )  # fmt: skip


def _env(folder: Path, api: str) -> dict[str, str]:
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "LINE_CHANNEL_SECRETS": SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": "bench",
        "LINE_API_BASE": api,
    }


# ---------------------------------------------------------------- /proc


def _family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in _family(int(child)))]


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _rss(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE / 1e6
    except OSError:
        return 0.0
