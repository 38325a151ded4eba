"""Leaves and pages as they are cited: "l. 160", "лл. 160–163об.", "12r-v", "p. 5", "190–91, 193".

A leaf keeps its number as it is stamped ("0160") and the side that is cited. A range that is written short
("190–91") is read in full (190 to 191), and knows how short it was. This room prints numbers and sides; the marks
before them belong to the scheme of the archive (`citekit.shelfmark`).

>>> format_ranges(parse("лл. 160–163 об.").ranges)
'160-163ob.'
"""

from __future__ import annotations

import re
from dataclasses import field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from citekit.patterns import pattern
from citekit.scan import Scanner
from citekit.values import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

Side: TypeAlias = Literal["", "r", "v"]

EN_DASH = "\N{EN DASH}"
DASH = pattern(r"\s*[-\u2010-\u2015\u2212]\s*")


@frozen
class Leaf:
    """One leaf or page: its *number* as stamped ("0160", "12а", "iv", "[120]") and the side that is cited.

    Leaves are numbered from 1 by the archive, not by scan. An empty side means the leaf as a whole or its recto:
    Russian practice names only the verso.
    """

    number: str
    side: Side = ""

    def order(self) -> tuple[int, str, int]:
        """The place of the leaf in its file: number, letter, recto before verso. Roman numbers come first."""
        digits = re.search(r"[0-9]+", self.number)
        if not digits:
            return (roman(self.number) - 1_000_000, "", 0)
        number = digits[0].lstrip("0")
        value = int(number) if number and len(number) < 19 else 10 ** min(len(number), 300)
        return (value if number else 0, self.number[digits.end() :].strip("]"), int(self.side == "v"))


@frozen
class LeafRange:
    """Leaves from *first* to *last*, both included; one leaf where *last* is None.

    *short* is how many signs of *last*'s number were left out where the range was written: 1 of "190–91", all of
    "12r-v". Ranges that mean the same leaves are equal.
    """

    first: Leaf
    last: Leaf | None = None
    short: int = field(default=0, kw_only=True, hash=False)


@frozen
class Locator:
    """What a note cites: ranges under one *label*, a CSL locator type ("folio", "page", ...) or "" where none stood."""

    label: str
    ranges: tuple[LeafRange, ...]

    def is_plural(self) -> bool:
        """Whether more than one leaf is cited, so that the mark before it is a plural."""
        return len(self.ranges) > 1 or any(span.last for span in self.ranges)


# The label words met in front of leaves and pages, without their stop, and the CSL locator type of each.
# Sources: docs in practice (Illinois Slavic library; DSTU 8302:2015; Bundesarchiv; TNA), CSL 1.0.2 appendix III.
LABELS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(
        (
            "l ll list listy listov leaf leaves л лл лист листы арк аркуш аркуші ark arkush fol fols folio "
            "folios ff bl blatt blätter lapas karta f filă fila fleta fl foja lp х kh к k frame frames"
        ).split(),
        "folio",
    )
    | dict.fromkeys("p pp page pages с сс стр стор сторінка s seite seiten str strona strony".split(), "page")
    | {"ch": "chapter", "chap": "chapter", "chapter": "chapter", "гл": "chapter"}
    | {"vol": "volume", "vols": "volume", "volume": "volume", "т": "volume", "t": "volume"}
    | {"no": "issue", "nos": "issue", "№": "issue", "issue": "issue"}
    | {"col": "column", "cols": "column", "column": "column", "стб": "column"}
    | {"para": "paragraph", "par": "paragraph", "paragraph": "paragraph", "абз": "paragraph", "¶": "paragraph"}
    | {"sec": "section", "section": "section", "§": "section", "§§": "section"}
    | {"fig": "figure", "figure": "figure", "рис": "figure"}
    | {"line": "line", "lines": "line", "n": "note", "nn": "note", "note": "note", "part": "part", "pt": "part"}
)

