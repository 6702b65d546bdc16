"""E-mail to the office's people, against a real server of this machine: taken, refused, away."""

import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from bot.mail import Mailer, NotNow, Refused, Server
from bot.settings import Settings, WrongSettings

SENDER = "Desk <desk@office.example>"


class Taken:
    """What the server took; `answer` is what it says to each message."""

    def __init__(self, answer: str = "250 OK") -> None:
        self.answer = answer
        self.messages: list[EmailMessage] = []

    async def handle_RCPT(  # noqa: N802 - its name is the library's
        self, _server: Any, _session: Any, envelope: Any, to: str, _options: Any
    ) -> str:
        if to.startswith("nobody@"):
            return "550 no such mailbox"
        if to.startswith("full@"):
            return "452 mailbox full"
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        parsed = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        self.messages.append(parsed)
        return self.answer


@contextmanager
def a_server(taken: Taken, **more: Any) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(taken, hostname="127.0.0.1", port=port, **more)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def mailer(port: int, kind: str = "smtp+plain", **more: Any) -> Mailer:
    return Mailer(Server(kind, "127.0.0.1", port), SENDER, **more)


def test_a_message_arrives_with_its_own_id():
    taken = Taken()
    with a_server(taken) as port:
        mailer(port).send("ito@office.example", "#7 新しい案件", "新しい案件\nhttps://x", "key-1")
    [message] = taken.messages
    assert message["To"] == "ito@office.example" and message["From"] == SENDER
    assert message["Subject"] == "#7 新しい案件" and message["Message-ID"] == (
        "<key-1@office.example>"
    )
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().splitlines() == ["新しい案件", "https://x"]


@pytest.mark.parametrize(
    "to, answer, error",
    [
        ("nobody@office.example", "250 OK", Refused),
        ("full@office.example", "250 OK", NotNow),
        ("ito@office.example", "554 spam", Refused),
        ("ito@office.example", "451 later", NotNow),
    ],
)
def test_what_the_server_says_decides_whether_it_is_tried_again(
    to: str, answer: str, error: type[Exception]
):
    with a_server(Taken(answer)) as port, pytest.raises(error) as caught:
        mailer(port).send(to, "subject", "text", "key")
    assert "ito" not in str(caught.value) and "nobody" not in str(caught.value)


def test_a_server_that_is_away_or_silent_is_not_waited_for_long():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        with pytest.raises(NotNow):
            mailer(silent.getsockname()[1], patience=0.3).send("a@b.example", "s", "t", "k")
        assert time.monotonic() - began < 3
        port = silent.getsockname()[1]
    with pytest.raises(NotNow):
        mailer(port).send("a@b.example", "s", "t", "k")


def test_a_line_break_in_a_value_makes_no_header():
    with a_server(Taken()) as port, pytest.raises(ValueError, match="Header"):
        mailer(port).send("a@b.example\nBcc: c@d.example", "s", "t", "k")


# ---------------------------------------------------------------- encryption


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key,
         "-out", cert, "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    return cert, key


def served(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    return context


def trusting(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate[0]))


def login(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    is_right = isinstance(data, LoginPassword) and data.password == b"p@ss:word"
    return AuthResult(success=is_right, handled=is_right)


def test_the_password_travels_encrypted_and_never_in_the_clear(certificate: tuple[Path, Path]):
    taken = Taken()
    more = {"tls_context": served(certificate), "authenticator": login, "auth_required": True}
    with a_server(taken, **more) as port:
        right = Server.of(f"smtp://desk:p%40ss%3Aword@127.0.0.1:{port}")
        Mailer(right, SENDER, trusting(certificate)).send("a@b.example", "s", "t", "k")
        assert len(taken.messages) == 1
        wrong = Server.of(f"smtp://desk:wrong@127.0.0.1:{port}")
        with pytest.raises(NotNow, match="login"):
            Mailer(wrong, SENDER, trusting(certificate)).send("a@b.example", "s", "t", "k")
        with pytest.raises(NotNow, match="SSL"):  # a certificate nobody vouches for
            Mailer(right, SENDER).send("a@b.example", "s", "t", "k")
    with a_server(Taken()) as port, pytest.raises(NotNow):  # no STARTTLS there
        mailer(port, "smtp").send("a@b.example", "s", "t", "k")
    assert "p@ss" not in repr(right)


@pytest.mark.parametrize(
    "url, said",
    [
        ("mail.example", "SMTP_URL"),
        ("http://mail.example", "SMTP_URL"),
        ("smtp://desk:pa/ss@mail.example", "SMTP_URL"),
        ("smtp://desk:pa#ss@mail.example", "SMTP_URL"),
        ("smtp+plain://desk:secret@mail.example", "in the clear"),
        ("smtp://mail.example:port", "SMTP_URL"),
        ("smtp://mail.example", "NOTICE_FROM"),
    ],
)
def test_an_address_that_makes_no_sense_is_said_without_the_password(url: str, said: str):
    with pytest.raises(WrongSettings, match=said) as caught:
        Settings.from_environment({"SMTP_URL": url})
    assert not {"pa/ss", "pa#ss", "secret"} & set(str(caught.value).replace(":", " ").split())
