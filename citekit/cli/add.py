"""`citekit add`: one new record, or a few, from what is at hand."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from citekit.cli import _session
from citekit.cli._session import answer, partly
from citekit.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from citekit.cli._session import Session

app = typer.Typer(add_completion=False, rich_markup_mode=None)

HELP = """Add records from TOML, CSL-JSON or BibTeX: a file, a text, or standard input.

\b
  citekit add item.json
  citekit add letter.toml --key mikoyan-1946-02-03
  pbpaste | citekit add -
  citekit add '@misc{key, title = {Report}}'

The format is inferred. A key that is missing or cannot be one is made of author and date.
"""


@app.command(help=HELP)
def add(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="[TEXT|FILE|-]")] = "",
    key: Annotated[str, typer.Option("--key", metavar="KEY", help="The key of the one record.")] = "",
    from_: Annotated[str, typer.Option("--from", metavar="FORMAT", help="toml, csl-json or bibtex.")] = "",
    dry: Annotated[bool, typer.Option("--dry-run", help="Show what would be added; write nothing.")] = False,
) -> int:
    """Prints the new records as a diff."""
    from dataclasses import replace

    from citekit import intake
    from citekit.cli._changes import finish
    from citekit.store import check_key

    session = _session.of(ctx)
    check_format(from_)
    if key:
        check_key(key)
    library = session.library()
    text, path = _given(session, source)
    found = intake.entries(text, from_, path)
    if key and len(found) != 1:
        raise UsageError(f"--key names one record, here are {len(found)}")
    if key:
        found = [replace(found[0], asked=key)]
    done = [*intake.take(library, found, dry=dry)]
    for one in done:
        if one.what == "unchanged":
            session.say(f"{one.asked} is there already, with the same text")
    answer(finish(session, library, [one.change for one in done if one.change], "add {}", dry=dry) if done else "")
    return partly([one.error for one in done if one.error], debug=session.debug)


def check_format(name: str) -> None:
    """Raises UsageError for a format that cannot be read."""
    from citekit.intake import FORMATS

    if name and name not in FORMATS:
        raise UsageError(f"no format {name!r}", hint=did_you_mean(name, FORMATS) or f"one of {', '.join(FORMATS)}")


def _given(session: Session, source: str) -> tuple[str, str]:
    """The text that was meant, and the name of its file, "-" where it has none."""
    from citekit import intake
    from citekit.cli._changes import may_ask

    if source not in ("", "-") and source.lstrip()[:1] in ("@", "{", "["):
        return source, "-"
    if source not in ("", "-"):
        path = Path(source)
        if not path.exists() and "=" in source:
            return source, "-"
        return intake.read_file(path), source
    if not source and may_ask(session):
        session.say("Paste TOML, CSL-JSON or BibTeX; end with Ctrl-D on a line of its own.")
    return intake.decoded(sys.stdin.buffer.read(), "-"), "-"
