"""Styles that are wrong say so with their line; conditions, groups and macros; XML as it may be written."""

from __future__ import annotations

import pytest

from citekit import csl
from citekit.csl import xml
from citekit.errors import StyleError
from tests.csl_strategies import cites, listed, printed, style

WRONG = [
    ("<nonsense/>", "<nonsense> cannot stand here"),
    ("<txt/>", "<txt> cannot stand here"),
    ("<text/>", "<text> says nothing"),
    ('<text macro="none"/>', "there is no macro 'none'"),
    ('<number form="roman"/>', '<number> needs variable="…"'),
    ('<number variable="volume" form="romn"/>', "form='romn' is no value of <number>"),
    ('<label variable="page" plural="many"/>', "plural='many' is no value of <label>"),
    ("<date/>", '<date> needs variable="…"'),
    ('<date variable="issued" form="words"/>', "form='words' is no value of <date>"),
    ('<date variable="issued" form="text" date-parts="day"/>', "date-parts='day' is no value of <date>"),
    ('<date variable="issued"><date-part name="hour"/></date>', "a date has no part 'hour'"),
    ("<names/>", '<names> needs variable="…"'),
    ('<names variable="author"><label plural="x"/></names>', "plural='x' is no value of <label>"),
    ('<names variable="author"><substitute><x/></substitute></names>', "<x> cannot stand here"),
    ('<choose><when type="book"/></choose>', "<when> cannot stand in <choose>"),
    ('<choose><if kind="book"/></choose>', "<if> has no condition 'kind'"),
    ('<choose><if type="book" match="some"/></choose>', "match='some' is no value of <if>"),
    ('<text variable="title" text-case="loud"/>', "text-case='loud' is no value of <text>"),
    ('<text variable="title" font-style="leaning"/>', "font-style='leaning' is no value of <text>"),
    ('<text variable="title" display="here"/>', "display='here' is no value of <text>"),
    ('<text variable="title" quotes="yes"/>', "quotes='yes' is no value of <text>"),
    ('<text term="and" plural="yes"/>', "plural='yes' is no value of <text>"),
    ('<names variable="author"><name et-al-min="few"/></names>', "et-al-min='few' is no number"),
]


@pytest.mark.parametrize(("element", "message"), WRONG, ids=[element for element, _ in WRONG])
def test_a_wrong_element_is_named_with_its_line(element: str, message: str) -> None:
    source = style(f"<layout>\n\n{element}</layout>")
    with pytest.raises(StyleError) as caught:
        printed(source, [{"author": [{"family": "Doe"}]}])
    assert caught.value.message.startswith(message)
    assert caught.value.where is not None
    assert caught.value.where.line == source.split(element)[0].count("\n") + 1


@pytest.mark.parametrize(("element", "message"), WRONG[:-1], ids=[element for element, _ in WRONG[:-1]])
def test_a_wrong_element_in_a_macro_is_named_with_its_line_too(element: str, message: str) -> None:
    source = style("", before=f'<!-- \n -->\n<macro name="m">\n<!--\n-->{element}</macro>')
    with pytest.raises(StyleError) as caught:
        csl.compile_style(source).compile_all()
    assert caught.value.message.startswith(message)
    assert caught.value.where is not None
    assert caught.value.where.line == source.split(element)[0].count("\n") + 1


def test_the_line_is_right_where_the_tag_of_a_macro_has_two_lines() -> None:
    source = style("", before='<macro\nname="m"><txt/></macro>')
    with pytest.raises(StyleError) as caught:
        csl.compile_style(source).compile_all()
    assert caught.value.where is not None
    assert caught.value.where.line == source.split("<txt/>")[0].count("\n") + 1


