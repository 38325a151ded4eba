"""Formats of reference managers, and pages of sites: one module a format, found by its name and imported on use.

A format has `write(records, options) -> Written` and, where it is read too, `read(text, path) -> drafts`; the pages of
a site are only read, by `page(text, registry) -> Found`. Formats know nothing of each other, but for CSL-YAML, which is
CSL-JSON in other clothes. What they share stands below: `exchange` for all, `mapping` and `items` for those whose
entries are CSL's items, `bibfile`, `bibtable` and `tex` for BibTeX and BibLaTeX.

>>> named("refs.json"), sign_of("\\n@misc{key, title = {Report}}")
('csl-json', 'bibtex')
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, cast

from citekit.errors import UsageError, did_you_mean
from citekit.patterns import pattern

if TYPE_CHECKING:
    from citekit.archives import Registry
    from citekit.citations import Found
    from citekit.exchange import Options, Written
    from citekit.record import Draft, Record

Write: TypeAlias = Callable[[Sequence["Record"], "Options"], "Written"]

Read: TypeAlias = Callable[[str, str], list["Draft"]]

ReadPage: TypeAlias = Callable[[str, "Registry"], "Found"]

# Name on the command line -> module, and the endings by which a file's format is known
NAMES = {
    "biblatex": "biblatex",
    "bibtex": "bibtex",
    "csl-json": "csl_json",
    "csl-yaml": "csl_yaml",
    "csv": "csv_",
    "hayagriva": "hayagriva",
    "html": "html_",
    "markdown": "markdown",
    "ris": "ris",
    "wikipedia": "wikipedia",
}
SUFFIXES = {
    ".bib": "bibtex",
    ".json": "csl-json",
    ".yaml": "csl-yaml",
    ".yml": "csl-yaml",
    ".csv": "csv",
    ".html": "html",
    ".md": "markdown",
    ".ris": "ris",
    ".wiki": "wikipedia",
}
# The same for pages
PAGES = {"wcda": "wcda"}
PAGE_SUFFIXES = {".html": "wcda", ".htm": "wcda", ".xhtml": "wcda", ".md": "wcda"}
# Formats whose files end as those of another
_ALSO = {"biblatex": "bibtex", "hayagriva": "csl-yaml"}
# Those that are read too
READ = ("bibtex", "biblatex", "csl-json", "csl-yaml", "ris", "csv")
# How a text begins whose format no name of a file says
_COLUMN = r'"?(?:key|id|citekey|citation key|type|item type|genre|title|author|date|year|publication year)"?'
_SIGNS = {
    "bibtex": pattern(r"\s*[@%]"),
    "csl-json": pattern(r"\s*(?:\{|\[[\s{\]])"),
    # the list itself, or under the name that pandoc and Better BibTeX give it
    "csl-yaml": pattern(r"\s*(?:---[ \t]*\n\s*)?(?:references[ \t]*:[ \t]*(?:\n|\[|\Z)|-[ \t]+(?:id|type)[ \t]*:)"),
    # a database may have said something of itself before
    "ris": pattern(r"(?:(?!TY  ?-)[^\n]*\n){0,9}[ \t]*TY  ?- ?[A-Z]"),
    # a line of names; the first two are ours or Zotero's
    "csv": pattern(rf"\s*{_COLUMN}[,;\t]{_COLUMN}(?:[,;\t]|[ \r]*$)", re.I | re.M),
}


def readable() -> tuple[str, ...]:
    """The names of the formats that are read."""
    return tuple(name for name in READ if name in NAMES)


def named(path: str, preferred: Sequence[str] = ()) -> str:
    """The format of a file by its ending, "" for an unknown one; of several with that ending the first *preferred*."""
    usual = SUFFIXES.get(Path(path).suffix.lower(), "")
    among = {usual, *(name for name in NAMES if _ALSO.get(name) == usual)}
    return next((name for name in preferred if name in among), usual)


def sign_of(text: str) -> str:
    """The format that a text is in by its first signs, "" where they are of none that is read."""
    return next((name for name in readable() if name in _SIGNS and _SIGNS[name].match(text)), "")


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
