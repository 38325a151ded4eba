"""Undo by git: where `citekit.toml` asks for it, every change of records is one commit.

Only the files that were changed are committed, whatever else is staged or changed in the work tree. A failure to commit
undoes nothing: the records are written, and the reason is told.
"""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from citekit.writing import reason

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from citekit.library import Library

_OTHERS = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE")  # set where git itself runs us: they may name another tree


class _GitError(Exception):
    """What git said where it failed."""


def wanted(library: Library) -> bool:
    """Whether the library asks for commits: `[git] commit = true` in `citekit.toml`."""
    return bool(library.config.get("git", {}).get("commit"))


def commit(library: Library, paths: Sequence[Path], message: str) -> str:
    """Commits *paths*, and nothing else, with *message*. Returns what went wrong, or an empty string.

    Nothing happens where the library does not ask for it, or where git has nothing to commit: a record that it never
    knew is gone, or it is told to ignore it.
    """
    if not wanted(library) or not paths:
        return ""
    try:
        _commit(library.store.folder, [f":(literal){path}" for path in paths], message)
    except _GitError as error:
        return str(error)
    return ""


def _commit(folder: Path, paths: Sequence[str], message: str) -> None:
    said = _git(folder, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", *paths)
    changed = {f":(top,literal){line[3:]}": line[:2] for line in said.split("\0") if line}
    # git commits by name only what it knows. Were the text staged here, it would stay so where the commit fails.
    if new := [path for path, state in changed.items() if state == "??"]:
        _git(folder, "add", "--intent-to-add", "--", *new)
    if changed:
        _git(folder, "commit", "--quiet", "--only", "-m", message, "--", *changed)


def _git(folder: Path, *arguments: str) -> str:
    """What git prints. Raises _GitError with what it says where it fails.

    It may take its time: git that is killed leaves its lock behind, so who waits for a hook ends it with Ctrl-C.
    """
    env = {name: value for name, value in os.environ.items() if name not in _OTHERS}
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, env=env, check=False)
    except OSError as error:
        raise _GitError(f"git cannot be started: {reason(error)}") from error
    out, err = (stream.decode("utf-8", "replace") for stream in (done.stdout, done.stderr))
    if done.returncode:
        raise _GitError(err.strip() or out.strip() or f"git ended with {done.returncode}")
    return out
