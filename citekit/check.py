"""Checks over a library: one function a check, each finding with its place, a stable code and, where safe, a fix.

What makes a record invalid (C001 to C012) is found when it is read. The checks here look at good records, one by one or
all together, and only warn: a citation can be made, but somebody should look.

A check is a function `check_NAME(look) -> findings`, and its name stands in `CHECKS` at the foot of this file. What can
be mended safely is one rule for all texts, `right`; what needs a decision is only said in the hint.
"""

from __future__ import annotations

import contextlib
import re
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeAlias

from citekit import names
from citekit.edits import EditError, Path, changed, edited, find_place, shown_path, spans, value_at
from citekit.errors import CitekitError, Fix, Issue, RecordError, StorageError, Where, did_you_mean, nearest, read_toml
from citekit.locators import Locator
from citekit.mapping import shelfmark_text
from citekit.patterns import pattern
from citekit.record import INNER, KNOWN, ROLES
from citekit.shelfmark import OPIS, format_part
from citekit.store import SCHEMA
from citekit.values import frozen

if TYPE_CHECKING:
    import datetime

    from citekit.dates import Point
    from citekit.library import Library
    from citekit.record import Record
    from citekit.store import Change

Marks: TypeAlias = Iterator[tuple[str, Path]]  # by which a document is known, and where they stand in its record


@frozen
class Look:
    """What the checks look at: the good records by key, how archives are found, what day it is, where values stand."""

    records: Mapping[str, Record]
    library: Library
    today: datetime.date
    place: Callable[[str, Path], Where]

    def warning(self, code: str, message: str, key: str, at: Path, hint: str = "", fix: str | None = None) -> Issue:
        """A finding at the value *at* of the record *key*; *fix* is the text that would be right."""
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
        with contextlib.suppress(RecordError, StorageError):  # there, but not good: that is a finding
            library.store.read(key)
    loaded = library.records(step)
    look = Look(loaded.records, library, today, _Places(library).place)
    found = [*loaded.issues, *(issue for one in CHECKS for issue in one(look))]
    if keys:
        paths = {str(library.store.path(key)) for key in keys}
        found = [issue for issue in found if issue.where.path in paths]
    return sorted(found, key=lambda issue: (issue.where.path, issue.where.line, issue.where.column, issue.code))


# Places