@pytest.mark.parametrize(
    ("source", "message", "hint"),
    [
        (style("<layout/>").replace("<layout/>", ""), "<citation> has no <layout>", ""),
        (style("<sort><x/></sort><layout/>"), "<x> cannot stand in <sort>", "<key variable=…/> or <key macro=…/>"),
        (style('<sort><key sort="up"/></sort><layout/>'), "sort='up' is no value of <key>", ""),
        (style('<sort><key macro="x"/></sort><layout/>'), "there is no macro 'x'", ""),
        (
            style('<text macro="autor"/>', before='<macro name="author"/>'),
            "there is no macro 'autor'",
            "did you mean author?",
        ),
        (style("<citation/>"), "<citation> cannot stand here", ""),
        (style("<txt/>"), "<txt> cannot stand here", "did you mean text?"),
        (style("&x;"), "not a citation style: not XML: undefined entity", ""),
        ("<style>", "not a citation style", ""),
        ('<style xmlns="urn:x"/>', "not a citation style: no element of CSL is in it", ""),
    ],
)
def test_errors_say_what_would_be_right(source: str, message: str, hint: str) -> None:
    with pytest.raises(StyleError) as caught:
        csl.compile_style(source)
    assert caught.value.message.startswith(message)
    if hint:
        assert caught.value.hint == hint


def test_not_xml_has_a_line_and_a_column() -> None:
    with pytest.raises(StyleError) as caught:
        csl.compile_style("<style\n  <x")
    assert (caught.value.where and (caught.value.where.line, caught.value.where.column)) == (2, 3)


# XML

SOURCES = {
    "plain": style("", before='<macro name="a">\n<text value="x"/></macro><macro name="b"><text value="y"/></macro>'),
    "no macros": style('<text value="x"/>'),
    "empty macro": style("", before='<macro name="a"/><macro name="b">\n<text value="x"/></macro>'),
    "comments": style("", before='<!-- <macro>\n --><macro name="a"><!-- </macro> --><text value="x"/></macro>'),
    "cdata": style("", before='<macro name="a"><text value="x"/><![CDATA[</macro>]]></macro>'),
    "foreign elements": style("", before='<macro name="a"><x xmlns="urn:x"><text/></x><text value="x"/></macro>'),
    "a prefix": style("").replace("<citation", '<p:macro xmlns:p="http://purl.org/net/xbiblio/csl"/><citation'),
    "macro elsewhere": style("", before='<x><macro name="a"><text value="x"/></macro></x>'),
}


def shape(node: xml.Node) -> tuple[object, ...]:
    """A tree as values."""
    xml.load(node)
    return node.tag, node.attrs, node.line, node.text.strip(), [shape(child) for child in node.children]


@pytest.mark.parametrize("name", SOURCES)
def test_an_outline_that_is_loaded_is_the_whole_tree(name: str) -> None:
    assert shape(xml.outline(SOURCES[name])) == shape(xml.parse(SOURCES[name]))


def test_a_macro_that_is_not_called_is_not_read() -> None:
    source = style('<text value="x"/>', before='<macro name="a"><text></macro>')
    assert printed(source, [{}]) == ["x"]
    with pytest.raises(StyleError, match="mismatched tag"):
        csl.compile_style(source).compile_all()


# Conditions, groups, macros

ITEM = {"type": "book", "title": "T", "volume": "5", "issued": {"date-parts": [[1945]], "circa": 1}, "edition": "new"}


