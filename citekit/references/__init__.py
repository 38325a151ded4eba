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
from dataclasses import field
from typing import TYPE_CHECKING, Any

from citekit.patterns import pattern
from citekit.references import order
from citekit.references.labels import SOVIET, is_soviet
from citekit.references.levels import Body, Sheet, tells
from citekit.references.named import COLLECTION, is_institution, is_name, names_of, unknown
from citekit.references.order import BESIDE, Source, Value, ordered
from citekit.references.pieces import GROUP, Cutter, is_marked, without_stop
from citekit.references.slips import tidy, uniform
from citekit.shelfmark import OPIS, PLAIN, Form, Level, is_siglum, places
from citekit.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from citekit.archives import Registry
    from citekit.references.named import Named, Names
    from citekit.references.order import Piece
    from citekit.shelfmark import Scheme

LONGEST = 20_000  # signs; a footnote has some hundreds


@frozen
class Reading:
    """What a line says of where a document lies.

    *locations* are tables of a record's `[[location]]`: "archive" as written, the levels by their names, "file_title",
    "fond_title", "note", and "shelfmark" with the words where no level can be told. *title* is the document's, where
    one stands before `//` or in square brackets. *unread* is what was not understood, verbatim. *pieces* and *form* say
    how it was written (`citekit.references.order`).
    """

    locations: tuple[Mapping[str, Any], ...] = ()
    title: str = ""
    unread: str = ""
    pieces: tuple[Piece, ...] = field(default=(), kw_only=True, hash=False)
    form: Form = field(default=PLAIN, kw_only=True, hash=False)


def read(text: str, registry: Registry) -> Reading:
    """Reads a line that says where a document lies.

    reference = (title "//")? clause ((";" | "&" | "and") clause)*;  clause = archive? shelfmark archive?
    A clause without an archive is of the one before, and has its levels down to the first of its own. It never fails:
    what cannot be read is told in `Reading.unread`. Source of the title before "//": GOST R 7.0.5-2008, section 11.
    """
    line = tidy(_ZERO.sub(r"\1O \2", " ".join(text.split())))
    if len(line) > LONGEST:
        return Reading(unread=text, pieces=(Value(BESIDE, "unread", Level("unread"), 0, len(text)),))
    title, slashes, rest = line.partition(" // ")
    body = uniform(_SOURCE.sub("", rest if slashes else line, count=1).strip(" ;,"))
    secret = _SECRECY.search(body)
    body = body[: secret.start()] if secret else body
    desk = _Desk(registry)
    for clause in _clauses(body, desk.names):
        desk.take(clause)
    desk.close()
    if secret:
        desk.remark(without_stop(secret[1]))
    titles = [title.strip(" []")] * bool(slashes) + desk.titles
    sheets = [sheet for sheet in desk.sheets if sheet.table()]
    beside = {"title": titles[0] if titles else "", "unread": "; ".join([*desk.unread, *titles[1:]])}
    own = [Source(sheet.own(), sheet.scheme, number) for number, sheet in enumerate(sheets)]
    sources = sorted([Source(beside, location=BESIDE), *own], key=lambda source: (source.location < 0) != bool(slashes))
    pieces, form = ordered(line, sources)
    return Reading(tuple(sheet.table() for sheet in sheets), **beside, pieces=pieces, form=form)


def written(reading: Reading) -> str:
    """A reading printed in its writer's own order: the line it was read from, up to spaces, dashes and labels.

    Labels are the marks of each archive's scheme, in the writer's script; leaves and numbers are those of the reading.

    >>> from citekit.archives import shipped
    >>> written(read("fond 0100, delo 7, papka 248, listy 120–23; delo 9 (AVPRF)", shipped()))
    'f. 0100, d. 7, pap. 248, ll. 120–23; d. 9 (AVPRF)'
    """
    beside = {"title": reading.title, "unread": reading.unread}
    return order.written(reading.pieces, {**dict(enumerate(reading.locations)), BESIDE: beside}, reading.form)


# Cutting a line into clauses

