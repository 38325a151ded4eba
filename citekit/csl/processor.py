"""A document: citations in their order in, notes and bibliography out.

`process` is the table of contents: number the items, find positions, tell alike cites apart, render, collapse, list.

Source: CSL 1.0.2, "Citation", "Bibliography", "Cite Collapsing", "Reference Grouping", "Note Distance", "Position".
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from citekit.csl import disambiguate, names, numbers, sort, text
from citekit.csl.collapse import Placed, collapsed
from citekit.csl.compile import PLAIN_NAMES, Cite, Layout, Style
from citekit.csl.disambiguate import NOTHING, Added, Ways, letters
from citekit.csl.item import Citation, CiteRequest, Item, Result, uncollected
from citekit.errors import StyleError
from citekit.markup import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from citekit.csl.names import Shown

NEAR = 5  # notes, where the style does not say


def process(style: Style, items: Sequence[Item], citations: Sequence[Citation], *, bibliography: bool = True) -> Result:
    """The texts of *citations*, in order, and the bibliography of all *items* where the style has one.

    A cite whose item is not given shows as `[?id]` and is a warning.
    """
    return Document(style, items).process(citations, bibliography=bibliography)


def forget() -> None:
    """Lets go of the texts, names and dates that are kept from one document for the next; only time is lost."""
    for kept in (names.one, names.split, names.initials, numbers.is_numeric, numbers.pages, sort.collation_key):
        kept.cache_clear()
    text.forget()


class Document:
    """The items of one document in one style."""

    def __init__(self, style: Style, items: Iterable[Item]) -> None:
        self.style = style
        self.items = {item.id: item for item in items}
        self.shapes = {id_: style.shape_of(item) for id_, item in self.items.items()}
        self.numbers: dict[str, int] = {}
        self.added: Mapping[str, Added] = {}

    def process(self, citations: Sequence[Citation], *, bibliography: bool = True) -> Result:
        """See `process`."""
        with uncollected():
            return self._process(citations, bibliography=bibliography)

    def _process(self, citations: Sequence[Citation], *, bibliography: bool) -> Result:
        try:
            order = self._order(citations)
            self.numbers = self._numbered(order)
            self.added = self._tell_apart(order)
            placed = [self._sorted(citation) for citation in citations]
            positions = self._positions(citations, placed)
            notes = tuple(self._citation(cites) for cites in positions)
            entries = self._bibliography(order) if bibliography and self.style.bibliography else ()
        except RecursionError as error:
            raise StyleError("the style is nested too deep") from error
        missing = dict.fromkeys(
            cite.id for citation in citations for cite in citation.cites if cite.id not in self.items
        )
        return Result(notes, entries, tuple(f"no item {id_!r}" for id_ in missing))

    # order and positions

    def _order(self, citations: Sequence[Citation]) -> list[str]:
        """The ids in the order of the bibliography: by its keys, else as cited; those never cited last."""
        cited = dict.fromkeys(cite.id for citation in citations for cite in citation.cites if cite.id in self.items)
        ids = [*cited, *(id_ for id_ in self.items if id_ not in cited)]
        self.numbers = {id_: number for number, id_ in enumerate(ids, 1)}
        layout = self.style.bibliography
        return self._sort(ids, layout) if layout and layout.sort else ids

    def _numbered(self, order: Sequence[str]) -> dict[str, int]:
        """The numbers of the entries; where the newest number goes first, the first entry has the highest.

        Source: the official suite's cases of sorting by citation number, and citeproc-js.
        """
        layout = self.style.bibliography
        down = layout is not None and any(key.numbered and key.descending for key in layout.sort)
        return {id_: number for number, id_ in enumerate(reversed(order) if down else order, 1)}

    def _sort(self, ids: Sequence[str], layout: Layout) -> list[str]:
        cites = {id_: self._new(id_, "bibliography", sorting=True) for id_ in ids}

        def fresh(id_: str) -> Cite:
            cite = cites[id_]
            cite.gone = frozenset()
            cite.shown = []
            return cite

        return sort.ordered(ids, fresh, layout.sort, self.style.lang)

    def _sorted(self, citation: Citation) -> list[CiteRequest]:
        cites = list(citation.cites)
        keys = self.style.citation.sort
        if not keys or len(cites) < 2:
            return cites
        # names told apart in the whole document are so in keys, as for citeproc-js
        whole = self.style.citation.option("givenname-disambiguation-rule", "by-cite") != "by-cite"
        known = [cite for cite in cites if cite.id in self.items]
        unknown = [cite for cite in cites if cite.id not in self.items]

        def cite_of(request: CiteRequest) -> Cite:
            added = replace(self.added.get(request.id, NOTHING), suffix=0) if whole else NOTHING
            return self._new(request.id, "citation", request, added, sorting=True)

        return [*sort.ordered(known, cite_of, keys, self.style.lang), *unknown]

    def _positions(self, citations: Sequence[Citation], placed: Sequence[Sequence[CiteRequest]]) -> list[list[Placed]]:
        """Each cite with its position: first, subsequent, ibid, ibid-with-locator, and whether it is near."""
        near = self.style.citation.option("near-note-distance")
        distance = int(near) if near.isdecimal() and len(near) < 10 else NEAR
        first: dict[str, int] = {}
        last: dict[str, int] = {}
        found: list[list[Placed]] = []
        previous: Citation | None = None
        before: list[CiteRequest] = []
        for citation, cites in zip(citations, placed, strict=True):
            done: list[Placed] = []
            for place, cite in enumerate(cites):
                if cite.id not in first:
                    one = Placed(cite, _FIRST)
                else:
                    model = _model(cites, place, before, previous, citation)
                    places = {"subsequent"} | (_ibid(model, cite) if model and model.id == cite.id else set())
                    is_near = bool(citation.note) and citation.note - last[cite.id] <= distance
                    first_note = first[cite.id] if first[cite.id] != citation.note else 0  # a preceding note only
                    one = Placed(cite, frozenset(places), near=is_near, first_note=first_note)
                if cite.position:
                    one = replace(one, places=_IMPLIED[cite.position], near=one.near or cite.near)
                done.append(one)
                first.setdefault(cite.id, citation.note)
                last[cite.id] = citation.note
            found.append(done)
            if cites:
                same_note = previous is not None and citation.note and citation.note == previous.note
                before = [*before, *cites] if same_note else list(cites)
                previous = citation
        return found

    # one cite

    def _new(
        self,
        id_: str,
        area: str,
        request: CiteRequest | None = None,
        added: Added = NOTHING,
        *,
        sorting: bool = False,
    ) -> Cite:
        cite = Cite(self.items[id_], area, self.shapes[id_], sorting=sorting)
        cite.number = self.numbers.get(id_, 0)
        cite.wanted = added.names
        cite.disambiguate = added.disambiguate
        cite.suffix = letters(added.suffix) if added.suffix else ""
        if request is not None:
            cite.locator = request.locator
            cite.label = "sub-verbo" if request.label == "sub verbo" else request.label
            cite.word = request.word
            if request.instead:
                cite.fields = {**cite.fields, **request.instead}
        return cite

    def _tell_apart(self, order: Sequence[str]) -> dict[str, Added]:
        citation = self.style.citation
        ways = Ways(
            names=citation.option("disambiguate-add-names") == "true",
            givens=citation.option("disambiguate-add-givenname") == "true",
            rule=citation.option("givenname-disambiguation-rule", "by-cite"),
            condition=self.style.tests_disambiguate,
            suffix=citation.option("disambiguate-add-year-suffix") == "true",
        )
        return disambiguate.tell_apart(order, self._look, ways) if ways.any() and len(order) > 1 else {}

    def _look(self, id_: str, added: Added) -> tuple[str, Sequence[Shown]]:
        """A cite of the item as a later note would have it, for comparing."""
        cite = self._new(id_, "citation", added=replace(added, suffix=0) if added.suffix else added)
        cite.places = _SUBSEQUENT
        cite.near = True
        cite.first_note = 1
        cite.looking = True
        return text.bare(self.style.citation.render(cite)), cite.shown

    def _render(self, placed: Placed, *, quiet: bool, suffix: bool, started: bool) -> tuple[str, Cite]:
        """The text of a cite in its place, and what was found out on the way."""
        added = self.added.get(placed.request.id, NOTHING)
        cite = self._new(placed.request.id, "citation", placed.request, added if suffix else replace(added, suffix=0))
        cite.places = placed.places
        cite.near = placed.near
        cite.first_note = placed.first_note
        cite.quiet_names = quiet
        cite.started = started
        return self.style.citation.render(cite), cite

    # a citation

    def _citation(self, cites: Sequence[Placed]) -> Text:
        layout = self.style.citation
        known = [cite for cite in cites if cite.request.id in self.items]
        inner = collapsed(known, self.style, self._render)
        if len(known) < len(cites):
            absent = [f"[?{cite.request.id}]" for cite in cites if cite.request.id not in self.items]
            inner = layout.delimiter.join(part for part in (inner, "; ".join(absent)) if part)
        if not inner:
            return Text()
        whole = f"{layout.before}{layout.prefix}{inner}{layout.suffix}{layout.after}"
        if {cite.request.mode for cite in cites} == {"author-only"}:
            whole = inner  # names in the writer's own sentence
        return text.finished(text.joined(whole, self.style.locale), self.style.locale)

    # the bibliography

    def _bibliography(self, order: Sequence[str]) -> tuple[tuple[str, Text], ...]:
        layout = self.style.bibliography
        assert layout is not None
        entries = []
        align = layout.option("second-field-align") in ("flush", "margin")
        before = None
        for id_ in order:
            added = self.added.get(id_, NOTHING)
            if added.names is not PLAIN_NAMES and not added.names.entry:
                added = replace(added, names=PLAIN_NAMES)
            cite = self._new(id_, "bibliography", added=added)
            cite.started = False
            cite.before = before
            parts = [one for part in layout.parts if (one := part(cite))] if align else [layout.render(cite)]
            before = cite.first_names
            if not any(parts):
                continue
            if align and len(parts) > 1:
                number, rest = f"{layout.prefix}{parts[0]}", f"{''.join(parts[1:])}{layout.suffix}"
                inner = f"{text.LEFT}{number}{text.END}{text.RIGHT}{rest}{text.END}"
                whole = f"{layout.before}{inner}{layout.after}"
            else:
                whole = f"{layout.before}{layout.prefix}{_with_suffix(''.join(parts), layout.suffix)}{layout.after}"
            entries.append((id_, text.finished(text.joined(whole, self.style.locale), self.style.locale)))
        return tuple(entries)


def _with_suffix(entry: str, suffix: str) -> str:
    """The layout's suffix behind the entry; inside the block that ends it, where it ends with one."""
    if entry.endswith(text.END) and any(mark in entry for mark in (text.BLOCK, text.LEFT, text.RIGHT, text.INDENT)):
        return f"{entry[:-1]}{suffix}{text.END}"
    return entry + suffix


