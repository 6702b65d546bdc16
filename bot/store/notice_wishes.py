"""Where each of the office's people wants to be told of cases: by e-mail, by LINE, of which.

An operator's own LINE account is linked by a code that their account page shows for ten minutes
and that they type to the bot; it works once. Addresses are sealed.
"""

import hashlib
import re
import secrets
import unicodedata
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update

from bot.store.database import Session
from bot.store.sealing import CannotOpen
from bot.store.tables import login_failures, notice_wishes, operators

CODE_LASTS = 600.0
MOST_WRONG, WINDOW = 5, 900.0
"""So many wrong codes within WINDOW seconds; then even the right one does not work."""
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that look alike
_SHAPE = re.compile(r"DESK-?[0-9A-Z]{4}-?[0-9A-Z]{4}")
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\\\]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What one operator wishes: none, urgent or all by each way. `is_linked`: a LINE account is
    known; `code_until`: a code can be typed until then."""

    address: str = ""
    mail_wish: str = "none"
    line_wish: str = "none"
    is_linked: bool = False
    code_until: float | None = None


def read(session: Session, operator_id: str) -> Wishes:
    """The wishes of this operator; none at first."""
    row = session.connection.execute(
        select(notice_wishes).where(notice_wishes.c.operator == operator_id)
    ).first()
    if row is None:
        return Wishes()
    address = opened(session, "address", operator_id, row.address) or ""
    return Wishes(
        address, row.mail_wish, row.line_wish, row.line_user is not None, row.code_expires_at
    )


def is_address(text: str) -> bool:
    """True for what looks like one plain e-mail address."""
    return len(text) <= 254 and text.isascii() and _ADDRESS.fullmatch(text) is not None


def set_mail(session: Session, operator_id: str, address: str, wish: str) -> None:
    """By e-mail; an empty address forgets the one before."""
    sealed = None
    if address:
        sealed = session.sealer.seal(address.encode(), f"notice_wishes.address:{operator_id}")
    _change(session, operator_id, address=sealed, mail_wish=wish if address else "none")


def set_line(session: Session, operator_id: str, wish: str) -> None:
    """By LINE, to the linked account."""
    _change(session, operator_id, line_wish=wish)


def unlink(session: Session, operator_id: str) -> None:
    """Forget the operator's LINE account."""
    _change(session, operator_id, line_user=None, person=None, line_wish="none", code_hash=None,
            code_expires_at=None)  # fmt: skip


def forget_person(session: Session, person: str) -> None:
    """This LINE account is no operator's any more."""
    session.connection.execute(
        update(notice_wishes)
        .where(notice_wishes.c.person == person)
        .values(line_user=None, person=None, line_wish="none")
    )


def is_operator(session: Session, person: str) -> bool:
    """True when this LINE account is linked to an operator."""
    found = session.connection.execute(
        select(notice_wishes.c.operator).where(notice_wishes.c.person == person).limit(1)
    )
    return found.first() is not None


# ---------------------------------------------------------------- linking


def make_code(session: Session, operator_id: str, now: float) -> str:
    """A new code for this operator; the one before works no more."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
    code = f"DESK-{letters[:4]}-{letters[4:]}"
    _change(session, operator_id, code_hash=_hash(code), code_expires_at=now + CODE_LASTS)
    return code


def code_in(text: str) -> str | None:
    """What was typed, if it is all of it a code, right or wrong."""
    if len(text) > 60:
        return None
    plain = "".join(unicodedata.normalize("NFKC", text).upper().split())
    if _SHAPE.fullmatch(plain) is None:
        return None
    bare = plain.replace("-", "")
    return f"DESK-{bare[4:8]}-{bare[8:]}"


def works(session: Session, code: str, person: str, now: float) -> bool:
    """True when this code would link the account of this person now."""
    asked = select(func.count()).where(
        login_failures.c.about == _about(session, person), login_failures.c.at > now - WINDOW
    )
    if session.connection.execute(asked).scalar_one() >= MOST_WRONG:
        return False
    found = session.connection.execute(
        select(notice_wishes.c.operator)
        .join(operators, operators.c.id == notice_wishes.c.operator)
        .where(*_of_code(code, now), operators.c.state == "active")
    )
    return found.first() is not None


def link(session: Session, code: str, person: str, user_id: str, now: float) -> bool:
    """Use the code: its operator has this LINE account from now on, and nobody else. False when
    it was used meanwhile."""
    operator_id = session.connection.execute(
        update(notice_wishes)
        .where(*_of_code(code, now))
        .values(code_hash=None, code_expires_at=None)
        .returning(notice_wishes.c.operator)
    ).scalar()
    if operator_id is None:
        return False
    forget_person(session, person)
    sealed = session.sealer.seal(user_id.encode(), f"notice_wishes.line_user:{operator_id}")
    _change(session, operator_id, line_user=sealed, person=person, line_wish="urgent")
    return True


def note_wrong(session: Session, person: str, now: float) -> None:
    """Somebody typed a code that does not work."""
    session.connection.execute(
        insert(login_failures).values(id=str(uuid.uuid4()), about=_about(session, person), at=now)
    )


# ---------------------------------------------------------------- inside


def opened(session: Session, name: str, operator_id: str, sealed: bytes | None) -> str | None:
    """The sealed value of that column; None when there is none or no key opens it."""
    if not sealed:
        return None
    try:
        return session.sealer.open(sealed, f"notice_wishes.{name}:{operator_id}").decode()
    except CannotOpen:
        return None


def _change(session: Session, operator_id: str, **values: Any) -> None:
    changed = session.connection.execute(
        update(notice_wishes)
        .where(notice_wishes.c.operator == operator_id)
        .values(**values)
        .returning(notice_wishes.c.operator)
    )
    if changed.first() is None:
        session.connection.execute(insert(notice_wishes).values(operator=operator_id, **values))


def _of_code(code: str, now: float) -> tuple[Any, ...]:
    return (notice_wishes.c.code_hash == _hash(code), notice_wishes.c.code_expires_at > now)


def _about(session: Session, person: str) -> str:
    return session.persons.name(f"login-failures/code/{person}")


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
