"""`citekit bib`: bibliographies, and lists of the archives consulted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Optional, cast

import typer

from citekit.cli import _complete, _session
from citekit.cli._session import answer, keys_of, partly
from citekit.markup import to_json

if TYPE_CHECKING:
    from citekit.library import Labels

app = typer.Typer(add_completion=False, rich_markup_mode=None)

HELP = """Print a bibliography.

\b
  citekit bib                                of all records
  citekit bib molotov-harriman-1945-11-19    of one
  citekit bib Molotov                        of those a query finds
  citekit bib --group archive                the archives and fonds consulted
  citekit list --keys 1949 | citekit bib -   keys from standard input

What is a record's key counts as one, anything else as a query.
"""


@app.command(help=HELP)
def bib(
    ctx: typer.Context,
    what: Annotated[
        Optional[list[str]],  # noqa: UP045 typer
        typer.Argument(metavar="[KEY|QUERY]...", autocompletion=_complete.complete_key),
    ] = None,
    style: Annotated[
        str, typer.Option("--style", "-s", help="How it reads.", autocompletion=_complete.complete_style)
    ] = "",
    format_: Annotated[
        str, typer.Option("--format", "-f", help="text, html, markdown, rst, latex, typst, rtf.")
    ] = "text",
    labels: Annotated[Optional[str], typer.Option(help="Marks of the shelfmark: latin, cyrillic, auto.")] = None,  # noqa: UP045
    group: Annotated[str, typer.Option(help="archive: the archives and fonds instead of the documents.")] = "",
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Write there; - is standard output.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> int:
    """Prints one entry a line."""
    from citekit.cli._notes import FORMATS, check_choice
    from citekit.library import choose, unlisted
    from citekit.markup import Text, write

    session = _session.of(ctx)
    check_choice("format", format_, FORMATS[:7])
    check_choice("group", group or None, ("archive",))
    check_choice("labels", labels, ("latin", "cyrillic", "auto"))
    library = session.library()
    asked = keys_of(what or ())
    loaded, errors = choose(library, asked) if asked or not what else library.pick(())  # "-" may bring no key
    session.warn(loaded.issues)
    records = list(loaded.records.values())
    markup = "plain" if format_ == "text" else format_
    if group:
        groups = library.consulted(records)
        found: list[dict[str, Any]] = [{"archive": name, "fonds": list(fonds)} for name, fonds in groups]
        lines = [write(Text((f"{name}: {', '.join(fonds)}" if fonds else name,)), markup) for name, fonds in groups]
    else:
        entries = library.bibliography(records, style, labels=cast("Labels | None", labels))
        session.warn(unlisted(records, entries))
        found = [{"key": key, "text": write(text, markup)} for key, text in entries]
        lines = [str(entry["text"]) for entry in found]
    if found or not errors:
        answer(to_json(found, indent=2) if as_json else "\n".join(lines) + "\n" * bool(lines), output)
    return max(partly(errors, as_json=as_json, debug=session.debug), _session.broken(loaded.issues))
