"""TOML text: where each statement stands, and edits that leave every other byte as it is.

`statements` reads a text that tomllib has read already and gives the place of every table header and key. `edited`
makes one change by splicing the text there; inside a list or an inline table tomlkit changes that one value (over a
whole document it moves other lines: interleaved arrays of tables, dotted keys, CRLF files). Every change is guarded:
the new text is parsed again and must hold what was meant, and no line outside the statement may differ.

>>> print(edited('a = 1  # one\\r\\nb = 2\\r\\n', ("b",), 3), end="")
a = 1  # one\r
b = 3\r
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

from citekit.errors import CitekitError, Where

Path: TypeAlias = tuple[str | int, ...]  # where a value is: ("location", 0, "list")

_BARE = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_DOTTED = rf"{_BARE}(?:[ \t]*\.[ \t]*{_BARE})*"
_HEADER = re.compile(rf"[ \t]*\[(\[?)[ \t]*({_DOTTED})[ \t]*\]\]?")
_KEY = re.compile(rf"[ \t]*({_DOTTED})[ \t]*=[ \t]*")
_WORD = re.compile(_BARE)
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""(?!")))*"{3,5}|'
    r"'''(?:[^']|'(?!''(?!')))*'{3,5}|"
    r'"(?:[^"\\\n]|\\.)*"|'
    r"'[^'\n]*'",
    re.S,
)
_PLAIN = re.compile(r"[^\s,\[\]{}#]+(?:[ ]\d\d:[^\s,\[\]{}#]+)?")  # a date and time may have a space inside


class EditError(CitekitError):
    """An edit that cannot be made without disturbing what was not meant; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One table header (*value* empty) or one `key = value`. Spans are half-open ranges of characters, from 0.

    *path* is the full path of what it defines, entries of arrays of tables counted; *whole* runs from the first sign of
    its first line to the end of its last line, line end included.
    """

    path: Path
    key: tuple[int, int]
    value: tuple[int, int] | None
    whole: tuple[int, int]


def statements(text: str) -> list[Statement]:
    """Every table header and key of a valid TOML text, in the order of the file."""
    found: list[Statement] = []
    table: Path = ()
    counts: dict[Path, int] = {}
    position = 0
    while position < len(text):
        line_end = text.find("\n", position) + 1 or len(text)
        if header := _HEADER.match(text, position):
            table = _resolve(_words(header[2]), counts)
            if header[1]:
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            found.append(Statement(table, header.span(2), None, (position, line_end)))
        elif key := _KEY.match(text, position):
            end = value_end(text, key.end())
            line_end = text.find("\n", end) + 1 or len(text)
            found.append(Statement((*table, *_words(key[1])), key.span(1), (key.end(), end), (position, line_end)))
        position = line_end
    return found


def value_end(text: str, start: int) -> int:
    """Where the value that begins at *start* ends: behind its last quotation mark, bracket or sign."""
    depth, position = 0, start
    while position < len(text):
        sign = text[position]
        if sign in "\"'":
            string = _STRING.match(text, position)
            position = string.end() if string else len(text)
        elif sign in "[{":
            depth, position = depth + 1, position + 1
        elif sign in "]}":
            depth, position = depth - 1, position + 1
        elif sign == "#":
            position = text.find("\n", position) if "\n" in text[position:] else len(text)
            continue
        elif depth and (sign.isspace() or sign in ",="):
            position += 1
            continue
        else:
            plain = _PLAIN.match(text, position)
            position = plain.end() if plain else position + 1
        if not depth:
            return position
    return position


def _words(dotted: str) -> tuple[str, ...]:
    return tuple(_word(word) for word in _WORD.findall(dotted))


def _word(word: str) -> str:
    if word[0] == '"' and "\\" in word:
        return str(tomllib.loads(f"x = {word}")["x"])
    return word[1:-1] if word[0] in "\"'" else word


def _resolve(words: tuple[str, ...], counts: Mapping[Path, int]) -> Path:
    """*words* with the number of the current entry behind each array of tables on the way."""
    path: Path = ()
    for word in words[:-1]:
        path = (*path, word)
        if path in counts:
            path = (*path, counts[path])
    return (*path, words[-1])


def find_place(path: str, text: str, at: Path) -> Where:
    r"""Where the value *at* stands in the TOML *text*; the nearest thing round it where it is in an inline table.

    The column is that of the value's first sign.

    >>> find_place("a.toml", '[people]\nauthor = ["X"]', ("people", "author", 0))
    Where(path='a.toml', line=2, column=10)
    """
    best: Statement | None = None
    for statement in statements(text):
        if at[: len(statement.path)] == statement.path and (best is None or len(statement.path) > len(best.path)):
            best = statement
    if best is None:
        return Where(path)
    start = best.value[0] if best.value else best.key[0]
    return Where(path, text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start))


# Edits


REMOVED: Any = object()  # as a value: the key goes


def edited(text: str, at: Path, value: Any) -> str:
    """*text* with *value* at the path *at*, which is made where it is missing; `REMOVED` takes it out.

    Raises EditError, with nothing changed, where no way leaves every other line as it was.
    """
    before = tomllib.loads(text)
    meant = changed(before, at, value)
    if meant == before:
        return text
    after = _spliced(text, at, value)
    if after is not None and guarded(text, after, at, meant):
        return after
    raise EditError(
        f"cannot change {shown_path(at)} without disturbing other lines",
        hint="change it in the file by hand; `citekit edit` checks it afterwards",
    )


def shown_path(at: Path) -> str:
    """The path as the command line writes it: entries counted from 1.

    >>> shown_path(("location", 0, "delo"))
    'location.1.delo'
    """
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in at)


def changed(before: Mapping[str, Any], at: Path, value: Any) -> dict[str, Any]:
    """The table *before* with *value* at *at*, a copy. Raises EditError for a path through what is no table or list."""
    after: Any = copy.deepcopy(dict(before))
    here = after
    for step, following in pairwise(at):
        if isinstance(step, int):
            if not isinstance(here, list) or step > len(here):
                raise EditError(f"{shown_path(at)}: there is no entry {step + 1}")
            if step == len(here):
                here.append({})
            here = here[step]
        elif isinstance(here, dict):
            here = here.setdefault(step, [] if isinstance(following, int) else {})
        else:
            raise EditError(f"{shown_path(at)} leads through something that is no table")
    last = at[-1]
    if isinstance(last, int):
        if not isinstance(here, list) or last > len(here) - (value is REMOVED):
            raise EditError(f"{shown_path(at)}: there is no entry {last + 1}")
        if value is REMOVED:
            del here[last]
        else:
            here[last : last + 1] = [value]
    elif not isinstance(here, dict):
        raise EditError(f"{shown_path(at)} leads through something that is no table")
    elif value is REMOVED:
        here.pop(last, None)
    else:
        here[last] = value
    return dict(after)


def guarded(before: str, after: str, at: Path, meant: Mapping[str, Any]) -> bool:
    """Whether *after* holds what was meant, and no line differs from *before* but those of the statements at *at*."""
    try:
        if tomllib.loads(after) != meant:
            return False
    except tomllib.TOMLDecodeError:
        return False
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    head = _same(old, new)
    tail = _same(old[head:][::-1], new[head:][::-1])
    if old and head == len(old) - 1 and not old[-1].endswith("\n") and new[head : head + 1] == [old[-1] + _end(before)]:
        return True  # a last line without a line end got one, and more lines
    changed = range(head, len(old) - tail)
    mine = _own_lines(before, at)
    return all(line in mine for line in changed) and _ends_kept(before, new[head : len(new) - tail])


def _same(one: list[str], other: list[str]) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _ends_kept(before: str, lines: list[str]) -> bool:
    """New lines end as the file's do, but for those inside a string of several lines, which cannot be told apart."""
    return "\r\n" not in before or all(line.endswith("\r\n") or not line.endswith("\n") for line in lines)


