"""Who is who, without LINE's user id: a keyed hash that only this installation can compute.

Its key is a row of `secrets`, made when the database is migrated and sealed like all else, so
that the keys of encryption can be rotated without renaming every person.
"""

import hmac
import os

from sqlalchemy import Connection, insert, select

from bot.store.sealing import Sealer
from bot.store.tables import secrets

_NAME = "person"
_PLACE = "secrets.sealed:person"


class NotMigrated(Exception):
    """The database has no key for persons: `python -m bot migrate` has not run."""


class Persons:
    """Names persons: LINE's user id in, 32 hex digits out."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def name(self, user_id: str) -> str:
        """The person of a user id; the same one for as long as the database lives."""
        return hmac.digest(self._key, user_id.encode("utf-8", "surrogatepass"), "sha256").hex()[:32]


def person_key(connection: Connection, sealer: Sealer) -> bytes:
    """The key of this database; raises NotMigrated."""
    sealed = connection.execute(select(secrets.c.sealed).where(secrets.c.name == _NAME)).scalar()
    if sealed is None:
        raise NotMigrated("run: python -m bot migrate")
    return sealer.open(sealed, _PLACE)


def make_person_key(connection: Connection, sealer: Sealer) -> None:
    """Make the key if there is none yet."""
    if connection.execute(select(secrets.c.name).where(secrets.c.name == _NAME)).scalar() is None:
        sealed = sealer.seal(os.urandom(32), _PLACE)
        connection.execute(insert(secrets).values(name=_NAME, sealed=sealed))
