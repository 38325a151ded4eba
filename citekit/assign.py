"""Changes as people type them: `title=…`, `people.translator+=…`, `location.1.delo=…`, `abstract=`.

    assignment = step ["." (step | number)]... operator value
    step       = '"' sign... '"' | sign...     (quoted where it has . or = in it, or is a number and yet a name)
    operator   = "="   the value as text; nothing removes the field
               | "+="  one more entry of a list
               | "-="  that entry goes
               | ":="  the value as TOML writes it

Entries are counted from 1. `location.delo` means the only location there is. What is typed becomes NFC.

>>> read("location.1.delo=98")
Assignment(path=('location', 0, 'delo'), operator='=', value='98')
"""

from __future__ import annotations

import contextlib
import datetime
import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from citekit.edits import REMOVED, Path, edited, read_table, shown_path, value_at
from citekit.errors import CitekitError, UsageError, did_you_mean, nearest, read_toml
from citekit.patterns import pattern
from citekit.record import INNER, KNOWN, ROLES
from citekit.values import frozen

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

Operator: TypeAlias = Literal["=", "+=", "-=", ":="]

_STEP = r'\s*(?:"[^"]*"\s*|[^\s."=+:-][^."=]*?)'
_FORM = pattern(rf"({_STEP}(?:\.{_STEP})*)([+:-]?=)(.*)", re.S)
_NUMBER = pattern("[1-9][0-9]{0,3}")
_DAY = pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LISTS = ("location", "reprinted")  # tables of which there may be several
_DATES = (("date",), ("online", "accessed"))
_OPEN = ("people", "csl", "bibtex", "ris", "csv")  # tables that take any name


@frozen
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
    first, *steps = (step.strip() for step in re.findall(r'"[^"]*"|[^."]+', found[1]) if step.strip())
    path = (first.strip('"'), *(_step(step, found[1].strip()) for step in steps))
    return Assignment(path, cast("Operator", found[2]), unicodedata.normalize("NFC", found[3]))


def _step(step: str, path: str) -> str | int:
    if step == "0":
        raise UsageError(f"{path}: entries are counted from 1")
    return int(step) - 1 if _NUMBER.fullmatch(step) else step.strip('"')


def assigned(text: str, changes: Sequence[Assignment], levels: Collection[str] = ()) -> str:
    """The TOML *text* of a record with *changes* made one after the other, every other byte as it was.

    *levels* are the names that a location may have besides its own. Raises UsageError for a field that no record has,
    an entry that is not there and a value that does not fit, and what `edits.edited` raises.
    """
    for change in changes:
        table = read_table(text)
        path = _resolved(table, change.path)
        _check_known(table, path, levels)
        text = _OPERATORS[change.operator](text, path, value_at(table, path), change.value)
    return text


def _resolved(table: Mapping[str, Any], path: Path) -> Path:
    """The path with the number of the only entry put in or left out, as the record writes its tables."""
    name, *inner = path
    if name not in _LISTS or not inner:
        return path
    entries = table.get(str(name), [])
    if isinstance(entries, Mapping):  # [location] for the only one
        return (name, *inner[1:]) if inner[0] == 0 else path
    if isinstance(inner[0], int):
        return path
    if isinstance(entries, list) and len(entries) > 1:
        which = " or ".join(shown_path((name, number, *inner)) for number in range(min(3, len(entries))))
        raise UsageError(f"there are {len(entries)} tables {name}", hint=f"say which: {which}")
    return (name, 0, *inner)


def _check_known(table: Mapping[str, Any], path: Path, levels: Collection[str]) -> None:
    """Raises UsageError for a field that neither citekit knows nor the record has."""
    name, *inner = (step for step in path if isinstance(step, str))
    if name not in KNOWN and name not in table:
        others = f"one of {', '.join(sorted(KNOWN))}; others are written in the file by hand, and kept"
        raise UsageError(f"no field {name!r}", hint=did_you_mean(name, KNOWN) or others)
    if not inner or value_at(table, path[: path.index(inner[0], 1) + 1]) is not None:
        return
    if name == "people" and inner[0] not in ROLES and nearest(inner[0], ROLES, cutoff=0.85):
        raise UsageError(f"no citation prints the role {inner[0]!r}", hint=did_you_mean(inner[0], ROLES))
    known = {*INNER.get(name, ()), *(levels if name == "location" else ())}
    if known and inner[0] not in known:
        hint = did_you_mean(inner[0], known) or f"one of {', '.join(INNER[name])}"
        raise UsageError(f"no field {inner[0]!r} in {name}", hint=hint)


