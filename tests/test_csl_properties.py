"""Any style and any item: the press answers or says what is wrong, twice the same, and lets no command through.

Strangers' styles and items, made to hang it or to fill memory, get an answer that takes no longer than their length.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citekit import csl
from citekit.csl import reference
from citekit.errors import StyleError
from citekit.markup import WRITERS, Text, write
from tests.csl_strategies import citations, cites, items_of_one_shape, printed, style, styles
from tests.growth import LINEAR, growth

examples = settings(max_examples=40, deadline=None)
Case = tuple[str, list[csl.Item], list[csl.Citation]]
documents = st.tuples(styles(), items_of_one_shape(), citations())


def texts(case: Case) -> list[Text]:
    """All that a document prints."""
    source, items, cited = case
    result = csl.process(csl.compile_style(source), items, cited)
    return [*result.notes, *(entry for _, entry in result.bibliography)]


@given(styles())
@examples
def test_the_styles_that_are_tried_are_valid(source: str) -> None:
    assert not reference.validate(source, "x.csl")


@given(documents)
@examples
def test_any_item_is_printed_in_any_style_and_twice_the_same(case: Case) -> None:
    source, items, cited = case
    compiled = csl.compile_style(source)
    once = csl.process(compiled, items, cited)
    assert csl.process(compiled, items, cited) == once
    assert csl.process(csl.compile_style(source), items, cited) == once


NO_STYLE = ("<text/>", '<text macro="x"/>', "<name/>", "<date/>", "<choose><text/></choose>", '<number variable=""/>')


@given(styles(), st.sampled_from(NO_STYLE), st.integers(0, 10))
@examples
def test_a_wrong_element_anywhere_is_an_error_of_the_style(source: str, wrong: str, place: int) -> None:
    places = [match.end() for match in re.finditer(r"<(?:layout|group|if|else|macro)\b[^>]*(?<!/)>", source)]
    where = places[place % len(places)]
    with pytest.raises(StyleError) as caught:
        csl.compile_style(f"{source[:where]}{wrong}{source[where:]}").compile_all()
    assert caught.value.where is not None
    assert caught.value.where.line == 1


# What comes out holds no command but the writer's own.


class _Reader(HTMLParser):
    """Knows the tags of the press, and that each ends where it should."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        if tag not in ("i", "b", "sup", "sub", "span", "div") or not _OWN_ATTRIBUTES.fullmatch(str(attrs)):
            self.wrong.append(f"{tag} {attrs}")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"/{tag}")

    def handle_comment(self, data: str) -> None:
        self.wrong.append(data)

    def handle_decl(self, decl: str) -> None:
        self.wrong.append(decl)

    def handle_pi(self, data: str) -> None:
        self.wrong.append(data)


_OWN_ATTRIBUTES = re.compile(
    r"\[(\('style', '(font-(style|variant|weight)|text-decoration):[a-z-]+;'\)|\('style', 'baseline'\)"
    r"|\('class', 'csl-[a-z-]+'\))?\]"
)


@given(documents)
@examples
def test_html_is_well_formed_and_has_no_tag_but_our_own(case: Case) -> None:
    reader = _Reader()
    for text in texts(case):
        reader.feed(write(text, "html"))
    reader.close()
    assert (reader.wrong, reader.open) == ([], [])


# What each writer means as a command, taken away from the inside out, and what may then not be left.
COMMANDS = {
    "plain": ((), r"[\x00-\x1f\x7f-\x9f]"),
    "markdown": ((r"\\.", r"<https?://[^<>\s]*>", r"\]\{\.(?:underline|smallcaps)\}"), r"[\\`<>#$|@&{}]"),
    "rst": ((r"\\.", r":su[bp]:`[^`]*`"), r"[\\`|]"),
    "latex": (
        (
            r"\\[&%$#_{}/]", r"\\text(?:backslash|ascii(?:tilde|circum|grave)|less|greater|bar|quotedbl)\{\}",
            r"\{[\[\]]\}", r"\\(?:emph|textbf|underline|textsc|textsuperscript|textsubscript)\{[^{}\\]*\}",
        ),
        r"""[\\&%$#_{}~^<>|"`]|--|''|,,""",
    ),
    "typst": ((r"\\.", r"#(?:emph|strong|underline|smallcaps|super|sub)\[[^\[\]#]*\]"), r"""[\\*_`$#@<>\[\]~"']|//"""),
    "rtf": (
        (r"\{\\uc0(?:\\u-?\d+)+\}", r"\\[\\{}]", r"\{\\(?:i|b|ul|scaps|super|sub) [^{}\\]*\}"),
        r"[\\{}]|[^\x00-\x7f]",
    ),
}  # fmt: skip