_SOURCE = pattern(r"^(?:Source|Sources|Источник|Джерело|Quelle)\s?:\s?\.?\s?|^See ", re.I)
# Source: the notes of Foreign Relations of the United States
_SECRECY = pattern(
    r"\.\s+((?:Top Secret|Secret|Confidential|Limited Official Use|Official Use Only|Unclassified|Restricted"
    r"|No classification marking)\b[^/]{0,200})$"
)
_IBID = pattern(
    r"(?:Op\. ?cit|Указ\. ?соч|Ibid(?:em)?|Там же|Там само|Тамсама|Ebd|Ebenda|Tamże|Tamtéž)\b[.,:]*\s*", re.I
)
_CUT = pattern(rf"(?P<group>{GROUP})|;|,? (?:&|and|и|та|und|et|oraz) |(?P<weak>, |\. | / )")
_AND_FIRST = pattern(r"^(?:and|&|и|та) ")
_OWN_START = pattern(r"[A-Z]{2,5} ?\d{1,4}/|(?:f|ф|fond|фонд)\b\.? ?\d", re.I)


def _clauses(text: str, names: Names) -> Iterator[str]:
    """The parts of *text* between ";", and between "&" or "and" where an archive or a whole shelfmark follows."""
    start = 0
    for cut in _CUT.finditer(text):
        behind = text[cut.end() : cut.end() + 200].lstrip()
        if cut["group"] or not (
            _is_next(text[start : cut.start()].strip(" ,"), behind, names)
            if cut["weak"]
            else cut[0] == ";" or _OWN_START.match(behind) or names.at(behind, 0)
        ):
            continue
        yield text[start : cut.start()]
        start = cut.end()
    yield text[start:]


def _is_next(before: str, behind: str, names: Names) -> bool:
    """Whether *behind* a comma or a stop the next shelfmark begins: another archive where *before* had one in front,
    or a series of Kew behind another one."""
    if piece := _PIECE.match(behind):
        cited_in_rows = piece[1] in _KEW or bool(re.search(rf"\b{piece[1]} \d", before))
        return cited_in_rows and bool(_PIECES.search(before))
    known = names.at(behind, 0)
    return bool(known and re.search(r"\d", before) and _OWN_LEVEL.match(behind, known[0]) and names.at(before, 0))


_PIECE = pattern(r"([A-Z]{2,4}) \d{1,4}/\d")
# Departments of Kew whose pieces are cited in rows; "FO 371/124123, NK 1015/12" is one piece and its item
_KEW = frozenset("ADM AIR AVIA BT CAB CO DEFE DO FCO FO GFM HO HS HW INF KV LAB MEPO POWE PREM SUPP WO".split())
_PIECE_FIRST = pattern(r"(?!RG )[A-Z]{2,4} \d{1,4}/\d[^\s,;]{0,12}(?=, (?!.{0,300}\b(?:[Bb]ox|[Ff]older|Bl\.|Nr\.)))")
_PIECES = pattern(r"(?:^|[:,] )[A-Z]{2,4} \d{1,4}/\d[^,;]{0,12}$")
_OWN_LEVEL = pattern(r"[.,:]?\s(?:f|ф|fond|фонд)\b\.?\s?\S{0,2}\d", re.I)


