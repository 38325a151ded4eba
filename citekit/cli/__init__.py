"""The door: commands, and errors turned into exit codes. Only `main` prints errors.

A command is one file in this folder and one line in `COMMANDS`; it is imported when it is asked for. `citekit cite
KEY`, which needs no option, does not wait for typer: reading options takes longer than making a note. Exit codes are a
contract: 0 done, 1 a record was not found or part of a batch failed, 2 wrong usage, 3 a record is invalid, 4 `check`
found errors, 5 an export would lose data, 6 a file changed under us or is locked, 7 a file cannot be read or written,
70 our bug, 130 interrupted.
"""

from __future__ import annotations

import os
import sys

from citekit.cli._session import EXIT, PipeClosedError, Session, open_streams, told

# In the order of the help. The modules hold the whole text; this line is what `citekit --help` shows.
COMMANDS = {
    "cite": "Print footnotes: first, short and ibid. forms, in any style.",
    "bib": "Print a bibliography, or the archives consulted.",
    "show": "Print a record.",
    "list": "List records.",
    "init": "Make a library.",
    "new": "Make a record of fields.",
    "add": "Add records from citations, pages, TOML, CSL-JSON or BibTeX.",
    "set": "Change fields of a record.",
    "edit": "Open a record in your editor.",
    "rename": "Give a record another key.",
    "rm": "Remove records.",
    "check": "Check the records.",
    "parse": "Show how citations, shelfmarks, dates and names are read.",
    "export": "Write records for a reference manager: BibTeX, CSL-JSON.",
    "import": "Take in files of other programs.",
    "batch": "Set notes for many documents: JSON Lines in, JSON Lines out.",
    "styles": "List, find and check citation styles.",
    "archives": "Find archives: sigla, names, how their shelfmarks are built.",
    "completion": "Print the completion script for a shell.",
}
# A module called `list` would hide the builtin in this one, and `import` is a keyword
FILES = {"list": "list_", "import": "import_"}
_VALUED = ("--library",)
_FLAGS = ("--quiet", "--verbose", "--debug", "--no-input")


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
    try:
        return _done(hoisted(given), as_json=as_json)
    except (PipeClosedError, BrokenPipeError):
        return _quietly()
    except KeyboardInterrupt:
        return EXIT.interrupted
    except SystemExit as error:  # click leaves so when the reader of its help has gone
        return _quietly() if args is None and error.code == 1 else int(error.code or 0)
    except Exception as error:
        return told(error, as_json=as_json, debug="--debug" in given)


def _done(given: list[str], *, as_json: bool) -> int:
    """Runs one command line and returns its exit code."""
    command, notes = given[:1], given[1:]
    plain = notes and not any(arg.startswith("-") and arg != "-" for arg in notes)
    if command == ["cite"] and plain and not os.environ.get("_CITEKIT_COMPLETE"):
        from citekit.cli._notes import print_notes

        return print_notes(Session(), notes)
    from citekit.cli import _app

    return _app.invoke(given, as_json=as_json)


def _quietly() -> int:
    """Lets go of a standard output that nobody reads, so that the interpreter does not complain when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def run() -> None:
    """The console script."""
    sys.exit(main())