_FIRST = frozenset(("first",))
_SUBSEQUENT = frozenset(("subsequent",))
_IMPLIED: Mapping[str, frozenset[str]] = {
    "first": _FIRST,
    "subsequent": _SUBSEQUENT,
    "ibid": frozenset(("subsequent", "ibid")),
    "ibid-with-locator": frozenset(("subsequent", "ibid", "ibid-with-locator")),
}


def _model(
    cites: Sequence[CiteRequest],
    place: int,
    before: Sequence[CiteRequest],
    previous: Citation | None,
    citation: Citation,
) -> CiteRequest | None:
    """The cite that "ibid." would point at: the one right before in this citation, alone in the one before in the same
    note, or alone in the note before."""
    if place:
        return cites[place - 1]
    if previous is None:
        return None
    same_note = citation.note and previous.note == citation.note
    if len(previous.cites if same_note else before) != 1:
        return None
    if citation.note and previous.note and citation.note - previous.note > 1:
        return None  # a note without citations stands between
    return before[-1]


def _ibid(model: CiteRequest, cite: CiteRequest) -> set[str]:
    if model.locator and not cite.locator:
        return set()
    if cite.locator and (cite.locator, cite.label) != (model.locator, model.label):
        return {"ibid", "ibid-with-locator"}
    return {"ibid"}
