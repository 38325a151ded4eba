"""`citekit add`: one new record, or a few, from what is at hand."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from citekit.cli import _complete, _session
from citekit.cli._session import EXIT, answer, partly
from citekit.errors import CitekitError, UsageError, decoded, did_you_mean

if TYPE_CHECKING:
    from citekit.cli._session import Session
    from citekit.intake import Entry, Taken
    from citekit.library import Library

app = typer.Typer(add_completion=False, rich_markup_mode=None)

HELP = """Add records from a citation, a page of the Wilson Center Digital Archive, TOML, or a reference manager's file.

\b
  citekit add 'РГАСПИ. Ф. 82. Оп. 2. Д. 1234. Лл. 1–3об.'
  citekit add '"Cable, Mao to Stalin," July 4, 1949, RGASPI, f. 558, op. 11, d. 328, ll. 32-50.'
  citekit add page.html
  citekit add https://digitalarchive.wilsoncenter.org/document/134156
  citekit add item.json
  citekit add letter.toml --key mikoyan-1946-02-03
  pbpaste | citekit add -
  citekit add '@misc{key, title = {Report}}'
  citekit add page.txt --dry-run --json

The format is inferred. A key that is missing or cannot be one is made of author and date. A page is fetched by https;
no other command uses the network.
"""


@app.command(help=HELP)
def add(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="[TEXT|URL|FILE|-]")] = "",
    key: Annotated[str, typer.Option("--key", metavar="KEY", help="The key of the one record.")] = "",
    from_: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="FORMAT",
            help="toml, bibtex, csl-json, …, wcda (a page) or citation; else inferred.",
            autocompletion=_complete.complete_input,
        ),
    ] = "",
    dry: Annotated[bool, typer.Option("--dry-run", help="Show what would be added; write nothing.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="The records as JSON: an object for one, an array for several.")
    ] = False,
) -> int:
    """Prints the new records as a diff, or as JSON."""
    from dataclasses import replace

    from citekit import intake
    from citekit.cli._changes import finish
    from citekit.store import check_key

    session = _session.of(ctx)
    check_format(from_)
    if key:
        check_key(key)
    library = session.library_to_change()
    found = _entries(session, library, source, from_)
    if not found:
        raise UsageError("nothing to take in")
    if key and len(found) != 1:
        raise UsageError(f"--key names one record, here are {len(found)}")
    if key:
        found = [replace(found[0], asked=key)]
    session.warn(intake.warnings(found))
    for entry in found:
        if entry.unread:
            session.say(f"not understood: {entry.unread}")
    found = [entry for entry in found if not _is_there_already(session, library, entry) or dry]
    done = [*intake.take(library, found, dry=dry, hint=_TAKEN)]
    for one in done:
        if one.what == "unchanged":
            session.say(f"{one.key} is there already, with the same text")
    diffs = finish(session, library, [one.change for one in done if one.change], "add {}", dry=dry)
    answer(_json(found, done) if as_json else diffs)
    return ended(session, done, [])


_TAKEN = "--key gives it another one; `citekit import --on-conflict update` changes the record there"


def _json(found: Sequence[Entry], done: Sequence[Taken]) -> str:
    from citekit.markup import to_json

    records = [{"key": one.key, **entry.table} for entry, one in zip(found, done, strict=True) if one.what != "failed"]
    return to_json(records[0] if len(records) == len(done) == 1 else records, indent=2)


def _entries(session: Session, library: Library, source: str, from_: str) -> list[Entry]:
    """The records that are meant, from wherever they come."""
    from citekit import intake

    if not _is_url(source):
        text, path = _given(session, source)
        return intake.entries(text, from_, path, library.registry)
    import datetime

    from citekit.fetch import fetch

    url = source.strip()
    page = fetch(url)
    found = intake.entries(page.text, from_ or "wcda", url, library.registry)
    return [intake.read_at(entry, url, datetime.date.today()) for entry in found]


def _is_url(source: str) -> bool:
    """Whether the address of a page is meant: one word, and not a citation that begins with one."""
    return source.strip().lower().startswith(("https://", "http://")) and len(source.split()) == 1


def _is_there_already(session: Session, library: Library, entry: Entry) -> bool:
    """Whether the library has the document of an entry without a key, by its address; then it says so."""
    if entry.asked:
        return False
    from citekit.check import canonical_url

    address = canonical_url(_url(entry.table))
    same = (key for key, one in library.records().records.items() if address == canonical_url(one.online.url))
    if address and (key := next(same, "")):
        session.say(f"{key} is this document: it has the same address; with --key it is added besides")
        return True
    return False


def _url(table: Mapping[str, Any]) -> str:
    online = table.get("online")
    return str(online.get("url", "")) if isinstance(online, Mapping) else ""


def ended(session: Session, done: Sequence[Taken], errors: Sequence[CitekitError]) -> int:
    """Prints *errors* and those of *done*; the exit code is 1 where only some failed, else that of the errors."""
    failed = [*errors, *(one.error for one in done if one.error)]
    code = partly(failed, as_json=session.as_json, debug=session.debug)
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
            session.say("Paste a citation, a page, TOML, CSL-JSON or BibTeX; end with Ctrl-D on a line of its own.")
        return stdin_text(), "-"
    return (intake.read_file(Path(source)), source) if is_file(source) else (source, "-")


def is_file(source: str) -> bool:
    """Whether *source* is meant as the name of a file: one that is there, or one word, or with an ending we know."""
    from citekit.intake import SUFFIXES

    if source.lstrip()[:1] in ("@", "{", "[", "%") or "\n" in source:
        return False
    one_word = not any(sign.isspace() or sign == "=" for sign in source.strip())
    return one_word or _is_there(source) or Path(source).suffix.lower() in SUFFIXES


def _is_there(name: str) -> bool:
    try:
        return Path(name).exists()
    except (OSError, ValueError):  # a text that is too long for a name, or has a zero in it
        return False


def stdin_text() -> str:
    """What stands on standard input. Raises StorageError where it is closed, UsageError where it is not UTF-8."""
    return decoded(sys.stdin.buffer.read(), "-")
