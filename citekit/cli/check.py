"""`citekit check`: everything that may be wrong with the records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from citekit.cli import _complete, _session
from citekit.cli._session import EXIT, answer, keys_of, nearby, partly
from citekit.errors import CitekitError, NotFoundError, UsageError, did_you_mean
from citekit.markup import clean, to_json

if TYPE_CHECKING:
    from citekit.errors import Issue
    from citekit.library import Library
    from citekit.store import Change

app = typer.Typer(add_completion=False, rich_markup_mode=None)

HELP = """Check the records: TOML, dates, names, shelfmarks, archives, duplicates, slips of the pen.

\b
  citekit check
  citekit check molotov-harriman-1945-11-19
  citekit check --fix --dry-run          what can be mended safely, as a diff
  citekit check --format github          annotations in GitHub Actions
  citekit check --json
  citekit list --keys Molotov | citekit check -     keys from standard input

Prints file:line:column: level code: text. Ends with 4 where there are errors; --strict counts warnings as errors.
"""


@app.command(help=HELP)
def check(
    ctx: typer.Context,
    keys: Annotated[list[str] | None, typer.Argument(metavar="[KEY]...", autocompletion=_complete.complete_key)] = None,
    format_: Annotated[str, typer.Option("--format", "-f", help="What is printed: text, json, github.")] = "text",
    as_json: Annotated[bool, typer.Option("--json", help="An array of findings as JSON.")] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what can be mended safely; shows the diff.")] = False,
    dry: Annotated[bool, typer.Option("--dry-run", help="With --fix: write nothing.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors.")] = False,
) -> int:
    """Prints the findings of all records, or of those that are named."""
    import datetime

    from citekit import check as checking
    from citekit.cli._changes import finish

    if format_ not in _FORMATS:
        raise UsageError(f"no format {format_!r}", hint=did_you_mean(format_, _FORMATS) or "text, json or github")
    session = _session.of(ctx)
    library = session.library_to_change()
    today = datetime.date.today()
    session.as_json = as_json = as_json or format_ == "json"
    named, missing = _there(library, keys_of(keys or ()))
    failed = partly(missing, as_json=as_json, debug=session.debug)
    if missing and not named:
        return failed
    with session.progress("checking", len(library.store.keys())) as step:
        found = checking.check(library, today, named, step) if named or not keys else []
    diffs = ""
    if fix:
        changes, unmended = checking.mend(library, found, dry=dry)
        found = found if dry else checking.check(library, today, named)
        diffs = finish(session, library, _without(found, changes), "check --fix {}", dry=dry)
        failed = partly(unmended, as_json=as_json, debug=session.debug) or failed
    answer(_FORMATS["json" if as_json else format_](found, diffs))
    errors = sum(issue.level == "error" or strict for issue in found)
    warnings = len(found) - errors
    records = len(named if keys else library.store.keys())
    session.say(f"{_count(errors, 'error')}, {_count(warnings, 'warning')} in {_count(records, 'record')}")
    return failed or (EXIT.found if errors else EXIT.done)


def _there(library: Library, keys: Sequence[str]) -> tuple[list[str], list[CitekitError]]:
    """Those of *keys* that have a file, good or not, and the errors of the others."""
    found: list[str] = []
    missing: list[CitekitError] = []
    for key in dict.fromkeys(keys):
        try:
            library.store.read(key)
        except (NotFoundError, UsageError) as error:
            missing.append(error)
            continue
        except CitekitError:  # there, but not good: that is a finding
            pass
        found.append(key)
    return found, missing


def _without(found: Iterable[Issue], changes: Iterable[Change]) -> list[Change]:
    """The changes without the issues that are among the findings, which are printed."""
    said = {str(issue) for issue in found}
    return [
        replace(change, issues=tuple(issue for issue in change.issues if str(issue) not in said)) for change in changes
    ]


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _text(found: list[Issue], diffs: str) -> str:
    return diffs + "".join(f"{_line(issue)}\n" for issue in found)


def _line(issue: Issue) -> str:
    hint = f" ({issue.hint})" if issue.hint else ""
    return clean(f"{nearby(issue.where)}: {issue.level} {issue.code}: {issue.message}{hint}")


def _json(found: list[Issue], _: str) -> str:
    return to_json([_described(issue) for issue in found], indent=2)


def _described(issue: Issue) -> dict[str, str | int]:
    return issue.as_json() | {"path": nearby(issue.where).path}


def _github(found: list[Issue], _: str) -> str:
    # no diff: GitHub would obey a "::" at the beginning of a line of somebody's abstract
    return "".join(f"{annotated(issue)}\n" for issue in found)


def annotated(issue: Issue) -> str:
    """The finding as a workflow command that GitHub shows beside the line.

    Source: docs.github.com, Workflow commands for GitHub Actions, "Setting an error message".
    """
    where = nearby(issue.where)
    place = {"file": where.path, "line": where.line, "col": where.column, "title": issue.code}
    said = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in place.items() if value)
    hint = f" ({issue.hint})" if issue.hint else ""
    return f"::{issue.level} {said}::{_escaped(clean(issue.message + hint), '')}"


def _escaped(text: str, more: str) -> str:
    return "".join(f"%{ord(sign):02X}" if sign in "%\r\n" + more else sign for sign in text)


_FORMATS: dict[str, Callable[[list[Issue], str], str]] = {"text": _text, "json": _json, "github": _github}
