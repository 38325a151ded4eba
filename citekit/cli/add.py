"""`citekit add`: one new record, or a few, from what is at hand."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from citekit.cli import _session
from citekit.cli._session import EXIT, answer, partly
from citekit.errors import CitekitError, StorageError, UsageError, did_you_mean

if TYPE_CHECKING:
    from citekit.cli._session import Session
    from citekit.intake import Taken

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
            session.say(f"{one.key} is there already, with the same text")
    answer(finish(session, library, [one.change for one in done if one.change], "add {}", dry=dry))
    return ended(session, done, [])


def ended(session: Session, done: Sequence[Taken], errors: Sequence[CitekitError]) -> int:
    """Prints *errors* and those of *done*; the exit code is 1 where only some failed, else that of the errors."""
    code = partly([*errors, *(one.error for one in done if one.error)], debug=session.debug)
    return EXIT.missing if code and any(one.what != "failed" for one in done) else code


def check_format(name: str) -> None:
    """Raises UsageError for a format that cannot be read."""
    from citekit.intake import FORMATS

    if name and name not in FORMATS:
        raise UsageError(f"no format {name!r}", hint=did_you_mean(name, FORMATS) or f"one of {', '.join(FORMATS)}")


def _given(session: Session, source: str) -> tuple[str, str]:
    """The text that was meant, and the name of its file, "-" where it has none."""
    from citekit import intake
    from citekit.cli._changes import may_ask

    if source in ("", "-"):
        if not source and may_ask(session):
            session.say("Paste TOML, CSL-JSON or BibTeX; end with Ctrl-D on a line of its own.")
        return stdin_text(), "-"
    if source.lstrip()[:1] in ("@", "{", "[", "%") or "\n" in source or ("=" in source and not _is_there(source)):
        return source, "-"
    return intake.read_file(Path(source)), source


def _is_there(name: str) -> bool:
    try:
        return Path(name).exists()
    except OSError:  # a text that is too long for a name
        return False


def stdin_text() -> str:
    """What stands on standard input. Raises StorageError where it is closed, UsageError where it is not UTF-8."""
    from citekit import intake

    if sys.stdin is None:
        raise StorageError("cannot read standard input: it is closed")
    return intake.decoded(sys.stdin.buffer.read(), "-")
