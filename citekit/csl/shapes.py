"""A style evaluated in part, for each shape of item: what depends only on which fields an item has is decided once.

Conditions, group suppression and macros look at the type of an item, at which variables it has and whether they are
numbers, at what a date knows, and at where the cite stands: its *shape*. The first rendering of a shape is traced: what
printed something is written down as a program, fixed words and the elements that made the others. Every later item of
the shape runs the program. An element that prints nothing where it printed before belongs to another shape: then the
style itself is asked again.

Both ways give the same text: `tests/test_csl_shapes.py`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from citekit.csl import dates, numbers, text
from citekit.csl.compile import Cite, Program, Render, Shape, Style, Wrap, nothing, plain
from citekit.csl.item import DATE_VARIABLES, Date

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from citekit.csl.item import Item
    from citekit.csl.xml import Node

MOST = 5_000  # programs in memory at a time; 10,000 records of a library have some hundred shapes


class ShapedStyle(Style):
    """A style whose layouts and sort keys run programs."""

    def __init__(self, source: str, lang: str) -> None:
        self._shapes: dict[object, Shape] = {}
        self._whole = False  # inside an element that is run as a whole
        self._sure: dict[Render, Render] = {}  # of an element, what prints the same where it is known to print
        super().__init__(source, lang)

    def shape_of(self, item: Item) -> Shape:
        """The shape of an item, the same for all items of that shape."""
        kinds = kinds_of(item)
        alike = item.type, frozenset(kinds.items())
        known = self._shapes.get(alike)
        if known is None:
            if len(self._shapes) > MOST:
                self._shapes.clear()
            known = self._shapes[alike] = Shape(self.is_english(item), item.type, kinds)
        return known

    def _compile(self, node: Node, delimiter: str) -> Render:
        if node.tag in ("group", "choose", "names") or "macro" in node.attrs or self._whole:
            return super()._compile(node, delimiter)  # they are made of others
        self._whole = True
        try:
            render = super()._compile(node, delimiter)
        finally:
            self._whole = False
        fixed = node.tag == "text" and ("term" in node.attrs or "value" in node.attrs)
        sure = self._sure.get(render, render)
        variable = node.attrs.get("variable", "") if node.tag in ("text", "number") else ""
        asked = (variable, *_ALSO.get(variable, ()))

        def traced(cite: Cite) -> str:
            printed = render(cite)
            cite.program = (printed if fixed else sure,)
            if (
                not printed
                and variable not in cite.gone
                and (any(cite.fields.get(one) for one in asked) or (cite.locator and variable == "locator"))
            ):
                cite.unsure = True
            return printed

        return traced

    def _field(self, name: str, candidates: Sequence[str], typeset: Callable[[str], str] = text.field) -> Render:
        """In a program nobody counts variables or asks whether one was printed before."""
        render = super()._field(name, candidates, typeset)

        def sure(cite: Cite) -> str:
            for key in candidates:
                value = cite.fields.get(key)
                if value is not None and value != "":
                    return typeset(value) if isinstance(value, str) else render(cite)
            return ""

        self._sure[render] = sure
        return render

    def _names_of(self, node: Node, model: Node) -> Render:
        """Names are run as a whole; where others stand for them, the others are."""
        render, wrap = super()._names_of(node, model), self._wrap(node)
        variables = node.attrs.get("variable", "").split()

        def traced(cite: Cite) -> str:
            cite.substituted = False
            started = cite.started
            printed = render(cite)
            if not printed and any(cite.fields.get(one) for one in variables if one not in cite.gone):
                cite.unsure = True
            if not cite.substituted:
                alone = self.names_alike[render](cite) if printed else None
                cite.several |= alone is None
                cite.program = (alone or (_inside(render) if started else render),)
            elif wrap is not None:
                cite.program = (_changed(cite.program, wrap),)
            cite.substituted = False
            return printed

        return traced

    def _substitute(self, node: Node | None, model: Node) -> Render | None:
        """What stands for names that an item lacks is a program too: the lists that it lacks need not be asked."""
        render = super()._substitute(node, model)
        if render is None or "subsequent-author-substitute" in self._listed:
            return render

        def traced(cite: Cite) -> str:
            before = cite.gone
            printed = render(cite)
            cite.program = (_Standing(cite.program, cite.gone - before),)
            cite.substituted = bool(printed)
            return printed

        return traced

    def _joined(self, parts: Sequence[Render], delimiter: str) -> Render:
        if self._whole:
            return super()._joined(parts, delimiter)

        def body(cite: Cite) -> str:
            printed: list[str] = []
            program: list[str | Render] = []
            for part in parts:
                if one := part(cite):
                    program += (delimiter, *cite.program) if printed else cite.program
                    printed.append(one)
            cite.program = program
            return delimiter.join(printed)

        return body

    def _wrapped(self, node: Node, inner: Render) -> Render:
        wrap = self._wrap(node)
        if wrap is None:
            return inner
        if self._whole:
            render = super()._wrapped(node, inner)
            if inner in self._sure:
                self._sure[render] = _around(self._sure[inner], wrap)
            return render

        def wrapped(cite: Cite) -> str:
            printed = inner(cite)
            if not printed:
                return ""
            if wrap.change is None:
                cite.program = (wrap.before, *cite.program, wrap.after)
            else:
                cite.program = (_changed(cite.program, wrap),)
            return wrap(printed, cite)

        return wrapped

    def _entry(self, render: Render) -> Render:
        programs: dict[object, Render] = {}  # by shape and place
        places: dict[object, _Known] = {}

        def traced(cite: Cite, key: tuple[object, ...]) -> str:
            """What a program says that is known for a cite alike, else the style; its program is kept."""
            known = places.setdefault(key[2:], _Known())
            if run := known.find(cite):
                programs[key] = run
                return entry(cite)
            if len(programs) > MOST:
                programs.clear()
                places.clear()
            fields = cite.fields
            cite.fields = asking = _Asking(fields)
            printed = render(cite)
            cite.fields = fields
            if not cite.unsure:  # else another item of the shape may print what this one did not
                program = cite.program if cite.several else [*map(_alone, cite.program)]
                programs[key] = run = _runner(program) if printed else nothing
                with self._compiling:  # threads may share a style
                    known.keep(cite, asking.asked, run)
            return printed

        def entry(cite: Cite) -> str:
            key = cite.key()
            run = programs.get(key)
            if run is None:
                return traced(cite, key)
            if run is nothing:
                return ""
            if printed := run(cite):
                return printed
            cite.again()
            return render(cite)

        return entry


def _around(inner: Render, wrap: Wrap) -> Render:
    before, after, change = wrap.before, wrap.after, wrap.change

    def bare(cite: Cite) -> str:
        printed = inner(cite)
        return f"{before}{printed}{after}" if printed else ""

    def changed(cite: Cite) -> str:
        printed = inner(cite)
        return f"{before}{change(printed, cite)}{after}" if change and printed else ""

    return changed if change else bare


class _Asking(dict[str, Any]):
    """The fields of an item, and which of them were asked for."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        super().__init__(fields)
        self.asked: set[str] = set()

    def get(self, key: str, default: Any = None, /) -> Any:
        self.asked.add(key)
        return super().get(key, default)


