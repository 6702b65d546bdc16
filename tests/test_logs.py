"""Logs are for machines and hold nobody's words."""

import json
import logging
import sys

from bot.logs import JsonLines


def test_an_exception_is_written_without_its_text():
    try:
        raise ValueError("my passport number is 4711")
    except ValueError:
        record = logging.LogRecord(
            "bot.worker", logging.ERROR, __file__, 1, "event %s failed", ("01X",), sys.exc_info()
        )
    text = JsonLines().format(record)
    line = json.loads(text)
    assert line["message"] == "event 01X failed"
    assert line["error"] == "ValueError"
    assert "test_logs.py" in line["where"][0]
    assert "4711" not in text
    assert "\n" not in text
