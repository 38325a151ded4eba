"""A style becomes functions: every CSL element one callable that takes a `Cite` and gives its text.

A macro is compiled once, when it is first called, and shared; nothing is expanded in place. Text comes back as a string
with the marks of `citekit.csl.text`; "" means that the element printed nothing.

Group suppression counts: `Cite.called` are the variables asked for, `Cite.full` those that printed something.

Source: CSL 1.0.2, <https://docs.citationstyles.org/en/stable/specification.html>; the names of elements and attributes
are its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeAlias

from citekit.csl import dates, locale, names, numbers, text, xml
from citekit.csl.item import DATE_VARIABLES, NAME_VARIABLES, Item, Name
from citekit.csl.names import Look, Shown
from citekit.errors import StyleError, Where, did_you_mean
from citekit.patterns import pattern

if TYPE_CHECKING:
    from citekit.csl.locale import Locale
    from citekit.csl.xml import Node

Render: TypeAlias = "Callable[[Cite], str]"
FirstNames: TypeAlias = "tuple[list[list[str]], list[str]]"  # the first names of an entry, one by one and whole
Program: TypeAlias = "Sequence[str | Render]"  # what a rendering consisted of: fixed words and what made the others
Test: TypeAlias = "Callable[[Cite], bool]"


@dataclass(slots=True, eq=False, repr=False)
class Names:
    """What disambiguation adds to the lists of names of a cite: for each list, in the order they are printed, how many
    names are shown at least, and by place how much of each given name. An *entry* may print other lists: what it adds
    to which is found when it is asked for."""

    more: Mapping[int, int] = field(default_factory=dict)
    levels: Mapping[tuple[int, int], int] = field(default_factory=dict)
    entry: Callable[[], tuple[Sequence[Sequence[Name]], Names]] | None = None


PLAIN_NAMES = Names()


MOST_CALLS = 100_000  # of macros for one cite; the largest official style makes some hundred


@dataclass(slots=True, eq=False, repr=False)
class Shape:
    """What items have in common of which the same elements print something: whether their titles are English, their
    type, and what counts of each variable that they have."""

    english: bool
    type: str = ""
    kinds: Mapping[str, object] = field(default_factory=dict)


class Cite:
    """One rendering of one item: what it holds, where it stands, and what has been printed so far."""

    # what is not set is as here; an instance holds only what is other
    called = 0
    full = 0
    gone: frozenset[str] = frozenset()
    used: list[str] | None = None
    locator = ""
    label = ""
    word = ""
    places: frozenset[str] = frozenset()
    near = False
    first_note = 0
    number = 0
    suffix = ""
    suffixed = False
    disambiguate = False
    tested = False  # a condition asked for `disambiguate`
    started = True
    wanted = PLAIN_NAMES
    look: Look | None = None
    quiet_names = False
    looking = False
    before: FirstNames | None = None
    first_names: FirstNames | None = None
    program: Program = ()
    substituted = False
    several = False  # lists of names were printed by one element
    calls = 0
    unsure = False  # something printed nothing though there was something to print

    def __init__(self, item: Item, area: str, shape: Shape, *, sorting: bool = False) -> None:
        self.fields = item.fields
        self.type = item.type
        self.area = area
        self.sorting = sorting
        self.shape = shape
        self.english = shape.english
        self.shown: list[Shown] = []

    def key(self) -> tuple[object, ...]:
        """What of the cite decides which elements print something, its shape and what some never ask for first."""
        return (
            self.shape, self.disambiguate, self.area, self.places, self.near,
            self.locator and (self.label, numbers.is_numeric(self.locator)),
            self.started, self.quiet_names, self.looking, not self.number, not self.first_note,
            not self.suffix,
        )  # fmt: skip

    def again(self) -> None:
        """Forgets what has been printed."""
        self.called = self.full = 0
        self.gone = frozenset()
        self.shown = []
        self.suffixed = False
        self.first_names = None


class Wrap:
    """What an element's attributes do to its text: what stands before and behind it, and what changes in it."""

    __slots__ = ("after", "before", "change")

    def __init__(self, before: str, after: str, change: Callable[[str, Cite], str] | None) -> None:
        self.before, self.after, self.change = before, after, change

    def __call__(self, inner: str, cite: Cite) -> str:
        return f"{self.before}{self.change(inner, cite) if self.change else inner}{self.after}"


def _changing(strip: bool, case: Callable[[str, Cite], str] | None) -> Callable[[str, Cite], str] | None:
    if not strip:
        return case
    if case is None:
        return lambda inner, _: inner.replace(".", "")
    return lambda inner, cite: case(inner.replace(".", ""), cite)


@dataclass(slots=True, eq=False, repr=False)
class SortKey:
    """One `cs:key`: what it gives for a cite, whether the order is turned round and whether by number."""

    value: Render
    descending: bool
    numbered: bool = False


@dataclass(slots=True, eq=False, repr=False)
class Layout:
    """`cs:citation` or `cs:bibliography`: the elements inside and what stands round them."""

    node: Node
    parts: tuple[Render, ...]
    render: Render
    prefix: str
    suffix: str
    delimiter: str
    before: str
    after: str
    sort: tuple[SortKey, ...]
    options: Mapping[str, str]

    def option(self, name: str, default: str = "") -> str:
        """An attribute of the element, inherited ones not among them."""
        return self.options.get(name, default)


