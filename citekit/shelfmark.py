"""Shelfmarks: "f. 558, op. 11, d. 98, ll. 160-163" and their kin, read and printed in either script.

A `Scheme` names the levels of an archive's shelfmarks, largest first, with the mark each is printed with; it comes from
`citekit/data/archives.toml`. A `Shelfmark` is the levels that one document has. `parse` reads labelled levels in any
order; with a scheme it reads also the ones that are printed bare ("FO 371/84053").

>>> format_mark(parse("Ф. 558. Оп. 11. Д. 98. Лл. 160–163 об."), OPIS)
'f. 558, op. 11, d. 98, ll. 160-163ob.'
"""

from __future__ import annotations

import math
import re
from dataclasses import field
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from citekit import locators
from citekit.errors import ParseError
from citekit.locators import LeafRange, Locator
from citekit.patterns import pattern
from citekit.scan import Scanner
from citekit.values import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

Script: TypeAlias = Literal["Latn", "Cyrl"]


@frozen
class Level:
    """One level of a scheme.

    *marks* gives, for each script, the mark and its plural where that differs; none for a level printed bare. *after*:
    the mark follows the number ("4. doboz"). *joint* stands before the level instead of a comma ("FO 371/84053").
    A *leaf* level holds leaves or pages; *verso* and *recto* are the marks of their sides, for each script. *also* are
    marks that are read and never printed; those without letters are joints. A *bare* level is often written without
    its mark ("DY 30/3621, 62-67"). *shape* is a regular expression for the values of a level without marks, where not
    all words can be one; where the mark is *after*, for how they begin.
    """

    name: str
    marks: Mapping[Script, tuple[str, ...]] = field(default_factory=dict, hash=False)
    after: bool = False
    joint: str | None = None
    leaf: bool = False
    verso: Mapping[Script, str] = field(default_factory=dict, hash=False)
    recto: Mapping[Script, str] = field(default_factory=dict, hash=False)
    also: tuple[str, ...] = ()
    bare: bool = False
    shape: str = ""

    def mark(self, script: Script, *, plural: bool = False) -> str:
        """The mark in *script*, or in the other one where it has none there."""
        marks = self.marks.get(script) or next(iter(self.marks.values()), ("",))
        return marks[-1 if plural else 0]

    def all_marks(self) -> tuple[str, ...]:
        """Every mark that is read: those of both scripts, singular and plural, and the other ones."""
        also = (mark for mark in self.also if _has_letter(mark))
        return (*(mark for marks in self.marks.values() for mark in marks), *also)

    def joints(self) -> tuple[str, ...]:
        """What may stand before the level where its shelfmark is read, the printed joint first."""
        return (self.joint or ", ", *(mark for mark in self.also if not _has_letter(mark)))


def _has_letter(mark: str) -> bool:
    return any(map(str.isalpha, mark))


@frozen
class Scheme:
    """The levels of an archive's shelfmarks, largest first. *joint* stands between the archive and a bare level.

    *shape* is a regular expression for shelfmarks that tell their system without the name of an archive, like
    "FO 371/84053"; empty where none does.
    """

    name: str
    levels: tuple[Level, ...] = field(hash=False)
    joint: str = ", "
    shape: str = ""

    def level(self, name: str) -> Level:
        """The level called *name*; where the scheme has none, the one that is usual, or one without marks."""
        for levels in (self.levels, OPIS.levels):
            for level in levels:
                if level.name == name:
                    return level
        return Level(name)

    def names(self) -> tuple[str, ...]:
        """The names of the levels, largest first."""
        return tuple([level.name for level in self.levels])


@frozen
class Part:
    """One level of one shelfmark: a number or words as written, or the leaves."""

    level: str
    value: str | Locator


@frozen
class Shelfmark:
    """The levels that say where a document lies, in the order of their scheme or as they were read."""

    parts: tuple[Part, ...]

    def get(self, level: str) -> str | Locator | None:
        """The value of *level*, or None."""
        return next((part.value for part in self.parts if part.level == level), None)


@frozen
class Form:
    """How a citation style wants shelfmarks: script of the marks, capitals, what stands between the levels, and what
    between a siglum and a level with a mark."""

    script: Script = "Latn"
    capital: bool = False
    between: str = ", "
    after_siglum: str = ", "
    dash: str = "-"


PLAIN = Form()


