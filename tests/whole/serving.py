"""`make run` as a process of its own, for tests: started, stopped, started again."""

import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]


@dataclass
class Served:
    process: subprocess.Popen[str]
    phone: str
    web: str
    printed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.printed.extend(self.process.stdout)

    @property
    def password(self) -> str:
        """The password of the demonstration operator, as printed at the first start."""
        found = re.search(r"password: (\S+)", "".join(self.printed))
        assert found is not None, self.printed
        return found[1]

    def stop(self) -> tuple[int, str]:
        """Ctrl-C; the exit code and all that was printed."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=20)
        self._reader.join(timeout=5)
        return self.process.returncode, "".join(self.printed)


def free_ports(count: int) -> list[int]:
    """Free ports below those that the system gives to clients, so that none of them is taken
    by a connection between here and the start of the process."""
    found: list[int] = []
    for port in random.sample(range(20_000, 30_000), 200):
        with socket.socket() as one:
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
        if len(found) == count:
            break
    return found


@contextmanager
def served(folder: Path, ports: list[int] | None = None) -> Iterator[Served]:
    web, phone = ports or free_ports(2)
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "serve", "--folder", str(folder)],
        cwd=ROOT,
        env={**known, "PORT": str(web), "SIMULATOR_PORT": str(phone)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    found = Served(process, f"http://127.0.0.1:{phone}", f"http://127.0.0.1:{web}")
    try:
        for address in (f"{found.phone}/", f"{found.web}/healthz"):
            _wait_for(address, found)
        yield found
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        found._reader.join(timeout=5)
        if process.stdout:
            process.stdout.close()


def _wait_for(address: str, served: Served) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and served.process.poll() is None:
        try:
            with urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer. {''.join(served.printed)}")
