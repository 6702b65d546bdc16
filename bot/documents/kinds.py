"""What a file really is, by its first bytes: neither its name nor what a sender says of it counts.

Only what an operator can look at without running anything: JPEG, PNG, HEIC and PDF.
"""

MOST_BYTES = 10_000_000
JPEG, PNG, HEIC, PDF = "image/jpeg", "image/png", "image/heic", "application/pdf"
ENDINGS = {JPEG: "jpg", PNG: "png", HEIC: "heic", PDF: "pdf"}
_HEIC_BRANDS = frozenset(
    (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
)  # fmt: skip
_LONGEST_NAME = 120


def kind_of(content: bytes) -> str | None:
    """The media type, or None for everything else."""
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return HEIC
    if content.startswith(b"%PDF-"):
        return PDF
    return None


def safe_name(name: str | None, kind: str, number: str = "") -> str:
    """A name under which it can be saved: no folders, no control characters, the ending of what
    it really is."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(" .")
    stem = plain.rpartition(".")[0] if "." in plain else plain
    stem = stem.strip(" .")[:_LONGEST_NAME] or f"file{number and '-'}{number}"
    return f"{stem}.{ENDINGS.get(kind, 'bin')}"
