"""What the entry of a record says in words, in BibTeX and in BibLaTeX: the shelfmark, the note, the remarks.

Styles print few fields of an unpublished document; what they must say stands in `howpublished` and `note`. What is of
use to a reader and in no citation is an annotation, which no style prints and reference managers show.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from citekit.bibtable import FIELD, GENRED, KINDS, TYPED, type_of
from citekit.dates import in_words
from citekit.mapping import (
    CSL_TYPES,
    archive_name,
    credits_of,
    join_words,
    printed_source,
    reference,
    reprints,
    shelfmark_text,
)
from citekit.patterns import pattern
from citekit.tex import title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from citekit.exchange import Options
    from citekit.record import Location, Record

# Notes that begin so are taken for identifiers by Zotero and leave the note
_IDENTIFIER = pattern(r"(?:MR|LCCN|Zbl|PMID|PMCID)", re.I)


def titled(record: Record, options: Options) -> str:
    """The title. Pandoc gives a small word behind a colon or a stop a capital, unless it is in braces."""
    text = title(record.title)
    return _BEHIND_STOP.sub(r"{\1}", text) if options.target == "pandoc" else text


_BEHIND_STOP = pattern(r"(?<=[:.?!] )([^\W\d_][\w'’]*)")


def whole_shelfmark(record: Record) -> str:
    """Archive and shelfmark of the first location, with the title of the file: "RGASPI, f. 558, op. 11, d. 98"."""
    return ", ".join(part for part in reference(record.locations[0]) if part) if record.locations else ""


def longer(record: Record, shelfmark: str) -> str:
    """Zotero drops a `howpublished` of under 7 characters, so a bare siglum gets its name."""
    known = record.locations[0].known if record.locations else None
    return f"{shelfmark} ({known.name})" if known and len(shelfmark) < 7 else shelfmark


def note(record: Record, first: Sequence[str] = (), last: Sequence[str] = ()) -> str:
    """The note of an entry: *first*, then printed sources, credits, to whom a letter is, and what the date fields of
    most programs cannot say; then *last*. Without a stop at its end."""
    printed = reprints(record) if record.locations else [*map(printed_source, record.reprinted)]
    own = "" if record.locations else record.note
    text = in_sentences(*first, *printed, *credits_of(record), _recipients(record), _date(record), own, *last)
    text = text if _ELLIPSIS.search(text) else text.removesuffix(".")  # styles put their own stop or comma behind it
    return f"At: {text}" if _IDENTIFIER.match(text) else text


_ELLIPSIS = pattern(r"\b\w\.\w\.$|\.\.\.$")


def in_sentences(*texts: str) -> str:
    """The texts that are there, each with a stop.

    >>> in_sentences("RGASPI, f. 558", "", "Secret.")
    'RGASPI, f. 558. Secret.'
    """
    return " ".join(text if text[-1] in ".!?" else text + "." for text in texts if text)


def genre(record: Record) -> str:
    """What the document is, where neither its title nor its recipient says so."""
    said = record.type.casefold() in record.title.casefold() or _recipients(record)
    return "" if said else record.type[:1].upper() + record.type[1:]


def _recipients(record: Record) -> str:
    """ "Letter to Mao Zedong", where the title does not name him."""
    names = [name.display() for name in record.people.get("recipient", ()) if name.family not in record.title]
    kind = record.type[:1].upper() + record.type[1:] or "Letter"
    return f"{kind} to {join_words(names)}" if names else ""


def _date(record: Record) -> str:
    """A date that is about, a range, or Old Style, in words: most programs see only its beginning, and plainly."""
    date = record.date
    if not date or not (date.circa or date.uncertain or date.is_range() or date.calendar == "julian"):
        return record.date_note
    words = re.sub(r"\bca\. ", "circa ", in_words(date))
    return f"Date: {words}" + (f" ({record.date_note})" if record.date_note else "")


_SAID = ("author", "translator", "contributor", "obtained_by", "recipient")


def remarks(record: Record, *, numbered: bool) -> str:
    """What no field holds, as an annotation: "Classification: Secret. Participant: W. Averell Harriman". The number of
    the document is in it unless the entry is *numbered*."""
    labelled = {"Classification": record.classification, "Contents": record.online.contents}
    labelled |= {"Number": record.number} if not numbered else {}
    labelled |= {"Identifier": record.online.id} if record.online.id not in record.online.url else {}
    labelled |= {f"{kind.capitalize()} title": title for kind, title in sorted(record.titles.items())}
    printed = _SAID if record.locations else (*_SAID, "editor", "compiler")
    labelled |= {
        role.replace("_", " ").capitalize(): "; ".join(name.display() for name in names)
        for role, names in sorted(record.people.items())
        if role not in printed and not (role == "editor" and record.locations)
    }
    labelled |= {f"Location {n}": _in_full(one) for n, one in enumerate(record.locations[1:], 2)}
    said = [record.note if record.locations else "", record.credits]
    said += [f"{label}: {words}" for label, words in labelled.items() if words]
    return in_sentences(*said)


def _in_full(location: Location) -> str:
    return ", ".join(part for part in (archive_name(location), shelfmark_text(location)) if part)


def named(record: Record, kind: str) -> str:
    """What an entry of this *kind* says in its `type`: the genre of a report or a thesis, else what a record calls
    itself, where the kind has no word for it."""
    if kind in GENRED:
        genre = record.csl.get("genre", "")
        return genre if isinstance(genre, str) else ""
    return record.type[:1].upper() + record.type[1:] if kind in TYPED and KINDS[kind] != record.type else ""


def is_document(record: Record) -> bool:
    """Whether the type is none of the works that are printed or put online: a memorandum, a letter, a note."""
    kind = record.type.replace(" ", "-").lower()
    return bool(kind) and (kind in ("letter", "manuscript", "personal_communication") or kind not in CSL_TYPES)


def kind_kept(record: Record) -> str:
    """The kind of entry that the record was imported from, where the record's type is still what that gave."""
    kept = record.table.get("bibtex")
    kind = kept.get("entrytype") if isinstance(kept, dict) else None
    return kind if isinstance(kind, str) and FIELD.fullmatch(kind) and type_of(kind) == record.type else ""
