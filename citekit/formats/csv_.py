"""CSV: a line a record, for spreadsheets; the columns are a record's fields, by the names that `citekit set` takes.

The header is always the same. Lists have "; " between their parts. What no column holds is in the last one, `citekit`.
A cell that a spreadsheet would take for a formula has an apostrophe before it, which reading takes off again.
Source: RFC 4180 (commas, CRLF, quotation marks doubled), in UTF-8 without a byte order mark; for formulas
<https://owasp.org/www-community/attacks/CSV_Injection>.

Read are also tables of one's own with columns like "author" and "archive", parted by commas, semicolons or tabs, and
Zotero's. Columns that a record has no place for are kept in `[csv]`, and so is what says once more, otherwise, what
another column said.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from citekit.csl import item as csl
from citekit.dates import toml_value
from citekit.errors import Issue, ParseError, UsageError, Where
from citekit.exchange import ANY, Options, Written, changes, decode, encode, in_ascii, losses, restored
from citekit.items import to_table
from citekit.locations import at
from citekit.mapping import archive_name, shelfmark_text
from citekit.markup import visible
from citekit.names import parse as parse_name
from citekit.patterns import pattern
from citekit.record import INNER, ROLES, Draft
from citekit.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from citekit.record import Record

_TEXTS = "type title short_title title_kind date calendar date_note language classification number".split()
_PLACE = ("archive", "shelfmark", "place", "file_title", "note")
COLUMNS = (
    "key",
    *_TEXTS,
    *(f"people.{role}" for role in ROLES),
    *(f"location.{name}" for name in _PLACE),
    *(f"online.{name}" for name in INNER["online"]),
    *(f"published.{name}" for name in INNER["published"]),
    "tags",
    *("abstract", "credits", "note"),
    "citekit",
)
_LISTS = ("tags", *(f"people.{role}" for role in ROLES))
_DATES = ("date", "online.accessed")
_FORMULA = pattern(r"'*\s*[=+\-@\t\r]")


def write(records: Sequence[Record], options: Options = ANY) -> Written:
    """The header, and a line a record in their order. Raises UsageError for a letter that is not of ASCII where that
    is asked."""
    lost, out = [], io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for record in records:
        row = {name: text for name, said in _row(record).items() if (text := visible(said)).strip()}
        if options.ascii:
            in_ascii(record.key, "".join(row.values()))
        found = changes(record.table, _table_of(row))
        lost += losses(record.key, found, "\n".join(row.values()))
        row |= {"key": record.key, "citekit": encode(found, ascii=options.ascii)}
        writer.writerow([_guarded(row.get(name, "")) for name in COLUMNS])
    return Written(out.getvalue(), tuple(lost))


def _row(record: Record) -> dict[str, str]:
    location = record.locations[0] if record.locations else None
    row = {name: _text(record.table.get(name)) for name in (*_TEXTS, "abstract", "credits", "note")}
    row["tags"] = "; ".join(record.tags)
    row |= {f"people.{role}": "; ".join(name.inverted() for name in record.people.get(role, ())) for role in ROLES}
    if location:
        row |= {f"location.{name}": str(getattr(location, name, "")) for name in _PLACE}
        row |= {"location.archive": archive_name(location), "location.shelfmark": shelfmark_text(location)}
    for name in ("online", "published"):
        inner = record.table.get(name)
        row |= {f"{name}.{one}": _text(inner.get(one)) for one in INNER[name]} if isinstance(inner, dict) else {}
    return row


def _text(value: object) -> str:
    return "" if value is None or isinstance(value, bool | float | dict | list) else str(value)


def _guarded(cell: str) -> str:
    """The cell as no spreadsheet takes it for a formula.

    >>> _guarded("=1+1"), _guarded("'-1"), _guarded("1-1")
    ("'=1+1", "''-1", '1-1')
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _bare(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


# Reading

# What else columns are called in tables of one's own: the last word of ours, where only one has it
_ENDINGS = [name.rpartition(".")[2] for name in COLUMNS]
_ALSO = {name.rpartition(".")[2]: name for name in COLUMNS if _ENDINGS.count(name.rpartition(".")[2]) == 1} | {
    "id": "key",
    "place": "location.place",
    "archive_location": "location.shelfmark",
    "authors": "people.author",
    "keywords": "tags",
    "year": "date",
}


def read(text: str, path: str = "-") -> list[Draft]:
    """The lines of a table as drafts of records, each with its line. Raises ParseError for a text without a header,
    UsageError for a header that cannot be read."""
    lines = _cells(text.removeprefix("\ufeff"), path)
    _, header = next(lines, (0, []))
    if isinstance(header, Draft):
        raise UsageError(_UNCLOSED, where=header.issue.where if header.issue else None, hint=_DOUBLED)
    names = [name.strip().lower() for name in header]
    known = [_ALSO.get(re.sub(r"\W+", "_", name), name) if name not in COLUMNS else name for name in names]
    columns = _Columns(_told_apart(header), tuple(known), zotero="item type" in names)
    if not columns.zotero and not set(known) & set(COLUMNS):
        raise ParseError("there is no header in it", text, (0, 1), hint="a line of columns: key, title, date, ...")
    return [_draft(columns, cells, Where(path, line)) if isinstance(cells, list) else cells for line, cells in lines]


@frozen
class _Columns:
    """The columns: as the header has them, no two alike; what they are called here; whether they are Zotero's."""

    written: tuple[str, ...]
    names: tuple[str, ...]
    zotero: bool


def _told_apart(header: Sequence[str]) -> tuple[str, ...]:
    """The columns, with a number behind one that was there before, whatever its case.

    >>> _told_apart(["Note", "note", "Date"])
    ('Note', 'note (2)', 'Date')
    """
    seen = Counter[str]()
    found: list[str] = []
    for name in header:
        seen[name.lower()] += 1
        found.append(f"{name} ({seen[name.lower()]})" if seen[name.lower()] > 1 else name)
    return tuple(found)


def _cells(text: str, path: str) -> Iterator[tuple[int, list[str] | Draft]]:
    """The cells of each line that has any, with its number; from one that cannot be read a draft that says so.

    A quotation mark that is not closed would take the lines behind it into its cell: they are read on their own.
    """
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    lines = [*io.StringIO(text, newline="")]
    done = 0

    def left() -> Iterator[str]:
        nonlocal done
        while done < len(lines):
            done += 1
            yield lines[done - 1]

    before = csv.field_size_limit(2**24)
    reader = csv.reader(left(), delimiter=delimiter, strict=True)
    try:
        while done < len(lines):
            start = done
            try:
                cells = next(reader, [])
            except csv.Error:
                above, column = _unclosed("".join(lines[start:done]), delimiter)
                done = start + above + 1
                reader = csv.reader(left(), delimiter=delimiter, strict=True)
                issue = Issue("C040", "error", _UNCLOSED, Where(path, done, column), _DOUBLED)
                yield done, Draft("", {}, issue, done)
                continue
            if any(cell.strip() for cell in cells):
                yield start + 1, cells
    finally:
        csv.field_size_limit(before)


_UNCLOSED = "the quotation mark that opens here is not closed at the end of its cell"
_DOUBLED = 'in a cell with marks round it a mark is doubled: "He said ""no"""'


def _unclosed(row: str, delimiter: str) -> tuple[int, int]:
    """Where the first cell of *row* begins that does not end as it should: lines above it, and its column from 1."""
    good = re.compile(rf'(?:"[^"]*+(?:""[^"]*+)*+"|(?!")[^{delimiter}\r\n]*+){delimiter}')
    start = 0
    while found := good.match(row, start):
        start = found.end()
    above = re.split(r"\r\n|\r|\n", row[:start])
    return len(above) - 1, len(above[-1]) + 1


def _draft(columns: _Columns, cells: Sequence[str], where: Where) -> Draft:
    if any(cell.strip() for cell in cells[len(columns.names) :]):
        said = f"the line has {len(cells)} cells, the header {len(columns.names)}"
        key = next((cell for name, cell in zip(columns.names, cells, strict=False) if name == "key"), "").strip()
        return Draft(key, {}, Issue("C040", "error", said, where), where.line)
    bare = [_bare(cell) if cell.strip() else "" for cell in cells]
    if columns.zotero:
        row = {name: cell for name, cell in zip(columns.written, bare, strict=False) if cell}
        return Draft(row.get("Citation Key", row.get("Key", "")), _of_zotero(row), None, where.line)
    row, again = _by_name(columns, bare)
    left = {
        written: cell
        for written, name, cell in zip(columns.written, columns.names, bare, strict=False)
        if cell and (written in again or name not in COLUMNS)
    }
    rest = row.pop("citekit", "")
    key = row.pop("key", "").strip()
    table = _table_of(row) | ({"csv": left} if left else {})
    message = f"{again[0]!r} says again what another column says; the first one counts, both are kept" if again else ""
    try:
        table = restored(table, decode(rest)) if rest else table
    except ParseError as error:
        message = f"{error.message}; it is kept"
        table["csv"] = left | {"citekit": rest}
    issue = Issue("C041", "warning", f"{key or 'a line'}: {message}", where) if message else None
    return Draft(key, table, issue, where.line)


def _by_name(columns: _Columns, cells: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The cells that say something, by our names, and the columns that say something else where another one spoke.

    Lists are joined. A year beside the date that begins with it says nothing else.
    """
    row: dict[str, str] = {}
    again: list[str] = []
    for written, name, cell in zip(columns.written, columns.names, cells, strict=False):
        before = row.get(name, "")
        if not cell or name not in COLUMNS:
            continue
        if not before:
            row[name] = cell
        elif name in _LISTS:
            row[name] = f"{before}; {cell}"
        elif cell != before and not (name == "date" and before.startswith(f"{cell}-")):
            again.append(written)
    return row, again


def _table_of(row: Mapping[str, str]) -> dict[str, Any]:
    """The table of a record that a line of ours makes."""
    table: dict[str, Any] = {}
    for name, text in row.items():
        if name not in COLUMNS or name in ("key", "citekit") or name.startswith("location."):
            continue
        value: Any = [part for part in (part.strip() for part in text.split(";")) if part] if name in _LISTS else text
        outer, _, inner = name.rpartition(".")
        (table.setdefault(outer, {}) if outer else table)[inner] = (
            (toml_value(text) or text) if name in _DATES else value
        )
    place = {name: row[f"location.{name}"] for name in _PLACE if f"location.{name}" in row}
    if place:
        table["location"] = _locations(place)
    return table


def _locations(place: dict[str, str]) -> list[dict[str, Any]]:
    first, *more = at(place.get("archive", ""), place.pop("shelfmark", ""))
    return [place | first, *more]


# Zotero's table: its columns, and their variables

_ITEM_TYPES = {
    "journalarticle": "article-journal",
    "magazinearticle": "article-magazine",
    "newspaperarticle": "article-newspaper",
    "booksection": "chapter",
    "conferencepaper": "paper-conference",
    "letter": "personal_communication",
    "blogpost": "post-weblog",
    "forumpost": "post",
    "presentation": "speech",
    "artwork": "graphic",
    "film": "motion_picture",
    "videorecording": "motion_picture",
    "audiorecording": "song",
    "case": "legal_case",
    "statute": "legislation",
    "email": "personal_communication",
    "encyclopediaarticle": "entry-encyclopedia",
    "dictionaryentry": "entry-dictionary",
    "computerprogram": "software",
    "preprint": "article",
}
_VARIABLES = {
    "title": "title",
    "short title": "title-short",
    "publication title": "container-title",
    "series": "collection-title",
    "abstract note": "abstract",
    "date": "issued",
    "access date": "accessed",
    "url": "URL",
    "doi": "DOI",
    "isbn": "ISBN",
    "issn": "ISSN",
    "pages": "page",
    "issue": "issue",
    "volume": "volume",
    "edition": "edition",
    "number": "number",
    "publisher": "publisher",
    "place": "publisher-place",
    "language": "language",
    "archive": "archive",
    "archive location": "archive_location",
    "library catalog": "source",
    "call number": "call-number",
    "extra": "note",
    "type": "genre",
    "author": "author",
    "editor": "editor",
    "series editor": "collection-editor",
    "translator": "translator",
    "contributor": "contributor",
    "recipient": "recipient",
    "interviewer": "interviewer",
}


def _of_zotero(row: Mapping[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    kept: dict[str, str] = {}
    tags: list[str] = []
    kind = ""
    for column, text in row.items():
        name = column.strip().lower()
        variable = _VARIABLES.get(name, "")
        if name == "item type":
            kind = _ITEM_TYPES.get(text.lower(), text.lower())
        elif name in ("manual tags", "automatic tags"):
            tags += [tag.strip() for tag in text.split(";") if tag.strip()]
        elif variable in csl.NAME_VARIABLES:
            fields[variable] = tuple(_person(one.strip()) for one in text.split(";") if one.strip())
        elif variable in csl.DATE_VARIABLES:
            fields[variable] = csl.Date(
                more={"raw": re.sub(r"(-00)+$", "", text[:10] if variable == "accessed" else text)}
            )
        elif variable:
            fields[variable] = text
        elif name not in ("key", "citation key", "publication year", "date added", "date modified"):
            kept[column] = text
    table = to_table(csl.Item("", kind, fields))
    return table | ({"tags": tags} if tags else {}) | ({"csv": kept} if kept else {})


def _person(text: str) -> csl.Name:
    try:
        name = parse_name(text)
    except ParseError:
        return csl.Name(literal=text)
    return csl.Name(name.family, name.given, name.literal, name.suffix)
