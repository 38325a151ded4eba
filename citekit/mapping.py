"""Record to CSL item: the one table of correspondences, in one direction for printing and one for export.

Printing (`to_item`) says only what a style can print rightly; export (`to_export`) keeps everything a reference manager
has a place for, and puts the rest into `note` and `custom`. Why fields go where they go is said beside each.

Sources: the CSL 1.0.2 specification, appendix IV; what Chicago's styles and Zotero do with archival fields was
measured, and is in docs/architecture.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from citekit.archives import script_of
from citekit.csl import item as csl
from citekit.dates import Date, Language, Point, gregorian, in_words, is_pair
from citekit.dates import parse as parse_date
from citekit.errors import ParseError
from citekit.locators import EN_DASH, Locator
from citekit.names import Name, romanize, romanized, same_person
from citekit.names import parse as parse_name
from citekit.shelfmark import (
    PLAIN,
    Form,
    Level,
    Part,
    Scheme,
    Script,
    Shelfmark,
    format_mark,
    format_part,
    format_reference,
)
from citekit.store import is_key
from citekit.values import frozen

if TYPE_CHECKING:
    from citekit.archives import Archive
    from citekit.record import Location, Record, Reprint

# How the styles of our own want a shelfmark: they print archive and shelfmark as one reference.
FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "wilson-center": Form(),
        "wilson-center-old": Form(after_siglum=": "),  # "APRF: F. 39", as most pages of the older site have it
        # "РГАСПИ. Ф. 558. Оп. 11. Д. 98. Л. 160–163": GOST R 7.0.5-2008, 11; DSTU 8302:2015
        "gost-r-7-0-5-2008-archive": Form(capital=True, between=". ", after_siglum=". ", dash=EN_DASH),
        "dstu-8302-2015-archive": Form(capital=True, between=". ", after_siglum=". ", dash=EN_DASH),
        "slavic-notes": Form(dash=EN_DASH),
        "slavic-notes-expanded": Form(dash=EN_DASH),
        "nara": Form(between="; ", dash=EN_DASH),
        "tna": Form(dash=EN_DASH),
        "bundesarchiv": Form(dash=EN_DASH),
    }
)


@frozen
class Manner:
    """What a style asks of a record besides the form of its shelfmark.

    *language* is the paper's, as BCP 47. *title* says which of the record's titles leads: the original where that is
    in the paper's language, the original whatever its language, or the romanised one with the translation behind it.
    *archive* spells an archive out ("{name} ({siglum})", also {native}, and {own}: the native name in the script of
    the marks); *once*: only where the paper names it first. *apart*: file title, note and printed source have
    variables of their own. *upward*: the smallest level first. *one_mark*: leaves have no plural mark ("Л. 1–3").
    *native*: people are named in their own script. *bare*: the style prints `genre` in place of a title, and without
    quotation marks. *in_text*: it cites by author and year.
    """

    language: str = "en"
    title: Literal["paper", "original", "romanized"] = "paper"
    archive: str = ""
    once: bool = False
    apart: bool = False
    upward: bool = False
    one_mark: bool = False
    native: bool = False
    bare: bool = False
    in_text: bool = False


USUAL = Manner()
_CYRILLIC = Manner(title="original", apart=True, one_mark=True, native=True)
_SLAVIC = Manner(title="romanized", apart=True)
MANNERS: Mapping[str, Manner] = MappingProxyType(
    {
        "gost-r-7-0-5-2008-archive": _CYRILLIC,
        "dstu-8302-2015-archive": replace(_CYRILLIC, archive="{siglum} ({native})"),
        "slavic-notes": _SLAVIC,
        # https://muse.jhu.edu/article/216885: an acronym is expanded at its first mention
        "slavic-notes-expanded": replace(_SLAVIC, archive="{own} ({siglum})", once=True),
        "nara": Manner(apart=True, upward=True, archive="{name}"),
        "tna": Manner(apart=True, archive="{name} ({siglum})", once=True),
        "bundesarchiv": Manner(apart=True),
    }
)


def made_from(kin: Iterable[tuple[str, str]]) -> str:
    """The name of the style that says how a record is printed: the first one of our own that a style is or is made
    from, else the style itself. *kin* is what `csl.xml.kin` finds, of a dependent style with its parent's behind.

    An id of our own is told from a stranger's by its beginning; a link to a template may be an address of the web.

    >>> made_from([("id", "http://example.org/mine"), ("template", "http://example.org/styles/tna")])
    'tna'
    >>> made_from([("id", "citekit:tna")]), made_from([("id", "http://example.org/styles/tna")])
    ('tna', '')
    """
    said = [(re.split("[/:]", address)[-1], kind, address) for kind, address in kin]
    for name, kind, address in said:
        if name in FORMS and (kind == "template" or address.startswith("citekit:")):
            return name
    return next((name for name, kind, _ in reversed(said) if kind == "id" and name not in FORMS), "")


def manner_of(style: str, language: str, *, in_text: bool = False) -> Manner:
    """What the *style* asks. Chicago's print a description that stands in `genre` as it is, where no title is there."""
    manner = MANNERS.get(style) or Manner(bare=style.startswith("chicago-"))
    return replace(manner, language=language, in_text=in_text)


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
PUBLISHED = {
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


def to_item(
    record: Record, form: Form = PLAIN, *, own: bool = False, manner: Manner = USUAL, first: bool = True
) -> csl.Item:
    """The item that a style prints.

    *form* says how the shelfmark is written, *manner* what else the style asks. With *own*, for the styles of our own,
    archive and levels are one reference in `archive_collection`, the leaves stand in `archive_location`, and `note`
    holds the printed source and the credits. *first*: the paper has not named the archive before.
    """
    fields = _described(record)
    people = {role: _names(names, native=manner.native) for role, names in record.people.items()}
    fields |= {_ROLES[role]: names for role, names in people.items() if role in _ROLES}
    if "author" in fields and "translator" in people:
        # without an author Chicago makes the translator the author; then the credits name him
        fields["translator"] = people["translator"]
    if people.get("recipient") and not record.title:
        # Chicago prints a recipient well only where no title stands ("Stalin to Mao Zedong")
        fields["recipient"] = people["recipient"]
    fields |= _titled(record, manner)
    if record.descriptive and (own or (manner.bare and _type(record) == "manuscript")):
        # what stands in place of a title has no quotation marks
        fields["genre"] = fields.pop("title")
    if own and manner.apart:
        fields |= _apart(record, form, manner, first=first)
    elif own:
        fields |= _reference(record, form) | _texts(note=" ".join([*reprints(record), *credits_of(record)]))
    elif record.locations:
        fields |= _archive(record.locations[0], form)
    fields |= _texts(publisher=record.online.publisher, URL=record.online.url)
    fields |= _dates(accessed=record.online.accessed) | _dated(record, manner, apart=own and manner.apart)
    if not record.locations and _type(record) != "manuscript":
        fields |= _texts(number=record.number)  # of a report; that of an archive's document is no part of a citation
    fields |= _published(record) | _of_entry(record, chicago=manner.bare)
    return csl.Item(record.key, _type(record), {**fields, **_passed(record)})


def to_export(record: Record, target: str = "") -> csl.Item:
    """The item that a reference manager imports: everything it has a place for, the rest in `note` and `custom`.

    *target* is the program it goes to, "" for any. Source: runs of Zotero, pandoc and citeproc-js on such files: whole
    shelfmark in `archive_location`, the archive's city in `publisher-place` too (Zotero reads only that), no creator
    that a type lacks (Zotero makes it an author), the date in `raw` too (the only way a circa date arrives).
    """
    kind, genre = _exported_type(record, target)
    roles = _exported_roles(record, kind, target)
    people = {role: _names(record.people[role]) for role in _IN_ITEMS if role in roles and role in record.people}
    fields = _described(record) | {"genre": genre} | people
    if record.locations:
        fields |= _archive(record.locations[0], PLAIN)
        fields["publisher-place"] = fields.get("archive-place", "")
    online = record.online
    fields |= _texts(publisher=online.publisher, source=online.publisher, URL=online.url)
    fields |= _dates(issued=record.date, accessed=online.accessed, raw=True)
    number = "" if _is_apart(record) else record.number
    fields |= _texts(abstract=record.abstract, keyword=", ".join(record.tags), number=number)
    fields |= _published(record) | _of_entry(record)
    note = [*before_note(record), record.note]
    fields |= _texts(note=" ".join(part for part in note if part))
    fields |= _passed(record)
    fields["custom"] = _custom(record, people)
    return csl.Item(record.key, kind, {key: value for key, value in fields.items() if value})


def _exported_type(record: Record, target: str) -> tuple[str, str]:
    """The CSL type, and the `genre` where that does not say what the document is.

    A letter with a recipient is personal communication; not a telegram, for Chicago's form of that is a letter's, nor a
    translated letter, for Zotero had no translator of letters before December 2025 and made him an author.
    """
    kind = _type(record)
    letter = record.type not in ("telegram", "cable") and not (
        record.people.get("translator") and (record.title or target == "zotero")
    )
    if kind == "manuscript" and record.type == "letter" and record.people.get("recipient") and letter:
        kind = "personal_communication"
    if kind == "personal_communication" and not letter:
        kind = "manuscript"
    if target == "zotero" and kind not in _ZOTERO_TYPES:
        return "document", record.type
    return kind, record.type if kind in ("manuscript", "personal_communication") else ""


# Of the types of CSL those that Zotero imports; it refuses a whole file for one other. Source: the list in its
# translator "CSL JSON.js", and runs for collection, document and hearing.
_ZOTERO_TYPES = CSL_TYPES - frozenset("classic event performance periodical regulation software standard".split())
# Of those the ones that have an editor there (Zotero's schema, version 41)
_EDITED = frozenset(
    "article-journal book chapter dataset document entry entry-dictionary entry-encyclopedia hearing map "
    "paper-conference review review-book".split()
)


_IN_ITEMS = ("author", "recipient", "editor", "compiler", "interviewer", "translator", "contributor")


def _exported_roles(record: Record, kind: str, target: str) -> frozenset[str]:
    """The roles whose people have a name variable: Zotero turns a creator that the type lacks into an author, pandoc
    prints a contributor like an author, and a translator without an author in the author's place."""
    roles = {"author", "translator", "contributor"}
    if kind == "personal_communication":
        roles.add("recipient")
    if not record.locations and (target != "zotero" or kind in _EDITED):
        roles |= {"editor", "compiler", "interviewer"} if target != "zotero" else {"editor"}
    if target == "pandoc":
        roles -= {"contributor"} if record.people.get("author") else {"contributor", "translator"}
    return frozenset(roles)


def _is_apart(record: Record) -> bool:
    """Whether a processor would print the number on a document for several: "nos. 1413–M"."""
    return bool(record.locations and re.search("[-–&,]", record.number))


def before_note(record: Record) -> tuple[str, ...]:
    """The sentences that stand in an exported note before the record's own."""
    first, *others = record.locations or (None,)
    file = (_sentence(f"File: {first.file_title}"),) if first and first.file_title else ()
    said = (_sentence(first.note),) if first and first.note else ()
    number = (_sentence(f"No. {record.number}"),) if _is_apart(record) else ()
    also = [_sentence(f"Also in {', '.join(part for part in reference(other) if part)}") for other in others if other]
    return (*number, *file, *said, *also, *_sources(record), *credits_of(record))


def _sources(record: Record) -> tuple[str, ...]:
    """The sentence on the printed sources, whether or not the document has a reference besides."""
    printed = "; ".join(printed_source(reprint) for reprint in record.reprinted)
    return reprints(record) or ((_sentence(f"Printed in {printed}"),) if printed else ())


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
    if kind == "article" and "container" in record.published:
        return "article-journal"  # as in BibTeX; CSL's article stands alone, a preprint
    if kind in CSL_TYPES:
        return kind
    return "book" if record.published else "manuscript"


def _described(record: Record) -> dict[str, Any]:
    fields = _texts(title=_unchanged(record, record.title), language=record.language)
    fields |= {"title-short": record.short_title} if record.short_title else {}
    # a title that names its kind ("Memorandum of Conversation ...") does not have it said twice
    if _type(record) == "manuscript" and record.type.casefold() not in record.title.casefold():
        fields |= _texts(genre=record.type)
    return fields


def _titled(record: Record, manner: Manner) -> dict[str, Any]:
    """The title in the paper's language, where the record has it in another one besides.

    What leads stands in `title`; where the style wants the original with a translation behind it, the original is
    `original-title` and the translation `title`.
    """
    original, leading = record.titles.get("original", ""), record.title
    same = record.language.split("-")[0] == manner.language.split("-")[0]
    if original and (manner.title == "original" or (manner.title == "paper" and same)):
        leading = original
    latin = romanized_title(record)
    if manner.title == "romanized" and not record.descriptive and latin not in ("", leading):
        return {"title": record.titles.get("translated") or leading, "original-title": latin}
    return _texts(title=_unchanged(record, leading))


def _unchanged(record: Record, title: str) -> str:
    """*title*; marked, where it is a description, so that no style changes its case."""
    return f'<span class="nocase">{title}</span>' if record.descriptive else title


def romanized_title(record: Record) -> str:
    """The original title in Latin letters: as the record has it, or is, else by ALA-LC."""
    language = record.language.split("-")[0]
    return record.titles.get("romanized") or romanize(record.titles.get("original", ""), language=language)


def _texts(**values: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def _dates(*, raw: bool = False, **values: Date | None) -> dict[str, Any]:
    return {key: csl_date(date, raw=raw) for key, date in values.items() if date}


def _published(record: Record) -> dict[str, Any]:
    return {variable: record.published[key] for key, variable in PUBLISHED.items() if key in record.published}


# What the kinds of BibTeX and the words that biblatex translates say of a thesis or a report
_GENRES = {
    "phdthesis": "PhD thesis",
    "mastersthesis": "master’s thesis",
    "mathesis": "master’s thesis",
    "bathesis": "bachelor’s thesis",
    "candthesis": "candidate’s thesis",
    "techreport": "technical report",
    "resreport": "research report",
}


def _of_entry(record: Record, *, chicago: bool = False) -> dict[str, Any]:
    """What a record has kept of an entry of BibTeX and styles print: which thesis it is, and how it was published where
    that is plain text. *chicago*: as the Chicago Manual has it, "PhD diss."."""
    kept = record.table.get("bibtex")
    if record.locations or not isinstance(kept, Mapping):
        return {}
    kinds = (kept.get("type"), kept.get("entrytype"))
    genre = next((_GENRES[kind] for kind in kinds if isinstance(kind, str) and kind in _GENRES), "")
    how = kept.get("howpublished", "")
    plain = isinstance(how, str) and not re.search(r"[\\{}$~]", how) and "publisher" not in record.published
    return _texts(genre="PhD diss." if chicago and genre == "PhD thesis" else genre, publisher=how if plain else "")


def _names(names: Iterable[Name], *, native: bool = False) -> tuple[csl.Name, ...]:
    return tuple(csl_name(_native(name) if native and name.native else name) for name in names)


def _native(name: Name) -> Name:
    """The name in its own script; as it stands where it is not "Family, Given"."""
    try:
        return parse_name(name.native)
    except ParseError:
        return Name(literal=name.native)


def csl_name(name: Name) -> csl.Name:
    """The name as CSL has it. A name that is never turned round is one literal."""
    if name.literal or name.order == "family-first":
        return csl.Name(literal=name.literal or f"{name.family} {name.given}".strip())
    return csl.Name(name.family, name.given, suffix=name.suffix, non_dropping_particle=name.particle)


def csl_date(date: Date, *, raw: bool = False, language: Language = "en") -> csl.Date:
    """The date as CSL has it, with its EDTF text in `raw` where asked. An uncertain date counts as circa.

    A decade or century that is not known better ("194X") is a literal, "1940s", and so is a range without a beginning,
    for which CSL has no form: "before 1945", in *language*. Two dates and none between them are `both`, for the press
    only: others have a range.
    """
    written = {"raw": date.edtf} if raw else {}
    if date.start is None:
        return csl.Date(more={**written, "literal": in_words(date, language)})
    more: dict[str, Any] = ({"circa": True} if date.circa or date.uncertain else {}) | written
    if date.unspecified and date.end and date.start.year != date.end.year and not is_pair(date):
        decade = date.end.year - date.start.year == 9
        years = f"{date.start.year}s" if decade else f"{date.start.year}–{date.end.year}"
        words = in_words(_sure(date), language) if language != "en" else date.edtf
        return csl.Date(more={**more, "literal": years if words == date.edtf else words})
    if is_pair(date) and not raw:
        more["both"] = True
    points = [point for point in (date.start, date.end if date.is_range() else None) if point]
    if len(points) == 1 and points[0].season:
        more["season"] = points[0].season - 20
        return csl.Date(((points[0].year,),), more)
    parts = tuple(_parts(point) for point in points)
    if date.is_range() and not date.end and not raw:
        parts = (*parts, (0,))  # how citeproc-js has a range without an end; importers read `raw`
    return csl.Date(parts, more)


def _sure(date: Date) -> Date:
    """The date without the marks of doubt."""
    return parse_date(re.sub("[?~%]", "", date.edtf), date.calendar)


def _parts(point: Point) -> tuple[int, ...]:
    return tuple(number for number in (point.year, point.season or point.month, point.day) if number)


# Months are declined behind a day; CSL's terms have one form, so that a style has the genitive and a month alone comes
# in words (locales-ru-RU.xml and locales-uk-UA.xml have the nominative: "19 ноябрь 1945")
_DECLINED: Mapping[str, Language] = MappingProxyType({"ru": "ru", "uk": "uk"})


def _dated(record: Record, manner: Manner, *, apart: bool) -> dict[str, Any]:
    """`issued`, the note on the date where there is no more; and where *apart*, in `original-date` what is printed
    instead: an Old Style day with its New Style one, or words. An Old Style date is printed both ways: <http://reader.dukeupress.edu/an-improper-profession/14>.

    Styles that cite by year have no place for a second day: there it stays as the record has it.
    """
    date, language = record.date, manner.language.split("-")[0]
    if date is None:
        said = csl.Date(more={"literal": record.date_note})
        return dict.fromkeys(["issued", *["original-date"] * apart], said) if record.date_note else {}
    old = date.calendar == "julian"
    if not apart:
        words = old and language == "en" and not manner.in_text
        usual = csl_date(date, language=_DECLINED.get(language, "en"))
        return {"issued": csl.Date(more={"literal": in_words(date)}) if words else usual}
    issued = {"issued": csl_date(gregorian(date))}
    alone = bool(date.start and date.start.month and not date.start.day) and not (date.circa or date.uncertain)
    if language in _DECLINED and (old or alone or _is_words(date)):
        # the style says that it is not sure, but of a date without a beginning, which is words to it
        sure = _sure(date) if date.start else date
        return issued | {"original-date": csl.Date(more={"literal": _declined(sure, _DECLINED[language])})}
    if old and date.start and date.start.day and not date.is_range():
        return issued | {"original-date": csl.Date((_parts(date.start), *issued["issued"].parts))}
    return issued | ({"original-date": csl.Date(more={"literal": in_words(date)})} if old else {})


def _is_words(date: Date) -> bool:
    """Whether CSL has only words for the date, an open end among them, or a year before Christ."""
    return not (date.start and date.end) or date.start.year < 0 or not csl_date(date).parts


_BEFORE_CHRIST: Mapping[Language, tuple[str, str]] = MappingProxyType(
    {"ru": (" до н. э.", " гг."), "uk": (" до н. е.", " рр.")}
)


def _declined(date: Date, language: Language) -> str:
    """The date in words, years where it has none."""
    if (words := in_words(date, language)) != date.edtf:
        return words
    before, years = _BEFORE_CHRIST[language]
    ends = dict.fromkeys(point.year for point in (date.start, date.end) if point)
    return "–".join(f"{-year}{before}" if year < 0 else str(year) for year in ends) + years * (max(ends) > 0)


# Where the original lies


def archive_name(location: Location, form: Form = PLAIN) -> str:
    """The archive as it is printed: as the record writes it, or its siglum in the script that is asked for."""
    known = location.known
    if known is None:
        return location.archive
    as_siglum = location.archive in known.sigla or location.archive == known.key
    if as_siglum and (form.script == "Cyrl" or location.archive not in known.sigla):
        return siglum_in(known, location.archive, form.script)
    return location.archive


def siglum_in(archive: Archive, siglum: str, script: Script) -> str:
    """*siglum* in *script*: itself, or the one that stands at its place among those of the other script.

    >>> from citekit.archives import shipped
    >>> siglum_in(shipped().find("AVPRF"), "AVP RF", "Cyrl")
    'АВП РФ'
    """
    if siglum not in archive.sigla or script_of(siglum) == script:
        return siglum if siglum in archive.sigla else archive.siglum(script)
    others = [one for one in archive.sigla if script_of(one) == script]
    mine = [one for one in archive.sigla if script_of(one) != script]
    return others[mine.index(siglum)] if len(others) == len(mine) else archive.siglum(script)


def shelfmark_text(location: Location, form: Form = PLAIN) -> str:
    """The whole shelfmark without its archive; the record's own words where no level fits."""
    return format_mark(location.mark, location.scheme, form) if location.mark else location.words


def bare_levels(location: Location) -> dict[str, str]:
    """The levels of the shelfmark by their names, largest first, without their marks."""
    parts = location.mark.parts if location.mark else ()
    return {part.level: format_part(part, replace(location.scheme.level(part.level), marks={})) for part in parts}


def _archive(location: Location, form: Form) -> dict[str, Any]:
    """The shelfmark stays whole in `archive_location`: split over two variables, Chicago turns it round."""
    name = archive_name(location, form)
    place = location.city if location.city.casefold() not in name.casefold() else ""
    fields = _texts(archive=name, archive_location=shelfmark_text(location, form))
    return fields | ({"archive-place": place} if place else {})


def reference(location: Location, form: Form = PLAIN) -> tuple[str, str]:
    """Archive and levels as one text, and the leaves with what follows them, for styles that part the two."""
    leaves = format_mark(_leaves(location), location.scheme, form)
    tail = ", ".join(part for part in (leaves, location.file_title) if part)
    return _whole(location, archive_name(location, form), form), ". ".join(
        part for part in (tail, location.note) if part
    )


def _leaves(location: Location) -> Shelfmark:
    parts = location.mark.parts if location.mark else ()
    return Shelfmark(tuple(part for part in parts if isinstance(part.value, Locator)))


def _levels(location: Location) -> Shelfmark:
    parts = location.mark.parts if location.mark else ()
    return Shelfmark(tuple(part for part in parts if not isinstance(part.value, Locator)))


def _whole(location: Location, name: str, form: Form) -> str:
    """The archive under *name* and the levels without the leaves, as one text."""
    levels = _levels(location)
    text = format_mark(levels, location.scheme, form) if location.mark else location.words
    first = location.scheme.level(levels.parts[0].level) if levels.parts else None
    marked = bool(first and first.marks and not first.after)
    return format_reference(name, text, marked=marked, scheme=location.scheme, form=form)


# Places as the styles of our own have them, each part in a variable of its own

# NARA writes its levels out: leaflet 17, https://docslib.org/doc/6119500/
_WRITTEN_OUT = {"record_group": "Record Group", "entry": "Entry", "box": "Box", "folder": "Folder"}
_REPRINTED = {"en": "reprinted in", "ru": "Опубл.:", "uk": "Опубл.:", "de": "abgedruckt in:"}
_PAGE = {"en": ("p.", "pp."), "ru": ("С.", "С."), "uk": ("С.", "С."), "de": ("S.", "S.")}


def _apart(record: Record, form: Form, manner: Manner, *, first: bool) -> dict[str, Any]:
    """The reference, its leaves, the title of its file (a container), its note, and the printed source.

    `archive` holds the reference once more with the archive spelled out, where the style wants that here.
    """
    printed = "; ".join(printed_source(reprint, manner.language) for reprint in record.reprinted)
    if not record.locations:  # a document that was read in print only
        return _texts(archive_collection=printed)
    location = record.locations[0]
    place = partial(_upward, location) if manner.upward else partial(_whole, location)
    name, whole_name = spelled(location, form), spelled(location, form, manner.archive)
    return _texts(
        archive_collection=place(name, form),
        archive=place(whole_name, form) if manner.archive and (first or not manner.once) else "",
        archive_location=_marked(_leaves(location), location.scheme, form, manner),
        annote=location.note,
        note=f"{_REPRINTED.get(manner.language[:2], _REPRINTED['en'])} {printed}" if printed else "",
        **{"container-title": romanize(location.file_title) if manner.title == "romanized" else location.file_title},
    )


def spelled(location: Location, form: Form, pattern: str = "{siglum}") -> str:
    """The archive as *pattern* spells it, where the record has only its siglum; else as the record writes it."""
    known = location.known
    if known is None or location.archive not in (known.key, *known.sigla):
        return location.archive
    native = known.native or known.name
    own = native if form.script == "Cyrl" else known.romanized or native
    siglum = siglum_in(known, location.archive, form.script)
    return pattern.format(siglum=siglum, name=known.name, native=native, own=own)


def _upward(location: Location, name: str, form: Form) -> str:
    """The levels from the smallest to the largest, then the title of the fond, the archive and its place.

    Source: NARA, general information leaflet 17, https://docslib.org/doc/6119500/: "smallest first, semicolons".
    """
    groups: list[list[Part]] = []
    for part in _levels(location).parts:
        joint = location.scheme.level(part.level).joint
        if groups and joint not in (None, ", "):  # "FO 371/84053" stays whole
            groups[-1].append(part)
        else:
            groups.append([part])
    scheme = _written_out(location.scheme)
    levels = [format_mark(Shelfmark(tuple(group)), scheme, form) for group in groups] or [location.words]
    levels[0] = ", ".join(word for word in (location.fond_title, levels[0]) if word)
    city = location.city if location.city.casefold() not in name.casefold() else ""
    return "; ".join(word for word in (*reversed(levels), ", ".join(filter(None, (name, city)))) if word)


def _written_out(scheme: Scheme) -> Scheme:
    long = {name: replace(scheme.level(name), marks={"Latn": (mark,)}) for name, mark in _WRITTEN_OUT.items()}
    return replace(scheme, levels=tuple(long.get(level.name, level) for level in scheme.levels))


def _marked(leaves: Shelfmark, scheme: Scheme, form: Form, manner: Manner) -> str:
    """The leaves with their marks, one mark for one and for several where the style wants that."""
    levels = [scheme.level(part.level) for part in leaves.parts]
    if manner.one_mark:  # "Л." is the plural too: GOST R 7.0.5-2008, 11
        levels = [_singular(level) for level in levels]
    return form.between.join(format_part(part, level, form) for part, level in zip(leaves.parts, levels, strict=True))


def _singular(level: Level) -> Level:
    return replace(level, marks={script: marks[:1] for script, marks in level.marks.items()})


def cited_level(record: Record, at: Locator) -> Level | None:
    """The level of leaves or pages that a note cites: one that the record has, else the first one of its archive, pages
    where the archive has none; None where no archive marks what is cited."""
    if not record.locations or at.label not in ("", "folio", "page"):
        return None
    location = record.locations[0]
    own = [location.scheme.level(part.level) for part in _leaves(location).parts]
    levels = [*own, *(level for level in location.scheme.levels if level.leaf)]
    if not at.label:
        return next(iter(levels), location.scheme.level("page"))
    return next((level for level in levels if (level.name == "page") == (at.label == "page")), None)


def cited_leaves(record: Record, at: Locator, form: Form = PLAIN, manner: Manner = USUAL) -> str:
    """The leaves a note cites, as the record's archive marks them: "l. 161ob.", "арк. 5", "p. 7"."""
    if level := cited_level(record, at):
        scheme = record.locations[0].scheme
        return _marked(Shelfmark((Part(level.name, at),)), replace(scheme, levels=(level,)), form, manner)
    page = _PAGE.get(manner.language[:2], _PAGE["en"])
    names = {"page": page, "folio": ("fol.", "fols."), "": page if manner.apart else ("", "")}
    single, several = names.get(at.label, (at.label, at.label))
    return f"{several if at.is_plural() else single} {format_part(Part('', at), _PRINTED, form)}".strip()


# Leaves of what lies in no archive
_PRINTED = Level("", verso={"Latn": "v", "Cyrl": " об."})


def located(record: Record, at: Locator, form: Form = PLAIN) -> csl.CiteRequest:
    """A cite in a style that is not ours. It prints its label itself, and inside the archival reference only for leaves
    and pages; the word for the label is the archive's mark, and what is cited stands for the record's own leaves."""
    level = cited_level(record, at)
    if level is None or level.after or not level.marks:
        label = at.label or ("folio" if record.locations else "page")
        return csl.CiteRequest(record.key, format_part(Part("", at), replace(level or _PRINTED, marks={}), form), label)
    numbers = format_part(Part("", at), replace(level, marks={}), form)
    mark = level.mark(form.script, plural=at.is_plural()).rstrip()
    place = record.locations[0]
    rest = Shelfmark(tuple([part for part in place.mark.parts if part.level != level.name])) if place.mark else None
    instead = {"archive_location": format_mark(rest, place.scheme, form)} if rest and rest.parts else {}
    label = "page" if level.name == "page" else "folio"
    return csl.CiteRequest(record.key, numbers, label, word=mark, instead=instead)


def _reference(record: Record, form: Form) -> dict[str, Any]:
    if record.locations:
        collection, location = reference(record.locations[0], form)
        return _texts(archive_collection=collection, archive_location=location)
    # a document that was read in print only: its printed source stands where the reference would
    return _texts(archive_collection="; ".join(printed_source(reprint) for reprint in record.reprinted))


def reprints(record: Record) -> tuple[str, ...]:
    """The sentence on the printed sources, where the document has a reference besides."""
    if not (record.locations and record.reprinted):
        return ()
    return (_sentence("Reprinted in " + "; ".join(printed_source(reprint) for reprint in record.reprinted)),)


def printed_source(reprint: Reprint, language: str = "en") -> str:
    """A printed source with its pages, marked in *language* (BCP 47): "Wartime (New York, 1977), pp. 385-387"."""
    single, several = _PAGE.get(language[:2], _PAGE["en"])
    mark = several if re.search(r"\d\D+\d", reprint.pages) else single
    joint = ". " if single == "С." else ", "
    return reprint.text + (f"{joint}{mark} {reprint.pages}" if reprint.pages else "")


def _sentence(text: str) -> str:
    return text if text.endswith(".") else text + "."


def described(record: Record) -> tuple[str, ...]:
    """What a plain list says of the document, a sentence each: people, title, date, place, site, sources and credits.

    It needs no style; `citekit bib` prints what a style asks for.
    """
    title = record.title if record.descriptive or not record.title else f"“{record.title}”"
    people = record.people.get("author") or record.people.get("editor") or ()
    published = record.published
    place = [", ".join(part for part in reference(location) if part) for location in record.locations[:1]]
    volume = " ".join(published[name] for name in ("volume", "issue", "pages") if name in published)
    printed = [published.get("container", ""), volume, published.get("publisher", "")]
    date = in_words(record.date) if record.date else record.date_note
    sentences = [
        join_words([name.display() for name in people]),
        title,
        *printed,
        date,
        *place,
        record.online.publisher,
    ]
    said = (*sentences, *_sources(record), *credits_of(record))
    return tuple(_closed(sentence) for sentence in said if sentence)


def web_address(url: str) -> str:
    """The address where it is one of the web, so that it can be a link, nothing in it a sign of a markup; else "".

    >>> web_address("https://a.b/c d"), web_address("javascript:x")
    ('https://a.b/c%20d', '')
    """
    if not re.match(r"https?://[\w.-]+", url, re.I):
        return ""
    return re.sub(r"[\x00-\x20\x7f\"<>\\^`{|}']", lambda match: f"%{ord(match[0]):02X}", url)


def _closed(sentence: str) -> str:
    """The sentence with a stop, within the quotation marks that close it."""
    if sentence.endswith("”") and sentence[-2:-1] not in (".", "?", "!"):
        return f"{sentence[:-1]}.”"
    return sentence if sentence.endswith((".", "?", "!", ".”", "?”", "!”")) else f"{sentence}."


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


def _custom(record: Record, people: Iterable[str]) -> dict[str, Any]:
    """What CSL has no variable for, under the record's own names: the levels of the shelfmark, other titles, the roles
    that are not among the *people* of the item, the rest of the record."""
    levels = bare_levels(record.locations[0]) if record.locations else {}
    given = record.table.get("people")
    roles = {role: given[role] for role in sorted(given) if role not in people} if isinstance(given, Mapping) else {}
    own = record.csl.get("custom")  # of another program, kept by an import
    custom: dict[str, Any] = {**own, **levels} if isinstance(own, Mapping) else levels
    custom |= {
        "titles": dict(sorted(record.titles.items())),
        "title_kind": "descriptive" if record.descriptive else "",
        "number": record.number if _is_apart(record) else "",
        "people": roles,
        "calendar": "julian" if record.date and record.date.calendar == "julian" else "",
        "online": _texts(id=record.online.id, contents=record.online.contents),
        "reprinted": [{"text": one.text} | _texts(pages=one.pages) for one in record.reprinted],
    }
    custom |= {name: getattr(record, name) for name in ("date_note", "classification", "credits")}
    custom |= {name: found for name in IMPORTED if isinstance(found := record.table.get(name), Mapping)}
    return {name: value for name, value in custom.items() if value}


# The tables that hold what an import had
IMPORTED = ("bibtex", "ris", "csv")


# Keys


def proposed_key(table: Mapping[str, Any], taken: Iterable[str]) -> str:
    """A key for a new record: the first author, or the first word of the title, and the date, in plain ASCII; a letter
    where that is taken, whatever its case.

    >>> proposed_key({"people": {"author": ["Молотов, В. М."]}, "date": "1946-11~"}, ["Molotov-1946-11"])
    'molotov-1946-11-a'
    """
    people = table.get("people")
    authors = people.get("author", "") if isinstance(people, Mapping) else ""
    author = next(iter(authors), "") if isinstance(authors, list) else authors  # one alone needs no list
    name = _sorted_by(author)
    words = re.findall(r"[a-z0-9]+", romanized(name.split(",")[0] or str(table.get("title", ""))).casefold())
    small = {"a", "an", "the", "on", "of", "from", "to", "le", "la", "der", "die", "das", "o", "ob"}
    first = next((word for word in words if name or word not in small), "record")[:60]
    first = first if is_key(first) else f"{first}-record"  # "con" and "aux" are names of devices
    dated = re.match(r"-?[0-9]{4}(-[0-9]{2}){0,2}", str(table.get("date", "")))
    return free_key(f"{first}-{dated[0]}" if dated else first, taken)


def _sorted_by(name: object) -> str:
    """The words that a name, as a table has it, is sorted by; what is no name has none."""
    if isinstance(name, Mapping):
        name = name.get("family") or name.get("literal") or name.get("name")
    return name if isinstance(name, str) else ""


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
