"""Whole citations, read into the table of a record: title, date, publisher, archive and shelfmark, credits, address.

Three kinds are known: the Wilson Center's, old and new ("“Title,” July 04, 1949, publisher, APRF: F. 45 … Translated by
…. URL"), GOST's ("Title // ГАРФ. Ф. …"), and a scholar's note (title, date, shelfmark, archive last, as in Chicago).
Each part is taken out of the line, and what is left in the end goes to `citekit.references`. Nothing is invented.

>>> from citekit.archives import shipped
>>> found = read('"Cable to Mao," July 04, 1949, APRF: F. 45, Op. 1. Translated by Gary Goldberg.', shipped())
>>> found.table["date"].isoformat(), found.table["people"], found.table["location"]
('1949-07-04', {'translator': ['Goldberg, Gary']}, [{'archive': 'APRF', 'fond': '45', 'opis': '1'}])
"""

from __future__ import annotations

import re
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from citekit import credits, dates, references
from citekit.names import is_body, read_people, written
from citekit.patterns import pattern
from citekit.values import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from citekit.archives import Registry
    from citekit.dates import Date

LONGEST = 5_000  # signs; the longest citation of the Wilson Center has some seven hundred


@frozen
class Found:
    """The table of a record, as its TOML has it, and what was not understood, verbatim."""

    table: Mapping[str, Any]
    unread: str = ""


def read(text: str, registry: Registry) -> Found:
    """Reads a citation.

    citation = number? (author ",")? title date? publisher? reference? reprint? credits? accessed? address?

    The order of all behind the title is free. It never fails: what cannot be read is told in `Found.unread`.
    """
    line = " ".join(text.split())
    if len(line) > LONGEST:
        return Found({}, text)
    sheet = _Sheet(line, registry)
    for take in (
        _lead,
        _address,
        _title,
        _accessed,
        _publisher,
        _as_chicago,
        _credits,
        _reprints,
        _printed_only,
        _last_day,
        _reference,
    ):
        take(sheet)
    return Found(sheet.record(), "; ".join(sheet.unread))


class _Sheet:
    """A line of which one part after the other is taken; *rest* is what still waits to be read."""

    def __init__(self, line: str, registry: Registry) -> None:
        self.rest, self.registry = line, registry
        self.table: dict[str, Any] = {}
        self.online: dict[str, Any] = {}
        self.people: dict[str, list[str | dict[str, str]]] = {}
        self.unread: list[str] = []

    def cut(self, start: int, end: int) -> None:
        """Takes the signs from *start* to *end* out of the rest."""
        before, after = self.rest[:start].rstrip(" ,;"), self.rest[end:].lstrip(" ,;.)]")
        joint = " " if not before or before[-1] in ".!?" or not after else ", "
        self.rest = f"{before}{joint}{after}".strip()

    def record(self) -> dict[str, Any]:
        """The table, its parts in the order of a record."""
        parts = {**self.table, "people": self.people, "online": self.online}
        names = (
            "type",
            "title",
            "title_kind",
            "date",
            "calendar",
            "date_note",
            "people",
            "location",
            "reprinted",
            "online",
        )
        return {name: parts[name] for name in names if parts.get(name)}


# What stands before and behind

_LEAD = pattern(
    r"(?:\[?\d{1,4}[\]).]+ (?=[^\W\d_]{3}|[\"“„«‘'\[]))?(?:(?:Source|Sources|Источник|Джерело)\s?:[., ]*)?"
    r"(?:(?:See(?: also)?|Cf\.|См\.|Див\.):? )?",
    re.I,
)
_SOURCE = pattern(r"\[(?=(?:Sources?|Источник|Джерело)\s?:)", re.I)
_ADDRESS = pattern(
    r"(?:\b(?:url|available at|retrieved from|режим доступа):? )?<?(?P<url>(?:https?://|www\.)[^\s<>]+"
    r"|[a-z0-9-]+(?:\.[a-z0-9-]+){1,4}(?<=\.(?:com|edu|gov|net|org))/[^\s<>]+)>?",
    re.I,
)
_RECORD = pattern(r"(?:https?://)?[^/]*wilson[^/]*/document/([0-9]+)(?![^/?#.])", re.I)
_ACCESSED = pattern(r"[,;.]? ?[(\[]?(?:last )?(?:accessed|viewed|retrieved|дата обращения)(?: on)?:? ", re.I)


