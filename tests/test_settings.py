"""Settings: read once, all faults at once, production refuses what is for development."""

import base64

import pytest

from bot.settings import Settings, WrongSettings

KEY = base64.b64encode(bytes(range(32))).decode()
PRODUCTION = {
    "ENVIRONMENT": "production",
    "DATA_KEYS": KEY,
    "LINE_CHANNEL_SECRETS": "secret",
    "LINE_CHANNEL_ACCESS_TOKEN": "token",
    "PUBLIC_URL": "https://bot.example.jp",
}


def faults(**differences: str) -> str:
    with pytest.raises(WrongSettings) as wrong:
        Settings.from_environment(differences)
    return str(wrong.value)


def test_nothing_is_needed_for_development() -> None:
    settings = Settings.from_environment({})
    assert not settings.is_production and settings.is_sqlite


def test_production_names_everything_that_is_missing_at_once() -> None:
    found = faults(ENVIRONMENT="production", PORT="many")
    for name in ("DATA_KEYS", "LINE_CHANNEL_SECRETS", "LINE_CHANNEL_ACCESS_TOKEN", "PUBLIC_URL"):
        assert f"{name}:" in found
    assert "PORT: must be a whole number, not 'many'" in found


def test_production_with_all_it_needs_is_read() -> None:
    settings = Settings.from_environment(PRODUCTION)
    assert settings.is_production and settings.data_keys == (bytes(range(32)),)


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("LINE_API_BASE", "http://127.0.0.1:8010", "only LINE's own address"),
        ("PUBLIC_URL", "http://bot.example.jp", "must start with https://"),
        ("ENVIRONMENT", "staging", "must be production, development or test"),
    ],
)
def test_production_refuses_what_is_for_trying(name: str, value: str, what: str) -> None:
    assert what in faults(**{**PRODUCTION, name: value})


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("DATA_KEYS", "short", "not base64"),
        ("DATA_KEYS", base64.b64encode(b"x" * 16).decode(), "must be 32 bytes, this one has 16"),
        ("PORT", "-1", "must not be negative"),
        ("LOG_LEVEL", "loud", "must be DEBUG, INFO, WARNING or ERROR"),
        ("WEB_PROCESSES", "2", "SQLite takes one"),
    ],
)
def test_a_wrong_value_is_said_in_words(name: str, value: str, what: str) -> None:
    assert what in faults(**{name: value})


def test_two_secrets_and_two_keys_are_two_while_they_are_changed() -> None:
    other = base64.b64encode(b"y" * 32).decode()
    settings = Settings.from_environment(
        {"LINE_CHANNEL_SECRETS": "new, old", "DATA_KEYS": f"{other},{KEY}"}
    )
    assert settings.channel_secrets == ("new", "old")
    assert settings.data_keys == (b"y" * 32, bytes(range(32)))


def test_no_fault_shows_a_key() -> None:
    assert KEY not in faults(DATA_KEYS=f"{KEY},wrong")
