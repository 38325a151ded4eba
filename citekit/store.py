"""The folder of records: which keys it has, one record by key, all of them with what is wrong with them.

One file a record, `KEY.toml`. A key never leaves the folder: it has no separator, no `..`, no reserved name. Nothing is
cached; the file is the only truth.
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from typing import TYPE_CHECKING, Any

from citekit.errors import (
    CitekitError,
    Issue,
    NotFoundError,
    RecordError,
    StorageError,
    UsageError,
    Where,
    did_you_mean,
)
from citekit.record import Loaded, parse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from citekit.archives import Registry
    from citekit.record import Path as ValuePath
    from citekit.record import Record

SUFFIX = ".toml"
LARGEST = 1_048_576  # bytes; the longest record we met has 4 KiB, and an abstract of 100 KiB must still go
LONGEST_KEY = 200  # signs; with the suffix it fits every file system's 255 bytes
_KEY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._:+-]*[A-Za-z0-9_:+-])?")
# Names that Windows keeps for devices, with any extension: a library is shared by git
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.I)


def check_key(key: str) -> None:
    """Raises UsageError where *key* cannot be the name of a record's file.

    key = [A-Za-z0-9][A-Za-z0-9._:+-]*, at most 200 signs, without "..", not ending in a stop, not a device's name
    """
    if not _KEY.fullmatch(key) or ".." in key or len(key) > LONGEST_KEY or _RESERVED.fullmatch(key):
        raise UsageError(
            f"{key[:80]!r} cannot be the key of a record",
            hint="a key is letters, digits and . _ : + - and begins with a letter or digit: molotov-1945-11-19",
        )


class Store:
    """Reads the records of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keys(self) -> tuple[str, ...]:
        """The keys of all files that can be records, sorted. No file is opened.

        Raises StorageError where the folder cannot be listed.
        """
        return tuple(sorted(name for name in self._stems() if _KEY.fullmatch(name)))

    def _stems(self) -> list[str]:
        try:
            with os.scandir(self.folder) as entries:
                names = [entry.name for entry in entries]
        except OSError as error:
            raise StorageError(f"cannot list {self.folder}: {_reason(error)}") from error
        return [name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX) and name[0] not in "._~#"]

    def path(self, key: str) -> Path:
        """The file of *key*, whether it is there or not. Raises UsageError for what can be no key."""
        check_key(key)
        return self.folder / (key + SUFFIX)

    def read(self, key: str) -> str:
        """The text of the record's file, without a byte order mark.

        Raises NotFoundError with the nearest keys, StorageError where the file cannot be read, and RecordError where
        it is not UTF-8.
        """
        path = self.path(key)
        try:
            return _decode(path, _bytes(path))
        except FileNotFoundError as error:
            hint = did_you_mean(key, self.keys()) or "`citekit list` shows the keys"
            raise NotFoundError(f"no record {key!r} in {self.folder}", hint=hint) from error

    def load_one(self, key: str, registry: Registry) -> tuple[Record, list[Issue]]:
        """The record *key* and the warnings met in it. Only its file is opened.

        Raises what `read` raises, and RecordError, with every issue, where the record is not valid.
        """
        text, path = self.read(key), self.path(key)
        record, issues = parse(key, _table(path, text), registry, lambda at: find_place(str(path), text, at))
        if record is None:
            raise _invalid(path, tuple(issues))
        return record, issues

    def load(self, registry: Registry) -> Loaded:
        """All records and all issues, in the order of the keys. A bad file is an issue; the others load."""
        records: dict[str, Record] = {}
        issues: list[Issue] = []
        for key in sorted(self._stems()):
            try:
                records[key], found = self.load_one(key, registry)
                issues += found
            except RecordError as error:
                issues += error.issues
            except UsageError as error:
                where = Where(str(self.folder / (key + SUFFIX)))
                issues.append(Issue("C011", "error", error.message, where, error.hint))
            except CitekitError as error:
                where = error.where or Where(str(self.folder / (key + SUFFIX)))
                issues.append(Issue("C012", "error", error.message, where, error.hint))
        return Loaded(records, issues)


