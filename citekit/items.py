"""Items that come back: a CSL item, of another program or of our own export, becomes the table of a record.

`to_table` reads what anybody's item says; `rest` is what a record has besides, which a format writes into one field
more (`citekit.exchange`), and `returned` puts the two together again. What goes where on the way out is
`citekit.mapping`.

>>> to_table(csl.Item("k", "manuscript", {"archive": "RGASPI", "archive_location": "f. 558, op. 11"}))
{'type': 'manuscript', 'location': [{'archive': 'RGASPI', 'fond': '558', 'opis': '11'}]}
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from citekit.archives import shipped
from citekit.credits import read as read_credits
from citekit.csl import item as csl
from citekit.dates import parse as parse_date
from citekit.dates import read_noted, table_of, toml_value
from citekit.errors import ParseError, Where
from citekit.exchange import Change, changes, restored
from citekit.locations import at, names_archive
from citekit.locations import read as read_locations
from citekit.mapping import CSL_TYPES, IMPORTED, PUBLISHED, before_note, shelfmark_text
from citekit.patterns import pattern
from citekit.record import parse as parse_record
from citekit.shelfmark import OPIS

if TYPE_CHECKING:
    from citekit.record import Record


def rest(record: Record, read: Mapping[str, Any]) -> list[Change]:
    """What makes the record of what `to_table` has *read* in its own export."""
    said = dict(record.table) | ({"note": read["note"]} if "note" in read else {})
    found = changes(said, read)
    # its note has sentences of the export, which `returned` takes off again, once it has the people who are in them
    return found if returned(read, found) == record.table else changes(record.table, read)


def returned(read: Mapping[str, Any], found: Iterable[Change]) -> dict[str, Any]:
    """The record's table of what `to_table` has *read* and the `rest` that was *found* beside it."""
    table = restored(read, found)
    note = table.get("note")
    record = parsed(table) if isinstance(note, str) else None
    said = " ".join(before_note(record)) if record else ""
    if record is None or not said or not f"{note} ".startswith(f"{said} "):
        return table
    own = str(note)[len(said) + 1 :]
    return table | {"note": own} if own else {name: value for name, value in table.items() if name != "note"}


def parsed(table: Mapping[str, Any]) -> Record | None:
    """The record that *table* makes, or None where it has an error."""
    return parse_record("", table, shipped(), lambda at: Where(""))[0]


_BACK = {"title": "title", "title-short": "short_title", "language": "language", "abstract": "abstract"} | {
    "number": "number",
    "note": "note",
}
_PUBLISHED_BACK = {variable: field for field, variable in PUBLISHED.items()}
_OWN = (
    "titles",
    "title_kind",
    "number",
    "people",
    "calendar",
    "online",
    "reprinted",
    "date_note",
    "classification",
    "credits",
)
_NOCASE = ('<span class="nocase">', "</span>")


def to_table(item: csl.Item) -> dict[str, Any]:
    """The table of a record that says what *item* says. What a record has no field for goes into `[csl]` as it is.

    Also what Zotero's users write into Extra is read, and shelfmarks where programs put them for want of a place. A
    shelfmark is split into its levels where all of it is surely read; else its words are kept.
    """
    fields = {key: value for key, value in item.fields.items() if value not in (None, "", (), {})}
    kind = _read_extra(fields) or item.type
    own = _own(fields)
    locations = _locations_back(fields)
    table: dict[str, Any] = {"type": _kind(kind, fields)}
    table |= {_BACK[key]: str(fields.pop(key)) for key in _BACK if isinstance(fields.get(key), str | int)}
    if "title_kind" in own and table.get("title", "").startswith(_NOCASE[0]):
        table["title"] = table["title"].removeprefix(_NOCASE[0]).removesuffix(_NOCASE[1])
    if isinstance(fields.get("keyword"), str):
        table["tags"] = [tag.strip() for tag in re.split("[,;]", fields.pop("keyword")) if tag.strip()]
    if isinstance(fields.get("issued"), csl.Date) and (dated := _date_back(fields["issued"])):
        del fields["issued"]
        table |= dated
    people = {
        role.replace("-", "_"): [_name_back(name) for name in fields.pop(role)]
        for role in sorted(csl.NAME_VARIABLES & fields.keys())
        if isinstance(fields[role], tuple)
    }
    people |= own.pop("people", {})
    for location in locations:
        people |= {role: names for role, names in _credited(location).items() if role not in people}
    online = {**_online_back(fields, archival=bool(locations)), **own.pop("online", {})}
    published = {_PUBLISHED_BACK[key]: str(fields.pop(key)) for key in list(fields) if key in _PUBLISHED_BACK}
    tables = {"people": people, "location": locations, "online": online, "published": published}
    left = {"csl": {key: _value_back(value) for key, value in fields.items()}}
    return table | {name: value for name, value in (tables | own | left).items() if value}


