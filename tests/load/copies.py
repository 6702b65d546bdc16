"""A folder of many flows: the real content, and the walked flow again under other names."""

import re
import shutil
from pathlib import Path

from tests.load.people import FLOW
from tests.load.servers import ROOT


def make_flows(folder: Path, copies: int) -> Path:
    """The content of flows/ with `copies` more copies of one flow; returns the folder."""
    target = folder / "flows"
    shutil.copytree(ROOT / "flows", target)
    # A menu names every flow, and has no room for a hundred: here there is none.
    (target / "shared" / "menu.yaml").unlink(missing_ok=True)
    original = (target / f"{FLOW}.yaml").read_text(encoding="utf-8")
    for number in range(1, copies + 1):
        name = f"{FLOW}-{number:03d}"
        text = re.sub(rf"^flow: {FLOW}$", f"flow: {name}", original, count=1, flags=re.MULTILINE)
        (target / f"{name}.yaml").write_text(text, encoding="utf-8")
    return target
