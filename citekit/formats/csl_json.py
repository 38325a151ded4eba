"""CSL-JSON: an array of items, as Zotero, pandoc and every CSL processor read it.

Source: csl-data.json of citation-style-language/schema 1.0.2; what goes where is `citekit.mapping.to_export`. The rest
of a record stands in `custom`, which the schema has for such things, as the list "citekit".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from citekit.csl.item import from_json, read_entries, to_json
from citekit.errors import Issue, ParseError, Where, is_too_deep
from citekit.exchange import ANY, REST, Loss, Options, Written, changes, checked, decode, losses, texts
from citekit.items import rest, returned, to_table
from citekit.mapping import to_export
from citekit.markup import to_json as dump
from citekit.record import Draft
from citekit.store import is_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from citekit.record import Record

# What a program drops on the way in. Source: runs of Zotero's importers with two of its schemas; none prints `custom`
_DROPPED = {"": (), "zotero": ("custom", "keyword", "archive_collection", "medium")}


def write(records: Sequence[Record], options: Options = ANY) -> Written:
    """A JSON array with one item a record, two spaces an indent, letters of every script as they are; in `ascii` the
    others than ASCII's are escaped."""
    items, lost = items_of(records, options)
    text = dump(items, indent=2)
    return Written((json.dumps(json.loads(text), indent=2) if options.ascii else text) + "\n", tuple(lost))


def items_of(records: Sequence[Record], options: Options) -> tuple[list[dict[str, Any]], list[Loss]]:
    """The items as JSON has them, and what the target drops or no program sees."""
    items: list[dict[str, Any]] = []
    lost: list[Loss] = []
    for record in records:
        item = json.loads(dump(to_json(to_export(record, options.target))))
        seen = {name: value for name, value in item.items() if name not in _DROPPED.get(options.target, ("custom",))}
        found = rest(record, to_table(from_json(item)))
        unseen = found if seen == item else changes(record.table, to_table(from_json(seen)))
        lost += losses(record.key, unseen, texts(seen))
        items.append(item | {"custom": item.get("custom", {}) | {REST: found}} if found else item)
    return items, lost


def read(text: str, path: str = "-") -> list[Draft]:
    """The items of CSL-JSON, one or an array, as drafts of records in their order.

    What is no item is a draft with an error. Raises ParseError where *text* is no JSON.
    """
    return [draft_of(entry, number, path) for number, entry in enumerate(read_entries(text), 1)]


def draft_of(entry: object, number: int, path: str) -> Draft:
    """The draft of the item with this *number*; its key is `citation-key`, in Extra too, where `id` can be none."""
    if not isinstance(entry, dict):
        return Draft("", {}, Issue("C040", "error", f"item {number} is no object", Where(path)))
    if is_too_deep(entry):
        return Draft("", {}, Issue("C040", "error", f"item {number} is nested too deep", Where(path)))
    draft = _draft(entry, number, path)
    kept = draft.table.get("csl")
    second = kept.get("citation-key") if isinstance(kept, Mapping) else None
    return replace(draft, key=second) if isinstance(second, str) and is_key(second) and not is_key(draft.key) else draft


def _draft(entry: Mapping[str, Any], number: int, path: str) -> Draft:
    key, custom = str(entry.get("id", "")), entry.get("custom")
    if not isinstance(custom, Mapping) or REST not in custom:
        return Draft(key, returned(to_table(from_json(entry)), ()))
    try:
        found = decode(custom[REST]) if isinstance(custom[REST], str) else checked(custom[REST])
    except ParseError as error:
        issue = Issue("C041", "warning", f"item {number}: {error.message}; it is kept as it stands", Where(path))
        return Draft(key, to_table(from_json(entry)), issue)
    bare = {**entry, "custom": {name: value for name, value in custom.items() if name != REST}}
    return Draft(key, returned(to_table(from_json(bare)), found))
