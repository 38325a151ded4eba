"""RIS: a line a value, each with a tag of two letters, as Zotero, EndNote, Mendeley and the databases have it.

An archival document is a `MANSCPT`: of all ways into Zotero by RIS it keeps sixteen facts of sixteen, archive and
shelfmark in their own fields (measured). The tags stand for variables of CSL, so that what goes where is said once, in
`citekit.mapping` and `citekit.items`.

What has no tag travels in `CK`, a tag of nobody's: Zotero's translator and bibutils pass over tags that they do not
know, while `U1` to `U5` and `C1` to `C8`, which the format leaves to users, are notes to bibutils and comments to
JabRef (read in zotero/translators, RIS.js; measured with bibutils 7.2).
Source: the tags of <https://en.wikipedia.org/wiki/RIS_(file_format)>, and what RIS.js makes of each of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from citekit.csl import item as csl
from citekit.dates import in_words, read_words
from citekit.dates import parse as parse_date
from citekit.errors import Issue, ParseError, Where
from citekit.exchange import ANY, REST, Options, Written, changes, decode, encode, in_ascii, losses, texts
from citekit.items import rest, returned, to_table
from citekit.locations import read as read_locations
from citekit.mapping import to_export
from citekit.markup import clean
from citekit.names import Name
from citekit.patterns import pattern
from citekit.record import Draft

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from citekit.record import Record

_REST = "CK"
# The types of CSL and their tags, the one to write first; others are generic
_TYPES = {
    "manuscript": "MANSCPT UNPB UNPD",
    "personal_communication": "PCOMM LETTER",
    "document": "GEN AGGR ANCIENT DBASE EQUA GRANT GRNT MULTI",
    "article": "INPR",
    "article-journal": "JOUR EJOUR ABST JFULL",
    "article-magazine": "MGZN CTLG",
    "article-newspaper": "NEWS",
    "bill": "BILL UNBILL",
    "book": "BOOK EBOOK EDBOOK SER",
    "chapter": "CHAP ECHAP",
    "classic": "CLSWK",
    "dataset": "DATA",
    "entry-dictionary": "DICT",
    "entry-encyclopedia": "ENCYC",
    "figure": "FIGURE CHART",
    "graphic": "ART",
    "hearing": "HEAR",
    "legal_case": "CASE LEGAL",
    "legislation": "STAT",
    "map": "MAP",
    "motion_picture": "MPCT VIDEO ADVS",
    "musical_score": "MUSIC",
    "pamphlet": "PAMP",
    "paper-conference": "CONF CPAPER",
    "patent": "PAT",
    "post": "ICOMM",
    "post-weblog": "BLOG",
    "report": "RPRT GOVDOC",
    "software": "COMP",
    "song": "SOUND",
    "speech": "SLIDE",
    "standard": "STAND",
    "thesis": "THES",
    "webpage": "ELEC WEB",
}
_READ_TYPES = {tag: kind for kind, tags in _TYPES.items() for tag in tags.split()}
_WRITTEN_TYPES = {kind: tags.split()[0] for kind, tags in _TYPES.items()}
# Tags and their variables, in the order of the file; of several tags for one variable the first is written
_TEXTS = {
    "TI": "title",
    "T1": "title",
    "CT": "title",
    "ST": "title-short",
    "T2": "container-title",
    "JO": "container-title",
    "JF": "container-title",
    "BT": "container-title",
    "T3": "collection-title",
    "M3": "genre",
    "CY": "publisher-place",
    "PP": "publisher-place",
    "PB": "publisher",
    "LA": "language",
    "DB": "archive",
    "AN": "archive_location",
    "AV": "archive_location",
    "DP": "source",
    "CN": "call-number",
    "ET": "edition",
    "VL": "volume",
    "IS": "issue",
    "DO": "DOI",
    "M1": "number",
    "UR": "URL",
    "AB": "abstract",
    "N2": "abstract",
    "N1": "note",
    "RN": "note",
}
_LINES = frozenset(("AB", "N1", "N2", "RN", "KW"))  # several lines mean something there
_SERIAL = frozenset(("article-journal", "article-magazine", "article-newspaper"))
# Who `A2` is, by type; of a manuscript Zotero has no second author, but contributors
_SECOND = {
    "manuscript": "contributor",
    "personal_communication": "recipient",
    "interview": "interviewer",
} | dict.fromkeys((*_SERIAL, "chapter", "paper-conference", "entry-dictionary", "entry-encyclopedia"), "editor")
_PEOPLE = {"AU": "author", "A1": "author", "ED": "editor", "A4": "translator"}
# In these `DB` and `AN` are what a bibliographic database says of itself
_PRINTED = frozenset(_READ_TYPES.values()) - {"manuscript", "personal_communication", "document", "article", "pamphlet"}


# Writing


def write(records: Sequence[Record], options: Options = ANY) -> Written:
    """One reference a record, in their order, an empty line between; UTF-8. Raises UsageError for a letter that is not
    of ASCII where that is asked."""
    from rispy import RisWriter

    class Writer(RisWriter):  # type: ignore[misc]  # rispy has no types
        REFERENCE_TYPE_KEY = "ty"

        def set_header(self, count: int) -> str:
            return ""

    references, lost = [], []
    for record in records:
        tags = _tags(to_export(record, options.target), options)
        found = rest(record, _table_of(tags))
        lost += losses(record.key, changes(record.table, _table_of(tags)), texts(tags))
        tags |= {_REST: [f"{REST} {encode(found, ascii=options.ascii)}"]} if found else {}
        if options.ascii:
            in_ascii(record.key, texts(tags))
        references.append({**{tag.lower(): values for tag, values in tags.items()}, "ty": tags["TY"][0]})
    names = {tag: tag.lower() for tag in ["TY", "ER", *{tag.upper() for one in references for tag in one}]}
    writer = Writer(mapping=names, list_tags=[*names], delimiter_tags_mapping={})
    return Written(writer.formats(references) if references else "", tuple(lost))


def _tags(item: csl.Item, options: Options) -> dict[str, list[str]]:
    """The tags of the item with their values, a line each, `TY` first; `ID` is the key."""
    fields = dict(item.fields)
    tags = {"TY": [_WRITTEN_TYPES.get(item.type, "GEN")], "ID": [item.id]}
    people = {"AU": "author", "A2": _SECOND.get(item.type, ""), "A4": "translator"}
    people["ED"] = "" if people["A2"] == "editor" else "editor"
    tags |= {tag: [_name(name) for name in fields.get(role, ())] for tag, role in people.items()}
    if isinstance(issued := fields.get("issued"), csl.Date):
        tags |= _dates(issued)
    if isinstance(accessed := fields.get("accessed"), csl.Date):
        tags["Y2"] = [_slashes(str(accessed.more["raw"]))]
    written: set[str] = set()
    for tag, variable in _TEXTS.items():
        if variable not in written and isinstance(value := fields.get(variable), str | int):
            tags[tag] = [str(value)]
            written.add(variable)
    tags |= _pages(str(fields.get("page", "")))
    tags["SN"] = [str(fields[name]) for name in ("ISBN", "ISSN") if name in fields]
    tags["KW"] = [word for word in str(fields.get("keyword", "")).split(", ") if word]
    if options.target == "mendeley" and "AN" in tags:  # it takes AN for a number of PubMed
        tags["AV"] = tags.pop("AN")
    custom = fields.get("custom", {})
    kept = custom.get("ris", {}) if isinstance(custom, dict) else {}
    tags |= {
        tag: [*_strings(value)] for tag, value in kept.items() if _TAG.fullmatch(f"{tag}  - ") and not tags.get(tag)
    }
    lines = {tag: [" ".join(clean(value).split()) for value in values] for tag, values in tags.items()}
    return {tag: [line for line in values if line] for tag, values in lines.items() if any(values)}


def _name(name: csl.Name) -> str:
    return Name(name.family, name.given, name.literal, name.non_dropping_particle, name.suffix).inverted()


def _dates(date: csl.Date) -> dict[str, list[str]]:
    raw = str(date.more.get("raw", ""))
    year = re.match(r"\d{4}(?!\d|X)", raw)
    return {"DA": [_slashes(raw)], "PY": [year[0]] if year else []}


def _slashes(raw: str) -> str:
    """A day, a month or a year as RIS has it; about in words, which Zotero keeps; anything else in EDTF.

    >>> _slashes("1945-11-19"), _slashes("1945"), _slashes("1946~"), _slashes("1945/1946")
    ('1945/11/19/', '1945///', 'circa 1946', '1945/1946')
    """
    if re.fullmatch(r"\d{4}(-\d\d){0,2}", raw) and int(raw[5:7] or 0) <= 12:
        year, month, day = (*raw.split("-"), "", "")[:3]
        return f"{year}/{month}/{day}/"
    date = parse_date(raw) if re.fullmatch(r"[\d-]+~", raw) else None
    words = in_words(date).replace("ca.", "circa") if date else ""
    return words if words and _raw(words) == raw else raw


def _pages(pages: str) -> dict[str, list[str]]:
    first, dash, last = pages.partition("-")
    return {"SP": [first], "EP": [last]} if dash and last and "-" not in last else {"SP": [pages]}


# Reading

_TAG = pattern(r"([A-Z][A-Z0-9])(?:  ?- (.*)|  ?-|  -(.*))")


def read(text: str, path: str = "-") -> list[Draft]:
    """The references of a RIS file as drafts of records, in their order, each with its line. Tags that a record has no
    place for go into `[ris]`, as they stand. Raises ParseError where there is no tag in it."""
    from rispy import RisParser

    class Parser(RisParser):  # type: ignore[misc]  # rispy has no types
        """Every tag is known, and may stand there several times."""

        DEFAULT_DELIMITER_MAPPING: dict[str, str] = {}  # noqa: RUF012  rispy's own form: an address may have a ";"

    drafts = []
    for number, lines in _references(text):
        names = {line[:2]: line[:2] for line in lines}
        (found,) = Parser(mapping=names | {"TY": "TY"}, list_tags=[*names]).parse_lines(iter(lines))
        drafts.append(_draft({tag: values for tag, values in found.items() if any(values)}, number, path))
    if not drafts and text.strip():
        raise ParseError("there is no reference in it", text, (0, 1), hint="a reference begins with TY  - ")
    return drafts


def _references(text: str) -> Iterator[tuple[int, list[str]]]:
    """The references with their lines' numbers: one line a value, `TY` first and `ER` last, missing ones put there.

    A line without a tag goes on with the value before. What stands between references is passed over.
    """
    start, lines = 0, list[str]()
    for number, line in enumerate([*re.split("\r\n?|\n", text.removeprefix("\ufeff")), "ER  - "], 1):
        match = _TAG.fullmatch(line.rstrip())
        tag, value = (match[1], (match[2] or match[3] or "").strip()) if match else ("", line.strip())
        if tag in ("TY", "ER") and lines:
            yield start, [*lines, "ER  - "]
            lines = []
        if tag == "ER" or not (tag or lines):
            continue
        if not lines:
            start, lines = number, [] if tag == "TY" else ["TY  - "]
        if tag:
            lines.append(f"{tag}  - {value}")
        else:
            lines[-1] += f"\n{value}" if lines[-1][:2] in _LINES else f" {value}" * bool(value)


def _draft(tags: dict[str, Any], number: int, path: str) -> Draft:
    tags = {tag: [*_strings(values)] for tag, values in tags.items()}
    key = tags.get("ID", [""])[0]
    ours = [value for value in tags.get(_REST, ()) if value.startswith(f"{REST} ")]
    bare = {tag: values for tag, values in tags.items() if tag != _REST or not ours}
    try:
        found = [change for value in ours for change in decode(value.removeprefix(f"{REST} "))]
    except ParseError as error:
        issue = Issue("C041", "warning", f"{key or 'a reference'}: {error.message}; it is kept", Where(path, number))
        return Draft(key, _table_of(tags), issue, number)
    return Draft(key, returned(_table_of(bare), found), None, number)


def _table_of(tags: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The table of a record that the tags make; those without a place for them under "ris"."""
    left = {tag: [*values] for tag, values in tags.items() if tag != "ID"}
    name = left.pop("TY", [""])[0].strip().upper()
    kind = _READ_TYPES.get(name, "")
    fields: dict[str, Any] = {}
    _take_people(left, kind, fields)
    _take_dates(left, fields)
    kept: dict[str, list[str]] = {}
    if kind in _PRINTED and not _lies_somewhere(left):
        kept = {tag: left.pop(tag) for tag in [*left] if tag in ("DB", "AN", "AV")}
    for tag, variable in _TEXTS.items():
        if tag in left and (variable not in fields or variable == "note"):
            values = left.pop(tag)
            first, *more = ["\n".join(filter(None, (fields.get(variable, ""), *values)))] if tag in _LINES else values
            fields[variable] = _plain(first) if variable == "note" else first
            kept |= {tag: more} if more else {}
    if pages := [*left.pop("SP", [])[:1], *left.pop("EP", [])[:1]]:
        fields["page"] = "-".join(pages)
    if numbers := left.pop("SN", []):
        fields["ISSN" if kind in _SERIAL else "ISBN"] = ", ".join(numbers)
    words = [word.strip() for value in left.pop("KW", []) for word in re.split("[;\n]", value) if word.strip()]
    _take_container(fields, kind)
    table = to_table(csl.Item("", kind or name.lower(), fields))
    kept |= left | ({"TY": [name]} if name and not kind else {})
    ris = {tag: values[0] if len(values) == 1 else values for tag, values in kept.items()}
    return table | ({"tags": words} if words else {}) | ({"ris": ris} if ris else {})


