"""The house rules that a machine can hold: said twice, they became tests.

They read the files that git tracks or would track; in a copy without git, all files.
"""

import ast
import dataclasses
import re
import stat
import subprocess
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path, PurePosixPath

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from bot.settings import Settings

ROOT = Path(__file__).resolve().parent.parent

TOP_LEVEL = {
    ".ci", ".gitignore", "CHANGELOG.md", "LICENSE", "Makefile", "Procfile", "README.md", "bot",
    "docs", "flows", "locales", "pyproject.toml", "requirements.lock", "tests",
}  # fmt: skip
MOST_LINES = 600
NOT_OURS = {".git", ".hypothesis", ".venv", "__pycache__", "var"}

# Where packages come from and where a developer keeps files are no business of the project's.
PRIVATE = re.compile(
    "|".join(
        [
            r"(?:pypi|pythonhosted|npmjs|yarnpkg)\.[a-z]",
            r"--(?:find-links|(?:extra-)?index-url)[ =]+\S*/",
            r"(?<![\w.])/(?:home|root|tmp|Users)/\w",
            r"\b[A-Z]:\\Users\\",
            re.escape(f"{ROOT.parent}/") if ROOT.parent != Path("/") else r"(?!)",
        ]
    )
)


@cache
def our_files() -> tuple[PurePosixPath, ...]:
    """Every file of the project, relative to its root."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    # The root itself must be a repository; a copy inside another one lists nothing useful.
    if listing.returncode == 0 and (ROOT / ".git").exists():
        names = [PurePosixPath(name) for name in listing.stdout.split("\0") if name]
    else:
        names = [
            PurePosixPath(path.relative_to(ROOT).as_posix())
            for path in ROOT.rglob("*")
            if path.is_file() and not NOT_OURS & set(path.relative_to(ROOT).parts)
        ]
        names = [name for name in names if not re.match(r"\..*_cache$", name.parts[0])]
    return tuple(sorted(name for name in names if (ROOT / name).is_file()))


def our_modules() -> list[PurePosixPath]:
    return [name for name in our_files() if name.parts[0] == "bot" and name.suffix == ".py"]


def read(name: PurePosixPath | str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def text_files() -> list[tuple[PurePosixPath, str]]:
    """Each file that is text, with its text."""
    found = []
    for name in our_files():
        try:
            found.append((name, read(name)))
        except UnicodeDecodeError:
            continue
    return found


def project() -> dict[str, object]:
    table: dict[str, object] = tomllib.loads(read("pyproject.toml"))["project"]
    return table


def locked() -> dict[str, Version]:
    """Name and version of everything in requirements.lock."""
    pin = re.compile(r"^([\w.-]+)(?:\[[^]]*\])?==([^ ;\\]+)", re.MULTILINE)
    pins = pin.findall(read("requirements.lock"))
    return {canonicalize_name(name): Version(version) for name, version in pins}


def test_there_are_files_to_look_at():
    assert len(our_modules()) > 5
    assert PurePosixPath("pyproject.toml") in our_files()


def test_the_top_level_holds_only_what_the_plan_names():
    assert {name.parts[0] for name in our_files()} - TOP_LEVEL == set()


def test_every_module_opens_with_why_it_exists():
    silent = [str(name) for name in our_modules() if not ast.get_docstring(ast.parse(read(name)))]
    assert silent == []


def test_no_module_is_longer_than_one_idea():
    lengths = {str(name): len(read(name).splitlines()) for name in our_modules()}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_no_module_is_called_a_drawer_for_everything():
    drawers = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}
    assert [str(name) for name in our_modules() if drawers & {*name.parts, name.stem}] == []


def test_test_modules_have_names_of_their_own():
    # The test folders are no packages: of two modules with one name only one would be imported.
    names = [n.name for n in our_files() if n.parts[0] == "tests" and n.suffix == ".py"]
    twice = {name for name, times in Counter(names).items() if times > 1}
    assert twice - {"__init__.py", "__main__.py", "conftest.py"} == set()


def test_no_file_names_a_registry_or_a_place_on_somebodys_machine():
    hits = [
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in text_files()
        for number, line in enumerate(text.splitlines(), 1)
        if PRIVATE.search(line)
    ]
    assert hits == []


@pytest.mark.parametrize(
    "line",
    [
        # Put together here, so that this file passes the test itself.
        "url = 'https://{}.org/simple'".format("pypi"),
        "https://files.{}.org/packages/x.whl".format("pythonhosted"),
        "--extra-{}-url https://example.org/simple".format("index"),
        "cd /{}/somebody/bot".format("home"),
        "open('/{}/log')".format("tmp"),
        f"{ROOT}/bot",
    ],
)
def test_the_search_for_private_places_finds_them(line: str):
    assert PRIVATE.search(line)


@pytest.mark.parametrize(
    "line", ["shared/rules.yaml", "/v2/bot/root/x", "a/home/b", "tmp_path / 'bot.db'"]
)
def test_the_search_for_private_places_lets_ordinary_paths_pass(line: str):
    assert not PRIVATE.search(line)


def test_scripts_can_be_run():
    for name in (".ci/run", ".ci/venv"):
        assert (ROOT / name).stat().st_mode & stat.S_IXUSR, f"{name} is not executable"


def test_the_lock_has_a_hash_for_everything_and_no_address():
    lock = read("requirements.lock")
    blocks = re.split(r"\n(?=\S)", lock.strip())
    assert [block.split(" ")[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert [line for line in lock.splitlines() if re.match(r"\s*(-\w|--(?!hash)|#)", line)] == []
    assert "://" not in lock


def test_the_lock_holds_what_the_project_asks_for():
    table = project()
    extras = table["optional-dependencies"]
    assert isinstance(extras, dict)
    wanted = [*table["dependencies"], *(entry for extra in extras.values() for entry in extra)]
    pins = locked()
    unmet = []
    for requirement in map(Requirement, wanted):
        pin = pins.get(canonicalize_name(requirement.name))
        if pin is None or pin not in requirement.specifier:
            unmet.append(f"{requirement} (locked: {pin}); repair with: make lock")
    assert unmet == []


def test_the_readme_has_the_two_commands():
    readme = read("README.md")
    assert "make run" in readme
    assert "make test" in readme


def test_the_readme_has_a_row_for_every_setting():
    rows = [line for line in read("README.md").splitlines() if line.startswith("|")]
    named = {name for row in rows for name in re.findall(r"^\|\s*`([A-Z][A-Z_]+)`", row)}
    settings = {field.metadata["env"] for field in dataclasses.fields(Settings)}
    assert settings - named == set(), "settings that the README's table lacks"
    assert named - settings == set(), "rows of the table that are no setting"


def test_only_the_settings_and_the_commands_read_the_environment():
    # One place knows what an installation can be told; the others are handed Settings.
    reading = re.compile(r"\bos\.(?:environ|getenv)\b|\bimport [^\n]*\b(?:environ|getenv)\b")
    found = {str(name) for name in our_modules() if reading.search(read(name))}
    assert found - {"bot/__main__.py", "bot/settings.py"} == set()


def test_nothing_below_the_clock_asks_for_the_time():
    # House rule: today, now and chance are arguments; only these may ask for them.
    asking = re.compile(r"\b(?:datetime|date)\.(?:now|today|utcnow)\(|\btime\.time\(")
    may_ask = {"__main__", "web", "worker", "handle", "simulator", "console"}
    found = [
        str(name)
        for name in our_modules()
        if asking.search(read(name)) and PurePosixPath(name.parts[1]).stem not in may_ask
    ]
    assert found == []
