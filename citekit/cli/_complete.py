"""What shells complete: keys, styles, archives, formats. They must answer in 150 ms, so no record is opened."""

from __future__ import annotations

from pathlib import Path

import typer

from citekit.cli._session import Session
from citekit.errors import CitekitError


def complete_key(ctx: typer.Context, incomplete: str) -> list[str]:
    """The keys that begin with *incomplete*, whatever was typed before a "+"."""
    from citekit.library import Library

    before, plus, start = incomplete.rpartition("+")
    folder = ctx.find_root().params.get("library")
    try:
        keys = Library.open(Path(folder) if folder else None).store.keys()
    except CitekitError:
        return []
    return [before + plus + key for key in keys if key.startswith(start)]


def complete_style(ctx: typer.Context, incomplete: str) -> list[str]:
    """The styles that begin with *incomplete*; ours where nothing is typed, for there are thousands."""
    from citekit.library import ALIASES, Library
    from citekit.mapping import FORMS

    folder = ctx.find_root().params.get("library")
    try:
        found = Library(Path(folder) if folder else Path.cwd()).styles() if incomplete else ()
    except CitekitError:
        return []
    names = [name for name, _ in found] if incomplete else [*FORMS]
    return [name for name in [*ALIASES, *names] if name.startswith(incomplete)]


def complete_archive(ctx: typer.Context, incomplete: str) -> list[str]:
    """The keys of archives that begin with *incomplete*, the library's own too."""
    folder = ctx.find_root().params.get("library")
    try:
        keys = Session(folder or "").registry().keys()
    except CitekitError:
        return []
    return [key for key in keys if key.startswith(incomplete)]


def complete_format(incomplete: str) -> list[str]:
    """The formats of exports that begin with *incomplete*."""
    from citekit.formats import NAMES

    return [name for name in NAMES if name.startswith(incomplete)]


def complete_target(incomplete: str) -> list[str]:
    """The programs that records can be exported for that begin with *incomplete*."""
    from citekit.targets import TARGETS

    return [name for name in TARGETS if name.startswith(incomplete)]


def complete_input(incomplete: str) -> list[str]:
    """The formats that are read that begin with *incomplete*."""
    from citekit.intake import FORMATS

    return [name for name in FORMATS if name.startswith(incomplete)]


def complete_conflict(incomplete: str) -> list[str]:
    """The ways to solve a conflict of keys that begin with *incomplete*."""
    from citekit.intake import CONFLICTS

    return [name for name in CONFLICTS if name.startswith(incomplete)]
