"""Every writer says the text and nothing else: what a title holds is never a command to the program that reads it."""

from __future__ import annotations

import json
import subprocess
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given

from citekit.markup import Face, Text, clean, write
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
    "emoji \N{GRINNING FACE}\N{VARIATION SELECTOR-16} and e\u0301",
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
    assert read_by_browser(write(Text((text,)), "html")) == (clean(text), [])


@given(texts)
def test_a_browser_shows_any_tree_as_its_plain_text(text: Text) -> None:
    shown, tags = read_by_browser(write(text, "html"))
    assert shown == text.plain()
    assert set(tags) <= {"i", "b", "span", "sup", "sub"}


@given(ugly_text)
def test_html_may_stand_in_an_attribute(text: str) -> None:
    assert not set(write(Text((text,)), "html")) & set("<>\"'")


# What pandoc reads back.


def _pandoc() -> str:
    wanted = "pandoc comes with the package pypandoc_binary, which is not installed: the markups are not read back"
    path: str = pytest.importorskip("pypandoc", reason=wanted).get_pandoc_path()
    return path


def read_by_pandoc(source: str, markup: str) -> list[str]:
    """The blocks pandoc reads in *source*, each as its text; faces in words, everything else by its name."""
    run = subprocess.run(
        [_pandoc(), "--from", markup, "--to", "json", "--sandbox"],
        input=source.encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr.decode()
    return [
        _said(block) if block["t"] in ("Para", "Plain") else str(block) for block in json.loads(run.stdout)["blocks"]
    ]


_NAMES = {
    "Emph": "italic",
    "Strong": "bold",
    "Underline": "underline",
    "SmallCaps": "smallcaps",
    "Superscript": "sup",
    "Subscript": "sub",
}


def _said(node: dict[str, Any]) -> str:
    kind: str = node["t"]
    content: Any = node.get("c")
    if kind == "Str":
        # quotation marks are typography, not commands: every reader may curl them
        return str(content).translate(str.maketrans("“”‘’\N{NO-BREAK SPACE}", "\"\"'' "))
    if kind in ("Space", "SoftBreak"):
        return " "
    if kind in ("Para", "Plain"):
        return "".join(map(_said, content))
    if kind == "Quoted":
        sign = "'" if content[0]["t"] == "SingleQuote" else '"'
        return sign + "".join(map(_said, content[1])) + sign
    if kind in _NAMES:
        return f"<{_NAMES[kind]}:{''.join(map(_said, content))}>"
    return f"<<{kind} {content}>>"


def document(paragraphs: list[str], markup: str) -> str:
    """One text of *markup* with these paragraphs."""
    if markup == "rtf":
        return "{\\rtf1\\ansi\\deff0 " + "".join("{\\pard " + text + "\\par}\n" for text in paragraphs) + "}"
    return "\n\n".join(paragraphs) + "\n"


READ_BACK = ("markdown", "commonmark", "gfm", "latex", "rst", "typst", "rtf")
WRITER_FOR = {"commonmark": "markdown", "gfm": "markdown"}


# What pandoc still takes for more than text, or reads otherwise than it stands; none of it is a command
NOT_YET = {
    "markdown": "a note that begins with (1) becomes a list",
    "commonmark": "an emoji with a combining accent comes back composed",
    "gfm": "the backslash before an underscore stays in an address that is linked by itself",
    "latex": "a guarded bracket {[} comes back as an empty span round it",
    "rst": "an e-mail address is linked by itself",
    "rtf": "letters beyond U+FFFF are written as two units, which pandoc does not join",
}


@pytest.mark.parametrize(
    "reader",
    [
        pytest.param(name, marks=[pytest.mark.xfail(strict=True, reason=NOT_YET[name])] if name in NOT_YET else [])
        for name in READ_BACK
    ],
)
def test_pandoc_reads_every_hostile_string_as_mere_text(reader: str) -> None:
    written = [write(Text((hostile,)), WRITER_FOR.get(reader, reader)) for hostile in HOSTILE]
    assert read_by_pandoc(document(written, reader), reader) == list(HOSTILE)
