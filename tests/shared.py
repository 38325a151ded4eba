"""Where the facts and cases lie that are not in the repository: beside it, in `../shared`. Tests skip without them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

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
