"""Both ways to run a style give the same text: its closures, and the programs that are made of them for each shape."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings

from citekit import csl
from citekit.csl.compile import Style
from citekit.csl.shapes import ShapedStyle
from citekit.library import Library
from tests import csl_practical_adapter, csl_suite_adapter
from tests.csl_strategies import citations, items_of_one_shape, styles
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
