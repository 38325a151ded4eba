"""Locales: terms, date forms and options, looked up through what the style says itself and the official files.

Source: CSL 1.0.2, "Locale Fallback", "Terms", "Ordinal Suffixes", "Localized Date Formats". The official locale files
come with the package citeproc-py, which is not imported: only its folder is wanted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from citekit.csl import xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from citekit.csl.xml import Node

FALLBACK = "en-US"
# The dialect that stands for a language without one (locales.json of citation-style-language/locales)
_PRIMARY = {
    "af": "af-ZA", "bg": "bg-BG", "ca": "ca-AD", "cs": "cs-CZ", "cy": "cy-GB", "da": "da-DK", "de": "de-DE",
    "el": "el-GR", "en": "en-US", "es": "es-ES", "et": "et-EE", "fa": "fa-IR", "fi": "fi-FI", "fr": "fr-FR",
    "he": "he-IL", "hi": "hi-IN", "hr": "hr-HR", "hu": "hu-HU", "id": "id-ID", "is": "is-IS", "it": "it-IT",
    "ja": "ja-JP", "km": "km-KH", "ko": "ko-KR", "lt": "lt-LT", "lv": "lv-LV", "mn": "mn-MN", "nb": "nb-NO",
    "nl": "nl-NL", "nn": "nn-NO", "pl": "pl-PL", "pt": "pt-PT", "ro": "ro-RO", "ru": "ru-RU", "sk": "sk-SK",
    "sl": "sl-SI", "sr": "sr-RS", "sv": "sv-SE", "th": "th-TH", "tr": "tr-TR", "uk": "uk-UA", "vi": "vi-VN",
    "zh": "zh-CN",
}  # fmt: skip
_FORMS = {
    "long": ("long",),
    "short": ("short", "long"),
    "symbol": ("symbol", "short", "long"),
    "verb": ("verb", "long"),
    "verb-short": ("verb-short", "verb", "long"),
}


@dataclass(slots=True, eq=False, repr=False)
class Term:
    """A term's words, for one and for several, and its grammatical gender."""

    single: str
    multiple: str
    gender: str = ""
    match: str = ""


@dataclass(slots=True, eq=False, repr=False)
class Layer:
    """What one `<locale>` element says. Terms by (name, form); ordinals by (name, gender form)."""

    terms: dict[tuple[str, str], Term] = field(default_factory=dict)
    ordinals: dict[tuple[str, str], Term] = field(default_factory=dict)
    dates: dict[str, Node] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)


class Locale:
    """Layers of one language, the nearest first."""

    def __init__(self, lang: str, layers: Sequence[Layer]) -> None:
        self.lang = lang
        self.english = lang[:2].lower() == "en"
        self._layers = layers
        self._terms: dict[tuple[str, str], Term | None] = {}
        # ordinals are taken whole from the first layer that has any (CSL 1.0.2, "Ordinal Suffixes")
        self._ordinals = next((layer.ordinals for layer in layers if _has_suffixes(layer)), {})
        self._long_ordinals = [layer.ordinals for layer in layers]
        self.punctuation_in_quote = self.option("punctuation-in-quote") == "true"
        self.day_ordinal_first_only = self.option("limit-day-ordinals-to-day-1") == "true"
        # no word stands for the sign: "und" is no ampersand
        self.ampersand = next(
            (layer.terms["and", "symbol"].single for layer in layers if ("and", "symbol") in layer.terms), "&"
        )
        self.quotes = (
            self.term("open-quote") or "“",
            self.term("close-quote") or "”",
            self.term("open-inner-quote") or "‘",
            self.term("close-inner-quote") or "’",
        )

    def option(self, name: str) -> str:
        """The value of a style option of the locale, "" where no layer has it."""
        return next((layer.options[name] for layer in self._layers if name in layer.options), "")

    def find(self, name: str, form: str = "long") -> Term | None:
        """The term, in *form* or the forms that stand for it; English only where the language has none of them."""
        key = (name, form)
        if key not in self._terms:
            self._terms[key] = _found(self._layers[:-1], name, form) or _found(self._layers[-1:], name, form)
        return self._terms[key]

    def term(self, name: str, form: str = "long", *, plural: bool = False) -> str:
        """The words of a term, "" where there is none."""
        found = self.find(name, form)
        return "" if found is None else found.multiple if plural else found.single

    def gender(self, name: str) -> str:
        """The gender of a term, "" where it has none."""
        found = self.find(name)
        return found.gender if found else ""

    def ordinal(self, number: int, gender: str = "") -> str:
        """The suffix that makes *number* an ordinal."""
        for names in ((gender, ""), ("",)):
            for one in names:
                if found := self._ordinal(number, one):
                    return found.single
        default = self._ordinals.get(("ordinal", gender)) or self._ordinals.get(("ordinal", ""))
        return default.single if default else ""

    def _ordinal(self, number: int, gender: str) -> Term | None:
        """The suffix for the last two figures, else for the last one: ordinal-11 goes before ordinal-01."""
        for figures in dict.fromkeys((number % 100, number % 10)):
            term = self._ordinals.get((f"ordinal-{figures:02d}", gender))
            match = term and (term.match or ("last-digit" if figures < 10 else "last-two-digits"))
            last = {"last-digit": number % 10, "last-two-digits": number % 100, "whole-number": number}
            if term and last.get(match or "") == figures:
                return term
        return None

    def long_ordinal(self, number: int, gender: str = "") -> str:
        """The number in words, first to tenth, "" for others."""
        for form in (gender, ""):
            for layer in self._long_ordinals:
                if found := layer.get((f"long-ordinal-{number:02d}", form)):
                    return found.single
        return ""

    def date(self, form: str) -> Node | None:
        """The localised form of a date, `text` or `numeric`."""
        return next((layer.dates[form] for layer in self._layers if form in layer.dates), None)


