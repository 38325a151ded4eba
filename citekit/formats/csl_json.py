"""CSL-JSON: an array of items, as Zotero, pandoc and every CSL processor read it.

Source: csl-data.json of citation-style-language/schema 1.0.2; what goes where is `citekit.mapping.to_export`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from citekit.csl.item import from_json, to_json
from citekit.errors import Issue, ParseError, Where, is_too_deep
from citekit.exchange import ANY, Options, Written
from citekit.mapping import to_export, to_table
from citekit.markup import to_json as dump
from citekit.record import Draft

if TYPE_CHECKING:
    from collections.abc import Sequence

    from citekit.record import Record


def write(records: Sequence[Record], options: Options = ANY) -> Written:
    """A JSON array with one item a record, two spaces an indent, letters of every script as they are."""
    items = [to_json(to_export(record)) for record in records]
    return Written(dump(items, indent=2) + "\n")


def read(text: str, path: str = "-") -> list[Draft]:
    """The items of CSL-JSON, one or an array, as drafts of records in their order.

    What is no item is a draft with an error. Raises ParseError where *text* is no JSON.
    """
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise ParseError(f"not JSON: {error.msg}", text, (error.pos, error.pos + 1)) from error
    except RecursionError as error:
        raise ParseError("not JSON that can be read: nested too deep", text, (0, 1)) from error
    entries = found.get("items", [found]) if isinstance(found, dict) else found
    if not isinstance(entries, list):
        raise ParseError("CSL-JSON is an object or an array of objects", text, (0, 1))
    return [_draft(entry, number, path) for number, entry in enumerate(entries, 1)]


def _draft(entry: object, number: int, path: str) -> Draft:
    if not isinstance(entry, dict):
        return Draft("", {}, Issue("C040", "error", f"item {number} is no object", Where(path)))
    if is_too_deep(entry):
        return Draft("", {}, Issue("C040", "error", f"item {number} is nested too deep", Where(path)))
    return Draft(str(entry.get("id", "")), to_table(from_json(entry)))
