"""Formats of reference managers, and pages of sites: one module a format, found by its name and imported on use.

A format has `write(records, options) -> Written` and, where it is read too, `read(text, path) -> drafts`; the pages of
a site are only read, by `page(text, registry) -> Found`. Formats know nothing of each other; what they share is in
`exchange`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias, cast

from citekit.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from citekit.archives import Registry
    from citekit.citations import Found
    from citekit.exchange import Options, Written
    from citekit.record import Draft, Record

Write: TypeAlias = Callable[[Sequence["Record"], "Options"], "Written"]

Read: TypeAlias = Callable[[str, str], list["Draft"]]

ReadPage: TypeAlias = Callable[[str, "Registry"], "Found"]

# Name on the command line -> module, and the endings by which a file's format is known
NAMES = {"bibtex": "bibtex", "biblatex": "biblatex", "csl-json": "csl_json"}
SUFFIXES = {".bib": "bibtex", ".json": "csl-json"}
# The same for pages
PAGES = {"wcda": "wcda"}
PAGE_SUFFIXES = {".html": "wcda", ".htm": "wcda", ".xhtml": "wcda", ".md": "wcda"}


def reader(name: str) -> Read:
    """The function that reads the format *name*. Raises UsageError as `writer` does."""
    _known(name)
    return cast("Read", import_module(f"citekit.formats.{NAMES[name]}").read)


def page_reader(name: str) -> ReadPage:
    """The function that reads a page of the site *name*, one of `PAGES`."""
    return cast("ReadPage", import_module(f"citekit.formats.{PAGES[name]}").page)


def writer(name: str) -> Write:
    """The function that writes records in the format *name*, text ending with a line feed.

    Raises UsageError with the nearest names for a format that is not known.
    """
    _known(name)
    return cast("Write", import_module(f"citekit.formats.{NAMES[name]}").write)


def _known(name: str) -> None:
    if name not in NAMES:
        hint = did_you_mean(name, NAMES) or f"one of {', '.join(sorted(NAMES))}"
        raise UsageError(f"no format {name!r}", hint=hint)
