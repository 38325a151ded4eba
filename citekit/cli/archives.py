"""`citekit archives`: the registry of archives."""

from __future__ import annotations

from typing import Annotated

import typer

from citekit.cli import _complete, _session
from citekit.cli._session import answer
from citekit.markup import clean, to_json

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    invoke_without_command=True,
    help="""Find archives: sigla, names, how their shelfmarks are built.

\b
  citekit archives                  all of them
  citekit archives find Podolsk     by any word
  citekit archives show РГАСПИ      one, by siglum in either script, by name or by a former siglum
""",
)


@app.callback()
def default(ctx: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Lists, where no more is said."""
    if ctx.invoked_subcommand is None:
        list_(ctx, as_json)


@app.command("list")
def list_(ctx: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """List all archives: key, siglum, city, name."""
    _print(_session.of(ctx).registry().all(), as_json)


@app.command()
def find(
    ctx: typer.Context,
    query: Annotated[list[str], typer.Argument(help="Words that must all be there.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> int:
    """Find archives by any word in their description."""
    found = _session.of(ctx).registry().search(" ".join(query))
    _print(found, as_json)
    return 0 if found else _session.EXIT.missing


@app.command()
def show(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", autocompletion=_complete.complete_archive)],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show one archive. A siglum that several share is answered with all of them."""
    registry = _session.of(ctx).registry()
    archive = registry.get(name)
    if as_json:
        answer(to_json(archive.as_json(), indent=2))
        return
    lines = [
        ("key", archive.key),
        ("sigla", ", ".join(archive.sigla)),
        ("name", archive.name),
        ("native", archive.native),
        ("romanized", archive.romanized),
        ("place", ", ".join(part for part in (archive.city, archive.country) if part)),
        ("levels", " > ".join(archive.scheme.names())),
        ("example", "; ".join(example.text for example in archive.examples)),
        ("formerly", "; ".join(former.text() for former in archive.former)),
        ("url", archive.url),
        ("note", archive.note),
        ("unverified", ", ".join(archive.unverified)),
    ]
    answer("".join(f"{label + ':':<11} {clean(value)}\n" for label, value in lines if value))
    former = registry.lookup(name)
    if former and former[1]:
        _session.of(ctx).say(f"{name} is a former name: the archive is now {archive.siglum()}")


def _print(found: object, as_json: bool) -> None:
    from citekit.archives import Archive

    archives = [archive for archive in found if isinstance(archive, Archive)]  # type: ignore[attr-defined]
    if as_json:
        answer(to_json([archive.as_json() for archive in archives], indent=2))
        return
    wide = max((len(archive.key) for archive in archives), default=0)
    answer("".join(clean(f"{a.key:<{wide}}  {', '.join(a.sigla)}  {a.name} ({a.city})") + "\n" for a in archives))