def _level(name: str, latin: str, cyrillic: str, *, leaf: bool = False, joint: str | None = None) -> Level:
    marks: dict[Script, tuple[str, ...]] = {"Latn": tuple(latin.split()), "Cyrl": tuple(cyrillic.split())}
    verso: dict[Script, str] = {"Latn": "ob.", "Cyrl": " об."} if leaf else {}
    return Level(name, marks, leaf=leaf, joint=joint, verso=verso)


# For an archive that is not in the registry, and for a shelfmark without one.
OPIS = Scheme(
    "any",
    (
        _level("fond", "f.", "ф."),
        _level("opis", "op.", "оп."),
        _level("chast", "ch.", "ч."),
        Level("year"),
        _level("protokol", "prot.", "прот."),
        _level("perechen", "per.", "пер."),
        _level("korobka", "kor.", "кор."),
        _level("papka", "pap.", "пап."),
        _level("portfel", "portf.", "портф."),
        Level("record_group", {"Latn": ("RG ",)}),
        Level("collection"),
        Level("entry", {"Latn": ("entry",)}),
        Level("series"),
        Level("subseries"),
        Level("lot", {"Latn": ("Lot",)}),
        Level("section", {"Latn": ("section", "sections")}),
        Level("piece", joint="/"),
        Level("bestand"),
        Level("signatur", joint="/"),
        Level("band", {"Latn": ("Bd.",)}),
        Level("box", {"Latn": ("box", "boxes")}),
        Level("container", {"Latn": ("container", "containers")}),
        Level("folder", {"Latn": ("folder", "folders")}),
        Level("reel", {"Latn": ("reel", "reels")}),
        _level("poriadok", "por.", "пор."),
        _level("kniga", "kn.", "кн."),
        _level("stolbets", "stb.", "стб."),
        _level("delo", "d.", "д."),
        _level("tom", "t.", "т."),
        _level("tetrad", "tetr.", "тетр."),
        _level("dokument", "dok.", "док."),
        _level("akt", "akt", "акт"),
        Level("item"),
        _level("list", "l. ll.", "л. лл.", leaf=True),
        Level("folio", {"Latn": ("fol.", "fols.")}, leaf=True, verso={"Latn": "v"}),
        Level("blatt", {"Latn": ("Bl.",)}, leaf=True, verso={"Latn": "v"}),
        Level("frame", {"Latn": ("frame", "frames")}, leaf=True),
        _level("page", "p. pp.", "с.", leaf=True),
    ),
)

# The words and abbreviations that scholars put before a level, without stops and spaces, in lower case.
# Sources: Illinois Slavic library, archive terms; GOST R 7.0.5-2008, section 11; DSTU 8302:2015; NARA leaflet 17.
LABELS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys("f fond fonds fondy fondas ф фонд фонды фонди".split(), "fond")
    | dict.fromkeys("op o opis opisi opys opysy opis' opis’ оп о опись описи опис вопіс воп vop".split(), "opis")
    | dict.fromkeys("ap apr aprašas dans".split(), "opis")
    | dict.fromkeys("ch chast ч часть".split(), "chast")
    | dict.fromkeys("prot protno protokol protocol прот протокол".split(), "protokol")
    | dict.fromkeys("per perechen пер перечень".split(), "perechen")
    | dict.fromkeys("k kor korobka kart karton к кор коробка карт картон".split(), "korobka")
    | dict.fromkeys("pap papka п пап папка".split(), "papka")
    | dict.fromkeys("portf portfel portfolio портф портфель".split(), "portfel")
    | dict.fromkeys("d dd del delo dela д дд дел дело дела spr sprava spravy спр справа справи file".split(), "delo")
    | dict.fromkeys("edkhr edinitsakhraneniia едхр единицахранения одзб odzb ae ае byla lieta khn hn".split(), "delo")
    | dict.fromkeys("por poriadok poryadok пор порядок".split(), "poriadok")
    | dict.fromkeys("kn kniga knyha кн книга".split(), "kniga")
    | dict.fromkeys("stb stlb stolbets стб стлб столб столбец".split(), "stolbets")
    | dict.fromkeys("t tom т том".split(), "tom")
    | dict.fromkeys("te tetr tetrad тетр тетрадь".split(), "tetrad")
    | dict.fromkeys("dok dokument doc document док документ".split(), "dokument")
    | dict.fromkeys("akt акт актовийзапис".split(), "akt")
    | dict.fromkeys("l ll list listy л лл лист листы ark arkush arkushi arkushy арк аркуш аркуші".split(), "list")
    | dict.fromkeys("p pp page pages с сс стр стор сторінка страница".split(), "page")
    | dict.fromkeys("fol fols folio folios ff".split(), "folio")
    | dict.fromkeys(["bl", "blatt"], "blatt")
    | dict.fromkeys(["frame", "frames"], "frame")
    | dict.fromkeys(["bd", "band"], "band")
    | dict.fromkeys(["rg", "recordgroup"], "record_group")
    | dict.fromkeys("reel reels roll rolls microfilmreel microfilmroll rolik ролик".split(), "reel")
    | dict.fromkeys(["lot", "lotfile"], "lot")
    | dict.fromkeys(["section", "sections"], "section")
    | dict.fromkeys(["container", "containers"], "container")
    | dict.fromkeys(["box", "boxes"], "box")
    | dict.fromkeys(["folder", "folders"], "folder")
    | dict.fromkeys(["entry", "entries"], "entry")
)