def _own_lines(text: str, at: Path) -> set[int]:
    """The numbers, from 0, of the lines that a change at *at* may touch: its statement's, or those of all below it."""
    lines: set[int] = set()
    for statement in statements(text):
        if statement.path[: len(at)] == at or (statement.value and at[: len(statement.path)] == statement.path):
            first = text.count("\n", 0, statement.whole[0])
            lines.update(range(first, first + max(1, len(text[slice(*statement.whole)].splitlines()))))
    return lines


def _end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _spliced(text: str, at: Path, value: Any) -> str | None:
    found: list[Statement] = []
    for statement in statements(text):
        depth = len(statement.path)
        if statement.value and depth < len(at) and at[:depth] == statement.path:
            start, end = statement.value
            inside = _inside(text[start:end], at[depth:], value)
            return inside and text[:start] + inside + text[end:]
        if statement.path[: len(at)] == at:
            found.append(statement)
    if value is REMOVED:
        return _cut(text, found)
    if found and found[0].path == at and found[0].value:
        start, end = found[0].value
        return text[:start] + literal(value) + text[end:]
    return None if found else _added(text, at, value)  # a table cannot become a value


def _inside(source: str, at: Path, value: Any) -> str | None:
    """The list or inline table *source* with *value* at *at* in it, comments and spacing kept, or None."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(f"x = {source}")
        here: Any = document["x"]
        for step in at[:-1]:
            here = here[step]
        if value is REMOVED:
            del here[at[-1]]
        elif isinstance(at[-1], int) and at[-1] == len(here):
            here.append(value)
        else:
            here[at[-1]] = value
        return tomlkit.dumps(document).removeprefix("x = ")
    except (TOMLKitError, LookupError, TypeError, ValueError, AttributeError):
        return None


def _cut(text: str, found: list[Statement]) -> str:
    for statement in reversed(found):
        text = text[: statement.whole[0]] + text[statement.whole[1] :]
    return text


def _added(text: str, at: Path, value: Any) -> str:
    """*text* with a new key: behind the last one of its table, before the first header at the top, or a new table."""
    table, key = at[:-1], at[-1]
    if isinstance(key, int):
        return _with_entry(text, at, value)
    siblings = [s for s in statements(text) if s.value and s.path[: len(table)] == table and len(s.path) > len(table)]
    inside = [s for s in siblings if len(s.path) == len(table) + 1]
    line_end = _end(text)
    if isinstance(value, Mapping) and not table:
        return _closed(text) + f"{line_end}[{bare(str(key))}]{line_end}" + _lines(value, line_end)
    line = f"{bare(str(key))} = {literal(value)}{line_end}"
    if inside:
        place = inside[-1].whole[1]
        indent = re.match(r"[ \t]*", text[inside[-1].whole[0] :])
        dotted = _prefix(text, inside[-1], table)
        return _closed(text[:place]) + (indent[0] if indent else "") + dotted + line + text[place:]
    headers = [s for s in statements(text) if not s.value]
    if own := next((s for s in headers if s.path == table), None):
        return _closed(text[: own.whole[1]]) + line + text[own.whole[1] :]
    if not table:
        place = _before_comments(text, headers[0].whole[0]) if headers else len(text)
        return _closed(text[:place]) + line + text[place:]
    return _closed(text) + f"{line_end}{_header(table)}{line_end}{line}"


def _prefix(text: str, statement: Statement, table: Path) -> str:
    """What stands before the last word of a dotted key, `people.` of `people.author`: a new key is written likewise."""
    words = [*_WORD.finditer(text, *statement.key)]
    return text[statement.key[0] : words[-1].start()] if len(words) > 1 else ""


def _before_comments(text: str, place: int) -> int:
    """The start of the comment and blank lines right above *place*: they belong to what follows."""
    while place:
        start = text.rfind("\n", 0, place - 1) + 1
        line = text[start:place].strip()
        if line and not line.startswith("#"):
            break
        place = start
    return place


def _header(table: Path) -> str:
    words = ".".join(bare(step) for step in table if isinstance(step, str))
    return f"[[{words}]]" if isinstance(table[-1], int) else f"[{words}]"


def _with_entry(text: str, at: Path, value: Any) -> str:
    line_end = _end(text)
    if not isinstance(value, Mapping):
        return _closed(text)  # an entry of a list of values is tomlkit's; this changes nothing and the guard refuses
    return _closed(text) + f"{line_end}{_header(at)}{line_end}" + _lines(value, line_end)


def _lines(table: Mapping[str, Any], line_end: str) -> str:
    return "".join(f"{bare(key)} = {literal(value)}{line_end}" for key, value in table.items())


def _closed(text: str) -> str:
    return text if not text or text.endswith("\n") else text + _end(text)


def bare(key: str) -> str:
    """The key as TOML writes it, quoted where it must be."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else literal(key)


def literal(value: Any) -> str:
    """*value* as TOML writes it, on one line.

    >>> literal(["a", {"b": 1}])
    '["a", {b = 1}]'
    """
    import tomli_w

    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{bare(key)} = {literal(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(literal(part) for part in value) + "]"
    return tomli_w.dumps({"x": value}).removeprefix("x = ").rstrip("\n")
