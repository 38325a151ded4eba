"""Taking in: records from TOML, CSL-JSON and BibTeX, each entry taken or told why not, none lost between the others."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from citekit import formats, mapping
from citekit.errors import CitekitError, Issue, ParseError, RecordError, StorageError, UsageError, Where, read_toml
from citekit.store import Change, is_key, write_table
from citekit.writing import reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from citekit.library import Library

Conflict: TypeAlias = Literal["error", "skip", "replace", "rename"]
CONFLICTS: tuple[str, ...] = get_args(Conflict)
FORMATS = ("toml", *sorted(formats.NAMES))
_SUFFIXES = {".toml": "toml", **formats.SUFFIXES}


@dataclass(frozen=True, slots=True)
class Entry:
    """A record as it would be written: *asked* is the key its file gives, which may be none of ours; *issue* says why
    it cannot be read."""

    asked: str
    text: str
    table: dict[str, Any]
    issue: Issue | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an entry: a change of the library, or an error."""

    asked: str
    what: Literal["added", "replaced", "unchanged", "skipped", "failed"]
    change: Change | None = None
    error: CitekitError | None = None


def read_file(path: Path) -> str:
    """The text of a file, without a byte order mark. Raises StorageError, and UsageError where it is not UTF-8."""
    try:
        return decoded(path.read_bytes(), str(path))
    except OSError as error:
        raise StorageError(f"cannot read {path}: {reason(error)}") from error


def decoded(content: bytes, path: str) -> str:
    """*content* as text. Raises UsageError with the place of a byte that is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = content.rfind(b"\n", 0, error.start) + 1
        column = len(content[start : error.start].decode("utf-8", "replace")) + 1
        where = Where(path, content.count(b"\n", 0, error.start) + 1, column)
        raise UsageError(
            f"byte 0x{content[error.start]:02x} is not UTF-8", where=where, hint="save it as UTF-8"
        ) from error


def format_of(text: str, path: str = "") -> str:
    """The format of a text, by the name of its file or else by its first signs.

    >>> format_of('[{"id": "x"}]'), format_of("@misc{x}"), format_of('title = "T"')
    ('csl-json', 'bibtex', 'toml')
    """
    if known := _SUFFIXES.get(Path(path).suffix.lower()):
        return known
    start = text.lstrip()[:2]
    if start[:1] == "{" or start in ("[{", "[]") or (start[:1] == "[" and start[1:].isspace()):
        return "csl-json"
    return "bibtex" if start[:1] in ("@", "%") else "toml"


def entries(text: str, format_: str = "", path: str = "-", key: str = "") -> list[Entry]:
    """The records in *text*, in their order; one that cannot be read is an entry with an issue.

    *key* is that of a TOML record, whose file does not say it. Raises UsageError for an unknown format and for a text
    that is not of its format.
    """
    name = format_ or format_of(text, path)
    if name == "toml":
        table = read_toml(path, text)
        return [Entry(key or (Path(path).stem if path != "-" else ""), text, table)]
    try:
        drafts = formats.reader(name)(text, path)
    except ParseError as error:
        line = text.count("\n", 0, error.span[0]) + 1
        where = Where(path, line, error.span[0] - text.rfind("\n", 0, error.span[0]))
        raise UsageError(error.message, where=where, hint=error.hint) from error
    found = []
    for draft in drafts:
        table = dict(draft.table)
        found.append(Entry(draft.key, write_table(table) if not draft.issue else "", table, draft.issue))
    return found


def take(
    library: Library,
    given: Iterable[Entry],
    on_conflict: Conflict = "error",
    *,
    dry: bool = False,
    step: Callable[[], None] = lambda: None,
) -> Iterator[Taken]:
    """Takes the entries in, one after the other.

    A key that cannot be one is replaced by a proposed one. Where the key is taken by another text, *on_conflict* says
    what is done; a record that holds the same already is no conflict. An entry that fails stops no other.
    """
    taken = {key.casefold(): key for key in library.store.keys()}  # noqa: SIM118  no dictionary
    for entry in given:
        try:
            done = _take(library, entry, on_conflict, taken, dry=dry)
        except CitekitError as error:
            done = Taken(entry.asked, "failed", error=error)
        if done.change:
            taken.setdefault(done.change.key.casefold(), done.change.key)
        yield done
        step()


def _take(library: Library, entry: Entry, on_conflict: Conflict, taken: dict[str, str], *, dry: bool) -> Taken:
    if entry.issue:
        raise RecordError(entry.issue.message, (entry.issue,))
    store, registry = library.store, library.registry
    key = entry.asked if is_key(entry.asked) else mapping.proposed_key(entry.table, taken)
    other = taken.get(key.casefold())
    if other is None:
        return Taken(entry.asked, "added", store.create(key, entry.text, registry, dry=dry))
    if other == key and _same(library, key, entry.table):
        return Taken(entry.asked, "unchanged")
    if on_conflict == "skip":
        return Taken(entry.asked, "skipped")
    if on_conflict == "rename":
        key = mapping.free_key(key, taken)
        return Taken(entry.asked, "added", store.create(key, entry.text, registry, dry=dry))
    if on_conflict == "replace" and other == key:
        return Taken(entry.asked, "replaced", store.change(key, lambda _: entry.text, registry, dry=dry))
    hint = "--on-conflict skip, replace or rename" if other == key else "keys must differ in more than case"
    raise UsageError(f"the key {other!r} is taken", hint=hint)


def _same(library: Library, key: str, table: dict[str, Any]) -> bool:
    try:
        return bool(tomllib.loads(library.store.read(key)) == table)
    except (CitekitError, tomllib.TOMLDecodeError):
        return False


def counted(done: Sequence[Taken]) -> str:
    """What was done, in words.

    >>> counted([Taken("a", "added"), Taken("b", "added"), Taken("c", "skipped")])
    '2 added, 1 skipped'
    """
    kinds = ("added", "replaced", "unchanged", "skipped", "failed")
    numbers = [(sum(one.what == kind for one in done), kind) for kind in kinds]
    return ", ".join(f"{number:,} {kind}" for number, kind in numbers if number) or "nothing to take in"
