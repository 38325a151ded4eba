"""Record to CSL item: the one table of correspondences, in one direction for printing and one for export.

Printing (`to_item`) says only what a style can print rightly; export (`to_export`) keeps everything a reference manager
has a place for, and puts the rest into `note` and `custom`. Why fields go where they go is said beside each.

Sources: the CSL 1.0.2 specification, appendix IV; what Chicago's styles and Zotero do with archival fields was
measured, and is in docs/architecture.md.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from citekit.archives import shipped
from citekit.csl import item as csl
from citekit.dates import Date, Point
from citekit.dates import parse as parse_date
from citekit.errors import CitekitError, ParseError
from citekit.locators import Locator
from citekit.names import Name, romanized, same_person
from citekit.shelfmark import (
    OPIS,
    PLAIN,
    Form,
    Level,
    Part,
    Shelfmark,
    format_mark,
    format_part,
    format_reference,
)
from citekit.shelfmark import parse as parse_mark
from citekit.store import is_key

if TYPE_CHECKING:
    from citekit.record import Location, Record, Reprint

# How the styles of our own want a shelfmark: they print archive and shelfmark as one reference.
FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "wilson-center": Form(),
        "wilson-center-old": Form(after_siglum=": "),  # "APRF: F. 39", as most pages of the older site have it
    }
)

CSL_TYPES = frozenset(
    (
        "article article-journal article-magazine article-newspaper bill book broadcast chapter classic "
        "collection dataset document entry entry-dictionary entry-encyclopedia event figure graphic "
        "hearing interview legal_case legislation manuscript map motion_picture musical_score pamphlet "
        "paper-conference patent performance periodical personal_communication post post-weblog "
        "regulation report review review-book software song speech standard thesis treaty webpage"
    ).split()
)
# Name variables that say the same as our roles. Contributor is missing: Chicago prints "with", as for an author.
_ROLES = {name: name for name in ("author", "editor", "compiler", "interviewer")}
_PUBLISHED = {
    "container": "container-title",
    "volume": "volume",
    "issue": "issue",
    "pages": "page",
    "edition": "edition",
    "publisher": "publisher",
    "place": "publisher-place",
    "isbn": "ISBN",
    "issn": "ISSN",
    "doi": "DOI",
    "series": "collection-title",
}


def to_item(record: Record, form: Form = PLAIN, *, own: bool = False) -> csl.Item:
    """The item that a style prints.

    *form* says how the shelfmark is written. With *own*, for the styles of our own, archive and levels are one
    reference in `archive_collection`, the leaves stand in `archive_location`, and `note` holds the printed source and
    the credits.
    """
    fields = _described(record)
    fields |= {_ROLES[role]: _names(people) for role, people in record.people.items() if role in _ROLES}
    if "author" in fields and "translator" in record.people:
        # without an author Chicago makes the translator the author; then the credits name him
        fields["translator"] = _names(record.people["translator"])
    if record.people.get("recipient") and not record.title:
        # Chicago prints a recipient well only where no title stands ("Stalin to Mao Zedong")
        fields["recipient"] = _names(record.people["recipient"])
    if own:
        if record.descriptive:  # our styles print `genre` without quotation marks where no title stands
            fields["genre"] = fields.pop("title")
        fields |= _reference(record, form) | _texts(note=" ".join([*reprints(record), *credits_of(record)]))
    elif record.locations:
        fields |= _archive(record.locations[0], form)
    fields |= _texts(publisher=record.online.publisher, URL=record.online.url)
    fields |= _dates(issued=record.date, accessed=record.online.accessed)
    fields |= _published(record)
    return csl.Item(record.key, _type(record), {**fields, **_passed(record)})


def to_export(record: Record) -> csl.Item:
    """The item that a reference manager imports: everything it has a place for, the rest in `note` and `custom`.

    Source: runs of Zotero, pandoc and citeproc-js on such files: whole shelfmark in `archive_location`, the archive's
    city in `publisher-place` too (Zotero reads only that), no creator that a type lacks (Zotero makes it an author),
    the date in `raw` too (the only way a circa date arrives).
    """
    kind = _type(record)
    people = {role: _names(names) for role, names in record.people.items()}
    if people.get("recipient") and record.type in ("letter", "telegram", "cable") and kind == "manuscript":
        kind = "personal_communication" if record.type == "letter" else kind
    fields = _described(record)
    fields["genre"] = record.type if kind in ("manuscript", "personal_communication") else ""
    roles = ("author", "translator", "contributor")
    fields |= {role: people[role] for role in roles if role in people}
    if kind == "personal_communication":
        fields |= {"recipient": people["recipient"]}
    if not record.locations:
        fields |= {role: people[role] for role in ("editor", "compiler", "interviewer") if role in people}
    else:
        fields |= _archive(record.locations[0], PLAIN)
        fields["publisher-place"] = fields.get("archive-place", "")
    online = record.online
    fields |= _texts(publisher=online.publisher, source=online.publisher, URL=online.url)
    fields |= _dates(issued=record.date, accessed=online.accessed, raw=True)
    fields |= _texts(abstract=record.abstract, keyword=", ".join(record.tags), number=record.number)
    fields |= _published(record)
    note = [*reprints(record), *credits_of(record), record.note]
    fields |= _texts(note=" ".join(part for part in note if part))
    fields |= _passed(record)
    fields["custom"] = _custom(record)
    return csl.Item(record.key, kind, {key: value for key, value in fields.items() if value})


def _passed(record: Record) -> dict[str, Any]:
    """The variables that the record passes through as they are, in CSL's own form."""
    return dict(csl.from_json(record.csl).fields)


