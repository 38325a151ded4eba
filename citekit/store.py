"""The folder of records: which keys it has, one record by key, all of them with what is wrong; and changes to one file.

One file a record, `KEY.toml`. A key never leaves the folder: it has no separator, no `..`, no reserved name. Nothing is
cached; the file is the only truth. Every change is a `Change`: made under the lock from what the file holds then, and
written only if it still holds that.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from citekit import writing
from citekit.edits import bare, find_place, literal
from citekit.errors import (
    ChangedError,
    CitekitError,
    Issue,
    NotFoundError,
    RecordError,
    StorageError,
    UsageError,
    Where,
    decoded,
    did_you_mean,
    read_toml,
)
from citekit.patterns import pattern
from citekit.record import ORDER, Loaded, parse
from citekit.values import frozen
from citekit.writing import reason

if TYPE_CHECKING:
    from pathlib import Path

    from citekit.archives import Registry
    from citekit.record import Record

SCHEMA = 1  # the version of the record, docs/records.md
SUFFIX = ".toml"
LARGEST = 1_048_576  # bytes; the longest record we met has 4 KiB, and an abstract of 100 KiB must still go
LONGEST_KEY = 200  # signs; with the suffix it fits every file system's 255 bytes
_KEY = pattern(r"[A-Za-z0-9](?:[A-Za-z0-9._:+-]*[A-Za-z0-9_:+-])?")
# Names that Windows keeps for devices, with any extension: a library is shared by git
_RESERVED = pattern(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.I)


def is_key(text: str) -> bool:
    """Whether *text* can be the key of a record (see `check_key`)."""
    fits = _KEY.fullmatch(text) and len(text) <= LONGEST_KEY
    return bool(fits and ".." not in text and not _RESERVED.fullmatch(text))


def check_key(key: str) -> None:
    """Raises UsageError where *key* cannot be the name of a record's file.

    key = [A-Za-z0-9][A-Za-z0-9._:+-]*, at most 200 signs, without "..", not ending in a stop, not a device's name
    """
    if not is_key(key):
        raise UsageError(
            f"{key[:80]!r} cannot be the key of a record",
            hint="a key is letters, digits and . _ : + - and begins with a letter or digit: molotov-1945-11-19",
        )


@frozen
class Change:
    """What was done to one record: the file's text before and after (None where there is no file), and its issues.

    *renamed* is the new key of a record that got another name.
    """

    key: str
    before: str | None
    after: str | None
    issues: tuple[Issue, ...] = ()
    renamed: str = ""


def check_schema(schema: int) -> None:
    """Raises StorageError for a library whose records are of a version that we do not know: we could spoil them."""
    if schema != SCHEMA:
        message = f"nothing is written: the library is of schema {schema}, and this citekit knows {SCHEMA}"
        raise StorageError(message, hint="a newer citekit may know it; reading goes on")


class Store:
    """Reads the records of one folder, and writes them where their *schema* is ours.

    *waiting* is called where another process is writing and we wait for it.
    """

    def __init__(self, folder: Path, schema: int = SCHEMA) -> None:
        self.folder = folder
        self.schema = schema
        self.waiting: Callable[[], None] = lambda: None
        self._batch: dict[str, str] | None = None  # in a batch: the keys there are, by their folded form

    def keys(self) -> tuple[str, ...]:
        """The keys of all files that can be records, sorted. No file is opened.

        Raises StorageError where the folder cannot be listed.
        """
        return tuple(sorted(name for name in self._stems() if is_key(name)))

    def _stems(self) -> list[str]:
        if self._batch is not None:
            return list(self._batch.values())
        try:
            with os.scandir(self.folder) as entries:
                names = [entry.name for entry in entries]
        except OSError as error:
            raise StorageError(f"cannot list {self.folder}: {reason(error)}") from error
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
        return _decode(self.path(key), self._content(key))

    def _content(self, key: str) -> bytes:
        path = self.path(key)
        try:
            return _bytes(path)
        except FileNotFoundError as error:
            hint = did_you_mean(key, self.keys()) or "`citekit list` shows the keys"
            raise NotFoundError(f"no record {key!r} in {self.folder}", hint=hint) from error

    def load_one(self, key: str, registry: Registry) -> tuple[Record, list[Issue]]:
        """The record *key* and the warnings met in it. Only its file is opened.

        Raises what `read` raises, and RecordError, with every issue, where the record is not valid.
        """
        return self._parsed(self.path(key), key, self.read(key), registry)

    def load(self, registry: Registry, step: Callable[[], None] = lambda: None) -> Loaded:
        """All records and all issues, in the order of the keys. A bad file is an issue; the others load.

        *step* is called after each file.
        """
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
            step()
        return Loaded(records, issues)

    # changes

    def create(self, key: str, text: str, registry: Registry, *, dry: bool = False) -> Change:
        """Makes the record *key* of *text*. With *dry* nothing is written.

        Raises UsageError where the key is taken, also but for case, RecordError where *text* is no valid record, and
        what `writing.replace` raises.
        """
        path = self.path(key)
        issues = self._checked(path, key, text, registry, ())
        content = _encoded(path, text)
        with self._locked(dry=dry):
            self._free(key)
            told = () if dry else writing.replace(path, content, None)
            self._noted(None, key)
        return Change(key, None, text, (*issues, *told))

    def change(self, key: str, edit: Callable[[str], str], registry: Registry, *, dry: bool = False) -> Change:
        """Gives the record's text to *edit* and writes what it returns, under the lock.

        A byte order mark stays. Raises RecordError where the new text has an error that the old one had not, and what
        `read`, *edit* and `writing.replace` raise; then nothing has changed.
        """
        path = self.path(key)
        with self._locked(dry=dry):
            content = self._content(key)
            before = _decode(path, content)
            after = edit(before)
            known = () if after == before else self._errors(path, key, before, registry)
            issues = self._checked(path, key, after, registry, known)
            mark = "\ufeff" if content.startswith(BOM_UTF8) else ""
            new = _encoded(path, mark + after)
            told = () if dry else writing.replace(path, new, content)
        return Change(key, before, after, (*issues, *told))

    def put_back(self, key: str, before: str, after: str, registry: Registry) -> Change:
        """Writes *after* where the file still holds *before*: for a text that was edited outside of the lock.

        Raises ChangedError where it does not, and what `change` raises.
        """

        def edit(now: str) -> str:
            if now != before:
                raise ChangedError(f"{self.path(key)} changed while it was edited; nothing was written")
            return after

        return self.change(key, edit, registry)

    def rename(self, old: str, new: str, *, dry: bool = False) -> Change:
        """Gives the record *old*, valid or not, the key *new*.

        Raises UsageError where that is taken, and what `writing.rename` raises, and `read` but for the contents.
        """
        path, target = self.path(old), self.path(new)
        with self._locked(dry=dry):
            content = self._content(old)
            self._free(new, but=old)
            told = () if dry else writing.rename(path, target, content)
            self._noted(old, new)
        text = _shown(content)
        return Change(old, text, text, told, renamed=new if new != old else "")

    def remove(self, key: str, *, expected: str | None = None, dry: bool = False) -> Change:
        """Removes the record's file, valid or not, if it still holds *expected*, where that is given.

        Raises ChangedError where it does not, and what `writing.remove` raises, and `read` but for the contents.
        """
        path = self.path(key)
        with self._locked(dry=dry):
            content = self._content(key)
            text = _shown(content)
            if expected is not None and text != expected:
                raise ChangedError(f"{path} changed since it was shown; nothing was removed")
            told = () if dry else writing.remove(path, content)
            self._noted(key, None)
        return Change(key, text, None, told)

    @contextlib.contextmanager
    def batch(self) -> Iterator[None]:
        """Many changes under one lock, with the folder listed once; other citekit processes wait until it ends."""
        check_schema(self.schema)
        with writing.locked(self.folder, waiting=self.waiting):
            self._batch = {stem.casefold(): stem for stem in self._stems()}
            try:
                yield
            finally:
                self._batch = None

    def _noted(self, old: str | None, new: str | None) -> None:
        """Keeps the list of a batch true. In a dry run too: two entries with one key are one too many."""
        if self._batch is not None:
            if old is not None:
                self._batch.pop(old.casefold(), None)
            if new is not None:
                self._batch[new.casefold()] = new

    def _locked(self, *, dry: bool) -> contextlib.AbstractContextManager[None]:
        if dry or self._batch is not None:
            return contextlib.nullcontext()
        check_schema(self.schema)
        return writing.locked(self.folder, waiting=self.waiting)

    def check_free(self, key: str) -> None:
        """Raises UsageError where *key* can be no key or is taken, also but for case."""
        check_key(key)
        self._free(key)

    def _free(self, key: str, but: str = "") -> None:
        folded = key.casefold()
        names = [self._batch.get(folded, "")] if self._batch is not None else self._stems()
        taken = next((name for name in names if name.casefold() == folded and name != but), "")
        if taken:
            hint = "keys must differ in more than case" if taken != key else "choose another key, or change that record"
            raise UsageError(f"the key {taken!r} is taken", hint=hint)

    def _checked(self, path: Path, key: str, text: str, registry: Registry, known: tuple[str, ...]) -> list[Issue]:
        """The warnings of *text*. Raises RecordError for an error whose message is not in *known*."""
        try:
            _, issues = self._parsed(path, key, text, registry)
        except RecordError as error:
            issues = list(error.issues)
        new = [issue for issue in issues if issue.level == "error" and issue.message not in known]
        if new:
            raise _invalid(path, tuple(new))
        return issues

    def _errors(self, path: Path, key: str, text: str, registry: Registry) -> tuple[str, ...]:
        try:
            self._parsed(path, key, text, registry)
        except RecordError as error:
            return tuple(issue.message for issue in error.issues)
        return ()

    def _parsed(self, path: Path, key: str, text: str, registry: Registry) -> tuple[Record, list[Issue]]:
        table = read_table(path, text)
        record, issues = parse(key, table, registry, lambda at: find_place(str(path), text, at), str(path))
        if record is None:
            raise _invalid(path, tuple(issues))
        return record, issues


def write_table(table: Mapping[str, Any]) -> str:
    """A new record's text: the fields in the order of docs/records.md, NFC, line feeds.

    >>> print(write_table({"people": {"author": ["Molotov, V. M."]}, "title": "T", "x": 1}), end="")
    title = "T"
    x = 1
    <BLANKLINE>
    [people]
    author = ["Molotov, V. M."]
    """
    import unicodedata

    place = {name: number for number, name in enumerate(ORDER)}
    plain = {name: value for name, value in table.items() if not _is_table(value)}
    tables = {name: value for name, value in table.items() if _is_table(value)}
    ordered = [part for group in (plain, tables) for part in sorted(group, key=lambda name: place.get(name, 99))]
    text = "".join(f"{bare(name)} = {literal(table[name])}\n" for name in ordered if name in plain)
    for name in ordered:
        if name in tables:
            entries = table[name] if isinstance(table[name], list) else [table[name]]
            header = f"[[{bare(name)}]]" if isinstance(table[name], list) else f"[{bare(name)}]"
            for entry in entries:
                lines = "".join(f"{bare(key)} = {literal(value)}\n" for key, value in entry.items())
                text += f"{chr(10) * bool(text)}{header}\n{lines}"
    return unicodedata.normalize("NFC", text)


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping) or (
        isinstance(value, list) and bool(value) and all(isinstance(entry, Mapping) for entry in value)
    )


def _bytes(path: Path) -> bytes:
    """The bytes of a regular file of at most `LARGEST` bytes. FileNotFoundError passes where nothing is there."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            status = os.fstat(handle)
            if stat.S_ISDIR(status.st_mode):
                raise IsADirectoryError
            if not stat.S_ISREG(status.st_mode):
                raise StorageError(f"{path} is not a file")
            if status.st_size > LARGEST:
                raise _too_large(path, status.st_size)
            with os.fdopen(handle, "rb", closefd=False) as file:
                return file.read(LARGEST + 1)
        finally:
            os.close(handle)
    except FileNotFoundError:
        if path.is_symlink():
            raise StorageError(f"{path} is a link to a file that is not there: {path.readlink()}") from None
        raise
    except OSError as error:
        raise StorageError(f"cannot read {path}: {reason(error)}") from error


