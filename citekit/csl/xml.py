"""XML of styles and locales: bytes to a tree of `Node`, with the line of each element.

expat costs a millisecond to import, lxml 26. A style may come from a stranger: no document type and so no entities, no
network, and elements nested no deeper than any style could mean.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field
from xml.parsers import expat

from citekit.errors import StyleError, Where
from citekit.patterns import pattern

DEEPEST = 100  # elements in elements; the deepest official style has 21
_NAMESPACE = "http://purl.org/net/xbiblio/csl "


@dataclass(slots=True, eq=False, repr=False)
class Node:
    """An element: its name without the namespace, attributes, child elements, the text before them, and its line.

    *inner* is what stands in an element that `outline` has not read yet; `load` reads it.
    """

    tag: str
    attrs: dict[str, str]
    line: int
    children: list[Node] = field(default_factory=list)
    text: str = ""
    inner: str = ""

    def find(self, tag: str) -> Node | None:
        """The first child called *tag*, or None."""
        return next((child for child in self.children if child.tag == tag), None)

    def all(self, tag: str) -> list[Node]:
        """The children called *tag*, in order."""
        return [child for child in self.children if child.tag == tag]


class _EnoughError(Exception):
    """All that was wanted has been read."""


def parse(source: str, before: int = 0, *, until: str = "") -> Node:
    """The root of an XML text. Elements of other namespaces, with all in them, are left out. *before* is the number of
    lines that stand before the text in its file. What stands behind the first element called *until* is not read.

    Raises StyleError with line and column for what is no XML, declares a document type, or is nested too deep.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    root = Node("", {}, 0)
    stack = [root]
    foreign = 0

    def start(name: str, attrs: dict[str, str]) -> None:
        nonlocal foreign
        if foreign or not name.startswith(_NAMESPACE):
            foreign += 1
            return
        if len(stack) > DEEPEST:
            raise StyleError(
                f"elements are nested deeper than {DEEPEST}", where=Where("", before + parser.CurrentLineNumber)
            )
        node = Node(name[len(_NAMESPACE) :], attrs, before + parser.CurrentLineNumber)
        stack[-1].children.append(node)
        stack.append(node)

    def end(_: str) -> None:
        nonlocal foreign
        if foreign:
            foreign -= 1
        elif stack.pop().tag == until:
            raise _EnoughError

    def text(part: str) -> None:
        if not foreign and not stack[-1].children:
            stack[-1].text += part

    def no_doctype(*_: object) -> None:
        raise StyleError("it declares entities or a document type", where=Where("", before + parser.CurrentLineNumber))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = no_doctype
    parser.buffer_text = True
    try:
        with contextlib.suppress(_EnoughError):
            parser.Parse(source.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        where = Where("", before + error.lineno, error.offset + 1)
        raise StyleError(f"not XML: {expat.ErrorString(error.code)}", where=where) from error
    if not root.children:
        raise StyleError(
            "no element of CSL is in it", hint='a style begins with <style xmlns="http://purl.org/net/xbiblio/csl">'
        )
    return root.children[0]


def head(source: str) -> Node:
    """The root of a style with all up to its `<info>`: what it is called, its language, the style it depends on.

    Raises as `parse`; a fault behind the `<info>` is not found.
    """
    return parse(source, until="info")


def parent_link(root: Node) -> str:
    """The address of the style that the one with this root depends on, "" where it stands by itself."""
    info = root.find("info")
    links = info.all("link") if info else []
    return next((link.attrs.get("href", "") for link in links if link.attrs.get("rel") == "independent-parent"), "")


def kin(root: Node) -> tuple[tuple[str, str], ...]:
    """What the style with this root is, and is made from: its `id`, then the addresses of its links `template`.

    Source: CSL 1.0.2, "Info".
    """
    info = root.find("info") or Node("", {}, 0)
    ids = [("id", node.text.strip()) for node in info.all("id")]
    links = [
        ("template", link.attrs.get("href", "")) for link in info.all("link") if link.attrs.get("rel") == "template"
    ]
    return (*ids, *links)


def parent_of(source: str) -> str:
    """The name of the style that this one depends on, "" where it stands by itself. Raises as `head`.

    >>> parent_of("<style xmlns='http://purl.org/net/xbiblio/csl'><info>"
    ...           "<link rel='independent-parent' href='http://www.zotero.org/styles/apa'/></info></style>")
    'apa'
    """
    return parent_link(head(source)).rpartition("/")[2]


def in_language(source: str, language: str) -> str:
    """The style with another default locale, its lines where they were."""
    from html import escape

    def changed(root: re.Match[str]) -> str:
        return f'{root[1]} default-locale="{escape(language)}"{_DEFAULT_LOCALE.sub("", root[2])}'

    return _ROOT.sub(changed, without_comments(source), count=1)


_ROOT = pattern(r"""(<(?:[\w.-]+:)?style\b)((?:[^>"']|"[^"]*"|'[^']*')*)""")
_DEFAULT_LOCALE = pattern(r"""\s+default-locale\s*=\s*(?:"[^"]*"|'[^']*')""")


def outline(source: str) -> Node:
    """Like `parse`, but what stands in the `<macro>` elements is left for `load`: a note in the largest official style
    calls a quarter of its macros.

    Raises as `parse`; a fault inside a macro is found when that is read.
    """
    if any(sign in source for sign in ("<![CDATA[", "xmlns:", "<!DOCTYPE")):
        return parse(source)
    source = without_comments(source)
    pieces: list[str] = []
    inner: list[str] = []
    last = 0
    while (start := source.find("<macro", last)) >= 0:
        begin = source.find(">", start) + 1
        end = source.find("</macro>", begin)
        if not begin or end < 0 or source[begin - 2] == "/":
            return parse(source)
        pieces += (source[last:begin], "\n" * source.count("\n", begin, end))
        inner.append("\n" * source.count("\n", start, begin) + source[begin:end])
        last = end
    root = parse("".join([*pieces, source[last:]]))
    macros = root.all("macro")
    if len(macros) != len(inner):
        return parse(source)
    for macro, text in zip(macros, inner, strict=True):
        macro.inner = text
    return root


def load(node: Node) -> Node:
    """*node* with what stands in it. Raises as `parse`."""
    if node.inner:
        source, node.inner = node.inner, ""
        found = parse(f'<macro xmlns="{_NAMESPACE.strip()}">{source}</macro>', node.line - 1)
        node.children, node.text = found.children, found.text
    return node


def without_comments(source: str) -> str:
    """*source* with line feeds only where its comments stood."""
    return _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), source) if "<!--" in source else source


_COMMENT = pattern("<!--.*?-->", re.S)
