r"""Which keys a paper cites: read from what LaTeX and biblatex leave beside it, or from its Markdown.

Three readers, text in, `Cites` out; `cited` follows the chapters of a LaTeX paper. No TeX is run and no file is opened
here. What pandoc takes for a citation is one, but for addresses of the web and of people.

>>> in_aux(r"\citation{molotov-1945,stalin-1949}").keys
{'molotov-1945': 1, 'stalin-1949': 1}
>>> in_markdown("See [@molotov-1945, l. 160; -@stalin-1949] and `@code`.").keys
{'molotov-1945': 1, 'stalin-1949': 1}
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from itertools import groupby
from pathlib import PurePath
from types import MappingProxyType
from typing import TypeAlias

from citekit.errors import UsageError, Where
from citekit.patterns import pattern
from citekit.values import frozen


@frozen
class Cites:
    """What a text cites: the *keys* with the lines, from 1, in which they come first; *every* where it asks for all
    that there is; *chapters* are further files that belong to it."""

    keys: Mapping[str, int] = field(default_factory=dict)
    every: bool = False
    chapters: tuple[str, ...] = ()


@frozen
class Paper:
    """What a paper with all its chapters cites: the keys with their places; *missing* are the chapters not read."""

    keys: Mapping[str, Where]
    every: bool
    missing: tuple[str, ...] = ()


Read: TypeAlias = Callable[[str], Cites]


def cited(path: str, text_of: Callable[[str], str | None]) -> Paper:
    """What the paper in the file *path* cites. *text_of* gives the text of a file, None where it is not there.

    Chapters are read where they lie in the folder of the paper or below it. Raises UsageError for a file that is none
    of these.
    """
    read = reader(path)
    keys: dict[str, Where] = {}
    missing: list[str] = []
    every, queue = False, [path]
    for name in queue:
        text = text_of(name)
        if text is None:
            missing.append(name)
            continue
        try:
            found = read(text)
        except UsageError as error:
            error.where = Where(name, error.where.line, error.where.column) if error.where else Where(name)
            raise
        every |= found.every
        for key, line in found.keys.items():
            keys.setdefault(key, Where(name, line))
        for chapter in found.chapters:
            here = PurePath(chapter)
            place = str(PurePath(path).parent / here)
            if here.is_absolute() or ".." in here.parts:
                missing.append(chapter)
            elif place not in queue:
                queue.append(place)
    return Paper(keys, every, tuple(missing))


def reader(path: str) -> Read:
    """The function that reads a file by its ending. Raises UsageError for an ending that is not known."""
    suffix = PurePath(path).suffix.lower()
    if suffix not in READERS:
        hint = "paper.aux and paper.bcf, which LaTeX writes beside paper.tex, or draft.md"
        raise UsageError(f"{path} is no file of which the citations can be read", hint=hint)
    return READERS[suffix]


def _lined(text: str, found: Iterator[tuple[int, str]]) -> dict[str, int]:
    """The keys with the lines of their first places, from places counted in characters, which must ascend."""
    keys: dict[str, int] = {}
    line, before = 1, 0
    for place, key in found:
        line, before = line + text.count("\n", before, place), place
        keys.setdefault(key, line)
    return keys


# LaTeX

_CITATION = pattern(r"\\(?:citation|abx@aux@cite(?:\{\d+\})?)\{([^{}]*)\}")
_CHAPTER = pattern(r"\\@input\s*\{([^{}]*)\}")
_NOCITE_ALL = "\\abx@aux@nociteall"


def in_aux(text: str) -> Cites:
    r"""What an .aux file says: `\citation{a,b}` of LaTeX, `\abx@aux@cite{0}{a}` of biblatex (once without
    the number of the section), `*` or `\abx@aux@nociteall` for everything, `\@input{chapter.aux}`.

    Source: files written by LaTeX 2022 with and without biblatex 3.18; biblatex.sty.
    """

    def keys() -> Iterator[tuple[int, str]]:
        for match in _CITATION.finditer(text):
            yield from ((match.start(), key.strip()) for key in match[1].split(",") if key.strip())

    found = _lined(text, keys())
    every = found.pop("*", 0) > 0 or _NOCITE_ALL in text
    return Cites(found, every, tuple(match[1].strip() for match in _CHAPTER.finditer(text) if match[1].strip()))


def in_bcf(text: str) -> Cites:
    """What a .bcf file, which biblatex writes for biber, says: its `citekey` elements, `*` for everything; a set made
    in the paper is the keys in it.

    Source: files written by biblatex 3.18. A document type, and so an entity, is refused. Raises UsageError with the
    line for what is no XML.
    """
    from xml.parsers import expat

    parser = expat.ParserCreate()
    keys: dict[str, int] = {}
    parts: list[str] = []
    inside = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        inside = name.rpartition(":")[2] == "citekey"
        parts.clear()
        for key in attributes.get("members", "").split(",") if inside else ():
            if key.strip():
                keys.setdefault(key.strip(), parser.CurrentLineNumber)
                inside = False

    def end(_: str) -> None:
        nonlocal inside
        if inside and (key := "".join(parts).strip()):
            keys.setdefault(key, parser.CurrentLineNumber)
        inside = False

    def said(part: str) -> None:
        if inside:
            parts.append(part)

    def refuse(*_: object) -> None:
        raise UsageError("it declares a document type", where=Where("", parser.CurrentLineNumber))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = said, refuse
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        raise UsageError(
            f"not XML: {expat.ErrorString(error.code)}", where=Where("", error.lineno, error.offset + 1)
        ) from error
    every = keys.pop("*", 0) > 0
    return Cites(keys, every)


# Markdown

# A key of pandoc's: https://pandoc.org/MANUAL.html#citation-syntax
_MARK = pattern(r"(?<![^\W_])(?<![.\\])@(?:\{([^{}\s]+)\}|(\w(?:\w|[:.#$%&+?<>~/-](?=\w))*)|(\*))")
_ADDRESS = pattern(r"\b[A-Za-z][A-Za-z0-9+.-]{0,30}://[^\s<>]*|\]\([^()\s]*")
_FENCE = pattern(r"[ \t>]*(`{3,}|~{3,})([^\n]*)")
_LISTED = pattern(r" {0,3}(?:[-*+:~]|\(?(?:\d{1,9}|[A-Za-z#])[.)]|\[\^[^\]\s]+\]:)[ \t]")
_TICKS = pattern("`+")
# References to figures and the like, of pandoc-crossref and Quarto
_CROSS = pattern(r"(?:fig|tbl|eq|sec|lst)[:-].+")


def in_markdown(text: str) -> Cites:
    """What a Markdown text cites as pandoc reads it: `[@key, l. 5; -@other]`, `@key` in the text, `@{key}`, `@*` for
    everything, in its YAML too. Code, comments, addresses and what is escaped are no citations."""
    plain = _prose(text)
    found = _lined(plain, ((match.start(), match[1] or match[2] or match[3]) for match in _MARK.finditer(plain)))
    every = found.pop("*", 0) > 0
    return Cites(found, every)


def is_cross_reference(key: str) -> bool:
    """Whether a key of a Markdown text may mean a figure, table or section: `@fig:map`, `@sec-two`."""
    return _CROSS.fullmatch(key) is not None


def _prose(text: str) -> str:
    """*text* without code, comments and addresses; what is left stands in the line where it was."""
    text = _ADDRESS.sub(" ", _without_comments("\n".join(_without_blocks(text.split("\n")))))
    paragraphs = groupby(text.split("\n"), key=lambda line: bool(line.strip()))
    return "\n".join(_without_ticks("\n".join(lines)) for _, lines in paragraphs)


def _without_blocks(lines: list[str]) -> Iterator[str]:
    """The lines, those of code empty: between fences, and indented by four behind an empty line. In a list or a note
    such a line may go on with it, so there it is text."""
    fence, code, listed, was_blank = "", False, False, True
    for line in lines:
        mark, blank, deep = _FENCE.match(line), not line.strip(), line.startswith(("    ", "\t"))
        if fence or (mark and not (mark[1][0] == "`" and "`" in mark[2])):
            yield ""
            if not fence and mark:
                fence = mark[1]
            elif mark and mark[1].startswith(fence) and not mark[2].strip():
                fence = ""
            continue
        if not blank and not deep and (was_blank or _LISTED.match(line)):
            listed = _LISTED.match(line) is not None
        code = code if blank else deep and not listed and (was_blank or code)
        was_blank = blank
        yield "" if code else line


def _without_comments(text: str) -> str:
    pieces, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        pieces += [text[at:start], _gap(text[start:end])]
        at = end + 3
    return "".join([*pieces, text[at:]])


def _without_ticks(paragraph: str) -> str:
    """A paragraph without the code in it: what stands between as many backticks before as behind."""
    runs = [match.span() for match in _TICKS.finditer(paragraph)]
    later: dict[int, list[int]] = {}  # by their length, the runs from the last to the first
    for number in reversed(range(len(runs))):
        later.setdefault(runs[number][1] - runs[number][0], []).append(number)
    pieces, at = [], 0
    for number, (start, end) in enumerate(runs):
        same = later[end - start]
        while same and same[-1] <= number:
            same.pop()
        if start >= at and same:
            pieces += [paragraph[at:start], _gap(paragraph[start : runs[same[-1]][1]])]
            at = runs[same[-1]][1]
    return "".join([*pieces, paragraph[at:]])


def _gap(text: str) -> str:
    """What is left of a text that is taken out: its lines."""
    return "\n" * text.count("\n") or " "


READERS: Mapping[str, Read] = MappingProxyType(
    {".aux": in_aux, ".bcf": in_bcf}
    | dict.fromkeys((".md", ".markdown", ".mdown", ".qmd", ".rmd", ".txt"), in_markdown)
)