def _own(fields: dict[str, Any]) -> dict[str, Any]:
    """What `_custom` put there, taken out of `custom`; nothing where another program means something else by it."""
    custom = fields.get("custom")
    if not isinstance(custom, Mapping):
        return {}
    own = {name: custom[name] for name in _OWN if name in custom}
    if parsed(own) is None:
        return {}
    own |= {name: custom[name] for name in IMPORTED if isinstance(custom.get(name), Mapping)}
    _put_back(fields, "custom", {name: value for name, value in custom.items() if name not in own})
    return own


# What users of Zotero and of citeproc-js write into Extra, a line a variable. Source: the Zotero documentation, "Citing
# Fields from Extra"; names that are words of any note ("source: ...") are left alone.
_IN_EXTRA = {
    re.sub("[-_]", "", name).casefold(): name
    for name in (
        *csl.NAME_VARIABLES,
        *csl.DATE_VARIABLES,
        *"archive archive_collection archive_location archive-place genre medium type container-title".split(),
        *"collection-title publisher-place call-number citation-key DOI ISBN ISSN PMID PMCID original-title".split(),
        *"original-publisher original-publisher-place event-title event-place number-of-pages".split(),
        *"volume-title title-short".split(),
    )
} | {"loc.inarchive": "archive_location"}
_EXTRA_LINE = pattern(r"([^\W\d_][\w .-]{1,40}?)\s?:\s?(\S.*)")


def _read_extra(fields: dict[str, Any]) -> str:
    """Takes the variables out of the lines of `note`; a line whose variable the item has is left. The type, if one is
    said there."""
    note, kind, left = fields.get("note"), "", []
    if not isinstance(note, str) or ":" not in note:
        return ""
    for line in note.split("\n"):
        match = _EXTRA_LINE.fullmatch(line.strip())
        name = _IN_EXTRA.get(re.sub(r"[-_\s]", "", match[1]).casefold(), "") if match else ""
        if match is None or not name:
            left.append(line)
        elif name == "type" and match[2] in CSL_TYPES:
            kind = match[2]
        elif name in csl.NAME_VARIABLES and isinstance(fields.get(name, ()), tuple):
            family, bars, given = match[2].partition("||")
            person = csl.Name(family.strip(), given.strip()) if bars else csl.Name(literal=match[2].strip())
            fields[name] = (*fields.get(name, ()), person)
        elif name in csl.DATE_VARIABLES and (name == "issued" or name not in fields) and toml_value(match[2].strip()):
            fields[name] = csl.Date(more={"raw": match[2].strip()})
        elif name not in fields and name not in csl.DATE_VARIABLES | {"type"}:
            fields[name] = match[2].strip()
        else:
            left.append(line)
    _put_back(fields, "note", "\n".join(left).strip())
    return kind


def _put_back(fields: dict[str, Any], name: str, value: Any) -> None:
    """What was left of a variable, of which a part was taken out."""
    fields[name] = value
    if not value:
        del fields[name]


def _kind(type_: str, fields: dict[str, Any]) -> str:
    genre = fields.get("genre")
    if type_ in ("manuscript", "document", "personal_communication", "") and isinstance(genre, str):
        del fields["genre"]
        return genre
    return {"personal_communication": "letter", "": "document"}.get(type_, type_)


def _online_back(fields: dict[str, Any], *, archival: bool) -> dict[str, Any]:
    """Where the document was read: `source`, which an export says in `publisher` too; of an archival document also
    `publisher` alone."""
    online: dict[str, Any] = {}
    publisher, source = fields.get("publisher"), fields.get("source")
    if isinstance(publisher, str) and (publisher == source or (archival and "source" not in fields)):
        online["publisher"] = fields.pop("publisher")
        fields.pop("source", None)
    elif isinstance(source, str):
        online["publisher"] = fields.pop("source")
    if "URL" in fields:
        online["url"] = str(fields.pop("URL"))
    if isinstance(fields.get("accessed"), csl.Date) and (accessed := _date_back(fields["accessed"])).keys() == {"date"}:
        online["accessed"] = accessed["date"]
        del fields["accessed"]
    return online


def _name_back(name: csl.Name) -> str | dict[str, str]:
    if not name.family:  # a body, or one who has but one name
        words = [name.literal or name.given, name.dropping_particle, name.non_dropping_particle, name.suffix]
        only = " ".join(word for word in words if word.strip()) or "?"
        return {"literal": only} if "," in only else only
    parts = {
        "family": name.family,
        "given": " ".join(part for part in (name.given, name.dropping_particle) if part),
        "particle": name.non_dropping_particle,
        "suffix": name.suffix,
    }
    plain = parts["family"] and parts["given"] and not (parts["particle"] or parts["suffix"])
    if plain and "," not in parts["family"] + parts["given"]:
        return f"{parts['family']}, {parts['given']}"
    return {key: value for key, value in parts.items() if value}


