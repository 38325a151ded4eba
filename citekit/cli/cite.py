"""`citekit cite`: footnotes."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from citekit.cli import _complete, _session
from citekit.cli._notes import FORMATS, Wanted, print_notes

app = typer.Typer(add_completion=False, rich_markup_mode=None)

HELP = """Print footnotes.

\b
  citekit cite molotov-harriman-1945-11-19                  a full note, Chicago style
  citekit cite molotov-harriman-1945-11-19@l.161ob          with the leaf that is cited
  citekit cite A B A@p.5                                    three notes of one paper: a repeated work comes short
  citekit cite A+B                                          one note with two works
  citekit cite A --style wilson-center --format html
  citekit list --keys | citekit cite - --form full          keys from standard input

A B are notes of one document, in order; with --form each stands alone.
"""


@app.command(help=HELP)
def cite(
    ctx: typer.Context,
    notes: Annotated[
        list[str],
        typer.Argument(
            metavar="KEY[@LOCATOR]...",
            help="Works to cite; - reads them, a line each.",
            autocompletion=_complete.complete_key,
        ),
    ],
    style: Annotated[
        str, typer.Option("--style", "-s", help="How it reads.", autocompletion=_complete.complete_style)
    ] = "",
    format_: Annotated[str, typer.Option("--format", "-f", help=f"What is printed: {', '.join(FORMATS)}.")] = "text",
    form: Annotated[Optional[str], typer.Option(help="full, short or ibid, whatever went before.")] = None,  # noqa: UP045 typer
    labels: Annotated[Optional[str], typer.Option(help="Marks of the shelfmark: latin, cyrillic, auto.")] = None,  # noqa: UP045
    prefix: Annotated[str, typer.Option(help="Words before the note.")] = "",
    suffix: Annotated[str, typer.Option(help="Words after its works.")] = "",
    engine: Annotated[str, typer.Option(help="What formats: citekit, or citeproc-py as a second opinion.")] = "citekit",
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Write there; - is standard output.")
    ] = "",
    copy: Annotated[bool, typer.Option("--copy", help="Put the notes on the clipboard too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="An array of notes as JSON.")] = False,
    as_jsonl: Annotated[bool, typer.Option("--jsonl", help="A note a line as JSON.")] = False,
) -> int:
    """Prints one note a line."""
    wanted = Wanted(
        style=style, format=format_, form=form, labels=labels, prefix=prefix, suffix=suffix, engine=engine,
        output=output, copy=copy, as_json=as_json, as_jsonl=as_jsonl,
    )  # fmt: skip
    return print_notes(_session.of(ctx), notes, wanted)
