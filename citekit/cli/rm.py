"""`citekit rm`: records removed, with their text shown."""

from __future__ import annotations

from typing import Annotated

import typer

from citekit.cli import _complete, _session
from citekit.cli._session import answer, partly
from citekit.errors import CitekitError

app = typer.Typer(add_completion=False, rich_markup_mode=None)

HELP = """Remove records. What they held is shown first.

\b
  citekit rm molotov-1945                 asks
  citekit rm molotov-1945 --yes           does not
  citekit rm molotov-1945 --dry-run       only shows
"""


@app.command(help=HELP)
def rm(
    ctx: typer.Context,
    keys: Annotated[list[str], typer.Argument(metavar="KEY...", autocompletion=_complete.complete_key)],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    dry: Annotated[bool, typer.Option("--dry-run", help="Show what would go; remove nothing.")] = False,
) -> int:
    """Shows the records, asks, and removes those that are still what was shown."""
    from citekit.cli._changes import agreed, diff, finish

    session = _session.of(ctx)
    library = session.library()
    shown, errors = [], []
    for key in dict.fromkeys(keys):
        try:
            shown.append(library.store.remove(key, dry=True))
        except CitekitError as error:
            errors.append(error)
    answer("".join(diff(library, change) for change in shown))
    if shown and not dry:
        what = shown[0].key if len(shown) == 1 else f"{len(shown)} records"
        if agreed(session, f"Remove {what}?", yes=yes):
            gone = []
            for change in shown:
                try:
                    gone.append(library.store.remove(change.key, expected=change.before))
                except CitekitError as error:
                    errors.append(error)
            finish(session, library, gone, "rm {}")
        else:
            session.say("nothing was removed")
    return partly(errors, debug=session.debug)