def left_over(written: str, markup: str) -> str:
    """*written* without the writer's own commands and what is in them."""
    own, _ = COMMANDS[markup]
    before = ""
    while before != written:
        before = written
        for command in own:
            written = re.sub(command, "x", written, flags=re.S)
    return written


@given(documents)
@examples
def test_no_markup_holds_a_command_but_its_own(case: Case) -> None:
    for text in texts(case):
        for markup, (_, forbidden) in COMMANDS.items():
            assert not re.search(forbidden, left_over(write(text, markup), markup)), markup


def test_every_markup_is_looked_at() -> None:
    assert {*COMMANDS, "html"} == set(WRITERS)


HOSTILE = r"""<script>a()</script> \input{x} #eval("x") $x$ `y` {\rtf *b* _c_ [d](e) |f| @g %h &amp; "i" 'j' --k //l"""


@pytest.mark.parametrize("markup", sorted(COMMANDS))
@pytest.mark.parametrize("layout", ['<text variable="title"/>', '<text value="{}"/>', '<names variable="author"/>'])
def test_no_title_name_or_style_can_give_a_command(layout: str, markup: str) -> None:
    from xml.sax.saxutils import escape

    item = {"title": HOSTILE, "author": [{"literal": HOSTILE}]}
    source = style(layout.format(escape(HOSTILE, {'"': "&quot;"})))
    (out,) = printed(source, [item], markup=markup)
    assert "script" in out
    assert not re.search(COMMANDS[markup][1], left_over(out, markup))


# Strangers


TITLE = '<text variable="title"/>'
RING = "".join(
    f'<macro name="{name}"><text macro="{other}"/></macro>' for name, other in (("a", "b"), ("b", "c"), ("c", "a"))
)


def nested(depth: int) -> str:
    """Groups in groups."""
    return "<group>" * depth + TITLE + "</group>" * depth


def chain(length: int) -> str:
    """Macros that call the next one."""
    calls = [f'<macro name="m{n}"><text macro="m{n + 1}"/></macro>' for n in range(length)]
    return "".join([*calls, f'<macro name="m{length}">{TITLE}</macro>'])


BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
REFUSED = {
    "entities": (f'<!DOCTYPE style [<!ENTITY e0 "x">{BOMB}]>{style("&e9;")}', "declares entities"),
    "external entity": (f'<!DOCTYPE s [<!ENTITY e SYSTEM "file:///etc/passwd">]>{style("&e;")}', "declares entities"),
    "document type": (f'<!DOCTYPE style SYSTEM "http://a/b.dtd">{style(TITLE)}', "declares entities"),
    "undeclared entity": (style("&nbsp;"), "undefined entity"),
    "elements nested": (style(nested(10_000)), "nested deeper than 100"),
    "elements nested in a macro": (
        style('<text macro="m"/>', before=f'<macro name="m">{nested(10_000)}</macro>'),
        "nested deeper than 100",
    ),
    "elements nested in a comment's shadow": (style(f"<!-- -->{nested(10_000)}"), "nested deeper than 100"),
    "ring of macros": (style('<text macro="a"/>', before=RING), "calls itself: a > b > c > a"),
    "macro that is its own": (
        style('<text macro="a"/>', before='<macro name="a"><group><text macro="a"/></group></macro>'),
        "calls itself: a > a",
    ),
    "ring behind a sort key": (
        style(f'<sort><key macro="a"/></sort><layout>{TITLE}</layout>', before=RING),
        "calls itself",
    ),
    "chain of macros": (style('<text macro="m0"/>', before=chain(10_000)), "nested too deep"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_style_that_is_made_to_hurt_is_refused_at_once(name: str) -> None:
    source, message = REFUSED[name]
    start = time.process_time()
    with pytest.raises(StyleError, match=message):
        printed(source, [{"title": "x"}, {"title": "y"}], cites("0", "1"))
    assert time.process_time() - start < 5


def test_a_ring_of_macros_is_found_when_nothing_is_printed() -> None:
    compiled = csl.compile_style(style(TITLE, before=RING))
    with pytest.raises(StyleError, match="calls itself: a > b > c > a"):
        compiled.compile_all()


def growth_of_printing(source: str, items: Callable[[int], list[dict[str, Any]]], size: int) -> float:
    """Each is printed once: what was printed before may be remembered."""
    return growth(lambda size: printed(source, items(size)), size, runs=1)


def titled(unit: str) -> Callable[[int], list[dict[str, Any]]]:
    """A title of *unit* again and again, in so many signs."""
    return lambda size: [{"title": unit * (size // len(unit))}]


def paged(unit: str) -> Callable[[int], list[dict[str, Any]]]:
    """Pages of *unit* again and again, in so many signs."""
    return lambda size: [{"page": unit * (size // len(unit)) + "7"}]


def authored(count: int) -> list[dict[str, Any]]:
    """An item with so many authors."""
    return [{"author": [{"family": f"Doe{number}", "given": "Jane"} for number in range(count)]}]


def cased(case: str) -> str:
    """A style that prints titles in a case and in quotation marks."""
    return style(f'<text variable="title" text-case="{case}" quotes="true"/>')


PAGES = style(
    '<label variable="page"/><text variable="page"/><number variable="page"/>', root='page-range-format="chicago"'
)
NAMES = style('<names variable="author"/>')
LINEAR_INPUTS = {
    "a megabyte of words": (cased("title"), titled("word "), 250_000),
    "five megabytes of one word": (cased("sentence"), titled("w"), 1_250_000),
    "small letters and stops": (cased("sentence"), titled("A. b"), 250_000),
    "apostrophes": (cased("title"), titled("a' "), 10_000),
    "hyphens": (cased("title"), titled("a-"), 50_000),
    "tags that open": (cased("title"), titled("<i>"), 50_000),
    "tags that close": (cased("title"), titled("</b>"), 50_000),
    "spans whose case is kept": (cased("title"), titled('<span class="nocase">a</span> '), 100_000),
    "spaces": (cased("title"), titled(" "), 250_000),
    "brackets": (cased("title"), titled("("), 250_000),
    "accents": (cased("title"), titled("\N{COMBINING ACUTE ACCENT}"), 250_000),
    "marks of our own": (cased("title"), titled("\ufdd0\ufdde"), 250_000),
    "ranges of pages": (PAGES, paged("1-2, "), 50_000),
    "a million signs of half ranges": (PAGES, paged("1-"), 50_000),
    "pages without a number": (PAGES, paged("x&"), 50_000),
    "a hundred thousand names": (NAMES, authored, 25_000),
    "a hundred thousand names of one person": (NAMES, lambda size: [{"author": [{"family": "Doe"}] * size}], 25_000),
}


@pytest.mark.parametrize("name", LINEAR_INPUTS)
def test_time_grows_with_the_length_of_what_strangers_send(name: str) -> None:
    assert growth_of_printing(*LINEAR_INPUTS[name]) < LINEAR


def doubling(length: int) -> str:
    """Macros each of which calls the next one twice."""
    calls = [f'<macro name="m{n}">{f"""<text macro="m{n + 1}"/>""" * 2}</macro>' for n in range(length)]
    return "".join([*calls, f'<macro name="m{length}">{TITLE}</macro>'])


TWO_ALIKE = style(
    '<names variable="author"><name form="short"/></names>',
    options='et-al-min="3" et-al-use-first="1" disambiguate-add-names="true" disambiguate-add-givenname="true"',
)
INITIALS = style('<names variable="author"><name initialize-with="."/></names>')


BY_NAME = style(
    '<names variable="author"><name form="short"/></names>',
    options='disambiguate-add-givenname="true" givenname-disambiguation-rule="by-name"',
)


def persons(count: int) -> list[dict[str, Any]]:
    """So many works, each by another person of one family."""
    return [{"author": [{"family": "Kim", "given": f"{chr(0xAC00 + number)} Il"}]} for number in range(count)]


SLOW_INPUTS = {
    "faces in title case": (cased("title"), titled("<sup>a</sup> "), 6_000),
    "quotations in title case": (cased("title"), titled('"a" '), 10_000),
    "every word with a capital": (cased("capitalize-all"), titled("word "), 6_000),
    "tags that open and others that close": (
        cased("title"),
        lambda size: [{"title": "<i>" * size + "</b>" * size}],
        1_500,
    ),
    "spaces between pages": (PAGES, lambda size: [{"page": "1" + " " * size + "2"}], 3_000),
    "a given name of particles": (
        NAMES,
        lambda size: [{"author": [{"family": "Doe", "given": f"X {'de ' * size}1"}]}],
        5,
    ),
    "a given name of spaces": (
        INITIALS,
        lambda size: [{"author": [{"family": "Doe", "given": f"A{' ' * size}B"}]}],
        5_000,
    ),
    "many persons of one family": (BY_NAME, persons, 150),
    "two items by the same many authors": (TWO_ALIKE, lambda size: authored(size) * 2, 20),
}


@pytest.mark.parametrize("piece", [" ", " .", '."', "a. "])
def test_time_grows_with_the_length_of_a_prefix_too(piece: str) -> None:
    def cited(count: int) -> list[str]:
        prefix = "a" + piece * count + "b"
        return printed(style(TITLE), [{"title": "T"}], csl.Citation(1, (csl.CiteRequest("0", prefix=prefix),)))

    assert growth(cited, 3_000) < LINEAR


@pytest.mark.parametrize("name", SLOW_INPUTS)
def test_time_grows_with_the_length_of_these_inputs_too(name: str) -> None:
    assert growth_of_printing(*SLOW_INPUTS[name]) < LINEAR


def test_macros_that_call_the_next_one_twice_end_in_an_error_and_soon() -> None:
    start = time.process_time()
    with pytest.raises(StyleError, match="macros call each other more than 100,000 times"):
        printed(style('<text macro="m0"/>', before=doubling(40)), [{"title": "x"}])
    assert time.process_time() - start < 5


def deep(depth: int) -> Any:
    """Lists in lists, as JSON nests them."""
    inner: Any = "x"
    for _ in range(depth):
        inner = [inner]
    return inner


FIGURES = "9" * 5000
NUMBERS = style(
    '<number variable="volume" form="ordinal"/><text variable="page"/><date variable="issued" form="text"/>',
    root='page-range-format="chicago"',
)
BREAKING: dict[str, tuple[str, dict[str, Any]]] = {
    "a field nested deep": (NUMBERS, {"custom": deep(10_000)}),
    "a title nested deep": (NUMBERS, {"title": deep(10_000)}),
    "a number of 5,000 figures": (NUMBERS, {"volume": FIGURES}),
    "pages of 5,000 figures": (NUMBERS, {"page": f"{FIGURES}-{FIGURES}"}),
    "a raw date of 5,000 figures": (NUMBERS, {"issued": {"raw": FIGURES}}),
    "a season of 5,000 figures": (NUMBERS, {"issued": {"season": FIGURES, "date-parts": [[1945]]}}),
    "an infinite year": (NUMBERS, {"issued": {"date-parts": [[float("inf")]]}}),
    "a distance of 5,000 figures": (style(TITLE, options=f'near-note-distance="{FIGURES}"'), {}),
}


@pytest.mark.parametrize("name", BREAKING)
def test_no_item_breaks_a_document(name: str) -> None:
    source, item = BREAKING[name]
    assert len(printed(source, [{"author": [{"family": "Doe"}]} | item])) == 1


def test_a_limit_of_5_000_figures_is_an_error_of_the_style() -> None:
    source = style('<names variable="author"/>', options=f'et-al-min="{FIGURES}"')
    with pytest.raises(StyleError, match=r"et-al-min='9+…' is no number"):
        printed(source, [{"author": [{"family": "Doe"}]}])


def test_rich_text_format_adds_no_space_behind_a_letter_that_is_not_english() -> None:
    (out,) = printed(style('<text variable="title" font-style="italic"/>'), [{"title": "é"}], markup="rtf")
    assert out == r"{\i {\uc0\u233}}"
