"""Where documents lie, as scholars write it: archives and shelfmarks in one line, read into tables of records.

`citekit.shelfmark` reads what is written by the rules; this room reads the rest of the literature: the archive before
or behind its shelfmark or in brackets, several shelfmarks of which a later one leaves out what it shares with the one
before, labels that are missing or wrong, numbers without labels, titles of files behind the numbers. What a single
archive does is not here but in its scheme (`citekit/data/archives.toml`). Nothing is guessed: a siglum that several
archives share stays as it is, and what is not understood is kept and told.

>>> from citekit.archives import shipped
>>> read("RGASPI, f. 17, op. 114, d. 265; op. 3, d. 857, l. 9", shipped()).locations[1]
{'archive': 'RGASPI', 'fond': '17', 'opis': '3', 'delo': '857', 'list': '9'}
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from citekit import locators
from citekit.archives import fold
from citekit.errors import ParseError
from citekit.patterns import pattern
from citekit.scan import Scanner
from citekit.shelfmark import LABELS, OPIS, Scheme, format_part, is_siglum, parse, places
from citekit.shelfmark import fold as fold_mark
from citekit.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from citekit.archives import Archive, Registry

LONGEST = 20_000  # signs; a footnote has some hundreds


@frozen
class Reading:
    """What a line says of where a document lies.

    *locations* are tables of a record's `[[location]]`: "archive" as written, the levels by their names, "file_title",
    "fond_title", "note", and "shelfmark" with the words where no level can be told. *title* is the document's, where
    one stands before `//` or in square brackets. *unread* is what was not understood, verbatim.
    """

    locations: tuple[Mapping[str, Any], ...] = ()
    title: str = ""
    unread: str = ""


def read(text: str, registry: Registry) -> Reading:
    """Reads a line that says where a document lies.

    reference = (title "//")? clause ((";" | "&" | "and") clause)*;  clause = archive? shelfmark archive?
    A clause without an archive is of the one before, and has its levels down to the first of its own. It never fails:
    what cannot be read is told in `Reading.unread`. Source of the title before "//": GOST R 7.0.5-2008, section 11.
    """
    line = " ".join(text.split())
    if len(line) > LONGEST:
        return Reading(unread=text)
    title, slashes, rest = line.partition(" // ")
    body = _SOURCE.sub("", rest if slashes else line, count=1).strip(" ;,")
    desk = _Desk(registry)
    for clause in _clauses(body, desk.names):
        desk.take(clause)
    titles = [title.strip(" []")] * bool(slashes) + desk.titles
    locations = tuple(table for sheet in desk.sheets if (table := sheet.table()))
    return Reading(locations, titles[0] if titles else "", "; ".join([*desk.unread, *titles[1:]]))


# Cutting a line into clauses, and a clause into what stands between commas

_SOURCE = pattern(r"^(?:Source|Sources|Источник|Джерело|Quelle)\s?:\s?\.?\s?|^See ", re.I)
_IBID = pattern(r"(?:Ibid(?:em)?|Там же|Там само|Тамсама|Ebd|Ebenda|Tamże|Tamtéž)\b[.,:]*\s*", re.I)
# A bracket or a quotation is one sign for whatever cuts
_GROUP = r"\([^()]{0,300}\)|\[[^\[\]]{0,300}\]|[“„][^“”„]{0,300}[”“]|«[^«»]{0,300}»|\"[^\"]{0,300}\""
_CUT = pattern(rf"(?P<group>{_GROUP})|;|,? (?:&|and|и|та|und|et|oraz) ")
_CHUNK = pattern(rf"(?P<group>{_GROUP})|[,;]|:(?=\s|$)|(?<!\b[^\W\d_])\.(?=\s|$)")
_AND_FIRST = pattern(r"^(?:and|&|и|та) ")
_OWN_START = pattern(r"[A-Z]{2,5} ?\d{1,4}/|(?:f|ф|fond|фонд)\b\.? ?\d", re.I)


def _clauses(text: str, names: _Names) -> Iterator[str]:
    """The parts of *text* between ";", and between "&" or "and" where an archive or a whole shelfmark follows."""
    start = 0
    for cut in _CUT.finditer(text):
        behind = text[cut.end() : cut.end() + 200].lstrip()
        if cut["group"] or not (cut[0] == ";" or _OWN_START.match(behind) or names.at(behind, 0)):
            continue
        yield text[start : cut.start()]
        start = cut.end()
    yield text[start:]


class _Chunk(NamedTuple):
    start: int
    end: int
    text: str

    def is_words(self) -> bool:
        """Whether it can be a part of a name: no figures, and no longer than a name is."""
        return len(self.text) < 150 and not re.search(r"\d", self.text)


def _chunks(text: str) -> list[_Chunk]:
    """What stands between commas, colons and stops, brackets and quotations whole."""
    found, start = [], 0
    for cut in [*_CHUNK.finditer(text), None]:
        if cut is None or not cut["group"]:
            end = cut.start() if cut else len(text)
            begin = start + len(text[start:end]) - len(text[start:end].lstrip())
            if begin < end:
                found.append(_Chunk(begin, end, text[begin:end].rstrip()))
            start = cut.end() if cut else end
    return found


# The archive: found by a name that the registry knows, else by what names of archives look like


class _Named(NamedTuple):
    """An archive in a clause: from *start* to *end* it is named, from *first* to *last* that is written (with brackets
    that stand round it)."""

    start: int
    end: int
    archives: tuple[Archive, ...]
    first: int
    last: int


_BOUNDARY = pattern(r"(?<=[\w)])(?!\w)")
_BEGIN = pattern(r"(?:^|(?<=[(,;:])|(?<=\w\w\.\s)|(?<=\d\.\s))\s*(?=[^\W\d_])")
_GOES_ON = pattern(r"[-/]\S|\.\d")
_NEXT_WORD = pattern(r"\s+(?!\S{0,40}\d)([^\W\d_]{2,})")
_INSTITUTION = pattern(
    r"\b(?:archi[vw]\w*|ar[kh]+[iī][vw]\w*|архив\w*|архів\w*|архіў\w*|arquivos?|levéltár\w*|archyv\w*|librar(?:y|ies)"
    r"|bibliothe[kqc]\w*|biblioteca\w*|библиотек\w*|бібліотек\w*|muse(?:um|o)|музе\w+|institut\w*|universit\w*|інститут\w*"
    r"|институт\w*|cent(?:er|re)|department of|ministry of|foreign office|historical society)\b",
    re.I,
)
_COLLECTION = pattern(r"\b(?:papers|collections?|fonds|nachlass|files?|records?|mss?|series)\b", re.I)
# Towns as they are written, besides those that the registry names in English
_TOWNS = (
    "Москва/Санкт-Петербург/Київ/Киев/Kiev/Мінск/Минск/Wien/Praha/Warszawa/München/Köln/Genève/Roma/St Petersburg/"
    "Princeton/Ithaca/Cambridge/Stanford/Austin/Abilene/Independence/New Haven/Ann Arbor/Hyde Park/New York/Palo Alto"
).split("/")
_STATE = pattern(r"[A-Z]{2}|D\.?C|N\.[JYHC]|Massachusetts|California|Texas|Ireland|Scotland|England|UK|USA?")


class _Names:
    """The names of archives and of the places they are at."""

    def __init__(self, registry: Registry) -> None:
        self.known = registry.names()
        cities = (city for archive in registry.all() for city in re.split(r", | and ", archive.city))
        countries = (archive.country for archive in registry.all())
        self.places = frozenset(map(fold, [*cities, *countries, *_TOWNS]))

    def at(self, text: str, start: int) -> tuple[int, tuple[Archive, ...]] | None:
        """The longest name that begins at *start*: where it ends, and the archives it may mean."""
        ends = []
        for found in _BOUNDARY.finditer(text, start + 1, start + 200):
            ends.append(found.start())
            if len(ends) == 24:
                break
        for end in reversed(ends):
            said = text[start:end]
            archives = self.known.get(fold(said), ())
            if archives and self._is_whole(text, said, end):
                return end, archives
        return None

    def _is_whole(self, text: str, said: str, end: int) -> bool:
        """Whether *said* is all of a name: "National Archives" is none in "National Archives Building"."""
        if _GOES_ON.match(text, end) or not (len(said) > 5 or sum(map(str.isupper, said)) > 1):
            return False
        behind = _NEXT_WORD.match(text, end)
        return not (behind and " " in said and not said.isupper() and not _level_of(behind[1], LABELS))

    def find(self, text: str) -> _Named | None:
        """The first archive in *text* that is known by name, with the words before its bracketed siglum and its place
        behind it."""
        for count, begin in enumerate(_BEGIN.finditer(text)):
            if count == 60:
                break
            if found := self.at(text, begin.end()):
                return self._whole(text, begin.end(), *found)
        return None

    def _whole(self, text: str, start: int, end: int, archives: tuple[Archive, ...]) -> _Named:
        first, bracketed = start, text[start - 1 : start] == "("
        closing = text.find(")", end) if bracketed else -1
        if bracketed and closing >= 0:
            first = self._name_before(text, start - 1)
            if first == start - 1:  # "PREM 4/100/7 (TNA)"
                return _Named(start, closing, archives, first, closing + 1)
            start, end = first, closing + 1
        elif found := _BRACKET.match(text, end):
            content = found[1]
            if fold(content) in self.known or self.is_place(content) or _is_name(content):
                end = found.end()
                archives = self.known.get(fold(content), archives) if len(archives) > 1 else archives
        end = self._with_places(text, end)
        if again := self._again(text, end, archives):
            return again._replace(start=start, first=first)
        return _Named(start, end, archives, first, end)

    def _again(self, text: str, end: int, archives: tuple[Archive, ...]) -> _Named | None:
        """The same archive by another name behind a colon: "The National Archives (TNA): Public Record Office (PRO)";
        or behind a comma and before a colon: "TNA, PRO: FO 371"."""
        gap = _AGAIN.match(text, end)
        other = self.at(text, gap.end()) if gap else None
        if not (gap and other) or not {one.key for one in other[1]} & {one.key for one in archives}:
            return None
        return self._whole(text, gap.end(), *other) if ":" in (gap[0][0], text[other[0] : other[0] + 1]) else None

    def _name_before(self, text: str, bracket: int) -> int:
        """Where the name begins that a siglum in brackets explains; the bracket itself where none does."""
        chunks = _chunks(text[:bracket])
        if not chunks or not chunks[-1].is_words() or text[chunks[-1].end : bracket].strip(" "):
            return bracket
        run = []
        for chunk in reversed(chunks):
            if not chunk.is_words():
                break
            run.append(chunk)
        like = [chunk for chunk in run if _INSTITUTION.search(chunk.text)]
        if not like and run[-1].start > 0:
            return bracket
        return (like or run[:1])[-1].start

    def _with_places(self, text: str, end: int) -> int:
        """Behind the places that follow: ", Belgrade, Serbia", ", College Park, MD"."""
        start = end
        while (found := _PLACE.match(text, end)) and (
            fold(found[1]) in self.places or (end > start and self.is_place(found[1]))
        ):
            end = found.end()
        chunks = _chunks(text[end:])
        if 1 < len(chunks) < 4 and all(one.is_words() for one in chunks) and self.is_place(chunks[-1].text):
            return len(text)  # with the ministry in between
        return end

    def is_place(self, name: str) -> bool:
        """Whether an archive that is known lies in *name*, or it is a state of which cities are named."""
        return fold(name) in self.places or bool(_STATE.fullmatch(name))


_BRACKET = pattern(r"\s*\(([^()]{1,80})\)")
_AGAIN = pattern(r"[:,]\s*")
_PLACE = pattern(r",\s*([^,;:()\d]{2,40}?)(?=[,;:(]|\.(?:\s|$)|$)")


def _unknown(text: str, names: _Names) -> _Named | None:
    """An archive that the registry lacks, at the beginning or the end of a clause."""
    chunks = _chunks(text)
    head = _head(chunks, names)
    if head:
        found = _BRACKET.match(text, chunks[head - 1].end)
        end = names._with_places(text, found.end() if found and is_siglum(found[1]) else chunks[head - 1].end)
        return _Named(0, end, (), 0, end)
    last = max((number for number, chunk in enumerate(chunks) if not chunk.is_words()), default=0)
    for chunk in chunks[last + 1 :]:
        if _is_institution(chunk.text):
            return _Named(chunk.start, len(text), (), chunk.start, len(text))
    for chunk in chunks[1:]:
        if chunk.is_words() and _is_institution(chunk.text):
            end = names._with_places(text, chunk.end)
            return _Named(chunk.start, end, (), chunk.start, end)
    if chunks and (found := _LAST_BRACKET.search(text)) and _is_institution(found[1]):
        return _Named(found.start(1), found.end(1), (), found.start(), len(text))
    return None


_LAST_BRACKET = pattern(r"\(([^()]{1,100})\)$")


def _head(chunks: Sequence[_Chunk], names: _Names) -> int:
    """How many chunks at the beginning are the name of an archive: "Yale U Library, New Haven, Manuscripts and
    Archives" are three."""
    count = 0
    for number, chunk in enumerate(chunks[:4]):
        if not chunk.is_words():
            break
        if _is_institution(chunk.text) and (number == 0 or 0 < number <= count + (count > 0)):
            count = number + 1
    if not count and len(chunks) > 1 and chunks[0].is_words() and _is_name(chunks[0].text):
        return 1
    return count


