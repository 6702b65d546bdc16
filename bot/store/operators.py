"""The office's people: who may come in, with which role, and their sessions.

An operator is `invited` (a link that works once), then `active`, perhaps `disabled`. Passwords
come here as hashes, session and invitation tokens leave nothing but a hash. Changing a password,
a role or the state ends all sessions of that operator.
"""

import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.exc import ProgrammingError

from bot.store.database import AWAY, Database, Session
from bot.store.persons import NotMigrated
from bot.store.sealing import CannotOpen
from bot.store.tables import desk_sessions, login_failures, operators

OPERATOR, ADMIN = "operator", "admin"
ROLES = (OPERATOR, ADMIN)
INVITED, ACTIVE, DISABLED = "invited", "active", "disabled"
INVITATION_LASTS = 3 * 86_400.0
IDLE, LONGEST = 4 * 3600.0, 14 * 3600.0
"""A session ends after so many seconds without a look, or after a working day."""
WINDOW, MOST_OF_LOGIN, MOST_OF_ADDRESS = 900.0, 5, 30
"""So many failures within WINDOW seconds are allowed, for one login and for one address."""
_RENEW = 60.0


@dataclass(frozen=True, slots=True)
class Operator:
    """One of the office's people. `password` is an argon2 hash; `totp` the shared secret (base32),
    None without a second factor or when no key opens it."""

    id: str
    login: str
    name: str
    role: str
    state: str
    language: str
    password: str | None
    totp: str | None
    totp_step: int
    is_demo: bool
    made_at: float
    seen_at: float | None
    invite_expires_at: float | None

    @property
    def is_admin(self) -> bool:
        """May administer."""
        return self.role == ADMIN


@dataclass(frozen=True, slots=True)
class DeskSession:
    """Somebody who is logged in. `id` may be shown; the token is known to the browser alone."""

    id: str
    operator: Operator
    csrf: str
    made_at: float
    seen_at: float
    agent: str


# ---------------------------------------------------------------- people


def add(
    session: Session, login: str, name: str, role: str, now: float, *, is_demo: bool = False
) -> str:
    """A new operator, still without a password; returns the id. ValueError when the login is
    taken or empty, or the role is none."""
    login = login.strip().lower()
    if not login or role not in ROLES or of_login(session, login) is not None:
        raise ValueError("login or role")
    operator_id = str(uuid.uuid4())
    session.connection.execute(
        insert(operators).values(
            id=operator_id, login=login[:120], name=name.strip()[:60] or login[:60], role=role,
            state=INVITED, made_at=now, is_demo=is_demo, totp_step=0,
        )
    )  # fmt: skip
    return operator_id


def invite(session: Session, operator_id: str, now: float) -> str:
    """A new invitation token for this operator; it replaces the one before and, when it is used,
    password and second factor."""
    token = secrets.token_urlsafe(32)
    _change(
        session, operator_id, invite_hash=_hash(token), invite_expires_at=now + INVITATION_LASTS
    )
    return token


def of_invitation(session: Session, token: str, now: float) -> Operator | None:
    """Whose invitation it is; None when it is unknown, used or too old."""
    return _one(
        session,
        operators.c.invite_hash == _hash(token),
        operators.c.invite_expires_at > now,
        operators.c.state != DISABLED,
    )


def join(
    session: Session, token: str, password: str, totp: str | None, step: int, now: float
) -> Operator | None:
    """Use an invitation: the operator is active with this password (hash) and second factor.
    None when somebody used it meanwhile."""
    operator = of_invitation(session, token, now)
    if operator is None:
        return None
    used = session.connection.execute(
        update(operators)
        .where(operators.c.id == operator.id, operators.c.invite_hash == _hash(token))
        .values(invite_hash=None, invite_expires_at=None, state=ACTIVE, password=password,
                totp=_sealed(session, operator.id, totp), totp_step=step)
        .returning(operators.c.id)
    ).first()  # fmt: skip
    if used is None:
        return None
    end_sessions(session, operator.id)
    return load(session, operator.id)


def load(session: Session, operator_id: str) -> Operator | None:
    """The operator of that id."""
    return _one(session, operators.c.id == operator_id)


def of_login(session: Session, login: str) -> Operator | None:
    """The operator of that login, whatever their state."""
    return _one(session, operators.c.login == login.strip().lower())


def all_of(session: Session) -> list[Operator]:
    """All operators, by name."""
    rows = session.connection.execute(select(operators).order_by(operators.c.name)).mappings()
    return [_operator(session, row) for row in rows]


