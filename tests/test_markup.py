"""Every writer says the text and nothing else: what a title holds is never a command to the program that reads it."""

from __future__ import annotations

import json
import re
import string
import unicodedata
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citekit.markup import WRITERS, Face, Node, Span, Text, clean, read_html, to_json, write
from tests.growth import LINEAR, growth_of_reading
from tests.shared import pandoc
from tests.strategies import texts, ugly_text

FACES: tuple[Face, ...] = ("italic", "bold", "underline", "smallcaps", "sup", "sub")

# What a title may hold, and what some reader would do with it if it were not escaped. Each is one paragraph.
HOSTILE = (
    r"\input{/etc/passwd}",
    r"\write18{rm -rf /} and \\ and \x",
    "<script>alert(1)</script>",
    "a < b > c & d &amp; e &#60; f",
    "<!-- gone? --> <b>bold</b>",
    "1. x",
    "1) x",
    "(1) x",
    "a. x",
    "A) x",
    "iv. x",
    "#. x",
    "1945. The end",
    "- x",
    "+ x",
    "* x *",
    "**x** __x__ _x_ *x*",
    "# x",
    "#let x = 1; #x #[y]",
    "@key [@key, p. 5] a@b.org",
    "$x$ $$y$$",
    "-- and --- and -",
    "...",
    "wait... and ..more",
    "..x",
    ".. note:: x",
    r"\\",
    r"\\\\",
    "https://a.b/c_d",
    "<https://a.b> www.a.b",
    "[a](b) ![a](b) [^1] [a]: b",
    "`x` ``y`` ```z```",
    "~x~ ~~y~~ a~b",
    "^x^ a^b",
    "//c",
    "/* x */ a // b",
    "/ x: y",
    "=x",
    "= x",
    "> x",
    "% x",
    ": x",
    ":a: b",
    "|x| |y|_",
    "| x",
    "x_ y__ _`z`",
    '"q" said he',
    "'q' and don't",
    "{x} {.y} a{b}c {{z}}",
    "50% of A&B #1 _ ~ ^",
    "?` and !` and ,, and << >>",
    "\\u233? {\\b x} \\'e9",
    "Москва, «Правда» № 5 — об.",
    "emoji \N{GRINNING FACE}\N{VARIATION SELECTOR-16}",
    "e\u0301 and \N{LATIN SMALL LETTER E WITH ACUTE}",
    "https://a.b/?c=d&e=1#f and https://a.b/c_(d)--e~f, (https://a.b/...).",
    "https://a.b/?c&copy;=d",
    "https://a.b/_c_/d",
    "www.a.b/c_d",
    "x :smile: y",
    "x::",
    "a@b.c_d",
    "-----",
    ",,x''",
    "!!!!",
    "毛泽东 אבג",
    "$1 \\1 $HOME `id` %s {0}",
    "***",
    "---",
    "====",
    ":::",
    "a | b",
    "+---+",
    "© (c) (tm) 1/2",
)


# The tree itself.


@pytest.mark.parametrize(
    ("source", "nodes"),
    [
        ("a</i>b", ("a", "</i>", "b")),
        ("<i>a</b>b", (Span("italic", ("a", "</b>", "b")),)),
        ("<i>a<b>b", (Span("italic", ("a", Span("bold", ("b",)))),)),
        ("a<i></i>b", ("a", "b")),
        ("<sc>a</sc>", (Span("smallcaps", ("a",)),)),
        ('<span style="font-variant:small-caps;">a</span>', (Span("smallcaps", ("a",)),)),
        ("<em>a</em> &amp;lt; &lt;i&gt;", ("<em>a</em> &lt; <i>",)),
    ],
)
def test_a_tag_that_closes_nothing_is_text_and_an_open_one_ends_with_the_text(
    source: str, nodes: tuple[Node, ...]
) -> None:
    assert read_html(source) == Text(nodes)


def test_a_text_is_true_when_it_has_a_letter() -> None:
    assert not Text((Span("italic", ()), ""))
    assert Text((Span("italic", ("a",)),))


def test_json_writes_numbers_it_has_not_as_text_at_any_depth() -> None:
    value = {"a": [float("inf"), ("b", {"c": float("-inf")})], "d": 1.5}
    assert to_json(value) == '{"a": ["inf", ["b", {"c": "-inf"}]], "d": 1.5}'


