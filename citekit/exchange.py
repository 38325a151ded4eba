"""What travels with a record through another program: the rest that a format has no field for, and what is lost there.

The entry that a format writes is read back by the function that reads anybody's. Where that reading says other than the
record, the difference goes into one field more, `citekit`, which other programs ignore: a list of changes that make the
record of the reading. Each says what it takes the place of, so that what was edited over there meanwhile stays edited.

>>> found = changes({"title": "A", "number": "7"}, {"title": "A", "type": "letter"})
>>> encode(found)
'[["number","7"],["type",null,"letter"]]'
>>> restored({"title": "B", "type": "letter"}, decode(encode(found)))
{'title': 'B', 'number': '7'}
"""

from __future__ import annotations

import datetime
import json
import math
import re
import tomllib
import unicodedata
import zlib
from typing import TYPE_CHECKING, Any, TypeAlias

from citekit.errors import ParseError, UsageError, is_too_deep
from citekit.locators import format_ranges, in_one_spelling
from citekit.locators import parse as parse_leaves
from citekit.patterns import pattern
from citekit.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

REST = "citekit"  # the name of the field
Path: TypeAlias = tuple[str | int, ...]  # where a value is in the table of a record
Change: TypeAlias = list[Any]  # [path, value] where the reading has nothing, else [path, value, was]; None: nothing


@frozen
class Options:
    """How records are written: for the program *target*, "" for any; in *ascii*, for programs of one byte a letter."""

    target: str = ""
    ascii: bool = False


ANY = Options()


@frozen
class Loss:
    """A value of the record *key* that no program will see but citekit: its *path* in the record, and its words."""

    key: str
    path: str
    words: str


@frozen
class Written:
    """Records in a format, and what it cannot hold."""

    text: str
    losses: tuple[Loss, ...] = ()


def changes(table: Mapping[str, Any], read: Mapping[str, Any]) -> list[Change]:
    """What makes the record's *table* of what the entry's *read* gives."""
    return [*_of_tables(table, read, ())]


def _of_tables(table: Mapping[str, Any], read: Mapping[str, Any], at: Path) -> Iterator[Change]:
    for name in sorted({*table, *read}):  # in one order, whatever that of the record's file is
        if name not in table:
            yield [_path((*at, name)), None, _was(read[name])]
        elif name not in read:
            yield [_path((*at, name)), _to_json(table[name])]
        elif not (isinstance(table[name], str) and table[name] == read[name]):  # most are texts, and the same
            yield from _changes(table[name], read[name], (*at, name))


def _changes(table: Any, read: Any, at: Path) -> Iterator[Change]:
    if isinstance(table, dict) and isinstance(read, dict):
        yield from _of_tables(table, read, at)
    elif _are_tables(table) and _are_tables(read):
        for number, (one, other) in enumerate(zip(table, read, strict=False)):
            yield from _changes(one, other, (*at, number))
        for number in range(len(read), len(table)):
            yield [_path((*at, number)), _to_json(table[number])]
        for number in reversed(range(len(table), len(read))):  # from the end, so that the others keep their numbers
            yield [_path((*at, number)), None, _was(read[number])]
    elif not _same(table, read):
        yield [_path(at), _to_json(table), _was(read)]


def _are_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _same(one: object, other: object) -> bool:
    if one != other:
        return False
    simple = type(one) is type(other) and isinstance(one, str | datetime.date)
    return simple or repr(_to_json(one)) == repr(_to_json(other))  # 1 is not True, nor 1.0


_SUMMED = 80  # signs; what a note in words takes the place of need not be said in full


def _was(value: Any) -> Any:
    """What a change takes the place of: the value, or where that is long its sum."""
    found = _to_json(value)
    written = repr(found)
    return found if len(written) <= _SUMMED else {"crc32": f"{zlib.crc32(written.encode(errors='surrogatepass')):08x}"}


