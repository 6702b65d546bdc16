"""What stands in the shared files is used: an entry that nothing needs is only a trap."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTENT = {path: path.read_text(encoding="utf-8") for path in (ROOT / "flows").rglob("*.yaml")}
CODE = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot").rglob("*.py"))
NAME = re.compile(r"^([a-z][\w.-]*):", re.MULTILINE)
WORD = re.compile(r"(?<![\w.-])[a-z][\w-]*(?:\.[a-z]\w*)*")
WORDS = Counter(word for text in CONTENT.values() for word in WORD.findall(text))


def is_used(name: str) -> bool:
    return WORDS[name] > 1 or name in CODE


@pytest.mark.parametrize(
    "file", ["rules", "documents", "document-sets", "sources", "questions", "answers"]
)
def test_every_shared_entry_is_used(file: str) -> None:
    names = NAME.findall(CONTENT[ROOT / "flows" / "shared" / f"{file}.yaml"])
    assert [name for name in names if name != "exceptions" and not is_used(name)] == []
