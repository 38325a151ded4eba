"""Whether a record came through a program: its title, authors, date, archive and shelfmark."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from citekit.dates import Point
from citekit.mapping import archive_name, shelfmark_text
from citekit.names import Name
from citekit.record import Record
from tests.clients.programs import Entries, bare, folded

OURS = ("citekit", "custom")  # the fields, or the beginnings of their texts, by which records come back whole
_MONTHS = "january february march april may june july august september october november december".split()


def missing(record: Record, entry: Mapping[str, str] | None) -> frozenset[str]:
    """What of *record* is not in the *entry* that a program made of it; "entry" where there is none."""
    if entry is None:
        return frozenset({"entry"})
    entry = {name: value for name, value in entry.items() if name not in OURS and not value.startswith(OURS)}
    every = "\n".join(bare(value) for value in entry.values())
    authors = bare(entry.get("author") or entry.get("AU") or entry.get("A1") or "")
    wrong = {
        "title": bare(record.title) != bare(entry.get("title", "")),
        "author": any(not _is_among(name, authors) for name in record.people.get("author", ())),
        "number of authors": _is_list(authors) and authors.count("; ") + 1 != len(record.people.get("author", ())),
        "date": not _has_date(record, entry),
    }
    if record.locations:
        location = record.locations[0]
        wrong["archive"] = bare(archive_name(location)) not in every
        wrong["shelfmark"] = bare(shelfmark_text(location)) not in every
    return frozenset(name for name, is_wrong in wrong.items() if is_wrong)


def _is_list(authors: str) -> bool:
    """Whether a program parted the authors, and did not leave them to be read."""
    return "; " in authors


def _is_among(name: Name, authors: str) -> bool:
    """Whether *name* is among the authors; one with the family name first as a whole, or in its two parts."""
    if name.order == "family-first" and name.given:
        ways = [f"{name.family} {name.given}", f"{name.family}, {name.given}"]
    else:
        ways = [name.literal or name.family]
    return any(bare(way) in authors for way in ways)


def _point(record: Record) -> Point | None:
    return (record.date.start or record.date.end) if record.date else None


def _has_date(record: Record, entry: Mapping[str, str]) -> bool:
    """Whether the beginning of the date stands in a field of its own, or in year, month and day."""
    point = _point(record)
    if point is None or record.date is None or record.date.unspecified:
        return True
    iso = "-".join(f"{number:02d}" for number in (point.year, point.month, point.day) if number)
    if any(re.match(rf"{iso}(?!\d)", value.replace("/", "-")) for value in entry.values()):
        return True
    month = entry.get("month", "").lower()[:3]
    named = not point.month or (bool(month) and _MONTHS[point.month - 1].startswith(month))
    day = not point.day or entry.get("day", "").lstrip("0") == str(point.day)
    return entry.get("year", "")[:4] == str(point.year) and named and day


def unread(records: Iterable[Record], entries: Entries) -> set[tuple[str, str]]:
    """The key of each record that did not come through whole, with what is missing; "?" for entries too many."""
    known = {record.key: record for record in records}
    found = {(key, what) for key, record in known.items() for what in missing(record, entries.get(key))}
    return found | {(key, "too many") for key in entries if key not in known}


def unprinted(records: Iterable[Record], lines: list[str], *, months: bool = True) -> set[tuple[str, str]]:
    """The key of each record with what is not printed: its title, and beside that the whole shelfmark and the date.

    A date is printed where its year and month are; with *months* off, where its year is. Quotation marks, stops and
    capitals are the style's own in titles, capitals in the rest.
    """
    seen = [(_loose(line), folded(line).casefold()) for line in lines]
    found = set()
    for record in records:
        title, parts = _loose(record.title), list(_printed(record, months=months))
        titled = [line for loose, line in seen if title in loose]
        if not titled:
            found.add((record.key, "title"))
            titled = [
                line for _, line in seen if all(re.search(words, line) for what, words in parts if what != "date")
            ]
        found |= {(record.key, what) for what, words in parts if not any(re.search(words, line) for line in titled)}
    return found


def _loose(text: str) -> str:
    return re.sub(r"[\s'.,]", "", folded(text).casefold())


def _printed(record: Record, *, months: bool) -> Iterable[tuple[str, str]]:
    """What is looked for in a line, with its name."""
    if record.locations:
        location = record.locations[0]
        yield "archive", re.escape(folded(archive_name(location)).casefold())
        yield "shelfmark", re.escape(folded(shelfmark_text(location)).casefold())
    if (point := _point(record)) and record.date and not record.date.unspecified:
        yield "date", str(point.year)
        if months and point.month:
            name = _MONTHS[point.month - 1]
            yield "date", rf"\b(?:{name}|{name[:4]}\b|{name[:3]}\b|{point.month:02d}/|\d\d\.{point.month:02d}\.)"