class Style:
    """A compiled style in one language. Make it with `compile_style`."""

    def __init__(self, source: str, lang: str) -> None:
        self.root = root = _root(source)
        self.lang = lang or root.attrs.get("default-locale", "") or locale.FALLBACK
        self.locale = locale.locale(self.lang, root.all("locale"))
        self.in_note = root.attrs.get("class") == "note"
        self.options: Mapping[str, str] = root.attrs
        self._macros = {node.attrs.get("name", ""): node for node in root.all("macro")}
        self._compiled: dict[str, Render] = {}
        self._running: list[str] = []
        self._compiling = RLock()
        self.names_alike: dict[Render, Callable[[Cite], Render | None]] = {}  # by what prints names
        self._model: Node | None = None  # inside of cs:substitute, the names that others stand for
        self.page_format = root.attrs.get("page-range-format", "")
        self.page_delimiter = self.locale.term("page-range-delimiter") or numbers.EN_DASH
        bare = xml.without_comments(source)
        self.own_suffix = bool(_OWN_SUFFIX.search(bare))
        self.tests_disambiguate = bool(_TESTS_DISAMBIGUATE.search(bare))
        listed = root.find("bibliography")
        self._listed: Mapping[str, str] = listed.attrs if listed is not None else {}
        found = root.find("citation")
        if found is None:
            raise _wrong(root, "the style has no <citation>", _depends_on(root))
        self.citation = self._layout(found)
        self.bibliography = self._layout(listed) if listed is not None else None

    def _layout(self, node: Node) -> Layout:
        layout = node.find("layout")
        if layout is None:
            raise _wrong(node, f"<{node.tag}> has no <layout>")
        attrs = layout.attrs
        before, after = _faces(layout)
        sort = node.find("sort")
        parts = tuple(self._compile(child, "") for child in layout.children)
        return Layout(
            node,
            parts,
            self._entry(self._joined(parts, "")),
            *self._nesting(text.affix(attrs.get("prefix", "")), text.affix(attrs.get("suffix", ""))),
            text.affix(attrs.get("delimiter", "")),
            before,
            after,
            tuple(self._key(key) for key in sort.children) if sort is not None else (),
            node.attrs,
        )

    def compile_all(self) -> None:
        """Compiles every macro, used or not. Raises StyleError for the first that is wrong."""
        for name in self._macros:
            self._macro(name, self.root)
        ring = _ring({name: _macros_in(node) for name, node in self._macros.items()})
        if ring:
            raise _wrong(self._macros[ring[0]], f"the macro {ring[0]!r} calls itself: {' > '.join(ring)}")

    def shape_of(self, item: Item) -> Shape:
        """The shape of an item; its kinds are left out where nobody asks for them."""
        return Shape(self.is_english(item))

    def is_english(self, item: Item) -> bool:
        """Whether the item's title is English, as far as style and item say."""
        language = item.fields.get("language")
        return language[:2].lower() == "en" if isinstance(language, str) and language else self.locale.english

    # elements

    def _compile(self, node: Node, delimiter: str) -> Render:
        maker = _ELEMENTS.get(node.tag)
        if maker is None:
            raise _wrong(node, f"<{node.tag}> cannot stand here", did_you_mean(node.tag, _ELEMENTS))
        return maker(self, node, delimiter)

    def _body(self, node: Node, delimiter: str) -> Render:
        """The children of *node*, what they print joined by *delimiter*."""
        parts = tuple(self._compile(child, delimiter) for child in node.children)
        return parts[0] if len(parts) == 1 else self._joined(parts, delimiter)

    def _joined(self, parts: Sequence[Render], delimiter: str) -> Render:
        def body(cite: Cite) -> str:
            return delimiter.join([one for part in parts if (one := part(cite))])

        return body

    def _entry(self, render: Render) -> Render:
        """A place where rendering begins: a layout or a sort key. Here one may do better than *render*."""
        return render

    def _macro(self, name: str, caller: Node) -> Render:
        if name in self._compiled:
            return self._compiled[name]
        node = self._macros.get(name)
        if node is None:
            raise _wrong(caller, f"there is no macro {name!r}", did_you_mean(name, self._macros))
        if name in self._running:
            raise _wrong(node, f"the macro {name!r} calls itself: {' > '.join([*self._running, name])}")
        self._running.append(name)
        model, self._model = self._model, None
        try:
            self._compiled[name] = self._body(xml.load(node), "")
        finally:
            self._running.pop()
            self._model = model
        return self._compiled[name]

    def _key(self, node: Node) -> SortKey:
        if node.tag != "key":
            raise _wrong(node, f"<{node.tag}> cannot stand in <sort>", "<key variable=…/> or <key macro=…/>")
        descending = _one_of(node, "sort", ("ascending", "descending"), "ascending") == "descending"
        if "macro" in node.attrs:
            body = self._entry(self._macro(node.attrs["macro"], node))
            limits = _key_limits(node)

            def by_macro(cite: Cite) -> str:
                cite.look = limits
                return text.bare(body(cite))

            return SortKey(by_macro, descending, self._numbers(node.attrs["macro"]))
        variable = node.attrs.get("variable", "")
        return SortKey(self._variable_key(variable, _key_limits(node)), descending, variable == "citation-number")

    def _numbers(self, name: str) -> bool:
        """Whether a macro itself prints the citation number."""
        queue = [self._macros[name]]
        while queue:
            one = queue.pop()
            if one.attrs.get("variable") == "citation-number" and one.tag in ("text", "number"):
                return True
            queue += one.children
        return False

    def _variable_key(self, variable: str, limits: Look) -> Render:
        if variable in NAME_VARIABLES:
            plain = Look(demote=self.options.get("demote-non-dropping-particle", "display-and-sort"))
            look = _limited(names.for_sorting(plain), limits)

            def people(cite: Cite) -> str:
                value = cite.fields.get(variable)
                return text.bare(names.render(value, look).text) if isinstance(value, tuple) and value else ""

            return people
        if variable in DATE_VARIABLES:
            return lambda cite: dates.sort_key(dates.read(cite.fields.get(variable)))
        if variable == "citation-number":
            return lambda cite: f"{cite.number:09d}"
        if variable in numbers.NUMBER_VARIABLES:
            return lambda cite: _number_key(str(cite.fields.get(variable, "")))
        return lambda cite: text.bare(text.field(str(cite.fields.get(variable, ""))))

    def looks(self, own: Mapping[str, str], node: Node | None) -> Callable[[str], Look]:
        """How names are printed in each area: attributes of `cs:name`, then what the area and the style pass on."""
        known: dict[str, Look] = {}

        def look(area: str) -> Look:
            if area not in known:
                known[area] = self._look(own, node, area)
            return known[area]

        return look

    def _look(self, own: Mapping[str, str], node: Node | None, area: str) -> Look:
        layout = self.bibliography if area == "bibliography" else self.citation
        inherited = [layout.node.attrs if layout else {}, self.root.attrs]

        def value(name: str, passed_on: str = "") -> str | None:
            if name in own:
                return own[name]
            return next((attrs[passed_on or name] for attrs in inherited if (passed_on or name) in attrs), None)

        def number(name: str) -> int:
            said = (value(name) or "").strip()  # the schema's integers may have spaces round them
            if said and not (said.isdecimal() and len(said) < 10):
                shown = said if len(said) < 20 else said[:20] + "…"
                raise _wrong(node or self.root, f"{name}={shown!r} is no number")
            return int(said) if said else 0

        conjunction = value("and")
        joint = {"text": self.locale.term("and"), "symbol": self.locale.ampersand}.get(conjunction or "", "")
        hyphen = self.options.get("initialize-with-hyphen") != "false"
        found = Look(
            conjunction=names.conjoined(joint),
            delimiter=text.affix(delimiter)
            if (delimiter := value("delimiter", "name-delimiter")) is not None
            else ", ",
            precedes_et_al=value("delimiter-precedes-et-al") or "contextual",
            precedes_last=value("delimiter-precedes-last") or "contextual",
            et_al_min=number("et-al-min"),
            et_al_use_first=number("et-al-use-first") or 1,
            et_al_subsequent_min=number("et-al-subsequent-min"),
            et_al_subsequent_use_first=number("et-al-subsequent-use-first"),
            et_al_use_last=value("et-al-use-last") == "true",
            form=value("form", "name-form") or "long",
            initialize=value("initialize") != "false",
            initialize_with=value("initialize-with"),
            hyphen=hyphen,
            sort_order=value("name-as-sort-order") or "",
            separator=text.affix(", " if (said := value("sort-separator")) is None else said),
            demote=self.options.get("demote-non-dropping-particle", "display-and-sort"),
            et_al=self.locale.term("et-al"),
        )
        if node is None:
            return found
        parts = {part.attrs.get("name", ""): part for part in node.all("name-part")}
        family, given = parts.get("family"), parts.get("given")
        return replace(
            found,
            wrap_family=self._inside(_without_affixes(family)) if family else None,
            wrap_given=self._inside(_without_affixes(given)) if given else None,
            around_family=_affixes(family),
            around_given=_affixes(given),
            wrap_name=self._inside(node),
        )

    def _inside(self, node: Node) -> Callable[[str], str] | None:
        """The faces, case and affixes of an element, for a text that does not depend on the cite."""
        wrap = self._wrap(node)
        if wrap is None:
            return None
        cite = Cite(Item("", ""), "", Shape(self.locale.english))
        return lambda inner: wrap(inner, cite)

    def _wrap(self, node: Node) -> Wrap | None:
        """What the attributes of an element do to its text: periods, case, quotation marks, faces, affixes, place."""
        attrs = node.attrs
        before, after = _faces(node)
        if _flag(node, "quotes"):
            before, after = before + text.QUOTE, text.UNQUOTE + after
        prefix, suffix = text.affix(attrs.get("prefix", "")), text.affix(attrs.get("suffix", ""))
        if node.tag in ("group", "date", "number") or "macro" in attrs:
            prefix, suffix = self._nesting(prefix, suffix)
        before, after = prefix + before, after + suffix
        if display := _one_of(node, "display", ("", *_DISPLAY), ""):
            before, after = _DISPLAY[display] + before, after + text.END
        strip, case = _flag(node, "strip-periods"), _case(node)
        if not (before or after or strip or case):
            return None
        return Wrap(before, after, _changing(strip, case))

    def _nesting(self, prefix: str, suffix: str) -> tuple[str, str]:
        """Brackets in brackets are for notes only; "(Doe (1999))" in the text is what the style says."""
        return text.nesting(prefix, suffix) if self.in_note else (prefix, suffix)

    def _wrapped(self, node: Node, inner: Render) -> Render:
        wrap = self._wrap(node)
        if wrap is None:
            return inner

        def wrapped(cite: Cite) -> str:
            printed = inner(cite)
            return wrap(printed, cite) if printed else ""

        return wrapped

    # cs:text

    def _text(self, node: Node, _: str) -> Render:
        attrs = node.attrs
        if "macro" in attrs:
            return self._wrapped(node, _grouped(self._called(attrs["macro"], node)))
        if "variable" in attrs:
            return self._wrapped(node, self._variable(attrs["variable"], attrs.get("form", "long")))
        if "term" in attrs:
            return self._wrapped(
                node, self._term(attrs["term"], attrs.get("form", "long"), plural=_flag(node, "plural"))
            )
        if "value" in attrs:
            words = text.affix(attrs["value"])

            def value(cite: Cite) -> str:
                cite.started = True
                return words

            return self._wrapped(node, value)
        raise _wrong(node, "<text> says nothing", 'one of variable="…", macro="…", term="…", value="…"')

    def _called(self, name: str, node: Node) -> Render:
        """A call of a macro; the macro is compiled at the first call. A missing one is found now."""
        if name not in self._macros:
            raise _wrong(node, f"there is no macro {name!r}", did_you_mean(name, self._macros))
        running = [*self._running]
        if name in running:
            raise _wrong(node, f"the macro {name!r} calls itself: {' > '.join([*running, name])}")
        body: list[Render] = []

        def called(cite: Cite) -> str:
            if not body:
                with self._compiling:  # threads may share a style
                    self._running = running
                    body.append(self._macro(name, node))
                    self._running = []
            cite.calls += 1
            if cite.calls > MOST_CALLS:
                raise _wrong(node, f"macros call each other more than {MOST_CALLS:,} times for one cite")
            return body[0](cite)

        return called

    def _term(self, name: str, form: str, *, plural: bool) -> Render:
        words = text.field(self.locale.term(name, form, plural=plural))
        capital = text.capitalize_first(words)

        def term(cite: Cite) -> str:
            if cite.started:
                return words
            cite.started = bool(words)
            return capital

        return term

    def _variable(self, name: str, form: str) -> Render:
        if special := _SPECIAL.get(name):
            return special(self)
        if name == "page":
            return self._page()
        if name == "number":
            ranged, docket = self._field(name, (name,), self._number_text), self._field(name, (name,))
            return lambda cite: (docket if _is_docket(name, cite) else ranged)(cite)
        candidates: tuple[str, ...] = (*_SHORT.get(name, ()), name) if form == "short" else (name,)
        if name.endswith("-short"):
            candidates = (name, *_SHORT.get(name.removesuffix("-short"), ()))
        if name in numbers.NUMBER_VARIABLES:
            return self._field(name, candidates, self._number_text)
        return self._field(name, candidates, text.plain if name in ("URL", "DOI") else text.field)

    def _field(self, name: str, candidates: Sequence[str], typeset: Callable[[str], str] = text.field) -> Render:
        """The first of the fields *candidates* that the item has; for the style they are one variable, *name*."""

        def one(cite: Cite) -> Any:
            return cite.fields.get(name)

        def first(cite: Cite) -> Any:
            for key in candidates:
                value = cite.fields.get(key)
                if value is not None and value != "":
                    return value
            return None

        find = one if len(candidates) == 1 else first

        def variable(cite: Cite) -> str:
            cite.called += 1
            value = find(cite)
            if value is None or value == "" or name in cite.gone:
                return ""
            if cite.used is not None:
                if name in cite.used:
                    return ""  # what stands for names is said once: container-title in Chicago's reference works
                cite.used.append(name)
            cite.full += 1
            cite.started = True
            return typeset(value if isinstance(value, str) else plain(value))

        return variable

    def _page(self) -> Render:
        def page(cite: Cite) -> str:
            cite.called += 1
            value = cite.fields.get("page")
            if value is None or value == "" or "page" in cite.gone:
                return ""
            cite.full += 1
            cite.started = True
            if cite.used is not None:
                cite.used.append("page")
            return self._pages(plain(value))

        return page

    def _pages(self, value: str, *, paged: bool = True) -> str:
        """Ranges in the style's form, where the numbers are pages; "&" as the locale has it."""
        found = text.field(value.strip())
        if "&" in found and numbers.is_numeric(found):
            found = re.sub(r"\s*&\s*", f" {self.locale.ampersand} ", found)
        if paged:
            return numbers.pages(found, self.page_format, self.page_delimiter)
        return numbers.unhyphened(found, self.page_delimiter)

    def _number_text(self, value: str) -> str:
        """A number as text: a hyphen between two numbers is the delimiter of ranges."""
        return text.field(numbers.dashed(value, self.page_delimiter))

    def _locator(self) -> Render:
        def locator(cite: Cite) -> str:
            cite.called += 1
            if not cite.locator or "locator" in cite.gone:
                return ""
            cite.full += 1
            cite.started = True
            return self._pages(cite.locator, paged=cite.label in ("page", ""))

        return locator

    def _value_of(self, get: Callable[[Cite], str]) -> Render:
        def value(cite: Cite) -> str:
            cite.called += 1
            found = get(cite)
            if found:
                cite.full += 1
                cite.started = True
            return found

        return value

    @staticmethod
    def _year_suffix(cite: Cite) -> str:
        """The letter; a group with nothing but it and terms is not empty where there is none."""
        if cite.suffix:
            cite.called += 1
            cite.full += 1
            cite.started = True
        return cite.suffix

    # cs:number, cs:label

    def _number(self, node: Node, _: str) -> Render:
        variable = _needed(node, "variable")
        form = _one_of(node, "form", ("numeric", "ordinal", "long-ordinal", "roman"), "numeric")
        gender = self.locale.gender(variable)

        def number(cite: Cite) -> str:
            cite.called += 1
            value = _number_of(cite, variable)
            if not value or variable in cite.gone:
                return ""
            cite.full += 1
            cite.started = True
            if cite.used is not None:
                cite.used.append(variable)
            if variable == "page" or (variable == "locator" and cite.label in ("page", "")):
                return self._pages(value)
            if _is_docket(variable, cite):
                return text.field(value)
            return text.field(numbers.formatted(value, form, self.locale, gender))

        return self._wrapped(node, number)

    def _label(self, node: Node, _: str) -> Render:
        variable = _needed(node, "variable")
        form = node.attrs.get("form", "long")
        plural = _one_of(node, "plural", ("contextual", "always", "never"), "contextual")

        def label(cite: Cite) -> str:
            value = _number_of(cite, variable)
            if not value or variable in cite.gone:
                return ""
            name = (cite.label or "page") if variable == "locator" else variable
            many = plural == "always" or (plural == "contextual" and _is_many(variable, value, cite))
            words = (cite.word if variable == "locator" else "") or self.locale.term(name, form, plural=many)
            return text.field(words)

        return self._wrapped(node, label)

    # cs:date

    def _date(self, node: Node, _: str) -> Render:
        variable = _needed(node, "variable")
        form = _one_of(node, "form", ("", "text", "numeric"), "")
        delimiter = text.affix(node.attrs.get("delimiter", ""))
        local = self.locale.date(form) if form else None
        own = {part.attrs.get("name", ""): part for part in node.all("date-part")}
        if local is not None:
            delimiter = text.affix(local.attrs.get("delimiter", "")) or delimiter
            wanted = _one_of(node, "date-parts", ("year-month-day", "year-month", "year"), "year-month-day").split("-")
            chosen = [part for part in local.all("date-part") if part.attrs.get("name") in wanted]
            parts = [self._part(part, own.get(part.attrs.get("name", ""))) for part in chosen]
        else:
            parts = [self._part(part, None) for part in node.all("date-part")]
        sort_parts = [part.name for part in parts]
        wrap = self._wrap(node)

        def date(cite: Cite) -> str:
            cite.called += 1
            value = cite.fields.get(variable)
            if value is None or variable in cite.gone or (cite.looking and variable == "accessed"):
                return ""
            span = dates.read(value)
            if cite.sorting:
                key = dates.sort_key(span, sort_parts)
                cite.full += bool(key)
                return key
            if span.start is None:
                found = text.field(span.words)
                if not found:
                    return ""
                found += self._suffix_of(cite)
            else:
                suffix = self._suffix_of(cite) if "year" in sort_parts else ""
                found = dates.render(span, parts, self.locale, delimiter, suffix)
            if not found:
                return ""
            cite.full += 1
            cite.started = True
            if cite.used is not None:
                cite.used.append(variable)
            return wrap(found, cite) if wrap else found

        return date

    def _suffix_of(self, cite: Cite) -> str:
        """The letter behind the first year, where the style does not place it itself."""
        if not cite.suffix or cite.suffixed or self.own_suffix:
            return ""
        cite.suffixed = True
        return cite.suffix

    def _part(self, node: Node, over: Node | None) -> dates.Part:
        """One part of a date; *over* is the style's own element, whose form and faces go before the locale's."""
        name = node.attrs.get("name", "")
        if name not in ("year", "month", "day"):
            raise _wrong(node, f"a date has no part {name!r}", "year, month or day")
        attrs = node.attrs | (
            {key: value for key, value in over.attrs.items() if key not in ("prefix", "suffix")} if over else {}
        )
        inner = replace_node(node, {key: value for key, value in attrs.items() if key not in ("prefix", "suffix")})
        wrap = self._inside(inner)
        return dates.Part(
            name,
            attrs.get("form", "long" if name != "day" else "numeric"),
            text.affix(attrs.get("range-delimiter", numbers.EN_DASH)),
            text.affix(attrs.get("prefix", "")),
            text.affix(attrs.get("suffix", "")),
            wrap or str,
        )

    # cs:group, cs:choose

    def _group(self, node: Node, _: str) -> Render:
        body = self._body(node, text.affix(node.attrs.get("delimiter", "")))
        return self._wrapped(node, _grouped(body))

    def _choose(self, node: Node, delimiter: str) -> Render:
        return self._branches(node, lambda child: self._body(child, delimiter))

    def _branches(self, node: Node, body_of: Callable[[Node], Render]) -> Render:
        branches: list[tuple[Test | None, Render]] = []
        for child in node.children:
            if child.tag not in ("if", "else-if", "else"):
                raise _wrong(child, f"<{child.tag}> cannot stand in <choose>", "if, else-if, else")
            test = None if child.tag == "else" else _condition(self, child)
            branches.append((test, body_of(child) if child.children else nothing))

        def choose(cite: Cite) -> str:
            for test, body in branches:
                if test is None or test(cite):
                    return body(cite)
            return ""

        return choose

    # cs:names

    def _names(self, node: Node, _: str) -> Render:
        """Names in a substitute that have no children of their own look as those that they stand for.

        Source: CSL 1.0.2, "Substitute".
        """
        own = node.find("name") or node.find("label") or node.find("et-al")
        return self._names_of(node, node if own or self._model is None else self._model)

    def _names_of(self, node: Node, model: Node) -> Render:
        """`cs:names` with the children of *model*."""
        variables = _needed(node, "variable").split()
        name, label, et_al = model.find("name"), model.find("label"), model.find("et-al")
        label_first = label is not None and (name is None or model.children.index(label) < model.children.index(name))
        look = self.looks(name.attrs if name else {}, name)
        et_al_word = self._et_al(et_al)
        labelled = self._names_label(label) if label is not None else None
        substitute = self._substitute(node.find("substitute"), model)
        own_delimiter = node.attrs.get("delimiter", model.attrs.get("delimiter"))
        wrap = self._wrap(node)
        repeats = "subsequent-author-substitute" in self._listed

        looks: dict[tuple[str, bool, Look | None], Look] = {}

        def look_of(cite: Cite) -> Look:
            found = look(cite.area) if et_al_word is None else et_al_word(look(cite.area))
            return _limited(names.for_sorting(found), cite.look) if cite.sorting else found

        def wanted_by(cite: Cite) -> Look:
            place = cite.area, cite.sorting, cite.look
            if place not in looks:
                looks[place] = look_of(cite)
            return looks[place]

        def count(cite: Cite) -> str | None:
            total = sum(self._count(cite, value, wanted_by(cite)) for _, value in _people(cite, variables, self.locale))
            return str(total) if total else None

        def begins(cite: Cite) -> bool:
            return cite.area == "bibliography" and not cite.shown and not cite.sorting

        def lists(cite: Cite) -> str | None:
            found = _people(cite, variables, self.locale)
            if not found:
                return None
            if cite.used is not None:
                cite.used += [variable for term, _ in found for variable in term.split("+")]
            wanted = wanted_by(cite)
            first = repeats and begins(cite)
            if len(found) == 1 and not first:
                term, value = found[0]
                only = self._list(cite, value, wanted).text
                label_ = labelled(cite, term, len(value) > 1) if labelled and not cite.sorting else ""
                return label_ + only if label_first else only + label_
            printed = [self._list(cite, value, wanted).text for _, value in found]
            if first:
                printed = self._replaced(cite, printed)
            if labelled and not cite.sorting:
                said = [labelled(cite, term, len(value) > 1) for term, value in found]
                pairs = zip(printed, said, strict=False)
                printed = [label_ + one if label_first else one + label_ for one, label_ in pairs]
            if len(printed) == 1:
                return printed[0]
            between = own_delimiter if own_delimiter is not None else self._names_delimiter(cite.area)
            return text.affix(between).join(printed)

        make = count if name and name.attrs.get("form") == "count" else lists

        def people(cite: Cite) -> str:
            cite.called += 1
            if cite.quiet_names:
                cite.quiet_names = False  # the first list only: it stands in the cite before
                return ""
            first = repeats and begins(cite)
            joined = make(cite)
            if joined is not None:  # "" is what stands for the names of the entry before
                cite.full += 1
                cite.started = True
            elif substitute:
                joined = substitute(cite)
                if first and joined and cite.first_names is None:
                    joined = self._replaced(cite, [joined])[0]  # something else stands for the names
            return wrap(joined, cite) if wrap and joined else joined or ""

        def alike(cite: Cite) -> Render | None:
            """What prints the names of cites that are like this one, where they are one list."""
            found = _people(cite, variables, self.locale)
            if repeats or make is count or len(found) != 1 or "+" in found[0][0]:
                return None
            variable, wanted = found[0][0], wanted_by(cite)
            label = None if cite.sorting else labelled
            unseen = cite.sorting or cite.area == "bibliography"  # nobody asks what its names have become

            def alone(cite: Cite) -> str:
                value = cite.fields.get(variable)
                if not isinstance(value, tuple) or not value:
                    return ""
                if unseen and len(value) == 1 and (cite.wanted is PLAIN_NAMES or _is_whole(value, wanted)):
                    only = names.one(value[0], wanted, True, 0)
                else:
                    only = self._list(cite, value, wanted).text
                if label is not None:
                    said = label(cite, variable, len(value) > 1)
                    only = said + only if label_first else only + said
                return wrap(only, cite) if wrap and only else only

            return alone

        self.names_alike[people] = alike
        return people

    def _count(self, cite: Cite, value: Sequence[Name], look: Look) -> int:
        return names.count_shown(value, look, subsequent=cite.area == "citation" and "subsequent" in cite.places)

    def _replaced(self, cite: Cite, printed: list[str]) -> list[str]:
        """The first lists of names of an entry, or what stands for those that the entry before had too.

        Source: CSL 1.0.2, "Reference Grouping".
        """
        options = self._listed
        parts = [list(shown.parts) for shown in cite.shown] or [[one] for one in printed]
        cite.first_names = parts, printed
        if cite.before is None:
            return printed
        instead = text.affix(options["subsequent-author-substitute"])
        rule = options.get("subsequent-author-substitute-rule", "complete-all")
        old_parts, old_texts = cite.before
        if rule in ("complete-all", "complete-each"):
            if printed != old_texts:
                return printed
            if rule == "complete-all":
                return [instead]
            return [_each(one, part, instead, len(part)) for one, part in zip(printed, parts, strict=True)]
        pairs = list(zip(parts[0], old_parts[0], strict=False))
        same = next((number for number, (new, old) in enumerate(pairs) if new != old), len(pairs))
        count = min(same, 1) if rule == "partial-first" else same
        return [_each(printed[0], parts[0], instead, count), *printed[1:]]

    def _names_delimiter(self, area: str) -> str:
        layout = self.bibliography if area == "bibliography" else self.citation
        own = layout.node.attrs.get("names-delimiter") if layout else None
        return own if own is not None else self.root.attrs.get("names-delimiter", "")

    def _list(self, cite: Cite, value: Sequence[Name], look: Look) -> Shown:
        block, wanted = len(cite.shown), cite.wanted
        subsequent = "subsequent" in cite.places and cite.area == "citation"
        if wanted is PLAIN_NAMES or (cite.area == "bibliography" and _is_whole(value, look)):
            shown = names.render(value, look, subsequent=subsequent)
        else:
            if cite.area == "bibliography" and wanted.entry:
                lists, wanted = wanted.entry()
                block = next((number for number, one in enumerate(lists) if one == value), -1)
            levels = {place: level for (of, place), level in wanted.levels.items() if of == block}
            shown = names.render(value, look, subsequent=subsequent, more=wanted.more.get(block, 0), levels=levels)
        cite.shown.append(shown)
        return shown

    def _et_al(self, node: Node | None) -> Callable[[Look], Look] | None:
        if node is None:
            return None
        words = self.locale.term(node.attrs.get("term", "et-al"))
        wrap = self._inside(node)
        return lambda look: replace(look, et_al=words, wrap_et_al=wrap)

    def _names_label(self, node: Node) -> Callable[[Cite, str, bool], str]:
        form = node.attrs.get("form", "long")
        plural = _one_of(node, "plural", ("contextual", "always", "never"), "contextual")
        wrap = self._wrap(node)

        def label(cite: Cite, variable: str, many: bool) -> str:
            place = variable, many, cite.english
            if place not in known:
                plurality = plural == "always" or (plural == "contextual" and many)
                words = text.field(self.locale.term(variable.replace("+", ""), form, plural=plurality))
                known[place] = (wrap(words, cite) if wrap else words) if words else ""
            return known[place]

        known: dict[tuple[str, bool, bool], str] = {}
        return label

    def _choices(self, node: Node) -> list[Render]:
        """What may stand for names; what stands in the branches of a choose are choices too, as for citeproc-js."""
        return [
            self._branches(child, lambda branch: _first(self._choices(branch)))
            if child.tag == "choose"
            else self._compile(child, "")
            for child in node.children
        ]

    def _substitute(self, node: Node | None, model: Node) -> Render | None:
        if node is None:
            return None
        outer, self._model = self._model, model
        choices = self._choices(node)
        self._model = outer

        def substitute(cite: Cite) -> str:
            before, full = cite.used, cite.full
            for choice in choices:
                cite.used = []
                printed = choice(cite)
                used, cite.used = cite.used, before
                if printed:
                    if cite.full == full:
                        cite.full += 1
                    cite.gone |= frozenset(used)
                    if before is not None:
                        before += used
                    return printed
            return ""

        return substitute


