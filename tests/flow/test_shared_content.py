"""What stands in the shared files is used: an entry that nothing needs is only a trap."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTENT = {path: path.read_text(encoding="utf-8") for path in (ROOT / "flows").rglob("*.yaml")}
CODE = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot").rglob("*.py"))
NAME = re.compile(r"^([a-z][\w.-]*):", re.MULTILINE)


def is_used(name: str) -> bool:
    word = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])")
    return sum(len(word.findall(text)) for text in CONTENT.values()) > 1 or name in CODE


@pytest.mark.parametrize(
    "file", ["rules", "documents", "document-sets", "sources", "questions", "answers"]
)
def test_every_shared_entry_is_used(file: str) -> None:
    names = NAME.findall(CONTENT[ROOT / "flows" / "shared" / f"{file}.yaml"])
    assert [name for name in names if name != "exceptions" and not is_used(name)] == []
