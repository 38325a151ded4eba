"""`citekit import`: whole libraries of other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from citekit.cli import _session
from citekit.cli._session import answer
from citekit.errors import CitekitError, UsageError, did_you_mean

if TYPE_CHECKING:
    from citekit.intake import Taken

app = typer.Typer(add_completion=False, rich_markup_mode=None)

HELP = """Take in files of records: BibTeX, CSL-JSON, TOML. Every entry is taken or told why not.

\b
  citekit import library.bib more.json
  citekit import library.bib --dry-run
  citekit import library.bib --on-conflict skip       keep the record that is there
  citekit import library.bib --on-conflict rename     take the new one under another key
  citekit import library.bib --on-conflict replace    the new one wins
  pandoc -f ris -t csljson refs.ris | citekit import -

Fields that a record has no place for are kept, in its tables [csl] and [bibtex].
"""


@app.command("import", help=HELP)
def import_(
    ctx: typer.Context,
    files: Annotated[list[str], typer.Argument(metavar="FILE...")],
    on_conflict: Annotated[
        str, typer.Option("--on-conflict", help="Where a key is taken: error, skip, replace, rename.")
    ] = "error",
    from_: Annotated[str, typer.Option("--from", metavar="FORMAT", help="toml, csl-json or bibtex.")] = "",
    dry: Annotated[bool, typer.Option("--dry-run", help="Say what would be done; write nothing.")] = False,
) -> int:
    """Prints a line an entry: what was done, its key, and the key in the file where that is another."""
    from citekit import intake
    from citekit.cli._changes import finish
    from citekit.cli.add import check_format, ended, stdin_text

    session = _session.of(ctx)
    check_format(from_)
    if on_conflict not in intake.CONFLICTS:
        hint = did_you_mean(on_conflict, intake.CONFLICTS) or f"one of {', '.join(intake.CONFLICTS)}"
        raise UsageError(f"no way {on_conflict!r} to solve a conflict", hint=hint)
    library = session.library()
    found: list[intake.Entry] = []
    errors: list[CitekitError] = []
    for name in files:
        try:
            text = stdin_text() if name == "-" else intake.read_file(Path(name))
            found += intake.entries(text, from_, name)
        except CitekitError as error:
            errors.append(error)
    with session.progress("importing", len(found)) as step:
        done = [*intake.take(library, found, cast("intake.Conflict", on_conflict), dry=dry, step=step)]
    finish(session, library, [one.change for one in done if one.change], "import {}", dry=dry)
    answer("".join(f"{_line(one)}\n" for one in done))
    session.say(intake.counted(done))
    return ended(session, done, errors)


def _line(one: Taken) -> str:
    key = one.key or one.asked
    return f"{one.what} {key}" + (f" ({one.asked})" if one.asked not in ("", key) else "")