class _Places:
    """Where values stand in the files of a library. Findings come record by record: one text at a time is kept."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.key, self.text = "", ""

    def place(self, key: str, at: Path) -> Where:
        """The first sign of the value *at* of the record *key*, or of the nearest thing round it."""
        path = str(self.library.store.path(key))
        if key != self.key and at:
            self.key, self.text = key, _text(self.library, key)
        return find_place(path, self.text, at)


def _text(library: Library, key: str) -> str:
    try:
        text = library.store.read(key)
        read_toml("", text)
    except CitekitError:  # gone or broken while we looked
        return ""
    return text


# Mending


def mend(library: Library, issues: Iterable[Issue], *, dry: bool = False) -> tuple[list[Change], list[CitekitError]]:
    """Makes the fixes of *issues*, all of one record in one change; the changes, and the errors of other records.

    A value that is no longer what was looked at, or that cannot be changed safely, is left.
    """
    fixes = sorted((issue.fix for issue in issues if issue.fix), key=lambda fix: fix.key)
    changes, errors = [], []
    with library.store.batch() if fixes and not dry else contextlib.nullcontext():
        for key, wanted in groupby(fixes, key=lambda fix: fix.key):
            edit = _mending({fix.at: str(fix.value) for fix in wanted})
            try:
                changes.append(library.store.change(key, edit, library.registry, dry=dry))
            except CitekitError as error:
                errors.append(error)
    return changes, errors


def _mending(wanted: Mapping[Path, str]) -> Callable[[str], str]:
    def edit(text: str) -> str:
        table = tomllib.loads(text)
        still = {at: value for at, value in wanted.items() if _mends(value_at(table, at), value)}
        return _by_letter(text, table, still) or _by_value(text, still)

    return edit


def _by_letter(text: str, table: Mapping[str, Any], wanted: Mapping[Path, str]) -> str:
    """*text* with the wrong letters exchanged where they stand, or "" where an escape or a name hides one of them."""
    found = spans(text)
    for at, value in wanted.items():
        table = changed(table, at, value)
    for start, end in sorted((found[at] for at in wanted), reverse=True):
        text = text[:start] + right(text[start:end]) + text[end:]
    return text if tomllib.loads(text) == table else ""


def _by_value(text: str, wanted: Mapping[Path, str]) -> str:
    for at, value in wanted.items():
        with contextlib.suppress(EditError):
            text = edited(text, at, value)
    return text


def _mends(now: object, value: str) -> bool:
    return isinstance(now, str) and right(now) == value


def right(text: str) -> str:
    """*text* in Unicode's normal form NFC, each word in the letters of one alphabet where that is plain.

    Of two letters that may be either, nobody can say which is meant:

    >>> right("Mолотов"), right("МOSCOW"), right("СC") == "СC"
    ('Молотов', 'MOSCOW', True)
    """
    normal = unicodedata.normalize("NFC", text)
    return _WORD.sub(lambda match: _one_alphabet(match[0]), normal) if _MIXED.search(normal) else normal


# One record at a time


def check_unknown_keys(look: Look) -> Iterator[Issue]:
    """C020: a key or a role that citekit does not know; it is kept, but nothing uses it."""
    for key, record in look.records.items():
        for at, name, known in _unknown(record):
            hint = did_you_mean(name, known) or "it is kept as it is"
            yield look.warning("C020", f"{name!r} is not a field that citekit knows", key, at, hint)
        for role in record.people:
            if near := _slip(role):
                message = f"no citation prints the role {role!r}"
                yield look.warning("C020", message, key, ("people", role), f"did you mean {near}?")


@cache
def _slip(role: str) -> str:
    """The printed role that *role* is nearly; any other role may be kept."""
    near = nearest(role, ROLES, cutoff=0.85) if role not in ROLES else ()
    return near[0] if near else ""


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
            found = look.library.registry.lookup(location.archive) if location.archive else None
            archive, former = found or (None, None)
            if archive and former:
                at = (*_entry(record, "location", number), "archive")
                hint = f"the archive is {archive.siglum()}, {archive.name}"
                yield look.warning("C021", f"{location.archive!r} is a former name: {former.text()}", key, at, hint)


_LATIN = "AaBCcEeËëHIiÏïJjKMOoPpSsTXxYy"
_CYRILLIC = "АаВСсЕеЁёНІіЇїЈјКМОоРрЅѕТХхУу"
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_WORD = pattern(r"[^\W\d_]+")
# A word of both alphabets has a letter of one beside a letter of the other
_MIXED = pattern("[A-Za-zÀ-ɏ][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-zÀ-ɏ]")


def check_look_alikes(look: Look) -> Iterator[Issue]:
    """C022: a word with letters of two alphabets, of which one set looks like letters of the other."""
    for key, record in look.records.items():
        for at, text in _texts(record.table):
            normal = unicodedata.normalize("NFC", text) if not text.isascii() else ""
            word = (
                next((word for word in _WORD.findall(normal) if _readings(word)), "") if _MIXED.search(normal) else ""
            )
            if word:
                best = _one_alphabet(word)
                said = _said(word, best if best != word else _readings(word)[0])
                message = f"{word!r} mixes Latin and Cyrillic letters ({said})"
                hint = f"{best!r} in one alphabet" if best != word else "write it in one alphabet"
                yield look.warning("C022", message, key, at, hint, _fix(at, text))


def _fix(at: Path, text: str) -> str | None:
    """What is right instead of *text*; None for an address, where another letter is another page, and for no change."""
    mended = right(text)
    return mended if mended != text and at[-1] not in _ADDRESSES else None


_ADDRESSES = ("url", "URL", "doi", "DOI", "id")


def _readings(word: str) -> tuple[str, ...]:
    """A word of both alphabets in Latin and in Cyrillic letters alone, as far as all its letters allow it."""
    if not _MIXED.search(word):
        return ()
    latin, cyrillic = word.translate(_TO_LATIN), word.translate(_TO_CYRILLIC)
    found = [latin] if not any(map(_is_cyrillic, latin)) else []
    return (*found, cyrillic) if all(map(_is_cyrillic, cyrillic)) else tuple(found)


def _one_alphabet(word: str) -> str:
    """The word in the alphabet of the letters that exist only there, or of most of them; as it is where none wins."""
    found = _readings(word)
    if len(found) < 2:
        return found[0] if found else word
    more = 2 * sum(map(_is_cyrillic, word)) - len(word)
    return found[more > 0] if more else word


def _is_cyrillic(sign: str) -> bool:
    return "\u0400" <= sign <= "\u04ff"


def _said(wrong: str, right: str) -> str:
    sign = next(a for a, b in zip(wrong, right, strict=True) if a != b)
    return f"{sign} is {unicodedata.name(sign).lower()}"


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


_INITIALS = pattern(r"((?:[^\W\d_]\.[ -]?){1,3})([^\W\d_][^\W\d_'’-]+)")
_COUNTRIES = pattern(r"U\. ?[KNS]\.")  # "U.S. Embassy" is no person


def check_names(look: Look) -> Iterator[Issue]:
    """C023: a person who is written like a body, so that no style can turn or shorten the name.

    There is no fix: J. P. Morgan may be a man or his bank.
    """
    for key, record in look.records.items():
        for role, people in record.people.items():
            for number, name in enumerate(people):
                found = _INITIALS.fullmatch(name.literal)
                given = record.table["people"][role]
                entry = given[number] if isinstance(given, list) else given
                if found and isinstance(entry, str) and not _COUNTRIES.match(name.literal):
                    person, body = f"{found[2]}, {found[1].strip()}", name.literal
                    hint = f'a person is "{person}", a body {{ literal = "{body}" }}'
                    yield look.warning("C023", f"{body!r} is read as a body", key, ("people", role, number), hint)


def check_dates(look: Look) -> Iterator[Issue]:
    """C024: a date in the future, and a document read before it was written."""
    for key, record in look.records.items():
        written, accessed = record.date, record.online.accessed
        for at, date in ((("date",), written), (("online", "accessed"), accessed)):
            if date and date.start and _figures(date.start) > (look.today.year, look.today.month, look.today.day):
                yield look.warning("C024", f"{date.edtf} lies in the future", key, at, "check the year")
        if written and written.start and accessed and accessed.end and _before(accessed.end, written.start):
            message = f"it was read on {accessed.edtf}, before it was written on {written.edtf}"
            yield look.warning("C024", message, key, ("online", "accessed"), "check the years")


def _figures(point: Point) -> tuple[int, ...]:
    return tuple(figure for figure in (point.year, point.month, point.day) if figure)


def _before(one: Point, other: Point) -> bool:
    """Whether *one* is surely earlier: compared as far as both are known."""
    pairs = [*zip(_figures(one), _figures(other), strict=False)]
    return [a for a, _ in pairs] < [b for _, b in pairs]


def check_shelfmarks(look: Look) -> Iterator[Issue]:
    """C025: a level that the archive's shelfmarks do not have; it is printed last."""
    for key, record in look.records.items():
        for number, location in enumerate(record.locations):
            for part in location.mark.parts if location.known and location.mark else ():
                if part.level not in location.scheme.names():
                    at = (*_entry(record, "location", number), part.level)
                    message = f"{location.archive} has no level {part.level!r}"
                    yield look.warning("C025", message, key, at, f"its levels: {', '.join(location.scheme.names())}")


