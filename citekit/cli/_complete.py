"""What shells complete: keys, styles, archives. They must answer in 150 ms, so no record is opened."""

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
