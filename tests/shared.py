"""Golden files; pandoc; and where the facts and cases lie that are not in the repository: beside it, in `../shared`.

Tests skip without `../shared`, but not without pandoc, which comes with the package pypandoc-binary.
"""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pypandoc
import pytest

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


def shared(path: str) -> Path:
    """The file or folder *path* of `../shared`; skips the test where it is missing."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"{path} is not beside the project (../shared)")
    return found


@cache
def shared_json(path: str) -> Any:
    """The JSON file *path* of `../shared`."""
    return json.loads(shared(path).read_text(encoding="utf-8"))


def shared_lines(path: str) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file of `../shared`."""
    return [json.loads(line) for line in shared(path).read_text(encoding="utf-8").splitlines()]


def compared(path: Path, text: str, config: pytest.Config) -> None:
    """Asserts that the golden file *path* holds *text*; with `--update-golden` it does, and git shows what changed."""
    if config.getoption("--update-golden"):
        path.write_bytes(text.encode())
    assert path.read_bytes() == text.encode()


def pandoc(*arguments: str, text: str) -> str:
    """What pandoc makes of *text*; it may read no file and no page."""
    run = subprocess.run(
        [pypandoc.get_pandoc_path(), "--sandbox", *arguments],
        input=text.encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr.decode()
    return run.stdout.decode()
