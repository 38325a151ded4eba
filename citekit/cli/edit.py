"""`citekit edit`: a record in the user's editor, checked when it is saved."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from citekit.cli import _session
from citekit.cli._session import answer, told
from citekit.errors import CitekitError, RecordError, StorageError, UsageError

if TYPE_CHECKING:
    from citekit.library import Library
    from citekit.store import Change

app = typer.Typer(add_completion=False, rich_markup_mode=None)

HELP = """Open a record in your editor ($VISUAL or $EDITOR).

\b
  citekit edit molotov-harriman-1945-11-19
  EDITOR='code --wait' citekit edit molotov-harriman-1945-11-19

You edit a copy. It is checked when you close it and offered again where it is not right; the record changes only when
it is, and what you typed is never lost.
"""
_EDITORS = ("VISUAL", "EDITOR")


@app.command(help=HELP)
def edit(
    ctx: typer.Context,
    key: Annotated[str, typer.Argument(metavar="KEY", autocompletion=_session.complete_key)],
) -> int:
    """Opens a copy, checks it, puts it back."""
    from citekit.cli._changes import finish

    session = _session.of(ctx)
    library = session.library()
    before = library.store.read(key)
    change = edit_text(session, library, key, before, before)
    answer(finish(session, library, [change], "edit {}"))
    return 0


def edit_text(session: _session.Session, library: Library, key: str, before: str, text: str) -> Change:
    """Lets the user edit *text* and makes it the record *key*, which held *before* ("" where it is new).

    A text that is not right is offered again on a terminal. Raises what `Store.put_back` and `Store.create` raise, then
    the hint names the file in which the text was left; UsageError where there is no editor.
    """
    from citekit.cli._changes import ask, may_ask

    command = _editor()
    folder = Path(tempfile.mkdtemp(prefix="citekit-"))
    copy = folder / f"{key}.toml"
    # bytes, so that the file's own line ends stay
    copy.write_bytes(text.encode())
    while True:
        _open(command, copy)
        edited = _read(copy)
        try:
            change = (
                library.store.put_back(key, before, edited, library.registry)
                if before
                else library.store.create(key, edited, library.registry)
            )
        except CitekitError as error:
            mendable = isinstance(error, RecordError)
            if mendable and may_ask(session):
                _tell(error, copy)
                if ask("Edit it again? [Y/n] ").lower() in ("", "y", "yes"):
                    continue
            error.hint = f"what you typed is in {copy}"
            _point(error, copy)
            raise
        copy.unlink(missing_ok=True)
        folder.rmdir()
        return change


def _editor() -> list[str]:
    import shutil

    for name in _EDITORS:
        if os.environ.get(name, "").strip():
            return shlex.split(os.environ[name])
    for name in ("sensible-editor", "nano", "vi"):
        if shutil.which(name):
            return [name]
    raise UsageError("no editor is named", hint="set $EDITOR: EDITOR=nano citekit edit KEY")


def _open(command: list[str], copy: Path) -> None:
    """Runs the editor until it ends. Raises StorageError where it cannot start or fails; the copy stays."""
    try:
        done = subprocess.run([*command, str(copy)], check=False)
    except OSError as error:
        raise UsageError(
            f"the editor {command[0]!r} cannot be started: {error.strerror}", hint="set $EDITOR"
        ) from error
    if done.returncode:
        hint = f"nothing was written; your text is in {copy}"
        raise StorageError(f"the editor {command[0]!r} ended with {done.returncode}", hint=hint)


def _read(copy: Path) -> str:
    try:
        return copy.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError("the editor did not write UTF-8", hint=f"your text is in {copy}") from error
    except OSError as error:
        raise StorageError(f"cannot read {copy}: {(error.strerror or str(error)).lower()}") from error


def _tell(error: CitekitError, copy: Path) -> None:
    _point(error, copy)
    told(error)


def _point(error: CitekitError, copy: Path) -> None:
    """Makes a record's errors point at the copy, which is what the user sees."""
    from dataclasses import replace

    if isinstance(error, RecordError):
        error.issues = tuple(
            replace(issue, where=replace(issue.where, path=str(copy)), hint=issue.hint) for issue in error.issues
        )