_LANGUAGE = pattern(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_ADDRESS = pattern(r"https?://[^\s/]\S*", re.I)


def check_values(look: Look) -> Iterator[Issue]:
    """C026: a language that is no BCP 47 tag, an address that is no web address, text that is not NFC."""
    for key, record in look.records.items():
        if record.language and not _LANGUAGE.fullmatch(record.language):
            message = f"{record.language!r} is no language tag"
            yield look.warning("C026", message, key, ("language",), 'BCP 47: "ru", "uk", "en-GB"')
        if record.online.url and not _ADDRESS.fullmatch(record.online.url):
            message = f"{record.online.url!r} is no web address"
            yield look.warning("C026", message, key, ("online", "url"), "it begins with https:// or http://")
        for at, text in _texts(record.table):
            if not unicodedata.is_normalized("NFC", text):
                message = "the text is not in Unicode's normal form NFC"
                yield look.warning("C026", message, key, at, fix=_fix(at, text))


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
            if not text.strip() and at != ("title",):  # C008 says so
                yield look.warning("C033", f"{shown_path(at)} is empty", key, at)


# All records together


def check_duplicate_shelfmarks(look: Look) -> Iterator[Issue]:
    """C030: two records with the same leaves of one file. A file without leaves may well hold several documents."""
    yield from _twice(look, "C030", "the shelfmark {} is that of {} too", _leaves)


_ZEROS = pattern(r"(?<!\w)0+(?=\d)")


def _leaves(record: Record) -> Marks:
    """The shelfmarks with leaves, which one reader writes as they are stamped, "0160", and another as "160"."""
    for number, location in enumerate(record.locations):
        parts = location.mark.parts if location.mark else ()
        leaves = [part for part in parts if isinstance(part.value, Locator)]
        text = shelfmark_text(location)
        for part in leaves:
            printed = format_part(part, location.scheme.level(part.level))
            text = text.replace(printed, _ZEROS.sub("", printed))
        if leaves:
            archive = location.known.key if location.known else location.archive
            yield f"{archive} {text}", _entry(record, "location", number)


def check_titles_twice(look: Look) -> Iterator[Issue]:
    """C031: two records with the same title and date."""

    def titles(record: Record) -> Marks:
        if record.title:
            yield (
                f"{names.romanized(record.title).casefold()} {record.date.edtf if record.date else ''}".strip(),
                ("title",),
            )

    yield from _twice(look, "C031", "title and date are those of {1} too", titles)


def check_urls_twice(look: Look) -> Iterator[Issue]:
    """C032: two records with the same address, whatever its scheme, case of the host and last slash."""
    yield from _twice(look, "C032", "the address is that of {1} too", _address)


def _address(record: Record) -> Marks:
    if record.online.url:
        yield canonical_url(record.online.url), ("online", "url")


def said_of_same(records: Mapping[str, Record], new: Collection[str]) -> Iterator[str]:
    """A line for each document that a record among *new* describes and another one of *records* too: by the same
    leaves of one file, or the same address."""
    told: set[frozenset[str]] = set()
    for shared, marks in (("the shelfmark {}", _leaves), ("the address", _address)):
        for mark, places in _alike(records, marks).items():
            keys = sorted({key for key, _ in places}, key=lambda key: (key in new, key))
            if len(keys) > 1 and keys[-1] in new and frozenset(keys) not in told:
                told.add(frozenset(keys))
                yield f"{keys[-1]} may be {_others(keys, keys[-1])}: {shared.format(mark)} is the same"


_WILSON = pattern(r"[\w.-]*(?:wilsoncenter\.org|wilson-center-digital-archive\.[\w.-]+)/(?:document|node)/(\d+)")


def canonical_url(url: str) -> str:
    """The address for comparing only: without scheme, `www.` and last slash; a Wilson Center page by its number.

    >>> canonical_url("http://digitalarchive.wilsoncenter.org/document/208933.pdf?v=1")
    'wilson:208933'
    """
    host, slash, path = re.sub(r"^https?://(www\.)?", "", url.strip(), flags=re.I).partition("/")
    plain = host.casefold() + slash + path.rstrip("/")
    found = _WILSON.match(plain)
    return f"wilson:{found[1]}" if found else plain


def _twice(look: Look, code: str, message: str, marks: Callable[[Record], Marks]) -> Iterator[Issue]:
    for mark, places in _alike(look.records, marks).items():
        keys = [*dict.fromkeys(key for key, _ in places)]
        for key, at in places if len(keys) > 1 else ():
            yield look.warning(code, message.format(mark, _others(keys, key)), key, at)


def _alike(records: Mapping[str, Record], marks: Callable[[Record], Marks]) -> dict[str, list[tuple[str, Path]]]:
    """The records with each mark, and where they have it."""
    seen: dict[str, list[tuple[str, Path]]] = {}
    for key, record in records.items():
        for mark, at in marks(record):
            seen.setdefault(mark, []).append((key, at))
    return seen


def _others(keys: list[str], key: str, count: int = 3) -> str:
    """The first of the other keys, and how many there are besides: a thousand copies must not all name each other."""
    first = [other for other in keys[: count + 1] if other != key][:count]
    more = len(keys) - 1 - len(first)
    return ", ".join(first) + (f" and {more:,} more" if more else "")


def check_keys(look: Look) -> Iterator[Issue]:
    """C034: two keys that differ only in case: to Windows and macOS their files are one."""
    alike: dict[str, list[str]] = {}
    every = look.library.store.keys()  # of records that are not good too
    for key in every:
        alike.setdefault(key.casefold(), []).append(key)
    for keys in alike.values():
        for key in keys if len(keys) > 1 else ():
            message = f"the key differs from {_others(keys, key)} only in case"
            yield look.warning("C034", message, key, (), "`citekit rename` gives one of them another key")


def check_settings(look: Look) -> Iterator[Issue]:
    """C035: a setting in `citekit.toml` that citekit does not know, or a schema."""
    from citekit.library import SETTINGS

    config = look.library.config
    names = [(name,) for name in config] + [(name, inner) for name in ("cite", "git") for inner in config.get(name, ())]
    for at in names:
        if at not in SETTINGS:
            hint = did_you_mean(at[-1], [one[-1] for one in SETTINGS if one[:-1] == at[:-1]]) or "nothing uses it"
            message = f"{'.'.join(at)!r} is not a setting that citekit knows"
            yield Issue("C035", "warning", message, look.library.place(at), hint)
    if (schema := config.get("schema", SCHEMA)) != SCHEMA:
        message = f"the library is of schema {schema}, and this citekit knows {SCHEMA}: it writes nothing here"
        yield Issue("C035", "warning", message, look.library.place(("schema",)))


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
    check_keys,
    check_settings,
)
