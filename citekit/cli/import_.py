"""`citekit import`: whole libraries of other programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from citekit.cli import _complete, _session
from citekit.cli._session import answer, nearby
from citekit.errors import CitekitError, UsageError, did_you_mean

if TYPE_CHECKING:
    from citekit.cli._session import Session
    from citekit.intake import Taken
    from citekit.library import Library
    from citekit.record import Record

app = typer.Typer(add_completion=False, rich_markup_mode=None)

HELP = """Take in files of records: BibTeX, CSL-JSON, TOML and more. Every entry is taken or told why not.

\b
  citekit import library.bib zotero.json
  citekit import library.bib --dry-run                what would change, as a diff
  citekit import library.bib --on-conflict skip       keep the record that is there
  citekit import library.bib --on-conflict rename     take the new one under another key
  citekit import library.bib --on-conflict update     put what is new into the record that is there
  citekit import library.bib --on-conflict replace    the new one takes its place
  pandoc -f ris -t csljson refs.ris | citekit import -

The format is inferred. With update the values of the import win, and what only the record has stays, comments too.
Fields that a record has no place for are kept, in tables of their own. A document that is there under another key is
named.
"""


@app.command("import", help=HELP)
def import_(
    ctx: typer.Context,
    files: Annotated[list[str], typer.Argument(metavar="FILE...")],
    on_conflict: Annotated[
        str,
        typer.Option(
            "--on-conflict",
            metavar="WAY",
            help="Where a key is taken: error, skip, rename, update, replace.",
            autocompletion=_complete.complete_conflict,
        ),
    ] = "error",
    from_: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="FORMAT",
            help="toml, bibtex, csl-json, …; else inferred.",
            autocompletion=_complete.complete_input,
        ),
    ] = "",
    dry: Annotated[bool, typer.Option("--dry-run", help="Show what would be done; write nothing.")] = False,
) -> int:
    """Prints a line an entry: what was done, its key, or its place where it has none, and the key in the file where
    that is another; in a dry run with the diff."""
    from citekit import intake
    from citekit.cli._changes import diff, settle
    from citekit.cli.add import check_format, ended, stdin_text

    session = _session.of(ctx)
    check_format(from_)
    if on_conflict not in intake.CONFLICTS:
        hint = did_you_mean(on_conflict, intake.CONFLICTS) or f"one of {', '.join(intake.CONFLICTS)}"
        raise UsageError(f"no way {on_conflict!r} to solve a conflict", hint=hint)
    library = session.library_to_change()
    found: list[intake.Entry] = []
    errors: list[CitekitError] = []
    for name in files:
        try:
            text = stdin_text() if name == "-" else intake.read_file(Path(name))
            found += intake.entries(text, from_, name, library.registry)
        except CitekitError as error:
            errors.append(error)
    session.warn(intake.warnings(found))
    done: list[intake.Taken] = []
    try:
        with session.progress("importing", len(found)) as step:
            for one in intake.take(library, found, cast("intake.Conflict", on_conflict), dry=dry, step=step):
                done.append(one)
    except KeyboardInterrupt:
        if done and not dry:
            session.say(f"interrupted; so far: {intake.counted(done)}")
        raise
    settle(session, library, [one.change for one in done if one.change], "import {}", dry=dry)
    answer("".join(f"{_line(one)}\n{diff(library, one.change) if dry and one.change else ''}" for one in done))
    _tell_same(session, library, done, dry=dry)
    if done or not errors:
        session.say(intake.counted(done))
    return ended(session, done, errors)


def _line(one: Taken) -> str:
    place = one.error.where if one.error else None
    key = one.key or one.asked or (str(nearby(place)) if place else "")
    return f"{one.what} {key}" + (f" ({one.asked})" if one.asked not in ("", key) else "")


def _tell_same(session: Session, library: Library, done: Sequence[Taken], *, dry: bool) -> None:
    """Says which of the new records describe a document that another record describes."""
    from citekit.check import said_of_same

    new = {one.key for one in done if one.change}
    if not new or session.quiet:
        return
    with session.progress("comparing", len(library.store.keys())) as step:
        records = library.records(step).records
    for line in said_of_same(records | (_supposed(library, done) if dry else {}), new):
        session.say(line)


def _supposed(library: Library, done: Sequence[Taken]) -> dict[str, Record]:
    """The records that a dry run has not written."""
    from citekit.errors import Where, read_toml
    from citekit.record import parse

    found: dict[str, Record] = {}
    for one in done:
        if one.change:
            table = read_toml("", one.change.after or "")
            record, _ = parse(one.key, table, library.registry, lambda _: Where(""))
            found |= {one.key: record} if record else {}
    return found
