"""The runner of the official CSL suite asks here: `--engine csl_suite_adapter:run`. Only translation, no rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from citekit import csl
from citekit.csl import Citation, CiteRequest, Item
from citekit.markup import write

_POSITIONS: tuple[Literal["first", "subsequent", "ibid", "ibid-with-locator"], ...] = (
    "first",
    "subsequent",
    "ibid",
    "ibid-with-locator",
)


def run(fixture: Mapping[str, Any]) -> str:
    """A fixture of the suite formatted, in the fixture's own form."""
    items = [csl.from_json({"id": number} | item) for number, item in enumerate(fixture["input"])]
    style = csl.compile_style(fixture["csl"])
    citations, heads = _citations(fixture, items)
    if fixture["citations"]:  # a session: what is cited no longer is in the bibliography no longer
        cited = {cite.id for citation in citations for cite in citation.cites}
        items = [item for item in items if item.id in cited]
    done = csl.process(style, items, citations)
    if fixture["mode"] == "citation":
        return "\n".join(head + write(note, "html") for head, note in zip(heads, done.notes, strict=True))
    entries = "".join(f'  <div class="csl-entry">{write(entry, "html")}</div>\n' for _, entry in done.bibliography)
    return f'<div class="csl-bib-body">\n{entries}</div>'


def _citations(fixture: Mapping[str, Any], items: Sequence[Item]) -> tuple[list[Citation], list[str]]:
    if fixture["citations"]:
        from csl_suite import final_document

        document = final_document(fixture["citations"])
        citations = [
            Citation(int(one["properties"].get("noteIndex") or 0), _cites(one["citationItems"])) for one in document
        ]
        return citations, [f"..[{number}] " for number in range(len(citations))]
    clusters = fixture["citation_items"] or [[{"id": item.id} for item in items]]
    citations = [Citation(number, _cites(cluster)) for number, cluster in enumerate(clusters, 1)]
    return citations, [""] * len(citations)


def _cites(cluster: Sequence[Mapping[str, Any]]) -> tuple[CiteRequest, ...]:
    return tuple(_cite(one) for one in cluster)


def _cite(one: Mapping[str, Any]) -> CiteRequest:
    return CiteRequest(
        str(one["id"]),
        str(one.get("locator") or ""),
        str(one.get("label") or "page"),
        one.get("prefix") or "",
        one.get("suffix") or "",
        _POSITIONS[int(one["position"])] if "position" in one else "",
        bool(one.get("near-note")),
        "author-only" if one.get("author-only") else "suppress-author" if one.get("suppress-author") else "",
    )