def _lies_somewhere(left: Mapping[str, Sequence[str]]) -> bool:
    archive, words = ("".join(left.get(tag, [])[:1]) for tag in ("DB", "AN"))
    return bool(archive and read_locations(words, archive))


def _take_people(left: dict[str, list[str]], kind: str, fields: dict[str, Any]) -> None:
    for tag, role in (_PEOPLE | {"A2": _SECOND.get(kind, ""), "A3": "editor" if kind == "book" else ""}).items():
        if role and tag in left:
            fields[role] = (*fields.get(role, ()), *(_person(value) for value in left.pop(tag)))


def _person(text: str) -> csl.Name:
    family, *parts = (part.strip() for part in text.split(","))
    if not parts or not family or not all(parts) or len(parts) > 2:
        return csl.Name(literal=text.strip(" ,") or "?")
    return csl.Name(family, parts[0], suffix="".join(parts[1:]))


def _take_dates(left: dict[str, list[str]], fields: dict[str, Any]) -> None:
    """When it was written and read; what says neither is left."""
    said: dict[str, str] = {tag: left[tag][0] for tag in ("DA", "Y1", "PY") if tag in left}
    if said:
        fields["issued"], taken = _issued(said)
        for tag in taken:
            del left[tag]
    if "Y2" in left and (raw := _raw(left["Y2"][0])):
        fields["accessed"] = csl.Date(more={"raw": raw})
        del left["Y2"]


