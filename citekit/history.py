"""Undo by git: where `citekit.toml` asks for it, every change of records is one commit.

Only the files that were changed are committed, whatever else is staged or changed in the work tree. A failure to commit
undoes nothing: the records are written, and the reason is told.
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from citekit.library import Library

PATIENCE = 60  # seconds; a commit hook may take its time


def wanted(library: Library) -> bool:
    """Whether the library asks for commits: `[git] commit = true` in `citekit.toml`."""
    table = library.config.get("git", {})
    return isinstance(table, dict) and table.get("commit") is True


def commit(library: Library, paths: Sequence[Path], message: str) -> str:
    """Commits *paths*, and nothing else, with *message*. Returns what went wrong, or an empty string.

    Nothing happens where the library does not ask for it or is no git work tree.
    """
    if not wanted(library) or not paths:
        return ""
    folder = library.store.folder
    if _git(folder, "rev-parse", "--is-inside-work-tree"):
        return ""
    names = [str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path) for path in paths]
    # a new file must be known to git before it can be committed by name; one that is gone already is
    known = [name for name, path in zip(names, paths, strict=True) if path.exists()]
    return (known and _git(folder, "add", "--", *known)) or _git(
        folder, "commit", "--quiet", "--only", "-m", message, "--", *names
    )


def _git(folder: Path, *arguments: str) -> str:
    """Runs git; what it said where it failed, else an empty string."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except FileNotFoundError:
        return "there is no git"
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)
    said = done.stderr.strip() or done.stdout.strip() or f"git ended with {done.returncode}"
    return said if done.returncode else ""
