"""HTML: a page with a plain list of documents, which Zotero's browser connector can read; it is written, not read.

A page with one document has it in `z:` metas, which fill archive and shelfmark; one with several has a COinS span for
each, which has neither, but each is an item, and on a page with one would hide the metas.
Source: Zotero's web translators "Embedded Metadata" and "COinS", run on such pages; COinS:
<https://ocoins.info/cobg.html>. What the list says needs no style; in a style it is `citekit bib --format html`.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from citekit.exchange import ANY, Options, Written, changes, losses
from citekit.mapping import archive_name, credits_of, described, shelfmark_text, web_address
from citekit.markup import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from citekit.names import Name
    from citekit.record import Record

_SCHEMAS = {
    "z": "http://www.zotero.org/namespaces/export#",
    "DC": "http://purl.org/dc/elements/1.1/",
    "bib": "http://purl.org/net/biblio#",
}


def write(records: Sequence[Record], options: Options = ANY) -> Written:
    """A whole page, the items in the order of the records, each with its key as its id; letters of every script as they
    are, in `ascii` as numbers."""
    metas = "".join(_metas(records[0])) if len(records) == 1 else ""
    items, lost = [], []
    for record in records:
        said, url = " ".join(described(record)), web_address(record.online.url)
        link = f' <a href="{escape(url)}">{escape(url)}</a>' if url else ""
        coins = f'<span class="Z3988" title="{escape(_coins(record))}"></span>' if len(records) > 1 else ""
        items.append(f'<li id="{escape(record.key)}">{_text(said)}{link}{coins}</li>\n')
        facts = [value for _, value in _facts(record)] if metas else []
        words = [said, url, record.date.edtf if record.date else "", *facts]
        lost += losses(record.key, changes(record.table, {}), "\n".join(words))
    text = _PAGE.format(metas=metas, items="".join(items))
    return Written(text.encode("ascii", "xmlcharrefreplace").decode() if options.ascii else text, tuple(lost))


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Documents</title>
{metas}</head>
<body>
<ul>
{items}</ul>
</body>
</html>
"""


def _text(text: str) -> str:
    return escape(" ".join(clean(text).split()))


def _metas(record: Record) -> Iterator[str]:
    for name, address in _SCHEMAS.items():
        yield f'<link rel="schema.{name}" href="{address}">\n'
    for name, value in _facts(record):
        yield f'<meta name="{name}" content="{_text(value)}">\n'


def _facts(record: Record) -> Iterator[tuple[str, str]]:
    """The names and values of the metas; several people are several metas."""
    location = record.locations[0] if record.locations else None
    letter = record.type == "letter" and bool(record.people.get("recipient"))
    yield "z:itemType", "letter" if letter else "manuscript" if location else "document"
    yield "DC.title", record.title
    roles = {"author": "DC.creator", "contributor": "bib:contributors", "translator": "z:translators"}
    for role, name in (roles | ({"recipient": "z:recipients"} if letter else {})).items():
        yield from ((name, _name(person)) for person in record.people.get(role, ()))
    facts = {
        "DC.date": f"circa {record.date.edtf[:-1]}" if record.date and record.date.edtf.endswith("~") else "",
        "DC.language": record.language,
        "DC.description": record.abstract,
        "z:shortTitle": record.short_title,
        "z:letterType" if letter else "z:manuscriptType": record.type,
        "z:archive": archive_name(location) if location else "",
        "z:archiveLocation": shelfmark_text(location) if location else "",
        "z:place": location.city if location else "",
        "z:extra": " ".join(credits_of(record)),
    }
    facts["DC.date"] = facts["DC.date"] or (record.date.edtf if record.date else "")
    yield from ((name, value) for name, value in facts.items() if value)
    yield from (("DC.subject", tag) for tag in record.tags)


def _name(name: Name) -> str:
    """ "Family, Given"; a body with a comma behind it, without which Zotero parts its words."""
    if name.literal or name.order == "family-first":
        return f"{name.display()},"
    return name.inverted()


def _coins(record: Record) -> str:
    from urllib.parse import urlencode

    values = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"),
        ("rft.type", "manuscript" if record.locations else "document"),
        ("rft.title", record.title),
        *(("rft.creator", _name(name).rstrip(",")) for name in record.people.get("author", ())),
        *(("rft.contributor", _name(name).rstrip(",")) for name in record.people.get("contributor", ())),
        ("rft.date", record.date.edtf if record.date else ""),
        ("rft.place", record.locations[0].city if record.locations else ""),
        ("rft.language", record.language),
        ("rft.identifier", web_address(record.online.url)),
    ]
    return urlencode([(name, clean(value)) for name, value in values if value])
