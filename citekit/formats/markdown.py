"""Markdown: a plain list of documents, for a page or a README; it is written, not read.

What it says needs no style (`citekit.mapping.described`); a bibliography in a style is `citekit bib --format markdown`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from citekit.exchange import ANY, Options, Written, changes, in_ascii, losses
from citekit.mapping import described, web_address
from citekit.markup import Text
from citekit.markup import write as mark_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from citekit.record import Record


def write(records: Sequence[Record], options: Options = ANY) -> Written:
    """An item a record, in their order, its address behind it. Raises UsageError for a letter that is not of ASCII
    where that is asked."""
    lines, lost = [], []
    for record in records:
        said, url = " ".join(described(record)), web_address(record.online.url)
        line = f"- {mark_up(Text((said,)), 'markdown')}" + (f" <{url}>" if url else "") + "\n"
        lines.append(in_ascii(record.key, line) if options.ascii else line)
        lost += losses(
            record.key, changes(record.table, {}), f"{said}\n{url}\n{record.date.edtf if record.date else ''}"
        )
    return Written("".join(lines), tuple(lost))