_JOINTS = 8  # how many joints the value of a level may have in it
_SEPARATOR = pattern(r"[\s,.;:]*")
_WORD = pattern(r"[^\W\d_]{1,20}['’]?\.?\s?")
_WORDS = pattern(f"(?:{_WORD.pattern}){{1,3}}")
_GLOSS = pattern(r"\s*\((?:[^\W\d_]{1,10}\.?\s?){1,2}\)\s*")
_INNER_LABEL = pattern(r"[\s.,;:]([^\W\d_]{1,20})\.?\s?(?=\d)")
_YEAR = pattern(r"(?:1[5-9]|20)\d\d(?:[-\u2010-\u2015]\d{2,4})?(?=[,.;:]|\s|$)")
_VALUE = pattern(
    r"\[[^\[\]]{1,80}\]|[^\W\d_]{1,3}\s?[-\u2010-\u2015]\s?\d[^\s,;:()]{0,80}"
    r"|[^\s,;:()\[\]]{1,80}?(?=[.,;:]*(?:\s|$)|[,;:.](?=[^\W\d_]))"
)


def parse(text: str, scheme: Scheme = OPIS) -> Shelfmark:
    """Reads a shelfmark.

    shelfmark = level (separator? level)*;  level = label gloss? value;  separator = "," | "." | ";" | ":"
    With a scheme whose levels are bare, those are read in the scheme's order, split by their joints.

    Raises ParseError where no level can be read, where a level stands inside the value of another, and what
    `citekit.locators` raises for leaves.

    >>> [(part.level, part.value) for part in parse("fond (f.) 45, opis 1, d.[120]").parts]
    [('fond', '45'), ('opis', '1'), ('delo', '[120]')]
    """
    if scheme is not OPIS and not all(level.marks for level in scheme.levels):
        return _by_scheme(text, scheme)
    try:
        return _by_labels(text, scheme)
    except ParseError:
        if scheme is OPIS:
            raise
        mark = _by_scheme(text, scheme)  # a value of several words: "f. ÚV KSS, šk. 1217"
        if any(isinstance(part.value, str) and _holds_label(part.value) for part in mark.parts):
            raise
        return mark


def _holds_label(value: str) -> bool:
    """Whether a level begins inside *value*, as in "568. Оп. 1": then too much was taken for it."""
    return any(fold(found[1]) in LABELS for found in _INNER_LABEL.finditer(value))


def _by_labels(text: str, scheme: Scheme) -> Shelfmark:
    scanner = Scanner(text)
    labels = _labels_of(scheme)
    parts: list[Part] = []
    scanner.match(_SEPARATOR)
    while not scanner.at_end():
        parts.append(_part(scanner, scheme, labels))
        scanner.match(_SEPARATOR)
    if not parts:
        raise scanner.error("an empty shelfmark", hint='like "f. 558, op. 11, d. 98, l. 160"')
    return Shelfmark(tuple(parts))


@cache
def _labels_of(scheme: Scheme) -> Mapping[str, str]:
    """The labels that are read, those of *scheme* before the usual ones."""
    own = {fold(mark): level.name for level in scheme.levels if not level.after for mark in level.all_marks()}
    return {**LABELS, **own}


def fold(mark: str) -> str:
    """*mark* for comparing: stops, spaces and case do not count."""
    return re.sub(r"[.\s]", "", mark).casefold()


