"""The runner of the practical documents asks here: `--engine csl_practical_adapter:render`. Only translation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from citekit import csl
from citekit.csl import Citation, CiteRequest
from citekit.markup import write


def render(
    source: str, items: Sequence[Mapping[str, Any]], clusters: Sequence[Sequence[Mapping[str, Any]]], form: str
) -> tuple[list[str], list[tuple[str, str]]]:
    """The texts of the citations and the bibliography as (id, text)."""
    style = csl.compile_style(source)
    notes = enumerate(clusters, 1)
    citations = [
        Citation(number if style.in_note else 0, tuple(_cite(one) for one in cites)) for number, cites in notes
    ]
    done = csl.process(style, [csl.from_json(item) for item in items], citations)
    markup = "plain" if form == "text" else form
    return [write(note, markup) for note in done.notes], [
        (id_, write(entry, markup)) for id_, entry in done.bibliography
    ]


def _cite(one: Mapping[str, Any]) -> CiteRequest:
    return CiteRequest(str(one["id"]), str(one.get("locator") or ""), str(one.get("label") or "page"))
