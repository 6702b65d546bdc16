"""Many short texts in pairs under their keys, in one stretch of bytes that is only read.

A hundred thousand strings in dictionaries take fifty megabytes of every process. Here they stay
the bytes of a file that is mapped into memory: what nobody asks for is no object and costs nothing,
and processes share what they read.
"""

from collections.abc import Iterable, Mapping
from itertools import accumulate, chain
from struct import Struct, pack
from zlib import crc32

_SPAN = Struct("<2I")
_WIDTH = 4
_ROOM = 4
"""So many times more buckets than keys: most of what is asked for is not there, and an empty bucket
says so at once."""


class Packed:
    """A table by hash: first how many buckets there are, then where each begins, then their lines.

    A line is a key and its pairs, with tabs between all of them. So asking costs one look at the
    table and the lines of one bucket, however much there is.
    """

    def __init__(self, whole: memoryview) -> None:
        self._whole = whole
        self._buckets = int.from_bytes(whole[:_WIDTH], "little")

    @property
    def whole(self) -> memoryview:
        """The bytes of the table, to be kept in a file."""
        return self._whole

    def get(self, key: str) -> Iterable[tuple[str, str]]:
        """The pairs under the key."""
        texts = self._found(key)
        return zip(texts[::2], texts[1::2], strict=True) if texts else ()

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self._found(key) is not None

    def _found(self, key: str) -> list[str] | None:
        at = _WIDTH + _WIDTH * (crc32(key.encode()) % self._buckets)
        start, end = _SPAN.unpack_from(self._whole, at)
        if start == end:
            return None
        for line in str(self._whole[start:end], "utf-8").split("\n"):
            name, _, texts = line.partition("\t")
            if name == key:
                return texts.split("\t") if texts else []
        return None


def packed(entries: Mapping[str, Iterable[tuple[str, str]]]) -> Packed:
    """The entries, each pair once; no key is empty, and nothing holds a tab or a line's end."""
    buckets: list[list[str]] = [[] for _ in range(_ROOM * len(entries) or 1)]
    for key, pairs in entries.items():
        texts = chain.from_iterable(dict.fromkeys(pairs))
        buckets[crc32(key.encode()) % len(buckets)].append("\t".join((key, *texts)))
    lines = ["\n".join(one).encode() for one in buckets]
    starts = list(accumulate(map(len, lines), initial=_WIDTH * (len(buckets) + 2)))
    head = pack(f"<{len(starts) + 1}I", len(buckets), *starts)
    return Packed(memoryview(b"".join((head, *lines))))