def _lead(sheet: _Sheet) -> None:
    """The number of a note, "Source:", brackets round that and all behind it, and a publisher before the title."""
    if bracket := _SOURCE.search(sheet.rest):
        sheet.rest = _without_bracket(sheet.rest, bracket.start())
    sheet.rest = _LEAD.sub("", sheet.rest, count=1)
    found = _PUBLISHER.match(sheet.rest)
    if found and sheet.rest[found.end() :].lstrip(" ,.;")[:1] in _CLOSING:
        sheet.online["publisher"] = found[0].strip()
        sheet.rest = sheet.rest[found.end() :].lstrip(" ,.;")


def _without_bracket(text: str, at: int) -> str:
    """*text* without the square bracket at *at* and the one that closes it, if any does."""
    depth = 0
    for end in range(at, len(text)):
        depth += {"[": 1, "]": -1}.get(text[end], 0)
        if not depth:
            return f"{text[:at]}{text[at + 1 : end]}{text[end + 1 :]}"
    return text[:at] + text[at + 1 :]


def _address(sheet: _Sheet) -> None:
    """The last address of the line, with or without its angle brackets; and the Wilson Center's number in it."""
    addresses = [*_ADDRESS.finditer(sheet.rest)]
    if not addresses:
        return
    found = addresses[-1]
    url = found["url"].rstrip(".,;")
    url = url if "(" in url else url.rstrip(").,;")
    record = _RECORD.match(url)
    sheet.online |= {"id": record[1]} if record else {}
    sheet.online["url"] = url
    sheet.rest = f"{sheet.rest[: found.start()].rstrip(' ,;')} {sheet.rest[found.end() :].lstrip(' ,;.')}".strip()


def _accessed(sheet: _Sheet) -> None:
    """The day the page was read."""
    for found in _ACCESSED.finditer(sheet.rest):
        if date := _date_at(sheet.rest, found.end()):
            sheet.online["accessed"] = dates.table_of(date[0])["date"]
            sheet.cut(found.start(), date[2])
            return


# Title and date

_CLOSING: Mapping[str, str] = MappingProxyType(
    {'"': '"', "“": '”“"', "„": '“”"', "«": "»", "‘": "’", "'": "'’", "”": '”"'}
)
_AUTHOR = pattern(r"(?P<author>[^\"“”„«»]{2,80}), (?=[\"“„«])")
_JOINT = pattern(r"(?:^|(?<=[,.;])) |[()]")
_LEVEL = pattern(r"\b(?:f|ф|fond|фонд|op|оп|opis|опись|rg)\.? ?\d", re.I)
_LEVEL_ENDS = pattern(r"(?:^|\W)(?:f|ф|fond|фонд|op|оп|opis|d|д|delo|p|п|pap|l|л|ll|rg)\.$", re.I)
_INNER_COMMA = pattern(r",(?=[’'”»]$)")  # "‘The Reception, 1945,’”", where Chicago puts the comma
_GOST_DATE = pattern(r"[.,;] | (?:от|від|of|dated) |(?<=\)) ")


def _title(sheet: _Sheet) -> None:
    """The title and the date behind it: in quotation marks, before "//", or before a date between commas."""
    author = _AUTHOR.match(sheet.rest)
    if " // " in sheet.rest:
        _before_slashes(sheet)
    elif document := _in_brackets(sheet):
        sheet.cut(*document)
    elif sheet.rest[:1] in _CLOSING:
        _quoted(sheet, 0)
    elif author and not sheet.registry.knows(author["author"]) and not _LEVEL.search(author["author"]):
        if _quoted(sheet, author.end()):
            sheet.people["author"] = [written(name) for name in read_people(author["author"])]
    else:
        _before_date(sheet)


def _quoted(sheet: _Sheet, start: int) -> bool:
    """Takes the title whose quotation mark opens at *start*; False where none closes.

    Of several marks that may close it, the one before a date or a publisher does, else the first with a comma inside or
    outside: "“The “Reception” of X,” July 04, 1949".
    """
    text = sheet.rest
    closing = [at for at in range(start + 1, len(text)) if text[at] in _CLOSING[text[start]]]
    end = next((at for at in closing if _goes_on(text, at + 1)), None)
    if end is None:
        end = next((at for at in closing if "," in text[at - 1 : at + 2 : 2]), closing[0] if closing else None)
    if end is None:
        return False
    sheet.table["title"] = _INNER_COMMA.sub("", _without_stop(text[start + 1 : end]).rstrip(" ,"))
    sheet.rest = text[end + 1 :].lstrip(" ,.")
    _take_date(sheet)
    return True


