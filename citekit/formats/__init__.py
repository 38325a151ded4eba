"""Formats of reference managers: one module a format, found by its file's name and imported on use.

A module has `write(records) -> str` and `read(text, path) -> drafts`. Formats know nothing of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias, cast

from citekit.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from citekit.record import Draft, Record

Write: TypeAlias = Callable[[Sequence["Record"]], str]

Read: TypeAlias = Callable[[str, str], list["Draft"]]

# Name on the command line -> module, and the endings by which a file's format is known
NAMES = {"bibtex": "bibtex", "csl-json": "csl_json"}
SUFFIXES = {".bib": "bibtex", ".json": "csl-json"}


def reader(name: str) -> Read:
    """The function that reads the format *name*. Raises UsageError as `writer` does."""
    _known(name)
    return cast("Read", import_module(f"citekit.formats.{NAMES[name]}").read)


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
