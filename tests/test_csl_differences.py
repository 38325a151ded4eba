"""Small cases in which the specification, or where it is silent citeproc-js, wants something that is easily missed.

They were found by printing our own items in 228 official styles beside citeproc-js 1.4.63.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from citekit import csl
from citekit.csl import Citation, CiteRequest
from citekit.markup import write

DOE = {"family": "Doe", "given": "Jane"}
ROE = {"family": "Roe", "given": "Rick"}


def style(layout: str, *, cls: str = "in-text", lang: str = "en-US", **parts: str) -> str:
    """A style that prints *layout*; *parts* are attributes (root, citation, around) and elements (macros, sort)."""
    return (
        f'<style xmlns="http://purl.org/net/xbiblio/csl" class="{cls}" version="1.0" default-locale="{lang}" '
        f"{parts.get('root', '')}>{parts.get('macros', '')}"
        f"<citation {parts.get('citation', '')}>{parts.get('sort', '')}"
        f"<layout {parts.get('around', '')}>{layout}</layout></citation>{parts.get('bibliography', '')}</style>"
    )


def cited(source: str, items: Sequence[Mapping[str, Any]], *cites: CiteRequest, markup: str = "plain") -> str:
    """One citation of *cites*, or of all *items*, as *source* prints it."""
    known = [csl.from_json({"id": str(number), "type": "book"} | dict(item)) for number, item in enumerate(items)]
    requests = cites or tuple(CiteRequest(item.id) for item in known)
    return write(csl.process(csl.compile_style(source), known, [Citation(1, requests)]).notes[0], markup)


TITLE = '<text variable="title"/>'
QUOTED = '<text variable="title" quotes="true"/>'


@pytest.mark.parametrize(
    ("title", "lang", "layout", "printed"),
    [
        ('a "word"', "de-DE", TITLE, "a „word“"),
        ("a “word”", "de-DE", TITLE, "a “word”"),
        ("a ‘word’", "en-US", TITLE, "a ‘word’"),
        ("a ‘word’", "en-US", QUOTED, "“a ‘word’”"),
        ("a “word”", "en-US", QUOTED, "“a ‘word’”"),
        ("a “word”", "de-DE", QUOTED, "„a “word”“"),
        ("a ‘word’", "en-GB", QUOTED, "‘a “word”’"),
        ('Is it "new"?', "en-US", f'<group delimiter=", ">{TITLE}<text value="x"/></group>', "Is it “new”?, x"),
        ("word", "de-DE", '<text variable="title" prefix="“" suffix="”"/>', "“word”"),
        ("word", "en-US", """<text variable="title" prefix="'" suffix="'"/>""", "'word'"),
    ],
)
def test_curly_marks_of_a_writer_stay_but_inside_of_the_same(title: str, lang: str, layout: str, printed: str) -> None:
    assert cited(style(layout, lang=lang), [{"title": title}]) == printed


@pytest.mark.parametrize(
    ("values", "numeric"),
    [(("12", "12A", "iv", "xi-xv", "3/4", "2 & 4", "3rd"), True), (("2.1", "IV", "Suppl. 1", "third", "c"), False)],
)
def test_numbers_are_figures_and_small_roman_ones(values: tuple[str, ...], numeric: bool) -> None:
    layout = '<choose><if is-numeric="volume"><text value="yes"/></if><else><text value="no"/></else></choose>'
    assert {cited(style(layout), [{"volume": value}]) for value in values} == {"yes" if numeric else "no"}


def test_the_docket_of_a_case_is_no_range() -> None:
    layout = '<label variable="number" form="short" suffix=" "/><text variable="number"/>'
    assert cited(style(layout), [{"type": "legal_case", "number": "70-18"}]) == "no. 70-18"
    assert cited(style(layout), [{"type": "report", "number": "70-71"}]) == "nos. 70–71"


@pytest.mark.parametrize(
    ("label", "locator", "printed"),
    [("page", "12-14", "12~14"), ("line", "12-14", "12~14"), ("line", "12–14", "12–14")],
)
def test_the_delimiter_of_ranges_stands_for_hyphens_of_locators(label: str, locator: str, printed: str) -> None:
    own = '<locale><terms><term name="page-range-delimiter">~</term></terms></locale>'
    source = style('<text variable="locator"/>', macros=own)
    assert cited(source, [{}], CiteRequest("0", locator, label)) == printed


def test_in_a_substitute_a_choose_offers_choices_that_look_as_the_names() -> None:
    layout = (
        '<names variable="author"><name form="short" and="text"/><label form="short" prefix=", "/><substitute>'
        '<choose><if type="book"><names variable="editor"/><names variable="translator"/></if></choose>'
        "</substitute></names>"
    )
    assert cited(style(layout), [{"editor": [DOE, ROE], "translator": [DOE]}]) == "Doe and Roe, eds."


def test_what_stands_for_names_is_said_once() -> None:
    layout = (
        '<names variable="author"><substitute><group delimiter=", "><text variable="container-title"/>'
        '<text variable="container-title"/><text variable="publisher"/></group></substitute></names>'
    )
    assert cited(style(layout), [{"container-title": "Atlas", "publisher": "Dover"}]) == "Atlas, Dover"


def test_author_only_is_a_piece_of_the_writers_sentence() -> None:
    source = style('<names variable="author"><name form="short"/></names>', around='prefix="(" suffix=")"')
    assert cited(source, [{"author": [DOE]}], CiteRequest("0", mode="author-only")) == "Doe"
    assert cited(source, [{"author": [DOE]}]) == "(Doe)"


def test_numbers_collapse_where_the_style_leaves_the_locators_out() -> None:
    source = style('<text variable="citation-number"/>', citation='collapse="citation-number"', around='delimiter=","')
    cites = CiteRequest("0", "5"), CiteRequest("1"), CiteRequest("2", "7")
    assert cited(source, [{}, {}, {}], *cites) == "1–3"


@pytest.mark.parametrize(("cls", "printed"), [("note", "(Doe [1999])"), ("in-text", "(Doe (1999))")])
def test_brackets_in_brackets_change_in_notes_only(cls: str, printed: str) -> None:
    layout = (
        '<names variable="author"><name form="short"/></names>'
        '<date variable="issued" prefix=" (" suffix=")"><date-part name="year"/></date>'
    )
    source = style(layout, cls=cls, around='prefix="(" suffix=")"')
    assert cited(source, [{"author": [DOE], "issued": {"date-parts": [[1999]]}}]) == printed


@pytest.mark.parametrize(
    ("name", "attributes", "printed"),
    [
        ({"family": "山田", "given": "太郎"}, 'initialize-with=". "', "山田太郎"),
        ({"family": "King", "given": "Martin Luther", "suffix": "Jr."}, 'initialize-with=""', "ML King Jr"),
        ({"family": "Doe", "given": None}, "", "Doe"),
        ({"family": "Gogh", "given": "V.", "non-dropping-particle": "van"}, 'name-as-sort-order="all"', "GOGH, V. VAN"),
        ({"family": "Ranke", "given": "L.", "dropping-particle": "von"}, 'name-as-sort-order="all"', "RANKE, L. von"),
        ({"family": "Alembert", "given": "J.", "non-dropping-particle": "d’"}, 'form="short"', "D’ALEMBERT"),
    ],
)
def test_one_name(name: Mapping[str, Any], attributes: str, printed: str) -> None:
    part = '<name-part name="family" text-case="uppercase"/>' if printed.isupper() or "," in printed else ""
    source = style(f'<names variable="author"><name {attributes}>{part}</name></names>')
    assert cited(source, [{"author": [name]}]) == printed


def test_a_conjunction_that_is_no_word_has_its_own_spaces() -> None:
    own = '<locale><terms><term name="and">; </term></terms></locale>'
    source = style('<names variable="author"><name form="short" and="text"/></names>', macros=own)
    assert cited(source, [{"author": [DOE, ROE]}]) == "Doe; Roe"


def test_the_ampersand_is_no_word_of_the_language() -> None:
    source = style('<names variable="author"><name form="short" and="symbol"/></names>', lang="de-DE")
    assert cited(source, [{"author": [DOE, ROE]}]) == "Doe & Roe"


def test_the_long_term_of_a_language_goes_before_the_short_english_one() -> None:
    source = style('<label variable="locator" form="short"/>', lang="de-DE")
    assert cited(source, [{}], CiteRequest("0", "3", "canon")) == "canon"


AUTHOR = '<macro name="author"><names variable="author"/></macro>'


@pytest.mark.parametrize(
    ("names", "printed"),
    [
        (["The Zeitung", "Sun", "An Agency"], "An Agency; Sun; The Zeitung"),
        ([["Doe Roe", "Ann", ""], ["Doe", "Zack", ""]], "Zack Doe; Ann Doe Roe"),
        ([["Gogh", "Adam", "van"], ["Gogh", "Zack", ""]], "Zack Gogh; Adam van Gogh"),
    ],
)
def test_names_sort_by_their_parts_and_bodies_without_article(names: list[Any], printed: str) -> None:
    items = [
        {"author": [{"literal": one}]}
        if isinstance(one, str)
        else {"author": [{"family": one[0], "given": one[1], "non-dropping-particle": one[2]}]}
        for one in names
    ]
    sort = '<sort><key macro="author"/></sort>'
    source = style('<names variable="author"/>', macros=AUTHOR, sort=sort, around='delimiter="; "')
    assert cited(source, items) == printed


def test_the_bibliography_is_sorted_by_its_own_et_al() -> None:
    listed = '<bibliography><sort><key macro="author"/></sort><layout><text variable="title"/></layout></bibliography>'
    source = style(
        TITLE, macros=AUTHOR, bibliography=listed, citation='et-al-min="2" et-al-use-first="1"', around='delimiter=" "'
    )
    items = [{"id": "b", "title": "B", "author": [DOE, ROE]}, {"id": "a", "title": "A", "author": [DOE]}]
    done = csl.process(csl.compile_style(source), [csl.from_json({"type": "book"} | item) for item in items], [])
    assert [id_ for id_, _ in done.bibliography] == ["a", "b"]


def test_what_keys_leave_equal_stands_as_cited() -> None:
    source = style(TITLE, sort='<sort><key variable="publisher"/></sort>', around='delimiter=" "')
    items = [{"title": "A", "publisher": "X"}, {"title": "B", "publisher": "X"}]
    assert cited(source, items, CiteRequest("1"), CiteRequest("0")) == "B A"


@pytest.mark.parametrize(
    ("date", "printed"),
    [
        ("2020-05-06", "May 6, 2020"),
        ("2020-05/2021-06", "May 2020–June 2021"),
        ({"raw": "2020-05-06T10:00:00Z"}, "May 6, 2020"),
        ({"raw": "1999~"}, "1999?"),
        ({"date-parts": [["2020", "5"]]}, "May 2020"),
        ("some day", "some day"),
        (True, ""),
    ],
)
def test_dates_of_the_world(date: object, printed: str) -> None:
    layout = (
        '<date variable="issued" form="text"/><choose><if is-uncertain-date="issued"><text value="?"/></if></choose>'
    )
    assert cited(style(layout), [{"issued": date}]) == printed


def test_scripts_without_italics_get_none() -> None:
    layout = '<text variable="title" font-style="italic"/>'
    assert cited(style(layout), [{"title": "日本の歴史"}], markup="html") == "日本の歴史"
    assert cited(style(layout), [{"title": "История"}], markup="html") == "<i>История</i>"
