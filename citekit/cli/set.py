"""`citekit set`: changes of single fields, every other byte of the file as it was."""

from __future__ import annotations

from typing import Annotated

import typer

from citekit.cli import _complete, _session
from citekit.cli._session import answer

app = typer.Typer(add_completion=False, rich_markup_mode=None)

HELP = """Change fields of a record, and show the lines that change.

\b
  citekit set KEY title='From the Journal of V.M. Molotov' date=1945-11-19
  citekit set KEY people.translator+='Goldberg, Gary'      one more name
  citekit set KEY people.translator-='Goldberg, Gary'      one less
  citekit set KEY location.delo=98                         the only location; location.2.delo for the second
  citekit set KEY abstract=                                the field goes
  citekit set KEY 'tags:=["Japan", "Korea"]'               the value as TOML
  citekit set KEY location.delo=98 --dry-run

Comments, order, spacing and line ends stay. A change that would disturb other lines is refused.
"""


@app.command("set", help=HELP)
def set_(
    ctx: typer.Context,
    key: Annotated[str, typer.Argument(metavar="KEY", autocompletion=_complete.complete_key)],
    changes: Annotated[list[str], typer.Argument(metavar="FIELD=VALUE...")],
    dry: Annotated[bool, typer.Option("--dry-run", help="Show what would change; write nothing.")] = False,
) -> int:
    """Makes all changes or none."""
    from citekit import assign
    from citekit.cli._changes import as_typed, finish
    from citekit.errors import RecordError
    from citekit.store import read_table

    session = _session.of(ctx)
    wanted = [assign.read(word) for word in changes]
    library = session.library_to_change()
    levels = library.registry.levels() if any(one.path[0] == "location" for one in wanted) else ()

    after = ""

    def edit(text: str) -> str:
        nonlocal after
        read_table(library.store.path(key), text)  # what is no TOML is an invalid record, not a wrong command
        after = assign.assigned(text, wanted, levels)
        return after

    try:
        change = library.store.change(key, edit, library.registry, dry=dry)
    except RecordError as error:
        typed = {word: one.path for word, one in zip(changes, wanted, strict=True)}
        raise (as_typed(error, library, key, after, typed) if after else error) from error
    answer(finish(session, library, [change], "set {}", dry=dry))
    return 0
