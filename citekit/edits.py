"""TOML text: where each value stands, and edits that leave every other byte as it is.

`statements` reads a text that tomllib has read already and gives the place of every table header and key, `entries`
those inside of a list or an inline table. `edited` makes one change by splicing the text there. No TOML library writes
anything anew: tomlkit 0.15 moves other lines (interleaved arrays of tables, dotted keys, CRLF files). Every change is
guarded: the new text is parsed again and must hold what was meant, and every line outside of the statement must still
be there, in its order.

>>> print(edited('a = 1  # one\\r\\nb = 2\\r\\n', ("b",), 3), end="")
a = 1  # one\r
b = 3\r
"""

from __future__ import annotations

import copy
import re
import tomllib
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, reduce
from itertools import pairwise, takewhile
from operator import getitem
from typing import Any, TypeAlias

from citekit.errors import CitekitError, Where, read_toml
from citekit.patterns import pattern
from citekit.values import frozen

Path: TypeAlias = tuple[str | int, ...]  # where a value is: ("location", 0, "list")
Span: TypeAlias = tuple[int, int]  # a half-open range of characters, from 0

_BARE = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_DOTTED = rf"{_BARE}(?:[ \t]*\.[ \t]*{_BARE})*"
_STRING = (
    r'"""(?:[^"\\]|\\.|"(?!""(?!")))*"{3,5}|'
    r"'''(?:[^']|'(?!''(?!')))*'{3,5}|"
    r'"(?:[^"\\\n]|\\.)*"|'
    r"'[^'\n]*'"
)
_SIGNS = r"""[^\s,=\[\]{}#"']+"""
_PLAIN = rf"{_SIGNS}(?:[ ]\d\d:{_SIGNS})?"  # a date and time may have a space inside

_HEADER = pattern(rf"[ \t]*\[(\[?)[ \t]*({_DOTTED})[ \t]*\]\]?")
_KEY = pattern(rf"[ \t]*({_DOTTED})[ \t]*=[ \t]*")
_WORD = pattern(_BARE)
_TOKEN = pattern(rf"{_STRING}|{_PLAIN}|#[^\n]*|[\[\]{{}}]", re.S)
_GAP = pattern(r"(?:[\s,]|#[^\n]*)*")
_COMMA = pattern(r"(?:\s|#[^\n]*\n)*,[ \t]*")
_REST = pattern(r"[ \t]*(?:#[^\n]*)?\r?\n")  # of a line that has nothing more to say
_ABOVE = pattern(r"^(?:[ \t\r]*\n)*(?:[ \t]*#[^\n]*\n)*\Z", re.M)  # a comment that belongs to what follows


class EditError(CitekitError):
    """An edit that cannot be made without disturbing what was not meant; nothing was changed."""


@frozen
class Statement:
    """One table header (*value* None), one `key = value`, or one entry of a list (*key* empty).

    *path* is the full path of what it defines, entries of lists counted; *whole* runs from the first sign of its first
    line to the end of its last line, line end included, or inside a list or inline table from key to value.
    """

    path: Path
    key: Span
    value: Span | None
    whole: Span


# Reading


@lru_cache(1)  # one text is asked for the places of all its faults
def statements(text: str) -> tuple[Statement, ...]:
    """Every table header and key of a valid TOML text, in the order of the file."""
    found: list[Statement] = []
    table: Path = ()
    counts: dict[Path, int] = {}
    position = 0
    while position < len(text):
        line_end = _line_behind(text, position)
        if header := _HEADER.match(text, position):
            table = _resolve(_words(header[2]), counts)
            if header[1]:
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            found.append(Statement(table, header.span(2), None, (position, line_end)))
        elif key := _KEY.match(text, position):
            end = value_end(text, key.end())
            line_end = _line_behind(text, end)
            found.append(Statement((*table, *_words(key[1])), key.span(1), (key.end(), end), (position, line_end)))
        position = line_end
    return tuple(found)


