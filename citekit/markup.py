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
from types import MappingProxyType
from typing import Literal, TypeAlias

from citekit.patterns import pattern
from citekit.values import frozen

Face: TypeAlias = Literal[
    "italic", "bold", "underline", "smallcaps", "sup", "sub",
    "upright", "medium", "plainline", "plaincaps", "baseline",  # what undoes a face round it
    "block", "left-margin", "right-inline", "indent",  # where it stands in a bibliography
]  # fmt: skip
Node: TypeAlias = "str | Span"

DEEPEST = 60  # faces in faces that a text may ask for; writers go down them one by one
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Behind the C0 controls: DEL, C1, the line separators, the marks that make text read in another order than it stands
_BEYOND = "\x7f-\x9f\u2028-\u202e\u2066-\u2069"
CONTROLS = f"[\x00-\x1f{_BEYOND}]"  # what no writer lets through, as a pattern has it
_CONTROL = pattern(CONTROLS)
_SPACES = frozenset("\t\n\r\x0b\x0c\u2028\u2029")
REPLACED = pattern(f"(?![{''.join(sorted(_SPACES))}]){CONTROLS}")  # what the reader sees as U+FFFD


@frozen
class Span:
    """Part of a text in one face."""

    face: Face
    children: tuple[Node, ...]


@frozen
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
    if text.isprintable():
        return text
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


_UNSAFE = pattern(f"[{_BEYOND}]")