_ELEMENTS: Mapping[str, Callable[[Style, Node, str], Render]] = {
    "text": Style._text,
    "number": Style._number,
    "label": Style._label,
    "date": Style._date,
    "names": Style._names,
    "group": Style._group,
    "choose": Style._choose,
}


def _is_whole(value: Sequence[Name], look: Look) -> bool:
    """Whether all names are shown as they are: there is nothing that could be added."""
    plain = look.initialize_with is None or not look.initialize
    return look.form == "long" and plain and not 0 < look.et_al_min <= len(value)


def _each(printed: str, parts: Sequence[str], instead: str, count: int) -> str:
    """*printed* with its first *count* names replaced."""
    place = 0
    for part in parts[:count]:
        found = printed.find(part, place)
        printed = printed[:found] + instead + printed[found + len(part) :]
        place = found + len(instead)
    return printed


def _grouped(body: Render) -> Render:
    """A macro is a group of its own: a term in it that depends on no variable stands for content."""

    def grouped(cite: Cite) -> str:
        called, full, started = cite.called, cite.full, cite.started
        printed = body(cite)
        if printed and cite.full == full:
            if cite.called > called:
                cite.started = started
                return ""
            cite.called += 1
            cite.full += 1
        return printed

    return grouped


def _first(choices: Sequence[Render]) -> Render:
    """The first of *choices* that prints something."""
    return lambda cite: next((printed for choice in choices if (printed := choice(cite))), "")