def _goes_on(text: str, at: int) -> bool:
    """Whether a date or a publisher stands behind a quotation mark."""
    while at < len(text) and text[at] in " ,.":
        at += 1
    return _date_at(text, at) is not None or _PUBLISHER.match(text, at) is not None


def _in_brackets(sheet: _Sheet) -> tuple[int, int] | None:
    """Takes the document that stands in brackets behind its shelfmark, as Slavists' notes have it: author, title in
    quotation marks and date. Where the brackets are; None where there are none."""
    for found in _BRACKETED.finditer(sheet.rest):
        inside = _Sheet(found["inside"], sheet.registry)
        author = _AUTHOR.match(inside.rest)
        if not _quoted(inside, author.end() if author else 0) or "date" not in inside.table:
            continue
        if author:
            sheet.people["author"] = [written(name) for name in read_people(author["author"])]
        sheet.table |= inside.table
        place = _IN_FILE.fullmatch(inside.rest)
        if inside.rest and not place:
            sheet.unread.append(inside.rest)
        if place:  # the title of the file stays in brackets, where `citekit.references` finds it
            sheet.rest = f"{sheet.rest[: found.start('inside')]}{place[1]}{sheet.rest[found.end('inside') :]}"
            return found.start(), found.start()
        return found.span()
    return None


_BRACKETED = pattern(r" \((?P<inside>[^()“”\"«»]{0,80}[“«\"](?:[^()]|\([^()]{0,200}\)){2,600})\)(?=[,.;]|$)")
_IN_FILE = pattern(r"in (?:the )?file [“«\"](.{1,300})[”»\"]")


def _before_slashes(sheet: _Sheet) -> None:
    """The title as GOST R 7.0.5-2008, section 11, has it: its date last; in square brackets where it is supplied."""
    title, _, sheet.rest = sheet.rest.partition(" // ")
    if author := _HEADING.match(title):
        sheet.people["author"] = [written(name) for name in read_people(f"{author[1]}, {author[2]}")]
        title = title[author.end() :]
    for joint in _GOST_DATE.finditer(title):
        date = _date_at(title, joint.end())
        if date and not title[date[2] :].strip(" .])"):
            sheet.table |= dates.table_of(*date[:2])
            title = title[: joint.start()] if joint[0][0] in ".,;" else title
            break
    _describe(sheet, _unquoted(title.strip(" .,")))


# "Молотов В. М. Дневник": GOST R 7.0.5-2008, 4.7: the author's heading
_HEADING = pattern(r"([^\W\d_a-zа-яё][\w’'-]{1,30}),? ((?:[A-ZА-ЯЁІЇЄ][a-zа-яё]?\. ?){1,3})(?=[A-ZА-ЯЁІЇЄ«“\"\[])")


def _unquoted(title: str) -> str:
    """*title* without the marks round all of it; "«Правда» о «Правде»" has none."""
    inner = title[1:-1]
    quoted = title[:1] in _CLOSING and title[-1:] in _CLOSING[title[0]] and len(title) > 1
    return inner.rstrip(" ,") if quoted and not any(sign in title[0] + title[-1] for sign in inner) else title


def _before_date(sheet: _Sheet) -> None:
    """The title of a note without quotation marks: all before the first date that stands between commas, unless that is
    an archive or a shelfmark. Where two dates follow one another, the first is of the title."""
    depth = 0
    for joint in _JOINT.finditer(sheet.rest):
        depth = max(0, depth + {"(": 1, ")": -1}.get(joint[0], 0))
        level = _LEVEL_ENDS.search(sheet.rest, max(0, joint.start() - 8), joint.start())  # "AVPRF F. 0102"
        date = None if depth or level or joint[0] != " " else _date_at(sheet.rest, joint.end())
        if date and (title := sheet.rest[: joint.start()].rstrip(" ,.;")):
            second = _date_at(sheet.rest, _behind_comma(sheet.rest, date[2]))
            if second:
                title, date = sheet.rest[: date[2]], second
            first = title.partition(",")[0]
            start = credits.begins_at(sheet.rest)
            if _is_paper(sheet.rest[: start if start > 0 else None]):
                return
            if sheet.registry.knows(first) or sheet.registry.knows(title) or _LEVEL.search(title):
                return
            sheet.table |= dates.table_of(*date[:2])
            sheet.rest = sheet.rest[date[2] :].lstrip(" ,.;")
            _describe(sheet, title, unmarked=True)
            return


