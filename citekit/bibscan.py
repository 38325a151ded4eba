r"""A .bib file cut into entries, by BibTeX's own grammar: braces are counted, whatever backslash stands before them.

bibtexparser's splitter steps from sign to sign and takes most of the time that reading takes; here a field is a match.
What does not close before the next entry begins at the start of a line is told, and the rest is read. Entries of the
kinds `comment` and `preamble`, and what stands between entries, are left aside; `string` is put in where it is named.

>>> [one] = scan("@string{m = {May}} @misc{a, title = {A {B}}, month = m # \" 1\"}")
>>> one.kind, one.key, one.fields
('misc', 'a', {'title': 'A {B}', 'month': 'May 1'})
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from citekit.patterns import pattern
from citekit.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

_START = pattern(r"@[ \t]*(\w+)[ \t]*([{(])|^[ \t]*@[ \t]*(\w+)\s*([{(])", re.M)
_NEXT = pattern(r"^[ \t]*@[ \t]*\w+\s*[{(]", re.M)
_STRING = pattern(r"@[ \t]*string\s*[{(]", re.I)
_KEY = {"{": pattern(r'[^,={}"]*(?=[,}])'), "(": pattern(r'[^,=(){}"]*(?=[,)])')}
_END = {"{": pattern(r"[\s,]*\}"), "(": pattern(r"[\s,]*\)")}
_NAME = pattern(r"""[\s,]*([^\s=,{}"#()]+)\s*=\s*""")
_BARE = pattern(r"""[^\s,#{}"()=]+""")
_QUOTED = pattern(r'"(?=\s*[,}#)])')
_JOINT = pattern(r"\s*#\s*")
# A field of one piece with its value: in at most four braces, in quotation marks, a number or the name of a string
_BRACED = r"\{((?>[^{}]+|\{(?>[^{}]+|\{(?>[^{}]+|\{[^{}]*\})*\})*\})*)\}"
_FIELD = pattern(rf"""{_NAME.pattern}(?:{_BRACED}|"([^"{{}}]*)"|({_BARE.pattern}))\s*(?=[,}})])""")
_BRACES = pattern("[{}]")
_TIED = pattern(r"\\.|[{}]", re.S)  # a brace behind a backslash is none
LONGEST = 100_000  # signs of a string; strings made of strings can double with each


@frozen
class Found:
    """An entry: its kind in small letters, its key, its fields by their small names without what encloses them, the
    line where it begins; *twice* the fields that stand in it again, as `name-2`; *why* it cannot be read."""

    kind: str
    key: str
    fields: dict[str, str]
    line: int
    twice: tuple[str, ...] = ()
    why: str = ""


class _BrokenError(Exception):
    """An entry that does not go on as entries do."""


def scan(text: str) -> Iterator[Found]:
    """The entries of *text*, in their order; one that cannot be read has no fields, and the reason."""
    strings = _strings(text)
    starts = [match.start() for match in _NEXT.finditer(text)]
    line, position, counted = 1, 0, 0
    close = True  # whether comments do: one that does not is looked through only once
    while begins := _START.search(text, position):
        line, counted = line + text.count("\n", counted, begins.start(0)), begins.start(0)
        after = bisect_right(starts, begins.start())
        limit = starts[after] if after < len(starts) else len(text)
        kind, opening = (begins[1] or begins[3]).lower(), begins[2] or begins[4]
        if kind in ("comment", "preamble", "string"):
            end = _closed(text, begins.end(), len(text) if close else limit, _BRACES, opening)
            close, position = close and end > 0, end or limit
            continue
        try:
            found, position = _either(text, begins.end(), limit, strings, opening)
            yield replace(found, kind=kind, line=line)
        except _BrokenError as error:
            yield Found(kind, "", {}, line, why=str(error))
            position = limit


def _either(text: str, position: int, limit: int, strings: dict[str, str], opening: str) -> tuple[Found, int]:
    """The entry by BibTeX's grammar, else by that of programs to which a brace behind a backslash is none."""
    try:
        return _entry(text, position, limit, strings, opening, _BRACES)
    except _BrokenError as error:
        try:
            return _entry(text, position, limit, strings, opening, _TIED)
        except _BrokenError:
            raise error from None


def _entry(
    text: str, position: int, limit: int, strings: dict[str, str], opening: str, braces: re.Pattern[str]
) -> tuple[Found, int]:
    """The entry whose key stands at *position*, and where it ends. Raises _BrokenError."""
    key = _KEY[opening].match(text, position, limit)
    if not key or "\n" in key[0].strip():
        raise _BrokenError("there is no comma behind its key")
    position = key.end()
    fields: dict[str, str] = {}
    times: dict[str, int] = {}
    while not (end := _END[opening].match(text, position, limit)):
        field = _FIELD.match(text, position, limit) if braces is _BRACES else None
        if field:
            name, value, position = field[1].lower(), field[field.lastindex or 0], field.end()
            value = strings.get(value.lower(), value) if field.lastindex == 4 else value
        elif named := _NAME.match(text, position, limit):
            name = named[1].lower()
            value, position = _value(text, named.end(), limit, strings, braces)
        else:
            raise _BrokenError(_said(text[position : min(limit, position + 200)]))
        if name in fields:
            times[name] = times.get(name, 1) + 1
            name = f"{name}-{times[name]}"
        fields[name] = value
    return Found("", key[0].strip(), fields, 0, tuple(times)), end.end()


def _said(rest: str) -> str:
    words = " ".join(rest.strip(" ,\t\r\n").split())
    return f"{words[:30]!r} is no field" if words else "it is not closed"


def _strings(text: str) -> dict[str, str]:
    """The strings of a file by their small names, each with those put in that stand before it."""
    strings: dict[str, str] = {}
    found = [*_STRING.finditer(text)]
    limits = [*(match.start() for match in found), len(text)][1:]
    for begins, limit in zip(found, limits, strict=True):
        if named := _NAME.match(text, begins.end(), limit):
            try:
                value, _ = _value(text, named.end(), limit, strings, _BRACES)
            except _BrokenError:
                continue
            strings[named[1].lower()] = value if len(value) <= LONGEST else named[1]
    return strings


def _value(text: str, position: int, limit: int, strings: dict[str, str], braces: re.Pattern[str]) -> tuple[str, int]:
    """What the pieces say that # joins, and where they end. Raises _BrokenError."""
    pieces, length = [], 0
    while True:
        piece, position = _piece(text, position, limit, strings, braces)
        length += len(piece)
        pieces.append(piece if length <= 10 * LONGEST else "")  # no record holds that
        joint = _JOINT.match(text, position, limit)
        if not joint:
            return "".join(pieces), position
        position = joint.end()


def _piece(text: str, position: int, limit: int, strings: dict[str, str], braces: re.Pattern[str]) -> tuple[str, int]:
    if text.startswith(("{", '"'), position, limit):
        end = _closed(text, position + 1, limit, braces, text[position])
        if not end and text[position] == '"' and (last := _QUOTED.search(text, position + 1, limit)):
            end = last.end()  # a brace in it has no other one
        if not end:
            raise _BrokenError("a brace is not closed" if text[position] == "{" else "a quotation mark is not closed")
        return text[position + 1 : end - 1], end
    if bare := _BARE.match(text, position, limit):
        return strings.get(bare[0].lower(), bare[0]), bare.end()
    raise _BrokenError("a field has no value")


def _closed(text: str, position: int, limit: int, braces: re.Pattern[str], opening: str) -> int:
    """Where that ends which *opening* before *position* opens, outside of inner braces; 0 where it does not."""
    closing = {"{": "}", "(": ")", '"': '"'}[opening]
    depth = 0
    for match in _signs(braces, closing).finditer(text, position, limit):
        if match[0] == closing and not depth:
            return match.end()
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        depth = max(depth, 0)
    return 0


def _signs(braces: re.Pattern[str], closing: str) -> re.Pattern[str]:
    return braces if closing == "}" else re.compile(rf"{braces.pattern}|\{closing}", re.S)
