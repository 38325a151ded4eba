"""BibTeX: archival documents as `@unpublished`, with the shelfmark where programs and styles print it.

The shelfmark stands in `howpublished` and again in `note`, since the classic styles print only `note` and importers
keep only one of the two. `archive` and `archivelocation` are ignored by TeX and read by Better BibTeX.
Source: which fields survive in Zotero, Better BibTeX, pandoc, citation-js and the classic styles was measured with
sixteen facts a mapping; this one keeps most. Why each field is as it is stands beside it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from citekit.dates import parse as parse_date
from citekit.errors import Issue, ParseError, Where
from citekit.exchange import ANY, Options, Written
from citekit.mapping import archive_name, credits_of, levels_of, reference, reprints, shelfmark_text
from citekit.markup import clean
from citekit.patterns import pattern
from citekit.record import Draft

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from citekit.dates import Date
    from citekit.names import Name
    from citekit.record import Record

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SEASONS = {21: "Spring", 22: "Summer", 23: "Autumn", 24: "Winter"}
# Where there is no archive: the nearest classic type of a CSL type, and how BibTeX calls its container
_TYPES = {
    "book": ("book", ""),
    "article": ("article", "journal"),
    "article-journal": ("article", "journal"),
    "article-magazine": ("article", "journal"),
    "article-newspaper": ("article", "journal"),
    "chapter": ("incollection", "booktitle"),
    "paper-conference": ("inproceedings", "booktitle"),
    "report": ("techreport", ""),
    "thesis": ("phdthesis", ""),
}
_PUBLISHED = {
    "volume": "volume",
    "issue": "number",
    "pages": "pages",
    "edition": "edition",
    "publisher": "publisher",
    "place": "address",
    "isbn": "isbn",
    "issn": "issn",
    "doi": "doi",
    "series": "series",
}
# Notes that begin so are taken for identifiers by Zotero and leave the note
_IDENTIFIER = pattern(r"(?:MR|LCCN|Zbl|PMID|PMCID)", re.I)


def write(records: Sequence[Record], options: Options = ANY) -> Written:
    """One entry a record, in their order, with a blank line between; the same records give the same bytes."""
    from bibtexparser.entrypoint import write_string
    from bibtexparser.library import Library
    from bibtexparser.model import Block, Entry, Field
    from bibtexparser.writer import BibtexFormat

    layout = BibtexFormat()  # type: ignore[no-untyped-call]
    layout.indent, layout.block_separator, layout.trailing_comma = "  ", "\n", True
    entries: list[Block] = [
        Entry(_type(record), record.key, [Field(name, value) for name, value in _fields(record).items()])
        for record in records
    ]
    text = str(write_string(Library(entries), unparse_stack=[], bibtex_format=layout))
    return Written(text.strip("\n") + "\n" if entries else "")


def _type(record: Record) -> str:
    if record.locations:
        return "unpublished"
    return _TYPES.get(record.type, ("misc", ""))[0]


def _fields(record: Record) -> dict[str, str]:
    """The fields with their values as they stand in the file, braces and all, in the order they are written."""
    location = record.locations[0] if record.locations else None
    shelfmark = ", ".join(part for part in reference(location) if part) if location else ""
    fields = {
        "author": _people(record.people.get("author", ())),
        "title": title(record.title),
        "howpublished": _braced(_longer(record, shelfmark)),
        "note": _braced(_note(record, shelfmark)),
        "type": _braced(record.type[:1].upper() + record.type[1:]) if location else "",
        **_date(record.date),
        "address": _braced(location.city) if location else "",
        "translator": _people(record.people.get("translator", ())),
        "editor": _people(record.people.get("editor", ())) if not location else "",
        **_published(record),
        "language": _braced(record.language),
        "url": _url(record.online.url),
        "urldate": _braced(record.online.accessed.edtf) if record.online.accessed else "",
        "archive": _braced(archive_name(location)) if location else "",
        "archivelocation": _braced(shelfmark_text(location)) if location else "",
        "abstract": _braced(record.abstract),
        "keywords": _braced(", ".join(record.tags)),
        # plain styles sort and label an entry without author by this
        "key": "" if record.people.get("author") else _braced(" ".join(record.title.split()[:1]).strip("\"“”'‘’,")),
    }
    known = {name: value for name, value in fields.items() if value and value != "{}"}
    return known | {name: value for name, value in _kept(record).items() if name not in known}


def _kept(record: Record) -> dict[str, str]:
    """The fields that an import kept for want of a place; their TeX does not come back as commands."""
    table = record.table.get("bibtex", {})
    fields = table.items() if isinstance(table, dict) else ()
    return {
        name: _braced(plain(str(value)))
        for name, value in fields
        if _FIELD.fullmatch(name) and name != "entrytype" and isinstance(value, str | int)
    }


def _longer(record: Record, shelfmark: str) -> str:
    """Zotero drops a `howpublished` of under 7 characters, so a bare siglum gets its name."""
    known = record.locations[0].known if record.locations else None
    return f"{shelfmark} ({known.name})" if known and len(shelfmark) < 7 else shelfmark


def _note(record: Record, shelfmark: str) -> str:
    site = record.online.publisher
    printed = [*(reprint.text for reprint in record.reprinted)] if not record.locations else [*reprints(record)]
    sentences = [shelfmark, *printed, site, *credits_of(record)]
    note = " ".join(part if part.endswith(".") else part + "." for part in sentences if part)
    if not record.locations and not record.reprinted and site:
        note = note.removeprefix(f"{site}.").strip() or site
    if record.date and (record.date.circa or record.date.is_range()):
        note += f" Date: {record.date.edtf}."
    return f"At: {note}" if _IDENTIFIER.match(note) else note.strip()


def _date(date: Date | None) -> dict[str, str]:
    """Year, month (the bare macro: `{11}` prints "11 1945") and day of the beginning, all agreeing with `date`."""
    point = (date.start or date.end) if date else None
    if date is None or point is None:
        return {}
    uncertain = "?" if date.circa or date.uncertain else ""
    fields = {"year": "{" + (f"{date.edtf}" if date.unspecified else f"{point.year}{uncertain}") + "}"}
    if point.month:
        fields["month"] = _MONTHS[point.month - 1]
    if point.season:
        fields["month"] = "{" + _SEASONS[point.season] + "}"
    if point.day:
        fields["day"] = f"{{{point.day}}}"
    return fields | {"date": f"{{{date.edtf}}}"}


def _published(record: Record) -> dict[str, str]:
    fields = {_PUBLISHED[key]: _braced(str(value)) for key, value in record.published.items() if key in _PUBLISHED}
    container = _TYPES.get(record.type, ("", ""))[1]
    if container and "container" in record.published:
        fields = {container: title(str(record.published["container"]))} | fields
    return fields


def _people(people: Sequence[Name]) -> str:
    """Always "Family, Given"; bodies, and names that are never turned round, in braces of their own."""
    return _value(" and ".join(_name(name) for name in people))


def _name(name: Name) -> str:
    if name.literal or name.order == "family-first":
        return "{" + escape(name.literal or f"{name.family} {name.given}".strip()) + "}"
    family = escape(" ".join(part for part in (name.particle, name.family) if part))
    parts = (family, escape(name.suffix), escape(name.given))
    return ", ".join("{" + part + "}" if " and " in f" {part} " else part for part in parts if part)


def _value(text: str) -> str:
    return "{" + text + "}" if text else ""


def _braced(text: str) -> str:
    return _value(escape(text))


_FIELD = pattern("[a-z][a-z0-9_-]*")
_SPECIAL = {
    "\\": "\\textbackslash{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
} | {sign: "\\" + sign for sign in "&%$#_"}


def escape(text: str) -> str:
    r"""*text* for a braced field: one line, NFC, no letter of it a command; letters of every script stay.

    Balanced braces become `\{x\}`, others a command, for a backslash does not escape a brace to BibTeX.

    >>> escape("A & B {50%"), escape("{x}")
    ('A \\& B \\textbraceleft{}50\\%', '\\{x\\}')
    """
    text = unicodedata.normalize("NFC", clean(text))
    return _replaced(text, _table(text))


def _table(text: str) -> dict[str, str]:
    braces = ("\\{", "\\}") if _balanced(text) else ("\\textbraceleft{}", "\\textbraceright{}")
    return _SPECIAL | dict(zip("{}", braces, strict=True))


def _replaced(text: str, table: Mapping[str, str]) -> str:
    return "".join(table.get(sign, sign) for sign in text)


def _balanced(text: str) -> bool:
    depth = 0
    for sign in text:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth < 0:
            return False
    return depth == 0


_WORD = pattern(r"([^\W_](?:[\w.'’-]*\w\.?)?)")


def title(text: str) -> str:
    """The title as a field: every word with a capital in braces of its own, the only form that all programs keep.

    >>> title("The 5% of V.M. Molotov")
    '{{The} 5\\\\% of {V.M.} {Molotov}}'
    """
    text = unicodedata.normalize("NFC", clean(text))
    table = _table(text)
    pieces = [_replaced(piece, table) for piece in _WORD.split(text)]  # every second one is a word
    pieces[1::2] = ["{" + word + "}" if word != word.lower() else word for word in pieces[1::2]]
    return _value("".join(pieces))


def _url(url: str) -> str:
    """The address as it is; what would end the field or start a command is percent-encoded."""
    signs = {sign: f"%{ord(sign):02X}" for sign in '{}\\^ "'}
    return _value("".join(signs.get(sign, sign) for sign in clean(url)))


# Reading


_READ_TYPES = {
    "article": "article-journal",
    "incollection": "chapter",
    "inbook": "chapter",
    "inproceedings": "paper-conference",
    "conference": "paper-conference",
    "techreport": "report",
    "report": "report",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "thesis": "thesis",
    "online": "webpage",
    "electronic": "webpage",
    "letter": "letter",
}
_READ_TEXTS = {
    "title": "title",
    "shorttitle": "short_title",
    "language": "language",
    "abstract": "abstract",
    "note": "note",
}
_READ_PUBLISHED = {value: key for key, value in _PUBLISHED.items()} | {
    "journal": "container",
    "journaltitle": "container",
    "booktitle": "container",
    "location": "place",
}
_ROLES = ("author", "editor", "translator")


def read(text: str, path: str = "-") -> list[Draft]:
    """The entries of a BibTeX file as drafts of records, in their order; one that cannot be read is a draft with an
    error and its line. Fields that a record has no place for go into `[bibtex]`, as they stand."""
    import logging

    from bibtexparser.entrypoint import parse_string
    from bibtexparser.middlewares import RemoveEnclosingMiddleware, ResolveStringReferencesMiddleware
    from bibtexparser.model import Entry

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # it warns of what we report
    stack = [ResolveStringReferencesMiddleware(), RemoveEnclosingMiddleware()]
    library = parse_string(text, parse_stack=stack)
    drafts = []
    for block in library.blocks:
        if isinstance(block, Entry):
            fields = {field.key.lower(): str(field.value) for field in block.fields}
            drafts.append(Draft(block.key, _table_of(block.entry_type, fields)))
        elif block in library.failed_blocks:
            where = Where(path, (block.start_line or 0) + 1)
            drafts.append(Draft("", {}, Issue("C040", "error", f"an entry was left out: {_why(block)}", where)))
    return drafts


def _why(block: Any) -> str:
    """Why bibtexparser could not read a block; its own words are for programmers."""
    if keys := getattr(block, "duplicate_keys", None):
        return f"the field {sorted(keys)[0]!r} stands in it twice"
    if key := getattr(block, "key", ""):
        return f"the key {key!r} was there before"
    error = getattr(block, "error", None)
    said = str(getattr(error, "abort_reason", "") or error or "").split("\n")[0].rstrip(".")
    return said[:1].lower() + said[1:] or "it cannot be read"


def _table_of(kind: str, fields: dict[str, str]) -> dict[str, Any]:
    genre = plain(fields.pop("type", "")) if kind in ("unpublished", "misc", "letter") else ""
    table: dict[str, Any] = {"type": genre.lower() or _READ_TYPES.get(kind, "document" if kind == "misc" else kind)}
    table |= {_READ_TEXTS[key]: plain(fields.pop(key)) for key in _READ_TEXTS if key in fields}
    table |= _date_of(fields)
    if "keywords" in fields:
        table["tags"] = [tag.strip() for tag in re.split("[,;]", plain(fields.pop("keywords"))) if tag.strip()]
    people = {role: _people_of(fields.pop(role)) for role in _ROLES if role in fields}
    location: dict[str, Any] = {}
    if "archive" in fields or "archivelocation" in fields:
        archive, words = plain(fields.pop("archive", "")), plain(fields.pop("archivelocation", ""))
        location = {"archive": archive} if archive else {}
        location |= levels_of(archive, words) if words else {}
        both = ", ".join(part for part in (archive, words) if part)
        if plain(fields.get("howpublished", "")) == both:  # said twice for programs that read only one
            del fields["howpublished"]
    online = {"url": fields.pop("url").replace("\\_", "_").replace("\\%", "%")} if "url" in fields else {}
    if re.fullmatch(r"\d{4}-\d\d-\d\d", fields.get("urldate", "")):
        online["accessed"] = fields.pop("urldate")
    published = {
        _READ_PUBLISHED[key]: plain(fields.pop(key)) for key in list(fields) if key in _READ_PUBLISHED and not location
    }
    tables: dict[str, Any] = {"people": people, "location": [location] if location else [], "online": online}
    tables |= {"published": published, "bibtex": {"entrytype": kind, **fields} if fields else {}}
    return table | {name: value for name, value in tables.items() if value}


def _date_of(fields: dict[str, str]) -> dict[str, str]:
    """The date: `date` where it is EDTF, else year, month and day; what is neither stays among the fields."""
    date = fields.get("date", "")
    if date and _is_edtf(date):
        if fields.get("year", "").strip("?") in date:
            for key in ("date", "year", "month", "day"):
                fields.pop(key, None)
        else:
            del fields["date"]
        return {"date": date}
    year = fields.get("year", "")
    found = re.fullmatch(r"(\d{4})(\??)", year)
    if not found:
        return {}
    month = fields.get("month", "").lower()[:3]
    number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month) if month.isdigit() else 0
    day = fields.get("day", "")
    text = found[1] + (f"-{number:02d}" if number else "") + (f"-{int(day):02d}" if number and day.isdigit() else "")
    if not _is_edtf(text + found[2]):
        return {}
    for key in ("year", *(("month",) if number else ()), *(("day",) if number and day.isdigit() else ())):
        fields.pop(key, None)
    return {"date": text + found[2]}


def _is_edtf(text: str) -> bool:
    try:
        parse_date(text)
    except ParseError:
        return False
    return True


def _people_of(field: str) -> list[str | dict[str, str]]:
    from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names

    people: list[str | dict[str, str]] = []
    for name in split_multiple_persons_names(field):
        if re.fullmatch(r"\{.*\}", name.strip()) and _balanced(name.strip()[1:-1]):
            body = plain(name)
            people.append({"literal": body} if "," in body else body)
            continue
        parts = parse_single_name_into_parts(name, strict=False)
        family, given = plain(" ".join(parts.last)), plain(" ".join(parts.first))
        particle, suffix = plain(" ".join(parts.von)), plain(" ".join(parts.jr))
        if particle or suffix or "," in family + given:
            table = {"family": family, "given": given, "particle": particle, "suffix": suffix}
            people.append({key: value for key, value in table.items() if value})
        else:
            people.append(f"{family}, {given}" if family and given else family or given)
    return [name for name in people if name]


def plain(text: str) -> str:
    r"""A field's text without TeX: accents and escapes as letters, protecting braces taken off.

    >>> plain("{The} 5\\% of {\\'E}tat"), plain("a_b $x$")
    ('The 5% of État', 'a_b $x$')
    """
    if not re.search(r"[\\{}~]", text):
        return " ".join(text.split())
    from pylatexenc.latex2text import LatexNodes2Text

    source = re.sub(r"(?<!\\)%", r"\\%", text)  # BibTeX knows no comments in a field
    decoded = LatexNodes2Text(math_mode="verbatim").latex_to_text(source)
    return " ".join(unicodedata.normalize("NFC", decoded).split())
