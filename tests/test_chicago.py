"""Chicago 18 as our processor prints it, against citeproc-js, whose texts are in `../shared`.

What differs, and who is right, is in docs/csl.md.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from citekit import csl
from citekit.csl.item import from_json
from citekit.library import Library
from tests.shared import ROOT, SHARED, shared_json

FIRST = "csl-suite/practical/first-document.json"
STYLES = ("chicago-notes-bibliography", "chicago-shortened-notes-bibliography", "chicago-author-date")


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


def practical() -> list[Any]:
    folder = SHARED / "csl-suite/practical"
    if not folder.exists():
        return []
    expected = shared_json("csl-suite/practical/expected-citeproc-js.json")["styles"]
    dev = [item["id"] for item in shared_json("csl-suite/practical/items.json") if item["custom"]["split"] == "dev"]
    return [
        pytest.param(name, id_, part, text, id=f"{name}/{id_}/{part}")
        for name in STYLES
        for id_ in dev
        for part, text in expected[name]["items"][id_].items()
        if text is not None
    ]


@pytest.mark.parametrize(("name", "id_", "part", "text"), practical())
def test_practical_documents_in_chicago(name: str, id_: str, part: str, text: str) -> None:
    item = next(item for item in shared_json("csl-suite/practical/items.json") if item["id"] == id_)
    bare = {key: value for key, value in item.items() if key != "custom"}
    at = shared_json("csl-suite/practical/citations.json")["documents"][id_][2][0]
    assert rendered(name, bare, part, at["label"], at["locator"]) == text