def _issued(said: Mapping[str, str]) -> tuple[csl.Date, list[str]]:
    """The date of the first tag that says one, else the words of the first; and the tags that say no more than that.

    EndNote has month and day alone in `DA`.
    """
    for tag, value in said.items():
        if raw := _raw(value) or _raw(f"{value} {said.get('PY', '')}"):
            same = [one for one, text in said.items() if one == tag or (_raw(text) and raw.startswith(_raw(text)))]
            return csl.Date(more={"raw": raw}), same
    tag, words = next(iter(said.items()))
    return csl.Date(more={"literal": words}), [tag]


def _raw(text: str) -> str:
    """The date in EDTF that RIS's form of it, EDTF, or words say; "" where none is understood.

    >>> _raw("1945/11/19/"), _raw("1945/11//circa"), _raw("19 November 1945"), _raw("Spring")
    ('1945-11-19', '1945-11', '1945-11-19', '')
    """
    if match := re.fullmatch(r"(\d{4})(?:/(\d{0,2})(?:/(\d{0,2})(?:[/ ].*)?)?)?", text.strip()):
        numbers = [f"{int(number):02d}" for number in match.groups()[1:] if number and int(number)]
        text = "-".join([match[1], *numbers])
    for reader in (parse_date, read_words):
        try:
            return reader(text.strip()).edtf
        except ParseError:
            continue
    return ""


def _take_container(fields: dict[str, Any], kind: str) -> None:
    """A book's `T2` is its series; EndNote has a manuscript's archive in `PB`, its collection and container in `T2`,
    `VL` and `IS`."""
    if kind in ("book", "report", "map") and "collection-title" not in fields and "container-title" in fields:
        fields["collection-title"] = fields.pop("container-title")
    if kind == "manuscript" and not fields.keys() & {"archive", "archive_location"} and "publisher" in fields:
        names = [name for name in ("container-title", "volume", "issue", "call-number") if name in fields]
        words = ", ".join(str(fields[name]) for name in names)
        if words and read_locations(words, fields["publisher"]):
            fields |= {"archive": fields.pop("publisher"), "archive_location": words}
            for name in names:
                del fields[name]


def _plain(note: str) -> str:
    """A note without the tags of HTML that Zotero writes there."""
    if not re.search(r"</?(?:p|div|br)\b[^<>]*>", note):
        return note
    from html import unescape

    text = re.sub(r"</(?:p|div)>\s*|<br ?/?>", "\n", note)
    return unescape(re.sub(r"</?[a-z][^<>]*>", "", text)).strip()


def _strings(value: object) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str | int):
            yield str(one)