def _found(layers: Sequence[Layer], name: str, form: str) -> Term | None:
    wanted = _FORMS.get(form, ("long",))
    return next((layer.terms[name, one] for one in wanted for layer in layers if (name, one) in layer.terms), None)


def _has_suffixes(layer: Layer) -> bool:
    return any(name.startswith("ordinal") for name, _ in layer.ordinals)


def read_layer(node: Node) -> Layer:
    """What a `<locale>` element says."""
    layer = Layer()
    for child in node.children:
        if child.tag == "terms":
            for term in child.all("term"):
                _read_term(layer, term)
        elif child.tag == "date":
            layer.dates[child.attrs.get("form", "")] = child
        elif child.tag == "style-options":
            layer.options.update(child.attrs)
    return layer


def _read_term(layer: Layer, node: Node) -> None:
    name = node.attrs.get("name", "")
    single, multiple = node.find("single"), node.find("multiple")
    words = node.text if single is None else single.text
    many = words if multiple is None else multiple.text
    term = Term(words, many, node.attrs.get("gender", ""), node.attrs.get("match", ""))
    if name.startswith(("ordinal", "long-ordinal")):
        layer.ordinals[name, node.attrs.get("gender-form", "")] = term
    else:
        layer.terms[name, node.attrs.get("form", "long")] = term


def known(lang: str) -> str:
    """The nearest locale there is a file for.

    >>> known("de-XX"), known("zz"), known("en-GB")
    ('de-DE', 'en-US', 'en-GB')
    """
    for candidate in (lang, _PRIMARY.get(lang[:2].lower(), ""), lang[:2].lower()):
        if candidate and _file(candidate).is_file():
            return candidate
    return FALLBACK


def locale(lang: str, own: Iterable[Node] = ()) -> Locale:
    """The locale *lang* (BCP 47) with what the style's own `<locale>` elements, *own*, change in it.

    The order is that of the specification: the style's dialect, its language, its general changes, then the official
    file of the dialect, of the language's main dialect, and English.
    """
    language = lang[:2].lower()
    said = [(node.attrs.get("http://www.w3.org/XML/1998/namespace lang", ""), node) for node in own]
    nearest = [
        read_layer(node)
        for wanted in dict.fromkeys((lang.lower(), language, ""))
        for name, node in said
        if name.lower() == wanted
    ]
    files = dict.fromkeys((known(lang), known(language), FALLBACK))
    return Locale(lang, [*nearest, *(_layer(name) for name in files)])


@cache
def _layer(name: str) -> Layer:
    return read_layer(xml.parse(_file(name).read_text(encoding="utf-8")))


def _file(name: str) -> Path:
    return _folder() / f"locales-{name}.xml"


@cache
def _folder() -> Path:
    spec = find_spec("citeproc")
    return Path(next(iter(spec.submodule_search_locations or ("",)))) / "data" / "locales" if spec else Path()
