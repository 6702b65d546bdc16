"""A second start finds the people, chats and menus of the first."""

from pathlib import Path

from bot.simulator.keep import as_json
from bot.simulator.server import Simulator, User

NOBODY = "http://127.0.0.1:9/callback"


def test_a_second_start_keeps_people_chats_files_and_the_account(tmp_path: Path) -> None:
    file = tmp_path / "var" / "line.json"
    with Simulator(NOBODY, "secret", "token", keep=file) as first:
        user = first.user("Mai", "vi")
        user.says("Xin chào \ud83c")  # half an emoji, as a phone may send it
        sent = user.sends_file(b"\x89PNG", "image/png")
        gone = user.sends_file(b"secret", "image/png")
        user.unsends(gone.id)
        message = {"type": "text", "text": "Chào bạn"}
        first.platform.push({"to": user.id, "messages": [message]}, None, "1")
        before = as_json(first.platform)
    assert file.stat().st_mode & 0o077 == 0
    with Simulator(NOBODY, "secret", "token", keep=file) as second:
        assert as_json(second.platform) == before
        again = User(second, user.id)
        assert [b.message for b in again.answers()] == [message]
        assert second.platform.content(sent.id).body == b"\x89PNG"
        assert second.platform.contents[gone.id].body == b""
        assert second.platform.consumption() == 1
        assert int(again.says("more").id) > int(gone.id)