def _behind_comma(text: str, at: int) -> int:
    return at + 2 if text.startswith(", ", at) else len(text)


def _describe(sheet: _Sheet, title: str, *, unmarked: bool = False) -> None:
    """Keeps a title that has no quotation marks. In square brackets it is a description of the document, and so it is
    *unmarked* where real titles have quotation marks.

    Source: GOST R 7.0.5-2008, 11.8; the Chicago Manual of Style: quotation marks only round a real title.
    """
    bare = title[1:].removesuffix("]") if title.startswith("[") else title
    sheet.table |= {"title": bare} | ({"title_kind": "descriptive"} if unmarked or bare != title else {})


def _without_stop(text: str) -> str:
    """*text* without its last stop, unless that is of "U.S."."""
    return text if re.search(r"\b\w\.$", text) else text.removesuffix(".")


def _take_date(sheet: _Sheet) -> None:
    if date := _date_at(sheet.rest, 0):
        sheet.table |= dates.table_of(*date[:2])
        sheet.rest = sheet.rest[date[2] :].lstrip(" ,.;")


def _date_at(text: str, at: int) -> tuple[Date, str, int] | None:
    """The date in words at *at*, where it is not the beginning of something else ("1962/77", "1945 год")."""
    found = dates.read_at(text, at) if at < len(text) else None
    return found if found and re.match(r"[\s,.;:)\]]|$", text[found[2] :][:1]) else None


# Publisher, credits, printed sources

# Source: the names under which the Wilson Center and its kin publish; every one of them says how it is published.
_PUBLISHER = pattern(
    r"(?:^|(?<=[,.;] ))[^,.;\"“”()]{0,80}?\b(?:digital|virtual|electronic|online) "
    r"(?:archive|library|collection|reading room)s?\b[^,.;()\"“”]{0,60}"
    r"(?:, (?:the )?(?:woodrow )?wilson (?:international )?center(?: for scholars)?)?(?=[,.;]|$)",
    re.I,
)
_REPRINTED = pattern(
    r"(?:^|(?<=[.,;)] ))(?:(?:also|originally|first|previously) )?(?:(?:re)?printed|(?:re)?published|included"
    r"|опубликован[оа]?|опубл\.|надруковано)"
    r"(?: in| в| у)?:? ",
    re.I,
)
_PAGES = pattern(r"(?:,? (?:pp?|сс?)\. ?|(?<=\d\)): ?)(?P<pages>[\dxivl][^()]*)", re.I)
_BETWEEN_BOOKS = pattern(r"(?<=\d); ")
# "Issue 217: Reports, January 4 – December 30, 1972": the day is of the file's title
_FILE_TITLE = pattern(
    r"\b(?:issue|folder|file|box|dosar|dossier|dos|mapp[ae]|teczka)\b\.?[^:,;.]{0,30}: [^\W\d_]", re.I
)
_LAST_JOINT = pattern(r"[,;:.] ")
# Printed sources that say neither place nor publisher. Words of the press, in the languages of the Wilson Center's
# citations; the names that have none of them are the papers it cites most. Source: our own list.
_PRESS = (
    r"\b(?:gazeta|gazette|gazet[ey]|zeitung|presse|daily|times|post|herald|tribune|newspaper|news|journal|bulletin|review"
    r"|magazine|vestnik|vedomosti|ribao|sinmun|shimbun|shinbun|nhan dan|pravda|izvestii?a|izvestiya|trud|ogonek"
    r"|krasnaia zvezda|istochnik|arkhiv|istoriia|istorii|monde|figaro|deutschland|spiegel|rundschau|ludu|népszabadság"
    r"|scînteia|scanteia|rude pravo|rudé právo|rabotnichesko delo|borba|politika|granma|wenxian|правда|известия|газета"
    r"|вестник|труд|источник|архив|история)\b"
)
# Place and year of a book in brackets, or the year behind a number of a journal; then pages or nothing:
# "(Beijing: World Affairs Press, 1994), pp. 17-18", "Bulletin, no. 12/13 (Fall/Winter 2001), 15-29"
_IMPRINT = pattern(
    rf"(?:\([^()]{{1,200}}[,:]|(?:\b(?:no|nos|vol|issue|bulletin)\b\.?|{_PRESS}) ?#?[0-9/–-]{{1,12}},? \()"
    r"[^()]{0,200}\b(?:1[5-9]|20)\d\d\)[,.:]?(?: ?(?:vol\.? ?\d+, ?)?(?:pp?\. ?)?\d[\d\s,:–-]*)?[.)]*$",
    re.I,
)
_IN = pattern(r"^(?:in|в|у) (?=[A-ZА-ЯІ])")  # "“Zapiska,” 12 July 1968, in RGANI, f. 5"
_AFTER_NAME = pattern(r"[,;.:] ")
_COPY = pattern(
    r"(?:^|[;,.] )(?P<copy>(?:photo)?cop(?:y|ies) (?:courtesy of|at|in|held|on|obtained|provided|from)\b.*)", re.I
)

