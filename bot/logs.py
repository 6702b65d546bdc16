"""What the processes write about themselves: one JSON object a line, no person's words.

Messages name events, rows and kinds of errors. An exception is written as its class and the
places it passed through; its own text is left out, because it may quote what it choked on.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime


class JsonLines(logging.Formatter):
    """A log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, object] = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "from": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, where = record.exc_info
            frames = traceback.extract_tb(where)
            line["error"] = kind.__name__
            line["where"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(line, ensure_ascii=False)


def write_logs(level: str) -> None:
    """From now on this process logs as JSON lines on stderr, from `level` up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Alembic tells each step, the state machines each transition: nobody reads that.
    for name in ("alembic", "transitions"):
        logging.getLogger(name).setLevel(logging.WARNING)
