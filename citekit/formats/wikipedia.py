"""Wikipedia: a template a document, for the English one; it is written, not read.

A document with a fond is a `{{Cite Russian archive}}`, several files of one fond together; other archives have
`{{Cite archive}}`, and what lies in none `{{Citation}}`. No value can end a template, begin a link or a tag.
Source: <https://en.wikipedia.org/wiki/Template:Cite_Russian_archive/doc>,
<https://en.wikipedia.org/wiki/Template:Cite_archive>, <https://en.wikipedia.org/wiki/Template:Citation>.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from citekit.dates import in_words
from citekit.exchange import ANY, Options, Written, changes, in_ascii, losses
from citekit.locators import Locator
from citekit.mapping import archive_name, bare_levels, credits_of, join_words, reference
from citekit.markup import clean
from citekit.patterns import pattern
from citekit.shelfmark import Shelfmark, format_mark

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from citekit.record import Location, Record

_GROUPS = 6  # so many files of a fond has the template
_LEVELS = frozenset("fond opis chast perechen korobka papka portfel tetrad delo dokument list page".split())
_RUSSIAN = {"opis": "opis", "korobka": "box", "delo": "delo"}
_USUAL = {
    "record_group": "collection",
    "collection": "collection",
    "fond": "fonds",
    "series": "series",
    "box": "box",
} | {
    "folder": "file",
    "item": "item-id",
}


def write(records: Sequence[Record], options: Options = ANY) -> Written:
    """A template a line, in the order of the records. Raises UsageError for a letter that is not of ASCII where that is
    asked."""
    lines, lost = [], []
    for record in records:
        name, values = _template(record)
        values = {parameter: value for parameter, value in values.items() if value}
        said = "\n".join([*values.values(), record.date.edtf if record.date else ""])
        lost += losses(record.key, changes(record.table, {}), said)
        escaped = {one: _url(value) if one.endswith("url") else _escaped(value) for one, value in values.items()}
        line = "".join(["{{", name, *(f" |{parameter}={value}" for parameter, value in escaped.items()), "}}\n"])
        lines.append(in_ascii(record.key, line) if options.ascii else line)
    return Written("".join(lines), tuple(lost))


def _template(record: Record) -> tuple[str, Mapping[str, str]]:
    if not record.locations:
        return "Citation", _citation(record)
    if _is_russian(record.locations[0]):
        return "Cite Russian archive", _russian(record)
    return "Cite archive", _usual(record)


def _is_russian(location: Location) -> bool:
    """Whether it has a fond, and no level that the system of fonds and opisi does not know."""
    levels = bare_levels(location)
    return "fond" in levels and levels.keys() <= _LEVELS and location.scheme.level("fond").mark("Latn") == "f."


def _russian(record: Record) -> dict[str, str]:
    """The fond and its files. The template has no author, date and credits: they are in the note."""
    first = record.locations[0]
    levels = bare_levels(first)
    values = {"url": record.online.url, "title": record.title, "institution": _institution(first)}
    values["fond"] = levels["fond"]
    same = [
        one
        for one in record.locations
        if (one.archive, bare_levels(one).get("fond")) == (first.archive, levels["fond"])
    ]
    unsaid = [part for one in record.locations if one not in same[:_GROUPS] for part in reference(one) if part]
    for number, location in enumerate(same[:_GROUPS], 1):
        ending = str(number) if number > 1 else ""
        values |= {f"{name}{ending}": value for name, value in _file(location).items()}
        unsaid.append(_beside(location))
    authors = join_words([name.display() for name in record.people.get("author", ())])
    said = [authors, _date(record), *unsaid]
    note = ", ".join(part for part in said if part)
    return values | {"note": " ".join(part for part in (f"{note}." if note else "", *credits_of(record)) if part)}


def _file(location: Location) -> dict[str, str]:
    levels = bare_levels(location)
    values = {name: levels[level] for level, name in _RUSSIAN.items() if level in levels}
    return values | _pages(location) | ({"case-title": location.file_title} if location.file_title else {})


def _beside(location: Location) -> str:
    """The levels that the template has no parameter for, with their marks."""
    taken = {"fond", *_RUSSIAN, *_leaves(location)}
    parts = location.mark.parts if location.mark else ()
    return format_mark(Shelfmark(tuple(part for part in parts if part.level not in taken)), location.scheme)


def _leaves(location: Location) -> list[str]:
    parts = location.mark.parts if location.mark else ()
    return [part.level for part in parts if isinstance(part.value, Locator)]


def _pages(location: Location) -> dict[str, str]:
    levels = bare_levels(location)
    leaves = ", ".join(levels[level] for level in _leaves(location))
    return {"pages" if re.search(r"\d\D*[-–,]\D*\d", leaves) else "page": leaves} if leaves else {}


def _usual(record: Record) -> dict[str, str]:
    """The levels in the parameters that they have, or where one has none all of them as the collection."""
    location = record.locations[0]
    levels = {level: value for level, value in bare_levels(location).items() if level not in _leaves(location)}
    values = {"item": record.title, "item-url": record.online.url, "type": record.type, "date": _date(record)}
    if levels.keys() <= _USUAL.keys() and "collection" in (_USUAL[level] for level in levels):
        values |= {_USUAL[level]: value for level, value in levels.items()}
    else:
        whole = reference(location)[0].removeprefix(archive_name(location)).strip(" ,;:")
        values["collection"] = whole or location.fond_title or "—"
    institution = _institution(location)
    city = location.city if location.city.casefold() not in institution.casefold() else ""
    values |= _pages(location) | {"institution": institution, "location": city}
    return _authors(record) | values


def _citation(record: Record) -> dict[str, str]:
    published = record.published
    container = {"journal" if record.type.startswith("article") else "work": published.get("container", "")}
    same = {name: published.get(name, "") for name in "volume issue edition isbn issn doi".split()}
    return _authors(record) | {
        "title": record.title,
        **container,
        "date": _date(record),
        **same,
        "pages": published.get("pages", ""),
        "publisher": published.get("publisher", "") or record.online.publisher,
        "location": published.get("place", ""),
        "language": record.language,
        "url": record.online.url,
        "access-date": in_words(record.online.accessed) if record.online.accessed and record.online.url else "",
    }


def _authors(record: Record) -> dict[str, str]:
    values = {}
    for number, name in enumerate(record.people.get("author", ()), 1):
        ending = str(number) if number > 1 else ""
        family = " ".join(part for part in (name.particle, name.family) if part)
        if name.literal or name.order == "family-first":
            values[f"author{ending}"] = name.display()
        else:
            values |= {f"last{ending}": family, f"first{ending}": ", ".join(filter(None, (name.given, name.suffix)))}
    return values


def _institution(location: Location) -> str:
    """The archive's name with its siglum, for an encyclopedia's readers."""
    siglum = archive_name(location)
    known = location.known
    return f"{known.name} ({siglum})" if known and siglum in known.sigla and known.name != siglum else siglum


def _date(record: Record) -> str:
    return in_words(record.date) if record.date else record.date_note


_OBEYED = pattern(r"[|={}\[\]<>]|&(?=[#\w])|'(?=')|(?<=')'|_(?=_)|(?<=_)_|~(?=~)|(?<=~)~|-(?=\{)|^[*#:;]")


def _escaped(text: str) -> str:
    """*text* on one line, with the signs that the wiki would obey as numbers.

    >>> _escaped("a|b [[c]] ''d'' {{e}} #f"), _escaped("#a")
    ('a&#124;b &#91;&#91;c&#93;&#93; &#39;&#39;d&#39;&#39; &#123;&#123;e&#125;&#125; #f', '&#35;a')
    """
    return _OBEYED.sub(lambda match: f"&#{ord(match[0])};", " ".join(clean(text).split()))


def _url(url: str) -> str:
    """The address with the signs that would end it or the template in hexadecimal figures."""
    return "".join(f"%{ord(sign):02X}" if sign in "|{}[]<>\"' " else sign for sign in clean(url))
