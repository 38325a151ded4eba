"""What goes into the press and what comes out: items as CSL has them, citations, and the result.

An `Item` is CSL-JSON with its names and dates as values. `to_json` and `from_json` go both ways without loss, for
fields that CSL does not know too.

Source: the CSL-JSON schema `csl-data.json` of citation-style-language/schema, version 1.0.2.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any, Literal

from citekit.errors import ParseError
from citekit.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from citekit.markup import Text

# Variables of CSL 1.0.2 that hold names (specification, appendix IV)
NAME_VARIABLES = frozenset(
    (
        "author chair collection-editor compiler composer container-author contributor curator director "
        "editor editor-translator editorial-director executive-producer guest host illustrator "
        "interviewer narrator organizer original-author performer producer recipient reviewed-author "
        "script-writer series-creator translator"
    ).split()
)
DATE_VARIABLES = frozenset("accessed available-date event-date issued original-date submitted".split())
_NAME_KEYS = {
    "family": "family",
    "given": "given",
    "literal": "literal",
    "suffix": "suffix",
    "dropping-particle": "dropping_particle",
    "non-dropping-particle": "non_dropping_particle",
}


@frozen
class Name:
    """A name as CSL has it: a person by parts, or a body by *literal*. *more* holds any other key."""

    family: str = ""
    given: str = ""
    literal: str = ""
    suffix: str = ""
    dropping_particle: str = ""
    non_dropping_particle: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Name) and (
            self.family == other.family
            and self.given == other.given
            and self.literal == other.literal
            and self.suffix == other.suffix
            and self.dropping_particle == other.dropping_particle
            and self.non_dropping_particle == other.non_dropping_particle
            and self.more == other.more
        )

    def __hash__(self) -> int:
        return hash((self.family, self.given, self.literal))


@frozen
class Date:
    """A date as CSL has it: one or two points of one to three whole numbers (year, month, day; a month 21 to 24 is a
    season). *more* holds `raw`, `circa`, `literal`, `season` and any other key."""

    parts: tuple[tuple[int, ...], ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Date) and self.parts == other.parts and self.more == other.more

    def __hash__(self) -> int:
        return hash(self.parts)


@frozen
class Item:
    """One thing that can be cited. *fields* maps CSL variables to text, numbers, names or a date."""

    id: str
    type: str
    fields: Mapping[str, Any] = field(default_factory=dict)

    def get(self, variable: str) -> Any:
        """The value of *variable*, or None."""
        return self.fields.get(variable)


@frozen
class CiteRequest:
    r"""One work inside a citation. *label* is a CSL locator type, *locator* the text to print after it; its hyphens
    become the style's dash, but for those written as ``\-``.

    *word* stands where a style prints its term for the label, "l." for "fol."; "" leaves it to the style. *instead* are
    variables of the item that are other in this cite, each of them one that the item has.

    *position* (first, subsequent, ibid, ibid-with-locator) and *near* say where the cite stands for those who know
    better than the order of the citations; "" leaves it to the processor. *mode* is "author-only" for the names alone,
    "suppress-author" for the cite without them.
    """

    id: str
    locator: str = ""
    label: str = "page"
    prefix: str = ""
    suffix: str = ""
    position: Literal["", "first", "subsequent", "ibid", "ibid-with-locator"] = ""
    near: bool = False
    mode: Literal["", "author-only", "suppress-author"] = ""
    word: str = ""
    instead: Mapping[str, str] = field(default_factory=dict, hash=False)


@frozen
class Citation:
    """What stands in one place of a text. *note* is its number among all the notes of the text, 0 outside of notes."""

    note: int
    cites: tuple[CiteRequest, ...]


@frozen
class Result:
    """A processed document: a text for each citation, the bibliography in the style's order, and what went wrong."""

    notes: tuple[Text, ...]
    bibliography: tuple[tuple[str, Text], ...] = ()
    warnings: tuple[str, ...] = ()


def to_json(item: Item) -> dict[str, Any]:
    """The item as a CSL-JSON object, `id` and `type` first, the rest in the item's order."""
    return {"id": item.id, "type": item.type} | {key: _value(value) for key, value in item.fields.items()}


def _value(value: Any) -> Any:
    if isinstance(value, Date):
        return ({"date-parts": [list(point) for point in value.parts]} if value.parts else {}) | dict(value.more)
    if isinstance(value, tuple):
        return [_name(name) for name in value]
    return value