def _is_name(words: str) -> bool:
    """Whether *words* may name an archive: a siglum in capitals, or the words of institutions."""
    return (is_siglum(words) and sum(map(str.isupper, words)) > 1) or _is_institution(words)


def _is_institution(words: str) -> bool:
    return bool(_INSTITUTION.search(words)) and not _COLLECTION.search(words) and _label_key(words) not in _NUMBERED


# Cutting a shelfmark into pieces

Kind: TypeAlias = Literal["level", "number", "words", "round", "square", "quoted", "extent"]


class _Piece(NamedTuple):
    """A part of a shelfmark: what it is, its value, its level and the label as written, and where it begins."""

    kind: Kind
    text: str
    level: str = ""
    said: str = ""
    start: int = 0


_GAP = pattern(r"(?:[\s,.;:]|[\u2010-\u2015-](?=\s))*")
_LABEL_WORD = pattern(r"[^\W\d_]{1,20}['’]?(?:/[^\W\d_]{1,3}\b)?[.:]?\s?")
_ONE_LABEL = pattern(r"(?:(?:" + _LABEL_WORD.pattern + r"){1,4})(?:№\s?)?|№\s?")
_REMARK = pattern(r"\s*[(\[](?:(?:or|or else|или|або|oder)\s)?(?:[^\W\d_]{1,10}\.?\s?){1,3}[)\]]\s*")
_NUMERO = pattern(r"\s*(?:№|[Nn]os?\.|[Nn]r\.|nos?(?=\s\d)|č\.)\s*")
_NUMBER = pattern(
    r"\[[^\[\]]{1,80}\]"  # [120]
    r"|\d\d\s?-?\s?[A-Z]\s?-?\s?\d{1,4}\b"  # 61-D 48, of lot files
    r"|[^\W\d_]{1,4}\s?[-\u2010-\u2015]\s?\d[^\s,;:()\[\]]{0,80}"  # Р – 740, R-9478
    r"|[^\W\d_]{0,5}[\d½][^\s,;:()\[\]]{0,80}"  # 059a, 02/1, V73
)
_ROMAN = pattern(r"[IVXLC]{1,7}(?:/\S{1,20}?)?(?=[,;:)]|\.?$|\.\s)")
_RUN = pattern(
    r"(?![FfФф]\.?\d)((?:[^\W\d_]{1,2}-)?[^\W\d_]{0,2}\d+[^\W\d_]?)((?:[-/.:]\d+[^\W\d_]{0,3}){1,3})"
    r"([-\u2010-\u2015]\d+)?(?=[\s,.;]|$)"
)
_EXTENT_GLUED = pattern(r"(\d+)\.(?=\d+\s?(?:л|арк|лист\w*|с)\b)")
_COUNTED = pattern(r"(\[?\d[\w/-]{0,20}(?:\.-\d{1,6})?\]?)(\.?)\s*((?:[^\W\d_]{1,10}\.?\s?){1,2})(?=[\s,.;:()\[]|$)")
_LISTED = pattern(r"\s*(?:,|&|and\b|и\b|та\b|u\.)\s*(?=\d)")
_ROW = pattern(r"\s(?=\d+(?:[\s;,]|$))")  # "Issues 20 221 10"
_LIST_STOP = pattern(r"\.\s+(?=\d+\s*[-\u2010-\u2015]\s*\d)")
_TO_COMMA = pattern(rf"(?:{_GROUP}|[^,;“„«\"(]|[(“„«\"]){{1,300}}?(?=[,;]|:\s|$)")
_WORD = pattern(rf"(?:{_GROUP}|[^\s,;(])+|\(")
_FOLDER_BEHIND = pattern(r"\s*(folders?|file)\b", re.I)
_QUOTED = pattern(r"“([^“”]{1,300})”|„([^„“”]{1,300})[“”]|«([^«»]{1,300})»|\"([^\"]{1,300})\"")
_DECIMAL = pattern(r"\d{3}[A-Z]?\.\d[\w.]{0,12}(?:/[\w–-]{1,20})?(?=[\s,;]|\.?$)")
_YEARS = pattern(r"(?:1[5-9]|20)\d\d(?:\s?[-–/]\s?\d{2,4})?")
_YEAR = pattern(r"(?:1[5-9]|20)\d\d")

