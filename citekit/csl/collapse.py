"""The cites of one citation brought together: grouped by author, repeated names and years left out, numbers as ranges.

A cite is rendered by whom calls `collapsed`; here is decided which of them without its names or its year suffix.

Source: CSL 1.0.2, "Cite Grouping", "Cite Collapsing"; where it names no default delimiter, and for styles in notes,
citeproc-js takes the layout's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from citekit.csl import text
from citekit.csl.disambiguate import letters
from citekit.csl.numbers import EN_DASH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from citekit.csl.compile import Cite, Layout, Style
    from citekit.csl.item import CiteRequest

_MARKS = frozenset(",;.")
_YEARS = ("year", "year-suffix", "year-suffix-ranged")


@dataclass(slots=True, eq=False, repr=False)
class Placed:
    """A cite with what its place in the document says."""

    request: CiteRequest
    places: frozenset[str] = frozenset()
    near: bool = False
    first_note: int = 0


class Render(Protocol):
    """Renders a cite: *quiet* without its first names, without its year *suffix*, *started* inside a sentence."""

    def __call__(self, placed: Placed, *, quiet: bool, suffix: bool, started: bool) -> tuple[str, Cite]: ...


@dataclass(slots=True, eq=False, repr=False)
class _Done:
    """A rendered cite: its text, the names it begins with, its year suffix and its number."""

    placed: Placed
    text: str
    names: str
    suffix: str
    number: int


def collapsed(cites: Sequence[Placed], style: Style, render: Render) -> str:
    """The texts of *cites* with what stands between them."""
    if len(cites) == 1 and not ((request := cites[0].request).prefix or request.suffix or request.mode):
        return render(cites[0], quiet=False, suffix=True, started=not style.in_note)[0]
    return _Work(style, render).run(cites)


class _Work:
    def __init__(self, style: Style, render: Render) -> None:
        self.style = style
        self.layout: Layout = style.citation
        self.render = render
        self.how = self.layout.option("collapse")

    def run(self, cites: Sequence[Placed]) -> str:
        done = [self.done(placed, first=not number) for number, placed in enumerate(cites)]
        done = [one for one in done if one.text]
        if self.how == "citation-number":
            return self.by_number(done)
        if self.how in _YEARS or "cite-group-delimiter" in self.layout.options:
            return self.by_names(done)
        return _joined(done, self.layout.delimiter)

    def delimiter(self, name: str, default: str) -> str:
        """A delimiter that the style may set."""
        options = self.layout.options
        return text.affix(options[name]) if name in options else default

    def done(self, placed: Placed, *, first: bool = False, quiet: bool = False, suffix: bool = True) -> _Done:
        prefix = text.bare(text.field(placed.request.prefix)) if placed.request.prefix else ""
        inside = not _is_sentence(prefix) if prefix else not first
        mode = placed.request.mode
        body, cite = self.render(
            placed,
            quiet=quiet or mode == "suppress-author",
            suffix=suffix,
            started=inside or not self.style.in_note,
        )
        names = cite.shown[0].text if cite.shown else ""
        if mode == "suppress-author" and self.how and not quiet:  # it belongs to their group all the same
            shown = self.render(placed, quiet=False, suffix=suffix, started=True)[1].shown
            names = shown[0].text if shown else ""
        body = names or body if mode == "author-only" else body
        return _Done(
            placed, _with_affixes(placed.request, body, nested=self.style.in_note), names, cite.suffix, cite.number
        )

    # numbers

    def by_number(self, done: list[_Done]) -> str:
        """Three and more numbers in a row become a range."""
        after = self.delimiter("after-collapse-delimiter", self.layout.delimiter)
        runs: list[list[_Done]] = []
        for one in done:
            last = runs[-1][-1] if runs else None
            follows = last and one.number == last.number + 1 and not one.placed.request.prefix
            if last and follows and self.bare(one) and self.bare(last):
                runs[-1].append(one)
            else:
                runs.append([one])
        out = ""
        for place, run in enumerate(runs):
            if place:
                out += after if len(runs[place - 1]) > 2 else self.layout.delimiter
            texts = [one.text for one in run]
            out += f"{texts[0]}{EN_DASH}{texts[-1]}" if len(run) > 2 else self.layout.delimiter.join(texts)
        return out

    def bare(self, one: _Done) -> bool:
        """Whether the cite ends with its number: nothing follows, or only a locator that the style leaves out."""
        request = one.placed.request
        if request.suffix:
            return False
        return (
            not request.locator or self.done(replace(one.placed, request=replace(request, locator=""))).text == one.text
        )

    # names and years

    def by_names(self, done: list[_Done]) -> str:
        after = self.delimiter("after-collapse-delimiter", self.layout.delimiter)
        default = self.layout.delimiter if self.style.in_note or not self.how else ", "
        within = self.delimiter("cite-group-delimiter", default)
        out = ""
        before: list[_Done] = []
        for group in self.groups(done):
            if before:
                out += after if self.how and (len(before) > 1 or self.how != "year-suffix") else self.layout.delimiter
            # "Wong 1999, 328; 2000, 475": Chicago Manual of Style, 18th edition, 13.124
            located = (
                any(one.placed.request.locator for one in group) and "after-collapse-delimiter" in self.layout.options
            )
            out += self.group(group, after if located else within) if len(group) > 1 else group[0].text
            before = group
        return out

    def groups(self, done: list[_Done]) -> list[list[_Done]]:
        """Cites of the same names: those that stand together, or in a style that sorts its cites anywhere."""
        groups: list[list[_Done]] = []
        for one in done:
            alone = not one.names and not self.how.startswith("year-suffix")
            home = next((group for group in reversed(groups) if group[0].names == one.names), None)
            if alone or home is None or not (self.layout.sort or home is groups[-1]):
                groups.append([one])
            else:
                home.append(one)
        return groups

    def group(self, group: list[_Done], within: str) -> str:
        """Cites of the same authors: names once, and with the year suffix the year once too."""
        if not self.how:
            return within.join(one.text for one in group)
        texts = [group[0].text, *(self.done(one.placed, quiet=True).text for one in group[1:])]
        if self.how != "year":
            texts = self.years(group, texts)
        return within.join(one for one in texts if one)

    def years(self, group: list[_Done], texts: list[str]) -> list[str]:
        """Cites of the same year in one, with the letters of the others behind the first."""
        within = self.delimiter("cite-group-delimiter", self.layout.delimiter)
        between = self.delimiter("year-suffix-delimiter", within)
        plain = [self.done(one.placed, quiet=True, suffix=False).text for one in group]
        runs: list[list[int]] = []
        for place, one in enumerate(group):
            last = runs[-1][-1] if runs else None
            request = one.placed.request
            free = texts[place] != plain[place] and not request.locator and not request.prefix
            if last is not None and free and plain[last] == plain[place] and not group[last].placed.request.suffix:
                runs[-1].append(place)
            else:
                runs.append([place])
        return [self.lettered([group[place] for place in run], texts[run[0]], between) for run in runs]

    def lettered(self, run: list[_Done], first: str, between: str) -> str:
        """ "2000a", then the letters of the others; where the style asks, three and more in a row as a range."""
        pieces = [first]
        place = 0
        while place < len(run):
            end = place
            while self.how.endswith("ranged") and end + 1 < len(run) and _follows(run[end].suffix, run[end + 1].suffix):
                end += 1
            ranged = end - place > 1
            if place:
                pieces.append(run[place].suffix)
            if ranged:
                pieces[-1] += EN_DASH + run[end].suffix
            pieces[-1] += run[end if ranged else place].placed.request.suffix if place or ranged else ""
            place = (end if ranged else place) + 1
        return between.join(pieces)


def _is_sentence(prefix: str) -> bool:
    """Whether a prefix has more than one word, and a full stop."""
    words = prefix.rstrip().rstrip("\"'”’)")
    return words.endswith((".", "!", "?")) and any(map(str.isspace, words))


def _joined(done: Sequence[_Done], delimiter: str) -> str:
    """The cites with *delimiter* between; where the writer's own affix brings a mark, that is the delimiter."""
    out = ""
    for number, one in enumerate(done):
        if number:
            before = done[number - 1].placed.request.suffix.rstrip()[-1:]
            if before in _MARKS:
                out += " " if delimiter else ""
            elif one.placed.request.prefix.lstrip()[:1] not in _MARKS:
                out += delimiter
        out += one.text
    return out


def _with_affixes(request: CiteRequest, body: str, *, nested: bool) -> str:
    """The cite between the writer's own words, a space between words; *nested* brackets are square ones."""
    if not body or not (request.prefix or request.suffix):
        return body
    prefix, suffix = text.words(text.plain(request.prefix)), text.words(text.plain(request.suffix))
    last, first = text.bare(prefix)[-1:], text.bare(suffix)[:1]
    before = " " if last and (last.isalnum() or last in ",;:.!?)]") else ""
    after = " " if first and (first.isalnum() or first in "([") else ""
    if nested and prefix.count("(") + suffix.count("(") == prefix.count(")") + suffix.count(")"):
        prefix, suffix = (one.replace("(", text.PAREN).replace(")", text.UNPAREN) for one in (prefix, suffix))
    return f"{prefix}{before}{body}{after}{suffix}"


def _follows(one: str, other: str) -> bool:
    return any(letters(number) == one and letters(number + 1) == other for number in range(1, 703))
