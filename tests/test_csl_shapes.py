"""Both ways to run a style give the same text: its closures, and the programs that are made of them for each shape."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings

from citekit import csl
from citekit.csl import shapes
from citekit.csl.compile import Style
from citekit.csl.shapes import ShapedStyle
from citekit.library import Library
from tests import csl_practical_adapter, csl_suite_adapter
from tests.csl_strategies import citations, cites, items_of_one_shape, style, styles
from tests.shared import ROOT, shared, shared_json
from tests.test_csl_suite import cases

OFFICIAL = (
    "chicago-notes-bibliography",
    "chicago-author-date",
    "apa",
    "ieee",
    "modern-language-association",
    "gost-r-7-0-5-2008",
)


@cache
def official(name: str) -> str:
    """The text of an official style."""
    return Library(ROOT).style(name)[1]


def texts(made: Style, items: list[csl.Item], cited: list[csl.Citation]) -> list[object]:
    """All that a document prints, as trees."""
    result = csl.process(made, items, cited)
    return [*result.notes, *result.bibliography]


def same(source: str, items: list[csl.Item], cited: list[csl.Citation]) -> None:
    """Asserts that both ways agree."""
    assert texts(ShapedStyle(source, ""), items, cited) == texts(Style(source, ""), items, cited)


@pytest.mark.parametrize("name", OFFICIAL)
@given(items_of_one_shape(), citations())
@settings(max_examples=12, deadline=None)
def test_items_of_one_shape_are_printed_by_a_program_as_by_the_style(
    name: str, items: list[csl.Item], cited: list[csl.Citation]
) -> None:
    same(official(name), items, cited)


@given(styles(), items_of_one_shape(), citations())
@settings(max_examples=40, deadline=None)
def test_any_style_is_run_alike_both_ways(source: str, items: list[csl.Item], cited: list[csl.Citation]) -> None:
    same(source, items, cited)


def test_the_official_cases_are_run_alike_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    by_programs = [csl_suite_adapter.run(case) for case in cases()]
    monkeypatch.setattr(csl, "compile_style", lambda source: Style(source, ""))
    by_closures = [csl_suite_adapter.run(case) for case in cases()]
    assert by_programs == by_closures


PRACTICAL = "csl-suite/practical"


def long_document(source: str) -> object:
    """The practical items, each cited twice and all in one citation, and their bibliography."""
    items = shared_json(f"{PRACTICAL}/items.json")
    documents = shared_json(f"{PRACTICAL}/citations.json")["documents"]
    ids = [item["id"] for item in items]
    clusters = [documents[id_][0] for id_ in ids] + [documents[id_][2] for id_ in ids] + [[{"id": id_} for id_ in ids]]
    return csl_practical_adapter.render(source, items, clusters, "html")


def test_the_practical_documents_are_run_alike_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    sources = [path.read_text(encoding="utf-8") for path in sorted(shared(f"{PRACTICAL}/styles").glob("*.csl"))]
    by_programs = [long_document(source) for source in sources]
    monkeypatch.setattr(csl, "compile_style", lambda source: Style(source, ""))
    assert by_programs == [long_document(source) for source in sources]


# Values of one shape of which the first prints nothing, or the second.

TITLE = '<text variable="title"/><text value="!"/>'
STRIPPED = '<text variable="title" strip-periods="true"/><text value="!"/>'
FIRST_PAGE = '<text variable="page-first"/><text value="!"/>'
NAMED = '<names variable="editor"><substitute><text variable="title"/></substitute></names><text variable="title"/>'
NUMERIC = '<choose><if is-numeric="edition"><text value="numeric"/></if></choose><text value="!"/>'
SILENT: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "a title that is a stop, last": (STRIPPED, [{"title": "a."}, {"title": "."}]),
    "names of nothing, last": (NAMED, [{"editor": [{"family": "a"}], "title": "T"}, {"editor": [{}], "title": "T"}]),
    "a page without figures, last": (FIRST_PAGE, [{"page": "a"}, {"page": "-5"}]),
    "a day, then none": (
        '<date variable="issued"><date-part name="day"/></date><text value="!"/>',
        [{"issued": {"date-parts": [[1945, 5, 4]]}}, {"issued": {"date-parts": [[1945, 5]]}}],
    ),
    "a date of words": (
        '<date variable="issued" form="text"/><text value="!"/>',
        [{"issued": {"literal": " "}}, {"issued": {"literal": "\ufdd0"}}, {"issued": {"literal": "x"}}],
    ),
    "an empty date": (
        '<choose><if variable="issued"><text value="dated"/></if></choose><text value="!"/>',
        [{"issued": {"raw": ""}}, {"issued": {"raw": "x"}}, {"issued": True}],
    ),
    "editors who are the translators": (
        '<names variable="editor translator" delimiter=", "/>',
        [{"editor": [{"family": "a"}], "translator": [{"family": name}]} for name in "ab"],
    ),
}
SILENT_FIRST: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "a title that is a stop": (STRIPPED, [{"title": "."}, {"title": "a."}]),
    "a title of marks": (TITLE, [{"title": "\ufdd0"}, {"title": "a"}]),
    "a title that is an empty list": ('<text variable="title"/><text term="and"/>', [{"title": ""}, {"title": []}]),
    "a short title of marks": (
        '<text variable="title" form="short"/><text value="!"/>',
        [{"title": "T", "title-short": "\ufdd0"}, {"title": "T", "title-short": "x"}],
    ),
    "a page of spaces": ('<text variable="page"/><text value="!"/>', [{"page": " "}, {"page": "a"}]),
    "a page without figures": (FIRST_PAGE, [{"page": "-5"}, {"page": "a"}]),
    "names of nothing": (
        '<names variable="author"/><text value="!"/>',
        [{"author": [{}]}, {"author": [{"family": "a"}]}],
    ),
    "a name that is a text": (
        '<names variable="author"/><text value="!"/>',
        [{"author": "nobody"}, {"author": [{"family": "a"}]}],
    ),
    "names of nothing, and what stands for them": (
        NAMED,
        [{"editor": [{}], "title": "T"}, {"editor": [{"family": "a"}], "title": "T"}],
    ),
    "a label of nothing": (
        '<text variable="citation-label"/><text value="!"/>',
        [{"author": [{"family": " "}]}, {"author": [{"family": "a"}]}],
    ),
    "a number with a fraction": (NUMERIC, [{"edition": 5}, {"edition": 5.5}]),
}


def each(rows: list[dict[str, Any]]) -> tuple[list[csl.Item], list[csl.Citation]]:
    """The items and a citation of each."""
    items = [csl.from_json({"id": str(number), "type": "book"} | row) for number, row in enumerate(rows)]
    return items, [cites(item.id) for item in items]


@pytest.mark.parametrize("name", SILENT)
def test_an_element_that_prints_nothing_is_asked_again(name: str) -> None:
    layout, rows = SILENT[name]
    same(style(layout), *each(rows))


@pytest.mark.parametrize("name", SILENT_FIRST)
def test_an_element_that_prints_nothing_at_first_is_asked_again(name: str) -> None:
    layout, rows = SILENT_FIRST[name]
    same(style(layout), *each(rows))


def test_a_locator_that_prints_nothing_is_asked_again() -> None:
    items, _ = each([{"title": "a"}])
    layout = '<group delimiter=" "><label variable="locator"/><text variable="locator"/></group>'
    for said in ([" ", "."], [".", " ", "5"]):
        same(style(layout), items, [cites("0", locator=one, label="folio") for one in said])


def test_a_term_that_stands_for_names_does_not_begin_an_entry_that_has_begun() -> None:
    names = '<names variable="author"><substitute><text term="and"/></substitute></names>'
    for before in ('<text variable="title"/>', '<text value="x"/>', ""):
        layout = f'<bibliography subsequent-author-substitute="-"><layout>{before}{names}</layout></bibliography>'
        same(style(TITLE, listed=layout), *each([{"title": title} for title in (" ", "a", "b")]))


def test_programs_are_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "MOST", 1)
    same(style(TITLE), *each([{"title": "a", field: "x"} for field in "abcde"] * 2))