_VERSO_WORDS = (
    r"(?:об(?:орот)?|ob(?:orot)?|зв(?:орот)?|zv(?:orot)?|адв|adv|гр(?:ъб)?|gr(?:[aŭ]b)?|verso|rs|rückseite)\b"
)
_VERSO_MARKS = rf"(?:{_VERSO_WORDS}|(?:vo|v)\b)"
_RECTO_MARKS = r"(?:recto|ro|r)\b"
# A longer mark may stand apart: "12 (об.)", "5, ob."
_VERSO = pattern(rf"\s*{_VERSO_MARKS}\.?|\s*\({_VERSO_WORDS}\.?\)|\s*,\s?{_VERSO_WORDS}(?!\.?\s?\d)\.?", re.I)
_AND_VERSO = pattern(rf"\s*(?:&|and|и|і|й|та|und)\s+{_VERSO_WORDS}\.?", re.I)
_RECTO = pattern(rf"\s*{_RECTO_MARKS}\.?", re.I)

_LABEL = pattern(r"([^\W\d_]++|№|§§?|¶)\.?\s*(?=[\d\[ivxlcdm])", re.I)
_SIDE = f"(?:{_VERSO_MARKS}|{_RECTO_MARKS})"
_END = rf"(?:(?={_SIDE})|(?![^\W\d_]))"  # a side may be glued to a letter: "12av", "ivob"
_MARK = r"[ivxlcdm]\.?\s*[\d\[(]|[ld][.\s]\s*[ivxlcdm]+\b"  # no Roman number: "l. 5, d. 7"
_NUMBER = pattern(
    rf"\[[0-9]{{1,300}}\]|[0-9]{{1,300}}(?:(?!{_SIDE})[a-qs-uw-zа-я]{_END})?"
    rf"|(?=[ivxlcdm])(?!vo\b|verso\b|{_MARK})m{{0,4}}(?:cm|cd|d?c{{0,4}})(?:xc|xl|l?x{{0,4}})(?:ix|iv|v?i{{0,4}}){_END}",
    re.I,
)
_AND_WORDS = r"(?:and|und|oraz|и|і|й|та|u\.|i(?=\s\d))\s"
AND = pattern(rf"\s*(?:,\s*{_AND_WORDS}|[,;&]|{_AND_WORDS})\s*")
_STOP = pattern(r"\s*\.?\s*")


def parse(text: str) -> Locator:
    """Reads a locator.

    locator = label? range (("," | "and") range)* "."?;  range = leaf (dash leaf)?;  leaf = number side?
    A leaf "and verso" is both sides of it: "5 и об." is the range 5 to 5 verso.

    Raises ParseError for an unknown label, for what is no number, and for a range that runs backwards.

    >>> parse("l. 5-7ob").ranges[0].last
    Leaf(number='7', side='v')
    """
    scanner = Scanner(text)
    scanner.skip_space()
    label = _label(scanner)
    ranges = read_ranges(scanner)
    scanner.match(_STOP)
    if not scanner.at_end():
        raise scanner.error("not part of a locator", end=len(text), hint='write it like "l. 161ob" or "p. 5-7"')
    return Locator(label, ranges)


def _label(scanner: Scanner) -> str:
    start = scanner.position
    found = scanner.match(_LABEL)
    if not found:
        return ""
    word = found[1].casefold()
    if word not in LABELS:
        if re.fullmatch(r"[ivxlcdm]+", word):  # "x-xii" is a number, not a label
            scanner.position = start
            return ""
        raise scanner.error(
            f"unknown label {found[1]!r}", start=start, end=start + len(found[1]), hint="leaves are l. or л., pages p."
        )
    return LABELS[word]


def read_ranges(scanner: Scanner) -> tuple[LeafRange, ...]:
    """ranges = range (("," | "and") range)*. Raises ParseError where no number stands."""
    ranges = [_range(scanner)]
    while True:
        before = scanner.position
        if not scanner.match(AND) or not _NUMBER.match(scanner.text, scanner.position):
            scanner.position = before
            return tuple(ranges)
        ranges.append(_range(scanner))