def _encoded(path: Path, text: str) -> bytes:
    """The bytes of a new text. Raises UsageError where it has none, StorageError where they are too many."""
    try:
        content = text.encode()
    except UnicodeEncodeError as error:  # bytes of a command line that are not UTF-8
        sign = ascii(text[error.start])
        raise UsageError(f"{sign} is no character that a file can hold", hint="type the value in UTF-8") from error
    if len(content) > LARGEST:
        raise _too_large(path, len(content))
    return content


def _too_large(path: Path, size: int) -> StorageError:
    hint = f"a record has at most {LARGEST:,} bytes; one file holds one document"
    return StorageError(f"{path} is too large for a record: {size:,} bytes", hint=hint)


def _shown(content: bytes) -> str:
    """The text of a file that need be no record, as far as it can be read."""
    return content.decode("utf-8-sig", "replace")


def _decode(path: Path, content: bytes) -> str:
    try:
        return decoded(content, str(path))
    except UsageError as error:
        issue = Issue("C001", "error", error.message, error.where or Where(str(path)), "save the file as UTF-8")
        raise _invalid(path, (issue,)) from error


def read_table(path: Path, text: str) -> Mapping[str, Any]:
    """The table of a record's text. Raises RecordError with line and column where it is not TOML."""
    try:
        return read_toml(str(path), text)
    except CitekitError as error:
        raise _invalid(path, (Issue("C001", "error", error.message, error.where or Where(str(path))),)) from error


def _invalid(path: Path, issues: tuple[Issue, ...]) -> RecordError:
    errors = [issue for issue in issues if issue.level == "error"]
    return RecordError(errors[0].message, (*errors, *(issue for issue in issues if issue.level != "error")))
