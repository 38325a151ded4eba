"""`citekit init`: a new library."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from citekit.cli import _session
from citekit.cli._session import answer

app = typer.Typer(add_completion=False, rich_markup_mode=None)

HELP = """Make a library: citekit.toml, records/ and one sample record. What is there stays.

\b
  citekit init                 here
  citekit init ~/sources       there
"""


@app.command(help=HELP)
def init(
    ctx: typer.Context,
    folder: Annotated[str, typer.Argument(metavar="[DIR]")] = "",
    dry: Annotated[bool, typer.Option("--dry-run", help="Show what would be made.")] = False,
) -> int:
    """Prints the files that were made, one a line."""
    from citekit.library import RECORDS, found
    from citekit.writing import sweep

    session = _session.of(ctx)
    root = Path(folder or session.folder or ".")
    if not dry:  # what an `init` that was killed left behind
        sweep(root)
        sweep(root / RECORDS)
    made = found(root, dry=dry)
    if not made:
        session.say("there is a library already; nothing was made")
    answer("".join(f"{path}\n" for path in made))
    return 0