_NUMBERED = frozenset("no nos nr nrs № arkivnr fileno".split())
_EVERYWHERE = frozenset(("file", "files"))
_SHORT = frozenset("rg pp p ff bd bl ll".split())
_LONG = 3  # a shorter label is read only where the archive's own scheme has it: "A 14330" is no akt
# Levels that are named by words as well as by numbers
_IN_WORDS = frozenset("fond fonds folder country collection zespol".split())


def is_soviet(scheme: Scheme) -> bool:
    """Whether fond, opis and delo have marks in *scheme*, so that whatever bears none is a number or a remark."""
    return bool(scheme.level("fond").marks) and {"fond", "delo"} <= set(scheme.names()) and scheme.name != "nara"


@cache
def _labels(own: tuple[tuple[str, str], ...], soviet: bool) -> Mapping[str, str]:
    """Labels as `_label_key` has them, and the level of each; an archive's own ones come before the usual ones."""
    usual = LABELS if soviet else {key: one for key, one in LABELS.items() if len(key) >= _LONG or key in _SHORT}
    usual = usual if soviet else {key: one for key, one in usual.items() if key not in _EVERYWHERE}
    return MappingProxyType({**usual, **dict.fromkeys(_NUMBERED, "item"), **dict(own)})


def _labels_of(scheme: Scheme) -> Mapping[str, str]:
    own = tuple((_label_key(mark), level.name) for level in scheme.levels for mark in level.all_marks())
    return _labels(own, is_soviet(scheme))


_LOOKS_LIKE = str.maketrans("аеорсхкмті", "aeopcxkmti")


def _label_key(label: str) -> str:
    return re.sub(r"[:’'/]", "", fold_mark(label))


@cache
def _misspelt() -> Mapping[str, str]:
    """Labels of five letters and more by their letters, so that "акруш" is found for "аркуш"."""
    return MappingProxyType({label[0] + "".join(sorted(label)): lv for label, lv in LABELS.items() if len(label) > 4})


def _level_of(label: str, labels: Mapping[str, str]) -> str:
    """The level that *label* names, also with letters of the other alphabet that look alike, or with two of them
    exchanged."""
    key = _label_key(label)
    if key in labels or not key:
        return labels.get(key, "")
    alike = key.translate(_LOOKS_LIKE)
    if alike in labels and len(key) > 1:
        return labels[alike]
    return _misspelt().get(key[0] + "".join(sorted(key)), "") if len(key) > 4 else ""