def _finite(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return value


# Reading the HTML subset that CSL-JSON and citeproc-py use for rich text.

_TAG = pattern(r"<(/?)(i|b|u|sup|sub|sc|span)(?: style=\"font-variant: ?small-caps;\")?>")
_FACES: Mapping[str, Face] = MappingProxyType(
    {"i": "italic", "b": "bold", "u": "underline", "sup": "sup", "sub": "sub", "sc": "smallcaps", "span": "smallcaps"}
)


def read_html(source: str) -> Text:
    """The tree of *source*, where `<i> <b> <u> <sup> <sub> <sc>` and small-caps spans are faces.

    Entities are decoded. A tag that closes nothing stays as text, and so does one in `DEEPEST` others; one that is
    never closed ends with the text.

    >>> read_html("a <i>b</i> &lt;c&gt;")
    Text(nodes=('a ', Span(face='italic', children=('b',)), ' <c>'))
    """
    from html import unescape

    stack: list[tuple[str, list[Node]]] = [("", [])]
    last = deeper = 0
    for match in _TAG.finditer(source):
        _append(stack[-1][1], unescape(source[last : match.start()]))
        last = match.end()
        closing, tag = match[1], match[2]
        if deeper or (not closing and len(stack) > DEEPEST):
            deeper += -1 if closing else 1
            _append(stack[-1][1], match[0])
        elif not closing:
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


def _replacer(where: str, table: Mapping[str, str]) -> Callable[[str], str]:
    pattern = re.compile(where)
    return lambda text: pattern.sub(lambda match: table[match[0]], text)


def _backslasher(where: str) -> Callable[[str], str]:
    pattern = re.compile(where)
    return lambda text: pattern.sub(r"\\\g<0>", text)


_escape_html = _replacer("[&<>\"']", {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})

# An underscore between two letters or figures is mere text; GitHub would keep its backslash in "www.a.org/b_c"
_UNDERSCORE = r"(?<![^\W_])_|_(?![^\W_])"
# Every one of these may be escaped in CommonMark; "@" is pandoc's citation, "$" its mathematics, "--" its en dash,
# ":a:" GitHub's emoji
_escape_markdown_words = _backslasher(rf"[\\`*\[\]{{}}<>#$^~|@&]|{_UNDERSCORE}|(?<=-)-|(?<=\.\.)\.|:(?=[\w+-]+:)")
_URL_SIGN = r"[\w~:/?#@!$&'*+,;=%.-]"
_URL = pattern(rf"\b(https?://(?:{_URL_SIGN}|\({_URL_SIGN}*\))+)(?<![.,;:!?'])")
_ENTITY = pattern(r"&#?\w+;")  # in <> some readers decode "&copy;" and some do not


def _escape_markdown(text: str) -> str:
    """An address stands in <>, where no sign is a command: GitHub links a bare one with the backslashes in it."""
    pieces, at = [], 0
    for url in _URL.finditer(text):
        if not _ENTITY.search(text, url.start(), url.end() + 1):
            pieces += [_escape_markdown_words(text[at : url.start()]), f"<{url[0]}>"]
            at = url.end()
    return "".join([*pieces, _escape_markdown_words(text[at:])])


_escape_rst = _backslasher(rf"[\\`*|]|{_UNDERSCORE}")
_escape_latex = _replacer(
    # a ligature is broken between any two of its signs; after a line break \\ a bracket would be its argument
    r"""[\\&%$#_{}~^<>|"`\[\]]|-(?=-)|'(?=')|,(?=,)""",
    {sign: "\\" + sign for sign in "&%$#_{}"}
    | {sign: sign + "\\/" for sign in "-',"}
    | {sign: "{" + sign + "}" for sign in "[]"}
    | {
        "\\": "\\textbackslash{}",
        "~": "\\textasciitilde{}",
        "^": "\\textasciicircum{}",
        "<": "\\textless{}",
        ">": "\\textgreater{}",
        "|": "\\textbar{}",
        '"': "\\textquotedbl{}",
        "`": "\\textasciigrave{}",
    },
)
_escape_typst_words = _backslasher(
    r"""[\\*_`$#@<>\[\]~"']|/(?=[/*])|(?<=[/*])/|(?<=-)[-?]|(?<![^\W_])-(?=\d)|(?<=\.\.)\."""
)


def _escape_typst(text: str) -> str:
    """Any text may be the first in its brackets, where a list, a heading or a term could begin."""
    return re.sub(r"^(\s*)(?=[-+=/]|\d+\.)", r"\1\\", _escape_typst_words(text))


def _escape_rtf(text: str) -> str:
    """Letters that are not English become their codes, in a group: nothing then needs to end the last code."""
    safe = re.sub(r"[\\{}]", r"\\\g<0>", text)
    return re.sub(r"[^\x00-\x7f]+", lambda run: f"{{\\uc0{_rtf_codes(run[0])}}}", safe)


def _rtf_codes(text: str) -> str:
    """*text* as UTF-16, each unit a signed number of 16 bits."""
    units = text.encode("utf-16-le", "surrogatepass")
    return "".join(f"\\u{int.from_bytes(units[at : at + 2], 'little', signed=True)}" for at in range(0, len(units), 2))


_Wraps: TypeAlias = Mapping[Face, tuple[str, str]]
_HTML: _Wraps = {
    "italic": ("<i>", "</i>"),
    "bold": ("<b>", "</b>"),
    "underline": ('<span style="text-decoration:underline;">', "</span>"),
    "smallcaps": ('<span style="font-variant:small-caps;">', "</span>"),
    "sup": ("<sup>", "</sup>"),
    "sub": ("<sub>", "</sub>"),
    "upright": ('<span style="font-style:normal;">', "</span>"),
    "medium": ('<span style="font-weight:normal;">', "</span>"),
    "plainline": ('<span style="text-decoration:none;">', "</span>"),
    "plaincaps": ('<span style="font-variant:normal;">', "</span>"),
    "baseline": ('<span style="baseline">', "</span>"),
    "block": ('<div class="csl-block">', "</div>"),
    "left-margin": ('<div class="csl-left-margin">', "</div>"),
    "right-inline": ('<div class="csl-right-inline">', "</div>"),
    "indent": ('<div class="csl-indent">', "</div>"),
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


def _html(nodes: tuple[Node, ...]) -> str:
    """White space is as good inside a face as outside, and a line feed of the style is white space."""
    out = []
    for node in nodes:
        if isinstance(node, str):
            out.append(_escape_html(visible(node)))
        else:
            before, after = _HTML[node.face]
            out.append(f"{before}{_html(node.children)}{after}")
    return "".join(out)


def _walk(nodes: tuple[Node, ...], escape: Callable[[str], str], wraps: _Wraps, *, nest: bool = True) -> str:
    out = []
    for node in nodes:
        if isinstance(node, str):
            out.append(escape(clean(node)))
            continue
        before, after = wraps.get(node.face, ("", ""))
        inner = _walk(node.children, escape, wraps if nest or not before else {}, nest=nest)
        out.append(_wrap(before, inner, after))
    return "".join(out)


def _wrap(before: str, inner: str, after: str) -> str:
    """*inner* between its marks, white space outside them: `* a*` would be no emphasis, but an item of a list."""
    start, end = len(inner) - len(inner.lstrip()), len(inner.rstrip())
    return inner[:start] + before + inner[start:end] + after + inner[end:] if start < end else inner


def _merge(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Neighbours of one face made one: an escape sees "--" although two pieces met there, and `*a**b*` is avoided."""
    merged: list[Node] = []
    for node in nodes:
        node = node if isinstance(node, str) else Span(node.face, _merge(node.children))
        last = merged[-1] if merged else None
        if isinstance(node, str) and isinstance(last, str):
            merged[-1] = last + node
        elif isinstance(node, Span) and isinstance(last, Span) and node.face == last.face:
            merged[-1] = Span(node.face, _merge(last.children + node.children))
        else:
            merged.append(node)
    return tuple(merged)


# Only HTML has words for "not in italics" and for columns; the others get the same text without these faces.

_UNDONE: Mapping[Face, Face] = {
    "upright": "italic",
    "medium": "bold",
    "plainline": "underline",
    "plaincaps": "smallcaps",
}
_BLOCKS = frozenset(("block", "left-margin", "right-inline", "indent"))
_Run: TypeAlias = tuple[tuple[Face, ...], str]


def flowing(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """The same text on one line with none but the six faces that every markup has.

    >>> flowing((Span("italic", ("a ", Span("upright", ("b",)))), Span("left-margin", ("1.",)), "c"))
    (Span(face='italic', children=('a ',)), 'b 1. c')
    """
    if not _needs_flowing(nodes):
        return nodes
    runs: list[_Run] = []
    _add_runs(nodes, (), runs)
    while runs and not runs[-1][1].strip():
        runs.pop()
    return _nested(runs)


def _needs_flowing(nodes: tuple[Node, ...]) -> bool:
    return any(isinstance(node, Span) and (node.face not in _LATEX or _needs_flowing(node.children)) for node in nodes)


def _add_runs(nodes: tuple[Node, ...], faces: tuple[Face, ...], runs: list[_Run]) -> None:
    for node in nodes:
        if isinstance(node, str):
            runs.append((faces, node))
        elif node.face in _BLOCKS:
            _add_space(runs)
            _add_runs(node.children, faces, runs)
            _add_space(runs)
        elif node.face in _UNDONE or node.face == "baseline":
            undone = (_UNDONE[node.face],) if node.face in _UNDONE else ("sup", "sub")
            _add_runs(node.children, tuple(face for face in faces if face not in undone), runs)
        else:
            _add_runs(node.children, (*faces, node.face), runs)


def _add_space(runs: list[_Run]) -> None:
    if runs and runs[-1][1] and not runs[-1][1][-1].isspace():
        runs.append(((), " "))


def _nested(runs: list[_Run]) -> tuple[Node, ...]:
    nodes: list[Node] = []
    place = 0
    while place < len(runs):
        face = runs[place][0][:1]
        end = place
        while end < len(runs) and runs[end][0][:1] == face:
            end += 1
        if face:
            nodes.append(Span(face[0], _nested([(faces[1:], words) for faces, words in runs[place:end]])))
        else:
            nodes.append(re.sub("  +", " ", "".join(words for _, words in runs[place:end])))
        place = end
    return tuple(nodes)


# What would make the first line of a paragraph a list, a heading, a comment, a title or a field
_NUMBERED = pattern(r"^(\(?(?:\d+|[A-Za-z#]|[ivxlcdm]+|[IVXLCDM]+))([.)])(?=\s|$)")


def _markdown(text: Text) -> str:
    body = _walk(_merge(flowing(text.nodes)), _escape_markdown, _MARKDOWN).lstrip()
    return re.sub(r"^(?=[-+=:%])", r"\\", _NUMBERED.sub(r"\1\\\2", body))


def _rst(text: Text) -> str:
    body = _walk(_merge(flowing(text.nodes)), _escape_rst, _RST, nest=False).lstrip()
    body = re.sub(r"^\\ (?=\*)", "", body)
    body = re.sub(r":(?=:\s*$)", r":\\", body)  # "::" at the end would announce a literal block
    if re.fullmatch(r"\\+\s*", body):  # a line of backslashes alone would be a transition
        return "\\ " + body
    return "\\" + body if _NUMBERED.match(body) or re.match(r"[!-)+-/:-@\[\]^{}•‣⁃]", body) else body


def _plain(text: Text) -> str:
    nodes = text.nodes
    if len(nodes) == 1 and isinstance(nodes[0], str):
        return clean(nodes[0])
    return _walk(flowing(nodes), str, {})


WRITERS: Mapping[str, Callable[[Text], str]] = MappingProxyType(
    {
        "plain": _plain,
        "html": lambda text: _html(text.nodes),
        "markdown": _markdown,
        "rst": _rst,
        "latex": lambda text: _walk(_merge(flowing(text.nodes)), _escape_latex, _LATEX),
        "typst": lambda text: _walk(_merge(flowing(text.nodes)), _escape_typst, _TYPST).lstrip(),
        "rtf": lambda text: _walk(flowing(text.nodes), _escape_rtf, _RTF),
    }
)


def write(text: Text, markup: str) -> str:
    """*text* in *markup*, one of `WRITERS`, as one line without a line end. Raises KeyError for another name."""
    return WRITERS[markup](text)