def entries(text: str, around: Statement) -> list[Statement]:
    """What stands in the list or inline table that is the value of *around*, in order; nothing in any other value."""
    start, _ = around.value or around.key
    found: list[Statement] = []
    if text[start] not in "[{":
        return found
    position = _after(_GAP, text, start + 1)
    while text[position] not in "]}":
        key = None if text[start] == "[" else _KEY.match(text, position)
        value = key.end() if key else position
        end = value_end(text, value)
        steps = _words(key[1]) if key else (len(found),)
        named = key.span(1) if key else (value, value)
        found.append(Statement((*around.path, *steps), named, (value, end), (position, end)))
        position = _after(_GAP, text, end)
    return found


def value_end(text: str, start: int) -> int:
    """Where the value that begins at *start* ends: behind its last quotation mark, bracket or sign."""
    depth = 0
    for token in _TOKEN.finditer(text, start):
        depth += (token[0] in "[{") - (token[0] in "]}")
        if not depth:
            return token.end()
    return len(text)


def find_place(path: str, text: str, at: Path) -> Where:
    r"""Where the value *at* stands in the TOML *text*; the nearest thing round it where it is not there.

    The column is that of the value's first sign, or of the name in a table's header.

    >>> find_place("a.toml", '[people]\nauthor = ["X"]', ("people", "author", 0))
    Where(path='a.toml', line=2, column=11)
    """
    places = spans(text)
    found = next((places[at[:n]] for n in range(len(at), 0, -1) if at[:n] in places), None)
    if found is None:
        return Where(path)
    starts = _line_starts(text)
    line = bisect(starts, found[0])
    return Where(path, line, found[0] - starts[line - 1] + 1)


def value_at(table: Any, at: Path) -> Any:
    """What stands at the path *at* in *table*, or None.

    >>> value_at({"people": {"author": ["X"]}}, ("people", "author", 0))
    'X'
    """
    for step in at:
        fits = isinstance(table, Mapping if isinstance(step, str) else list)
        try:
            table = table[step] if fits else None
        except LookupError:
            return None
    return table


@lru_cache(1)
def spans(text: str) -> Mapping[Path, Span]:
    r"""Where each value of a TOML text stands, entries of lists and inline tables too; a table by the name in its
    header, or where it has none by the first thing in it.

    >>> spans('[people]\nauthor = ["X", {name = "Y"}]')[("people", "author", 1, "name")]
    (32, 35)
    """
    found: dict[Path, Span] = {}
    for statement in statements(text):
        place = statement.value or statement.key
        for depth in range(1, len(statement.path) + 1):
            found.setdefault(statement.path[:depth], place)
        found.update(_values(text, statement))
    return found


def _values(text: str, around: Statement) -> Iterator[tuple[Path, Span]]:
    """The value of a statement, where it has one, and all values in it."""
    if around.value:
        yield around.path, around.value
        for entry in entries(text, around):
            yield from _values(text, entry)


@lru_cache(1)
def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]


def _chain(text: str, at: Path) -> list[Statement]:
    """The statement with a value that is or holds *at*, the entry in it that does, and so on inwards."""
    found: list[Statement] = []
    inner = [part for part in statements(text) if part.value]
    while here := next((part for part in inner if at[: len(part.path)] == part.path), None):
        found.append(here)
        inner = entries(text, here)
    return found


def _resolve(words: tuple[str, ...], counts: Mapping[Path, int]) -> Path:
    """*words* with the number of the current entry behind each array of tables on the way."""
    path: Path = ()
    for word in words[:-1]:
        path = (*path, word)
        if path in counts:
            path = (*path, counts[path])
    return (*path, words[-1])


def _words(dotted: str) -> tuple[str, ...]:
    return tuple(_word(word) for word in _WORD.findall(dotted))


def _word(word: str) -> str:
    if word[0] == '"' and "\\" in word:
        return str(tomllib.loads(f"x = {word}")["x"])
    return word[1:-1] if word[0] in "\"'" else word


def _line_behind(text: str, position: int) -> int:
    return text.find("\n", position) + 1 or len(text)


