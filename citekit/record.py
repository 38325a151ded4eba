"""The record: one document and where it lies, as values. Everything in it is parsed here, once.

`parse` turns the table of a TOML file into a `Record` and the issues met on the way; nothing above reads a date, a name
or a shelfmark from a string again. What nobody foresaw is kept in `extra` and in the table itself.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any, TypeAlias

from citekit import dates, locators, names
from citekit.archives import AmbiguousArchiveError, Archive, Registry
from citekit.errors import Issue, ParseError, Where
from citekit.markup import REPLACED
from citekit.shelfmark import OPIS, Part, Scheme, Shelfmark, in_order
from citekit.values import frozen

if TYPE_CHECKING:
    from citekit.dates import Date
    from citekit.names import Name

Path: TypeAlias = tuple[str | int, ...]  # where a value is in the table: ("location", 0, "list")
Place: TypeAlias = Callable[[Path], Where]  # and in the file

# Roles that citations print; any other is kept, shown and exported.
ROLES = (
    "author",
    "recipient",
    "editor",
    "compiler",
    "interviewer",
    "translator",
    "contributor",
    "obtained_by",
)
_TEXTS = (
    "type",
    "title",
    "short_title",
    "date_note",
    "language",
    "classification",
    "number",
    "abstract",
    "credits",
    "note",
)
# [csl], [bibtex], [ris] and [csv] hold what an import had and a record has no field for, as it stood
_TABLES = ("titles", "people", "location", "reprinted", "online", "published", "csl", "bibtex", "ris", "csv")
# The names inside the tables; those of [people] are roles, [csl], [bibtex], [ris] and [csv] take any
INNER: Mapping[str, tuple[str, ...]] = {
    "titles": ("original", "romanized", "translated"),
    "location": ("archive", "shelfmark", "place", "file_title", "fond_title", "note", "copy_of"),  # levels besides
    "reprinted": ("text", "pages"),
    "online": ("publisher", "id", "url", "contents", "accessed"),
    "published": tuple("container volume issue pages edition publisher place isbn issn doi series".split()),
}
KNOWN = frozenset({*_TEXTS, *_TABLES, "title_kind", "date", "calendar", "tags"})
# The order in which a new record is written
ORDER = (
    "type", "title", "short_title", "title_kind", "date", "calendar", "date_note", "language", "classification",
    "number", "abstract", "credits", "note", "tags", *_TABLES,
)  # fmt: skip
KINDS = ("heading", "descriptive")


@frozen
class Location:
    """Where the original lies. *archive* is as written; *known* is the registry's entry for it, where there is one.

    Either *mark* holds the typed levels, in the order of the archive's scheme, or *words* what no level fits.
    """

    archive: str = ""
    known: Archive | None = None
    mark: Shelfmark | None = None
    words: str = ""
    place: str = ""
    file_title: str = ""
    fond_title: str = ""
    note: str = ""
    copy_of: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def scheme(self) -> Scheme:
        """The scheme of the archive, or the one for archives that are not known."""
        return self.known.scheme if self.known else OPIS

    @property
    def city(self) -> str:
        """The place the record names, or the archive's."""
        return self.place or (self.known.city if self.known else "")


@frozen
class Online:
    """Where the document was read."""

    publisher: str = ""
    id: str = ""
    url: str = ""
    contents: str = ""
    accessed: Date | None = None


@frozen
class Reprint:
    """A printed source of the document; *pages* without "pp."."""

    text: str
    pages: str = ""


@frozen
class Record:
    """One document. *table* is the whole of its file as read; *extra* the keys at the top that nobody foresaw."""

    key: str
    where: Where
    type: str = ""
    title: str = ""
    short_title: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    descriptive: bool = False
    date: Date | None = None
    date_note: str = ""
    language: str = ""
    classification: str = ""
    number: str = ""
    abstract: str = ""
    credits: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    people: Mapping[str, tuple[Name, ...]] = field(default_factory=dict)
    locations: tuple[Location, ...] = ()
    online: Online = field(default_factory=Online)
    reprinted: tuple[Reprint, ...] = ()
    published: Mapping[str, str] = field(default_factory=dict)
    csl: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    table: Mapping[str, Any] = field(default_factory=dict)


