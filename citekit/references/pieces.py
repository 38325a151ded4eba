"""A shelfmark cut into pieces: levels with their labels, numbers, words, brackets, quotations, extents.

What a piece means is said in `citekit.references.levels`.

>>> [(piece.level, piece.text) for piece in Cutter("fond (f.) 45, d.[120]", OPIS).cut()]
[('fond', '45'), ('delo', '[120]')]
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from citekit import locators
from citekit.dates import read_words
from citekit.errors import ParseError
from citekit.patterns import pattern
from citekit.references.labels import EVERYWHERE, LONG, SOVIET, is_soviet, label_key, labels_of, level_of
from citekit.scan import Scanner
from citekit.shelfmark import OPIS, Scheme

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind: TypeAlias = Literal["level", "number", "words", "round", "square", "quoted", "extent"]


class Piece(NamedTuple):
    """A part of a shelfmark: what it is, its value, its level and the label as written, and where it begins."""

    kind: Kind
    text: str
    level: str = ""
    said: str = ""
    start: int = 0


# A bracket or a quotation is one sign for whatever cuts
GROUP = r"\([^()]{0,300}\)|\[[^\[\]]{0,300}\]|[“„][^“”„]{0,300}[”“]|«[^«»]{0,300}»|\"[^\"]{0,300}\""
BRACKET = pattern(r"\s*\(([^()]{1,80})\)")
_GAP = pattern(r"(?:[\s,.;:]|[\u2010-\u2015-](?=\s))*")
_LABEL_WORD = pattern(r"[^\W\d_]{1,20}['’]?(?:/[^\W\d_]{1,3}\b)?[.:]?\s?")
_ONE_LABEL = pattern(r"(?:(?:" + _LABEL_WORD.pattern + r"){1,4})(?:№\s?)?|№\s?")
_REMARK = pattern(r"\s*[(\[](?:(?:or|or else|или|або|oder)\s)?(?:[^\W\d_]{1,10}\.?\s?){1,3}[)\]]\s*")
_NUMERO = pattern(r"\s*(?:№|[Nn]os?\.|[Nn]r\.|nos?(?=\s\d)|č\.)\s*")
_NUMBER = pattern(
    r"\[[^\[\]]{1,80}\]"  # [120]
    r"|\d\d\s?-?\s?[A-Z]\s?-?\s?\d{1,4}\b"  # 61-D 48, of lot files
    r"|A1[ -]\d{1,5}[\w-]{0,5}"  # entries of the National Archives
    r"|[^\W\d_]{1,4}\s?[-\u2010-\u2015]\s?\d[^\s,;:()\[\]]{0,80}"  # Р – 740, R-9478
    r"|[^\W\d_]{0,5}[\d½][^\s,;:()\[\]]{0,80}"  # 059a, 02/1, V73
)
_ROMAN = pattern(r"[IVXLC]{1,7}(?:/\S{1,20}?)?(?=[,;:)]|\.?$|\.\s)")
RUN = pattern(
    r"(?![FfФф]\.?\d|RG)((?:[^\W\d_]{1,2}-)?[^\W\d_]{0,2}\d+[^\W\d_]?)"
    r"((?:[-/.:]\d+[^\W\d_]{0,3}){1,3}(?:/\d+[^\W\d_]{0,3})?)"
    r"([-\u2010-\u2015]\d+)?(?=[\s,.;]|$)"
)
_EXTENT_GLUED = pattern(r"(\d+)\.(?=\d+\s?(?:л|арк|лист\w*|с)\b)")
_COUNTED = pattern(
    r"(\[?(?:[^\W\d_]{1,3}-)?\d[\w/-]{0,20}(?:\.-\d{1,6})?\]?)(\.?)\s*((?:[^\W\d_]{1,10}\.?\s?){1,2})(?=[\s,.;:()\[]|$)"
)
_COUNTS = pattern(r"(?:[^\W\d_]{1,3}-)?\d")
# A letter of the number that stands apart, "F. 81 A", "Оп. 3 с. Д. 5", and no label of what follows
_LETTER = pattern(r"\s[^\W\d_](?=\s*(?:[,;:)]|$|\.\s*$|\.\s*[^\W\d_]{1,6}\.?\s?\d))")
_LISTED = pattern(r"\s*(?:,|&|and\b|и\b|та\b|u\.)\s*(?=\d)")
_LIST_NUMBER = pattern(r"\d+\w?(?:\s?[-\u2010-\u2015]\s?\d+\w?)?(?![\w/-])")
_ROW = pattern(r"\s(?=\d+(?:[\s;,]|$))")  # "Issues 20 221 10"
_LIST_STOP = pattern(r"\.\s+(?=\d+\s*[-\u2010-\u2015]\s*\d)")
_TO_COMMA = pattern(rf"(?:{GROUP}|[^,;“„«\"(]|[(“„«\"]){{1,300}}?(?=[,;]|:\s|$)")
_NEXT_GLUED = pattern(r"\.(?=[^\W\d_]{1,4}\.)|/(?=[^\W\d_]{3,12}\.?$)(?![IVXLC]+\b)")
_FF = pattern(r"ff?\.?(?=[\s,;.]|$)")  # "ll. 5ff."
_YEAR_BEHIND = pattern(r", (?:1[5-9]|20)\d\d(?=[,;.]|$)")  # "Folder: July 26–31, 1944"
_WORD = pattern(rf"(?:{GROUP}|[^\s,;(])+|\(")
_FOLDER_BEHIND = pattern(r"\s*(folders?|file)\b", re.I)
_QUOTED = pattern(r"“([^“”]{1,300})”|„([^„“”]{1,300})[“”]|«([^«»]{1,300})»|\"([^\"]{1,300})\"")
# "611.61/5-2160", "740.0011 PW/1234", "811.20 Defense (M) Germany/12"
DECIMAL = pattern(
    r"\d{3}[A-Z]?\.(?:\d|[A-Z]{2}\b)[\w.]{0,12}"
    r"(?:(?: [A-Z][\w.]{0,15}| \([A-Z][a-z]{0,15}\)| 19\d\d){0,4}/[\w–-]{1,20})?(?=[\s,;]|\.?$)"
)
YEARS = pattern(r"(?:1[5-9]|20)\d\d(?:\s?[-–/]\s?\d{2,4})?")
YEAR = pattern(r"(?:1[5-9]|20)\d\d")
# A whole day behind a comma: "12 May 1935", "12 мая 1935 г.", "May 12, 1935", "5.11.1957", "12. 5. 1956"
_DAY = pattern(
    r"(?:\d{1,2}\.?\s(?:de\s)?[^\W\d_]{3,12}\.?,?\s(?:de\s)?|[^\W\d_]{3,10}\.?\s\d{1,2},?\s|\d{1,2}\.\s?\d{1,2}\.\s?)"
    r"(?:1[5-9]|20)\d\d(?:\s?(?:г|р|g|r)\.)?(?![\w/-])"
)
# Levels that are named by words as well as by numbers
_IN_WORDS = frozenset("fond fonds folder country collection zespol".split())


def day_at(text: str, start: int = 0) -> str:
    """The day that stands at *start*, as written; nothing where none does.

    >>> day_at("12 May 1935, l. 5"), day_at("12 box 1935")
    ('12 May 1935', '')
    """
    found = _DAY.match(text, start)
    if not found or _MONTH.search(found[0]):
        return found[0] if found else ""
    try:
        return found[0] if read_words(found[0]).end is not None else ""
    except ParseError:
        return ""


# Months in the languages of the archives that `read_words` has not, in the cases that stand in dates
_MONTH = pattern(
    r"\b(?:stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia"
    r"|ledna|února|března|dubna|května|června|července|srpna|září|října|prosince"
    r"|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember|janvier|février|mars|avril|mai|juin|juillet|août|septembre"
    r"|octobre|novembre|décembre|ianuarie|februarie|martie|aprilie|iunie|iulie|septembrie|octombrie|noiembrie|decembrie"
    r"|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
    r"|януари|февруари|март|април|май|юни|юли|август|септември|октомври|ноември|декември)\b",
    re.I,
)


class Cutter:
    """Cuts the shelfmark of one archive into pieces, from left to right."""

    def __init__(self, text: str, scheme: Scheme) -> None:
        self.scanner = Scanner(text)
        self.scheme = scheme
        self.labels = labels_of(scheme)
        self.soviet = is_soviet(scheme)
        self.pieces: list[Piece] = []

    def cut(self) -> list[Piece]:
        """pieces = (level | counted | number | bracket | quotation | words)*"""
        scanner = self.scanner
        scanner.match(_GAP)
        while not scanner.at_end():
            start = scanner.position
            piece = (
                self._bracket()
                or self._quoted()
                or self._day()
                or self._run()
                or self._level()
                or self._counted()
                or self._number()
            )
            self.pieces.append((piece or self._words())._replace(start=start))
            scanner.match(_GAP)
        return self.pieces

    def _day(self) -> Piece | None:
        """A day behind the levels: of the document, say, and no leaf 12."""
        if not self.pieces or not (self.soviet or self.scheme.level(self.pieces[-1].level).leaf):
            return None
        found = day_at(self.scanner.text, self.scanner.position)
        self.scanner.position += len(found)
        return Piece("extent", found) if found else None

    def begins(self, text: str) -> Piece | None:
        """The level that *text* begins with."""
        self.scanner = Scanner(text)
        return self._level()

    def is_own(self, piece: Piece | None) -> bool:
        """Whether the mark of *piece* is one of the scheme."""
        return piece is not None and piece.said.strip() in self.scheme.level(piece.level).all_marks()

    def _run(self) -> Piece | None:
        """Bare numbers at the beginning, from the fond on: "558/11/98/160", "П789-10-11"."""
        found = self.soviet and not self.pieces and self.scanner.match(RUN)
        return Piece("number", found[0]) if found else None

    def _bracket(self) -> Piece | None:
        text, start = self.scanner.text, self.scanner.position
        closing = {"(": ")", "[": "]"}.get(text[start])
        end = text.find(closing, start, start + 300) if closing else -1
        if not closing or end < 0 or (text[end + 1 : end + 2].strip(".,;:) ") and not self.pieces):
            return None
        self.scanner.position = end + 1
        return Piece("round" if closing == ")" else "square", text[start + 1 : end].strip())

    def _quoted(self) -> Piece | None:
        found = self.scanner.match(_QUOTED)
        if not found:
            return None
        said = next(group for group in found.groups() if group is not None).strip(" ,")
        if self.scanner.match(_FOLDER_BEHIND):
            return Piece("level", said, "folder", "folder")
        return Piece("quoted", said)

    def _level(self) -> Piece | None:
        """level = label remark? "№"? value"""
        scanner, start = self.scanner, self.scanner.position
        for end in self._label_ends(start):
            said = scanner.text[start:end]
            level = level_of(said, self.labels)
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

    def _value(self, level: str, said: str) -> Piece | None:
        scanner, label_end = self.scanner, self.scanner.position
        glossed = scanner.match(_REMARK)
        scanner.match(_NUMERO)
        scanner.skip_space()
        if self.scheme.level(level).leaf:
            return self._leaves(level, said)
        glued = said[-1:].isalpha() and scanner.position == label_end and not glossed
        value = "" if glued and not self._at_figure() else self._figures()
        if level == "file" and (YEARS.fullmatch(value) or DECIMAL.match(value)):  # "Central Files 1970-73"
            return None
        if value and day_at(scanner.text, scanner.position - len(value)):  # "diary entry 21 May 1945"
            return None
        if not value and not glued:
            value = self._in_words(level, said)
        return Piece("level", value, level, said) if value else None

    def _at_figure(self) -> bool:
        return self.scanner.text[self.scanner.position : self.scanner.position + 1] in tuple("0123456789[")

    def _figures(self) -> str:
        """A number, or several: "16", "[120]", "Р – 740", "37 and 39", "58-72"."""
        scanner, start = self.scanner, self.scanner.position
        if extent := scanner.match(_EXTENT_GLUED):  # "Д. 1.214 л."
            return str(extent[1])
        value = scanner.take(_NUMBER) or scanner.take(_ROMAN)
        if self.soviet and value[-1:].isdigit() and scanner.match(_LETTER):
            return scanner.text[start : scanner.position]
        while value and "[" not in value:
            value, cut = self._without_label(value)
            scanner.position -= cut
            before = scanner.position
            listed = scanner.match(_LISTED) or (not self.soviet and scanner.match(_ROW))
            if cut or not listed or self._is_other():
                scanner.position = before
                break
            if not scanner.match(_LIST_NUMBER):
                scanner.position = before
                break
        return re.sub(r"\s*[\u2010-\u2015]\s*|\s+-\s*|\s*-\s+", "-", scanner.text[start : scanner.position].rstrip("."))

    def _without_label(self, value: str) -> tuple[str, int]:
        """*value* without a next level that is glued to it: "1.Op.2", "1/Box 2"; and how much was cut."""
        found = _NEXT_GLUED.search(value)
        return (value[: found.start()], len(value) - found.start()) if found else (value, 0)

    def _is_other(self) -> bool:
        """Whether the number at the position belongs to no list: a year of an opis, "4. doboz", "214 л.", "11/2"."""
        text, position = self.scanner.text, self.scanner.position
        years = YEARS.match(text, position)
        if (years and (self.soviet or len(years[0]) > 4)) or DECIMAL.match(text, position) or day_at(text, position):
            return True
        counted = _COUNTED.match(text, position)
        return bool(counted and level_of(counted[3], self._behind())) or (self.soviet and text[position - 2] == ",")

    def _in_words(self, level: str, said: str) -> str:
        """The value of a level that is named by words: "fond CC al PCR", "Country: the GDR"; none in small letters."""
        scanner = self.scanner
        found = _QUOTED.match(scanner.text, scanner.position)
        if found and level in self.scheme.names():
            scanner.position = found.end()
            return next(group for group in found.groups() if group is not None)
        own = level in self.scheme.names() and not self.soviet
        usual = level in _IN_WORDS and self.soviet and (len(label_key(said)) >= LONG or not said.isascii())
        small = scanner.text[scanner.position : scanner.position + 1].islower()
        colon = said.strip() in self.scheme.level(level).all_marks()
        titled = level == "folder" and own
        if not (own or usual) or (":" in said and not (colon or titled)) or (small and ":" not in said):
            return ""
        return (scanner.take(_TO_COMMA) + (scanner.take(_YEAR_BEHIND) if titled else "")).strip(" .")

    def _leaves(self, level: str, said: str) -> Piece | None:
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
        value = self._before_day(start, value)
        if not re.search(r"\d", value) and not value.islower():  # "L. I. Brezhnev" is no leaf
            return None
        if scanner.text[scanner.position : scanner.position + 1].isalnum() and not _FF.match(
            scanner.text, scanner.position
        ):
            return None
        if not self.soviet and len(said) == 1 and said.isupper():  # "F7 13498" is a series
            return None
        return Piece("level", value.strip(), level, said)

    def _before_day(self, start: int, value: str) -> str:
        """The leaves that begin at *start* without the day behind them, "87, 12 May 1935", or the year of the file."""
        text = self.scanner.text
        for comma in re.finditer(r",\s*", value):
            behind = start + comma.end()
            year = YEARS.match(text, behind)
            if day_at(text, behind) or (
                year and start + len(value) == year.end() and "." not in value[comma.start() :]
            ):
                self.scanner.position = start + comma.start()
                return value[: comma.start()]
        return value

    def _behind(self) -> Mapping[str, str]:
        """Labels that may stand behind their number."""
        after = {label_key(mark): one.name for one in self.scheme.levels if one.after for mark in one.all_marks()}
        return {**self.labels, **after, **dict.fromkeys(_EXTENTS, "extent")}

    def _counted(self) -> Piece | None:
        """A level behind its number, "4. doboz", "101. f."; or how many leaves there are, "214 л."."""
        found = _COUNTED.match(self.scanner.text, self.scanner.position)
        if not found:
            return None
        words = _LABEL_WORD.finditer(found[3])
        for end in sorted((word.end() for word in words), reverse=True):
            said = found[3][:end]
            level = level_of(said, self._behind())
            after = self.scheme.level(level).after
            behind = self.scanner.text[found.start(3) + end : found.start(3) + end + 5]
            if not level or (re.match(r"[\s.]*\d", behind) and not (found[2] or after)):
                continue
            if not after and (not found[2] or not self._counts_first()):
                if not (self.soviet and (level == "extent" or self.scheme.level(level).leaf)):
                    continue
                self.scanner.position = found.start(3) + end
                return Piece("extent", f"{found[1]} {said.strip()}")
            self.scanner.position = found.start(3) + end
            return Piece("level", found[1].replace(".", ""), level, said)
        return None

    def _counts_first(self) -> bool:
        """Whether numbers lead in this shelfmark, as in Latvia: "101. f., 1. apr., 5. l."."""
        return all(piece.kind == "level" for piece in self.pieces) and bool(_COUNTS.match(self.scanner.text))

    def _number(self) -> Piece | None:
        scanner, start = self.scanner, self.scanner.position
        if found := scanner.match(DECIMAL):
            return Piece("number", found[0].rstrip("."))
        if not self.soviet:
            return None
        text = scanner.take(_NUMBER).rstrip(".")
        if not text or re.match(r"\s+[^\W\d_]{4}", scanner.text[scanner.position : scanner.position + 20]):
            scanner.position = start
            return None
        return Piece("number", text)

    def _words(self) -> Piece:
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
            if self._level_begins() or self._last_bracket() or DECIMAL.match(scanner.text, scanner.position):
                scanner.position = end
                break
        return Piece("words", without_stop(scanner.text[start : scanner.position].strip(" :")))

    def _ends_sentence(self, end: int) -> bool:
        return self.soviet and self.scanner.text[end - 1] == "."

    def _level_begins(self) -> bool:
        start, pieces = self.scanner.position, self.pieces
        if not re.match(r"[^\W\d_№]|№", self.scanner.text[start : start + 1] or " "):
            return False
        found = self._level()
        self.scanner.position, self.pieces = start, pieces
        return bool(found and re.search(r"\d", found.text) and (self.soviet or len(label_key(found.said)) > 1))

    def _last_bracket(self) -> bool:
        """Whether a bracket at the position is the last of its chunk, so that it is none of the words."""
        found = BRACKET.match(self.scanner.text, self.scanner.position)
        return bool(found and self.scanner.text[found.end() : found.end() + 1] in ("", ",", ";", "."))


_ABBREVIATED = pattern(r"(?:^|[\s.\d])[^\W\d_]{1,3}\.$")


def without_stop(words: str) -> str:
    """*words* without the stop of their sentence; "n.d." and "214 л." keep theirs."""
    return words if _ABBREVIATED.search(words) else words.rstrip(". ")


_EXTENTS = frozenset("л лл арк листов листа лист аркушів leaves ll folios pp с s".split())


def is_marked(text: str) -> bool:
    """Whether *text* has marks of the Soviet levels, so that what stands before them is the archive."""
    pieces = [piece for piece in Cutter(text, OPIS).cut() if piece.level in SOVIET]
    strong = {piece.level for piece in pieces if not is_weak(piece)}
    return len({piece.level for piece in pieces}) > 1 or bool(strong & {"fond", "delo", "protokol"})


def is_weak(piece: Piece) -> bool:
    """Whether a label may be none: one letter before its figures, "D890001", and words that stand in every system."""
    return len(piece.said) == 1 or label_key(piece.said) in EVERYWHERE