def _part(scanner: Scanner, scheme: Scheme, labels: Mapping[str, str]) -> Part:
    start = scanner.position
    level = _read_label(scanner, labels)
    if not level and (year := scanner.take(_YEAR)):  # "op. 34, 1946, pap. 253", as AVPRF writes
        return Part("year", year)
    if not level:
        words = _WORDS.match(scanner.text, start)
        end = words.end() if words else start + 1
        raise scanner.error(
            "no level of a shelfmark", start=start, end=end, hint="levels are f., op., d., l., box, folder"
        )
    scanner.match(_GLOSS)
    scanner.skip_space()
    if scheme.level(level).leaf:
        return _leaves(level, locators.read_ranges(scanner))
    value = scanner.take(_VALUE).rstrip(".")
    if not value:
        raise scanner.error(f"{level} has no number", start=start, end=max(scanner.position, start + 1))
    return Part(level, re.sub(r"\s*[\u2010-\u2015]\s*|\s+-\s*|\s*-\s+", "-", value))


def _leaves(level: str, ranges: tuple[LeafRange, ...]) -> Part:
    return Part(level, Locator("page" if level == "page" else "folio", ranges))


def _read_label(scanner: Scanner, labels: Mapping[str, str]) -> str:
    """The level that a label at the position names, longest label first: "л. л." before "л.".

    A word that is glued to what follows belongs to the number: "ap. R-9478" is no "apr.".
    """
    words = _WORDS.match(scanner.text, scanner.position)
    ends = [found.end() for found in _WORD.finditer(words[0])] if words else []
    for count, end in reversed([*enumerate(ends, 1)]):
        said = scanner.text[scanner.position : scanner.position + end]
        level = labels.get(fold(said))
        if level and (count == 1 or not said[-1].isalpha()):
            scanner.position += end
            return level
    return ""


def _by_scheme(text: str, scheme: Scheme) -> Shelfmark:
    """Reads the levels in the scheme's order, each up to where a later one can begin."""
    parts: list[Part] = []
    text = rest = text.strip()
    for number, level in enumerate(scheme.levels):
        later = scheme.levels[number + 1 :]
        joint = next((one for one in level.joints() if rest.startswith(one)), None) if parts else ""
        if not rest or joint is None:
            continue
        body = rest[len(joint) :]
        shaped = level.shape and not level.marks
        cut = _shaped_cut(body, level, later) if shaped else _cut(body, level, later)
        value = _unmarked(body[:cut], level)
        if level.shape and not level.marks and not re.fullmatch(level.shape, value):
            continue
        if not value or (not level.marks and any(_unmarked(body[:cut], other) for other in later if other.marks)):
            continue
        parts.append(_leaves(level.name, locators.parse(value).ranges) if level.leaf else Part(level.name, value))
        rest = body[cut:]
    if rest.strip(" .") or not parts:
        scanner = Scanner(text)
        raise scanner.error(f"not a shelfmark of the scheme {scheme.name}", start=len(text) - len(rest), end=len(text))
    return Shelfmark(tuple(parts))


def _cut(body: str, level: Level, later: tuple[Level, ...]) -> int:
    """Where *body*'s first level ends: behind its own mark, or before the joint of a later one, or where all ends."""
    if level.after and (found := re.match(rf"[^,]*?(?:{_any_of(level)})(?![^\W\d_])", body, re.I)):
        return found.end()
    ends = []
    for other in later:
        if other.marks and not other.after:
            joint = _alternatives(other.joints())
            found = re.search(rf"(?:{joint})(?:{_any_of(other)})(?![^\W\d_])", body, re.I)
            ends.append(found.start() if found else -1)
        elif not level.leaf:
            ends += [body.find(joint) for joint in other.joints()]
    return min((end for end in ends if end > 0), default=len(body))


def _shaped_cut(body: str, level: Level, later: tuple[Level, ...]) -> int:
    """Where the first level ends whose values have a shape: at the first joint before which one stands, and behind
    which a later level can."""
    joints = "|".join({re.escape(joint) for other in later for joint in other.joints()})
    ends = [found.start() for found, _ in zip(re.finditer(joints or "$", body), range(_JOINTS), strict=False)]
    ends = [end for end in ends if any(_may_begin(body[end:], other) for other in later)]
    fitting = (end for end in (*ends, len(body)) if re.fullmatch(level.shape, body[:end].strip()))
    return next(fitting, _cut(body, level, later))


def _may_begin(text: str, level: Level) -> bool:
    """Whether *text* is a joint of *level* and something that may be its value."""
    shape = level.shape if level.after or not level.marks else ""
    if level.after:
        shape = rf"(?={shape})[^,]*?(?:{_any_of(level)})(?![^\W\d_])"
    return any(text.startswith(one) and re.match(shape, text[len(one) :].lstrip(), re.I) for one in level.joints())


def _any_of(level: Level) -> str:
    """The marks of *level* as alternatives of a pattern."""
    return _alternatives(level.all_marks())


@cache
def _alternatives(words: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, words))


