"""CSL-JSON: an array of items, as Zotero, pandoc and every CSL processor read it.

Source: csl-data.json of citation-style-language/schema 1.0.2; what goes where is `citekit.mapping.to_export`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from citekit.csl.item import to_json
from citekit.mapping import to_export

if TYPE_CHECKING:
    from collections.abc import Sequence

    from citekit.record import Record


def write(records: Sequence[Record]) -> str:
    """A JSON array with one item a record, two spaces an indent, letters of every script as they are."""
    items = [to_json(to_export(record)) for record in records]
    text = json.dumps(items, ensure_ascii=False, indent=2)
    # JSON escapes only what is below U+0020; DEL and the C1 controls must not reach a terminal either
    return "".join(f"\\u{ord(sign):04x}" if "\x7f" <= sign <= "\x9f" else sign for sign in text) + "\n"
