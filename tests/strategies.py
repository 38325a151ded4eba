"""Hypothesis strategies: the values of the small grammars, and texts as ugly as people and programs make them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

from citekit import locators, shelfmark
from citekit.archives import shipped
from citekit.locators import Leaf, LeafRange, Locator
from citekit.markup import Node, Span, Text
from citekit.shelfmark import OPIS, Form, Level, Part, Scheme, Shelfmark

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

# Texts: any sign at all, lone surrogates too, and heaps of what the grammars and the markups care about.

_WORDS = (
    "f. op. d. l. ll. p. Ф. Оп. Д. Лл. об. ob. v r iv [ ] ( ) , ; : . / - -- – — № § ' \" ’"
    " _ * ` ~ ^ $ # @ | \\ & < > { }"
    " 1 12 0160 12а 558 Р-9478 1945 1945-11-19 XX ? % .. and и &amp; <i> </i> <b> </span> ... // /*"
).split()
_PIECES = [
    *_WORDS,
    " ",
    "  ",
    "\n",
    "\t",
    "\x1b[31m",
    "\x00",
    "\x85",
    "\u2028",
    "\u202e",
    "\u00a0",
    "\u0301",
    "\U0001f600",
    "１２",
]

ugly_text: SearchStrategy[str] = st.one_of(
    st.text(st.characters(exclude_categories=())),
    st.lists(st.sampled_from(_PIECES), max_size=12).map("".join),
    st.lists(st.sampled_from(_PIECES), max_size=12).map(" ".join),
)


def _spans(children: SearchStrategy[tuple[Node, ...]]) -> SearchStrategy[tuple[Node, ...]]:
    faces = st.sampled_from(["italic", "bold", "underline", "smallcaps", "sup", "sub"])
    return st.lists(ugly_text | st.builds(Span, faces, children), max_size=4).map(tuple)


texts: SearchStrategy[Text] = st.builds(
    Text, st.recursive(st.lists(ugly_text, max_size=2).map(tuple), _spans, max_leaves=6)
)

# Leaves and locators

LETTERS = "abcdefghijklmnopqstuwxzабвгдежзиклмнопрстуфхцчшщэюя"  # r and v would be sides

_plain = st.integers(0, 99_999).map(str)
_padded = st.builds(lambda number, width: number.zfill(width), _plain, st.integers(2, 6))
_huge = st.integers(10**17, 10**39).map(str)
_arabic = _plain | _plain | _padded | _huge
_roman = st.sampled_from("i ii iii iv v vi ix x xi xiv xl lxx cd XII".split())

numbers: SearchStrategy[str] = st.one_of(
    _arabic, _arabic, _arabic.map("[{}]".format), st.builds("{}{}".format, _arabic, st.sampled_from(LETTERS)), _roman
)
leaves: SearchStrategy[Leaf] = st.builds(Leaf, numbers, st.sampled_from(["", "", "r", "v"]))


@st.composite
def _ranges(draw: DrawFn) -> LeafRange:
    first = draw(leaves)
    if draw(st.booleans()):
        return LeafRange(first)
    low, high = sorted([first, draw(leaves)], key=Leaf.order)
    return LeafRange(low, high)


leaf_ranges: SearchStrategy[tuple[LeafRange, ...]] = st.lists(_ranges(), min_size=1, max_size=4).map(tuple)


class Marks(NamedTuple):
    """One of the ways people print leaves."""

    verso: str
    recto: str
    dash: str
    comma: str


marks: SearchStrategy[Marks] = st.builds(
    Marks,
    st.sampled_from(["ob.", " ob.", " об.", "об.", "об", "v", " v", " verso", " зв.", "зв", "zv.", " адв.", "vo"]),
    st.sampled_from(["r", " r", "recto", " recto", "ro"]),
    st.sampled_from(["-", "–", "—", " - ", " – ", "\N{MINUS SIGN}", "\N{NON-BREAKING HYPHEN}"]),
    st.sampled_from([", ", ",", "; ", " , ", " & ", " and ", " и ", " та "]),
)
labels: SearchStrategy[str] = st.sampled_from(sorted(locators.LABELS))

# Shelfmarks

_FONDS = "558 17 0102 059а 5a Р-9478 R-9478 378-B [120] 1/2 11 1604 Р740 98-99 15А 1.214 №5 ½".split()
tokens: SearchStrategy[str] = st.one_of(_plain, _padded, st.sampled_from(_FONDS))
forms: SearchStrategy[Form] = st.builds(
    Form, script=st.sampled_from(["Latn", "Cyrl"]), capital=st.booleans(), between=st.sampled_from([", ", ". ", "; "])
)


@cache
def opis_scheme() -> Scheme:
    """The scheme of RGASPI and most Russian archives, from the registry."""
    return shipped().get("RGASPI").scheme


schemes: SearchStrategy[Scheme] = st.sampled_from([OPIS, opis_scheme()])


def part(level: Level) -> SearchStrategy[Part]:
    """A part of *level* with any value that the level may have."""
    if level.leaf:
        label = "page" if level.name == "page" else "folio"
        return leaf_ranges.map(lambda ranges: Part(level.name, Locator(label, ranges)))
    return tokens.map(lambda token: Part(level.name, token))


@st.composite
def shelfmarks(draw: DrawFn, scheme: Scheme, *, ordered: bool = True) -> Shelfmark:
    """A shelfmark of the levels that have marks in *scheme*, in its order or in any."""
    levels = draw(st.lists(st.sampled_from([level for level in scheme.levels if level.marks]), min_size=1, unique=True))
    mark = Shelfmark(tuple(draw(part(level)) for level in levels))
    return shelfmark.in_order(mark, scheme) if ordered else mark


# The labels that consist of two words; the others are one, with a stop or without
_TWO_WORDS = {"edkhr": "ed. khr.", "едхр": "ед. хр.", "одзб": "од. зб.", "ae": "a. e.", "ае": "а. е."} | {
    "recordgroup": "Record Group"
}


@st.composite
def written_shelfmarks(draw: DrawFn) -> tuple[str, Shelfmark]:
    """A shelfmark as people write it, any label of any level in any order, and what it means."""
    mark = draw(shelfmarks(OPIS, ordered=False))
    between = draw(st.sampled_from([", ", ",", ". ", "; ", " ", ": ", " . "]))
    pieces = [_written(draw, piece) for piece in mark.parts]
    return between.join(pieces), mark


def _written(draw: DrawFn, piece: Part) -> str:
    label = draw(st.sampled_from(sorted(label for label, level in shelfmark.LABELS.items() if level == piece.level)))
    label = draw(st.sampled_from([label, label.capitalize(), label.upper()])) if label not in _TWO_WORDS else label
    label = _TWO_WORDS.get(label, label)
    stop = draw(st.sampled_from([". ", " ", "."])) if not label.endswith(".") else " "
    gloss = draw(st.sampled_from(["", "", "(f.) ", "(ед. хр.) "])) if stop != "." else ""
    value = piece.value
    if isinstance(value, Locator):
        chosen = draw(marks)
        return label + stop + gloss + locators.format_ranges(value.ranges, **chosen._asdict())
    return label + stop + gloss + value


# Tables of records, as a TOML file gives them: what people write, and the ugly, but nothing that is an error

words: SearchStrategy[str] = st.one_of(
    st.sampled_from(
        [
            "From the Journal of V.M. Molotov, 'The Reception', 19 November 1945",
            "О приеме посла Гарримана — «беседа» №5",
            "50% & $5 #1 a_b ~ ^ \\ {x} } < > | = ' \"",
            "=1+1",
            "@misc{x}",
            "- a",
            "no",
            "1945-11-19",
            "source: f. 5, op. 3",
            "archive: RGASPI",
            "TY  - BOOK",
            "ER  - ",
            "a; b, c",
            "e\u0301",
            "  two  lines\n\nand\ttabs ",
            '&amp; <i>x</i> <span class="nocase">y</span>',
            "\x85\u2028\u202e\x1b[31m",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
_FULL_NAMES = st.sampled_from(
    ["Molotov, V. M.", "Молотов, В. М.", "King, Martin Luther, Jr.", "CC of the CPSU and others", 'O\'Neill, "Tip"']
)
people: SearchStrategy[Any] = st.one_of(
    _FULL_NAMES,
    _FULL_NAMES,
    st.fixed_dictionaries(
        {"family": st.sampled_from(["Mao", "Пэн", "van Goethe; A"])},
        optional={
            "given": st.sampled_from(["Zedong", "J. W."]),
            "particle": st.just("von"),
            "suffix": st.just("III"),
            "native": st.just("毛泽东"),
            "order": st.sampled_from(["family-first", "given-first"]),
            "for": st.just("NKIDP"),
            "x": words,
        },
    ),
    st.fixed_dictionaries({"literal": st.sampled_from(["NKVD, Section 1", "A || B"])}),
)
_SHELFMARKS: list[dict[str, str]] = [
    {"archive": "RGASPI", "fond": "558", "opis": "11", "delo": "98", "list": "0160-0163"},
    {"archive": "RGASPI", "delo": "98", "fond": "558"},
    {"archive": "АВП РФ", "fond": "0100", "opis": "40", "papka": "248", "delo": "7", "list": "12 об.–13"},
    {"archive": "TNA", "series": "FO 371", "piece": "12345", "folio": "12r"},
    {"archive": "NARA", "record_group": "59", "box": "12", "folder": "3"},
    {"archive": "AMSZ", "shelfmark": "Szyfrogramy from Hawana 1962, 6/77 w-82 t-1264"},
    {"archive": "Somewhere; else", "fond": "5a | 7", "page": "3"},
    {"shelfmark": "f. 558, op. 11"},
    {"fond": "[120]", "opis": "1/2"},
    {},
]
locations: SearchStrategy[dict[str, Any]] = st.builds(
    lambda mark, more: mark | more,
    st.sampled_from(_SHELFMARKS),
    st.fixed_dictionaries(
        {}, optional={"place": st.sampled_from(["Moscow", "Paris"])} | dict.fromkeys(("file_title", "note", "x"), words)
    ),
)
_DATES = st.one_of(
    st.dates(),
    st.integers(1, 9999),
    st.sampled_from("1945-11 1946~ 1955? 1955% 1950-01-30/1950-02-02 1945-11-19/.. ../1945".split()),
    st.sampled_from("1946-22 194X 1945-11-XX -0044 1945-11-19".split()),
)
_TYPES = st.sampled_from(
    "memorandum letter telegram book article-journal chapter report thesis webpage software Протокол".split()
)
_PRINTED = st.dictionaries(
    st.sampled_from("container volume issue pages edition publisher place isbn issn doi series".split()),
    words | st.sampled_from(["8", "1-9", "12–13"]) | st.integers(1, 99),
    max_size=4,
)


@st.composite
def record_tables(draw: DrawFn) -> dict[str, Any]:
    """The table of a record that is good: every field that a record knows, some that it does not."""
    texts = ("short_title", "date_note", "classification", "number", "abstract", "credits", "note")
    roles = "author recipient editor translator contributor obtained_by participant recorder".split()
    table: dict[str, Any] = {"title": draw(words)} | draw(
        st.fixed_dictionaries(
            {},
            optional={
                "type": _TYPES,
                "date": _DATES,
                "title_kind": st.sampled_from(["heading", "descriptive"]),
                "language": st.sampled_from(["ru", "en", "zh-Hans", "Russian"]),
                "tags": st.lists(words, max_size=3),
                "titles": st.dictionaries(st.sampled_from(["original", "romanized", "translated"]), words),
                "people": st.dictionaries(st.sampled_from(roles), st.lists(people, min_size=1, max_size=3), max_size=3),
                "location": st.lists(locations, max_size=2),
                "reprinted": st.lists(st.fixed_dictionaries({"text": words}, optional={"pages": st.just("1-9")})),
                "online": st.fixed_dictionaries(
                    {},
                    optional=dict.fromkeys(("publisher", "id", "contents"), words)
                    | {"url": st.sampled_from(["https://a.b/c?d=1&e=%20f"]), "accessed": st.dates()},
                ),
                "published": _PRINTED,
                "csl": st.dictionaries(st.sampled_from(["medium", "custom", "x-own"]), words, max_size=2),
                "bibtex": st.dictionaries(st.sampled_from(["entrytype", "file"]), words, max_size=2),
                "unheard_of": words
                | st.booleans()
                | st.floats(allow_nan=False)
                | st.times().map(lambda t: t.replace(fold=0)),
            }
            | dict.fromkeys(texts, words),
        )
    )
    return table