# What a reader of HTML sees.


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: list[str] = []

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_comment(self, data: str) -> None:
        self.tags.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.tags.append("declaration")

    def handle_pi(self, data: str) -> None:
        self.tags.append("instruction")


def read_by_browser(source: str) -> tuple[str, list[str]]:
    """The text a browser shows for *source*, and the tags it met."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    return reader.text, reader.tags


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_browser_shows_the_text_and_meets_no_tag(hostile: str) -> None:
    assert read_by_browser(write(Text((hostile,)), "html")) == (hostile, [])


@given(ugly_text)
def test_a_browser_shows_any_text_as_it_was(text: str) -> None:
    shown, tags = read_by_browser(write(Text((text,)), "html"))
    assert (clean(shown), tags) == (clean(text), [])  # white space of any kind


@given(texts)
def test_a_browser_shows_any_tree_as_its_plain_text(text: Text) -> None:
    shown, tags = read_by_browser(write(text, "html"))
    assert clean(shown) == text.plain()
    assert set(tags) <= {"i", "b", "span", "sup", "sub"}


@given(ugly_text)
def test_html_may_stand_in_an_attribute(text: str) -> None:
    assert not set(write(Text((text,)), "html")) & set("<>\"'")


# What pandoc reads back.

_CURLED = str.maketrans("“”‘’\N{NO-BREAK SPACE}", "\"\"'' ")  # typography, not commands
_FACES = {
    "Emph": "italic",
    "Strong": "bold",
    "Underline": "underline",
    "SmallCaps": "smallcaps",
    "Superscript": "sup",
    "Subscript": "sub",
}
# pandoc writes these two commands, but does not know them when it reads
_PREAMBLE = r"\newcommand{\textbar}{|} \newcommand{\textasciigrave}{\`{}}"

READ_BACK = ("markdown", "commonmark", "gfm", "latex", "rst", "typst", "rtf")
WRITER_FOR = {"commonmark": "markdown", "gfm": "markdown"}

# What pandoc reads otherwise than it stands, and we cannot help
MISREAD = {
    "gfm": (r"https?://\S*&#?\w+;", "an address with an entity is written bare, and linked with its backslash"),
    "rst": (
        r"https?://\S*(\W_|_(\W|$)|[*|`\\]|&#?\w+;)|@\S*_|::\s*$",
        "pandoc keeps the backslashes in a URL and decodes its entities, ends an e-mail address at an underscore, "
        "and drops a colon from :: at the end, be it escaped or not",
    ),
    "rtf": ("[\U00010000-\U0010ffff]", "pandoc writes a sign beyond U+FFFF as two units, as RTF wants, and joins none"),
}


def misread(reader: str, text: str) -> bool:
    """Whether pandoc's *reader* is known to read *text* wrongly."""
    return reader in MISREAD and bool(re.search(MISREAD[reader][0], text))


def shown(text: str) -> str:
    """*text* as it is compared: white space and the form of quotation marks and accents are the reader's own."""
    return unicodedata.normalize("NFC", " ".join(clean(text).translate(_CURLED).split()))


def read_by_pandoc(texts: Sequence[Text], reader: str) -> list[str]:
    """The blocks that pandoc's *reader* finds in a document with *texts* for paragraphs."""
    written = [write(text, WRITER_FOR.get(reader, reader)) for text in texts]
    tree = json.loads(pandoc("--from", reader, "--to", "json", text=document(written, reader)))
    return [shown(_said(block)) for block in tree["blocks"]]


def document(paragraphs: list[str], markup: str) -> str:
    """One text of *markup* with these paragraphs."""
    if markup == "rtf":
        return "{\\rtf1\\ansi\\deff0 " + "".join("{\\pard " + text + "\\par}\n" for text in paragraphs) + "}"
    return "\n\n".join([_PREAMBLE, *paragraphs] if markup == "latex" else paragraphs) + "\n"