class _Desk:
    """What was read so far: `sheets`, `titles`, `unread`."""

    def __init__(self, registry: Registry) -> None:
        self.names = names_of(registry)
        self.schemes = registry.schemes()
        self.sheets: list[Sheet] = []
        self.titles: list[str] = []
        self.unread: list[str] = []
        self.larger: list[str] = []  # series and collections behind their boxes, where the archive comes last

    def take(self, clause: str) -> None:
        """Reads one clause and puts it behind the others."""
        text = _AND_FIRST.sub("", clause.strip(" ,")).strip(" ,")
        text = self._led(_without_bracket(_SLASHED.sub(", ", text)))
        if again := _IBID.match(text):  # whose shelfmark that is the note before knows
            self.unread.append(again[0].strip(" ,"))
            text = text[again.end() :]
        archive, schemes, body = self._archive(text)
        if not (archive or body):
            return
        body = _without_bracket(body)
        read = self._best(body, schemes, bool(archive), rising=bool(archive) and not text.startswith(archive))
        if self.sheets and not (archive or read.marked or re.search(r"\d", body)):
            last = self.sheets[-1]
            larger = not last.archive and not SOVIET & last.levels.keys() and COLLECTION.search(body)
            (self.larger if larger else self.unread).append(body)  # "...; all copies"
            return
        for number, sheet in enumerate(read.sheets):
            sheet.archive, sheet.scheme = archive, read.scheme
            sheet.shared |= {"archive"} if number else set()
        self.titles += read.titles
        self.unread += read.unread
        if body and not read.is_typed():
            self._keep_words(read.sheets[-1], body)
        self._put(read.sheets)

    def _led(self, text: str) -> str:
        """*text* without what leads to the name of an archive: "see also", "in", the number of a note."""
        lead = _LEAD.match(text)
        behind = text[lead.end() :] if lead else ""
        named = behind and (self.names.at(behind, 0) or is_name(behind.split(",")[0].split(".")[0]))
        return behind if named else text

    def _archive(self, text: str) -> tuple[str, tuple[Scheme, ...], str]:
        """The archive that a clause names, the schemes it may have, and the rest of the clause."""
        shape = self._shaped(text, self.schemes)
        named = self.names.find(text)
        if shape and not (named and named.archives and self._is_run(text, named)):
            return "", (shape,), text
        named = named or (None if is_marked(text) else unknown(text, self.names))
        if not named:
            return self._unnamed(text)
        before = text[: named.first].strip(_EDGES)
        behind = without_stop(text[named.last :].lstrip(" ,.:").rstrip(" ,:"))
        schemes = tuple({archive.scheme.name: archive.scheme for archive in named.archives}.values())
        if before and (self.names.is_place(before) or _DIVISION.fullmatch(before)):  # "Moscow, RGASPI"
            named, before = named._replace(start=0), ""
        if before and behind and schemes and is_soviet(schemes[0]) and not is_marked(before):
            self.unread.append(before)
            before = ""
        body = ", ".join(filter(None, [before, behind]))
        shape = self._shaped(body, self.schemes) if not schemes else None
        return text[named.start : named.end].strip(_EDGES), (shape,) if shape else schemes, body

    def _is_run(self, text: str, named: Named) -> bool:
        """Whether an archive stands before bare numbers, or before a comma: "APRF 45/1/342" is no series of Kew."""
        scheme = named.archives[0].scheme
        return is_soviet(scheme) or scheme.joint == " " or not re.match(r"\s?\d", text[named.end :])

    def _shaped(self, text: str, schemes: Sequence[Scheme]) -> Scheme | None:
        """The scheme of *schemes* whose shape *text* has."""
        if len(text) > 400:
            return None
        shaped = next((one for one in schemes if one.shape and re.fullmatch(one.shape, text)), None)
        if shaped is None and (piece := _PIECE_FIRST.match(text)):  # "CAB 128/27, minute by Eden"
            shaped = next((one for one in schemes if one.shape and re.fullmatch(one.shape, piece[0])), None)
        return shaped

    def _unnamed(self, text: str) -> tuple[str, tuple[Scheme, ...], str]:
        """A clause of an archive that no registry knows: what stands before the first mark; or one without any."""
        if run := _CYRILLIC_RUN.fullmatch(text):  # "ДАХО 123-4-5"
            return run[1], (OPIS,), f"{run[2]}, {run[3].lstrip(' ,.;:')}" if run[3] else run[2]
        if (last := _LAST_BRACKET.search(text)) and is_name(last[1]) and is_marked(text[: last.start()]):
            return last[1].strip(), (), text[: last.start()].strip(" ,")  # "f. 17, op. 3, d. 4 (TsDNISO)"
        pieces = Cutter(text, OPIS).cut()
        first = next((piece for piece in pieces if piece.level in SOVIET), None)
        head = text[: first.start].strip(_EDGES) if first else ""
        chunk = head.partition(", ")[0]
        if re.search(r"\d", head) and len(chunk) > 3 and not re.search(r"\d", chunk):
            return chunk, (), text[len(chunk) :].lstrip(" ,")  # "USHMM, RG-22.002M, reel 5, fond 7021"
        if head and pieces[0].kind == "words" and (not self.sheets or is_siglum(head) or is_institution(head)):
            return head, (), text[first.start :] if first else ""
        return "", (), text

    def _best(self, text: str, schemes: tuple[Scheme, ...], named: bool, *, rising: bool) -> Body:
        """The reading that leaves least unread; an archive's own scheme unless another one knows more of the marks."""
        before = (self.sheets[-1].scheme,) if self.sheets and not named else ()
        own = self._own(text, schemes or before, rising=rising)
        usual = [OPIS, *(scheme for name in ("collection", "nara") for scheme in self.schemes if scheme.name == name)]
        others = [body for scheme in usual if (body := Body(text, scheme, rising=rising)).marked or tells(body)]
        other = max(others, key=lambda body: (body.marked, tells(body), -body.remarks()), default=None)
        if own and own.is_typed() and not (other and other.marked > own.marked + bool(schemes)):
            return own
        return other or own or Body("", OPIS)

    def _own(self, text: str, schemes: tuple[Scheme, ...], *, rising: bool) -> Body | None:
        """The reading of the one of *schemes* that *text* has the shape of, or that knows most of its marks."""
        shape = self._shaped(text, schemes)
        bodies = [Body(text, scheme, rising=rising) for scheme in ([shape] if shape else schemes)]
        return max(bodies, key=lambda body: (body.is_typed(), body.marked), default=None)

    def _keep_words(self, sheet: Sheet, words: str) -> None:
        sheet.levels.clear()
        sheet.words = {"shelfmark": words}
        self.unread = [*self.unread, words]

    def _put(self, sheets: list[Sheet]) -> None:
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
            if not sheet.archive and self.sheets:
                sheet.archive = self.sheets[-1].archive
                sheet.shared.add("archive")
            self.sheets.append(sheet)

    def remark(self, words: str) -> None:
        """What is said of the document behind all of its places."""
        if self.sheets:
            self.sheets[-1].add("note", words)
        else:
            self.unread.append(words)

    def close(self) -> None:
        """Tells as unread what no archive came for."""
        self.unread += self.larger

    def _go_on(self, last: Sheet, first: Sheet) -> None:
        if first.archive and not last.archive:
            self._name_larger(last)
        last.archive = last.archive or first.archive
        last.levels |= first.levels
        for name, words in first.words.items():
            last.add(name, words)
        if last.levels and "shelfmark" in last.words:
            last.add("note", last.words.pop("shelfmark"))

    def _name_larger(self, sheet: Sheet) -> None:
        """Series, and the collection last of all: "Box 33; International Series; Ann Whitman File; Eisenhower Library".

        Source: NARA, General Information Leaflet 17: from the smallest to the largest, between semicolons.
        """
        *series, largest = self.larger or [""]
        if largest and ("record_group" in sheet.levels or largest.endswith("Series")):
            series, largest = [*series, largest], ""
        sheet.levels |= {"collection": largest} if largest else {}
        sheet.levels |= {"series": "; ".join(series)} if series else {}
        self.larger = []

    def _inherit(self, last: Sheet, first: Sheet) -> None:
        order = places(first.scheme)
        largest = min(first.levels, key=lambda name: order.get(name, (0, 0)))
        above = last.next(largest, first.scheme).levels
        first.shared |= above.keys() - first.levels.keys()
        first.levels = above | first.levels