@frozen
class Draft:
    """What an import read: the key its file gives, which may be none of ours, and the table of a record; or, in
    *issue*, why an entry could not be read. It begins in *line* of its file, from 1; 0 is unknown."""

    key: str
    table: Mapping[str, Any]
    issue: Issue | None = None
    line: int = 0


@frozen
class Loaded:
    """What a folder of records gave: the good ones by key, and every issue, of good and bad ones."""

    records: dict[str, Record]
    issues: list[Issue]


def parse(
    key: str, table: Mapping[str, Any], registry: Registry, place: Place, path: str = ""
) -> tuple[Record | None, list[Issue]]:
    """Reads the table of a record's file.

    *place* finds a value in the file *path*, for messages. The record is None where an issue is an error; several
    errors are all reported. A warning (an unknown archive, no title) leaves the record good.
    """
    reader = _Reader(registry, place)
    record = reader.record(key, table, path)
    failed = any(issue.level == "error" for issue in reader.issues)
    return (None if failed else record), reader.issues


class _Reader:
    """Collects issues while the parts of a record are read; a part that is wrong counts as missing."""

    def __init__(self, registry: Registry, place: Place) -> None:
        self.registry = registry
        self.place = place
        self.issues: list[Issue] = []

    def record(self, key: str, table: Mapping[str, Any], path: str) -> Record:
        texts = {name: self.text(table, name, ()) for name in _TEXTS}
        calendar: dates.Calendar = "julian" if table.get("calendar") == "julian" else "gregorian"
        self._one_of(table, "calendar", ("gregorian", "julian"))
        self._one_of(table, "title_kind", KINDS)
        online, titles, printed = (self.table(table, name, ()) for name in ("online", "titles", "published"))
        record = Record(
            key=key,
            where=Where(path),
            **texts,
            titles={name: self.text(titles, name, ("titles",)) for name in titles},
            descriptive=table.get("title_kind") == "descriptive",
            date=self.date(table, "date", (), calendar),
            tags=self._tags(table),
            people=self._people(table),
            locations=tuple(self._location(entry, at) for at, entry in self._entries(table, "location")),
            online=Online(
                **{name: self.text(online, name, ("online",)) for name in ("publisher", "id", "url", "contents")},
                accessed=self.date(online, "accessed", ("online",)),
            ),
            reprinted=tuple(
                Reprint(self.text(entry, "text", at), self.text(entry, "pages", at))
                for at, entry in self._entries(table, "reprinted")
            ),
            published={name: said for name in INNER["published"] if (said := self.text(printed, name, ("published",)))},
            csl=_plain(self.table(table, "csl", ())),
            extra={name: value for name, value in table.items() if name not in KNOWN},
            table=table,
        )
        if not record.title and isinstance(table.get("title", ""), str):
            self._warn("C008", "the record has no title", ())
        return record

    # one value

    def text(self, table: Mapping[str, Any], name: str, at: Path) -> str:
        """The string called *name*; a whole number counts as its digits."""
        value = table.get(name, "")
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            self._error("C002", f"{name} must be text, not {_kind(value)}", (*at, name), f'{name} = "..."')
            return ""
        if REPLACED.search(value):
            self._warn("C009", f"{name} holds a control character; it is printed as a replacement sign", (*at, name))
        return value.strip()

    def table(self, table: Mapping[str, Any], name: str, at: Path) -> Mapping[str, Any]:
        value = table.get(name, {})
        if isinstance(value, Mapping):
            return value
        self._error("C002", f"{name} must be a table, not {_kind(value)}", (*at, name), f"[{name}]")
        return {}

    def date(
        self, table: Mapping[str, Any], name: str, at: Path, calendar: dates.Calendar = "gregorian"
    ) -> Date | None:
        if name not in table:
            return None
        try:
            return dates.from_toml(table[name], calendar)
        except ParseError as error:
            self._parse_error("C003", error, (*at, name), table[name])
            return None

    # parts

    def _tags(self, table: Mapping[str, Any]) -> tuple[str, ...]:
        tags = table.get("tags", [])
        if isinstance(tags, list) and all(isinstance(tag, str) for tag in tags):
            return tuple(tags)
        self._error("C002", "tags must be a list of texts", ("tags",), 'tags = ["Japan"]')
        return ()

    def _people(self, table: Mapping[str, Any]) -> dict[str, tuple[Name, ...]]:
        people = {}
        for role, entries in self.table(table, "people", ()).items():
            listed = entries if isinstance(entries, list) else [entries]
            people[role] = tuple(
                name for n, entry in enumerate(listed) if (name := self._name(entry, ("people", role, n)))
            )
        return people

    def _name(self, entry: object, at: Path) -> Name | None:
        try:
            if isinstance(entry, str):
                return names.parse(entry)
            if isinstance(entry, Mapping):
                return names.from_table(entry)
        except ParseError as error:
            self._parse_error("C004", error, at)
            return None
        self._error("C002", f"a name must be text or a table, not {_kind(entry)}", at, '"Molotov, V. M."')
        return None

    def _entries(self, table: Mapping[str, Any], name: str) -> list[tuple[Path, Mapping[str, Any]]]:
        entries = table.get(name, [])
        if isinstance(entries, Mapping):  # [location] for a single one
            return [((name,), entries)]
        if isinstance(entries, list) and all(isinstance(entry, Mapping) for entry in entries):
            return [((name, number), entry) for number, entry in enumerate(entries)]
        self._error("C002", f"{name} must be tables, not {_kind(entries)}", (name,), f"[[{name}]]")
        return []

    def _location(self, table: Mapping[str, Any], at: Path) -> Location:
        archive = self.text(table, "archive", at)
        known = self._archive(archive, at)
        scheme = known.scheme if known else OPIS
        words = {name: self.text(table, name, at) for name in ("place", "file_title", "fond_title", "note", "copy_of")}
        levels = {*scheme.names(), *OPIS.names()}
        parts = [part for name in table if name in levels and (part := self._part(name, scheme, table, at))]
        mark = in_order(Shelfmark(tuple(parts)), scheme) if parts else None
        others = {name: v for name, v in table.items() if name not in {*words, *levels, "archive", "shelfmark"}}
        return Location(archive, known, mark, self.text(table, "shelfmark", at), **words, extra=others)

    def _archive(self, archive: str, at: Path) -> Archive | None:
        try:
            known = self.registry.find(archive) if archive else None
        except AmbiguousArchiveError as error:
            self._error("C006", error.message, (*at, "archive"), error.hint)
            return None
        if archive and known is None:
            hint = "it is printed as it stands; records/_archives.toml can describe it"
            self._warn("C007", f"archive {archive!r} is not in the registry", (*at, "archive"), hint)
        return known

    def _part(self, name: str, scheme: Scheme, table: Mapping[str, Any], at: Path) -> Part | None:
        value = self.text(table, name, at)
        if not value:
            return None
        if not scheme.level(name).leaf and not OPIS.level(name).leaf:
            return Part(name, value)
        try:
            return Part(name, locators.parse(value))
        except ParseError as error:
            self._parse_error("C005", error, (*at, name), table[name])
            return None

    # issues

    def _one_of(self, table: Mapping[str, Any], name: str, values: tuple[str, ...]) -> None:
        if table.get(name, values[0]) not in values:
            said = " or ".join(f'"{value}"' for value in values)
            self._error("C002", f"{name} must be {said}", (name,), f'{name} = "{values[-1]}"')

    def _parse_error(self, code: str, error: ParseError, at: Path, written: object = None) -> None:
        """An issue at the signs that could not be read, where all of *written* stands in one line."""
        where = self.place(at)
        if isinstance(written, str) and "\n" not in written and where.column:  # it stands behind a quotation mark
            column = where.column + 1 + max(0, written.find(error.text)) + error.span[0]
            where = Where(where.path, where.line, column)
        self.issues.append(Issue(code, "error", error.message, where, error.hint))

    def _error(self, code: str, message: str, at: Path, hint: str = "") -> None:
        self.issues.append(Issue(code, "error", message, self.place(at), hint))

    def _warn(self, code: str, message: str, at: Path, hint: str = "") -> None:
        self.issues.append(Issue(code, "warning", message, self.place(at), hint))


def _plain(value: Any) -> Any:
    """A TOML value as JSON can hold it: dates as text."""
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value if isinstance(value, str | int | float) else str(value)


def _kind(value: object) -> str:
    kinds = {
        bool: "yes or no",
        datetime.date: "a date",
        datetime.datetime: "a date and time",
        datetime.time: "a time",
        list: "a list",
        dict: "a table",
        float: "a number",
        int: "a number",
        str: "text",
    }
    return kinds.get(type(value), type(value).__name__)
