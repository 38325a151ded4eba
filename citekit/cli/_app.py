"""The commands as typer knows them: options, help and completion. Imported only where there are options to read."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from itertools import pairwise

import typer
from typer._click.exceptions import ClickException, NoArgsIsHelpError
from typer.core import TyperGroup

from citekit.cli import COMMANDS, FILES
from citekit.cli._session import EXIT, Session, told

_EXAMPLES = """Archival citations from plain TOML records.

\b
  citekit cite molotov-harriman-1945-11-19
  citekit cite molotov-harriman-1945-11-19@l.161ob --style wilson-center
  citekit export --to bibtex -o sources.bib
  citekit list Molotov
"""


class Commands(TyperGroup):
    """The group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: object) -> list[str]:
        """The names in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: object, cmd_name: str) -> object:  # type: ignore[override]
        """The command, or None."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"citekit.cli.{FILES.get(cmd_name, cmd_name)}")
        command = typer.main.get_command(module.app)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: object, formatter: object) -> None:
        """The list in the help, without importing the modules."""
        with formatter.section("Commands"):  # type: ignore[attr-defined]
            formatter.write_dl(list(COMMANDS.items()))  # type: ignore[attr-defined]

    def resolve_command(self, ctx: object, args: list[str]) -> object:  # type: ignore[override]
        """The command and what is left; an unknown one is named with the nearest."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from citekit.errors import UsageError, did_you_mean

            hint = did_you_mean(args[0], COMMANDS) or "`citekit --help` lists the commands"
            raise UsageError(f"no command {args[0]!r}", hint=hint)
        return super().resolve_command(ctx, args)  # type: ignore[arg-type]


app = typer.Typer(
    cls=Commands, add_completion=False, rich_markup_mode=None, no_args_is_help=True, pretty_exceptions_enable=False
)


def _version(value: bool) -> None:
    if value:
        from citekit import __version__

        typer.echo(f"citekit {__version__}")
        raise typer.Exit


@app.callback(help=_EXAMPLES)
def options(
    ctx: typer.Context,
    library: str = typer.Option(
        "", metavar="DIR", help="The library's folder; else $CITEKIT_LIBRARY, or found upwards."
    ),
    quiet: bool = typer.Option(False, "--quiet", help="No warnings on stderr."),
    verbose: bool = typer.Option(False, "--verbose", help="More of what is done, on stderr."),
    debug: bool = typer.Option(False, "--debug", help="Tracebacks for errors."),
    no_input: bool = typer.Option(False, "--no-input", help="Never ask."),
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """Keeps the options that every command has."""
    ctx.obj = Session(library, quiet=quiet, verbose=verbose, debug=debug, no_input=no_input)


def invoke(args: list[str], *, as_json: bool) -> int:
    """Runs one command line through typer and returns its exit code; wrong usage is told."""
    if os.environ.get("_CITEKIT_COMPLETE"):
        _prepare_completion()
    try:
        result = typer.main.get_command(app)(args, prog_name="citekit", standalone_mode=False)
    except NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        return EXIT.usage
    except ClickException as error:
        return told(error.format_message().rstrip("."), code=EXIT.usage, as_json=as_json, hint=_usage_hint(error))
    sys.stdout.flush()
    return result if isinstance(result, int) else 0


def _prepare_completion() -> None:
    """Makes the shells known that typer completes for, and a `--library` behind the command heard."""
    from typer._completion_classes import completion_init

    completion_init()
    words = os.environ.get("COMP_WORDS", "").split("\n" if "\n" in os.environ.get("COMP_WORDS", "") else " ")
    for option, folder in pairwise(words):
        if option == "--library":
            os.environ["CITEKIT_LIBRARY"] = folder


def _usage_hint(error: ClickException) -> str:
    context = getattr(error, "ctx", None)
    return f"`{context.command_path} --help` shows the usage" if context else ""
