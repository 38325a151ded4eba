"""Small cases found by printing styles of our own, one for each rarely used option, beside citeproc-js 1.4.63."""

from __future__ import annotations

from typing import Any

import pytest

from citekit import csl
from citekit.csl import Citation, CiteRequest, Result
from tests.test_csl_differences import TITLE, style

NUMBERED = '<text variable="citation-number"/><text variable="title" prefix=" "/>'


def processed(source: str, items: list[dict[str, Any]], *clusters: str) -> Result:
    """A document that cites the items of each cluster, named by letters, together."""
    known = [csl.from_json({"type": "book"} | item) for item in items]
    citations = [Citation(0, tuple(CiteRequest(id_) for id_ in cluster)) for cluster in clusters]
    return csl.process(csl.compile_style(source), known, citations)


def listed(key: str) -> str:
    """A numbered bibliography, and a macro of its numbers."""
    return (
        f'<bibliography><sort><key {key}/></sort><layout><text variable="citation-number" suffix=". "/>{TITLE}'
        "</layout></bibliography>"
    )


@pytest.mark.parametrize("key", ['variable="citation-number"', 'macro="number"'])
def test_where_the_last_number_goes_first_entries_count_down(key: str) -> None:
    macros = '<macro name="number"><number variable="citation-number"/></macro>'
    source = style(NUMBERED, macros=macros, bibliography=listed(f'{key} sort="descending"'), around='delimiter="; "')
    done = processed(source, [{"id": one, "title": one.upper()} for one in "abc"], "b", "ac")
    assert [note.plain() for note in done.notes] == ["1 B", "2 A; 3 C"]
    assert [entry.plain() for _, entry in done.bibliography] == ["3. C", "2. A", "1. B"]
