"""A worker of its own process, to be killed: `python mortal_worker.py URL LINE SPOOL`."""

import logging
import sys
import threading
from pathlib import Path

from houses import KEY, SECRET, a_house

from bot.line.api import LineApi
from bot.settings import Settings
from bot.store.database import Database
from bot.worker import Worker

if __name__ == "__main__":
    url, line, spool = sys.argv[1:]
    logging.basicConfig(level="ERROR")
    settings = Settings(
        environment="test", database_url=url, data_keys=(KEY,), channel_secrets=(SECRET,),
        spool=Path(spool), senders=8,
    )  # fmt: skip
    api = LineApi(line, "test-token", connect=1.0, read=1.0)
    print("ready", flush=True)
    Worker(a_house(Database.of(settings)), api, settings, threading.Event()).run()
