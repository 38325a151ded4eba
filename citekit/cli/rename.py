"""`citekit rename`: another key for a record."""

from __future__ import annotations

from typing import Annotated

import typer

from citekit.cli import _complete, _session
from citekit.cli._session import answer

app = typer.Typer(add_completion=False, rich_markup_mode=None)

HELP = """Give a record another key. Its text stays as it is.

\b
  citekit rename molotov-1945 molotov-harriman-1945-11-19
  citekit rename molotov-1945 molotov-harriman-1945-11-19 --dry-run
"""


@app.command(help=HELP)
def rename(
    ctx: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", autocompletion=_complete.complete_key)],
    new: Annotated[str, typer.Argument(metavar="NEW")],
    dry: Annotated[bool, typer.Option("--dry-run", help="Show what would change; write nothing.")] = False,
) -> int:
    """Renames the file, in one step."""
    from citekit.cli._changes import finish

    session = _session.of(ctx)
    library = session.library_to_change()
    change = library.store.rename(old, new, dry=dry)
    answer(finish(session, library, [change], f"rename {{}} to {new}", dry=dry))
    return 0
