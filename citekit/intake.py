"""Taking in: records from TOML, the formats of reference managers, citations and pages, each entry taken or told why
not, none lost between the others."""

from __future__ import annotations

import contextlib
import re
from dataclasses import replace
from itertools import chain, count, islice, product
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from citekit import formats, mapping
from citekit.archives import shipped
from citekit.errors import (
    CitekitError,
    Issue,
    ParseError,
    RecordError,
    StorageError,
    UsageError,
    Where,
    decoded,
    read_toml,
)
from citekit.record import KNOWN, Draft
from citekit.store import Change, is_key, write_table
from citekit.update import updated
from citekit.values import frozen
from citekit.writing import reason

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from citekit.archives import Registry
    from citekit.library import Library

Conflict: TypeAlias = Literal["error", "skip", "rename", "update", "replace"]
CONFLICTS: tuple[str, ...] = get_args(Conflict)
FORMATS = ("toml", *formats.readable(), *formats.PAGES, "citation")
SUFFIXES = {
    ".toml": "toml",
    **{suffix: name for suffix, name in formats.SUFFIXES.items() if name in formats.readable()},
    **formats.PAGE_SUFFIXES,
}
# How TOML begins, behind its comments: a header or a key
_TOML = re.compile(r"(?:\s*#.*\n)*\s*(?:#|\Z|\[[^\n]*\]\s*(?:#.*)?$|[\w.\"' \t-]+=)", re.M)
# How an entry begins, with its key: by this the line is known that a message names, where the reader does not say it
_ENTRY = re.compile(r"@\w+\s*[{(]\s*([^\s,{}()]+)\s*,")
_BEGINNINGS = {
    "bibtex": _ENTRY,
    "biblatex": _ENTRY,
    "csl-json": re.compile(r'"id"\s*:\s*"?([^"\\,}\]\s]+)'),
}
# Formats in which a text without an entry is none of them; how one begins
_EMPTY = {"bibtex": "@misc{key, title = {...}}", "biblatex": "@misc{key, title = {...}}", "ris": "TY  - MANSCPT"}


@frozen
class Entry:
    """A record as it would be written: *asked* is the key its file gives, which may be none of ours; *issue* says why
    it cannot be read, or as a warning what of it stayed as it was, *unread* what was not understood. It begins at
    *where*; *made* says that its text is ours, so that its lines are in no file."""

    asked: str
    text: str
    table: Mapping[str, Any]
    where: Where
    issue: Issue | None = None
    made: bool = True
    unread: str = ""

    @property
    def bad(self) -> bool:
        """Whether it cannot be read."""
        return self.issue is not None and self.issue.level == "error"


@frozen
class Taken:
    """What became of an entry: *key* is the one it has in the library; a change, or an error."""

    asked: str
    what: Literal["added", "updated", "replaced", "unchanged", "skipped", "failed"]
    key: str = ""
    change: Change | None = None
    error: CitekitError | None = None


def read_file(path: Path) -> str:
    """The text of a file, without a byte order mark. Raises StorageError, and UsageError where it is not UTF-8."""
    return decoded(bytes_of(path), str(path))


