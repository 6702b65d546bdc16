"""A web process to be killed: `python mortal_web.py URL PORT SPOOL`."""

import sys
from pathlib import Path

from houses import KEY, SECRET

from bot.settings import Settings
from bot.web import run_web

if __name__ == "__main__":
    url, port, spool = sys.argv[1:]
    run_web(
        Settings(
            environment="test", database_url=url, data_keys=(KEY,), channel_secrets=(SECRET,),
            spool=Path(spool), port=int(port), log_level="ERROR",
        )
    )  # fmt: skip
