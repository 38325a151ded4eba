"""Time grows with the length of what strangers send: every grammar, and every format that is read, by many pieces.

A text of one piece again and again has at most `SIGNS` signs: so few that all of it is soon done, and so many that a
pattern which takes the square is seen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from citekit import (
    assign,
    bibscan,
    citations,
    cited,
    credits,
    dates,
    edits,
    formats,
    intake,
    items,
    locators,
    markup,
    names,
    references,
    shelfmark,
    tex,
)
from citekit.archives import shipped
from citekit.csl import item as csl
from citekit.csl import names as csl_names
from citekit.csl import numbers, sort
from citekit.csl import text as csl_text
from tests.growth import LINEAR, growth

SIGNS = 6_000

PIECES = (
    "V.", "a=1\n", " ", "\n", " \n", "\t", "-", "–", " - ", "(", ")", "[", "]", "{", "}", "{}", '"', "'", "“", "«",
    "\\", "<i>", "<!--", "&", "&amp;", "@", ":", ";", ",", ", ", "|", "#", "=", "%", "$", "`", "*", "_", "~", "1", "1-",
    "1/", "a", "а", "a ", "é", "e\u0301", "A. ", "A, ", "A (b) ", "and ", "Mr ", "by A ", "f. 1, ", "no. 5 ",
    "л. 1 об., ", "https://a.b/", "a: b\n", "- a\n", "RGASPI, ", "Archive ", "May 1949 ", "1949/", '"" ', "[1], ",
    "@a{b,\n", "TY  - X\n",
)  # fmt: skip


def item(text: str) -> object:
    """A CSL item with *text* wherever words may stand for something."""
    fields = dict.fromkeys(("archive", "archive_location", "genre", "keyword", "issued", "source"), text)
    return [items.to_table(csl.Item("k", "book", fields)), items.to_table(csl.Item("k", "book", {"note": text}))]


def entry(text: str) -> object:
    """An entry of BibTeX with *text* in its fields, and *text* as a file of them."""
    fields = "".join(f"{name} = {{{text}}},\n" for name in ("author", "title", "note", "howpublished", "date"))
    return [formats.reader("bibtex")(given, "-") for given in (f"@misc{{k,\n{fields}}}", text)]


READERS: dict[str, Callable[[str], object]] = {
    "assign": assign.read,
    "bibscan": lambda text: [*bibscan.scan(text)],
    "bibtex": entry,
    "citations": lambda text: citations.read(text, shipped()),
    "cited, aux": cited.in_aux,
    "cited, Markdown": cited.in_markdown,
    "credits": credits.read,
    "csl-json": lambda text: formats.reader("csl-json")(json.dumps([{"id": "k", "title": text, "issued": text}]), "-"),
    "csl-yaml": lambda text: formats.reader("csl-yaml")(text, "-"),
    "csv": lambda text: formats.reader("csv")(f"key,title,author\nk,{text},{text}", "-"),
    "dates": dates.toml_value,
    "dates in words": dates.read_words,
    "edits": lambda text: edits.spans(f"a = '''{text.replace(chr(39), '')}'''"),
    "initials": lambda text: csl_names.initials(text, ". "),
    "intake": intake.format_of,
    "item": item,
    "locators": locators.parse,
    "markup": lambda text: [markup.write(markup.Text((text,)), name) for name in markup.WRITERS],
    "names": names.read_people,
    "numbers": lambda text: [numbers.is_numeric(text), numbers.dashed(text), numbers.pages(text, "chicago", "–")],
    "particles": lambda text: csl_names.split(text, text, "", ""),
    "references": lambda text: references.read(text, shipped()),
    "ris": lambda text: formats.reader("ris")(f"TY  - BOOK\nAU  - {text}\nN1  - {text}\nER  - \n", "-"),
    "shelfmark": shelfmark.parse,
    "sort": sort.collation_key,
    "tex": tex.plain,
    "text": lambda text: [csl_text.field(text), csl_text.title(text), csl_text.sentence(text), csl_text.affix(text)],
    "wcda": lambda text: formats.page_reader("wcda")(f"<html><body>{text}", shipped()),
}


@pytest.mark.parametrize("name", READERS)
def test_a_long_text_takes_no_more_than_its_share(name: str) -> None:
    def growths(piece: str) -> float:
        return growth(lambda count: READERS[name]("a" + piece * count + "\x00"), SIGNS // len(piece) // 4)

    assert [piece for piece in PIECES if growths(piece) > LINEAR] == []


def test_the_measure_of_growth_knows_a_bad_pattern() -> None:
    assert growth(lambda count: re.search(",*x", "," * count), SIGNS // 4) > LINEAR
