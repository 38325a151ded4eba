"""Writing one file so that it is old or new, never half: lock, compare, temporary file, sync, replace.

A write is guarded by what was read: where the file is no longer that, nothing is written. Temporary files lie beside
the file they are for and carry the number of their process; those of dead processes go with the next write.

What is promised, and what is not (network file systems, two machines), is in docs/safety.md.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from citekit.errors import ChangedError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK = ".citekit.lock"
PATIENCE = 30.0  # seconds; one change takes milliseconds, so a longer wait means that somebody hangs
_TEMPORARY = re.compile(r"\.citekit-(\d+)-[A-Za-z0-9_]+\.tmp")


@contextlib.contextmanager
def locked(folder: Path, *, patience: float = PATIENCE) -> Iterator[None]:
    """Holds the lock of *folder* against other citekit processes on this machine. A dead process holds none.

    Raises ChangedError where another one holds it for *patience* seconds, StorageError where the folder cannot be
    written or its file system knows no locks.
    """
    from filelock import FileLock, Timeout  # 40 ms, so only for a command that writes

    lock = FileLock(str(folder / LOCK), timeout=patience)
    try:
        lock.acquire()
    except Timeout as error:
        hint = "another citekit is writing; try again when it has ended"
        raise ChangedError(f"{folder} is locked", hint=hint) from error
    except NotImplementedError as error:
        hint = "move the library to a file system that knows locks"
        raise StorageError(f"{folder} cannot be locked: {error}", hint=hint) from error
    except OSError as error:
        raise StorageError(f"cannot write in {folder}: {reason(error)}") from error
    try:
        sweep(folder)
        yield
    finally:
        lock.release()


def sweep(folder: Path) -> None:
    """Removes the temporary files that dead processes left in *folder*."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            found = _TEMPORARY.fullmatch(entry.name)
            if found and not _alive(int(found[1])):
                with contextlib.suppress(OSError):
                    Path(entry.path).unlink()


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def replace(path: Path, content: bytes, expected: bytes | None) -> bool:
    """Makes *content* the file's, if it still holds *expected* (None: if it is not there). False where it is equal.

    A link stays a link: its target is replaced. The mode is kept. Raises ChangedError where the file is another than
    was read, StorageError where it cannot be written; in both cases nothing has changed and nothing is left behind.
    """
    target = path.resolve() if path.is_symlink() else path
    if target.parent != path.parent:
        sweep(target.parent)
    _compare(path, target, expected)
    if content == expected:
        return False
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".citekit-{os.getpid()}-", suffix=".tmp")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode(target))
        _compare(path, target, expected)
        if expected is None:
            _link(temporary, target)
        else:
            temporary.replace(target)
        temporary = None
        _sync(target.parent)
    except FileExistsError as error:
        raise ChangedError(f"{path} is there already") from error
    except OSError as error:
        raise StorageError(f"cannot write {path}: {reason(error)}") from error
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                temporary.unlink()
    return True


def _compare(path: Path, target: Path, expected: bytes | None) -> None:
    try:
        found = target.read_bytes()
    except FileNotFoundError:
        found = None
    except OSError as error:
        raise StorageError(f"cannot read {path}: {reason(error)}") from error
    if found != expected:
        what = "is gone" if found is None else "is there already" if expected is None else "changed since it was read"
        raise ChangedError(f"{path} {what}; nothing was written", hint="look at it, then say the command again")


def _link(temporary: Path, target: Path) -> None:
    """Gives a new file its name, but never takes one that somebody else made in this moment."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        temporary.replace(target)
    else:
        temporary.unlink()


def remove(path: Path, expected: bytes) -> None:
    """Removes the file, if it still holds *expected*; a link goes, its target stays. Raises as `replace` does."""
    _compare(path, path, expected)
    try:
        path.unlink()
        _sync(path.parent)
    except OSError as error:
        raise StorageError(f"cannot remove {path}: {reason(error)}") from error


def rename(old: Path, new: Path, expected: bytes) -> None:
    """Gives the file another name in its folder, if it still holds *expected* and the name is free.

    Raises as `replace` does.
    """
    _compare(old, old, expected)
    same = new.exists() and new.samefile(old)  # the same name but for case, where the file system folds it
    if (new.exists() or new.is_symlink()) and not same:
        raise ChangedError(f"{new} is there already; nothing was renamed")
    try:
        old.rename(new)
        _sync(new.parent)
    except OSError as error:
        raise StorageError(f"cannot rename {old}: {reason(error)}") from error


def _mode(target: Path) -> int:
    try:
        return target.stat().st_mode & 0o7777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _sync(folder: Path) -> None:
    """Makes the new name durable; a file system that cannot sync a folder has its own promise to keep."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def reason(error: OSError) -> str:
    """What the system says of an error, in a few words: "permission denied", "it is a folder"."""
    if isinstance(error, IsADirectoryError):
        return "it is a folder"
    return (error.strerror or str(error) or type(error).__name__).lower()