def bytes_of(path: Path) -> bytes:
    """What a file holds. Raises StorageError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise StorageError(f"cannot read {path}: {reason(error)}") from error


def format_of(text: str, path: str = "") -> str:
    """The format of a text, by the name of its file or else by its first signs.

    >>> [format_of(text) for text in ('[{"id": "x"}]', "@misc{x}", 'title = "T"', "<html>", '"Cable," July 4, 1949')]
    ['csl-json', 'bibtex', 'toml', 'wcda', 'citation']
    """
    return SUFFIXES.get(Path(path).suffix.lower()) or formats.sign_of(text) or _format_in_words(text)


def _format_in_words(text: str) -> str:
    from citekit.formats.wcda import looks_like

    if looks_like(text):
        return "wcda"
    return "toml" if _TOML.match(text) else "citation"


def entries(text: str, format_: str = "", path: str = "-", registry: Registry | None = None) -> list[Entry]:
    """The records in *text*, in their order; one that cannot be read is an entry with an issue.

    *registry* are the archives that citations may name, the shipped ones where it is None. Raises UsageError for an
    unknown format, or where nothing is in it, and CitekitError with the place for a text that is not of its format. A
    file of a reference manager may well have no entry.
    """
    name = format_ or format_of(text, path)
    if not text.strip() and name not in formats.readable():
        raise UsageError("nothing to take in", where=Where(path))
    if name == "toml":
        table = read_toml(path, text)
        if not table:  # comments
            raise UsageError("nothing to take in", where=Where(path))
        if not table.keys() & KNOWN:
            hint = "a record has fields like title, date, [people] and [[location]]"
            raise UsageError(f"no field of a record is in it, only {_listed(table)}", where=Where(path), hint=hint)
        return [Entry(Path(path).stem if path != "-" else "", text, table, Where(path), made=False)]
    if name in ("citation", *formats.PAGES):
        return [_entry_in_words(one, name, Where(path), registry or shipped()) for one in _texts(text, name)]
    lines = _lines(text, name)
    drafts = _placed_drafts(_drafts(text, name, path), text, name)
    if not drafts and name in _EMPTY and text.strip():
        raise UsageError("there is no entry in it", where=Where(path), hint=_EMPTY[name])
    return [_entry(draft, Where(path, draft.line or next(lines.get(draft.key, iter(())), 0))) for draft in drafts]


def _listed(names: Iterable[str], count: int = 3) -> str:
    """The first of *names*."""
    first = [*islice(names, count + 1)]
    return ", ".join(first[:count]) + ", …" * (len(first) > count)


def _texts(text: str, name: str) -> list[str]:
    """The texts of which each is a record: a page is one, citations are parted by empty lines."""
    return [text] if name in formats.PAGES else [one for one in re.split(r"\n[ \t\r]*\n", text) if one.strip()]


def _entry_in_words(text: str, name: str, where: Where, registry: Registry) -> Entry:
    """The record that a page or a citation describes. Raises UsageError where there is none in it."""
    from citekit import citations

    try:
        found = formats.page_reader(name)(text, registry) if name in formats.PAGES else citations.read(text, registry)
    except ParseError as error:
        raise UsageError(error.message, where=where, hint=error.hint) from error
    if not found.table or " ".join(found.unread.split()) == " ".join(text.split()):
        raise UsageError(
            f"{text.strip()[:60]!r} is no citation that can be read",
            where=where,
            hint='like "Title," July 4, 1949, RGASPI, f. 558, op. 11, d. 328, ll. 32-50; a file is named by its path',
        )
    language = str(found.table.get("language", ""))
    if language and not _LANGUAGE.fullmatch(language):
        raise UsageError(f"no page of a document: {language[:40]!r} is no language", where=where)
    if not found.table.keys() & _DESCRIBES:
        raise UsageError(f"no document is described in it, only {_listed(found.table)} is said", where=where)
    return replace(_entry(Draft("", found.table), where), unread=found.unread)


# A text is about a document that says one of these, and that has nothing else where its language should be
_DESCRIBES = {"title", "titles", "date", "date_note", "people", "location", "reprinted", "published"}
_LANGUAGE = re.compile(r"[\w ,;/&()'’.-]{1,80}")


def read_at(entry: Entry, url: str, day: datetime.date) -> Entry:
    """The entry with where and when it was read; the address is the page's own where it says one."""
    online = {**entry.table.get("online", {}), "accessed": day}
    table = {**entry.table, "online": online if "url" in online else {"url": url, **online}}
    return replace(_entry(Draft(entry.asked, table), entry.where), unread=entry.unread)


def _lines(text: str, name: str) -> dict[str, Iterator[int]]:
    """The lines, counted from 1, in which entries begin: for each key those of its entries, in their order."""
    found: dict[str, list[int]] = {}
    line, position = 1, 0
    for match in _BEGINNINGS[name].finditer(text) if name in _BEGINNINGS else ():
        line, position = line + text.count("\n", position, match.start(1)), match.start(1)
        found.setdefault(match[1], []).append(line)
    return {key: iter(lines) for key, lines in found.items()}


def _drafts(text: str, name: str, path: str) -> list[Draft]:
    try:
        return formats.reader(name)(text, path)
    except ParseError as error:
        line = text.count("\n", 0, error.span[0]) + 1
        where = Where(path, line, error.span[0] - text.rfind("\n", 0, error.span[0]))
        raise UsageError(error.message, where=where, hint=error.hint) from error
    except (RecursionError, ValueError) as error:  # brackets in brackets, a number of endless figures
        reason = "nested too deep" if isinstance(error, RecursionError) else str(error)
        raise UsageError(f"not {name} that can be read: {reason}", where=Where(path)) from error