def _type(record: Record) -> str:
    """The CSL type: archival documents are manuscripts, whatever they are, for a `report` prints only its year.

    A letter without a title is personal communication; one with a title is not, for Chicago's form of that has no
    place for titles.
    """
    kind = record.type.replace(" ", "-").lower()
    if record.locations or not kind:
        untitled_letter = record.people.get("recipient") and not record.title
        return "personal_communication" if untitled_letter else "manuscript"
    if kind in CSL_TYPES:
        return kind
    return {"article": "article-journal", "chapter": "chapter"}.get(
        kind, "manuscript" if not record.published else "book"
    )


def _described(record: Record) -> dict[str, Any]:
    title = f'<span class="nocase">{record.title}</span>' if record.descriptive else record.title
    fields = _texts(title=title, language=record.language)
    fields |= {"title-short": record.short_title} if record.short_title else {}
    # a title that names its kind ("Memorandum of Conversation ...") does not have it said twice
    if _type(record) == "manuscript" and record.type.casefold() not in record.title.casefold():
        fields |= _texts(genre=record.type)
    return fields


def _texts(**values: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def _dates(*, raw: bool = False, **values: Date | None) -> dict[str, Any]:
    return {key: csl_date(date, raw=raw) for key, date in values.items() if date}


def _published(record: Record) -> dict[str, Any]:
    return {_PUBLISHED[key]: str(value) for key, value in record.published.items() if key in _PUBLISHED}


def _names(names: Iterable[Name]) -> tuple[csl.Name, ...]:
    return tuple(csl_name(name) for name in names)


def csl_name(name: Name) -> csl.Name:
    """The name as CSL has it. A name that is never turned round is one literal."""
    if name.literal or name.order == "family-first":
        return csl.Name(literal=name.literal or f"{name.family} {name.given}".strip())
    return csl.Name(name.family, name.given, suffix=name.suffix, non_dropping_particle=name.particle)


def csl_date(date: Date, *, raw: bool = False) -> csl.Date:
    """The date as CSL has it, with its EDTF text in `raw` where asked. An uncertain date counts as circa.

    A decade or century that is not known better ("194X") is a literal, "1940s".
    """
    more: dict[str, Any] = {"circa": True} if date.circa or date.uncertain else {}
    more |= {"raw": date.edtf} if raw else {}
    if date.unspecified and date.start and date.end and date.start.year != date.end.year:
        decade = date.end.year - date.start.year == 9
        return csl.Date(
            more={**more, "literal": f"{date.start.year}s" if decade else f"{date.start.year}–{date.end.year}"}
        )
    points = [point for point in (date.start, date.end if date.is_range() else None) if point]
    if len(points) == 1 and points[0].season:
        more["season"] = points[0].season - 20
        return csl.Date(((points[0].year,),), more)
    parts = tuple(_parts(point) for point in points)
    if date.start and date.is_range() and not date.end and not raw:
        parts = (*parts, (0,))  # how citeproc-js has a range without an end; importers read `raw`
    return csl.Date(parts, more)


def _parts(point: Point) -> tuple[int, ...]:
    return tuple(number for number in (point.year, point.season or point.month, point.day) if number)


# Where the original lies


def archive_name(location: Location, form: Form = PLAIN) -> str:
    """The archive as it is printed: as the record writes it, or its siglum in the script that is asked for."""
    known = location.known
    if known is None:
        return location.archive
    as_siglum = location.archive in known.sigla or location.archive == known.key
    if as_siglum and (form.script == "Cyrl" or location.archive not in known.sigla):
        return known.siglum(form.script)
    return location.archive


def shelfmark_text(location: Location, form: Form = PLAIN) -> str:
    """The whole shelfmark without its archive; the record's own words where no level fits."""
    return format_mark(location.mark, location.scheme, form) if location.mark else location.words


def _archive(location: Location, form: Form) -> dict[str, Any]:
    """The shelfmark stays whole in `archive_location`: split over two variables, Chicago turns it round."""
    name = archive_name(location, form)
    place = location.city if location.city.casefold() not in name.casefold() else ""
    fields = _texts(archive=name, archive_location=shelfmark_text(location, form))
    return fields | ({"archive-place": place} if place else {})


def reference(location: Location, form: Form = PLAIN) -> tuple[str, str]:
    """Archive and levels as one text, and the leaves with what follows them, for styles that part the two."""
    parts = location.mark.parts if location.mark else ()
    leaves = tuple(part for part in parts if isinstance(part.value, Locator))
    levels = Shelfmark(tuple(part for part in parts if part not in leaves))
    text = format_mark(levels, location.scheme, form) if location.mark else location.words
    first = location.scheme.level(levels.parts[0].level) if levels.parts else None
    marked = bool(first and first.marks and not first.after)
    name = archive_name(location, form)
    whole = format_reference(name, text, marked=marked, scheme=location.scheme, form=form)
    tail = ", ".join(
        part for part in (format_mark(Shelfmark(leaves), location.scheme, form), location.file_title) if part
    )
    return whole, ". ".join(part for part in (tail, location.note) if part)


def cited_leaves(record: Record, at: Locator, form: Form = PLAIN) -> str:
    """The leaves a note cites, as the record's archive marks them: "l. 161ob.", "арк. 5", "p. 7"."""
    scheme = record.locations[0].scheme if record.locations else None
    if scheme and at.label in ("", "folio"):
        level = next((level for level in scheme.levels if level.leaf), scheme.level("list"))
        return format_part(Part(level.name, at), level, form)
    names = {"page": ("p.", "pp."), "folio": ("fol.", "fols."), "": ("", "")}
    single, several = names.get(at.label, (at.label, at.label))
    return f"{several if at.is_plural() else single} {cited_numbers(at, form)}".strip()


def cited_numbers(at: Locator, form: Form = PLAIN) -> str:
    """The leaves a note cites without a mark before them: "160-163ob."."""
    return format_part(Part("", at), Level("", verso={"Latn": "ob.", "Cyrl": " об."}), form)


def _reference(record: Record, form: Form) -> dict[str, Any]:
    if record.locations:
        collection, location = reference(record.locations[0], form)
        return _texts(archive_collection=collection, archive_location=location)
    # a document that was read in print only: its printed source stands where the reference would
    return _texts(archive_collection="; ".join(_reprint(reprint) for reprint in record.reprinted))


def reprints(record: Record) -> tuple[str, ...]:
    """The sentence on the printed sources, where the document has a reference besides."""
    if not (record.locations and record.reprinted):
        return ()
    return (_sentence("Reprinted in " + "; ".join(_reprint(reprint) for reprint in record.reprinted)),)


def _reprint(reprint: Reprint) -> str:
    mark = "pp." if re.search(r"\d\D+\d", reprint.pages) else "p."
    return reprint.text + (f", {mark} {reprint.pages}" if reprint.pages else "")


def _sentence(text: str) -> str:
    return text if text.endswith(".") else text + "."


# Credits, in the Wilson Center's words

_VERBS = {"contributor": "contributed", "obtained_by": "obtained", "translator": "translated", "editor": "edited"}


def credits_of(record: Record) -> tuple[str, ...]:
    """The sentence that says who contributed, obtained, translated and edited the document; none where nobody did.

    Roles of the same people are one ("Obtained and translated for NKIDP by X"). Two groups are joined by "and", or by a
    comma where the last one has an "and" of its own.
    Source: our reading of the Wilson Center Digital Archive's citations, which know at least nine shapes.
    """
    groups: list[tuple[list[str], tuple[Name, ...]]] = []
    for role, verb in _VERBS.items():
        if role == "editor" and not record.locations:
            continue
        for people in _alike(record.people.get(role, ())):
            last = groups[-1] if groups else None
            if last and _same(last[1], people):
                last[0].append(verb)
            else:
                groups.append(([verb], people))
    phrases = [_phrase(verbs, people) for verbs, people in groups]
    if not phrases:
        return ()
    comma = len(groups[-1][1]) > 1
    text = phrases[0] if len(phrases) == 1 else ", ".join(phrases[:-1]) + (", " if comma else " and ") + phrases[-1]
    return (_sentence(text[0].upper() + text[1:]),)


def _alike(people: tuple[Name, ...]) -> list[tuple[Name, ...]]:
    """The people in groups that did it for the same project and from the same language, order kept."""
    groups: dict[tuple[str, str], list[Name]] = {}
    for name in people:
        groups.setdefault((name.for_, name.from_), []).append(name)
    return [tuple(names) for names in groups.values()]


def _same(people: tuple[Name, ...], others: tuple[Name, ...]) -> bool:
    return len(people) == len(others) and all(
        same_person(a, b) and (a.for_, a.from_) == (b.for_, b.from_) for a, b in zip(people, others, strict=True)
    )


def _phrase(verbs: list[str], people: tuple[Name, ...]) -> str:
    from_ = f" from {people[0].from_}" if people[0].from_ else ""
    for_ = f" for {people[0].for_}" if people[0].for_ else ""
    return f"{join_words(verbs)}{from_}{for_} by {join_words([name.display() for name in people])}"


def join_words(words: list[str]) -> str:
    """The words as English lists them.

    >>> join_words(["A", "B", "C"]), join_words(["A", "B"])
    ('A, B, and C', 'A and B')
    """
    if len(words) < 3:
        return " and ".join(words)
    return ", ".join(words[:-1]) + ", and " + words[-1]


def _custom(record: Record) -> dict[str, Any]:
    """What CSL has no variable for: the levels of the shelfmark, other titles, other roles, the rest of the record."""
    levels = {}
    if record.locations and record.locations[0].mark:
        scheme = record.locations[0].scheme
        for part in record.locations[0].mark.parts:
            bare = replace(scheme.level(part.level), marks={})
            levels[part.level] = format_part(part, bare)
    other = {role: [name.display() for name in names] for role, names in record.people.items()}
    printed = ("author", "translator", "contributor")
    own = record.csl.get("custom")  # of another program, kept by an import
    custom: dict[str, Any] = (
        (dict(own) if isinstance(own, Mapping) else {})
        | levels
        | {f"title-{kind}": title for kind, title in record.titles.items()}
    )
    custom |= {role.replace("_", "-"): names for role, names in other.items() if role not in printed}
    custom |= _texts(classification=record.classification, credits=record.credits)
    custom |= {"date-note": record.date_note} if record.date_note else {}
    custom |= {"bibtex": dict(found)} if isinstance(found := record.table.get("bibtex"), Mapping) and found else {}
    custom |= {"calendar": "julian"} if record.date and record.date.calendar == "julian" else {}
    return custom | ({"title-kind": "descriptive"} if record.descriptive else {})


# The way back: an item of somebody else's becomes the table of a record

_BACK = {"title": "title", "title-short": "short_title", "language": "language", "abstract": "abstract"} | {
    "number": "number",
    "note": "note",
}
_PUBLISHED_BACK = {variable: field for field, variable in _PUBLISHED.items()}


def to_table(item: csl.Item) -> dict[str, Any]:
    """The table of a record that says what *item* says. What a record has no field for goes into `[csl]` as it is.

    A shelfmark in `archive_location` is split into its levels where that can be undone; else its words are kept.
    """
    fields = {key: value for key, value in item.fields.items() if value not in (None, "", (), {})}
    table: dict[str, Any] = {"type": _kind(item.type, fields)}
    table |= {_BACK[key]: str(fields.pop(key)) for key in _BACK if isinstance(fields.get(key), str | int)}
    if isinstance(fields.get("keyword"), str):
        table["tags"] = [tag.strip() for tag in re.split("[,;]", fields.pop("keyword")) if tag.strip()]
    if isinstance(fields.get("issued"), csl.Date) and (dated := _date_back(fields["issued"])):
        del fields["issued"]
        table |= dated
    people = {
        role: [_name_back(name) for name in fields.pop(role)]
        for role in sorted(csl.NAME_VARIABLES & fields.keys())
        if isinstance(fields[role], tuple)
    }
    table |= {"people": {role.replace("-", "_"): names for role, names in people.items()}} if people else {}
    location = _location_back(fields)
    online = {"url": str(fields.pop("URL"))} if "URL" in fields else {}
    if isinstance(fields.get("accessed"), csl.Date) and "date" in (accessed := _date_back(fields["accessed"])):
        online["accessed"] = accessed["date"]
        del fields["accessed"]
    if location and isinstance(fields.get("publisher"), str):
        online = {"publisher": fields.pop("publisher")} | online
    published = {
        _PUBLISHED_BACK[key]: str(fields.pop(key)) for key in list(fields) if key in _PUBLISHED_BACK and not location
    }
    rest = {key: _value_back(value) for key, value in fields.items()}
    tables = {"location": [location] if location else [], "online": online, "published": published, "csl": rest}
    return table | {name: value for name, value in tables.items() if value}


def _kind(type_: str, fields: dict[str, Any]) -> str:
    genre = fields.get("genre")
    if type_ in ("manuscript", "") and isinstance(genre, str):
        del fields["genre"]
        return genre
    return {"personal_communication": "letter", "": "document"}.get(type_, type_)


def _name_back(name: csl.Name) -> str | dict[str, str]:
    if name.literal:
        return {"literal": name.literal} if "," in name.literal else name.literal
    parts = {
        "family": name.family,
        "given": " ".join(part for part in (name.given, name.dropping_particle) if part),
        "particle": name.non_dropping_particle,
        "suffix": name.suffix,
    }
    plain = parts["family"] and parts["given"] and not (parts["particle"] or parts["suffix"])
    if plain and "," not in parts["family"] + parts["given"]:
        return f"{parts['family']}, {parts['given']}"
    return {key: value for key, value in parts.items() if value} or {"name": "?"}


def _date_back(date: csl.Date) -> dict[str, Any]:
    """`date` in EDTF, by `raw` where that is EDTF, else by the parts; `date_note` for words."""
    raw = date.more.get("raw", "")
    if isinstance(raw, str) and _is_edtf(raw):
        return {"date": _plain_day(raw)}
    points = [
        "-".join([f"{point[0]:04d}", *(f"{number:02d}" for number in point[1:])]) for point in date.parts if point
    ]
    season = date.more.get("season")
    if len(points) == 1 and len(points[0]) == 4 and str(season) in "1234" and season:
        points = [f"{points[0]}-{20 + int(season)}"]
    text = "/".join(points) + ("~" if points and date.more.get("circa") else "")
    if text and _is_edtf(text):
        return {"date": _plain_day(text)}
    words = "" if text else str(date.more.get("literal") or raw or "")
    return {"date_note": words} if words else {}  # what is no date stays as it stood, in [csl]


def _is_edtf(text: str) -> bool:
    try:
        parse_date(text)
    except ParseError:
        return False
    return True


def _plain_day(text: str) -> Any:
    return datetime.date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text


def _location_back(fields: dict[str, Any]) -> dict[str, Any]:
    taken = {
        key: fields[key] for key in ("archive", "archive_location", "archive-place") if isinstance(fields.get(key), str)
    }
    if not ({"archive", "archive_location"} & taken.keys()):
        return {}
    for key in taken:
        del fields[key]
    archive, words = taken.get("archive", ""), taken.get("archive_location", "")
    location: dict[str, Any] = {"archive": archive} if archive else {}
    location |= levels_of(archive, words) if words else {}
    return location | ({"place": taken["archive-place"]} if "archive-place" in taken else {})


def levels_of(archive: str, words: str) -> dict[str, str]:
    """The shelfmark *words* as the fields of a location: by levels where they print back the same, else in words."""
    try:
        known = shipped().find(archive) if archive else None
        scheme = known.scheme if known else OPIS
        mark = parse_mark(words, scheme)
        if format_mark(mark, scheme) != words:
            return {"shelfmark": words}
    except (ParseError, CitekitError):
        return {"shelfmark": words}
    return {part.level: format_part(part, replace(scheme.level(part.level), marks={})) for part in mark.parts}


def _value_back(value: Any) -> Any:
    """A value as TOML can hold it: dates and names as CSL-JSON has them, nothing left out but nulls."""
    if isinstance(value, csl.Date | tuple):
        value = csl.to_json(csl.Item("", "", {"x": value}))["x"]
    if isinstance(value, Mapping):
        return {key: _value_back(part) for key, part in value.items() if part is not None}
    if isinstance(value, list):
        return [_value_back(part) for part in value if part is not None]
    return value


def proposed_key(table: Mapping[str, Any], taken: Iterable[str]) -> str:
    """A key for a new record: the first author, or the first word of the title, and the date, in plain ASCII; a letter
    where that is taken, whatever its case.

    >>> proposed_key({"people": {"author": ["Молотов, В. М."]}, "date": "1946-11~"}, ["Molotov-1946-11"])
    'molotov-1946-11-a'
    """
    people = table.get("people", {})
    author = next(iter(people.get("author", [])), "") if isinstance(people, Mapping) else ""
    name = author if isinstance(author, str) else str(author.get("family") or author.get("name") or "")
    words = re.findall(r"[a-z0-9]+", romanized(name.split(",")[0] or str(table.get("title", ""))).casefold())
    small = {"a", "an", "the", "on", "of", "from", "to", "le", "la", "der", "die", "das", "o", "ob"}
    first = next((word for word in words if name or word not in small), "record")[:60]
    first = first if is_key(first) else f"{first}-record"  # "con" and "aux" are names of devices
    dated = re.match(r"-?[0-9]{4}(-[0-9]{2}){0,2}", str(table.get("date", "")))
    return free_key(f"{first}-{dated[0]}" if dated else first, taken)


def free_key(key: str, taken: Iterable[str]) -> str:
    """*key*, or where that is taken, whatever its case, *key* with the first letter that is free.

    >>> free_key("molotov-1946", ["Molotov-1946", "molotov-1946-a"])
    'molotov-1946-b'
    """
    used = {other.casefold() for other in taken}
    letters = (f"{key}-{letter}" for letter in _letters())
    return key if key.casefold() not in used else next(one for one in letters if one.casefold() not in used)


def _letters() -> Iterator[str]:
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    yield from alphabet
    for first in _letters():
        yield from (first + second for second in alphabet)