def restored(read: Mapping[str, Any], changed: Iterable[Change]) -> dict[str, Any]:
    """What the entry's *read* gives, with the changes that still fit: those whose place holds what it held then."""
    table: dict[str, Any] = _copied(read)
    for path, value, *was in changed:
        _change(table, [*path.split(".")] if isinstance(path, str) else path, value, was[0] if was else None)
    return table


def _change(table: Any, path: list[str | int], value: Any, was: Any) -> None:
    *outer, last = path
    for name in outer:
        if isinstance(table, dict) and str(name) in table:
            table = table[str(name)]
        elif isinstance(table, list) and _number(name) < len(table):
            table = table[_number(name)]
        else:
            return
    if isinstance(table, dict):
        if not _held(table.get(str(last)), was):
            return
        if value is None:
            del table[str(last)]
        else:
            table[str(last)] = _from_json(value)
    elif isinstance(table, list) and (number := _number(last)) <= len(table):
        there = table[number] if number < len(table) else None
        if _held(there, was):
            table[number : number + 1] = [] if value is None else [_from_json(value)]


def _held(there: Any, was: Any) -> bool:
    return repr(_was(there)) == repr(was)


def _number(name: str | int) -> int:
    return int(name) if str(name).isdecimal() and len(str(name)) < 9 else 10**9


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copied(part) for name, part in value.items()}
    return [_copied(part) for part in value] if isinstance(value, list) else value


# A path is words parted by full stops, or a list where a word has one of its own

_WORDS = pattern(r"[^.\s]+")


def _path(at: Path) -> str | list[str | int]:
    words = [str(name) for name in at]
    return ".".join(words) if all(_WORDS.fullmatch(word) for word in words) else list(at)


# What TOML has and JSON has not is {"$": "its TOML"}; a table with a key "$" is in such a table of its own


