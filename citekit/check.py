"""Checks over a library: one function a check, each finding with its place, a stable code and, where safe, a fix.

What makes a record invalid (C001 to C012) is found when it is read. The checks here look at good records, one by one or
all together, and only warn: a citation can be made, but somebody should look.

A check is a function `check_NAME(look) -> findings`, and its name stands in `CHECKS` at the foot of this file.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from citekit import names
from citekit.archives import AmbiguousArchiveError
from citekit.errors import CitekitError, Fix, Issue, Where, did_you_mean, nearest
from citekit.locators import Locator
from citekit.mapping import shelfmark_text
from citekit.record import INNER, KNOWN, ROLES
from citekit.shelfmark import OPIS

if TYPE_CHECKING:
    import datetime

    from citekit.dates import Date
    from citekit.library import Library
    from citekit.record import Record
    from citekit.store import Change

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True)
class Look:
    """What the checks look at: the good records by key, how archives are found, what day it is, where values stand."""

    records: Mapping[str, Record]
    library: Library
    today: datetime.date
    place: Callable[[str, Path], Where]

    def warning(self, code: str, message: str, key: str, at: Path, hint: str = "", fix: object = None) -> Issue:
        """A finding at the value *at* of the record *key*; *fix* is the value that would be right."""
        mending = Fix(key, at, fix) if fix is not None else None
        return Issue(code, "warning", message, self.place(key, at), hint, mending)


Check: TypeAlias = Callable[[Look], Iterable[Issue]]


def check(
    library: Library,
    today: datetime.date,
    keys: Collection[str] = (),
    step: Callable[[], None] = lambda: None,
) -> list[Issue]:
    """Every finding in the library, in the order of the files and their lines; with *keys* only those in their files.

    Files are opened once, then again only to find the line of a finding. Raises NotFoundError for a key that is not
    there. *step* is called after each file.
    """
    for key in keys:
        library.store.read(key)
    loaded = library.records(step)
    texts: dict[str, str] = {}

    def place(key: str, at: Path) -> Where:
        from citekit.edits import find_place

        if key not in texts:
            texts.clear()  # findings come record by record: one text at a time is enough
            texts[key] = _text(library, key)
        return find_place(str(library.store.path(key)), texts[key], at)

    look = Look(loaded.records, library, today, place)
    found = [*loaded.issues, *(issue for one in CHECKS for issue in one(look))]
    if keys:
        paths = {str(library.store.path(key)) for key in keys}
        found = [issue for issue in found if issue.where.path in paths]
    return sorted(found, key=lambda issue: (issue.where.path, issue.where.line, issue.where.column, issue.code))


def mend(library: Library, issues: Iterable[Issue], *, dry: bool = False) -> list[Change]:
    """Makes the fixes of *issues*, all of one record in one change. What cannot be changed safely is left."""
    from citekit.edits import EditError, edited

    fixes: dict[str, list[Fix]] = {}
    for issue in issues:
        if issue.fix:
            fixes.setdefault(issue.fix.key, []).append(issue.fix)
    changes = []
    for key, wanted in fixes.items():

        def edit(text: str, wanted: list[Fix] = wanted) -> str:
            for fix in wanted:
                with contextlib.suppress(EditError):
                    text = edited(text, fix.at, fix.value)
            return text

        changes.append(library.store.change(key, edit, library.registry, dry=dry))
    return changes


def _text(library: Library, key: str) -> str:
    try:
        return library.store.read(key)
    except CitekitError:  # gone while we looked
        return ""


# One record at a time


def check_unknown_keys(look: Look) -> Iterator[Issue]:
    """C020: a key or a role that citekit does not know; it is kept, but nothing uses it."""
    for key, record in look.records.items():
        for at, name, known in _unknown(record):
            hint = did_you_mean(name, known) or "it is kept as it is"
            yield look.warning("C020", f"{name!r} is not a field that citekit knows", key, at, hint)
        for role in record.people:
            near = nearest(role, ROLES, cutoff=0.85) if role not in ROLES else ()
            if near:  # any role may be kept; one that is nearly a printed one is a slip
                hint = f"did you mean {near[0]}?"
                yield look.warning("C020", f"no citation prints the role {role!r}", key, ("people", role), hint)


def _unknown(record: Record) -> Iterator[tuple[Path, str, Iterable[str]]]:
    yield from (((name,), name, KNOWN) for name in record.extra)
    for table in ("titles", "online", "published"):
        inside = record.table.get(table, {})
        yield from (((table, name), name, INNER[table]) for name in inside if name not in INNER[table])
    for number, location in enumerate(record.locations):
        levels = (*location.scheme.names(), *OPIS.names(), *INNER["location"])
        yield from (((*_entry(record, "location", number), name), name, levels) for name in location.extra)
    for number, entry in enumerate(_tables(record, "reprinted")):
        at = _entry(record, "reprinted", number)
        yield from (((*at, name), name, INNER["reprinted"]) for name in entry if name not in INNER["reprinted"])


def _tables(record: Record, name: str) -> list[Mapping[str, Any]]:
    value = record.table.get(name, [])
    return [value] if isinstance(value, Mapping) else list(value)


def _entry(record: Record, name: str, number: int) -> Path:
    return (name,) if isinstance(record.table.get(name), Mapping) else (name, number)


def check_former_archives(look: Look) -> Iterator[Issue]:
    """C021: an archive by a name or siglum that it no longer has."""
    for key, record in look.records.items():
        for number, location in enumerate(record.locations):
            try:
                found = look.library.registry.lookup(location.archive) if location.archive else None
            except AmbiguousArchiveError:
                continue
            archive, former = found or (None, None)
            if archive and former:
                at = (*_entry(record, "location", number), "archive")
                hint = f"the archive is {archive.siglum()}, {archive.name}"
                yield look.warning("C021", f"{location.archive!r} is a former name: {former.text()}", key, at, hint)


_LATIN = "AaBCcEeHIiJjKMOoPpSsTXxYy"
_CYRILLIC = "АаВСсЕеНІіЈјКМОоРрЅѕТХхУу"
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_WORD = re.compile(r"[^\W\d_]+")


def check_look_alikes(look: Look) -> Iterator[Issue]:
    """C022: a word with letters of two alphabets, of which one set looks like letters of the other."""
    for key, record in look.records.items():
        for at, text in _texts(record.table):
            mended = _WORD.sub(lambda match: _one_alphabet(match[0]), text)
            if mended != text:
                words = zip(_WORD.findall(text), _WORD.findall(mended), strict=True)
                wrong, right = next(pair for pair in words if pair[0] != pair[1])
                message = f"{wrong!r} mixes Latin and Cyrillic letters ({_said(wrong, right)})"
                yield look.warning("C022", message, key, at, f"{right!r} in one alphabet", mended)


def _one_alphabet(word: str) -> str:
    """The word in the alphabet of most of its letters, or of those that exist only there; as it is where it cannot."""
    cyrillic = sum("\u0400" <= sign <= "\u04ff" for sign in word)
    latin = sum(sign.isascii() or "\u00c0" <= sign <= "\u024f" for sign in word)
    if not cyrillic or not latin:
        return word
    in_latin, in_cyrillic = word.translate(_TO_LATIN), word.translate(_TO_CYRILLIC)
    whole_latin = not any("\u0400" <= sign <= "\u04ff" for sign in in_latin)
    whole_cyrillic = all("\u0400" <= sign <= "\u04ff" for sign in in_cyrillic)
    if whole_latin and whole_cyrillic:
        return in_cyrillic if cyrillic > latin else in_latin
    return in_latin if whole_latin else in_cyrillic if whole_cyrillic else word


def _said(wrong: str, right: str) -> str:
    sign = next(a for a, b in zip(wrong, right, strict=True) if a != b)
    return f"{sign} is {unicodedata.name(sign, f'U+{ord(sign):04X}').lower()}"


def _texts(value: object, at: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every string in a table with its path."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from _texts(part, (*at, name))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _texts(part, (*at, number))


_INITIALS = re.compile(r"((?:[^\W\d_]\.[ -]?){1,3})([^\W\d_][^\W\d_'’-]+)")


def check_names(look: Look) -> Iterator[Issue]:
    """C023: a person who is written like a body, so that no style can turn or shorten the name."""
    for key, record in look.records.items():
        for role, people in record.people.items():
            for number, name in enumerate(people):
                found = _INITIALS.fullmatch(name.literal)
                entries = record.table["people"][role]
                if found and isinstance(entries, list) and isinstance(entries[number], str):
                    right = f"{found[2]}, {found[1].strip()}"
                    hint = f'a person is "{right}"'
                    at: Path = ("people", role, number)
                    yield look.warning("C023", f"{name.literal!r} is read as a body", key, at, hint, right)


def check_dates(look: Look) -> Iterator[Issue]:
    """C024: a date in the future, and a document read before it was written."""
    for key, record in look.records.items():
        for at, date in ((("date",), record.date), (("online", "accessed"), record.online.accessed)):
            if date and _later(date, look.today):
                yield look.warning("C024", f"{date.edtf} lies in the future", key, at, "check the year")


def _later(date: Date, today: datetime.date) -> bool:
    start = date.start
    return start is not None and (start.year, start.month or 1, start.day or 1) > (today.year, today.month, today.day)


def check_shelfmarks(look: Look) -> Iterator[Issue]:
    """C025: a level that the archive's shelfmarks do not have; it is printed last."""
    for key, record in look.records.items():
        for number, location in enumerate(record.locations):
            for part in location.mark.parts if location.known and location.mark else ():
                if part.level not in location.scheme.names():
                    at = (*_entry(record, "location", number), part.level)
                    message = f"{location.archive} has no level {part.level!r}"
                    yield look.warning("C025", message, key, at, f"its levels: {', '.join(location.scheme.names())}")


