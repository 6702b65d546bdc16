"""A file is what its first bytes say, and is saved under a harmless name."""

import pytest

from bot.documents.kinds import HEIC, JPEG, PDF, PNG, kind_of, safe_name


@pytest.mark.parametrize(
    "content, kind",
    [
        (b"\xff\xd8\xff\xe0..JFIF", JPEG),
        (b"\x89PNG\r\n\x1a\n....", PNG),
        (b"\0\0\0\x18ftypheic....", HEIC),
        (b"\0\0\0\x18ftypmif1....", HEIC),
        (b"%PDF-1.7 ...", PDF),
        (b"\0\0\0\x18ftypmp42....", None),  # a film
        (b"GIF89a", None),
        (b"<svg onload=alert(1)>", None),
        (b"<html>%PDF-1.7", None),
        (b"MZ\x90\0", None),
        (b"PK\x03\x04", None),
        (b"", None),
    ],
)
def test_the_content_says_what_it_is(content: bytes, kind: str | None) -> None:
    assert kind_of(content) == kind


@pytest.mark.parametrize(
    "name, saved",
    [
        ("card.pdf", "card.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("..\\..\\boot.ini", "boot.jpg"),
        ("a\r\nSet-Cookie: x.exe", "aSet-Cookie x.jpg"),
        ('<script>"x"</script>', "script.jpg"),
        ("在留カード.JPG", "在留カード.jpg"),
        ("\u202egpj.exe", "gpj.jpg"),
        ("", "file-7.jpg"),
        (None, "file-7.jpg"),
        ("...", "file-7.jpg"),
        ("x" * 300, "x" * 120 + ".jpg"),
    ],
)
def test_a_name_leads_nowhere_else(name: str | None, saved: str) -> None:
    assert safe_name(name, JPEG, "7") == saved