def _placed_drafts(drafts: list[Draft], text: str, name: str) -> list[Draft]:
    """The drafts, those that cannot be read with the line and the key that *text* shows for them."""
    bad = [number for number, draft in enumerate(drafts) if draft.issue and draft.issue.level == "error"]
    if not bad:
        return drafts
    starts = _items(text) if name == "csl-json" else []
    lines = text.split("\n") if _BEGINNINGS.get(name) is _ENTRY else []
    for number in bad:
        draft = drafts[number]
        line = draft.line or (starts[number] if number < len(starts) else 0)
        begun = _ENTRY.search(lines[line - 1]) if 0 < line <= len(lines) else None
        issue = draft.issue and replace(draft.issue, where=_at_line(draft.issue.where, line))
        drafts[number] = replace(draft, key=draft.key or (begun[1] if begun else ""), line=line, issue=issue)
    return drafts


def _at_line(where: Where, line: int) -> Where:
    return where if where.line else replace(where, line=line)


def _items(text: str) -> list[int]:
    """The lines, counted from 1, in which the items of CSL-JSON begin; as far as they can be told."""
    import json

    found: list[int] = []
    opened = re.match(r'\s*(?:\{\s*"items"\s*:\s*)?\[\s*', text)
    position, line, counted = opened.end() if opened else len(text), 1, 0
    decode = json.JSONDecoder().raw_decode
    with contextlib.suppress(ValueError, RecursionError):
        while position < len(text) and text[position] != "]":
            line, counted = line + text.count("\n", counted, position), position
            found.append(line)
            _, end = decode(text, position)
            comma = _COMMA.match(text, end)
            position = comma.end() if comma else end
    return found


_COMMA = re.compile(r"\s*,?\s*")


def _entry(draft: Draft, where: Where) -> Entry:
    """The draft as TOML, its table as that reads; with an issue where TOML cannot hold what it says."""
    if draft.issue and draft.issue.level == "error":
        return Entry(draft.key, "", {}, where, draft.issue)
    try:
        text = write_table(draft.table)
        text.encode()
        return Entry(draft.key, text, read_toml(where.path, text), where, draft.issue)
    except RecursionError:
        reason = "it is nested too deep"
    except UnicodeEncodeError as error:
        reason = f"it holds half of a letter, U+{ord(error.object[error.start]):04X}"
    except CitekitError as error:
        reason = error.message
    return Entry(draft.key, "", {}, where, Issue("C040", "error", _said(draft.key, reason), where))


def _said(key: str, reason: str) -> str:
    return f"{key or 'an entry'}: {reason}"


def take(
    library: Library,
    given: Iterable[Entry],
    on_conflict: Conflict = "error",
    *,
    dry: bool = False,
    step: Callable[[], None] = lambda: None,
    hint: str = f"--on-conflict {', '.join(CONFLICTS[1:-1])} or {CONFLICTS[-1]}",
) -> Iterator[Taken]:
    """Takes the entries in, one after the other.

    A key that cannot be one is replaced by a proposed one. Where the key is taken by another text, *on_conflict* says
    what is done; a record that holds the same already is no conflict. An entry that fails stops no other. The folder is
    locked from the first to the last; raises ChangedError or StorageError where it cannot be.
    """
    with contextlib.nullcontext() if dry else library.store.batch():
        intake = _Intake(library, on_conflict, hint, dry=dry)
        for entry in given:
            try:
                yield intake.take(entry)
            except CitekitError as error:
                yield Taken(entry.asked, "failed", error=_placed(entry, error))
            step()