_HOLDING = pattern(r"\b(?:archives?|papers|collections?|records|files|fonds|nachlass|telegram\w*)\b", re.I)
_ON_PAGE = r"[,:] ?(?:pp?|сс?)\. ?[a-d]?\d[\d\s,–-]*"
_PERIODICAL = pattern(
    rf"[^,;()]{{0,120}}{_PRESS}[^,;()]{{0,120}}?(?:,? (?:nos?\.|#|№)? ?\d[\d/–-]*)(?:{_ON_PAGE})\.?", re.I
)
_DAY_OF_PRESS = pattern(rf"(?P<paper>[^,;()]{{0,120}}{_PRESS}[^,;()\d]{{0,120}}), ", re.I)
# "Mao Zedong wenji, vol. 6, p. 235", "Jianguo yilai Mao Zedong wengao, 1:12-13"
_VOLUME = pattern(
    rf"(?:[^,;\d]{{3,120}}, )?[^,;\d]{{3,120}}, "
    rf"(?:(?:vol|volume|t|т|bd)\.? ?[\divx]+{_ON_PAGE}|\d{{1,2}}:\d[\d–-]*)\.?",
    re.I,
)


def _publisher(sheet: _Sheet) -> None:
    """Who has put the document on the web: a part between commas that calls itself a digital archive or the like."""
    if found := _PUBLISHER.search(sheet.rest):
        sheet.online["publisher"] = found[0].strip()
        sheet.cut(found.start(), found.end())


def _as_chicago(sheet: _Sheet) -> None:
    """Behind a quoted title what Chicago's notes have there: genre, translator, and the date behind the site."""
    if "title" not in sheet.table or "title_kind" in sheet.table or "date" in sheet.table:
        return
    ends = [(0, 0), *((joint.start(), joint.end()) for joint in _COMMA.finditer(sheet.rest[:300]))]
    for before, behind in ends:
        head = _BEFORE_DATE.fullmatch(sheet.rest[:before])
        if not head:
            continue
        date = _date_at(sheet.rest, behind)
        if date or (before and _LEVEL.match(sheet.rest, behind)):
            sheet.table |= dates.table_of(*date[:2]) if date else {}
            sheet.table |= {"type": head["genre"]} if head["genre"] else {}
            if head["translators"]:
                sheet.people["translator"] = [written(name) for name in read_people(head["translators"])]
            sheet.rest = sheet.rest[date[2] if date else behind :].lstrip(" ,.;")
            return


_COMMA = pattern(", ")
# Source: the Chicago Manual of Style, 18th edition, 14.119: what is behind the title of an unpublished document
_BEFORE_DATE = pattern(
    r"(?P<genre>(?!trans\.)[^\W\d_A-Z][^,;.:()\d\"“”]{2,40})?(?:(?:^|, )trans\. (?P<translators>[^;:()\d\"“”]{3,200}))?"
)


def _credits(sheet: _Sheet) -> None:
    """The sentences on people, which end the citation or stand before the archive. Those of a book have its place and
    year behind them."""
    sheet.rest = credits.unbracketed(sheet.rest)
    start = credits.begins_at(sheet.rest)
    tail = sheet.rest[start:]
    if start < 0 or (_IMPRINT.search(tail) and not _REPRINTED.search(tail)):
        return
    end = 0 if sheet.rest[:start].strip(" ,") else _archive_at(tail, sheet.registry)
    tail, behind = (tail[:end], tail[end:].lstrip(" ,;.")) if end else (tail, "")
    people, unread = credits.read(tail)
    sheet.people |= people
    sheet.rest = behind or sheet.rest[:start].rstrip(" ;,")
    printed = _REPRINTED.search(unread)
    unread, books = (unread[: printed.start()], unread[printed.start() :]) if printed else (unread, "")
    if not books and _is_printed(unread, sheet.registry):
        sheet.table["reprinted"] = [_reprint(unread)]
    elif unread:
        sheet.unread.append(unread.strip())
    if books:
        sheet.rest = f"{sheet.rest.rstrip('.')}. {books}" if sheet.rest else books


