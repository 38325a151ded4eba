"""Hayagriva: the YAML that Typst reads, for printing; it is written, not read.

Typst prints archive and shelfmark from `archive` and `archive-location`, which become CSL's variables; the archive's
city has no way there and stands behind its name, as Chicago prints it. Since this is for printing, it has what
`citekit.mapping.to_item` prints: a translator only beside an author, the contributor in the credits.
Source: <https://github.com/typst/hayagriva/blob/main/docs/file-format.md>, its src/csl/taxonomy.rs, and runs of Typst
0.15: braces keep case, dollar signs make formulas, a backslash before them none; a date, an address or a language that
is not of its form makes the whole file unreadable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from citekit import yaml_
from citekit.exchange import ANY, Options, Written, changes, losses, texts
from citekit.mapping import before_note, to_item, web_address
from citekit.markup import clean
from citekit.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from citekit.csl.item import Item, Name
    from citekit.dates import Date
    from citekit.record import Record

# The types of CSL, and what the work stands in; others are `misc`
_TYPES = {
    "article": ("article", ""),
    "article-journal": ("article", "periodical"),
    "article-magazine": ("article", "periodical"),
    "article-newspaper": ("article", "newspaper"),
    "bill": ("legislation", ""),
    "book": ("book", ""),
    "chapter": ("chapter", "book"),
    "collection": ("anthology", ""),
    "entry": ("entry", "reference"),
    "entry-dictionary": ("entry", "reference"),
    "entry-encyclopedia": ("entry", "reference"),
    "graphic": ("artwork", ""),
    "legal_case": ("case", ""),
    "legislation": ("legislation", ""),
    "manuscript": ("manuscript", ""),
    "map": ("artwork", ""),
    "motion_picture": ("video", ""),
    "paper-conference": ("article", "proceedings"),
    "patent": ("patent", ""),
    "periodical": ("periodical", ""),
    "personal_communication": ("manuscript", ""),
    "post": ("post", "thread"),
    "post-weblog": ("article", "blog"),
    "report": ("report", ""),
    "software": ("repository", ""),
    "song": ("audio", ""),
    "thesis": ("thesis", ""),
    "webpage": ("web", "web"),
}
_AFFILIATED = {"translator": "translator", "compiler": "compiler"}
_PLAIN = {"page": "page-range", "volume": "volume", "issue": "issue", "edition": "edition"}
_OF_CONTAINER = ("volume", "issue")
_SERIALS = {"number": "serial", "DOI": "doi", "ISBN": "isbn", "ISSN": "issn"}
_URL = pattern(r"https?://[\w.-]*\w(?::\d+)?(?:/\S*)?")
_LANGUAGE = pattern(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
_POINT = pattern(r"\d{4}(-\d\d){0,2}")


def write(records: Sequence[Record], options: Options = ANY) -> Written:
    """An entry a record, in their order, under its key; letters of every script as they are, in `ascii` escaped."""
    entries, lost = {}, []
    for record in records:
        entries[record.key] = entry = _entry(record)
        said = f"{texts(entry)}\n{record.date.edtf if record.date and _holds(record.date) else ''}"
        lost += losses(record.key, changes(record.table, {}), _BACKSLASHED.sub(r"\1", said))
    return Written(yaml_.write(entries, ascii=options.ascii) if entries else "", tuple(lost))


def _entry(record: Record) -> dict[str, Any]:
    item = to_item(record)
    fields = {name: value for name, value in item.fields.items() if isinstance(value, str | int)}
    kind, outer = _TYPES.get(item.type, ("misc", ""))
    parent = _parent(fields, outer) if fields.get("container-title") else {}
    entry = {
        "type": kind,
        "title": _title(str(fields.get("title", "")), str(fields.get("title-short", ""))),
        "author": _people(item, "author"),
        "date": _date(record.date) if record.date else "",
        "parent": parent,
        "editor": _people(item, "editor"),
        "affiliated": [
            {"role": role, "names": names} for name, role in _AFFILIATED.items() if (names := _people(item, name))
        ],
        "genre": _text(fields.get("genre", "")),
        "publisher": _publisher(fields),
        **{name: str(fields[variable]) for variable, name in _PLAIN.items() if variable in fields},
        "url": _url(record),
        "serial-number": {name: str(fields[one]) for one, name in _SERIALS.items() if one in fields},
        "language": record.language if _LANGUAGE.fullmatch(record.language) else "",
        "archive": _text(", ".join(str(fields[name]) for name in ("archive", "archive-place") if name in fields)),
        "archive-location": _text(fields.get("archive_location", "")),
        "abstract": _text(record.abstract),
        "note": _text(" ".join([*before_note(record), record.note]).strip()),
    }
    return {name: value for name, value in entry.items() if value}


def _parent(fields: dict[str, Any], outer: str) -> dict[str, Any]:
    """What the work stands in; a volume, an issue and a publisher are its."""
    parent = {"type": outer or "book", "title": _text(fields.pop("container-title"))}
    parent |= {name: str(fields.pop(name)) for name in _OF_CONTAINER if name in fields}
    return parent | ({"publisher": publisher} if (publisher := _publisher(fields, take=True)) else {})


def _publisher(fields: dict[str, Any], *, take: bool = False) -> dict[str, str]:
    names = {"name": "publisher", "location": "publisher-place"}
    found = {name: _text(fields[variable]) for name, variable in names.items() if variable in fields}
    if take:
        for variable in names.values():
            fields.pop(variable, None)
    return found


def _people(item: Item, role: str) -> list[Any]:
    return [_person(name) for name in item.fields.get(role, ())]


def _person(name: Name) -> str | dict[str, str]:
    """ "Family, Given", or by parts where a comma, a suffix or a particle would be read otherwise."""
    parts = {"name": name.literal or name.family, "given-name": name.given, "suffix": name.suffix}
    parts |= {"prefix": name.non_dropping_particle}
    parts = {part: clean(value) for part, value in parts.items() if value}
    if (
        parts.keys() <= {"name", "given-name"}
        and "," not in "".join(parts.values())
        and not parts["name"][:1].islower()
    ):
        return ", ".join(parts.values())
    return parts


_NOCASE = ('<span class="nocase">', "</span>")
_OBEYED = pattern(r"[\\{}$]")
_BACKSLASHED = pattern(r"\\([\\{}$])")


def _text(text: object) -> str:
    r"""*text* on one line, no sign of it a formula or a group.

    >>> _text("$x$ {y} \\")
    '\\$x\\$ \\{y\\} \\\\'
    """
    return _OBEYED.sub(r"\\\g<0>", clean(str(text)))


def _title(title: str, short: str) -> Any:
    """The title; a description in braces, which keep its case."""
    before, after = _NOCASE
    text = _text(title.removeprefix(before).removesuffix(after))
    text = f"{{{text}}}" if title.startswith(before) else text
    return {"value": text, "shorthand": _text(short)} if short and text else text


def _holds(date: Date) -> bool:
    return bool(_POINT.fullmatch(date.edtf.rstrip("~?%"))) and not (date.start and date.start.season)


def _date(date: Date) -> str:
    """The day, the month or the year, about where it is not sure; of a range its beginning."""
    about = "~" if date.circa or date.uncertain else ""
    if _holds(date):
        return about + date.edtf.rstrip("~?%")
    point = date.start or date.end
    return f"{about}{point.year:04d}" if point and point.year > 0 and not date.unspecified else ""


def _url(record: Record) -> Any:
    url = web_address(record.online.url)
    if not _URL.fullmatch(url):
        return ""
    accessed = record.online.accessed
    return {"value": url, "date": accessed.edtf} if accessed and _POINT.fullmatch(accessed.edtf) else url