_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def check_values(look: Look) -> Iterator[Issue]:
    """C026: a language that is no BCP 47 tag, an address that is no web address, text that is not NFC."""
    for key, record in look.records.items():
        if record.language and not _LANGUAGE.fullmatch(record.language):
            message = f"{record.language!r} is no language tag"
            yield look.warning("C026", message, key, ("language",), 'BCP 47: "ru", "uk", "en-GB"')
        if record.online.url and not re.match(r"https?://[^\s/]", record.online.url):
            message = f"{record.online.url!r} is no web address"
            yield look.warning("C026", message, key, ("online", "url"), "it begins with https:// or http://")
        for at, text in _texts(record.table):
            normal = unicodedata.normalize("NFC", text)
            if normal != text:
                yield look.warning("C026", "the text is not in Unicode's normal form NFC", key, at, "", normal)


def check_unused_fields(look: Look) -> Iterator[Issue]:
    """C033: a field that no citation can use as it stands."""
    for key, record in look.records.items():
        if record.online.accessed and not record.online.url:
            yield look.warning("C033", "accessed says nothing without a url", key, ("online", "accessed"))
        for number, location in enumerate(record.locations):
            if not (location.archive or location.mark or location.words):
                at = _entry(record, "location", number)
                yield look.warning("C033", "the location names no archive and no shelfmark", key, at)
            if location.mark and location.words:
                at = (*_entry(record, "location", number), "shelfmark")
                yield look.warning("C033", "shelfmark is not printed: the levels are", key, at, "keep one of the two")
        for number, reprint in enumerate(record.reprinted):
            if not reprint.text:
                yield look.warning("C033", "the printed source has no text", key, _entry(record, "reprinted", number))
        for at, text in _texts(record.table):
            if not text.strip():
                yield look.warning("C033", f"{_dotted(at)} is empty", key, at)


