"""The real house, content and all, against a LINE of one machine."""

import threading
from pathlib import Path

from test_worker import a_bot, counters, until

from bot.line.api import LineApi
from bot.opening import open_house
from bot.worker import Worker

ROOT = Path(__file__).resolve().parent.parent


def test_somebody_who_lost_a_card_is_led_through_and_line_takes_every_message(
    sqlite_url: str, tmp_path: Path
):
    with a_bot(sqlite_url, tmp_path) as bot:
        house = open_house(bot.settings, bot.database, ROOT / "flows", ROOT / "locales")
        worker = Worker(house, LineApi(bot.line.url, "test-token"), bot.settings, bot.wake)
        thread = threading.Thread(target=worker.run, daemon=True)
        thread.start()
        bot.workers.append((worker, thread))
        mai = bot.line.user("Mai", language="en-US")
        mai.says("I lost my residence card")
        first = mai.wait_for(2)
        assert any("residence card" in bubble.message.get("text", "").lower() for bubble in first)
        for _ in range(3):
            mai.says("1")
            mai.wait_for(1)
        mai.says("my data")
        mai.wait_for(1)
        until(lambda: all(row.state == "sent" for row in bot.rows()))
        bot.stop_workers()
        troubles = {
            name for name in counters(bot) if name.startswith(("alarm", "outbox", "failed"))
        }
        assert troubles == set()
        assert {row.via for row in bot.rows()} == {"reply"}