class _Cutter:
    """Cuts the shelfmark of one archive into pieces, from left to right."""

    def __init__(self, text: str, scheme: Scheme) -> None:
        self.scanner = Scanner(text)
        self.scheme = scheme
        self.labels = _labels_of(scheme)
        self.soviet = is_soviet(scheme)
        self.pieces: list[_Piece] = []

    def pieces_of(self) -> list[_Piece]:
        """pieces = (level | counted | number | bracket | quotation | words)*"""
        scanner = self.scanner
        scanner.match(_GAP)
        while not scanner.at_end():
            start = scanner.position
            piece = (
                self._bracket() or self._quoted() or self._run() or self._level() or self._counted() or self._number()
            )
            self.pieces.append((piece or self._words())._replace(start=start))
            scanner.match(_GAP)
        return self.pieces

    def begins(self, text: str) -> bool:
        """Whether *text* begins with a mark and its value."""
        self.scanner = Scanner(text)
        return self._level() is not None

    def _run(self) -> _Piece | None:
        """Bare numbers at the beginning, from the fond on: "558/11/98/160", "П789-10-11"."""
        found = self.soviet and not self.pieces and self.scanner.match(_RUN)
        return _Piece("number", found[0]) if found else None

    def _bracket(self) -> _Piece | None:
        text, start = self.scanner.text, self.scanner.position
        closing = {"(": ")", "[": "]"}.get(text[start])
        end = text.find(closing, start, start + 300) if closing else -1
        if not closing or end < 0 or (text[end + 1 : end + 2].strip(".,;:) ") and self.pieces == []):
            return None
        self.scanner.position = end + 1
        return _Piece("round" if closing == ")" else "square", text[start + 1 : end].strip())

    def _quoted(self) -> _Piece | None:
        found = self.scanner.match(_QUOTED)
        if not found:
            return None
        said = next(group for group in found.groups() if group is not None).strip(" ,")
        if self.scanner.match(_FOLDER_BEHIND):
            return _Piece("level", said, "folder", "folder")
        return _Piece("quoted", said)

    def _level(self) -> _Piece | None:
        """level = label remark? "№"? value"""
        scanner, start = self.scanner, self.scanner.position
        for end in self._label_ends(start):
            said = scanner.text[start:end]
            level = _level_of(said, self.labels)
            if not level:
                continue
            scanner.position = end
            if piece := self._value(level, said):
                return piece
        scanner.position = start
        return None

    def _label_ends(self, start: int) -> list[int]:
        """Where a label that begins at *start* can end, the longest first; "f-" of "F-6" is one too."""
        words = _ONE_LABEL.match(self.scanner.text, start)
        if not words:
            return []
        ends = [found.end() for found in _LABEL_WORD.finditer(self.scanner.text, start, words.end())]
        hyphen = self.scanner.text[ends[0] : ends[0] + 1] == "-" if ends else False
        glued = [ends[0] + 1] if hyphen and self.scanner.text[start : ends[0] + 1].casefold() in self.labels else []
        return [*glued, *sorted({words.end(), *ends}, reverse=True)]

    def _value(self, level: str, said: str) -> _Piece | None:
        scanner, label_end = self.scanner, self.scanner.position
        glossed = scanner.match(_REMARK)
        scanner.match(_NUMERO)
        scanner.skip_space()
        if self.scheme.level(level).leaf:
            return self._leaves(level, said)
        glued = said[-1:].isalpha() and scanner.position == label_end and not glossed
        value = "" if glued and not self._at_figure() else self._figures()
        if level == "file" and (_YEARS.fullmatch(value) or _DECIMAL.match(value)):  # "Central Files 1970-73"
            return None
        if not value and not glued:
            value = self._in_words(level, said)
        return _Piece("level", value, level, said) if value else None

    def _at_figure(self) -> bool:
        return self.scanner.text[self.scanner.position : self.scanner.position + 1] in tuple("0123456789[")

    def _figures(self) -> str:
        """A number, or several: "16", "[120]", "Р – 740", "37 and 39", "58-72"."""
        scanner, start = self.scanner, self.scanner.position
        if extent := scanner.match(_EXTENT_GLUED):  # "Д. 1.214 л."
            return str(extent[1])
        value = scanner.take(_NUMBER) or scanner.take(_ROMAN)
        while value and "[" not in value:
            value, cut = self._without_label(value)
            scanner.position -= cut
            before = scanner.position
            listed = scanner.match(_LISTED) or (not self.soviet and scanner.match(_ROW))
            if cut or not listed or self._is_other():
                scanner.position = before
                break
            scanner.match(_NUMBER)
        return re.sub(r"\s*[\u2010-\u2015]\s*|\s+-\s*|\s*-\s+", "-", scanner.text[start : scanner.position].rstrip("."))

    def _without_label(self, value: str) -> tuple[str, int]:
        """*value* without a next level that is glued to it: "1.Op.2", "1/Box 2"; and how much was cut."""
        found = re.search(r"\.(?=[^\W\d_]{1,4}\.)|/(?=[^\W\d_]{3})", value)
        return (value[: found.start()], len(value) - found.start()) if found else (value, 0)

    def _is_other(self) -> bool:
        """Whether the number at the position belongs to no list: a year of an opis, "4. doboz", "214 л.", "11/2"."""
        text, position = self.scanner.text, self.scanner.position
        if _YEAR.match(text, position) and self.soviet:
            return True
        counted = _COUNTED.match(text, position)
        return bool(counted and _level_of(counted[3], self._behind())) or (self.soviet and text[position - 2] == ",")

    def _in_words(self, level: str, said: str) -> str:
        """The value of a level that is named by words: "fond CC al PCR", "Country: the GDR"; none in small letters."""
        scanner = self.scanner
        found = _QUOTED.match(scanner.text, scanner.position)
        if found and level in self.scheme.names():
            scanner.position = found.end()
            return next(group for group in found.groups() if group is not None)
        own = level in self.scheme.names() and not self.soviet
        if not (own or (level in _IN_WORDS and self.soviet)) or (
            said.isascii() and len(_label_key(said)) < _LONG and not own
        ):
            return ""
        begins_small = scanner.text[scanner.position : scanner.position + 1].islower()
        colon = said.strip() in self.scheme.level(level).all_marks()
        if (":" in said and not colon) or (begins_small and ":" not in said):
            return ""
        return scanner.take(_TO_COMMA).strip(" .")

    def _leaves(self, level: str, said: str) -> _Piece | None:
        """Leaves and pages as written: "5-7ob.", "190–91, 193"; "9. 12–19" is a slip for "9, 12–19"."""
        scanner, start = self.scanner, self.scanner.position
        try:
            locators.read_ranges(scanner)
            value = scanner.text[start : scanner.position]
            while scanner.match(_LIST_STOP):
                begin = scanner.position
                locators.read_ranges(scanner)
                value += ", " + scanner.text[begin : scanner.position]
        except ParseError:
            return None
        if not re.search(r"\d", value) and not value.islower():  # "L. I. Brezhnev" is no leaf
            return None
        if scanner.text[scanner.position : scanner.position + 1].isalnum():
            return None
        if not self.soviet and len(said) == 1 and said.isupper():  # "F7 13498" is a series
            return None
        return _Piece("level", value.strip(), level, said)

    def _behind(self) -> Mapping[str, str]:
        """Labels that may stand behind their number."""
        after = {_label_key(mark): one.name for one in self.scheme.levels if one.after for mark in one.all_marks()}
        return {**self.labels, **after, **dict.fromkeys(_EXTENTS, "extent")}

    def _counted(self) -> _Piece | None:
        """A level behind its number, "4. doboz", "101. f."; or how many leaves there are, "214 л."."""
        found = _COUNTED.match(self.scanner.text, self.scanner.position)
        if not found:
            return None
        words = _LABEL_WORD.finditer(found[3])
        for end in sorted((word.end() for word in words), reverse=True):
            said = found[3][:end]
            level = _level_of(said, self._behind())
            after = self.scheme.level(level).after
            behind = self.scanner.text[found.start(3) + end : found.start(3) + end + 5]
            if not level or (re.match(r"[\s.]*\d", behind) and not (found[2] or after)):
                continue
            if not after and (not found[2] or not self._counts_first()):
                if not (self.soviet and (level == "extent" or self.scheme.level(level).leaf)):
                    continue
                self.scanner.position = found.start(3) + end
                return _Piece("extent", f"{found[1]} {said.strip()}")
            self.scanner.position = found.start(3) + end
            return _Piece("level", found[1].replace(".", ""), level, said)
        return None

    def _counts_first(self) -> bool:
        """Whether numbers lead in this shelfmark, as in Latvia: "101. f., 1. apr., 5. l."."""
        return all(piece.kind == "level" for piece in self.pieces) and self.scanner.text[:1].isdigit()

    def _number(self) -> _Piece | None:
        scanner, start = self.scanner, self.scanner.position
        if found := scanner.match(_DECIMAL):
            return _Piece("number", found[0].rstrip("."))
        if not self.soviet:
            return None
        text = scanner.take(_NUMBER).rstrip(".")
        if not text or re.match(r"\s+[^\W\d_]{4}", scanner.text[scanner.position : scanner.position + 20]):
            scanner.position = start
            return None
        return _Piece("number", text)

    def _words(self) -> _Piece:
        """Words up to a comma, or up to where a level begins."""
        scanner, start = self.scanner, self.scanner.position
        while scanner.match(_WORD):
            end = scanner.position
            here = scanner.text[end : end + 1]
            if not here or here in ",;":
                break
            if scanner.text[end - 1] == ":" or self._ends_sentence(end):
                break
            scanner.skip_space()
            if self._level_begins() or self._last_bracket() or _DECIMAL.match(scanner.text, scanner.position):
                scanner.position = end
                break
        if scanner.position == start:
            scanner.position += 1
        return _Piece("words", _without_stop(scanner.text[start : scanner.position].strip(" :")))

    def _ends_sentence(self, end: int) -> bool:
        return self.soviet and self.scanner.text[end - 1] == "."

    def _level_begins(self) -> bool:
        start, pieces = self.scanner.position, self.pieces
        if not re.match(r"[^\W\d_№]|№", self.scanner.text[start : start + 1] or " "):
            return False
        found = self._level()
        self.scanner.position, self.pieces = start, pieces
        return bool(found and re.search(r"\d", found.text) and (self.soviet or len(_label_key(found.said)) > 1))

    def _last_bracket(self) -> bool:
        """Whether a bracket at the position is the last of its chunk, so that it is none of the words."""
        found = _BRACKET.match(self.scanner.text, self.scanner.position)
        return bool(found and self.scanner.text[found.end() : found.end() + 1] in ("", ",", ";", "."))


