"""What can go wrong, as values: exceptions that stop, issues that do not, and the place both point at.

The rooms above raise a `CitekitError` for what the user can mend and return an `Issue` when work can go on.
Only `citekit.cli.main` prints them. Exit codes live there too.

>>> str(Issue("C003", "error", "no month 13", Where("records/mao.toml", 7, 14)))
'records/mao.toml:7:14: error C003: no month 13'
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, Literal

from citekit.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable


@frozen
class Where:
    """A place a person can open: a path, a line and a column, both counted from 1; 0 means unknown."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        numbers = [str(n) for n in (self.line, self.column) if n]
        return ":".join([self.path, *numbers])


class CitekitError(Exception):
    """Something the user can mend: *message* says what is wrong, *hint* what would be right."""

    def __init__(self, message: str, *, where: Where | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint


class ParseError(CitekitError, ValueError):
    """A text that a grammar cannot read; *span* is the half-open range of its characters at fault, from 0."""

    def __init__(self, message: str, text: str, span: tuple[int, int], *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.text = text
        self.span = span

    def caret(self, width: int = 72) -> str:
        """The text's line with `^~~` under the place, cut to *width* signs round it; a tab is one space."""
        begin = self.text.rfind("\n", 0, self.span[0]) + 1
        line = self.text[begin:].split("\n", 1)[0].rstrip("\r").replace("\t", " ")
        start, end = self.span[0] - begin, min(self.span[1] - begin, len(line))
        shift = max(0, start - width // 2)
        mark = " " * (start - shift) + "^" + "~" * max(0, end - start - 1)
        return f"    {line[shift : shift + width]}\n    {mark[:width]}"


class NotFoundError(CitekitError):
    """A record that was asked for is not there."""


class UsageError(CitekitError):
    """Wrong usage: an unknown style, format, archive or option value, an impossible key."""


class StyleError(UsageError):
    """A citation style that cannot be used; *where* names the style's file and line."""


class RecordError(CitekitError):
    """A record that is there but is not valid; *issues* says why, each with its place."""

    def __init__(self, message: str, issues: tuple[Issue, ...]) -> None:
        super().__init__(message, where=issues[0].where if issues else None)
        self.issues = issues


class StorageError(CitekitError):
    """A file that cannot be read or written: permission, a full disk, a folder, a broken link, too large."""


class ChangedError(CitekitError):
    """A file changed between reading and writing, or somebody else holds the lock; nothing was written."""


@frozen
class Fix:
    """A safe mending: the value at the path *at* of the record *key* becomes *value*."""

    key: str
    at: tuple[str | int, ...]
    value: object


@frozen
class Issue:
    """Something found and reported while work goes on. *code* is stable: `C` and three digits."""

    code: str
    level: Literal["error", "warning"]
    message: str
    where: Where
    hint: str = ""
    fix: Fix | None = None

    def __str__(self) -> str:
        return f"{self.where}: {self.level} {self.code}: {self.message}"

    def as_json(self) -> dict[str, str | int]:
        """The issue as plain JSON values; `line` and `column` are left out where unknown."""
        place: dict[str, str | int] = {"path": self.where.path}
        place |= {k: v for k, v in (("line", self.where.line), ("column", self.where.column)) if v}
        found: dict[str, str | int] = {**place, "level": self.level, "code": self.code, "message": self.message}
        found |= {"hint": self.hint} if self.hint else {}
        return found | ({"fixable": True} if self.fix else {})


def nearest(word: str, among: Iterable[str], count: int = 3, *, cutoff: float = 0.6) -> tuple[str, ...]:
    """The *count* strings most like *word*, nearest first; *cutoff* is the least likeness that counts, from 0 to 1.

    A string whose beginning is like *word* is near however long it is, for people type the start of a key.

    >>> nearest("molotow", ["molotov-1945", "molotov", "stalin", "molotov"])
    ('molotov', 'molotov-1945')
    """
    from difflib import SequenceMatcher  # only a mistake pays for it

    if not word or len(word) > 100:
        return ()
    matcher = SequenceMatcher(a="", b=word.casefold(), autojunk=False)
    found = []
    for name in dict.fromkeys(among):
        ratios = []
        for part in (name.casefold(), name.casefold()[: len(word)]):
            matcher.set_seq1(part)
            if matcher.real_quick_ratio() >= cutoff and matcher.quick_ratio() >= cutoff:
                ratios.append(matcher.ratio())
        if max(ratios, default=0) >= cutoff:
            found.append((-max(ratios), len(name), name))
    return tuple(name for *_, name in sorted(found)[:count])


def did_you_mean(word: str, among: Iterable[str]) -> str:
    """A hint that names the strings nearest to *word*, or an empty one.

    >>> did_you_mean("chicgo", ["chicago", "mla"])
    'did you mean chicago?'
    >>> did_you_mean("renam", ["rename", "replace"])
    'did you mean rename or replace?'
    >>> did_you_mean("dello", ["delo", "oddeleni"])
    'did you mean delo?'
    >>> did_you_mean("nokey", ["broken"])
    ''
    """
    near = nearest(word, among)
    likely = nearest(word, near, cutoff=0.75)
    # of those far off only what begins alike may be meant: few mistype a first letter
    near = tuple(name for name in near if name in likely or name[:1].casefold() == word[:1].casefold())
    return f"did you mean {' or '.join(near)}?" if near else ""


def decoded(content: bytes, path: str) -> str:
    """*content* as text, without a byte order mark. Raises UsageError with the place of a byte that is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = content.rfind(b"\n", 0, error.start) + 1
        column = len(content[start : error.start].decode("utf-8", "replace")) + 1
        where = Where(path, content.count(b"\n", 0, error.start) + 1, column)
        message = f"byte 0x{content[error.start]:02x} is not UTF-8"
        raise UsageError(message, where=where, hint="save it as UTF-8") from error


DEEPEST = 60  # tables in tables; a record has three
LARGEST = 10_000  # bits of a whole number: some 3000 figures, which Python still prints


def read_toml(path: str, text: str) -> dict[str, Any]:
    """The table of a TOML text. Raises CitekitError with line and column where it is not TOML, or nested too deep."""
    too_long = CitekitError("not TOML that can be read: a number is too long", where=Where(path))
    try:
        table = tomllib.loads(text)
    except RecursionError as error:
        raise CitekitError("not TOML that can be read: nested too deep", where=Where(path)) from error
    except tomllib.TOMLDecodeError as error:
        found = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", str(error), re.S)
        if found is None:
            raise CitekitError(f"not TOML: {error}", where=Where(path)) from error
        end = text.rstrip()
        line = int(found[2]) if found[2] else end.count("\n") + 1
        column = int(found[3]) if found[3] else len(end) - end.rfind("\n")
        where = Where(path, line, column)
        raise CitekitError(f"not TOML: {found[1][0].lower()}{found[1][1:]}", where=where) from error
    except ValueError as error:  # Python turns no endless row of figures into a number
        raise too_long from error
    level: list[Any] = [table]
    for _ in range(DEEPEST):
        level = [part for one in level for part in (one.values() if isinstance(one, dict) else one)]
        if any(isinstance(part, int) and part.bit_length() > LARGEST for part in level):
            raise too_long
        level = [part for part in level if isinstance(part, dict | list)]
        if not level:
            return table
    raise CitekitError("not TOML that can be read: nested too deep", where=Where(path))


def is_too_deep(table: object) -> bool:
    """Whether tables and lists in *table* are nested deeper than `DEEPEST`."""
    level: list[object] = [table]
    for _ in range(DEEPEST):
        level = [
            part
            for one in level
            if isinstance(one, dict | list)
            for part in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return False
    return True
