"""`citekit edit`: a record in the user's editor, checked when it is saved."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from citekit.cli import _complete, _session
from citekit.cli._session import Session, answer, told
from citekit.errors import RecordError, StorageError, UsageError
from citekit.writing import reason

if TYPE_CHECKING:
    from citekit.store import Change

app = typer.Typer(add_completion=False, rich_markup_mode=None)

HELP = """Open a record in your editor ($VISUAL or $EDITOR).

\b
  citekit edit molotov-harriman-1945-11-19
  EDITOR='code --wait' citekit edit molotov-harriman-1945-11-19

You edit a copy. It is checked when you close it and offered again where it is not right; the record changes only when
it is, and what you typed is never lost.
"""
_NAMED = ("VISUAL", "EDITOR")
_COMMON = ("sensible-editor", "nano", "vi")


@app.command(help=HELP)
def edit(
    ctx: typer.Context,
    key: Annotated[str, typer.Argument(metavar="KEY", autocompletion=_complete.complete_key)],
) -> int:
    """Opens a copy, checks it, puts it back."""
    from citekit.cli._changes import finish

    session = _session.of(ctx)
    library = session.library_to_change()
    before = library.store.read(key)

    def save(text: str) -> Change:
        if not text.strip() and before.strip():
            raise UsageError("the file is empty: the record is unchanged", hint=f"`citekit rm {key}` takes it away")
        return library.store.put_back(key, before, text, library.registry)

    change = edit_text(session, key, before, save)
    answer(finish(session, library, [change], "edit {}"))
    return 0


def edit_text(session: Session, key: str, text: str, save: Callable[[str], Change]) -> Change:
    """Lets the user edit *text* and gives it to *save*; one that is no valid record is offered again on a terminal.

    The user edits a copy. It stays, and standard error names it, where something was typed and not saved. Raises what
    *save* raises, UsageError where there is no editor, StorageError where it fails.
    """
    command = _editor(session)
    copy = _copied(key, text)
    saved = False
    try:
        change = _edited(session, command, copy, save)
        saved = True
    finally:
        if saved or _holds(copy, text) or _holds(copy, ""):
            shutil.rmtree(copy.parent, ignore_errors=True)
        else:
            print(f"what you typed is in {copy}", file=sys.stderr)
    return change


def _edited(session: Session, command: list[str], copy: Path, save: Callable[[str], Change]) -> Change:
    from citekit.cli._changes import ask, may_ask

    while True:
        _open(command, copy)
        try:
            return save(_read(copy))
        except RecordError as error:
            error.issues = tuple(replace(one, where=replace(one.where, path=str(copy))) for one in error.issues)
            if not may_ask(session):
                raise
            told(error)
            if ask("Edit it again? [Y/n] ").lower() not in ("", "y", "yes"):
                raise RecordError("nothing was written", ()) from error


def _editor(session: Session) -> list[str]:
    """The editor's command. Raises UsageError where none is named and there is no person to use one we find."""
    from citekit.cli._changes import may_ask

    if session.no_input:
        raise UsageError("an editor asks for input", hint="leave --no-input out, or use `citekit set`")
    for name in _NAMED:
        if os.environ.get(name, "").strip():
            try:
                return shlex.split(os.environ[name])
            except ValueError as error:
                raise UsageError(
                    f"${name} cannot be read: {str(error).lower()}", hint="EDITOR='code --wait'"
                ) from error
    found = next((name for name in _COMMON if shutil.which(name)), "")
    if not found or not may_ask(session):
        raise UsageError("no editor is named", hint="set $EDITOR: EDITOR=nano citekit edit KEY")
    return [found]


def _copied(key: str, text: str) -> Path:
    """A file with *text* in a folder of its own, under the record's name, so that editors know the language."""
    try:
        copy = Path(tempfile.mkdtemp(prefix="citekit-")) / f"{key}.toml"
        copy.write_bytes(text.encode())  # bytes, so that the file's own line ends stay
    except OSError as error:
        raise StorageError(f"cannot make a copy to edit: {reason(error)}") from error
    return copy


def _holds(copy: Path, text: str) -> bool:
    try:
        return copy.read_bytes() == text.encode()
    except FileNotFoundError:
        return True


def _open(command: list[str], copy: Path) -> None:
    """Runs the editor until it ends. Raises UsageError where it cannot start, StorageError where it fails."""
    try:
        with _interrupts_left_to_the_editor():
            done = subprocess.run([*command, str(copy)], check=False)
    except OSError as error:
        raise UsageError(f"the editor {command[0]!r} cannot be started: {reason(error)}", hint="set $EDITOR") from error
    if done.returncode:
        raise StorageError(f"the editor {command[0]!r} ended with {done.returncode}; nothing was written")


@contextlib.contextmanager
def _interrupts_left_to_the_editor() -> Iterator[None]:
    """Ctrl-C does not end us meanwhile, and the editor with us: some editors use it for themselves."""
    before = signal.signal(signal.SIGINT, lambda *_: None)  # SIG_IGN would pass to the editor
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _read(copy: Path) -> str:
    try:
        return copy.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError("the editor did not write UTF-8; nothing was written") from error
    except OSError as error:
        raise StorageError(f"cannot read {copy}: {reason(error)}") from error
