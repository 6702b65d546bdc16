"""Passwords (argon2) and the codes of a second factor (TOTP, RFC 6238).

At most two hashes are computed at the same time: each takes 64 MiB, and a crowd of failed logins
must not take the memory of the webhook.
"""

import threading
import time
from io import BytesIO

import pyotp
import segno
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200
ISSUER = "Consultation desk"
_STEP = 30
_HASHER = PasswordHasher()
_ROOM = threading.Semaphore(2)
_NOBODY = _HASHER.hash("nobody has this password")


def hashed(password: str) -> str:
    """The argon2 hash of a password."""
    with _ROOM:
        return _HASHER.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """True when the password is the one that was hashed. It takes as long where there is none, so
    that nobody learns which logins exist."""
    with _ROOM:
        try:
            _HASHER.verify(kept or _NOBODY, password)
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def is_good(password: str, login: str) -> bool:
    """Long enough, not the login itself, not one letter again and again."""
    plain = password.strip().lower()
    return (
        SHORTEST <= len(password) <= LONGEST
        and login.strip().lower() not in (plain, plain[::-1])
        and len(set(plain)) >= 5
    )


def new_secret() -> str:
    """A new shared secret for an authenticator app (base32)."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, now: float) -> int | None:
    """The time step of which `code` is the code, one step early or late allowed; None when it is
    none. Whoever asks keeps the step, so that a code works once."""
    digits = "".join(code.split())
    if len(digits) != 6 or not digits.isdecimal():
        return None
    totp = pyotp.TOTP(secret, interval=_STEP)
    here = int(now // _STEP)
    return next(
        (
            s for s in (here, here - 1, here + 1)
            if pyotp.utils.strings_equal(totp.generate_otp(s), digits)
        ),
        None,
    )  # fmt: skip


def code_at(secret: str, at: float | None = None) -> str:
    """The code of a moment: for tests and demonstrations."""
    return pyotp.TOTP(secret, interval=_STEP).generate_otp(int((at or time.time()) // _STEP))


def picture(secret: str, login: str, office: str) -> str:
    """The secret as a QR code for an authenticator app: an SVG as a data: address."""
    totp = pyotp.TOTP(secret, interval=_STEP)
    address = totp.provisioning_uri(name=login, issuer_name=office or ISSUER)
    out = BytesIO()
    segno.make(address, error="m").save(out, kind="svg", scale=5, border=3, xmldecl=False)
    from base64 import b64encode

    return "data:image/svg+xml;base64," + b64encode(out.getvalue()).decode()