def nothing(_: Cite) -> str:
    return ""


_SPECIAL: Mapping[str, Callable[[Style], Render]] = {
    "locator": Style._locator,
    "citation-number": lambda style: style._value_of(lambda cite: str(cite.number) if cite.number else ""),
    "year-suffix": lambda style: Style._year_suffix,
    "first-reference-note-number": lambda style: style._value_of(
        lambda cite: str(cite.first_note) if cite.first_note else ""
    ),
    "citation-label": lambda style: style._value_of(citation_label),
    "page-first": lambda style: style._value_of(lambda cite: _first_page(cite)),
}
_SHORT = {"title": ("title-short", "shortTitle"), "container-title": ("container-title-short", "journalAbbreviation")}


def citation_label(cite: Cite) -> str:
    """The item's own label, or one made of the first four names and the year: "Doe99", "DoRo99".

    The letter that tells it from others stands here, not behind the year.
    """
    cite.suffixed = True
    own = cite.fields.get("citation-label")
    if own:
        return text.field(str(own)) + cite.suffix
    people = next(
        (
            value
            for name in ("author", "editor", "translator")
            if isinstance(value := cite.fields.get(name), tuple) and value
        ),
        (),
    )
    families = [text.bare(text.field(name.family or name.literal)) for name in people[:4]]
    width = 4 if len(families) == 1 else 2 if len(families) < 4 else 1
    span = dates.read(cite.fields.get("issued"))
    year = f"{abs(span.start.year) % 100:02d}" if span.start else ""
    return "".join(family.replace(" ", "")[:width] for family in families) + year + cite.suffix


