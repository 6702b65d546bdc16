"""E-mail to the office's people, through the office's own server.

The server is one address: `smtp://user:password@host:587` begins in the clear and must go on
encrypted (STARTTLS), `smtps://…:465` is encrypted from the start, `smtp+plain://host:25` is for a
server on this machine. User and password are percent-encoded.
"""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import Self
from urllib.parse import unquote, urlsplit

from bot.settings import Settings

PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
_PATIENCE = 10.0


class NotNow(Exception):
    """The server is away, slow or busy: the same message later."""


class Refused(Exception):
    """The server does not take this message, now or later."""


@dataclass(frozen=True, slots=True)
class Server:
    """The office's mail server."""

    kind: str
    host: str
    port: int
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, url: str) -> Self:
        """The server of an address that `Settings` has looked at."""
        parts = urlsplit(url)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        port = parts.port or PORTS[parts.scheme]
        return cls(parts.scheme, parts.hostname or "", port, user, password)


class Mailer:
    """Sends one message at a time. `sender`: the address that stands as From."""

    def __init__(
        self, server: Server, sender: str, tls: ssl.SSLContext | None = None,
        patience: float = _PATIENCE,
    ) -> None:  # fmt: skip
        self._server = server
        self._sender = sender
        self._tls = tls
        self._patience = patience

    def send(self, to: str, subject: str, text: str, message_id: str) -> None:
        """Raises NotNow or Refused. `message_id` is the same for every try, so that mail
        programs show a repeated message once."""
        try:
            with self._connected() as smtp:
                smtp.send_message(self._message(to, subject, text, message_id))
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise _by_code(max(codes, default=0)) from None
        except smtplib.SMTPResponseException as error:
            # A wrong password is mended by people: not the message's fault.
            if isinstance(error, smtplib.SMTPAuthenticationError):
                raise NotNow(f"login {error.smtp_code}") from None
            raise _by_code(error.smtp_code) from None
        except (OSError, smtplib.SMTPException) as error:
            raise NotNow(type(error).__name__) from None

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        if server.kind == "smtps":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=self._patience, context=self._context()
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=self._patience)
        try:
            if server.kind == "smtp":
                smtp.starttls(context=self._context())
            if server.user:
                smtp.login(server.user, server.password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _context(self) -> ssl.SSLContext:
        return self._tls or ssl.create_default_context()

    def _message(self, to: str, subject: str, text: str, message_id: str) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, to, subject
        message["Date"] = formatdate(localtime=False)
        message["Message-ID"] = f"<{message_id}@{_domain(self._sender)}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        return message


def mailer_of(settings: Settings) -> Mailer | None:
    """The office's mail server, if there is one."""
    if not settings.smtp_url:
        return None
    return Mailer(Server.of(settings.smtp_url), settings.notice_from)


def _by_code(code: int) -> Exception:
    return Refused(f"status {code}") if 500 <= code < 600 else NotNow(f"status {code}")


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"
