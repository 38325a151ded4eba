"""The press: CSL styles in, notes and bibliographies out. It knows nothing of archives and can be used alone.

`process` takes a style as text, items, and the citations of a document in order. For now citeproc-py does the work
(`citekit.csl.reference`); a processor of our own will answer the same call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from citekit.csl.item import Citation, CiteRequest, Item, Result

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Citation", "CiteRequest", "Item", "Result", "process"]


def process(
    style: str, items: Sequence[Item], citations: Sequence[Citation], lang: str = "", *, bibliography: bool = True
) -> Result:
    """Formats a document: a text for each citation, and the bibliography of all *items* where the style has one and it
    is asked for.

    *style* is the text of a CSL style; *lang* (BCP 47) overrides its default locale. A cite whose item is not given
    shows as `[?id]` and is a warning. Raises StyleError where the style cannot be used.
    """
    from citekit.csl import reference

    return reference.process(style, items, citations, lang, bibliography=bibliography)
