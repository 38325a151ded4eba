"""Styles, items and documents for the press: small styles by hand, and any that the schema allows, by hypothesis.

Items are as ugly as CSL-JSON in the world: numbers as words, dates in every form, names of empty strings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from hypothesis import strategies as st

from citekit import csl
from citekit.csl.item import DATE_VARIABLES, NAME_VARIABLES
from citekit.csl.numbers import NUMBER_VARIABLES
from tests.strategies import ugly_text

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

_NAMESPACE = "http://purl.org/net/xbiblio/csl"
_INFO = "<info><title>T</title><id>t</id><updated>2026-01-01T00:00:00+00:00</updated></info>"


def style(
    layout: str, *, options: str = "", kind: str = "note", root: str = "", before: str = "", listed: str = ""
) -> str:
    """The text of a style: what is in its layout, the attributes of `<citation>` and `<style>`, what stands before it
    (macros, locales), and its `<bibliography>` as a whole."""
    return (
        f'<style xmlns="{_NAMESPACE}" version="1.0" class="{kind}" {root}>\n{_INFO}\n{before}\n'
        f"<citation {options}>{layout if '<layout' in layout else f'<layout>{layout}</layout>'}</citation>\n"
        f"{listed}</style>"
    )


def cites(*ids: str, **more: Any) -> csl.Citation:
    """A citation outside of notes; *more* goes to each of its cites."""
    return csl.Citation(0, tuple(csl.CiteRequest(id_, **more) for id_ in ids))


def printed(
    source: str, items: Sequence[Mapping[str, Any]], *citations: csl.Citation, lang: str = "", markup: str = "html"
) -> list[str]:
    """The citations, or where none are given each item by itself, as HTML."""
    read = [csl.from_json({"id": str(number), "type": "book"} | dict(item)) for number, item in enumerate(items)]
    asked = citations or tuple(cites(item.id) for item in read)
    return [csl_write(text, markup) for text in csl.process(csl.compile_style(source, lang), read, asked).notes]


def listed(
    source: str, items: Sequence[Mapping[str, Any]], *citations: csl.Citation, markup: str = "html"
) -> list[str]:
    """The bibliography, entry by entry."""
    read = [csl.from_json({"id": str(number), "type": "book"} | dict(item)) for number, item in enumerate(items)]
    done = csl.process(csl.compile_style(source), read, citations)
    return [csl_write(entry, markup) for _, entry in done.bibliography]


def csl_write(text: Any, markup: str) -> str:
    """The text in *markup*."""
    from citekit.markup import write

    return write(text, markup)


# Styles that the schema allows

_AFFIXES = st.sampled_from(["", " ", ", ", ".", ". ", "(", ")", " (", ": ", "; ", "?", "“", "”", "’", "<i>", "&", "a"])
_FLAG = ("true", "false")
_NAME_FORMS = ("long", "short", "count")
_PRECEDES = ("contextual", "always", "never", "after-inverted-name")
_COUNTS = ("0", "1", "2", "3")

_Choices = Mapping[str, "Sequence[str] | SearchStrategy[str]"]
_AFFIXED: _Choices = {"prefix": _AFFIXES, "suffix": _AFFIXES}
_FACES: _Choices = {
    "font-style": ("italic", "normal", "oblique"),
    "font-variant": ("normal", "small-caps"),
    "font-weight": ("normal", "bold", "light"),
    "text-decoration": ("none", "underline"),
    "vertical-align": ("baseline", "sup", "sub"),
}
_CASES = ("lowercase", "uppercase", "capitalize-first", "capitalize-all", "title", "sentence")
_CASE: _Choices = {"text-case": _CASES}
_DISPLAY: _Choices = {"display": ("block", "left-margin", "right-inline", "indent")}
_PERIODS: _Choices = {"strip-periods": _FLAG}
_NAME: _Choices = {
    "and": ("text", "symbol"),
    "delimiter-precedes-et-al": _PRECEDES,
    "delimiter-precedes-last": _PRECEDES,
    "et-al-min": _COUNTS,
    "et-al-use-first": _COUNTS,
    "et-al-subsequent-min": _COUNTS,
    "et-al-subsequent-use-first": _COUNTS,
    "et-al-use-last": _FLAG,
    "initialize": _FLAG,
    "initialize-with": ("", ".", ". ", "-"),
    "name-as-sort-order": ("first", "all"),
    "sort-separator": (", ", "", " "),
}
_INHERITED: _Choices = {
    **_NAME,
    "name-form": _NAME_FORMS,
    "name-delimiter": _AFFIXES,
    "names-delimiter": _AFFIXES,
}
_STYLE: _Choices = {
    **_INHERITED,
    "demote-non-dropping-particle": ("never", "sort-only", "display-and-sort"),
    "initialize-with-hyphen": _FLAG,
    "page-range-format": ("expanded", "minimal", "minimal-two", "chicago", "chicago-15", "chicago-16"),
    "default-locale": ("en-US", "en-GB", "de-DE", "fr-FR", "ru-RU", "zh-CN", "ar", "xx"),
}
_CITATION: _Choices = {
    **_INHERITED,
    "cite-group-delimiter": _AFFIXES,
    "collapse": ("citation-number", "year", "year-suffix", "year-suffix-ranged"),
    "year-suffix-delimiter": _AFFIXES,
    "after-collapse-delimiter": _AFFIXES,
    "disambiguate-add-names": _FLAG,
    "disambiguate-add-givenname": _FLAG,
    "disambiguate-add-year-suffix": _FLAG,
    "givenname-disambiguation-rule": (
        "all-names", "all-names-with-initials", "primary-name", "primary-name-with-initials", "by-cite",
    ),
    "near-note-distance": _COUNTS,
}  # fmt: skip
_BIBLIOGRAPHY: _Choices = {
    **_INHERITED,
    "hanging-indent": _FLAG,
    "second-field-align": ("flush", "margin"),
    "subsequent-author-substitute": ("———", "", ". "),
    "subsequent-author-substitute-rule": ("complete-all", "complete-each", "partial-each", "partial-first"),
}
_STRINGS = "title title-short container-title publisher genre note language URL DOI citation-label year-suffix".split()
_NUMBERS = "volume issue page page-first edition locator citation-number number-of-pages first-reference-note-number"
_PEOPLE = "author editor translator recipient".split()
_DATES = "issued accessed original-date".split()
_TERMS = [*"and et-al ibid edition page volume editor author in from month-05 ordinal-02".split(), "no date"]
_CONDITIONS: _Choices = {
    "disambiguate": ("true",),
    "is-numeric": ("volume", "page edition", "title locator"),
    "is-uncertain-date": ("issued", "issued accessed"),
    "locator": ("page", "folio page", "sub-verbo"),
    "position": ("first", "subsequent", "ibid", "ibid-with-locator", "near-note", "first near-note"),
    "type": ("book", "manuscript article-journal"),
    "variable": ("author", "title", "issued locator", "volume", "editor translator", "year-suffix", "page-first"),
}


def _chosen(*tables: _Choices, least: int = 0) -> SearchStrategy[str]:
    """At most three of the attributes, written out."""
    choices = {name: values for table in tables for name, values in table.items()}
    one = st.sampled_from(sorted(choices)).flatmap(lambda name: st.tuples(st.just(name), _any_of(choices[name])))
    return st.lists(one, min_size=least, max_size=3, unique_by=lambda pair: pair[0]).map(
        lambda pairs: " ".join(f"{name}={quoteattr(value)}" for name, value in pairs)
    )


def _any_of(values: Sequence[str] | SearchStrategy[str]) -> SearchStrategy[str]:
    return values if isinstance(values, st.SearchStrategy) else st.sampled_from(values)


def _element(tag: str, *attributes: str, inside: Sequence[str] = ()) -> str:
    head = " ".join([tag, *(one for one in attributes if one)])
    return f"<{head}>{''.join(inside)}</{tag}>" if inside else f"<{head}/>"


@st.composite
def _texts(draw: DrawFn, macros: Sequence[str]) -> str:
    """`<text>`: a variable, a term, words, or a call of one of *macros*."""
    kinds = ["variable", "variable", "term", "value", *(["macro"] if macros else [])]
    kind = draw(st.sampled_from(kinds))
    names = {"variable": [*_STRINGS, *_NUMBERS.split()], "term": _TERMS, "value": ["x.", "", "(y) ", "“z”"]}
    more = {
        "variable": _chosen({"form": ("long", "short")}),
        "term": _chosen({"form": ("long", "short", "symbol", "verb", "verb-short"), "plural": _FLAG}),
    }
    said = f"{kind}={quoteattr(draw(st.sampled_from(macros if kind == 'macro' else names[kind])))}"
    styled = draw(_chosen(_AFFIXED, _FACES, _CASE, _DISPLAY, _PERIODS, {"quotes": _FLAG}))
    return _element("text", said, draw(more.get(kind, st.just(""))), styled)


@st.composite
def _numbers(draw: DrawFn) -> str:
    variable = f'variable="{draw(st.sampled_from(_NUMBERS.split()))}"'
    if draw(st.booleans()):
        form: _Choices = {"form": ("numeric", "ordinal", "long-ordinal", "roman")}
        return _element("number", variable, draw(_chosen(form, _AFFIXED, _FACES, _CASE, _DISPLAY)))
    form = {"form": ("long", "short", "symbol"), "plural": ("always", "never", "contextual")}
    return _element("label", variable, draw(_chosen(form, _AFFIXED, _FACES, _CASE, _PERIODS)))


_PART_FORMS: Mapping[str, _Choices] = {
    "year": {"form": ("short", "long")},
    "month": {"form": ("long", "short", "numeric", "numeric-leading-zeros"), **_PERIODS},
    "day": {"form": ("numeric", "numeric-leading-zeros", "ordinal")},
}


@st.composite
def _dates(draw: DrawFn) -> str:
    variable = f'variable="{draw(st.sampled_from(_DATES))}"'
    names = draw(st.lists(st.sampled_from(sorted(_PART_FORMS)), min_size=1, max_size=3, unique=True))
    styled = draw(_chosen(_AFFIXED, _FACES, _CASE, _DISPLAY))
    if draw(st.booleans()):
        form = f'form="{draw(st.sampled_from(["text", "numeric"]))}"'
        wanted = draw(_chosen({"date-parts": ("year-month-day", "year-month", "year")}))
        parts = [_element("date-part", f'name="{name}"', draw(_chosen(_PART_FORMS[name], _FACES))) for name in names]
        return _element("date", variable, form, wanted, styled, inside=parts)
    own: _Choices = {**_FACES, **_CASE, **_AFFIXED, "range-delimiter": _AFFIXES}
    parts = [_element("date-part", f'name="{name}"', draw(_chosen(_PART_FORMS[name], own))) for name in names]
    return _element("date", variable, draw(_chosen({"delimiter": _AFFIXES})), styled, inside=parts)


@st.composite
def _people(draw: DrawFn, depth: int, macros: Sequence[str]) -> str:
    variables = draw(st.lists(st.sampled_from(_PEOPLE), min_size=1, max_size=2, unique=True))
    inside = []
    if draw(st.booleans()):
        named = st.sampled_from(["family", "given"])
        parts = [
            _element("name-part", f'name="{draw(named)}"', draw(_chosen(_AFFIXED, _FACES, _CASE)))
            for _ in range(draw(st.integers(0, 2)))
        ]
        inside.append(
            _element(
                "name",
                draw(_chosen(_NAME, _FACES, _AFFIXED, {"form": _NAME_FORMS, "delimiter": _AFFIXES})),
                inside=parts,
            )
        )
    if draw(st.booleans()):
        inside.append(_element("et-al", draw(_chosen({"term": ("et-al", "and others")}, _FACES))))
    if draw(st.booleans()):
        form: _Choices = {"form": ("long", "short", "verb"), "plural": ("always", "never", "contextual")}
        label = _element("label", draw(_chosen(form, _AFFIXED, _FACES, _CASE, _PERIODS)))
        inside.insert(draw(st.sampled_from([0, len(inside)])), label)
    if draw(st.booleans()):
        others = st.sampled_from(_PEOPLE).map(lambda name: f'<names variable="{name}"/>') | elements(depth - 1, macros)
        inside.append(_element("substitute", inside=draw(st.lists(others, min_size=1, max_size=3))))
    styled = draw(_chosen(_AFFIXED, _FACES, _DISPLAY, {"delimiter": _AFFIXES}))
    return _element("names", f'variable="{" ".join(variables)}"', styled, inside=inside)


@st.composite
def _choices(draw: DrawFn, depth: int, macros: Sequence[str]) -> str:
    branches = []
    for tag in ["if", *["else-if"] * draw(st.integers(0, 1))]:
        test = draw(_chosen(_CONDITIONS, least=1)), draw(_chosen({"match": ("all", "any", "none")}))
        branches.append(_element(tag, *test, inside=draw(st.lists(elements(depth - 1, macros), max_size=2))))
    if draw(st.booleans()):
        branches.append(_element("else", inside=[draw(elements(depth - 1, macros))]))
    return _element("choose", inside=branches)


@st.composite
def _groups(draw: DrawFn, depth: int, macros: Sequence[str]) -> str:
    styled = draw(_chosen(_AFFIXED, _FACES, _DISPLAY, {"delimiter": _AFFIXES}))
    return _element("group", styled, inside=draw(st.lists(elements(depth - 1, macros), min_size=1, max_size=3)))


def elements(depth: int = 2, macros: Sequence[str] = ()) -> SearchStrategy[str]:
    """Any rendering element, with others inside as deep as *depth*, that may call *macros*."""
    leaves = [_texts(macros), _texts(macros), _numbers(), _dates()]
    return st.one_of(
        *leaves, *([kind(depth, macros) for kind in (_people, _people, _choices, _groups)] if depth > 0 else ())
    )


@st.composite
def _sort(draw: DrawFn, macros: Sequence[str]) -> str:
    names = [f'variable="{one}"' for one in (*_STRINGS, *_NUMBERS.split(), *_PEOPLE, *_DATES)]
    chosen = st.lists(st.sampled_from([*names, *(f'macro="{name}"' for name in macros)]), min_size=1, max_size=3)
    limits: _Choices = {"names-min": _COUNTS, "names-use-first": _COUNTS, "names-use-last": _FLAG}
    order: _Choices = {"sort": ("ascending", "descending")}
    return _element("sort", inside=[_element("key", one, draw(_chosen(limits, order))) for one in draw(chosen)])


@st.composite
def _areas(draw: DrawFn, tag: str, options: _Choices, macros: Sequence[str]) -> str:
    sort = [draw(_sort(macros))] if draw(st.booleans()) else []
    delimiter: _Choices = {"delimiter": _AFFIXES} if tag == "citation" else {}
    styled = draw(_chosen(_AFFIXED, _FACES, delimiter))
    layout = _element("layout", styled, inside=draw(st.lists(elements(2, macros), min_size=1, max_size=4)))
    return _element(tag, draw(_chosen(options)), inside=[*sort, layout])


_LOCALE = (
    '<locale xml:lang="en"><style-options punctuation-in-quote="false"/>'
    '<terms><term name="and">&lt;und&gt;</term><term name="page" form="short"><single>S.</single>'
    '<multiple>SS.</multiple></term><term name="et-al"/></terms></locale>'
)


@st.composite
def styles(draw: DrawFn) -> str:
    """A style that is valid by the schema, with macros that call only those behind them."""
    names = [f"m{number}" for number in range(draw(st.integers(0, 3)))]
    macros = [
        _element("macro", f'name="{name}"', inside=[draw(elements(2, names[place + 1 :]))])
        for place, name in enumerate(names)
    ]
    kind = f'class="{draw(st.sampled_from(["note", "in-text"]))}"'
    head = f'<style xmlns="{_NAMESPACE}" version="1.0" {kind} {draw(_chosen(_STYLE))}>'
    areas = [draw(_areas("citation", _CITATION, names))]
    if draw(st.booleans()):
        areas.append(draw(_areas("bibliography", _BIBLIOGRAPHY, names)))
    return "".join([head, _INFO, draw(st.sampled_from(["", _LOCALE])), *macros, *areas, "</style>"])


# Items

_WORDS = st.sampled_from(
    [
        "", " ", ".", "..", "a.", "A Title: of “Two” Parts?", "‘Single’ and \"double\"", "it's", "<i>x</i> y", "<b>",
        "</i>", '<span class="nocase">mRNA</span> in X', "<sup>2</sup>H", "50% of A & B", "\\{x}_$#^~", "中文", "Ёлкин",
        "ß", "İ", "x\ud800", "\ufdd0\ufdde\ufdee\ufdef", "word " * 40, "<script>alert(1)</script>", "%s %d {0}",
        "ab-CD/ef—gh",
    ]
)  # fmt: skip
_FIGURES = st.sampled_from(
    ["", " ", ".", "1", "12", "1-3", "1--3", "99–104", "1496-504", "42-45", "L2-L5", "xi-xv", "IV", "2nd", "12a",
     "5, 7", "1 & 2", "3 and 4", "n.d.", "A-1", "1\\-2", "s. 5", "٣", "²", "0", "-1", "1.5", "4000"]
)  # fmt: skip
_LOOSE = st.one_of(
    st.integers(-3, 4000), st.floats(), st.booleans(), st.none(), st.lists(st.integers(), min_size=1, max_size=2)
)
_strings = st.one_of(_WORDS, _WORDS, ugly_text)
_figures = st.one_of(_FIGURES, _FIGURES, _strings, _LOOSE)

_GIVEN = [
    "",
    " ",
    ".",
    "Jane",
    "J.",
    "J. R. R.",
    "Jean-Luc",
    "Ludwig van",
    "М. И.",
    "名",
    "guo-ping",
    "<i>A</i>",
    "É. d'",
]
_FAMILY = [
    "",
    " ",
    ".",
    "Doe",
    "Doe",
    "de Gaulle",
    "van der Berg",
    "d’Arc",
    "Зубок",
    "毛",
    '"The Who"',
    "O'Neil",
    "DOE",
]
_SMALL = ["", "van", "de la", "d’", "Jr.", "III", "<b>"]
_anyone: SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "family": st.sampled_from(_FAMILY),
        "given": st.sampled_from(_GIVEN),
        "suffix": st.sampled_from(_SMALL),
        "dropping-particle": st.sampled_from(_SMALL),
        "non-dropping-particle": st.sampled_from(_SMALL),
        "comma-suffix": st.sampled_from([True, False, "1"]),
    },
)
_person = _anyone.filter(lambda name: bool((name.get("family", "") + name.get("given", "")).strip(" .")))
_body = st.sampled_from(["NATO", "United Nations"]).map(lambda literal: {"literal": literal})
_persons: SearchStrategy[Any] = st.one_of(
    st.lists(_person | _person | _body, max_size=4), st.lists(_person | st.just(7), max_size=2), st.none()
)
_year = st.sampled_from([1945, 1945, 1946, "1945", 0, -44, 33, 12345, "", None, "x", 1.5, 1e4])
_part = st.sampled_from([0, 1, 5, 12, 13, 21, 24, 99, -1, "03", "", 31])
_point = st.builds(lambda year, rest: [year, *rest], _year, st.lists(_part, max_size=3))
_RAW = [
    "1945",
    "1945-11-19",
    "1945/1946",
    "1945-11/..",
    "1945~",
    "19 Nov 1945",
    "May 1945",
    "Spring 1945",
    "-0043",
    "x",
    "",
]
_day: SearchStrategy[Any] = st.fixed_dictionaries(
    {},
    optional={
        "date-parts": st.lists(_point, max_size=3) | st.sampled_from([None, "x", [1945], [[]]]),
        "circa": st.sampled_from([True, "true", 1, 0, "0", ""]),
        "season": st.sampled_from(["1", 2, "Autumn", "Michaelmas", "", "\ufdd0"]),
        "raw": st.sampled_from(_RAW),
        "literal": _strings,
    },
)
_days: SearchStrategy[Any] = st.one_of(_day, _day, st.sampled_from(["1945", 1945, [], None, True]))

FIELDS = (
    *_STRINGS, *_PEOPLE, *_DATES, "volume", "issue", "page", "edition", "number-of-pages", "journalAbbreviation",
    "shortTitle", "container-title-short", "archive", "archive_location", "publisher-place", "custom", "unheard-of",
)  # fmt: skip


def values(variable: str) -> SearchStrategy[Any]:
    """What people write into the variable."""
    if variable in NAME_VARIABLES:
        return _persons
    if variable in DATE_VARIABLES:
        return _days
    if variable in NUMBER_VARIABLES:
        return _figures
    if variable == "language":
        return st.sampled_from(["en", "en-GB", "de", "ru-RU", "", "x", 5])
    return _strings | _LOOSE


_TYPES = st.sampled_from(
    ["book", "manuscript", "article-journal", "letter", "chapter", "legal_case", "no-such-type", ""]
)


@st.composite
def items_of_one_shape(draw: DrawFn) -> list[csl.Item]:
    """Items of one type with the same fields, in each of which anything may stand."""
    fields = draw(st.lists(st.sampled_from(FIELDS), unique=True, max_size=8))
    kind = draw(_TYPES)
    rows = draw(st.lists(st.fixed_dictionaries({name: values(name) for name in fields}), min_size=1, max_size=4))
    return [csl.from_json({"id": str(number), "type": kind} | row) for number, row in enumerate(rows)]


_requests = st.builds(
    csl.CiteRequest,
    st.sampled_from(["0", "0", "1", "1", "2", "3", "missing"]),
    st.one_of(st.just(""), st.sampled_from(["1", "2", "5-7", "xi", " ", ".", "<i>x</i>"])),
    st.sampled_from(["page", "folio", "sub verbo", "", "no-such-label"]),
    st.sampled_from(["", "", "see ", "cf. x.", ", "]),
    st.sampled_from(["", "", ", and more", " x", "."]),
    st.sampled_from(["", "", "", "first", "subsequent", "ibid", "ibid-with-locator"]),
    st.booleans(),
    st.sampled_from(["", "", "", "author-only", "suppress-author"]),
)


@st.composite
def citations(draw: DrawFn) -> list[csl.Citation]:
    """Citations in notes that may have gaps, or none in notes."""
    clusters = draw(st.lists(st.lists(_requests, max_size=4), max_size=4))
    step = draw(st.integers(0, 2))
    return [csl.Citation(number * step, tuple(cluster)) for number, cluster in enumerate(clusters, 1)]