_ABBREVIATED = pattern(r"(?:^|[\s.\d])[^\W\d_]{1,3}\.$")


def _without_stop(words: str) -> str:
    """*words* without the stop of their sentence; "n.d." and "214 л." keep theirs."""
    return words if _ABBREVIATED.search(words) else words.rstrip(". ")


_EXTENTS = frozenset("л лл арк листов листа лист аркушів leaves ll folios pp с s".split())


# What the pieces are

_CORE = ("fond", "opis", "delo", "list")
_TITLE_OF_FOND = pattern(r"(?:General )?(?:Records|Archives?) of |Fonds? [^\W\d_]|Nachlass ")
_CODE = pattern(r"(?:[A-Z]{3,6} )?[A-Z]{0,5}\d[^\s,/-]{0,40}[/-][^\s,]{0,40}\d")  # "LA10/146", "A20229735/085-08-0653"
_NO_FOLDER = pattern(r"\b(?:files?|series|records|papers|collection)$", re.I)
_FOLLOWING = pattern(r"(?<=\d)\s?ff?\.$")
_MAKER = pattern(r" / (?=[^\W\d_][\w-]+, [^\W\d_])")


class _Sheet:
    """One location while it is filled: its archive, its levels in the order they are read, and words beside them."""

    def __init__(self, levels: Mapping[str, str] | None = None) -> None:
        self.archive = ""
        self.scheme = OPIS
        self.levels = dict(levels or {})
        self.words: dict[str, str] = {}

    def table(self) -> dict[str, str]:
        """The table of a record's location."""
        named = {"archive": self.archive} if self.archive else {}
        return named | self.levels | self.words

    def add(self, name: str, words: str) -> None:
        """Adds *words* behind those that are called *name*."""
        self.words[name] = "; ".join(filter(None, [self.words.get(name, ""), words]))

    def next(self, level: str, scheme: Scheme) -> _Sheet:
        """A sheet for a shelfmark that begins with *level* and is like this one above it."""
        order = places(scheme)
        own = order.get(level, (0, 0))
        return _Sheet({name: value for name, value in self.levels.items() if order.get(name, (0, 0)) < own})


