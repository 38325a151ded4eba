"""Rich text as a small tree, and the writers that turn it into a markup a reader takes.

A `Text` holds strings and `Span`s. Every writer escapes what its reader would take for a command, so no title, name or
shelfmark can become HTML, TeX or a terminal escape. This room lays nothing out and knows no citations.

>>> note = Text(("Ed. ", Span("italic", ("A & B",))))
>>> write(note, "html"), write(note, "latex"), write(note, "plain")
('Ed. <i>A &amp; B</i>', 'Ed. \\\\emph{A \\\\& B}', 'Ed. A & B')
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

Face: TypeAlias = Literal["italic", "bold", "underline", "smallcaps", "sup", "sub"]
Node: TypeAlias = "str | Span"

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# C0 and C1 controls, DEL, the line separators, and the marks that make text read in another order than it stands
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_SPACES = frozenset("\t\n\r\x0b\x0c\u2028\u2029")


@dataclass(frozen=True, slots=True)
class Span:
    """Part of a text in one face."""

    face: Face
    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A finished piece of text: strings and spans in reading order."""

    nodes: tuple[Node, ...] = ()

    def plain(self) -> str:
        """The text without its faces."""
        return write(self, "plain")

    def __bool__(self) -> bool:
        return bool(self.plain())


def clean(text: str) -> str:
    """*text* on one line with nothing in it that a terminal would obey.

    White space that breaks a line becomes a space, every other control character U+FFFD: the reader sees that
    something stood there.

    >>> clean("a\\x1b[31mb\\nc")
    'a�[31mb c'
    """
    return _CONTROL.sub(lambda match: " " if match[0] in _SPACES else REPLACEMENT, text)


def visible(text: str) -> str:
    """Like `clean`, for text of several lines: line feeds and tabs stay.

    >>> visible("a\\tb\\nc\\x07")
    'a\\tb\\nc�'
    """
    return "\n".join("\t".join(clean(cell) for cell in line.split("\t")) for line in text.split("\n"))


def to_json(value: object, indent: int | None = None) -> str:
    """*value* as JSON, letters as they are, everything a terminal obeys escaped; a number that JSON has not as text.

    >>> to_json(["é", float("nan"), "a\\x9b"])
    '["é", "nan", "a\\\\u009b"]'
    """
    import json

    text = json.dumps(_finite(value), ensure_ascii=False, indent=indent, default=str)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


