"""The press: CSL styles in, notes and bibliographies out. It knows nothing of archives and can be used alone.

>>> style = compile_style(
...     '<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0"><citation><layout suffix=".">'
...     '<names variable="author"/><text variable="title" font-style="italic" prefix=", "/></layout></citation></style>'
... )
>>> item = from_json({"id": "x", "type": "book", "title": "Archives", "author": [{"family": "Doe", "given": "Jane"}]})
>>> process(style, [item], [Citation(1, (CiteRequest("x"),))]).notes[0].plain()
'Jane Doe, Archives.'
"""

from __future__ import annotations

from citekit.csl.compile import Style
from citekit.csl.item import Citation, CiteRequest, Date, Item, Name, Result, from_json, read_items, to_json
from citekit.csl.processor import Document, forget, process
from citekit.csl.shapes import compile_style
from citekit.errors import StyleError
from citekit.markup import Span, Text, write

__all__ = [
    "Citation",
    "CiteRequest",
    "Date",
    "Document",
    "Item",
    "Name",
    "Result",
    "Span",
    "Style",
    "StyleError",
    "Text",
    "compile_style",
    "forget",
    "from_json",
    "process",
    "read_items",
    "to_json",
    "write",
]