class _Known:
    """The programs of one place, for cites that are alike in what was ever asked for there."""

    def __init__(self) -> None:
        self.asked: list[str] = []  # fields
        self.tested = False  # and whether the cite is to be told from others
        self.programs: dict[object, tuple[Shape, bool, Render]] = {}

    def find(self, cite: Cite) -> Render | None:
        """The program of a cite that is alike."""
        found = self.programs.get(self._alike(cite.shape, cite.disambiguate))
        return found[2] if found else None

    def keep(self, cite: Cite, asked: AbstractSet[str], run: Render) -> None:
        """Keeps the program of a cite, for which the fields *asked* were asked for."""
        more = asked - {*self.asked}
        if more or cite.tested > self.tested:
            self.asked += sorted(more)
            self.tested |= cite.tested
            self.programs = {self._alike(*one[:2]): one for one in self.programs.values()}
        self.programs[self._alike(cite.shape, cite.disambiguate)] = cite.shape, cite.disambiguate, run

    def _alike(self, shape: Shape, disambiguate: bool) -> object:
        return shape.type, shape.english, self.tested and disambiguate, *map(shape.kinds.get, self.asked)


def _changed(program: Program, wrap: Wrap) -> Render:
    """A part of a program whose text is changed as a whole, its case say."""
    return _around(_later(program), wrap)


