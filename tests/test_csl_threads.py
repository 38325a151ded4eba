"""Threads may share a style, also one that nobody has used yet."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from citekit import csl
from citekit.csl import Citation, CiteRequest
from citekit.library import Library
from tests.shared import ROOT

ITEMS = [
    csl.from_json({"id": type_, "type": type_, "title": "T", "author": [{"family": "Doe", "given": "Jane"}]})
    for type_ in ("book", "manuscript", "article-journal", "webpage", "report", "thesis", "map", "chapter")
]


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads that take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_eight_threads_share_a_fresh_style(hasty: None) -> None:
    source = Library(ROOT).style("chicago-notes-bibliography")[1]

    def first_note(style: csl.Style, item: csl.Item) -> str:
        return csl.process(style, [item], [Citation(1, (CiteRequest(item.id),))], bibliography=False).notes[0].plain()

    alone = [first_note(csl.compile_style(source), item) for item in ITEMS]
    for _ in range(10):
        style = csl.compile_style(source)
        with ThreadPoolExecutor(len(ITEMS)) as pool:
            assert list(pool.map(lambda item, style=style: first_note(style, item), ITEMS)) == alone
