"""`make run` without a browser: what is wrong is one clear line."""

import subprocess
import sys
from pathlib import Path

from tests.whole.serving import ROOT, free_ports, served


def test_a_second_start_beside_the_first_says_what_is_wrong(tmp_path: Path) -> None:
    ports = free_ports(2)
    with served(tmp_path, ports):
        second = subprocess.run(
            [sys.executable, "-m", "bot", "serve", "--folder", str(tmp_path)],
            cwd=ROOT,
            env={"PORT": str(ports[0]), "SIMULATOR_PORT": str(ports[1])},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert second.returncode == 2
        assert f"Port {ports[0]} is taken" in second.stderr
        assert len(second.stderr.strip().splitlines()) == 1


def test_it_stops_cleanly_and_keeps_its_keys(tmp_path: Path) -> None:
    with served(tmp_path) as first:
        code, output = first.stop()
    assert code == 0 and "Traceback" not in output
    assert "Phone:" in output and "Operators:" in output
    keys = (tmp_path / "development.json").read_text()
    with served(tmp_path) as second:
        assert second.stop()[0] == 0
    assert (tmp_path / "development.json").read_text() == keys
    assert (tmp_path / "development.json").stat().st_mode & 0o077 == 0
