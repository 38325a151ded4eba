"""Changes as people type them: `title=…`, `people.translator+=…`, `location.1.delo=…`, `abstract=`.

    assignment = field ["." field | "." number]... operator value
    operator   = "="   the value as text; nothing removes the field
               | "+="  one more entry of a list
               | "-="  that entry goes
               | ":="  the value as TOML writes it

Entries are counted from 1. `location.delo` means the only location there is.

>>> read("location.1.delo=98")
Assignment(path=('location', 0, 'delo'), operator='=', value='98')
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from citekit.edits import REMOVED, edited, shown_path
from citekit.errors import UsageError, did_you_mean, nearest
from citekit.record import INNER, KNOWN, ROLES

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

Path: TypeAlias = tuple[str | int, ...]
Operator: TypeAlias = Literal["=", "+=", "-=", ":="]

_FORM = re.compile(r"""((?:"[^"]*"|[^="])+?)\s*([+:-]?=)(.*)""", re.S)
_STEP = re.compile(r'"([^"]*)"|([^."]+)')
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LISTS = ("location", "reprinted")  # tables of which there may be several
_DATES = (("date",), ("online", "accessed"))
_OPEN = ("people", "csl", "bibtex")  # tables that take any name


@dataclass(frozen=True, slots=True)
class Assignment:
    """One change: where, how, and the value as it was typed."""

    path: Path
    operator: Operator
    value: str


def read(word: str) -> Assignment:
    """Reads one assignment. Raises UsageError for what is none."""
    found = _FORM.fullmatch(word)
    if not found:
        hint = "a change is FIELD=VALUE: title='Memorandum', date=1945-11-19, people.translator+='Goldberg, Gary'"
        raise UsageError(f"{word!r} changes nothing", hint=hint)
    path: Path = ()
    for quoted, plain in _STEP.findall(found[1]):
        step = quoted or plain.strip()
        path = (*path, int(step) - 1 if path and plain and re.fullmatch("[1-9][0-9]{0,3}", step) else step)
    return Assignment(path, cast("Operator", found[2]), found[3])


def assigned(text: str, changes: Sequence[Assignment], levels: Collection[str] = ()) -> str:
    """The TOML *text* of a record with *changes* made one after the other, every other byte as it was.

    *levels* are the names that a location may have besides its own. Raises UsageError for a field that no record has,
    an entry that is not there and a value that does not fit, and what `edits.edited` raises.
    """
    for change in changes:
        table = tomllib.loads(text)
        path = _resolved(table, change.path)
        _known(table, path, levels)
        text = _made(text, table, path, change)
    return text


def _resolved(table: Mapping[str, Any], path: Path) -> Path:
    """The path with the number of the only entry put in where a list of tables is named without one."""
    if len(path) < 2 or path[0] not in _LISTS or isinstance(path[1], int):
        if len(path) > 1 and path[1] == 0 and isinstance(table.get(str(path[0])), Mapping):
            return (path[0], *path[2:])  # [location] for the only one
        return path
    entries = table.get(str(path[0]), [])
    if isinstance(entries, Mapping):
        return path
    if isinstance(entries, list) and len(entries) > 1:
        which = " or ".join(shown_path((path[0], number, *path[1:])) for number in range(min(3, len(entries))))
        raise UsageError(f"there are {len(entries)} tables {path[0]}", hint=f"say which: {which}")
    return (path[0], 0, *path[1:])


def _known(table: Mapping[str, Any], path: Path, levels: Collection[str]) -> None:
    """Raises UsageError for a field that neither citekit knows nor the record has."""
    names = [step for step in path if isinstance(step, str)]
    if names[0] not in KNOWN and names[0] not in table:
        raise UsageError(f"no field {names[0]!r}", hint=did_you_mean(names[0], KNOWN) or _fields_hint())
    if len(names) < 2 or names[0] in _OPEN or names[0] not in INNER:
        near = did_you_mean(names[1], ROLES) if names[0] == "people" and len(names) > 1 else ""
        if near and names[1] not in ROLES and names[1] not in table.get("people", {}) and _slip(names[1]):
            raise UsageError(f"no citation prints the role {names[1]!r}", hint=near)
        return
    known = {*INNER[names[0]], *(levels if names[0] == "location" else ())}
    if names[1] not in known and _value(table, path) is None:
        hint = did_you_mean(names[1], known) or f"one of {', '.join(INNER[names[0]])}"
        raise UsageError(f"no field {names[1]!r} in {names[0]}", hint=hint)


def _slip(role: str) -> bool:
    return bool(nearest(role, ROLES, cutoff=0.85))


def _fields_hint() -> str:
    return f"one of {', '.join(sorted(KNOWN))}; others are written in the file by hand, and kept"


def _value(table: Any, path: Path) -> Any:
    """What stands at *path*, or None."""
    for step in path:
        try:
            table = table[step]
        except (LookupError, TypeError):
            return None
    return table


def _made(text: str, table: Mapping[str, Any], path: Path, change: Assignment) -> str:
    old = _value(table, path)
    shown = shown_path(path)
    if change.operator == ":=":
        return edited(text, path, _toml(change.value, shown))
    if change.operator == "=" and not change.value:
        if old is None:
            raise UsageError(f"there is no {shown} to remove")
        return edited(text, path, REMOVED)
    listed = _is_list(path)
    if change.operator == "=":
        if isinstance(old, Mapping) or (isinstance(old, list) and any(isinstance(one, Mapping) for one in old)):
            raise UsageError(f"{shown} is a table", hint=f"name a field in it: {shown}.NAME=…, or {shown}:=… as TOML")
        value = _typed(change.value, path, old)
        return edited(text, path, [value] if listed else value)
    if old is not None and not isinstance(old, list) and not listed:
        raise UsageError(f"{shown} is no list", hint=f"{shown}=… sets it")
    entries = old if isinstance(old, list) else [] if old is None else [old]
    if change.operator == "-=":
        return _without(text, path, old, change.value, shown)
    if isinstance(old, list):
        return edited(text, (*path, len(old)), change.value)
    return edited(text, path, [*entries, change.value])


def _without(text: str, path: Path, old: Any, value: str, shown: str) -> str:
    entries = old if isinstance(old, list) else [old]
    if value not in entries:
        said = ", ".join(repr(one) for one in entries if isinstance(one, str)) if old else "nothing"
        raise UsageError(f"{shown} has no entry {value!r}", hint=f"it has {said}")
    if len(entries) == 1:
        return edited(text, path, REMOVED)
    return edited(text, (*path, entries.index(value)), REMOVED)


def _is_list(path: Path) -> bool:
    return path == ("tags",) or (len(path) == 2 and path[0] == "people")


def _typed(value: str, path: Path, old: Any) -> Any:
    """The value in the type that the field has: a day is a TOML date, a number stays one."""
    if path in _DATES and _DAY.fullmatch(value):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            return value  # reading the record says what is wrong with it
    if isinstance(old, int | float):
        try:
            found = tomllib.loads(f"x = {value}")
        except tomllib.TOMLDecodeError:
            return value
        return found["x"] if found.keys() == {"x"} and isinstance(found["x"], int | float) else value
    return value


def _toml(value: str, shown: str) -> Any:
    try:
        found = tomllib.loads(f"x = {value}")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(
            f"{shown}: {value!r} is no TOML value: {error}", hint='tags:=\'["Japan", "Korea"]\''
        ) from error
    if found.keys() != {"x"}:
        raise UsageError(f"{shown}: {value!r} is more than one TOML value")
    return found["x"]