# The operators: the text, where, what stands there, and the value as it was typed; each gives the new text


def _set(text: str, path: Path, old: Any, value: str) -> str:
    if not value and old is None:
        raise UsageError(f"there is no {shown_path(path)} to remove")
    if not value:
        return edited(text, path, REMOVED)
    _check_no_table(path, old)
    if isinstance(old, list) and any(isinstance(one, Mapping) for one in old):
        shown = shown_path(path)
        raise UsageError(f"{shown} holds tables", hint=f"{shown}.1.NAME=… changes the first, {shown}:=… all as TOML")
    new = _typed(value, path, old)
    return edited(text, path, [new] if _is_list(path) else new)


def _set_toml(text: str, path: Path, old: Any, value: str) -> str:
    try:
        found = read_toml("", f"x = {value}")
    except CitekitError as error:
        why = error.message.removeprefix("not TOML: ")
        hint = f"""{shown_path(path)}:='["Japan", "Korea"]'"""
        raise UsageError(f"{value!r} is no TOML value: {why}", hint=hint) from error
    if found.keys() != {"x"}:
        raise UsageError(f"{value!r} is more than one TOML value")
    return edited(text, path, found["x"])


def _add(text: str, path: Path, old: Any, value: str) -> str:
    shown = shown_path(path)
    _check_no_table(path, old)
    if not value:
        raise UsageError(f"{shown}+= adds nothing", hint=f"{shown}+=VALUE")
    if isinstance(old, list):
        return edited(text, (*path, len(old)), value)
    return edited(text, path, [*_listed(path, old), value])


def _take(text: str, path: Path, old: Any, value: str) -> str:
    shown = shown_path(path)
    entries = [unicodedata.normalize("NFC", one) if isinstance(one, str) else one for one in _listed(path, old)]
    if value not in entries:
        said = ", ".join(repr(one) for one in entries if isinstance(one, str))
        hint = f"it has {said or 'nothing'}" if said or not entries else f"{shown}.1= removes its first entry"
        raise UsageError(f"{shown} has no entry {value!r}", hint=hint)
    return edited(text, path if len(entries) == 1 else (*path, entries.index(value)), REMOVED)


_OPERATORS: Mapping[Operator, Callable[[str, Path, Any, str], str]] = MappingProxyType(
    {"=": _set, ":=": _set_toml, "+=": _add, "-=": _take}
)


def _is_list(path: Path) -> bool:
    return path == ("tags",) or (len(path) == 2 and path[0] == "people")


def _listed(path: Path, old: Any) -> list[Any]:
    """The entries of a list, of which there may be one or none yet. Raises UsageError for what is no list."""
    if old is not None and not isinstance(old, list) and not _is_list(path):
        raise UsageError(f"{shown_path(path)} is no list", hint=f"{shown_path(path)}=… sets it")
    return old if isinstance(old, list) else [] if old is None else [old]


def _check_no_table(path: Path, old: Any) -> None:
    """Raises UsageError where a table stands or belongs: a text cannot take its place."""
    shown = shown_path(path)
    if isinstance(old, Mapping) or (len(path) == 1 and path[0] in (*INNER, *_OPEN)):
        raise UsageError(f"{shown} is a table", hint=f"name a field in it: {shown}.NAME=…, or {shown}:=… as TOML")


def _typed(value: str, path: Path, old: Any) -> Any:
    """The value in the type that the field has: a day is a TOML date, a number stays one."""
    if path in _DATES and _DAY.fullmatch(value):
        with contextlib.suppress(ValueError):  # reading the record says what is wrong with the day
            return datetime.date.fromisoformat(value)
    if isinstance(old, int | float):
        with contextlib.suppress(CitekitError):
            found = read_toml("", f"x = {value}")
            return found["x"] if found.keys() == {"x"} and isinstance(found["x"], int | float) else value
    return value