def _to_json(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        table = {name: _to_json(value[name]) for name in sorted(value)}
        return {"$": table} if "$" in table else table
    if isinstance(value, list | tuple):
        return [_to_json(part) for part in value]
    if isinstance(value, datetime.date | datetime.time):
        return {"$": value.isoformat()}
    if isinstance(value, float) and not math.isfinite(value):
        return {"$": str(value)}
    return value


def _from_json(value: Any) -> Any:
    if isinstance(value, list):
        return [_from_json(part) for part in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"$"} and isinstance(value["$"], str):
        return tomllib.loads(f"value = {value['$']}")["value"]
    table = value["$"] if set(value) == {"$"} and isinstance(value["$"], dict) else value
    return {name: _from_json(part) for name, part in table.items()}


# The field


def encode(changed: list[Change], *, ascii: bool = False) -> str:
    """The changes as one line that no format takes for its own signs: JSON, in which every other sign than letters,
    figures, single spaces and ``[]",:.;()/-'?!`` is `+` and its bytes of UTF-8 in two hexadecimal figures each. With
    *ascii* letters of other alphabets are written so too. Empty where nothing changes."""
    if not changed:
        return ""
    text = json.dumps(changed, ensure_ascii=False, separators=(",", ":"))
    line = (_NOT_ASCII if ascii else _UNSAFE).sub(_in_bytes, text)
    # letters that a program would write otherwise (NFC) must not change on the way
    return line if ascii or unicodedata.is_normalized("NFC", line) else encode(changed, ascii=True)


_SIGNS = r"""(?<= ) |[^\w \[\]",:.;()/'?!-]|_"""
_UNSAFE, _NOT_ASCII = pattern(_SIGNS), pattern(_SIGNS, re.ASCII)
_BYTES = pattern(r"(?:\+[0-9A-F]{2})+")


def _in_bytes(match: re.Match[str]) -> str:
    return "".join(f"+{byte:02X}" for byte in match[0].encode())


def decode(line: str) -> list[Change]:
    """The changes that *line* holds; a program may have broken it into several. Raises ParseError."""
    try:
        text = _BYTES.sub(lambda match: bytes.fromhex(match[0].replace("+", "")).decode(), " ".join(line.split()))
        return checked(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise _spoilt(line) from error


def checked(found: object) -> list[Change]:
    """The changes that a format of lists and tables holds without encoding. Raises ParseError for what are none."""
    try:
        if is_too_deep(found) or not isinstance(found, list) or not all(_is_change(one) for one in found):
            raise ValueError
        _from_json(found)  # a date that is none
    except ValueError as error:
        raise _spoilt(str(found)[:100]) from error
    return found


def _spoilt(line: str) -> ParseError:
    return ParseError(f"the field {REST!r} is not as citekit wrote it", line[:100], (0, min(1, len(line))))


def _is_change(one: object) -> bool:
    return (
        isinstance(one, list)
        and len(one) in (2, 3)
        and (isinstance(one[0], str) or (isinstance(one[0], list) and all(isinstance(n, str | int) for n in one[0])))
        and bool(one[0])
    )


def in_ascii(key: str, text: str) -> str:
    """*text*, of the record *key*, for a format that can escape no letter. Raises UsageError with a letter that is not
    of ASCII."""
    letter = next((sign for sign in text if not sign.isascii()), "")
    if letter:
        name = f"{letter!r} (U+{ord(letter):04X} {unicodedata.name(letter, '')}".strip() + ")"
        raise UsageError(f"{key}: ASCII has no letter {name}", hint="leave out --ascii: the format is UTF-8")
    return text


# What is lost


def losses(key: str, changed: Iterable[Change], said: str) -> list[Loss]:
    """The changes whose words are not in the text *said* either, in which other programs have the entry."""
    said = _folded(said)
    found = []
    for path, value, *_ in changed:
        for name, texts in _named(path if isinstance(path, str) else ".".join(map(str, path)), value):
            words = [text for text in texts if not (_is_in(text, said) or _are_leaves(name, text, said))]
            if words:
                found.append(Loss(key, name, "; ".join(words)))
    return found


def _named(path: str, value: Any) -> Iterator[tuple[str, list[str]]]:
    """The texts of a value under the name of each of its parts; a person is one text, a list stays together."""
    if isinstance(value, dict) and not set(value) & {"family", "given", "$"}:
        for name, part in value.items():
            yield from _named(f"{path}.{name}", part)
    elif _are_tables(value) and not any(set(one) & {"family", "given", "name", "$"} for one in value):
        for number, part in enumerate(value):
            yield from _named(f"{path}.{number}", part)
    else:
        yield path, [*_texts(value)]


def _is_in(words: str, said: str) -> bool:
    """Whether *words* are there: as they stand, or a name's parts turned round."""
    family, _, given = words.partition(", ")
    turned = (f"{given} {family}", f"{family} {given}") if given else ()
    return any(_folded(text) in said for text in (words, *turned))


def _are_leaves(path: str, words: str, said: str) -> bool:
    """Whether *words* are leaves of a location that are there in another spelling: "12 об.–13" is "12ob.-13"."""
    if not path.startswith("location."):
        return False
    try:
        leaves = format_ranges(parse_leaves(words).ranges, verso="v")
    except ParseError:
        return False
    return bool(re.search(rf"(?<!\w){re.escape(leaves.casefold())}(?!\w)", in_one_spelling(said)))


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def texts(value: Any) -> str:
    """The words of a value and of its parts, a line each: what a program that has it can show."""
    return "\n".join(_texts(value))


def _texts(value: Any) -> Iterator[str]:
    """The words of a value, one text after the other."""
    if isinstance(value, dict):
        if set(value) & {"family", "given"}:
            yield ", ".join(str(value[part]) for part in ("family", "given") if value.get(part))
        for name, part in value.items():
            if name not in ("family", "given", "order"):  # the order shows in how the name is said
                yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif value not in (None, ""):
        yield str(value).lower() if isinstance(value, bool) else str(value)