def _name(name: Name) -> dict[str, Any]:
    written = {key: getattr(name, attribute) for key, attribute in _NAME_KEYS.items()}
    return {key: value for key, value in written.items() if value} | dict(name.more)


def read_items(text: str | bytes) -> list[Item]:
    """The items of a CSL-JSON text: an array, an object with the array in `items`, or one item.

    Raises ParseError where it is no JSON, and where one of them is no object.

    >>> [item.id for item in read_items('[{"id": "x", "type": "book"}, {"id": "y", "type": "map"}]')]
    ['x', 'y']
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8-sig")
    people: dict[tuple[tuple[str, str], ...], Name] = {}
    with uncollected():
        entries = read_entries(text)
        if not all(isinstance(entry, dict) for entry in entries):
            raise ParseError("CSL-JSON is an object or an array of objects", text, (0, 1))
        return [_item(entry, people) for entry in entries]


def read_entries(text: str) -> list[Any]:
    """What stands in a CSL-JSON text: an array, the array in an object's `items`, or one object. Raises ParseError."""
    import json

    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise ParseError(f"not JSON: {error.msg}", text, (error.pos, error.pos + 1)) from error
    except RecursionError as error:
        raise ParseError("not JSON that can be read: nested too deep", text, (0, 1)) from error
    entries = found.get("items", [found]) if isinstance(found, dict) else found
    if not isinstance(entries, list):
        raise ParseError("CSL-JSON is an object or an array of objects", text, (0, 1))
    return entries


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Puts Python's search for garbage in cycles off: much is made here that all stays, and the search looks again and
    again at all of it, a tenth of the time for ten thousand items.

    Where much was made all of it counts as old afterwards, or the search would begin with it, another twentieth of the
    time. Old garbage waits for a search of everything; every eighth time that is made here.
    """
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            if gc.get_count()[0] > _MUCH and not gc.get_freeze_count():  # else somebody keeps things from the search
                gc.freeze()
                gc.unfreeze()
                if not next(_AGED) % 8:
                    gc.collect()
            gc.enable()


_MUCH = 100_000  # objects
_AGED = itertools.count(1)


def from_json(table: Mapping[str, Any]) -> Item:
    """Reads a CSL-JSON object. What has not the form CSL asks for stays as it is, in `fields`.

    >>> to_json(from_json({"id": 1, "type": "book", "author": [{"family": "Doe"}]}))
    {'id': '1', 'type': 'book', 'author': [{'family': 'Doe'}]}
    """
    return _item(table, {})


def _item(table: Mapping[str, Any], people: dict[tuple[tuple[str, str], ...], Name]) -> Item:
    """The item; one person is one name in all items that share *people*."""
    fields: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, str):
            pass
        elif key in NAME_VARIABLES and isinstance(value, list) and all(isinstance(name, _TABLES) for name in value):
            value = tuple([_person(name, people) for name in value])
        elif key in DATE_VARIABLES and isinstance(value, _TABLES):
            value = _read_date(value)
        fields[key] = value
    return Item(str(fields.pop("id", "")), str(fields.pop("type", "")), fields)


_TABLES = (dict, Mapping)  # to ask for the first is quicker


def _person(table: Mapping[str, Any], people: dict[tuple[tuple[str, str], ...], Name]) -> Name:
    if not {str}.issuperset(map(type, table.values())):
        return _read_name(table)
    key = (*table.items(),)
    if key not in people:
        people[key] = _read_name(table)
    return people[key]


def _read_name(table: Mapping[str, Any]) -> Name:
    parts: dict[str, str] = {}
    more: dict[str, Any] = {}
    for key, value in table.items():
        if key not in _NAME_KEYS:
            more[key] = value
        elif value is not None:
            parts[_NAME_KEYS[key]] = value if isinstance(value, str) else str(value)
    return Name(**parts, more=more)


def _read_date(table: Mapping[str, Any]) -> Date:
    try:
        points = table.get("date-parts", ())
        parts = tuple([tuple([int(part) for part in point if part not in ("", None)]) for point in points])
    except (TypeError, ValueError, OverflowError):
        return Date(more=table)
    return Date(parts, {key: value for key, value in table.items() if key != "date-parts"})
