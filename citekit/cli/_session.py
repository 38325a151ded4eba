"""What every command shares: where the library is, how answers, warnings and errors are printed.

Standard output is only the answer, in UTF-8, with one line feed at its end; everything else is on standard error.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from citekit.errors import (
    ChangedError,
    CitekitError,
    Issue,
    NotFoundError,
    RecordError,
    StorageError,
    UsageError,
    Where,
)
from citekit.markup import clean, to_json, visible

if TYPE_CHECKING:
    from citekit.archives import Registry
    from citekit.library import Library


class EXIT:
    """Exit codes by name; what they mean is in `citekit.cli`."""

    done, missing, usage, invalid, found, lossy, changed, storage, bug, interrupted = 0, 1, 2, 3, 4, 5, 6, 7, 70, 130


_CODES: tuple[tuple[type[Exception], int], ...] = (
    (NotFoundError, EXIT.missing),
    (UsageError, EXIT.usage),
    (RecordError, EXIT.invalid),
    (StorageError, EXIT.storage),
    (ChangedError, EXIT.changed),
    (CitekitError, EXIT.usage),
)


class PipeClosedError(Exception):
    """Whoever read our standard output has gone; that is no error."""


class Session:
    """One run of the program."""

    def __init__(
        self,
        library: str = "",
        *,
        quiet: bool = False,
        verbose: bool = False,
        debug: bool = False,
        no_input: bool = False,
    ) -> None:
        self.folder = Path(library) if library else None
        self.no_input = no_input
        self.quiet = quiet
        self.verbose = verbose
        self.debug = debug
        self.as_json = False  # what is said on standard error is a line of JSON each, as the command's own option asks

    def library(self) -> Library:
        """The library. Raises StorageError where there is none."""
        from citekit.library import Library

        return Library.open(self.folder)

    def library_to_change(self) -> Library:
        """The library; a person at a terminal is told when it is locked. Raises StorageError where there is none."""
        library = self.library()
        if sys.stderr.isatty():
            library.store.waiting = lambda: self.say("waiting for another citekit that is writing here …")
        return library

    def registry(self) -> Registry:
        """The archives of the library, or the shipped ones where there is no library."""
        from citekit import archives

        try:
            return self.library().registry
        except StorageError:
            return archives.shipped()

    def styles(self) -> tuple[tuple[str, Path], ...]:
        """Every style as (name, file), of the library too where there is one."""
        return self._desk().styles()

    def style(self, name: str) -> tuple[str, str]:
        """The full name and the text of a style. Raises what `Library.style` raises."""
        return self._desk().style(name)

    def _desk(self) -> Library:
        from citekit.library import Library

        try:
            return self.library()
        except StorageError:
            return Library(Path.cwd())

    @contextlib.contextmanager
    def progress(self, doing: str, total: int) -> Iterator[Callable[[], None]]:
        """A function to be called after each of *total* steps, which shows on a terminal how far the work is, from half
        a second on."""
        start = time.monotonic()
        seen = not self.quiet and sys.stderr.isatty()
        count, shown = 0, 0.0

        def step() -> None:
            nonlocal count, shown
            count += 1
            now = time.monotonic()
            if seen and now - start > 0.5 and now - shown > 0.1:
                print(f"\r{doing} {count:,} of {total:,}", end="", file=sys.stderr, flush=True)
                shown = now

        try:
            yield step
        finally:
            if shown:
                print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def say(self, text: str, **facts: object) -> None:
        """Prints a line on standard error, unless quiet; as JSON the *facts* where there are any."""
        if not self.quiet:
            print(to_json(facts or {"note": text}) if self.as_json else visible(text), file=sys.stderr)

    def warn(self, issues: Iterable[Issue]) -> None:
        """Prints issues on standard error, with their lines, unless quiet."""
        for issue in issues:
            if self.as_json:
                code = {"exit": EXIT.invalid} if issue.level == "error" else {}
                self.say("", **{issue.level: {**code, **issue.as_json()}})
            elif not self.quiet:
                print(shown(issue), file=sys.stderr)


def of(ctx: Any) -> Session:
    """The session of a command's context."""
    found = ctx.find_root().obj
    session = found if isinstance(found, Session) else Session()
    session.as_json = bool(ctx.params.get("as_json") or ctx.params.get("as_jsonl"))
    return session


def open_streams() -> None:
    """Makes the standard streams UTF-8 with plain line feeds, whatever the machine's locale says."""
    if sys.stderr is None:  # closed by whoever started us; errors must not go to standard output then
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  open as long as we are
    if sys.stdin is None:
        sys.stdin = _ClosedInput()
    for stream, errors in ((sys.stdout, "replace"), (sys.stderr, "backslashreplace")):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors=errors, newline="\n")


class _ClosedInput(io.StringIO):
    """Standard input that was closed by whoever started us: no terminal, and an error for who reads it."""

    @property
    def buffer(self) -> BinaryIO:
        raise StorageError("cannot read standard input: it is closed")


def keys_of(words: Sequence[str]) -> list[str]:
    """*words* with the lines of standard input in the place of "-"; empty lines and those with a # before are no keys.

    Raises StorageError where it is closed.
    """
    if "-" not in words:
        return [*words]
    lines = [line.strip() for line in sys.stdin.buffer.read().decode("utf-8-sig", "replace").splitlines()]
    keys = [line for line in lines if line and not line.startswith("#")]
    at = words.index("-")
    return [*words[:at], *keys, *(word for word in words[at + 1 :] if word != "-")]


