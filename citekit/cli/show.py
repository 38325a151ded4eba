"""`citekit show`: a record as it stands in its file."""

from __future__ import annotations

from typing import Annotated

import typer

from citekit.cli import _complete, _session
from citekit.cli._session import answer, keys_of, partly
from citekit.errors import CitekitError
from citekit.markup import to_json, visible

app = typer.Typer(add_completion=False, rich_markup_mode=None)

HELP = """Print a record as it stands in its file.

\b
  citekit show molotov-harriman-1945-11-19
  citekit show molotov-harriman-1945-11-19 --json
  citekit list --keys Molotov | citekit show -        keys from standard input
"""


@app.command(help=HELP)
def show(
    ctx: typer.Context,
    keys: Annotated[list[str], typer.Argument(metavar="KEY...", autocompletion=_complete.complete_key)],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Write there; - is standard output.")
    ] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="As JSON: an object for one record, an array for several.")
    ] = False,
) -> int:
    """Prints the files, control characters replaced."""
    session = _session.of(ctx)
    library = session.library()
    asked = keys_of(keys)
    if as_json:
        loaded, errors = library.pick(asked)
        session.warn(loaded.issues)
        found = [{"key": key, **record.table} for key, record in loaded.records.items()]
        if found or not errors:
            answer(to_json(found[0] if len(keys) == 1 and keys != ["-"] else found, indent=2), output)
        return partly(errors, as_json=True, debug=session.debug)
    texts, errors = [], []
    for key in asked:
        try:
            texts.append(visible(library.store.read(key).replace("\r\n", "\n")))
        except CitekitError as error:
            errors.append(error)
    if texts:
        answer("\n".join(text.rstrip("\n") + "\n" for text in texts), output)
    return partly(errors, debug=session.debug)