def _bytes(path: Path) -> bytes:
    """The bytes of a regular file of at most `LARGEST` bytes. FileNotFoundError passes where nothing is there."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            status = os.fstat(file.fileno())
            if stat.S_ISDIR(status.st_mode):
                raise IsADirectoryError
            if not stat.S_ISREG(status.st_mode):
                raise StorageError(f"{path} is not a file")
            if status.st_size > LARGEST:
                raise StorageError(
                    f"{path} is too large for a record: {status.st_size:,} bytes",
                    hint=f"a record has at most {LARGEST:,} bytes; one file holds one document",
                )
            return file.read(LARGEST + 1)
    except FileNotFoundError:
        if path.is_symlink():
            raise StorageError(f"{path} is a link to a file that is not there: {path.readlink()}") from None
        raise
    except OSError as error:
        raise StorageError(f"cannot read {path}: {_reason(error)}") from error


def _reason(error: OSError) -> str:
    if isinstance(error, IsADirectoryError):
        return "it is a folder"
    return (error.strerror or str(error) or type(error).__name__).lower()


def _decode(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = len(content[content.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8", "replace")) + 1
        message = f"byte 0x{content[error.start]:02x} is not UTF-8"
        where = Where(str(path), line, column)
        issue = Issue("C001", "error", message, where, "save the file as UTF-8")
        raise _invalid(path, (issue,)) from error


def _table(path: Path, text: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        message, where = _toml_error(str(path), text, error)
        raise _invalid(path, (Issue("C001", "error", message, where),)) from error


def _toml_error(path: str, text: str, error: Exception) -> tuple[str, Where]:
    if isinstance(error, RecursionError):
        return "not TOML that can be read: nested too deep", Where(path)
    found = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", str(error), re.S)
    if found is None:
        return f"not TOML: {error}", Where(path)
    reason = found[1][0].lower() + found[1][1:]
    line = int(found[2]) if found[2] else text.count("\n", 0, len(text.rstrip())) + 1
    column = int(found[3]) if found[3] else len(text.rstrip()) - text.rfind("\n", 0, len(text.rstrip()))
    return f"not TOML: {reason}", Where(path, line, column)


def _invalid(path: Path, issues: tuple[Issue, ...]) -> RecordError:
    errors = [issue for issue in issues if issue.level == "error"]
    return RecordError(errors[0].message, (*errors, *(issue for issue in issues if issue.level != "error")))


# Where a value stands. tomllib does not say, so the lines are read again, and only when there is something to report.

_BARE = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_HEADER = re.compile(rf"[ \t]*\[(\[?)[ \t]*({_BARE}(?:[ \t]*\.[ \t]*{_BARE})*)[ \t]*\]")
_KEY_LINE = re.compile(rf"[ \t]*({_BARE}(?:[ \t]*\.[ \t]*{_BARE})*)[ \t]*=[ \t]*")
_WORD = re.compile(_BARE)


def find_place(path: str, text: str, at: ValuePath) -> Where:
    r"""Where the value *at* stands in the TOML *text*; the nearest thing round it where it is in an inline table.

    The column is that of the value's first sign.

    >>> find_place("a.toml", '[people]\nauthor = ["X"]', ("people", "author", 0))
    Where(path='a.toml', line=2, column=10)
    """
    best, depth = Where(path), -1
    for place, found in _places(text):
        common = _within(found, at)
        if common > depth:
            best, depth = Where(path, *place), common
    return best


def _within(found: ValuePath, at: ValuePath) -> int:
    """How many steps *found* leads towards *at*; -1 where it leads elsewhere."""
    return len(found) if at[: len(found)] == found else -1


def _places(text: str) -> list[tuple[tuple[int, int], ValuePath]]:
    """Each table header and key with its place and full path, in the order of the file."""
    table: ValuePath = ()
    counts: dict[ValuePath, int] = {}
    found: list[tuple[tuple[int, int], ValuePath]] = []
    closing = ""
    for number, line in enumerate(text.split("\n"), 1):
        if closing:  # inside a string of several lines
            if closing in line:
                closing = ""
            continue
        if header := _HEADER.match(line):
            table = _resolve(_words(header[2]), counts)
            if header[1]:
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            found.append(((number, header.start(2) + 1), table))
        elif key := _KEY_LINE.match(line):
            found.append(((number, key.end() + 1), (*table, *_words(key[1]))))
            opened = line[key.end() : key.end() + 3]
            if opened in ('"""', "'''") and opened not in line[key.end() + 3 :]:
                closing = opened
    return found


def _words(dotted: str) -> tuple[str, ...]:
    return tuple(word.strip("\"'") for word in _WORD.findall(dotted))


def _resolve(words: tuple[str, ...], counts: Mapping[ValuePath, int]) -> ValuePath:
    """*words* with the number of the current entry behind each array of tables on the way."""
    path: ValuePath = ()
    for word in words[:-1]:
        path = (*path, word)
        if path in counts:
            path = (*path, counts[path])
    return (*path, words[-1])
