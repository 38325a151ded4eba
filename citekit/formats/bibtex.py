"""BibTeX: archival documents as `@unpublished`, with the shelfmark where programs and styles print it.

The shelfmark stands in `howpublished` and again in `note`, since the classic styles print only `note` and importers
keep only one of the two. `archive` and `archivelocation` are ignored by TeX and read by Better BibTeX. A file for
biblatex-chicago, which would print the shelfmark twice, has `@misc` and the shelfmark in `howpublished` alone.
Source: which fields survive in Zotero, Better BibTeX, pandoc, citation-js and the classic styles was measured with
sixteen facts a mapping; this one keeps most. Why each field is as it is stands beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from citekit.bibfile import Entry, read
from citekit.bibfile import write as write_entries
from citekit.bibnotes import genre, is_document, kind_kept, longer, named, note, remarks, titled, whole_shelfmark
from citekit.bibtable import KINDS, MONTHS, NUMBERED, Fields, language_name, sort_word
from citekit.exchange import ANY, Options, Written
from citekit.mapping import archive_name, shelfmark_text
from citekit.tex import escape, pages, people, title, url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from citekit.record import Record

__all__ = ["read", "write"]

_SEASONS = {21: "Spring", 22: "Summer", 23: "Autumn", 24: "Winter"}
# The classic kinds, and how they call what a record calls publisher and container
_CLASSIC = {
    "article": ("publisher", "journal"),
    "book": ("publisher", ""),
    "booklet": ("publisher", ""),
    "conference": ("publisher", "booktitle"),
    "inbook": ("publisher", "booktitle"),
    "incollection": ("publisher", "booktitle"),
    "inproceedings": ("publisher", "booktitle"),
    "manual": ("organization", ""),
    "mastersthesis": ("school", ""),
    "misc": ("publisher", "booktitle"),
    "phdthesis": ("school", ""),
    "proceedings": ("publisher", ""),
    "techreport": ("institution", ""),
    "unpublished": ("publisher", ""),
}
_KIND_OF = {type_: kind for kind, type_ in reversed([*KINDS.items()]) if kind in _CLASSIC}
_KIND_OF |= dict.fromkeys(("article", "article-magazine", "article-newspaper"), "article")
_PUBLISHED = {"issue": "number", "place": "address"} | {
    name: name for name in ("volume", "pages", "edition", "isbn", "issn", "series")
}


def write(records: Sequence[Record], options: Options = ANY) -> Written:
    """One entry a record, in their order, with a blank line between; the same records give the same bytes.

    For *options.target* "biblatex-chicago" the file is read by biber, for "better-bibtex" a date that is about or a
    range stands in `date` alone: that joins the fields where they differ.
    """
    return write_entries(records, options, _entry)


def _entry(record: Record, options: Options) -> Entry:
    if record.locations:
        return ("misc" if options.target == "biblatex-chicago" else "unpublished"), _archival(record, options)
    kept = kind_kept(record)
    kind = kept if kept in _CLASSIC or (kept and kept not in KINDS) else _KIND_OF.get(record.type, "misc")
    if kind == "misc" and is_document(record) and note(record, (record.online.publisher,)):
        kind = "unpublished"  # pandoc and the classic styles print its whole date; it must have a note
    return kind, _printed(record, kind, options)


def _archival(record: Record, options: Options) -> Fields:
    """The fields of a document in an archive."""
    location = record.locations[0]
    shelfmark = whole_shelfmark(record)
    twice = "" if options.target == "biblatex-chicago" else shelfmark
    return {
        "author": people(record.people.get("author", ())),
        "title": titled(record, options),
        "howpublished": escape(longer(record, shelfmark)),
        "note": escape(note(record, (twice, record.online.publisher), (genre(record),))),
        "type": escape(record.type[:1].upper() + record.type[1:]),
        **_date(record, options),
        "address": escape(location.city),
        "translator": people(record.people.get("translator", ())),
        **_published(record, "publisher", "booktitle"),
        **_found(record, options),
        "archive": escape(archive_name(location)),
        "archivelocation": escape(shelfmark_text(location)),
        **_described(record, "unpublished"),
    }


def _printed(record: Record, kind: str, options: Options) -> Fields:
    """The fields of a book, an article, a page: of what lies in no archive. Zotero makes an editor of an archival
    document its author, so only these have one."""
    publisher, container = _CLASSIC.get(kind, ("publisher", "booktitle"))
    return {
        "author": people(record.people.get("author", ())),
        "title": titled(record, options),
        "type": escape(named(record, kind)),
        **_date(record, options),
        "editor": people(record.people.get("editor", ())),
        "translator": people(record.people.get("translator", ())),
        **_published(record, publisher, container),
        **({"number": escape(record.number)} if kind in NUMBERED else {}),
        "note": escape(note(record, (record.online.publisher,))),
        **_found(record, options),
        **_described(record, kind),
    }


def _date(record: Record, options: Options) -> Fields:
    """Year, month (the bare macro: `{11}` prints "11 1945") and day of the beginning, all agreeing with `date`."""
    date = record.date
    point = (date.start or date.end) if date else None
    if date is None or point is None:
        return {}
    about = date.circa or date.uncertain
    if options.target == "better-bibtex" and (about or date.is_range()):
        return {"date": date.edtf}
    fields = {"year": date.edtf if date.unspecified else f"{point.year:04}{'?' * about}"}
    fields["month"] = MONTHS[point.month - 1] if point.month else _SEASONS.get(point.season, "")
    return fields | {"day": str(point.day or ""), "date": date.edtf}


def _published(record: Record, publisher: str, container: str) -> Fields:
    published = record.published
    fields = {field: escape(published.get(name, "")) for name, field in _PUBLISHED.items()}
    fields["pages"] = pages(published.get("pages", ""))
    fields["doi"] = url(published.get("doi", ""))
    place = {} if record.locations else {"address": fields.pop("address")}
    fields.pop("address", None)
    return {
        container or "booktitle": title(published.get("container", "")),
        publisher: escape(published.get("publisher", "")),
        **place,
        **fields,
    }


def _found(record: Record, options: Options) -> Fields:
    """The language, and where the document was read. Pandoc reads no language but `langid`."""
    name = language_name(record.language)
    accessed = record.online.accessed
    return {
        "language": escape(name[:1].upper() + name[1:] if name != record.language else name),
        "langid": escape(name) if options.target == "pandoc" else "",
        "url": url(record.online.url),
        "urldate": accessed.edtf if accessed else "",
    }


def _described(record: Record, kind: str) -> Fields:
    return {
        "abstract": escape(record.abstract),
        "keywords": escape(", ".join(record.tags)),
        "shorttitle": title(record.short_title),
        "annote": escape(remarks(record, numbered=kind in NUMBERED)),
        "key": "" if record.people.get("author") else escape(sort_word(record.title)),
    }