class _Standing:
    """A part of a program that stands for names: the variables in it are not printed again."""

    def __init__(self, program: Program, gone: frozenset[str]) -> None:
        self.run = _later(program)
        self._gone = gone

    def __call__(self, cite: Cite) -> str:
        printed = self.run(cite)
        cite.gone |= self._gone
        return printed


def _inside(names: Render) -> Render:
    """Names behind other words: a term that stands for them does not begin the entry, though they do not say so."""

    def run(cite: Cite) -> str:
        cite.started = True
        return names(cite)

    return run


def _alone(part: str | Render) -> str | Render:
    """A part of a program in which nothing asks for what was printed before: only several lists of names do."""
    return part.run if isinstance(part, _Standing) else part


def _later(program: Program) -> Render:
    """The program as a function, made when it is first called: many are part of a program that never runs."""
    if len(program) == 1 and not isinstance(program[0], str):
        return program[0]
    made: list[Render] = []

    def run(cite: Cite) -> str:
        if not made:
            made.append(_runner(program))
        return made[0](cite)

    return run


def _runner(program: Program) -> Render:
    """The program as one function; it gives "" where any of its elements does."""
    merged: list[str | Render] = []
    for one in program:
        if isinstance(one, str) and merged and isinstance(last := merged[-1], str):
            merged[-1] = last + one
        elif one != "":
            merged.append(one)
    template = "".join(one.replace("%", "%%") if isinstance(one, str) else "%s" for one in merged)
    elements = [one for one in merged if not isinstance(one, str)]
    if not elements:
        words = template.replace("%%", "%")
        return lambda _: words
    if merged == elements[:1]:
        return elements[0]

    def run(cite: Cite) -> str:
        printed = [element(cite) for element in elements]
        return template % (*printed,) if all(printed) else ""

    return run


def kinds_of(item: Item) -> dict[str, object]:
    """What of each field of an item decides which elements of a style print something."""
    kinds: dict[str, object] = {}
    for name, value in item.fields.items():
        kind = _TEXT if isinstance(value, str) and value and name not in _TOLD_APART else _kind(name, value)
        if kind is not None:
            kinds[name] = kind
    return kinds


def _kind(name: str, value: object) -> object:
    """What counts of a value, None where it is as good as missing."""
    if value is None or value == "":
        return None
    if name in DATE_VARIABLES:
        return _date_kind(value)
    if name == "language":
        return value[:2] if isinstance(value, str) else "?"
    if name in numbers.NUMBER_VARIABLES and numbers.is_numeric(plain(value)):
        return _NUMERIC, type(value).__name__
    return _TEXT if isinstance(value, str) else (type(value).__name__, bool(value))


_TEXT, _NUMERIC = "text", "numeric"
_TOLD_APART = {*DATE_VARIABLES, *numbers.NUMBER_VARIABLES, "language"}


# What an element prints may come from other variables
_ALSO = {
    "title": ("title-short", "shortTitle"),
    "container-title": ("container-title-short", "journalAbbreviation"),
    "title-short": ("shortTitle",),
    "container-title-short": ("journalAbbreviation",),
    "page-first": ("page",),
    "citation-label": ("author", "editor", "translator", "issued", "title"),
}


def _date_kind(value: object) -> object:
    return _points_kind(value.parts) if isinstance(value, Date) and not value.more else _span_kind(dates.read(value))


@lru_cache(16_384)
def _points_kind(parts: tuple[tuple[int, ...], ...]) -> object:
    return _span_kind(dates.read(Date(parts)))


def _span_kind(span: dates.Span) -> object:
    points = tuple(bool(one.month) + 2 * bool(one.day) + 4 * bool(one.season) for one in (span.start, span.end) if one)
    return ("date", points, span.circa, bool(span.words), bool(span.season_name))


def compile_style(source: str, lang: str = "") -> Style:
    """The style in *source*, in the language *lang* (BCP 47) or in its own default. Raises StyleError with the line."""
    return ShapedStyle(source, lang)
