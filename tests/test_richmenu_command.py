"""`python -m bot richmenu`: the menus are made, and people keep theirs when it changes."""

from pathlib import Path

from click.testing import CliRunner

from bot.__main__ import main
from bot.dialogue.conversation import Conversation
from bot.settings import Settings
from bot.simulator.server import Simulator
from bot.store import conversations
from bot.store.conversations import Stored
from bot.store.database import Database
from bot.store.migrate import migrate

KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


def test_people_are_linked_to_the_menu_of_their_language(tmp_path: Path) -> None:
    with Simulator("http://127.0.0.1:9/callback", "secret", "token") as line:
        environ = {
            "DATABASE_URL": f"sqlite:///{tmp_path / 'bot.db'}",
            "DATA_KEYS": KEY,
            "LINE_CHANNEL_ACCESS_TOKEN": "token",
            "LINE_API_BASE": line.url,
            "LINE_DATA_API_BASE": line.url,
        }
        settings = Settings.from_environment(environ)
        migrate(settings)
        person = line.user("Mai", is_friend=True)
        database = Database.of(settings)
        with database.write() as session:
            name = session.persons.name(person.id)
            stored = Stored(name, person.id, Conversation(language="vi"), 1, 0.0)
            conversations.save(session, [stored], {}, 0.0)
        database.close()
        first = CliRunner(env=environ).invoke(main, ["richmenu"])
        assert first.exit_code == 0, first.output
        vi = line.platform.menus.alias("menu-vi")["richMenuId"]
        assert person.person.rich_menu_id == vi
        again = CliRunner(env=environ).invoke(main, ["richmenu"])
        assert again.output == first.output, "a second run changes nothing"