class _Body:
    """The shelfmarks of one clause, read in *scheme*: `sheets`, `titles`, what is `unread`, and how many of the levels
    had a mark."""

    def __init__(self, text: str, scheme: Scheme, sheet: _Sheet) -> None:
        self.scheme = scheme
        self.soviet = is_soviet(scheme)
        self.sheets = [sheet]
        self.titles: list[str] = []
        self.unread: list[str] = []
        self.marked = 0
        self.bare = [level for level in scheme.levels if not level.marks or (level.bare and not level.leaf)]
        self.order = places(scheme)
        self.pieces: list[_Piece] = []
        if not (text and self._strictly(text)):
            self.pieces = _Cutter(text, scheme).pieces_of()
            told = [piece for piece in self.pieces if self._counts(piece)]
            self.marked = len(told) if len(told) > 1 or not all(_is_weak(piece) for piece in told) else 0
            self.text, self.done = text, 0
            self.last_at = {piece.level: number for number, piece in enumerate(self.pieces)}
            for number, piece in enumerate(self.pieces):
                if number >= self.done:
                    _FILL[piece.kind](self, number, piece)
            self._name_folder()
        self._check_leaves()

    def _check_leaves(self) -> None:
        """Leaves that cannot be leaves, "5, 7/8", become a note."""
        for sheet in self.sheets:
            for level in [level for level in sheet.levels if self.scheme.level(level).leaf]:
                try:
                    locators.parse(sheet.levels[level])
                except ParseError:
                    self.unread.append(sheet.levels[level])
                    sheet.add("note", sheet.levels.pop(level))

    def _counts(self, piece: _Piece) -> bool:
        """Whether a mark tells that the scheme is right: "file" and "no." are everywhere."""
        own = _SOVIET if self.scheme is OPIS else self.scheme.names()
        return piece.kind == "level" and piece.level in own and _label_key(piece.said) not in (*_EVERYWHERE, "p", "pp")

    def is_typed(self) -> bool:
        """Whether a level was read."""
        return any(sheet.levels for sheet in self.sheets)

    def remarks(self) -> int:
        """How many words found no level."""
        return sum(len(words) for sheet in self.sheets for words in sheet.words.values()) + sum(map(len, self.unread))

    def _strictly(self, text: str) -> bool:
        """Reads levels that joints hold together, "FO 371/84053", as their scheme says."""
        levels = self.scheme.levels
        if self.soviet or all(level.joint is None or level.marks for level in levels):
            return False
        sheet = self.sheets[-1]
        text, *notes = _MAKER.split(text, maxsplit=1)
        if following := _FOLLOWING.search(text):  # "S. 13ff.": where it ends is not said
            text, notes = text[: following.start()], [following[0].strip()]
        head, rest = self._joined(text)
        try:
            mark = parse(head, self.scheme)
        except ParseError:
            return False
        for part in mark.parts:
            level = self.scheme.level(part.level)
            sheet.levels[part.level] = format_part(part, replace(level, marks={}))
            self.marked += bool(level.marks)
        for chunk in rest:
            self._add_rest(chunk, sheet)
        for note in notes:
            sheet.add("note", note)
        return True

    def _joined(self, text: str) -> tuple[str, list[str]]:
        """*text* in which joints alone hold levels together, and what commas without a mark cut from it."""
        if any(level.joint is None for level in self.bare[1:]):
            return text, []
        head, *chunks = text.split(", ")
        cutter = _Cutter("", self.scheme)
        begins = [cutter.begins(chunk) for chunk in chunks]
        marked = [chunk for chunk, own in zip(chunks, begins, strict=True) if own]
        return ", ".join([head, *marked]), [chunk for chunk, own in zip(chunks, begins, strict=True) if not own]

    def _add_rest(self, chunk: str, sheet: _Sheet) -> None:
        """Leaves without their mark, further numbers, a smaller level, or the title of the file."""
        leaf = next((level.name for level in self.scheme.levels if level.bare and level.leaf), "")
        smaller = next((level.name for level in self.bare if level.name not in sheet.levels), "")
        if _RANGES.fullmatch(chunk) and leaf:
            sheet.levels[leaf] = ", ".join(filter(None, [sheet.levels.get(leaf, ""), chunk]))
        elif _RANGES.fullmatch(chunk):
            self._extend(sheet, ", " + chunk)
        elif smaller and re.search(r"\d", chunk) and "file_title" not in sheet.words:
            sheet.levels[smaller] = chunk
        else:
            sheet.words["file_title"] = ", ".join(filter(None, [sheet.words.get("file_title", ""), chunk]))

    # pieces

    def _level(self, number: int, piece: _Piece) -> None:
        level = self._meant(number, piece)
        sheet = self.sheets[-1]
        if level in sheet.levels and self.scheme.level(level).leaf:
            sheet.levels[level] += ", " + piece.text
            return
        if level in sheet.levels:
            sheet = sheet.next(level, self.scheme)
            self.sheets.append(sheet)
        sheet.levels[level] = piece.text

    def _meant(self, number: int, piece: _Piece) -> str:
        """The level that a label means at its place: "P. 72" before a delo is a papka, "С64" before the leaves a
        sprava, and pages otherwise. Source: our reading of AVPRF notes and of Ukrainian ones."""
        label, levels = _label_key(piece.said), self.sheets[-1].levels
        if piece.level != "page" or not self.soviet or "delo" in levels:
            return piece.level
        file_follows = self._follows(number, "delo")
        if label == "p" and file_follows:
            return "papka"
        return "delo" if label in ("с", "c", "s") and "opis" in levels and not file_follows else piece.level

    def _follows(self, number: int, *levels: str) -> bool:
        """Whether one of *levels* has a mark behind piece *number*."""
        return any(self.last_at.get(level, 0) > number for level in levels)

    def _number(self, number: int, piece: _Piece) -> None:
        sheet = self.sheets[-1]
        if not self.soviet:
            self._bare(number, piece)
            return
        run = _RUN.fullmatch(piece.text)
        if not sheet.levels and run:
            values = [run[1], *re.findall(r"[^-/.:]+", run[2])]
            sheet.levels.update(zip(_CORE, values, strict=False))
            if run[3]:
                self._extend(sheet, run[3])
            return
        last = next((level for level in reversed(sheet.levels) if level in _CORE), "")
        free = [level for level in _CORE[_CORE.index(last) + 1 if last else 0 :] if level not in sheet.levels]
        if _YEAR.fullmatch(piece.text) and last == "opis":
            sheet.levels["year"] = piece.text
        elif free and not self._follows(number, "fond", "opis", "delo", free[0]) and (last or number == 0):
            sheet.levels[free[0]] = piece.text
        elif sheet.levels:
            self._extend(sheet, ", " + piece.text)
        else:
            self.unread.append(piece.text)

    def _extend(self, sheet: _Sheet, text: str) -> None:
        last = next(reversed(sheet.levels))
        sheet.levels[last] += text

    def _words(self, number: int, piece: _Piece) -> None:
        sheet = self.sheets[-1]
        if not self.soviet:
            self._bare(number, piece)
        elif sheet.levels and _YEARS.fullmatch(piece.text):
            sheet.levels["year"] = piece.text
        elif sheet.levels:
            sheet.add("note", self._sentence(number))
        else:
            sheet.levels["series"] = piece.text

    def _sentence(self, number: int) -> str:
        """The words from piece *number* to the next level or bracket, as they stand."""
        later = range(number + 1, len(self.pieces))
        self.done = next((n for n in later if self.pieces[n].kind not in ("words", "number")), len(self.pieces))
        end = self.pieces[self.done].start if self.done < len(self.pieces) else len(self.text)
        return _without_stop(self.text[self.pieces[number].start : end].strip(" ,;:"))

    def _bare(self, number: int, piece: _Piece) -> None:
        """Gives words to the next level without a mark."""
        sheet, text = self.sheets[-1], piece.text
        last = next(reversed(sheet.levels), "")
        names = self.scheme.names()
        box = re.fullmatch(r"(\d+):(\d+)", text)
        if box and "folder" in names and "box" not in sheet.levels:
            sheet.levels |= {"box": box[1], "folder": box[2]}
        elif _YEARS.fullmatch(text) and "year" not in names and self._last_words(sheet):
            sheet.words["fond_title"] += ", " + text
        elif _YEARS.fullmatch(text) and last and not self.scheme.level(last).marks and "year" not in names:
            sheet.levels[last] += ", " + text
        elif _TITLE_OF_FOND.match(text) and ("collection" not in names or "collection" in sheet.levels):
            sheet.add("fond_title", text)
        elif piece.kind == "number" and "item" in names:
            sheet.levels["item"] = text
        elif "box" in sheet.levels and "folder" in names and "folder" not in self._to_come(number):
            sheet.levels["folder"] = ", ".join(filter(None, [sheet.levels.get("folder", ""), text]))
        elif len(self.bare) == 1 and not re.search(r"\d", text) and self._goes_on(number):
            sheet.add("fond_title", text)  # "British Library, India Office Records, L/P&S/12/1993"
        else:
            self._to_next(number, text, sheet)

    def _last_words(self, sheet: _Sheet) -> bool:
        """Whether the words before were the title of a fond."""
        return bool(sheet.words.get("fond_title")) and not any(
            not level.marks and level.name in sheet.levels for level in self.bare
        )

    def _to_next(self, number: int, text: str, sheet: _Sheet) -> None:
        names = self.scheme.names()
        later = [self.order[name] for name in self._to_come(number) if name in self.order]
        bare = [level.name for level in self.bare if not level.shape or re.fullmatch(level.shape, text)]
        given = [self.order[name] for name in bare if name in sheet.levels and name != "item"]
        free = [name for name in bare if name == "item" or self.order[name] > max(given, default=(-1, 0))]
        free = [name for name in free if name not in sheet.levels]
        if "folder" in names and "folder" not in sheet.levels and "record_group" not in names:
            free = [name for name in free if name != "item"]
        before = [name for name in free if not later or self.order[name] < min(later)]
        if "item" in bare and "item" not in sheet.levels and len(bare) > 1 and _CODE.fullmatch(text):
            before = ["item"]
        if before:
            sheet.levels[before[0]] = text
        elif given and (later or "folder" in names) and next(reversed(sheet.levels)) in bare:
            self._extend(sheet, ", " + text)
        else:
            sheet.add("note" if "file_title" in sheet.words else "file_title", text)

    def _goes_on(self, number: int) -> bool:
        return not self.sheets[-1].levels and any(
            piece.kind == "words" for piece in self.pieces[number + 1 : number + 3]
        )

    def _to_come(self, number: int) -> list[str]:
        return [piece.level for piece in self.pieces[number + 1 : number + 20] if piece.kind == "level"]

    def _round(self, number: int, piece: _Piece) -> None:
        """Brackets: the title of the file behind its numbers, that of the fond behind its own. Source: GOST R
        7.0.5-2008, 11.9."""
        sheet = self.sheets[-1]
        last = next(reversed(sheet.levels), "")
        before = self.pieces[number - 1].kind if number else ""
        if not self.soviet and last and before == "words":
            self._extend(sheet, f" ({piece.text})")
        elif self._to_come(number):
            sheet.add("fond_title" if last == "fond" else "note", piece.text)
        else:
            sheet.add("note" if "file_title" in sheet.words else "file_title", piece.text)

    def _square(self, number: int, piece: _Piece) -> None:
        self.titles.append(piece.text)

    def _quoted(self, number: int, piece: _Piece) -> None:
        sheet = self.sheets[-1]
        if "folder" in self.scheme.names() and "folder" not in [*sheet.levels, *self._to_come(number)]:
            sheet.levels["folder"] = piece.text
        else:
            self.titles.append(piece.text)

    def _extent(self, number: int, piece: _Piece) -> None:
        """How many leaves a file has, "214 л." behind its number, not leaf 214. Source: GOST R 7.0.5-2008, 11."""
        self.sheets[-1].add("note", piece.text)

    def _name_folder(self) -> None:
        """Words of a collection behind its series name the folder, as in notes on presidential libraries: "National
        Security File, Country File, Vietnam, Vol. LXXI"."""
        levels = self.sheets[-1].levels
        if self.scheme.name != "collection" or "series" not in levels or "folder" in levels:
            return
        parts = levels["series"].split(", ")
        count = next((n for n, part in enumerate(parts) if not _NO_FOLDER.search(part)), len(parts))
        if count == len(parts) or (count == 0 and "box" in levels):
            return
        del levels["series"]
        levels |= {"series": ", ".join(parts[:count])} if count else {}
        levels["folder"] = ", ".join(parts[count:])