def _first_page(cite: Cite) -> str:
    own = cite.fields.get("page-first")
    if own:
        return str(own)
    page = str(cite.fields.get("page", ""))
    return re.split(r"\s*[-–,&]", page)[0].strip() if page else ""


def plain(value: Any) -> str:
    """A value that should be text: numbers as figures, lists as words."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list | tuple):
        return ", ".join(plain(one) for one in value if isinstance(one, str | int | float))
    return "" if isinstance(value, Mapping) or value is None else str(value)


def _number_of(cite: Cite, variable: str) -> str:
    if variable == "locator":
        return cite.locator
    if variable == "citation-number":
        return str(cite.number) if cite.number else ""
    if variable == "first-reference-note-number":
        return str(cite.first_note) if cite.first_note else ""
    if variable == "page-first":
        return _first_page(cite)
    return plain(cite.fields.get(variable))


def _is_docket(variable: str, cite: Cite) -> bool:
    """Whether the number is that of a case at court: "70-18" is one, and no range (citeproc-js has it so)."""
    return variable == "number" and cite.type == "legal_case"


def _is_many(variable: str, value: str, cite: Cite) -> bool:
    if _is_docket(variable, cite):
        return False
    if variable.startswith("number-of-"):
        return value.strip() not in ("1", "")
    return numbers.is_plural(value)


def _number_key(value: str) -> str:
    return re.sub(r"\d+", lambda match: match[0].zfill(12), value)


def _people(cite: Cite, variables: Sequence[str], words: Locale) -> list[tuple[str, Sequence[Any]]]:
    """The lists of names to print, each with the term of its label; editors who are the translators too come once."""
    if len(variables) == 1:
        variable = variables[0]
        value = cite.fields.get(variable)
        return [(variable, value)] if value and isinstance(value, tuple) and variable not in cite.gone else []
    found: list[tuple[str, Sequence[Any]]] = [
        (variable, value)
        for variable in variables
        if isinstance(value := cite.fields.get(variable), tuple) and value and variable not in cite.gone
    ]
    if len(variables) == len(found) == 2 and {*variables} == {"editor", "translator"}:
        both = words.find("editortranslator")
        if both is not None and both.single and found[0][1] == found[1][1]:
            return [("editor+translator", found[0][1])]
    return found


def _key_limits(node: Node) -> Look:
    def number(name: str) -> int:
        value = node.attrs.get(name, "")
        return int(value) if value.isdecimal() and len(value) < 10 else 0

    return Look(
        et_al_min=number("names-min"),
        et_al_use_first=number("names-use-first"),
        et_al_use_last=node.attrs.get("names-use-last") == "true",
    )


def _limited(look: Look, limits: Look | None) -> Look:
    if limits is None or (not limits.et_al_min and not limits.et_al_use_first):
        return look
    return replace(
        look,
        et_al_min=limits.et_al_min or look.et_al_min,
        et_al_use_first=limits.et_al_use_first or look.et_al_use_first,
        et_al_use_last=limits.et_al_use_last or look.et_al_use_last,
    )


# Conditions


def _condition(style: Style, node: Node) -> Test:
    tests: list[Test] = []
    for name, value in node.attrs.items():
        if name == "match":
            continue
        maker = _CONDITIONS.get(name)
        if maker is None:
            raise _wrong(node, f"<{node.tag}> has no condition {name!r}", did_you_mean(name, _CONDITIONS))
        tests += [_is_one_of(value)] if name == "type" else [maker(one) for one in value.split()]
    match = _one_of(node, "match", ("all", "any", "none"), "all")
    if match == "none" and {*node.attrs} == {"type", "match"}:
        types = frozenset(node.attrs["type"].split())
        return lambda cite: cite.type not in types
    if len(tests) == 1:
        only = tests[0]
        return only if match != "none" else lambda cite: not only(cite)
    wanted, found = {"any": (True, True), "none": (True, False), "all": (False, False)}[match]

    def condition(cite: Cite) -> bool:
        for test in tests:
            if test(cite) is wanted:
                return found
        return not found

    return condition


def _is_one_of(types: str) -> Test:
    """No item is of two types: with match="all" too one of them is enough, as two hundred official styles expect."""
    wanted = frozenset(types.split())
    return lambda cite: cite.type in wanted


def _has(variable: str) -> Test:
    if variable == "locator":
        return lambda cite: bool(cite.locator)
    if variable in ("citation-number", "first-reference-note-number", "page-first"):
        return lambda cite: bool(_number_of(cite, variable))
    if variable == "year-suffix":
        return lambda cite: bool(cite.suffix)
    if variable in DATE_VARIABLES:
        return lambda cite: _has_date(cite.fields.get(variable))
    return lambda cite: cite.fields.get(variable) not in (None, "", (), [])


def _has_date(value: Any) -> bool:
    span = dates.read(value)
    return span.start is not None or bool(span.words)


def _is_numeric(variable: str) -> Test:
    return lambda cite: numbers.is_numeric(_number_of(cite, variable))


def _is_uncertain(variable: str) -> Test:
    return lambda cite: dates.read(cite.fields.get(variable)).circa


def _at(position: str) -> Test:
    if position == "near-note":
        return lambda cite: cite.near
    return lambda cite: position in cite.places


def _labelled(label: str) -> Test:
    label = "sub-verbo" if label == "sub verbo" else label
    return lambda cite: bool(cite.locator) and (cite.label or "page") == label


_CONDITIONS: Mapping[str, Callable[[str], Test]] = {
    "type": _is_one_of,
    "variable": _has,
    "is-numeric": _is_numeric,
    "is-uncertain-date": _is_uncertain,
    "locator": _labelled,
    "position": _at,
    "disambiguate": lambda value: lambda cite: _tested(cite) == (value == "true"),
}


def _tested(cite: Cite) -> bool:
    cite.tested = True
    return cite.disambiguate


# Attributes


def _wrong(node: Node, message: str, hint: str = "") -> StyleError:
    return StyleError(message, where=Where("", node.line), hint=hint)


def _needed(node: Node, name: str) -> str:
    if not node.attrs.get(name):
        raise _wrong(node, f'<{node.tag}> needs {name}="…"')
    return node.attrs[name]


def _one_of(node: Node, name: str, values: Collection[str], default: str) -> str:
    value = node.attrs.get(name, default)
    if value not in values:
        said = ", ".join(one for one in values if one)
        raise _wrong(
            node, f"{name}={value!r} is no value of <{node.tag}>", did_you_mean(value, values) or f"one of {said}"
        )
    return value


def _flag(node: Node, name: str) -> bool:
    return _one_of(node, name, ("true", "false", "1", "0"), "false") in ("true", "1")


_FACES: Mapping[str, Mapping[str, str]] = {
    "vertical-align": {"baseline": text.BASELINE, "sup": text.SUP, "sub": text.SUB},
    "text-decoration": {"none": text.PLAIN_LINE, "underline": text.UNDERLINE},
    "font-weight": {"normal": text.MEDIUM, "bold": text.BOLD, "light": text.MEDIUM},
    "font-variant": {"normal": text.PLAINCAPS, "small-caps": text.SMALLCAPS},
    "font-style": {"normal": text.UPRIGHT, "italic": text.ITALIC, "oblique": text.ITALIC},
}
_DISPLAY = {"block": text.BLOCK, "left-margin": text.LEFT, "right-inline": text.RIGHT, "indent": text.INDENT}


def _faces(node: Node) -> tuple[str, str]:
    before = "".join(
        marks[_one_of(node, name, marks, "normal")] for name, marks in _FACES.items() if name in node.attrs
    )
    return before, text.END * len(before)


_CASES: Mapping[str, Callable[[str, Cite], str]] = {
    "lowercase": lambda inner, _: text.lowercase(inner),
    "uppercase": lambda inner, _: text.uppercase(inner),
    "capitalize-first": lambda inner, _: text.capitalize_first(inner),
    "capitalize-all": lambda inner, _: text.capitalize_all(inner),
    "sentence": lambda inner, _: text.sentence(inner),
    "title": lambda inner, cite: text.title(inner) if cite.english else inner,
}


def _case(node: Node) -> Callable[[str, Cite], str] | None:
    value = node.attrs.get("text-case")
    return _CASES[_one_of(node, "text-case", _CASES, value)] if value else None


def _without_affixes(node: Node) -> Node:
    return replace_node(node, {name: value for name, value in node.attrs.items() if name not in ("prefix", "suffix")})


def _affixes(node: Node | None) -> tuple[str, str]:
    attrs = node.attrs if node else {}
    return text.affix(attrs.get("prefix", "")), text.affix(attrs.get("suffix", ""))


def replace_node(node: Node, attrs: dict[str, str]) -> Node:
    """*node* with other attributes."""
    return xml.Node(node.tag, attrs, node.line, node.children, node.text)


def _macros_in(node: Node) -> list[str]:
    """The macros that are called in an element."""
    queue, found = [node], []
    while queue:
        one = queue.pop()
        found += [one.attrs["macro"]] if "macro" in one.attrs and one.tag == "text" else []
        queue += one.children
    return found


def _ring(calls: Mapping[str, Sequence[str]]) -> list[str]:
    """Names that call each other in a ring, the first one again at the end; none where there is no ring."""
    done: set[str] = set()
    for start in calls:
        path: list[str] = []
        stack = [(start, iter(calls[start]))] if start not in done else []
        path += [start] if stack else []
        while stack:
            _, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                stack.pop()
                done.add(path.pop())
            elif following in path:
                return [*path[path.index(following) :], following]
            elif following in calls and following not in done:
                path.append(following)
                stack.append((following, iter(calls[following])))
    return []


def _depends_on(root: Node) -> str:
    """A hint for a dependent style, which has no elements of its own."""
    parent = xml.parent_link(root)
    return f"it depends on the style {parent}: compile that one" if parent else ""


def _root(source: str) -> Node:
    try:
        root = xml.outline(source)
    except StyleError as error:
        raise StyleError(f"not a citation style: {error.message}", where=error.where, hint=error.hint) from error
    if root.tag != "style":
        raise _wrong(root, f"not a citation style: it begins with <{root.tag}>")
    return root


_OWN_SUFFIX = pattern(r"""\bvariable\s*=\s*["']year-suffix["']""")
_TESTS_DISAMBIGUATE = pattern(r"""\sdisambiguate\s*=\s*["']""")
