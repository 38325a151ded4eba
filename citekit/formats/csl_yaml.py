"""CSL-YAML: the items of CSL-JSON as pandoc has them at the head of a manuscript, under `references`.

What goes where is the same as in `citekit.formats.csl_json`. Pandoc takes every text there for Markdown, and so for
commands of TeX: what it would obey has a backslash before it, which is taken off again.
Source: <https://pandoc.org/MANUAL.html#specifying-bibliographic-data>.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from citekit import yaml_
from citekit.csl.item import DATE_VARIABLES
from citekit.errors import Issue, ParseError, Where
from citekit.exchange import ANY, REST, Options, Written, encode
from citekit.formats.csl_json import draft_of, items_of
from citekit.markup import to_json as dump
from citekit.patterns import pattern
from citekit.record import Draft

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from citekit.record import Record
    from citekit.yaml_ import Node


def write(records: Sequence[Record], options: Options = ANY) -> Written:
    """One document with the list `references`, as it can stand at the head of a manuscript; letters of every script as
    they are, in `ascii` escaped."""
    items, lost = items_of(records, options)
    text = yaml_.write({"references": [_written(item, options) for item in items]}, ascii=options.ascii)
    return Written(f"---\n{text}...\n", tuple(lost))


def _written(item: dict[str, Any], options: Options) -> dict[str, Any]:
    """The item with its texts as Markdown; pandoc has no use for `custom`, where the rest is one line."""
    written = _mapped(item, _as_markdown)
    if found := item.get("custom", {}).get(REST):
        written["custom"] = item["custom"] | {REST: encode(found, ascii=options.ascii)}
    return written


_OBEYED = pattern(r"[\\`*_\[\]<>$^~@|]|&(?=[#\w])")
_ESCAPED = pattern(r"\\([!-/:-@\[-`{-~])")
_NOCASE = ('<span class="nocase">', "</span>")


def _as_markdown(text: str) -> str:
    """*text* with a backslash before what Markdown would obey.

    >>> _as_markdown("[x] 5_000 $a$ \\\\input{x}"), _as_markdown("f. 558, op. 11")
    ('\\\\[x\\\\] 5\\\\_000 \\\\$a\\\\$ \\\\\\\\input{x}', 'f. 558, op. 11')
    """
    before, after = _NOCASE if text.startswith(_NOCASE[0]) and text.endswith(_NOCASE[1]) else ("", "")
    return before + _OBEYED.sub(r"\\\g<0>", text.removeprefix(before).removesuffix(after)) + after


def _as_text(markdown: str) -> str:
    return _ESCAPED.sub(r"\1", markdown)


def _mapped(item: Mapping[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """The item with its texts and its names changed."""
    return {
        name: value if name in ("id", "type", "custom") else _changed(value, change) for name, value in item.items()
    }


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, list):
        return [_changed(part, change) for part in value]
    if isinstance(value, Mapping):
        return {name: part if name == "raw" else _changed(part, change) for name, part in value.items()}
    return change(value) if isinstance(value, str) else value


def read(text: str, path: str = "-") -> list[Draft]:
    """The references of a document as drafts of records, in their order, each with its line; or a list of items alone.

    What is no item is a draft with an error. Raises ParseError where *text* is no YAML, or has no references.
    """
    return [_draft(node, number, path) for number, node in enumerate(_items(text), 1)]


def _items(text: str) -> list[Node]:
    """The items of the first document that has any."""
    for document in yaml_.read(text):
        found = document.table().get("references", document)
        if (items := found.list()) is not None:
            return items
        if "id" in found.table():
            return [found]
    raise ParseError("there are no references in it", text, (0, 1), hint="references: with a list of items")


def _draft(node: Node, number: int, path: str) -> Draft:
    try:
        draft = draft_of(_as_json(node.value()), number, path)
    except (ValueError, RecursionError) as error:
        why = "is nested too deep" if isinstance(error, RecursionError) else str(error)
        draft = Draft("", {}, Issue("C040", "error", f"item {number} {why}", Where(path, node.line)))
    issue = replace(draft.issue, where=Where(path, node.line)) if draft.issue else None
    return replace(draft, issue=issue, line=node.line)


def _as_json(entry: object) -> object:
    """The entry as CSL-JSON has it: dates in EDTF and in pandoc's older lists as objects."""
    if not isinstance(entry, Mapping):
        return entry
    found = _mapped(json.loads(dump(entry)), _as_text)
    return found | {name: _date(found[name]) for name in DATE_VARIABLES & found.keys()}


def _date(value: object) -> object:
    if isinstance(value, str | int):
        return {"raw": str(value)}
    points = [value] if isinstance(value, Mapping) and "year" in value else value
    if isinstance(points, list) and all(isinstance(point, Mapping) and "year" in point for point in points):
        parts = [[point[name] for name in ("year", "month", "day") if name in point] for point in points]
        return {"date-parts": parts}
    return value