_RANGES = pattern(r"\[?\d+\w{0,3}\]?(?:\s?(?:[-\u2010-\u2015,&]|and)\s?\[?\d+\w{0,3}\]?)*")
_FILL: Mapping[Kind, Callable[[_Body, int, _Piece], None]] = MappingProxyType(
    {
        "level": _Body._level,
        "number": _Body._number,
        "words": _Body._words,
        "round": _Body._round,
        "square": _Body._square,
        "quoted": _Body._quoted,
        "extent": _Body._extent,
    }
)


# A line: one clause after the other


class _Desk:
    """What was read so far: `sheets`, `titles`, `unread`."""

    def __init__(self, registry: Registry) -> None:
        self.names = names_of(registry)
        self.schemes = registry.schemes()
        self.sheets: list[_Sheet] = []
        self.titles: list[str] = []
        self.unread: list[str] = []

    def take(self, clause: str) -> None:
        """Reads one clause and puts it behind the others."""
        text = _AND_FIRST.sub("", clause.strip(" ,")).strip(" ,")
        text = _ZERO.sub(r"\1O \2", _SLASHED.sub(", ", text))
        if again := _IBID.match(text):  # whose shelfmark that is the note before knows
            self.unread.append(again[0].strip(" ,"))
            text = text[again.end() :]
        archive, schemes, body = self._archive(text)
        if not (archive or body):
            return
        read = self._best(body, schemes, bool(archive))
        for sheet in read.sheets:
            sheet.archive, sheet.scheme = archive, read.scheme
        self.titles += read.titles
        self.unread += read.unread
        if body and not read.is_typed():
            self._keep_words(read.sheets[-1], body)
        self._put(read.sheets)

    def _archive(self, text: str) -> tuple[str, tuple[Scheme, ...], str]:
        """The archive that a clause names, the schemes it may have, and the rest of the clause."""
        shape = self._shaped(text, self.schemes)
        named = self.names.find(text)
        if shape and not (named and named.archives and self._is_run(text, named)):
            return "", (shape,), text
        named = named or (None if _is_marked(text) else _unknown(text, self.names))
        if not named:
            return self._unnamed(text)
        before, behind = (
            text[: named.first].strip(" ,.:"),
            _without_stop(text[named.last :].lstrip(" ,.:").rstrip(" ,:")),
        )
        schemes = tuple({archive.scheme.name: archive.scheme for archive in named.archives}.values())
        if before and self.names.is_place(before):  # "Moscow, RGASPI"
            named, before = named._replace(start=0), ""
        if before and behind and schemes and is_soviet(schemes[0]) and not _is_marked(before):
            self.unread.append(before)
            before = ""
        body = ", ".join(filter(None, [before, behind]))
        shape = self._shaped(body, self.schemes) if not schemes else None
        return text[named.start : named.end].strip(" ,."), (shape,) if shape else schemes, body

    def _is_run(self, text: str, named: _Named) -> bool:
        """Whether an archive stands before bare numbers, or before a comma: "APRF 45/1/342" is no series of Kew."""
        scheme = named.archives[0].scheme
        return is_soviet(scheme) or scheme.joint == " " or not re.match(r"\s?\d", text[named.end :])

    def _shaped(self, text: str, schemes: Sequence[Scheme]) -> Scheme | None:
        """The scheme of *schemes* whose shape *text* has."""
        if len(text) > 400:
            return None
        return next((one for one in schemes if one.shape and re.fullmatch(one.shape, text)), None)

    def _unnamed(self, text: str) -> tuple[str, tuple[Scheme, ...], str]:
        """A clause of an archive that no registry knows: what stands before the first mark; or one without any."""
        if run := _CYRILLIC_RUN.fullmatch(text):  # "ДАХО 123-4-5"
            return run[1], (OPIS,), run[2]
        pieces = _Cutter(text, OPIS).pieces_of()
        first = next((piece for piece in pieces if piece.level in _SOVIET), None)
        head = text[: first.start].strip(" ,.:") if first else ""
        if head and pieces[0].kind == "words" and (not self.sheets or is_siglum(head) or _is_institution(head)):
            return head, (), text[first.start :] if first else ""
        return "", (), text

    def _best(self, text: str, schemes: tuple[Scheme, ...], named: bool) -> _Body:
        """The reading that leaves least unread; an archive's own scheme unless another one knows more of the marks."""
        before = self.sheets[-1].scheme if self.sheets and not named else None
        usual = [OPIS, *(scheme for name in ("collection", "nara") for scheme in self.schemes if scheme.name == name)]
        own = schemes or ((before,) if before else ())
        bodies = [_Body(text, scheme, _Sheet()) for scheme in [*own, *usual]]
        firsts = [body for body in bodies[: len(own)] if body.is_typed()] or []
        fits = [one is shape for one in own] if (shape := self._shaped(text, own)) else []
        firsts = [bodies[fits.index(True)]] if any(fits) else firsts
        best = max(firsts, key=lambda body: body.marked, default=None)
        others = [body for body in bodies[len(own) :] if body.marked or _tells(body)]
        other = max(others, key=lambda body: (body.marked, _tells(body), -body.remarks()), default=None)
        if best and not (other and other.marked > best.marked + bool(schemes)):
            return best
        return other or best or (bodies[0] if own else _Body("", OPIS, _Sheet()))

    def _keep_words(self, sheet: _Sheet, words: str) -> None:
        sheet.levels.clear()
        sheet.words = {"shelfmark": words}
        self.unread = [*self.unread, words]

    def _put(self, sheets: list[_Sheet]) -> None:
        """Puts *sheets* behind the others: the first of them goes on with the last location, or is like it above its
        own levels."""
        last, first = (self.sheets[-1] if self.sheets else None), sheets[0]
        if last and (not first.archive or not last.archive) and not first.words.get("shelfmark"):
            shared = [name for name in first.levels if name in last.levels]
            if not shared:
                self._go_on(last, first)
                sheets = sheets[1:]
            else:
                self._inherit(last, first)
        for sheet in sheets:
            sheet.archive = sheet.archive or (self.sheets[-1].archive if self.sheets else "")
            self.sheets.append(sheet)

    def _go_on(self, last: _Sheet, first: _Sheet) -> None:
        last.archive = last.archive or first.archive
        last.levels |= first.levels
        for name, words in first.words.items():
            last.add(name, words)
        if last.levels and "shelfmark" in last.words:
            last.add("note", last.words.pop("shelfmark"))

    def _inherit(self, last: _Sheet, first: _Sheet) -> None:
        order = places(first.scheme)
        largest = min(first.levels, key=lambda name: order.get(name, (0, 0)))
        first.levels = last.next(largest, first.scheme).levels | first.levels


