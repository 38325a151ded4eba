"""Writing one file so that it is old or new, never half: lock, compare, temporary file, sync, replace.

A write is guarded by what was read: where the file is no longer that, nothing is written. Temporary files lie beside
the file they are for and carry the number of their process; those of dead processes go with the next write.

What is promised, and what is not (network file systems, two machines), is in docs/safety.md.
"""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

from citekit.errors import ChangedError, Issue, StorageError, Where
from citekit.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LOCK = ".citekit.lock"
PATIENCE = 30.0  # seconds; one change takes milliseconds, so a longer wait means that somebody hangs
SILENCE = 2.0  # seconds until a person is told that we wait
_LOCKLESS = frozenset({errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP})  # what flock says where there are no locks
_TEMPORARY = pattern(r"\.citekit-(\d+)-[A-Za-z0-9_]+\.tmp")


@contextlib.contextmanager
def locked(folder: Path, *, patience: float = PATIENCE, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Holds the lock of *folder* against other citekit processes on this machine. A dead process holds none.

    *waiting* is called where another one holds it for some seconds, once.
    Raises ChangedError where another one holds it for *patience* seconds, StorageError where the folder cannot be
    written or its file system knows no locks.
    """
    from filelock import FileLock, Timeout  # 40 ms, so only for a command that writes

    # The soft lock that it would fall back to outlives its process
    lock = FileLock(str(folder / LOCK), fallback_to_soft=False)
    try:
        try:
            lock.acquire(timeout=min(SILENCE, patience), poll_interval=0.01)
        except Timeout:
            waiting()
            lock.acquire(timeout=max(0.0, patience - SILENCE), poll_interval=0.01)
    except Timeout as error:
        hint = "another citekit is writing; try again when it has ended"
        raise ChangedError(f"{folder} is locked", hint=hint) from error
    except OSError as error:
        if error.errno in _LOCKLESS:
            hint = "move the library to a file system that knows locks"
            raise StorageError(f"{folder} cannot be locked: {reason(error)}", hint=hint) from error
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
    """Whether another process has that number. One with ours is dead: we have no temporary file when we sweep, and in
    a container every run may get the same number."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return process != os.getpid()


def replace(path: Path, content: bytes, expected: bytes | None) -> tuple[Issue, ...]:
    """Makes *content* the file's, if it still holds *expected* (None: if it is not there); equal is not written.

    A link stays a link: its target is replaced. The mode is kept. Returns a warning where the folder cannot be synced.
    Raises ChangedError where the file is another than was read, StorageError where it cannot be written; in both cases
    nothing has changed and nothing is left behind.
    """
    target = Path(os.path.realpath(path)) if path.is_symlink() else path
    if target.parent != path.parent:
        sweep(target.parent)
    _compare(path, target, expected)
    if content == expected:
        return ()
    try:
        with written(target, content) as temporary:
            _compare(path, target, expected)
            if expected is None:
                _link(temporary, target)
            else:
                temporary.replace(target)
    except FileExistsError as error:
        raise ChangedError(f"{path} is there already; nothing was written") from error
    except OSError as error:
        raise StorageError(f"cannot write {path}: {reason(error)}") from error
    return _synced(target.parent)


@contextlib.contextmanager
def written(target: Path, content: bytes) -> Iterator[Path]:
    """A file beside *target* with *content* and the mode of *target*, on the disk; it goes, unless it was renamed.

    Raises OSError.
    """
    import tempfile  # with what it imports, 3 ms of every start

    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".citekit-{os.getpid()}-", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(handle, _mode(target))
            os.fsync(handle)
        yield temporary
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


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


def remove(path: Path, expected: bytes) -> tuple[Issue, ...]:
    """Removes the file, if it still holds *expected*; a link goes, its target stays.

    Returns and raises as `replace`.
    """
    _compare(path, path, expected)
    try:
        path.unlink()
    except OSError as error:
        raise StorageError(f"cannot remove {path}: {reason(error)}") from error
    return _synced(path.parent)


def rename(old: Path, new: Path, expected: bytes) -> tuple[Issue, ...]:
    """Gives the file another name in its folder, if it still holds *expected* and the name is free.

    Returns and raises as `replace`.
    """
    _compare(old, old, expected)
    # the same file under both names: where the file system folds case, and only the case changes
    if os.path.lexists(new) and not (new.exists() and new.samefile(old)):
        raise ChangedError(f"{new} is there already; nothing was renamed")
    try:
        old.rename(new)
    except OSError as error:
        raise StorageError(f"cannot rename {old}: {reason(error)}") from error
    return _synced(new.parent)


def _mode(target: Path) -> int:
    try:
        return target.stat().st_mode & 0o7777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _synced(folder: Path) -> tuple[Issue, ...]:
    """Makes the new names in *folder* durable; a warning where its file system cannot. The change itself is made."""
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        message = f"the folder cannot be synced ({reason(error)}): a power cut may undo the last changes"
        return (Issue("C013", "warning", message, Where(str(folder))),)
    return ()


def reason(error: OSError) -> str:
    """What the system says of an error, in a few words: "permission denied", "it is a folder"."""
    if isinstance(error, IsADirectoryError):
        return "it is a folder"
    return (error.strerror or str(error) or type(error).__name__).lower()