def answer(text: str, output: str = "") -> None:
    """Writes the answer to standard output, or to the file *output* whole or not at all; a file that holds it already
    is not touched.

    Raises PipeClosedError where nobody reads it any more, StorageError where it cannot be written.
    """
    text = text if text.endswith("\n") or not text else text + "\n"
    if output and output != "-":
        _replace(Path(output), text)
        return
    if sys.stdout is None:
        raise StorageError("cannot write the answer: standard output is closed")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise PipeClosedError from error
    except OSError as error:
        _forget_stdout()
        raise StorageError(f"cannot write the answer: {(error.strerror or str(error)).lower()}") from error


def _forget_stdout() -> None:
    """What is left in the buffer must not be tried again when the interpreter ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _replace(path: Path, text: str) -> None:
    from citekit import writing

    target = path.resolve()
    content = text.encode("utf-8", "replace")
    try:
        if target.is_dir():
            raise IsADirectoryError
        if target.exists() and not target.is_file():  # a device or a pipe is written to, never replaced
            target.write_bytes(content)
            return
        if _holds(target, content):
            return
        writing.sweep(target.parent)
        with writing.written(target, content) as temporary:
            temporary.replace(target)
    except OSError as error:
        raise StorageError(f"cannot write {path}: {writing.reason(error)}") from error


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:  # not there, or only to be written
        return False


def shown(issue: Issue) -> str:
    """An issue as people read it: place, level, code and message, then the line with a caret under the place."""
    lines = [clean(f"{nearby(issue.where)}: {issue.level} {issue.code}: {issue.message}"), *_excerpt(issue.where)]
    return "\n".join([*lines, *([f"    hint: {clean(issue.hint)}"] if issue.hint else [])])


def nearby(where: Where) -> Where:
    """The place with its path as seen from here, where that is shorter."""
    try:
        near = str(Path(where.path).relative_to(Path.cwd()))
    except (ValueError, OSError):  # the current folder may be gone
        return where
    return Where(near, where.line, where.column)


def _excerpt(where: Where, width: int = 100) -> list[str]:
    if not where.line:
        return []
    try:
        with Path(where.path).open(encoding="utf-8-sig", errors="replace") as file:
            line = next((line for number, line in enumerate(file, 1) if number == where.line), "").rstrip("\r\n")
    except OSError:
        return []
    start = max(0, where.column - 1 - width // 2)
    caret = [f"    {' ' * (where.column - 1 - start)}^"] if where.column else []
    return [f"    {clean(line[start : start + width])}", *caret] if line else []


def code_of(error: BaseException) -> int:
    """The exit code that is promised for *error*."""
    if isinstance(error, CitekitError):
        return next(code for kind, code in _CODES if isinstance(error, kind))
    return EXIT.storage if isinstance(error, OSError) else EXIT.bug


def told(error: Exception | str, *, code: int = 0, as_json: bool = False, hint: str = "", debug: bool = False) -> int:
    """Prints an error on standard error and returns its exit code."""
    code = code or (EXIT.bug if isinstance(error, str) else code_of(error))
    if debug and isinstance(error, Exception):
        import traceback

        traceback.print_exception(error, file=sys.stderr)
    if as_json:
        print(to_json({"error": described(error, code, hint)}), file=sys.stderr)
        return code
    if isinstance(error, RecordError) and error.issues:
        print("\n".join(shown(issue) for issue in error.issues), file=sys.stderr)
        return code
    message = _message(error)
    if code == EXIT.bug and isinstance(error, Exception):
        message = f"a fault in citekit: {type(error).__name__}: {message}"
        hint = "please report it with what `--debug` prints"
    where = getattr(error, "where", None)
    hint = hint or getattr(error, "hint", "")
    print(clean(f"{nearby(where)}: error: {message}" if where else f"error: {message}"), file=sys.stderr)
    if where:
        print(*_excerpt(where), sep="\n", end="\n" * bool(_excerpt(where)), file=sys.stderr)
    if hint:
        print(clean(f"hint: {hint}"), file=sys.stderr)
    return code


def described(error: Exception | str, code: int, hint: str = "") -> dict[str, Any]:
    """An error as plain JSON values: its exit code, message, hint, place and issues."""
    message = _message(error)
    table: dict[str, Any] = {"exit": code, "message": message}
    hint = hint or getattr(error, "hint", "")
    where = getattr(error, "where", None)
    table |= {"hint": hint} if hint else {}
    if where:
        table |= {key: value for key, value in zip(("path", "line", "column"), _parts(where), strict=True) if value}
    if isinstance(error, RecordError):
        table["issues"] = [issue.as_json() for issue in error.issues]
    return table


def _message(error: Exception | str) -> str:
    """What an error says, in words also where the system says it."""
    if isinstance(error, CitekitError):
        return error.message
    if not isinstance(error, OSError):
        return str(error)
    from citekit.writing import reason

    if isinstance(error, FileNotFoundError) and error.filename is None:  # os.getcwd
        return "the current folder is not there any more"
    return f"cannot use {error.filename}: {reason(error)}" if error.filename is not None else reason(error)


def _parts(where: Where) -> tuple[str, int, int]:
    return where.path, where.line, where.column


def partly(errors: Iterable[CitekitError], *, as_json: bool = False, debug: bool = False) -> int:
    """Prints the errors of a batch and returns its exit code: theirs where it is the same for all, else 1."""
    codes = {told(error, as_json=as_json, debug=debug) for error in errors}
    if not codes:
        return EXIT.done
    return codes.pop() if len(codes) == 1 else EXIT.missing


def broken(issues: Iterable[Issue]) -> int:
    """The exit code for records that could not be read among others that could."""
    return EXIT.invalid if any(issue.level == "error" for issue in issues) else EXIT.done
