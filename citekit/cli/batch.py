"""`citekit batch`: JSON Lines in, JSON Lines out, in order, a document a line.

Nothing is kept between two lines but the compiled style, so memory does not grow with their number.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from citekit import writing
from citekit.cli import _complete, _crew, _session
from citekit.cli._desk import Desk, Line, lines
from citekit.cli._notes import FORMATS, check_choice
from citekit.cli._session import EXIT, Session, answer
from citekit.errors import StorageError, UsageError
from citekit.markup import clean

app = typer.Typer(add_completion=False, rich_markup_mode=None)

MARKUPS = FORMATS[:7]
MOST_JOBS = 256
SHOWN = 10  # failed lines that standard error names

HELP = """Set notes and bibliographies for many documents: JSON Lines in, JSON Lines out.

\b
  citekit batch items.jsonl                          a CSL-JSON item a line
  citekit batch < items.jsonl > notes.jsonl
  citekit batch items.jsonl --style apa --format html --jobs all -o notes.jsonl

\b
A line is a CSL-JSON item, or a document with one note, of items or of records of the library:
  {"id": "n1", "cites": [{"id": "molotov-harriman-1945-11-19", "locator": "l. 161"}, {"item": {...}}]}
Beside "id" or "item" a cite may have locator, label, prefix, suffix, position and mode.

\b
Each line is answered in its place:
  {"id": "n1", "note": "...", "bibliography": "..."}    or    {"id": "n1", "error": "..."}
"""


@app.command(help=HELP)
def batch(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="[FILE]", help="JSON Lines; - is standard input.")] = "-",
    style: Annotated[
        str, typer.Option("--style", "-s", help="How it reads.", autocompletion=_complete.complete_style)
    ] = "",
    format_: Annotated[str, typer.Option("--format", "-f", help=f"Markup: {', '.join(MARKUPS)}.")] = "text",
    jobs: Annotated[str, typer.Option("--jobs", "-j", help="Processes; 0 or all: one for each core.")] = "1",
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Write there; - is standard output.")
    ] = "",
) -> int:
    """Answers each line; names the lines that failed at the end, on standard error."""
    check_choice("format", format_, MARKUPS)
    count = _count(jobs)
    session = _session.of(ctx)
    desk = Desk(_root(session), style, "plain" if format_ == "text" else format_)
    failed = done = 0
    first: list[tuple[int, str]] = []
    with _reading(file) as read, _writing(output) as put, _progress(session) as step:
        alone = (desk.answers([line]) for line in read)
        for answers in alone if count == 1 else _crew.together(desk, read, count):
            put(answers.text)
            step(done := answers.last)
            failed += len(answers.failed)
            first += answers.failed[: SHOWN - len(first)]
    for number, message in first:
        print(clean(f"{file}:{number}: error: {message[:500]}"), file=sys.stderr)
    if failed:
        print(f"error: {failed:,} of {done:,} lines failed", file=sys.stderr)
    return EXIT.missing if failed else EXIT.done


def _count(jobs: str) -> int:
    """The number of processes. Raises UsageError for what is none."""
    if jobs in ("0", "all"):
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if not (jobs.isdecimal() and len(jobs) < 4 and int(jobs) <= MOST_JOBS):
        raise UsageError(f"no number of jobs {jobs!r}", hint=f"all, or a number up to {MOST_JOBS}")
    return int(jobs)


def _root(session: Session) -> Path:
    """The folder of the library; where there is none, and none is named, this one: items need no library."""
    try:
        return session.library().root
    except StorageError:
        if session.folder:
            raise
        return Path.cwd()


@contextlib.contextmanager
def _reading(file: str) -> Iterator[Iterator[Line]]:
    """The lines of *file*. Raises StorageError where it cannot be read."""
    if file == "-":
        yield lines(sys.stdin.buffer)
        return
    with contextlib.ExitStack() as stack:
        try:
            opened = stack.enter_context(Path(file).open("rb"))
        except OSError as error:
            raise StorageError(f"cannot read {file}: {writing.reason(error)}") from error
        yield lines(opened)


@contextlib.contextmanager
def _writing(output: str) -> Iterator[Callable[[str], object]]:
    """What writes to standard output, or to the file *output*, which is there whole or not at all.

    Raises StorageError where it cannot be written.
    """
    if output in ("", "-"):
        yield answer
        return
    target = Path(output).resolve()
    try:
        if target.exists() and not target.is_file():  # a device or a pipe is written to, never replaced
            with target.open("w", encoding="utf-8", errors="replace") as file:
                yield file.write
            return
        with writing.written(target, b"") as temporary:
            with temporary.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
                yield file.write
            temporary.replace(target)
    except OSError as error:
        raise StorageError(f"cannot write {output}: {writing.reason(error)}") from error


@contextlib.contextmanager
def _progress(session: Session) -> Iterator[Callable[[int], None]]:
    """What shows on a terminal how many lines are done, from half a second on."""
    seen = not session.quiet and sys.stderr.isatty()
    start = shown = time.monotonic()

    def step(lines: int) -> None:
        nonlocal shown
        if seen and time.monotonic() - shown > 0.5:
            shown = time.monotonic()
            print(f"\r{lines:,} lines", end="", file=sys.stderr, flush=True)

    try:
        yield step
    finally:
        if shown > start:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