def names(session: Session) -> dict[str, str]:
    """Operator id -> name, of all."""
    rows = session.connection.execute(select(operators.c.id, operators.c.name))
    return {row.id: row.name for row in rows}


def has_demo(session: Session) -> bool:
    """True when a demonstration operator may log in."""
    found = session.connection.execute(
        select(operators.c.id).where(operators.c.is_demo, operators.c.state == ACTIVE).limit(1)
    )
    return found.first() is not None


class DemoInProduction(Exception):
    """A demonstration login works, and this is production."""


def must_have_no_demo(database: Database) -> None:
    """Raise DemoInProduction when a demonstration operator may log in. A database that is away is
    no reason not to start: the login itself refuses the demonstration, too."""
    try:
        with database.read() as session:
            found = has_demo(session)
    except (*AWAY, NotMigrated, ProgrammingError):
        return
    if found:
        raise DemoInProduction(
            "The demonstration operator can log in here. Disable it first: "
            "python -m bot operator disable demo"
        )


def leaves_an_admin(session: Session, operator_id: str) -> bool:
    """Whether an active admin is left without this operator; a demonstration counts for nobody.
    The admins are locked until the transaction ends, so that two cannot remove each other."""
    asked = select(operators.c.id, operators.c.is_demo).where(
        operators.c.role == ADMIN, operators.c.state == ACTIVE
    )
    if not session.is_sqlite:
        asked = asked.order_by(operators.c.id).with_for_update()
    rows = session.connection.execute(asked).all()
    return any(row.id != operator_id and not row.is_demo for row in rows)


def set_password(session: Session, operator_id: str, password: str, keep: str | None) -> None:
    """A new password (hash); all sessions but `keep` end."""
    _change(session, operator_id, password=password)
    end_sessions(session, operator_id, keep=keep)


def set_role(session: Session, operator_id: str, role: str) -> None:
    """operator or admin; their sessions end."""
    if role not in ROLES:
        raise ValueError(f"a role is one of {ROLES}")
    _change(session, operator_id, role=role)
    end_sessions(session, operator_id)


def set_state(session: Session, operator_id: str, state: str) -> None:
    """active or disabled; their sessions end, and an invitation that was not used is void."""
    _change(session, operator_id, state=state, invite_hash=None, invite_expires_at=None)
    end_sessions(session, operator_id)


def set_language(session: Session, operator_id: str, language: str) -> None:
    """The language of the pages."""
    _change(session, operator_id, language=language)


def make_demo_usable(session: Session, operator_id: str, password: str) -> None:
    """The demonstration operator logs in with a password alone."""
    _change(session, operator_id, state=ACTIVE, password=password)
    end_sessions(session, operator_id)


def use_code(session: Session, operator_id: str, step: int) -> bool:
    """Note that the code of this time step was used; False when it, or a later one, was before."""
    used = session.connection.execute(
        update(operators)
        .where(operators.c.id == operator_id, operators.c.totp_step < step)
        .values(totp_step=step)
        .returning(operators.c.id)
    )
    return used.first() is not None


# ---------------------------------------------------------------- sessions


def begin_session(session: Session, operator_id: str, agent: str, now: float) -> tuple[str, str]:
    """Log in: a new token for the cookie, and the session's id."""
    token, session_id = secrets.token_urlsafe(32), str(uuid.uuid4())
    session.connection.execute(
        delete(desk_sessions).where(
            or_(desk_sessions.c.made_at < now - LONGEST, desk_sessions.c.seen_at < now - IDLE)
        )
    )
    session.connection.execute(
        insert(desk_sessions).values(
            token_hash=_hash(token), id=session_id, operator=operator_id,
            csrf=secrets.token_urlsafe(24), made_at=now, seen_at=now, agent=agent[:200],
        )
    )  # fmt: skip
    _change(session, operator_id, seen_at=now)
    return token, session_id


def session_of(session: Session, token: str, now: float) -> DeskSession | None:
    """Who holds this token; None when it is unknown or too old, or the operator is not active."""
    row = session.connection.execute(
        select(desk_sessions).where(
            desk_sessions.c.token_hash == _hash(token),
            desk_sessions.c.made_at > now - LONGEST,
            desk_sessions.c.seen_at > now - IDLE,
        )
    ).first()
    operator = load(session, row.operator) if row is not None else None
    if row is None or operator is None or operator.state != ACTIVE:
        return None
    return DeskSession(row.id, operator, row.csrf, row.made_at, row.seen_at, row.agent)


def is_due(found: DeskSession, now: float) -> bool:
    """True when the last look should be noted again: not at every look."""
    return found.seen_at < now - _RENEW


