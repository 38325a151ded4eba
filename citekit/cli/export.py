"""`citekit export`: records for reference managers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from citekit.cli import _complete, _session
from citekit.cli._session import answer, partly
from citekit.errors import UsageError

app = typer.Typer(add_completion=False, rich_markup_mode=None)

HELP = """Write records for a reference manager or for TeX.

\b
  citekit export -o sources.bib                    all records as BibTeX
  citekit export --to csl-json > sources.json      for Zotero, pandoc and every CSL processor
  citekit export molotov-harriman-1945-11-19 --to bibtex

The format is inferred from the name of the file. Zotero reads archives from CSL-JSON only, not from BibTeX.
"""


@app.command(help=HELP)
def export(
    ctx: typer.Context,
    keys: Annotated[list[str] | None, typer.Argument(metavar="[KEY]...", autocompletion=_complete.complete_key)] = None,
    to: Annotated[str, typer.Option("--to", help="bibtex or csl-json.")] = "",
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Write there; - is standard output.")
    ] = "",
) -> int:
    """Writes the good records; names the bad ones on standard error."""
    from citekit import formats
    from citekit.exchange import ANY

    session = _session.of(ctx)
    name = to or formats.SUFFIXES.get(Path(output).suffix, "")
    if not name:
        hint = f"--to {' or --to '.join(sorted(formats.NAMES))}, or -o FILE.bib, FILE.json"
        raise UsageError("no format is named", hint=hint)
    write = formats.writer(name)
    library = session.library()
    if keys:
        loaded, errors = library.pick(keys)
    else:
        loaded, errors = library.records(), []
    session.warn(loaded.issues)
    if loaded.records or not (errors or output):
        answer(write(list(loaded.records.values()), ANY).text, output)
    return max(partly(errors, debug=session.debug), _session.broken(loaded.issues))