def _unmarked(text: str, level: Level) -> str:
    """*text* without the mark of *level*; empty where the mark is missing, or nothing but the mark is there."""
    if not level.marks:
        return text.strip()
    for mark in sorted(level.all_marks(), key=len, reverse=True):
        if level.after and text.casefold().endswith(mark.casefold()):
            return text[: -len(mark)].strip()
        if not level.after and text.casefold().startswith(mark.casefold()):
            return text[len(mark) :].strip()
    return ""


def in_order(mark: Shelfmark, scheme: Scheme) -> Shelfmark:
    """The shelfmark with its levels in the order of *scheme*; a level that it lacks comes behind those that usually
    precede it, one that nobody knows comes last."""
    order = places(scheme)
    return Shelfmark(tuple(sorted(mark.parts, key=lambda part: order.get(part.level, (math.inf, 0)))))


def places(scheme: Scheme) -> Mapping[str, tuple[float, int]]:
    """The place of each level, for sorting: the number of a level of *scheme*, then those that only `OPIS` has."""
    return _places(scheme.names())


@cache
def _places(names: tuple[str, ...]) -> Mapping[str, tuple[float, int]]:
    own = {name: number for number, name in enumerate(names)}
    order, last = {name: (float(number), 0) for name, number in own.items()}, -1
    for number, name in enumerate(OPIS.names(), 1):
        last = max(last, own.get(name, -1))
        order.setdefault(name, (last, number))
    return order


def format_mark(mark: Shelfmark, scheme: Scheme = OPIS, form: Form = PLAIN) -> str:
    """The shelfmark as *scheme* marks it: a singular mark before one leaf, a plural one before several.

    Source: the Illinois Slavic library on archival terms (l., ll.; d., op., f.); GOST R 7.0.5-2008, 11.

    >>> format_mark(parse("f. 558, l. 5-7ob"), OPIS, Form("Cyrl", capital=True, between=". "))
    'Ф. 558. Лл. 5-7 об.'
    """
    text = ""
    for part in in_order(mark, scheme).parts:
        level = scheme.level(part.level)
        piece = format_part(part, level, form)
        joint = level.joint if level.joint is not None and level.joint != ", " else form.between
        text += joint * bool(text) + piece
    return text


def format_part(part: Part, level: Level, form: Form = PLAIN) -> str:
    """One level with its mark: "ll. 160-163", "4. doboz", "RG 59", "84053"."""
    value = format_value(part.value, level, form)
    mark = level.mark(form.script, plural=is_plural(part.value))
    if level.after:
        return value + mark
    mark = mark[:1].upper() + mark[1:] if form.capital else mark
    return f"{mark.rstrip()} {value}" if mark else value


def format_value(value: str | Locator, level: Level, form: Form = PLAIN) -> str:
    """The value of a level without its mark: "160-163", "84053"."""
    if isinstance(value, str):
        return value
    verso = level.verso.get(form.script) or level.verso.get("Latn") or "v"
    recto = level.recto.get(form.script) or "r"
    return locators.format_ranges(value.ranges, verso=verso, recto=recto, dash=form.dash)


def is_plural(value: str | Locator) -> bool:
    """Whether several leaves or numbers are meant, so that the mark before them is a plural."""
    if isinstance(value, Locator):
        return value.is_plural()
    return bool(re.search(r"\d(?:\s*[-\u2010-\u2015]\s*\d+(?![\d/])|\s*[,&]\s*\d|\s+\d)", value))  # "7-3/SEA/51" is one


def format_reference(archive: str, mark: str, *, marked: bool, scheme: Scheme = OPIS, form: Form = PLAIN) -> str:
    """Archive and shelfmark in one: "RGASPI, f. 558", "PRC FMA 207-00084-02", "РГАСПИ. Ф. 558".

    *marked* says that the shelfmark begins with the mark of a level. A name that is no bare siglum keeps its comma:
    "Archive of the President (APRF), f. 45".
    """
    if not (archive and mark):
        return archive or mark
    if not marked:
        return archive + (scheme.joint if scheme.joint != ", " else form.between) + mark
    return archive + (form.after_siglum if is_siglum(archive) else form.between) + mark


def is_siglum(archive: str) -> bool:
    """Whether an archive's name is a bare siglum: short words with a capital inside, like "APRF" or "ГА РФ".

    >>> is_siglum("GA RF"), is_siglum("TsDAVO"), is_siglum("British Library, London")
    (True, True, False)
    """
    words = archive.split()
    return len(words) <= 3 and all(len(word) <= 8 and word != word.capitalize() for word in words)