def _dotted(at: Path) -> str:
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in at)


# All records together


def check_duplicate_shelfmarks(look: Look) -> Iterator[Issue]:
    """C030: two records with the same leaves of one file. A file without leaves may well hold several documents."""

    def marks(record: Record) -> Iterator[tuple[str, Path]]:
        for number, location in enumerate(record.locations):
            parts = location.mark.parts if location.mark else ()
            if any(isinstance(part.value, Locator) for part in parts):
                archive = location.known.key if location.known else location.archive
                yield f"{archive} {shelfmark_text(location)}", _entry(record, "location", number)

    yield from _twice(look, "C030", "the shelfmark {} is that of {} too", marks)


def check_titles_twice(look: Look) -> Iterator[Issue]:
    """C031: two records with the same title and date."""

    def titles(record: Record) -> Iterator[tuple[str, Path]]:
        if record.title:
            yield (
                f"{names.romanized(record.title).casefold()} {record.date.edtf if record.date else ''}".strip(),
                ("title",),
            )

    yield from _twice(look, "C031", "title and date are those of {1} too", titles)


def check_urls_twice(look: Look) -> Iterator[Issue]:
    """C032: two records with the same address, whatever its scheme, case of the host and last slash."""

    def urls(record: Record) -> Iterator[tuple[str, Path]]:
        if record.online.url:
            yield canonical_url(record.online.url), ("online", "url")

    yield from _twice(look, "C032", "the address is that of {1} too", urls)


_WILSON = re.compile(r"[\w.-]*(?:wilsoncenter\.org|wilson-center-digital-archive\.[\w.-]+)/(?:document|node)/(\d+)")


def canonical_url(url: str) -> str:
    """The address for comparing only: without scheme, `www.` and last slash; a Wilson Center page by its number.

    >>> canonical_url("http://digitalarchive.wilsoncenter.org/document/208933.pdf?v=1")
    'wilson:208933'
    """
    host, slash, path = re.sub(r"^https?://(www\.)?", "", url.strip(), flags=re.I).partition("/")
    plain = host.casefold() + slash + path.rstrip("/")
    found = _WILSON.match(plain)
    return f"wilson:{found[1]}" if found else plain


def _twice(
    look: Look, code: str, message: str, marks: Callable[[Record], Iterator[tuple[str, Path]]]
) -> Iterator[Issue]:
    seen: dict[str, list[tuple[str, Path]]] = {}
    for key, record in look.records.items():
        for mark, at in marks(record):
            seen.setdefault(mark, []).append((key, at))
    for mark, places in seen.items():
        for key, at in places if len(places) > 1 else ():
            others = ", ".join(dict.fromkeys(other for other, _ in places if other != key))
            if others:
                yield look.warning(code, message.format(mark, others), key, at)


CHECKS: tuple[Check, ...] = (
    check_unknown_keys,
    check_former_archives,
    check_look_alikes,
    check_names,
    check_dates,
    check_shelfmarks,
    check_values,
    check_unused_fields,
    check_duplicate_shelfmarks,
    check_titles_twice,
    check_urls_twice,
)