def _range(scanner: Scanner) -> LeafRange:
    start = scanner.position
    first = _leaf(scanner)
    before = scanner.position
    if not first.side and scanner.match(_AND_VERSO):
        return LeafRange(first, Leaf(first.number, "v"), short=len(first.number))
    if not scanner.match(DASH):
        return LeafRange(first)
    # "12r-v" is both sides of one leaf, but "i-v" five leaves
    if first.number[0] in "[0123456789" and (side := _side(scanner)) and first.side != side:
        return _checked(scanner, start, first, Leaf(first.number, side), "")
    if not _NUMBER.match(scanner.text, scanner.position):
        scanner.position = before
        return LeafRange(first)
    last = _leaf(scanner)
    return _checked(scanner, start, first, Leaf(_in_full(first.number, last.number), last.side), last.number)


def _checked(scanner: Scanner, start: int, first: Leaf, last: Leaf, number: str) -> LeafRange:
    if last.order() < first.order():
        written = scanner.text[start : scanner.position]
        raise scanner.error(
            f"range {written!r} runs backwards", start=start, end=scanner.position, hint="the first leaf comes first"
        )
    return LeafRange(first, last, short=len(last.number) - len(number))


def _leaf(scanner: Scanner) -> Leaf:
    number = scanner.take(_NUMBER)
    if not number:
        raise scanner.error("a leaf or page number is expected here", hint='like "5", "12a" or "0160"')
    return Leaf(number, _side(scanner))


def _side(scanner: Scanner) -> Side:
    if scanner.match(_VERSO):
        return "v"
    return "r" if scanner.match(_RECTO) else ""


def _in_full(first: str, last: str) -> str:
    """*last* with the figures that a short range leaves out: 190–91 is 190–191, 153–5 is 153–155.

    Source: the Chicago Manual of Style shortens so, and so do the notes collected in `tests/cases`.
    """
    if first.isdigit() and last.isdigit() and len(last) < len(first) and int(last) < int(first):
        return first[: len(first) - len(last)] + last
    return last


def format_leaf(leaf: Leaf, *, verso: str = "ob.", recto: str = "r") -> str:
    """The leaf as it is printed: number, then the mark of its side. A mark is not glued to a letter: "12a ob.".

    >>> format_leaf(Leaf("161", "v")), format_leaf(Leaf("iv", "v"))
    ('161ob.', 'iv ob.')
    """
    mark = {"": "", "r": recto, "v": verso}[leaf.side]
    gap = " " if leaf.number[-1:].isalpha() and mark[:1].isalpha() else ""
    return leaf.number + gap + mark


def format_ranges(
    ranges: tuple[LeafRange, ...], *, verso: str = "ob.", recto: str = "r", dash: str = "-", comma: str = ", "
) -> str:
    """The ranges in full, figures as stamped: "160-163ob., 165"."""
    pieces = []
    for span in ranges:
        text = format_leaf(span.first, verso=verso, recto=recto)
        if span.last:
            text += dash + format_leaf(span.last, verso=verso, recto=recto)
        pieces.append(text)
    return comma.join(pieces)


def as_written(ranges: tuple[LeafRange, ...]) -> tuple[LeafRange, ...]:
    """The ranges as short as they were written, which is good only for printing them.

    >>> format_ranges(as_written(parse("190–191, 474–82, 12r–v").ranges), verso="v")
    '190-191, 474-82, 12r-v'
    """
    return tuple(
        LeafRange(span.first, Leaf(span.last.number[span.short :], span.last.side)) if span.last else span
        for span in ranges
    )


def in_one_spelling(text: str) -> str:
    """*text* with its dashes and the marks of verso as one spelling has them, so that leaves can be looked for in it.

    >>> in_one_spelling("лл. 12 об. – 13"), in_one_spelling("ark. 12zv.--13")
    ('лл. 12v-13', 'ark. 12v-13')
    """
    return _DASHES.sub("-", _VERSO_THERE.sub("v", text))


_VERSO_THERE = pattern(rf"(?<=[\d\]])(?:{_VERSO.pattern})", re.I)
_DASHES = pattern(r"\s*[-\u2010-\u2015\u2212]+\s*")


def roman(number: str) -> int:
    """The value of a Roman number in either case; letters that are none count nothing.

    >>> roman("xiv")
    14
    """
    worth = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
    values = [worth.get(sign, 0) for sign in number.casefold()]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=False))
