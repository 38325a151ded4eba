"""`citekit rm`: records removed, with their text shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from citekit.cli import _complete, _session
from citekit.cli._session import answer, partly
from citekit.errors import CitekitError
from citekit.store import Change, Store

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
    library = session.library_to_change()
    shown, errors = _removed(library.store, dict.fromkeys(keys), dry=True)
    answer("".join(diff(library, change) for change in shown))
    if not shown or dry:
        return partly(errors, debug=session.debug)
    what = shown[0].key if len(shown) == 1 else f"{len(shown)} records"
    if not agreed(session, f"Remove {what}?", yes=yes):
        session.say("nothing was removed")
        return partly(errors, debug=session.debug)
    gone, failed = _removed(library.store, {change.key: change.before for change in shown})
    finish(session, library, gone, "rm {}")
    return partly([*errors, *failed], debug=session.debug)


def _removed(
    store: Store, expected: Mapping[str, str | None], *, dry: bool = False
) -> tuple[list[Change], list[CitekitError]]:
    """The removals of the records named, each if it still holds what is *expected*, and the errors of the others."""
    changes, errors = [], []
    for key, text in expected.items():
        try:
            changes.append(store.remove(key, expected=text, dry=dry))
        except CitekitError as error:
            errors.append(error)
    return changes, errors
