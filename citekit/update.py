"""What an import newly says, put into the text of the record that is there.

The values of the import win; what only the record has stays, and so do comments, order and every other byte, for each
change is spliced in (`edits`). Tables are gone through field by field, `[[location]]` and `[[reprinted]]` entry by
entry. What is the same in another dress is no news: a day as text, a person whom the record writes more fully. A
shelfmark is one value: where the import names another, no level of the old one is left between the new ones.

>>> print(updated('title = "A"  # mine\\ndate = 1949-07-04\\n', {"title": "B", "date": "1949-07-04"}), end="")
title = "B"  # mine
date = 1949-07-04
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from citekit import names
from citekit.edits import REMOVED, Path, edited, read_table
from citekit.errors import ParseError

Changes: TypeAlias = Iterator[tuple[Path, Any]]

_REPRINT = ("text", "pages")


def updated(text: str, table: Mapping[str, Any], levels: Collection[str] = ()) -> str:
    """The TOML *text* of a record with what *table* says that it does not; the same text where that is nothing.

    *levels* are the names that the levels of shelfmarks have. Raises EditError where a change cannot be made without
    disturbing other lines.
    """
    for at, value in _changes(read_table(text), table, levels):
        text = edited(text, at, value)
    return text


def _changes(old: Mapping[str, Any], new: Mapping[str, Any], levels: Collection[str]) -> Changes:
    one_value = {"location": {"archive", "shelfmark", *levels}, "reprinted": {*_REPRINT}}
    for name, value in new.items():
        if name in one_value and name in old:
            yield from _entries(old[name], value, name, one_value[name])
        elif name == "people" and isinstance(value, Mapping) and isinstance(old.get(name), Mapping):
            for role, people in value.items():
                there = _listed(old[name].get(role, []))
                known = [
                    next((one for one in there if _is_same_person(one, person)), person) for person in _listed(people)
                ]
                yield from _field(old[name].get(role), known, (name, role))
        else:
            yield from _field(old.get(name), value, (name,))


def _field(old: Any, new: Any, at: Path) -> Changes:
    """The changes that make *old*, None where there is nothing, say what *new* says."""
    if isinstance(new, Mapping) and (isinstance(old, Mapping) or (old is None and len(at) == 1)):
        for name, value in new.items():
            yield from _field((old or {}).get(name), value, (*at, name))
    elif isinstance(new, list) and isinstance(old, list):
        yield from _list(old, new, at)
    elif not _is_same(old, new) and not (isinstance(new, list) and len(new) == 1 and _is_same(old, new[0])):
        yield at, new


def _list(old: list[Any], new: list[Any], at: Path) -> Changes:
    """Entries go and come at the end where that is enough, so that the others keep their lines."""
    going = [number for number, one in enumerate(old) if not any(_is_same(one, other) for other in new)]
    kept = [one for number, one in enumerate(old) if number not in going]
    if kept and _is_same(kept, new[: len(kept)]):
        yield from (((*at, number), REMOVED) for number in reversed(going))
        yield from (((*at, number), new[number]) for number in range(len(kept), len(new)))
    elif not _is_same(old, new):
        yield at, new


def _entries(old: Any, new: Any, name: str, one_value: Collection[str]) -> Changes:
    """The changes of the tables called *name*, in their order; the record may have one without a number."""
    there, entries = _listed(old), _listed(new)
    if not all(isinstance(one, Mapping) for one in (*there, *entries)):  # no record has these
        yield from _field(old, new, (name,))
        return
    for number, entry in enumerate(entries):
        at: Path = (name,) if isinstance(old, Mapping) and not number else (name, number)
        if number < len(there):
            yield from _entry(there[number], entry, at, one_value)
        else:
            yield at, entry


def _entry(old: Mapping[str, Any], new: Mapping[str, Any], at: Path, one_value: Collection[str]) -> Changes:
    mine, theirs = ({name for name in table if name in one_value} for table in (old, new))
    in_words = {"shelfmark"}
    if theirs & in_words and mine - {"archive"} - in_words:  # the record has the levels of what the import has in words
        new = {name: value for name, value in new.items() if name not in in_words}
        theirs -= in_words
    other = any(not _is_same(old[name], new[name]) for name in mine & theirs)
    going = mine - theirs if other else mine & in_words if theirs - {"archive"} else set()
    yield from (((*at, name), REMOVED) for name in old if name in going and name not in theirs)
    for name, value in new.items():
        yield from _field(old.get(name), value, (*at, name))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _is_same(one: Any, other: Any) -> bool:
    """Whether two values say the same: a day as TOML's own or as text, a number as figures, in any normal form."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_is_same(part, other[name]) for name, part in one.items())
    if isinstance(one, Sequence) and isinstance(other, Sequence) and not isinstance(one, str):
        return not isinstance(other, str) and len(one) == len(other) and all(map(_is_same, one, other))
    if isinstance(one, Mapping | list) or isinstance(other, Mapping | list) or None in (one, other):
        return one is other
    return unicodedata.normalize("NFC", str(one)) == unicodedata.normalize("NFC", str(other))


def _is_same_person(one: Any, other: Any) -> bool:
    try:
        return names.same_person(_name(one), _name(other))
    except ParseError:
        return _is_same(one, other)


def _name(entry: Any) -> names.Name:
    return names.from_table(entry) if isinstance(entry, Mapping) else names.parse(str(entry))