_UNSAFE = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def _finite(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return value


# Reading the HTML subset that CSL-JSON and citeproc-py use for rich text.

_TAG = re.compile(r"<(/?)(i|b|u|sup|sub|sc|span)(?: style=\"font-variant: ?small-caps;\")?>")
_FACES: Mapping[str, Face] = MappingProxyType(
    {"i": "italic", "b": "bold", "u": "underline", "sup": "sup", "sub": "sub", "sc": "smallcaps", "span": "smallcaps"}
)


def read_html(source: str) -> Text:
    """The tree of *source*, where `<i> <b> <u> <sup> <sub> <sc>` and small-caps spans are faces.

    Entities are decoded. A tag that closes nothing stays as text; one that is never closed ends with the text.

    >>> read_html("a <i>b</i> &lt;c&gt;")
    Text(nodes=('a ', Span(face='italic', children=('b',)), ' <c>'))
    """
    from html import unescape

    stack: list[tuple[str, list[Node]]] = [("", [])]
    last = 0
    for match in _TAG.finditer(source):
        _append(stack[-1][1], unescape(source[last : match.start()]))
        last = match.end()
        closing, tag = match[1], match[2]
        if not closing:
            stack.append((tag, []))
        elif stack[-1][0] == tag:
            _close(stack)
        else:
            _append(stack[-1][1], match[0])
    _append(stack[-1][1], unescape(source[last:]))
    while len(stack) > 1:
        _close(stack)
    return Text(tuple(stack[0][1]))


def _append(nodes: list[Node], text: str) -> None:
    if text:
        nodes.append(text)


def _close(stack: list[tuple[str, list[Node]]]) -> None:
    tag, children = stack.pop()
    if children:
        stack[-1][1].append(Span(_FACES[tag], tuple(children)))


# Writers. Each escapes one string at a time and wraps spans; what may not begin a line is dealt with at the end.


def _replacer(table: Mapping[str, str]) -> Callable[[str], str]:
    pattern = re.compile("|".join(re.escape(key) for key in sorted(table, key=len, reverse=True)))
    return lambda text: pattern.sub(lambda match: table[match[0]], text)


_escape_html = _replacer({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
# Every one of these may be escaped in CommonMark; "@" is pandoc's citation, "$" its mathematics, "--" its en dash
_escape_markdown = _replacer({sign: "\\" + sign for sign in "\\`*_[]{}<>#$^~|@&"} | {"--": "-\\-", "...": "..\\."})
_escape_rst = _replacer({sign: "\\" + sign for sign in "\\`*_|"})
_escape_latex = _replacer(
    {sign: "\\" + sign for sign in "&%$#_{}"}
    | {
        "\\": "\\textbackslash{}",
        "~": "\\textasciitilde{}",
        "^": "\\textasciicircum{}",
        "<": "\\textless{}",
        ">": "\\textgreater{}",
        "|": "\\textbar{}",
        '"': "\\textquotedbl{}",
        "--": "-{}-",
        "``": "`{}`",
        "''": "'{}'",
        "?`": "?{}`",
        "!`": "!{}`",
        "[": "{[}",  # after a line break \\ a bracket would be its argument
        "]": "{]}",
    }
)
_escape_typst = _replacer(
    {sign: "\\" + sign for sign in "\\*_`$#@<>[]~\"'"}
    | {"//": "\\/\\/", "/*": "\\/\\*", "*/": "\\*\\/", "--": "-\\-", "-?": "-\\?", "...": "..\\."}
)


def _escape_rtf(text: str) -> str:
    out = []
    for sign in text:
        if sign in "\\{}":
            out.append("\\" + sign)
        elif sign.isascii():
            out.append(sign)
        else:
            units = sign.encode("utf-16-le", "surrogatepass")
            for low, high in zip(units[::2], units[1::2], strict=True):
                code = high << 8 | low
                out.append(f"\\uc0\\u{code - 0x10000 if code > 0x7FFF else code} ")
    return "".join(out)


_Wraps: TypeAlias = Mapping[Face, tuple[str, str]]
_HTML: _Wraps = {
    "italic": ("<i>", "</i>"),
    "bold": ("<b>", "</b>"),
    "underline": ('<span style="text-decoration:underline;">', "</span>"),
    "smallcaps": ('<span style="font-variant:small-caps;">', "</span>"),
    "sup": ("<sup>", "</sup>"),
    "sub": ("<sub>", "</sub>"),
}
_MARKDOWN: _Wraps = {
    "italic": ("*", "*"),
    "bold": ("**", "**"),
    "underline": ("[", "]{.underline}"),
    "smallcaps": ("[", "]{.smallcaps}"),
    "sup": ("^", "^"),
    "sub": ("~", "~"),
}
# reStructuredText wants white space round inline markup; an escaped space counts and vanishes
_RST: _Wraps = {
    "italic": ("\\ *", "*\\ "),
    "bold": ("\\ **", "**\\ "),
    "sup": ("\\ :sup:`", "`\\ "),
    "sub": ("\\ :sub:`", "`\\ "),
}
_LATEX: _Wraps = {
    "italic": ("\\emph{", "}"),
    "bold": ("\\textbf{", "}"),
    "underline": ("\\underline{", "}"),
    "smallcaps": ("\\textsc{", "}"),
    "sup": ("\\textsuperscript{", "}"),
    "sub": ("\\textsubscript{", "}"),
}
_TYPST: _Wraps = {
    "italic": ("#emph[", "]"),
    "bold": ("#strong[", "]"),
    "underline": ("#underline[", "]"),
    "smallcaps": ("#smallcaps[", "]"),
    "sup": ("#super[", "]"),
    "sub": ("#sub[", "]"),
}
_RTF: _Wraps = {
    "italic": ("{\\i ", "}"),
    "bold": ("{\\b ", "}"),
    "underline": ("{\\ul ", "}"),
    "smallcaps": ("{\\scaps ", "}"),
    "sup": ("{\\super ", "}"),
    "sub": ("{\\sub ", "}"),
}


def _walk(nodes: tuple[Node, ...], escape: Callable[[str], str], wraps: _Wraps, *, nest: bool = True) -> str:
    out = []
    for node in nodes:
        if isinstance(node, str):
            out.append(escape(clean(node)))
            continue
        before, after = wraps.get(node.face, ("", ""))
        inner = _walk(node.children, escape, wraps if nest or not before else {}, nest=nest)
        out.append(before + inner + after if inner.strip() else inner)
    return "".join(out)


def _merge(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Neighbouring strings made one, so that an escape sees "--" although two pieces met there."""
    merged: list[Node] = []
    for node in nodes:
        node = node if isinstance(node, str) else Span(node.face, _merge(node.children))
        last = merged[-1] if merged else None
        if isinstance(node, str) and isinstance(last, str):
            merged[-1] = last + node
        else:
            merged.append(node)
    return tuple(merged)


# What would make the first line of a paragraph a list, a heading, a comment or a field
_OPENER_MARKDOWN = re.compile(r"^(?=[-+=:!]|\d+[.)])")
_OPENER_NUMBER = re.compile(r"^(\d+|[A-Za-z#]|[ivxlcdmIVXLCDM]+)([.)])(?= |$)")


def _markdown(text: Text) -> str:
    body = _walk(_merge(text.nodes), _escape_markdown, _MARKDOWN)
    numbered = _OPENER_NUMBER.sub(r"\1\\\2", body)
    return numbered if numbered != body else re.sub(r"^(?=[-+=:])", r"\\", body)


def _rst(text: Text) -> str:
    body = _walk(_merge(text.nodes), _escape_rst, _RST, nest=False)
    body = re.sub(r"^(\\ )+", "", body)
    opens = re.match(r"[-+=:.~^\"'#>•(]|\d+[.)]|[A-Za-z][.)]", body) or _OPENER_NUMBER.match(body)
    return "\\" + body if opens else body


def _typst(text: Text) -> str:
    body = _walk(_merge(text.nodes), _escape_typst, _TYPST)
    body = re.sub(r"^(\d+)\.", r"\1\\.", body)
    return re.sub(r"^(?=[-+=/])", r"\\", body)


WRITERS: Mapping[str, Callable[[Text], str]] = MappingProxyType(
    {
        "plain": lambda text: _walk(text.nodes, str, {}),
        "html": lambda text: _walk(text.nodes, _escape_html, _HTML),
        "markdown": _markdown,
        "rst": _rst,
        "latex": lambda text: _walk(_merge(text.nodes), _escape_latex, _LATEX),
        "typst": _typst,
        "rtf": lambda text: _walk(text.nodes, _escape_rtf, _RTF),
    }
)


def write(text: Text, markup: str) -> str:
    """*text* in *markup*, one of `WRITERS`, as one line without a line end. Raises KeyError for another name."""
    return WRITERS[markup](text)