_LEAD = pattern(
    r"(?:(?:see(?: also)?|also|in|cf\.?|compare|см\.?(?: также)?|также|в|див\.?(?: також)?|також|vgl\.|siehe(?: auch)?"
    r"|auch|voir(?: aussi)?|aussi|zob\.|por\.|viz(?: též)?)|\[?\d{1,3}[\]).]?)\s+(?=[^\W\d_])",
    re.I,
)
_DIVISION = pattern(r"[^,;\d]{0,60}\b(?:Division|Department|Manuscripts|Special Collections|Отдел рукописей)")
_CYRILLIC_RUN = pattern(
    r"([А-ЯЁІЇЄҐЎ][А-ЯЁІЇЄҐЎа-яёіїєґў]{1,8}(?: [А-ЯЁІЇЄҐЎ][А-ЯЁІЇЄҐЎа-яё]{1,8})?),? ([А-ЯІ]?-?\d\S{0,30}[-/]\S{0,30}\d)"
    r"(?=[\s,.;]|$)([\s,.;:]*[^\W\d_].{0,200})?"
)
_ZERO = pattern(r"\b([FC])0 ?(\d{3}/)")  # a scan's "F0371" is FO 371
_SLASHED = pattern(
    r"/(?=(?:Box|Folder|Entry|Reel)\b)"
    r"|(?<=\d)/(?=(?:op|opis|pap|papka|d|delo|ll?|list|оп|опись|пап|папка|д|дело|лл?|лист)\b\.? ?\d)",
    re.I,
)
_LAST_BRACKET = pattern(r"\s\(([^()]{2,100})\)\.?$")
_EDGES = " ,.:-\u2010\u2011\u2012\u2013\u2014\u2015"
_ROUND_ALL = pattern(r"\(([^()]*(?:\([^()]*\)[^()]*){0,20})\)\.?")


def _without_bracket(text: str) -> str:
    """*text* without a bracket that stands round all of it: "RGAE (f. 4372, op. 11)"."""
    return found[1].strip() if (found := _ROUND_ALL.fullmatch(text)) else text
