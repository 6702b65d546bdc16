"""LINE's strict API documents are made beside the tests of bot/line: they are used here too."""

import sys
from pathlib import Path

import pytest

pytest.register_assert_rewrite("readers", "wholes")
sys.path.append(str(Path(__file__).resolve().parents[1] / "line"))
