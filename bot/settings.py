"""Everything that differs between one installation and another, read once.

`Settings.from_environment` names all that is missing or wrong in one message, so that nobody
repairs one variable per start. Each field's `env` and `about` are also the README's table
(a test holds the two together). Nothing below reads the environment.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

LINE_API = "https://api.line.me"
LINE_DATA_API = "https://api-data.line.me"


class WrongSettings(Exception):
    """One or more settings are missing or wrong; the message lists all of them."""


def _setting(default: Any, env: str, about: str) -> Any:
    return field(default=default, metadata={"env": env, "about": about})


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation. Times in seconds, retention in days, sizes in bytes."""

    environment: str = _setting(
        "development", "ENVIRONMENT", "`production` refuses development keys and test addresses"
    )
    database_url: str = _setting(
        "sqlite:///var/bot.db",
        "DATABASE_URL",
        "SQLite file, or `postgresql+psycopg://user@host/name`",
    )
    data_keys: tuple[bytes, ...] = _setting(
        (),
        "DATA_KEYS",
        "Keys that encrypt stored texts: base64 of 32 bytes each, comma separated; the first "
        "one writes, all of them read (rotation)",
    )
    channel_secrets: tuple[str, ...] = _setting(
        (), "LINE_CHANNEL_SECRETS", "Channel secret; two, comma separated, while it is rotated"
    )
    channel_token: str = _setting(
        "", "LINE_CHANNEL_ACCESS_TOKEN", "Channel access token (long-lived or v2.1)"
    )
    line_api: str = _setting(
        LINE_API, "LINE_API_BASE", "LINE's API; another address only outside production"
    )
    line_data_api: str = _setting(
        LINE_DATA_API, "LINE_DATA_API_BASE", "LINE's content API, same rule"
    )
    public_url: str = _setting(
        "http://127.0.0.1:8000",
        "PUBLIC_URL",
        "Where people reach one-time links; HTTPS in production",
    )
    host: str = _setting("127.0.0.1", "HOST", "Address the web process listens on")
    port: int = _setting(8000, "PORT", "Port of the web process")
    simulator_port: int = _setting(8010, "SIMULATOR_PORT", "Port of the phone page in `make run`")
    web_threads: int = _setting(32, "WEB_THREADS", "Threads of a web process")
    web_processes: int = _setting(
        1, "WEB_PROCESSES", "Web processes; more than one only with PostgreSQL"
    )
    senders: int = _setting(128, "SENDERS", "Connections to LINE of a worker, at most")
    spool: Path = _setting(
        Path("var/spool"), "SPOOL_DIR", "Where events wait while the database is away"
    )
    languages: tuple[str, ...] = _setting(
        (), "LANGUAGES", "Languages offered, comma separated; empty: all that are complete"
    )
    retention_raw_days: int = _setting(7, "RETENTION_RAW_DAYS", "Days that raw events are kept")
    retention_talk_days: int = _setting(
        180,
        "RETENTION_TALK_DAYS",
        "Days that the talk and its answers are kept after the last message",
    )
    retention_unanswered_days: int = _setting(
        30,
        "RETENTION_UNANSWERED_DAYS",
        "Days that messages nobody understood are kept, without the person",
    )
    retention_files_days: int = _setting(
        30,
        "RETENTION_FILES_DAYS",
        "Days that files are kept after a case is closed",
    )
    retention_audit_days: int = _setting(
        730, "RETENTION_AUDIT_DAYS", "Days that the office's log of looks and changes is kept"
    )
    staff_channel: str = _setting(
        "console",
        "STAFF_CHANNEL",
        "Where the office answers: `console` (the desk) or `manager` (LINE's own chat)",
    )
    manager_silent_hours: int = _setting(
        72,
        "MANAGER_SILENT_HOURS",
        "With `manager`: the bot speaks again so many hours after the person's last message",
    )
    waiting_days: int = _setting(
        5,
        "WAITING_DAYS",
        "With `console`: after so many days without an answer the person is told so, and the bot "
        "speaks again",
    )
    smtp_url: str = _setting(
        "",
        "SMTP_URL",
        "The office's mail server for notices to its people, `smtp://user:password@host:587` "
        "(STARTTLS) or `smtps://`; empty: no mail",
    )
    notice_from: str = _setting("", "NOTICE_FROM", "The address that notices by e-mail come from")
    notice_waiting_minutes: int = _setting(
        240,
        "NOTICE_WAITING_MINUTES",
        "After so many minutes without an answer a case is told of again; 0: never",
    )
    staff_message_reserve: int = _setting(
        50,
        "STAFF_MESSAGE_RESERVE",
        "Messages of the month's quota that the bot leaves to the office's people",
    )
    metrics_token: str = _setting(
        "", "METRICS_TOKEN", "Bearer token for /metrics; empty: only from this machine"
    )
    log_level: str = _setting("INFO", "LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR")
    trusted_proxies: int = _setting(
        0, "TRUSTED_PROXIES", "How many proxies in front may be believed about the caller's address"
    )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read all settings; WrongSettings names everything that is missing or wrong."""
        values: dict[str, Any] = {}
        faults: list[str] = []
        for item in fields(cls):
            env = item.metadata["env"]
            if (text := environ.get(env, "").strip()) == "":
                continue
            try:
                values[item.name] = _READERS.get(item.name, _reader_of(item.default))(text)
            except ValueError as error:
                faults.append(f"{env}: {error}")
        settings = cls(**values)
        faults += settings._faults()
        if faults:
            raise WrongSettings("\n".join(["Settings are missing or wrong:", *faults]))
        return settings

    @property
    def is_production(self) -> bool:
        """True where real people are served."""
        return self.environment == "production"

    @property
    def is_sqlite(self) -> bool:
        """True when the database is a SQLite file."""
        return self.database_url.startswith("sqlite")

    def _faults(self) -> list[str]:
        found = []
        if self.environment not in ("production", "development", "test"):
            found.append("ENVIRONMENT: must be production, development or test")
        if self.log_level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            found.append("LOG_LEVEL: must be DEBUG, INFO, WARNING or ERROR")
        if self.is_sqlite and self.web_processes > 1:
            found.append("WEB_PROCESSES: SQLite takes one; use PostgreSQL for more")
        if self.staff_channel not in ("console", "manager"):
            found.append("STAFF_CHANNEL: must be console or manager")
        if self.manager_silent_hours < 1 or self.waiting_days < 1:
            found.append("MANAGER_SILENT_HOURS, WAITING_DAYS: at least 1; a wait must have an end")
        if self.smtp_url and "@" not in self.notice_from:
            found.append("NOTICE_FROM: missing; notices by e-mail need an address to come from")
        if not self.is_production:
            return found
        if not self.data_keys:
            found.append("DATA_KEYS: missing")
        if not self.channel_secrets:
            found.append("LINE_CHANNEL_SECRETS: missing")
        if not self.channel_token:
            found.append("LINE_CHANNEL_ACCESS_TOKEN: missing")
        if self.line_api != LINE_API or self.line_data_api != LINE_DATA_API:
            found.append("LINE_API_BASE: only LINE's own address in production")
        if not self.public_url.startswith("https://"):
            found.append("PUBLIC_URL: must start with https:// in production")
        return found


def _keys(text: str) -> tuple[bytes, ...]:
    keys = []
    for part in _words(text):
        try:
            key = base64.b64decode(part, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise ValueError("not base64") from None
        if len(key) != 32:
            raise ValueError(f"a key must be 32 bytes, this one has {len(key)}")
        keys.append(key)
    return tuple(keys)


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _whole_number(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        raise ValueError(f"must be a whole number, not {text!r}") from None
    if number < 0:
        raise ValueError("must not be negative")
    return number


def _smtp_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("smtp", "smtps", "smtp+plain") or not parts.hostname:
        raise ValueError("must be like smtp://user:password@host:587 or smtps://…")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        # Nothing of it is quoted: it may be a part of the password.
        raise ValueError("nothing may follow the port; user and password are percent-encoded")
    if parts.scheme == "smtp+plain" and parts.username:
        raise ValueError("smtp+plain would send the password in the clear")
    try:
        parts.port  # noqa: B018 - raises for what is no port
    except ValueError:
        raise ValueError(
            "the port must be a number; user and password are percent-encoded"
        ) from None
    return text


def _reader_of(default: Any) -> Any:
    if isinstance(default, int):
        return _whole_number
    if isinstance(default, Path):
        return Path
    if isinstance(default, tuple):
        return _words
    return str


_READERS: dict[str, Any] = {"data_keys": _keys, "smtp_url": _smtp_url}
