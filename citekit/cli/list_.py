"""`citekit list`: which records there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from citekit.cli import _session
from citekit.cli._session import answer
from citekit.markup import clean, to_json

app = typer.Typer(add_completion=False, rich_markup_mode=None)

HELP = """List records: key, date, title.

\b
  citekit list                    all of them, by date
  citekit list Molotov            those with the word in them; Latin letters find Cyrillic ones
  citekit list AVPRF 1945 --json
  citekit list --keys             the keys alone, for scripts
"""


@app.command("list", help=HELP)
def list_(
    ctx: typer.Context,
    query: Annotated[
        list[str] | None, typer.Argument(metavar="[QUERY]...", help="Words that must all be there.")
    ] = None,
    keys: Annotated[bool, typer.Option("--keys", help="Only the keys, in their own order.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    as_jsonl: Annotated[bool, typer.Option("--jsonl", help="A record a line as JSON.")] = False,
) -> int:
    """Prints a line a record; bad records go to standard error."""
    session = _session.of(ctx)
    library = session.library()
    if keys and not query:
        answer(_keys(library.store.keys(), as_json=as_json, as_jsonl=as_jsonl))
        return _session.EXIT.done
    from citekit.library import choose_by_words

    loaded = choose_by_words(library, query or [])
    session.warn(issue for issue in loaded.issues if issue.level == "error" or session.verbose)
    records = sorted(
        loaded.records.values(), key=lambda record: (record.date is None, record.date and record.date.order())
    )
    rows = [(record.key, record.date.edtf if record.date else "n.d.", clean(record.title)) for record in records]
    objects: list[dict[str, Any]] = [dict(zip(("key", "date", "title"), row, strict=True)) for row in rows]
    if keys:
        answer(_keys(sorted(loaded.records), as_json=as_json, as_jsonl=as_jsonl))
    elif as_json:
        answer(to_json(objects, indent=2))
    elif as_jsonl:
        answer("".join(f"{to_json(row)}\n" for row in objects))
    else:
        wide = [max((len(row[n]) for row in rows), default=0) for n in (0, 1)]
        answer("".join(f"{key:<{wide[0]}}  {date:<{wide[1]}}  {title}\n" for key, date, title in rows))
    return _session.broken(loaded.issues)


def _keys(keys: Sequence[str], *, as_json: bool, as_jsonl: bool) -> str:
    if as_json:
        return to_json(list(keys), indent=2)
    return "".join(f"{to_json(key) if as_jsonl else key}\n" for key in keys)