def _after(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position


# Edits


REMOVED: Any = object()  # as a value: the key goes


def edited(text: str, at: Path, value: Any) -> str:
    """*text* with *value* at the path *at*, which is made where it is missing; `REMOVED` takes it out.

    A table that has no line of its own, as in `people.author = "X"`, goes with the last thing in it. Raises EditError,
    with nothing changed, where the path leads nowhere or no way leaves every other line as it was.
    """
    before = read_table(text)
    meant = changed(before, at, value)
    if value is REMOVED:
        _drop_empty(meant, at[:-1], text)
    if alike(meant, before):
        return text
    after = _spliced(text, at, value)
    if guarded(text, after, at, meant):
        return after
    raise EditError(
        f"cannot change {shown_path(at)} without disturbing other lines",
        hint="change it in the file by hand; `citekit edit` checks it afterwards",
    )


def read_table(text: str) -> dict[str, Any]:
    """The table of a TOML text. Raises EditError where it is none."""
    try:
        return read_toml("", text)
    except CitekitError as error:
        place = f" at line {error.where.line}, column {error.where.column}" if error.where and error.where.line else ""
        raise EditError(f"{error.message}{place}", hint="`citekit edit` opens the file") from error


def shown_path(at: Path) -> str:
    """The path as the command line writes it: entries counted from 1, odd names in quotation marks.

    >>> shown_path(("location", 0, "delo")), shown_path(("csl", "a.b"))
    ('location.1.delo', 'csl."a.b"')
    """
    return ".".join(str(step + 1) if isinstance(step, int) else _shown(step) for step in at)


def _shown(step: str) -> str:
    return step if re.fullmatch(r"[^\W\d][\w-]*", step) else f'"{step}"'


def changed(before: Mapping[str, Any], at: Path, value: Any) -> dict[str, Any]:
    """The table *before* with *value* at *at*, a copy. Raises EditError for a path through what is no table or list."""
    after: Any = copy.deepcopy(dict(before))
    here = after
    for step, following in pairwise(at):
        _check_step(here, step, at)
        empty: Any = [] if isinstance(following, int) else {}
        if isinstance(here, dict):
            here.setdefault(step, empty)
        elif step == len(here):
            here.append(empty)
        here = here[step]
    last: Any = at[-1]
    _check_step(here, last, at)
    if isinstance(here, list):
        here[last : last + 1] = [] if value is REMOVED else [value]
    elif value is REMOVED:
        here.pop(last, None)
    else:
        here[last] = value
    return dict(after)


def _check_step(here: Any, step: str | int, at: Path) -> None:
    if isinstance(step, str) and not isinstance(here, dict):
        raise EditError(f"{shown_path(at)} leads through something that is no table")
    if isinstance(step, int) and not (isinstance(here, list) and step <= len(here)):
        raise EditError(f"{shown_path(at)}: there is no entry {step + 1}")


def _drop_empty(table: Any, at: Path, text: str) -> None:
    """Takes the tables and lists on the way to *at* that are empty and have no place in *text* out of *table*."""
    headers = {part.path for part in statements(text) if not part.value}
    for depth in range(len(at), 0, -1):
        outer = reduce(getitem, at[: depth - 1], table)
        held = _chain(text, at[:depth])
        stands = at[:depth] in headers or (held and held[-1].path == at[:depth])
        if outer[at[depth - 1]] or stands:
            return
        del outer[at[depth - 1]]


def alike(one: Any, other: Any) -> bool:
    """Whether two TOML values are the same: `1` is neither `1.0` nor `true`, `nan` is `nan`, a time has its zone."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(alike(part, other[key]) for key, part in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(one == other) if isinstance(one, int) else str(one) == str(other)


def guarded(before: str, after: str, at: Path, meant: Mapping[str, Any]) -> bool:
    """Whether *after* holds what was meant and every line of *before* but those of the statements at *at*, in order."""
    try:
        if not alike(read_table(after), dict(meant)):
            return False
    except EditError:
        return False
    mine = _own_lines(before, at)
    end = _end(before)
    kept = [line for number, line in enumerate(_closed(before, end).split("\n")) if number not in mine]
    rest = iter((after if before.endswith("\n") else _closed(after, end)).split("\n"))
    return all(line in rest for line in kept) and _ends(after) <= (_ends(before) or {end})


def _own_lines(text: str, at: Path) -> set[int]:
    """The numbers, from 0, of the lines that a change at *at* may touch: its statement's, or those of all below it."""
    mine = [*_chain(text, at)[:1], *_below(text, at)]
    spans = [[text.count("\n", 0, place) for place in (part.whole[0], part.whole[1] - 1)] for part in mine]
    return {number for first, last in spans for number in range(first, last + 1)}


def _below(text: str, at: Path) -> list[Statement]:
    return [part for part in statements(text) if part.path[: len(at)] == at]


def _ends(text: str) -> set[str]:
    return set(re.findall(r"\r?\n", text))


def _end(text: str) -> str:
    """The line end that new lines get: that of the first one."""
    return "\r\n" if "\r\n" in text[: text.find("\n") + 1] else "\n"


def _closed(text: str, end: str) -> str:
    return text if not text or text.endswith("\n") else text + end


# Splices


def _spliced(text: str, at: Path, value: Any) -> str:
    held = _chain(text, at)
    if held and held[-1].path == at and value is not REMOVED:
        return _replaced(text, held[-1].value or held[-1].key, literal(value))
    if held and held[0].path != at:
        return _inside(text, next(part for part in reversed(held) if part.path != at), at, value)
    return _outside(text, at, value)


def _replaced(text: str, span: Span, new: str = "") -> str:
    return text[: span[0]] + new + text[span[1] :]


# in a list or an inline table


def _inside(text: str, around: Statement, at: Path, value: Any) -> str:
    """*text* without what is at *at* in the value of *around*, and with *value* there as its last entry."""
    parts = entries(text, around)
    for number in reversed(range(len(parts))):
        if parts[number].path[: len(at)] == at:
            text = _without(text, parts, number)
    return text if value is REMOVED else _with(text, around, _entry(at[len(around.path) :], value))


def _without(text: str, parts: list[Statement], number: int) -> str:
    """*text* without one of the entries *parts*, its comma, and its line with the comment where it has one alone."""
    start, end = parts[number].whole
    before = parts[number - 1].whole[1] if number else 0
    if number and "\n" not in text[before:start]:
        return _replaced(text, (before, end))
    end = _after(_COMMA, text, end)
    return _replaced(text, _alone(text, start, end) or (start, end))


def _with(text: str, around: Statement, new: str) -> str:
    """*text* with *new* behind the last entry of *around*; on a line of its own where that one has one."""
    parts = entries(text, around)
    if not parts:
        start, _ = around.value or around.key
        return _replaced(text, (start + 1, start + 1), new)
    start, end = parts[-1].whole
    behind = _after(_COMMA, text, end)
    lines = _alone(text, start, behind)
    if not lines:
        return _replaced(text, (end, end), f", {new}")
    first, last = lines
    line = text[first:start] + new + "," * (behind > end) + _end(text)
    return text[:end] + "," * (behind == end) + text[end:last] + line + text[last:]


def _alone(text: str, start: int, end: int) -> Span | None:
    """The whole lines from *start* to *end* where nothing but blanks and a comment shares them, else None."""
    first = text.rfind("\n", 0, start) + 1
    rest = _REST.match(text, end)
    return (first, rest.end()) if rest and not text[first:start].strip() else None


# in the file


def _outside(text: str, at: Path, value: Any) -> str:
    """*text* without the statements at and below *at*, and with *value* there; a table keeps the line of its header."""
    below = _below(text, at)
    others = [part for part in below if part.path != at]
    if value is REMOVED:
        return _cut(text, below)
    if len(others) == len(below) or not _is_table(value):
        return _added(_cut(text, below), at, value, _end(text))
    rest = _cut(text, others)
    return _put(rest, _below(rest, at)[0].whole[1], _pairs(value), _end(text))


def _cut(text: str, parts: Iterable[Statement]) -> str:
    for part in sorted(parts, key=lambda part: part.whole, reverse=True):
        text = _replaced(text, part.whole)
    return text


def _added(text: str, at: Path, value: Any, end: str) -> str:
    """*text* with *value* at *at*, where nothing is: a key behind the last one of its table, or a new table."""
    depth = max(n for n in range(len(at)) if not n or _below(text, at[:n]))  # so much of the path is there
    table, first = at[:depth], at[: depth + 1]
    new = _wrapped(at[depth + 1 :], value)
    if isinstance(first[-1], int) and not _is_table(new):
        raise EditError(f"{shown_path(first)} must be a table, as those before it", hint=f"{shown_path(first)}.NAME=…")
    if isinstance(first[-1], int) or (not table and _is_table(new)):
        lines = _block(first, _pairs(new))
    elif not table and isinstance(new, list) and new and all(map(_is_table, new)):
        lines = [line for number, one in enumerate(new) for line in _block((*first, number), _pairs(one))]
    elif home := _home(text, table):
        place, beginning = home
        return _put(text, place, [beginning + _entry(at[depth:], value)], end)
    else:
        lines = _block(table, [_entry(at[depth:], value)])
    return _put(text, _end_of_entry(text, table), lines, end)


def _home(text: str, table: Path) -> tuple[int, str] | None:
    """Where a line with a key of *table* can stand, and what it begins with: `people.` beside `people.author`."""
    depth = len(table)
    for part in reversed(statements(text)):
        words = [*_WORD.finditer(text, *part.key)]
        missing = depth - len(part.path) + len(words)  # words of a dotted key that name the table
        if part.value and part.path[:depth] == table and 0 <= missing < len(words):
            return part.whole[1], text[part.whole[0] : words[missing].start()]
        if not part.value and part.path == table:
            return part.whole[1], ""
    return None if table else (_top(text), "")


def _top(text: str) -> int:
    """Where the first key goes: above the first header, the comment on it and the blank lines before that."""
    headers = statements(text)[:1]
    above = _ABOVE.search(text[: headers[0].whole[0]]) if headers else None
    return above.start() if above else len(text)


def _end_of_entry(text: str, table: Path) -> int:
    """Where a new table inside of *table* goes: behind the entry that it is in, or to the end of the text."""
    depth = max((n for n, step in enumerate(table, 1) if isinstance(step, int)), default=0)
    return _below(text, table[:depth])[-1].whole[1] if depth else len(text)


def _put(text: str, place: int, lines: list[str], end: str) -> str:
    """*text* with whole *lines* at *place*, the start of a line or the end of the text; no second blank line."""
    head = _closed(text[:place], end)
    if lines[:1] == [""] and (not head or head.endswith(end * 2)):
        lines = lines[1:]
    return head + "".join(line + end for line in lines) + text[place:]


def _block(table: Path, lines: Iterable[str]) -> list[str]:
    words = ".".join(bare(step) for step in table if isinstance(step, str))
    return ["", f"[[{words}]]" if isinstance(table[-1], int) else f"[{words}]", *lines]


def _pairs(table: Mapping[str, Any]) -> list[str]:
    return [_entry((key,), value) for key, value in table.items()]


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping)


# New text


def _entry(steps: Path, value: Any) -> str:
    """*value* as an entry of a list, or with its key, which is dotted where more than one is missing."""
    names = [*takewhile(lambda step: isinstance(step, str), steps)]
    if not names:
        return literal(_wrapped(steps[1:], value))
    return ".".join(bare(str(name)) for name in names) + " = " + literal(_wrapped(steps[len(names) :], value))


def _wrapped(steps: Path, value: Any) -> Any:
    """*value* in the tables and lists that *steps* lead through."""
    for step in reversed(steps):
        value = [value] if isinstance(step, int) else {step: value}
    return value


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