def _archive_at(text: str, registry: Registry) -> int:
    """Where a known archive with something behind it, or a shelfmark, stands behind a comma or a stop; 0 if none."""
    ends = [*(joint.start() for joint in _AFTER_NAME.finditer(text)), len(text)]
    for start, end in pairwise(ends):
        piece = text[start + 2 : end]
        if _LEVEL.match(piece) or (end < len(text) - 2 and registry.knows(piece)):
            return start
    return 0


def _reprints(sheet: _Sheet) -> None:
    """The printed sources behind "Reprinted in" or "Опубликовано:"."""
    if found := _REPRINTED.search(sheet.rest):
        books = _BETWEEN_BOOKS.split(sheet.rest[found.end() :])
        sheet.table["reprinted"] = [_reprint(book) for book in books]
        sheet.rest = sheet.rest[: found.start()].rstrip(" ;")


def _printed_only(sheet: _Sheet) -> None:
    """A reference that is a book or a paper, and no archive before."""
    if _is_printed(sheet.rest, sheet.registry):
        book = sheet.rest.removeprefix("in ")
        sheet.table["reprinted"] = [_reprint(book), *sheet.table.get("reprinted", ())]
        sheet.rest = ""


def _is_printed(text: str, registry: Registry) -> bool:
    """Whether *text* is a printed source: place and year of a book in brackets, perhaps with pages; a volume and its
    page; a paper with its day, or with number and page."""
    text = text.strip()
    first = text.partition(",")[0]
    if registry.knows(first) or _LEVEL.search(text):
        return False
    if _IMPRINT.search(text) or _PERIODICAL.fullmatch(text):
        return True
    volume = _VOLUME.fullmatch(text) is not None and not is_body(first)
    return (volume or _is_paper(text)) and not _HOLDING.search(text)


def _is_paper(text: str) -> bool:
    """Whether *text* is a paper, its day and perhaps a page: "Rossiiskaia gazeta, July 14, 1992, p. 5"."""
    paper = _DAY_OF_PRESS.match(text)
    day = _date_at(text, paper.end()) if paper else None
    return day is not None and re.fullmatch(rf"(?:{_ON_PAGE})?[. ]*", text[day[2] :], re.I) is not None


def _reprint(book: str) -> dict[str, str]:
    """The table of a printed source; its pages apart only where "p." or "pp." stands before them."""
    book = book.strip(" ,;").removesuffix(".")
    if book.count(")") > book.count("("):
        book = book.removesuffix(")")
    pages = [*_PAGES.finditer(book)]
    if pages and pages[-1].end() == len(book):
        return {"text": book[: pages[-1].start()].removesuffix("."), "pages": pages[-1]["pages"].strip(" .")}
    return {"text": book}


def _last_day(sheet: _Sheet) -> None:
    """The day behind a shelfmark, where none stood before it: "RGASPI, f. 81, op. 3, l. 7–11: Aug. 26, 1931"."""
    if "date" in sheet.table or "title" in sheet.table or _FILE_TITLE.search(sheet.rest):
        return
    for joint in _LAST_JOINT.finditer(sheet.rest):
        date = _date_at(sheet.rest, joint.end())
        if date and date[0].start and date[0].start.day and not sheet.rest[date[2] :].strip(" ."):
            sheet.table |= dates.table_of(*date[:2])
            sheet.rest = sheet.rest[: joint.start()]
            return


def _reference(sheet: _Sheet) -> None:
    """Archive and shelfmark: what has not been taken yet."""
    sheet.rest = _IN.sub("", sheet.rest, count=1) if "title" in sheet.table else sheet.rest
    copy = _COPY.search(sheet.rest)
    reading = references.read(sheet.rest[: copy.start() if copy else None].strip(" ,;"), sheet.registry)
    locations = [dict(location) for location in reading.locations]
    if copy:
        *others, last = locations or [{}]
        notes = (last.get("note", ""), _without_stop(copy["copy"]))
        locations = [*others, last | {"note": ". ".join(note for note in notes if note)}]
    sheet.table["location"] = locations
    if reading.title and "title" not in sheet.table:
        _describe(sheet, reading.title, unmarked=True)
    elif reading.title:
        sheet.unread.append(reading.title)
    sheet.unread += [reading.unread] * bool(reading.unread)
