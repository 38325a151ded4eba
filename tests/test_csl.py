"""The press by itself: items in and out of JSON, its one call, and what it refuses."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest

from citekit import csl
from citekit.csl import reference
from citekit.csl.item import Date, from_json, to_json, uncollected
from citekit.errors import StyleError
from citekit.library import Library
from tests.shared import ROOT

STYLE = """<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0">
  <info><title>T</title><id>x</id><updated>2026-01-01T00:00:00+00:00</updated></info>
  <citation><layout delimiter="; "><group delimiter=", "><names variable="contributor"/>
  <text variable="title" font-style="italic"/><date variable="issued" form="text"/>
  <text variable="locator"/></group></layout></citation></style>"""

ITEMS: list[dict[str, Any]] = [
    {
        "id": "A",
        "type": "book",
        "title": "A <i>B</i> & <C>",
        "contributor": [{"family": "Doe", "given": "J.", "isni": "1"}],
    },
    {
        "id": "a",
        "type": "book",
        "title": "lower",
        "issued": {"date-parts": [["1946", 11]], "raw": "1946-11"},
        "custom": {"x": [1]},
    },
    {"id": "b", "type": "book", "issued": {"date-parts": [[1946, 21]]}, "accessed": {"raw": "?"}},
    {"id": "c", "type": "book", "issued": {"date-parts": "x"}, "author": "nobody", "editor": [1]},
]


def notes(*cites: csl.CiteRequest, items: list[dict[str, Any]] = ITEMS, style: str = STYLE) -> list[str]:
    citations = [csl.Citation(number, (cite,)) for number, cite in enumerate(cites, 1)]
    return [
        text.plain()
        for text in csl.process(csl.compile_style(style), [from_json(item) for item in items], citations).notes
    ]


@pytest.mark.parametrize("table", ITEMS, ids=lambda table: table["id"])
def test_an_item_comes_back_from_json_as_it_went(table: dict[str, Any]) -> None:
    back = to_json(from_json(to_json(from_json(table))))
    assert back == to_json(from_json(table))
    assert back.keys() == table.keys()


def test_date_parts_may_be_strings() -> None:
    assert from_json(ITEMS[1]).get("issued") == Date(((1946, 11),), {"raw": "1946-11"})
    assert from_json(ITEMS[1]).get("nothing") is None


def test_a_contributor_no_longer_takes_the_document_down() -> None:
    assert notes(csl.CiteRequest("A")) == ["J. Doe, A B & <C>"]


def test_ids_that_differ_in_case_are_two_items() -> None:
    assert notes(csl.CiteRequest("A"), csl.CiteRequest("a"))[1] == "lower, November 1946"


def test_seasons_and_odd_dates_do_not_crash() -> None:
    assert notes(csl.CiteRequest("b"), csl.CiteRequest("c")) == ["Spring 1946", ""]


def test_an_item_that_is_not_there_shows_and_is_a_warning() -> None:
    citation = csl.Citation(1, (csl.CiteRequest("a"), csl.CiteRequest("zz")))
    style = csl.compile_style(STYLE)
    result = csl.process(style, [from_json(ITEMS[1])], [citation])
    assert result.notes[0].plain() == "lower, November 1946; [?zz]"
    assert result.warnings == ("no item 'zz'",)
    assert (
        csl.process(csl.compile_style(STYLE), [], [csl.Citation(1, (csl.CiteRequest("zz"),))]).notes[0].plain()
        == "[?zz]"
    )


def test_prefix_suffix_and_locator_are_printed() -> None:
    cite = csl.CiteRequest("a", "5", prefix="see ", suffix=", and more")
    assert notes(cite) == ["see lower, November 1946, 5, and more"]


def test_the_bibliography_lists_items_that_no_note_cites() -> None:
    style = csl.compile_style((ROOT / "styles/wilson-center.csl").read_text(encoding="utf-8"))
    result = csl.process(style, [from_json(item) for item in ITEMS[:2]], [])
    assert sorted(id_ for id_, _ in result.bibliography) == ["A", "a"]


@pytest.mark.parametrize(
    ("style", "message"),
    [
        ("", "not a citation style"),
        ("<style", "not a citation style"),
        ("<html/>", "not a citation style: no element of CSL"),
        ('<locale xmlns="http://purl.org/net/xbiblio/csl"/>', "not a citation style: it begins with <locale>"),
        ('<style xmlns="http://purl.org/net/xbiblio/csl"/>', "the style has no <citation>"),
        ('<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><style>&c;</style>', "not a citation style"),
    ],
)
def test_what_is_no_style_is_refused(style: str, message: str) -> None:
    with pytest.raises(StyleError, match=message):
        notes(csl.CiteRequest("A"), style=style)


def test_a_style_says_what_it_is() -> None:
    _, source = Library(ROOT).style("wilson-center")
    assert reference.about(source) == {
        "title": "Wilson Center Digital Archive",
        "id": "citekit:wilson-center",
        "class": "note",
        "language": "en-US",
        "bibliography": "yes",
    }


@pytest.mark.parametrize("name", ["wilson-center", "wilson-center-old"])
def test_our_styles_are_valid(name: str) -> None:
    assert not reference.validate(Library(ROOT).style(name)[1], name)


def test_an_invalid_style_has_its_line() -> None:
    broken = STYLE.replace('<text variable="locator"/>', '<text variable="locator" colour="red"/>')
    (issue, *_) = reference.validate(broken, "x.csl")
    assert (issue.code, issue.where.line) == ("S002", 5)
    assert [issue.code for issue in reference.validate("<x", "x.csl")] == ["S001"]


class Ring:
    """Something that only the search for garbage in cycles takes away."""

    def __init__(self) -> None:
        self.itself = self


def test_garbage_of_large_documents_is_found_in_the_end() -> None:
    rings = []
    for _ in range(9):
        with uncollected():
            kept = [[number] for number in range(120_000)]
            rings.append(weakref.ref(Ring()))
        del kept
    assert sum(ring() is not None for ring in rings) < 9
    assert gc.isenabled()


def test_what_is_kept_from_the_search_stays_so() -> None:
    gc.collect()
    gc.freeze()
    try:
        count = gc.get_freeze_count()
        with uncollected():
            kept = [[number] for number in range(120_000)]
        assert gc.get_freeze_count() >= count - 1_000  # things die
        del kept
    finally:
        gc.unfreeze()
