"""Encryption at rest: what a thief of the database file would read without the keys.

AES-256-GCM; a sealed value is one byte that names the key, 12 bytes of nonce, then the data
with its tag. It is bound to the place where it stands (table, column, row), so that a value
moved to another row does not open. Several keys: the first writes, all of them read.
"""

import hashlib
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Table, bindparam, func, or_, select, update

from bot.store.tables import SEALED

_NONCE = 12


class CannotOpen(Exception):
    """No key opens this value: a key was taken out too early, or the value was changed."""


def key_name(key: bytes) -> bytes:
    """The byte that names a key in what it sealed; says nothing useful about the key."""
    return hashlib.sha256(b"key name:" + key).digest()[:1]


class _Nonces:
    """Random nonces, fetched from the system many at a time: a call for each costs as much as
    the encryption. A process that was forked throws away what it inherited."""

    def __init__(self) -> None:
        self._ready: list[bytes] = []
        self._pid = os.getpid()

    def take(self) -> bytes:
        """A nonce that nobody else has; safe to share between threads."""
        if self._pid != os.getpid():
            self._pid, self._ready = os.getpid(), []
        try:
            return self._ready.pop()
        except IndexError:
            fresh = os.urandom(_NONCE * 64)
            cut = [fresh[at : at + _NONCE] for at in range(0, len(fresh), _NONCE)]
            nonce = cut.pop()
            self._ready.extend(cut)
            return nonce


class Sealer:
    """Seals and opens values; one for the process, safe to share between threads."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise ValueError("DATA_KEYS: at least one key is needed to keep texts")
        self._ciphers: dict[bytes, list[AESGCM]] = {}
        for key in keys:
            self._ciphers.setdefault(key_name(key), []).append(AESGCM(key))
        self.current = key_name(keys[0])
        self._writer = self._ciphers[self.current][0]
        self._nonces = _Nonces()

    def seal(self, value: bytes, place: str) -> bytes:
        """`value`, readable only with the keys and only at `place` ("table.column:row")."""
        nonce = self._nonces.take()
        return self.current + nonce + self._writer.encrypt(nonce, value, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """What was sealed for `place`; raises CannotOpen. Empty stays empty (erased)."""
        if not sealed:
            return b""
        sealed = bytes(sealed)
        nonce, data = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        for cipher in self._ciphers.get(sealed[:1], ()):
            try:
                return cipher.decrypt(nonce, data, place.encode())
            except (InvalidTag, ValueError):
                continue
        raise CannotOpen(place.partition(":")[0])


def reseal(connection: Connection, sealer: Sealer, limit: int = 500) -> int:
    """Rewrite up to `limit` values of each table that another key than the first one sealed.

    Returns how many rows were rewritten; 0 means that the old keys can be taken away.
    """
    rewritten = 0
    for table, (key, names) in SEALED.items():
        for row in connection.execute(_sealed_by_others(table, names, sealer, limit)).mappings():
            fresh = {}
            for name in names:
                if row[name]:
                    place = f"{table.name}.{name}:{row[key]}"
                    fresh[name] = sealer.seal(sealer.open(row[name], place), place)
            # Only if nobody wrote the row meanwhile: a newer value must not be overwritten.
            unchanged = [table.c[name] == row[name] for name in fresh]
            connection.execute(
                update(table).where(table.c[key] == bindparam("row_key"), *unchanged).values(fresh),
                {"row_key": row[key]},
            )
            rewritten += 1
    return rewritten


def _sealed_by_others(table: Table, names: Sequence[str], sealer: Sealer, limit: int):
    # Written out here because the first byte of a blob is compared the same way on both databases.
    foreign = [
        (func.length(table.c[name]) > 0) & (func.substr(table.c[name], 1, 1) != sealer.current)
        for name in names
    ]
    return select(table).where(or_(*foreign)).limit(limit)
