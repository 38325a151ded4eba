"""A style evaluated in part, for each shape of item: what depends only on which fields an item has is decided once.

Conditions, group suppression and macros look at the type of an item, at which variables it has and whether they are
numbers, at what a date knows, and at where the cite stands: its *shape*. The first rendering of a shape is traced: what
printed something is written down as a program, fixed words and the elements that made the others. Every later item of
the shape runs the program. An element that prints nothing where it printed before belongs to another shape: then the
style itself is asked again.

Both ways give the same text: `tests/test_csl_shapes.py`.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from citekit.csl import dates, numbers
from citekit.csl.compile import Cite, Program, Render, Style, Wrap, nothing, plain
from citekit.csl.item import DATE_VARIABLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from citekit.csl.item import Item
    from citekit.csl.xml import Node

MOST = 5_000  # programs in memory at a time; 10,000 records of a library have some hundred shapes


class ShapedStyle(Style):
    """A style whose layouts and sort keys run programs."""

    def __init__(self, source: str, lang: str) -> None:
        self._shapes: dict[object, int] = {}
        self._numbers = count(1)
        self._whole = False  # inside an element that is run as a whole
        super().__init__(source, lang)

    def shape_of(self, item: Item) -> int:
        """The number of an item's shape."""
        return self._shapes.setdefault(shape(item), next(self._numbers))

    def _compile(self, node: Node, delimiter: str) -> Render:
        if node.tag in ("group", "choose", "names") or "macro" in node.attrs or self._whole:
            return super()._compile(node, delimiter)  # they are made of others
        self._whole = True
        try:
            render = super()._compile(node, delimiter)
        finally:
            self._whole = False
        fixed = node.tag == "text" and ("term" in node.attrs or "value" in node.attrs)

        variable = node.attrs.get("variable", "") if node.tag in ("text", "number") else ""
        asked = (variable, *_ALSO.get(variable, ()))

        def traced(cite: Cite) -> str:
            printed = render(cite)
            cite.program = (printed if fixed else render,)
            if not printed and any(cite.fields.get(one) for one in asked) and variable not in cite.gone:
                cite.unsure = True
            return printed

        return traced

    def _names_of(self, node: Node, model: Node) -> Render:
        """Names are run as a whole; where others stand for them, the others are."""
        render, wrap = super()._names_of(node, model), self._wrap(node)
        variables = node.attrs.get("variable", "").split()

        def traced(cite: Cite) -> str:
            cite.substituted = False
            printed = render(cite)
            if not printed and any(cite.fields.get(one) for one in variables if one not in cite.gone):
                cite.unsure = True
            if not cite.substituted:
                cite.program = (render,)
            elif wrap is not None:
                cite.program = (_Changed(wrap, cite.program),)
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
        if wrap is None or self._whole:
            return super()._wrapped(node, inner)

        def wrapped(cite: Cite) -> str:
            printed = inner(cite)
            if not printed:
                return ""
            if wrap.change is None:
                cite.program = (wrap.before, *cite.program, wrap.after)
            else:
                cite.program = (_Changed(wrap, cite.program),)
            return wrap(printed, cite)

        return wrapped

    def _entry(self, render: Render) -> Render:
        programs: dict[object, Render] = {}

        def entry(cite: Cite) -> str:
            key = cite.key()
            run = programs.get(key)
            if run is None:
                printed = render(cite)
                if len(programs) > MOST:
                    programs.clear()
                if not cite.unsure:  # else another item of the shape may print what this one did not
                    programs[key] = _runner(cite.program) if printed else nothing
                return printed
            if run is nothing:
                return ""
            if found := run(cite):
                return found
            cite.again()
            return render(cite)

        return entry


class _Changed:
    """A part of a program whose text is changed as a whole, its case say."""

    __slots__ = ("_program", "_run", "_wrap")

    def __init__(self, wrap: Wrap, program: Program) -> None:
        self._wrap, self._program = wrap, program
        self._run: Render | None = None

    def __call__(self, cite: Cite) -> str:
        if self._run is None:
            self._run = _runner(self._program)
        printed = self._run(cite)
        return self._wrap(printed, cite) if printed else ""


class _Standing:
    """A part of a program that stands for names: the variables in it are not printed again."""

    __slots__ = ("_gone", "_program", "_run")

    def __init__(self, program: Program, gone: frozenset[str]) -> None:
        self._program, self._gone = program, gone
        self._run: Render | None = None

    def __call__(self, cite: Cite) -> str:
        if self._run is None:
            self._run = _runner(self._program)
        printed = self._run(cite)
        cite.gone |= self._gone
        return printed


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

    def run(cite: Cite) -> str:
        printed = [element(cite) for element in elements]
        return template % (*printed,) if all(printed) else ""

    return run


def shape(item: Item) -> object:
    """What of an item decides which elements of a style print something."""
    fields = []
    for name, value in item.fields.items():
        kind = _kind(name, value)
        if kind is not None:
            fields.append((name, kind))
    return item.type, frozenset(fields)


def _kind(name: str, value: object) -> object:
    """What counts of a value, None where it is as good as missing."""
    if value is None or value == "":
        return None
    if name in DATE_VARIABLES:
        return _date_kind(value)
    if name == "language":
        return value[:2] if isinstance(value, str) else "?"
    numeric = name in numbers.NUMBER_VARIABLES and numbers.is_numeric(plain(value))
    return type(value).__name__, bool(value), numeric


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
    span = dates.read(value)
    points = tuple(bool(one.month) + 2 * bool(one.day) + 4 * bool(one.season) for one in (span.start, span.end) if one)
    return ("date", points, span.circa, bool(span.words), bool(span.season_name))


def compile_style(source: str, lang: str = "") -> Style:
    """The style in *source*, in the language *lang* (BCP 47) or in its own default. Raises StyleError with the line."""
    return ShapedStyle(source, lang)
