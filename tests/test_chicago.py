"""The first document in the styles of Chicago 18, as citeproc-js prints it; its texts lie beside the project."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from citekit import csl
from citekit.csl.item import from_json
from citekit.library import Library
from tests.shared import ROOT, SHARED, shared_json

FIRST = "csl-suite/practical/first-document.json"


@cache
def style(name: str) -> csl.Style:
    return csl.compile_style(Library(ROOT).style(name)[1])


def first_document() -> list[Any]:
    if not (SHARED / FIRST).exists():
        return []
    expected = shared_json(FIRST)["expected"]
    return [
        pytest.param(name, part, text, id=f"{name}/{part}")
        for name, parts in expected.items()
        for part, text in parts.items()
    ]


def rendered(name: str, item: dict[str, Any], part: str, label: str, locator: str) -> str:
    note = 0 if "author-date" in name else 1
    filler = {"id": "filler", "type": "book", "title": "A Wholly Unrelated Book"}
    at = csl.CiteRequest(item["id"], locator, label)
    cites = (csl.CiteRequest(item["id"]), csl.CiteRequest("filler"), at, at)
    citations = [csl.Citation(number * note, (cite,)) for number, cite in enumerate(cites, 1)]
    result = csl.process(style(name), [from_json(item), from_json(filler)], citations)
    if part == "bibliography":
        return dict(result.bibliography)[item["id"]].plain()
    return result.notes[{"first": 0, "subsequent": 2, "ibid": 3}[part]].plain()


@pytest.mark.parametrize(("name", "part", "text"), first_document())
def test_the_first_document_in_chicago(name: str, part: str, text: str) -> None:
    assert rendered(name, shared_json(FIRST)["item"], part, "folio", "161") == text