def _date_back(date: csl.Date) -> dict[str, Any]:
    """`date` in EDTF, by `raw` where that is EDTF, else by the parts, else by the words; `date_note` for words that are
    no date."""
    raw = date.more.get("raw", "")
    if isinstance(raw, str) and (value := toml_value(raw)):
        return {"date": value}
    points = [
        "-".join([f"{point[0]:04d}", *(f"{number:02d}" for number in point[1:])]) for point in date.parts if point
    ]
    season = date.more.get("season")
    if len(points) == 1 and len(points[0]) == 4 and str(season) in "1234" and season:
        points = [f"{points[0]}-{20 + int(season)}"]
    text = "/".join(points) + ("~" if points and date.more.get("circa") else "")
    if value := toml_value(text):
        return {"date": value}
    words = "" if text else str(date.more.get("literal") or raw or "")
    return _dated_in_words(words, circa=bool(date.more.get("circa"))) if words else {}  # no date stays in [csl]


def _dated_in_words(words: str, *, circa: bool) -> dict[str, Any]:
    try:
        date, note = read_noted(words)
        if circa and date.edtf and not date.is_range() and not (date.circa or date.uncertain):
            date = parse_date(f"{date.edtf}~", date.calendar)
    except ParseError:
        return {"date_note": words}
    return table_of(date, note) or {"date_note": words}


def _locations_back(fields: dict[str, Any]) -> list[dict[str, Any]]:
    """Where the document lies, taken out of the variables that say it."""
    archive, words = (_text_of(fields, name) for name in ("archive", "archive_location"))
    found: list[dict[str, Any]] = []
    if archive or words:
        found = _typed(fields, archive, words)
        for name in ("archive", "archive_location"):
            fields.pop(name, None)
    else:
        for name in ("call-number", "publisher", "volume", "number", "note"):
            if found := _elsewhere(fields, name):
                break
    if not found:
        return []
    if "archive" not in found[0] and archive:
        found[0] = {"archive": archive} | found[0]
    elif archive and found[0]["archive"] != archive:  # the site, as Zotero's translator for the Wilson Center has it
        fields.setdefault("source", archive)
    _take_place(fields, found[0])
    return found


def _text_of(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _typed(fields: dict[str, Any], archive: str, words: str) -> list[dict[str, Any]]:
    """The location, by the levels in `custom` where they say the same, else as the words are read: somebody changed
    those over there, and levels that say otherwise are older."""
    base = {"archive": archive} if archive else {}
    if not words:
        return [base]
    custom = fields.get("custom")
    custom = dict(custom) if isinstance(custom, Mapping) else {}
    known = shipped().sure(archive)
    names = {*OPIS.names(), *(known.scheme.names() if known else ())}
    levels = {name: value for name, value in custom.items() if name in names and isinstance(value, str)}
    told = parsed({"location": [base | levels]}) if levels else None
    if told and shelfmark_text(told.locations[0]) == words:
        found = [base | levels]
    else:
        collection = _text_of(fields, "archive_collection")
        found = read_locations(f"{collection}, {words}", archive) if collection else []
        if found:
            del fields["archive_collection"]
        found = found or at(archive, words)
    if any(name in levels for name in found[0]):
        _put_back(fields, "custom", {name: value for name, value in custom.items() if name not in levels})
    return found


def _elsewhere(fields: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """A shelfmark in a variable that is not meant for it, taken out: of an archive that is known, and alone in its
    line. Zotero writes a BibTeX `howpublished` as "Published: ..." into Extra."""
    lines = _text_of(fields, name).split("\n")
    likely = (number for number, line in enumerate(lines) if names_archive(line))
    for number in islice(likely, _MOST_LINES):
        if found := read_locations(lines[number].strip().removeprefix("Published: ").removesuffix(".")):
            left = "\n".join(lines[:number] + lines[number + 1 :])
            _put_back(fields, name, left)
            return found
    return []


_MOST_LINES = 40  # that are read; a note of a hundred thousand lines is no list of shelfmarks


def _credited(location: dict[str, Any]) -> Mapping[str, Any]:
    """The people whom the note of a location credits, taken out of it where nothing else stands there."""
    people, unread = read_credits(str(location.get("note", "")))
    if not people or unread:
        return {}
    del location["note"]
    return people


def _take_place(fields: dict[str, Any], location: dict[str, Any]) -> None:
    """The archive's place: what `archive-place` says, or `publisher-place` alone; none where the registry knows it."""
    known = shipped().sure(location.get("archive", ""))
    place, other = _text_of(fields, "archive-place"), _text_of(fields, "publisher-place")
    if place or not (known and known.city != other):
        fields.pop("archive-place", None)
        if other == (place := place or other):
            fields.pop("publisher-place", None)
    if place and not (known and known.city == place):
        location["place"] = place


def _value_back(value: Any) -> Any:
    """A value as TOML can hold it: dates and names as CSL-JSON has them, nothing left out but nulls."""
    if isinstance(value, csl.Date | tuple):
        value = csl.to_json(csl.Item("", "", {"x": value}))["x"]
    if isinstance(value, Mapping):
        return {key: _value_back(part) for key, part in value.items() if part is not None}
    if isinstance(value, list):
        return [_value_back(part) for part in value if part is not None]
    return value
