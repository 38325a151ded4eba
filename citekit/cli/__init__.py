"""The door: commands, and errors turned into exit codes. Only `main` prints errors.

A command is one file in this folder and one line in `COMMANDS`; it is imported when it is asked for. Exit codes are a
contract: 0 done, 1 a record was not found or part of a batch failed, 2 wrong usage, 3 a record is invalid, 4 `check`
found errors, 5 an export would lose data, 6 a file changed under us or is locked, 7 a file cannot be read or written,
70 our bug, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from itertools import pairwise

import typer
from typer._click.exceptions import ClickException, NoArgsIsHelpError
from typer.core import TyperGroup

from citekit.cli._session import EXIT, PipeClosedError, Session, open_streams, told

# In the order of the help. The modules hold the whole text; this line is what `citekit --help` shows.
COMMANDS = {
    "cite": "Print footnotes: first, short and ibid. forms, in any style.",
    "bib": "Print a bibliography, or the archives consulted.",
    "show": "Print a record.",
    "list": "List records.",
    "init": "Make a library.",
    "new": "Make a record of fields.",
    "add": "Add records from TOML, CSL-JSON or BibTeX.",
    "set": "Change fields of a record.",
    "edit": "Open a record in your editor.",
    "rename": "Give a record another key.",
    "rm": "Remove records.",
    "check": "Check the records.",
    "export": "Write records for a reference manager: BibTeX, CSL-JSON.",
    "import": "Take in files of other programs.",
    "styles": "List, find and check citation styles.",
    "archives": "Find archives: sigla, names, how their shelfmarks are built.",
    "completion": "Print the completion script for a shell.",
}
# A module called `list` would hide the builtin in this one, and `import` is a keyword
FILES = {"list": "list_", "import": "import_"}
_VALUED = ("--library",)
_FLAGS = ("--quiet", "--verbose", "--debug", "--no-input")
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


def hoisted(args: list[str]) -> list[str]:
    """*args* with the options that every command has moved to the front, so that they may stand anywhere.

    >>> hoisted(["cite", "KEY", "--library", "DIR", "--", "--quiet"])
    ['--library', 'DIR', 'cite', 'KEY', '--', '--quiet']
    """
    front: list[str] = []
    rest: list[str] = []
    queue = list(args)
    while queue:
        arg = queue.pop(0)
        if arg == "--":
            return [*front, *rest, arg, *queue]
        if arg in _VALUED:
            if not queue:
                from citekit.errors import UsageError

                raise UsageError(f"Option {arg!r} requires an argument", hint=f"{arg} DIR")
            front += [arg, queue.pop(0)]
        elif arg in _FLAGS or arg.startswith(tuple(f"{name}=" for name in _VALUED)):
            front.append(arg)
        else:
            rest.append(arg)
    return front + rest


def main(args: list[str] | None = None) -> int:
    """Runs one command line and returns its exit code; errors go to stderr, as JSON where --json was asked for."""
    given = list(sys.argv[1:] if args is None else args)
    as_json = any(arg in ("--json", "--jsonl") for arg in given)
    open_streams()
    if os.environ.get("_CITEKIT_COMPLETE"):
        _prepare_completion()
    try:
        given = hoisted(given)
        result = typer.main.get_command(app)(given, prog_name="citekit", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except (PipeClosedError, BrokenPipeError):
        return _quietly()
    except KeyboardInterrupt:
        return EXIT.interrupted
    except SystemExit as error:  # click leaves so when the reader of its help has gone
        return _quietly() if args is None and error.code == 1 else int(error.code or 0)
    except NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        return EXIT.usage
    except ClickException as error:
        return told(error.format_message().rstrip("."), code=EXIT.usage, as_json=as_json, hint=_usage_hint(error))
    except Exception as error:
        return told(error, as_json=as_json, debug="--debug" in given)


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


def _quietly() -> int:
    """Lets go of a standard output that nobody reads, so that the interpreter does not complain when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def run() -> None:
    """The console script."""
    sys.exit(main())