_CYRILLIC_RUN = pattern(r"([А-ЯЁІЇЄҐЎ][А-ЯЁІЇЄҐЎа-яёіїєґў]{1,8}(?: [А-ЯЁІЇЄҐЎ]{2,8})?),? ([А-ЯІ]?-?\d\S*[-/]\S*\d)")
_ZERO = pattern(r"\b([FC])0 ?(\d{3}/)")  # a scan's "F0371" is FO 371
_SLASHED = pattern(r"/(?=(?:Box|Folder|Entry|Reel)\b)")
_SOVIET = frozenset(("fond", "opis", "delo", "list", "papka", "korobka", "perechen", "protokol", "tetrad", "portfel"))


def _is_marked(text: str) -> bool:
    """Whether *text* has marks of the Soviet levels, so that what stands before them is the archive."""
    pieces = [piece for piece in _Cutter(text, OPIS).pieces_of() if piece.level in _SOVIET]
    strong = {piece.level for piece in pieces if not _is_weak(piece)}
    return len({piece.level for piece in pieces}) > 1 or bool(strong & {"fond", "delo", "protokol"})


def _is_weak(piece: _Piece) -> bool:
    """Whether a label may be none: one letter before its figures, "D890001", and words that stand in every system."""
    return len(piece.said) == 1 or _label_key(piece.said) in _EVERYWHERE


def _tells(body: _Body) -> int:
    """How well words or numbers without marks tell the system: a decimal file, a collection of papers."""
    if body.scheme.name == "nara":
        return 2 * any(_DECIMAL.fullmatch(piece.text) for piece in body.pieces)
    if body.scheme.name == "collection":
        return int(any(piece.kind == "words" and _COLLECTION.search(piece.text) for piece in body.pieces))
    return 0


@cache
def names_of(registry: Registry) -> _Names:
    """The names of the archives in *registry*."""
    return _Names(registry)
