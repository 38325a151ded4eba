"""An entry of a .bib file becomes the table of a record.

One function for entries of BibTeX and BibLaTeX and of the programs that write them. A field is read where a record has
a place for it and all of it is understood; every other one is kept in `[bibtex]` as it stands, with the entry's kind.
Shelfmarks are looked for wherever people put them; where one is not surely read, its words stay where they stood.

>>> table_of("unpublished", {"title": "{Cable}", "note": "RGASPI, f. 558, op. 11, d. 98", "year": "1949"})["location"]
[{'archive': 'RGASPI', 'fond': '558', 'opis': '11', 'delo': '98'}]
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from citekit.archives import shipped
from citekit.dates import read_words, toml_value
from citekit.errors import ParseError
from citekit.locations import at, understood
from citekit.patterns import pattern
from citekit.tex import plain, read_people

if TYPE_CHECKING:
    from collections.abc import Mapping

    from citekit.archives import Archive
    from citekit.tex import Person

Fields: TypeAlias = dict[str, str]
Table: TypeAlias = dict[str, Any]

FIELD = pattern("[a-z][a-z0-9_-]*")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# What kinds of entries are in CSL's words; the first of several is the one that a type is written as
KINDS: Mapping[str, str] = MappingProxyType(
    {"article": "article-journal", "book": "book", "booklet": "pamphlet", "incollection": "chapter"}
    | {"inproceedings": "paper-conference", "techreport": "report", "phdthesis": "thesis", "misc": "document"}
    | {"unpublished": "manuscript", "online": "webpage", "periodical": "periodical", "patent": "patent"}
    | {"dataset": "dataset", "software": "software", "inreference": "entry-encyclopedia", "letter": "letter"}
    | {"inbook": "chapter", "conference": "paper-conference", "report": "report", "thesis": "thesis"}
    | {"mastersthesis": "thesis", "electronic": "webpage", "www": "webpage", "collection": "book", "manual": "book"}
    | {"proceedings": "book", "mvbook": "book", "mvcollection": "book", "mvproceedings": "book", "reference": "book"}
    | {"mvreference": "book", "bookinbook": "chapter", "suppbook": "chapter", "suppcollection": "chapter"}
    | {"suppperiodical": "article-journal", "artwork": "graphic", "image": "graphic", "movie": "motion_picture"}
    | {"video": "motion_picture", "audio": "song", "music": "song", "jurisdiction": "legal_case"}
    | {"legislation": "legislation", "performance": "performance", "review": "review", "standard": "standard"}
)
# Kinds that are written otherwise, if they are not kept
_ALIASES = {*KINDS} - {*{type_: kind for kind, type_ in reversed([*KINDS.items()])}.values(), "report", "thesis"}
# Kinds whose `type` says what the document is
TYPED = frozenset("unpublished misc letter booklet".split())

_TEXTS = {"shorttitle": "short_title", "abstract": "abstract"}
_PUBLISHED = {
    "journal": "container", "journaltitle": "container", "booktitle": "container", "volume": "volume",
    "number": "issue", "issue": "issue", "pages": "pages", "edition": "edition", "publisher": "publisher",
    "institution": "publisher", "school": "publisher", "organization": "publisher", "address": "place",
    "location": "place", "isbn": "isbn", "issn": "issn", "doi": "doi", "series": "series",
}  # fmt: skip
NUMBERED = ("techreport", "report", "patent", "standard", "legislation")  # their `number` is the document's own
GENRED = ("techreport", "report", "phdthesis", "mastersthesis", "thesis", "patent")  # `type` is their genre
_KEY = pattern("[a-z]+")  # a word that biblatex translates: "phdthesis"
# Languages as babel names them, and as reference managers write them
_NAMES = (
    "ar arabic be belarusian bg bulgarian bs bosnian cs czech da danish de german el greek en english es spanish "
    "et estonian fa persian fi finnish fr french he hebrew hr croatian hu hungarian hy armenian id indonesian "
    "is icelandic it italian ja japanese ka georgian kk kazakh km khmer ko korean la latin lt lithuanian lv latvian "
    "mk macedonian mn mongolian nl dutch no norwegian pl polish pt portuguese ro romanian ru russian sk slovak "
    "sl slovenian sq albanian sr serbian sv swedish th thai tr turkish uk ukrainian vi vietnamese zh chinese"
).split()
_LANGUAGES: Mapping[str, str] = MappingProxyType(dict(zip(_NAMES[::2], _NAMES[1::2], strict=True)))
_CODES: Mapping[str, str] = MappingProxyType(
    {name: code for code, name in _LANGUAGES.items()}
    | dict.fromkeys(("american", "british", "usenglish", "ukenglish", "canadian", "australian"), "en")
    | dict.fromkeys(("ngerman", "austrian", "naustrian", "deutsch"), "de")
    | dict.fromkeys(("francais", "frenchb", "français"), "fr")
    | {"brazilian": "pt", "brazil": "pt", "magyar": "hu", "slovene": "sl", "farsi": "fa", "русский": "ru"}
)


def language_name(code: str) -> str:
    """The name of a language, as babel has it; the code itself where it has none here.

    >>> language_name("ru-RU"), language_name("tlh")
    ('russian', 'tlh')
    """
    return _LANGUAGES.get(code.split("-")[0].lower(), code)


def type_of(kind: str) -> str:
    """What a kind of entry is called in records; an unknown kind keeps its name."""
    return KINDS.get(kind, kind)


def table_of(kind: str, fields: Fields) -> Table:
    """The table of a record that says what the entry says. *fields*, raw, by their small names, are used up."""
    locations = _locations(fields)
    table = _said(_type(kind, fields, archival=bool(locations)))
    table |= _title(fields) | _date(fields) | _language(fields)
    table |= {name: text for field, name in _TEXTS.items() if (text := _taken(fields, field))}
    if kind in NUMBERED and "number" in fields:
        table["number"] = _taken(fields, "number")
    table |= _note(fields, archival=bool(locations))
    if tags := [tag.strip() for tag in re.split("[,;]", _taken(fields, "keywords")) if tag.strip()]:
        table["tags"] = tags
    genre = _taken(fields, "type") if kind in GENRED and not _KEY.fullmatch(fields.get("type", "a")) else ""
    tables: Table = {
        "people": _people(fields),
        "location": locations,
        "online": _online(kind, fields, archival=bool(locations)),
        "published": _published(fields, archival=bool(locations)),
        "csl": {"genre": genre} if genre else {},
    }
    if "key" in fields and plain(fields["key"]) == sort_word(table.get("title", "")):
        del fields["key"]
    if fields or (kind in {*_ALIASES, "phdthesis"} and not locations):  # a thesis need not be a doctor's
        tables["bibtex"] = {"entrytype": kind, **fields}
    return table | {name: value for name, value in tables.items() if value}


def _taken(fields: Fields, *names: str) -> str:
    """The text of the first of the fields that is there, which is taken out."""
    for name in names:
        if name in fields and (text := plain(fields[name])):
            del fields[name]
            return text
    return ""


def _said(type_: str) -> Table:
    return {"type": type_} if type_ else {}


def _type(kind: str, fields: Fields, *, archival: bool) -> str:
    """What the document is: as `type` says in archival entries and in those that have no kind of their own."""
    genre = _taken(fields, "type") if archival or kind in TYPED else ""
    if genre:
        return genre if genre[1:] != genre[1:].lower() else genre[:1].lower() + genre[1:]
    return "" if archival and kind in ("unpublished", "misc") else type_of(kind)


def _title(fields: Fields) -> Table:
    title, subtitle = _taken(fields, "title"), _taken(fields, "subtitle")
    joint = " " if title[-1:] in "?!:." else ": "
    whole = title + joint + subtitle if title and subtitle else title or subtitle
    return {"title": whole} if whole else {}


def sort_word(title: str) -> str:
    """The first word of a title, by which plain styles sort and label an entry without an author."""
    return title.partition(" ")[0].strip("\"“”'‘’,.:")


def _note(fields: Fields, *, archival: bool) -> Table:
    """The note; in archival entries, whose note is made of what is said elsewhere too, with the annotation."""
    names = ("note", "annote", "annotation") if archival else ("note",)
    texts = [text for name in names if (text := _taken(fields, name))]
    return {"note": "\n\n".join(texts)} if texts else {}


def _language(fields: Fields) -> Table:
    """The language; other fields that say the same are left out."""
    text = _taken(fields, "language", "langid", "hyphenation")
    code = _code(text)
    for name in ("langid", "origlanguage", "hyphenation"):
        if name in fields and _code(plain(fields[name])) == code:
            del fields[name]
    return {"language": code} if code else {}


def _code(text: str) -> str:
    return _CODES.get(text.casefold(), text)


# People

_ROLES = ("author", "editor", "translator")
_ROLE_OF = {"collaborator": "contributor", "compiler": "compiler", "translator": "translator", "editor": "editor"}


def _people(fields: Fields) -> dict[str, list[Person]]:
    people: dict[str, list[Person]] = {}
    for field in ("author", "editor", "translator", "editora", "editorb", "editorc"):
        if field not in fields:
            continue
        kind = plain(fields.get(f"{field}type", "")).lower()
        role = _ROLE_OF.get(kind, "") if kind else field
        if role in people or role not in {*_ROLES, *_ROLE_OF.values()}:
            continue  # an editora without a type, a founder: it stays as it is
        if names := read_people(fields[field]):
            people[role] = names
            del fields[field]
            fields.pop(f"{field}type", None)
    return people


# Dates


def _date(fields: Fields) -> Table:
    """The date: `date` where it is EDTF, else year, month and day; what is neither stays among the fields."""
    text = fields.get("date", "").strip()
    if text and (value := toml_value(text)):
        if fields.get("year", "").strip("?") in text:
            for name in ("date", "year", "month", "day"):
                fields.pop(name, None)
        else:
            del fields["date"]
        return {"date": value}
    year, month, day = (plain(fields.get(name, "")) for name in ("year", "month", "day"))
    if not year:
        return {}
    value = toml_value(_in_figures(year, month.lower(), day)) or _in_words(year, month, day)
    if not value:
        return {}
    for name in ("year", "month", "day"):
        fields.pop(name, None)
    return {"date": value}


def _in_figures(year: str, month: str, day: str) -> str:
    """Year, month and day as EDTF; nothing where they are no figures and no months as BibTeX knows them."""
    mark = "?" * year.endswith("?")
    year = year.removesuffix("?")
    number = MONTHS.index(month[:3]) + 1 if month[:3] in MONTHS and month.isalpha() else 0
    number = int(month) if month.isdecimal() and len(month) < 3 else number
    if not (year.isdecimal() and len(year) == 4) or (month and not number) or (day and not day.isdecimal()):
        return ""
    return year + (f"-{number:02}" if number else "") + (f"-{int(day):02}" if number and day else "") + mark


def _in_words(year: str, month: str, day: str) -> Any:
    """The date that "circa 1946", "1945--1946" or "Nov. 19" say; None for what is none."""
    words = " ".join(part for part in (day, month, year) if part)
    if len(words) > 60 or not re.search(r"\d{4}", year):
        return None
    try:
        text = read_words(words).edtf
    except ParseError:
        return None
    return toml_value(text) if text else None


# Where it was read, and where it was printed

_URL = pattern(r"(?:\\url\s*\{)?\s*(https?://[^\s{}]+)\s*\}?", re.I)
_ESCAPED = pattern(r"\\([_%#&$~])")


def _online(kind: str, fields: Fields, *, archival: bool) -> Table:
    online: Table = {}
    site = ("addendum",) * ("url" in fields) + ("publisher", "institution", "organization")
    site = site if archival else ("organization",) * (type_of(kind) == "webpage")
    if text := _taken(fields, *site):
        online["publisher"] = text
    if "url" not in fields and (found := _URL.fullmatch(fields.get("howpublished", "").strip())):
        del fields["howpublished"]
        fields["url"] = found[1]
    if address := fields.pop("url", "").strip():
        found = _URL.fullmatch(address)
        online["url"] = _ESCAPED.sub(r"\1", found[1] if found else address)
    if "urldate" in fields and (accessed := toml_value(fields["urldate"].strip())):
        online["accessed"] = accessed
        del fields["urldate"]
    return online


def _published(fields: Fields, *, archival: bool) -> Table:
    published: Table = {}
    for field, name in _PUBLISHED.items():
        if field not in fields or name in published or (archival and name in ("publisher", "place")):
            continue
        text = fields[field].replace("--", "-") if name == "pages" else fields[field]
        if value := (text.strip() if name == "doi" else plain(text)):
            published[name] = _ESCAPED.sub(r"\1", value) if name == "doi" else value
            del fields[field]
    return published


# Where it lies

_PLACES = ("howpublished", "note", "library", "addendum", "annote", "annotation", "volume", "number", "series", "pages",
           "callnumber", "call-number", "shelfmark", "collection", "type", "location", "publisher", "institution",
           "organization")  # fmt: skip
_HOLDERS = ("library", "institution", "organization", "publisher", "howpublished", "series", "address")
# A number behind the mark of a level, in either script, or the shape of a series of Kew or Koblenz
_LOOKS = pattern(
    r"\b(?:f|fond|op|opis|d|delo|l|ll|ф|фонд|оп|д|дело|спр|RG|record group|box|folder|Bestand|Bd|кор|папка|пап|p)\b\.?"
    r"\s{0,2}№?\s?[\dРПR]|\b[A-ZА-Я]{2,5}\s?\d{1,4}\s?/\s?\d",
    re.I,
)
_LABELLED = pattern(
    r"^[ \t]*(?:tex\.)?(?P<what>archive|archive[ _-]?location|loc(?:ation)?\.? in archive|published|call number)[ \t]*:"
    r"[ \t]*(?P<words>\S[^\n]*)",
    re.I | re.M,
)


def _locations(fields: Fields) -> list[Table]:
    """The locations that the entry names; the fields that say the same are taken out."""
    _unfold(fields)
    archive = _taken(fields, "archive")
    words = _taken(fields, "archivelocation", "archive_location", "archive-location")
    if not (archive or words):
        return _found(fields)
    location, *more = at(archive, words)
    if archive and location.get("archive") != archive:  # the site, as Zotero's translator for the Wilson Center has it
        fields.setdefault("publisher", archive)
    both = ", ".join(part for part in (archive, words) if part)
    known = shipped().sure(archive)
    if "howpublished" in fields and (rest := _behind(plain(fields["howpublished"]), both)) is not None:
        del fields["howpublished"]
        if rest and not (known and rest == f"({known.name})"):
            location["file_title"] = rest
    _without_repeats(fields, both)
    return [location | _place(fields, known), *more]


def _unfold(fields: Fields) -> None:
    """Gives the lines of Zotero's Extra, "Archive Location: f. 17", the fields that they stand for.

    Zotero exports Extra as `note`; what it imports as `howpublished` stands there as "Published: ".
    """
    note = fields.get("note", "")
    if ":" not in note or not _LABELLED.search(note):
        return
    for match in _LABELLED.finditer(note):
        what = re.sub("[ _.-]", "", match["what"].lower())
        name = {"archive": "archive", "published": "howpublished", "callnumber": "callnumber"}.get(
            what, "archivelocation"
        )
        fields.setdefault(name, match["words"].rstrip())
    fields["note"] = _LABELLED.sub("", note).strip()
    if not fields["note"]:
        del fields["note"]


def _found(fields: Fields) -> list[Table]:
    """Locations in the words of any field; the field keeps what stands behind them."""
    if not _LOOKS.search("\n".join([fields[name] for name in _PLACES if name in fields])):
        return []
    for name in _PLACES:
        if name not in fields or not _LOOKS.search(fields[name]):
            continue
        text = plain(fields[name])
        locations, rest, holder = _read(text, fields if name not in ("howpublished", "note") else {})
        if not locations:
            continue
        del fields[name]
        if holder:
            del fields[holder]
        if rest:
            fields["note"] = f"{rest} {fields.get('note', '')}".strip() if name != "note" else rest
        _without_repeats(fields, text)
        return [locations[0] | _place(fields, shipped().sure(str(locations[0].get("archive", "")))), *locations[1:]]
    return []


def _read(text: str, fields: Fields) -> tuple[list[Table], str, str]:
    """The locations in *text*, what stands behind them, and the field that names their archive where *text* does not.

    None unless all is understood, the archive is known or two levels are there, and no level is left in words.
    """
    locations = understood(text)
    if not locations:
        return [], "", ""
    rest, holder = str(locations[-1].pop("note", "")), ""
    first = locations[0]
    if not first.get("archive"):
        holder = next((name for name in _HOLDERS if name in fields and shipped().sure(plain(fields[name]))), "")
        if holder:
            locations = [{"archive": plain(fields[holder]), **location} for location in locations]
    levels = len(first) - ("archive" in first) - ("file_title" in first)
    known = shipped().sure(str(locations[0].get("archive", ""))) is not None
    sure = levels and (known or {"fond", "opis"} <= first.keys() or {"record_group", "box"} <= first.keys())
    return (locations, rest, holder) if sure else ([], "", "")


def _without_repeats(fields: Fields, both: str) -> None:
    """Takes out what other fields say of the shelfmark again."""
    for name in ("library", "howpublished", "callnumber"):
        if name in fields and _behind(plain(fields[name]), both) == "":
            del fields[name]
    if "note" in fields and (rest := _behind(plain(fields["note"]), both)) is not None:
        fields["note"] = rest
        if not rest:
            del fields["note"]


_WORDS = pattern(r"\w+")


def _behind(text: str, both: str) -> str | None:
    """What of *text* stands behind the words of *both*, whatever stops part them; None where it begins otherwise.

    >>> _behind("RGASPI: f. 558. Copy", "RGASPI, f. 558"), _behind("Copy", "RGASPI")
    ('Copy', None)
    """
    if text.startswith(both):
        return text[len(both) :].lstrip(" ,.;")
    words, end = _WORDS.findall(both), 0
    for number, match in enumerate(_WORDS.finditer(text)):
        if number == len(words):
            break
        if match[0] != words[number]:
            return None
        end = match.end()
    else:
        if len(_WORDS.findall(text)) < len(words):
            return None
    return text[end:].lstrip(" ,.;")


def _place(fields: Fields, known: Archive | None) -> Table:
    """The place of the archive, where it is not the one that is known anyway."""
    place = _taken(fields, "address", "location")
    return {"place": place} if place and not (known and known.city == place) else {}
