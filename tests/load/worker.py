"""A worker that reads its flows from another folder: `python -m tests.load.worker FLOWS`."""

import os
import sys
from pathlib import Path

from bot.settings import Settings
from bot.store.migrate import migrate
from bot.worker import run_worker
from tests.load.servers import ROOT

if __name__ == "__main__":
    settings = Settings.from_environment(os.environ)
    migrate(settings)
    run_worker(settings, Path(sys.argv[1]), ROOT / "locales")