def see_session(session: Session, session_id: str, now: float) -> None:
    """Note that the session was used."""
    session.connection.execute(
        update(desk_sessions).where(desk_sessions.c.id == session_id).values(seen_at=now)
    )


def sessions_of(session: Session, operator_id: str, now: float) -> list[DeskSession]:
    """The sessions of an operator that still work, the newest first."""
    operator = load(session, operator_id)
    if operator is None:
        return []
    rows = session.connection.execute(
        select(desk_sessions)
        .where(
            desk_sessions.c.operator == operator_id,
            desk_sessions.c.made_at > now - LONGEST,
            desk_sessions.c.seen_at > now - IDLE,
        )
        .order_by(desk_sessions.c.made_at.desc())
    )
    return [
        DeskSession(row.id, operator, row.csrf, row.made_at, row.seen_at, row.agent) for row in rows
    ]


def count_sessions(session: Session, now: float) -> dict[str, int]:
    """How many sessions of each operator still work, by the operator's id."""
    rows = session.connection.execute(
        select(desk_sessions.c.operator, func.count())
        .where(desk_sessions.c.made_at > now - LONGEST, desk_sessions.c.seen_at > now - IDLE)
        .group_by(desk_sessions.c.operator)
    )
    return {row[0]: row[1] for row in rows}


def end_session(session: Session, operator_id: str, session_id: str) -> bool:
    """End one session of this operator."""
    gone = session.connection.execute(
        delete(desk_sessions)
        .where(desk_sessions.c.id == session_id, desk_sessions.c.operator == operator_id)
        .returning(desk_sessions.c.id)
    )
    return gone.first() is not None


def end_sessions(session: Session, operator_id: str, keep: str | None = None) -> None:
    """End all sessions of this operator but `keep`."""
    ended = delete(desk_sessions).where(desk_sessions.c.operator == operator_id)
    if keep is not None:
        ended = ended.where(desk_sessions.c.id != keep)
    session.connection.execute(ended)


# ---------------------------------------------------------------- failures


def may_try(session: Session, login: str, address: str, now: float) -> bool:
    """False while there were too many failures for this login or from this address."""
    for kind, value, most in (
        ("login", login, MOST_OF_LOGIN), ("address", address, MOST_OF_ADDRESS)
    ):  # fmt: skip
        asked = select(func.count()).where(
            login_failures.c.about == _about(session, kind, value),
            login_failures.c.at > now - WINDOW,
        )
        if session.connection.execute(asked).scalar_one() >= most:
            return False
    return True


def note_failure(session: Session, login: str, address: str, now: float) -> None:
    """A login failed; old failures are forgotten."""
    session.connection.execute(delete(login_failures).where(login_failures.c.at < now - WINDOW))
    for kind, value in (("login", login), ("address", address)):
        session.connection.execute(
            insert(login_failures).values(
                id=str(uuid.uuid4()), about=_about(session, kind, value), at=now
            )
        )


def forget_failures(session: Session, login: str) -> None:
    """A login succeeded."""
    about = _about(session, "login", login)
    session.connection.execute(delete(login_failures).where(login_failures.c.about == about))


# ---------------------------------------------------------------- inside


def _one(session: Session, *only_if: Any) -> Operator | None:
    row = session.connection.execute(select(operators).where(*only_if)).mappings().first()
    return _operator(session, row) if row is not None else None


def _operator(session: Session, row: Any) -> Operator:
    totp = None
    if row["totp"]:
        try:
            totp = session.sealer.open(row["totp"], f"operators.totp:{row['id']}").decode()
        except CannotOpen:
            pass  # a lost key: nobody comes in by that code, an admin invites again
    return Operator(
        row["id"], row["login"], row["name"], row["role"], row["state"], row["language"],
        row["password"], totp, row["totp_step"], row["is_demo"], row["made_at"], row["seen_at"],
        row["invite_expires_at"],
    )  # fmt: skip


def _sealed(session: Session, operator_id: str, totp: str | None) -> bytes | None:
    if totp is None:
        return None
    return session.sealer.seal(totp.encode(), f"operators.totp:{operator_id}")


def _change(session: Session, operator_id: str, **values: Any) -> None:
    session.connection.execute(
        update(operators).where(operators.c.id == operator_id).values(**values)
    )


def _about(session: Session, kind: str, value: str) -> str:
    words = f"login-failures/{kind}/{value.strip().lower()}"
    return session.persons.name(words)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def is_same(one: str, other: str) -> bool:
    """Compare two secrets without telling how alike they are."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