def _said(node: dict[str, Any]) -> str:
    """The text of *node*; faces in words, everything else by its name."""
    match node:
        case {"t": "Str", "c": text}:
            return str(text)
        case {"t": "Space" | "SoftBreak"}:
            return " "
        case {"t": "Para" | "Plain", "c": content} | {"t": "Span", "c": [["", [], []], content]}:
            return "".join(map(_said, content))
        case {"t": "Quoted", "c": [{"t": kind}, content]}:
            sign = "'" if kind == "SingleQuote" else '"'
            return sign + "".join(map(_said, content)) + sign
        case {"t": "Link", "c": [_, [{"t": "Str", "c": text}], [target, ""]]} if _leads(target, text):
            return str(text)
        case {"t": face, "c": content} if face in _FACES:
            return f"<{_FACES[face]}:{''.join(map(_said, content))}>"
    return f"<<{node}>>"


def _leads(target: str, text: str) -> bool:
    """Whether *target* is the address that stands in the text, as a reader links it by itself."""
    return unquote(target) in {start + unquote(text) for start in ("", "http://", "mailto:")}


@pytest.mark.parametrize("reader", READ_BACK)
def test_pandoc_reads_every_hostile_string_as_mere_text(reader: str) -> None:
    hostile = [text for text in HOSTILE if not misread(reader, text)]
    assert read_by_pandoc([Text((text,)) for text in hostile], reader) == [shown(text) for text in hostile]


@pytest.mark.parametrize("reader", READ_BACK)
def test_pandoc_reads_every_hostile_string_in_italics_as_mere_text(reader: str) -> None:
    hostile = [text for text in HOSTILE if not misread(reader, text)]
    written = [Text((Span("italic", (text,)),)) for text in hostile]
    assert read_by_pandoc(written, reader) == [f"<italic:{shown(text)}>" for text in hostile]


@pytest.mark.parametrize("reader", ["markdown", "latex", "typst", "rtf"])
def test_pandoc_finds_every_face_inside_a_word(reader: str) -> None:
    written = [Text(("a", Span(face, ("b",)), "c")) for face in FACES]
    assert read_by_pandoc(written, reader) == [f"a<{face}:b>c" for face in FACES]


@pytest.mark.parametrize("reader", READ_BACK)
def test_white_space_stands_outside_a_face_and_neighbours_of_one_face_are_one(reader: str) -> None:
    spaced = Text((Span("italic", (" a ",)), "b", Span("bold", (" ",)), "c"))
    neighbours = Text((Span("italic", ("a",)), Span("italic", ("b",))))
    assert read_by_pandoc([spaced, neighbours], reader) == ["<italic:a> b c", "<italic:ab>"]


def test_restructured_text_drops_the_faces_it_has_not() -> None:
    assert write(Text((Span("smallcaps", ("a ", Span("italic", ("b",)))), "c")), "rst") == "a \\ *b*\\ c"


@pytest.mark.parametrize(
    ("reader", "hostile"),
    [
        pytest.param(reader, text, marks=pytest.mark.xfail(strict=True, reason=MISREAD[reader][1]))
        for reader in MISREAD
        for text in HOSTILE
        if misread(reader, text)
    ],
)
def test_pandoc_reads_what_it_misreads_today(reader: str, hostile: str) -> None:
    assert read_by_pandoc([Text((hostile,))], reader) == [shown(hostile)]


@pytest.mark.parametrize("reader", READ_BACK)
@pytest.mark.parametrize("first", ["% x", "---", "x: y", "#!x", "..", "    x"])
def test_nothing_at_the_head_of_a_document_is_its_title_or_settings(first: str, reader: str) -> None:
    assert read_by_pandoc([Text((first,)), Text(("y",))], reader) == [shown(first), "y"]


signs = st.text(string.printable)


@pytest.mark.parametrize("reader", READ_BACK)
@given(st.lists((ugly_text | signs).map(lambda text: text.encode(errors="replace").decode()), max_size=20))
@settings(max_examples=8, deadline=None)
def test_pandoc_reads_any_text_as_mere_text(reader: str, texts: list[str]) -> None:
    kept = [text for text in texts if shown(text) and not misread(reader, text)]
    assert read_by_pandoc([Text((text,)) for text in kept], reader) == [shown(text) for text in kept]


@pytest.mark.parametrize("markup", WRITERS)
@pytest.mark.parametrize("piece", ["V.", "https://a.b/", "https://(", "&amp;", ":a", " ", "*a", "<i>a</i>", "</i>"])
def test_a_long_text_takes_no_more_than_its_share(markup: str, piece: str) -> None:
    assert growth_of_reading(lambda text: write(read_html(text), markup), piece, 400) < LINEAR
