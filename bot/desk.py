"""What the desk that keeps the content looks at: gaps in its stories, sources to read again, and
the pages for those who review it.

A report is a text, or a text and whether something is wrong; the commands print it.
"""

import json
import subprocess
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.flow import sources
from bot.flow.coverage import coverage_json, coverage_lines, coverage_of
from bot.flow.engine import Engine
from bot.flow.model import Flow, Library
from bot.flow.pages import pages
from bot.flow.stories import read_stories

TOKYO = ZoneInfo("Asia/Tokyo")


def coverage_report(
    library: Library, stories: Path, flows: Iterable[str], *, as_json: bool
) -> tuple[str, bool]:
    """What the stories do not prove, with an example for each gap; whether there are gaps."""
    engine, told = Engine(library), read_stories(stories)
    found = [coverage_of(engine, one, told) for one in flows]
    is_wrong = any(one.missing or one.misfits for one in found)
    return _json(coverage_json(found)) if as_json else "\n".join(coverage_lines(found)), is_wrong


def sources_report(library: Library, root: Path, today: date, *, as_json: bool) -> str:
    """The sources and read-throughs that must be renewed. A list for people: it fails nothing."""
    found = sources.sources_to_read(library, today)
    changed = {
        flow.file: _day_of_last_change(flow, root)
        for flow in library.all_flows
        if flow.read_through is not None
    }
    renew = sources.read_throughs_to_renew(library, changed)
    if as_json:
        return _json(sources.sources_json(found, renew, today))
    count = f"{len(found)} of {len(library.sources)} sources must be read again."
    return "\n".join((*sources.sources_lines(found, renew), count))


def pages_that_differ(library: Library, folder: Path) -> dict[str, str | None]:
    """The pages in `folder` that are not what the content says, with what they should be; None
    for a page of something that does not exist any more."""
    wanted = pages(library)
    found: dict[str, str | None] = {
        path.name: None for path in folder.glob("*.md") if path.name not in wanted
    }
    for name, text in wanted.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            found[name] = text
    return found


def write_pages(library: Library, folder: Path) -> tuple[str, ...]:
    """Bring the pages in `folder` in step with the content; the names of those that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    differing = pages_that_differ(library, folder)
    for name, text in differing.items():
        if text is None:
            (folder / name).unlink()
        else:
            (folder / name).write_text(text, encoding="utf-8")
    return tuple(differing)


def _day_of_last_change(flow: Flow, root: Path) -> date:
    """The day of the file's last commit; of its writing, where no history has it as it is."""
    committed = _git(root, "log", "-1", "--format=%cs", "--", flow.file)
    if committed and not _git(root, "status", "--porcelain", "--", flow.file):
        return date.fromisoformat(committed)
    return datetime.fromtimestamp((root / flow.file).stat().st_mtime, TOKYO).date()


def _git(root: Path, *words: str) -> str:
    """What git prints; nothing if it fails or is not there."""
    try:
        done = subprocess.run(  # noqa: S603 - the words are ours
            ("git", *words),  # noqa: S607 - whichever git the desk uses
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _json(found: Any) -> str:
    return json.dumps(found, ensure_ascii=False, indent=2)