@pytest.mark.parametrize(
    ("condition", "true"),
    [
        ('type="book"', True),
        ('type="book chapter"', True),  # no item is of two types
        ('type="map chapter"', False),
        ('type="book chapter" variable="title publisher"', False),
        ('type="book chapter" match="any"', True),
        ('type="chapter" match="none"', True),
        ('type="book" match="none"', False),
        ('type="book chapter" match="none"', False),
        ('type="book" variable="title"', True),
        ('type="book" variable="note"', False),
        ('type="book" variable="note" match="any"', True),
        ('variable="title issued"', True),
        ('variable="accessed"', False),
        ('variable="locator"', True),
        ('variable="citation-number"', True),
        ('variable="first-reference-note-number"', False),
        ('variable="year-suffix"', False),
        ('variable="page-first"', False),
        ('is-numeric="volume"', True),
        ('is-numeric="edition"', False),
        ('is-numeric="locator"', True),
        ('is-numeric="title"', False),
        ('is-uncertain-date="issued"', True),
        ('is-uncertain-date="accessed"', False),
        ('locator="folio"', True),
        ('locator="page"', False),
        ('locator="sub verbo"', False),
        ('position="first"', True),
        ('position="near-note"', False),
        ('disambiguate="true"', False),
        ("", True),
    ],
)
def test_conditions(condition: str, true: bool) -> None:
    source = style(f'<choose><if {condition}><text value="yes"/></if><else><text value="no"/></else></choose>')
    assert printed(source, [ITEM], cites("0", locator="5", label="folio")) == ["yes" if true else "no"]


def test_the_first_branch_that_is_true_is_printed() -> None:
    source = style(
        '<choose><if variable="note"><text value="1"/></if><else-if variable="title"/>'
        '<else-if variable="title"><text value="3"/></else-if></choose><text value="."/>'
    )
    assert printed(source, [ITEM]) == ["."]


@pytest.mark.parametrize(
    ("layout", "shown"),
    [
        ('<group delimiter=", "><text variable="title"/><text variable="note"/><text value="x"/></group>', "T, x"),
        ('<group><text value="in "/><text variable="note"/></group>', ""),
        ('<group><text value="in "/></group>', "in "),
        ('<group><text term="in"/><group><text value="x"/></group></group>', "Inx"),
        ('<group><text term="in"/><group><text variable="note"/></group></group>', ""),
        ('<group><label variable="volume"/><text variable="note"/></group>', ""),
        ('<text macro="m"/>', "T"),
        ('<text macro="m" prefix="(" suffix=")"/>', "(T)"),
        ('<text macro="empty"/><text value="x"/>', "x"),
        ('<group><text macro="note"/><text value="x"/></group>', ""),
        ('<text variable="title" form="short"/>', "T"),
        ('<text variable="title-short"/>', ""),
        ('<text variable="unheard-of"/>', ""),
        ('<text variable="citation-number"/>', "1"),
        ('<text variable="year-suffix"/>', ""),
    ],
)
def test_groups_and_macros(layout: str, shown: str) -> None:
    macros = (
        '<macro name="m"><text variable="title"/></macro><macro name="empty"/>'
        '<macro name="note"><text value="see "/><text variable="note"/></macro>'
    )
    assert printed(style(layout, before=macros), [ITEM]) == [shown]


@pytest.mark.parametrize(
    ("item", "short"),
    [
        ({"title": "Long", "title-short": "S"}, "S S"),
        ({"title": "Long", "shortTitle": "S"}, "S S"),
        ({"title": "Long"}, "Long "),
        ({}, " "),
    ],
)
def test_short_titles_have_several_names(item: dict[str, str], short: str) -> None:
    source = style('<text variable="title" form="short"/><text value=" "/><text variable="title-short"/>')
    assert printed(source, [item]) == [short]


ALIGNED = (
    '<bibliography second-field-align="flush"><layout prefix="~" suffix="."><text variable="citation-number"/>'
    '<text variable="title" prefix=" "/></layout></bibliography>'
)


def test_the_second_field_may_be_aligned() -> None:
    left, right = '<div class="csl-left-margin">~1</div>', '<div class="csl-right-inline"> T.</div>'
    assert listed(style("", listed=ALIGNED), [{"title": "T"}])[0].replace("~", "") == (left + right).replace("~", "")
    assert listed(style("", listed=ALIGNED), [{}]) == ["~1."]


def test_entries_that_print_nothing_are_left_out() -> None:
    titles = '<bibliography><layout><text variable="title"/></layout></bibliography>'
    assert listed(style("", listed=titles), [{"title": "T"}, {}]) == ["T"]