class _Intake:
    """One run: which keys are taken, and what the records hold that were looked at or made."""

    def __init__(self, library: Library, on_conflict: Conflict, hint: str, *, dry: bool) -> None:
        self.library = library
        self.on_conflict = on_conflict
        self.hint = hint
        self.dry = dry
        self.taken = {key.casefold(): key for key in library.store.keys()}  # noqa: SIM118  no dictionary
        self.held: dict[str, Mapping[str, Any]] = {}
        self.made: set[str] = set()  # in a dry run: keys without a file
        self.supposed: dict[str, str] = {}  # in a dry run: what files would hold

    def take(self, entry: Entry) -> Taken:
        """Takes one entry in. Raises CitekitError where that cannot be done."""
        if entry.issue and entry.bad:
            raise RecordError(entry.issue.message, (entry.issue,))
        named = is_key(entry.asked)
        key = entry.asked if named else mapping.proposed_key(entry.table, ())
        for spelling in _spellings(key) if self.on_conflict == "rename" or not named else (key,):
            other = self.taken.get(spelling.casefold())
            if other is None:
                return self._added(entry, spelling)
            if other == spelling and self._holds(other) == entry.table:
                return Taken(entry.asked, "unchanged", other)
        return self._solved(entry, key)

    def _added(self, entry: Entry, key: str) -> Taken:
        change = self._written(entry, key)
        self.taken[key.casefold()] = key
        return Taken(entry.asked, "added", key, change)

    def _written(self, entry: Entry, key: str) -> Change:
        return self._changed(key, lambda _: entry.text, entry.table)

    def _changed(self, key: str, edit: Callable[[str], str], table: Mapping[str, Any] | None = None) -> Change:
        """The change that *edit* makes, after those of this run; *table* is what the record holds then, if known."""
        store, registry = self.library.store, self.library.registry
        now = self.supposed.get(key)
        if key in self.made or key.casefold() not in self.taken:
            change = store.create(key, edit(now or ""), registry, dry=self.dry)
            self.made |= {key} if self.dry else set()
        else:
            change = store.change(key, lambda text: edit(text if now is None else now), registry, dry=self.dry)
        self.supposed |= {key: change.after or ""} if self.dry else {}
        self.held[key] = read_toml("", change.after or "") if table is None else table
        return change

    def _solved(self, entry: Entry, key: str) -> Taken:
        """A conflict: *key* is taken by another text, or by a key that differs in case."""
        other = self.taken[key.casefold()]
        if self.on_conflict == "skip":
            return Taken(entry.asked, "skipped", other)
        if self.on_conflict == "replace" and other == key:
            return Taken(entry.asked, "replaced", key, self._written(entry, key))
        if self.on_conflict == "update" and other == key:
            return self._updated(entry, key)
        hint = self.hint if other == key else "keys must differ in more than case"
        raise UsageError(f"the key {other!r} is taken", hint=hint)

    def _updated(self, entry: Entry, key: str) -> Taken:
        """The record with what the entry newly says."""
        before = ""

        def edit(text: str) -> str:
            nonlocal before
            before = text
            return updated(text, entry.table, self.library.registry.levels())

        change = self._changed(key, edit)
        same = change.after == before
        return Taken(entry.asked, "unchanged", key) if same else Taken(entry.asked, "updated", key, change)

    def _holds(self, key: str) -> Mapping[str, Any]:
        """What the record holds; nothing where it cannot be read."""
        if key not in self.held:
            try:
                self.held[key] = read_toml("", self.library.store.read(key))
            except CitekitError:
                self.held[key] = {}
        return self.held[key]


def _spellings(key: str) -> Iterator[str]:
    """*key*, then with letters behind it, as `mapping.free_key` tries them: key-a to key-z, key-aa …"""
    endings = (letters for length in count(1) for letters in product(ascii_lowercase, repeat=length))
    return chain((key,), (f"{key}-{''.join(letters)}" for letters in endings))


def _placed(entry: Entry, error: CitekitError) -> CitekitError:
    """The error with the entry's name, its places those of the file that the entry came from."""
    if not isinstance(error, RecordError):
        error.message = _said(entry.asked, error.message)
        error.where = error.where or entry.where
        return error
    issues = error.issues if entry.bad else tuple(_of_entry(entry, issue) for issue in error.issues)
    return RecordError(issues[0].message, issues)


def _of_entry(entry: Entry, issue: Issue) -> Issue:
    if not entry.made:  # its lines are those of the file
        return replace(issue, where=replace(issue.where, path=entry.where.path))
    return replace(issue, where=entry.where, message=_said(entry.asked, issue.message))


def warnings(given: Iterable[Entry]) -> list[Issue]:
    """What is to be said of entries that are taken in all the same."""
    return [entry.issue for entry in given if entry.issue and not entry.bad]


def counted(done: Sequence[Taken]) -> str:
    """What was done, in words.

    >>> counted([Taken("a", "added"), Taken("b", "added"), Taken("c", "skipped")])
    '2 added, 1 skipped'
    """
    kinds = ("added", "updated", "replaced", "unchanged", "skipped", "failed")
    numbers = [(sum(one.what == kind for one in done), kind) for kind in kinds]
    return ", ".join(f"{number:,} {kind}" for number, kind in numbers if number) or "nothing to take in"
