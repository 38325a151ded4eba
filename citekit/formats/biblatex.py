"""BibLaTeX: archival documents as `@unpublished`, the shelfmark in `howpublished`, which its styles print there.

`library` has it for pandoc and citation-js, `archive` and `archivelocation` for Better BibTeX; the site stands in
`addendum`, who supplied the copy in `editora` as collaborator. The credits are in `note` besides, for the styles that
print no translator of such an entry.
Source: which fields survive was measured with sixteen facts a mapping; this one keeps most. Biber remarks on archive,
archivelocation, translator, editora, editoratype and origlanguage under `--validate-datamodel` and reads them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from citekit.bibfile import Entry, read
from citekit.bibfile import write as write_entries
from citekit.bibnotes import is_document, kind_kept, longer, named, note, remarks, titled, whole_shelfmark
from citekit.bibtable import KINDS, NUMBERED, Fields, language_name
from citekit.exchange import ANY, Options, Written
from citekit.mapping import archive_name, shelfmark_text
from citekit.names import language_of
from citekit.patterns import pattern
from citekit.tex import escape, pages, people, title, url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from citekit.record import Record

__all__ = ["read", "write"]

# The kinds whose fields biber knows, and how they call what a record calls publisher and container
_KNOWN = {
    "article": ("publisher", "journaltitle"),
    "book": ("publisher", "maintitle"),
    "booklet": ("publisher", ""),
    "dataset": ("publisher", ""),
    "incollection": ("publisher", "booktitle"),
    "inproceedings": ("publisher", "booktitle"),
    "inreference": ("publisher", "booktitle"),
    "misc": ("organization", ""),
    "online": ("organization", ""),
    "patent": ("holder", ""),
    "periodical": ("publisher", ""),
    "report": ("institution", ""),
    "software": ("organization", ""),
    "thesis": ("institution", ""),
    "unpublished": ("howpublished", ""),
}
_KIND_OF = {type_: kind for kind, type_ in reversed([*KINDS.items()]) if kind in _KNOWN}
_KIND_OF |= dict.fromkeys(("article", "article-magazine", "article-newspaper"), "article")
_KIND_OF |= dict.fromkeys(("post", "post-weblog"), "online")
_MUST_BE = {"thesis": "phdthesis", "report": "techreport"}  # keys of biblatex's, where the type must be said
_PUBLISHED = {"issue": "number", "place": "location"} | {
    name: name for name in ("volume", "edition", "isbn", "issn", "series")
}


def write(records: Sequence[Record], options: Options = ANY) -> Written:
    """One entry a record, in their order, with a blank line between; the same records give the same bytes."""
    return write_entries(records, options, _entry)


def _entry(record: Record, options: Options) -> Entry:
    if record.locations:
        return "unpublished", _archival(record, options)
    kind = kind_kept(record) or _KIND_OF.get(record.type, "unpublished" if is_document(record) else "misc")
    return kind, _printed(record, kind, options)


def _archival(record: Record, options: Options) -> Fields:
    """The fields of a document in an archive. It has no editor: Zotero makes that its author. The contributor is in the
    note; biblatex-chicago would print him "In collaboration with" as well."""
    location = record.locations[0]
    shelfmark = whole_shelfmark(record)
    printed = options.target == "biblatex-chicago"
    contributors = "" if printed else people(record.people.get("contributor", ()))
    return {
        "author": people(record.people.get("author", ())),
        "title": titled(record, options),
        "type": escape(record.type[:1].upper() + record.type[1:]),
        "howpublished": escape(longer(record, shelfmark)),
        "note": escape(note(record)),
        "addendum": escape(record.online.publisher),
        "date": record.date.edtf if record.date else "",
        "location": escape(location.city),
        "library": escape(shelfmark),
        "translator": people(record.people.get("translator", ())),
        "editora": contributors,
        "editoratype": "collaborator" if contributors else "",
        **_published(record, "", "booktitle"),
        **_found(record, options),
        "archive": escape(archive_name(location)),
        "archivelocation": escape(shelfmark_text(location)),
        **_described(record, "unpublished"),
    }


def _printed(record: Record, kind: str, options: Options) -> Fields:
    """The fields of a book, an article, a page: of what lies in no archive."""
    publisher, container = _KNOWN.get(kind, ("publisher", "booktitle"))
    site = record.online.publisher
    host = site if publisher == "organization" and "publisher" not in record.published else ""
    compilers = people(record.people.get("compiler", ()))
    return {
        "author": people(record.people.get("author", ())),
        "title": titled(record, options),
        "type": escape(named(record, kind)) or _MUST_BE.get(kind, ""),
        "date": record.date.edtf if record.date else "",
        "editor": people(record.people.get("editor", ())),
        "editora": compilers,
        "editoratype": "compiler" if compilers else "",
        "translator": people(record.people.get("translator", ())),
        **_published(record, publisher, container),
        **({"organization": escape(host)} if host else {}),
        **({"number": escape(record.number)} if kind in NUMBERED and record.number else {}),
        "note": escape(note(record)),
        "addendum": "" if host else escape(site),
        **_found(record, options),
        **_described(record, kind),
    }


def _published(record: Record, publisher: str, container: str) -> Fields:
    published = record.published
    fields = {field: escape(published.get(name, "")) for name, field in _PUBLISHED.items()}
    if record.locations:
        del fields["location"]  # the archive's
    return {
        container or "booktitle": title(published.get("container", "")),
        publisher or "publisher": escape(published.get("publisher", "")) if publisher else "",
        **fields,
        "pages": pages(published.get("pages", "")),
        "doi": url(published.get("doi", "")),
    }


def _found(record: Record, options: Options) -> Fields:
    """The language, and where the document was read.

    `langid` says in which language the title is to be hyphenated; pandoc reads no other. `origlanguage` makes Chicago's
    style say "Translated from the Russian by".
    """
    name = language_name(record.language)
    own = record.language == "en" or (not record.title.isascii() and _CYRILLIC.search(record.title) is not None)
    own = own and (record.language == "en" or language_of(record.title) == record.language)
    accessed = record.online.accessed
    return {
        "language": escape(name),
        "langid": escape(name) if own or options.target == "pandoc" else "",
        "origlanguage": escape(name) if record.people.get("translator") and record.locations else "",
        "url": url(record.online.url),
        "urldate": accessed.edtf if accessed else "",
    }


_CYRILLIC = pattern("[\u0400-\u04ff]")


def _described(record: Record, kind: str) -> Fields:
    return {
        "abstract": escape(record.abstract),
        "keywords": escape(", ".join(record.tags)),
        "shorttitle": title(record.short_title),
        "annotation": escape(remarks(record, numbered=kind in NUMBERED)),
    }
